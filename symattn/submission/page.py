"""The annotated copy: the source of a submission with the verdicts in its margin, as one page.

The page fetches nothing and runs nothing, and all that strangers wrote is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from symattn.errors import OutputError, visible
from symattn.pages.spoken import told, told_reading
from symattn.pages.template import html_template
from symattn.submission.judging import Finding
from symattn.submission.marks import (
    IN_WORDS,
    STATES,
    UNDECIDED,
    UNREAD,
    WRONG,
    Marked,
    Marking,
)
from symattn.submission.summary import Look, looks, right_of

TEMPLATES = Path(__file__).parent / "templates"
MAX_LINES = 20_000
MAX_WIDTH = 2_000
MAX_SHOWN = 1_000


@dataclass(frozen=True)
class Piece:
    """Some text of a line; `group` is the verdict's, '' for what is no formula."""

    text: str
    group: str = ""


@dataclass(frozen=True)
class SourceLine:
    """A line of the source with the marks of the formulas that begin on it."""

    number: int
    pieces: tuple[Piece, ...]
    marks: tuple[Marked, ...]


def render(text: str, marking: Marking) -> str:
    """Return the page for one file.

    >>> page = render("<b>", Marking("x.tex"))
    >>> "&lt;b&gt;" in page, "<script" in page
    (True, False)
    """
    lines = source_lines(text, marking.marks)
    return html_template(TEMPLATES, "submission.html.j2").render(
        marking=marking,
        name=visible(marking.name),
        lines=lines[:MAX_LINES],
        cut=len(lines) - MAX_LINES,
        states=STATES,
        looks=looks(marking),
        right=right_of(marking),
        formula=formula,
        instance=instance,
        visible=visible,
        told=told,
        told_reading=told_reading,
        told_name=told_name,
    )


def told_name(name: str) -> str:
    """Return the name of a letter as a formula, and a word as a word."""
    return told(f"${name}$" if len(name) == 1 or "\\" in name else name)


def render_feedback(marking: Marking, *, answers: bool = False) -> str:
    """Return a page that can be given to the student: each line right, or wrong and at which numbers.

    answers : also what would be right, which can give away the answer.
    """
    parts = [
        (q, [m for m in marking.marks if m.formula.question == q.question and m.judged])
        for q in marking.questions
    ]
    return html_template(TEMPLATES, "feedback.html.j2").render(
        marking=marking,
        name=visible(marking.name),
        parts=parts,
        states=STATES,
        answers=answers,
        formula=formula,
        source=lambda mark: told(f"${visible(mark.formula.latex, MAX_SHOWN)}$"),
        instance=instance,
        against=_against,
        told=told,
        told_name=told_name,
        visible=visible,
    )


def _against(mark: Marked) -> str:
    """What speaks against a line and says nothing of what would be right."""
    finding = mark.finding
    shown = (finding.counterexample or {}).get("text")
    return str(shown or (finding.reason if finding.code == "shape-mismatch" else ""))


@dataclass(frozen=True)
class ClassRow:
    """A submission on the page of a class; `human` where a person has to look at it."""

    marking: Marking
    page: str
    states: dict[str, str]
    classes: str
    human: bool

    @property
    def state(self) -> str:
        return "error" if self.marking.error else self.marking.state

    @property
    def right(self) -> str:
        return right_of(self.marking)

    @property
    def looks(self) -> tuple[Look, ...]:
        return looks(self.marking)


@dataclass(frozen=True)
class SameLine:
    """A wrong line that several submissions have; places are (file, page, line)."""

    question: str
    shown: str
    finding: Finding
    places: tuple[tuple[str, str, int], ...]


SHOWN_STATES = (*STATES, "error")
HUMAN = frozenset([UNDECIDED, UNREAD, IN_WORDS, "error"])


def render_index(markings: Sequence[tuple[Marking, str]]) -> str:
    """Return the page of a class: what a person has to look at first, each with the name of its page."""
    questions = sorted({q.question for m, _ in markings for q in m.questions})
    rows = [_row(marking, page, questions) for marking, page in markings]
    rows.sort(key=lambda row: not row.human)
    return html_template(TEMPLATES, "class.html.j2").render(
        rows=rows,
        groups=same_lines(markings),
        questions=questions,
        states=STATES,
        shown_states=SHOWN_STATES,
        told=told,
        visible=visible,
    )


