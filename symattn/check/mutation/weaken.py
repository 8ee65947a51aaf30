"""Weakened hypotheses: each hypothesis of a claim replaced by one that instances break.

To drop a hypothesis is not enough to test it: what it wrote into an instance must still be there,
in general position, and must now miss what was given.  So each kind of hypothesis has its
opposites here: what its samples look like when it does not hold, with the rewrite face gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from itertools import combinations

import numpy as np
from sympy import Expr, IndexedBase, KroneckerDelta, S, Symbol

from symattn.algebra.words import NOTHING, Rewriting
from symattn.check.numbers import SIZES
from symattn.hypotheses.base import Given, Hypothesis, Instance, Sizes
from symattn.hypotheses.families import (
    Above,
    Arbitrary,
    AtLeast,
    Between,
    Bounded,
    Distinct,
    Exactly,
    Named,
    Orthonormal,
    Perpendicular,
    Replaced,
)
from symattn.hypotheses.gaps import Dominates, Nearest, WideGaps
from symattn.hypotheses.gaussian import Covariance
from symattn.hypotheses.names import Stands
from symattn.hypotheses.simplex import Simplex
from symattn.hypotheses.subspaces import Annihilates, Orthogonal, OrthonormalBasis, UnitBasis

_N = Symbol("n", integer=True, positive=True)
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


@dataclass(frozen=True)
class Opposite:
    """What takes the place of a hypothesis."""

    instead: tuple[Hypothesis, ...]
    what: str
    governs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Broken(Hypothesis):
    """Base of what takes a hypothesis's place; `latex` says what no longer holds."""

    @property
    def latex(self) -> str:
        return f"({type(self).__name__})"


def weakenings(given: Given) -> Iterator[Weakening]:
    """Yield the hypotheses with one of them broken, each in each of its ways.

    >>> from sympy import symbols
    >>> i, j = symbols("i j", integer=True, positive=True)
    >>> [w.what for w in weakenings(Given((Distinct((i, j)), AtLeast(3))))]
    ['i = j', 'n = 2']
    """
    everything = given.hypotheses
    for at, hypothesis in enumerate(everything):
        others = everything[:at] + everything[at + 1 :]
        for opposite in opposites(hypothesis):
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
    """Tell whether an instance breaks a hypothesis; True where that cannot be measured."""
    if type(h).violation is Hypothesis.violation:
        return True
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


@singledispatch
def opposites(hypothesis: Hypothesis) -> Iterator[Opposite]:
    """Yield what the hypothesis can be replaced by so that it no longer holds.

    Hypotheses without an opposite are not weakened: what they say is built into the oracle (that
    keys are normal), or only says where to sample (a letter is arbitrary, a scalar large).
    """
    yield from ()


# indices and sizes -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Coinciding(Broken):
    """Two of the indices are the same; the others are different."""

    indices: tuple[Symbol, ...]
    pair: tuple[Symbol, Symbol]

    def rewriting(self) -> Rewriting:
        apart = [p for p in combinations(self.indices, 2) if set(p) != set(self.pair)]
        more = Symbol("_more", integer=True, nonnegative=True)
        return Rewriting(
            scalars={KroneckerDelta(a, b): S.Zero for a, b in apart},
            ranges={_N: len(self.indices) - 1 + more},
        )

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["n"] = max(sizes["n"], len(self.indices) - 1)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        first, second = self.pair
        places = rng.permutation(np.arange(1, sizes["n"] + 1))
        rest = [s for s in self.indices if s != second]
        for name, place in zip(rest, places):
            instance[name.name] = int(place)
        instance[second.name] = instance[first.name]


@opposites.register
def _(h: Distinct) -> Iterator[Opposite]:
    for a, b in combinations(h.indices, 2):
        same = Coinciding(h.indices, (a, b))
        yield Opposite((same,), f"{a} = {b}", (a.name, b.name))


