"""Gaps: by how much the logit of one key is above the others, and when its weight is nearly one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sympy import Expr, Indexed, IndexedBase, KroneckerDelta, S, Symbol, exp

from symattn.algebra.letters import Dot, Member, OffSum, Vector
from symattn.algebra.words import Rewriting
from symattn.hypotheses.base import Broken, Hypothesis, Instance, Opposite, Sizes, no_opposites
from symattn.hypotheses.families import Arbitrary

_N = Symbol("n", integer=True, positive=True)
_L = Symbol("l", integer=True, positive=True)
INSIDE = 1e-7
"""A key this near to the hull of the others, against its largest distance to one, counts as inside."""


def _gaps(instance: Instance, place: Symbol) -> np.ndarray:
    """Return (k_i - k_l) . q for every l other than i."""
    at = instance[place.name] - 1
    keys, query = instance["k"], instance["q"]
    return np.array([(keys[at] - key) @ query for l, key in enumerate(keys) if l != at])


def _spare(rng: np.random.Generator) -> float:
    """Draw how far a bound is from being attained: in [0, 1), often 0 and often next to it."""
    kind = rng.uniform()
    if kind < 0.5:
        return 0.0
    return float(np.exp(rng.uniform(-18, 0)) if kind < 0.75 else rng.uniform(0, 0.98))


def _aim(rng: np.random.Generator, instance: Instance, place: Symbol) -> None:
    """Most of the time, aim the query at key i from key j, at any scale, and leave the rest behind.

    There the gap of key j is the least, and as wide as the query's norm allows.
    """
    keys, at, rival = instance["k"], instance[place.name] - 1, instance["j"] - 1
    if at == rival or rng.uniform() < 0.3:
        return
    apart = (keys[at] - keys[rival]) * float(np.exp(rng.uniform(-3, 1)))
    if not apart.any():
        return  # the two keys are one, and no query tells them apart
    keys[rival] = keys[at] - apart
    query = apart / np.linalg.norm(apart) * float(np.exp(rng.uniform(-2, 2)))
    for l in range(len(keys)):
        if l not in (at, rival):
            ahead = (keys[l] - keys[rival]) @ query + float(np.exp(rng.uniform(0, 6)))
            keys[l] -= max(ahead, 0.0) * query / (query @ query)
    keys -= keys[at] + float(rng.normal()) * apart  # gaps do not see the origin: it may be anywhere
    instance["q"] = query


def _away(keys: np.ndarray, place: int) -> np.ndarray:
    """Return the shortest vector from the hull of the other keys to a key; 0 for one inside.

    Lawson and Hanson's least distance problem: one nonnegative least squares problem decides it.

    >>> _away(np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [2.0, 2.0]]), 4).round(9)
    array([1., 1.])
    >>> _away(np.array([[0.0, 0.0], [2.0, 0.0], [1.0, 0.0]]), 3)
    array([0., 0.])
    """
    gaps = keys[place - 1] - np.delete(keys, place - 1, axis=0)
    reach = np.linalg.norm(gaps, axis=1).max() or 1.0
    system = np.vstack([gaps.T / reach, np.ones(len(gaps))])
    shares = nonnegative(system, np.append(np.zeros(keys.shape[1]), 1.0))
    away = shares @ gaps / shares.sum()
    return away if np.linalg.norm(away) > INSIDE * reach else np.zeros_like(away)


def nonnegative(system: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Solve a least squares problem with shares that are not negative: Lawson and Hanson's method.

    SciPy has it too, among optimizers that take 0.2 s to import: more than all the rest here.

    >>> nonnegative(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([2.0, -1.0]))
    array([2., 0.])
    """
    shares = np.zeros(system.shape[1])
    free = np.zeros(len(shares), dtype=bool)
    for _ in range(3 * len(shares)):
        slope = np.where(free, -np.inf, system.T @ (wanted - system @ shares))
        if free.all() or slope.max() <= 1e-15 * np.abs(system).sum():
            break
        free[np.argmax(slope)] = True
        while True:
            best = np.zeros(len(shares))
            best[free] = np.linalg.lstsq(system[:, free], wanted, rcond=None)[0]
            lost = free & (best <= 0)
            if not lost.any():
                break
            reach = shares[lost] / np.maximum(shares[lost] - best[lost], 1e-300)
            shares = shares + reach.min() * (best - shares)
            free &= shares > 1e-15
        shares = best
    return shares