def _row(marking: Marking, page: str, questions: Sequence[str]) -> ClassRow:
    states = {q.question: q.state for q in marking.questions}
    state = "error" if marking.error else marking.state
    every = [state, *(states.get(q, "") for q in questions)]
    numbered = {name: at for at, name in enumerate(SHOWN_STATES, 1)}
    classes = " ".join(f"is-{at}-{numbered[s]}" for at, s in enumerate(every) if s)
    return ClassRow(marking, page, states, classes, bool(HUMAN & set(every)))


def same_lines(markings: Sequence[tuple[Marking, str]]) -> list[SameLine]:
    """Return the wrong lines that more than one submission has, the most frequent first.

    Lines are the same where they are read as the same: a letter of their own for the scale, and
    another way of writing, make no other line.
    """
    found: dict[tuple[str, str], list[tuple[Marked, tuple[str, str, int]]]] = {}
    for marking, page in markings:
        seen = set()
        for mark in marking.marks:
            told_as = mark.finding.read_as or "".join(mark.formula.latex.split())
            key = (mark.formula.question, told_as)
            if mark.group == WRONG and key not in seen:
                seen.add(key)
                place = (marking.name, page, mark.formula.line)
                found.setdefault(key, []).append((mark, place))
    rows = [
        SameLine(
            question,
            told_reading(first.finding.read_as) if first.finding.read_as else formula(first),
            first.finding,
            tuple(place for _, place in places),
        )
        for (question, _), places in found.items()
        for first in [places[0][0]]
        if len(places) > 1
    ]
    return sorted(rows, key=lambda row: -len(row.places))


_HIDING = re.compile(r"\\[hv]?phantom|\\smash|\\[lrc]lap|\\rule")


def formula(mark: Marked) -> str:
    """Return a formula as MathML, or '' where it was not read or cannot be shown so."""
    read = mark.judged and mark.group != "unread"
    return shown(mark.formula.latex) if read else ""


def shown(latex: str) -> str:
    """Return LaTeX as MathML, or '' where it cannot be shown so."""
    from markupsafe import Markup

    from symattn.pages import mathml

    plain = len(latex) <= MAX_SHOWN and latex.replace("\n", " ").isprintable()
    if not plain or _HIDING.search(latex):
        return ""
    try:
        return Markup(mathml.display((("", latex),)))  # it writes every text escaped
    except (OutputError, RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return ""  # the source stands beside it


def instance(mark: Marked) -> dict[str, str]:
    """Return what a counterexample puts in, a short text for each letter."""
    found = mark.finding.counterexample
    return values_of(found["instance"] if found else {})


def values_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a counterexample as short texts."""
    return {visible(str(name), 40): _number(value) for name, value in values.items()}


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return visible("(" + ", ".join(map(_number, value)) + ")", 400)
    return visible(str(value), 400)


def source_lines(text: str, marks: Sequence[Any]) -> list[SourceLine]:
    """Cut the source into lines, and each line where formulas begin and end."""
    ordered = sorted((m for m in marks), key=lambda m: (m.formula.start, m.formula.end))
    found: list[SourceLine] = []
    begin = first = 0
    for number, line in enumerate(text.split("\n"), 1):
        end = begin + len(line)
        while first < len(ordered) and ordered[first].formula.end <= begin:
            first += 1
        pieces: list[Piece] = []
        at = begin
        here: list[Marked] = []
        for mark in islice(ordered, first, None):
            start, stop = mark.formula.start, mark.formula.end
            if start > end:
                break
            if mark.formula.line == number:
                here.append(mark)
            start, stop = max(start, at), min(stop, end)
            if start >= stop:
                continue
            if start > at:
                pieces.append(_piece(text[at:start]))
            pieces.append(_piece(text[start:stop], mark.group))
            at = stop
        pieces.append(_piece(text[at:end]))
        found.append(SourceLine(number, tuple(p for p in pieces if p.text), tuple(here)))
        if number > MAX_LINES:
            rest = text.count("\n", end)
            found += [SourceLine(0, (), ())] * max(0, rest - 1)
            break
        begin = end + 1
    return found


def _piece(text: str, group: str = "") -> Piece:
    shown = text if len(text) <= MAX_WIDTH else text[: MAX_WIDTH - 1] + "…"
    kept = "".join(
        c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in shown
    )
    return Piece(kept, group.replace(" ", "-"))
