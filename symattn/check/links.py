"""One relation of a stranger's line, judged under the question's hypotheses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from sympy import Add, Basic, Expr, Interval, S, Sum, Symbol, factor, oo, together

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.attention import n
from symattn.algebra.letters import OffSum, Statistic, T, Transposed, shape, show_shape
from symattn.algebra.limits import NoSafeLimit
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import normal, to_expr
from symattn.check import chance
from symattn.check.approach import (
    along,
    difference_vanishes,
    gaps_along,
    limit_of,
    lower_terms,
    names_of,
    unsafe,
)
from symattn.check.budget import deadline
from symattn.check.candidates import judge_candidate
from symattn.check.gate import (
    Effort,
    broken,
    extremes,
    fails_at,
    pass_gate,
    refuted,
    relevant,
    with_apart,
    with_assumptions,
    worst,
)
from symattn.check.instances import described, number, numbers, plain_instances
from symattn.check.judged import Defined, Judged, family_name
from symattn.check.line import (
    Approach,
    Line,
    Link,
    Unclear,
    apart_names,
    free_indices,
    isolated,
    rewritten,
    unbound,
)
from symattn.check.numbers import instances, plain
from symattn.check.proof import prove
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.derive.claim import Claim, Identity, Inequality, Leading
from symattn.derive.question import Question
from symattn.errors import BudgetExceeded, ShapeError
from symattn.hypotheses.base import Given, Hypothesis, Instance
from symattn.hypotheses.families import AtLeast, Distinct, Exactly

EQUAL = ("=", ":=", "==")
NEAR = ("~~", "~", "~=")
ORDER = {"<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}


@dataclass(frozen=True)
class Bench:
    """Everything that a link is judged with."""

    question: Question
    judged: Judged
    line: Line
    effort: Effort
    given: Given
    chance: Any = None

    @classmethod
    def of(cls, question: Question, judged: Judged, line: Line, effort: Effort) -> Bench:
        """Take up what the line says of its indices, of n, and of the unknown."""
        given, law = judged.given or question.given, judged.chance
        if judged.cases:
            said = [case for case in judged.cases if case.chosen_by(line.places, line.apart)]
            case = (said or judged.cases)[0]
            given, law = case.given, case.chance
            line = replace(line, assumptions=(*line.assumptions, f"the case {case.name}"))
            same = dict(case.places)
            line = rewritten(line, lambda x: x.subs(same)) if same else line
        if Approach(judged.scale, -oo) in line.approaches and line.query is None:  # type: ignore[arg-type]
            judged, line = _turned_round(question, judged, line)
        for relation, value in line.count:
            given = counted(given, relation, int(value))
        if line.query is not None:
            judged = _with_query(question, judged, line.query)
        return cls(question, judged, line, effort, given, law)

    @property
    def seeks(self) -> Expr | None:
        """The unknown that candidates are proposed for, or None."""
        unknown = self.question.specification.unknown
        if unknown is None or not self.question.specification.requires(unknown):
            return None
        return unknown

    def choosing(self, query: Expr) -> Bench:
        """Return the bench with a query of the line's own in the place of the unknown."""
        return replace(self, judged=_with_query(self.question, self.judged, query))

    @property
    def judges(self) -> str:
        """The letters that a line may be about, in a row."""
        unknown = [] if self.seeks is None else [family_name(self.seeks)]
        defined = sorted({one.name for one in self.judged.defined})
        return ", ".join(dict.fromkeys((*unknown, *defined)))

    @property
    def approaches(self) -> list[Approach]:
        """The limit in which an approximation is meant: as stated, or the question's own.

        Raises
        ------
        Unclear : the line states none and the question has none.
        """
        line, scale = self.line, self.judged.scale
        stated = list(line.approaches)
        if self.chance is not None:
            small = [Approach(self.chance.small, S.Zero)]
            own = [a for a in stated if a.symbol not in (self.chance.small, scale)]
            grows = [a for a in stated if a.symbol == scale] or [Approach(scale, oo)]  # type: ignore[arg-type]
            return [*own, *small, *grows]
        if stated:
            return stated
        if scale is None:
            raise Unclear(
                "ask-which-limit",
                r"say in which limit this is meant, as with `\text{ as } x \to \infty`",
            )
        return [Approach(scale, oo)]

    def assuming(self, h: Hypothesis) -> Bench:
        """Return the bench with one more hypothesis, in the question's specification as well."""
        asked = self.question.specification

        def requires(candidate: Expr) -> tuple[Claim, ...]:
            return tuple(c.with_given(c.given.and_(h)) for c in asked.requires(candidate))

        question = replace(self.question, specification=replace(asked, requires=requires))
        return replace(self, question=question, given=self.given.and_(h))

    def claim(self, left: Expr, right: Expr, given: Given | None = None) -> Identity:
        """Claim `left = right`: in symbols by the definitions, in numbers by NumPy's."""
        judged, given = self.judged, given or self.given
        start, end = (spelled_out(judged.expand(apart_names(x)), given) for x in (left, right))
        if end.has(Statistic):
            end = to_expr(normal(end, given.rewriting))
        return Identity(
            name="line", given=given, shown=left, left=start, right=end,
            oracle=lambda I: self.value(left, I),
        )  # fmt: skip

    def value(self, x: Expr, instance: Instance) -> Any:
        """Evaluate an expression with the letters that NumPy defines."""
        x = apart_names(x)
        full = self.judged.arrays(instance, needed(x))
        moments = {s: chance.exact_moment(s, instance, self.judged) for s in x.atoms(Statistic)}
        if moments:
            x, full = chance.put_moments(x, moments, full)
        return compiled(x)(full)

    def about_scale(self) -> tuple[str, Verdict]:
        """Judge a line that only bounds the scale: the question's own query with that scale."""
        scale, line = self.judged.scale, self.line
        query = next((one for one in self.judged.defined if one.letter == self.seeks), None)
        if scale is None or query is None or (line.scale is None and not line.approaches):
            raise Unclear(
                "not-an-answer",
                "the line says nothing of what the question judges, which is " + self.judges,
            )
        bounds = []
        approaches = list(line.approaches)
        for link in line.links:
            found = bound_of(link, scale)
            if found is None:
                raise Unclear(
                    "not-an-answer",
                    "the line says nothing of what the question judges, which is " + self.judges,
                )
            if found[0] == "->":
                approaches.append(Approach(scale, found[1]))
            else:
                bounds.append(found)
        line = replace(line, bounds=tuple(bounds), scale=scale, approaches=tuple(approaches))
        verdict = judge_candidate(self.question, self.judged, line, query.value, self.effort)
        from symattn.latex.write import latex

        note = f"for $q = {latex(query.value)}$"
        return line.source.strip(), with_assumptions(verdict, [note])


