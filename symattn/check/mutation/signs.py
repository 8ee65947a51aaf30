"""Signs by the coefficients of polynomials: apart from `algebra.sign`, which a proof uses."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from sympy import (
    Add,
    Basic,
    Expr,
    Indexed,
    Integer,
    Mul,
    Poly,
    PolynomialError,
    Pow,
    S,
    Sum,
    Symbol,
    Tuple,
    exp,
    fraction,
    ilcm,
    log,
    together,
)

from symattn.algebra.letters import Norm, OffSum
from symattn.algebra.words import Rewriting, rewrite
from symattn.errors import BudgetExceeded, ShapeError


def certainly_nonnegative(x: Expr, rules: Rewriting, *, strict: bool = False) -> bool:
    """Tell whether a scalar is nonnegative, or positive, by the coefficients of a polynomial.

    Exponentials of positive symbols become `1 + u` with `u > 0`, other exponentials, norms and
    sums of positive terms become symbols, ranges from the hypotheses are put in; then all
    coefficients of numerator and denominator must be nonnegative.  A sum of logarithms becomes
    one product, which is compared with 1.

    >>> from sympy import symbols
    >>> from symattn.algebra.words import NOTHING
    >>> b, r = symbols("b r", positive=True)
    >>> certainly_nonnegative(r / (1 + exp(b / 2)) - r / (1 + exp(b)), NOTHING)
    True
    >>> certainly_nonnegative(exp(-b) - exp(-2 * b) - r, NOTHING)
    False
    >>> certainly_nonnegative(log(1 + r) - log(r), NOTHING)
    True
    """
    try:
        return any(
            _is_nonnegative(form.xreplace(dict(rules.ranges)), strict)
            for form in dict.fromkeys(_forms(x, rules))
        )
    except (ShapeError, BudgetExceeded):
        return False


def _forms(x: Expr, rules: Rewriting) -> Iterator[Expr]:
    """Yield forms of one value: rewritten, with sums opened, and with sums over others made one."""
    yield x
    rewritten = rewrite(x, rules)
    yield rewritten
    yield _opened(x)
    yield _opened(rewritten)
    merged = _merged(x)
    yield merged.xreplace({e: S.Zero for e in x.atoms(Indexed) if rewrite(e, rules) == 0})


def _merged(x: Expr) -> Expr:
    """Write a combination of sums over the same indices as one sum.

    >>> from sympy import symbols
    >>> l, n, i = symbols("l n i", integer=True, positive=True)
    >>> _merged(OffSum(exp(l), l, n, (i,)) - OffSum(1 / l, l, n, (i,)))
    OffSum(exp(l) - 1/l, l, n, (i,))
    """
    inside: dict[tuple[Basic, ...], Expr] = {}
    others: list[Expr] = []
    for term in Add.make_args(x):
        c, rest = term.as_coeff_Mul()
        if isinstance(rest, OffSum):
            inside[rest.args[1:]] = inside.get(rest.args[1:], S.Zero) + c * rest.args[0]
        else:
            others.append(term)
    return Add(*others, *[OffSum(f, *args) for args, f in inside.items()])


def _opened(x: Expr) -> Expr:
    """Write each sum over all indices as a sum over the others, and the terms that it leaves out.

    Where no sum says which these are, it is the index at which the terms outside of sums stand.
    """
    ways = sorted({s.args[3] for s in x.atoms(OffSum)}, key=lambda s: (-len({*s}), str(s)))
    if not ways:
        free = {
            p for e in x.atoms(Indexed) for p in e.indices if p.is_Symbol and p in x.free_symbols
        }
        ways = [Tuple(p) for p in sorted(free, key=str)]
    if not ways:
        return x
    apart = ways[0]

    def opened(e: Expr) -> Expr:
        if isinstance(e, OffSum):
            f, index, size, out = e.args
            left = {*out}  # a place that is named twice is left out once
        elif len(e.limits) == 1 and e.limits[0][1] == 1:
            (index, _, size), f, left = e.limits[0], e.function, set()
        else:
            return e
        if not left < {*apart}:
            return e
        terms = [f.subs(index, p) for p in apart if p not in left]
        return OffSum(f, index, size, apart) + Add(*terms)

    return x.replace(lambda e: isinstance(e, (Sum, OffSum)), opened)


def _is_nonnegative(x: Expr, strict: bool) -> bool:
    if not x.is_commutative:
        return False
    if _polynomial(x, strict) or _logarithms(x, strict):
        return True
    for s in sorted(x.free_symbols, key=str):
        if s.is_integer and s.is_nonnegative:  # a whole number is 0, or at least 1
            none = _without_empty_sums(x.subs(s, 0))
            return _polynomial(none, strict) and _polynomial(x.subs(s, s + 1), strict)
    return False


def _without_empty_sums(x: Expr) -> Expr:
    """Drop sums over the other indices where there are no others."""
    empty = {s: S.Zero for s in x.atoms(OffSum) if s.args[2] == len(s.args[3].args)}
    return x.xreplace(empty)


def _logarithms(x: Expr, strict: bool) -> bool:
    """Tell whether a sum of multiples of logarithms is that of a number that is at least 1."""
    terms = [term.as_coeff_Mul() for term in Add.make_args(x)]
    if not all(c.is_Rational and isinstance(a, log) for c, a in terms):
        return False
    common = int(reduce(ilcm, (c.q for c, _ in terms), Integer(1)))
    product = Mul(*[a.args[0] ** (c * common) for c, a in terms])
    return all(_polynomial(a.args[0], True) for _, a in terms) and _polynomial(product - 1, strict)


def _polynomial(x: Expr, strict: bool) -> bool:
    top, bottom = fraction(together(_positive_atoms(x)))
    try:
        return _coefficients(top.expand(), strict) and _coefficients(bottom.expand(), True)
    except PolynomialError:
        return False


def _coefficients(x: Expr, strict: bool) -> bool:
    """Tell whether a polynomial has nonnegative coefficients in nonnegative symbols."""
    if x == 0:
        return not strict
    symbols = sorted(x.free_symbols, key=str)
    if not all(s.is_nonnegative for s in symbols):
        return False
    if not symbols:
        return bool(x.is_positive) if strict else bool(x.is_nonnegative)
    terms = Poly(x, *symbols).terms()
    if not all(c.is_nonnegative for _, c in terms):
        return False
    certain = [s.is_positive for s in symbols]
    return not strict or any(
        c.is_positive and all(p or not power for p, power in zip(certain, powers))
        for powers, c in terms
    )


def _constant_out(x: Expr) -> Expr:
    """Take a constant factor out of a norm or of a sum over the other indices."""
    if isinstance(x, Norm):
        c, rest = x.args[0].as_coeff_Mul()
        return abs(c) * Norm(rest)
    f, l, n, apart = x.args
    c, rest = f.expand(power_exp=True, deep=False).as_independent(l, as_Add=False)
    if rest == 1:
        return c * (n - len(apart.args))
    return c * OffSum(rest, l, n, apart)


def _positive_atoms(x: Expr) -> Expr:
    """Write norms, sums of positive terms and exponentials as symbols."""
    names: dict[Expr, Expr] = {}
    x = x.replace(lambda e: isinstance(e, (OffSum, Norm)), _constant_out)
    for e in sorted(x.atoms(Sum, OffSum, Norm), key=str):
        if isinstance(e, Norm) or e.args[0].is_nonnegative or _polynomial(e.args[0], False):
            # A sum over the other indices may be empty, unless it is known that there are some.
            some = isinstance(e, OffSum) and (e.args[2] - len(e.args[3].args)).is_positive
            sign = {"positive": True} if some and _polynomial(e.args[0], True) else {}
            names[e] = Symbol(f"_sum{len(names)}", **(sign or {"nonnegative": True}))
    for e in sorted(x.atoms(Pow), key=str):
        if e.base in names or e.base.is_nonnegative:
            continue
        if e.exp.is_even and e.exp.is_positive and e.base.is_real:
            names[e] = Symbol(f"_square{len(names)}", nonnegative=True)
    for e in sorted(x.atoms(Indexed), key=str):
        if e.is_nonnegative:
            names[e] = Symbol(f"_{e}", positive=e.is_positive, nonnegative=True)
    flat = x.xreplace(names)
    flat = flat.replace(lambda e: isinstance(e, exp), lambda e: exp(e.args[0].expand()))
    rates: dict[Expr, list[Expr]] = {}
    for e in flat.atoms(exp):
        for term in Add.make_args(e.args[0]):
            coefficient, base = term.as_coeff_Mul()
            if coefficient.is_Rational:
                rates.setdefault(base, []).append(coefficient)
    bases: dict[Expr, tuple[Expr, int]] = {}
    for at, base in enumerate(sorted(rates, key=str)):
        common = int(reduce(ilcm, (c.q for c in rates[base]), Integer(1)))
        # The exponential of what may be 0 is at least 1, and a number above 0 in any case.
        large = base.is_nonnegative
        unit = Symbol(f"_u{at}", positive=base.is_positive or not large or None, nonnegative=True)
        bases[base] = (1 + unit if large else unit, common)

    def power(e: Expr) -> Expr:
        factors = []
        for term in Add.make_args(e.args[0]):
            coefficient, base = term.as_coeff_Mul()
            if base not in bases:
                return e
            unit, common = bases[base]
            factors.append(unit ** (coefficient * common))
        return Mul(*factors)

    return flat.replace(lambda e: isinstance(e, exp), power)
