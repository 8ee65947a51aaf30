r"""What a submission says its own letters are: `Let $A = S$`, `where $P = S (S^\top S)^{-1} S^\top$`.

A definition is taken up only where it is said as one, with a word such as let, put or where, with
:= or in a display; and only for the lines that hold its letter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from symattn.errors import ReadError
from symattn.latex.languages import english_words
from symattn.latex.names import spelled
from symattn.latex.nodes import Name, Node, Statement, names
from symattn.latex.statement import parse
from symattn.latex.tokens import tokenize
from symattn.submission.rows import outline

MAX_DEFINITIONS = 500
MAX_USED = 8
MAX_LENGTH = 1_000
NEARBY = 600
"""How many characters behind a formula a `where` may stand."""

_EQUAL = frozenset(["=", ":=", "=="])
_SAYING = re.compile(
    r"(?<![a-z])(?:let|put|putting|set|define|defining|denote|denoting|denoted|write|writing|call|"
    r"introduce|abbreviate|choose|take|notation|where|with|here|wherein|being|i\.e)(?![a-z])",
    re.IGNORECASE,
)
_LATER = re.compile(r"(?<![a-z])(?:where|wherein|with|here|denoting|being)(?![a-z])", re.IGNORECASE)
_MATH = r"(?:\$|\\\()(?P<{}>[^$]{{1,300}}?)(?:\$|\\\))"
_FILLING = (
    r"(?:[\s~,:]|\b(?:be|denote|denotes|stand|stands|for|the|a|an|orthogonal|matrix|vector|scalar|"
    r"product|projection|projector|operator|quantity|expression|short|onto|it|equal|to|that|is)\b"
    r"){1,12}"
)
_COLUMNS = r"\s+(?:with|whose|having)\s+(?:the\s+)?columns?(?:\s+(?:are|vectors))?[\s~]+"
# `Let $P$ be the projection $..$`, `Let $A$ be the matrix with columns $..$`, `Denote $..$ by $P$`
_IN_WORDS = (
    re.compile(
        rf"\b(?:let|write|call|denote\s+by|denoting\s+by)[\s~]+{_MATH.format('name')}{_FILLING}"
        rf"(?P<columns>{_COLUMNS})?{_MATH.format('value')}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:denote|write|call|abbreviate)[\s~]+{_MATH.format('value')}[\s~]+(?:by|as)[\s~]+"
        rf"{_MATH.format('name')}",
        re.IGNORECASE,
    ),
)
_BEFORE = re.compile(
    r"\b(?:let|write|call|denote(?:\s+by)?|denoting\s+by|abbreviate)[\s~]+\Z", re.IGNORECASE
)


@dataclass(frozen=True)
class Definition:
    """What one letter of a submission stands for.

    name : the letter, in its canonical spelling.
    latex : the relation that says it, `A = S`.
    later : whether it may be said of what stands before it, as with `where`.
    """

    name: str
    latex: str
    start: int
    line: int
    question: str
    later: bool = False


def defined_letter(latex: str) -> str:
    r"""Return the letter that a relation defines, or ''.

    >>> defined_letter(r"P = S S^\top"), defined_letter("M c = v_i"), defined_letter("x < y")
    ('P', '', '')
    """
    seen = outline(latex)
    if len(seen.relations) != 1 or seen.relations[0].kind not in _EQUAL:
        return ""
    statement = _parsed(latex)
    if statement is None or len(statement.terms) != 2 or type(statement.terms[0]) is not Name:
        return ""
    name = spelled(statement.terms[0], latex)
    inside = {spelled(x, latex) for x in names(statement.terms[1])}
    return "" if name in inside else name


def names_of(latex: str) -> set[str]:
    r"""Return the letters of a formula, in their canonical spelling; none where it cannot be read.

    >>> sorted(names_of(r"k_i \approx \gamma q"))
    ['\\gamma', 'i', 'k_{i}', 'q']
    """
    statement = _parsed(latex)
    if statement is None:
        return set()
    held = (statement.terms, tuple(c.terms for c in statement.conditions))
    return {spelled(x, latex) for x in names(held)}


_SCALE = re.compile(
    r"\b(?:let|where|with|for|take|choose|here)[\s~]+(?:\$|\\\()(?P<letter>[A-Za-z]|\\[A-Za-z]+)(?:\$|\\\))"
    r"[\s~]+(?:be|is|denotes?|being)?[\s~]*(?:an?|some|any)?[\s~]*(?:very|sufficiently|arbitrarily)?[\s~]*"
    r"(?:large|big|huge)[\s~]+(?:positive[\s~]+)?(?:real[\s~]+)?"
    r"(?:constant|number|scalar|factor|parameter|real|scale)\b",
    re.IGNORECASE,
)


def scales_said(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield where a text makes a letter a large constant, and the letter.

    >>> list(scales_said("Let $c$ be a large constant."))
    [(0, 'c')]
    """
    for said in islice(_SCALE.finditer(text), MAX_DEFINITIONS):
        yield said.start(), said["letter"]


