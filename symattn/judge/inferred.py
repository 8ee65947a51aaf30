"""What a question judges, as far as its derivation says it: no file beside the script is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Basic, Expr, Indexed, Symbol, oo

from symattn.algebra.attention import l, logit, z
from symattn.algebra.letters import (
    IdentityMatrix,
    Letter,
    Matrix,
    Member,
    Partial,
    Statistic,
    Transposed,
)
from symattn.check.readback import family_of
from symattn.claims import Claim, Equivalent, Minimal, Solution, Tends
from symattn.claims.definitions import Defined, Definitions, family_name, names_in, place
from symattn.claims.tie import printed
from symattn.derive.derivation import Derivation
from symattn.derive.question import Question
from symattn.errors import SymattnError
from symattn.hypotheses.base import Given
from symattn.hypotheses.families import Distinct, Named, Replaced
from symattn.judge.bench import EQUAL, NEAR
from symattn.judge.judged import Judged

_COMMON = re.compile(r"[ndijlmxqckvz]|\\alpha")


def inferred(question: Question, derivation: Derivation) -> Judged:
    """Return how lines are judged, from what a script defines, answers and claims.

    The left side of every claim is judged by its definition, the unknown by the specification.
    The letters are those that the claims print; a hypothesis that brings a letter which the
    question does not draw is taken up with it.
    """
    claims = [c for c in derivation.claims if not isinstance(c, (Solution, Minimal, Equivalent))]
    answer = _answer(question, derivation)
    sides = {c.shown: c.name.replace("-", " ") for c in claims}
    sides.pop(question.specification.unknown or oo, None)
    defined = _defined(question, derivation, answer)
    return Judged(
        meanings=sides,
        defined=defined,
        letters=_letters(question, derivation.claims),
        spoken=frozenset(n for x in sides for n in _spoken(x)),
        allowed=frozenset() if answer is None else frozenset(_spoken(answer)),
        indices=_indices(question.given),
        scale=_scale(question, answer),
        given=_given(question, derivation.claims),
        doubt=Doubt(
            question.specification.unknown,
            frozenset(n for law in derivation.question.names.laws for n in law.names),
            any(isinstance(c, Equivalent) for c in derivation.claims),
        ),
    )


@dataclass(frozen=True)
class Doubt:
    """What cannot be inferred: whether a solution is the only one, how limits go together.

    random : the letters that are random.
    conditions : whether the question is about when something holds, so that what does not always
        hold is not wrong.
    """

    unknown: Expr | None
    random: frozenset[str]
    conditions: bool

    def __call__(self, left: Basic, relation: str, right: Basic) -> str:
        """Return why a relation is left undecided; empty for one that is judged."""
        sides = [x for x in (left, right) if isinstance(x, Expr)]
        if self.random and (
            any(x.has(Statistic) or self.random & names_in(x) for x in sides)
            or left == self.unknown
        ):
            return "what is random here is judged with a file beside the script only"
        if self.unknown is not None and self.unknown not in sides:
            if any(x.has(self.unknown) for x in sides):
                return f"it is of {self.unknown}, and another solution may not have this property"
        if self.conditions and relation not in (*EQUAL, *NEAR, "->"):
            return "it may be a condition, and which are asked for is said in no file"
        return ""


def _answer(question: Question, derivation: Derivation) -> Expr | None:
    """The value of the unknown for which the script claims all that the specification asks."""
    unknown, asked = question.specification.unknown, question.specification.requires
    if unknown is None:
        return None
    for claim in derivation.claims:
        if isinstance(claim, Solution):
            return claim.right
    stated = {c.obligations for c in derivation.claims}
    for one in derivation.history:
        if one.letter == unknown and one.value is not None:
            wanted = asked(one.value)
            if wanted and all(c.obligations in stated for c in wanted):
                return one.value
    return None


def _scale(question: Question, answer: Expr | None) -> Symbol | None:
    """The positive symbol of the answer that the specification lets grow."""
    if answer is None:
        return None
    for claim in question.specification.requires(answer):
        if isinstance(claim, Tends) and claim.point == oo and answer.has(claim.variable):
            return claim.variable
    return None


def _defined(
    question: Question, derivation: Derivation, answer: Expr | None
) -> tuple[Defined, ...]:
    """What the letters stand for; one that changes its meaning on the way has none here."""
    names = Definitions(question.names.defined)
    # What the question draws is drawn in a line too, whatever one claim puts in its place.
    own = {one.name for one in names.defined} | set(question.given.example)
    unknown = question.specification.unknown
    if unknown is not None:
        own.add(family_name(unknown))
    later = [one for one in derivation.history if one.name not in own]
    for one in later:
        if sum(other.name == one.name for other in later) == 1:
            names = names.let(one.letter, one.value, one.array)
    if unknown is not None and answer is not None:
        names = names.let(unknown, answer)
    made = [h.value for h in question.given.hypotheses if isinstance(h, Named | Replaced)]
    tied = {name for x in made for name in names_in(x)}
    taken = own | tied | set(question.given.rewriting.names)
    if "z" not in taken and not any(x.has(Partial) for c in derivation.claims for x in c.terms):
        names = names.let(z(l), logit(l))  # so that a line may write either
    return names.defined


def _spoken(x: Expr) -> Iterator[str]:
    """Yield the names of the letters and families in an expression."""
    for a in x.atoms(Letter, Indexed):
        if not isinstance(a, IdentityMatrix) and a.args:
            yield family_name(a)


def _indices(given: Given) -> tuple[Symbol, ...]:
    named = [s for h in given if isinstance(h, Distinct) for s in h.indices]
    rest = [Symbol(name, integer=True, positive=True) for name in "ijl"]
    return tuple(dict.fromkeys((*named, *rest)))


def _given(question: Question, claims: list[Claim]) -> Given:
    """The question's hypotheses, and those of claims that draw what the question does not."""
    given = question.given
    for claim in claims:
        wanted = set().union(*(names_in(x) for x in printed(claim)))
        for h in claim.given:
            if isinstance(h, Distinct) or h in given.hypotheses:
                continue
            try:
                drawn = set(given.and_(h).example) - set(given.example)
            except SymattnError:
                continue  # it needs what only that claim supposes
            if drawn & wanted:
                given = given.and_(h)
    return given


