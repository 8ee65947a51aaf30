"""Numbers as a counterexample shows them: exact where JSON can hold them, else enough digits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb
from mpmath.libmp import round_nearest, to_float, to_str

from symattn.algebra.balls import magnitude, working


def plain(v: Fraction) -> int | float | str:
    """Return a fraction as JSON can hold it exactly.

    >>> plain(Fraction(3)), plain(Fraction(1, 4)), plain(Fraction(1, 3))
    (3, 0.25, '1/3')
    """
    if v.denominator == 1:
        return v.numerator
    return float(v) if Fraction(float(v)) == v else str(v)


def show(left: arb, right: arb) -> tuple[Any, Any, str]:
    """Return both values with enough digits to see the difference, and a note when it is tiny."""
    with working(512):
        a, b = left.mid(), right.mid()
        gap = (a - b).mid()
    size = max(magnitude(a), magnitude(b))
    spread = size - magnitude(gap) if gap else 0
    in_range = all(v.is_zero() or abs(magnitude(v)) < 900 for v in (a, b))
    if in_range and spread < 30:
        return to_float(a._mpf_, rnd=round_nearest), to_float(b._mpf_, rnd=round_nearest), ""
    digits = min(spread * 30103 // 100000 + 5, 60)
    note = ""
    if spread > 40:
        note = f"; they differ by {number_text(gap, 5)}"
    return number_text(a, max(digits, 17)), number_text(b, max(digits, 17)), note


def number_text(v: arb, digits: int) -> str:
    """Return the middle of a ball in decimals, or about which power of two it is."""
    size = magnitude(v)
    if v.mid().is_zero() or abs(size) < 1 << 20:
        return str(to_str(v.mid()._mpf_, digits))
    sign = "-" if v.mid() < 0 else ""
    if size.bit_length() <= 64:
        return f"about {sign}2**{size}"
    return f"about {sign}2**({'-' if size < 0 else ''}2**{size.bit_length()})"
