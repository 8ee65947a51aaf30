"""Conditions of any other form, tried on instances: they can refute one, and prove nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from sympy import Expr, oo

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import delta, q
from symattn.algebra.letters import Member
from symattn.check import oracle
from symattn.check.described import number, numbers
from symattn.check.gate import refuted
from symattn.check.numbers import plain
from symattn.check.verdict import Counterexample, Verdict
from symattn.judge.free_letters import free_scalars
from symattn.judge.gap_forms import Array
from symattn.judge.line import Link, Unclear

if TYPE_CHECKING:
    from symattn.judge.bench import Bench


def _samples() -> Iterator[tuple[Array, Array, bool]]:
    """Yield keys, a query, and whether the first weight is overwhelming."""
    unit = np.eye(3)
    for size in (30.0, 1e4):
        yield unit, size * (unit[0] + unit[1]), False  # two equal logits
        yield np.array([unit[0], 2 * unit[0], unit[1]]), size * unit[0], False  # a longer key
        yield size * unit, np.array([1e-4, 0.0, 0.0]) / size, False  # logits near zero
        yield unit, np.array([-size, 0.0, 0.0]), False  # the smallest logit
    yield unit, np.array([0.1, 0.0, 0.0]), False  # a small gap
    yield unit, 30 * unit[0], True  # a large gap
    yield 1e-3 * unit, 3e4 * unit[0], True  # short keys and a long query
    yield 3e4 * unit, 1e-3 * unit[0], True  # long keys and a short query
    yield unit, np.array([-30.0, -60.0, -60.0]), True  # negative logits
    yield unit + 1.0, 30 * unit[0], True  # keys that are not orthogonal
    yield np.array([unit[0], -unit[0], -unit[0]]), 20 * unit[0], True  # opposite keys


def tried(bench: Bench, link: Link, left: Expr, relation: str, right: Expr) -> Verdict:
    """Try a condition of any other form on instances: they can refute it, and prove nothing."""
    scale = bench.judged.scale
    if scale is not None and scale in left.free_symbols | right.free_symbols:
        name = bench.line.scale_name or scale.name
        raise Unclear(
            "ask-what-is", f"{link.text}: {name} is not known here; write the condition without it"
        )
    wrong: list[str] = []
    code, counter = "", None
    for keys, query, large in _samples():
        holds = _truth(bench, left, relation, right, keys, query)
        if holds is None or holds == large:
            continue
        weights = oracle.weights(keys, query)
        text = (
            f"for k = {', '.join(numbers(row) for row in keys)} and q = {numbers(query)} it "
            f"{'holds' if holds else 'fails'}, and the weights are "
            f"{', '.join(number(w) for w in weights)}"
        )
        said = "not-sufficient" if holds else "not-necessary"
        if said in wrong:
            continue
        wrong.append(said)
        if counter is None:
            code = said
            instance = {"n": 3, "i": 1, "k": plain(keys), "q": plain(query)}
            counter = Counterexample(instance, plain(weights[0]), 1.0, text)
    if counter is None:
        return bench.open_for(
            "the condition has no form that is decided, and no instance refutes it"
        )
    both = "it does not suffice and is not necessary" if len(wrong) == 2 else (
        "it does not suffice" if code == "not-sufficient" else "it is not necessary"
    )  # fmt: skip
    shown = Counterexample(counter.instance, counter.left, counter.right, f"{both}: {counter.text}")
    return refuted(shown, (), bench.given.latex, code)


def _truth(
    bench: Bench, left: Expr, relation: str, right: Expr, keys: Array, query: Array
) -> bool | None:
    """Evaluate a condition for every other index; None when it has no value."""
    instance: dict[str, Any] = {"n": len(keys), "d": keys.shape[1], "i": 1, "k": keys, "q": query,
                                "v": keys, delta.name: 1e-3}  # fmt: skip
    scale = bench.judged.scale
    if scale is not None:
        instance[scale.name] = 10.0
    answers = []
    for other in range(2, len(keys) + 1):
        place = {**instance, "j": other, "l": other}
        place = bench.judged.arrays(place)
        try:
            with np.errstate(all="ignore"):
                one, two = (_number(x, place) for x in (left, right))
        except (ValueError, TypeError, ArithmeticError, KeyError, NotImplementedError):
            return None
        if np.isnan(one) or np.isnan(two) or (np.isinf(one) and np.isinf(two)):
            return None
        if relation == "->":
            answers.append(one >= 20)
        elif relation == ">>":
            answers.append(one >= (20 if two <= 0 else 20 * max(two, 1e-12)) and one > 0)
        else:
            answers.append(one > two if relation == ">" else one >= two)
    return all(answers)


def _number(x: Expr, place: dict[str, Any]) -> float:
    if x in (oo, -oo):
        return float(x)
    return float(compiled(x)(place))


def choice_of_query(bench: Bench, left: Expr, right: Expr) -> Verdict:
    """Judge `q = ..`: a choice of the query, tried on keys for which it should work."""
    choice = right if left == q else left
    if not choice.has(Member) or choice.has(q):
        raise Unclear("not-judged", "this choice of a query is not judged here")
    unit = np.eye(3)
    for keys in (unit, np.array([unit[0], 2 * unit[0], unit[1]])):
        instance = {"n": 3, "d": 3, "i": 1, "j": 2, "l": 3, "k": keys, delta.name: 1e-3}
        instance |= {s.name: 30.0 for s in free_scalars(choice) - {delta}}
        with np.errstate(all="ignore"):
            query = np.asarray(compiled(choice)(instance), float)
        if not np.all(np.isfinite(query)):
            continue
        weights = oracle.weights(keys, query)
        if weights[0] < 0.9:
            text = (
                f"it does not suffice: for k = {', '.join(numbers(row) for row in keys)} the query "
                f"is {numbers(query)}, and the weights are {', '.join(number(w) for w in weights)}"
            )
            shown = Counterexample(
                {"n": 3, "i": 1, "k": plain(keys), "q": plain(query)}, plain(weights[0]), 1.0, text
            )
            return refuted(shown, (), bench.given.latex, "not-sufficient")
    return bench.open_for(
        "a choice of the query is no condition on it, and no keys tried refute it"
    )
