"""A submission in one line: how much of it is right, and which lines a teacher has to look at."""

from __future__ import annotations

from dataclasses import dataclass

from symattn.errors import visible
from symattn.pages.spoken import shortened
from symattn.submission.marks import IN_WORDS, MISSING, NOT, RIGHT, Marked, Marking

MAX_TEXT = 70


@dataclass(frozen=True)
class Look:
    """What is not right in one question: the first line of it, and how many more there are.

    line : 0 where no line can be named.
    """

    question: str
    line: int
    text: str
    more: int = 0

    @property
    def place(self) -> str:
        """The question and the line."""
        return " ".join(filter(None, [self.question, f"line {self.line}" if self.line else ""]))

    @property
    def said(self) -> str:
        """What is to look at, and how much more of it there is."""
        return self.text + (f" (and {self.more} more)" if self.more else "")

    def __str__(self) -> str:
        return ": ".join(filter(None, [self.place, self.said]))


def looks(marking: Marking) -> tuple[Look, ...]:
    """Return what has to be looked at, question by question; nothing where all is right.

    >>> [str(look) for look in looks(Marking("a.tex", error="a.tex is empty"))]
    ['a.tex is empty']
    """
    if marking.error:
        return (Look("", 0, marking.error),)
    if not marking.questions:
        if not marking.marks:
            return (Look("", 0, "no formula is found"),)
        return (Look("", marking.marks[0].formula.line, "no heading names a question"),)
    found = []
    for summary in marking.questions:
        marks = [m for m in marking.marks if m.formula.question == summary.question]
        amiss = [m for m in marks if m.group not in (RIGHT, NOT)]
        amiss.sort(key=lambda m: m.about != "unknown")  # what is asked for comes first
        if amiss:
            first = amiss[0]
            said = _said(first)
            found.append(Look(summary.question, first.formula.line, said, len(amiss) - 1))
        elif summary.state == IN_WORDS:
            found.append(Look(summary.question, 0, "answered in words: read it yourself"))
        elif summary.state == MISSING:
            found.append(Look(summary.question, 0, "no formula says what is asked for"))
    return tuple(found)


def right_of(marking: Marking) -> str:
    """Return how many of the questions are right.

    >>> right_of(Marking("a.tex"))
    '0 of 0'
    """
    right = sum(q.state == RIGHT for q in marking.questions)
    return f"{right} of {len(marking.questions)}"


def sentence(marking: Marking, most: int = 100) -> str:
    """Return one line on a submission, with at most so many places.

    >>> sentence(Marking("a.tex"))
    '0 of 0 right; no formula is found'
    """
    places = looks(marking)
    if marking.error:
        return visible(marking.error, 200)
    said = [f"{right_of(marking)} right", *(str(look) for look in places[:most])]
    if len(places) > most:
        said.append("…")
    return "; ".join(said)


def _said(mark: Marked) -> str:
    """A verdict in a few words; for what is refuted, the nearest right answer if there is one."""
    finding = mark.finding
    return f"{finding.verdict}, {shortened(visible(finding.nearest or finding.reason, 2_000), MAX_TEXT)}"