@dataclass(frozen=True)
class Fewer(Broken):
    """There is one key less than there must be."""

    count: int

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["n"] = min(sizes["n"], self.count)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        pass


@opposites.register
def _(h: AtLeast) -> Iterator[Opposite]:
    if h.count > 1:
        yield Opposite((Fewer(h.count - 1),), f"n = {h.count - 1}")


@opposites.register
def _(h: Exactly) -> Iterator[Opposite]:
    yield Opposite((AtLeast(h.count + 1),), f"n > {h.count}")


# scalars ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outside(Broken):
    """A scalar lies above the upper of two numbers."""

    symbol: Symbol
    high: Expr

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        instance[self.symbol.name] = float(self.high) + float(np.exp(rng.uniform(-2, 1)))


@opposites.register
def _(h: Between) -> Iterator[Opposite]:
    yield Opposite((Outside(h.symbol, h.high),), f"{h.symbol} > {h.high}", (h.symbol.name,))


@opposites.register
def _(h: Above) -> Iterator[Opposite]:
    below = Below(h.smaller, h.larger)
    yield Opposite((below,), f"{h.larger} < {h.smaller}", (h.larger.name, h.smaller.name))


@dataclass(frozen=True)
class Below(Broken):
    """Of two positive scalars the one that was smaller is larger."""

    larger: Symbol
    smaller: Symbol

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        Above(self.larger, self.smaller).sample(rng, sizes, instance)


@opposites.register
def _(h: Named) -> Iterator[Opposite]:
    yield Opposite((), f"{h.symbol} is any number", (h.symbol.name,))


@dataclass(frozen=True)
class Exceeded(Broken):
    """A bound on norms is smaller than the largest of them."""

    bounded: Bounded

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        self.bounded.sample(rng, sizes, instance)
        instance[self.bounded.bound.name] *= float(rng.uniform(0.2, 0.6))


@opposites.register
def _(h: Bounded) -> Iterator[Opposite]:
    yield Opposite((Exceeded(h),), f"a norm exceeds {h.bound}", (h.bound.name,))


@dataclass(frozen=True)
class Unrelated(Broken):
    """A family of scalars that is named after an expression holds other numbers."""

    base: IndexedBase

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        values = rng.normal(size=sizes["n"])
        signed = self.base.is_positive or self.base.is_nonnegative
        instance[str(self.base)] = np.abs(values) if signed else values


@opposites.register
def _(h: Stands) -> Iterator[Opposite]:
    yield Opposite((Unrelated(h.base),), f"{h.base} holds other numbers", (str(h.base),))


@dataclass(frozen=True)
class OffSimplex(Broken):
    """Nonnegative numbers that do not sum to one, or do not vanish where they must."""

    simplex: Simplex
    total: bool

    def rewriting(self) -> Rewriting:
        if not self.total:
            return Simplex(self.simplex.base).rewriting()
        rules = self.simplex.rewriting().scalars
        return Rewriting(scalars={a: b for a, b in rules.items() if b == 0})

    def sizes(self, sizes: dict[str, int]) -> None:
        self.simplex.sizes(sizes)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        if self.total:
            self.simplex.sample(rng, sizes, instance)
            factor = float(np.exp(rng.uniform(0.2, 1)))
            name = str(self.simplex.base)
            instance[name] = instance[name] * (factor if rng.uniform() < 0.5 else 1 / factor)
        else:
            Simplex(self.simplex.base).sample(rng, sizes, instance)


@opposites.register
def _(h: Simplex) -> Iterator[Opposite]:
    name = str(h.base)
    yield Opposite((OffSimplex(h, True),), f"{h.base} does not sum to one", (name,))
    if h.without is not None:
        here = OffSimplex(h, False)
        yield Opposite((here,), f"{h.base} does not vanish at {h.without}", (name,))


# gaps ------------------------------------------------------------------------------------------


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


