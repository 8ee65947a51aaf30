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

RULED_UNITS = frozenset({"unit", "parity", "unity"})
Key = frozenset[tuple[Monomial, Number]]


class Field:
    """The state of one reading: atoms, what is known of the case, and what was noted on the way.

    Its methods are the exact arithmetic on rational functions over the atoms; what reads an
    expression, and what finds signs, powers and sums, are functions of it in their own files.

    read, close_deltas : what puts an expression over atoms, and joins the deltas of a monomial
        (None when their product is zero); see `symattn.algebra.atoms`.
    distinct : pairs of indices that are known to differ.
    common : take for granted, and record, that a logarithm's argument is positive; so sides whose
        domains differ are compared on the points that both have.
    imaginary_allowed : whether a square root of a negative number has a value.
    signs, known, zeros : polynomials of known sign, and those that are zero in the case decided.
    poles, edges, conditions : where what was read is not defined, where a sign that decided may be
        zero, and where the indices of deltas lie and which bounds are in order.
    bound, uppers, ranges : the indices of ours with the number of their upper bound, the number of
        each upper bound, and the range that the index of a delta is taken to lie in.
    """

    def __init__(
        self,
        meter: Meter,
        scale: int,
        read: Callable[[Field, Expr], Ratio],
        close_deltas: Callable[[Field, Monomial, list[int]], Monomial | None],
        distinct: frozenset[frozenset[Expr]] = frozenset(),
        common: bool = False,
        imaginary_allowed: bool = False,
    ) -> None:
        self.meter = meter
        self.scale = scale
        self.reader = read
        self.close_deltas = close_deltas
        self.distinct = distinct
        self.common = common
        self.imaginary_allowed = imaginary_allowed
        # atoms and denominators
        self.atoms: list[Atom] = []
        self.index: dict[Hashable, int] = {}
        self.ruled: list[int] = []
        self.bias: list[int] = []
        self.under: list[Polynomial] = []
        self.under_index: dict[Hashable, int] = {}
        # what is known of the case
        self.signs: dict[Key, int] = {}
        self.known: dict[Key, tuple[Polynomial, int]] = {}
        self.zeros: dict[Key, Polynomial] = {}
        # what the reading notes
        self.poles: dict[Key, Polynomial] = {}
        self.edges: dict[Expr, None] = {}
        self.conditions: dict[Expr, None] = {}
        self.bound: dict[Any, int] = {}
        self.uppers: dict[Any, int] = {}
        self.ranges: dict[Expr, int] = {}
        # answers that are kept
        self.memo: dict[Expr, Ratio] = {}
        self.factors_found: dict[Key, list[tuple[Polynomial, int]]] = {}
        self.signs_found: dict[Key, int | None] = {}

    def read(self, x: Expr) -> Ratio:
        """Return the ratio that an expression is.

        Raises
        ------
        Nowhere : when it is undefined everywhere.
        Unsupported : when it is not a commutative scalar.
        """
        found = self.memo.get(x)
        if found is None:
            found = self.memo[x] = self.reader(self, x)
        return found

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
            gap = ((m & -m).bit_length() - 1) // WIDTH  # of many atoms a monomial holds few
            k, m = k + gap, m >> gap * WIDTH
            e = m & MASK
            if e >= HALF:
                e -= FULL
            found.append((k, e))
            k, m = k + 1, (m - e) >> WIDTH
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
                closed = self.close_deltas(self, m, deltas)
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
        return self.over_deltas(r, self._inverse)

    def _inverse(self, r: Ratio) -> Ratio:
        if not r.top.terms:
            raise Nowhere("division by zero")
        c, m, q = self.primitive(r.top)
        top = ONE_POLYNOMIAL
        for k, e in r.under:
            top = self.times(top, self.power(self.under[k], e))
        result = self.product(self.monomial(-m, Fraction(1) / c), Ratio(top))
        if len(q.terms) > 1:
            result = self.product(result, Ratio(ONE_POLYNOMIAL, ((self.intern(q), 1),)))
        self._note_poles(m, q)
        return result

    def _note_poles(self, m: Monomial, q: Polynomial) -> None:
        for k, e in self.exponents(m):
            atom = self.atoms[k]
            strict = atom.positive and not atom.vanishes
            if e > 0 and not strict and atom.kind not in RULED_UNITS:
                p = self.one_atom(k)
                self.poles[p.key] = p
        if len(q.terms) > 1:
            self.poles[q.key] = q

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
