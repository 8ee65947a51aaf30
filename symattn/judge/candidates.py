"""A candidate for the unknown: put into the specification, as our own answer is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
from sympy import (
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    Pow,
    Rational,
    S,
    Symbol,
    cos,
    exp,
    log,
    oo,
    pi,
    sin,
)
from sympy.core.symbol import Str

from symattn.algebra.letters import (
    Dot,
    IdentityMatrix,
    Letter,
    Matrix,
    T,
    Transposed,
    shape,
    show_shape,
)
from symattn.algebra.limits import NoSafeLimit
from symattn.algebra.words import normal, to_expr
from symattn.check.draws import instances
from symattn.check.gate import (
    ZERO,
    Effort,
    decide,
    fails_at,
    refuted,
    required,
    with_apart,
    with_assumptions,
)
from symattn.check.numbers import measure
from symattn.check.plain_instances import plain_instances
from symattn.check.proof import evidence_of
from symattn.check.verdict import Evidence, Verdict
from symattn.claims import Claim, Tends
from symattn.claims.definitions import family_name
from symattn.derive.question import Question
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.families import AtLeast, Replaced
from symattn.judge.approach import SHOWN_AT, names_of, unsafe
from symattn.judge.free_letters import free_indices, listed, unbound
from symattn.judge.judged import Judged
from symattn.judge.line import SMALL_NAMES, Line, Unclear
from symattn.judge.scales import at_every_scale, scale_off, sure_to_grow, within_bounds
from symattn.judge.settled import settled
from symattn.judge.weighed import gap_of_limit, missed, right_of
from symattn.kernel import Approximates, Context
from symattn.kernel.approaches import Approach, limit_of, one_limit
from symattn.latex.write import latex

AT_STEPS = (4.0, 16.0, 64.0, 256.0, 1e3, 1e4, 1e6, 1e9)
NEAR_STEPS = (*(10.0**-k for k in range(120, 0, -2)), 1.0, 1.002, 1.004, 1.01, 1.03, 1.1, 1.3, 2.0)
TINY_NAMES = frozenset(["\\epsilon", "\\varepsilon", "\\delta"])
TO_ZERO = tuple(10.0**-k for k in (2, 4, 6, 8, 12, 16, 24, 32))


def judge_candidate(
    question: Question, judged: Judged, line: Line, candidate: Expr, effort: Effort
) -> Verdict:
    """Return the verdict of a candidate for the question's unknown."""
    found = _judge(question, judged, line, candidate, effort)
    fixed = [value for relation, value in line.count if relation in ("=", "==")]
    if found.verdict == "refuted" and fixed:
        reason = f"the question does not say n = {fixed[0]}; {found.reason}"
        return replace(found, code="extra-assumption", reason=reason)
    return found


def _judge(
    question: Question, judged: Judged, line: Line, candidate: Expr, effort: Effort
) -> Verdict:
    unknown = question.specification.unknown
    assert unknown is not None
    candidate = unbound(candidate)
    if candidate.has(unknown):
        raise Unclear("circular", f"the line gives {family_name(unknown)} in terms of itself")
    found = _misfit(question, judged, line, candidate)
    if found is None:
        found = _known_letters(question, judged, line, candidate)
    if found is not None:
        return found
    if candidate == 0:
        claims = _apart(judged, candidate, _nothing(question, unknown))
    else:
        claims = _required(question, judged, candidate)
    if not any(isinstance(claim, Tends) for claim in claims):
        return _at_once(question, judged, candidate, claims, effort)
    return _in_the_limit(question, judged, line, candidate, claims, effort)


def _required(question: Question, judged: Judged, candidate: Expr) -> tuple[Claim, ...]:
    """Return what a candidate must satisfy."""
    return _apart(judged, candidate, question.specification.requires(candidate))


def _misfit(question: Question, judged: Judged, line: Line, candidate: Expr) -> Verdict | None:
    """Refute a candidate of another shape than the unknown.

    Raises
    ------
    Unclear : a letter of the line's own was taken for the basis, and has another shape.
    """
    unknown = question.specification.unknown
    assert unknown is not None
    wanted, size = shape(unknown), shape(candidate)
    if candidate == 0 or wanted == size:
        return None
    if judged.basis is not None and not candidate.has(Transposed):
        taken = next((a for a in line.assumptions if a.endswith(f"as {judged.basis.name}")), "")
        if taken:  # a letter of its own, such as a projection, and not the basis
            letter = taken.split()[0]
            raise Unclear(
                "ask-what-is",
                f"what is {letter}? say so on the line, as with \\quad {letter} = ...",
            )
    text = f"{family_name(unknown)} is {show_shape(wanted)}, and the line gives {show_shape(size)}"
    evidence = Evidence("proof", "refuted", "shape-mismatch", text)
    return Verdict("refuted", "shape-mismatch", text, (evidence,), None, question.given.latex)


