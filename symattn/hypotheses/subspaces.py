"""Hypotheses on bases: unit columns, independent columns, orthogonal subspaces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sympy import Expr, S

from symattn.algebra.letters import Gram, IdentityMatrix, Matrix, T
from symattn.algebra.words import Rewriting
from symattn.hypotheses.base import Hypothesis, Instance, Sizes


def _columns(rng: np.random.Generator, d: int, s: int) -> np.ndarray:
    """Return s independent unit columns that are not orthogonal to each other."""
    a = rng.normal(size=(d, s)) + 0.7 * rng.normal(size=(d, 1))
    return np.asarray(a / np.sqrt((a * a).sum(axis=0)))


@dataclass(frozen=True)
class UnitBasis(Hypothesis):
    """The columns of a matrix are linearly independent and have norm 1, and nothing more."""

    matrix: Matrix

    def regular(self) -> tuple[Expr, ...]:
        return (Gram(self.matrix),)

    @property
    def size(self) -> str:
        return str(self.matrix.shape[1])

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["d"] = max(sizes["d"], sizes[self.size])

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        instance[self.matrix.name] = _columns(rng, sizes["d"], sizes[self.size])

    @property
    def latex(self) -> str:
        name = self.matrix.name
        return f"the columns of ${name}$ are linearly independent and have norm 1"

    def violation(self, instance: Instance) -> float:
        a = instance[self.matrix.name]
        dependent = np.linalg.matrix_rank(a) < a.shape[1]
        return float(max(abs(np.sqrt((a * a).sum(axis=0)) - 1).max(), dependent))


@dataclass(frozen=True)
class Orthogonal(Hypothesis):
    """The column spaces of two matrices are orthogonal; samples the second after the first."""

    first: Matrix
    second: Matrix

    def rewriting(self) -> Rewriting:
        a, b = self.first, self.second
        pairs: dict[tuple[Expr, Expr], Expr] = {(T(a), b): S.Zero, (T(b), a): S.Zero}
        return Rewriting(pairs=pairs)

    def sizes(self, sizes: dict[str, int]) -> None:
        s, t = (sizes[str(a.shape[1])] for a in (self.first, self.second))
        sizes["d"] = max(sizes["d"], s + t)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        a = instance[self.first.name]
        b = instance[self.second.name]
        orthogonal, _ = np.linalg.qr(a)
        lengths = np.sqrt((b * b).sum(axis=0))  # what they were before, for a unit basis
        for _ in range(2):
            b = b - orthogonal @ (orthogonal.T @ b)
        with np.errstate(divide="ignore", invalid="ignore"):  # of one space with itself
            instance[self.second.name] = b * (lengths / np.sqrt((b * b).sum(axis=0)))

    @property
    def latex(self) -> str:
        a, b = self.first.name, self.second.name
        return rf"the two subspaces are orthogonal, ${a}^{{\top}} {b} = 0$"

    def violation(self, instance: Instance) -> float:
        a, b = instance[self.first.name], instance[self.second.name]
        return float(abs(a.T @ b).max() / (1e-300 + np.linalg.norm(a) * np.linalg.norm(b)))


@dataclass(frozen=True)
class OrthonormalBasis(Hypothesis):
    """The columns of a matrix are orthonormal: its Gram matrix is the identity."""

    matrix: Matrix

    def regular(self) -> tuple[Expr, ...]:
        return (Gram(self.matrix),)

    def rewriting(self) -> Rewriting:
        a = self.matrix
        size = a.shape[1]
        return Rewriting(
            pairs={(T(a), a): IdentityMatrix(size)},
            letters=(lambda e: IdentityMatrix(size) if e == Gram(a) else None,),
        )

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["d"] = max(sizes["d"], sizes[str(self.matrix.shape[1])])

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        a = instance.get(self.matrix.name)
        if a is None:
            a = _columns(rng, sizes["d"], sizes[str(self.matrix.shape[1])])
        instance[self.matrix.name] = np.linalg.qr(a)[0]

    @property
    def latex(self) -> str:
        name = self.matrix.name
        return rf"the columns of ${name}$ are orthonormal, ${name}^{{\top}} {name} = I$"

    def violation(self, instance: Instance) -> float:
        a = instance[self.matrix.name]
        return float(abs(a.T @ a - np.eye(a.shape[1])).max())


@dataclass(frozen=True)
class Annihilates(Hypothesis):
    """A matrix sends the columns of the given matrices to zero."""

    matrix: Matrix
    columns: tuple[Matrix, ...]

    def rewriting(self) -> Rewriting:
        pairs: dict[tuple[Expr, Expr], Expr] = {}
        for a in self.columns:
            pairs[(self.matrix, a)] = S.Zero
            pairs[(T(a), T(self.matrix))] = S.Zero
        return Rewriting(pairs=pairs)

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["d"] = max(sizes["d"], sum(sizes[str(a.shape[1])] for a in self.columns) + 1)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        made = rng.normal(size=(sizes["d"], sizes["d"]))
        basis, _ = np.linalg.qr(np.hstack([instance[a.name] for a in self.columns]))
        for _ in range(2):
            made = made - (made @ basis) @ basis.T
        instance[self.matrix.name] = made

    @property
    def latex(self) -> str:
        name = self.matrix.name
        return "$" + "$, $".join(f"{name} {a.name} = 0" for a in self.columns) + "$"

    def violation(self, instance: Instance) -> float:
        made = instance[self.matrix.name]
        found = [(np.linalg.norm(made @ a), np.linalg.norm(made) * np.linalg.norm(a))
                 for a in (instance[a.name] for a in self.columns)]  # fmt: skip
        return max(float(left / (1e-300 + size)) for left, size in found)
