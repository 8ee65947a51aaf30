"""General position: vectors whose combinations with sum one give their coefficients back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sympy import Expr, Indexed, IndexedBase, KroneckerDelta

from symattn.algebra.letters import Member
from symattn.algebra.words import Rewriting
from symattn.hypotheses.base import Hypothesis, Instance, Sizes, no_opposites


@dataclass(frozen=True)
class AffineCoordinates(Hypothesis):
    """A family is affinely independent: there are vectors and numbers that read coefficients off.

    `u_l . v_m + b_l` is 1 for l = m and 0 otherwise; needs d >= n - 1.
    """

    family: str
    reader: str
    offset: IndexedBase

    def rewriting(self) -> Rewriting:
        def dot(u: Expr, w: Expr) -> Expr | None:
            for a, b in ((u, w), (w, u)):
                if isinstance(a, Member) and isinstance(b, Member):
                    if (a.name, b.name) == (self.reader, self.family):
                        return KroneckerDelta(a.index, b.index) - Indexed(self.offset, a.index)
            return None

        return Rewriting(dots=(dot,))

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["d"] = max(sizes["d"], sizes["n"] - 1)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        vectors = instance[self.family]
        one = np.ones((len(vectors), 1))
        read = np.linalg.pinv(np.hstack([vectors, one])).T
        instance[self.reader], instance[str(self.offset)] = read[:, :-1], read[:, -1]

    opposites = no_opposites

    @property
    def latex(self) -> str:
        u, v, b = self.reader, self.family, self.offset
        return (
            rf"the ${v}_l$ are affinely independent, "
            rf"${u}_l \cdot {v}_m + {b}_l = \delta_{{lm}}$"
        )

    def violation(self, instance: Instance) -> float:
        vectors = instance[self.family]
        read = instance[self.reader] @ vectors.T + instance[str(self.offset)][:, None]
        return float(abs(read - np.eye(len(vectors))).max() / (1 + abs(read).max()))
