"""Rational powers, absolute values and signs of ratios over atoms, as their principal values.

Guarantee.  Everything is read over the reals: an even root has a base that is not negative.  Where
a sign decides and is not known, `NeedSign` asks the caller to tell two cases apart.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from sympy import Integer, S, factorint

from symattn.algebra.polynomial_signs import NeedSign, Signs
from symattn.algebra.polynomials import (
    ONE,
    ONE_POLYNOMIAL,
    WIDTH,
    ZERO,
    Atom,
    Meter,
    Monomial,
    Number,
    Polynomial,
    Ratio,
    Unsupported,
    bits,
    magnitude,
    number_power,
)
from symattn.errors import BudgetExceeded

RULED_UNITS = frozenset({"unit", "parity", "unity"})


class Powers(Signs):
    """The field with roots, and with what depends on a sign."""

    def __init__(self, meter: Meter, scale: int = 2) -> None:
        super().__init__(meter, scale)
        self.poles: dict[frozenset[tuple[Monomial, Number]], Polynomial] = {}

    # deltas ------------------------------------------------------------------------------------

    def deltas(self, r: Ratio) -> list[int]:
        if not r.top.ruled:
            return []
        return [k for k in self.support(r.top) if self.atoms[k].kind == "delta"]

    def over_deltas(self, r: Ratio, f: Callable[[Ratio], Ratio]) -> Ratio:
        """Apply f to a ratio with deltas: f(a + b d) = (1 - d) f(a) + d f(a + b)."""
        found = self.deltas(r)
        if not found:
            return f(r)
        k = found[0]
        d = self.one_atom(k)
        step = self.scale << (WIDTH * k)
        off = self.polynomial({m: c for m, c in r.top.terms.items() if not self.exponent(m, k)})
        with_d = self.times(r.top, d)
        on = self.polynomial({m - step: c for m, c in with_d.terms.items()})
        on_value = self.product(Ratio(d), self.over_deltas(Ratio(on, r.under), f))
        off_value = self.over_deltas(Ratio(off, r.under), f)
        rest = self.plus([ONE_POLYNOMIAL, self.times_number(d, -1)])
        return self.total([on_value, self.product(Ratio(rest), off_value)])

    def inverse(self, r: Ratio) -> Ratio:
        return self.over_deltas(r, super().inverse)

    def divided_by(self, m: Monomial, q: Polynomial) -> None:
        for k, e in self.exponents(m):
            atom = self.atoms[k]
            strict = atom.positive and not atom.vanishes
            if e > 0 and not strict and atom.kind not in RULED_UNITS:
                p = self.one_atom(k)
                self.poles[p.key] = p
        if len(q.terms) > 1:
            self.poles[q.key] = q

    # powers ------------------------------------------------------------------------------------

    def number_power(self, c: Number, q: Fraction) -> Ratio:
        """Return c**q for a positive rational c, as a rational times roots of primes."""
        result = ONE
        for n, s in ((c.numerator, 1), (c.denominator, -1)):
            if n == 1:
                continue
            if n.bit_length() > self.meter.limits.bits:
                raise BudgetExceeded("a number is too long for the zero test")
            primes = factorint(n, limit=1 << 12) if n.bit_length() < 400 else {n: 1}
            for prime, multiplicity in primes.items():
                whole, rest = divmod(s * multiplicity * q, 1)
                if prime.bit_length() * abs(int(whole)) > self.meter.limits.bits:
                    raise BudgetExceeded("a number is too long for the zero test")
                factor = number_power(int(prime), int(whole))
                result = self.product(result, self.number(factor))
                if rest:
                    k = self.prime_root(int(prime))
                    result = self.product(result, Ratio(self.one_atom(k, rest)))
        return result

    def prime_root(self, prime: int) -> int:
        return self.atom(
            ("prime", prime),
            lambda: Atom(
                "root",
                lambda: Integer(prime),
                positive=True,
                base=self.constant(prime),
                numeric=True,
            ),
        )

    def base_power(self, b: Polynomial, q: Number) -> Ratio:
        """Return b**q for one atom, a number or a primitive polynomial, as its principal value."""
        if len(b.terms) == 1:
            ((m, c),) = b.terms.items()
            if m == 0:
                return self.number_power(c, Fraction(q))
            exponents = self.exponents(m)
            if c == 1 and len(exponents) == 1 and exponents[0][1] == self.scale:
                return self.monomial(self.scaled(q) << (WIDTH * exponents[0][0]))
        whole, rest = divmod(Fraction(q), 1)
        result = self.whole_power(Ratio(b), int(whole)) if whole else ONE
        if rest:
            k = self.root_atom(b)
            result = self.product(result, Ratio(self.one_atom(k, rest)))
        return result

    def root_atom(self, b: Polynomial) -> int:
        support = self.support(b)
        return self.atom(
            ("root", b.key),
            lambda: Atom(
                "root",
                lambda: self.expr(b),
                positive=True,
                vanishes=not self.never_zero(b),
                free=self.free(b),
                base=b,
                numeric=all(self.atoms[k].numeric for k in support),
            ),
        )

    def rational_power(self, r: Ratio, q: Fraction) -> Ratio:
        """Return r**q over the reals: a fractional power needs a base that is not negative."""
        if q.denominator == 1:
            return self.integer_power(r, int(q))
        if not r.top.terms:
            if q > 0:
                return ZERO
            return self.inverse(r)
        return self.over_deltas(r, lambda x: self._rational_power(x, q))

    def _rational_power(self, r: Ratio, q: Fraction) -> Ratio:
        r = self.here(r)
        if not r.top.terms:
            return self.rational_power(r, q)
        c, found = self.factors(self.cancelled(r))
        result = self.number_power(magnitude(c), q)
        negative = c < 0
        unknown: list[tuple[Polynomial, Number]] = []
        for b, e in found:
            s = self.sign(b)
            if s is None:
                self.require_real(b)
            if s is None and e % 2 == 0:
                power = Fraction(e) * q
                if power % 2 == 0:
                    result = self.product(result, self.base_power(b, power))
                else:
                    result = self.product(result, self.magnitude_power(b, power))
                continue
            if s is None:
                unknown.append((b, e))
                continue
            if s < 0:
                if Fraction(e).denominator != 1:
                    raise self.not_real("a fractional power of a negative number")
                negative = negative != bool(e % 2)
                b = self.times_number(b, -1)
            result = self.product(result, self.base_power(b, Fraction(e) * q))
        return self.product(result, self._unknown_power(unknown, negative, q))

    def _unknown_power(
        self, unknown: list[tuple[Polynomial, Number]], negative: bool, q: Fraction
    ) -> Ratio:
        if not unknown:
            if not negative:
                return ONE
            if q.denominator == 2 and self.imaginary_allowed:
                return self.whole_power(self.imaginary(), q.numerator)
            raise self.not_real("a fractional power of a negative number")
        if len(unknown) == 1:
            ((b, e),) = unknown
            if negative:
                if Fraction(e).denominator != 1:
                    raise Unsupported("a fractional power of a negative number")
                b = self.times_number(b, -1)
            self.assume(b)
            return self.base_power(b, Fraction(e) * q)
        inside = self.number(-1 if negative else 1)
        for b, e in unknown:
            inside = self.product(inside, self.base_power(b, e))
        if inside.under or any(Fraction(e).denominator != 1 or e < 0 for _, e in unknown):
            # p/d and p d have one sign, and so (p/d)**q = (p d)**q |d|**(-2 q)
            for b, e in unknown:
                if Fraction(e).denominator != 1:
                    raise Unsupported("a root of a product with roots of unknown sign")
                if e < 0:
                    raise self.need_sign(b)
        return self.base_power(inside.top, q)

    def integer_power(self, r: Ratio, n: int) -> Ratio:
        """Return r**n; a large power of a long base becomes an atom of its own."""
        size = len(r.top.terms)
        if size > 1 and abs(n) > 8:
            terms = 1
            for i in range(1, min(size, abs(n) + 1)):
                terms = terms * (abs(n) + size - i) // i
                if terms > self.meter.limits.terms:
                    return self._formal_power(r, n)
            if abs(n) * (bits(r.top) + 1) * terms > 50 * self.meter.limits.bits:
                return self._formal_power(r, n)
        return self.whole_power(r, n)

    def _formal_power(self, r: Ratio, n: int) -> Ratio:
        c, found = self.factors(r)
        result = self.whole_power(self.number(c), n)
        for b, e in found:
            if len(b.terms) == 1:
                result = self.product(result, self.base_power(b, Fraction(e) * n))
            else:
                k = self.atom(("base", b.key), partial(self._base_atom, b))
                result = self.product(result, Ratio(self.one_atom(k, Fraction(e) * n)))
        return result

    def _base_atom(self, b: Polynomial) -> Atom:
        return Atom("base", lambda: self.expr(b), free=self.free(b))

    def imaginary(self) -> Ratio:
        k = self.atom("I", lambda: Atom("unit", lambda: S.ImaginaryUnit, real=False))
        return Ratio(self.one_atom(k))

    # absolute values ---------------------------------------------------------------------------

    def magnitude_power(self, b: Polynomial, q: Fraction) -> Ratio:
        """Return |b|**q for a base of unknown sign.

        Raises
        ------
        NeedSign : unless the base moves with a summation index; then it is (b**2)**(q/2).
        """
        if self.bound.keys().isdisjoint(self.free(b)):
            raise NeedSign(self.expr(b))
        return self.base_power(self.times(b, b), q / 2)

    def magnitude(self, r: Ratio) -> Ratio:
        """Return |r|."""
        r = self.here(r)
        if not r.top.terms:
            return ZERO
        c, found = self.factors(r)
        result = self.number(magnitude(c))
        for b, e in found:
            s = self.sign(b)
            if s is None:
                self.require_real(b)
                if e % 2 and Fraction(e).denominator == 1:
                    result = self.product(result, self.magnitude_power(b, Fraction(e)))
                    continue
            elif s < 0 and e % 2:
                b = self.times_number(b, -1)
            result = self.product(result, self.base_power(b, e))
        return result

    def sign_of_ratio(self, r: Ratio) -> tuple[int, list[Polynomial]]:
        """Return the sign, 0 for zero, and the factors at whose zeros it may be 0 instead.

        Raises
        ------
        NeedSign : when a factor's sign decides and is not known.
        """
        r = self.here(r)
        if not r.top.terms:
            return 0, []
        c, found = self.factors(r)
        s = 1 if c > 0 else -1
        edges = []
        for b, e in found:
            of_b = self.sign(b)
            if of_b is None:
                self.require_real(b)
                if Fraction(e) % 2 == 0:
                    edges.append(b)
                    continue
                raise self.need_sign(b)
            if e % 2:
                s *= of_b
            if not self.never_zero(b):
                edges.append(b)
        return s, edges