def put_for(letter: str, other: str, latex: str) -> str:
    r"""Write another letter for one, where it stands alone.

    >>> put_for("c", r"\beta", r"q = c (k_i + \cos x)")
    'q = \\beta  (k_i + \\cos x)'
    """
    pieces, at = [], 0
    for token in tokenize(latex):
        if token.text == letter and token.kind == "name":
            pieces += [latex[at : token.start], other, " "]
            at = token.end
    return "".join([*pieces, latex[at:]])


def said_inside(latex: str) -> Iterator[tuple[str, str]]:
    """Yield what the side conditions of a formula define: the letter and the relation."""
    statement = _parsed(latex) if "=" in latex else None
    for condition in statement.conditions if statement else ():
        if condition.relations in (("=",), (":=",)) and type(condition.terms[0]) is Name:
            name = spelled(condition.terms[0], latex)
            right: Node = condition.terms[1]
            yield name, f"{latex[condition.terms[0].start : right.start]}{_text(right, latex)}"


def _text(node: Node, latex: str) -> str:
    return latex[node.start : node.end]


def _parsed(latex: str) -> Statement | None:
    if len(latex) > MAX_LENGTH:
        return None
    try:
        return parse(latex)
    except ReadError:
        return None


def is_said(before: str) -> bool:
    """Tell whether the words before a formula introduce a definition.

    before : the text of the sentence up to the formula.
    """
    return _SAYING.search(_in_english(before)) is not None


def is_later(before: str) -> bool:
    """Tell whether they may speak of the formula before."""
    return _LATER.search(_in_english(before)) is not None


def _in_english(before: str) -> str:
    """The last sentence, and again with its words in English."""
    said = _sentence(before)
    return f"{said} {' '.join(english_words(said[-200:]))}"


def _sentence(before: str) -> str:
    """The last sentence, without its formulas."""
    begin = max(before.rfind(mark) for mark in (". ", ".\n", "\n\n", "; ", "\\]", "$$", "\\end{"))
    return re.sub(r"\$[^$]*\$|\\\(.*?\\\)", " ", before[max(begin, 0) :])


def in_words(text: str, at: int) -> tuple[str, str] | None:
    """Return what is defined in words round the formula that begins at `at`: letter and value."""
    said = _BEFORE.search(text, max(0, at - 40), at)
    if said is None:
        return None
    for pattern in _IN_WORDS:
        match = pattern.match(text, said.start())
        if match is None:
            continue
        name, value = match.group("name").strip(), match.group("value").strip()
        if outline(value).relations or outline(name).relations:
            continue
        return name, f"[{value}]" if match.groupdict().get("columns") else value
    return None


class OwnLetters:
    """The definitions of a document, and which of them a formula needs."""

    def __init__(self, found: Iterable[Definition]) -> None:
        self.found = sorted(found, key=lambda d: d.start)

    def says(self, start: int) -> str:
        """Return the letter that is defined at a place, or ''."""
        return next((d.name for d in self.found if d.start == start), "")

    def needed(
        self,
        latex: str,
        question: str,
        place: tuple[int, int],
        known: Collection[str],
        scales: Collection[str] = (),
    ) -> list[Definition]:
        """Return what a formula's own letters stand for, what others are made of first.

        place : where the formula begins and ends.
        known : the letters of its question, which are not defined anew.
        scales : letters that are, but only in the question itself.
        """
        statement = _parsed(latex)
        if statement is None:
            return []
        said = {name for name, _ in said_inside(latex)}
        used: dict[str, Definition] = {}
        self._add(statement, latex, question, place, known, scales, said, used)
        return list(used.values())

    def _add(
        self,
        statement: Statement,
        latex: str,
        question: str,
        place: tuple[int, int],
        known: Collection[str],
        scales: Collection[str],
        said: set[str],
        used: dict[str, Definition],
    ) -> None:
        for node in names((statement.terms, tuple(c.terms for c in statement.conditions))):
            name = spelled(node, latex)
            if name in said or node.text in said or len(used) >= MAX_USED:
                continue
            taken = name in known or (node.text in known and len(node.indices) != 2)
            if name not in scales and taken:
                continue
            found = self._of(name, question, place, name in scales)
            if found is None:
                continue
            inner = _parsed(found.latex)
            said.add(name)
            if inner is not None:
                self._add(inner, found.latex, question, place, known, scales, said, used)
            used[name] = found

    def _of(self, name: str, question: str, place: tuple[int, int], own: bool) -> Definition | None:
        """The definition of a letter that counts at a place: the last one before, or a `where`."""
        same = [d for d in self.found if d.name == name and not place[0] <= d.start < place[1]]
        here = [d for d in same if d.question == question]
        before = [d for d in here if d.start < place[0]]
        after = [d for d in here if d.later and 0 <= d.start - place[1] < NEARBY]
        if after and (own or not before):
            return after[0]
        if before:
            return before[-1]
        others: Sequence[Definition] = [d for d in same if d.start < place[0] and not own]
        return others[-1] if others else None
