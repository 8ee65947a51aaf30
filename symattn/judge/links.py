"""One relation of a stranger's line, judged under the question's hypotheses."""

from __future__ import annotations

from dataclasses import replace

from sympy import Basic, Expr, Indexed, Interval, S, Symbol, oo

from symattn.algebra.letters import (
    Expect,
    Holds,
    Letter,
    Member,
    Norm,
    Statistic,
    T,
    Transposed,
    shape,
    show_shape,
)
from symattn.algebra.stable import Peak
from symattn.algebra.words import normal, to_expr
from symattn.check.budget import deadline
from symattn.check.gate import decide, with_apart, with_assumptions
from symattn.check.verdict import Verdict
from symattn.claims.definitions import family_name
from symattn.errors import BudgetExceeded, ShapeError
from symattn.hypotheses.families import Distinct
from symattn.judge.bench import EQUAL, NEAR, ORDER, Bench, given_for
from symattn.judge.bounds import ordered
from symattn.judge.candidates import judge_candidate
from symattn.judge.chance import judge_frequency
from symattn.judge.exact_moments import linear_means
from symattn.judge.extremes import of_extremes
from symattn.judge.free_letters import apart_names, free_indices, free_scalars
from symattn.judge.line import Link, Unclear, judged_letters
from symattn.judge.remainder import leading_up_to, up_to
from symattn.judge.tending import exactly, moments, much_larger, near
from symattn.latex.write import latex


def judge_step(bench: Bench, link: Link, after: bool) -> Verdict:
    """Judge one relation of a line, which may be a step of plain arithmetic in a chain.

    after : whether the chain has become approximate before: then `=` is read as it goes on.
    """
    if link.law and bench.whole is not None:
        bench = replace(bench, chance=bench.whole, events=())
    if len(bench.line.links) > 1 and _arithmetic(bench, link):
        exact = exactly(bench, link.left, link.right)  # type: ignore[arg-type]
        if exact.passed or link.relation in EQUAL:
            return exact
        return near(bench, link.left, link.right, link.relation)  # type: ignore[arg-type]
    found = judge_link(bench, link)
    again = link.relation in EQUAL and not found.passed and isinstance(link.right, Expr)
    if again and (after or bench.line.law) and proposed(bench, link.left, "=", link.right) is None:  # type: ignore[arg-type]
        limit = judge_link(bench, replace(link, relation="~~"))
        if limit.passed and bench.line.law:
            return replace(found, verdict="undecided", code="leading-order", counterexample=None,
                           reason="it is right to leading order, and no equation")  # fmt: skip
        found = limit if limit.passed else found
    if bench.line.law and found.passed and found.code != "identity-proved":
        raise Unclear("relation-not-judged", "a law is judged of what is linear in the keys")
    return found


def _arithmetic(bench: Bench, link: Link) -> bool:
    """Whether a link of a chain only reckons: nothing that the question judges stands in it."""
    left, right = link.left, link.right
    if not isinstance(left, Expr) or not isinstance(right, Expr) or link.remainders:
        return False
    if link.relation not in (*EQUAL, *NEAR) or right in (oo, -oo):
        return False
    if any(judged_letters(bench.question, bench.judged, x) for x in (left, right)):
        return False
    named = {one.letter for one in bench.judged.defined} | {
        x.shown for x in bench.judged.quantities
    }
    return not named & {left, right} and free_scalars(left) == free_scalars(right)


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
    doubt = bench.judged.doubt(left, relation, right)
    if doubt:
        raise Unclear("not-judged", f"{link.text}: {doubt}")
    if candidate is not None and link.remainders:
        raise Unclear("not-judged", f"{link.text}: what is left out of the answer is not judged")
    if candidate is not None:
        candidate = linear_means(candidate, bench.given)
        return judge_candidate(bench.question, bench.judged, bench.line, candidate, bench.effort)
    if bench.judged.goal is not None:
        from symattn.judge.sufficiency import as_stated, judge_condition

        found = judge_condition(bench, link, left, relation, right)
        if found is not None:
            return as_stated(bench, found, "=>") if bench.line.weight else found
    if left == bench.judged.scale and relation in (*EQUAL, *NEAR) and bench.chance is not None:
        if free_scalars(right) == {bench.chance.small} and bench.seeks is not None:
            return bench.at_scale(right)
    for quantity in bench.judged.quantities:
        if quantity.shown == left and isinstance(left, Symbol) and relation in EQUAL:
            claims = quantity.requires(right)
            verdicts = [decide(claim, bench.effort) for claim in claims]
            return next((v for v in verdicts if not v.passed), verdicts[0])
    if isinstance(left, Symbol) and all(one.letter != left for one in bench.judged.defined):
        raise Unclear("not-judged", f"{link.text}: this is not judged")
    found = _statement(bench, link, left, relation, right)
    if found.verdict == "refuted" and (apart := _of_two_keys(bench, left, right)) is not None:
        if _statement(apart, link, left, relation, right).passed:
            pair = " and ".join(map(str, bench.judged.indices[:2]))
            raise Unclear("ask-which-index", f"it holds where {pair} are different; say so")
    query = next((one for one in bench.judged.defined if one.letter == bench.seeks), None)
    if query is None or query.value is None:
        return found
    said = [f"for ${latex(query.letter)} = {latex(query.value)}$"]
    scale = bench.judged.scale
    if scale is not None and scale.is_positive and scale in query.value.free_symbols:
        said.append(f"${latex(scale)} > 0$")
    return with_assumptions(found, said)


