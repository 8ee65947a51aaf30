"""The cases of an exact decision: two sides, and the signs and indices that are told apart.

Guarantee.  A sign that a case holds says "not of the other sign"; what is strictly of one sign, or
not zero, stands in `nonzero` as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sympy import Eq, Expr, Ne, S, Sum
from sympy.core.relational import (
    GreaterThan,
    LessThan,
    Relational,
    StrictGreaterThan,
    StrictLessThan,
)

from symattn.algebra.letters import OffSum
from symattn.algebra.symbols import of_kind


@dataclass(frozen=True)
class Branch:
    """Two sides to compare, with what is known in this case of signs and of indices."""

    left: Expr
    right: Expr
    signs: tuple[tuple[Expr, int], ...] = ()
    distinct: frozenset[frozenset[Expr]] = frozenset()
    same: tuple[Expr, ...] = ()  # equations that were put in
    nonzero: frozenset[Expr] = frozenset()  # what is given to be strictly of one sign, or not 0

    def with_sign(self, p: Expr, s: int) -> Branch:
        return replace(self, signs=(*self.signs, (p, s)))

    def with_distinct(self, i: Expr, j: Expr) -> Branch:
        return replace(self, distinct=self.distinct | {frozenset({i, j})})

    def excludes(self, p: Expr) -> bool:
        """Tell whether p = 0 contradicts what is given: p is a multiple of what is not zero."""
        for q in self.nonzero:
            ratio = (p / q).cancel() if p.free_symbols == q.free_symbols else S.Zero
            if ratio.is_Rational and ratio != 0:
                return True
        return False

    @property
    def conditions(self) -> tuple[Any, ...]:
        signs = [compared(p, s) for p, s in self.signs]
        apart = [Ne(*sorted(pair, key=str)) for pair in self.distinct]
        return tuple(c for c in (*signs, *apart, *self.same) if isinstance(c, Relational))


def compared(p: Expr, s: int) -> Expr | None:
    """Return p > 0, p < 0 or p = 0; None when SymPy finds that p is not real."""
    try:
        return p > 0 if s > 0 else p < 0 if s else Eq(p, 0, evaluate=False)
    except TypeError:
        return None


def merged(case: Branch, i: Expr, j: Expr) -> Branch | None:
    """Return the case where two indices are equal."""
    for old, new in ((i, j), (j, i)):
        if old.is_Symbol:
            put = replaced(case, old, new)
            if put is not None:
                return replace(put, same=(*case.same, Eq(old, new, evaluate=False)))
    return None


def replaced(case: Branch, old: Expr, new: Expr) -> Branch | None:
    """Return the case with a symbol replaced; None when a sum binds one of the names."""
    names = old.free_symbols | new.free_symbols
    for x in (case.left, case.right):
        for e in of_kind((Sum, OffSum), x):
            bound = set(e.bound_symbols) if isinstance(e, Sum) else {e.args[1]}
            if names & bound:
                return None
    change = {old: new}
    try:
        distinct = frozenset(frozenset(e.xreplace(change) for e in pair) for pair in case.distinct)
        signs = [(p.xreplace(change), s) for p, s in case.signs]
        return Branch(
            case.left.xreplace(change),
            case.right.xreplace(change),
            tuple((p, s) for p, s in signs if p != 0),
            frozenset(pair for pair in distinct if len(pair) == 2),
            tuple(c.xreplace(change) for c in case.same),
            frozenset(p.xreplace(change) for p in case.nonzero) - {S.Zero},
        )
    except (TypeError, ValueError):  # SymPy, of a comparison that has no real value any more
        return None


def with_given(case: Branch, given: Iterable[Any]) -> Branch | None:
    """Return the case with what is given; a sign says >= 0, and `nonzero` that it is strict."""
    signs = list(case.signs)
    distinct = set(case.distinct)
    nonzero = set(case.nonzero)
    equations = []
    for relation in given:
        if relation is S.false:
            return None
        if isinstance(relation, Eq):
            equations.append(relation)
        if not isinstance(relation, Relational) or isinstance(relation, Eq):
            continue
        gap = relation.lhs - relation.rhs
        if isinstance(relation, Ne):
            distinct.add(frozenset({relation.lhs, relation.rhs}))
        elif isinstance(relation, (StrictGreaterThan, GreaterThan)):
            signs.append((gap, 1))
        elif isinstance(relation, (StrictLessThan, LessThan)):
            signs.append((-gap, 1))
        if isinstance(relation, (Ne, StrictGreaterThan, StrictLessThan)):
            nonzero.add(gap)
    case = replace(
        case, signs=tuple(signs), distinct=frozenset(distinct), nonzero=frozenset(nonzero)
    )
    for relation in equations:
        if relation.lhs.is_Symbol:
            put = replaced(case, relation.lhs, relation.rhs)
            if put is None:
                return None
            case = put
    return case
