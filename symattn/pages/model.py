"""What a page shows, as plain data: strings only, nothing left to compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from symattn.spans import Prose, Span

__all__ = [
    "Answer",
    "Bars",
    "Block",
    "ClaimRow",
    "Curve",
    "Display",
    "Figure",
    "Mark",
    "Page",
    "Prose",
    "Section",
    "Shown",
    "Span",
    "StepLine",
]


@dataclass(frozen=True)
class Display:
    """A formula on lines of its own, with a number if the page refers to it.

    rows : aligned at the first relation of each, as pairs (left, relation and right): one pair for
        a plain equation, more for a chain or a long one.
    given : what it assumes besides what the question gives.
    """

    label: str
    rows: tuple[tuple[str, str], ...]
    claim: str
    verdict: str
    given: Prose = ()


@dataclass(frozen=True)
class StepLine:
    """One derivation step: what it starts from, the named rule, what the rule computed.

    left : in lines; none when the step starts from what the one before it computed.
    relation : '=' for a rule that keeps the value, and an arrow for one that does not.
    """

    left: tuple[str, ...]
    rule: str
    right: tuple[str, ...]
    relation: str = "="


@dataclass(frozen=True)
class Curve:
    """A line through points (x, y)."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    label: str
    style: Literal["line", "dashed", "dots", "rings"] = "line"


@dataclass(frozen=True)
class Bars:
    """A histogram: n + 1 edges and n heights (a density)."""

    edges: tuple[float, ...]
    heights: tuple[float, ...]
    label: str


@dataclass(frozen=True)
class Mark:
    """A labelled vertical line at x."""

    x: float
    label: str


@dataclass(frozen=True)
class Figure:
    """A plot as data; labels may hold formulas, $...$.

    at : the parameters at which it is drawn, LaTeX name -> value; the caption states them.
    cells : rows of shares from 0 to 1, drawn as a map with the first row on top; the axes count them.
    """

    name: str
    title: str
    xlabel: str
    ylabel: str
    curves: tuple[Curve, ...]
    bars: tuple[Bars, ...] = ()
    marks: tuple[Mark, ...] = ()
    caption: Prose = ()
    xlog: bool = False
    ylog: bool = False
    at: Mapping[str, float] = field(default_factory=dict)
    cells: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True)
class ClaimRow:
    """A claim with its verdict; `evidence` is a line for each kind of evidence.

    takes_up : the claims before it whose right side stands in it.
    steps : the places of its steps among the question's, from 1.
    """

    name: str
    latex: str
    verdict: str
    code: str
    reason: str
    evidence: tuple[str, ...]
    assumptions: tuple[Prose, ...]
    takes_up: tuple[str, ...] = ()
    steps: tuple[int, ...] = ()


@dataclass(frozen=True)
class Block:
    """A piece of the explanation: a paragraph, or a numbered formula."""

    prose: Prose = ()
    display: Display | None = None


@dataclass(frozen=True)
class Answer:
    """One part of a question as the sheet shows it: statement, answer first, why, how verified."""

    name: str
    label: str
    points: int
    statement: Prose
    answer: tuple[Block, ...]
    explanation: tuple[Block, ...]
    verified: Prose
    figures: tuple[Figure, ...] = ()
    steps: tuple[StepLine, ...] = ()
    claims: tuple[ClaimRow, ...] = ()


@dataclass(frozen=True)
class Shown:
    """All that one question gives to a page and to the report; no other question is in it.

    letters : what each letter stands for, as it is printed.
    computed : whether it has steps.
    plan : the seed, the number of instances and their sizes.
    drawings : figure -> (SVG text, PDF bytes).
    """

    answer: Answer
    report: Mapping[str, Any]
    letters: Mapping[str, str]
    computed: bool
    plan: Mapping[str, Any]
    drawings: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether each claim is proved or confirmed, and every formula read back."""
        return bool(self.report["passed"])

    @property
    def tally(self) -> dict[str, int]:
        """How many claims have which verdict."""
        found: dict[str, int] = {}
        for claim in self.report["claims"]:
            found[claim["verdict"]] = found.get(claim["verdict"], 0) + 1
        return found


@dataclass(frozen=True)
class Section:
    """A question of the sheet: its statement and its parts; `note` for one that is not answered."""

    title: str
    statement: tuple[Block, ...]
    answers: tuple[Answer, ...] = ()
    note: Prose = ()


@dataclass(frozen=True)
class Page:
    """The whole answer sheet.

    names : who hands it in, and for which course.
    checked : the closing table, its head first.
    drawings : figure -> (SVG text, PDF bytes).
    """

    title: str
    intro: Prose
    sections: tuple[Section, ...]
    points: Prose
    notation: tuple[Block, ...] = ()
    names: tuple[str, ...] = ()
    checked: tuple[tuple[str, ...], ...] = ()
    report: dict[str, Any] = field(default_factory=dict)
    drawings: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
