"""Conditions for one weight to be overwhelmingly large: do they suffice, are they necessary?

A condition on the logits is brought into one of two forms that are decided exactly: every gap
(k_i - k_l) . q is at least g, or a bound of the others' sum of exp(-gap).  What has neither form is
tried on instances, which can refute it and cannot prove it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sympy import Expr, Indexed, S, Symbol, exp, oo, powsimp

from symattn.algebra.attention import delta, i, n, q
from symattn.algebra.factored import factored
from symattn.algebra.letters import shape, show_shape
from symattn.algebra.limits import NoSafeLimit, limit_at_infinity
from symattn.algebra.stable import Peak
from symattn.algebra.vanish import vanishes
from symattn.check.described import number
from symattn.check.gate import refuted
from symattn.check.proof import evidence_of
from symattn.check.verdict import Counterexample, Verdict
from symattn.errors import ShapeError
from symattn.hypotheses.base import Given
from symattn.hypotheses.families import AtLeast
from symattn.judge.free_letters import apart_names, listed
from symattn.judge.gap_forms import REST, least_gap, letters_in, log_gap, norm_gap, rest_bound
from symattn.judge.implications import TURNED
from symattn.judge.line import Link, Unclear
from symattn.judge.picked import NECESSARY
from symattn.judge.shares import (
    ANY_SHARE,
    SMALL_SHARES,
    at_most,
    demanding,
    drowned,
    gap_at,
    is_size,
    level_of,
    necessary,
    nonnegative_on,
    proof_that,
    sufficient,
    weights_at,
)
from symattn.judge.tried import choice_of_query, tried
from symattn.kernel import Approach, Context, LimitIs, Sign, Zero
from symattn.latex.write import latex

if TYPE_CHECKING:
    from symattn.judge.bench import Bench


UPWARD = (">", ">=", ">>")


def judge_condition(
    bench: Bench, link: Link, left: Expr, relation: str, right: Expr
) -> Verdict | None:
    """Judge a relation on queries and keys as a condition; None when it is no condition."""
    if relation == "->" and right == -oo:
        left, right = -left, oo
    if relation in TURNED:
        left, relation, right = right, TURNED[relation], left
    if bench.line.left_out:
        return _leaves_out(bench)
    if _restates(bench, left, relation, right):
        raise Unclear(
            "restates-the-question",
            f"{link.text} says again what is wanted; conditions are on the query and the keys",
        )
    for x in (left, right):
        if relation in UPWARD and not x.is_commutative:
            said = f"${latex(x)}$ is {show_shape(shape(x))}"
            raise ShapeError(f"only scalars are larger or smaller; {said}")
    if relation in ("->", "~~") and right == 0:
        return _vanishing(bench, link, bench.judged.expand(apart_names(left)))
    large = relation == "->" and right == oo
    if not (relation in UPWARD or large):
        return (
            choice_of_query(bench, left, right) if relation == "=" and q in (left, right) else None
        )
    names = letters_in(left, right)
    if r"\alpha" in names or "c" in names:
        return None
    if not names & {"k", "q", "z", r"\Delta"}:
        raise Unclear("not-an-answer", f"{link.text} says nothing of the query and the keys")
    one, two = (bench.judged.expand(apart_names(x)) for x in (left, S.Zero if large else right))
    upward = _Upward(link, one, "->" if large else relation, two)
    found = (form(bench, upward) for form in _FORMS)
    return next(filter(None, found), None) or tried(bench, link, left, relation, right)


class _Upward(NamedTuple):
    """A condition that something is large: at least `small`, far above it, or (`->`) unbounded."""

    link: Link
    large: Expr
    relation: str
    small: Expr

    @property
    def overwhelming(self) -> bool:
        return self.relation in ("->", ">>")


def _vanishing(bench: Bench, link: Link, one: Expr) -> Verdict | None:
    """Judge what is said to vanish: the others' sum, or a gap."""
    if rest_bound(one) == REST:
        return _in_the_limit(bench)
    if least_gap(one, S.Zero) is not None:
        return _no_gap(bench)
    return None if log_gap(one) is None else _uniform(bench, link, S.Zero, True)


