"""Random keys: what holds in probability when their noise vanishes, and what holds on average.

When the noise vanishes the keys come near to their means, or to one of a few equally likely places;
weights and outputs are continuous and bounded, so limits in probability and limits of means may be
taken there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
from sympy import Abs, Add, Expr, Indexed, Mul, Pow, Rational, S, Symbol, exp
from sympy.core.sorting import default_sort_key

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.letters import (
    Expect,
    Holds,
    Letter,
    Member,
    Partial,
    Statistic,
    T,
    Var,
    Vector,
    shape,
)
from symattn.algebra.limits import NoSafeLimit
from symattn.algebra.sign import positive
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import normal, to_expr
from symattn.check import oracle
from symattn.check.described import described, number, numbers
from symattn.check.draws import instances
from symattn.check.gate import decide, refuted
from symattn.check.numbers import plain
from symattn.check.orders import along_path
from symattn.check.plain_instances import plain_instances
from symattn.check.proof import evidence_of
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.claims import Leading
from symattn.claims.definitions import family_name, replaced
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.gaussian import Covariance
from symattn.judge.approach import names_of, unsafe
from symattn.judge.bench import Bench, given_for, quantity_of
from symattn.judge.exact_moments import at_keys, put_moments
from symattn.judge.free_letters import apart_names, reindexed
from symattn.judge.line import Unclear
from symattn.kernel import Approximates, Context, Sign, Zero
from symattn.kernel.approaches import Approach, difference_vanishes, limit_of
from symattn.latex.meaning import ReadCondition
from symattn.latex.write import latex

SAMPLES = 300
BATCHES, BATCH = 10, 300
FINITE = {r"\epsilon": 0.1, r"\beta": 1.0}


# limits in probability ------------------------------------------------------------------------------


def judge_near(
    bench: Bench, left: Expr, right: Expr, approaches: Sequence[Approach], given: Given
) -> Verdict:
    """Judge `left ~~ right` in probability: in each of the equally likely limits of the keys."""
    left, right = (x.replace(_is_share, _as_logistic) for x in (left, right))
    for x in (left, right):
        _unamplified(bench, x)
    weighed = {family_name(a) for a in left.atoms(Letter, Indexed) if a.args} & {"c", r"\alpha"}
    if not weighed and any(e.has(Member) for x in (left, right) for e in x.atoms(exp)):
        raise Unclear("not-judged", "what is not bounded is not judged beside random keys")
    answers, ends, obligations = [], [], []
    one, two = (bench.judged.expand(apart_names(x)) for x in (left, right))
    for case in bench.chance.cases:
        a, b = (replaced(x, Member("k", _L, _D), case) for x in (one, two))
        near = Approximates(a, b, tuple(approaches))
        try:
            answers.append(difference_vanishes(a, b, approaches, given, False))
            obligations.append(near)
            ends.append(limit_of(b, approaches, given).vanishes)
        except NoSafeLimit as error:
            return _undecided("no-safe-form", unsafe(error), given)
    if right != 0 and all(ends):
        text = "both sides vanish with the noise, and their quotient is not judged"
        return _undecided("not-judged", text, given)
    if all(answers):
        evidence = _sampled_evidence(bench, left, right, given)
        if evidence.verdict == "undecided":
            return Verdict(
                "undecided", evidence.code, evidence.text, (evidence,), None, given.latex
            )
        text = "in each limit of the keys the difference tends to zero"
        proof = evidence_of(obligations, Context(given), "limit-proved", text)
        said = (*given.latex, f"${bench.chance.said}$")
        return Verdict("proved", "limit-proved", text, (proof, evidence), None, said)
    if False in answers and not bench.effort.shown:
        return _undecided("not-proved", "the limits differ", given)
    if False in answers:
        return _apart(bench, left, right, given)
    return _undecided("not-proved", "whether the difference vanishes is not decided", given)


def _is_share(x: Expr) -> bool:
    """Whether an expression is an exponential over a sum of exponentials."""
    rest = [f for f in x.args if not isinstance(f, exp)] if isinstance(x, Mul) else []
    (below, *more) = rest or [x]
    whole = isinstance(below, Pow) and below.exp == -1 and isinstance(below.base, Add)
    return len(rest) == len(x.args) - 1 and not more and whole and all(
        isinstance(t, exp) for t in below.base.args
    )  # fmt: skip


def _as_logistic(x: Expr) -> Expr:
    """Divide by the exponential: what is left holds differences of the logits alone."""
    (top,) = [f for f in x.args if isinstance(f, exp)]
    (below,) = [f for f in x.args if f != top]
    return 1 / Add(*[exp((t.args[0] - top.args[0]).expand()) for t in below.base.args])


def _unamplified(bench: Bench, x: Expr) -> None:
    """Refuse a factor that may grow beside something random: their noise would grow with it.

    Raises
    ------
    Unclear : there is one.
    """
    moving = {bench.judged.scale, bench.chance.small}
    random = {one.name for one in bench.judged.defined if one.letter != Q} | {"k"}

    def is_random(e: Expr) -> bool:
        return any(family_name(a) in random for a in e.atoms(Letter, Indexed) if a.args)

    for product in x.atoms(Mul):
        grows = Mul(*[f for f in product.args if moving & f.free_symbols and not is_random(f)])
        drawn = [f for f in product.args if is_random(f)]
        if not drawn or grows == 1:
            continue
        if any(moving & f.free_symbols for f in drawn) or not _harmless(bench, grows, drawn):
            raise Unclear("not-judged", "a random quantity times one that grows is not judged")


def _harmless(bench: Bench, grows: Expr, drawn: Sequence[Expr]) -> bool:
    """Whether the noise of the drawn factors vanishes beside the growing one.

    What is linear in the keys has a noise of the order of the root of \\epsilon, and the scale times
    that vanishes in the regime that is meant.
    """
    bounded = grows / bench.judged.scale
    if bounded.has(bench.judged.scale) or bounded.has(bench.chance.small):
        return False
    (factor, *more) = drawn
    keys = {
        a for a in factor.atoms(Letter, Indexed) if a.args and family_name(a) not in ("k", r"\mu")
    }
    flat = factor.expand()
    terms = flat.args if flat.is_Add else (flat,)
    linear = all(sum(a.name == "k" for a in t.atoms(Member)) <= 1 for t in terms) and not (
        factor.has(exp, Pow) or keys
    )
    return linear and not more


def of_events(bench: Bench) -> Bench:
    """Keep the cases in which a condition on the keys holds: `c \\approx v_i when k_i . mu_i > 1`.

    Raises
    ------
    Unclear : it holds in none.
    """
    line = bench.line
    said = [x for k in line.links if not k.law for x in (k.left, k.right)]
    if bench.chance is None or any(x.has(Statistic) for x in said):
        return bench
    cases, unused, events = bench.chance.cases, [], []
    for c in line.unused:
        if all(_at_its_limit(bench, c, case) for case in cases):
            continue  # `k_j \\approx \\mu_j`: it says what is so
        kept = [_happens(bench, c, case) for case in cases]
        if c.word not in ("when", "if", "for", "where", "with") or None in kept:
            unused.append(c)
            continue
        cases = tuple(case for case, happens in zip(cases, kept) if happens)
        events += [*zip(c.terms, c.relations, c.terms[1:])]
        if not cases:
            # The cases are some draws and not all: that none of them meets it contradicts nothing.
            text = f"{c.text} holds in none of the cases that are looked at, or not beside the rest"
            raise Unclear("not-judged", text)
    if not events:
        return replace(bench, line=replace(line, unused=tuple(unused)))
    chance = replace(bench.chance, cases=cases)
    line = replace(line, unused=tuple(unused))
    return replace(bench, chance=chance, line=line, events=tuple(events), whole=bench.chance)


def _at_its_limit(bench: Bench, c: ReadCondition, case: Any) -> bool:
    """Whether a condition says of a key only what it comes near to in one of the limits."""
    if c.relations not in (("~~",), ("->",)) or not isinstance(c.terms[0], Member):
        return False
    left, right = c.terms
    if left.name != "k" or not isinstance(right, Expr) or right.has(Statistic):
        return False
    apart = replaced(left, Member("k", _L, _D), case) - right
    return vanishes(bench.judged.expand(apart), bench.given.rewriting) is True


def _happens(bench: Bench, c: ReadCondition, case: Any) -> bool | None:
    """Whether a condition on the keys holds in one of the limits of the keys."""
    holds = True
    for left, relation, right in zip(c.terms, c.relations, c.terms[1:]):
        if relation not in ("<", "<=", ">", ">=") or not (
            isinstance(left, Expr) and isinstance(right, Expr)
        ):
            return None
        gap = bench.judged.expand(left - right if relation[0] == ">" else right - left)
        letters = {family_name(a) for a in gap.atoms(Letter, Indexed) if a.args}
        if letters != {"k", r"\mu"}:
            return None
        placed = replaced(gap, Member("k", _L, _D), case)
        flat = to_expr(normal(placed, bench.given.rewriting))
        if positive(flat):
            continue
        if not positive(-flat):
            return None
        holds = False
    return holds


Q = Vector("q", Symbol("d", integer=True, positive=True))
_L = Symbol("l", integer=True, positive=True)
_D = Symbol("d", integer=True, positive=True)


def _undecided(code: str, reason: str, given: Given) -> Verdict:
    evidence = Evidence("proof", "undecided", code, reason)
    return Verdict("undecided", code, reason, (evidence,), None, given.latex)


def at_regime(bench: Bench, given: Given, *terms: Expr) -> Instance:
    """Return a plain instance with little noise and a large scale."""
    return next(_in_regime(bench, given, *terms))


def _in_regime(bench: Bench, given: Given, *terms: Expr) -> Iterator[Instance]:
    """Yield plain instances in the regime, three keys or more first.

    Raises
    ------
    Unclear : no plain instance meets what the line says.
    """
    claim = bench.claim(terms[0], terms[-1], given)
    found = sorted(plain_instances(claim, given), key=lambda I: I["n"] < 3)
    if not found:
        raise Unclear("not-judged", "no small instance meets what the line says")
    for instance in found:
        instance |= bench.chance.regime
        for h in given:
            if isinstance(h, Covariance):
                instance[r"\Sigma"] = h.array(instance)
        yield instance


def _draws(bench: Bench, instance: Instance, left: Expr, right: Expr) -> list[tuple[Any, Any]]:
    """Return both sides at sampled keys."""
    rng = np.random.default_rng([bench.effort.seed, 11])
    keys = oracle.gaussian_keys(rng, instance[r"\mu"], instance[r"\Sigma"], SAMPLES)
    with np.errstate(all="ignore"):
        if not bench.events and not Add(left, right, evaluate=False).has(Partial, Statistic):
            sides = (at_keys(apart_names(x), keys, instance, bench.judged) for x in (left, right))
            return list(zip(*sides))
        places = [{**instance, "k": sample} for sample in keys]
        met = [p for p in places if all(_holds(bench, event, p) for event in bench.events)]
        one, two = ([np.asarray(bench.value(x, p), float) for p in met] for x in (left, right))
        return list(zip(one, two))


def _holds(bench: Bench, event: tuple[Expr, str, Expr], place: Instance) -> bool:
    one, two = (float(bench.value(x, place)) for x in (event[0], event[2]))
    return one > two if event[1][0] == ">" else one < two


def _far_share(pairs: Sequence[tuple[Any, Any]]) -> float:
    """Return the share of samples in which the two sides differ by more than a tenth."""
    far = [
        float(np.max(np.abs(a - b))) > 0.1 * max(1.0, float(np.max(np.abs(a)))) for a, b in pairs
    ]
    return float(np.mean(far))


def _sampled_evidence(bench: Bench, left: Expr, right: Expr, given: Given) -> Evidence:
    pairs = _draws(bench, at_regime(bench, given, left, right), left, right)
    share = _far_share(pairs)
    data = {"samples": len(pairs), "far": share, **_regime(bench)}
    text = f"in {len(pairs)} samples the sides differ by more than a tenth in {share:.0%}"
    if share > 0.3:
        return Evidence("numbers", "undecided", "conflict", text, data)
    return Evidence("numbers", "confirmed", "samples-agree", text, data)


def _regime(bench: Bench) -> dict[str, float]:
    return {str(k): float(v) for k, v in bench.chance.regime.items()}


def _apart(bench: Bench, left: Expr, right: Expr, given: Given) -> Verdict:
    """Refute a limit in probability with samples in which the two sides stay apart."""
    for instance in list(_in_regime(bench, given, left, right))[::3]:
        pairs = _draws(bench, instance, left, right)
        share = _far_share(pairs)
        if share >= 0.2:
            break
    else:
        return _undecided("not-proved", "the limits differ, and samples do not show it", given)
    worst = max(pairs, key=lambda p: float(np.max(np.abs(p[0] - p[1]))))
    names = [x for x in ("n", "v", *bench.chance.regime) if x in instance]
    text = (
        f"at {described(instance, names)} and unit vectors as means, in {share:.0%} of {len(pairs)} "
        f"samples the two sides differ by more than a tenth; in one {latex(left)} is "
        f"{numbers(worst[0])}, and the line says {numbers(worst[1])}"
    )
    shown = {x: plain(instance[x]) for x in ("n", "i", "j", "v", r"\mu", *bench.chance.regime)}
    counter = Counterexample(shown, plain(worst[0]), plain(worst[1]), text)
    return refuted(counter, (), given.latex, "wrong-limit")


# means and covariances ---------------------------------------------------------------------------------


def judge_moments(
    bench: Bench, left: Expr, right: Expr, given: Given, relation: str = "="
) -> Verdict:
    """Judge the mean, variance or covariance of the output or of a weight.

    To leading order where the question has such a claim, else in the limit of little noise.
    """
    if bench.chance is None:
        raise Unclear("not-judged", "means and variances are not judged in this question")
    scaled = _scaled(bench, left, right, given) if relation != "=" else None
    if scaled is not None:
        return scaled
    open_end, same, end = "", None, None
    try:
        end = mean_limit(bench, right, given)
        apart = mean_limit(bench, left, given) - end
        same = vanishes(apart, given.rewriting)
        if same is None and _differs(bench, apart, given):
            same = False
    except NoSafeLimit as error:
        open_end = unsafe(error)
    whole = end is not None and vanishes(right - end, given.rewriting) is True
    if same is True and (whole or (right.has(Statistic) and end != 0)):
        exchanged = _exchanged(bench, left, right)
        if relation == "=" and not bench.line.approaches and exchanged is not None:
            return bench.pass_for("identity-proved", exchanged.text, [exchanged])
        if relation == "=" and not bench.line.approaches:
            if end != 0:
                return _to_leading_order(given)
            try:
                before = _moment_off(_before_the_limit(bench), left, right, given)
            except NotImplementedError:
                before = None  # a side has no array
            if before is not None and before.counterexample is not None:
                text = f"it is right only in the limit, with \\approx or \\to; {before.reason}"
                counter = replace(before.counterexample, text=text)
                return refuted(counter, (), given.latex, "only-in-the-limit")
        text = f"in the limit ${names_of(bench.approaches)}$ both sides are equal"
        proof = evidence_of([Zero(apart)], Context(given), "limit-proved", text)
        said = (*given.latex, f"${bench.chance.said}$", "read as an approximation")
        return Verdict("proved", "limit-proved", text, (proof,), None, said)
    if same is False and not bench.effort.shown:
        return _undecided("not-proved", "the limits differ", given)
    if same is False:
        return _moment_off(bench, left, right, given)
    return _leading(bench, left, right, relation) or _undecided(
        "no-safe-form" if open_end else "not-judged",
        open_end or "whether both sides tend to the same, and how fast, is not decided", given,
    )  # fmt: skip


def judge_frequency(bench: Bench, left: Expr, relation: str, right: Expr) -> Verdict:
    """Judge a bound of how often something is so, where it holds with room to spare in the limit."""
    given = bench.given
    try:
        gap = mean_limit(bench, left - right if relation[0] == ">" else right - left, given)
    except NoSafeLimit as error:
        return _undecided("no-safe-form", unsafe(error), given)
    if gap.is_negative:
        return _moment_off(bench, left, right, given)
    text = f"in the limit ${names_of(bench.approaches)}$ it holds with ${latex(gap)}$ to spare"
    proof = evidence_of([Sign(gap, True)], Context(given), "limit-proved", text)
    if proof.proof is None:
        return _undecided("not-proved", "in the limit the two sides are not told apart", given)
    said = (*given.latex, f"${bench.chance.said}$")
    return Verdict("proved", "limit-proved", text, (proof,), None, said)


def _to_leading_order(given: Given) -> Verdict:
    """An equation of which only the leading part is equal, for every question alike."""
    text = (
        r"it is right to leading order, and as an equation it is not decided; write \approx, \to, "
        "or the rest as + O(..)"
    )
    return _undecided("leading-order", text, given)


def _exchanged(bench: Bench, left: Expr, right: Expr) -> Evidence | None:
    """Prove that exchanging the two keys changes nothing but one side into the other."""
    one, two = bench.judged.indices[:2]
    swap = {one: two, two: one}
    query = next((x.value for x in bench.judged.defined if x.letter == Q), None)
    if query is None or any(reindexed(case(one), swap) != case(two) for case in bench.chance.cases):
        return None
    text = "exchanging the two keys takes one side into the other"
    same = [Zero(reindexed(query, swap) - query), Zero(reindexed(left, swap) - right)]
    proof = evidence_of(same, Context(bench.given), "identity-proved", text)
    return proof if proof.proof else None


def _before_the_limit(bench: Bench) -> Bench:
    """Return the bench with a noise and a scale at which an equation must hold as well."""
    regime = {name: FINITE.get(name, value) for name, value in bench.chance.regime.items()}
    return replace(bench, chance=replace(bench.chance, regime=regime))


def _differs(bench: Bench, apart: Expr, given: Given) -> bool:
    """Whether a difference of two limits is certainly not zero at a plain instance."""
    claim = bench.claim(apart, apart, given)
    for instance in plain_instances(claim, given):
        try:
            value = np.asarray(compiled(apart_names(apart))(instance), float)
        except (KeyError, ValueError, TypeError, NotImplementedError):
            continue
        if np.all(np.isfinite(value)) and float(np.max(np.abs(value), initial=0)) > 1e-6:
            return True
    return False


def _leading(bench: Bench, left: Expr, right: Expr, relation: str) -> Verdict | None:
    """Judge a quantity to leading order, where the question derives it; None where it does not."""
    if bench.line.at_scale is not None:
        return None  # the question derives it for a scale that is free
    quantity = quantity_of(bench, left)
    for claim in quantity.requires(right) if quantity is not None else ():
        found = decide(claim, bench.effort)
        if not found.passed and isinstance(claim, Leading):
            found = _beyond(bench, claim) or found
        if found.passed and relation == "=" and not bench.line.approaches:
            return _to_leading_order(claim.given)
        order = getattr(claim, "order", None)
        said = "to leading order" if order is None else rf"up to $O({latex(order)})$"
        return replace(found, assumptions=(*found.assumptions, said))
    return None


def _beyond(bench: Bench, claim: Leading) -> Verdict | None:
    """Judge terms that a line has beyond the leading part, by the exact moments at one instance.

    They are as small as what is left out; None where they are not, or where that is not computed.
    """
    more = normal(claim.right - claim.kept, claim.given.rewriting)
    size = Add(*[Abs(x) for x in more.values()])
    expand = bench.judged.expand
    try:
        share = limit_of(expand(size / claim.order), bench.approaches, claim.given)
    except NoSafeLimit:
        return None
    if size == 0 or share.infinite:
        return None
    kept = decide(claim.with_right(claim.kept), bench.effort)
    for instance in islice(instances(claim, bench.effort.plan), 6):
        way = along_path(replace(claim, order=size), instance)
        values = [point.value for point in way]
        if instance["n"] < 3 or len(values) < 4:
            continue
        if values[-1] < 0.01 and values[-1] < values[-3] / 2:
            return kept
        if min(values[-3:]) < 0.05 or max(values[-3:]) > 1.05 * min(values[-3:]):
            continue
        at = {x.name: plain(way[0].instance[x.name]) for x in size.free_symbols}
        places = ", ".join(f"{x} = {number(float(value))}" for x, value in at.items())
        text = (
            f"beyond the leading part ${latex(claim.kept)}$ the line says "
            f"${latex(claim.right - claim.kept)}$, and is off by "
            f"{', '.join(map(number, values))} times that, ever nearer the limit; at {places} "
            f"{latex(claim.shown)} is {numbers(np.asarray(way[0].left))}, and the line says "
            f"{numbers(np.asarray(way[0].right))}"
        )
        counter = Counterexample(
            {"n": instance["n"], **at}, plain(way[0].left), plain(way[0].right), text
        )
        return refuted(counter, (), claim.given.latex, "counterexample")
    text = f"it is more than the leading part ${latex(claim.kept)}$, and what is left out is not measured"
    return _undecided("not-proved", text, claim.given)


def _scaled(bench: Bench, left: Expr, right: Expr, given: Given) -> Verdict | None:
    r"""Judge `\tau E[..] \to x`: a moment that the question derives, times what may grow.

    None where it is no such product, or where the order of what is left out does not vanish then.
    """
    statistics = left.atoms(Statistic)
    named = {one.letter for one in bench.judged.defined}
    moving = {bench.judged.scale, bench.chance.small, *(x for x in named if isinstance(x, Symbol))}
    if len(statistics) != 1 or right.has(Statistic) or bench.line.at_scale is not None:
        return None
    (statistic,) = statistics
    quantity = quantity_of(bench, statistic)
    letter = Symbol("_moment", real=True)
    line = left.xreplace({statistic: letter}).expand()
    factor, rest = line.coeff(letter, 1), line.coeff(letter, 0)
    if quantity is None or not moving & factor.free_symbols or line.has(letter**2):
        return None
    for claim in quantity.requires(right):
        if not isinstance(claim, Leading) or shape(claim.kept) != ():
            continue
        size = right if right != 0 else S.One
        parts = (factor * claim.order, factor * claim.kept + rest - right)
        try:
            low, gap = (
                limit_of(bench.judged.expand(x / size), bench.approaches, given) for x in parts
            )
        except NoSafeLimit as error:
            return _undecided("no-safe-form", unsafe(error), given)
        if low.vanishes is not True:
            continue
        found = decide(claim.with_right(claim.kept), bench.effort)
        if not found.passed:
            return found
        said = latex(factor * claim.kept + rest)
        if gap.vanishes is True:
            text = f"its leading part is ${said}$"
            return replace(
                found, reason=text, assumptions=(*found.assumptions, f"${bench.chance.said}$")
            )
        if gap.infinite or (gap.value.is_number and gap.value.is_nonzero):
            text = f"its leading part is ${said}$, and that does not tend to ${latex(right)}$"
            evidence = Evidence("proof", "refuted", "wrong-limit", text)
            return Verdict("refuted", "wrong-limit", text, (evidence,), None, given.latex)
    return None


def mean_limit(bench: Bench, x: Expr, given: Given) -> Expr:
    """Return the limit of an expression with means in it.

    Raises
    ------
    NoSafeLimit : if it is not decided, or what is averaged may be unbounded.
    """
    moving = {bench.judged.scale, bench.chance.small}
    for product in bench.judged.expand(apart_names(x)).atoms(Mul):
        beside = Mul(*[f for f in product.args if not f.has(Statistic)])
        if product.has(Statistic) and moving & beside.free_symbols:
            if limit_of(beside, bench.approaches, given).infinite:
                raise NoSafeLimit("a moment times what grows is not judged")
    values: dict[Expr, Expr] = {}
    for statistic in sorted(x.atoms(Statistic), key=default_sort_key):
        inner: Expr = statistic.args[0]  # type: ignore[assignment]
        if isinstance(statistic, Expect):
            values[statistic] = _average(bench, inner, given)
        elif isinstance(statistic, Var):
            mean = _average(bench, inner, given)
            values[statistic] = _average(bench, inner**2, given) - mean**2
        else:
            mean = _average(bench, inner, given)
            values[statistic] = _average(bench, inner * T(inner), given) - mean * T(mean)
    rest = bench.judged.expand(apart_names(x.xreplace(values)))
    found = limit_of(rest, bench.approaches, given)
    if found.infinite:
        raise NoSafeLimit("a side has no finite limit")
    return found.value


def _share(bench: Bench, event: Holds, given: Given) -> Expr:
    """Return the probability of an event in the limit: the share of the cases in which it holds.

    Weights, outputs and logits tend to those of a case in probability, so an event that holds there
    with room to spare has the probability of the case.

    Raises
    ------
    NoSafeLimit : a side is not bounded, or in a case the event is on its border.
    """
    count = sum(_in_case(bench, event, case, given) for case in bench.chance.cases)
    return Rational(count, len(bench.chance.cases))


def _in_case(bench: Bench, event: Holds, case: Any, given: Given) -> bool:
    left, right = event.args[:2]
    if event.relation in ("or", "and"):
        joined = any if event.relation == "or" else all
        return joined(_in_case(bench, one, case, given) for one in (left, right))  # type: ignore[arg-type]
    apart = bench.judged.expand(apart_names(left)) - bench.judged.expand(apart_names(right))
    letters = {family_name(a) for a in (left - right).atoms(Letter, Indexed) if a.args}
    if event.relation == "=":
        raise NoSafeLimit("the probability of an equation is not judged; write \\approx inside")
    if letters - {"c", "v", r"\alpha"}:
        cases = (bench.whole or bench.chance).cases
        places = sorted({a.index for a in apart.atoms(Member) if a.name == "k"}, key=str)
        rules = given_for(bench, left, right).rewriting
        little = all(
            vanishes(case(p) - cases[0](p), rules) is True for p in places for case in cases[1:]
        )
        if letters - {"k", "q"} or not little:
            raise NoSafeLimit("an event is judged of the weights, and of keys that vary little")
        _unamplified(bench, apart)
    found = limit_of(replaced(apart, Member("k", _L, _D), case), bench.approaches, given)
    if event.relation == "~~":
        holds = found.vanishes
    else:
        value = found.value
        known = value.is_extended_positive or value.is_extended_negative
        holds = bool(value.is_extended_positive) == (event.relation[0] == ">") if known else None
    if holds is None:
        raise NoSafeLimit("in the limit the event is on its border")
    return holds


def _average(bench: Bench, inner: Expr, given: Given) -> Expr:
    if isinstance(inner, Holds):
        return _share(bench, inner, given)
    if inner.has(Holds):
        raise NoSafeLimit("an event beside something else is not judged")
    bounded = {"c", "v", r"\alpha"}
    names = {family_name(a) for a in inner.atoms(Letter, Indexed) if getattr(a, "name", "I") != "I"}
    if names - bounded or bench.judged.scale in inner.free_symbols:
        raise NoSafeLimit("what is averaged may be unbounded")
    whole = bench.judged.expand(apart_names(inner))
    total = []
    for case in bench.chance.cases:
        placed = replaced(whole, Member("k", _L, _D), case)
        found = limit_of(placed, bench.approaches, given)
        if found.infinite:
            raise NoSafeLimit("what is averaged has no finite limit")
        total.append(found.value)
    share = Rational(1, len(total))
    return Add(*[Mul(share, value) for value in total])


def _moment_off(bench: Bench, left: Expr, right: Expr, given: Given) -> Verdict:
    """Refute a mean or covariance with a sampled one and its standard error."""
    instance = at_regime(bench, given, left, right)
    rng = np.random.default_rng([bench.effort.seed, 13])
    count = BATCHES * BATCH
    keys = oracle.gaussian_keys(rng, instance[r"\mu"], instance[r"\Sigma"], count)
    full = bench.judged.arrays(instance)

    def side(x: Expr, some: Any) -> Any:
        statistics = sorted(x.atoms(Statistic), key=default_sort_key)
        values = {s: _sampled_moment(bench, s, instance, some) for s in statistics}
        y, placed = put_moments(x, values, full)
        return np.asarray(compiled(y)(placed), float)

    each = [[side(x, some) for x in (left, right)] for some in np.split(keys, BATCHES)]
    one, two = (np.mean([pair[at] for pair in each], axis=0) for at in (0, 1))
    gaps = np.array([np.subtract(*pair) for pair in each])
    errors = gaps.std(axis=0, ddof=1) / np.sqrt(BATCHES)
    gap = float(np.max(np.abs(gaps.mean(axis=0)), initial=0))
    spread = 3 * float(np.max(errors, initial=0))
    # At the ends of the regime the limit is not quite reached.
    if not gap > 2 * spread + 0.02 * float(np.max(np.abs(two), initial=0)):
        ends = " and ".join(latex(mean_limit(bench, x, given)) for x in (left, right))
        text = f"in the limit the two sides are {ends}; samples do not tell them apart"
        return _undecided("not-proved", text, given)
    names = [x for x in ("n", "v", *bench.chance.regime) if x in instance]
    text = (
        f"at {described(instance, names)} and unit vectors as means, {latex(left)} is "
        f"{numbers(np.round(one, 3))} over {count} samples, and the line says {numbers(two)}; "
        f"sampling alone explains {number(spread)}"
    )
    shown = {x: plain(instance[x]) for x in ("n", "i", "j", "v", r"\mu", *bench.chance.regime)}
    counter = Counterexample(shown, plain(one), plain(two), text)
    return refuted(counter, (), given.latex, "wrong-limit")


def _seen(bench: Bench, event: Holds, instance: Instance, keys: Any) -> Any:
    """In which samples an event holds."""
    if event.relation in ("or", "and"):
        one, two = (_seen(bench, x, instance, keys) for x in event.args[:2])  # type: ignore[arg-type]
        return one | two if event.relation == "or" else one & two
    left, right = (
        [np.asarray(compiled(x)(bench.judged.arrays({**instance, "k": k}, needed(x))), float)
         for k in keys] for x in event.args[:2]
    )  # fmt: skip
    gaps = [a - b for a, b in zip(left, right)]
    if event.relation == "~~":
        return np.array([float(np.max(np.abs(gap))) < 0.1 for gap in gaps])
    return np.array([bool(gap > 0 if event.relation[0] == ">" else gap < 0) for gap in gaps])


def _sampled_moment(bench: Bench, statistic: Expr, instance: Instance, keys: Any) -> Any:
    inner: Expr = statistic.args[0]  # type: ignore[assignment]
    if isinstance(inner, Holds):
        return float(np.mean(_seen(bench, inner, instance, keys)))
    values = at_keys(inner, keys, instance, bench.judged)
    if isinstance(statistic, Expect):
        return values.mean(axis=0)
    if isinstance(statistic, Var):
        return float(values.var(ddof=1))
    return np.cov(values.T)
