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
from functools import lru_cache
from math import ceil, floor, isqrt
from typing import Any

from mpmath import MPContext
from mpmath.libmp import (
    from_int,
    from_rational,
    fzero,
    mpf_abs,
    mpf_add,
    mpf_asin,
    mpf_asinh,
    mpf_atan,
    mpf_atanh,
    mpf_cmp,
    mpf_erf,
    mpf_erfc,
    mpf_exp,
    mpf_log,
    mpf_mul,
    mpf_neg,
    mpf_pi,
    mpf_shift,
    mpf_sinh,
    mpf_sub,
    mpf_tanh,
    mpi_abs,
    mpi_add,
    mpi_cos,
    mpi_div,
    mpi_gamma,
    mpi_loggamma,
    mpi_mul,
    mpi_neg,
    mpi_pow_int,
    mpi_sin,
    mpi_sqrt,
    mpi_sub,
    round_ceiling,
    round_floor,
    to_int,
)
from sympy import (
    Abs,
    Eq,
    Expr,
    Float,
    Function,
    Heaviside,
    Indexed,
    KroneckerDelta,
    LambertW,
    Max,
    Min,
    Mod,
    Ne,
    Piecewise,
    Product,
    S,
    Sum,
    binomial,
    ceiling,
    conjugate,
    erf,
    erfc,
    exp,
    factorial,
    gamma,
    im,
    log,
    loggamma,
    re,
    sign,
)
from sympy import floor as floor_function
from sympy.core.function import AppliedUndef
from sympy.core.relational import GreaterThan, LessThan, Relational, StrictGreaterThan
from sympy.functions.elementary import hyperbolic, trigonometric
from sympy.logic.boolalg import ITE, And, BooleanFalse, BooleanTrue, Not, Or

from symattn.algebra.letters import OffSum

Mpf = tuple[int, int, int, int]
Interval = tuple[Mpf, Mpf]
Value = Fraction | Interval

MAGNITUDE = 3000  # of an exponent, in bits
TERMS = 2000  # of a sum


class NotReal(ArithmeticError):
    """The expression has no finite real value at this point."""


class Unsure(ArithmeticError):
    """The precision is too low to tell on which side of a boundary a value lies."""


class CannotEvaluate(ArithmeticError):
    """An expression, or a size, that has no enclosure here."""


@lru_cache(maxsize=1)
def _context() -> Any:
    return MPContext()


def magnitude(x: Mpf) -> int:
    """Return an upper bound for the binary logarithm of |x|."""
    return x[2] + x[3]


def contains_zero(x: Interval) -> bool:
    return mpf_cmp(x[0], fzero) <= 0 <= mpf_cmp(x[1], fzero)


