"""Exponentials, logarithms, roots and signs of rational functions over atoms.

Everything is read over the reals: an identity is meant at the points where every logarithm has a
positive argument and every even root a non-negative one.  Where a sign decides and is not known,
`NeedSign` asks the caller to tell two cases apart.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import gcd
from typing import Any

from sympy import QQ, Expr, Integer, Pow, S, exp, factorint, log
from sympy.polys.polyerrors import PolynomialError
from sympy.polys.rings import PolyElement, PolyRing

from symattn.algebra.field import (
    ONE,
    ONE_POLYNOMIAL,
    WIDTH,
    ZERO,
    Atom,
    Field,
    Meter,
    Monomial,
    Nowhere,
    Number,
    Polynomial,
    Ratio,
    Unsupported,
    bits,
    magnitude,
    number_power,
    tidy,
)
from symattn.errors import BudgetExceeded

LARGE = 1 << 20
Factors = list[tuple[Polynomial, Number]]


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


class Kernels(Field):
    """The field with the transcendental and algebraic functions on it.

    common: take for granted, and record, that a logarithm's argument is positive; so sides whose
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
        self.poles: dict[frozenset[tuple[Monomial, Number]], Polynomial] = {}
        self._factors: dict[Any, list[tuple[Polynomial, int]]] = {}
        self._signs_found: dict[Any, int | None] = {}

    # signs -------------------------------------------------------------------------------------

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

    # factors -----------------------------------------------------------------------------------

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


RULED_UNITS = frozenset({"unit", "parity", "unity"})
