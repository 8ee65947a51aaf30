"""What no point can show: a part that is too small to see, a jump that no point can be put on.

Agreement at points confirms nothing about either; so it is not a confirmation where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

from sympy import (
    Add,
    And,
    Expr,
    Function,
    Integral,
    Max,
    Min,
    Ne,
    Pow,
    S,
    Sum,
    binomial,
    erf,
    erfc,
    exp,
    tanh,
)
from sympy.core.relational import StrictGreaterThan, StrictLessThan

from symattn.algebra.balls import CannotEvaluate, NotReal, Unsure
from symattn.algebra.enclosure import Enclosure
from symattn.algebra.stable import Pick
from symattn.algebra.symbols import of_kind
from symattn.check.equality.comparison import LADDER, Comparison
from symattn.check.equality.kinks import movable, steps, switches
from symattn.check.equality.sampler import SamplePoint
from symattn.check.equality.values import fits

SMALL = -900  # in bits: below what the precision of the separation reaches
PRECISION = 64
POINTS = 16
SATURATED = {erf: 5, erfc: 5, tanh: 9}  # the bits of an argument beyond which it is +-1, or 0


def hidden(comparison: Comparison) -> str:
    """Return why points that agree say nothing, or an empty string."""
    sides = (comparison.a, comparison.b)
    if sides[0] == sides[1]:
        return ""
    if of_kind(Pick, *sides):
        return "no proof, and where something is largest jumps"
    sums = [[e for e in of_kind(Sum, x) if S.Infinity in e.args[1]] for x in sides]
    if not all(sums) and (theta := next(filter(_is_theta, sums[0] + sums[1]), None)):
        return f"no proof, and what a sum like {theta} lacks may be below every precision"
    for jump in steps(sides):
        if not movable(jump):
            return f"no proof, and no point can be put where {jump} is whole"
    inside = switches(sides)
    sums = of_kind(Add, *sides) if inside else []
    sharp = [
        p for p in comparison.met if _is_sharp(comparison.sampler.enclosure(p, PRECISION), sums)
    ]
    variables = {limit[0] for e in of_kind(Integral, *sides) for limit in e.limits}
    for switch, wanted in inside.items():
        if switch.free_symbols & variables:
            continue  # an integral goes over both sides of it
        if not _switched(comparison, sharp, switch, wanted):
            return f"no proof, and too few points on both sides of {switch} = 0"
    at = [comparison.sampler.enclosure(p, PRECISION) for p in comparison.met]
    if (part := too_small(at, sides)) is not None:
        return f"no proof, and a part of {part} is too small to see at any point tried"
    for part in of_kind((Max, Min), *sides):
        if part.free_symbols & variables:
            continue
        for arm in part.args:
            if not any(_is_reached(a, part, arm) for a in at):
                return f"no proof, and {arm} is nowhere what {part} is"
    sampler = comparison.sampler
    largest = max((int(p[s]) for p in comparison.met for s in sampler.bounds), default=0)
    if sampler.bounds and sampler.largest >= largest:
        return f"no proof, and no size beyond {sampler.largest} was tried"
    return ""


def _is_theta(e: Sum) -> bool:
    """Whether the terms of a sum decay as a Gaussian.

    By Poisson's formula it is an integral, but for terms like exp(-1/x) where its own are exp(-x).
    """
    return any(p.args[0].diff(limit[0], 2) != 0 for p in of_kind(exp, e) for limit in e.limits)


def too_small(at: Sequence[Enclosure], sides: Sequence[Expr]) -> Expr | None:
    """Return what changes its value nowhere by enough to be seen, or None."""
    for part in of_kind((Add, Function, Pow), *sides):
        shown = (_shows(a, part, SMALL) for a in at)
        seen = list(islice((s for s in shown if s is not None), POINTS))
        if isinstance(part, binomial) and _vanishes(at, part):
            return part
        if sum(seen) < min(len(seen), max(2, len(seen) // 4)):
            return part
    return None


def _vanishes(at: Sequence[Enclosure], part: Expr) -> bool:
    """Tell whether a part is zero wherever it has a value, as `binomial(n, 100)` at a small n."""
    found = []
    for a in at[:POINTS]:
        try:
            found.append(a.bits(part) is None)
        except (NotReal, Unsure, CannotEvaluate):
            continue
    return bool(found) and all(found)


def _is_reached(at: Enclosure, part: Expr, arm: Expr) -> bool:
    """Tell whether one of several arguments certainly is the largest, or the least, at a point."""
    others = [a for a in part.args if a != arm]
    try:
        return bool(at.truth(And(*(arm > a if isinstance(part, Max) else arm < a for a in others))))
    except (NotReal, Unsure, CannotEvaluate):
        return False


def _switched(
    comparison: Comparison, sharp: list[SamplePoint], switch: Expr, wanted: frozenset[int]
) -> bool:
    """Tell whether sharp points were tried at each sign of an expression that it can have."""
    if any(_is_multiple(switch, g.lhs - g.rhs) for g in comparison.given if _is_strict(g)):
        wanted -= {0}
    for holds, sign in ((switch.is_nonnegative, -1), (switch.is_nonpositive, 1)):
        wanted -= {sign} if holds else set()
    wanted -= {0} if switch.is_nonzero else set()
    sampler = comparison.sampler
    undefined = (*comparison.left_only, *comparison.right_only, *comparison.neither)
    bound = switch.free_symbols.difference(*comparison.met[:1])
    lower = [(v, 0) for v in (0, -1) if all(fits(s, Fraction(v)) for s in bound)]
    for point in (*sharp, *(undefined if 0 in wanted else ())):
        for first, step in ((1, 0), (1, 1), (3, -1), *lower):
            if not wanted:
                return True
            at = sampler.enclosure(sampler.inside(switch, point, first, step), PRECISION)
            try:
                wanted -= {at.sign(switch)}
            except (NotReal, Unsure, CannotEvaluate):
                continue
    return not wanted


def _is_strict(g: Any) -> bool:
    return isinstance(g, (Ne, StrictGreaterThan, StrictLessThan))


def _is_multiple(p: Expr, q: Expr) -> bool:
    return p.free_symbols == q.free_symbols and bool((p / q).cancel().is_Rational)


def _is_sharp(at: Enclosure, sums: list[Expr]) -> bool:
    """Tell whether the precision at which every point is compared shows all terms of the sums."""
    return all(_shows(at, part, -LADDER[0][0] // 2) is not False for part in sums)


def _shows(at: Enclosure, part: Expr, small: int) -> bool | None:
    """Tell whether a part of an expression changes its value enough to be seen at a point.

    None says that there is nothing to be seen: all of it is zero there, or has no value.
    """
    try:
        if isinstance(part, Add):
            sizes = list(_sizes(at, part.args))
            return min(sizes) >= max(sizes) + small if sizes else None
        if isinstance(part, Pow):
            sizes = list(_sizes(at, part.args[1:]))
            return min(sizes) >= small if sizes else None
        sizes = list(_sizes(at, part.args))
        if not sizes:
            return None
        most = SATURATED.get(part.func)
        if most is not None and min(sizes) > most:
            return False
        return not (len(sizes) == 1 and sizes[0] < small and bool(part.args[0].args))
    except (NotReal, Unsure, CannotEvaluate):
        return None


def _sizes(at: Enclosure, terms: Any) -> Iterator[int]:
    """Yield how many bits each term has before the point, but for those that are zero."""
    for term in terms:
        bits = at.bits(term)
        if bits is not None:
            yield bits