def _at_once(
    question: Question, judged: Judged, candidate: Expr, claims: Sequence[Claim], effort: Effort
) -> Verdict:
    """Decide claims that need no limit, also for an unknown that acts on rows."""
    found = _all([decide(claim, effort, required) for claim in claims])
    if found.verdict == "refuted" and judged.mirrored and candidate != 0:
        mirrored = question.specification.requires(T(candidate))
        other = _all([decide(claim, effort) for claim in mirrored])
        if other.passed:
            return with_assumptions(other, ["the unknown is meant to act on rows"])
    return found


def _in_the_limit(
    question: Question,
    judged: Judged,
    line: Line,
    candidate: Expr,
    claims: Sequence[Claim],
    effort: Effort,
) -> Verdict:
    """Decide claims about where a candidate tends to."""
    if judged.chance is not None and candidate.atoms(Matrix):
        candidate = to_expr(normal(candidate, question.given.rewriting))
        if candidate.atoms(Matrix):
            raise Unclear("not-judged", "a covariance in the query is not judged here")
        claims = _required(question, judged, candidate)
    approaches, assumptions = _approaches(question, judged, line, candidate)
    written, scale, chance = candidate, line.scale, judged.chance
    if scale is not None:
        if scale in candidate.free_symbols:
            everywhere = at_every_scale(question, line, candidate)
            if everywhere is not None:
                return everywhere
            sure_to_grow(line, scale)
            _real_on_the_way(candidate, approaches)
        if chance is None:
            oscillating = _oscillating(question, judged, line, candidate, scale)
            if oscillating is not None:
                return oscillating
            end = candidate
            for a in approaches:
                end = settled(end, a, question.given) if a.symbol == scale else end
            if end != 0 and scale in candidate.free_symbols - end.free_symbols:
                return _bounded_scale(question, end, assumptions)
            if end == 0:
                limits = [c for c in claims if isinstance(c, Tends)]
                return _all([missed(c, approaches, candidate) for c in limits])
            candidate = end
        candidate, approaches = _plainer(candidate, scale, approaches)
        claims = _required(question, judged, candidate)
    # A scale that is written with the noise: the noise vanishes first, then the scale grows.
    small = chance.small if chance is not None else None
    first = scale if {scale, small} <= candidate.free_symbols else None
    verdicts = [_tends(question, candidate, claim, approaches, first, effort) for claim in claims]
    bounds = within_bounds(question, judged, line, written)
    if bounds is not None:
        verdicts.append(bounds)
    verdict = _all(verdicts)
    if chance is not None and verdict.code == "limit-proved" and f"${chance.said}$" in assumptions:
        verdict = replace(verdict, reason=f"{verdict.reason}, for {chance.said}")
    return replace(verdict, assumptions=(*verdict.assumptions, *assumptions))


def _real_on_the_way(candidate: Expr, approaches: Sequence[Approach]) -> None:
    r"""Refuse a logarithm or root of what is negative on the way: `\ln \beta` as `\beta \to -\infty`.

    In a weight the exponential and the logarithm cancel, and then it is seen no longer.

    Raises
    ------
    Unclear : there is one.
    """
    ends = {oo: Integer(1000), S.Zero: Rational(1, 1000), -oo: Integer(-1000)}
    far = {a.symbol: ends[a.point] for a in approaches}
    for node in candidate.atoms(log, Pow):
        inner = node.args[0]
        root = isinstance(node, log) or node.exp.is_integer is not True
        if root and far.keys() & inner.free_symbols and inner.xreplace(far).is_negative:
            text = "the query has no real value on the way to the limit that the line states"
            raise Unclear("not-judged", text)