@dataclass(frozen=True)
class Narrow(Broken):
    """A gap is smaller than the stated width; `behind`: one is even negative."""

    wide: WideGaps
    behind: bool

    def sizes(self, sizes: dict[str, int]) -> None:
        self.wide.sizes(sizes)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        keys, at, width = instance["k"], instance[self.wide.place.name] - 1, self.wide.width.name
        if self.behind:
            if np.argmax(keys @ instance["q"]) == at:
                instance["q"] = -instance["q"]
            instance[width] = float(np.exp(rng.uniform(-1.5, 5)))
        else:
            self.wide.sample(rng, sizes, instance)
            instance[width] *= float(rng.uniform(1.6, 4))


@dataclass(frozen=True)
class WideGaps(Hypothesis):
    """Every gap of key `place` is at least `width`, a positive scalar.

    `gap` is the base of the gaps' name.
    """

    gap: IndexedBase
    place: Symbol
    width: Symbol

    def rewriting(self) -> Rewriting:
        room = Indexed(IndexedBase("_wider", nonnegative=True), _L)
        gap = self.gap[_L]
        return Rewriting(ranges={gap: self.width + room}, apart={gap: (_L, (self.place,))})

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["n"] = max(sizes["n"], 2)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        _aim(rng, instance, self.place)
        at, query = instance[self.place.name] - 1, instance["q"]
        least = _gaps(instance, self.place).min()
        if least < 0.2:
            wanted = float(np.exp(rng.uniform(-1.5, 1)))
            instance["k"][at] += (wanted - least) * query / (query @ query)
        least = _gaps(instance, self.place).min()
        instance[self.width.name] = float(least * (1 - _spare(rng) / 2))

    def opposites(self) -> Iterable[Opposite]:
        governs = (self.width.name,)
        yield Opposite((Narrow(self, False),), f"a gap is smaller than {self.width}", governs)
        yield Opposite((Narrow(self, True),), "another key has the largest logit", ("k", "q"))

    @property
    def latex(self) -> str:
        member = f"{self.gap}_l"
        return rf"${member} \ge {self.width.name} > 0$ for every $l \ne {self.place}$"

    def violation(self, instance: Instance) -> float:
        gaps, width = _gaps(instance, self.place), instance[self.width.name]
        return float(max(0.0, width - gaps.min(initial=np.inf)) / width if width > 0 else 1.0)


@dataclass(frozen=True)
class PairAhead(Hypothesis):
    """The logits of two keys are at least `width` above every other; the keys are independent."""

    first: Symbol
    second: Symbol
    width: Symbol
    size: Symbol

    def rewriting(self) -> Rewriting:
        a, b, other = (Member("k", x, self.size) for x in (self.first, self.second, _L))
        room = Indexed(IndexedBase("_ahead", nonnegative=True), _L)
        ahead = Dot(a + b - 2 * other, Vector("q", self.size))
        return Rewriting(ranges={ahead: 2 * self.width + room})

    def _least(self, logits: np.ndarray, instance: Instance) -> np.ndarray:
        """Return by how much the lower of the two logits is above each other one."""
        pair = [instance[x.name] - 1 for x in (self.first, self.second)]
        return np.asarray(logits[pair].min() - np.delete(logits, pair))

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        keys, query = instance["k"], instance["q"]
        pair = [instance[x.name] - 1 for x in (self.first, self.second)]
        width = instance[self.width.name] = float(np.exp(rng.uniform(-2, 1.5)))
        wanted = keys @ query
        rest = np.delete(np.arange(len(wanted)), pair)
        wanted[rest] = wanted[pair].min() - width * (1 + _spare(rng) * rng.uniform(size=len(rest)))
        if rng.uniform() < 0.5:  # where the norm is least
            wanted[pair], wanted[rest] = width, 0.0
            wanted -= wanted.mean()
            query = np.zeros_like(query)
        instance["q"] = query + np.linalg.pinv(keys) @ (wanted - keys @ query)

    opposites = no_opposites

    @property
    def latex(self) -> str:
        i, j, w = self.first, self.second, self.width
        return rf"the logits of ${i}$ and ${j}$ exceed all others by at least ${w} > 0$"

    def violation(self, instance: Instance) -> float:
        least = self._least(instance["k"] @ instance["q"], instance)
        width = instance[self.width.name]
        return float(max(0.0, width - least.min(initial=np.inf)) / width if width > 0 else 1.0)


