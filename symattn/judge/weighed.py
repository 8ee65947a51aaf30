"""The weights and the output that a query really gives, at one small instance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np
from sympy import Expr, S, oo

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import c
from symattn.algebra.letters import Member
from symattn.check import oracle
from symattn.check.described import described, number, numbers
from symattn.check.gate import refuted
from symattn.check.numbers import plain
from symattn.check.plain_instances import plain_instances
from symattn.check.trials import relative
from symattn.check.verdict import Counterexample, Verdict
from symattn.claims import Tends
from symattn.claims.definitions import family_name, names_in
from symattn.hypotheses.base import Instance
from symattn.kernel.approaches import Approach
from symattn.latex.write import latex

TINY = 1e-300


def gap_of_limit(claim: Tends, instance: Instance, right: Any = None) -> float:
    """Return how far the two sides are apart at an instance; nan beyond what floats hold.

    right : the right side's value, where it is known.
    """
    try:
        with np.errstate(all="ignore"):
            left = np.asarray(claim.oracle(instance), float)
    except OverflowError:
        return float("nan")
    right = np.asarray(right_of(claim, instance) if right is None else right, float)
    if right.shape == () and left.shape != ():
        right = np.full(left.shape, float(right))
    if not np.any(right):
        return float(np.max(np.abs(left), initial=0))
    return relative(left, right)


def right_of(claim: Tends, instance: Instance) -> Any:
    """Return the right side at an instance; nan beyond what floats hold."""
    try:
        with np.errstate(all="ignore"):
            return compiled(claim.right)(instance)
    except OverflowError:
        return float("nan")


def missed(claim: Tends, approaches: Sequence[Approach], candidate: Expr) -> Verdict:
    """Refute a limit with one small instance far along the approach."""
    moving = [a for a in approaches if a.symbol in candidate.free_symbols]
    for far in (1.0, 1e4, 1e12) if moving else (1.0,):
        for instance in plain_instances(claim):
            if instance["n"] < 3:
                continue
            place = dict(instance)
            for a in moving:
                place[a.symbol.name] = {oo: 20.0 * far, S.Zero: 1e-8 / far, -oo: -20.0 * far}[
                    a.point
                ]
            found = _weighed(claim, place, candidate, moving)
            if found is not None and not moving and found.left == found.right:
                text = (
                    f"at n = {instance['n']} no floating-point number tells the output from what is "
                    "wanted; they are not equal, for the other keys keep a weight at every fixed scale"
                )
                return Verdict("undecided", "approximate", text, (), None, claim.given.latex)
            if found is not None:
                code = "wrong-limit" if moving else "fixed-scale"
                return refuted(found, (), claim.given.latex, code)
    text = "its limit is another one, and no instance tried shows it"
    return Verdict("undecided", "not-proved", text, (), None, claim.given.latex)


def _weighed(
    claim: Tends, place: Instance, candidate: Expr, moving: Sequence[Approach]
) -> Counterexample | None:
    """Return an instance with the weights that a query really gives, when the output is off."""
    if claim.shown != c:
        return _valued(claim, place, moving)
    family = "k" if "k" in _families(claim) or not claim.f.has(Member) else r"\mu"
    family = r"\mu" if r"\mu" in place and r"\mu" in _families(claim) else family
    with np.errstate(all="ignore"):
        query = np.asarray(compiled(candidate)(place), float)
    if not np.all(np.isfinite(query)):
        return None  # here it has no value, and nan is no counterexample
    if query.shape == ():
        query = np.zeros(place["d"])
    logits = oracle.logits(place[family], query)
    weights = _softmax(logits)
    values = place["v"]
    output = [sum(w * float(x) for w, x in zip(weights, column)) for column in values.T]
    wanted = np.asarray(compiled(claim.right)(place), float)
    off = max(abs(a - mpmath.mpf(float(b))) for a, b in zip(output, wanted))
    rounding = mpmath.mpf(10) ** -25
    if moving and off < 1e-3 * max(1, max(abs(a) for a in output)):
        return None  # a limit may be reached slowly; only what is far off shows that it is not
    if off <= rounding * max(1, max(abs(a) for a in output)) and not any(
        float(b) == 0 and a != 0 for a, b in zip(output, wanted)
    ):
        return None
    names = ["n", family, *(a.symbol.name for a in moving)]
    at = described(place, names)
    shown = ", ".join(_mp(w) for w in weights)
    text = (
        f"at {at}: the weights are {shown}, so for v = {', '.join(numbers(v) for v in values)} the "
        f"output is ({', '.join(_mp(x) for x in output)}), not {numbers(wanted)}"
    )
    kept = {name: plain(place[name]) for name in ("n", "i", "j", family, "v", *(
        a.symbol.name for a in moving))}  # fmt: skip
    kept["weights"] = [plain(float(w)) for w in weights]
    return Counterexample(kept, [plain(float(x)) for x in output], plain(wanted), text)


def _valued(claim: Tends, place: Instance, moving: Sequence[Approach]) -> Counterexample | None:
    """Return an instance where what should tend to the right side is far from it."""
    if not moving and claim.variable in claim.f.free_symbols:
        return None  # it moves although the candidate does not
    off = gap_of_limit(claim, place)
    if not off > (1e-3 if moving else 1e-9):
        return None
    value, wanted = claim.oracle(place), compiled(claim.right)(place)
    kept = {name: plain(place[name]) for name in sorted(names_in(claim.f) & set(place))}
    at = described(place, ["n", *kept])
    text = f"at {at}: {latex(claim.shown)} is {numbers(value)}, not {numbers(wanted)}"
    return Counterexample(kept, plain(value), plain(wanted), text)


def _families(claim: Tends) -> set[str]:
    return {family_name(a) for a in claim.f.atoms(Member)}


def _softmax(logits: Any) -> list[Any]:
    """The weights in high precision, so that a weight of e^-100 is told from 0."""
    with mpmath.workdps(40):
        top = max(float(z) for z in logits)
        raised = [mpmath.exp(mpmath.mpf(float(z)) - top) for z in logits]
        total = sum(raised)
        return [r / total for r in raised]


def _mp(x: Any) -> str:
    if x == 0 or abs(x) > TINY:
        return number(float(x))
    said = str(mpmath.nstr(x, 4))
    return said if len(said) < 30 else "not quite 0"
