"""Limits that stand in a side: SymPy says what they are, and numbers far along have to agree.

SymPy takes some limits wrongly where a comparison hides in symbols, so what it says is believed
only where the expression is seen to come near at every point tried; and then it is confirmed, and
proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import sympy
from flint import arb
from sympy import AccumBounds, Dummy, Expr, S, Sum, Symbol
from sympy.series.limits import Limit

from symattn.algebra.balls import CannotEvaluate, NotReal, Unsure, magnitude, working
from symattn.algebra.symbols import of_kind
from symattn.algebra.zero import is_zero
from symattn.check.equality.sampler import SamplePoint, Sampler
from symattn.latex.grammar.builder import ScalarLimit

ALONG = tuple(2**k for k in (4, 8, 16, 32, 64, 128))
PRECISION = 1024
SHORT = 10  # terms of a sum that is written out
NEAR = -12  # bits
POINTS = 8
FEWEST = 3


class NoLimit(Exception):
    """A limit that is not known, and why."""


@dataclass(frozen=True)
class Approached:
    """An expression that tends to something as t grows."""

    f: Expr
    t: Symbol


def settled(x: Expr) -> Expr:
    """Return an expression with each limit in it replaced by its value.

    Raises
    ------
    NoLimit : when a limit is not known, or numbers do not come near it.

    >>> n = Symbol("n", real=True)
    >>> settled(1 + ScalarLimit((1 + 1 / n) ** n, n, sympy.oo))
    1 + E
    """
    while found := [e for e in of_kind(ScalarLimit, x) if not of_kind(ScalarLimit, *e.args)]:
        x = x.xreplace({e: _value(e) for e in found})
    return x


def _value(e: Expr) -> Expr:
    body, variable, target, side = e.args
    body = body.xreplace({s: s.doit() for s in of_kind(Sum, body) if _is_short(s)})
    t = Dummy("t", positive=True)
    if target is S.Infinity:
        ways = [t]
    elif target is S.NegativeInfinity:
        ways = [-t]
    else:
        signs = {"+": (1,), "-": (-1,)}.get(str(side), (1, -1))
        ways = [target + sign / t for sign in signs]
    values = []
    for way in ways:
        approached = Approached(body.xreplace({variable: way}), t)
        value = _by_sympy(approached)
        _tried(approached, value)
        values.append(value)
    for other in values[1:]:
        if not is_zero(values[0] - other):
            raise NoLimit("the limits from the two sides are not known to be one")
    return values[0]


def _is_short(e: Sum) -> bool:
    ends = [end for limit in e.limits for end in limit[1:]]
    return all(end.is_Integer for end in ends) and max(ends) - min(ends) < SHORT


def _by_sympy(approached: Approached) -> Expr:
    try:
        value = sympy.limit(approached.f, approached.t, S.Infinity)
    except (NotImplementedError, ValueError, TypeError, ArithmeticError, RecursionError,
            AttributeError, sympy.PoleError):  # fmt: skip
        raise NoLimit("SymPy does not take the limit") from None
    if isinstance(value, AccumBounds) or of_kind((Limit, sympy.Order), value):
        raise NoLimit("SymPy does not take the limit")
    if approached.t in value.free_symbols or value.has(
        S.Infinity, S.NegativeInfinity, S.NaN, S.ComplexInfinity
    ):
        raise NoLimit("the limit is not finite")
    return value


def _tried(approached: Approached, value: Expr) -> None:
    """Refuse a value that numbers far along do not come near."""
    sampler = Sampler(approached.f, value)
    near = seen = 0
    single = not (sampler.families or set(sampler.symbols) - {approached.t})
    for point in islice(sampler.points(), 2 if single else 3 * POINTS):
        found = _comes_near(approached, value, sampler, point)
        if found is None:
            continue
        seen += 1
        if not found:
            raise NoLimit("SymPy's value of the limit is not what numbers come near")
        near += 1
        if near == POINTS:
            return
    if near < (1 if single else FEWEST):
        raise NoLimit("too few numbers tell what the limit is")


def _comes_near(
    approached: Approached, value: Expr, sampler: Sampler, point: SamplePoint
) -> bool | None:
    """Tell whether the gap shrinks at a point to next to nothing; None when there is no telling."""
    gaps: list[int] = []
    for at in ALONG:
        moved = SamplePoint({**point, approached.t: Fraction(at)}, point.turn, point.entries)
        inside = sampler.enclosure(moved, PRECISION)
        try:
            left, right = inside.interval(approached.f), inside.interval(value)
        except (NotReal, Unsure, CannotEvaluate):
            continue
        with working(PRECISION):
            size = abs(right).max(arb(1))
            gap = abs(left - right) / size
            gaps.append(max(magnitude(gap), -PRECISION // 2) if not gap.is_zero() else -PRECISION)
    if len(gaps) < FEWEST:
        return None
    return gaps[-1] < NEAR and all(b <= a for a, b in zip(gaps[-FEWEST:], gaps[-FEWEST + 1 :]))
