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
from symattn.algebra.conditions import sign_without_deltas
from symattn.algebra.factors import cancelled
from symattn.algebra.field import Field
from symattn.algebra.kernels import exponential
from symattn.algebra.polynomial_signs import never_zero, sign_of
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


def is_moving(field: Field, index: Expr) -> bool:
    """Tell whether an index moves with a sum that is being read."""
    return any(s in field.bound for s in index.free_symbols)


def own_index(field: Field, name: str, upper: int) -> Expr:
    """Return an index of ours: `_o` of a sum being read, `_b` of one that is an atom."""
    index = Symbol(name, integer=True, positive=True)
    field.bound[index] = upper
    return index


def sum_of(field: Field, r: Ratio, b: Expr, size: Ratio, upper: int) -> Ratio:
    """Sum a ratio over b = 1..size: what does not move with b comes out."""
    if _moves(field, r.under, b):
        parts = _in_lowest_degree(field, cancelled(field, r), b)
        return field.total(_sum_of_part(field, part, b, size, upper) for part in parts)
    return _sum_of_part(field, r, b, size, upper)


def _sum_of_part(field: Field, r: Ratio, b: Expr, size: Ratio, upper: int) -> Ratio:
    moving = [(k, e) for k, e in r.under if b in field.free(field.under[k])]
    fixed = [(k, e) for k, e in r.under if b not in field.free(field.under[k])]
    groups: dict[Monomial, dict[Monomial, Number]] = {}
    for m, c in r.top.terms.items():
        part = 0
        for k, e in field.exponents(m):
            if b in field.atoms[k].free:
                part += e << (WIDTH * k)
        outside = groups.setdefault(part, {})
        outside[m - part] = outside.get(m - part, 0) + c
    results = []
    for part, outside in groups.items():
        front = Ratio(field.polynomial(outside), tuple(fixed))
        term = _sum_of_term(field, part, tuple(moving), b, size, upper)
        results.append(field.product(front, term))
    return field.total(results)


def _in_lowest_degree(field: Field, r: Ratio, b: Expr) -> list[Ratio]:
    """Split a ratio by division with remainder in one atom that moves with b.

    So E/(1 + E) and 1 - 1/(1 + E) become the same sums.
    """
    moving = [(k, e) for k, e in r.under if b in field.free(field.under[k])]
    if len(moving) != 1:
        return [r]
    ((number, power),) = moving
    divisor = field.under[number]
    for g in field.support(divisor):
        if b not in field.atoms[g].free or g in field.ruled:
            continue
        degrees = [field.exponent(m, g) for m in divisor.terms]
        high = max(degrees)
        if min(degrees) == 0 and degrees.count(0) == 1 == degrees.count(high):
            break
    else:
        return [r]
    ends = {field.exponent(m, g): (m, c) for m, c in divisor.terms.items()}
    fixed = tuple((k, e) for k, e in r.under if k != number)
    parts = []
    top = r.top
    while power and top.terms:
        quotient: list[Polynomial] = []
        for end, choose in ((high, max), (0, min)):
            m0, c0 = ends[end]
            while top.terms:
                e, m = choose((field.exponent(m, g), m) for m in top.terms)
                if (end and e < high) or (not end and e >= 0):
                    break
                c = tidy(Fraction(top.terms[m]) / c0)
                factor = field.polynomial({m - m0: c})
                quotient.append(factor)
                top = field.plus([top, field.times_number(field.times(factor, divisor), -1)])
        parts.append(Ratio(top, tuple(sorted([*fixed, (number, power)]))))
        top = field.plus(quotient)
        power -= 1
    if top.terms:
        parts.append(Ratio(top, fixed))
    return parts


def _moves(field: Field, under: Denominator, b: Expr) -> bool:
    return any(b in field.free(field.under[k]) for k, _ in under)


def _sum_of_term(
    field: Field, m: Monomial, under: Denominator, b: Expr, size: Ratio, upper: int
) -> Ratio:
    exponents = field.exponents(m)
    for k, _ in exponents:
        atom = field.atoms[k]
        if atom.kind == "delta":
            rest = _term_expr(field, m - (field.scale << (WIDTH * k)), under)
            return _at_delta(field, rest, atom.base, b, size, upper)
    if not under:
        if m == 0:
            return size
        if len(exponents) == 1:
            closed = _closed_form(field, *exponents[0], b, size)
            if closed is not None:
                return closed
    return _sum_atom(field, m, under, b, upper)


def _term_expr(field: Field, m: Monomial, under: Denominator) -> Expr:
    return field.ratio_expr(Ratio(field.polynomial({m: 1}), under))


