"""Exponentials and logarithms of rational functions over atoms.

Guarantee.  Everything is read over the reals: an identity is meant at the points where every
logarithm has a positive argument and every even root a non-negative one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Pow, S, exp, factorint, log

from symattn.algebra.polynomial_signs import Assume, NeedSign
from symattn.algebra.polynomials import (
    ONE,
    ONE_POLYNOMIAL,
    WIDTH,
    Atom,
    Monomial,
    Number,
    Polynomial,
    Ratio,
    magnitude,
    tidy,
)
from symattn.algebra.powers import Powers

LARGE = 1 << 20


class Kernels(Powers):
    """The field with the transcendental and algebraic functions on it."""

    # exponentials ------------------------------------------------------------------------------

    def exponential(self, r: Ratio) -> Ratio:
        """Return exp(r)."""
        return self.over_deltas(r, self._exponential)

    def _exponential(self, r: Ratio) -> Ratio:
        if not r.top.terms:
            return ONE
        r = self.cancelled(r)
        result = ONE
        under = None if not r.under else r.under
        below = ONE_POLYNOMIAL
        if under:
            for k, e in under:
                below = self.times(below, self.power(self.under[k], e))
        for m, c in r.top.terms.items():
            factor = None if under else self._special_exponential(m, c)
            if factor is None:
                factor = self._plain_exponential(m, c, below)
            result = self.product(result, factor)
        return result

    def _special_exponential(self, m: Monomial, c: Number) -> Ratio | None:
        """Return exp(c m) where m is a logarithm, a Lambert function or imaginary; else None."""
        exponents = self.exponents(m)
        kinds = {self.atoms[k].kind for k, _ in exponents}
        if "unit" in kinds:
            return self._turn(m, c)
        if len(exponents) != 1:
            return None
        ((k, e),) = exponents
        atom = self.atoms[k]
        if e != self.scale:
            return None
        if atom.kind in {"log", "loginteger"}:
            if magnitude(c) > LARGE or c.denominator > LARGE:
                return None
            return self.base_power(atom.base, c)
        if atom.kind == "log of ratio" and c.denominator == 1 and magnitude(c) <= LARGE:
            return self.whole_power(atom.base, int(c))
        if atom.kind == "logabs":
            if c % 2 == 0:
                return self.base_power(atom.base, c)
            return self.magnitude_power(atom.base, Fraction(c))
        if atom.kind == "lambert":
            whole = Fraction(c) if atom.positive else Fraction(int(c))
            if not whole or abs(whole) > LARGE:
                return None
            inner = self.rational_power(atom.base, whole)
            part = self.product(inner, self.base_power(self.one_atom(k), -whole))
            rest = Fraction(c) - whole
            if rest:
                part = self.product(part, self._plain_exponential(m, tidy(rest), ONE_POLYNOMIAL))
            return part
        return None

    def _turn(self, m: Monomial, c: Number) -> Ratio | None:
        """Return exp(c m) for m = I pi times a whole monomial, a root of unity."""
        rest = m - (self.scale << (WIDTH * self.index["I"]))
        whole = True
        circle = self.index.get("pi")
        if circle is None or self.exponent(rest, circle) != self.scale:
            return None
        rest -= self.scale << (WIDTH * circle)
        for k, e in self.exponents(rest):
            whole = whole and bool(self.atoms[k].expr.is_integer) and e > 0 and e % self.scale == 0
        if not whole:
            return None
        if rest == 0:
            return self.monomial(0, 1) if c % 2 == 0 else self._unity(c)
        if c.denominator != 1:
            return None
        return self.parity(rest) if c % 2 else ONE

    def _unity(self, c: Number) -> Ratio:
        twice = c * 2
        if twice.denominator == 1:
            return self.whole_power(self.imaginary(), twice.numerator)
        k = self.atom(
            "unity",
            lambda: Atom("unity", lambda: S.NegativeOne, real=False, numeric=False),
        )
        whole, rest = divmod(Fraction(c), 1)
        return self.product(self.number(-1 if whole % 2 else 1), Ratio(self.one_atom(k, rest)))

    def parity(self, m: Monomial) -> Ratio:
        """Return (-1)**m for a monomial of integer symbols, whose own powers do not matter."""
        flat = 0
        for k, _ in self.exponents(m):
            flat += self.scale << (WIDTH * k)
        k = self.atom(
            ("parity", flat),
            lambda: Atom(
                "parity",
                lambda: Pow(S.NegativeOne, self.monomial_expr(flat)),
                free=self.free(self.polynomial({flat: 1})),
            ),
        )
        return Ratio(self.one_atom(k))

    def _plain_exponential(self, m: Monomial, c: Number, below: Polynomial) -> Ratio:
        key: tuple[Any, ...] = ("exp", m, below.key)
        exponent: Number = c
        inside: Number = 1
        if magnitude(c) > LARGE or c.denominator > 1024:
            inside, exponent = magnitude(c), (1 if c > 0 else -1)
            key = (*key, inside)
        k = self.atom(key, lambda: self._exponential_atom(m, inside, below))
        return Ratio(self.one_atom(k, exponent))

    def _exponential_atom(self, m: Monomial, c: Number, below: Polynomial) -> Atom:
        monomial = self.polynomial({m: c})
        atoms = [self.atoms[k] for p in (monomial, below) for k in self.support(p)]
        real = all(a.real for a in atoms)
        over = Ratio(monomial)
        if len(below.terms) > 1:
            over = Ratio(monomial, ((self.intern(below), 1),))
        return Atom(
            "exp",
            lambda: exp(self.ratio_expr(over)),
            positive=real,
            real=real,
            free=self.free(monomial) | self.free(below),
            base=over,
            numeric=all(a.numeric for a in atoms),
        )

    # logarithms --------------------------------------------------------------------------------

    def logarithm(self, r: Ratio) -> Ratio:
        """Return log(r), split over the factors whose signs allow it.

        Raises
        ------
        Unsupported : when r is known to be negative or zero.
        """
        return self.over_deltas(r, self._logarithm)

    def _logarithm(self, r: Ratio) -> Ratio:
        r = self.here(r)
        if not r.top.terms:
            raise self.not_real("the logarithm of zero")
        c, found = self.factors(self.cancelled(r))
        terms = [self._log_of_number(magnitude(c))]
        negative = c < 0
        unknown: list[tuple[Polynomial, Number]] = []
        for b, e in found:
            s = self.sign(b)
            if s is None:
                self.require_real(b)
            if s is None and e % 2:
                unknown.append((b, e))
                continue
            if s is None:
                k = self.log_atom(b, "logabs")
                terms.append(self.product(self.number(e), Ratio(self.one_atom(k))))
                continue
            if s < 0:
                negative = negative != bool(e % 2)
                b = self.times_number(b, -1)
            terms.append(self.product(self.number(e), self.log_of_base(b)))
        if unknown:
            terms.append(self._log_of_unknown(unknown, negative))
        elif negative:
            raise self.not_real("the logarithm of a negative number")
        return self.total(terms)

    def _log_of_unknown(self, unknown: list[tuple[Polynomial, Number]], negative: bool) -> Ratio:
        if len(unknown) == 1:
            ((b, e),) = unknown
            if negative:
                b = self.times_number(b, -1)
            self.assume(b)
            return self.product(self.number(e), self.log_of_base(b))
        inside = self.number(-1 if negative else 1)
        for b, e in unknown:
            # only the sign of each factor decides whether the product has a logarithm; of its
            # size log |b| comes out, but the domain stays that of the product
            inside = self.product(inside, self.base_power(b, e))
        k = self.log_atom_of_ratio(inside)
        return Ratio(self.one_atom(k))

    def log_atom_of_ratio(self, r: Ratio) -> int:
        if not r.under:
            return self.log_atom(r.top, "log")
        return self.atom(
            ("log of ratio", r.top.key, r.under),
            lambda: Atom(
                "log of ratio",
                lambda: log(self.ratio_expr(r)),
                free=self.free(r.top).union(*(self.free(self.under[k]) for k, _ in r.under)),
                base=r,
            ),
        )

    def log_of_base(self, b: Polynomial) -> Ratio:
        """Return the logarithm of one factor that is positive."""
        if len(b.terms) == 1:
            ((m, c),) = b.terms.items()
            exponents = self.exponents(m)
            if m == 0:
                return self._log_of_number(c)
            if c == 1 and len(exponents) == 1 and exponents[0][1] == self.scale:
                atom = self.atoms[exponents[0][0]]
                if atom.kind == "exp":
                    return atom.base
                if atom.kind == "lambert":
                    whole = Ratio(self.one_atom(exponents[0][0]))
                    return self.total([self.logarithm(atom.base), self.negated(whole)])
        return Ratio(self.one_atom(self.log_atom(b, "log")))

    def _log_of_number(self, c: Number) -> Ratio:
        terms = []
        for n, s in ((c.numerator, 1), (c.denominator, -1)):
            if n == 1:
                continue
            primes = factorint(n, limit=1 << 12) if n.bit_length() < 400 else {n: 1}
            for prime, multiplicity in sorted(primes.items()):
                k = self.log_atom(self.constant(int(prime)), "log")
                terms.append(self.product(self.number(s * multiplicity), Ratio(self.one_atom(k))))
        return self.total(terms)

    def log_atom(self, b: Polynomial, kind: str) -> int:
        def make() -> Atom:
            support = self.support(b)
            above_one = self.plus([b, self.constant(-1)])
            return Atom(
                kind,
                lambda: log(self.expr(b) if kind == "log" else abs(self.expr(b))),
                positive=kind == "log" and self.sign(above_one) == 1,
                vanishes=not self.never_zero(above_one),
                free=self.free(b),
                base=b,
                numeric=all(self.atoms[k].numeric for k in support),
            )

        return self.atom((kind, b.key), make)


__all__ = ["Assume", "Kernels", "NeedSign"]
