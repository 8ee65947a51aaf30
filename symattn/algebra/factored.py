"""A value as one quotient with its factors, where the polynomials that this takes are not too long.

SymPy's polynomials are dense: `x - x**(10**10)` would be a list of ten thousand million numbers.
"""

from __future__ import annotations

from functools import lru_cache
from math import lcm

from sympy import Add, Basic, Expr, PolynomialError, Pow, exp, factor

MOST_DEGREE = 200
"""Of a polynomial that is factored, in all its letters and powers together."""


@lru_cache(maxsize=2000)
def factored(x: Expr) -> Expr:
    """Return a scalar over one denominator, in factors; as it is if its degree is too large.

    >>> from sympy import Symbol
    >>> t = Symbol("t", positive=True)
    >>> factored(t**2 / (1 + t) - 1 / (1 + t)), factored(t**3 - t ** (10**10))
    (t - 1, -t**10000000000 + t**3)
    """
    try:
        return x if too_long(x) else factor(x)  # it puts fractions together itself
    except (PolynomialError, NotImplementedError):
        return x


def too_long(x: Expr) -> bool:
    """Return whether the polynomials of a scalar are too long to be written out."""
    roots = _roots(x)
    return roots > MOST_DEGREE or _degree(x) * roots > MOST_DEGREE


def _roots(x: Expr) -> int:
    """Return the power of a new letter that each letter is, when all roots are powers of new ones."""
    return lcm(*(int(c.q) for e in x.atoms(Pow, exp) for c in _multiples(e)))


def _degree(x: Basic) -> int:
    """Return a bound for the degree of what a scalar is as a polynomial, denominators multiplied out."""
    if isinstance(x, (Pow, exp)):
        largest = max((abs(int(c)) for c in _multiples(x)), default=0)
        return max(1, largest) * max(1, _degree(x.as_base_exp()[0]))
    if x.is_Add or x.is_Mul:
        return sum(map(_degree, x.args))
    return 0 if x.is_Number else 1


def _multiples(power: Basic) -> list[Expr]:
    """Return the numbers before the letters of an exponent."""
    terms = Add.make_args(power.as_base_exp()[1])
    return [c for c in (term.as_coeff_Mul()[0] for term in terms) if c.is_Rational]