class Enclosure:
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
        self.precision = precision
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

    def widened(self, v: Value) -> Interval:
        if isinstance(v, tuple):
            return v
        p, q = v.numerator, v.denominator
        if q == 1 and p.bit_length() <= self.precision:
            exact = from_int(p)
            return (exact, exact)
        return (
            from_rational(p, q, self.precision, round_floor),
            from_rational(p, q, self.precision, round_ceiling),
        )

    def value(self, x: Any) -> Value:
        v = self._memo.get(x)
        if v is None:
            v = self._value(x)
            if isinstance(v, Fraction) and _size(v) > 2 * self.precision:
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
            from symattn.algebra.atoms import exact

            return self.value(exact(x))
        if isinstance(x, AppliedUndef):
            return self._any_function(x)
        if isinstance(x, Function):
            return self._at_two_precisions(x)
        if x in (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity, S.ImaginaryUnit):
            raise NotReal(f"{x} is no real number")
        raise CannotEvaluate(f"no enclosure of {x.func.__name__}")

    # arithmetic --------------------------------------------------------------------------------

    def add(self, values: list[Value]) -> Value:
        exact = Fraction(0)
        rest: Interval | None = None
        for v in values:
            if isinstance(v, tuple):
                rest = v if rest is None else mpi_add(rest, v, self.precision)
            else:
                exact += v
        if rest is None:
            return exact
        return mpi_add(rest, self.widened(exact), self.precision) if exact else rest

    def mul(self, a: Value, b: Value) -> Value:
        if not isinstance(a, tuple):
            if not isinstance(b, tuple):
                return a * b
            if a == 0:
                return a
        elif not isinstance(b, tuple) and b == 0:
            return b
        return mpi_mul(self.widened(a), self.widened(b), self.precision)

    def reciprocal(self, a: Value) -> Value:
        if not isinstance(a, tuple):
            if a == 0:
                raise NotReal("division by zero")
            return 1 / a
        if contains_zero(a):
            raise Unsure("division by an interval that holds zero")
        one = from_int(1)
        return mpi_div((one, one), a, self.precision)

    def negative(self, a: Value) -> Value:
        return mpi_neg(a) if isinstance(a, tuple) else -a

    def sign(self, a: Value) -> int:
        """Return -1, 0 or 1."""
        if not isinstance(a, tuple):
            return (a > 0) - (a < 0)
        if mpf_cmp(a[0], fzero) > 0:
            return 1
        if mpf_cmp(a[1], fzero) < 0:
            return -1
        if a[0] == fzero == a[1]:
            return 0
        raise Unsure("a sign")

    def power(self, a: Value, e: Value) -> Value:
        if isinstance(e, tuple):
            s = self.sign(a)
            if s < 0:
                if self._holds_integer(e):
                    raise Unsure("a power of a negative number")
                raise NotReal("a power of a negative number")
            if s == 0:
                if self.sign(e) > 0:
                    return Fraction(0)
                raise NotReal("a power of zero")
            return self.exp(self.mul(e, self.log(a)))
        if e.denominator == 1:
            return self.whole_power(a, e.numerator)
        s = self.sign(a)
        if s < 0:
            raise NotReal("a fractional power of a negative number")
        if s == 0:
            if e > 0:
                return Fraction(0)
            raise NotReal("a negative power of zero")
        if e.denominator == 2:
            if not isinstance(a, tuple):
                top, bottom = isqrt(a.numerator), isqrt(a.denominator)
                if top * top == a.numerator and bottom * bottom == a.denominator:
                    return self.whole_power(Fraction(top, bottom), e.numerator)
            root = self._wide(mpi_sqrt(self.widened(a), self.precision + 10))
            return self.whole_power(root, e.numerator)
        return self.exp(self.mul(e, self.log(a)))

    def whole_power(self, a: Value, n: int) -> Value:
        if n < 0:
            return self.reciprocal(self.whole_power(a, -n))
        if not isinstance(a, tuple):
            if n * _size(a) <= 4 * self.precision or a in (0, 1, -1):
                return Fraction(a**n) if n < 2 or a not in (0, 1, -1) else a ** (2 - n % 2)
            a = self.widened(a)
        if n.bit_length() > 40:
            s = self.sign(a)
            if s == 0:
                return Fraction(0)
            size = self.exp(self.mul(Fraction(n), self.log(mpi_abs(a, self.precision))))
            return size if s > 0 or n % 2 == 0 else self.negative(size)
        return mpi_pow_int(a, n, self.precision)

    # transcendental functions ------------------------------------------------------------------

    def _wide(self, x: Interval) -> Interval:
        """Return the interval with room for the last bits of a function's value."""
        shift, p = -(self.precision + 4), self.precision + 20
        low = mpf_sub(x[0], mpf_shift(mpf_abs(x[0]), shift), p, round_floor)
        high = mpf_add(x[1], mpf_shift(mpf_abs(x[1]), shift), p, round_ceiling)
        return (low, high)

    def increasing(self, f: Callable[..., Mpf], v: Value) -> Interval:
        """Return the image of an interval under an increasing function of mpmath."""
        a, b = self.widened(v)
        p = self.precision + 20
        low = f(a, p, round_floor)
        return self._wide((low, low if a == b else f(b, p, round_ceiling)))

    def exp(self, v: Value) -> Value:
        if not isinstance(v, tuple) and v == 0:
            return Fraction(1)
        x = self.widened(v)
        if max(magnitude(x[0]), magnitude(x[1])) > MAGNITUDE:
            raise CannotEvaluate("an exponential that is too large")
        return self.increasing(mpf_exp, x)

    def log(self, v: Value) -> Value:
        if not isinstance(v, tuple):
            if v <= 0:
                raise NotReal("the logarithm of a number that is not positive")
            if v == 1:
                return Fraction(0)
        elif self.sign(v) <= 0:
            raise NotReal("the logarithm of a number that is not positive")
        return self.increasing(mpf_log, v)

    def bounded(self, v: Value) -> Interval:
        x = self.widened(v)
        if max(magnitude(x[0]), magnitude(x[1])) > MAGNITUDE:
            raise CannotEvaluate("an argument that is too large")
        return x

    def sin(self, v: Value) -> Value:
        if not isinstance(v, tuple) and v == 0:
            return v
        return self._wide(mpi_sin(self.bounded(v), self.precision + 20))

    def cos(self, v: Value) -> Value:
        return self._wide(mpi_cos(self.bounded(v), self.precision + 20))

    def lambert(self, v: Value) -> Value:
        """Return W(v) on the principal branch, by checking w exp(w) on both sides."""
        if not isinstance(v, tuple) and v == 0:
            return v
        x = self.widened(v)
        edge = self.negative(self.exp(Fraction(-1)))
        if self.sign(self.add([x, self.negative(edge)])) < 0:
            raise NotReal("the Lambert function below -1/e")
        context = _context()
        ends: list[Mpf] = []
        for end, up in ((x[0], False), (x[1], True)):
            context.prec = self.precision + 40
            w = context.lambertw(context.make_mpf(end))._mpf_
            room = mpf_shift(mpf_abs(w), -(self.precision + 4))
            w = mpf_add(w, room if up else mpf_neg(room), self.precision + 40)
            check = self.__class__({}, self.precision + 40)
            gap = check.add([check.mul((w, w), check.exp((w, w))), mpi_neg((end, end))])
            if check.sign(gap) != (1 if up else -1):
                raise Unsure("the Lambert function near its branch point")
            ends.append(w)
        return (ends[0], ends[1])

    def gamma(self, v: Value) -> Value:
        if not isinstance(v, tuple):
            if v.denominator == 1:
                if v <= 0:
                    raise NotReal("a pole of the gamma function")
                if v <= 400:
                    return Fraction(_factorial(v.numerator - 1))
        x = self.bounded(v)
        if max(magnitude(x[0]), magnitude(x[1])) > 40:
            raise CannotEvaluate("a gamma function that is too large")
        if mpf_cmp(x[0], fzero) <= 0:
            if self._holds_integer(x):
                raise Unsure("the gamma function near a pole")
            return self._gamma_of_negative(v, 1 - to_int(x[0], round_floor))
        return self._wide(mpi_gamma(x, self.precision + 30))

    def _gamma_of_negative(self, v: Value, steps: int) -> Value:
        """Return gamma(v) = gamma(v + k) / (v (v + 1) ... (v + k - 1)), with v + k positive."""
        if steps > 400:
            raise CannotEvaluate("a gamma function too far to the left")
        below: Value = Fraction(1)
        for i in range(steps):
            below = self.mul(below, self.add([v, Fraction(i)]))
        return self.mul(self.gamma(self.add([v, Fraction(steps)])), self.reciprocal(below))

    @staticmethod
    def _holds_integer(x: Interval) -> bool:
        return bool(to_int(x[0], round_floor) != to_int(x[1], round_floor)) or (
            mpf_cmp(from_int(to_int(x[0], round_floor)), x[0]) == 0
        )

    # comparison, sums, families ----------------------------------------------------------------

    def truth(self, condition: Any) -> bool:
        if isinstance(condition, (BooleanTrue, BooleanFalse)) or condition in (True, False):
            return bool(condition)
        if isinstance(condition, And):
            return all(self.truth(a) for a in condition.args)
        if isinstance(condition, Or):
            return any(self.truth(a) for a in condition.args)
        if isinstance(condition, Not):
            return not self.truth(condition.args[0])
        if isinstance(condition, ITE):
            test, yes, no = condition.args
            return self.truth(yes if self.truth(test) else no)
        if not isinstance(condition, Relational):
            raise CannotEvaluate(f"the condition {condition}")
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
            return value._mpf_  # type: ignore[no-any-return]

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


