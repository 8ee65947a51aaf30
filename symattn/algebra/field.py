"""The arithmetic of sparse rational functions over atoms, below the exact zero test.

A fraction is a polynomial over a product of interned ones.  An atom may carry a rule: a root `r`
of `p` has `r**q = p`, the imaginary unit a square of -1, a Kronecker delta is its own square.

Guarantee.  Whatever the atoms mean, a numerator that is empty stands for the zero function; that
an inhabited one does not is known only for independent atoms.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from fractions import Fraction
from math import lcm
from typing import Any

from sympy import Add, Expr, Integer, Mul, Pow, Rational

from symattn.algebra.polynomials import (
    FULL,
    HALF,
    MASK,
    ONE,
    ONE_POLYNOMIAL,
    REACH,
    RULED,
    WIDTH,
    ZERO,
    Atom,
    Denominator,
    Meter,
    Monomial,
    Nowhere,
    Number,
    Polynomial,
    Ratio,
    Rescale,
    Unsupported,
    bits,
    number_power,
    tidy,
    to_rational,
)
from symattn.errors import BudgetExceeded


class Field:
    """Atoms, and exact arithmetic on the rational functions over them."""

    def __init__(self, meter: Meter, scale: int = 2) -> None:
        self.meter = meter
        self.scale = scale
        self.atoms: list[Atom] = []
        self.index: dict[Hashable, int] = {}
        self.ruled: list[int] = []
        self.bias: list[int] = []
        self.under: list[Polynomial] = []
        self.under_index: dict[Hashable, int] = {}

    # atoms -------------------------------------------------------------------------------------

    def atom(self, key: Hashable, make: Callable[[], Atom]) -> int:
        """Return the number of the atom with this key, made when it is new."""
        k = self.index.get(key)
        if k is None:
            k = self.index[key] = len(self.atoms)
            atom = make()
            self.atoms.append(atom)
            self.bias.append((self.bias[-1] if k else 0) + (HALF << (WIDTH * k)))
            if atom.kind in RULED:
                self.ruled.append(k)
            self.meter.spend(len(self.atoms))
        return k

    def one_atom(self, k: int, exponent: Number = 1) -> Polynomial:
        """Return a power of an atom as a polynomial; a ruled one must be below its rule."""
        e = self.scaled(exponent)
        return Polynomial({e << (WIDTH * k): 1}, abs(e), k in self.ruled)

    def scaled(self, exponent: Number) -> int:
        e = exponent * self.scale
        if e.denominator != 1:
            scale = lcm(self.scale, exponent.denominator)
            if scale > 1 << 24:
                raise Unsupported(f"an exponent of denominator {exponent.denominator}")
            raise Rescale(scale)
        if abs(e.numerator) > REACH:
            raise BudgetExceeded("an exponent is too large for the zero test")
        return e.numerator

    def exponents(self, m: Monomial) -> list[tuple[int, int]]:
        """Return (atom, scaled exponent) of a monomial."""
        found = []
        k = 0
        while m:
            e = m & MASK
            if e >= HALF:
                e -= FULL
            if e:
                found.append((k, e))
            m = (m - e) >> WIDTH
            k += 1
        return found

    def exponent(self, m: Monomial, k: int) -> int:
        """Return the scaled exponent of one atom in a monomial."""
        return (((m + self.bias[k]) >> (WIDTH * k)) & MASK) - HALF

    def support(self, p: Polynomial) -> list[int]:
        """Return the atoms of a polynomial, sorted."""
        seen: set[int] = set()
        for m in p.terms:
            seen.update(k for k, _ in self.exponents(m))
        return sorted(seen)

    def free(self, p: Polynomial) -> frozenset[Any]:
        return frozenset().union(*(self.atoms[k].free for k in self.support(p)))

    # polynomials -------------------------------------------------------------------------------

    def constant(self, c: Number) -> Polynomial:
        if c.numerator.bit_length() + c.denominator.bit_length() > self.meter.limits.bits:
            raise BudgetExceeded("a number is too long for the zero test")
        return Polynomial({0: tidy(c)} if c else {}, 0, False)

    def polynomial(self, terms: dict[Monomial, Number]) -> Polynomial:
        """Return a polynomial of reduced monomials, with its reach measured."""
        reach, ruled = 0, False
        for m in terms:
            for k, e in self.exponents(m):
                reach = max(reach, abs(e))
                ruled = ruled or k in self.ruled
        return Polynomial(terms, reach, ruled)

    def plus(self, polynomials: Iterable[Polynomial]) -> Polynomial:
        out: dict[Monomial, Number] = {}
        get = out.get
        reach, ruled, spent = 0, False, 0
        for p in polynomials:
            for m, c in p.terms.items():
                out[m] = get(m, 0) + c
            spent += len(p.terms)
            reach = max(reach, p.reach)
            ruled = ruled or p.ruled
        self.meter.spend(spent)
        return Polynomial({m: c for m, c in out.items() if c}, reach, ruled)

    def times_number(self, p: Polynomial, c: Number) -> Polynomial:
        if c == 1:
            return p
        if not c:
            return ZERO.top
        return Polynomial({m: tidy(c * v) for m, v in p.terms.items()}, p.reach, p.ruled)

    def times(self, a: Polynomial, b: Polynomial) -> Polynomial:
        """Return the product.

        Raises
        ------
        BudgetExceeded : before a product that is too large is formed.
        """
        if len(a.terms) < len(b.terms):
            a, b = b, a
        if not b.terms:
            return b
        reach = a.reach + b.reach
        if reach > REACH:
            raise BudgetExceeded("a degree is too large for the zero test")
        size = bits(a) + bits(b)
        if size > self.meter.limits.bits:
            raise BudgetExceeded("a coefficient is too long for the zero test")
        self.meter.spend(len(a.terms) * len(b.terms) * (1 + size // 2000))
        out: dict[Monomial, Number] = {}
        if len(b.terms) == 1:
            ((m2, c2),) = b.terms.items()
            out = {m1 + m2: tidy(c1 * c2) for m1, c1 in a.terms.items()}
        else:
            get = out.get
            for m2, c2 in b.terms.items():
                for m1, c1 in a.terms.items():
                    m = m1 + m2
                    out[m] = get(m, 0) + c1 * c2
            if len(out) > self.meter.limits.terms:
                raise BudgetExceeded("a polynomial has too many terms for the zero test")
            out = {m: tidy(c) for m, c in out.items() if c}
        product = Polynomial(out, reach, a.ruled or b.ruled)
        return self.reduced(product) if a.ruled and b.ruled else product

    def power(self, p: Polynomial, n: int) -> Polynomial:
        """Return p**n for n >= 0, by squaring."""
        if n == 1:
            return p
        result = ONE_POLYNOMIAL
        while n:
            if n & 1:
                result = self.times(result, p)
            n >>= 1
            if n:
                p = self.times(p, p)
        return result

    def reduced(self, p: Polynomial) -> Polynomial:
        """Apply the rules of the atoms to a product of two reduced polynomials."""
        clean: dict[Monomial, Number] = {}
        grown: list[Polynomial] = []
        scale = self.scale
        for m, c in p.terms.items():
            deltas: list[int] = []
            factor: Polynomial | None = None
            for k in self.ruled:
                e = self.exponent(m, k)
                if not e:
                    continue
                atom = self.atoms[k]
                kind = atom.kind
                if kind == "delta":
                    if e != scale:
                        m -= (e - scale) << (WIDTH * k)
                    deltas.append(k)
                    continue
                whole, rest = divmod(e, scale)
                if kind in {"unit", "parity"}:
                    if rest:
                        raise Unsupported("a fractional power of a unit")
                    if kind == "unit" and whole % 4 in (2, 3):
                        c = -c
                    m -= (e - (whole & 1) * scale) << (WIDTH * k)
                elif whole:
                    m -= (whole * scale) << (WIDTH * k)
                    if kind == "unity":
                        c = -c if whole & 1 else c
                    elif len(atom.base.terms) == 1 and 0 in atom.base.terms:
                        c = tidy(c * number_power(atom.base.terms[0], whole))
                    elif whole < 0:
                        raise Unsupported("a negative power of a root in a polynomial")
                    else:
                        q = self.power(atom.base, whole)
                        factor = q if factor is None else self.times(factor, q)
            if len(deltas) > 1:
                closed = self.close_deltas(m, deltas)
                if closed is None:
                    continue
                m = closed
            if factor is None:
                clean[m] = clean.get(m, 0) + c
            else:
                rest_of_it = self.polynomial({m: c})
                grown.append(self.times(rest_of_it, factor))
        done = Polynomial({m: c for m, c in clean.items() if c}, p.reach, p.ruled)
        return self.plus([done, *grown]) if grown else done

    def close_deltas(self, m: Monomial, deltas: list[int]) -> Monomial | None:
        """Return the product of several deltas in canonical form; None when it is zero."""
        return m

    # fractions ---------------------------------------------------------------------------------

    def number(self, c: Number) -> Ratio:
        return Ratio(self.constant(c))

    def negated(self, r: Ratio) -> Ratio:
        return Ratio(self.times_number(r.top, -1), r.under)

    def product(self, a: Ratio, b: Ratio) -> Ratio:
        if a is ONE:
            return b
        if b is ONE:
            return a
        top = self.times(a.top, b.top)
        if not top.terms:
            return ZERO
        if not a.under or not b.under:
            return Ratio(top, a.under or b.under)
        under = dict(a.under)
        for k, e in b.under:
            under[k] = under.get(k, 0) + e
        return Ratio(top, tuple(sorted(under.items())))

    def total(self, ratios: Iterable[Ratio]) -> Ratio:
        """Return the sum over the least common multiple of the denominators."""
        groups: dict[Denominator, list[Polynomial]] = {}
        for r in ratios:
            if r.top.terms:
                groups.setdefault(r.under, []).append(r.top)
        if not groups:
            return ZERO
        tops = {u: self.plus(ps) if len(ps) > 1 else ps[0] for u, ps in groups.items()}
        if len(tops) == 1:
            ((under, top),) = tops.items()
            return Ratio(top, under) if top.terms else ZERO
        common: dict[int, int] = {}
        for u in tops:
            for k, e in u:
                common[k] = max(e, common.get(k, 0))
        parts = []
        for u, top in tops.items():
            have = dict(u)
            for k, e in common.items():
                missing = e - have.get(k, 0)
                if missing:
                    top = self.times(top, self.power(self.under[k], missing))
            parts.append(top)
        top = self.plus(parts)
        return Ratio(top, tuple(sorted(common.items()))) if top.terms else ZERO

    def monomial(self, m: Monomial, c: Number = 1) -> Ratio:
        """Return the value of a monomial whose exponents may be beyond the rules."""
        plain, result = 0, ONE
        for k, e in self.exponents(m):
            if k not in self.ruled:
                plain += e << (WIDTH * k)
                continue
            atom = self.atoms[k]
            whole, rest = divmod(e, self.scale)
            if atom.kind == "delta":
                if e < 0:
                    raise Unsupported("division by a delta that may be zero")
                plain += self.scale << (WIDTH * k)
            elif atom.kind == "root":
                plain += rest << (WIDTH * k)
                if whole:
                    result = self.product(result, self.whole_power(Ratio(atom.base), whole))
            elif atom.kind == "unity":
                plain += rest << (WIDTH * k)
                c = -c if whole & 1 else c
            else:
                if rest:
                    raise Unsupported("a fractional power of a unit")
                plain += ((whole & 1) * self.scale) << (WIDTH * k)
                if atom.kind == "unit" and whole % 4 in (2, 3):
                    c = -c
        return self.product(Ratio(self.polynomial({plain: c})), result)

    def primitive(self, p: Polynomial) -> tuple[Number, Monomial, Polynomial]:
        """Return (c, m, q) with p = c m q: q has whole coprime coefficients and no monomial factor.

        The coefficient of the largest monomial of q is positive.
        """
        from math import gcd

        monomials = list(p.terms)
        lowest: dict[int, int] = {}
        for i, m in enumerate(monomials):
            here = dict(self.exponents(m))
            if i == 0:
                lowest = here
                continue
            for k in list(lowest):
                lowest[k] = min(lowest[k], here.get(k, 0))
            for k, e in here.items():
                if k not in lowest and e < 0:
                    lowest[k] = e
        common = 0
        for k, e in lowest.items():
            if e and not (k in self.ruled and e < 0):
                common += e << (WIDTH * k)
        top, bottom = 0, 1
        for c in p.terms.values():
            top = gcd(top, c.numerator)
            bottom = lcm(bottom, c.denominator)
        content: Number = Fraction(top, bottom)
        if p.terms[max(monomials)] < 0:
            content = -content
        if content == 1 and not common:
            return 1, 0, p
        terms = {m - common: tidy(Fraction(c) / content) for m, c in p.terms.items()}
        return tidy(content), common, self.polynomial(terms)

    def intern(self, p: Polynomial) -> int:
        """Return the number of a denominator."""
        k = self.under_index.get(p.key)
        if k is None:
            k = self.under_index[p.key] = len(self.under)
            self.under.append(p)
        return k

    def inverse(self, r: Ratio) -> Ratio:
        """Return 1/r.

        Raises
        ------
        Nowhere : when r is the zero function.
        """
        if not r.top.terms:
            raise Nowhere("division by zero")
        c, m, q = self.primitive(r.top)
        top = ONE_POLYNOMIAL
        for k, e in r.under:
            top = self.times(top, self.power(self.under[k], e))
        result = self.product(self.monomial(-m, Fraction(1) / c), Ratio(top))
        if len(q.terms) > 1:
            result = self.product(result, Ratio(ONE_POLYNOMIAL, ((self.intern(q), 1),)))
        self.divided_by(m, q)
        return result

    def divided_by(self, m: Monomial, q: Polynomial) -> None:
        """Take note of a pole; for a subclass."""

    def whole_power(self, r: Ratio, n: int) -> Ratio:
        """Return r**n for any integer n."""
        if n < 0:
            r, n = self.inverse(r), -n
        if n == 0:
            return ONE
        if n == 1:
            return r
        if len(r.top.terms) == 1:
            ((m, c),) = r.top.terms.items()
            if r.top.reach * n > REACH:
                raise BudgetExceeded("a degree is too large for the zero test")
            if (c.numerator.bit_length() + c.denominator.bit_length()) * n > self.meter.limits.bits:
                raise BudgetExceeded("a number is too long for the zero test")
            top = self.monomial(m * n, number_power(c, n))
            return self.product(top, Ratio(ONE_POLYNOMIAL, tuple((k, e * n) for k, e in r.under)))
        return Ratio(self.power(r.top, n), tuple((k, e * n) for k, e in r.under))

    # back to SymPy -----------------------------------------------------------------------------

    def monomial_expr(self, m: Monomial) -> Expr:
        return Mul(
            *[Pow(self.atoms[k].expr, Rational(e, self.scale)) for k, e in self.exponents(m)]
        )

    def expr(self, p: Polynomial) -> Expr:
        """Return the polynomial as a SymPy expression."""
        return Add(*[to_rational(c) * self.monomial_expr(m) for m, c in p.terms.items()])

    def ratio_expr(self, r: Ratio) -> Expr:
        below = [Pow(self.expr(self.under[k]), Integer(-e)) for k, e in r.under]
        return Mul(self.expr(r.top), *below)
