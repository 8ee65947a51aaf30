"""Values that are exact fractions or balls of Arb, and the functions of SymPy on them.

Guarantee.  A result holds every value that the function takes on the numbers that its arguments
hold; where it has no real value `NotReal` is raised, and where that cannot be told, `Unsure`.
Everything works at the precision that `working` has set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from math import comb, factorial, isqrt
from typing import Any

import sympy
from flint import arb, ctx, fmpq
from sympy import S

Value = fmpq | arb

MAGNITUDE = 3000  # of an argument, in bits
GAMMA_MAGNITUDE = 40
EXACT_FACTORIAL = 400


class NotReal(ArithmeticError):
    """The expression has no finite real value at this point."""


class Unsure(ArithmeticError):
    """The precision is too low to tell on which side of a boundary a value lies."""


class CannotEvaluate(ArithmeticError):
    """An expression, or a size, that has no enclosure here."""


@contextmanager
def working(bits: int) -> Iterator[None]:
    """Set Arb's precision, and set it back: it is one for the whole process.

    A thread that changes it meanwhile makes the balls wider or narrower; they hold the value still.
    """
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def contains_zero(x: arb) -> bool:
    """Tell whether a ball holds 0."""
    return bool(x.contains(0))


def magnitude(x: arb) -> int:
    """Return an upper bound for the binary logarithm of every |value| in a finite ball.

    >>> magnitude(arb(5)), magnitude(arb(1) / 1000)
    (3, -9)
    """
    mantissa, exponent = x.abs_upper().man_exp()
    return int(mantissa.bit_length() + exponent) if mantissa else -(1 << 62)


def rational(v: Fraction | fmpq | int) -> fmpq:
    """Return a number as FLINT's rational."""
    return v if isinstance(v, fmpq) else fmpq(v.numerator, v.denominator)


# arithmetic --------------------------------------------------------------------------------------


def sign(v: Value) -> int:
    """Return -1, 0 or 1."""
    if v > 0:
        return 1
    if v < 0:
        return -1
    if not isinstance(v, arb) or v.is_zero():
        return 0
    raise Unsure("a sign")


def whole(v: Value) -> int:
    """Return a value that is known to be a whole number."""
    if isinstance(v, arb):
        raise CannotEvaluate("an inexact number, where a whole one is expected")
    if v.q != 1:
        raise NotReal("a whole number was expected")
    return int(v.p)


def total(values: Iterable[Value]) -> Value:
    """Return a sum, its fractions exactly."""
    exactly, rest = fmpq(0), None
    for v in values:
        if not isinstance(v, arb):
            exactly += v
        else:
            rest = v if rest is None else rest + v
    if rest is None:
        return exactly
    return rest + exactly if exactly else rest


def times(a: Value, b: Value) -> Value:
    """Return a product; it is exactly zero where a fraction is."""
    if not isinstance(a, arb) and not a:
        return a
    return b if not isinstance(b, arb) and not b else a * b


def reciprocal(v: Value) -> Value:
    """Return 1 / v.

    Raises
    ------
    NotReal : v is zero.
    """
    if sign(v) == 0:
        raise NotReal("division by zero")
    return 1 / v


def power(a: Value, e: Value) -> Value:
    """Return the real value of a ** e.

    Raises
    ------
    NotReal : it has none.
    Unsure : the balls are too wide to say.
    """
    if not isinstance(e, arb) and e.q == 1:
        return whole_power(a, int(e.p))
    s = sign(a)
    if s < 0:
        if isinstance(e, arb) and e.contains_integer():
            raise Unsure("a power of a negative number")
        raise NotReal("a power of a negative number")
    if s == 0:
        if sign(e) > 0:
            return fmpq(0)
        raise NotReal("a negative power of zero")
    if not isinstance(e, arb) and e.q == 2:
        return whole_power(_root(a), int(e.p))
    return exp(times(e, log(a)))


