"""Sparse polynomials and ratios over atoms, and what one zero test may spend: the data alone.

A monomial is one integer: the exponent of atom k, times the scale of its field, sits in its k-th
field of 64 bits, so that a product of monomials is an integer sum and an exponent may be any
fraction whose denominator divides the scale (`x**(1/2)`, `exp(x/3)`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sympy import Expr, Rational

from symattn.errors import BudgetExceeded

WIDTH = 64
FULL = 1 << WIDTH
MASK = FULL - 1
HALF = FULL >> 1
REACH = 1 << (WIDTH - 4)

Number = int | Fraction
Monomial = int


class Nowhere(ArithmeticError):
    """An expression that has no real value at any point of the case that is being decided."""


class Unsupported(ArithmeticError):
    """An expression that the field cannot hold."""


class Rescale(Exception):
    """An exponent whose denominator does not divide the scale; `scale` is one that it does."""

    def __init__(self, scale: int) -> None:
        super().__init__(scale)
        self.scale = scale


@dataclass(frozen=True)
class Limits:
    """What one zero test may use.

    terms: of a polynomial; work: term products; bits: of a coefficient; seconds: of the processor;
    cases: signs and equal indices that are told apart.
    """

    terms: int = 20_000
    work: int = 3_000_000
    bits: int = 60_000
    seconds: float = 4.0
    cases: int = 48


@dataclass
class Meter:
    """Counts the work of one zero test and stops it before it blows up."""

    limits: Limits
    work: int = 0
    deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self.deadline = time.thread_time() + self.limits.seconds

    def spend(self, amount: int) -> None:
        """Count work.

        Raises
        ------
        BudgetExceeded : when the work or the time is used up.
        """
        self.work += amount
        if self.work > self.limits.work or time.thread_time() > self.deadline:
            raise BudgetExceeded("the zero test used up its budget", "raise the limits")


@dataclass
class Atom:
    """A generator of the field: a symbol, an exponential, a logarithm, a root, a sum, ...

    positive : whether it has no negative value; vanishes : whether it may be zero all the same.
    """

    kind: str
    make: Callable[[], Expr]
    positive: bool = False
    real: bool = True
    free: frozenset[Any] = frozenset()
    base: Any = None  # of a root: its Polynomial; of a logarithm: that of its argument
    numeric: bool = False
    vanishes: bool = False
    _expr: Expr | None = None

    @property
    def expr(self) -> Expr:
        if self._expr is None:
            self._expr = self.make()
        return self._expr


class Polynomial:
    """Monomials and their coefficients; `reach` bounds every exponent, `ruled` tells of rules."""

    __slots__ = ("terms", "reach", "ruled", "_key")

    def __init__(self, terms: dict[Monomial, Number], reach: int, ruled: bool) -> None:
        self.terms = terms
        self.reach = reach
        self.ruled = ruled
        self._key: frozenset[tuple[Monomial, Number]] | None = None

    @property
    def key(self) -> frozenset[tuple[Monomial, Number]]:
        if self._key is None:
            self._key = frozenset(self.terms.items())
        return self._key


Denominator = tuple[tuple[int, int], ...]


class Ratio:
    """A polynomial over a product of powers of interned polynomials."""

    __slots__ = ("top", "under")

    def __init__(self, top: Polynomial, under: Denominator = ()) -> None:
        self.top = top
        self.under = under


RULED = frozenset({"root", "unit", "parity", "delta", "unity"})
ONE_POLYNOMIAL = Polynomial({0: 1}, 0, False)
ONE = Ratio(ONE_POLYNOMIAL)
ZERO = Ratio(Polynomial({}, 0, False))


def tidy(c: Number) -> Number:
    """Return a whole fraction as an integer."""
    return c.numerator if c.denominator == 1 else c


def number_power(c: Number, n: int) -> Number:
    """Return c**n exactly."""
    top, bottom = (c.numerator, c.denominator) if n >= 0 else (c.denominator, c.numerator)
    if bottom < 0:
        top, bottom = -top, -bottom
    return tidy(Fraction(top ** abs(n), bottom ** abs(n)))


def magnitude(c: Number) -> Number:
    """Return |c|."""
    return -c if c < 0 else c


def to_rational(c: Number) -> Rational:
    """Return a coefficient as SymPy writes it."""
    return Rational(c.numerator, c.denominator)


def bits(p: Polynomial) -> int:
    """Return the size of the largest coefficient in bits."""
    return max(
        (c.numerator.bit_length() + c.denominator.bit_length() for c in p.terms.values()),
        default=0,
    )
