"""Families on which nothing is assumed: reals, and vectors of a size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sympy import IndexedBase, Symbol

from symattn.algebra.letters import Member
from symattn.algebra.words import Rewriting
from symattn.hypotheses.base import Broken, Hypothesis, Instance, Opposite, Sizes, no_opposites


@dataclass(frozen=True)
class Reals(Hypothesis):
    """The members of a family are any reals; positive ones where the base is positive.

    count : how many indices a member has, one or two.

    >>> Reals(IndexedBase("u", real=True)).latex, Reals(IndexedBase("J", real=True), 2).latex
    ('$u_l$ is any real number', '$J_{lm}$ is any real number')
    """

    base: IndexedBase
    count: int = 1

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        made = rng.normal(size=(sizes["n"],) * self.count) * float(np.exp(rng.uniform(-2, 1.5)))
        alike = rng.uniform()
        if alike < 0.1:  # all are one, or zero: there a strict bound may be attained
            made[...] = made.flat[0] if alike < 0.05 else 0.0
        instance[str(self.base)] = np.exp(made) if self.base.is_positive else made

    opposites = no_opposites

    @property
    def latex(self) -> str:
        kind = "positive number" if self.base.is_positive else "real number"
        return f"${self.base}_{'l' if self.count == 1 else '{lm}'}$ is any {kind}"

    def violation(self, instance: Instance) -> float:
        found = np.asarray(instance[str(self.base)], float)
        wrong = bool(self.base.is_positive) and not (found > 0).all()
        return float(
            found.shape != (instance["n"],) * self.count or not np.isfinite(found).all() or wrong
        )


@dataclass(frozen=True)
class Members(Hypothesis):
    """The members of a family of vectors are any: `Members(Member("u", l, d))`."""

    member: Member

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        size = (sizes["n"], sizes[str(self.member.shape[0])])
        instance[self.member.name] = rng.normal(size=size) * float(np.exp(rng.uniform(-2, 1)))

    opposites = no_opposites

    @property
    def latex(self) -> str:
        return f"${self.member.name}_l$ is any vector"

    def violation(self, instance: Instance) -> float:
        wanted = (instance["n"], instance[str(self.member.shape[0])])
        return float(np.shape(instance[self.member.name]) != wanted)


@dataclass(frozen=True)
class Scalar(Hypothesis):
    """A scalar is any real number, or any positive one; what is defined by it comes after it."""

    symbol: Symbol
    opposites = no_opposites

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        value = float(rng.normal() * np.exp(rng.uniform(-2, 1)))
        instance[self.symbol.name] = float(np.exp(value)) if self.symbol.is_positive else value

    @property
    def latex(self) -> str:
        name = self.symbol.name
        return f"${name} > 0$" if self.symbol.is_positive else f"${name}$ is any real number"

    def violation(self, instance: Instance) -> float:
        value = instance[self.symbol.name]
        return float(not np.isfinite(value) or (bool(self.symbol.is_positive) and value <= 0))


@dataclass(frozen=True)
class Repeating(Broken):
    """Integers of 1..n that need not be different."""

    base: IndexedBase

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        instance[str(self.base)] = rng.integers(1, sizes["n"] + 1, size=sizes["n"])


@dataclass(frozen=True)
class Permutation(Hypothesis):
    """The members of a family of integers are 1..n in some order."""

    base: IndexedBase

    def rewriting(self) -> Rewriting:
        return Rewriting(permutations=frozenset([str(self.base)]))

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        instance[str(self.base)] = rng.permutation(np.arange(1, sizes["n"] + 1))

    def opposites(self) -> Iterable[Opposite]:
        yield Opposite((Repeating(self.base),), f"{self.base} repeats a place")

    @property
    def latex(self) -> str:
        return rf"${self.base}_l$ is a permutation of $1, \dots, n$"

    def violation(self, instance: Instance) -> float:
        found = np.sort(instance[str(self.base)])
        return float(not np.array_equal(found, np.arange(1, instance["n"] + 1)))
