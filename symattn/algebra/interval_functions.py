"""Certain bounds on each function of SymPy at an interval.

Guarantee.  The interval that a rule returns holds every value that the function takes where the
argument lies; where it has no real value the rule raises `NotReal`, and never guesses.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from mpmath.libmp import (
    mpf_asin,
    mpf_asinh,
    mpf_atan,
    mpf_atanh,
    mpf_cmp,
    mpf_erf,
    mpf_erfc,
    mpf_pi,
    mpf_sinh,
    mpf_tanh,
    mpi_abs,
    mpi_loggamma,
    round_ceiling,
    round_floor,
    to_int,
)
from sympy import (
    Abs,
    Heaviside,
    Indexed,
    KroneckerDelta,
    LambertW,
    Max,
    Min,
    Mod,
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
from sympy.functions.elementary import hyperbolic, trigonometric

from symattn.algebra.intervals import (
    CannotEvaluate,
    Mpf,
    NotReal,
    Unsure,
    Value,
    magnitude,
    mp_context,
)
from symattn.algebra.letters import OffSum

if TYPE_CHECKING:
    from symattn.algebra.enclosure import Enclosure


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
        context = mp_context()
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
