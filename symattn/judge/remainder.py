"""Remainders of a stranger's line: `a = b + O(size)`, judged by the size of the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sympy import Expr, S

from symattn.algebra.letters import shape
from symattn.algebra.limits import NoSafeLimit
from symattn.algebra.vanish import vanishes
from symattn.check.described import number
from symattn.check.gate import decide, refuted
from symattn.check.plain_instances import plain_instances
from symattn.check.proof import evidence_of
from symattn.check.verdict import Counterexample, Verdict
from symattn.claims import Leading
from symattn.hypotheses.base import Given
from symattn.judge.approach import along, names_of, unsafe
from symattn.judge.bench import Bench, given_for, over_counts, proved, undecided
from symattn.judge.free_letters import apart_names
from symattn.judge.line import Link, Unclear
from symattn.kernel import Context, StaysBounded
from symattn.kernel.approaches import Approach, limit_of


def up_to(bench: Bench, link: Link, left: Expr, right: Expr) -> Verdict:
    """Judge `a = b + O(size)`: the difference stays below a constant times the size."""
    approaches = bench.approaches
    given = given_for(bench, left, right)
    total = sum((r.size for r in link.remainders), S.Zero)
    _says_something(bench, link, total, given)
    gap = bench.judged.expand(apart_names(left)) - bench.judged.expand(apart_names(right))
    try:
        quotient = gap / bench.judged.expand(total)
        found, given = over_counts(lambda g: limit_of(quotient, approaches, g), given)
    except NoSafeLimit as error:
        return undecided("no-safe-form", unsafe(error), given)
    text = f"the difference over {total} tends to {found.value}, ${names_of(approaches)}$"
    if found.infinite or (any(r.little for r in link.remainders) and found.vanishes is not True):
        return _too_small(bench, left, right, total, approaches, given)
    little = any(r.little for r in link.remainders)
    bounded = StaysBounded(quotient, tuple(approaches), little)
    proof = evidence_of([bounded], Context(given), "remainder-proved", text)
    return proved(bench, proof, approaches)


def _says_something(bench: Bench, link: Link, size: Expr, given: Given) -> None:
    """Refuse a remainder that does not vanish: everything bounded is right up to it.

    Raises
    ------
    Unclear : it does not, or only a limit in the other order would tell.
    """
    try:
        end = limit_of(bench.judged.expand(size), bench.approaches, given)
    except NoSafeLimit:
        return
    if end.vanishes is False:
        raise Unclear(
            "says-nothing", f"{link.text}: the remainder does not vanish, so it says nothing"
        )


def leading_up_to(bench: Bench, link: Link, left: Expr, right: Expr) -> Verdict:
    """Judge `E[..] = b + O(size)` by the leading part that the question derives, and its order."""
    approaches, given = bench.approaches, bench.given
    size = sum((r.size for r in link.remainders), S.Zero)
    _says_something(bench, link, size, given)
    for quantity in bench.judged.quantities:
        if shape(quantity.shown) != shape(left) or vanishes(quantity.shown - left) is not True:
            continue
        for claim in quantity.requires(right):
            if not isinstance(claim, Leading):
                continue
            kept = decide(claim.with_right(claim.kept), bench.effort)
            if not kept.passed:
                return kept
            gap = claim.kept - claim.right
            try:
                ends = [limit_of(x / size, approaches, claim.given) for x in (gap, claim.order)]
            except NoSafeLimit as error:
                return undecided("no-safe-form", unsafe(error), given)
            if not any(end.infinite for end in ends) and not any(r.little for r in link.remainders):
                text = "what is left of the leading part, and its own remainder, are of that order"
                return replace(kept, verdict="confirmed", code="remainder-confirmed", reason=text)
    return undecided("not-judged", "the order of this remainder is not judged", given)


def _too_small(
    bench: Bench, left: Expr, right: Expr, size: Expr, approaches: Sequence[Approach], given: Given
) -> Verdict:
    """Refute a remainder: the difference over its size grows along the approach."""
    from symattn.latex.write import latex

    claim = bench.claim(left, right, given)
    instance = next((x for x in plain_instances(claim, given) if x["n"] >= 3), None)
    if instance is None or bench.chance is not None:
        return undecided("not-proved", "the remainder is not shown to be larger", given)
    shares, steps = [], []
    for step in range(3):
        place = along(instance, approaches, step, True)
        one, two, small = (np.asarray(bench.value(x, place), float) for x in (left, right, size))
        shares.append(float(np.max(np.abs(one - two)) / np.max(np.abs(small))))
        steps.append(place[approaches[-1].symbol.name])
    if not shares[2] > 2 * shares[1] > 4 * shares[0] > 0:
        return undecided("not-proved", "the remainder is not shown to be larger", given)
    name = approaches[-1].symbol.name
    text = (
        f"at n = {instance['n']} the difference over ${latex(size)}$ grows: it is "
        f"{', '.join(number(x) for x in shares)} at {name} = {', '.join(number(x) for x in steps)}"
    )
    shown = {"n": instance["n"], name: steps}
    return refuted(Counterexample(shown, shares, 0, text), (), given.latex, "remainder-too-small")