def _at_delta(
    field: Field, rest: Expr, indices: tuple[Expr, Expr], b: Expr, size: Ratio, upper: int
) -> Ratio:
    """Return the sum over b of rest(b) delta(b, i) = rest(i), with i in range."""
    i, j = indices
    other = j if i == b else i
    if b not in (i, j) or b in other.free_symbols:
        raise Unsupported("a delta in a shifted index")
    inside = [s for s in other.free_symbols if s in field.bound]
    if inside:
        if other not in inside or field.bound[other] != upper:
            raise Unsupported("a delta between indices of different ranges")
    else:
        if not other.is_integer:
            raise Unsupported("a delta of what may be no whole number")
        end = field.ratio_expr(size)
        if field.ranges.setdefault(other, upper) != upper:
            # only one range is taken for granted; of a second one it is asked
            inside_too, _ = sign_without_deltas(field, field.read(2 * (end - other) + 1))
            if inside_too < 0:
                return ZERO
            return field.read(put(rest, b, other))
        for condition in (S.true if other.is_positive else other >= 1, other <= end):
            if condition is S.false:
                return ZERO
            if condition is not S.true:
                field.conditions[condition] = None
    return field.read(put(rest, b, other))


def _closed_form(field: Field, k: int, e: int, b: Expr, size: Ratio) -> Ratio | None:
    """Return the sum of a power of the index, or of a geometric sequence; else None."""
    atom = field.atoms[k]
    if k == field.index.get(b) and e > 0 and e % field.scale == 0 and e <= 12 * field.scale:
        return _sum_of_powers(field, e // field.scale, size)
    if atom.kind == "exp" and not atom.base.under and len(atom.base.top.terms) == 1:
        ((m, c),) = atom.base.top.terms.items()
        at = field.index.get(b)
        if at is None or field.exponent(m, at) != field.scale:
            return None
        rest = m - (field.scale << (WIDTH * at))
        if b in field.free(field.polynomial({rest: 1})):
            return None
        rate = Ratio(field.polynomial({rest: tidy(c * Fraction(e, field.scale))}))
        step = exponential(field, rate)
        last = exponential(field, field.product(rate, size))
        gap = field.total([step, field.number(-1)])
        top = field.product(step, field.total([last, field.number(-1)]))
        return field.product(top, field.inverse(gap))
    return None


def _sum_of_powers(field: Field, p: int, size: Ratio) -> Ratio:
    terms = []
    for j in range(p + 1):
        c = Fraction((-1) ** j * comb(p + 1, j), p + 1) * _bernoulli(j)
        if c:
            terms.append(field.product(field.number(c), field.whole_power(size, p + 1 - j)))
    return field.total(terms)


def _sum_atom(field: Field, m: Monomial, under: Denominator, b: Expr, upper: int) -> Ratio:
    """Return a sum that stays a sum, named by its summand up to the names of its indices."""
    body = _term_expr(field, m, under)
    binders: list[tuple[Expr, int]] = [(b, upper)]
    inner = [k for k, _ in field.exponents(m) if field.atoms[k].kind == "sum"]
    if len(inner) == 1 and field.exponent(m, inner[0]) == field.scale:
        # a sum within the sum: one sum over both indices, whose order does not matter
        parts, core = field.atoms[inner[0]].base
        fresh = [(own_index(field, f"_f{i}_{u}", u), u) for i, (_, u) in enumerate(parts)]
        core = rename(core, [s for s, _ in parts], [s for s, _ in fresh])
        body = _term_expr(field, m - (field.scale << (WIDTH * inner[0])), under) * core
        binders = [*fresh, (b, upper)]
    base = height(body)
    orders = [binders] if len(binders) > 3 else _orders(binders)
    first: tuple[Any, list[tuple[Expr, int]], Expr] | None = None
    for order in orders:
        names = [
            (own_index(field, f"_b{base + at + 1}_{u}", u), u) for at, (_, u) in enumerate(order)
        ]
        renamed = rename(body, [s for s, _ in order], [s for s, _ in names])
        r = field.read(renamed)
        key = ("sum", r.top.key, r.under, tuple(u for _, u in names))
        if key in field.index:
            return Ratio(field.one_atom(field.index[key]))
        if first is None:
            first = (key, names, renamed)
    assert first is not None
    key, names, renamed = first
    r = field.read(renamed)
    positive = sign_of(field, r.top) == 1 and all(
        e % 2 == 0 or sign_of(field, field.under[k]) == 1 for k, e in r.under
    )
    bounds = [(s, S.One, _upper_expr(field, u)) for s, u in names]
    total = Sum(renamed, *bounds)
    k = field.atom(
        key,
        lambda: Atom(
            "sum",
            lambda: total,
            positive=positive,
            vanishes=not (
                never_zero(field, r.top)
                and all(never_zero(field, _upper_polynomial(field, u)) for _, u in names)
            ),
            free=frozenset(total.free_symbols),
            base=(names, renamed),
        ),
    )
    return Ratio(field.one_atom(k))


def _upper_ratio(field: Field, upper: int) -> Ratio:
    for (key, under), number in field.uppers.items():
        if number == upper:
            return Ratio(field.polynomial(dict(key)), under)
    raise KeyError(upper)


def _upper_polynomial(field: Field, upper: int) -> Polynomial:
    return _upper_ratio(field, upper).top


def _upper_expr(field: Field, upper: int) -> Expr:
    return field.ratio_expr(_upper_ratio(field, upper))


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
