"""Arithmetic and transcendental functions of values that are exact fractions or intervals.

Guarantee.  A result holds every value of the operation on the numbers that its arguments hold.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

from mpmath.libmp import (
    from_int,
    from_rational,
    fzero,
    mpf_abs,
    mpf_add,
    mpf_cmp,
    mpf_exp,
    mpf_log,
    mpf_neg,
    mpf_shift,
    mpf_sub,
    mpi_abs,
    mpi_add,
    mpi_cos,
    mpi_div,
    mpi_gamma,
    mpi_mul,
    mpi_neg,
    mpi_pow_int,
    mpi_sin,
    mpi_sqrt,
    round_ceiling,
    round_floor,
    to_int,
)

from symattn.algebra.intervals import (
    CannotEvaluate,
    Interval,
    Mpf,
    NotReal,
    Unsure,
    Value,
    contains_zero,
    magnitude,
    mp_context,
)

MAGNITUDE = 3000  # of an exponent, in bits


class IntervalArithmetic:
    """Operations at one precision, in bits; an exact fraction stays one as long as that is cheap."""

    def __init__(self, precision: int) -> None:
        self.precision = precision

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
            if n * size_of(a) <= 4 * self.precision or a in (0, 1, -1):
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
        context = mp_context()
        ends: list[Mpf] = []
        for end, up in ((x[0], False), (x[1], True)):
            context.prec = self.precision + 40
            w = context.lambertw(context.make_mpf(end))._mpf_
            room = mpf_shift(mpf_abs(w), -(self.precision + 4))
            w = mpf_add(w, room if up else mpf_neg(room), self.precision + 40)
            check = IntervalArithmetic(self.precision + 40)
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


def size_of(v: Fraction) -> int:
    return v.numerator.bit_length() + v.denominator.bit_length()


def _factorial(n: int) -> int:
    from math import factorial as whole_factorial

    return whole_factorial(n)
