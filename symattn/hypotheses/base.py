"""What a hypothesis is, with its five faces.

It lets SymPy rewrite, it samples NumPy arrays, it prints itself, it gives a plain example, and it
says what its samples look like when it does not hold.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np
from sympy import Expr, Symbol

from symattn.algebra.words import NOTHING, Rewriting
from symattn.errors import BrokenDerivation

Instance = dict[str, Any]
Sizes = Mapping[str, int]
SLACK = 1e-9
"""By how much an instance may miss a hypothesis: rounding."""


class Undrawn(BrokenDerivation, KeyError):
    """A hypothesis that asks for what no hypothesis before it has drawn."""


class Hypothesis(ABC):
    """One thing that is given.

    The sample face must be written from the definition, never through the rewrite face: so one
    catches the other's mistakes.  A class that lacks a face is refused where it is written.
    """

    def __init_subclass__(cls, base: bool = False) -> None:
        own = {name for c in cls.__mro__[: cls.__mro__.index(Hypothesis)] for name in vars(c)}
        lacking = sorted({"sample", "latex", "violation", "opposites"} - own)
        if lacking and not base:
            raise TypeError(f"the hypothesis {cls.__name__} lacks {', '.join(lacking)}")

    def rewriting(self) -> Rewriting:
        """What it lets the algebra replace."""
        return NOTHING

    def regular(self) -> tuple[Expr, ...]:
        """The square matrices that it makes invertible."""
        return ()

    def ties(self) -> Mapping[Symbol, Expr]:
        """The scalars that are given by an expression in others, and move when these do."""
        return {}

    def sizes(self, sizes: dict[str, int]) -> None:  # noqa: B027
        """Raise the sizes that are too small for it (orthonormal keys need d >= n)."""

    @abstractmethod
    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        """Write arrays that meet it into the instance."""

    def plain(self, rng: np.random.Generator, sizes: Sizes, instance: Instance, turn: int) -> None:
        """Write small round arrays that meet it, others each `turn`; what is not plain is sampled."""
        self.sample(rng, sizes, instance)

    @abstractmethod
    def opposites(self) -> Iterable[Opposite]:
        """What can take its place so that it no longer holds; see `no_opposites`."""

    @property
    @abstractmethod
    def latex(self) -> str:
        """How a sheet states it: plain text with formulas between dollars."""

    @abstractmethod
    def violation(self, instance: Instance) -> float:
        """Return by how much an instance misses it, relative to what it is made of; 0: it is met.

        Raises
        ------
        KeyError, IndexError, LinAlgError : the instance lacks what it is about, or it has no value.
        """

    def holds(self, instance: Instance) -> bool:
        """Tell whether an instance meets it, but for rounding; what is lacking is not met."""
        try:
            return self.violation(instance) <= SLACK
        except (KeyError, IndexError, np.linalg.LinAlgError):
            return False


def no_opposites(hypothesis: Hypothesis) -> Iterable[Opposite]:
    """The opposites of what is not weakened.

    What it says is built into the oracle (that keys are normal), or only says where to sample (a
    letter is arbitrary, a scalar large).
    """
    return ()


@dataclass(frozen=True)
class Opposite:
    """What takes the place of a hypothesis.

    governs : see `symattn.check.mutation.weaken.Weakening`.
    """

    instead: tuple[Hypothesis, ...]
    what: str
    governs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Broken(Hypothesis, base=True):
    """Base of what takes a hypothesis's place; `latex` says what no longer holds."""

    opposites = no_opposites

    @property
    def latex(self) -> str:
        return f"({type(self).__name__})"

    def violation(self, instance: Instance) -> float:
        return 0.0  # it asks for nothing: what no longer holds is not measured


