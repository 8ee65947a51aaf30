"""How the exact test reads each function of SymPy: over exponentials, logarithms and roots.

Guarantee.  A reader returns what equals the function at every real point where its logarithms and
roots are real; what it cannot say so of raises `Unsupported`, and becomes an atom of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor
from typing import Any

from sympy import (
    Abs,
    Expr,
    Heaviside,
    Indexed,
    KroneckerDelta,
    LambertW,
    Max,
    Min,
    Piecewise,
    Pow,
    S,
    Sum,
    binomial,
    erf,
    erfc,
    exp,
    factorial,
    gamma,
    log,
    sign,
)
from sympy.functions.elementary import hyperbolic, trigonometric

from symattn.algebra.letters import Dot, Norm, OffSum, is_column
from symattn.algebra.polynomials import (
    ONE,
    ZERO,
    Atom,
    Nowhere,
    Ratio,
    Unsupported,
)
from symattn.algebra.summation import Summation
from symattn.algebra.symbols import is_real


def _argument(self: Summation, x: Expr) -> Ratio:
    return self.read(x.args[0])


def _fraction_of_exponentials(
    top: tuple[int, int], bottom: tuple[int, int], imaginary: bool
) -> Any:
    """Return a reader of (a E + b) / (c E + d), where E = exp(2 x) or exp(2 i x)."""

    def read(self: Summation, x: Expr) -> Ratio:
        angle = self.product(self.number(2), _argument(self, x))
        if imaginary:
            angle = self.product(self.imaginary(), angle)
        e = self.exponential(angle)
        over = self.total([self.product(self.number(top[0]), e), self.number(top[1])])
        under = self.total([self.product(self.number(bottom[0]), e), self.number(bottom[1])])
        ratio = self.product(over, self.inverse(under))
        return self.product(self.negated(self.imaginary()), ratio) if imaginary else ratio

    return read


def _half_sum(s: int, imaginary: bool, inverted: bool) -> Any:
    """Return a reader of (E + s/E)/2, of sinh, cosh, sin, cos or their reciprocals."""

    def read(self: Summation, x: Expr) -> Ratio:
        angle = _argument(self, x)
        if imaginary:
            angle = self.product(self.imaginary(), angle)
        up, down = self.exponential(angle), self.exponential(self.negated(angle))
        total = self.total([up, self.product(self.number(s), down)])
        half = self.product(self.number(Fraction(1, 2)), total)
        if imaginary and s < 0:
            half = self.product(self.negated(self.imaginary()), half)
        return self.inverse(half) if inverted else half

    return read


def _abs(self: Summation, x: Expr) -> Ratio:
    return self.over_deltas(_argument(self, x), self.magnitude)


def _sign(self: Summation, x: Expr) -> Ratio:
    r = _argument(self, x)
    if not r.top.terms:
        return ZERO
    return self.number(self._sign_noting_edges(r))


def _heaviside(self: Summation, x: Expr) -> Ratio:
    r = _argument(self, x)
    if not r.top.terms:
        return self.read(x.args[1])
    s = self._sign_noting_edges(r)
    return self.read(x.args[1]) if s == 0 else ONE if s > 0 else ZERO


def _extreme(s: int) -> Any:
    def read(self: Summation, x: Expr) -> Ratio:
        first, *rest = [self.read(a) for a in x.args]
        for other in rest:
            first = self._larger(first, other, s)
        return first

    return read


def _piecewise(self: Summation, x: Expr) -> Ratio:
    for value, condition in x.args:
        if self.truth(condition):
            return self.read(value)
    raise Nowhere("no case of a piecewise function holds")


def _lambert(self: Summation, x: Expr) -> Ratio:
    if len(x.args) > 1:
        raise Unsupported("another branch of the Lambert function")
    r = self.cancelled(_argument(self, x))
    if self.deltas(r) or not r.top.terms:
        raise Unsupported("the Lambert function of a delta")
    k = self.atom(
        ("lambert", r.top.key, r.under),
        lambda: Atom(
            "lambert",
            lambda: x,
            positive=self.sign(r.top) == 1
            and all(self.sign(self.under[k]) == 1 for k, _ in r.under),
            vanishes=not self.never_zero(r.top),
            free=frozenset(x.free_symbols),
            base=r,
            numeric=bool(x.is_number),
        ),
    )
    return Ratio(self.one_atom(k))


def _gamma(self: Summation, argument: Ratio) -> Ratio:
    """Return gamma(z + k) = z (z + 1) ... (z + k - 1) gamma(z), with a constant of z in [0, 1)."""
    if argument.under or self.deltas(argument):
        raise Unsupported("the gamma function of a ratio")
    c = Fraction(argument.top.terms.get(0, 0))
    k = floor(c)
    if abs(k) > 60 or len(argument.top.terms) == (1 if c else 0):
        raise Unsupported("the gamma function of a number")
    z = self.total([argument, self.number(-k)])
    expr = gamma(self.ratio_expr(z))
    atom = self.atom(
        ("gamma", z.top.key),
        lambda: Atom("opaque", lambda: expr, positive=self.sign(z.top) == 1, free=self.free(z.top)),
    )
    result = Ratio(self.one_atom(atom))
    for i in range(abs(k)):
        step = self.total([z, self.number(i if k > 0 else -i - 1)])
        result = self.product(result, step if k > 0 else self.inverse(step))
    return result


def _factorial(self: Summation, x: Expr) -> Ratio:
    return _gamma(self, self.total([_argument(self, x), ONE]))


def _binomial(self: Summation, x: Expr) -> Ratio:
    n, k = (self.read(a) for a in x.args)
    rest = self.total([n, self.negated(k)])
    if not k.under and set(k.top.terms) <= {0}:
        count = Fraction(k.top.terms.get(0, 0))
        if count.denominator == 1 and 0 <= count <= 60:
            result = ONE
            for i in range(int(count)):
                step = self.total([n, self.number(-i)])
                result = self.product(result, step)
                result = self.product(result, self.number(Fraction(1, i + 1)))
            return result
    parts = [_gamma(self, self.total([r, ONE])) for r in (n, k, rest)]
    return self.product(parts[0], self.inverse(self.product(parts[1], parts[2])))


def _inverse_hyperbolic(kind: str) -> Any:
    def read(self: Summation, x: Expr) -> Ratio:
        r = _argument(self, x)
        if kind == "acoth":
            r = self.inverse(r)
        if kind in ("atanh", "acoth"):
            up = self.logarithm(self.total([ONE, r]))
            down = self.logarithm(self.total([ONE, self.negated(r)]))
            gap = self.total([up, self.negated(down)])
            return self.product(self.number(Fraction(1, 2)), gap)
        one = self.number(1 if kind == "asinh" else -1)
        root = self.rational_power(self.total([self.product(r, r), one]), Fraction(1, 2))
        return self.logarithm(self.total([r, root]))

    return read


def _norm(self: Summation, x: Expr) -> Ratio:
    inner = x.args[0]
    if not is_column(inner):
        raise Unsupported("a norm that is no root of a dot product")
    k = self.atom(
        Dot(inner, inner),
        lambda: Atom(
            "opaque",
            lambda: Dot(inner, inner),
            positive=True,
            vanishes=True,
            free=frozenset(x.free_symbols),
        ),
    )
    return Ratio(self.one_atom(k, Fraction(1, 2)))


def _dot(self: Summation, x: Expr) -> Ratio:
    k = self.atom(
        x,
        lambda: Atom(
            "opaque",
            lambda: x,
            positive=x.args[0] == x.args[1],
            vanishes=True,
            free=frozenset(x.free_symbols),
        ),
    )
    return Ratio(self.one_atom(k))


def _indexed(self: Summation, x: Expr) -> Ratio:
    k = self.atom(
        x,
        lambda: Atom(
            "symbol", lambda: x, bool(x.is_positive), is_real(x), frozenset(x.free_symbols)
        ),
    )
    return Ratio(self.one_atom(k))


def _constant(name: str) -> Any:
    def read(self: Summation, x: Expr) -> Ratio:
        k = self.atom(name, lambda: Atom(name, lambda: x, positive=True, numeric=True))
        return Ratio(self.one_atom(k))

    return read


READERS: dict[Any, Callable[[Any, Expr], Ratio]] = {
    type(S.Exp1): lambda self, x: self.exponential(ONE),
    type(S.Pi): _constant("pi"),
    type(S.EulerGamma): _constant("gamma"),
    type(S.Catalan): _constant("catalan"),
    type(S.ImaginaryUnit): lambda self, x: self.imaginary(),
    type(S.GoldenRatio): lambda self, x: self.read(S.Half + Pow(5, S.Half) / 2),
    exp: lambda self, x: self._exp_of(x.args[0]),
    log: lambda self, x: self.logarithm(_argument(self, x)),
    Abs: _abs,
    sign: _sign,
    Heaviside: _heaviside,
    Max: _extreme(1),
    Min: _extreme(-1),
    Piecewise: _piecewise,
    KroneckerDelta: lambda self, x: self._delta(x),
    Sum: lambda self, x: self._sum(x),
    OffSum: lambda self, x: self._off_sum(x),
    LambertW: _lambert,
    gamma: lambda self, x: _gamma(self, _argument(self, x)),
    factorial: _factorial,
    binomial: _binomial,
    Norm: _norm,
    Dot: _dot,
    Indexed: _indexed,
    erfc: lambda self, x: self.total([ONE, self.negated(self.read(erf(x.args[0])))]),
    hyperbolic.tanh: _fraction_of_exponentials((1, -1), (1, 1), False),
    hyperbolic.coth: _fraction_of_exponentials((1, 1), (1, -1), False),
    hyperbolic.sinh: _half_sum(-1, False, False),
    hyperbolic.cosh: _half_sum(1, False, False),
    hyperbolic.csch: _half_sum(-1, False, True),
    hyperbolic.sech: _half_sum(1, False, True),
    hyperbolic.asinh: _inverse_hyperbolic("asinh"),
    hyperbolic.acosh: _inverse_hyperbolic("acosh"),
    hyperbolic.atanh: _inverse_hyperbolic("atanh"),
    hyperbolic.acoth: _inverse_hyperbolic("acoth"),
    trigonometric.tan: _fraction_of_exponentials((1, -1), (1, 1), True),
    trigonometric.sin: _half_sum(-1, True, False),
    trigonometric.cos: _half_sum(1, True, False),
    trigonometric.cot: lambda self, x: self.product(
        _half_sum(1, True, False)(self, x), _half_sum(-1, True, True)(self, x)
    ),
    trigonometric.csc: _half_sum(-1, True, True),
    trigonometric.sec: _half_sum(1, True, True),
}
