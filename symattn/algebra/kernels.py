"""Exponentials and logarithms of rational functions over atoms.

Guarantee.  Everything is read over the reals: an identity is meant at the points where every
logarithm has a positive argument and every even root a non-negative one.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

from sympy import Pow, S, exp, factorint, log

from symattn.algebra.factors import cancelled, factors_of
from symattn.algebra.field import Field
from symattn.algebra.polynomial_signs import (
    assume_positive,
    never_zero,
    not_real,
    require_real,
    sign_of,
    zero_here,
)
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
from symattn.algebra.powers import base_power, imaginary_unit, magnitude_power, rational_power

LARGE = 1 << 20


def exponential(field: Field, r: Ratio) -> Ratio:
    """Return exp(r)."""
    return field.over_deltas(r, partial(_exponential, field))


def _exponential(field: Field, r: Ratio) -> Ratio:
    if not r.top.terms:
        return ONE
    r = cancelled(field, r)
    result = ONE
    under = None if not r.under else r.under
    below = ONE_POLYNOMIAL
    if under:
        for k, e in under:
            below = field.times(below, field.power(field.under[k], e))
    for m, c in r.top.terms.items():
        factor = None if under else _special_exponential(field, m, c)
        if factor is None:
            factor = _plain_exponential(field, m, c, below)
        result = field.product(result, factor)
    return result


def _special_exponential(field: Field, m: Monomial, c: Number) -> Ratio | None:
    """Return exp(c m) where m is a logarithm, a Lambert function or imaginary; else None."""
    exponents = field.exponents(m)
    kinds = {field.atoms[k].kind for k, _ in exponents}
    if "unit" in kinds:
        return _turn(field, m, c)
    if len(exponents) != 1:
        return None
    ((k, e),) = exponents
    atom = field.atoms[k]
    if e != field.scale:
        return None
    if atom.kind in {"log", "loginteger"}:
        if magnitude(c) > LARGE or c.denominator > LARGE:
            return None
        return base_power(field, atom.base, c)
    if atom.kind == "log of ratio" and c.denominator == 1 and magnitude(c) <= LARGE:
        return field.whole_power(atom.base, int(c))
    if atom.kind == "logabs":
        if c % 2 == 0:
            return base_power(field, atom.base, c)
        return magnitude_power(field, atom.base, Fraction(c))
    if atom.kind == "lambert":
        whole = Fraction(c) if atom.positive else Fraction(int(c))
        if not whole or abs(whole) > LARGE:
            return None
        inner = rational_power(field, atom.base, whole)
        part = field.product(inner, base_power(field, field.one_atom(k), -whole))
        rest = Fraction(c) - whole
        if rest:
            part = field.product(part, _plain_exponential(field, m, tidy(rest), ONE_POLYNOMIAL))
        return part
    return None


def _turn(field: Field, m: Monomial, c: Number) -> Ratio | None:
    """Return exp(c m) for m = I pi times a whole monomial, a root of unity."""
    rest = m - (field.scale << (WIDTH * field.index["I"]))
    whole = True
    circle = field.index.get("pi")
    if circle is None or field.exponent(rest, circle) != field.scale:
        return None
    rest -= field.scale << (WIDTH * circle)
    for k, e in field.exponents(rest):
        whole = whole and bool(field.atoms[k].expr.is_integer) and e > 0 and e % field.scale == 0
    if not whole:
        return None
    if rest == 0:
        return field.monomial(0, 1) if c % 2 == 0 else _unity(field, c)
    if c.denominator != 1:
        return None
    return parity_of(field, rest) if c % 2 else ONE


def _unity(field: Field, c: Number) -> Ratio:
    twice = c * 2
    if twice.denominator == 1:
        return field.whole_power(imaginary_unit(field), twice.numerator)
    k = field.atom(
        "unity",
        lambda: Atom("unity", lambda: S.NegativeOne, real=False, numeric=False),
    )
    whole, rest = divmod(Fraction(c), 1)
    return field.product(field.number(-1 if whole % 2 else 1), Ratio(field.one_atom(k, rest)))


def parity_of(field: Field, m: Monomial) -> Ratio:
    """Return (-1)**m for a monomial of integer symbols, whose own powers do not matter."""
    flat = 0
    for k, _ in field.exponents(m):
        flat += field.scale << (WIDTH * k)
    k = field.atom(
        ("parity", flat),
        lambda: Atom(
            "parity",
            lambda: Pow(S.NegativeOne, field.monomial_expr(flat)),
            free=field.free(field.polynomial({flat: 1})),
        ),
    )
    return Ratio(field.one_atom(k))


def _plain_exponential(field: Field, m: Monomial, c: Number, below: Polynomial) -> Ratio:
    key: tuple[Any, ...] = ("exp", m, below.key)
    exponent: Number = c
    inside: Number = 1
    if magnitude(c) > LARGE or c.denominator > 1024:
        inside, exponent = magnitude(c), (1 if c > 0 else -1)
        key = (*key, inside)
    k = field.atom(key, lambda: _exponential_atom(field, m, inside, below))
    return Ratio(field.one_atom(k, exponent))


def _exponential_atom(field: Field, m: Monomial, c: Number, below: Polynomial) -> Atom:
    monomial = field.polynomial({m: c})
    atoms = [field.atoms[k] for p in (monomial, below) for k in field.support(p)]
    real = all(a.real for a in atoms)
    over = Ratio(monomial)
    if len(below.terms) > 1:
        over = Ratio(monomial, ((field.intern(below), 1),))
    return Atom(
        "exp",
        lambda: exp(field.ratio_expr(over)),
        positive=real,
        real=real,
        free=field.free(monomial) | field.free(below),
        base=over,
        numeric=all(a.numeric for a in atoms),
    )


def logarithm(field: Field, r: Ratio) -> Ratio:
    """Return log(r), split over the factors whose signs allow it.

    Raises
    ------
    Unsupported : when r is known to be negative or zero.
    """
    return field.over_deltas(r, partial(_logarithm, field))


def _logarithm(field: Field, r: Ratio) -> Ratio:
    r = zero_here(field, r)
    if not r.top.terms:
        raise not_real(field, "the logarithm of zero")
    c, found = factors_of(field, cancelled(field, r))
    terms = [log_of_number(field, magnitude(c))]
    negative = c < 0
    unknown: list[tuple[Polynomial, Number]] = []
    for b, e in found:
        s = sign_of(field, b)
        if s is None:
            require_real(field, b)
        if s is None and e % 2:
            unknown.append((b, e))
            continue
        if s is None:
            k = log_atom(field, b, "logabs")
            terms.append(field.product(field.number(e), Ratio(field.one_atom(k))))
            continue
        if s < 0:
            negative = negative != bool(e % 2)
            b = field.times_number(b, -1)
        terms.append(field.product(field.number(e), log_of_base(field, b)))
    if unknown:
        terms.append(_log_of_unknown(field, unknown, negative))
    elif negative:
        raise not_real(field, "the logarithm of a negative number")
    return field.total(terms)


def _log_of_unknown(
    field: Field, unknown: list[tuple[Polynomial, Number]], negative: bool
) -> Ratio:
    if len(unknown) == 1:
        ((b, e),) = unknown
        if negative:
            b = field.times_number(b, -1)
        assume_positive(field, b)
        return field.product(field.number(e), log_of_base(field, b))
    inside = field.number(-1 if negative else 1)
    for b, e in unknown:
        # only the sign of each factor decides whether the product has a logarithm; of its
        # size log |b| comes out, but the domain stays that of the product
        inside = field.product(inside, base_power(field, b, e))
    k = log_atom_of_ratio(field, inside)
    return Ratio(field.one_atom(k))


def log_atom_of_ratio(field: Field, r: Ratio) -> int:
    """Return the atom of the logarithm of a ratio of unknown sign."""
    if not r.under:
        return log_atom(field, r.top, "log")
    return field.atom(
        ("log of ratio", r.top.key, r.under),
        lambda: Atom(
            "log of ratio",
            lambda: log(field.ratio_expr(r)),
            free=field.free(r.top).union(*(field.free(field.under[k]) for k, _ in r.under)),
            base=r,
        ),
    )


def log_of_base(field: Field, b: Polynomial) -> Ratio:
    """Return the logarithm of one factor that is positive."""
    if len(b.terms) == 1:
        ((m, c),) = b.terms.items()
        exponents = field.exponents(m)
        if m == 0:
            return log_of_number(field, c)
        if c == 1 and len(exponents) == 1 and exponents[0][1] == field.scale:
            atom = field.atoms[exponents[0][0]]
            if atom.kind == "exp":
                return atom.base
            if atom.kind == "lambert":
                whole = Ratio(field.one_atom(exponents[0][0]))
                return field.total([logarithm(field, atom.base), field.negated(whole)])
    return Ratio(field.one_atom(log_atom(field, b, "log")))


def log_of_number(field: Field, c: Number) -> Ratio:
    """Return the logarithm of a positive number over those of its primes."""
    terms = []
    for n, s in ((c.numerator, 1), (c.denominator, -1)):
        if n == 1:
            continue
        primes = factorint(n, limit=1 << 12) if n.bit_length() < 400 else {n: 1}
        for prime, multiplicity in sorted(primes.items()):
            k = log_atom(field, field.constant(int(prime)), "log")
            terms.append(field.product(field.number(s * multiplicity), Ratio(field.one_atom(k))))
    return field.total(terms)


def log_atom(field: Field, b: Polynomial, kind: str) -> int:
    """Return the atom of log b or log |b|."""

    def make() -> Atom:
        support = field.support(b)
        above_one = field.plus([b, field.constant(-1)])
        return Atom(
            kind,
            lambda: log(field.expr(b) if kind == "log" else abs(field.expr(b))),
            positive=kind == "log" and sign_of(field, above_one) == 1,
            vanishes=not never_zero(field, above_one),
            free=field.free(b),
            base=b,
            numeric=all(field.atoms[k].numeric for k in support),
        )

    return field.atom((kind, b.key), make)