def _of_rest(small: Expr | None) -> bool:
    """Whether a bound is one of the others' sum of exp(-gap), but for a number."""
    return small is not None and bool((small / REST).is_number)


def _by_gap(bench: Bench, said: _Upward) -> Verdict | None:
    if said.relation == "->" and log_gap(1 / said.large) is not None:
        return _uniform(bench, said.link, S.Zero, True)
    gap = least_gap(said.large, said.small)
    return None if gap is None else _uniform(bench, said.link, gap, said.overwhelming)


def _by_ratio(bench: Bench, said: _Upward) -> Verdict | None:
    if said.relation == "->" and _of_rest(rest_bound((1 / said.large).expand())):
        return _in_the_limit(bench)
    if said.relation != ">>":
        return None
    one, two = said.large, said.small
    gap = log_gap(two / one) if one != 0 else None
    if gap is not None:
        return _uniform(bench, said.link, S.Zero if gap.is_number else gap, True)
    if _of_rest(rest_bound(two / one)) or (one.is_positive and _of_rest(rest_bound(two))):
        return _in_the_limit(bench)
    return None


def _by_norm(bench: Bench, said: _Upward) -> Verdict | None:
    size = norm_gap(said.large, said.small)
    if size is None:
        return None
    if said.overwhelming:
        return _in_the_limit(bench, code="necessary", text=_CAUCHY)
    needed = necessary(size)
    if needed.holds and demanding(size):
        return bench.pass_for("necessary", _CAUCHY, [needed.proof])
    return None


def _by_rest(bench: Bench, said: _Upward) -> Verdict | None:
    if said.overwhelming:  # k_i q - ln(the sum over the others) tends to infinity
        ratio = exp(said.small - said.large).expand()
        tries = (rest_bound(x) for x in (powsimp(ratio, force=True), ratio))
        return _in_the_limit(bench) if any(map(_of_rest, tries)) else None
    bound = rest_bound(said.large - said.small) if said.relation in (">", ">=") else None
    return None if bound is None else _rest(bench, bound)


_FORMS = (_by_gap, _by_ratio, _by_norm, _by_rest)
"""The forms in which a condition is decided exactly, in the order in which they are tried."""

_FINDS = {
    "=>": ("necessary-and-sufficient", "sufficient"),
    "<==": ("necessary-and-sufficient", "necessary"),
    "<=>": ("necessary-and-sufficient",),
}
"""What a condition must be found to be: it stands before the arrow, behind it, or on both sides."""


def judge_limits(bench: Bench, premise: Link, arrow: str, conclusion: Link) -> Verdict | None:
    """Judge `condition => weight -> 1`; None where it is no implication between limits."""
    back = {"=>": "<=="}.get(arrow, arrow)
    for condition, weight, way in ((premise, conclusion, arrow), (conclusion, premise, back)):
        left, relation, right = condition.left, condition.relation, condition.right
        near_one = weight.relation in ("->", "~~") and weight.right == 1
        if not near_one or weight.left != bench.judged.goal or not isinstance(right, Expr):
            continue
        if relation not in ("->", ">>", "<<"):
            return None
        found = judge_condition(bench, condition, left, relation, right)
        return None if found is None else as_stated(bench, found, way)
    return None


def as_stated(bench: Bench, found: Verdict, arrow: str) -> Verdict:
    """Return the verdict of an implication from what was found of its condition."""
    if found.passed and found.code not in _FINDS[arrow]:
        return bench.open_for(f"{found.reason}; the implication is not decided")
    return found


_LIMIT = (
    "it is necessary and sufficient: the weight of i tends to 1 exactly when its gap over every "
    "other logit tends to infinity"
)


_CAUCHY = (
    "it is necessary, for the gap of two logits is at most \\|q\\| \\|k_i - k_j\\|; it does not "
    "suffice, for the gap may be smaller"
)