def bound_of(link: Link, scale: Symbol) -> tuple[str, Expr] | None:
    """Return what a link says of the scale alone: a bound or a limit."""
    turned = {">": "<", "<": ">", ">=": "<=", "<=": ">=", ">>": "<<", "<<": ">>"}
    if (
        link.left != scale != link.right
        and scale in link.left.free_symbols | link.right.free_symbols
    ):
        alone = isolated(link.relation, link.left, link.right, scale)
        return alone[1:] if alone is not None and alone[1] in turned else None
    if link.left == scale and isinstance(link.right, Expr):
        return (link.relation, link.right) if link.relation in (*turned, "->") else None
    if link.right == scale and link.relation in turned:
        return turned[link.relation], link.left
    return None


def _turned_round(question: Question, judged: Judged, line: Line) -> tuple[Judged, Line]:
    """Write a scale that is negative as minus a positive one, in a statement about its query."""
    unknown, scale = question.specification.unknown, judged.scale
    query = next((one for one in judged.defined if one.letter == unknown), None)
    if scale is None or query is None or line.lone is not None or not line.links:
        return judged, line
    if any(unknown in (link.left, link.right) for link in line.links):
        return judged, line
    turned = {scale: -scale}
    line = rewritten(line, lambda x: x.xreplace(turned))
    ends = {oo: -oo, -oo: oo}
    approaches = tuple(
        replace(a, point=ends.get(a.point, a.point)) if a.symbol == scale else a
        for a in line.approaches
    )
    judged = _with_query(question, judged, query.value.xreplace(turned))
    return judged, replace(line, approaches=approaches)


