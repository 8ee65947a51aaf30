"""Limits that stand in a side, as one value of all its letters.

It is believed where numbers come near it at every point tried; and then it is confirmed, and proves
nothing.  Where a comparison of letters decides the limit there is no such value, and it is taken at
each point by itself (`symattn.check.equality.limits_at`).
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import islice

from sympy import Expr, Symbol

from symattn.algebra.enclosure import Enclosure
from symattn.algebra.symbols import of_kind
from symattn.algebra.zero import is_zero
from symattn.check.equality.limits_at import (
    FEWEST,
    PRECISION,
    Approached,
    NoLimit,
    approached,
    by_sympy,
    comes_near,
)
from symattn.check.equality.sampler import SamplePoint, Sampler
from symattn.latex.grammar.builder import ScalarLimit

POINTS = 8


def limits_settled(x: Expr) -> Expr:
    """Return an expression with each limit in it replaced by its value.

    Raises
    ------
    NoLimit : when a limit is not known, or numbers do not come near it.

    >>> from sympy import Symbol, oo
    >>> n = Symbol("n", real=True)
    >>> limits_settled(1 + ScalarLimit((1 + 1 / n) ** n, n, oo))
    1 + E
    """
    while found := [e for e in of_kind(ScalarLimit, x) if not of_kind(ScalarLimit, *e.args)]:
        x = x.xreplace({e: _value(e) for e in found})
    return x


def _value(e: Expr) -> Expr:
    values = []
    for way in approached(e):
        value = by_sympy(way)
        _tried(way, value)
        values.append(value)
    for other in values[1:]:
        if not is_zero(values[0] - other):
            raise NoLimit("the limits from the two sides are not known to be one")
    return values[0]


def _tried(way: Approached, value: Expr) -> None:
    """Refuse a value that numbers far along do not come near."""
    sampler = Sampler(way.f, value)
    near = 0
    single = not (sampler.families or set(sampler.symbols) - {way.t})
    for point in islice(sampler.points(), 2 if single else 3 * POINTS):
        found = comes_near(way, value, partial(_with_size, sampler, point, way.t))
        if found is None:
            continue
        if not found:
            raise NoLimit("SymPy's value of the limit is not what numbers come near")
        near += 1
        if near == POINTS:
            return
    if near < (1 if single else FEWEST):
        raise NoLimit("too few numbers tell what the limit is")


def _with_size(sampler: Sampler, point: SamplePoint, t: Symbol, size: Fraction) -> Enclosure:
    return sampler.enclosure(SamplePoint({**point, t: size}, point.turn, point.entries), PRECISION)