@dataclass(frozen=True)
class Given:
    """All hypotheses of a question, in the order in which they sample.

    >>> Given(()).latex
    ()
    """

    hypotheses: tuple[Hypothesis, ...]

    def __post_init__(self) -> None:
        several = isinstance(self.hypotheses, tuple)
        for h in self.hypotheses if several else (self.hypotheses,):
            if not (several and isinstance(h, Hypothesis)):
                raise BrokenDerivation(
                    f"Given takes a tuple of hypotheses, and {h!r} is none",
                    "such as Given((Distinct((i, j)),)), with a comma behind a single one",
                )

    @cached_property
    def rewriting(self) -> Rewriting:
        """What the hypotheses let the algebra replace.

        Raises
        ------
        BrokenDerivation : two of them say what is random, and each takes the other's for certain.
        """
        each = [(h, h.rewriting()) for h in self.hypotheses]
        random = [type(h).__name__ for h, rules in each if rules.statistics]
        if len(random) > 1:
            raise BrokenDerivation(
                f"{' and '.join(random)} both say what is random",
                "a mean under one takes the letters of the other for certain: state one in a claim",
            )
        return reduce(lambda a, b: a + b, (rules for _, rules in each), NOTHING)

    @property
    def regular(self) -> tuple[Expr, ...]:
        return tuple(a for h in self.hypotheses for a in h.regular())

    @property
    def ties(self) -> dict[Symbol, Expr]:
        return {s: x for h in self.hypotheses for s, x in h.ties().items()}

    @cached_property
    def latex(self) -> tuple[str, ...]:
        return tuple(h.latex for h in self.hypotheses)

    @cached_property
    def example(self) -> Instance:
        """One instance, always the same, for what asks only which names there are and of what shape."""
        return self.sample(np.random.default_rng(0), {"n": 3, "d": 4, "s": 2, "t": 1})

    def __getstate__(self) -> dict[str, Any]:
        return {"hypotheses": self.hypotheses}  # what is worked out from them holds functions

    def __iter__(self) -> Iterator[Hypothesis]:
        return iter(self.hypotheses)

    def and_(self, *more: Hypothesis) -> Given:
        """Return the hypotheses with more added."""
        if not more:
            return self
        return Given(self.hypotheses + more)

    def without(self, kind: type[Hypothesis]) -> Given:
        """Return the hypotheses without those of a kind: a weaker claim."""
        return Given(tuple(h for h in self.hypotheses if not isinstance(h, kind)))

    def fitted(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """Return sizes raised to what the hypotheses need; where they contradict, to the last."""
        made = dict(sizes)
        for _ in range(1 + len(self.hypotheses)):  # one may raise what another depends on
            before = dict(made)
            for h in self.hypotheses:
                h.sizes(made)
            if before == made:
                break
        return made

    def sample(
        self, rng: np.random.Generator, sizes: Mapping[str, int], together: bool = False
    ) -> Instance:
        """Return one instance: sizes, places and every array that a hypothesis writes.

        It need not meet hypotheses that contradict each other.  Places that no hypothesis holds
        apart may coincide.

        together : whether they are all one.
        """
        return self.drawn(rng, sizes, together)[0]

    def drawn(
        self, rng: np.random.Generator, sizes: Mapping[str, int], together: bool = False
    ) -> tuple[Instance, bool]:
        """Return one instance as `sample` does, and whether it is known to meet every hypothesis."""
        sizes = self.fitted(sizes)
        instance: Instance = dict(sizes)
        general(rng, sizes, instance)
        places = rng.integers(1, sizes["n"] + 1, size=3)
        for name, place in zip("ijx", places):
            instance[name] = int(places[0] if together else place)
        with np.errstate(all="ignore"):
            for h in self.hypotheses:
                try:
                    h.sample(rng, sizes, instance)
                except KeyError as error:
                    raise Undrawn(
                        f"{h.latex}: nothing before it draws {error.args[0]}",
                        "put the hypothesis that does before it, such as Scalar(beta) or Reals(u)",
                    ) from error
            missed = [h for h in self.hypotheses if not h.holds(instance)]
            for h in missed:  # what a later one has changed: `v = S a`, and then another S
                h.sample(rng, sizes, instance)
        return instance, not missed


def general(rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
    """Fill in keys, values, a query and logits in general position."""
    count, d = sizes["n"], sizes["d"]
    instance["k"] = rng.normal(size=(count, d))
    instance["v"] = rng.normal(size=(count, d)) * float(np.exp(rng.uniform(-2, 0.5)))
    instance["q"] = rng.normal(size=d)
    instance["z"] = rng.normal(size=count) * 2 + rng.normal() * 3