def _with_query(question: Question, judged: Judged, query: Expr) -> Judged:
    """Take the line's own query for the unknown."""
    unknown = question.specification.unknown
    assert unknown is not None
    wanted, found = shape(unknown), shape(query)
    if wanted != found:
        raise ShapeError(
            f"{family_name(unknown)} is {show_shape(wanted)}, and the line gives {show_shape(found)}"
        )
    query = unbound(apart_names(query))
    own = Defined(unknown, query, compiled(query))
    rest = tuple(one for one in judged.defined if one.letter != unknown)
    return replace(judged, defined=(own, *rest))


def at_least(given: Given, count: int) -> Given:
    """Take at least so many keys, where the hypotheses do not say so already."""
    known = [len(h.indices) for h in given if isinstance(h, Distinct)]
    known += [h.count for h in given if isinstance(h, (AtLeast, Exactly))]
    return given if count <= max(known, default=0) else Given((*given, AtLeast(count)))


def spelled_out(x: Expr, given: Given) -> Expr:
    """Write sums over all keys term by term when there are no others than the named ones."""
    count = next((h.count for h in given if isinstance(h, Exactly)), None)
    named = next((h.indices for h in given if isinstance(h, Distinct)), ())
    if count is None or count != len(named):
        return x

    def terms(e: Any) -> Expr:
        f, index = e.args[0], e.args[1] if isinstance(e, OffSum) else e.limits[0][0]
        left_out = e.args[3].args if isinstance(e, OffSum) else ()
        if isinstance(e, Sum) and (len(e.limits) != 1 or e.limits[0][1:] != (1, n)):
            return e  # type: ignore[no-any-return]
        return Add(*[f.subs(index, p) for p in named if p not in left_out])

    return x.replace(lambda e: isinstance(e, (Sum, OffSum)), terms)  # type: ignore[no-any-return]


def counted(given: Given, relation: str, value: int) -> Given:
    """Add what a line says of the number of keys."""
    least = max([len(h.indices) for h in given if isinstance(h, Distinct)], default=1)
    below = value - (relation == "<")
    if relation in ("=", "==", "<", "<=") and below < least:
        raise Unclear(
            "contradicts-the-question", f"there are {least} keys or more, not n = {value}"
        )
    if relation in ("=", "=="):
        return Given((Exactly(value), *given))
    if relation in (">=", ">"):
        return at_least(given, value + (relation == ">"))
    return given


def judge_link(bench: Bench, link: Link) -> Verdict:
    """Return the verdict of one relation."""
    relation, left, right = link.relation, link.left, link.right
    if relation == "<-":
        relation, left, right = "->", right, left  # type: ignore[assignment]
    if not isinstance(left, Expr):
        raise Unclear("relation-not-judged", f"{link.text}: a set on the left is not judged")
    if not isinstance(right, Expr):
        return _membership(bench, link, left, right)
    candidate = proposed(bench, left, relation, right)
    if candidate is not None:
        return judge_candidate(bench.question, bench.judged, bench.line, candidate, bench.effort)
    if bench.judged.goal is not None:
        from symattn.check.conditions import judge_condition

        found = judge_condition(bench, link, left, relation, right)
        if found is not None:
            return found
    for quantity in bench.judged.quantities:
        if quantity.shown == left and isinstance(left, Symbol) and relation in EQUAL:
            claims = quantity.requires(right)
            verdicts = [pass_gate(claim, bench.effort) for claim in claims]
            return next((v for v in verdicts if not v.passed), verdicts[0])
    if isinstance(left, Symbol) and all(one.letter != left for one in bench.judged.defined):
        raise Unclear("not-judged", f"{link.text}: this is not judged")
    found = _statement(bench, link, left, relation, right)
    query = next((one for one in bench.judged.defined if one.letter == bench.seeks), None)
    if query is None:
        return found
    from symattn.latex.write import latex

    return with_assumptions(found, [f"for ${latex(query.letter)} = {latex(query.value)}$"])


