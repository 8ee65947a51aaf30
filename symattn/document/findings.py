"""What is found in a document: one finding for each link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from symattn.check.verdict import Verdict
from symattn.submission.source import Remark

Outcome = Literal["follows", "does not follow", "undecided", "unread", "introduced here"]


@dataclass(frozen=True)
class LinkFinding:
    """One link: where it stands, what is said of it, and how it was read."""

    line: int
    start: int
    end: int
    left: str
    relation: str
    right: str
    outcome: Outcome
    verdict: Verdict
    read_as: str = ""
    nearest: str = ""

    @property
    def latex(self) -> str:
        return f"{self.left} {SIGNS.get(self.relation, self.relation)} {self.right}"

    def to_json(self) -> dict[str, Any]:
        found = self.verdict.to_json()
        return {
            "line": self.line,
            "start": self.start,
            "end": self.end,
            "latex": self.latex,
            "outcome": self.outcome,
            "read_as": self.read_as,
            "nearest": self.nearest,
            **{
                key: found[key]
                for key in ("verdict", "code", "reason", "counterexample", "assumptions")
            },
        }


SIGNS = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne", "~~": r"\approx", "->": r"\to", ":=": ":="}


@dataclass(frozen=True)
class Paper:
    """A document with what was found of each of its links."""

    name: str
    text: str
    findings: tuple[LinkFinding, ...]
    remarks: tuple[Remark, ...] = ()

    def counts(self) -> dict[str, int]:
        found = dict.fromkeys(
            ("follows", "does not follow", "undecided", "unread", "introduced here"), 0
        )
        for one in self.findings:
            found[one.outcome] += 1
        return found

    @property
    def exit_status(self) -> int:
        """0 when nothing is wrong, 1 for a link that does not follow, 2 where there is no link."""
        if not self.findings:
            return 2
        return 1 if self.counts()["does not follow"] else 0

    def to_json(self) -> dict[str, Any]:
        """Return plain data: the counts, every link in its order, and the remarks."""
        return {
            "document": self.name,
            "exit_status": self.exit_status,
            "counts": self.counts(),
            "links": [one.to_json() for one in self.findings],
            "remarks": [{"line": r.line, "text": r.text} for r in self.remarks],
        }
