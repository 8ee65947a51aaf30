r"""LaTeX in and out: the project's own reader and writer, and the second reader for reading back.

>>> from symattn.latex import parse
>>> parse(r"\alpha_i > 0").relations
('>',)
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "parse": "statement",
    "Statement": "nodes",
    "SideCondition": "nodes",
    "read": "meaning",
    "Reading": "meaning",
    "Vocabulary": "names",
    "attention_vocabulary": "names",
}

__all__ = [
    "Reading",
    "SideCondition",
    "Statement",
    "Vocabulary",
    "attention_vocabulary",
    "parse",
    "read",
]


def __getattr__(name: str) -> Any:
    """Import the reader when it is first asked for: SymPy takes its time."""
    if name in _HOMES:
        return getattr(import_module(f"symattn.latex.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