def _size(v: Fraction) -> int:
    return v.numerator.bit_length() + v.denominator.bit_length()


def _factorial(n: int) -> int:
    from math import factorial as whole_factorial

    return whole_factorial(n)


# rules -----------------------------------------------------------------------------------------


def _of(self: Enclosure, x: Any) -> Value:
    return self.value(x.args[0])


def _cosh(self: Enclosure, x: Any) -> Value:
    e = self.exp(_of(self, x))
    return self.mul(Fraction(1, 2), self.add([e, self.reciprocal(e)]))


def _monotone(
    f: Callable[..., Mpf], domain: Callable[[Enclosure, Value], bool] | None = None
) -> Any:
    def rule(self: Enclosure, x: Any) -> Value:
        v = _of(self, x)
        if not isinstance(v, tuple) and v == 0 and f in ODD:
            return v
        if domain is not None and not domain(self, v):
            raise NotReal("an argument outside of the domain")
        return self.increasing(f, self.bounded(v))

    return rule


ODD = (mpf_sinh, mpf_tanh, mpf_asinh, mpf_atan, mpf_asin, mpf_atanh, mpf_erf)


def _within_one(self: Enclosure, v: Value) -> bool:
    return all(self.sign(self.add([Fraction(1), s])) >= 0 for s in (v, self.negative(v)))


