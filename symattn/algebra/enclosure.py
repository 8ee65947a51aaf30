"""Certain bounds on the real value of a scalar expression at a rational point.

A value is an exact fraction as long as that is cheap, else an interval that holds it, with ends
of any precision.  Functions for which no bounds are known here are evaluated at two precisions,
and `Enclosure.proved` tells of it.  `NotReal` says that the expression has no real value there,
`Unsure` that the precision was too low to tell; neither is ever passed over in silence.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from mpmath.libmp import (
    mpf_add,
    mpf_cmp,
    mpf_sub,
    round_ceiling,
    round_floor,
)
from sympy import (
    Eq,
    Expr,
    Float,
    Function,
    Ne,
    S,
    Sum,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import GreaterThan, LessThan, Relational, StrictGreaterThan

from symattn.algebra.interval_arithmetic import IntervalArithmetic, size_of
from symattn.algebra.interval_functions import RULES
from symattn.algebra.intervals import (
    CannotEvaluate,
    Interval,
    Mpf,
    NotReal,
    Unsure,
    Value,
    contains_zero,
)
from symattn.algebra.logic import holds
from symattn.algebra.symbols import exact

TERMS = 2000  # of a sum


class Enclosure(IntervalArithmetic):
    """The values of expressions at one point, at one precision.

    point : what each free symbol, or `Indexed` entry, is there.
    family : the entry of a family at whole indices; for `Indexed` that the point does not name.
    turn : which function an unknown one is taken for.
    """

    def __init__(
        self,
        point: Mapping[Any, Fraction],
        precision: int,
        family: Callable[[Any, tuple[int, ...]], Fraction] | None = None,
        turn: int = 0,
    ) -> None:
        self.turn = turn
        self.point = point
        super().__init__(precision)
        self.family = family
        self.proved = True
        self._memo: dict[Any, Value] = {}

    def interval(self, x: Expr) -> Interval:
        """Return an interval that holds the value.

        Raises
        ------
        NotReal, Unsure, CannotEvaluate : see the classes.
        """
        return self.widened(self.value(x))

    def value(self, x: Any) -> Value:
        v = self._memo.get(x)
        if v is None:
            v = self._value(x)
            if isinstance(v, Fraction) and size_of(v) > 2 * self.precision:
                v = self.widened(v)
            self._memo[x] = v
        return v

    def _value(self, x: Any) -> Value:
        if x.is_Rational:
            return Fraction(int(x.p), int(x.q))
        if x.is_Symbol:
            try:
                return self.point[x]
            except KeyError:
                raise CannotEvaluate(f"no value for {x}") from None
        if x.is_Add:
            return self.add([self.value(a) for a in x.args])
        if x.is_Mul:
            values = [self.value(a) for a in x.args]
            result = values[0]
            for v in values[1:]:
                result = self.mul(result, v)
            return result
        if x.is_Pow:
            base, exponent = x.args
            if base is S.Exp1:
                return self.exp(self.value(exponent))
            return self.power(self.value(base), self.value(exponent))
        rule = RULES.get(x.func)
        if rule is not None:
            return rule(self, x)
        if x.is_Float:
            return self.value(exact(x))
        if isinstance(x, AppliedUndef):
            return self._any_function(x)
        if isinstance(x, Function):
            return self._at_two_precisions(x)
        if x in (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity, S.ImaginaryUnit):
            raise NotReal(f"{x} is no real number")
        raise CannotEvaluate(f"no enclosure of {x.func.__name__}")

    # comparison, sums, families ----------------------------------------------------------------

    def truth(self, condition: Any) -> bool:
        return holds(condition, self._relation, CannotEvaluate)

    def _relation(self, condition: Relational) -> bool:
        s = self.sign(
            self.add([self.value(condition.lhs), self.negative(self.value(condition.rhs))])
        )
        if isinstance(condition, Eq):
            return s == 0
        if isinstance(condition, Ne):
            return s != 0
        if s == 0:
            return isinstance(condition, (GreaterThan, LessThan))
        return (s > 0) == isinstance(condition, (GreaterThan, StrictGreaterThan))

    def whole(self, v: Value) -> int:
        if isinstance(v, tuple):
            raise CannotEvaluate("an inexact number, where a whole one is expected")
        if v.denominator != 1:
            raise NotReal("a whole number was expected")
        return v.numerator

    def terms(self, f: Expr, limits: Any) -> list[Value]:
        """Return the summands over the last index of a sum or a product."""
        *inner, last = limits
        if len(last) != 3:
            raise CannotEvaluate("a sum without bounds")
        index, low, high = last
        if not (low.is_finite is not False and high.is_finite is not False):
            raise CannotEvaluate("an infinite sum")
        first, end = self.whole(self.value(low)), self.whole(self.value(high))
        if end - first > TERMS:
            raise CannotEvaluate("a sum with too many terms")
        if end < first - 1:
            raise CannotEvaluate("a sum over a reversed range")
        body = Sum(f, *inner) if inner else f
        values = []
        for t in range(first, end + 1):
            values.append(self.with_index(index, t, body))
        return values

    def with_index(self, index: Any, t: int, body: Any) -> Value:
        """Return a summand: the value where an index is t."""
        point = {**self.point, index: Fraction(t)}
        inside = self.__class__(point, self.precision, self.family, self.turn)
        value = inside.value(body)
        self.proved = self.proved and inside.proved
        return value

    def _at_two_precisions(self, x: Any) -> Interval:
        """Return the value of a function without a rule, as far as two precisions agree."""
        self.proved = False
        ends = [self.bounded(self.value(a)) for a in x.args]
        digits = self.precision // 3 + 10

        def at(places: list[Mpf], n: int) -> Mpf:
            value = x.func(*[Float._new(place, 4 * self.precision) for place in places]).evalf(n)
            if not value.is_Float:
                raise CannotEvaluate(f"no value of {x.func.__name__}")
            return value._mpf_

        first = [a for a, _ in ends]
        found = [at(first, digits), at(first, 2 * digits)]
        for place, (a, b) in enumerate(ends):
            if a != b:
                found.append(at([*first[:place], b, *first[place + 1 :]], digits))
        low, high = found[0], found[0]
        for value in found[1:]:
            low = value if mpf_cmp(value, low) < 0 else low
            high = value if mpf_cmp(value, high) > 0 else high
        width = mpf_sub(high, low, self.precision)
        low = mpf_sub(low, width, self.precision + 20, round_floor)
        return self._wide((low, mpf_add(high, width, self.precision + 20, round_ceiling)))

    def _any_function(self, x: Any) -> Value:
        """Return a value of a function that is not known: waves across its arguments, and a cubic.

        It is another function at each turn, so that no equation between its values holds by chance.
        """
        if x.is_integer:
            raise CannotEvaluate("an unknown function with whole values")
        rng = random.Random(f"{self.turn}:{x.func.__name__}:{len(x.args)}")
        values = [self.value(a) for a in x.args]
        total: list[Value] = []
        for _ in range(3):
            phase: list[Value] = [Fraction(rng.randint(-48, 48), 16)]
            for v in values:
                phase.append(self.mul(Fraction(rng.randint(1, 48) | 1, 16), v))
            total.append(self.mul(Fraction(rng.randint(1, 31) | 1, 8), self.sin(self.add(phase))))
        for v in values:
            for power in range(4):
                total.append(
                    self.mul(Fraction(rng.randint(-30, 30), 16), self.whole_power(v, power))
                )
        found = self.add(total)
        if x.is_nonnegative:
            return self.add([Fraction(1, 16), self.whole_power(found, 2)])
        if x.is_nonpositive:
            return self.negative(self.add([Fraction(1, 16), self.whole_power(found, 2)]))
        return found


def certain_sign(x: Expr) -> int | None:
    """Return the sign of a number, or None when it is not real or too close to zero to tell.

    >>> from sympy import E, exp, pi
    >>> certain_sign(E**pi - pi**E), certain_sign(exp(-50) - exp(-60)), certain_sign(pi - pi)
    (1, 1, 0)
    """
    for precision in (64, 256, 1024):
        try:
            at = Enclosure({}, precision)
            found = at.sign(at.value(x))
            return found if at.proved else None
        except Unsure:
            continue
        except (NotReal, CannotEvaluate):
            return None
    return None


__all__ = [
    "CannotEvaluate",
    "Enclosure",
    "Interval",
    "NotReal",
    "Unsure",
    "Value",
    "certain_sign",
    "contains_zero",
]
