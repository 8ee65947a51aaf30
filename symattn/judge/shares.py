"""Whether a least gap is sufficient, or necessary, for a weight of at least 1 - delta."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from sympy import Expr, S, exp, log

from symattn.algebra.attention import delta, n
from symattn.algebra.factored import factored
from symattn.check import oracle
from symattn.check.described import number, numbers
from symattn.check.numbers import plain
from symattn.check.proof import evidence_of
from symattn.check.verdict import Counterexample, Evidence
from symattn.hypotheses.base import Given
from symattn.hypotheses.families import AtLeast, Between
from symattn.judge.gap_forms import REST, Array
from symattn.kernel import Context, Obligation, Sign, Zero


@dataclass(frozen=True)
class Direction:
    """What is found of one direction: the proof, or the instance that refutes it, or neither."""

    text: str
    proof: Evidence | None = None
    counter: Counterexample | None = None

    @property
    def holds(self) -> bool | None:
        """True when it is proved, False when an instance refutes it, None when neither."""
        return True if self.proof else False if self.counter else None


SMALL_SHARE = ", for \\delta \\le 1/2"


ANY_SHARE = Given((AtLeast(2), Between(delta, S.Zero, S.One)))
SMALL_SHARES = Given((AtLeast(2), Between(delta, S.Zero, S.Half)))


def proof_that(given: Given, text: str, *obligations: Obligation) -> Evidence | None:
    """Return the proof of a direction, or None."""
    found = evidence_of(obligations, Context(given), "sign-proved", text)
    return found if found.proof else None


def nonnegative_on(x: Expr, given: Given, text: str = "", strict: bool = False) -> Evidence | None:
    """Return the proof that an expression is nonnegative, or positive, for such shares, or None."""
    return proof_that(given, text, Sign(x, strict))


def grid() -> Iterator[tuple[int, float]]:
    """Yield numbers of keys with shares, at which a condition is tried."""
    for count in (3, 2, 5, 10, 100):
        for share in (0.1, 0.01, 0.5, 0.3, 1e-3, 1e-6):
            yield count, share


def gap_at(gap: Expr, count: int, share: float) -> float | None:
    """Return a gap as a number; None where it has no finite value."""
    try:
        value = float(gap.subs({n: count, delta: share}))
    except (TypeError, ValueError):
        return None
    return value if np.isfinite(value) else None


def weights_at(logits: Array, share: float | None = None) -> Counterexample:
    """Return an instance with the given logits: unit vectors as keys, the logits as the query."""
    count = len(logits)
    weights = oracle.weights(np.eye(count), logits)
    instance: dict[str, Any] = {"n": count, "k": plain(np.eye(count)), "q": plain(logits), "i": 1}
    if share is not None:
        instance[delta.name] = share
    keys = ", ".join(numbers(row) for row in np.eye(count)) if count <= 4 else "the unit vectors"
    text = (
        f"at n = {count}, k = {keys}, q = {numbers(logits[:6])}{' and 0 beyond' if count > 6 else ''} "
        f"the weights are {', '.join(number(w) for w in weights[:4])}{', ...' if count > 4 else ''}"
    )
    wanted = 1 - share if share is not None else 1.0
    return Counterexample(instance, plain(float(weights[0])), plain(wanted), text)


def sufficient(gap: Expr, strict: bool = False, more: bool = False) -> Direction:
    """Decide whether gaps of at least `gap` give a weight of at least 1 - delta.

    With all gaps equal to it the weight is least, 1 / (1 + (n - 1) exp(-gap)).

    strict : the gaps are larger than that.
    more : the weight is to be larger than 1 - delta.
    """
    above = more and not strict
    # exp(g) is at least 1 + g: that decides gaps that are no logarithms.
    for wide, note in ((ANY_SHARE, ""), (SMALL_SHARES, SMALL_SHARE)):
        text = "it suffices for a weight of at least 1 - \\delta" + note
        for least in (exp(gap), 1 + gap):
            proof = nonnegative_on(least * delta - (n - 1) * (1 - delta), wide, text, above)
            if proof:
                return Direction(text, proof)
    for count, share in grid():
        width = gap_at(gap, count, share)
        if width is None:
            continue
        weight = 1 / (1 + (count - 1) * np.exp(-width))
        if weight < (1 - share) * (1 - 1e-9):
            logits = np.zeros(count)
            logits[0] = width
            counter = weights_at(logits, share)
            text = (
                f"it does not suffice: at n = {count}, \\delta = {number(share)} and all gaps equal "
                f"to {number(width)} the weight is {number(weight)}, below {number(1 - share)}"
            )
            return Direction(text, None, counter)
    return Direction("whether it suffices is not decided")


def necessary(gap: Expr, strict: bool = False, more: bool = False) -> Direction:
    """Decide whether a weight of at least 1 - delta needs gaps of at least `gap`.

    One gap alone may be as small as log((1 - delta) / delta), when the others are infinite, and is
    so small with two keys.

    strict : the gaps must be larger than that.
    more : the weight is larger than 1 - delta.
    """
    slack = (1 - delta) - exp(gap) * delta
    if strict and not more:
        text = "it is necessary"
        proof = nonnegative_on(slack, ANY_SHARE, text, strict=True)
        return Direction(text if proof else "with two keys the gap may be equal to it", proof)
    share_of = -gap.expand().coeff(log(delta))  # of log((1 - delta) / delta)
    rest = (gap - share_of * (log(1 - delta) - log(delta))).expand()
    part = Sign((1 - share_of) * log((1 - delta) / delta)), Zero(rest)
    for wide, note in ((ANY_SHARE, ""), (SMALL_SHARES, SMALL_SHARE)):
        text = "it is necessary" + note
        proof = nonnegative_on(slack, wide, text) or proof_that(wide, text, *part)
        if proof:
            return Direction(text, proof)
    for count, share in grid():
        width = gap_at(gap, count, share)
        if width is None:
            continue
        least = np.log((1 - share) / share)
        if count < 3:
            near, far = (least + width) / 2, np.inf
        else:
            near = least + min(0.5 * (width - least), 1.0)
            room = share / (1 - share) - np.exp(-near)
            far = -np.log(max(room, 1e-300) / (count - 2)) + 1e-9
        if not width > near + 1e-9:
            continue
        logits = np.array([0.0, -near, *[-max(far, near)] * (count - 2)])
        weight = oracle.softmax(logits)[0]
        if weight >= 1 - share:
            counter = weights_at(logits - logits.min(), share)
            text = (
                f"it is not necessary: at n = {count}, \\delta = {number(share)} and gaps "
                f"{numbers(-logits[1:])} the weight is {number(weight)}, at least {number(1 - share)}, "
                f"while the condition asks for {number(width)}"
            )
            return Direction(text, None, counter)
    return Direction("whether it is necessary is not decided")


def at_level(level: Expr, strict: bool, more: bool) -> list[Direction]:
    """Decide whether `rest <= level` suffices for a weight of at least 1 - delta, and is necessary.

    The others' sum of exp(-gap) takes every positive value, and the weight is at least 1 - delta
    exactly when it is at most delta / (1 - delta).

    strict : the bound is `rest < level`.
    more : the weight is to be larger than 1 - delta.
    """
    gap, found = delta / (1 - delta) - level, []
    for x, above, end in ((gap, more and not strict, "suffices"),
                          (-gap, strict and not more, "is necessary")):  # fmt: skip
        text = f"it {end}"
        proof = nonnegative_on(x, ANY_SHARE, text, above)
        if proof is None and not above:
            proof = proof_that(ANY_SHARE, text, Zero(x))
        found.append(Direction(text if proof else f"whether it {end} is not decided", proof))
    return found


def demanding(gap: Expr) -> bool:
    """Whether a necessary gap grows as the share shrinks: without that it says next to nothing."""
    near, far = (gap_at(gap, 3, share) for share in (1e-6, 1e-12))
    return near is not None and far is not None and far > max(near + 0.1, 1.0)


def is_size(gap: Expr) -> bool:
    """Whether a gap is positive, and stays so as the share becomes small."""
    if not (nonnegative_on(gap, SMALL_SHARES) or nonnegative_on(factored(gap), SMALL_SHARES)):
        tried = [gap_at(gap, count, share) for count, share in grid()]
        return all(x is not None and x > 0.05 for x in tried)
    small = [gap_at(gap, 3, share) for share in (1e-3, 1e-6)]
    return all(x is not None and x > 0.05 for x in small)


def at_most(level: Expr) -> bool:
    """Whether a necessary bound of the others' sum falls to zero with the share."""
    near, far = (gap_at(level, 3, share) for share in (1e-6, 1e-12))
    return near is not None and far is not None and far < min(0.9 * near, 0.1)


