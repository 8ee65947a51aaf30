"""Opposites: what a hypothesis's samples look like when it does not hold.

To break another kind of hypothesis, register its opposites here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from itertools import combinations

import numpy as np
from sympy import Expr, IndexedBase, KroneckerDelta, S, Symbol

from symattn.algebra.words import NOTHING, Rewriting
from symattn.hypotheses.base import Hypothesis, Instance, Sizes
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
from symattn.hypotheses.simplex import Simplex
from symattn.hypotheses.stands import Stands
from symattn.hypotheses.subspaces import Annihilates, Orthogonal, OrthonormalBasis, UnitBasis

_N = Symbol("n", integer=True, positive=True)


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

    def violation(self, instance: Instance) -> float:
        return 0.0  # it asks for nothing: what no longer holds is not measured


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