def _statement(bench: Bench, link: Link, left: Expr, relation: str, right: Expr) -> Verdict:
    """Judge a relation of expressions in what the question defines."""
    _same_shapes(left, right, relation)
    if relation in (*EQUAL, *NEAR, "->") and apart_names(left) == apart_names(right):
        raise Unclear("circular", f"{link.text} says nothing: both sides are the same")
    if relation in EQUAL:
        return _equation(bench, link, left, right)
    if relation in NEAR or relation == "->":
        return _near(bench, left, right, relation)
    if relation in (*ORDER, ">>", "<<"):
        for x in (left, right):
            if not x.is_commutative:
                said = f"{show_shape(shape(x))}"
                raise ShapeError(f"only scalars are larger or smaller, and a side is {said}")
    if relation in ORDER:
        return _ordered(bench, left, ORDER[relation], right)
    if relation in (">>", "<<"):
        large, small = (left, right) if relation == ">>" else (right, left)
        return _much_larger(bench, large, small)
    raise Unclear("relation-not-judged", f"{link.text}: this relation is not judged")


def proposed(bench: Bench, left: Expr, relation: str, right: Expr) -> Expr | None:
    """Return the candidate for the unknown that a relation proposes, or None."""
    unknown = bench.seeks
    if unknown is None or relation not in (*EQUAL, *NEAR, "propto", "->"):
        return None
    for own, other in ((left, right), (right, left)):
        if isinstance(own, Transposed) and own.args[0] == unknown:
            own, other = unknown, T(other)
        if own != unknown or other.has(unknown):
            continue
        if relation == "->" and other in (oo, -oo):
            return None
        if relation == "propto":
            if bench.judged.scale is None or bench.judged.scale in other.free_symbols:
                return other
            return bench.judged.scale * other
        return apart_names(other)
    return None


def _same_shapes(left: Expr, right: Expr, relation: str) -> None:
    if 0 in (left, right) or oo in (left, right) or -oo in (left, right):
        return
    one, two = shape(left), shape(right)
    if one != two:
        raise ShapeError(f"the left side is {show_shape(one)}, the right side {show_shape(two)}")


def _membership(bench: Bench, link: Link, left: Expr, right: Basic) -> Verdict:
    """Judge `x in [a, b]` as two inequalities."""
    if link.relation != "in" or not isinstance(right, Interval):
        raise Unclear("relation-not-judged", f"{link.text}: this set is not judged")
    low = _ordered(bench, left, ">" if right.left_open else r"\ge", right.start)
    if not low.passed:
        return low
    return _ordered(bench, left, "<" if right.right_open else r"\le", right.end)


# equations --------------------------------------------------------------------------------------------


