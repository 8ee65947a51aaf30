"""A stranger's line: its links, and what its letters and side conditions are taken for.

Whatever is taken for something is said in the assumptions; what could be taken for two things is
asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sympy import Basic, Expr, Indexed, Symbol, oo

from symattn.algebra.letters import Letter
from symattn.claims.definitions import family_name
from symattn.derive.question import Question
from symattn.hypotheses.base import Hypothesis
from symattn.judge.judged import Judged
from symattn.kernel.approaches import Approach
from symattn.latex.meaning import ReadCondition, Remainder

SMALL_NAMES = frozenset(["\\epsilon", "\\delta", "\\eta"])


class Unclear(Exception):
    """A line that could mean several things, or none that is judged: `code` and `reason`.

    read_as : how it was read, where it was.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.read_as = ""


@dataclass(frozen=True)
class Link:
    """One relation of a chain, with the LaTeX it was written in and the O(..) of its sides.

    law : whether it is of the law of a letter, of which no event of the line is a condition.
    aside : whether it is of the keys and values alone, beside an answer: a condition if it is not so.
    """

    left: Expr
    relation: str
    right: Basic
    text: str
    remainders: tuple[Remainder, ...] = ()
    law: bool = False
    aside: bool = False


@dataclass(frozen=True)
class Line:
    r"""What a line says, in the question's letters.

    links : the relations of the chain, and those that follow it after a comma.
    lone : the only term of a line without a relation.
    approaches : the limits that the line states.
    scale : the symbol that is taken as the scale; None when the line holds none.
    scale_name : how the line writes it.
    bounds : stated bounds of the scale: (relation, bound), with >> << > >= < <=.
    apart : pairs of indices that the line says are different.
    places : indices that the line says are equal: `x = i`.
    count : (relation, number) of what it says of n.
    query : what it says the question's unknown is, beside a statement about something else.
    at_scale : the value that it gives to the scale, for a statement that is no candidate.
    constants : other scalars that the line declares, taken as positive constants.
    assumptions : what was taken for what, one sentence each.
    unused : side conditions that are not taken into account.
    parted : whether an index is kept apart from one of the pair, so that what is said of it at the
        other one is said where the two differ.
    also : further indices at which the statement is made, by a quantifier: each a renaming.
    generic : whether it is said of the indices as they stand, and not at `also` only.
    every : scalars and indices of a case that a quantifier runs over.
    members : the places that an index of a case may have, for `x \in \{i, j\}`.
    left_out : indices that a condition for every other index leaves out.
    sign_open : the condition that leaves the sign of the scale open, as it is written.
    vague : what is said of the scale without saying that it grows, as it is written.
    law : whether it states the law of something, as its mean and variance.
    pair : whether it says that the two indices of the question's pair are different.
    guess : what an unknown letter was taken for; only a line that is right then is decided.
    hypotheses : what the line says of matrices of its own.
    weight : whether the condition is stated with `if` beside the weight that it is to make large.
    """

    source: str
    links: tuple[Link, ...]
    lone: Expr | None = None
    approaches: tuple[Approach, ...] = ()
    scale: Symbol | None = None
    scale_name: str = ""
    bounds: tuple[tuple[str, Expr], ...] = ()
    apart: tuple[tuple[Expr, Expr], ...] = ()
    places: tuple[tuple[Expr, Expr], ...] = ()
    count: tuple[tuple[str, Expr], ...] = ()
    query: Expr | None = None
    at_scale: Expr | None = None
    constants: tuple[Symbol, ...] = ()
    assumptions: tuple[str, ...] = ()
    unused: tuple[ReadCondition, ...] = ()
    also: tuple[Mapping[Expr, Expr], ...] = ()
    generic: bool = True
    every: tuple[Expr, ...] = ()
    members: tuple[Expr, ...] = ()
    left_out: tuple[Expr, ...] = ()
    sign_open: str = ""
    vague: str = ""
    weight: bool = False
    law: bool = False
    pair: bool = False
    parted: bool = False
    guess: str = ""
    hypotheses: tuple[Hypothesis, ...] = ()

    @property
    def terms(self) -> tuple[Basic, ...]:
        """Every term, in order."""
        if self.lone is not None:
            return (self.lone,)
        return tuple(x for link in self.links for x in (link.left, link.right))


def rewritten(line: Line, change: Any) -> Line:
    """Return the line with every expression changed."""

    def maybe(x: Any) -> Any:
        return change(x) if isinstance(x, Expr) and x not in (oo, -oo) else x

    return replace(
        line,
        links=tuple(replace(k, left=maybe(k.left), right=maybe(k.right)) for k in line.links),
        lone=maybe(line.lone),
        bounds=tuple((r, maybe(b)) for r, b in line.bounds),
        apart=tuple((maybe(a), maybe(b)) for a, b in line.apart),
        places=tuple((maybe(a), maybe(b)) for a, b in line.places),
        query=maybe(line.query),
        at_scale=maybe(line.at_scale),
    )


def judged_letters(question: Question, judged: Judged, x: Basic) -> set[str]:
    """Return the names in `x` that the question judges: its unknown and its defined letters."""
    unknown = question.specification.unknown
    wanted = {one.name for one in judged.defined}
    if unknown is not None:
        wanted.add(family_name(unknown))
    if judged.goal is not None:
        wanted |= {"k", "q"}
    wanted |= judged.spoken
    if not tuple(question.given):
        wanted |= {"k", "q"}  # nothing is said of them, so what is said of them is said
    symbols = {one.name for one in judged.defined if one.letter in x.free_symbols}
    return ({family_name(a) for a in x.atoms(Letter, Indexed) if _named(a)} & wanted) | symbols


def _named(a: Basic) -> bool:
    return isinstance(a, Indexed) or (isinstance(a, Letter) and bool(a.args))
