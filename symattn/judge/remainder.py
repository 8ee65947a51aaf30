"""Remainders of a stranger's line: `a = b + O(size)`, judged by the size of the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from sympy import Expr, Pow, Rational, S, Symbol, oo

from symattn.algebra.arrays import compiled
from symattn.algebra.limits import NoSafeLimit
from symattn.algebra.words import normal
from symattn.check.described import number
from symattn.check.draws import instances
from symattn.check.gate import decide, refuted
from symattn.check.numbers import plain
from symattn.check.orders import Quotient, along_path, grows
from symattn.check.plain_instances import plain_instances
from symattn.check.proof import evidence_of
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.claims import Leading
from symattn.hypotheses.base import Given
from symattn.judge.approach import along, names_of, unsafe
from symattn.judge.bench import Bench, given_for, over_counts, proved, quantity_of, undecided
from symattn.judge.free_letters import apart_names
from symattn.judge.line import Link, Unclear
from symattn.judge.tending import near
from symattn.kernel import Context, StaysBounded
from symattn.kernel.approaches import Approach, TermLimits, limit_of
from symattn.latex.write import latex


def along_all(bench: Bench, x: Expr, given: Given) -> list[TermLimits]:
    """Return the limits of an expression in the regime that is meant.

    Where the noise vanishes first and the scale grows then, and, for random keys, at the end of the
    regime, where the scale is as large as the noise allows: a product of powers is bounded between
    the two when it is at both.

    Raises
    ------
    NoSafeLimit : if one is not decided.
    """
    return [limit_of(y, ends, given) for y, ends in _ways(bench, bench.judged.expand(x))]


def _ways(bench: Bench, x: Expr) -> list[tuple[Expr, Sequence[Approach]]]:
    """Return an expression with the limit that is meant, and the same along the end of the regime."""
    found: list[tuple[Expr, Sequence[Approach]]] = [(x, bench.approaches)]
    scale = bench.judged.scale
    if bench.chance is not None and scale is not None:
        far = Symbol("_far", positive=True)
        x = _smooth(x, bench.chance.small).xreplace({bench.chance.small: far**-2, scale: far})
        found.append((x, [Approach(far, oo)]))
    return found


def _smooth(x: Expr, small: Symbol) -> Expr:
    """Write roots of what is positive without the noise as a polynomial in the noise."""

    def series(root: Expr) -> Expr:
        value = root.subs(small, 0)
        slope = root.diff(small).subs(small, 0)
        return value + slope * small

    roots = {
        p for p in x.atoms(Pow)
        if p.exp.is_number and not p.exp.is_integer and p.base.is_polynomial(small)
        and p.base.has(small) and p.base.subs(small, 0).is_positive
    }  # fmt: skip
    return x.xreplace({p: series(p) for p in roots})


def up_to(bench: Bench, link: Link, left: Expr, right: Expr) -> Verdict:
    """Judge `a = b + O(size)`: the difference stays below a constant times the size."""
    from symattn.latex.write import latex

    approaches = bench.approaches
    given = given_for(bench, left, right)
    total = sum((r.size for r in link.remainders), S.Zero)
    if _is_a_limit(bench, link, right):
        return near(bench, left, right, "->")
    _says_something(bench, link, total, given)
    gap = bench.judged.expand(apart_names(left)) - bench.judged.expand(apart_names(right))
    try:
        found, given = over_counts(
            lambda g: along_all(bench, gap / bench.judged.expand(total), g), given
        )
    except NoSafeLimit as error:
        return undecided("no-safe-form", unsafe(error), given)
    text = (
        f"the difference over ${latex(total)}$ tends to ${latex(found[0].value)}$, "
        f"${names_of(approaches)}$"
    )
    little = any(r.little for r in link.remainders)
    if little and found[0].vanishes is False and not found[0].infinite:
        return near(bench, (left - right) / total, S.Zero, "->")
    if any(end.infinite for end in found) or (little and found[0].vanishes is not True):
        return _too_small(bench, left, right, total, approaches, given)
    bounded = [
        StaysBounded(x, tuple(ends), little and not at)
        for at, (x, ends) in enumerate(_ways(bench, gap / bench.judged.expand(total)))
    ]
    return proved(bench, evidence_of(bounded, Context(given), "remainder-proved", text), approaches)


def _is_a_limit(bench: Bench, link: Link, right: Expr) -> bool:
    """Whether a remainder o(1) stands beside what does not move: then the difference vanishes."""
    plain = all(r.little and r.size.is_number for r in link.remainders)
    return plain and not any(right.has(a.symbol) for a in bench.approaches)


def _says_something(bench: Bench, link: Link, size: Expr, given: Given) -> None:
    """Refuse a remainder that does not vanish: everything bounded is right up to it.

    Raises
    ------
    Unclear : it does not, or only a limit in the other order would tell.
    """
    if all(r.little for r in link.remainders):
        return  # o(1) says that the difference vanishes
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
    given = bench.given
    if _is_a_limit(bench, link, right):
        return near(bench, left, right, "->")
    size = sum((r.size for r in link.remainders), S.Zero)
    _says_something(bench, link, size, given)
    quantity = quantity_of(bench, left)
    for claim in quantity.requires(right) if quantity is not None else ():
        if not isinstance(claim, Leading):
            continue
        kept = decide(claim.with_right(claim.kept), bench.effort)
        if not kept.passed:
            return kept
        return _beside(bench, link, kept, claim, size)
    return undecided("not-judged", "the order of this remainder is not judged", given)


def _beside(bench: Bench, link: Link, kept: Verdict, claim: Leading, size: Expr) -> Verdict:
    """Compare what a line leaves out with its remainder: of the leading part, and of the rest.

    What is left out of the leading part is known exactly; of the rest an order is known, above which
    it does not lie.
    """
    given = claim.given
    gap, order = (bench.judged.expand(x) for x in (claim.kept - claim.right, claim.order))

    def ends(g: Given) -> tuple[list[TermLimits], list[TermLimits], list[list[TermLimits]]]:
        apart, rest = (along_all(bench, x / size, g) for x in (gap, order))
        return apart, rest, [along_all(bench, order / x, g) for x in _coefficients(gap, g)]

    try:
        (apart, rest, shares), given = over_counts(ends, given)
    except NoSafeLimit as error:
        return undecided("no-safe-form", unsafe(error), given)
    for at, end in enumerate(apart):
        if end.infinite and any(share[at].vanishes for share in shares):
            text = (
                f"what is left of the leading part, ${latex(gap)}$, is not of that order: "
                "divided by it, it grows"
            )
            evidence = Evidence("proof", "refuted", "remainder-too-small", text)
            return Verdict("refuted", "remainder-too-small", text, (evidence,), None, given.latex)
    if any(end.infinite for end in (*apart, *rest)):
        found = _grows(bench, replace(claim, right=claim.kept), size)
        text = (
            f"what is left out is at most of the order ${latex(claim.order)}$, and is not measured "
            "against a smaller one"
        )
        return found or undecided("not-judged", text, given)
    if any(r.little for r in link.remainders) and not (apart[0].vanishes and rest[0].vanishes):
        return undecided("not-judged", "that it is o(..) of that is not judged", given)
    text = "what is left of the leading part, and its own remainder, are of that order"
    return replace(kept, verdict="confirmed", code="remainder-confirmed", reason=text)


def _grows(bench: Bench, claim: Leading, size: Expr) -> Verdict | None:
    """Refute an order by the exact moments: what is left out, over it, grows along the author's path.

    A size that falls too fast for floats is refuted by a larger one, beside which it vanishes.
    """
    larger = [size]
    try:
        middle = claim.order ** Rational(3, 2)
        if all(
            not end.infinite
            for end in along_all(bench, size / bench.judged.expand(middle), claim.given)
        ):
            larger.append(middle)
    except NoSafeLimit:
        pass
    sized = sorted(
        islice(instances(claim, replace(bench.effort.plan, instances=6)), 6), key=lambda I: I["n"]
    )
    for one in larger:
        for instance in (I for I in sized if I["n"] >= 3):
            ways = [
                along_path(replace(claim, order=one), instance, path) for path in range(claim.paths)
            ]
            ways = [way for way in ways if way]  # along the others floats do not show the order
            if not ways or not all(grows([point.value for point in way]) for way in ways):
                continue
            if one != size and not all(_falls(size / one, way) for way in ways):
                continue
            way = ways[-1]
            moving = [s.name for s in sorted((*one.free_symbols, bench.judged.scale), key=str)]
            names = [x for x in dict.fromkeys(moving) if x in way[0].instance]
            places = ", ".join(f"{x} = {number(float(way[-1].instance[x]))}" for x in names)
            values = [point.value for point in way]
            text = (
                f"what is left out, over ${latex(one)}$, grows without bound: it is "
                f"{', '.join(map(number, values))} on the way to {places}"
            )
            if one != size:
                text += f"; beside that ${latex(size)}$ vanishes"
            shown = {"n": instance["n"], **{x: [plain(p.instance[x]) for p in way] for x in names}}
            counter = Counterexample(shown, values, 0, text)
            return refuted(counter, (), claim.given.latex, "remainder-too-small")
    return None


def _falls(x: Expr, way: Sequence[Quotient]) -> bool:
    """Whether an expression certainly does not grow along a way."""
    values = [abs(float(compiled(x)(point.instance))) for point in way]
    return all(b <= a for a, b in zip(values, values[1:]))


def _coefficients(x: Expr, given: Given) -> list[Expr]:
    return [value for value in normal(x, given.rewriting).values() if value != 0]


def _too_small(
    bench: Bench, left: Expr, right: Expr, size: Expr, approaches: Sequence[Approach], given: Given
) -> Verdict:
    """Refute a remainder: the difference over its size grows along the approach."""
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