def _equation(bench: Bench, link: Link, left: Expr, right: Expr) -> Verdict:
    """Judge an equation: exactly, or in the limit where the line states one."""
    if left.has(Statistic) or right.has(Statistic):
        if link.remainders:
            claim = bench.claim(left, right, _given_for(bench, left, right))
            whole = to_expr(normal(claim.left, claim.given.rewriting))
            if not whole.has(Statistic) and not right.has(Statistic):
                return _up_to(bench, link, whole, right)
            return _leading_up_to(bench, link, left, right)
        return _moments(bench, left, right, "=")
    if link.remainders:
        return _up_to(bench, link, left, right)
    stated = [a for a in bench.line.approaches if a.symbol != getattr(bench.chance, "small", None)]
    exact = exactly(bench, left, right)
    if exact.passed or exact.verdict == "undecided":
        return exact
    try:
        with deadline(bench.effort.seconds / 5):
            near = _near(bench, left, right, "~~") if stated or bench.judged.scale else exact
    except BudgetExceeded:
        return exact
    if near.passed and stated:
        return with_assumptions(near, ["an equation beside a limit is read as one in that limit"])
    if near.passed and bench.judged.scale not in right.free_symbols:
        reason = f"it is right only in the limit, with \\approx or \\to; {exact.reason}"
        return replace(exact, code="only-in-the-limit", reason=reason)
    return exact


def exactly(bench: Bench, left: Expr, right: Expr) -> Verdict:
    """Judge an equation of two expressions under the hypotheses, for every instance."""
    base = pass_gate(bench.claim(left, right), bench.effort)
    if base.passed:
        return base
    for given, note in _narrower(bench, left, right):
        found = pass_gate(bench.claim(left, right, given), bench.effort)
        if found.passed:
            return with_assumptions(found, [note])
        if found.verdict == "refuted":
            base = found  # the fairer refutation
    return base


def _narrower(bench: Bench, *terms: Expr) -> list[tuple[Given, str]]:
    """Return the hypotheses with the free indices apart, and how that is said."""
    own = bench.judged.indices
    free = [p for p in free_indices(*terms) if isinstance(p, Symbol)]
    if not own or not set(free) - set(own[:2]):
        return []
    indices = [*own[:2], *[p for p in free if p not in own[:2]]]
    others = ", ".join(str(p) for p in indices[2:])
    two = " and ".join(str(p) for p in own[:2])
    return [(with_apart(bench.given, indices), f"{others} is none of {two}")]


def _up_to(bench: Bench, link: Link, left: Expr, right: Expr) -> Verdict:
    """Judge `a = b + O(size)`: the difference stays below a constant times the size."""
    approaches = bench.approaches
    given = _given_for(bench, left, right)
    total = sum((r.size for r in link.remainders), S.Zero)
    _says_something(bench, link, total, given)
    gap = bench.judged.expand(apart_names(left)) - bench.judged.expand(apart_names(right))
    try:
        quotient = gap / bench.judged.expand(total)
        found, given = over_counts(lambda g: limit_of(quotient, approaches, g), given)
    except NoSafeLimit as error:
        return _undecided("no-safe-form", unsafe(error), given)
    text = f"the difference over {total} tends to {found.value}, ${names_of(approaches)}$"
    if found.infinite or (any(r.little for r in link.remainders) and found.vanishes is not True):
        return _too_small(bench, left, right, total, approaches, given)
    return _proved(bench, text, "remainder-proved", given, approaches)


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


def _leading_up_to(bench: Bench, link: Link, left: Expr, right: Expr) -> Verdict:
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
            kept = pass_gate(claim.with_right(claim.kept), bench.effort)
            if not kept.passed:
                return kept
            gap = claim.kept - claim.right
            try:
                ends = [limit_of(x / size, approaches, claim.given) for x in (gap, claim.order)]
            except NoSafeLimit as error:
                return _undecided("no-safe-form", unsafe(error), given)
            if not any(end.infinite for end in ends) and not any(r.little for r in link.remainders):
                text = "what is left of the leading part, and its own remainder, are of that order"
                return replace(kept, verdict="confirmed", code="remainder-confirmed", reason=text)
    return _undecided("not-judged", "the order of this remainder is not judged", given)


