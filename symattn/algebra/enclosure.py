"""Certain bounds on the real value of a scalar expression at a rational point.

A value is an exact fraction as long as that is cheap, else a ball of Arb that holds it.  Functions
for which no ball is known here are evaluated at two precisions, and `Enclosure.proved` tells of it.
`NotReal` says that the expression has no real value there, `Unsure` that the precision was too low
to tell; neither is ever passed over in silence.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, fmpq
from mpmath import MPContext
from mpmath.libmp import NoConvergence
from sympy import (
    Eq,
    Expr,
    Float,
    Function,
    Indexed,
    Integer,
    Max,
    Mul,
    Ne,
    Piecewise,
    Product,
    S,
    Sum,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import GreaterThan, LessThan, Relational, StrictGreaterThan

from symattn.algebra.balls import (
    CONSTANTS,
    FUNCTIONS,
    CannotEvaluate,
    NotReal,
    Unsure,
    Value,
    bounded,
    contains_zero,
    exp,
    magnitude,
    power,
    rational,
    sign,
    times,
    total,
    whole,
    working,
)
from symattn.algebra.letters import OffSum
from symattn.algebra.logic import holds
from symattn.algebra.stable import Peak, Pick
from symattn.algebra.symbols import exact

TERMS = 2000  # of a sum
GUARD = 20  # bits, so that a value is sharp to the precision that was asked for
NO_VALUE = (
    TypeError,
    ValueError,
    ArithmeticError,
    AttributeError,
    NotImplementedError,
    NoConvergence,
)
"""SymPy's answers to an argument that a function does not take."""
NO_NUMBERS = (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity, S.ImaginaryUnit)


def apart(x: Sum) -> list[Expr]:
    """Return the factors of a sum whose indices do not meet: each is summed by itself.

    >>> from sympy import symbols
    >>> i, j, n = symbols("i j n", integer=True, positive=True)
    >>> apart(Sum(2 * i * j**2, (i, 1, n), (j, 1, n)))
    [2, Sum(i, (i, 1, n)), Sum(j**2, (j, 1, n))]
    >>> len(apart(Sum(i**j, (i, 1, n), (j, 1, n))))
    1
    """
    limits = x.limits if all(len(limit) == 3 for limit in x.limits) else ()
    indices = {index for index, *_ in limits}
    if len(limits) < 2 or any(indices & e.free_symbols for _, *ends in limits for e in ends):
        return [x]
    outside: list[Expr] = []
    inside: dict[Any, list[Expr]] = {index: [] for index, *_ in limits}
    for f in Mul.make_args(x.function):
        own = indices & f.free_symbols
        if len(own) > 1:
            return [x]
        (inside[own.pop()] if own else outside).append(f)
    return [*outside, *(Sum(Mul(*inside[limit[0]]), limit) for limit in limits)]


