r"""A submission as data: which formulas it displays, and under which question each one stands.

Nothing is run, included or evaluated.  The text is scanned once from the beginning to the end;
whatever is broken costs its own formula and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from symattn.submission.own_letters import Definition
from symattn.submission.source import Remark


@dataclass(frozen=True)
class SubmittedFormula:
    """One relation of a submission, ready to be judged.

    latex : what is judged: macros expanded, the left side of its chain carried over.
    source : as it stands in the document, between `start` and `end`.
    question : the name of its question, such as 'q1c'; empty where no heading names one.
    carried : the left side that was carried over from a row before.
    fault : why it cannot be read at all.
    asked : it stands in the question's own text, beside the answer.
    """

    latex: str
    source: str
    start: int
    end: int
    line: int
    kind: Literal["display", "inline"]
    question: str
    heading: str
    carried: str = ""
    fault: str = ""
    asked: bool = False


@dataclass(frozen=True)
class Document:
    """The text of a submission, its formulas in their order, and what is to be said of it.

    definitions : what it says its own letters stand for.
    prose : question -> what stands under it beside its formulas.
    """

    text: str
    formulas: tuple[SubmittedFormula, ...]
    remarks: tuple[Remark, ...] = ()
    questions: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    prose: Mapping[str, str] = field(default_factory=dict)
