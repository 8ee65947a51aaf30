"""What a question judges: its letters in symbols and in NumPy, and how strangers write them.

A script derives our answer; the file `q1c_judged.py` beside it holds what is needed to judge
somebody else's: what each letter is by its definition, and the author's tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from sympy import Basic, Expr, Symbol

from symattn.algebra.attention import q
from symattn.algebra.letters import Letter, Partial
from symattn.claims import Claim, Identity
from symattn.claims.definitions import Defined, Definitions
from symattn.derive.question import Quantity, Question
from symattn.hypotheses.base import Given, Instance


@dataclass(frozen=True)
class Chance:
    """What random keys come near to when their noise vanishes, and how their logits are drawn.

    cases : the keys in each of the equally likely cases: index -> vector.
    small : the symbol that tends to 0 first; the scale of the query grows after it.
    regime : where a limit is sampled: symbol -> number.
    said : what the limit asks of the scale, in LaTeX.
    """

    cases: tuple[Callable[[Expr], Expr], ...]
    small: Symbol
    regime: Mapping[str, float]
    said: str


@dataclass(frozen=True)
class Case:
    """Another reading of the question, or another place of an index, with its own hypotheses.

    places, apart : what a line says of indices when it means this case.
    """

    name: str
    given: Given
    chance: Chance | None = None
    places: tuple[tuple[Symbol, Symbol], ...] = ()
    apart: tuple[tuple[Symbol, Symbol], ...] = ()

    def allowed_by(
        self, places: Iterable[tuple[Expr, Expr]], apart: Iterable[tuple[Expr, Expr]]
    ) -> bool:
        """Tell whether what a line says of the index leaves this case."""
        equal = {frozenset(p) for p in places}
        unequal = {frozenset(p) for p in apart}
        own = {frozenset(p) for p in self.places}
        return (
            not own & unequal
            and not equal & {frozenset(p) for p in self.apart}
            and (not own or equal <= own)
        )


@dataclass(frozen=True)
class Judged:
    """How the lines of a question are read and judged.

    meanings : what is judged by its definition: the left side -> what it is called.
    quantities : what is judged by claims of its own.
    defined : the letters that stand for something, in the order of their definitions.
    letters : the question's own letters and families, for the reader of LaTeX; a pair is both.
    told : letters whose value the question gives; to state it again is no answer.
    spoken : letters that statements may be about, besides the unknown and what is defined.
    allowed : the letters that a candidate for the unknown may be written with.
    indices : what unknown indices stand for, in their order; the last is any other index.
    scale : what one unknown scalar stands for.
    basis : what one unknown matrix stands for.
    columns : families that are the columns of a matrix, with their number.
    given : hypotheses instead of the question's own, for statements about the unknown.
    mirrored : whether a matrix is right, too, when its transpose is.
    chance : what random keys come near to; None when nothing is random.
    cases : other cases, under which a refuted line may be right.
    assumed : hypotheses that are not given; a refuted line may be right under one of them.
    goal : for a question that asks for conditions, the weight that they are to make large.
    doubt : (left, relation, right) -> why such a relation is left undecided; empty for one that is
        judged.  It is what a question without a judged file does not say.
    """

    meanings: Mapping[Expr, str] = field(default_factory=dict)
    quantities: tuple[Quantity, ...] = ()
    defined: tuple[Defined, ...] = ()
    letters: Mapping[str, Any] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    spoken: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    indices: tuple[Symbol, ...] = ()
    scale: Symbol | None = None
    basis: Letter | None = None
    columns: Mapping[str, tuple[Letter, Symbol]] = field(default_factory=dict)
    given: Given | None = None
    mirrored: bool = False
    chance: Chance | None = None
    cases: tuple[Case, ...] = ()
    assumed: Given = field(default_factory=lambda: Given(()))
    goal: Expr | None = None
    doubt: Callable[[Basic, str, Basic], str] = lambda left, relation, right: ""

    @property
    def place(self) -> Symbol | None:
        """The index whose place tells the cases apart: the key that varies."""
        return next((p[0] for case in self.cases for p in case.places), None)

    def listed(self, question: Question) -> tuple[Quantity, ...]:
        """Return all that a question judges: its unknown, and each quantity with its claims."""
        found = []
        wanted = question.specification
        if wanted.unknown is not None and wanted.requires(wanted.unknown):
            found.append(Quantity(wanted.unknown, "the unknown", wanted.requires))
        for shown, meaning in self.meanings.items():
            found.append(Quantity(shown, meaning, partial(self.by_definition, question, shown)))
        return (*found, *self.quantities)

    def by_definition(self, question: Question, shown: Expr, candidate: Expr) -> tuple[Claim, ...]:
        """Claim that a quantity is what the candidate says, by its definition."""
        from symattn.algebra.arrays import compiled

        return (
            Identity(
                name="line", given=self.given or question.given, shown=shown,
                left=self.expand(shown), right=self.expand(candidate),
                oracle=lambda I: (
                    Definitions(self.defined).oracle(shown)(I)
                    if shown.has(Partial) else compiled(shown)(self.arrays(I))
                ),
            ),
        )  # fmt: skip

    def arrays(self, instance: Instance, names: Iterable[str] | None = None) -> Instance:
        """Return the instance with the defined letters added, each from its definition.

        names : the letters that are wanted; a query is always added, for the others need it.
        """
        full = dict(instance)
        for one in self.defined if names is None else self._wanted(frozenset(names)):
            full[one.name] = one.array(full)
        return full

    def _wanted(self, names: frozenset[str]) -> tuple[Defined, ...]:
        """Return what is defined, as far as names are made of it."""
        kept = self._kept.get(names)
        if kept is None:
            wanted = set(names)
            for one in reversed(self.defined):
                if one.name in wanted:
                    wanted |= one.names
            made = [one for one in self.defined if one.name in wanted or one.letter == q]
            kept = tuple(made) if any(one.name in names for one in made) else ()
            self._kept[names] = kept
        return kept

    @cached_property
    def _kept(self) -> dict[frozenset[str], tuple[Defined, ...]]:
        return {}

    def expand(self, x: Expr) -> Expr:
        """Put in what the defined letters stand for, and differentiate."""
        return Definitions(self.defined).expand(x)