def _letters(question: Question, claims: list[Claim]) -> dict[str, Any]:
    """The letters and families that claims and definitions are written with, for the reader of LaTeX."""
    found: dict[str, Any] = {}
    drawn = set(question.given.example) | {one.name for one in question.names.defined}
    meant = [one.value for one in question.names.defined if one.value is not None]
    for x in (*(x for claim in claims for x in printed(claim)), *meant):
        bound = {s for f in x.atoms(Expr) for s, *_ in getattr(f, "limits", ())}
        for a in sorted(x.atoms(Letter, Indexed, Symbol), key=str):
            one = _meaning(a)
            own = isinstance(a, Symbol) and a.name not in drawn  # a line may call it as it likes
            index = isinstance(a, Symbol) and a.is_integer
            if one is None or a in bound or index or own:
                continue
            name = a.name if isinstance(a, Symbol) else family_name(a)
            if not _COMMON.fullmatch(str(name)):
                found[str(name)] = one
    return found


def _meaning(a: Expr) -> Expr | Callable[[Expr], Expr] | None:
    if isinstance(a, (IdentityMatrix, Transposed)):
        return None
    if isinstance(a, Indexed):
        return family_of(a)
    if isinstance(a, Member):
        return lambda index: Member(a.name, index, a.shape[0])
    if isinstance(a, Matrix) and place(a) is not None:
        return lambda index: a.xreplace({place(a): index})
    return a if isinstance(a, (Letter, Symbol)) else None
