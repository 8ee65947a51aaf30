r"""A submission as data: which formulas it displays, and under which question each one stands.

Nothing is run, included or evaluated.  The text is scanned once from the beginning to the end;
whatever is broken costs its own formula and no other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from symattn.submission.source import Remark, load, source

if TYPE_CHECKING:
    from symattn.submission.own_letters import Definition


@dataclass(frozen=True)
class SubmittedFormula:
    """One relation of a submission, ready to be judged.

    latex : what is judged: macros expanded, the left side of its chain carried over.
    source : as it stands in the document, between `start` and `end`.
    question : the name of its question, such as 'q1c'; empty where no heading names one.
    carried : the left side that was carried over from a row before.
    fault : why it cannot be read at all.
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


@dataclass(frozen=True)
class Document:
    """The text of a submission, its formulas in their order, and what is to be said of it.

    definitions : what it says its own letters stand for.
    """

    text: str
    formulas: tuple[SubmittedFormula, ...]
    remarks: tuple[Remark, ...] = ()
    questions: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()


def read_document(
    path: Path | str, known: Collection[str] = (), mapped: Mapping[str, str] | None = None
) -> Document:
    """Read a .tex or .md file.

    known : the names of the questions that there are.
    mapped : the words of a heading -> the name of its question; '*' for where no heading stands.

    Raises
    ------
    SubmissionError : it is no text, too large, empty, or cannot be read.
    """
    from symattn.submission.scan import Scan

    return Scan(load(path), known, mapped).document()


def read_source(
    text: str,
    known: Collection[str] = (),
    mapped: Mapping[str, str] | None = None,
    *,
    markdown: bool = False,
) -> Document:
    """Read a submission from its text; see `read_document`."""
    from symattn.submission.scan import Scan

    return Scan(source(text, markdown=markdown), known, mapped).document()
