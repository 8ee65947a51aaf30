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

from symattn.errors import OutputError
from symattn.pages.template import html_template
from symattn.submission.marks import STATES, Marked, Marking
from symattn.submission.source import visible
from symattn.submission.summary import looks, right_of

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
    )


def render_index(markings: Sequence[tuple[Marking, str]]) -> str:
    """Return the page of a class: each file with the name of its page, and its questions."""
    questions = sorted({q.question for m, _ in markings for q in m.questions})
    rows = [
        (
            marking,
            page,
            {q.question: q for q in marking.questions},
            looks(marking),
            right_of(marking),
        )
        for marking, page in markings
    ]
    return html_template(TEMPLATES, "class.html.j2").render(
        rows=rows, questions=questions, states=STATES, visible=visible
    )


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
