"""What is said of a whole line: its verdict, and what is needed to mark it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symattn.check.verdict import Verdict

SCHEMA = 1
"""The version of what `Judgement.to_json` returns; it changes when a field changes its meaning."""

EXIT = {"proved": 0, "confirmed": 0, "refuted": 1, "unread": 2, "undecided": 3}


@dataclass(frozen=True)
class Judgement(Verdict):
    """The verdict on a line, with what is needed to mark it.

    question, latex : what was asked and what was written.
    links : each relation of the line with its own verdict.
    read_as : how it was read, in the question's own notation; empty for what was not read.
    nearest : what one change would make of a refuted line: `right with a factor 2`.
    position, caret : where the line could not be read; None and empty otherwise.
    """

    question: str = ""
    latex: str = ""
    links: tuple[tuple[str, Verdict], ...] = ()
    read_as: str = ""
    nearest: str = ""
    position: int | None = None
    caret: str = ""

    @property
    def exit_status(self) -> int:
        """0 right, 1 wrong, 2 unread, 3 undecided."""
        return EXIT[self.verdict]

    def to_json(self) -> dict[str, Any]:
        """Return plain data, as `verdict.schema.json` describes it."""
        return {
            "schema": SCHEMA,
            "question": self.question,
            "latex": self.latex,
            **super().to_json(),
            "passed": self.passed,
            "read_as": self.read_as,
            "nearest": self.nearest,
            "position": self.position,
            "caret": self.caret,
            "links": [
                {"latex": text, "verdict": v.verdict, "code": v.code, "reason": v.reason}
                for text, v in self.links
            ],
        }
