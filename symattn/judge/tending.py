"""Equalities of a stranger's line: for every instance, or in the limit that is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from sympy import Expr, S, oo

from symattn.algebra.letters import Statistic
from symattn.algebra.limits import NoSafeLimit
from symattn.algebra.words import normal, to_expr
from symattn.check.described import described, numbers
from symattn.check.draws import instances
from symattn.check.gate import decide, refuted, relevant, with_assumptions
from symattn.check.numbers import plain
from symattn.check.plain_instances import plain_instances
from symattn.check.proof import evidence_of
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.hypotheses.base import Given
from symattn.judge import chance
from symattn.judge.approach import SHOWN_AT, gaps_along, unsafe
from symattn.judge.bench import Bench, given_for, narrower, over_counts, proved, undecided
from symattn.judge.free_letters import apart_names
from symattn.judge.scales import sure_to_grow
from symattn.kernel import Approximates, Context, LimitIs
from symattn.kernel.approaches import Approach, difference_vanishes, limit_of, lower_terms
from symattn.latex.write import latex


def exactly(bench: Bench, left: Expr, right: Expr) -> Verdict:
    """Judge an equation of two expressions under the hypotheses, for every instance."""
    base = decide(bench.claim(left, right), bench.effort)
    if base.passed:
        return base
    for given, note in narrower(bench, left, right):
        found = decide(bench.claim(left, right, given), bench.effort)
        if found.passed:
            return with_assumptions(found, [note])
        base = found  # what is meant, and the fairer refutation
    return base


def near(bench: Bench, left: Expr, right: Expr, relation: str) -> Verdict:
    r"""Judge `~~` and `->`: the difference tends to zero in the limit that is meant."""
    scale = bench.judged.scale
    if scale is not None:
        sure_to_grow(bench.line, scale)
        if scale in bench.line.every and all(a.symbol != scale for a in bench.line.approaches):
            return _at_every_scale(bench, left, right)
    if left.has(Statistic) or right.has(Statistic):
        return moments(bench, left, right, relation)
    approaches = bench.approaches
    given = given_for(bench, left, right)
    if right in (oo, -oo):
        return _diverges(bench, left, right, approaches, given)
    if bench.chance is not None:
        return chance.judge_near(bench, left, right, approaches, given)
    # A limit holds nothing that moves: what is written so is an approximation.
    relative = relation != "->" or any(right.has(a.symbol) for a in approaches)
    one, two = (bench.judged.expand(apart_names(x)) for x in (left, right))

    def vanishing(given: Given) -> bool | None:
        found = difference_vanishes(one, two, approaches, given, relative)
        low = lower_terms(two, approaches, given) if found and relative else S.Zero
        if low != 0:  # what is written beside the limit is meant to be right as well
            return difference_vanishes(one - (two - low), low, approaches, given, True)
        return found

    try:
        decided, given = over_counts(vanishing, given)
    except NoSafeLimit as error:
        return undecided("no-safe-form", unsafe(error), given)
    if decided is None:
        return undecided("not-proved", "whether the difference vanishes is not decided", given)
    if decided is False:
        whole = difference_vanishes(one, two, approaches, given, relative)
        low = lower_terms(two, approaches, given) if whole else S.Zero
        if low != 0:
            return _far(bench, left - (two - low), low, approaches, given, "wrong-limit")
        return _far(bench, left, right, approaches, given, "wrong-limit")
    text = "the difference tends to zero" + (
        ", relative to the right side" if relative and right != 0 else ""
    )
    gap = Approximates(one, two, tuple(approaches), relative)
    proof = evidence_of([gap], Context(given), "limit-proved", text)
    shown = _shown(bench, left, right, approaches, given, relative)
    return proved(bench, proof, approaches, shown)


def _at_every_scale(bench: Bench, left: Expr, right: Expr) -> Verdict:
    """Judge an approximation that is stated for every scale: no limit is taken then."""
    exact = exactly(bench, left, right)
    counter = exact.counterexample
    if exact.passed or counter is None:
        return exact
    one, two = np.asarray(counter.left, float), np.asarray(counter.right, float)
    if float(np.max(np.abs(one - two))) > 0.05 * float(np.max(np.abs(two), initial=0)):
        return replace(exact, code="scale-too-small", reason=f"not for every scale: {exact.reason}")
    text = "it is not an equation, and how near the sides are at every scale is not decided"
    return undecided("condition-unused", text, bench.given)


def _shown(
    bench: Bench, left: Expr, right: Expr, approaches: Sequence[Approach], given: Given, decay: bool
) -> Evidence:
    """Show a limit in numbers on a few random instances."""
    claim = bench.claim(left, right, given)
    worst, valid = 0.0, 0
    for instance in islice(instances(claim, replace(bench.effort.plan, instances=4)), SHOWN_AT):
        gaps = gaps_along(
            lambda I: bench.value(left, I), lambda I: bench.value(right, I), instance,
            approaches, decay,
        )  # fmt: skip
        gaps = [g for g in gaps if np.isfinite(g)]
        if gaps:
            valid += 1
            worst = max(worst, gaps[-1])
    data = {"valid": valid, "worst": float(f"{worst:.3g}")}
    text = f"on {valid} instances the two sides come as near as {worst:.1e}"
    return Evidence("numbers", "confirmed", "limit-approached", text, data)


def _far(
    bench: Bench, left: Expr, right: Expr, approaches: Sequence[Approach], given: Given, code: str
) -> Verdict:
    """Refute a limit with a plain instance far along it."""
    claim = bench.claim(left, right, given)
    for instance in plain_instances(claim, given):
        if instance["n"] < 3:
            continue
        place = dict(instance)
        for a in approaches:
            place[a.symbol.name] = {oo: 20.0, S.Zero: 1e-6, -oo: -20.0}[a.point]
        try:
            one, two = (np.asarray(bench.value(x, place), float) for x in (left, right))
        except (ValueError, TypeError, ArithmeticError):
            continue
        size = max(float(np.max(np.abs(one), initial=0)), float(np.max(np.abs(two), initial=0)))
        if size == 0 or not np.isfinite(size):
            continue
        if float(np.max(np.abs(one - two), initial=0)) > 1e-3 * size:
            names = dict.fromkeys((*relevant(claim, place), *(a.symbol.name for a in approaches)))
            order = sorted(
                (x for x in names if x in place), key=lambda x: (x != "n", np.ndim(place[x]), x)
            )
            at = described(place, order)
            text = f"at {at}: {latex(left)} is {numbers(one)}, and the line says {numbers(two)}"
            shown = {k: plain(place[k]) for k in order}
            counter = Counterexample(shown, plain(one), plain(two), text)
            return refuted(counter, (), given.latex, code)
    return undecided("not-proved", "the limit is another one, and no instance shows it", given)


def _diverges(
    bench: Bench, left: Expr, right: Expr, approaches: Sequence[Approach], given: Given
) -> Verdict:
    from symattn.latex.write import latex

    try:
        whole = bench.judged.expand(apart_names(left))
        found, given = over_counts(lambda g: limit_of(whole, approaches, g), given)
    except NoSafeLimit as error:
        return undecided("no-safe-form", unsafe(error), given)
    if list(found.terms.values()) == [right]:
        grows = LimitIs(whole, tuple(approaches), right)
        proof = evidence_of([grows], Context(given), "limit-proved", f"it tends to {right}")
        return proved(bench, proof, approaches)
    text = f"it tends to ${latex(found.value)}$, not to ${latex(right)}$"
    evidence = Evidence("proof", "refuted", "wrong-limit", text)
    return Verdict("refuted", "wrong-limit", text, (evidence,), None, given.latex)


def much_larger(bench: Bench, large: Expr, small: Expr) -> Verdict:
    """Judge `a >> b`: the quotient tends to infinity (against 0 and 1, a itself)."""
    if bench.judged.scale is not None:
        sure_to_grow(bench.line, bench.judged.scale)
    approaches = bench.approaches
    given = given_for(bench, large, small)
    one, two = (bench.judged.expand(apart_names(x)) for x in (large, small))
    quotient = one if small == 0 else one / two
    try:
        found, given = over_counts(lambda g: limit_of(1 / quotient, approaches, g), given)
    except NoSafeLimit as error:
        return undecided("no-safe-form", unsafe(error), given)
    if found.vanishes is True:
        share = LimitIs(1 / quotient, tuple(approaches), S.Zero)
        text = "the quotient tends to infinity"
        proof = evidence_of([share], Context(given), "limit-proved", text)
        return proved(bench, proof, approaches)
    if found.vanishes is None:
        return undecided("not-proved", "the quotient is not decided", given)
    return _far(bench, large, small, approaches, given, "wrong-limit") if small == 0 else _refuted_size(
        found.value, given
    )  # fmt: skip


def _refuted_size(value: Expr, given: Given) -> Verdict:
    from symattn.latex.write import latex

    text = f"the quotient of the smaller by the larger tends to ${latex(value)}$, not to 0"
    evidence = Evidence("proof", "refuted", "wrong-limit", text)
    return Verdict("refuted", "wrong-limit", text, (evidence,), None, given.latex)


def moments(bench: Bench, left: Expr, right: Expr, relation: str) -> Verdict:
    """Judge a mean, variance or covariance: exactly where the keys enter linearly, else in the limit."""
    given = given_for(bench, left, right)
    claim = bench.claim(left, right, given)
    one, two = (to_expr(normal(x, given.rewriting)) for x in (claim.left, claim.right))
    if right in (oo, -oo) and not one.has(Statistic):
        return _diverges(bench, one, right, bench.approaches, given)
    if one.has(Statistic) or two.has(Statistic):
        proof = evidence_of(claim.obligations, Context(given)) if relation == "=" else None
        if proof is not None and proof.proof is not None:  # such as the mean of a sum
            return bench.pass_for("identity-proved", proof.text, [proof])
        return chance.judge_moments(bench, left, right, given, relation)
    exact = exactly(bench, left, right)
    if exact.passed or relation == "=":
        return exact
    approaches = bench.approaches
    try:
        decided = difference_vanishes(one, two, approaches, given, relation != "->")
    except NoSafeLimit as error:
        return undecided("no-safe-form", unsafe(error), given)
    if decided is True:
        text = "the difference tends to zero, relative to the right side"
        gap = Approximates(one, two, tuple(approaches), relation != "->")
        return proved(bench, evidence_of([gap], Context(given), "limit-proved", text), approaches)
    return exact if decided is False else undecided("not-proved", "the limit is not decided", given)
