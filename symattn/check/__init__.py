"""Proof, numbers, reading back, and the judge of what somebody else wrote.

>>> from symattn.check import check
>>> check("q1c", r"q = \\beta (k_i + k_j)").verdict
'proved'
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Import the judge when it is asked for."""
    if name != "check":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from symattn.judge.judge import check

    return check
