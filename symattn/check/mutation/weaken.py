"""Weakened hypotheses: each hypothesis of a claim replaced by one that instances break.

To drop a hypothesis is not enough to test it: what it wrote into an instance must still be there,
in general position, and must now miss what was given.  So its opposite takes its place, with the
rewrite face gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from symattn.check.draws import SIZES
from symattn.hypotheses.base import Given, Hypothesis, Instance, Sizes
from symattn.hypotheses.families import Arbitrary, AtLeast
from symattn.hypotheses.subspaces import UnitBasis

TINY = 1e-6


@dataclass(frozen=True)
class Weakening:
    """Hypotheses without one of them.

    given : the hypotheses that are left, with a sampler that breaks the one that is gone.
    dropped : the hypothesis that is gone.
    what : how its samples look now.
    governs : the names in an instance between which the hypothesis stood; none for the number of
        keys, on which all depends.
    """

    given: Given
    dropped: Hypothesis
    what: str
    governs: tuple[str, ...]

    def reach(self, instance: Instance) -> list[set[str]]:
        """Return, for each name that the hypothesis governed, all names that depend on it."""
        return [_reach(name, self.given, instance) for name in self.governs]


def _reach(name: str, given: Given, instance: Instance) -> set[str]:
    """Return a name, and what hypotheses write into an instance from its value (`v_j = T b`)."""
    found = {name}
    if name not in instance:
        return found
    sizes = {k: instance[k] for k in ("n", "d", "s", "t")}
    for h in given:
        for one in sorted(found):
            usual, moved = _sampled(h, sizes, instance), _sampled(h, sizes, _moved(instance, one))
            found |= {k for k in usual if not np.array_equal(usual[k], moved.get(k, np.nan))}
    return found


def _sampled(h: Hypothesis, sizes: Sizes, instance: Instance) -> Instance:
    """Return what an instance becomes when one hypothesis writes into it."""
    made = {k: np.copy(v) if isinstance(v, np.ndarray) else v for k, v in instance.items()}
    with np.errstate(all="ignore"):
        h.sample(np.random.default_rng(0), sizes, made)
    return made


def _moved(instance: Instance, name: str) -> Instance:
    """Return an instance with another value of one name."""
    value = instance[name]
    if isinstance(value, int):  # a place
        return {**instance, name: value % instance["n"] + 1}
    return {**instance, name: value + 0.125}


def weakenings(given: Given) -> Iterator[Weakening]:
    """Yield the hypotheses with one of them broken, each in each of its ways.

    >>> from sympy import symbols
    >>> from symattn.hypotheses.families import Distinct
    >>> i, j = symbols("i j", integer=True, positive=True)
    >>> [w.what for w in weakenings(Given((Distinct((i, j)), AtLeast(3))))]
    ['i = j', 'n = 2']
    """
    everything = given.hypotheses
    for at, hypothesis in enumerate(everything):
        others = everything[:at] + everything[at + 1 :]
        for opposite in hypothesis.opposites():
            if isinstance(hypothesis, AtLeast) and _needs(others) >= hypothesis.count:
                continue  # another hypothesis says so too
            instead = tuple(_not_there(opposite.instead, others))
            left = Given(everything[:at] + instead + everything[at + 1 :])
            found = Weakening(left, hypothesis, opposite.what, opposite.governs)
            if _alone(found, others):
                yield found


def _alone(found: Weakening, others: tuple[Hypothesis, ...]) -> bool:
    """Tell whether samples break the hypothesis, and no other: else the others imply it."""
    rng = np.random.default_rng(0)
    broken = False
    for sizes in SIZES[:4]:
        with np.errstate(all="ignore"):
            instance = found.given.sample(rng, dict(sizes))
        if any(h.violation(instance) > TINY for h in others):
            return False
        broken = broken or breaks(found.dropped, instance)
    return broken


def breaks(h: Hypothesis, instance: Instance) -> bool:
    """Tell whether an instance breaks a hypothesis."""
    try:
        return h.violation(instance) > TINY
    except KeyError:  # what it would have drawn is not there at all
        return True


def _needs(others: tuple[Hypothesis, ...]) -> int:
    """Return the least number of keys that hypotheses can be met with."""
    sizes = {"n": 1, "d": 10**6, "s": 1, "t": 1}
    for h in others:
        h.sizes(sizes)
    return sizes["n"]


def _not_there(
    instead: tuple[Hypothesis, ...], others: tuple[Hypothesis, ...]
) -> Iterator[Hypothesis]:
    """Leave out a general-position sample of a matrix that another hypothesis samples anyway."""
    bases = {h.matrix for h in others if isinstance(h, UnitBasis)}
    for h in instead:
        if not (isinstance(h, Arbitrary) and h.letter in bases):
            yield h
