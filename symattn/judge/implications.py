r"""Implications and equivalences between scalar relations: `a \ge b \iff c > d`.

An instance where one side holds and the other does not refutes one.  What proves one: the exact
condition for the weight, a least gap, the Cauchy-Schwarz bound of a gap, and that the exponential
rises.  Strict and non-strict signs are told apart: at two keys with equal logits both sides of the
exact condition are equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from sympy import Expr, Mul, S, exp

from symattn.algebra.attention import delta, l
from symattn.algebra.sign import positive
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import normal, to_expr
from symattn.check.described import number, numbers
from symattn.check.gate import FAILURES, refuted
from symattn.check.numbers import plain
from symattn.check.proof import evidence_of
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.judge.free_letters import apart_names, free_indices
from symattn.judge.gap_forms import least_gap, letters_in, norm_gap, rest_bound
from symattn.judge.line import Link, Unclear
from symattn.judge.shares import Direction, at_level, level_of, necessary, sufficient
from symattn.kernel import Context, Obligation, Sign, Zero

if TYPE_CHECKING:
    from symattn.judge.bench import Bench

TURNED = {"<": ">", "<=": ">=", "<<": ">>"}
_NEGATED = {">": ">=", ">=": ">"}


@dataclass(frozen=True)
class Compared:
    """One side of an implication, as `a > b` or `a >= b`."""

    left: Expr
    relation: str
    right: Expr
    text: str

    @property
    def strict(self) -> bool:
        return self.relation == ">"

    @property
    def negated(self) -> Compared:
        """What holds where this does not, of scalars without a quantifier."""
        return replace(self, left=self.right, right=self.left, relation=_NEGATED[self.relation])


def judge_implication(bench: Bench, premise: Link, arrow: str, conclusion: Link) -> Verdict:
    """Judge `a => b` or `a <=> b` for relations of scalars.

    Raises
    ------
    Unclear : a side is no such relation.
    """
    sides = [_side(premise), _side(conclusion)]
    found = _broken(bench, sides, arrow)
    if found is not None:
        return found
    for at, side in enumerate(sides):
        goal = _goal(bench, side)
        if goal is None:
            continue
        other, weight = sides[1 - at], side
        forward = at == 1  # the condition stands first, so it is to suffice
        if not goal:  # the contrapositive says the same of a weight that is large
            if free_indices(other.left, other.right) != free_indices(weight.left, weight.right):
                break  # its negation is for some index, and not for every
            other, weight, forward = other.negated, weight.negated, not forward
        findings = _directions(bench, other, weight.strict)
        if findings is None:
            break
        wanted = findings if arrow == "<=>" else [findings[0 if forward else 1]]
        text = "; ".join(f.text for f in wanted)
        if all(f.holds for f in wanted):
            code = "necessary-and-sufficient" if arrow == "<=>" else "implication-proved"
            return bench.pass_for(code, text, [f.proof for f in wanted])
        return bench.open_for(text)
    proof = _same_sign(bench, *sides)
    if proof is not None:
        return bench.pass_for("implication-proved", proof.text, [proof])
    raise Unclear("relation-not-judged", "this implication is not judged")


def _side(link: Link) -> Compared:
    left, relation, right = link.left, link.relation, link.right
    if relation in TURNED:
        left, relation, right = right, TURNED[relation], left  # type: ignore[assignment]
    if relation not in (">", ">=") or not isinstance(right, Expr):
        raise Unclear("relation-not-judged", "this implication is not judged")
    if not (left.is_commutative and right.is_commutative):
        raise Unclear("relation-not-judged", "this implication is not judged")
    return Compared(left, relation, right, link.text)


def _goal(bench: Bench, side: Compared) -> bool | None:
    """Whether a side says that the weight is large; False when it says that it is not."""
    wanted = bench.judged.goal
    if wanted is None:
        return None
    if side.left == wanted and vanishes(side.right - (1 - delta)) is True:
        return True
    if side.right == wanted and vanishes(side.left - (1 - delta)) is True:
        return False
    return None


def _directions(bench: Bench, side: Compared, strict: bool) -> list[Direction] | None:
    """Decide whether a condition suffices for the weight, and whether it is necessary."""
    if r"\alpha" in letters_in(side.left, side.right):
        return None
    one, two = (bench.judged.expand(apart_names(x)) for x in (side.left, side.right))
    gap = least_gap(one, two)
    if gap is not None:
        return [sufficient(gap, side.strict, strict), necessary(gap, side.strict, strict)]
    gap = norm_gap(one, two)
    if gap is not None:
        return [Direction("it does not suffice"), necessary(gap, side.strict, strict)]
    difference = rest_bound(one - two)
    level = level_of(difference) if difference is not None else None
    return None if level is None else at_level(level, side.strict, strict)


def _same_sign(bench: Bench, one: Compared, two: Compared) -> Evidence | None:
    """Prove that both sides are signs of one gap of logits, for the exponential rises."""
    if one.relation != two.relation:
        return None
    rules = bench.given.rewriting
    gaps: list[Expr] = []
    needed: list[Obligation] = []
    for side in (one, two):
        x = bench.judged.expand(apart_names(side.left - side.right))
        found = _gap_of_powers(bench, x)
        if found is None:
            return None
        gap, factor = found
        needed.append(Sign(factor, strict=True))
        gaps.append(gap)
    flat = [to_expr(normal(gap, rules)) for gap in gaps]
    share = S.Zero if 0 in flat else (flat[0] / flat[1]).cancel()
    if not (share.is_number and share.is_positive):
        return None
    needed.append(Zero(gaps[0] - share * gaps[1]))
    text = "both say the same: the exponential rises"
    proof = evidence_of(needed, Context(bench.given), "implication-proved", text)
    return proof if proof.proof else None


def _gap_of_powers(bench: Bench, x: Expr) -> tuple[Expr, Expr] | None:
    """Return a - b and f for `f (e^a - e^b)`, and x itself without exponentials."""
    if not x.has(exp):
        return x, S.One
    terms = x.expand().args if x.expand().is_Add else ()
    found = []
    for term in terms:
        powers = [f for f in Mul.make_args(term) if isinstance(f, exp)]
        rest = Mul(*[f for f in Mul.make_args(term) if not isinstance(f, exp)])
        if len(powers) != 1:
            return None
        found.append((powers[0].args[0], rest))
    if len(found) != 2 or vanishes(found[0][1] + found[1][1], bench.given.rewriting) is not True:
        return None
    (a, f), (b, _) = found
    return (a - b, f) if positive(f, bench.given.rewriting) else (b - a, -f)


# instances -----------------------------------------------------------------------------------------


def _instances() -> Iterator[dict[str, Any]]:
    """Yield keys and queries with equal, near and far logits, and shares from a half to a thousandth.

    At two keys, equal logits and a share of a half every exact condition holds with equality.
    """
    apart, along = np.eye(3), np.array([[1.0, 0, 0], [-1.0, 0, 0], [-20.0, 0, 0]])
    yield {"k": apart[:2], "q": np.zeros(3), "share": 0.5}
    for count, share, gap in product((2, 3), (0.1, 0.01, 0.5), (2.5, 1.0, 5.0, 8.0, -1.0)):
        yield {"k": along[:count], "q": np.array([gap / 2, 0, 0]), "share": share}
        yield {"k": apart[:count], "q": np.array([gap, 0.0, 0.0]), "share": share}
    yield {"k": apart, "q": np.array([-1.0, -2.0, -3.0]), "share": 0.1}
    yield {"k": apart, "q": np.array([4.0, 4.0, 0.0]), "share": 0.1}
    yield {"k": apart, "q": np.array([4.0, 0.0, 4.0]), "share": 0.1}


def _broken(bench: Bench, sides: list[Compared], arrow: str) -> Verdict | None:
    """Refute an implication by an instance where the premise holds and the conclusion does not."""
    shared = set(free_indices(sides[0].left, sides[0].right)) & set(
        free_indices(sides[1].left, sides[1].right)
    )
    for found in _instances():
        count = len(found["k"])
        place = {"n": count, "d": 3, "i": 1, "v": np.eye(3)[:count], delta.name: found["share"],
                 "k": found["k"], "q": found["q"]}  # fmt: skip
        for other in range(2, count + 1) if shared - {bench.judged.indices[0]} else (0,):
            fixed = {str(p): other for p in shared} if other else {}
            holds = [_holds(bench, side, {**place, **fixed, "i": 1}, shared) for side in sides]
            for at in (0, 1) if arrow == "<=>" else (0,):
                if holds[at] is True and holds[1 - at] is False:
                    needed = r"\alpha" in letters_in(sides[at].left, sides[at].right)
                    code = "not-necessary" if needed else "not-sufficient"
                    return _shown(bench, place, sides, at, code)
    return None


def _shown(
    bench: Bench, place: dict[str, Any], sides: list[Compared], at: int, code: str
) -> Verdict:
    share = f", \\delta = {number(place[delta.name])}"
    used = any(delta in x.free_symbols for side in sides for x in (side.left, side.right))
    values = bench.judged.arrays({**place, "l": 2, "j": 2}, [r"\alpha"])[r"\alpha"]
    text = (
        f"at n = {place['n']}{share if used else ''}, k = "
        f"{', '.join(numbers(row) for row in place['k'])} and q = {numbers(place['q'])} the weights "
        f"are {', '.join(number(w) for w in values)}: {sides[at].text} holds, and "
        f"{sides[1 - at].text} does not"
    )
    instance = {name: plain(place[name]) for name in ("n", "i", "k", "q")}
    counter = Counterexample(instance, True, False, text)
    return refuted(counter, (), bench.given.latex, code)


def _holds(bench: Bench, side: Compared, place: dict[str, Any], shared: set[Expr]) -> bool | None:
    """Whether a side holds for every index that stands in it alone; None where it has no value."""
    own = [str(p) for p in free_indices(side.left, side.right) if p not in shared and str(p) != "i"]
    answers = []
    for other in range(2, place["n"] + 1) if own else (2,):
        full = {"j": 2, str(l): 2, **place, **dict.fromkeys(own, other)}
        try:
            with np.errstate(all="ignore"):
                one, two = (float(bench.value(x, full)) for x in (side.left, side.right))
        except FAILURES:
            return None
        if not (np.isfinite(one) and np.isfinite(two)):
            return None
        if one != two and abs(one - two) < 1e-9 * max(1.0, abs(one)):
            return None  # too near to be told
        answers.append(one > two if side.strict else one >= two)
    return all(answers)
