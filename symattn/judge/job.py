"""One line judged in a process of its own: what runs there.

The process that asks imports this module and no more, so that SymPy is loaded once.
"""

from __future__ import annotations

import math
from typing import Any


def load(question: str, _latex: str, _where: Any, sheet: str | None, *_: Any) -> None:
    """Import the judge and load a question, before the time of its lines begins."""
    import symattn.judge.judge  # noqa: F401
    from symattn.judge.author import find

    find(question, sheet)


def judged(
    question: str, latex: str, where: dict[str, str], sheet: str | None, seconds: float
) -> tuple[int, dict[str, Any]]:
    """Return the exit status and the verdict as plain data."""
    from symattn.judge.judge import check as judge

    found = judge(question, latex, where, sheet=sheet, seconds=seconds)
    return found.exit_status, finite(found.to_json())


def finite(value: Any) -> Any:
    """Return plain data with the names of numbers that are not finite, which JSON does not have.

    >>> finite({"left": [1.0, float("inf")]})
    {'left': [1.0, 'inf']}
    """
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
