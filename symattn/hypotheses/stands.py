"""Names: an indexed scalar stands for an expression, in the algebra, in the samples, in print."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from sympy import Expr, Indexed, IndexedBase, Symbol

from symattn.algebra.bound_indices import put_apart
from symattn.algebra.letters import Letter
from symattn.algebra.words import Rewriting
from symattn.hypotheses.base import Broken, Hypothesis, Instance, Opposite, Sizes, no_opposites
from symattn.latex.write import latex

_L = Symbol("l", integer=True, positive=True)


@dataclass(frozen=True)
class Unrelated(Broken):
    """A family of scalars that is named after an expression holds other numbers."""

    base: IndexedBase

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        values = rng.normal(size=sizes["n"])
        signed = self.base.is_positive or self.base.is_nonnegative
        instance[str(self.base)] = np.abs(values) if signed else values


@dataclass(frozen=True)
class Stands(Hypothesis):
    """An indexed scalar is a name: `Delta_l` for `(k_i - k_l) . q`.

    value : what it stands for at an index; its own sums may not bind what it is called with.
    array : the values at all indices, in NumPy and from the definition; what it is made of must
        have been sampled before.
    """

    base: IndexedBase
    value: Callable[[Expr], Expr]
    array: Callable[[Instance], np.ndarray]

    def rewriting(self) -> Rewriting:
        return Rewriting(names={str(self.base): self.value})

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        instance[str(self.base)] = self.array(instance)

    def opposites(self) -> Iterable[Opposite]:
        yield Opposite(
            (Unrelated(self.base),), f"{self.base} holds other numbers", (str(self.base),)
        )

    @property
    def latex(self) -> str:
        return f"${latex(self.base[_L])} = {latex(self.value(_L))}$"

    def violation(self, instance: Instance) -> float:
        made = self.array(instance)
        return float(abs(instance[str(self.base)] - made).max() / (1 + abs(made).max()))


@dataclass(frozen=True)
class Meant(Hypothesis):
    """What a letter of a claim's right side stands for; instances compute it from the definition.

    letter : a symbol, a vector or matrix, or a member of a family of reals: at the index l, or at two.
    value : what it stands for, written out.
    """

    letter: Expr
    value: Expr

    def rewriting(self) -> Rewriting:
        if isinstance(self.letter, Indexed):
            own, at = self.letter.indices, partial(put_apart, self.value)
            return Rewriting(names={str(self.letter.base): lambda *to: at(dict(zip(own, to)))})
        if isinstance(self.letter, Letter):
            return Rewriting(letters=(lambda e: self.value if e == self.letter else None,))
        return Rewriting(scalars={self.letter: self.value})

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        pass

    opposites = no_opposites

    @property
    def latex(self) -> str:
        return f"${latex(self.letter)} = {latex(self.value)}$"

    def violation(self, instance: Instance) -> float:
        return 0.0