def _too_small(
    bench: Bench, left: Expr, right: Expr, size: Expr, approaches: Sequence[Approach], given: Given
) -> Verdict:
    """Refute a remainder: the difference over its size grows along the approach."""
    from symattn.latex.write import latex

    claim = bench.claim(left, right, given)
    instance = next((x for x in plain_instances(claim, given) if x["n"] >= 3), None)
    if instance is None or bench.chance is not None:
        return _undecided("not-proved", "the remainder is not shown to be larger", given)
    shares, steps = [], []
    for step in range(3):
        place = along(instance, approaches, step, True)
        one, two, small = (np.asarray(bench.value(x, place), float) for x in (left, right, size))
        shares.append(float(np.max(np.abs(one - two)) / np.max(np.abs(small))))
        steps.append(place[approaches[-1].symbol.name])
    if not shares[2] > 2 * shares[1] > 4 * shares[0] > 0:
        return _undecided("not-proved", "the remainder is not shown to be larger", given)
    name = approaches[-1].symbol.name
    text = (
        f"at n = {instance['n']} the difference over ${latex(size)}$ grows: it is "
        f"{', '.join(number(x) for x in shares)} at {name} = {', '.join(number(x) for x in steps)}"
    )
    shown = {"n": instance["n"], name: steps}
    return refuted(Counterexample(shown, shares, 0, text), (), given.latex, "remainder-too-small")


Found = TypeVar("Found")


def over_counts(decide: Callable[[Given], Found], given: Given) -> tuple[Found, Given]:
    """Decide under the hypotheses, else for three keys or more: two are often a special case.

    Raises
    ------
    NoSafeLimit : neither is decided.
    """
    try:
        return decide(given), given
    except NoSafeLimit:
        more = at_least(given, 3)
        return decide(more), more


def _given_for(bench: Bench, *terms: Expr) -> Given:
    narrower = _narrower(bench, *terms)
    return narrower[0][0] if narrower else bench.given


def _undecided(code: str, reason: str, given: Given) -> Verdict:
    evidence = Evidence("proof", "undecided", code, reason)
    return Verdict("undecided", code, reason, (evidence,), None, given.latex)


def _proved(
    bench: Bench, text: str, code: str, given: Given, approaches: Sequence[Approach],
    more: Sequence[Evidence] = (),
) -> Verdict:  # fmt: skip
    said = f"${bench.chance.said}$" if bench.chance is not None else f"${names_of(approaches)}$"
    evidence = Evidence("proof", "proved", code, text)
    return Verdict("proved", code, text, (evidence, *more), None, (*given.latex, said))


# approximations ---------------------------------------------------------------------------------------


def _near(bench: Bench, left: Expr, right: Expr, relation: str) -> Verdict:
    r"""Judge `~~` and `->`: the difference tends to zero in the limit that is meant."""
    if left.has(Statistic) or right.has(Statistic):
        return _moments(bench, left, right, relation)
    approaches = bench.approaches
    given = _given_for(bench, left, right)
    if right in (oo, -oo):
        return _diverges(bench, left, right, approaches, given)
    if bench.chance is not None:
        return chance.judge_near(bench, left, right, approaches, given)
    relative = relation != "->"
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
        return _undecided("no-safe-form", unsafe(error), given)
    if decided is None:
        return _undecided("not-proved", "whether the difference vanishes is not decided", given)
    if decided is False:
        whole = difference_vanishes(one, two, approaches, given, relative)
        low = lower_terms(two, approaches, given) if whole else S.Zero
        if low != 0:
            return _far(bench, left - (two - low), low, approaches, given, "wrong-limit")
        return _far(bench, left, right, approaches, given, "wrong-limit")
    text = "the difference tends to zero" + (
        ", relative to the right side" if relative and right != 0 else ""
    )
    return _proved(
        bench, text, "limit-proved", given, approaches,
        [_shown(bench, left, right, approaches, given, relative)],
    )  # fmt: skip


