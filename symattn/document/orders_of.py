"""Inequalities in a document: by the kernel's signs, or by a point where they fail."""

from __future__ import annotations

from sympy import Expr

from symattn.check.equality.declared import RELATIONS
from symattn.check.equality.reading import read_sides
from symattn.check.verdict import Evidence, Verdict
from symattn.document.holds import Holds
from symattn.document.judged_links import Judged, options_for
from symattn.errors import BudgetExceeded, SymattnError
from symattn.hypotheses.base import Given
from symattn.kernel.obligations import Sign
from symattn.kernel.proving import prove


def ordered(left: str, relation: str, right: str, holds: Holds) -> Judged:
    """Return the verdict on an inequality between two scalars."""
    try:
        options = options_for(left, right, holds, True)
        sides = read_sides(left, right, options)
    except SymattnError as error:
        return Judged(Verdict("unread", "unread", error.message))
    return Judged(Verdict("undecided", "relation-not-judged", "no rule decides it"), sides)