class Enclosure:
    """The values of expressions at one point, at one precision.

    point : what each free symbol, or `Indexed` entry, is there; a ball where that is known of it.
    precision : in bits.
    family : the entry of a family at whole indices; for `Indexed` that the point does not name.
    turn : which function an unknown one is taken for.

    The methods raise `NotReal`, `Unsure` and `CannotEvaluate`; see the classes.
    """

    def __init__(
        self,
        point: Mapping[Any, Fraction],
        precision: int,
        family: Callable[[Any, tuple[int, ...]], Fraction] | None = None,
        turn: int = 0,
    ) -> None:
        self.point = point
        self.precision = precision
        self.family = family
        self.turn = turn
        self.proved = True
        self._memo: dict[Any, Value] = {}

    def interval(self, x: Expr) -> arb:
        """Return a ball that holds the value."""
        with working(self.precision + GUARD):
            return arb(self._of(x))

    def value(self, x: Any) -> Fraction | arb:
        """Return the value as a fraction, or as a ball that holds it."""
        with working(self.precision + GUARD):
            v = self._of(x)
        return v if isinstance(v, arb) else Fraction(int(v.p), int(v.q))

    def whole(self, x: Any) -> int:
        """Return the value of what must be a whole number."""
        with working(self.precision + GUARD):
            return whole(self._of(x))

    def sign(self, x: Any) -> int:
        """Return -1, 0 or 1: the sign of the value.

        >>> from sympy import Symbol, sin
        >>> x = Symbol("x")
        >>> Enclosure({x: Fraction(22, 7)}, 64).sign(sin(x))
        -1
        """
        with working(self.precision + GUARD):
            return sign(self._of(x))

    def bits(self, x: Any) -> int | None:
        """Return how many bits the value has before the point; None where it is zero."""
        value = self.interval(x)
        return None if value.is_zero() else magnitude(value)

    def truth(self, condition: Any) -> bool:
        """Tell whether a condition holds at the point."""
        with working(self.precision + GUARD):
            return self._holds(condition)

    def _of(self, x: Any) -> Value:
        v = self._memo.get(x)
        if v is None:
            v = self._new(x)
            if not isinstance(v, arb):
                if v.height_bits() > self.precision:
                    v = arb(v)
            elif not v.is_finite():
                raise CannotEvaluate("a number that is too large")
            self._memo[x] = v
        return v

    def _new(self, x: Any) -> Value:
        if x.is_Rational:
            return fmpq(int(x.p), int(x.q))
        if x.is_Symbol:
            try:
                value: Any = self.point[x]
            except KeyError:
                raise CannotEvaluate(f"no value for {x}") from None
            return value if isinstance(value, arb) else rational(value)
        if x.is_Add:
            return total(self._of(a) for a in x.args)
        if x.is_Mul:
            return self._product(x.args)
        if x.is_Pow:
            base, exponent = x.args
            if base is S.Exp1:
                return exp(self._of(exponent))
            return power(self._of(base), self._of(exponent))
        function = FUNCTIONS.get(x.func)
        if function is not None:
            return function(*map(self._of, x.args))
        rule = self._rules.get(x.func)
        if rule is not None:
            return rule(self, x)
        if x in CONSTANTS:
            return CONSTANTS[x]()
        if x.is_Float:
            return self._of(exact(x))
        if isinstance(x, AppliedUndef):
            return self._any_function(x)
        if isinstance(x, Function):
            return self._at_two_precisions(x)
        if x in NO_NUMBERS:
            raise NotReal(f"{x} is no real number")
        raise CannotEvaluate(f"no enclosure of {x.func.__name__}")

    def _product(self, factors: Any) -> Value:
        result: Value = fmpq(1)
        for a in factors:
            result = times(result, self._of(a))
        return result

    # conditions, sums, families ------------------------------------------------------------------

    def _holds(self, condition: Any) -> bool:
        return holds(condition, self._relation, CannotEvaluate)

    def _relation(self, condition: Relational) -> bool:
        s = sign(self._of(condition.lhs) - self._of(condition.rhs))
        if isinstance(condition, Eq):
            return s == 0
        if isinstance(condition, Ne):
            return s != 0
        if s == 0:
            return isinstance(condition, (GreaterThan, LessThan))
        return (s > 0) == isinstance(condition, (GreaterThan, StrictGreaterThan))

    def _piecewise(self, x: Any) -> Value:
        for value, condition in x.args:
            if self._holds(condition):
                return self._of(value)
        raise NotReal("no case of a piecewise function holds")

    def _terms(self, f: Expr, limits: Any) -> list[Value]:
        """Return the summands over the last index of a sum or a product."""
        *inner, last = limits
        if len(last) != 3:
            raise CannotEvaluate("a sum without bounds")
        index, low, high = last
        if not (low.is_finite is not False and high.is_finite is not False):
            raise CannotEvaluate("an infinite sum")
        first, end = whole(self._of(low)), whole(self._of(high))
        if end - first > TERMS:
            raise CannotEvaluate("a sum with too many terms")
        if end < first - 1:
            raise CannotEvaluate("a sum over a reversed range")
        body = Sum(f, *inner) if inner else f
        return [self._with_index(index, t, body) for t in range(first, end + 1)]

    def _with_index(self, index: Any, t: int, body: Any) -> Value:
        """Return a summand: the value where an index is t."""
        inside = self._at({**self.point, index: Fraction(t)})
        value = inside._of(body)
        self.proved = self.proved and inside.proved
        return value

    def _at(self, point: Mapping[Any, Fraction]) -> Enclosure:
        """Return the same at another point."""
        return Enclosure(point, self.precision, self.family, self.turn)

    def _sum(self, x: Any) -> Value:
        parts = apart(x)
        if len(parts) == 1:
            return total(self._terms(x.function, x.limits))
        found: Value = fmpq(1)
        for part in parts:
            found = times(found, self._of(part))
        return found

    def _product_over(self, x: Any) -> Value:
        if len(x.limits) > 1:
            raise CannotEvaluate("a product over several indices")
        result: Value = fmpq(1)
        for v in self._terms(x.function, x.limits):
            result = times(result, v)
        return result

    def _off_sum(self, x: Any) -> Value:
        return total(self._terms_without(x))

    def _peak(self, x: Any) -> Value:
        found = self._terms_without(x)
        if not found:
            raise NotReal("the largest of no numbers")
        return FUNCTIONS[Max](*found)

    def _pick(self, x: Any) -> Value:
        places, found = self._places_without(x), self._terms_without(x)
        for place, value in zip(places, found):
            signs = [sign(value - other) for other in found if other is not value]
            if all(s > 0 for s in signs):
                return fmpq(place)
        raise NotReal("no index alone has the largest value")

    def _terms_without(self, x: Any) -> list[Value]:
        """Return the summands of a sum that leaves indices out."""
        f, l, *_ = x.args
        return [self._with_index(l, t, f) for t in self._places_without(x)]

    def _places_without(self, x: Any) -> list[int]:
        _, _, n, excluded = x.args
        left_out = {whole(self._of(e)) for e in excluded.args}
        if len(left_out) != len(excluded.args):
            raise NotReal("the indices that a sum leaves out are distinct")
        return [t for t in range(1, whole(self._of(n)) + 1) if t not in left_out]

    def _indexed(self, x: Any) -> Value:
        if x in self.point:
            return rational(self.point[x])
        indices = tuple(whole(self._of(i)) for i in x.indices)
        if self.family is None:
            raise CannotEvaluate(f"no value for {x}")
        return rational(self.family(x.base, indices))

    _rules: Mapping[Any, Callable[[Any, Any], Value]] = {
        Piecewise: _piecewise,
        Sum: _sum,
        Product: _product_over,
        OffSum: _off_sum,
        Peak: _peak,
        Pick: _pick,
        Indexed: _indexed,
    }

    # functions without a ball of their own -------------------------------------------------------

    def _at_two_precisions(self, x: Any) -> Value:
        """Return the value of a function without a rule, as far as two precisions agree."""
        self.proved = False
        places = [bounded(self._of(a)) for a in x.args]
        digits = self.precision // 3 + 10

        def at(ends: list[arb], n: int) -> arb:
            given = [
                _integer(end) if a.is_integer else Float._new(end._mpf_, 4 * self.precision)
                for a, end in zip(x.args, ends)
            ]
            try:
                value = x.func(*given).evalf(n)
            except NO_VALUE:
                raise CannotEvaluate(f"no value of {x.func.__name__}") from None
            if not value.is_Float:
                raise CannotEvaluate(f"no value of {x.func.__name__}")
            return arb(MPContext().make_mpf(value._mpf_))

        middle = [p.mid() for p in places]
        found = at(middle, digits).union(at(middle, 2 * digits))
        for n, p in enumerate(places):
            for end in () if p.is_exact() else (p.lower(), p.upper()):
                found = found.union(at([*middle[:n], end, *middle[n + 1 :]], digits))
        return found + (found - found)

    def _any_function(self, x: Any) -> Value:
        """Return a value of a function that is not known: waves across its arguments, and a cubic.

        It is another function at each turn, so that no equation between its values holds by chance.
        """
        if x.is_integer:
            raise CannotEvaluate("an unknown function with whole values")
        return self.any_of(x, [self._of(a) for a in x.args])

    def any_of(self, x: Any, values: Sequence[Any]) -> Any:
        """Return the same at arguments, which may be complex."""
        rng = random.Random(f"{self.turn}:{x.func.__name__}:{len(x.args)}")
        found: Any = fmpq(0)
        for _ in range(3):
            phase: Any = fmpq(rng.randint(-48, 48), 16)
            for v in values:
                phase = phase + fmpq(rng.randint(1, 48) | 1, 16) * v
            phase = bounded(phase) if isinstance(phase, (arb, fmpq)) else phase
            found = found + phase.sin() * fmpq(rng.randint(1, 31) | 1, 8)
        for v in values:
            for degree in range(4):
                found = found + v**degree * fmpq(rng.randint(-30, 30), 16)
        if x.is_nonnegative:
            return found * found + fmpq(1, 16)
        if x.is_nonpositive:
            return -(found * found + fmpq(1, 16))
        return found


def _integer(end: arb) -> Integer:
    found = end.unique_fmpz()
    if found is None:
        raise CannotEvaluate("an inexact number, where a whole one is expected")
    return Integer(int(found))


def certain_sign(x: Expr) -> int | None:
    """Return the sign of a number, or None when it is not real or too close to zero to tell.

    >>> from sympy import E, exp, pi
    >>> certain_sign(E**pi - pi**E), certain_sign(exp(-50) - exp(-60)), certain_sign(pi - pi)
    (1, 1, 0)
    """
    for precision in (64, 256, 1024):
        at = Enclosure({}, precision)
        try:
            found = at.sign(x)
        except Unsure:
            continue
        except (NotReal, CannotEvaluate):
            return None
        return found if at.proved else None
    return None


__all__ = [
    "CannotEvaluate",
    "Enclosure",
    "NotReal",
    "Unsure",
    "certain_sign",
    "contains_zero",
]
