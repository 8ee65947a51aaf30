"""Points that separate expressions over the complex numbers: values at two precisions.

Guarantee.  Such points only refute; expressions that are not real are never confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from math import isfinite
from typing import Any

from sympy import Expr, I, Rational

from symattn.check.equality.sampler import SamplePoint, Sampler
from symattn.check.equality.sides import instance_of, where
from symattn.check.verdict import Counterexample

MINIMUM = 40  # points


def _complex_values(sampler: Sampler, point: SamplePoint) -> dict[Any, Expr]:
    """Return a number for each symbol: one off the real line where it need not be real."""
    found: dict[Any, Expr] = {}
    for s, v in point.items():
        value: Expr = Rational(v.numerator, v.denominator)
        if s.is_imaginary:
            value = I * value
        elif s in sampler.complex:
            value += I * Rational(point.turn % 7 - 3, 2)
        found[s] = value
    return found


def complex_separation(
    a: Expr, b: Expr, sampler: Sampler, points: Iterable[SamplePoint], met: list[SamplePoint]
) -> Counterexample | None:
    """Compare expressions that hold the imaginary unit: the difference must stay, not vanish.

    met : takes up the points where the two do not certainly differ.
    """
    for point in islice(points, MINIMUM):
        values = _complex_values(sampler, point)
        gaps = []
        for digits in (30, 60):
            try:
                left = a.evalf(digits, subs=values)
                right = b.evalf(digits, subs=values)
                gap = abs(left - right).evalf(10)
                size = max(float(abs(left)), float(abs(right)))
                gaps.append(float(gap) / size if size else 0.0)
            except (TypeError, ValueError, OverflowError, ZeroDivisionError):
                break
        if len(gaps) < 2 or not all(map(isfinite, gaps)):
            continue
        if min(gaps) > 1e-18 and abs(gaps[0] - gaps[1]) < 1e-6 * gaps[1]:
            return Counterexample(
                instance_of(sampler, point),
                str(left.evalf(17)),
                str(right.evalf(17)),
                f"{where(values)}the left side is {left.evalf(17)}, the right side "
                f"{right.evalf(17)}, at two precisions",
            )
        met.append(point)
    return None
