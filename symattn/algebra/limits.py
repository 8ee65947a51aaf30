"""Limits in a safe form: a ratio of exponential polynomials is decided by its leading terms.

What is none is put together from the finite limits of its parts.

SymPy's `limit` may compare exponentials whose exponents hold merely positive symbols, and answer
wrongly without a word (its issue 22893).  Here each growth rate is compared exactly, and a rate
that cannot be compared is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sympy
from sympy import Expr, Mul, S, Symbol, exp, expand, fraction, log, oo, together

from symattn.errors import SymattnError


class NoSafeLimit(SymattnError):
    """The limit is not a ratio of exponential polynomials whose rates can be compared."""


@dataclass(frozen=True)
class Growth:
    """The growth `exp(rate) x**power log(x)**logs`, compared in this order.

    rate : a sum of terms `c x**a log(x)**b` that tend to infinity, or zero.
    """

    rate: Expr
    power: Expr
    logs: Expr
    variable: Symbol

    def exceeds(self, other: Growth) -> bool:
        gap = expand(self.rate - other.rate)
        if not gap.is_zero:
            return _is_positive(_leading(gap, self.variable))
        for mine, theirs in ((self.power, other.power), (self.logs, other.logs)):
            gap = expand(mine - theirs)
            if not gap.is_zero:
                return _is_positive(gap)
        return False


def _is_positive(gap: Expr) -> bool:
    if gap.is_positive:
        return True
    if gap.is_negative:
        return False
    raise NoSafeLimit(
        f"the sign of {gap} decides the limit and is not known",
        "give the gap a symbol of its own that is declared positive",
    )


def _monomial(term: Expr, x: Symbol) -> tuple[Expr, Expr, Expr]:
    """Return (a, b, c) of a term `c x**a log(x)**b`."""
    power, logs, coefficient = S.Zero, S.Zero, S.One
    for factor in Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        if not factor.has(x):
            coefficient *= factor
        elif base == x and not exponent.has(x):
            power += exponent
        elif base == log(x) and not exponent.has(x):
            logs += exponent
        else:
            raise NoSafeLimit(f"{factor} is not a power of {x} or of its logarithm")
    return power, logs, coefficient


def _leading(rate: Expr, x: Symbol) -> Expr:
    """Return the coefficient of the fastest term of a sum of powers and logarithms."""
    best: tuple[Expr, Expr, Expr] | None = None
    for term in rate.as_ordered_terms():
        power, logs, coefficient = _monomial(term, x)
        if best is None:
            best = power, logs, coefficient
            continue
        gap = expand(power - best[0])
        gap = expand(logs - best[1]) if gap.is_zero else gap
        if gap.is_zero:
            best = power, logs, best[2] + coefficient
        elif _is_positive(gap):
            best = power, logs, coefficient
    assert best is not None
    return best[2]


class _Terms:
    """An exponential polynomial in `x`: growth -> coefficient.

    `rough` holds the growths of which only the leading order was kept; when their coefficients
    cancel, what was dropped would decide.
    """

    def __init__(self, x: Symbol, terms: Expr) -> None:
        self.x = x
        self.rough: set[Growth] = set()
        found: dict[Growth, Expr] = {}
        for term in terms.as_ordered_terms():
            growth, coefficient, rough = self.split(term)
            found[growth] = found.get(growth, S.Zero) + coefficient
            if rough:
                self.rough.add(growth)
        self.found = {}
        for growth, coefficient in found.items():
            if not expand(coefficient).is_zero:
                self.found[growth] = coefficient
            elif growth in self.rough:
                raise NoSafeLimit("the leading terms cancel, and lower ones are not compared")

    def split(self, term: Expr) -> tuple[Growth, Expr, bool]:
        x = self.x
        rate, power, logs, coefficient, rough = S.Zero, S.Zero, S.Zero, S.One, False
        for factor in term.as_ordered_factors():
            base, exponent = factor.as_base_exp()
            if not factor.has(x):
                coefficient *= factor
            elif isinstance(factor, exp) or base == S.Exp1:
                constant, moving, vanishing = self.exponent(exponent)
                coefficient *= exp(constant)
                rate += moving
                rough = rough or vanishing
            elif base == x and not exponent.has(x):
                power += exponent
            elif base == log(x) and not exponent.has(x):
                logs += exponent
            elif base.is_Add and not exponent.has(x):
                inner = _Terms(x, expand(base, power_exp=False))
                lead = inner.lead()
                if not inner.found[lead].is_positive:
                    raise NoSafeLimit(f"the sign of {base} for large {x} is not known")
                coefficient *= inner.found[lead] ** exponent
                rate, power = rate + exponent * lead.rate, power + exponent * lead.power
                logs, rough = logs + exponent * lead.logs, True
            else:
                raise NoSafeLimit(f"{factor} is not a power or an exponential of {x}")
        return Growth(expand(rate), expand(power), expand(logs), x), coefficient, rough

    def exponent(self, exponent: Expr) -> tuple[Expr, Expr, bool]:
        """Return the constant part, what tends to infinity, and whether something vanishes."""
        constant, moving, vanishing = S.Zero, S.Zero, False
        for term in expand(exponent).as_ordered_terms():
            if not term.has(self.x):
                constant += term
                continue
            power, logs, _ = _monomial(term, self.x)
            decisive = logs if power.is_zero else power
            if _is_positive(decisive):
                moving += term
            else:
                vanishing = True
        return constant, moving, vanishing

    def lead(self) -> Growth:
        best = next(iter(self.found))
        for growth in self.found:
            if growth.exceeds(best):
                best = growth
        return best


def _logarithms(f: Expr, x: Symbol) -> Expr:
    """Write the logarithm of a monomial in `x` as a sum; that is exact for positive factors."""

    def visit(e: Expr) -> Expr:
        if not e.has(log) or not e.has(x):
            return e
        if not isinstance(e, log):
            return e.func(*[visit(a) for a in e.args])
        inner = expand(together(visit(e.args[0])))
        total = S.Zero
        for factor in Mul.make_args(inner if not inner.is_Add else together(inner)):
            base, exponent = factor.as_base_exp()
            if isinstance(factor, exp):
                total += factor.args[0]
            elif base == x or not factor.has(x):
                if not base.is_positive:
                    raise NoSafeLimit(f"the logarithm of {inner} needs {base} > 0")
                total += exponent * log(base)
            else:
                raise NoSafeLimit(f"log({inner}) is not the logarithm of a single term")
        return total

    return visit(f)


@lru_cache(maxsize=4096)
def limit_at_infinity(f: Expr, x: Symbol) -> Expr:
    """Return the limit of `f` as `x` tends to +oo.

    Raises
    ------
    NoSafeLimit : if the leading growth cannot be decided exactly.

    >>> from sympy import sqrt, symbols
    >>> b = Symbol("b", real=True)
    >>> n = Symbol("n", positive=True)
    >>> limit_at_infinity(exp(b) / (2 * exp(b) + n - 2), b)
    1/2
    >>> a, g = symbols("a g", positive=True)
    >>> limit_at_infinity(exp((a + g) * b) / (exp((a + g) * b) + exp(a * b)), b)
    1
    >>> p = Symbol("p", positive=True)
    >>> limit_at_infinity(exp(sqrt(p)) / (exp(sqrt(p)) + p**3), p), limit_at_infinity(log(p) / p, p)
    (1, 0)
    >>> limit_at_infinity(exp(-a * exp(-p)), p), limit_at_infinity(exp(-a * exp(p)), p)
    (1, 0)
    """
    if f.has(sympy.I):
        raise NoSafeLimit("it has no real value on the way")
    if not f.has(x):
        return f
    if x.is_positive is None or not x.is_real:
        y = Symbol(f"_{x.name}", positive=True)
        f, x = f.xreplace({x: y}), y
    try:
        return _of_leading_terms(f, x)
    except NoSafeLimit:
        value = _composed(f, x)
        if value is None:
            raise
        return value


def _composed(f: Expr, x: Symbol) -> Expr | None:
    """Return the limit that the limits of the parts give: sums, products, powers, exponentials."""
    if isinstance(f, sympy.Sum) and len(f.limits) == 1 and not any(e.has(x) for e in f.limits):
        try:  # of finitely many terms
            term = limit_at_infinity(f.function, x)
        except NoSafeLimit:
            return None
        ((index, low, high),) = f.limits
        if not term.is_finite:
            return None
        return sympy.Sum(term, *f.limits) if term.has(index) else (high - low + 1) * term
    if not (f.is_Add or f.is_Mul or isinstance(f, exp) or (f.is_Pow and not f.exp.has(x))):
        return None
    try:
        values = [limit_at_infinity(a, x) for a in f.args]
    except NoSafeLimit:
        return None
    if isinstance(f, exp):
        return S.Zero if values[0] == -oo else exp(values[0])
    if any(not value.is_finite for value in values):
        return None
    if f.is_Pow and not (values[0].is_positive or (f.exp.is_integer and f.exp.is_positive)):
        return None
    return f.func(*values)


def _of_leading_terms(f: Expr, x: Symbol) -> Expr:
    """Return the limit of a ratio of exponential polynomials."""
    numerator, denominator = fraction(together(_logarithms(f, x)))
    top = _Terms(x, expand(numerator, power_exp=False))
    bottom = _Terms(x, expand(denominator, power_exp=False))
    if not top.found:
        return S.Zero
    if not bottom.found:
        raise NoSafeLimit("the denominator is zero")
    high, low = top.lead(), bottom.lead()
    lead = bottom.found[low]
    if not (lead.is_nonzero or sympy.factor(lead).is_nonzero):
        raise NoSafeLimit(f"the limit is another one if {lead} is zero")
    lead_sign = top.found[high] / lead
    if high.exceeds(low):
        if lead_sign.is_positive:
            return oo
        if lead_sign.is_negative:
            return -oo
        raise NoSafeLimit(f"the sign of {lead_sign} decides the limit and is not known")
    if low.exceeds(high):
        return S.Zero
    return lead_sign


def limit_at_zero(f: Expr, x: Symbol) -> Expr:
    """Return the limit of `f` as `x` tends to 0 from above.

    >>> from sympy import Rational
    >>> e = Symbol("e", positive=True)
    >>> limit_at_zero((1 + e) / (2 + e**Rational(1, 2)), e)
    1/2
    >>> limit_at_zero(e * log(1 / e) ** 2, e), limit_at_zero(exp(-1 / e), e)
    (0, 0)
    """
    y = Symbol("_y", positive=True)
    return limit_at_infinity(f.subs(x, 1 / y), y)