def _inside_one(self: Enclosure, v: Value) -> bool:
    return all(self.sign(self.add([Fraction(1), s])) > 0 for s in (v, self.negative(v)))


def _acos(self: Enclosure, x: Any) -> Value:
    v = _of(self, x)
    if not _within_one(self, v):
        raise NotReal("an argument outside of the domain")
    return self.add([_half_pi(self), self.negative(self.increasing(mpf_asin, v))])


def _pi(self: Enclosure, x: Any = None) -> Value:
    pi = mpf_pi(self.precision + 20, round_floor)
    return self._wide((pi, pi))


def _half_pi(self: Enclosure) -> Value:
    return self.mul(Fraction(1, 2), _pi(self))


def _acosh(self: Enclosure, x: Any) -> Value:
    v = _of(self, x)
    square = self.add([self.mul(v, v), Fraction(-1)])
    if self.sign(self.add([v, Fraction(-1)])) < 0:
        raise NotReal("acosh below one")
    return self.log(self.add([v, self.power(square, Fraction(1, 2))]))


def _decreasing_erfc(self: Enclosure, x: Any) -> Value:
    a, b = self.bounded(_of(self, x))
    if max(magnitude(a), magnitude(b)) > 20:
        raise CannotEvaluate("erfc of a number that is too large")
    p = self.precision + 20
    return self._wide((mpf_erfc(b, p, round_floor), mpf_erfc(a, p, round_ceiling)))


def _abs(self: Enclosure, x: Any) -> Value:
    v = _of(self, x)
    return mpi_abs(v, self.precision) if isinstance(v, tuple) else abs(v)


def _extreme(s: int) -> Any:
    def rule(self: Enclosure, x: Any) -> Value:
        best, *rest = [self.value(a) for a in x.args]
        for v in rest:
            if not isinstance(v, tuple) and not isinstance(best, tuple):
                best = max(best, v) if s > 0 else min(best, v)
                continue
            a, b = self.widened(best), self.widened(v)
            first = mpf_cmp(a[0], b[0]) * s > 0
            second = mpf_cmp(a[1], b[1]) * s > 0
            best = (a[0] if first else b[0], a[1] if second else b[1])
        return best

    return rule


def _heaviside(self: Enclosure, x: Any) -> Value:
    s = self.sign(_of(self, x))
    return self.value(x.args[1]) if s == 0 else Fraction(int(s > 0))


def _piecewise(self: Enclosure, x: Any) -> Value:
    for value, condition in x.args:
        if self.truth(condition):
            return self.value(value)
    raise NotReal("no case of a piecewise function holds")


def _delta(self: Enclosure, x: Any) -> Value:
    if len(x.args) > 2:
        raise CannotEvaluate("a delta with a range")
    i, j = (self.value(a) for a in x.args)
    return Fraction(int(self.sign(self.add([i, self.negative(j)])) == 0))


def _sum(self: Enclosure, x: Any) -> Value:
    return self.add([Fraction(0), *self.terms(x.function, x.limits)])


def _product(self: Enclosure, x: Any) -> Value:
    if len(x.limits) > 1:
        raise CannotEvaluate("a product over several indices")
    result: Value = Fraction(1)
    for v in self.terms(x.function, x.limits):
        result = self.mul(result, v)
    return result


def _indexed(self: Enclosure, x: Any) -> Value:
    if x in self.point:
        return self.point[x]
    indices = tuple(self.whole(self.value(i)) for i in x.indices)
    if self.family is None:
        raise CannotEvaluate(f"no value for {x}")
    return self.family(x.base, indices)


def _binomial(self: Enclosure, x: Any) -> Value:
    n, k = (self.value(a) for a in x.args)
    if not isinstance(k, tuple) and k.denominator == 1 and 0 <= k <= 400:
        result: Value = Fraction(1)
        for i in range(k.numerator):
            step = self.mul(self.add([n, Fraction(-i)]), Fraction(1, i + 1))
            result = self.mul(result, step)
        return result
    one = Fraction(1)
    top = self.gamma(self.add([n, one]))
    below = [self.gamma(self.add([k, one])), self.gamma(self.add([n, self.negative(k), one]))]
    return self.mul(top, self.reciprocal(self.mul(*below)))


def _rounded(direction: Callable[[Any], int], mode: str) -> Any:
    def rule(self: Enclosure, x: Any) -> Value:
        v = _of(self, x)
        if not isinstance(v, tuple):
            return Fraction(direction(v))
        a, b = (to_int(end, mode) for end in self.bounded(v))
        if a != b:
            raise Unsure("a rounding")
        return Fraction(a)

    return rule


