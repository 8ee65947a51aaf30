"""Numbers as a counterexample shows them: exact where JSON can hold them, else enough digits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from mpmath.libmp import (
    fzero,
    mpf_abs,
    mpf_add,
    mpf_cmp,
    mpf_shift,
    mpi_abs,
    mpi_sub,
    round_nearest,
    to_float,
    to_str,
)

from symattn.algebra.enclosure import Interval


def plain(v: Fraction) -> int | float | str:
    """Return a fraction as JSON can hold it exactly.

    >>> plain(Fraction(3)), plain(Fraction(1, 4)), plain(Fraction(1, 3))
    (3, 0.25, '1/3')
    """
    if v.denominator == 1:
        return v.numerator
    return float(v) if Fraction(float(v)) == v else str(v)


def show(left: Interval, right: Interval) -> tuple[Any, Any, str]:
    """Return both values with enough digits to see the difference, and a note when it is tiny."""
    a, b = _middle(left), _middle(right)
    gap = mpi_abs(mpi_sub(left, right, 64), 64)[0]
    size = mpf_abs(a) if mpf_cmp(mpf_abs(a), mpf_abs(b)) > 0 else mpf_abs(b)
    spread = (size[2] + size[3]) - (gap[2] + gap[3]) if gap != fzero else 0
    in_range = all(v == fzero or abs(v[2] + v[3]) < 900 for v in (a, b))
    if in_range and spread < 30:
        return to_float(a, rnd=round_nearest), to_float(b, rnd=round_nearest), ""
    digits = min(spread * 30103 // 100000 + 5, 60)
    note = ""
    if spread > 40:
        note = f"; they differ by {number_text(gap, 5)}"
    return number_text(a, max(digits, 17)), number_text(b, max(digits, 17)), note


def number_text(v: Any, digits: int) -> str:
    """Write a number of mpmath, however large or small it is."""
    size = v[2] + v[3]
    if abs(size) < 1 << 20:
        return str(to_str(v, digits))
    sign = "-" if v[0] else ""
    if size.bit_length() <= 64:
        return f"about {sign}2**{size}"
    return f"about {sign}2**({'-' if size < 0 else ''}2**{size.bit_length()})"


def _middle(x: Interval) -> Any:
    if x[0] == x[1]:
        return x[0]
    return mpf_shift(mpf_add(x[0], x[1], 512), -1)