def _shown(
    bench: Bench, left: Expr, right: Expr, approaches: Sequence[Approach], given: Given, decay: bool
) -> Evidence:
    """Show a limit in numbers on a few random instances."""
    claim = bench.claim(left, right, given)
    worst, valid = 0.0, 0
    for instance in instances(claim, replace(bench.effort.plan, instances=8)):
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
    from symattn.latex.write import latex

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
    return _undecided("not-proved", "the limit is another one, and no instance shows it", given)


def _diverges(
    bench: Bench, left: Expr, right: Expr, approaches: Sequence[Approach], given: Given
) -> Verdict:
    try:
        whole = bench.judged.expand(apart_names(left))
        found, given = over_counts(lambda g: limit_of(whole, approaches, g), given)
    except NoSafeLimit as error:
        return _undecided("no-safe-form", unsafe(error), given)
    if list(found.terms.values()) == [right]:
        return _proved(bench, f"it tends to {right}", "limit-proved", given, approaches)
    text = f"it tends to {found.value}, not to {right}"
    evidence = Evidence("proof", "refuted", "wrong-limit", text)
    return Verdict("refuted", "wrong-limit", text, (evidence,), None, given.latex)


def _much_larger(bench: Bench, large: Expr, small: Expr) -> Verdict:
    """Judge `a >> b`: the quotient tends to infinity (against 0 and 1, a itself)."""
    approaches = bench.approaches
    given = _given_for(bench, large, small)
    one, two = (bench.judged.expand(apart_names(x)) for x in (large, small))
    quotient = one if small == 0 else one / two
    try:
        found, given = over_counts(lambda g: limit_of(1 / quotient, approaches, g), given)
    except NoSafeLimit as error:
        return _undecided("no-safe-form", unsafe(error), given)
    if found.vanishes is True:
        return _proved(bench, "the quotient tends to infinity", "limit-proved", given, approaches)
    if found.vanishes is None:
        return _undecided("not-proved", "the quotient is not decided", given)
    return _far(bench, large, small, approaches, given, "wrong-limit") if small == 0 else _refuted_size(
        found.value, given
    )  # fmt: skip


def _refuted_size(value: Expr, given: Given) -> Verdict:
    text = f"the quotient of the smaller by the larger tends to {value}, not to 0"
    evidence = Evidence("proof", "refuted", "wrong-limit", text)
    return Verdict("refuted", "wrong-limit", text, (evidence,), None, given.latex)


# bounds -----------------------------------------------------------------------------------------------


def _ordered(bench: Bench, left: Expr, relation: str, right: Expr) -> Verdict:
    """Judge an inequality of scalars: by the sign of its gap, or by an instance where it fails."""
    found = _ordered_under(bench, left, relation, right, bench.given)
    if found.passed:
        return found
    apart = _narrower(bench, left, right)
    for given, note in [*apart, (bench.given, "")]:
        for least in (0, 2, 3):
            if not least and not note:
                continue
            more = at_least(given, least)
            narrower = _ordered_under(bench, left, relation, right, more)
            if narrower.passed:
                return with_assumptions(narrower, [note] if note else [])
            if narrower.verdict == "refuted" and not least:
                found = narrower
        if note and found.verdict == "refuted":
            break
    return found


def _ordered_under(bench: Bench, left: Expr, relation: str, right: Expr, given: Given) -> Verdict:
    judged = bench.judged
    one, two = (judged.expand(apart_names(x)) for x in (left, right))
    upward = relation in (r"\le", "<")
    gap = two - one if upward else one - two
    claim = Inequality(
        name="line", given=given, shown=left, relation=relation, left=one, right=two, slack=gap,
        oracle=lambda I: bench.value(left, I),
    )  # fmt: skip
    if broken(claim) is not None:
        return pass_gate(claim, bench.effort)
    least = _constant(gap, given)
    if least is not None and (least < 0 or (least == 0 and relation in ("<", ">"))):
        return _never(bench, claim, least)
    for slack in _forms(gap, given, left, right):
        evidence = prove(replace(claim, slack=slack))
        if evidence.verdict == "proved":
            return pass_gate(replace(claim, slack=slack), bench.effort)
    for instance in extremes(claim):
        failed = fails_at(claim, instance)
        if failed is not None:
            return worst(claim, instance, failed)
    return pass_gate(claim, bench.effort)


