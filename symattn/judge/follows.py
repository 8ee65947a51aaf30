"""Implications about an unknown matrix: does the conclusion follow from what stands before it?

Statements about the unknown are judged for every solution; an implication between two of them is
one for every matrix that meets its premise, solution or not.  A few plain matrices are tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sympy import Expr

from symattn.algebra.letters import Matrix, shape
from symattn.check.described import described, numbers
from symattn.check.gate import FAILURES, refuted
from symattn.check.numbers import plain
from symattn.check.plain_instances import plain_instances
from symattn.check.verdict import Counterexample, Verdict
from symattn.claims.definitions import family_name
from symattn.hypotheses.base import Given, Instance
from symattn.judge.bench import EQUAL, Bench
from symattn.judge.line import Link
from symattn.judge.links import proposed


def unfollowed(bench: Bench) -> Verdict | None:
    """Refute `premise => conclusion` by a matrix that meets the one and not the other.

    None where the line is no such implication, or no matrix tried shows it.
    """
    unknown, links = bench.seeks, bench.line.links
    if not isinstance(unknown, Matrix) or [x.relation for x in links[1:2]] != ["=>"]:
        return None
    premise, conclusion = links[0], links[-1]
    if len(links) != 3 or any(not _about(bench, x, unknown) for x in (premise, conclusion)):
        return None
    given = Given(tuple(h for h in bench.given if unknown not in _letters(h)))
    claim = bench.claim(unknown, unknown, given)
    name = family_name(unknown)
    for instance in plain_instances(claim, given):
        for said, value in _matrices(bench, instance):
            place = {**instance, name: value}
            try:
                if not _holds(bench, premise, place) or _holds(bench, conclusion, place):
                    continue
                one, two = (bench.value(x, place) for x in (conclusion.left, conclusion.right))  # type: ignore[arg-type]
            except FAILURES:
                continue
            at = described(place, [x for x in ("S", "T", "a", "b") if x in place])
            text = (
                f"it does not follow: at {at}, {name} = {said} meets {premise.text}, and in "
                f"{conclusion.text} the sides are {numbers(one)} and {numbers(two)}"
            )
            shown = {x: plain(place[x]) for x in ("S", "T", "a", "b", name) if x in place}
            counter = Counterexample(shown, plain(one), plain(two), text)
            return refuted(counter, (), given.latex)
    return None


def _about(bench: Bench, link: Link, unknown: Expr) -> bool:
    """Whether an equation is about the unknown, and does not say what it is."""
    left, right = link.left, link.right
    return (
        link.relation in EQUAL
        and isinstance(right, Expr)
        and (left.has(unknown) or right.has(unknown))
        and proposed(bench, left, link.relation, right) is None
    )


def _letters(h: Any) -> set[Any]:
    return {value for value in vars(h).values() if isinstance(value, Expr)}


def _matrices(bench: Bench, instance: Instance) -> Iterator[tuple[str, Any]]:
    """Yield plain matrices of the unknown's shape, with their names."""
    assert bench.seeks is not None
    rows, cols = (int(instance[str(x)]) for x in shape(bench.seeks))
    if rows != cols:
        return
    yield "0", np.zeros((rows, rows))
    yield "I", np.eye(rows)
    yield "2 I", 2 * np.eye(rows)
    basis = instance.get(getattr(bench.judged.basis, "name", ""))
    if basis is not None:
        onto = basis @ np.linalg.pinv(basis)
        yield "the projection onto S", onto
        yield "twice the projection onto S", 2 * onto
        yield "I plus the projection onto S", np.eye(rows) + onto


def _holds(bench: Bench, link: Link, place: Instance) -> bool:
    one, two = (np.asarray(bench.value(x, place), float) for x in (link.left, link.right))  # type: ignore[arg-type]
    return bool(np.max(np.abs(one - two), initial=0) < 1e-9)
