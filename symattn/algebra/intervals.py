"""Values that are exact fractions or intervals, and why an expression may have none at a point."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from mpmath import MPContext
from mpmath.libmp import (
    fzero,
    mpf_cmp,
)

Mpf = tuple[int, int, int, int]
Interval = tuple[Mpf, Mpf]
Value = Fraction | Interval


class NotReal(ArithmeticError):
    """The expression has no finite real value at this point."""


class Unsure(ArithmeticError):
    """The precision is too low to tell on which side of a boundary a value lies."""


class CannotEvaluate(ArithmeticError):
    """An expression, or a size, that has no enclosure here."""


@lru_cache(maxsize=1)
def mp_context() -> Any:
    return MPContext()


def magnitude(x: Mpf) -> int:
    """Return an upper bound for the binary logarithm of |x|."""
    return x[2] + x[3]


def contains_zero(x: Interval) -> bool:
    return mpf_cmp(x[0], fzero) <= 0 <= mpf_cmp(x[1], fzero)