@dataclass(frozen=True)
class Dominated(Broken):
    """A weight is smaller than one minus the stated share, which stays between 0 and 1."""

    dominates: Dominates

    def rewriting(self) -> Rewriting:
        share = self.dominates.share
        return Rewriting(ranges={share: 1 / (1 + Symbol(f"_{share.name}_odds", positive=True))})

    def sizes(self, sizes: dict[str, int]) -> None:
        self.dominates.sizes(sizes)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        at = instance[self.dominates.place.name] - 1
        z = instance["k"] @ instance["q"]
        rest = np.delete(np.exp(z - z[at]), at).sum()
        share = rest / (1 + rest)
        instance[self.dominates.share.name] = float(share * rng.uniform(0.02, 0.5))


@dataclass(frozen=True)
class Dominates(Hypothesis):
    """The weight of key `place` is at least `1 - share`, with a share between 0 and 1.

    Its rewrite face is the same condition on the gaps: the others' sum of exp(-gap) is at most
    share / (1 - share).
    """

    gap: IndexedBase
    place: Symbol
    share: Symbol

    def rewriting(self) -> Rewriting:
        others: Expr = OffSum(exp(-self.gap[_L]), _L, _N, (self.place,))
        room = Symbol("_unused_share", nonnegative=True)
        inside = 1 / (1 + Symbol(f"_{self.share.name}_odds", positive=True))
        return Rewriting(ranges={self.share: inside, others: inside / (1 - inside) - room})

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["n"] = max(sizes["n"], 2)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        _aim(rng, instance, self.place)
        others = np.exp(-_gaps(instance, self.place)).sum()
        instance[self.share.name] = float((others + _spare(rng)) / (1 + others))

    def opposites(self) -> Iterable[Opposite]:
        what = f"the weight is below 1 - {self.share}"
        yield Opposite((Dominated(self),), what, (self.share.name,))

    @property
    def latex(self) -> str:
        weight, share = rf"\alpha_{self.place}", self.share.name
        return rf"${weight} \ge 1 - {share}$, and $0 < {share} < 1$"

    def violation(self, instance: Instance) -> float:
        others, share = np.exp(-_gaps(instance, self.place)).sum(), instance[self.share.name]
        return float(max(0, 1 - share - 1 / (1 + others)) if 0 < share < 1 else 1.0)


@dataclass(frozen=True)
class Nearest(Hypothesis):
    """Key `place` lies outside the hull of the other keys, and `point` is the hull's nearest point.

    A step from it towards the key `other` does not come nearer: that is the rewrite face.
    """

    point: Vector
    place: Symbol
    other: Symbol = _L

    def rewriting(self) -> Rewriting:
        size = self.point.shape[0]
        k_i, k_l = (Member("k", index, size) for index in (self.place, self.other))
        room = Indexed(IndexedBase("_turned", nonnegative=True), self.other)
        turned = Dot(k_i - self.point, k_l - self.point)
        # What is stated is of an index other than the place, so no place is left out.
        return Rewriting(
            scalars={KroneckerDelta(self.other, self.place): S.Zero},
            ranges={turned: -room},
            apart={turned: (self.other, (self.place,))},
        )

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["n"] = max(sizes["n"], 2)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        keys, place = instance["k"], instance[self.place.name]
        away = _away(keys, place)
        while not away.any():
            keys[place - 1] = 2 * keys[place - 1] + rng.normal(size=keys.shape[1])
            away = _away(keys, place)
        instance[self.point.name] = keys[place - 1] - away
        rest = [l for l in range(1, len(keys) + 1) if l != place]
        instance[self.other.name] = int(rng.choice(rest))

    def opposites(self) -> Iterable[Opposite]:
        yield Opposite((Arbitrary(self.point),), f"{self.point} is any point", (self.point.name,))

    @property
    def latex(self) -> str:
        return (
            rf"$k_{self.place}$ lies outside the convex hull of the other keys, and "
            rf"${self.point.name}$ is the nearest point of the hull; "
            rf"${self.other.name} \ne {self.place.name}$"
        )

    def violation(self, instance: Instance) -> float:
        at, near = instance[self.place.name] - 1, instance[self.point.name]
        toward, away = np.delete(instance["k"], at, axis=0) - near, instance["k"][at] - near
        size = 1e-300 + np.linalg.norm(instance["k"]) * np.linalg.norm(away)
        same = instance[self.other.name] == instance[self.place.name]
        return float(max(same, 0, (toward @ away / size).max(initial=0.0)))
