"""What a page shows, as plain data: strings only, nothing left to compute."""

from __future__ import annotations

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
    "Span",
    "StepLine",
]


@dataclass(frozen=True)
class Display:
    """A numbered formula. `rows` are aligned at the first relation of each row, as pairs
    (left, relation and right): one pair for a plain equation, more for a chain.
    """

    label: str
    rows: tuple[tuple[str, str], ...]
    claim: str
    verdict: str


@dataclass(frozen=True)
class StepLine:
    """One derivation step: what it starts from, the named rule, what the rule computed.

    `relation` is '=' for a rule that keeps the value, and an arrow for one that does not.
    """

    left: str
    rule: str
    right: str
    relation: str = "="


@dataclass(frozen=True)
class Curve:
    """A line through points (x, y)."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    label: str
    style: Literal["line", "dashed", "dots"] = "line"


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
    """A plot as data; labels may hold $...$ in matplotlib's mathtext."""

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


@dataclass(frozen=True)
class ClaimRow:
    """A claim with its verdict; `evidence` is a line for each kind of evidence."""

    name: str
    latex: str
    verdict: str
    code: str
    reason: str
    evidence: tuple[str, ...]
    assumptions: tuple[Prose, ...]


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
class Section:
    """A question of the sheet: its statement and its parts; `note` for one that is not answered."""

    title: str
    statement: tuple[Block, ...]
    answers: tuple[Answer, ...] = ()
    note: Prose = ()


@dataclass(frozen=True)
class Page:
    """The whole answer sheet."""

    title: str
    intro: Prose
    sections: tuple[Section, ...]
    points: Prose
    notation: tuple[Block, ...] = ()
    report: dict[str, Any] = field(default_factory=dict)
