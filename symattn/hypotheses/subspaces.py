"""Hypotheses on bases: unit columns, independent columns, orthogonal subspaces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sympy import Expr, S

from symattn.algebra.letters import Gram, IdentityMatrix, Matrix, T
from symattn.algebra.words import Rewriting
from symattn.errors import BrokenDerivation
from symattn.hypotheses.base import Hypothesis, Instance, Opposite, Sizes
from symattn.hypotheses.families import Arbitrary


def _columns(rng: np.random.Generator, d: int, s: int) -> np.ndarray:
    """Return s independent unit columns that are not orthogonal to each other."""
    a = rng.normal(size=(d, s)) + 0.7 * rng.normal(size=(d, 1))
    return np.asarray(a / np.sqrt((a * a).sum(axis=0)))


def _slanted(rows: int, columns: int, first: int, turn: int) -> np.ndarray:
    """Unit columns, independent and not orthogonal: (1, 0, ..), (0.6, 0.8, ..)."""
    made = np.zeros((rows, columns))
    lean, rise = ((0.6, 0.8), (0.8, 0.6), (0.6, -0.8))[turn % 3]
    made[first, 0] = 1.0
    for place in range(1, columns):
        made[first + place - 1, place], made[first + place, place] = lean, rise
    return made


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

    def plain(self, rng: np.random.Generator, sizes: Sizes, instance: Instance, turn: int) -> None:
        columns = sizes[str(self.matrix.shape[1])]
        instance[self.matrix.name] = _slanted(sizes["d"], columns, 0, turn)

    def opposites(self) -> Iterable[Opposite]:
        name = self.matrix.name
        yield Opposite((Arbitrary(self.matrix),), f"the columns of {name} have any norm", (name,))

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

    def plain(self, rng: np.random.Generator, sizes: Sizes, instance: Instance, turn: int) -> None:
        first, columns = (sizes[str(a.shape[1])] for a in (self.first, self.second))
        instance[self.second.name] = _slanted(sizes["d"], columns, first, turn)

    def opposites(self) -> Iterable[Opposite]:
        names = (self.first.name, self.second.name)
        yield Opposite((), "the subspaces are not orthogonal", names)

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
        pairs: dict[tuple[Expr, Expr], Expr] = {(T(a), a): IdentityMatrix(size)}
        if a.shape[0] == size:
            pairs[a, T(a)] = IdentityMatrix(size)
        return Rewriting(
            pairs=pairs,
            letters=(lambda e: IdentityMatrix(size) if e == Gram(a) else None,),
        )

    def sizes(self, sizes: dict[str, int]) -> None:
        rows, columns = map(str, self.matrix.shape)
        sizes[rows] = max(sizes[rows], sizes[columns])

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        a = instance.get(self.matrix.name)
        if a is None:
            a = _columns(rng, *(sizes[str(size)] for size in self.matrix.shape))
        instance[self.matrix.name] = np.linalg.qr(a)[0]

    def plain(self, rng: np.random.Generator, sizes: Sizes, instance: Instance, turn: int) -> None:
        rows, columns = (sizes[str(size)] for size in self.matrix.shape)
        instance[self.matrix.name] = np.eye(rows, columns)

    def opposites(self) -> Iterable[Opposite]:
        name = self.matrix.name
        what = f"the columns of {name} are not orthonormal"
        yield Opposite((Arbitrary(self.matrix),), what, (name,))

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

    def __post_init__(self) -> None:
        if not isinstance(self.columns, tuple) or not all(
            isinstance(a, Matrix) for a in self.columns
        ):
            raise BrokenDerivation(
                f"Annihilates takes a tuple of the matrices whose columns go to zero, and {self.columns} came"
            )

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

    def opposites(self) -> Iterable[Opposite]:
        name = self.matrix.name
        yield Opposite((Arbitrary(self.matrix),), f"{name} is any matrix", (name,))
        for kept in self.columns if len(self.columns) > 1 else ():
            others = tuple(a for a in self.columns if a != kept)
            what = ", ".join(f"{name} {a.name} is not 0" for a in others)
            governs = (name, *(a.name for a in others))
            yield Opposite((Annihilates(self.matrix, (kept,)),), what, governs)

    @property
    def latex(self) -> str:
        name = self.matrix.name
        return "$" + "$, $".join(f"{name} {a.name} = 0" for a in self.columns) + "$"

    def violation(self, instance: Instance) -> float:
        made = instance[self.matrix.name]
        found = [(np.linalg.norm(made @ a), np.linalg.norm(made) * np.linalg.norm(a))
                 for a in (instance[a.name] for a in self.columns)]  # fmt: skip
        return max(float(left / (1e-300 + size)) for left, size in found)