def _of_two_keys(bench: Bench, left: Expr, right: Expr) -> Bench | None:
    """Return the bench with the pair of a relation apart, where nothing says that it is."""
    pair = bench.judged.indices[:2]
    free = set(free_indices(left, right))
    said = any(isinstance(h, Distinct) and {*pair} <= {*h.indices} for h in bench.given)
    if said or len(pair) < 2 or not {*pair} <= free:
        return None
    return replace(bench, given=with_apart(bench.given, pair))


def _statement(bench: Bench, link: Link, left: Expr, relation: str, right: Expr) -> Verdict:
    """Judge a relation of expressions in what the question defines."""
    _same_shapes(left, right)
    if left.has(Peak) or right.has(Peak):
        return of_extremes(
            bench, left, relation, right,
            lambda one, sign, two: _statement(bench, link, one, sign, two),
        )  # fmt: skip
    if relation in (*EQUAL, *NEAR, "->") and apart_names(left) == apart_names(right):
        raise Unclear("circular", f"{link.text} says nothing: both sides are the same")
    if relation in EQUAL:
        _not_restated(bench, link, left, right)
        found = _equation(bench, link, left, right)
        if found.verdict == "proved" and _defines(bench, left, right):
            return replace(found, code="by-definition")
        return found
    if relation in NEAR or relation == "->":
        return near(bench, left, right, relation)
    if relation in (*ORDER, ">>", "<<"):
        for x in (left, right):
            if not x.is_commutative:
                said = f"{show_shape(shape(x))}"
                raise ShapeError(f"only scalars are larger or smaller, and a side is {said}")
    if relation in ORDER and bench.chance is not None and (left - right).has(Holds):
        return judge_frequency(bench, left, relation, right)
    if relation in ORDER:
        found = ordered(bench, left, ORDER[relation], right)
        return (
            found
            if found.passed or bench.chance is None
            else _mostly(bench, left, relation, right, found)
        )
    if relation in (">>", "<<"):
        large, small = (left, right) if relation == ">>" else (right, left)
        return much_larger(bench, large, small)
    raise Unclear("relation-not-judged", f"{link.text}: this relation is not judged")


def _mostly(bench: Bench, left: Expr, relation: str, right: Expr, found: Verdict) -> Verdict:
    """Judge a bound that is not met by every draw of the keys by how often it is, in the limit."""
    if any(x.has(Statistic) for x in (left, right)):
        return found
    try:
        often = near(bench, Expect(Holds(left, right, relation)), S.One, "->")
    except Unclear:
        return found
    if often.passed:
        return with_assumptions(often, ["of random keys: with a probability that tends to 1"])
    if bench.events and often.verdict == "refuted":
        return often
    if bench.events and found.verdict == "refuted":  # by an instance that need not meet them
        raise Unclear("not-judged", "whether it holds where the condition does is not decided")
    return found


def _not_restated(bench: Bench, link: Link, left: Expr, right: Expr) -> None:
    """Refuse what the question itself says: a value that it gives, or a definition in its own words.

    Raises
    ------
    Unclear : it is such.
    """
    asked = bench.judged.goal is not None
    for one, other in ((left, right), (right, left)):
        for x in bench.judged.defined:
            if x.value is None or not isinstance(one, (Letter, Indexed)):
                continue
            if x.name != family_name(one):
                continue
            if x.name not in bench.judged.told and not (asked and x.name in (r"\alpha", "c")):
                continue
            index = next(iter(free_indices(one)), None)
            value = x.value if index is None else x.at(index)
            same = apart_names(bench.judged.expand(value)) == apart_names(other)
            if (other.is_commutative and value.is_commutative and same) or (
                (other - value).expand() == 0
            ):
                raise Unclear(
                    "restates-the-question",
                    f"{link.text} is what the question gives, and no answer",
                )


