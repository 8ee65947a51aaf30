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
    Monomial,
    Number,
    Polynomial,
    Ratio,
    tidy,
)

Factors = list[tuple[Polynomial, Number]]


def ring_over(field: Field, *polynomials: Polynomial) -> tuple[list[int], list[int], PolyRing]:
    """Return the atoms of polynomials, the steps of their exponents, and the ring over these."""
    steps: dict[int, int] = {}
    for p in polynomials:
        for m in p.terms:
            for k, e in field.exponents(m):
                steps[k] = gcd(steps.get(k, field.scale), e)
    atoms = sorted(steps)
    ring = PolyRing(tuple(f"x{k}" for k in atoms), QQ, "lex")
    return atoms, [steps[k] for k in atoms], ring


def into_ring(
    field: Field, p: Polynomial, atoms: list[int], steps: list[int], ring: PolyRing
) -> Any:
    """Return a polynomial as an element of the ring."""
    terms = {}
    for m, c in p.terms.items():
        exponents = [0] * len(atoms)
        for k, e in field.exponents(m):
            at = atoms.index(k)
            exponents[at] = e // steps[at]
        terms[tuple(exponents)] = QQ(c.numerator, c.denominator)
    return ring.from_dict(terms)


def out_of_ring(
    field: Field, element: PolyElement, atoms: list[int], steps: list[int]
) -> Polynomial:
    """Return the polynomial that an element of the ring is."""
    terms: dict[Monomial, Number] = {}
    for exponents, c in element.terms():
        m = 0
        for k, step, e in zip(atoms, steps, exponents, strict=True):
            m += (e * step) << (WIDTH * k)
        terms[m] = tidy(Fraction(int(c.numerator), int(c.denominator)))
    return field.polynomial(terms)


def irreducible(field: Field, q: Polynomial) -> list[tuple[Polynomial, int]]:
    """Return the irreducible factors of a primitive polynomial, where that is cheap."""
    found = field.factors_found.get(q.key)
    if found is None:
        found = field.factors_found[q.key] = _find_factors(field, q)
    return found


def _find_factors(field: Field, q: Polynomial) -> list[tuple[Polynomial, int]]:
    if len(q.terms) == 1:
        return []
    degrees: dict[int, list[int]] = {}
    for m in q.terms:
        for k, e in field.exponents(m):
            degrees.setdefault(k, []).append(e)
    for exponents in degrees.values():
        if len(exponents) == 1 and field.scale % exponents[0] == 0:
            return [(q, 1)]  # linear in this atom, with a coefficient of one term
    if len(q.terms) > 60 or len(degrees) > 8:
        return [(q, 1)]
    atoms, steps, ring = ring_over(field, q)
    element = into_ring(field, q, atoms, steps, ring)
    if max(sum(m) for m in element.monoms()) > 24:
        return [(q, 1)]
    field.meter.spend(200 * len(q.terms))
    _, factors = element.factor_list()
    result = []
    for factor, multiplicity in factors:
        _, m, p = field.primitive(out_of_ring(field, factor, atoms, steps))
        if m:
            return [(q, 1)]
        result.append((p, multiplicity))
    return result


def cancelled(field: Field, r: Ratio) -> Ratio:
    """Return the ratio in lowest terms over one denominator, where that is cheap."""
    if not r.under or not r.top.terms:
        return r
    below = ONE_POLYNOMIAL
    for k, e in r.under:
        below = field.times(below, field.power(field.under[k], e))
    if len(r.top.terms) + len(below.terms) > 80:
        return r
    c, m, top = field.primitive(r.top)
    atoms, steps, ring = ring_over(field, top, below)
    if len(atoms) > 8:
        return r
    field.meter.spend(50 * (len(top.terms) + len(below.terms)))
    try:
        over, under = into_ring(field, top, atoms, steps, ring).cancel(
            into_ring(field, below, atoms, steps, ring)
        )
    except PolynomialError:
        return r
    top = out_of_ring(field, over, atoms, steps)
    c2, m2, below = field.primitive(out_of_ring(field, under, atoms, steps))
    front = field.monomial(m - m2, tidy(Fraction(c) / c2))
    result = field.product(front, Ratio(top))
    if len(below.terms) > 1:
        result = field.product(result, Ratio(ONE_POLYNOMIAL, ((field.intern(below), 1),)))
    return result


def factors_of(field: Field, r: Ratio) -> tuple[Number, Factors]:
    """Return (c, [(base, exponent)]) with r = c prod base**exponent.

    A base is one atom, or a primitive polynomial that is irreducible where that was cheap.
    """
    c, m, q = field.primitive(r.top)
    found: Factors = []
    for k, e in field.exponents(m):
        atom = field.atoms[k]
        power = tidy(Fraction(e, field.scale))
        if atom.kind == "root":
            found.append((atom.base, power))
        else:
            found.append((field.one_atom(k), power))
    found += irreducible(field, q)
    for number, e in r.under:
        for p, multiplicity in irreducible(field, field.under[number]):
            found.append((p, -multiplicity * e))
    merged: dict[Any, tuple[Polynomial, Number]] = {}
    for p, power in found:
        _, before = merged.get(p.key, (p, 0))
        merged[p.key] = (p, tidy(Fraction(before + power)))
    return c, [(p, power) for p, power in merged.values() if power]
