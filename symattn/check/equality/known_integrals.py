r"""Integrals with a closed form in a short table: Gaussian moments, and Euler's beta and gamma integrals.

Source: Abramowitz and Stegun, 6.1.1, 6.2.1, 6.3, 7.4; each row is compared with quadrature in
tests/test_equal_language.py.  What is written for an integral is not proved by the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sympy import (
    Add,
    Dummy,
    Expr,
    Gt,
    Integral,
    Mul,
    Poly,
    PolynomialError,
    S,
    binomial,
    digamma,
    exp,
    expand_log,
    expand_power_exp,
    factorial2,
    gamma,
    log,
    oo,
    pi,
    sqrt,
)

from symattn.algebra.sign import positive
from symattn.algebra.symbols import of_kind

MOST = 12  # of a power in a Gaussian moment
NOTE = "integrals of Gauss and Euler are replaced by their values"


def settled(x: Expr) -> Expr:
    r"""Return an expression with the integrals of the table replaced by their values.

    >>> from sympy import Symbol
    >>> x, a = Symbol("x", real=True), Symbol("a", positive=True)
    >>> settled(Integral(x**2 * exp(-a * x**2), (x, -oo, oo)))
    sqrt(pi)/(2*a**(3/2))
    >>> settled(Integral(x ** (a - 1) * exp(-x), (x, 0, oo)))
    gamma(a)
    """
    if not of_kind(Integral, x):
        return x
    if not isinstance(x, Integral):
        found: Expr = x.func(*[settled(a) if isinstance(a, Expr) else a for a in x.args])
        return found
    first, *rest = x.limits
    inner = settled(x.function)
    rule = _TABLE.get(tuple(first.args[1:]))
    value = None if rule is None else _sum_of_terms(inner, first.args[0], rule)
    if value is None:
        return Integral(inner, *x.limits)
    return settled(Integral(value, *rest)) if rest else value


def settled_where(x: Expr, given: Iterable[object]) -> Expr:
    """Return the same where some letters are said to be positive."""
    said = [g.lhs for g in given if isinstance(g, Gt) and g.lhs.is_Symbol and g.rhs.is_zero]
    change = {s: Dummy(s.name, positive=True) for s in said}
    return settled(x.xreplace(change)).xreplace({d: s for s, d in change.items()})


Rule = Callable[[Expr, Expr], "Expr | None"]


def _sum_of_terms(f: Expr, x: Expr, rule: Rule) -> Expr | None:
    f = expand_log(f, force=False) if f.has(log) else f
    values = []
    for term in Add.make_args(f.expand(power_exp=False, power_base=False, log=False)):
        fixed, moving = term.as_independent(x, as_Add=False)
        value = rule(moving, x)
        if value is None:
            return None
        values.append(fixed * value)
    return Add(*values).simplify() if len(values) == 1 else Add(*values)


def _gaussian(f: Expr, x: Expr) -> Expr | None:
    """`x^k exp(-A x^2 + B x + C)` over the line, for A > 0."""
    powers = [g for g in Mul.make_args(f) if isinstance(g, exp)]
    rest = Mul(*[g for g in Mul.make_args(f) if not isinstance(g, exp)])
    base, k = rest.as_base_exp() if rest != 1 else (x, S.Zero)
    if base != x or not k.is_Integer or not 0 <= k <= MOST:
        return None
    try:
        quadratic = Poly(Add(*[g.args[0] for g in powers]).expand(), x)
    except PolynomialError:
        return None
    if quadratic.degree() != 2:
        return None
    c, b, a = (quadratic.coeff_monomial(x**n) for n in range(3))
    if not _positive(-a):
        return None
    mean, variance = -b / (2 * a), -1 / (2 * a)
    return (
        sqrt(2 * pi * variance) * exp(c - b**2 / (4 * a)) * gaussian_moment(int(k), mean, variance)
    )


def gaussian_moment(k: int, mean: Expr, variance: Expr) -> Expr:
    """Return the k-th moment: the sum over even j of binomial(k, j) m^(k-j) v^(j/2) (j-1)!!."""
    return Add(*[
        binomial(k, j) * mean ** (k - j) * variance ** (j // 2) * factorial2(j - 1)
        for j in range(0, k + 1, 2)
    ])  # fmt: skip


def _split(f: Expr, x: Expr, bases: tuple[Expr, ...]) -> tuple[list[Expr], list[Expr]] | None:
    """Return the powers of some bases, and the logarithms of them, that make up a product."""
    powers = [S.Zero for _ in bases]
    logarithms: list[Expr] = []
    for g in Mul.make_args(expand_power_exp(f)):
        base, k = g.as_base_exp()
        if base in bases and not k.has(x):
            powers[bases.index(base)] += k
        elif isinstance(g, log) and g.args[0] in bases:
            logarithms.append(g.args[0])
        else:
            return None
    return (powers, logarithms) if len(logarithms) < 2 else None


def _beta(f: Expr, x: Expr) -> Expr | None:
    """`x^(p-1) (1-x)^(q-1)` over 0 to 1 for p, q > 0, and times a logarithm of x or 1 - x."""
    f = f.xreplace({log(e): log(1 - x) for e in (1 - x,)})
    found = _split(f, x, (x, 1 - x))
    if found is None:
        return None
    (p, q), logarithms = [k + 1 for k in found[0]], found[1]
    if not (_positive(p) and _positive(q)):
        return None
    value = gamma(p) * gamma(q) / gamma(p + q)
    for base in logarithms:
        value *= digamma(p if base == x else q) - digamma(p + q)
    return value


def _gamma(f: Expr, x: Expr) -> Expr | None:
    """`x^(p-1) exp(-b x)` over 0 to infinity for p, b > 0, and times a logarithm of x."""
    powers = [g for g in Mul.make_args(f) if isinstance(g, exp)]
    rate = -Add(*[g.args[0] for g in powers])
    b = rate.coeff(x)
    found = _split(Mul(*[g for g in Mul.make_args(f) if not isinstance(g, exp)]), x, (x,))
    if found is None or (rate - b * x).expand() != 0 or not _positive(b):
        return None
    p = found[0][0] + 1
    if not _positive(p):
        return None
    value = gamma(p) / b**p
    return value * (digamma(p) - log(b)) if found[1] else value


def _positive(x: Expr) -> bool:
    """Tell whether something is positive wherever it is not zero or without a value."""
    signed = {s: Dummy(real=True, nonzero=True) for s in x.free_symbols if s.is_positive is None}
    return bool(positive(x) or x.xreplace(signed).is_positive)


_TABLE: dict[tuple[Expr, Expr], Rule] = {
    (-oo, oo): _gaussian,
    (S.Zero, S.One): _beta,
    (S.Zero, oo): _gamma,
}