def _constant(gap: Expr, given: Given) -> Expr | None:
    """Return the gap when it is the same number at every instance."""
    if not gap.is_commutative:
        return None
    flat = to_expr(normal(gap, given.rewriting))
    for form in (flat, factor(together(flat))):
        if form.is_number and form.is_comparable:
            return form  # type: ignore[no-any-return]
    return S.Zero if vanishes(gap, given.rewriting) is True else None


def _never(bench: Bench, claim: Inequality, gap: Expr) -> Verdict:
    """Refute a bound that fails everywhere by the same amount, too little to be seen in numbers."""
    from symattn.latex.write import latex

    instance = next(plain_instances(claim))
    value = np.asarray(bench.value(claim.shown, instance), float)
    named = described(instance, [x for x in relevant(claim, instance) if np.ndim(instance[x]) == 0])
    what = "both sides are equal" if gap == 0 else f"it fails by {number(-gap)}"
    text = f"{what}, at every instance: at {named} {latex(claim.shown)} is {numbers(value)}"
    shown = {k: plain(instance[k]) for k in relevant(claim, instance)}
    counter = Counterexample(shown, plain(value), plain(value), text)
    return refuted(counter, (), claim.given.latex)


def _forms(gap: Expr, given: Given, *terms: Expr) -> list[Expr]:
    """Return the gap in forms whose sign may be seen."""
    rules = given.rewriting
    forms = [gap]
    if not gap.is_commutative:
        return forms
    flat = to_expr(normal(gap, rules))
    forms += [flat, factor(together(flat))]
    indices = [p for p in free_indices(*terms) if isinstance(p, Symbol)]
    if indices:
        forms.append(factor(together(_split_at(gap, indices))))
    return forms


def _split_at(x: Expr, indices: Sequence[Symbol]) -> Expr:
    """Take the terms at the given indices out of the sums over all keys."""

    def split(s: Any) -> Expr:
        if len(s.limits) != 1 or s.limits[0][1:] != (1, n):
            return s  # type: ignore[no-any-return]
        index = s.limits[0][0]
        inside = [s.function.subs(index, p) for p in indices]
        return OffSum(s.function, index, n, indices) + sum(inside, S.Zero)

    return x.replace(lambda e: isinstance(e, Sum), split)  # type: ignore[no-any-return]


# statistics -------------------------------------------------------------------------------------------


def _moments(bench: Bench, left: Expr, right: Expr, relation: str) -> Verdict:
    """Judge a mean, variance or covariance: exactly where the keys enter linearly, else in the limit."""
    given = _given_for(bench, left, right)
    claim = bench.claim(left, right, given)
    one, two = (to_expr(normal(x, given.rewriting)) for x in (claim.left, claim.right))
    if right in (oo, -oo) and not one.has(Statistic):
        return _diverges(bench, one, right, bench.approaches, given)
    if one.has(Statistic) or two.has(Statistic):
        return chance.judge_moments(bench, left, right, given, relation)
    exact = exactly(bench, left, right)
    if exact.passed or relation == "=":
        return exact
    approaches = bench.approaches
    try:
        decided = difference_vanishes(one, two, approaches, given, relation != "->")
    except NoSafeLimit as error:
        return _undecided("no-safe-form", unsafe(error), given)
    if decided is True:
        text = "the difference tends to zero, relative to the right side"
        return _proved(bench, text, "limit-proved", given, approaches)
    return (
        exact if decided is False else _undecided("not-proved", "the limit is not decided", given)
    )