def _restates(bench: Bench, left: Expr, relation: str, right: Expr) -> bool:
    """Whether the relation only says that the wanted weight is large."""
    goal = bench.judged.goal
    assert goal is not None
    if relation in ("->", "~~") and right in (0, 1) and left.is_commutative:
        same = bench.judged.expand(apart_names(left - (goal if right == 1 else 1 - goal)))
        if vanishes(same, bench.given.rewriting) is True:
            return True
    if letters_in(left) != {r"\alpha"}:
        return False
    if left.has(Peak):
        return relation in ("->", "~~") and right in (0, 1)
    if goal not in left.atoms(Indexed):
        return isinstance(left, Indexed) and relation in ("->", "~~") and right == 0
    if relation == ">>":
        return True
    if left != goal:
        return relation == "->" and right == oo
    return (relation in ("->", "~~") and right == 1) or (
        relation in (">", ">=") and vanishes(right - (1 - delta)) is True
    )


def _uniform(bench: Bench, link: Link, gap: Expr, overwhelming: bool) -> Verdict:
    scale = bench.judged.scale
    said = f"for every index other than {i}"
    if scale is not None and scale in gap.free_symbols:
        grows = _stated_growth(bench, gap, scale)
        if grows is None:
            name = bench.line.scale_name or scale.name
            raise Unclear(
                "ask-what-is",
                f"how large {name} is decides it; say so, as with \\quad {name} \\gg 0",
            )
        if not grows:
            most = next((b for r, b in bench.line.bounds if r in ("<", "<=")), S.Zero)
            return _short(bench, gap.xreplace({scale: most}), said)
        return _in_the_limit(bench, said)
    if overwhelming:
        if gap != 0 and not is_size(gap):
            raise Unclear(
                "ask-what-is",
                f"{link.text}: much larger than what is small or negative is not large; compare "
                "with 0, 1 or \\ln n",
            )
        if delta in gap.free_symbols:
            text = "it suffices: the gap is far above what a weight of 1 - \\delta needs"
            return _in_the_limit(bench, said, code="sufficient", text=text)
        return _in_the_limit(bench, said)
    if delta not in gap.free_symbols:
        return _short(bench, gap, said)
    enough, needed = sufficient(gap), necessary(gap)
    texts = f"{enough.text}; {needed.text}"
    if enough.holds and needed.holds:
        return bench.pass_for("necessary-and-sufficient", texts, [enough.proof, needed.proof], said)
    if enough.holds:
        return bench.pass_for("sufficient", texts, [enough.proof], said)
    if needed.holds and not demanding(gap):
        return _short(bench, gap, said)
    if needed.holds:
        return bench.pass_for("necessary", f"{needed.text}; {enough.text}", [needed.proof], said)
    if enough.holds is None or needed.holds is None:
        return bench.open_for(texts)
    for finding, code in ((enough, "not-sufficient"), (needed, "not-necessary")):
        if finding.counter is not None:
            counter = Counterexample(
                finding.counter.instance, finding.counter.left, finding.counter.right, texts
            )
            return refuted(counter, (), bench.given.latex, code)
    return bench.open_for(texts)


def _stated_growth(bench: Bench, gap: Expr, scale: Symbol) -> bool | None:
    """Tell whether the gap grows in the limit that the line states; None when it states none."""
    ends = [a.point for a in bench.line.approaches if a.symbol == scale]
    if any(r in ("<", "<=") and not b.free_symbols for r, b in bench.line.bounds):
        return False
    if not ends:
        return None
    if ends[0] == oo:
        return _grows(gap, scale)
    if ends[0] == 0 and gap.subs(scale, 0).is_finite is not True:
        return _grows(gap.xreplace({scale: 1 / scale}), scale)
    return ends[0] == -oo and _grows(gap.xreplace({scale: -scale}), scale)


def _no_gap(bench: Bench) -> Verdict:
    """Refute a gap that vanishes: the weights become equal."""
    counter = weights_at(np.array([0.0, 0.0, 0.0]))
    text = f"without a gap no weight is larger: {counter.text}"
    shown = Counterexample(counter.instance, counter.left, counter.right, text)
    return refuted(shown, (), bench.given.latex, "not-sufficient")