def whole_power(a: Value, n: int) -> Value:
    """Return a ** n."""
    if n < 0:
        return reciprocal(whole_power(a, -n))
    if not isinstance(a, arb):
        if a in (0, 1, -1):
            return a ** (2 - n % 2) if n else fmpq(1)
        if n * a.height_bits() <= 2 * ctx.prec:
            return a**n
    return arb(a) ** n


def _root(a: Value) -> Value:
    """Return the square root of a value that is positive."""
    if not isinstance(a, arb):
        top, bottom = isqrt(int(a.p)), isqrt(int(a.q))
        if top * top == a.p and bottom * bottom == a.q:
            return fmpq(top, bottom)
    return arb(a).sqrt()


# functions ---------------------------------------------------------------------------------------


def bounded(v: Value) -> arb:
    """Return a ball that a function can be evaluated at.

    Raises
    ------
    CannotEvaluate : it is not finite, or too large.
    """
    x = arb(v)
    if not x.is_finite() or magnitude(x) > MAGNITUDE:
        raise CannotEvaluate("an argument that is too large")
    return x


def _defined(v: arb) -> arb:
    if v.is_nan():
        raise Unsure("a function near the edge of its domain")
    return v


def exp(v: Value) -> Value:
    """Return the exponential; exact at 0."""
    return bounded(v).exp() if isinstance(v, arb) or v else fmpq(1)


def log(v: Value) -> Value:
    """Return the logarithm; exact at 1.

    Raises
    ------
    NotReal : v is not positive.
    """
    if sign(v) <= 0:
        raise NotReal("the logarithm of a number that is not positive")
    return fmpq(0) if not isinstance(v, arb) and v == 1 else arb(v).log()


def _arb(
    name: str,
    zero: int | None = 0,
    inside: Callable[[Value], tuple[Value, ...]] | None = None,
    strict: bool = False,
) -> Callable[[Value], Value]:
    """Return a function that Arb has.

    zero : its value at zero, when that is a whole number.
    inside : what is not negative where it is real, and not zero either when that is strict.
    """

    def function(v: Value) -> Value:
        if zero is not None and not isinstance(v, arb) and not v:
            return fmpq(zero)
        for edge in inside(v) if inside else ():
            if sign(edge) < int(strict):
                raise NotReal("an argument outside of the domain")
        return _defined(getattr(bounded(v), name)())

    return function


def _within_one(v: Value) -> tuple[Value, ...]:
    return 1 - v, 1 + v


