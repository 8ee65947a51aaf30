"""Families on which nothing is assumed: reals, and vectors of a size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sympy import IndexedBase

from symattn.algebra.letters import Member
from symattn.hypotheses.base import Hypothesis, Instance, Sizes, no_opposites


@dataclass(frozen=True)
class Reals(Hypothesis):
    """The members of a family are any reals; positive ones where the base is positive.

    >>> Reals(IndexedBase("u", real=True)).latex
    '$u_l$ is any real number'
    """

    base: IndexedBase

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        made = rng.normal(size=sizes["n"]) * float(np.exp(rng.uniform(-2, 1.5)))
        if rng.uniform() < 0.1:
            made[:] = made[0]  # all alike
        instance[str(self.base)] = np.exp(made) if self.base.is_positive else made

    opposites = no_opposites

    @property
    def latex(self) -> str:
        kind = "positive number" if self.base.is_positive else "real number"
        return f"${self.base}_l$ is any {kind}"

    def violation(self, instance: Instance) -> float:
        found = np.asarray(instance[str(self.base)], float)
        wrong = self.base.is_positive and not (found > 0).all()
        return float(found.shape != (instance["n"],) or not np.isfinite(found).all() or wrong)


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
