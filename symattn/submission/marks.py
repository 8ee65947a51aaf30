"""What became of a submission, as data: each relation with its verdict, each question, the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from symattn.submission.document import SubmittedFormula
from symattn.submission.judging import Finding
from symattn.submission.source import Remark

SCHEMA = 1
"""The version of what `to_json` returns; it changes when a field changes its meaning or goes."""

NOT = "not judged"
RIGHT, PARTLY, WRONG, UNDECIDED, UNREAD, IN_WORDS, MISSING = (
    "right", "partly right", "wrong", "undecided", "unread", "in words", "missing",
)  # fmt: skip
STATES = {
    RIGHT: "what is asked for is right, or all that is judged where nothing is sought",
    PARTLY: "what is asked for is right, and another line is refuted",
    WRONG: "refuted",
    UNDECIDED: "neither proved nor refuted; not a pass",
    UNREAD: "the formula could not be read; not a pass",
    IN_WORDS: "answered in words, which are not judged: read it yourself",
    MISSING: "nothing says what the question asks for",
}
GROUPS = {"proved": RIGHT, "confirmed": RIGHT, "refuted": WRONG}


@dataclass(frozen=True)
class Marked:
    """One relation of a submission with its verdict; 'not judged' for what is none of ours.

    about : 'unknown' where the line gives what the question asks for, else ''.
    finding : the verdict with its evidence.
    note : what was done with the line before it was judged.
    """

    formula: SubmittedFormula
    finding: Finding
    about: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        return self.finding.verdict

    @property
    def judged(self) -> bool:
        return self.finding.verdict != NOT

    @property
    def group(self) -> str:
        """right, wrong, undecided, unread or not judged."""
        return GROUPS.get(self.finding.verdict, self.finding.verdict)

    def to_json(self) -> dict[str, Any]:
        formula, finding = self.formula, self.finding
        return {
            "line": formula.line,
            "question": formula.question or None,
            "heading": formula.heading,
            "kind": formula.kind,
            "latex": formula.latex,
            "source": formula.source,
            "carried": formula.carried or None,
            "about": self.about or None,
            "verdict": finding.verdict,
            "code": finding.code,
            "reason": finding.reason,
            "read_as": finding.read_as,
            "nearest": finding.nearest,
            "assumptions": list(finding.assumptions),
            "counterexample": finding.counterexample,
            "note": self.note,
        }


@dataclass(frozen=True)
class Summary:
    """One question of a submission: its state, and how many relations have which verdict."""

    question: str
    state: str
    counts: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        return {"question": self.question, "state": self.state, "counts": dict(self.counts)}


@dataclass(frozen=True)
class Marking:
    """What became of one file.

    error : why the file could not be judged at all, in one sentence.
    page : the annotated copy in HTML, if it was asked for.
    """

    name: str
    marks: tuple[Marked, ...] = ()
    questions: tuple[Summary, ...] = ()
    remarks: tuple[Remark, ...] = ()
    error: str = ""
    page: str = field(default="", repr=False)

    @property
    def state(self) -> str:
        """The worst of the questions' states; 'unread' where nothing was judged."""
        states = {q.state for q in self.questions}
        if any(m.group == WRONG for m in self.marks):
            return PARTLY if states & {RIGHT, PARTLY} else WRONG
        if any(m.group == UNDECIDED for m in self.marks):
            states.add(UNDECIDED)
        for state in (UNREAD, UNDECIDED, IN_WORDS, MISSING):
            if state in states:
                return state
        return RIGHT if RIGHT in states else UNREAD

    @property
    def exit_status(self) -> int:
        """0 all right, 1 some wrong, 2 unread, missing or bad input, 3 undecided or in words."""
        if self.error:
            return 2
        return {RIGHT: 0, WRONG: 1, PARTLY: 1, UNDECIDED: 3, IN_WORDS: 3}.get(self.state, 2)

    def counts(self) -> dict[str, int]:
        """Return how many relations are right, wrong, undecided, unread, not judged."""
        return counted(self.marks)

    def to_json(self) -> dict[str, Any]:
        """Return plain data; the fields are those of schema 1."""
        return {
            "name": self.name,
            "state": self.state if not self.error else "error",
            "exit_status": self.exit_status,
            "error": self.error or None,
            "counts": self.counts(),
            "questions": [q.to_json() for q in self.questions],
            "marks": [m.to_json() for m in self.marks],
            "remarks": [{"line": r.line, "text": r.text} for r in self.remarks],
        }


def counted(marks: Iterable[Marked]) -> dict[str, int]:
    """Return how many relations are right, wrong, undecided, unread, not judged."""
    counts = dict.fromkeys([RIGHT, WRONG, UNDECIDED, UNREAD, NOT], 0)
    for mark in marks:
        counts[mark.group] += 1
    return counts
