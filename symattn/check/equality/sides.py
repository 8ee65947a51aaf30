"""The values of two expressions at one point, and how that point is shown.

Guarantee.  A separation at a point whose values are proved is certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flint import arb
from sympy import Expr, Indexed

from symattn.algebra.balls import CannotEvaluate, NotReal, Unsure, contains_zero, working
from symattn.algebra.symbols import of_kind
from symattn.check.equality.sampler import SamplePoint, Sampler
from symattn.check.equality.shown import plain


@dataclass(frozen=True)
class Sides:
    """What two expressions are at one point: a ball, or None where there is no real value."""

    left: arb | None
    right: arb | None
    proved: bool = True


def sides(sampler: Sampler, a: Expr, b: Expr, point: SamplePoint, precision: int) -> Sides | None:
    """Return both values at a point; None when that cannot be told at this precision."""
    at = sampler.enclosure(point, precision)
    values: list[arb | None] = []
    for x in (a,) if a == b else (a, b):
        try:
            values.append(at.interval(x))
        except NotReal:
            values.append(None)
        except (Unsure, CannotEvaluate):
            return None
    return Sides(values[0], values[-1], at.proved)


def separated(both: Sides, precision: int) -> bool:
    """Tell whether the two values certainly differ."""
    if both.left is None or both.right is None:
        return False
    with working(precision):
        return not contains_zero(both.left - both.right)


def instance_of(sampler: Sampler, point: SamplePoint) -> dict[str, Any]:
    """Return the values of a point by name, of a family its entries in a row."""
    found: dict[str, Any] = {str(s): plain(v) for s, v in point.items()}
    size = max((int(point[s]) for s in sampler.bounds), default=0)
    ranks = {e.base: len(e.indices) for x in sampler.sides for e in of_kind(Indexed, x)}
    count = max([size, *(int(point[s]) for s in sampler.places)])
    for base in sampler.families:
        if ranks.get(base) == 1:
            entries = [sampler.family(point, base, (t,)) for t in range(1, count + 1)]
            found[sampler.seeds[base]] = [plain(v) for v in entries]
    return found


def where(point: Mapping[Any, Any]) -> str:
    """Say at which point, for the beginning of a sentence."""
    if not point:
        return ""
    return "at " + ", ".join(f"{s} = {v}" for s, v in point.items()) + ": "
