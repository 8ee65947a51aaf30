"""Limits in a safe form: a ratio of exponential polynomials is decided by its leading terms.

SymPy's `limit` may compare exponentials whose exponents hold merely positive symbols, and answer
wrongly without a word (its issue 22893).  Here each growth rate is compared exactly, and a rate
that cannot be compared is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Rational, S, Symbol, exp, expand, fraction, oo, together

from symattn.errors import SymattnError


class NoSafeLimit(SymattnError):
    """The limit is not a ratio of exponential polynomials whose rates can be compared."""


@dataclass(frozen=True)
class Growth:
    """The growth `exp(rate x) x**power`; compared by rate, then by power."""

    rate: Expr
    power: Expr

    def exceeds(self, other: Growth) -> bool:
        for mine, theirs in ((self.rate, other.rate), (self.power, other.power)):
            gap = expand(mine - theirs)
            if gap.is_zero:
                continue
            if gap.is_positive:
                return True
            if gap.is_negative:
                return False
            raise NoSafeLimit(
                f"the sign of {gap} decides the limit and is not known",
                "give the gap a symbol of its own that is declared positive",
            )
        return False


def _split(x: Expr, terms: Expr) -> dict[Growth, Expr]:
    """Return growth -> coefficient of an exponential polynomial in the symbol `x`."""
    found: dict[Growth, Expr] = {}
    for term in terms.as_ordered_terms():
        rate, power, coefficient = S.Zero, S.Zero, S.One
        for factor in term.as_ordered_factors():
            base, exponent = factor.as_base_exp()
            if not factor.has(x):
                coefficient *= factor
            elif isinstance(factor, exp) or base == S.Exp1:
                poly = expand(exponent).as_poly(x)
                if poly is None or poly.degree() > 1:
                    raise NoSafeLimit(f"{factor} is not an exponential of a linear form in {x}")
                rate += poly.coeff_monomial(x)
                coefficient *= exp(poly.coeff_monomial(1))
            elif base == x and not exponent.has(x):
                power += exponent
            else:
                raise NoSafeLimit(f"{factor} is not a power or an exponential of {x}")
        growth = Growth(rate, power)
        found[growth] = found.get(growth, S.Zero) + coefficient
    return {g: c for g, c in found.items() if not expand(c).is_zero}


def _lead(terms: dict[Growth, Expr]) -> Growth:
    best = next(iter(terms))
    for growth in terms:
        if growth.exceeds(best):
            best = growth
    return best


def limit_at_infinity(f: Expr, x: Symbol) -> Expr:
    """Return the limit of `f` as `x` tends to +oo.

    Raises
    ------
    NoSafeLimit : if the leading growth cannot be decided exactly.

    >>> from sympy import symbols
    >>> b = Symbol("b", real=True)
    >>> n = Symbol("n", positive=True)
    >>> limit_at_infinity(exp(b) / (2 * exp(b) + n - 2), b)
    1/2
    >>> a, g = symbols("a g", positive=True)
    >>> limit_at_infinity(exp((a + g) * b) / (exp((a + g) * b) + exp(a * b)), b)
    1
    """
    numerator, denominator = fraction(together(f))
    top = _split(x, expand(numerator, power_exp=False))
    bottom = _split(x, expand(denominator, power_exp=False))
    if not top:
        return S.Zero
    high, low = _lead(top), _lead(bottom)
    lead_sign = top[high] / bottom[low]
    if high.exceeds(low):
        if lead_sign.is_positive:
            return oo
        if lead_sign.is_negative:
            return -oo
        raise NoSafeLimit(f"the sign of {lead_sign} decides the limit and is not known")
    if low.exceeds(high):
        return S.Zero
    return lead_sign  # type: ignore[no-any-return]


def limit_at_zero(f: Expr, x: Symbol) -> Expr:
    """Return the limit of a rational function of roots of `x` as `x` tends to 0 from above.

    >>> e = Symbol("e", positive=True)
    >>> limit_at_zero((1 + e) / (2 + e**Rational(1, 2)), e)
    1/2
    """
    y = Symbol("_y", positive=True)
    return limit_at_infinity(f.subs(x, 1 / y), y)