def _inverted(function: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda v: reciprocal(function(v))


def _extreme(better: Callable[[Any, Any], Any], name: str) -> Callable[..., Value]:
    def function(*values: Value) -> Value:
        best, *rest = values
        for v in rest:
            if isinstance(v, arb) or isinstance(best, arb):
                best = getattr(arb(best), name)(arb(v))
            else:
                best = better(best, v)
        return best

    return function


def gamma(v: Value) -> Value:
    """Return the gamma function; exact at small whole numbers.

    Raises
    ------
    NotReal : a pole.
    """
    if not isinstance(v, arb) and v.q == 1:
        if v <= 0:
            raise NotReal("a pole of the gamma function")
        if v <= EXACT_FACTORIAL:
            return fmpq(factorial(int(v.p) - 1))
    if magnitude(bounded(v)) > GAMMA_MAGNITUDE:
        raise CannotEvaluate("a gamma function that is too large")
    return _defined(arb(v).gamma())


def _binomial(n: Value, k: Value) -> Value:
    if not isinstance(k, arb) and k.q == 1 and 0 <= k <= EXACT_FACTORIAL:
        if not isinstance(n, arb) and n.q == 1 and 0 <= n <= 4 * EXACT_FACTORIAL:
            return fmpq(comb(int(n.p), int(k.p)))
        result: Value = fmpq(1)
        for i in range(int(k.p)):
            result = times(result, (n - i) * fmpq(1, i + 1))
        return result
    return times(gamma(n + 1), reciprocal(times(gamma(k + 1), gamma(n - k + 1))))


def _rounded(name: str) -> Callable[[Value], Value]:
    def function(v: Value) -> Value:
        if not isinstance(v, arb):
            return fmpq(getattr(v, name)())
        found = getattr(bounded(v), name)().unique_fmpz()
        if found is None:
            raise Unsure("a rounding")
        return fmpq(found)

    return function


def _mod(a: Value, b: Value) -> Value:
    if isinstance(a, arb) or isinstance(b, arb) or not b:
        raise CannotEvaluate("a remainder of an inexact number")
    return a - b * fmpq((a / b).floor())


def _lambert(v: Value, *branch: Value) -> Value:
    if branch:
        raise CannotEvaluate("another branch of the Lambert function")
    if not isinstance(v, arb) and not v:
        return v
    if sign(v + (-arb(1)).exp()) < 0:
        raise NotReal("the Lambert function below -1/e")
    return _defined(bounded(v).lambertw())


def _heaviside(v: Value, at_zero: Value) -> Value:
    s = sign(v)
    return at_zero if s == 0 else fmpq(int(s > 0))


def _delta(i: Value, j: Value, *bounds: Value) -> Value:
    if bounds:
        raise CannotEvaluate("a delta with a range")
    return fmpq(int(sign(i - j) == 0))


def _same(v: Value) -> Value:
    return v


_sin, _cos, _tan = _arb("sin"), _arb("cos", 1), _arb("tan")
_sinh, _cosh, _tanh = _arb("sinh"), _arb("cosh", 1), _arb("tanh")

CONSTANTS: dict[Any, Callable[[], arb]] = {
    S.Exp1: arb.const_e,
    S.Pi: arb.pi,
    S.EulerGamma: arb.const_euler,
    S.Catalan: arb.const_catalan,
    S.GoldenRatio: lambda: (1 + arb(5).sqrt()) / 2,
}

FUNCTIONS: dict[Any, Callable[..., Value]] = {
    sympy.exp: exp,
    sympy.log: log,
    sympy.Abs: abs,
    sympy.sign: lambda v: fmpq(sign(v)),
    sympy.Heaviside: _heaviside,
    sympy.Max: _extreme(max, "max"),
    sympy.Min: _extreme(min, "min"),
    sympy.KroneckerDelta: _delta,
    sympy.LambertW: _lambert,
    sympy.gamma: gamma,
    sympy.factorial: lambda v: gamma(v + 1),
    sympy.loggamma: _arb("lgamma", None, lambda v: (v,), strict=True),
    sympy.digamma: _arb("digamma", None),
    sympy.binomial: _binomial,
    sympy.erf: _arb("erf"),
    sympy.erfc: _arb("erfc", 1),
    sympy.erfi: _arb("erfi"),
    sympy.floor: _rounded("floor"),
    sympy.ceiling: _rounded("ceil"),
    sympy.Mod: _mod,
    sympy.re: _same,
    sympy.conjugate: _same,
    sympy.im: lambda v: times(fmpq(0), v),
    sympy.sinh: _sinh,
    sympy.cosh: _cosh,
    sympy.tanh: _tanh,
    sympy.coth: _inverted(_tanh),
    sympy.csch: _inverted(_sinh),
    sympy.sech: _inverted(_cosh),
    sympy.asinh: _arb("asinh"),
    sympy.acosh: _arb("acosh", None, lambda v: (v - 1,)),
    sympy.atanh: _arb("atanh", 0, _within_one, strict=True),
    sympy.sin: _sin,
    sympy.cos: _cos,
    sympy.tan: _tan,
    sympy.cot: _inverted(_tan),
    sympy.csc: _inverted(_sin),
    sympy.sec: _inverted(_cos),
    sympy.asin: _arb("asin", 0, _within_one),
    sympy.acos: _arb("acos", None, _within_one),
    sympy.atan: _arb("atan"),
}
