"""How the exact test reads each function of SymPy: over exponentials, logarithms and roots.

Guarantee.  A reader returns what equals the function at every real point where its logarithms and
roots are real; what it cannot say so of raises `Unsupported`, and becomes an atom of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import floor
from typing import Any

from sympy import (
    Abs,
    Add,
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

from symattn.algebra.conditions import larger, sign_noting_edges, truth
from symattn.algebra.factors import cancelled
from symattn.algebra.field import Field
from symattn.algebra.kernels import exponential, logarithm
from symattn.algebra.letters import Dot, Norm, OffSum, is_column
from symattn.algebra.polynomial_signs import never_zero, sign_of
from symattn.algebra.polynomials import (
    ONE,
    ZERO,
    Atom,
    Nowhere,
    Ratio,
    Unsupported,
)
from symattn.algebra.powers import imaginary_unit, magnitude_of, rational_power
from symattn.algebra.summation import read_delta, read_off_sum, read_sum
from symattn.algebra.symbols import is_real


def _argument(field: Field, x: Expr) -> Ratio:
    return field.read(x.args[0])


def _fraction_of_exponentials(
    top: tuple[int, int], bottom: tuple[int, int], imaginary: bool
) -> Any:
    """Return a reader of (a E + b) / (c E + d), where E = exp(2 x) or exp(2 i x)."""

    def read(field: Field, x: Expr) -> Ratio:
        angle = field.product(field.number(2), _argument(field, x))
        if imaginary:
            angle = field.product(imaginary_unit(field), angle)
        e = exponential(field, angle)
        over = field.total([field.product(field.number(top[0]), e), field.number(top[1])])
        under = field.total([field.product(field.number(bottom[0]), e), field.number(bottom[1])])
        ratio = field.product(over, field.inverse(under))
        return field.product(field.negated(imaginary_unit(field)), ratio) if imaginary else ratio

    return read


def _half_sum(s: int, imaginary: bool, inverted: bool) -> Any:
    """Return a reader of (E + s/E)/2, of sinh, cosh, sin, cos or their reciprocals."""

    def read(field: Field, x: Expr) -> Ratio:
        angle = _argument(field, x)
        if imaginary:
            angle = field.product(imaginary_unit(field), angle)
        up, down = exponential(field, angle), exponential(field, field.negated(angle))
        total = field.total([up, field.product(field.number(s), down)])
        half = field.product(field.number(Fraction(1, 2)), total)
        if imaginary and s < 0:
            half = field.product(field.negated(imaginary_unit(field)), half)
        return field.inverse(half) if inverted else half

    return read


def _abs(field: Field, x: Expr) -> Ratio:
    return field.over_deltas(_argument(field, x), partial(magnitude_of, field))


def _sign(field: Field, x: Expr) -> Ratio:
    r = _argument(field, x)
    if not r.top.terms:
        return ZERO
    return field.number(sign_noting_edges(field, r))


def _heaviside(field: Field, x: Expr) -> Ratio:
    r = _argument(field, x)
    if not r.top.terms:
        return field.read(x.args[1])
    s = sign_noting_edges(field, r)
    return field.read(x.args[1]) if s == 0 else ONE if s > 0 else ZERO


def _extreme(s: int) -> Any:
    def read(field: Field, x: Expr) -> Ratio:
        first, *rest = [field.read(a) for a in x.args]
        for other in rest:
            first = larger(field, first, other, s)
        return first

    return read


def _piecewise(field: Field, x: Expr) -> Ratio:
    for value, condition in x.args:
        if truth(field, condition):
            return field.read(value)
    raise Nowhere("no case of a piecewise function holds")


def _lambert(field: Field, x: Expr) -> Ratio:
    if len(x.args) > 1:
        raise Unsupported("another branch of the Lambert function")
    r = cancelled(field, _argument(field, x))
    if field.deltas(r) or not r.top.terms:
        raise Unsupported("the Lambert function of a delta")
    k = field.atom(
        ("lambert", r.top.key, r.under),
        lambda: Atom(
            "lambert",
            lambda: x,
            positive=sign_of(field, r.top) == 1
            and all(sign_of(field, field.under[k]) == 1 for k, _ in r.under),
            vanishes=not never_zero(field, r.top),
            free=frozenset(x.free_symbols),
            base=r,
            numeric=bool(x.is_number),
        ),
    )
    return Ratio(field.one_atom(k))


def _gamma(field: Field, argument: Ratio) -> Ratio:
    """Return gamma(z + k) = z (z + 1) ... (z + k - 1) gamma(z), with a constant of z in [0, 1)."""
    if argument.under or field.deltas(argument):
        raise Unsupported("the gamma function of a ratio")
    c = Fraction(argument.top.terms.get(0, 0))
    k = floor(c)
    if abs(k) > 60 or len(argument.top.terms) == (1 if c else 0):
        raise Unsupported("the gamma function of a number")
    z = field.total([argument, field.number(-k)])
    expr = gamma(field.ratio_expr(z))
    atom = field.atom(
        ("gamma", z.top.key),
        lambda: Atom(
            "opaque", lambda: expr, positive=sign_of(field, z.top) == 1, free=field.free(z.top)
        ),
    )
    result = Ratio(field.one_atom(atom))
    for i in range(abs(k)):
        step = field.total([z, field.number(i if k > 0 else -i - 1)])
        result = field.product(result, step if k > 0 else field.inverse(step))
    return result


def _factorial(field: Field, x: Expr) -> Ratio:
    return _gamma(field, field.total([_argument(field, x), ONE]))


def _binomial(field: Field, x: Expr) -> Ratio:
    n, k = (field.read(a) for a in x.args)
    rest = field.total([n, field.negated(k)])
    if not k.under and set(k.top.terms) <= {0}:
        count = Fraction(k.top.terms.get(0, 0))
        if count.denominator == 1 and 0 <= count <= 60:
            result = ONE
            for i in range(int(count)):
                step = field.total([n, field.number(-i)])
                result = field.product(result, step)
                result = field.product(result, field.number(Fraction(1, i + 1)))
            return result
    parts = [_gamma(field, field.total([r, ONE])) for r in (n, k, rest)]
    return field.product(parts[0], field.inverse(field.product(parts[1], parts[2])))


def _inverse_hyperbolic(kind: str) -> Any:
    def read(field: Field, x: Expr) -> Ratio:
        r = _argument(field, x)
        if kind == "acoth":
            r = field.inverse(r)
        if kind in ("atanh", "acoth"):
            up = logarithm(field, field.total([ONE, r]))
            down = logarithm(field, field.total([ONE, field.negated(r)]))
            gap = field.total([up, field.negated(down)])
            return field.product(field.number(Fraction(1, 2)), gap)
        one = field.number(1 if kind == "asinh" else -1)
        root = rational_power(field, field.total([field.product(r, r), one]), Fraction(1, 2))
        return logarithm(field, field.total([r, root]))

    return read


def _norm(field: Field, x: Expr) -> Ratio:
    inner = x.args[0]
    if not is_column(inner):
        raise Unsupported("a norm that is no root of a dot product")
    k = field.atom(
        Dot(inner, inner),
        lambda: Atom(
            "opaque",
            lambda: Dot(inner, inner),
            positive=True,
            vanishes=True,
            free=frozenset(x.free_symbols),
        ),
    )
    return Ratio(field.one_atom(k, Fraction(1, 2)))


def _dot(field: Field, x: Expr) -> Ratio:
    k = field.atom(
        x,
        lambda: Atom(
            "opaque",
            lambda: x,
            positive=x.args[0] == x.args[1],
            vanishes=True,
            free=frozenset(x.free_symbols),
        ),
    )
    return Ratio(field.one_atom(k))


def _indexed(field: Field, x: Expr) -> Ratio:
    k = field.atom(
        x,
        lambda: Atom(
            "symbol", lambda: x, bool(x.is_positive), is_real(x), frozenset(x.free_symbols)
        ),
    )
    return Ratio(field.one_atom(k))


def _constant(name: str) -> Any:
    def read(field: Field, x: Expr) -> Ratio:
        k = field.atom(name, lambda: Atom(name, lambda: x, positive=True, numeric=True))
        return Ratio(field.one_atom(k))

    return read


def exponential_of(field: Field, exponent: Expr) -> Ratio:
    """Return exp of an expression, apart for what stands over a denominator."""
    parts = [field.read(a) for a in Add.make_args(exponent)]
    plain = field.total(p for p in parts if not p.under)
    over = field.total(p for p in parts if p.under)
    return field.product(exponential(field, plain), exponential(field, over))


READERS: dict[Any, Callable[[Any, Expr], Ratio]] = {
    type(S.Exp1): lambda field, x: exponential(field, ONE),
    type(S.Pi): _constant("pi"),
    type(S.EulerGamma): _constant("gamma"),
    type(S.Catalan): _constant("catalan"),
    type(S.ImaginaryUnit): lambda field, x: imaginary_unit(field),
    type(S.GoldenRatio): lambda field, x: field.read(S.Half + Pow(5, S.Half) / 2),
    exp: lambda field, x: exponential_of(field, x.args[0]),
    log: lambda field, x: logarithm(field, _argument(field, x)),
    Abs: _abs,
    sign: _sign,
    Heaviside: _heaviside,
    Max: _extreme(1),
    Min: _extreme(-1),
    Piecewise: _piecewise,
    KroneckerDelta: read_delta,
    Sum: read_sum,
    OffSum: read_off_sum,
    LambertW: _lambert,
    gamma: lambda field, x: _gamma(field, _argument(field, x)),
    factorial: _factorial,
    binomial: _binomial,
    Norm: _norm,
    Dot: _dot,
    Indexed: _indexed,
    erfc: lambda field, x: field.total([ONE, field.negated(field.read(erf(x.args[0])))]),
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
    trigonometric.cot: lambda field, x: field.product(
        _half_sum(1, True, False)(field, x), _half_sum(-1, True, True)(field, x)
    ),
    trigonometric.csc: _half_sum(-1, True, True),
    trigonometric.sec: _half_sum(1, True, True),
}
