"""Signs of polynomials over atoms: from their form, from what is known, or by asking.

Guarantee.  A sign that is returned holds at every real point of the case that is decided, up to
zero: a polynomial of sign 1 is nowhere negative.  `never_zero` alone says that it has no zero.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import Any

from sympy import QQ, Expr
from sympy.polys.rings import PolyRing

from symattn.algebra.factors import Factoring
from symattn.algebra.polynomials import (
    WIDTH,
    ZERO,
    Meter,
    Monomial,
    Nowhere,
    Number,
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


class Signs(Factoring):
    """The field with the signs of its elements.

    common : take for granted, and record, that a logarithm's argument is positive; so sides whose
        domains differ are compared on the points that both have.
    """

    common = False
    imaginary_allowed = False
    bound: dict[Any, int]  # the indices of ours, with the number of their upper bound

    def __init__(self, meter: Meter, scale: int = 2) -> None:
        super().__init__(meter, scale)
        self.signs: dict[frozenset[tuple[Monomial, Number]], int] = {}
        self.known: dict[frozenset[tuple[Monomial, Number]], tuple[Polynomial, int]] = {}
        self.zeros: dict[frozenset[tuple[Monomial, Number]], Polynomial] = {}
        self._signs_found: dict[Any, int | None] = {}

    def learn(self, p: Polynomial, s: int) -> None:
        """Take a primitive polynomial, or one atom, to have a sign."""
        self.signs[p.key] = s
        self.known[p.key] = (p, s)
        self._signs_found.clear()

    def sign(self, p: Polynomial) -> int | None:
        """Return 1 or -1 when the polynomial has that sign (or vanishes) everywhere, else None."""
        if not p.terms:
            return None
        c, m, q = self.primitive(p)
        s = self.sign_of_monomial(m)
        if s is None:
            return None
        if c < 0:
            s = -s
        if len(q.terms) == 1:
            return s
        of_q = self.sign_of_primitive(q)
        return None if of_q is None else s * of_q

    def sign_of_monomial(self, m: Monomial) -> int | None:
        s = 1
        for k, e in self.exponents(m):
            atom = self.atoms[k]
            if atom.positive or (atom.real and e % (2 * self.scale) == 0):
                continue
            known = self.sign_of_atom(k)
            if known is None or (known < 0 and e % self.scale):
                return None
            s *= known
        return s

    def learn_zero(self, p: Polynomial) -> None:
        """Take a primitive polynomial, or one atom, to be zero."""
        self.zeros[p.key] = p

    def here(self, r: Ratio) -> Ratio:
        """Return zero for a ratio with a factor that is zero in the case being decided."""
        if self.zeros and r.top.terms:
            _, found = self.factors(r)
            for b, e in found:
                if b.key in self.zeros:
                    if e < 0:
                        raise Nowhere("division by what is zero in this case")
                    return ZERO
        return r

    def vanishes_here(self, p: Polynomial) -> bool:
        """Tell whether a polynomial is a multiple of one that is zero in this case."""
        if len(p.terms) > 200:
            return False
        _, m, q = self.primitive(p)
        for zero in self.zeros.values():
            if len(zero.terms) == 1:
                ((k, _),) = self.exponents(next(iter(zero.terms)))
                if self.exponent(m, k) > 0:
                    return True
                continue
            atoms, steps, ring = self._ring(q, zero)
            over = self._into(q, atoms, steps, ring)
            if not over.rem(self._into(zero, atoms, steps, ring)):
                return True
        return False

    def not_real(self, message: str) -> ArithmeticError:
        """Return the error for what has no real value, where only real ones are meant."""
        return Unsupported(message) if self.imaginary_allowed else Nowhere(message)

    def sign_of_atom(self, k: int) -> int | None:
        key = frozenset({(self.scale << (WIDTH * k), 1)})
        known = self.signs.get(key)
        if known is None and self.known:
            if key not in self._signs_found:
                self._signs_found[key] = None  # while it is being looked for
                self._signs_found[key] = self._sign_by_known(self.one_atom(k))
            known = self._signs_found[key]
        return known

    def sign_of_primitive(self, q: Polynomial) -> int | None:
        known = self.signs.get(q.key)
        if known is not None:
            return known
        if q.key in self._signs_found:
            return self._signs_found[q.key]
        self._signs_found[q.key] = None  # while it is being looked for
        found = self._find_sign(q)
        self._signs_found[q.key] = found
        return found

    def _find_sign(self, q: Polynomial) -> int | None:
        found = self._sign_by_form(q)
        if found is None and self.signs:
            found = self._sign_by_known(q)
        return found

    def _sign_by_known(self, q: Polynomial) -> int | None:
        """Decide q = c p + r where p has a known sign: x - 2 is positive when x - 3 is."""
        lead = max(q.terms)
        for p, s in list(self.known.values()):
            ratio = Fraction(q.terms[lead]) / p.terms.get(lead, 1)
            if lead not in p.terms or len(p.terms) > 12:
                continue
            rest = self.plus([q, self.times_number(p, -ratio)])
            s = s if ratio > 0 else -s
            if not rest.terms or (len(rest.terms) < len(q.terms) and self.sign(rest) == s):
                return s
        return None

    def _sign_by_form(self, q: Polynomial) -> int | None:
        signs = set()
        for m, c in q.terms.items():
            s = self.sign_of_monomial(m)
            signs.add(None if s is None else s if c > 0 else -s)
            if len(signs) > 1:
                break
        if len(signs) == 1:
            (only,) = signs
            if only is not None:
                return only
        support = self.support(q)
        if all(self.atoms[k].numeric for k in support):
            from symattn.algebra.enclosure import certain_sign

            return certain_sign(self.expr(q))
        if len(support) == 1 and self.atoms[support[0]].real and len(q.terms) < 8:
            return self._sign_without_root(q, support[0])
        return self._sign_of_square(q, support)

    def _sign_of_square(self, q: Polynomial, support: list[int]) -> int | None:
        """Decide a quadratic polynomial in real atoms: is it a sum of squares, or minus one?"""
        if len(support) > 8 or not all(self.atoms[k].real for k in support):
            return None
        size = len(support) + 1
        rows = [[Fraction(0)] * size for _ in range(size)]
        for m, c in q.terms.items():
            exponents = self.exponents(m)
            if any(e not in (self.scale, 2 * self.scale) for _, e in exponents):
                return None
            places = [support.index(k) + 1 for k, e in exponents for _ in range(e // self.scale)]
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

    def _sign_without_root(self, q: Polynomial, k: int) -> int | None:
        """Decide a polynomial in one real atom that has no real (or no positive) root."""
        exponents = [self.exponent(m, k) for m in q.terms]
        step = gcd(*exponents)
        whole = step % self.scale == 0
        positive = self.atoms[k].positive or not whole
        if min(exponents) < 0 or max(exponents) // step > 12:
            return None
        x = PolyRing(("x",), QQ, "lex")
        coefficients = [QQ(c.numerator, c.denominator) for c in q.terms.values()]
        element = x.from_dict(
            {(e // step,): c for e, c in zip(exponents, coefficients, strict=True)}
        )
        poly = element.as_expr().as_poly()
        at_zero = q.terms.get(0, 0)
        if not at_zero or poly.count_roots(0 if positive else None, None):
            return None
        return 1 if at_zero > 0 else -1

    def require_real(self, b: Polynomial) -> None:
        """Refuse a factor that holds an imaginary atom: its sign means nothing."""
        if not all(self.atoms[k].real for k in self.support(b)):
            raise Unsupported("the sign of something imaginary")

    def refuse_bound(self, b: Polynomial) -> None:
        """Refuse a factor that moves with a summation index: it has no one sign."""
        if not self.bound.keys().isdisjoint(self.free(b)):
            raise Unsupported("a sign that moves with a summation index")

    def need_sign(self, b: Polynomial) -> NeedSign:
        self.refuse_bound(b)
        return NeedSign(self.expr(b))

    def assume(self, b: Polynomial) -> None:
        """Take a base for positive because a root or a logarithm of it is real."""
        moving = not self.bound.keys().isdisjoint(self.free(b))
        if self.common and not moving and self.sign(b) is None:
            raise Assume(self.expr(b))

    def never_zero(self, b: Polynomial) -> bool:
        """Tell whether a polynomial is strictly positive for sure."""
        strict = False
        for m, c in b.terms.items():
            if c < 0:
                return False
            all_positive = all(
                self.atoms[k].positive and not self.atoms[k].vanishes for k, _ in self.exponents(m)
            )
            if not all_positive and self.sign_of_monomial(m) != 1:
                return False
            if any(
                not self.atoms[k].positive and e % (2 * self.scale) for k, e in self.exponents(m)
            ):
                return False
            strict = strict or all_positive
        return strict
