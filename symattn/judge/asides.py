"""What a line says beside its statement: a letter that it introduces, a premise before an arrow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symattn.derive.question import Question
from symattn.judge.judged import Judged
from symattn.judge.line import judged_letters
from symattn.judge.meanings import own_name
from symattn.latex.meaning import ReadCondition, Reading
from symattn.latex.names import Vocabulary
from symattn.latex.nodes import Name, SideCondition, Statement, names

STATEMENT_WORDS = frozenset(["", "and", "so"])


def introduced(words: Vocabulary, statement: Statement) -> Statement:
    r"""Take what a line begins with for a condition, where it only says what a letter of its own is.

    `w = k_i + k_j, \quad q = \beta w` says as much as `q = \beta w, \quad w = k_i + k_j`.
    """
    first = statement.terms[0]
    own = type(first) is Name and own_name(words, first, statement.source)
    used = [x for c in statement.conditions if c.word in STATEMENT_WORDS for x in names(c.terms)]
    if not own or statement.relations != ("=",) or first.text not in {x.text for x in used}:  # type: ignore[union-attr]
        return statement
    return first_aside(statement)


def first_aside(said: Any) -> Any:
    """Put the first statement of a line, or of its reading, behind the one after it."""
    first = next((c for c in said.conditions if c.relations and c.word in STATEMENT_WORDS), None)
    read_already = isinstance(said, Reading)
    if first is None or (read_already and said.remainders):
        return said
    tree = said.statement if read_already else said
    start, end = tree.terms[0].start, tree.terms[-1].end
    aside = SideCondition("where", tree.terms, tree.relations, start, end)
    rest = tuple(c for c in said.conditions if c is not first)
    changed = {"terms": first.terms, "relations": first.relations}
    if not read_already:
        return replace(said, conditions=(aside, *rest), **changed)
    known = ReadCondition("where", said.terms, said.relations, tree.source[start:end], aside)
    own = replace(tree, terms=first.tree.terms, relations=first.relations)
    return replace(said, conditions=(known, *rest), statement=own, **changed)


def apart(c: ReadCondition) -> list[ReadCondition]:
    r"""Take what stands before an arrow, and what follows it, for two: `\beta \to \infty \implies ..`."""
    if "=>" not in c.relations:
        return [c]
    at = c.relations.index("=>")
    first = replace(c, terms=c.terms[: at + 1], relations=c.relations[:at])
    rest = replace(c, word="so", terms=c.terms[at + 1 :], relations=c.relations[at + 1 :])
    return [first, *apart(rest)]


def premise_aside(question: Question, judged: Judged, reading: Reading) -> Reading:
    r"""Take what is said of the scale before an arrow for a condition: `\beta \gg \ln n \implies ..`."""
    if reading.relations[1:2] != ("=>",) or reading.remainders or judged.scale is None:
        return reading
    first = reading.terms[:2]
    symbols = {s for x in first for s in x.free_symbols}
    if judged.scale not in symbols or any(judged_letters(question, judged, x) for x in first):
        return reading
    tree = reading.statement
    text = tree.source[tree.terms[0].start : tree.terms[1].end]
    premise = ReadCondition("for", first, reading.relations[:1], text)
    own = replace(tree, terms=tree.terms[2:], relations=tree.relations[2:])
    return replace(
        reading, terms=reading.terms[2:], relations=reading.relations[2:], statement=own,
        conditions=(premise, *reading.conditions),
    )  # fmt: skip


def own_law(reading: Reading) -> bool:
    r"""Whether a line begins with the law of a letter of its own: `b \sim .., c \approx b v_i + ..`."""
    return reading.relations == ("~",) and str(reading.terms[0]) in reading.unknown