def _leaves_out(bench: Bench) -> Verdict:
    """Refute a condition that leaves an index out: its logit may be as large."""
    counter = weights_at(np.array([30.0, 30.0, 0.0]))
    said = listed(bench.line.left_out)
    text = f"it says nothing of {said}, so it does not suffice: {counter.text}"
    shown = Counterexample(counter.instance, counter.left, counter.right, text)
    return refuted(shown, (), bench.given.latex, "not-sufficient")


def _grows(gap: Expr, scale: Symbol) -> bool:
    try:
        return bool(limit_at_infinity(gap, scale) == oo)
    except NoSafeLimit:
        return False


def _short(bench: Bench, gap: Expr, said: str) -> Verdict:
    """Refute a gap that does not grow: many keys, or some number of them, keep their share."""
    found = drowned(gap)
    if found is None:
        return bench.open_for(f"the size of ${latex(gap)}$ is not known")
    text = f"{NECESSARY} for a weight near 1: {found.text}"
    return refuted(
        Counterexample(found.instance, found.left, found.right, text), (),
        (*bench.given.latex, said), "not-sufficient",
    )  # fmt: skip


def _rest(bench: Bench, difference: Expr) -> Verdict:
    """Judge a bound of the sum of exp(-gap) against the exact one, delta / (1 - delta)."""
    wanted = delta / (1 - delta) - REST
    quotient = factored(difference / wanted)
    text = "it holds exactly when the weight is at least 1 - \\delta"
    same = proof_that(ANY_SHARE, text, Zero(difference - quotient * wanted), Sign(quotient, True))
    if same:
        return bench.pass_for("necessary-and-sufficient", text, [same])
    level = level_of(difference)
    if level is None and level_of(-difference) is not None:
        counter = weights_at(np.array([0.0, 0.0, 0.0]))
        text = f"it bounds the others from below, and does not suffice: {counter.text}"
        shown = Counterexample(counter.instance, counter.left, counter.right, text)
        return refuted(shown, (), bench.given.latex, "not-sufficient")
    if level is None:
        return bench.open_for("the bound is not compared with what is wanted")
    odds_wanted = delta / (1 - delta)
    text = "it suffices for a weight of at least 1 - \\delta"
    enough = nonnegative_on(odds_wanted - level, SMALL_SHARES, text)
    if enough:
        return bench.pass_for("sufficient", text, [enough])
    text = "it is necessary for a weight of at least 1 - \\delta"
    needed = nonnegative_on(level - odds_wanted, SMALL_SHARES, text)
    if needed and at_most(level):
        return bench.pass_for("necessary", text, [needed])
    for share in (0.1, 0.5, 0.01):
        limit = gap_at(level, 3, share)
        if limit is not None and limit > share / (1 - share) * (1 + 1e-9):
            logits = np.array([-np.log(limit / 2), 0.0, 0.0])
            counter = weights_at(logits, share)
            text = f"it does not suffice: {counter.text}, below {number(1 - share)}"
            shown = Counterexample(counter.instance, counter.left, counter.right, text)
            return refuted(shown, (), bench.given.latex, "not-sufficient")
    return bench.open_for("the bound is not compared with what is wanted")


def _in_the_limit(
    bench: Bench, *said: str, code: str = "necessary-and-sufficient", text: str = _LIMIT
) -> Verdict:
    """Pass a condition that every gap grows.

    With all gaps at least g the weight is at least 1 / (1 + (n - 1) exp(-g)), which tends to 1; with
    one gap of at most g it is at most 1 / (1 + exp(-g)), which is less.
    """
    g = Symbol("_gap", positive=True)
    obligations = (
        LimitIs(1 / (1 + (n - 1) * exp(-g)), (Approach(g, oo),), S.One),
        Sign(1 - 1 / (1 + exp(-g)), True),
    )
    proof = evidence_of(obligations, Context(Given((AtLeast(2),))), "limit-proved", text)
    return bench.pass_for(code, text, [proof], *said)