@opposites.register
def _(h: WideGaps) -> Iterator[Opposite]:
    governs = (h.width.name,)
    yield Opposite((Narrow(h, False),), f"a gap is smaller than {h.width}", governs)
    yield Opposite((Narrow(h, True),), "another key has the largest logit", ("k", "q"))


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


@opposites.register
def _(h: Dominates) -> Iterator[Opposite]:
    yield Opposite((Dominated(h),), f"the weight is below 1 - {h.share}", (h.share.name,))


@opposites.register
def _(h: Nearest) -> Iterator[Opposite]:
    yield Opposite((Arbitrary(h.point),), f"{h.point} is any point", (h.point.name,))


# vectors ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Skewed(Broken):
    """A family of vectors that is not orthonormal, in one of three ways."""

    family: str
    way: str

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["d"] = max(sizes["d"], sizes["n"])

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        count, d = sizes["n"], sizes["d"]
        made = rng.normal(size=(count, d))
        if self.way == "norms differ from 1":
            made = np.linalg.qr(made.T)[0].T * np.exp(rng.uniform(0.2, 0.9, size=(count, 1)))
        elif self.way == "not orthogonal":
            made = made + 0.7 * rng.normal(size=d)
            made = made / np.linalg.norm(made, axis=1, keepdims=True)
        instance[self.family] = made


@opposites.register
def _(h: Orthonormal) -> Iterator[Opposite]:
    for way in ("in general position", "norms differ from 1", "not orthogonal"):
        yield Opposite((Skewed(h.family, way),), f"{h.what}: {way}", (h.family,))


@opposites.register
def _(h: Perpendicular) -> Iterator[Opposite]:
    w = h.vector
    yield Opposite((Arbitrary(w),), f"{w} is any vector", (w.name, h.family))


@opposites.register
def _(h: Replaced) -> Iterator[Opposite]:
    yield Opposite((), f"{h.letter} is any vector", (h.letter.name,))


# matrices --------------------------------------------------------------------------------------


@opposites.register
def _(h: UnitBasis) -> Iterator[Opposite]:
    name = h.matrix.name
    yield Opposite((Arbitrary(h.matrix),), f"the columns of {name} have any norm", (name,))


@opposites.register
def _(h: Orthogonal) -> Iterator[Opposite]:
    names = (h.first.name, h.second.name)
    yield Opposite((), "the subspaces are not orthogonal", names)


@opposites.register
def _(h: OrthonormalBasis) -> Iterator[Opposite]:
    name = h.matrix.name
    yield Opposite((Arbitrary(h.matrix),), f"the columns of {name} are not orthonormal", (name,))


@opposites.register
def _(h: Annihilates) -> Iterator[Opposite]:
    name = h.matrix.name
    yield Opposite((Arbitrary(h.matrix),), f"{name} is any matrix", (name,))
    for at, kept in enumerate(h.columns if len(h.columns) > 1 else ()):
        others = tuple(a for a in h.columns if a != kept)
        what = ", ".join(f"{name} {a.name} is not 0" for a in others)
        governs = (name, *(a.name for a in others))
        yield Opposite((Annihilates(h.matrix, (h.columns[at],)),), what, governs)


@dataclass(frozen=True)
class AnyCovariance(Broken):
    """Each covariance is a symmetric positive definite matrix of its own, of about the scale."""

    covariance: Covariance

    def rewriting(self) -> Rewriting:
        return NOTHING

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        self.covariance.sample(rng, sizes, instance)  # for the scale
        scale, d = instance[self.covariance.scale.name], sizes["d"]
        roots = rng.normal(size=(sizes["n"], d, d))
        spread = np.einsum("lij,lkj->lik", roots, roots) / d + 0.05 * np.eye(d)
        instance[r"\Sigma"] = 8 * scale * spread * np.exp(rng.normal(size=(sizes["n"], 1, 1)))


@opposites.register
def _(h: Covariance) -> Iterator[Opposite]:
    yield Opposite((AnyCovariance(h),), "each covariance is of its own", (r"\Sigma",))