def _mod(self: Enclosure, x: Any) -> Value:
    a, b = (self.value(v) for v in x.args)
    if isinstance(a, tuple) or isinstance(b, tuple) or b == 0:
        raise CannotEvaluate("a remainder of an inexact number")
    return a % b


def _off_sum(self: Enclosure, x: Any) -> Value:
    f, l, n, excluded = x.args
    left_out = {self.whole(self.value(e)) for e in excluded.args}
    if len(left_out) != len(excluded.args):
        raise NotReal("the indices that a sum leaves out are distinct")
    values: list[Value] = [Fraction(0)]
    for t in range(1, self.whole(self.value(n)) + 1):
        if t not in left_out:
            values.append(self.with_index(l, t, f))
    return self.add(values)


def _lambert(self: Enclosure, x: Any) -> Value:
    if len(x.args) > 1:
        raise CannotEvaluate("another branch of the Lambert function")
    return self.lambert(_of(self, x))


def _loggamma(self: Enclosure, x: Any) -> Value:
    v = self.bounded(_of(self, x))
    if self.sign(v) <= 0 or max(magnitude(v[0]), magnitude(v[1])) > 200:
        raise CannotEvaluate("loggamma outside of its range")
    return self._wide(mpi_loggamma(v, self.precision + 30))


def _constant(name: str) -> Any:
    def rule(self: Enclosure, x: Any) -> Value:
        context = _context()
        context.prec = self.precision + 20
        value = (+getattr(context, name))._mpf_
        return self._wide((value, value))

    return rule


def _inverted(rule: Callable[[Enclosure, Any], Value]) -> Any:
    return lambda self, x: self.reciprocal(rule(self, x))


def _tan(self: Enclosure, x: Any) -> Value:
    v = _of(self, x)
    return self.mul(self.sin(v), self.reciprocal(self.cos(v)))


_sin = lambda self, x: self.sin(_of(self, x))  # noqa: E731
_cos = lambda self, x: self.cos(_of(self, x))  # noqa: E731
_tanh = _monotone(mpf_tanh)
_sinh = _monotone(mpf_sinh)

RULES: dict[Any, Callable[[Enclosure, Any], Value]] = {
    type(S.Exp1): lambda self, x: self.exp(Fraction(1)),
    type(S.Pi): _pi,
    type(S.EulerGamma): _constant("euler"),
    type(S.Catalan): _constant("catalan"),
    type(S.GoldenRatio): _constant("phi"),
    exp: lambda self, x: self.exp(_of(self, x)),
    log: lambda self, x: self.log(_of(self, x)),
    Abs: _abs,
    sign: lambda self, x: Fraction(self.sign(_of(self, x))),
    Heaviside: _heaviside,
    Max: _extreme(1),
    Min: _extreme(-1),
    Piecewise: _piecewise,
    KroneckerDelta: _delta,
    Sum: _sum,
    Product: _product,
    OffSum: _off_sum,
    Indexed: _indexed,
    LambertW: _lambert,
    gamma: lambda self, x: self.gamma(_of(self, x)),
    factorial: lambda self, x: self.gamma(self.add([_of(self, x), Fraction(1)])),
    loggamma: _loggamma,
    binomial: _binomial,
    erf: _monotone(mpf_erf),
    erfc: _decreasing_erfc,
    floor_function: _rounded(floor, round_floor),
    ceiling: _rounded(ceil, round_ceiling),
    Mod: _mod,
    re: _of,
    conjugate: _of,
    im: lambda self, x: self.mul(Fraction(0), _of(self, x)),
    hyperbolic.sinh: _sinh,
    hyperbolic.cosh: _cosh,
    hyperbolic.tanh: _tanh,
    hyperbolic.coth: _inverted(_tanh),
    hyperbolic.csch: _inverted(_sinh),
    hyperbolic.sech: _inverted(_cosh),
    hyperbolic.asinh: _monotone(mpf_asinh),
    hyperbolic.acosh: _acosh,
    hyperbolic.atanh: _monotone(mpf_atanh, _inside_one),
    trigonometric.sin: _sin,
    trigonometric.cos: _cos,
    trigonometric.tan: _tan,
    trigonometric.cot: _inverted(_tan),
    trigonometric.csc: _inverted(_sin),
    trigonometric.sec: _inverted(_cos),
    trigonometric.asin: _monotone(mpf_asin, _within_one),
    trigonometric.acos: _acos,
    trigonometric.atan: _monotone(mpf_atan),
}


def certain_sign(x: Expr) -> int | None:
    """Return the sign of a number, or None when it is not real or too close to zero to tell.

    >>> from sympy import E, pi
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
    "mpf_mul",
    "mpi_sub",
]
