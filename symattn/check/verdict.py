"""A verdict: one of five words, a stable code, and the evidence for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Word = Literal["proved", "confirmed", "refuted", "undecided", "unread"]
Kind = Literal["proof", "numbers", "reading"]

WORDS: tuple[Word, ...] = ("proved", "confirmed", "refuted", "undecided", "unread")


@dataclass(frozen=True)
class Evidence:
    """What one kind of check found: `data` is plain JSON, enough to repeat the check."""

    kind: Kind
    verdict: Word
    code: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "verdict": self.verdict,
            "code": self.code,
            "text": self.text,
            "data": dict(self.data),
        }


@dataclass(frozen=True)
class Counterexample:
    """One concrete instance where the two sides differ beyond rounding.

    `instance` maps each symbol to a number or nested lists; `left` and `right` are the two values.
    """

    instance: Mapping[str, Any]
    left: Any
    right: Any
    text: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "instance": dict(self.instance),
            "left": self.left,
            "right": self.right,
            "text": self.text,
        }


@dataclass(frozen=True)
class Verdict:
    """What symattn says of a formula, and why.

    >>> v = Verdict("proved", "identity-proved", "the difference is identically zero")
    >>> v.passed, str(v)
    (True, 'proved (identity-proved): the difference is identically zero')
    """

    verdict: Word
    code: str
    reason: str
    evidence: tuple[Evidence, ...] = ()
    counterexample: Counterexample | None = None
    assumptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.verdict not in WORDS:
            raise ValueError(f"a verdict is one of {', '.join(WORDS)}, not {self.verdict!r}")

    @property
    def passed(self) -> bool:
        """True for `proved` and `confirmed` only."""
        return self.verdict in ("proved", "confirmed")

    def __str__(self) -> str:
        return f"{self.verdict} ({self.code}): {self.reason}"

    def to_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "code": self.code,
            "reason": self.reason,
            "evidence": [e.to_json() for e in self.evidence],
            "counterexample": self.counterexample.to_json() if self.counterexample else None,
            "assumptions": list(self.assumptions),
        }

    def _repr_html_(self) -> str:
        from html import escape

        return f"<b>{self.verdict}</b> <code>{self.code}</code> {escape(self.reason)}"


def combine(evidence: Iterable[Evidence], assumptions: Iterable[str] = ()) -> Verdict:
    """Return the verdict that the evidence carries, and no more.

    Any refutation refutes; unread LaTeX is never a pass; a proof proves, unless the claim has no
    finite value anywhere; numbers alone confirm, but not a limit that was decided to be another:
    they tell 0 from 1/1000 no better than their tolerance.

    >>> combine([Evidence("numbers", "confirmed", "agree", "60 instances agree")]).verdict
    'confirmed'
    >>> combine([]).code
    'no-evidence'
    """
    found = tuple(evidence)
    order = {
        "refuted": [e for e in found if e.verdict == "refuted"],
        "unread": [e for e in found if e.kind == "reading" and e.verdict != "confirmed"],
        "proved": [e for e in found if e.kind == "proof" and e.verdict == "proved"],
        "confirmed": [e for e in found if e.kind == "numbers" and e.verdict == "confirmed"],
        "undecided": [e for e in found if e.verdict == "undecided"],
    }
    if any(e.code == "nowhere-defined" for e in found):
        order["proved"] = []
    if any(e.kind == "proof" and e.code == "wrong-limit" for e in found):
        order["confirmed"] = []
    word: Word
    for word in ("refuted", "unread", "proved", "confirmed", "undecided"):
        if order[word]:
            lead = order[word][0]
            return Verdict(word, lead.code, lead.text, found, None, tuple(assumptions))
    return Verdict("undecided", "no-evidence", "no check was made", found, None, tuple(assumptions))