def _oscillating(
    question: Question, judged: Judged, line: Line, candidate: Expr, scale: Symbol
) -> Verdict | None:
    """Refute a query that oscillates with its scale along scales that are as large as one likes.

    Where sine and cosine stand still, at every multiple of a period later, the query is one without
    them; its limit is decided as any other.

    Raises
    ------
    Unclear : none of those refutes it, or several periods stand beside each other.
    """
    unknown = question.specification.unknown
    assert unknown is not None
    waves = {w for w in candidate.atoms(sin, cos) if w.has(scale)}
    rates = {w.args[0] / scale for w in waves}
    if not waves:
        return None
    (rate, *more) = sorted(rates, key=str)
    if not more and rate.is_positive and rate.is_number:
        for angle in (S.Zero, pi, pi / 2, 3 * pi / 2):
            still = candidate.xreplace({w: w.func(angle) for w in waves})
            there = candidate.xreplace({scale: (angle + 20 * pi) / rate})
            claims = (
                _required(question, judged, there) if there != 0 else _nothing(question, unknown)
            )
            ends = [missed(claim, [], there) for claim in claims if isinstance(claim, Tends)]
            again = _in_the_limit(
                question, judged, line, still, _required(question, judged, still), Effort()
            ) if still != 0 else ends[0]  # fmt: skip
            if again.verdict == "refuted" and (found := _all(ends)).verdict == "refuted":
                period = latex((angle + 2 * pi * Symbol("m")) / rate)
                text = (
                    f"for ${latex(scale)} = {period}$, however large: with m = 10, {found.reason}"
                )
                return replace(found, code="wrong-limit", reason=text)
    said = ", ".join(f"${latex(w)}$" for w in sorted(waves, key=str))
    raise Unclear("not-judged", f"{said} has no limit, and the query is not judged with it")


def _tends(
    question: Question,
    candidate: Expr,
    claim: Claim,
    approaches: Sequence[Approach],
    scale: Expr | None,
    effort: Effort,
) -> Verdict:
    """Decide one limit; `scale` is the one that grows after all else has vanished."""
    assert isinstance(claim, Tends)
    own = [a for a in approaches if a.symbol == claim.variable]
    if scale is not None:
        own = [a for a in approaches if a.symbol != scale] + own
    if not own and not claim.f.has(claim.variable):
        own = list(approaches)  # the candidate moves with another symbol
    verdict = judge_tends(claim, own or [Approach(claim.variable, claim.point)], effort)
    if verdict is not None:
        return verdict
    if claim.right == 0:  # the noise
        return scale_off(question, candidate, False)
    return missed(claim, own, candidate)


def _bounded_scale(question: Question, end: Expr, assumptions: Sequence[str]) -> Verdict:
    """Refute a query that tends to a fixed one, at that one."""
    verdicts = []
    for claim in question.specification.requires(end):
        assert isinstance(claim, Tends)
        verdicts.append(missed(claim, [], end))
    found = _all(verdicts)
    if found.verdict == "refuted":
        text = f"the query does not grow, it tends to ${latex(end)}$; there, {found.reason}"
        found = replace(found, code="scale-too-small", reason=text)
    return with_assumptions(found, assumptions)


