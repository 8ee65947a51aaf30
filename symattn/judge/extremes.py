r"""What a line says of the largest or smallest of a family: of every member, of one, or of their mean.

`\max_l f_l \le x` says `f_l \le x` of every l.  Where one member is shown to be the largest it stands
for the maximum; and a maximum is no less than any member, nor than the mean of all.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr, Sum

from symattn.algebra.attention import n
from symattn.algebra.stable import Peak, Pit
from symattn.check.gate import with_assumptions
from symattn.check.verdict import Verdict
from symattn.judge.bench import EQUAL, ORDER, Bench
from symattn.judge.bounds import ordered
from symattn.judge.free_letters import free_indices, reindexed
from symattn.judge.line import Unclear
from symattn.judge.tending import exactly
from symattn.latex.write import latex

Judged = Callable[[Expr, str, Expr], Verdict]


def of_extremes(bench: Bench, left: Expr, relation: str, right: Expr, judge: Judged) -> Verdict:
    """Judge a relation that holds a maximum or minimum over an index by its members.

    judge : judges a relation without.

    Raises
    ------
    Unclear : none of the ways decides it.
    """
    node, *more = sorted(left.atoms(Peak) | right.atoms(Peak), key=str)
    if more or node.args[0].has(Peak):
        raise Unclear("not-judged", "one maximum or minimum over an index is judged at a time")

    def put(x: Expr) -> tuple[Expr, str, Expr]:
        return left.xreplace({node: x}), relation, right.xreplace({node: x})

    index = node.args[1]
    members = [reindexed(node.args[0], {index: p}) for p in _places(bench, node, left, right)]
    slope = (left - right if relation[:1] == ">" else right - left).coeff(node)
    least = slope.is_positive if isinstance(node, Pit) else slope.is_negative
    most = slope.is_negative if isinstance(node, Pit) else slope.is_positive
    if relation in ORDER and least:  # of every member
        found = [judge(*put(x)) for x in members]
        if found[0].verdict != "undecided" and len({v.verdict for v in found}) == 1:
            return found[0]
        if any(v.verdict == "refuted" for v in found):
            return next(v for v in found if v.verdict == "refuted")
    for x in members if bench.chance is None else ():
        no_less = [_no_less(bench, node, x, y) for y in members if y is not x]
        if all(v.passed for v in no_less):
            one, sign, two = put(x)
            verdict = no_less[-1] if one == two and relation in EQUAL else judge(one, sign, two)
            return with_assumptions(verdict, [f"${latex(node)} = {latex(x)}$"])
    if relation in ORDER and most:  # of one member, or of the mean
        mean = [] if node.args[3].args else [Sum(node.args[0], (index, 1, n)) / n]
        found = [judge(*put(x)) for x in (*members, *mean)]
        if any(v.passed for v in found):
            return next(v for v in found if v.passed)
    if bench.judged.goal is None and (relation in ORDER or relation in EQUAL):
        tried = (
            ordered(bench, left, ORDER[relation], right) if relation in ORDER
            else exactly(bench, left, right)
        )  # fmt: skip
        if tried.verdict == "refuted":
            return tried
    raise Unclear("not-judged", f"which member is {node.macro} is not decided")


def _places(bench: Bench, node: Peak, *sides: Expr) -> list[Expr]:
    """The indices that stand for all that a maximum runs over: the pair, and any other.

    Raises
    ------
    Unclear : a side speaks of another index.
    """
    own = bench.judged.indices
    third = own[2:3]
    if len(own) < 3 or {*free_indices(*sides)} - {*own[:2]}:
        raise Unclear("not-judged", "a maximum over an index is judged beside the pair alone")
    return [p for p in (*own[:2], *third) if p not in node.args[3].args]


def _no_less(bench: Bench, node: Peak, one: Expr, two: Expr) -> Verdict:
    """Judge that one member is no less than another, or of a minimum no larger."""
    return ordered(bench, one, r"\le" if isinstance(node, Pit) else r"\ge", two)
