"""Factors of polynomials over atoms, where they are cheap to find, and lowest terms.

Guarantee.  A product of the factors is the polynomial; that a factor is irreducible is only meant
where SymPy was asked, never relied on for a proof of equality.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import Any

from sympy import QQ
from sympy.polys.polyerrors import PolynomialError
from sympy.polys.rings import PolyElement, PolyRing

from symattn.algebra.field import Field
from symattn.algebra.polynomials import (
    ONE_POLYNOMIAL,
    WIDTH,
    Meter,
    Monomial,
    Number,
    Polynomial,
    Ratio,
    tidy,
)

Factors = list[tuple[Polynomial, Number]]


class Factoring(Field):
    """The field with factors and lowest terms."""

    def __init__(self, meter: Meter, scale: int = 2) -> None:
        super().__init__(meter, scale)
        self._factors: dict[Any, list[tuple[Polynomial, int]]] = {}

    def _ring(self, *polynomials: Polynomial) -> tuple[list[int], list[int], PolyRing]:
        steps: dict[int, int] = {}
        for p in polynomials:
            for m in p.terms:
                for k, e in self.exponents(m):
                    steps[k] = gcd(steps.get(k, self.scale), e)
        atoms = sorted(steps)
        ring = PolyRing(tuple(f"x{k}" for k in atoms), QQ, "lex")
        return atoms, [steps[k] for k in atoms], ring

    def _into(self, p: Polynomial, atoms: list[int], steps: list[int], ring: PolyRing) -> Any:
        terms = {}
        for m, c in p.terms.items():
            exponents = [0] * len(atoms)
            for k, e in self.exponents(m):
                at = atoms.index(k)
                exponents[at] = e // steps[at]
            terms[tuple(exponents)] = QQ(c.numerator, c.denominator)
        return ring.from_dict(terms)

    def _out_of(self, element: PolyElement, atoms: list[int], steps: list[int]) -> Polynomial:
        terms: dict[Monomial, Number] = {}
        for exponents, c in element.terms():
            m = 0
            for k, step, e in zip(atoms, steps, exponents, strict=True):
                m += (e * step) << (WIDTH * k)
            terms[m] = tidy(Fraction(int(c.numerator), int(c.denominator)))
        return self.polynomial(terms)

    def factored(self, q: Polynomial) -> list[tuple[Polynomial, int]]:
        """Return the irreducible factors of a primitive polynomial, where that is cheap."""
        found = self._factors.get(q.key)
        if found is None:
            found = self._factors[q.key] = self._factor(q)
        return found

    def _factor(self, q: Polynomial) -> list[tuple[Polynomial, int]]:
        if len(q.terms) == 1:
            return []
        degrees: dict[int, list[int]] = {}
        for m in q.terms:
            for k, e in self.exponents(m):
                degrees.setdefault(k, []).append(e)
        for exponents in degrees.values():
            if len(exponents) == 1 and self.scale % exponents[0] == 0:
                return [(q, 1)]  # linear in this atom, with a coefficient of one term
        if len(q.terms) > 60 or len(degrees) > 8:
            return [(q, 1)]
        atoms, steps, ring = self._ring(q)
        element = self._into(q, atoms, steps, ring)
        if max(sum(m) for m in element.monoms()) > 24:
            return [(q, 1)]
        self.meter.spend(200 * len(q.terms))
        _, factors = element.factor_list()
        result = []
        for factor, multiplicity in factors:
            _, m, p = self.primitive(self._out_of(factor, atoms, steps))
            if m:
                return [(q, 1)]
            result.append((p, multiplicity))
        return result

    def cancelled(self, r: Ratio) -> Ratio:
        """Return the ratio in lowest terms over one denominator, where that is cheap."""
        if not r.under or not r.top.terms:
            return r
        below = ONE_POLYNOMIAL
        for k, e in r.under:
            below = self.times(below, self.power(self.under[k], e))
        if len(r.top.terms) + len(below.terms) > 80:
            return r
        c, m, top = self.primitive(r.top)
        atoms, steps, ring = self._ring(top, below)
        if len(atoms) > 8:
            return r
        self.meter.spend(50 * (len(top.terms) + len(below.terms)))
        try:
            over, under = self._into(top, atoms, steps, ring).cancel(
                self._into(below, atoms, steps, ring)
            )
        except PolynomialError:
            return r
        top = self._out_of(over, atoms, steps)
        c2, m2, below = self.primitive(self._out_of(under, atoms, steps))
        front = self.monomial(m - m2, tidy(Fraction(c) / c2))
        result = self.product(front, Ratio(top))
        if len(below.terms) > 1:
            result = self.product(result, Ratio(ONE_POLYNOMIAL, ((self.intern(below), 1),)))
        return result

    def factors(self, r: Ratio) -> tuple[Number, Factors]:
        """Return (c, [(base, exponent)]) with r = c prod base**exponent.

        A base is one atom, or a primitive polynomial that is irreducible where that was cheap.
        """
        c, m, q = self.primitive(r.top)
        found: Factors = []
        for k, e in self.exponents(m):
            atom = self.atoms[k]
            power = tidy(Fraction(e, self.scale))
            if atom.kind == "root":
                found.append((atom.base, power))
            else:
                found.append((self.one_atom(k), power))
        found += self.factored(q)
        for number, e in r.under:
            for p, multiplicity in self.factored(self.under[number]):
                found.append((p, -multiplicity * e))
        merged: dict[Any, tuple[Polynomial, Number]] = {}
        for p, power in found:
            _, before = merged.get(p.key, (p, 0))
            merged[p.key] = (p, tidy(Fraction(before + power)))
        return c, [(p, power) for p, power in merged.values() if power]
