"""Sums of what was read already: term by term, in closed form, or as an atom of their own.

Guarantee.  An atom of a sum is named by its summand in the field and by its upper bounds, so two
atoms are one only if the sums are equal up to the names of their indices.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

from sympy import (
    Expr,
    S,
    Sum,
    Symbol,
)

from symattn.algebra.bound_indices import height, put, rename
from symattn.algebra.conditions import Conditions
from symattn.algebra.polynomials import (
    WIDTH,
    ZERO,
    Atom,
    Denominator,
    Monomial,
    Number,
    Polynomial,
    Ratio,
    Unsupported,
    tidy,
)


class SumsOfTerms(Conditions):
    """The field with sums of its elements over an index of ours.

    conditions : where the indices of deltas lie, and which bounds are in order.
    """

    conditions: dict[Expr, None]
    uppers: dict[Any, int]
    ranges: dict[Expr, int]

    def _is_moving(self, index: Expr) -> bool:
        return any(s in self.bound for s in index.free_symbols)

    def _index(self, name: str, upper: int) -> Expr:
        """Return an index of ours: `_o` of a sum being read, `_b` of one that is an atom."""
        index = Symbol(name, integer=True, positive=True)
        self.bound[index] = upper
        return index

    def _sum_of(self, r: Ratio, b: Expr, size: Ratio, upper: int) -> Ratio:
        """Sum a ratio over b = 1..size: what does not move with b comes out."""
        if self._moves(r.under, b):
            parts = self._in_lowest_degree(self.cancelled(r), b)
            return self.total(self._sum_of_part(part, b, size, upper) for part in parts)
        return self._sum_of_part(r, b, size, upper)

    def _sum_of_part(self, r: Ratio, b: Expr, size: Ratio, upper: int) -> Ratio:
        moving = [(k, e) for k, e in r.under if b in self.free(self.under[k])]
        fixed = [(k, e) for k, e in r.under if b not in self.free(self.under[k])]
        groups: dict[Monomial, dict[Monomial, Number]] = {}
        for m, c in r.top.terms.items():
            part = 0
            for k, e in self.exponents(m):
                if b in self.atoms[k].free:
                    part += e << (WIDTH * k)
            outside = groups.setdefault(part, {})
            outside[m - part] = outside.get(m - part, 0) + c
        results = []
        for part, outside in groups.items():
            front = Ratio(self.polynomial(outside), tuple(fixed))
            term = self._sum_of_term(part, tuple(moving), b, size, upper)
            results.append(self.product(front, term))
        return self.total(results)

    def _in_lowest_degree(self, r: Ratio, b: Expr) -> list[Ratio]:
        """Split a ratio by division with remainder in one atom that moves with b.

        So E/(1 + E) and 1 - 1/(1 + E) become the same sums.
        """
        moving = [(k, e) for k, e in r.under if b in self.free(self.under[k])]
        if len(moving) != 1:
            return [r]
        ((number, power),) = moving
        divisor = self.under[number]
        for g in self.support(divisor):
            if b not in self.atoms[g].free or g in self.ruled:
                continue
            degrees = [self.exponent(m, g) for m in divisor.terms]
            high = max(degrees)
            if min(degrees) == 0 and degrees.count(0) == 1 == degrees.count(high):
                break
        else:
            return [r]
        ends = {self.exponent(m, g): (m, c) for m, c in divisor.terms.items()}
        fixed = tuple((k, e) for k, e in r.under if k != number)
        parts = []
        top = r.top
        while power and top.terms:
            quotient: list[Polynomial] = []
            for end, choose in ((high, max), (0, min)):
                m0, c0 = ends[end]
                while top.terms:
                    e, m = choose((self.exponent(m, g), m) for m in top.terms)
                    if (end and e < high) or (not end and e >= 0):
                        break
                    c = tidy(Fraction(top.terms[m]) / c0)
                    factor = self.polynomial({m - m0: c})
                    quotient.append(factor)
                    top = self.plus([top, self.times_number(self.times(factor, divisor), -1)])
            parts.append(Ratio(top, tuple(sorted([*fixed, (number, power)]))))
            top = self.plus(quotient)
            power -= 1
        if top.terms:
            parts.append(Ratio(top, fixed))
        return parts

    def _moves(self, under: Denominator, b: Expr) -> bool:
        return any(b in self.free(self.under[k]) for k, _ in under)

    def _sum_of_term(
        self, m: Monomial, under: Denominator, b: Expr, size: Ratio, upper: int
    ) -> Ratio:
        exponents = self.exponents(m)
        for k, _ in exponents:
            atom = self.atoms[k]
            if atom.kind == "delta":
                rest = self._term_expr(m - (self.scale << (WIDTH * k)), under)
                return self._at_delta(rest, atom.base, b, size, upper)
        if not under:
            if m == 0:
                return size
            if len(exponents) == 1:
                closed = self._closed_form(*exponents[0], b, size)
                if closed is not None:
                    return closed
        return self._sum_atom(m, under, b, upper)

    def _term_expr(self, m: Monomial, under: Denominator) -> Expr:
        return self.ratio_expr(Ratio(self.polynomial({m: 1}), under))

    def _at_delta(
        self, rest: Expr, indices: tuple[Expr, Expr], b: Expr, size: Ratio, upper: int
    ) -> Ratio:
        """Return the sum over b of rest(b) delta(b, i) = rest(i), with i in range."""
        i, j = indices
        other = j if i == b else i
        if b not in (i, j) or b in other.free_symbols:
            raise Unsupported("a delta in a shifted index")
        inside = [s for s in other.free_symbols if s in self.bound]
        if inside:
            if other not in inside or self.bound[other] != upper:
                raise Unsupported("a delta between indices of different ranges")
        else:
            if not other.is_integer:
                raise Unsupported("a delta of what may be no whole number")
            end = self.ratio_expr(size)
            if self.ranges.setdefault(other, upper) != upper:
                # only one range is taken for granted; of a second one it is asked
                inside_too, _ = self._sign_without_deltas(self.read(2 * (end - other) + 1))
                if inside_too < 0:
                    return ZERO
                return self.read(put(rest, b, other))
            for condition in (other >= 1, other <= end):
                if condition is S.false:
                    return ZERO
                if condition is not S.true:
                    self.conditions[condition] = None
        return self.read(put(rest, b, other))

    def _closed_form(self, k: int, e: int, b: Expr, size: Ratio) -> Ratio | None:
        """Return the sum of a power of the index, or of a geometric sequence; else None."""
        atom = self.atoms[k]
        if k == self.index.get(b) and e > 0 and e % self.scale == 0 and e <= 12 * self.scale:
            return self._sum_of_powers(e // self.scale, size)
        if atom.kind == "exp" and not atom.base.under and len(atom.base.top.terms) == 1:
            ((m, c),) = atom.base.top.terms.items()
            at = self.index.get(b)
            if at is None or self.exponent(m, at) != self.scale:
                return None
            rest = m - (self.scale << (WIDTH * at))
            if b in self.free(self.polynomial({rest: 1})):
                return None
            rate = Ratio(self.polynomial({rest: tidy(c * Fraction(e, self.scale))}))
            step = self.exponential(rate)
            last = self.exponential(self.product(rate, size))
            gap = self.total([step, self.number(-1)])
            top = self.product(step, self.total([last, self.number(-1)]))
            return self.product(top, self.inverse(gap))
        return None

    def _sum_of_powers(self, p: int, size: Ratio) -> Ratio:
        terms = []
        for j in range(p + 1):
            c = Fraction((-1) ** j * comb(p + 1, j), p + 1) * _bernoulli(j)
            if c:
                terms.append(self.product(self.number(c), self.whole_power(size, p + 1 - j)))
        return self.total(terms)

    def _sum_atom(self, m: Monomial, under: Denominator, b: Expr, upper: int) -> Ratio:
        """Return a sum that stays a sum, named by its summand up to the names of its indices."""
        body = self._term_expr(m, under)
        binders: list[tuple[Expr, int]] = [(b, upper)]
        inner = [k for k, _ in self.exponents(m) if self.atoms[k].kind == "sum"]
        if len(inner) == 1 and self.exponent(m, inner[0]) == self.scale:
            # a sum within the sum: one sum over both indices, whose order does not matter
            parts, core = self.atoms[inner[0]].base
            fresh = [(self._index(f"_f{i}_{u}", u), u) for i, (_, u) in enumerate(parts)]
            core = rename(core, [s for s, _ in parts], [s for s, _ in fresh])
            body = self._term_expr(m - (self.scale << (WIDTH * inner[0])), under) * core
            binders = [*fresh, (b, upper)]
        base = height(body)
        orders = [binders] if len(binders) > 3 else _orders(binders)
        first: tuple[Any, list[tuple[Expr, int]], Expr] | None = None
        for order in orders:
            names = [
                (self._index(f"_b{base + at + 1}_{u}", u), u) for at, (_, u) in enumerate(order)
            ]
            renamed = rename(body, [s for s, _ in order], [s for s, _ in names])
            r = self.read(renamed)
            key = ("sum", r.top.key, r.under, tuple(u for _, u in names))
            if key in self.index:
                return Ratio(self.one_atom(self.index[key]))
            if first is None:
                first = (key, names, renamed)
        assert first is not None
        key, names, renamed = first
        r = self.read(renamed)
        positive = self.sign(r.top) == 1 and all(
            e % 2 == 0 or self.sign(self.under[k]) == 1 for k, e in r.under
        )
        bounds = [(s, S.One, self._upper_expr(u)) for s, u in names]
        total = Sum(renamed, *bounds)
        k = self.atom(
            key,
            lambda: Atom(
                "sum",
                lambda: total,
                positive=positive,
                vanishes=not (
                    self.never_zero(r.top)
                    and all(self.never_zero(self._upper_polynomial(u)) for _, u in names)
                ),
                free=frozenset(total.free_symbols),
                base=(names, renamed),
            ),
        )
        return Ratio(self.one_atom(k))

    def _upper_ratio(self, upper: int) -> Ratio:
        for (key, under), number in self.uppers.items():
            if number == upper:
                return Ratio(self.polynomial(dict(key)), under)
        raise KeyError(upper)

    def _upper_polynomial(self, upper: int) -> Polynomial:
        return self._upper_ratio(upper).top

    def _upper_expr(self, upper: int) -> Expr:
        return self.ratio_expr(self._upper_ratio(upper))


def _orders(binders: list[tuple[Expr, int]]) -> list[list[tuple[Expr, int]]]:
    from itertools import permutations

    return [list(p) for p in permutations(binders)]


def _bernoulli(j: int) -> Fraction:
    """Return the Bernoulli number B_j with B_1 = -1/2."""
    row = [Fraction(0)] * (j + 1)
    for i in range(j + 1):
        row[i] = Fraction(1, i + 1)
        for t in range(i, 0, -1):
            row[t - 1] = t * (row[t - 1] - row[t])
    return -row[0] if j == 1 else row[0]
