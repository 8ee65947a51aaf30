"""Inequalities of a stranger's line: by the sign of the gap, or by an instance where they fail."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from sympy import Dummy, Expr, Indexed, Rational, S, Sum, Symbol, exp

from symattn.algebra.attention import n
from symattn.algebra.factored import factored
from symattn.algebra.letters import Dot, Letter, Norm, OffSum
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import normal, to_expr
from symattn.check.described import described, number, numbers
from symattn.check.gate import (
    attained,
    broken,
    decide,
    extremes,
    fails_at,
    refuted,
    relevant,
    shown_at,
    with_assumptions,
    worst,
)
from symattn.check.plain_instances import plain_instances
from symattn.check.verdict import Verdict
from symattn.claims import Inequality
from symattn.claims.definitions import family_name
from symattn.claims.search import ingredients
from symattn.hypotheses.base import Given
from symattn.judge.bench import Bench, at_least, narrower, undecided
from symattn.judge.free_letters import apart_names
from symattn.judge.line import Unclear
from symattn.latex.write import latex


def ordered(bench: Bench, left: Expr, relation: str, right: Expr) -> Verdict:
    """Judge an inequality of scalars: by the sign of its gap, or by an instance where it fails."""
    if _of_any_numbers(left, relation, right):
        raise Unclear("not-an-answer", "this bound holds of any numbers whatever")
    found = _ordered_under(bench, left, relation, right, bench.given, later=True)
    if found is not None and (found.passed or found.code == "loose-bound"):
        return found
    apart = narrower(bench, left, right)
    for given, note in [*apart, (bench.given, "")]:
        for least in (0,) if bench.line.count else (0, 2, 3):
            if not least and not note:
                continue
            more = at_least(given, least)
            under = _ordered_under(bench, left, relation, right, more, later=least > 0)
            if under is None:
                continue
            if under.passed:
                return with_assumptions(under, [note] if note else [])
            if under.verdict == "refuted" and not least:
                found = under
        if note and found is not None and found.verdict == "refuted":
            break
    found = found or _ordered_under(bench, left, relation, right, bench.given)
    assert found is not None
    return found


def _ordered_under(
    bench: Bench, left: Expr, relation: str, right: Expr, given: Given, later: bool = False
) -> Verdict | None:
    """Judge an inequality under what is given.

    later : whether one that is no proof, for its sides meet somewhere, may wait: then it is None.
    """
    judged = bench.judged
    one, two = (judged.expand(apart_names(x)) for x in (left, right))
    upward = relation in (r"\le", "<")
    gap = two - one if upward else one - two
    claim = Inequality(
        name="line", given=given, shown=left, relation=relation, left=one, right=two, slack=gap,
        oracle=lambda I: bench.value(left, I),
    )  # fmt: skip
    if broken(claim) is not None:
        return decide(claim, bench.effort)
    least = _constant(gap, given)
    if _with_room(right - left if upward else left - right, least):
        text = "the bound holds with room to spare; a closer one is known"
        return undecided("loose-bound", text, given)
    if least is not None and (least < 0 or (least == 0 and relation in ("<", ">"))):
        return _never(bench, claim, least)
    steps, strict = (one, two) if upward else (two, one), relation in ("<", ">")
    meets = strict and attained(claim)
    found = None if meets else ingredients(steps, given.rewriting, upward, strict)
    if found is not None:
        return decide(replace(claim, **found), bench.effort)
    for instance in extremes(claim):
        failed = fails_at(claim, instance)
        if failed is not None:
            return worst(claim, instance, failed)
    return None if meets and later else decide(claim, bench.effort)


def _of_any_numbers(left: Expr, relation: str, right: Expr) -> bool:
    r"""Whether a bound says nothing of its letters: `\alpha_i^2 \ge 0`, `\|q\| \ge 0`."""
    gap = right - left if relation in (r"\le", "<") else left - right
    if not gap.is_commutative or gap.has(exp, Sum, OffSum):
        return False
    norms = {x: Dummy(nonnegative=True) for x in gap.atoms(Norm)}
    others = {x: Dummy(real=True) for x in gap.xreplace(norms).atoms(Dot, Indexed)}
    plain = gap.xreplace(norms).xreplace(others)
    return bool((norms or others) and (plain.is_positive or (
        plain.is_nonnegative and relation in (r"\le", r"\ge"))))  # fmt: skip


def _with_room(gap: Expr, least: Expr | None) -> bool:
    r"""Whether a bound is far from what is reached: `\sum_l \alpha_l > 0`, `\alpha_i \le 2`."""
    if least is not None:
        return bool(least > Rational(1, 1000))
    more = {n: 2 + Symbol("_more", integer=True, nonnegative=True)}
    weights = {x for x in gap.atoms(Indexed) if family_name(x) == r"\alpha"}
    if gap.has(Sum) and all(_is_whole(x) for x in gap.atoms(Sum)):
        gap = gap.xreplace(dict.fromkeys(gap.atoms(Sum), S.One))  # the weights sum to one
        return bool(gap.free_symbols == {n} and gap.xreplace(more).is_positive)
    if gap.atoms(Letter, Sum, OffSum) or gap.free_symbols - weights - {n} - {
        s for x in weights for s in x.free_symbols
    }:
        return False
    if not weights or any(gap.diff(x).has(*weights) for x in weights):
        return False
    corners = product((0, 1), repeat=len(weights))
    return all(
        gap.xreplace(dict(zip(weights, map(S, at)))).xreplace(more).is_positive for at in corners
    )


def _is_whole(x: Expr) -> bool:
    """Whether it is the sum of all weights."""
    f, *limits = x.args
    return (
        isinstance(f, Indexed)
        and family_name(f) == r"\alpha"
        and [tuple(limit) for limit in limits] == [(f.indices[0], 1, n)]
    )


def _constant(gap: Expr, given: Given) -> Expr | None:
    """Return the gap when it is the same number at every instance."""
    if not gap.is_commutative:
        return None
    flat = to_expr(normal(gap, given.rewriting))
    for form in (flat, factored(flat)):
        if form.is_number and form.is_comparable:
            return form  # type: ignore[no-any-return]
    return S.Zero if vanishes(gap, given.rewriting) is True else None


def _never(bench: Bench, claim: Inequality, gap: Expr) -> Verdict:
    """Refute a bound that fails everywhere by the same amount, too little to be seen in numbers."""
    instance = next(plain_instances(claim))
    value = np.asarray(bench.value(claim.shown, instance), float)
    named = described(instance, [x for x in relevant(claim, instance) if np.ndim(instance[x]) == 0])
    what = "both sides are equal" if gap == 0 else f"it fails by {number(-gap)}"
    text = f"{what}, at every instance: at {named} {latex(claim.shown)} is {numbers(value)}"
    return refuted(shown_at(claim, instance, value, value, text), (), claim.given.latex)
