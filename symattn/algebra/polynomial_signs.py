"""Signs of polynomials over atoms: from their form, from what is known, or by asking.

Guarantee.  A sign that is returned holds at every real point of the case that is decided, up to
zero: a polynomial of sign 1 is nowhere negative.  `never_zero` alone says that it has no zero.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from sympy import QQ, Expr
from sympy.polys.rings import PolyRing

from symattn.algebra.factors import factors_of, into_ring, ring_over
from symattn.algebra.field import Field
from symattn.algebra.polynomials import (
    WIDTH,
    ZERO,
    Monomial,
    Nowhere,
    Polynomial,
    Ratio,
    Unsupported,
)


class NeedSign(Exception):
    """The sign of an expression decides; the caller tells the cases apart."""

    def __init__(self, of: Expr) -> None:
        super().__init__(of)
        self.of = of


class Assume(Exception):
    """An expression that is positive wherever both sides are real."""

    def __init__(self, positive: Expr) -> None:
        super().__init__(positive)
        self.positive = positive


def learn_sign(field: Field, p: Polynomial, s: int) -> None:
    """Take a primitive polynomial, or one atom, to have a sign."""
    field.signs[p.key] = s
    field.known[p.key] = (p, s)
    field.signs_found.clear()


def sign_of(field: Field, p: Polynomial) -> int | None:
    """Return 1 or -1 when the polynomial has that sign (or vanishes) everywhere, else None."""
    if not p.terms:
        return None
    c, m, q = field.primitive(p)
    s = sign_of_monomial(field, m)
    if s is None:
        return None
    if c < 0:
        s = -s
    if len(q.terms) == 1:
        return s
    of_q = sign_of_primitive(field, q)
    return None if of_q is None else s * of_q


def sign_of_monomial(field: Field, m: Monomial) -> int | None:
    """Return 1 or -1 when the monomial has that sign (or vanishes) everywhere, else None."""
    s = 1
    for k, e in field.exponents(m):
        atom = field.atoms[k]
        if atom.positive or (atom.real and e % (2 * field.scale) == 0):
            continue
        known = sign_of_atom(field, k)
        if known is None or (known < 0 and e % field.scale):
            return None
        s *= known
    return s


def learn_zero(field: Field, p: Polynomial) -> None:
    """Take a primitive polynomial, or one atom, to be zero."""
    field.zeros[p.key] = p


def zero_here(field: Field, r: Ratio) -> Ratio:
    """Return zero for a ratio with a factor that is zero in the case being decided."""
    if field.zeros and r.top.terms:
        _, found = factors_of(field, r)
        for b, e in found:
            if b.key in field.zeros:
                if e < 0:
                    raise Nowhere("division by what is zero in this case")
                return ZERO
    return r


def vanishes_here(field: Field, p: Polynomial) -> bool:
    """Tell whether a polynomial is a multiple of one that is zero in this case."""
    if len(p.terms) > 200:
        return False
    _, m, q = field.primitive(p)
    for zero in field.zeros.values():
        if len(zero.terms) == 1:
            ((k, _),) = field.exponents(next(iter(zero.terms)))
            if field.exponent(m, k) > 0:
                return True
            continue
        atoms, steps, ring = ring_over(field, q, zero)
        over = into_ring(field, q, atoms, steps, ring)
        if not over.rem(into_ring(field, zero, atoms, steps, ring)):
            return True
    return False


def not_real(field: Field, message: str) -> ArithmeticError:
    """Return the error for what has no real value, where only real ones are meant."""
    return Unsupported(message) if field.imaginary_allowed else Nowhere(message)


def sign_of_atom(field: Field, k: int) -> int | None:
    """Return the sign that is known of an atom, or follows from one that is known."""
    key = frozenset({(field.scale << (WIDTH * k), 1)})
    known = field.signs.get(key)
    if known is None and field.known:
        if key not in field.signs_found:
            field.signs_found[key] = None  # while it is being looked for
            field.signs_found[key] = _sign_by_known(field, field.one_atom(k))
        known = field.signs_found[key]
    return known


def sign_of_primitive(field: Field, q: Polynomial) -> int | None:
    """Return the sign of a primitive polynomial, looked for once."""
    known = field.signs.get(q.key)
    if known is not None:
        return known
    if q.key in field.signs_found:
        return field.signs_found[q.key]
    field.signs_found[q.key] = None  # while it is being looked for
    found = _find_sign(field, q)
    field.signs_found[q.key] = found
    return found


def _find_sign(field: Field, q: Polynomial) -> int | None:
    found = _sign_by_form(field, q)
    if found is None and field.signs:
        found = _sign_by_known(field, q)
    return found


def _sign_by_known(field: Field, q: Polynomial) -> int | None:
    """Decide q = c p + r where p has a known sign: x - 2 is positive when x - 3 is."""
    lead = max(q.terms)
    for p, s in list(field.known.values()):
        ratio = Fraction(q.terms[lead]) / p.terms.get(lead, 1)
        if lead not in p.terms or len(p.terms) > 12:
            continue
        rest = field.plus([q, field.times_number(p, -ratio)])
        s = s if ratio > 0 else -s
        if not rest.terms or (len(rest.terms) < len(q.terms) and sign_of(field, rest) == s):
            return s
    return None


def _sign_by_form(field: Field, q: Polynomial) -> int | None:
    signs = set()
    for m, c in q.terms.items():
        s = sign_of_monomial(field, m)
        signs.add(None if s is None else s if c > 0 else -s)
        if len(signs) > 1:
            break
    if len(signs) == 1:
        (only,) = signs
        if only is not None:
            return only
    support = field.support(q)
    if all(field.atoms[k].numeric for k in support):
        from symattn.algebra.enclosure import certain_sign

        return certain_sign(field.expr(q))
    if len(support) == 1 and field.atoms[support[0]].real and len(q.terms) < 8:
        return _sign_without_root(field, q, support[0])
    return _sign_of_square(field, q, support)


def _sign_of_square(field: Field, q: Polynomial, support: list[int]) -> int | None:
    """Decide a quadratic polynomial in real atoms: is it a sum of squares, or minus one?"""
    if len(support) > 8 or not all(field.atoms[k].real for k in support):
        return None
    size = len(support) + 1
    rows = [[Fraction(0)] * size for _ in range(size)]
    for m, c in q.terms.items():
        exponents = field.exponents(m)
        if any(e not in (field.scale, 2 * field.scale) for _, e in exponents):
            return None
        places = [support.index(k) + 1 for k, e in exponents for _ in range(e // field.scale)]
        if len(places) > 2:
            return None
        i, j = (*places, 0, 0)[:2]
        rows[i][j] += Fraction(c) / 2
        rows[j][i] += Fraction(c) / 2
    s = next((1 if rows[i][i] > 0 else -1 for i in range(size) if rows[i][i]), 0)
    for i in range(size):
        pivot = rows[i][i]
        if pivot * s < 0 or (not pivot and any(rows[i][i:])):
            return None
        for j in range(i + 1, size):
            if rows[j][i]:
                factor = rows[j][i] / pivot
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return s or None


def _sign_without_root(field: Field, q: Polynomial, k: int) -> int | None:
    """Decide a polynomial in one real atom that has no real (or no positive) root."""
    exponents = [field.exponent(m, k) for m in q.terms]
    step = gcd(*exponents)
    whole = step % field.scale == 0
    positive = field.atoms[k].positive or not whole
    if min(exponents) < 0 or max(exponents) // step > 12:
        return None
    x = PolyRing(("x",), QQ, "lex")
    coefficients = [QQ(c.numerator, c.denominator) for c in q.terms.values()]
    element = x.from_dict({(e // step,): c for e, c in zip(exponents, coefficients, strict=True)})
    poly = element.as_expr().as_poly()
    at_zero = q.terms.get(0, 0)
    if not at_zero or poly.count_roots(0 if positive else None, None):
        return None
    return 1 if at_zero > 0 else -1


def require_real(field: Field, b: Polynomial) -> None:
    """Refuse a factor that holds an imaginary atom: its sign means nothing."""
    if not all(field.atoms[k].real for k in field.support(b)):
        raise Unsupported("the sign of something imaginary")


def refuse_bound(field: Field, b: Polynomial) -> None:
    """Refuse a factor that moves with a summation index: it has no one sign."""
    if not field.bound.keys().isdisjoint(field.free(b)):
        raise Unsupported("a sign that moves with a summation index")


def need_sign(field: Field, b: Polynomial) -> NeedSign:
    """Return the question which sign a factor has."""
    refuse_bound(field, b)
    return NeedSign(field.expr(b))


def assume_positive(field: Field, b: Polynomial) -> None:
    """Take a base for positive because a root or a logarithm of it is real."""
    moving = not field.bound.keys().isdisjoint(field.free(b))
    if field.common and not moving and sign_of(field, b) is None:
        raise Assume(field.expr(b))


def never_zero(field: Field, b: Polynomial) -> bool:
    """Tell whether a polynomial is strictly positive for sure."""
    strict = False
    for m, c in b.terms.items():
        if c < 0:
            return False
        all_positive = all(
            field.atoms[k].positive and not field.atoms[k].vanishes for k, _ in field.exponents(m)
        )
        if not all_positive and sign_of_monomial(field, m) != 1:
            return False
        if any(
            not field.atoms[k].positive and e % (2 * field.scale) for k, e in field.exponents(m)
        ):
            return False
        strict = strict or all_positive
    return strict
