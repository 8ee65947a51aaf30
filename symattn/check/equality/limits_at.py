"""Limits in one variable: SymPy says what they are, and numbers far along have to agree.

SymPy takes some limits wrongly where a comparison hides in symbols, so what it says is believed
only where the expression is seen to come near.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import sympy
from flint import arb
from sympy import (
    AccumBounds,
    Add,
    Dummy,
    Expr,
    Indexed,
    Mul,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    expand_log,
    log,
)
from sympy.series.limits import Limit

from symattn.algebra.balls import CannotEvaluate, NotReal, Unsure, magnitude, working
from symattn.algebra.bound_indices import put_apart
from symattn.algebra.enclosure import Enclosure
from symattn.algebra.symbols import of_kind
from symattn.algebra.zero import is_zero
from symattn.latex.grammar.builder import ScalarLimit

ALONG = tuple(2**k for k in (4, 8, 16, 32, 64, 128))
PRECISION = 1024
SHORT = 10  # terms of a sum that is written out
NEAR = -12  # bits
FEWEST = 3
CLOSED = 6  # sizes at which a sum in closed form is compared with itself


class NoLimit(Exception):
    """A limit that is not known, and why."""


class NotFinite(NoLimit):
    """A limit that is known to be infinite, or another from each side."""


@dataclass(frozen=True)
class Approached:
    """An expression that tends to something as t grows."""

    f: Expr
    t: Symbol


def approached(e: Expr) -> list[Approached]:
    """Return what tends to the value of an inert limit, from each side that it is taken from."""
    body, variable, target, side = e.args
    body = body.xreplace({s: _closed(s, variable) for s in of_kind(Sum, body)})
    t = Dummy("t", positive=True)
    if target is S.Infinity:
        ways = [t]
    elif target is S.NegativeInfinity:
        ways = [-t]
    else:
        signs = {"+": (1,), "-": (-1,)}.get(str(side), (1, -1))
        ways = [target + sign / t for sign in signs]
    return [Approached(body.xreplace({variable: way}), t) for way in ways]


def _closed(e: Sum, variable: Expr) -> Expr:
    """Return a short sum written out, and one up to the variable in closed form, if it has one."""
    ends = [end for limit in e.limits for end in limit[1:]]
    if all(end.is_Integer for end in ends):
        return e.doit() if max(ends) - min(ends) < SHORT else e
    if e.limits[0][-1] != variable or len(e.limits) > 1:
        return e
    found = e.doit()
    for size in range(1, CLOSED):
        at = {variable: S(size)}
        if found.has(Sum) or not is_zero(found.xreplace(at) - e.xreplace(at).doit()):
            return e
    return found


def leading(x: Expr, t: Symbol) -> Expr:
    """Return a guess at what behaves alike as t grows: in each sum the terms that grow fastest.

    Numbers far along have to come near its limit.

    >>> from sympy import Symbol, exp, log
    >>> t = Symbol("t", positive=True)
    >>> leading(log(exp(2 * t) + exp(3 * t)) / t, t)
    3
    """
    if not x.has(t) or not x.args:
        return x
    if x.is_Pow and x.base is not S.Exp1 and x.base.is_positive and x.exp.has(t):
        return leading(exp(x.exp * log(x.base)), t)
    x = x.func(*[leading(a, t) for a in x.args])
    if isinstance(x, log):
        return expand_log(x, force=True).expand()
    if not x.is_Add:
        return x
    rates = [_rate(a, t) for a in x.args]
    if len(set(rates)) < 2 or any(r.has(t) for r in rates):
        return x
    largest = max(rates, key=lambda r: r.evalf(30))
    found = Add(*[a for a, r in zip(x.args, rates) if r == largest])
    return x if found.is_zero else found


def _rate(x: Expr, t: Symbol) -> Expr:
    """Return how fast the exponentials of a term grow."""
    found = S.Zero
    for f in Mul.make_args(x):
        if (f.is_Pow and f.base is S.Exp1) or isinstance(f, exp):
            found += f.exp.expand().coeff(t) if f.exp.diff(t, 2).is_zero else t
    return found


def by_leading(way: Approached) -> Expr:
    """Return a limit by the terms that grow fastest; where that is none, as SymPy takes it."""
    first = leading(way.f, way.t)
    if first != way.f:
        try:
            found = by_sympy(Approached(first, way.t))
            if not found.is_zero:
                return found
        except NotFinite:
            raise
        except NoLimit:
            pass
    return by_sympy(way)


def by_sympy(way: Approached) -> Expr:
    """Return a limit as SymPy takes it.

    Raises
    ------
    NoLimit : where it takes none; NotFinite : where it is no number.
    """
    try:
        value = sympy.limit(way.f, way.t, S.Infinity)
    except (NotImplementedError, ValueError, TypeError, ArithmeticError, RecursionError,
            AttributeError, sympy.PoleError):  # fmt: skip
        raise NoLimit("SymPy does not take the limit") from None
    if isinstance(value, AccumBounds) or of_kind((Limit, sympy.Order), value):
        raise NoLimit("SymPy does not take the limit")
    if value in (S.Infinity, S.NegativeInfinity):
        raise NotFinite("the limit is not finite")
    if way.t in value.free_symbols or value.has(*_INFINITE):
        raise NoLimit("the limit is not finite")
    return value


def _alone(t: Symbol, size: Fraction) -> Enclosure:
    return Enclosure({t: size}, PRECISION)


def _number(value: Any) -> Expr:
    return Rational(int(value.p), int(value.q))


_INFINITE = (S.Infinity, S.NegativeInfinity, S.NaN, S.ComplexInfinity)


def comes_near(
    way: Approached, value: Expr, at_size: Callable[[Fraction], Enclosure]
) -> bool | None:
    """Tell whether the gap shrinks at a point to next to nothing; None when there is no telling."""
    gaps: list[int] = []
    for size in ALONG:
        inside = at_size(Fraction(size))
        try:
            left, right = inside.interval(way.f), inside.interval(value)
        except (NotReal, Unsure, CannotEvaluate):
            continue
        with working(PRECISION):
            gap = abs(left - right) / abs(right).max(arb(1))
            gaps.append(max(magnitude(gap), -PRECISION // 2) if not gap.is_zero() else -PRECISION)
    if len(gaps) < FEWEST:
        return None
    return gaps[-1] < NEAR and all(b <= a for a, b in zip(gaps[-FEWEST:], gaps[-FEWEST + 1 :]))


def limit_at(e: Expr, point: Mapping[Any, Fraction], entry: Callable[[Indexed], Any]) -> Expr:
    """Return the value of an inert limit where each letter is a number.

    entry : the number that an entry of a family is.

    Raises
    ------
    NotReal : where the limit is infinite, or another from each side.
    CannotEvaluate : where it is not known, or numbers do not come near it.

    >>> from sympy import symbols
    >>> a, t = symbols("a t", real=True)
    >>> limit_at(ScalarLimit(a * t / (t + 1), t, S.Infinity), {a: Fraction(1, 2)}, S)
    1/2
    """
    known = {s: Rational(v) for s, v in point.items() if s != e.args[1]}
    body, *rest = (put_apart(a, known) for a in e.args)
    body = body.xreplace({
        s: s.doit() for s in of_kind(Sum, body) if all(x.is_Integer for x in s.limits[0][1:])
    })  # fmt: skip
    body = body.xreplace({x: _number(entry(x)) for x in of_kind(Indexed, body)})
    if body.free_symbols - {e.args[1]}:
        raise CannotEvaluate("a limit of letters without a value")
    values = []
    for way in approached(ScalarLimit(body, *rest)):
        try:
            value = by_leading(way)
        except NotFinite as error:
            raise NotReal(str(error)) from None
        except NoLimit as error:
            raise CannotEvaluate(str(error)) from None
        near = comes_near(way, value, partial(_alone, way.t))
        if not near:
            raise CannotEvaluate("numbers do not come near the limit")
        values.append(value)
    if any(not is_zero(values[0] - other) for other in values[1:]):
        raise NotReal("the limits from the two sides differ")
    return values[0]
