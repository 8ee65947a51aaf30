"""An unknown that is any solution of its question: what is said of it must hold for all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sympy import Expr, S

from symattn.algebra.letters import Matrix, T
from symattn.algebra.words import Rewriting
from symattn.hypotheses.base import Hypothesis, Instance, Sizes, no_opposites


@dataclass(frozen=True)
class Separates(Hypothesis):
    """A square matrix doubles the columns of one matrix and sends those of another to zero.

    That is what it means to take one value out of the mean of two, for all coefficients.
    """

    matrix: Matrix
    kept: Matrix
    dropped: Matrix

    def rewriting(self) -> Rewriting:
        m, a, b = self.matrix, self.kept, self.dropped
        pairs: dict[tuple[Expr, Expr], Expr] = {
            (m, a): 2 * a,
            (m, b): S.Zero,
            (T(a), T(m)): 2 * T(a),
            (T(b), T(m)): S.Zero,
        }
        return Rewriting(pairs=pairs)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        kept, dropped = instance[self.kept.name], instance[self.dropped.name]
        both = np.hstack([kept, dropped])
        free = rng.normal(size=(sizes["d"], sizes["d"]))
        wanted = np.hstack([2 * kept, np.zeros_like(dropped)])
        # The values on both bases are prescribed; beside them the matrix is arbitrary.
        instance[self.matrix.name] = free + (wanted - free @ both) @ np.linalg.pinv(both)

    opposites = no_opposites

    @property
    def latex(self) -> str:
        m, a, b = self.matrix.name, self.kept.name, self.dropped.name
        return f"${m}$ is any solution, ${m} {a} = 2 {a}$ and ${m} {b} = 0$"

    def violation(self, instance: Instance) -> float:
        m, a, b = (instance[x.name] for x in (self.matrix, self.kept, self.dropped))
        size = 1 + np.linalg.norm(m)
        return float(max(abs(m @ a - 2 * a).max(), abs(m @ b).max()) / size)