def _apart(judged: Judged, candidate: Expr, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Take further indices of a candidate as different from the question's own."""
    others = [p for p in free_indices(candidate) if p not in judged.indices[:2]]
    if not others:
        return tuple(claims)
    names = [*judged.indices[:2], *others]
    return tuple(c.with_given(with_apart(c.given, names)) for c in claims)  # type: ignore[arg-type]


def _nothing(question: Question, unknown: Expr) -> tuple[Claim, ...]:
    """Return the claims of the candidate 0, which alone does not tell its shape."""
    sizes = [str(size) for size in shape(unknown)]
    letter = unknown.func(Str(ZERO), *unknown.args[1:])

    def zeros(I: Instance) -> Any:
        lengths = [int(I.get(size, 1)) for size in sizes]
        return np.zeros(lengths if sizes[1] != "1" else lengths[:1])

    zero = Replaced(letter, S.Zero, zeros, "")
    return tuple(
        c.with_given(Given((*c.given, zero))) for c in question.specification.requires(letter)
    )


def promising(question: Question, judged: Judged, line: Line, candidate: Expr) -> bool:
    """Tell whether a candidate may be right, from one plain instance; cheap, and never a verdict."""
    unknown = question.specification.unknown
    assert unknown is not None
    if shape(unknown) != shape(candidate):
        return False
    for claim in question.specification.requires(candidate):
        if not isinstance(claim, Tends):
            instance = next(plain_instances(claim), None)
            if instance is not None and fails_at(claim, instance) is not None:
                return False
        elif claim.right != 0:
            approaches, _ = _approaches(question, judged, line, candidate)
            instance = next((I for I in plain_instances(claim) if I["n"] >= 3), None)
            if instance is None:
                continue
            place = dict(instance)
            for a in approaches:
                place[a.symbol.name] = {oo: 40.0, S.Zero: 1e-9, -oo: -40.0}[a.point]
            if gap_of_limit(claim, place) > 0.2:
                return False
    return True


def _all(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict of claims that must all hold."""
    for word in ("refuted", "undecided"):
        for verdict in verdicts:
            if verdict.verdict == word:
                return verdict
    lead = next((v for v in verdicts if v.verdict == "confirmed"), verdicts[0])
    evidence = tuple(e for v in verdicts for e in v.evidence)
    assumptions = tuple(dict.fromkeys(a for v in verdicts for a in v.assumptions))
    return replace(lead, evidence=evidence, assumptions=assumptions)


def _known_letters(
    question: Question, judged: Judged, line: Line, candidate: Expr
) -> Verdict | None:
    """Ask about a candidate that is made of what it depends on; refute one of foreign letters.

    Raises
    ------
    Unclear : it is written with random keys, or with what follows from it.
    """
    unknown = family_name(question.specification.unknown)  # type: ignore[arg-type]
    found = {
        family_name(a) for a in candidate.atoms(Letter, Indexed)
        if not isinstance(a, (IdentityMatrix, IndexedBase))
    }  # fmt: skip
    own = {family_name(x) for h in line.hypotheses for x in [getattr(h, "matrix", None)] if x}
    foreign = found - judged.allowed - own
    if not foreign:
        return None
    if judged.chance is not None and foreign == {"k"}:
        raise Unclear(
            "query-uses-keys",
            "the query is written with the sampled keys; a query that is chosen before they are "
            r"drawn is written with their means \mu",
        )
    follows = foreign & {one.name for one in judged.defined}
    if follows:
        raise Unclear(
            "circular", f"{unknown} is written with {listed(sorted(follows))}, which follow from it"
        )
    for claim in question.specification.requires(candidate):
        evidence, counter = measure(claim)
        if evidence.verdict == "refuted" and counter is not None:
            text = f"{unknown} may not depend on {listed(sorted(foreign))}, and {counter.text}"
            return refuted(replace(counter, text=text), (), question.given.latex)
    raise Unclear(
        "uses-what-is-not-known",
        f"{unknown} is written with {listed(sorted(foreign))}; it must do for all of them",
    )


def _approaches(
    question: Question, judged: Judged, line: Line, candidate: Expr
) -> tuple[list[Approach], list[str]]:
    """Return the limits in which the candidate is meant, and what is said of them."""
    scale = line.scale
    small = judged.chance.small if judged.chance is not None else None
    for a in line.approaches:
        if a.symbol == small and a.point != 0:
            raise Unclear(
                "contradicts-the-question", f"the question says that ${small}$ is small, not large"
            )
    found: list[Approach] = []
    notes: list[str] = []
    if scale is not None and scale in candidate.free_symbols:
        stated = [a for a in line.approaches if a.symbol == scale]
        found += stated or [growing(question, line, candidate)]
        if not stated:
            _customary(line, found[0])
        if judged.chance is not None and not (candidate / scale).expand().has(scale):
            notes.append(f"${judged.chance.said}$")
        elif judged.chance is not None:
            notes.append("the query grows slowly enough for the noise to vanish")
        else:
            own = replace(found[0], symbol=Symbol(line.scale_name or scale.name))
            notes.append(f"${names_of([own])}$")
    elif small is not None and small in candidate.free_symbols:
        notes.append(f"${names_of([Approach(small, S.Zero)])}$")
    if small is not None:
        found.append(Approach(small, S.Zero))
    return found, notes


def _plainer(
    candidate: Expr, scale: Symbol, approaches: list[Approach]
) -> tuple[Expr, list[Approach]]:
    """Take `exp(beta)` as the scale where that is all that a candidate holds of beta.

    It tends to infinity, or to 0, when the scale does: nothing else is asked of a scale.
    """
    own = next((a for a in approaches if a.symbol == scale), None)
    if own is None:
        return candidate, approaches
    for node in sorted(candidate.atoms(exp), key=lambda e: (-e.count_ops(), str(e))):
        if node.has(scale) and not candidate.xreplace({node: S.One}).has(scale):
            try:
                end = one_limit(node, own)
            except NoSafeLimit:
                continue
            if end in (oo, 0):
                moved = [replace(a, point=end) if a is own else a for a in approaches]
                return candidate.xreplace({node: scale}), moved
    return candidate, approaches


def growing(question: Question, line: Line, candidate: Expr) -> Approach:
    """Return the limit in which the norm of the candidate grows: at infinity, else at 0.

    A letter that is small by custom is tried at 0 first.
    """
    assert line.scale is not None
    ends: tuple[Expr, ...] = (S.Zero, oo) if line.scale_name in SMALL_NAMES else (oo, S.Zero)
    if line.scale_name == line.scale.name:
        ends = (oo,)  # the question's own letter, which grows
    for point in ends:
        approach = Approach(line.scale, point)
        try:
            if limit_of(Dot(candidate, candidate), [approach], question.given).infinite:
                return approach
        except NoSafeLimit:
            continue
    return Approach(line.scale, ends[0])


def _customary(line: Line, approach: Approach) -> None:
    """Ask about a letter that is small by custom, where it would have to be large.

    Raises
    ------
    Unclear : the line does not say that it is.
    """
    if line.scale_name in TINY_NAMES and approach.point == oo:
        raise Unclear(
            "ask-what-is",
            f"{line.scale_name} is small by custom, and the query would be; write another letter, "
            rf"or \quad {line.scale_name} \to \infty",
        )


def judge_tends(claim: Tends, approaches: Sequence[Approach], effort: Effort) -> Verdict | None:
    """Decide a limit exactly and show it with numbers; None when it is certainly another one."""
    gap = normal(claim.f - claim.right, claim.given.rewriting)
    moving = [a for a in approaches if any(x.has(a.symbol) for x in gap.values())]
    text = "the limit of every coefficient was taken in a safe form"
    if moving:
        text += f", ${names_of(moving)}$"
    wanted = Approximates(claim.f, claim.right, tuple(approaches))
    # With two keys a coefficient may vanish that decides the limit for more.
    for more in ((), (AtLeast(3),)):
        given = Given((*claim.given, *more))
        proof = evidence_of([wanted], Context(given), "limit-proved", text)
        if proof.code != "no-safe-form":
            break
    if proof.proof is not None:
        return _reached(replace(claim, given=given), moving, effort, proof)
    if proof.denied:
        return None
    said = "the limit is taken, and whether it is the one wanted is not decided"
    if proof.code == "no-safe-form":
        said = unsafe(proof.text)
    return Verdict("undecided", proof.code, said, (replace(proof, text=said),), None, given.latex)


def _steps(approach: Approach) -> Sequence[float]:
    if approach.point == oo:
        return AT_STEPS
    return TO_ZERO if approach.point == 0 else [-s for s in AT_STEPS]


def _gaps(
    claim: Tends, instance: Instance, moving: Sequence[Approach],
    steps: Callable[[Approach], Sequence[float]],
) -> list[float]:  # fmt: skip
    """Return how far the two sides are apart at steps of the last approach, where that is a number."""
    found = []
    for a in moving[-1:]:
        stays = a.symbol not in claim.right.free_symbols
        right = right_of(claim, instance) if stays else None
        found += [
            gap_of_limit(claim, {**instance, a.symbol.name: step}, right) for step in steps(a)
        ]
    return [g for g in found if np.isfinite(g)]


def _reached(claim: Tends, moving: Sequence[Approach], effort: Effort, proof: Evidence) -> Verdict:
    """Show a limit that is proved: the difference falls along the approach."""
    last, valid = [], 0
    for instance in islice(instances(claim, replace(effort.plan, instances=4)), SHOWN_AT):
        gaps = _gaps(claim, instance, moving, _steps) or [gap_of_limit(claim, instance)]
        valid += 1
        if min(gaps) > 0.05:  # a scale such as 10^{100} b or b^{1000} is large much nearer by
            gaps += _gaps(claim, instance, moving, lambda a: NEAR_STEPS if a.point == oo else ())
        # Far out the rounding of the logits is larger than one, so the nearest step counts.
        last.append(min(gaps))
        if last[-1] > 0.05 and last[-1] > gaps[0] / 2:
            text = f"it is proved, and the numbers do not come near: they differ by {last[-1]:.2g}"
            bad = Evidence("numbers", "undecided", "conflict", text)
            return Verdict("undecided", "conflict", text, (proof, bad), None, claim.given.latex)
    data = {"valid": valid, "worst": float(f"{max(last):.3g}")}
    said = f"on {valid} instances the two sides come as near as {max(last):.1e}"
    evidence = Evidence("numbers", "confirmed", "limit-approached", said, data)
    reason = f"{latex(claim.shown)} tends to {latex(claim.right)}"
    return Verdict("proved", "limit-proved", reason, (proof, evidence), None, claim.given.latex)
