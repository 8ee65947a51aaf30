"""Rational powers, absolute values and signs of ratios over atoms, as their principal values.

Guarantee.  Everything is read over the reals: an even root has a base that is not negative.  Where
a sign decides and is not known, `NeedSign` asks the caller to tell two cases apart.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from sympy import Integer, S, factorint

from symattn.algebra.factors import cancelled, factors_of
from symattn.algebra.field import Field
from symattn.algebra.polynomial_signs import (
    NeedSign,
    assume_positive,
    need_sign,
    never_zero,
    not_real,
    require_real,
    sign_of,
    zero_here,
)
from symattn.algebra.polynomials import (
    ONE,
    WIDTH,
    ZERO,
    Atom,
    Number,
    Polynomial,
    Ratio,
    Unsupported,
    bits,
    magnitude,
    number_power,
)
from symattn.errors import BudgetExceeded


def power_of_number(field: Field, c: Number, q: Fraction) -> Ratio:
    """Return c**q for a positive rational c, as a rational times roots of primes."""
    result = ONE
    for n, s in ((c.numerator, 1), (c.denominator, -1)):
        if n == 1:
            continue
        if n.bit_length() > field.meter.limits.bits:
            raise BudgetExceeded("a number is too long for the zero test")
        primes = factorint(n, limit=1 << 12) if n.bit_length() < 400 else {n: 1}
        for prime, multiplicity in primes.items():
            whole, rest = divmod(s * multiplicity * q, 1)
            if prime.bit_length() * abs(int(whole)) > field.meter.limits.bits:
                raise BudgetExceeded("a number is too long for the zero test")
            factor = number_power(int(prime), int(whole))
            result = field.product(result, field.number(factor))
            if rest:
                k = prime_root(field, int(prime))
                result = field.product(result, Ratio(field.one_atom(k, rest)))
    return result


def prime_root(field: Field, prime: int) -> int:
    """Return the atom whose powers are the roots of a prime."""
    return field.atom(
        ("prime", prime),
        lambda: Atom(
            "root",
            lambda: Integer(prime),
            positive=True,
            base=field.constant(prime),
            numeric=True,
        ),
    )


def base_power(field: Field, b: Polynomial, q: Number) -> Ratio:
    """Return b**q for one atom, a number or a primitive polynomial, as its principal value."""
    if len(b.terms) == 1:
        ((m, c),) = b.terms.items()
        if m == 0:
            return power_of_number(field, c, Fraction(q))
        exponents = field.exponents(m)
        if c == 1 and len(exponents) == 1 and exponents[0][1] == field.scale:
            return field.monomial(field.scaled(q) << (WIDTH * exponents[0][0]))
    whole, rest = divmod(Fraction(q), 1)
    result = field.whole_power(Ratio(b), int(whole)) if whole else ONE
    if rest:
        k = root_atom(field, b)
        result = field.product(result, Ratio(field.one_atom(k, rest)))
    return result


def root_atom(field: Field, b: Polynomial) -> int:
    """Return the atom whose powers are the roots of a polynomial."""
    support = field.support(b)
    return field.atom(
        ("root", b.key),
        lambda: Atom(
            "root",
            lambda: field.expr(b),
            positive=True,
            vanishes=not never_zero(field, b),
            free=field.free(b),
            base=b,
            numeric=all(field.atoms[k].numeric for k in support),
        ),
    )


def rational_power(field: Field, r: Ratio, q: Fraction) -> Ratio:
    """Return r**q over the reals: a fractional power needs a base that is not negative."""
    if q.denominator == 1:
        return integer_power(field, r, int(q))
    if not r.top.terms:
        if q > 0:
            return ZERO
        return field.inverse(r)
    return field.over_deltas(r, lambda x: _rational_power(field, x, q))


def _rational_power(field: Field, r: Ratio, q: Fraction) -> Ratio:
    r = zero_here(field, r)
    if not r.top.terms:
        return rational_power(field, r, q)
    c, found = factors_of(field, cancelled(field, r))
    result = power_of_number(field, magnitude(c), q)
    negative = c < 0
    unknown: list[tuple[Polynomial, Number]] = []
    for b, e in found:
        s = sign_of(field, b)
        if s is None:
            require_real(field, b)
        if s is None and e % 2 == 0:
            power = Fraction(e) * q
            if power % 2 == 0:
                result = field.product(result, base_power(field, b, power))
            else:
                result = field.product(result, magnitude_power(field, b, power))
            continue
        if s is None:
            unknown.append((b, e))
            continue
        if s < 0:
            if Fraction(e).denominator != 1:
                raise not_real(field, "a fractional power of a negative number")
            negative = negative != bool(e % 2)
            b = field.times_number(b, -1)
        result = field.product(result, base_power(field, b, Fraction(e) * q))
    return field.product(result, _unknown_power(field, unknown, negative, q))


def _unknown_power(
    field: Field, unknown: list[tuple[Polynomial, Number]], negative: bool, q: Fraction
) -> Ratio:
    if not unknown:
        if not negative:
            return ONE
        if q.denominator == 2 and field.imaginary_allowed:
            return field.whole_power(imaginary_unit(field), q.numerator)
        raise not_real(field, "a fractional power of a negative number")
    if len(unknown) == 1:
        ((b, e),) = unknown
        if negative:
            if Fraction(e).denominator != 1:
                raise Unsupported("a fractional power of a negative number")
            b = field.times_number(b, -1)
        assume_positive(field, b)
        return base_power(field, b, Fraction(e) * q)
    inside = field.number(-1 if negative else 1)
    for b, e in unknown:
        inside = field.product(inside, base_power(field, b, e))
    if inside.under or any(Fraction(e).denominator != 1 or e < 0 for _, e in unknown):
        # p/d and p d have one sign, and so (p/d)**q = (p d)**q |d|**(-2 q)
        for b, e in unknown:
            if Fraction(e).denominator != 1:
                raise Unsupported("a root of a product with roots of unknown sign")
            if e < 0:
                raise need_sign(field, b)
    return base_power(field, inside.top, q)


def integer_power(field: Field, r: Ratio, n: int) -> Ratio:
    """Return r**n; a large power of a long base becomes an atom of its own."""
    size = len(r.top.terms)
    if size > 1 and abs(n) > 8:
        terms = 1
        for i in range(1, min(size, abs(n) + 1)):
            terms = terms * (abs(n) + size - i) // i
            if terms > field.meter.limits.terms:
                return _formal_power(field, r, n)
        if abs(n) * (bits(r.top) + 1) * terms > 50 * field.meter.limits.bits:
            return _formal_power(field, r, n)
    return field.whole_power(r, n)


def _formal_power(field: Field, r: Ratio, n: int) -> Ratio:
    c, found = factors_of(field, r)
    result = field.whole_power(field.number(c), n)
    for b, e in found:
        if len(b.terms) == 1:
            result = field.product(result, base_power(field, b, Fraction(e) * n))
        else:
            k = field.atom(("base", b.key), partial(_base_atom, field, b))
            result = field.product(result, Ratio(field.one_atom(k, Fraction(e) * n)))
    return result


def _base_atom(field: Field, b: Polynomial) -> Atom:
    return Atom("base", lambda: field.expr(b), free=field.free(b))


def imaginary_unit(field: Field) -> Ratio:
    """Return the imaginary unit."""
    k = field.atom("I", lambda: Atom("unit", lambda: S.ImaginaryUnit, real=False))
    return Ratio(field.one_atom(k))


def magnitude_power(field: Field, b: Polynomial, q: Fraction) -> Ratio:
    """Return |b|**q for a base of unknown sign.

    Raises
    ------
    NeedSign : unless the base moves with a summation index; then it is (b**2)**(q/2).
    """
    if field.bound.keys().isdisjoint(field.free(b)):
        raise NeedSign(field.expr(b))
    return base_power(field, field.times(b, b), q / 2)


def magnitude_of(field: Field, r: Ratio) -> Ratio:
    """Return |r|."""
    r = zero_here(field, r)
    if not r.top.terms:
        return ZERO
    c, found = factors_of(field, r)
    result = field.number(magnitude(c))
    for b, e in found:
        s = sign_of(field, b)
        if s is None:
            require_real(field, b)
            if e % 2 and Fraction(e).denominator == 1:
                result = field.product(result, magnitude_power(field, b, Fraction(e)))
                continue
        elif s < 0 and e % 2:
            b = field.times_number(b, -1)
        result = field.product(result, base_power(field, b, e))
    return result


def sign_of_ratio(field: Field, r: Ratio) -> tuple[int, list[Polynomial]]:
    """Return the sign, 0 for zero, and the factors at whose zeros it may be 0 instead.

    Raises
    ------
    NeedSign : when a factor's sign decides and is not known.
    """
    r = zero_here(field, r)
    if not r.top.terms:
        return 0, []
    c, found = factors_of(field, r)
    s = 1 if c > 0 else -1
    edges = []
    for b, e in found:
        of_b = sign_of(field, b)
        if of_b is None:
            require_real(field, b)
            if Fraction(e) % 2 == 0:
                edges.append(b)
                continue
            raise need_sign(field, b)
        if e % 2:
            s *= of_b
        if not never_zero(field, b):
            edges.append(b)
    return s, edges