def _defines(bench: Bench, left: Expr, right: Expr) -> bool:
    """Tell whether a relation only writes out what a name of the question stands for."""
    for x in bench.judged.defined:
        if (
            x.value is not None
            and isinstance(left, (Letter, Indexed))
            and x.name == family_name(left)
        ):
            index = next(iter(free_indices(left)), None)
            value = x.value if index is None else x.at(index)
            return bool(apart_names(bench.judged.expand(value)) == apart_names(right))
    return False


def property_only(bench: Bench) -> str:
    """Say why a line that is true of our query is no answer: many others have the property."""
    line, scale, q = bench.line, bench.judged.scale, bench.seeks
    if q is None or scale is None or line.lone is not None or line.query is not None:
        return ""
    terms = [x for x in line.terms if isinstance(x, Expr)]
    letters = {family_name(a) for x in terms for a in x.atoms(Letter, Indexed) if a.args}
    if family_name(q) not in letters or letters - {family_name(q), "k", r"\mu"}:
        return ""
    if any(proposed(bench, k.left, k.relation, k.right) is not None for k in line.links):  # type: ignore[arg-type]
        return ""
    text = "it is true of the query that answers the question, and does not determine it"
    if line.at_scale is not None and not line.at_scale.free_symbols:
        return f"{text}; at a fixed scale that query is not right"
    (link, *more) = line.links
    if more:
        return ""
    if any(x.has(Norm) for x in terms):
        return text if link.relation in (*ORDER, ">>", "<<", "->") else ""
    keys = {a for x in terms for a in x.atoms(Member)}
    equal = link.relation in (*EQUAL, *NEAR, "->") and link.right not in (oo, -oo)
    return (
        text if equal and len(keys) > 1 and not any(scale in x.free_symbols for x in terms) else ""
    )


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


def _same_shapes(left: Expr, right: Expr) -> None:
    if 0 in (left, right) or oo in (left, right) or -oo in (left, right):
        return
    one, two = shape(left), shape(right)
    if one != two:
        raise ShapeError(f"the left side is {show_shape(one)}, the right side {show_shape(two)}")


def _membership(bench: Bench, link: Link, left: Expr, right: Basic) -> Verdict:
    """Judge `x in [a, b]` as two inequalities."""
    if link.relation != "in" or not isinstance(right, Interval):
        raise Unclear("relation-not-judged", f"{link.text}: this set is not judged")
    low = ordered(bench, left, ">" if right.left_open else r"\ge", right.start)
    high = ordered(bench, left, "<" if right.right_open else r"\le", right.end)
    return high if low.passed or high.verdict == "refuted" else low


def _equation(bench: Bench, link: Link, left: Expr, right: Expr) -> Verdict:
    """Judge an equation: exactly, or in the limit where the line states one."""
    if left.has(Statistic) or right.has(Statistic):
        if link.remainders:
            claim = bench.claim(left, right, given_for(bench, left, right))
            whole = to_expr(normal(claim.left, claim.given.rewriting))
            if not whole.has(Statistic) and not right.has(Statistic):
                return up_to(bench, link, whole, right)
            return leading_up_to(bench, link, left, right)
        return moments(bench, left, right, "=")
    if link.remainders:
        return up_to(bench, link, left, right)
    stated = [a for a in bench.line.approaches if a.symbol != getattr(bench.chance, "small", None)]
    exact = exactly(bench, left, right)
    if exact.passed or exact.verdict == "undecided":
        return exact
    try:
        with deadline(bench.effort.seconds / 2):
            limit = near(bench, left, right, "~~") if stated or bench.judged.scale else exact
    except BudgetExceeded:
        return exact
    moving = {a.symbol for a in stated} & right.free_symbols
    if limit.passed and stated and not (moving and bench.chance is None):
        return with_assumptions(limit, ["an equation beside a limit is read as one in that limit"])
    if limit.passed and (moving or bench.judged.scale not in right.free_symbols):
        reason = f"it is right only in the limit, with \\approx or \\to; {exact.reason}"
        return replace(exact, code="only-in-the-limit", reason=reason)
    return exact
