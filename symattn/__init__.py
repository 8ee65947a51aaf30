"""Derives, confirms and judges answers about attention, in symbols and in numbers.

Nothing is imported before it is asked for, so that `import symattn` costs nothing.

>>> import symattn
>>> symattn.__version__.count(".")
2
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# name -> (module, attribute); a name must not be one of a subpackage, which would hide it
_HOMES = {
    "Verdict": ("symattn.check.verdict", "Verdict"),
    "Evidence": ("symattn.check.verdict", "Evidence"),
    "Counterexample": ("symattn.check.verdict", "Counterexample"),
    "SymattnError": ("symattn.errors", "SymattnError"),
    "equal": ("symattn.check.equal", "equal"),
    "examine": ("symattn.check.study", "examine"),
    "study": ("symattn.check.study", "study"),
    "find_sheet": ("symattn.sheet", "find_sheet"),
}

__all__ = ["__version__", *sorted(_HOMES)]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    """Import what is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