def level_of(difference: Expr) -> Expr | None:
    """Return the bound b of `rest <= b`, for a difference that is linear in the rest."""
    flat = factored(difference)
    top = flat.as_numer_denom()[0].expand()
    slope = top.coeff(REST)
    rest = (top - slope * REST).expand()
    if slope == 0 or rest.has(REST):
        return None
    falls = -factored(difference.diff(REST))
    if nonnegative_on(falls, ANY_SHARE, strict=True) is None:
        return None  # a bound from below, or of no certain direction
    return -rest / slope


def drowned(gap: Expr) -> Counterexample | None:
    """Return an instance with all gaps at their least and a weight well below 1."""
    counts: Sequence[int] = range(2, 51)
    if not gap.free_symbols:
        width = max(float(gap), 0.0)
        many = int(mpmath.ceil(mpmath.exp(width))) + 1 if width < 1e4 else 0
        if not 0 < many <= 50:
            text = (
                f"with all gaps equal to {number(width)} and {mpmath.nstr(mpmath.exp(width), 3)} keys "
                "or more the weight is 0.5 or less"
            )
            return Counterexample({"i": 1, "gap": width}, 0.5, 1.0, text)
        counts = [max(many, 3)]
    widths = [(count, gap_at(gap, count, 1e-3)) for count in counts]
    known = [(count, max(width, 0.0)) for count, width in widths if width is not None]
    if not known:
        return None
    count, width = min(known, key=lambda x: 1 / (1 + (x[0] - 1) * np.exp(-x[1])))
    return weights_at(np.array([width, *[0.0] * (count - 1)]))
