"""Conditions made of relations by and, or, not and if-then-else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy.core.relational import Relational
from sympy.logic.boolalg import ITE, And, BooleanFalse, BooleanTrue, Not, Or


def holds(condition: Any, relation: Callable[[Relational], bool], refusal: type[Exception]) -> bool:
    """Decide a condition by its relations.

    relation : decides one relation; it is asked only where the rest does not decide.
    refusal : raised for what is no condition.

    >>> from sympy import Symbol, And
    >>> x = Symbol("x")
    >>> holds(And(x > 0, Not(x > 5)), lambda r: bool(r.subs(x, 2)), TypeError)
    True
    """
    if isinstance(condition, (BooleanTrue, BooleanFalse)) or condition in (True, False):
        return bool(condition)
    if isinstance(condition, And):
        return all(holds(a, relation, refusal) for a in condition.args)
    if isinstance(condition, Or):
        return any(holds(a, relation, refusal) for a in condition.args)
    if isinstance(condition, Not):
        return not holds(condition.args[0], relation, refusal)
    if isinstance(condition, ITE):
        test, yes, no = condition.args
        return holds(yes if holds(test, relation, refusal) else no, relation, refusal)
    if not isinstance(condition, Relational):
        raise refusal(f"the condition {condition}")
    return relation(condition)
