"""An assignment text as data: questions, parts, points, statements.

The text mixes dollars, bare TeX, markdown bullets and struck-out readings.  It is never changed; a
statement is normalised into spans when it is parsed, so that every page can typeset it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from symattn.errors import SymattnError, UnknownName
from symattn.layouts import pointed, strict
from symattn.spans import Prose, Span

MAX_BYTES = 1_000_000


class SheetError(SymattnError):
    """An assignment text that cannot be parsed; the message names the line."""


@dataclass(frozen=True)
class PrintedReading:
    """One printed way to read a garbled statement; `struck` for the one that is struck out."""

    latex: str
    struck: bool


@dataclass(frozen=True)
class Part:
    """One part of a question: `name` is 'q1a', `label` '(a)'; `text` is the source as it stands."""

    name: str
    label: str
    points: int
    statement: Prose
    text: str

    @property
    def readings(self) -> tuple[PrintedReading, ...]:
        """The formula before each struck-out one, and that one; empty where nothing is struck."""
        found: list[PrintedReading] = []
        before: str | None = None
        for span in self.statement:
            if span.kind in ("math", "display"):
                before = span.body
            elif span.kind == "strikemath":
                if before is not None:
                    found.append(PrintedReading(before, struck=False))
                    before = None
                found.append(PrintedReading(span.body, struck=True))
        return tuple(found)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, or an item of a list."""

    prose: Prose
    bullet: bool = False


@dataclass(frozen=True)
class Problem:
    """A question of the sheet, with what it says before its parts."""

    number: int
    title: str
    preamble: tuple[Paragraph, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Sheet:
    """A whole assignment. `grading` holds pairs (points from which on, grade), in rising order.

    author, course : who hands it in and what for, where the text says it.
    """

    title: str
    grading: tuple[tuple[int, int], ...]
    intro: tuple[Paragraph, ...]
    sections: tuple[Problem, ...]
    author: str = ""
    course: str = ""

    @property
    def parts(self) -> Mapping[str, Part]:
        """All parts by name, in the order of the sheet."""
        return {part.name: part for section in self.sections for part in section.parts}

    @property
    def points(self) -> int:
        """The points of all parts together."""
        return sum(part.points for part in self.parts.values())

    def part(self, name: str) -> Part:
        """Return a part.

        Raises
        ------
        UnknownName : with the names that there are.
        """
        try:
            return self.parts[name]
        except KeyError:
            known = ", ".join(self.parts)
            raise UnknownName(f"no question {name!r} on this sheet", f"there are {known}") from None

    def grade(self, points: int) -> int | None:
        """Return the grade for that many points, None if they are too few for any.

        >>> Sheet("", ((30, 3), (50, 4)), (), ()).grade(49)
        3
        """
        reached = [grade for least, grade in self.grading if points >= least]
        return reached[-1] if reached else None


# ----------------------------------------------------------------------------------------- parsing

_HEADING = re.compile(r"Q (\d+)\. (\S.*)")
_PART = re.compile(r"- \(([a-z])\)(?: \((\d+) points?\))?(?! \([^)]*points?\))(.*)")
_GRADE = re.compile(r"- (\d+) points? - (\d+)")


@dataclass
class _Lines:
    """The lines that belong together, joined, with the number of the first."""

    number: int
    lines: list[str]
    bullet: bool = False

    @property
    def text(self) -> str:
        return " ".join(line.strip() for line in self.lines if line.strip())


def read_sheet(path: Path) -> Sheet:
    """Parse an assignment text from a file.

    Raises
    ------
    SheetError : if it cannot be read or parsed; the message names the line.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SheetError(f"{path} cannot be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise SheetError(f"{path} has {len(raw)} bytes; an assignment has at most {MAX_BYTES}")
    try:
        return parse_sheet(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SheetError(f"{path}: line {line}: not UTF-8 text") from None
    except SheetError as error:
        raise SheetError(f"{path}: {error.message}", error.hint) from None


@lru_cache(maxsize=16)
def parse_sheet(text: str) -> Sheet:
    r"""Parse an assignment text.

    Raises
    ------
    SheetError : if it cannot be parsed; the message names the line.

    >>> sheet = parse_sheet("- 1 point - 3\n\nQ 1. Vectors\n\n- (a) (2 points) Is $q$ one?\n")
    >>> sheet.title, sheet.parts["q1a"].points, sheet.grade(2)
    ('Vectors', 2, 3)
    """
    lines, facts = strict(text)
    blocks = list(_blocks(lines))
    headings = [k for k, block in enumerate(blocks) if _begins(block, "Q")]
    if not headings:
        raise SheetError(
            "the text has no question",
            "a question begins with a line 'Q 1. Title', '## 1. Title' or '\\section{Title}'",
        )
    grading, intro = _grading(blocks[: headings[0]])
    sections = [
        _problem(blocks[start:end])
        for start, end in zip(headings, [*headings[1:], len(blocks)], strict=True)
    ]
    numbers = [section.number for section in sections]
    for k, number in enumerate(numbers):
        if number in numbers[:k]:
            raise _error(blocks[headings[k]], f"question {number} is there twice")
    title = facts.get("title") or sections[0].title
    author, course = facts.get("author", ""), facts.get("course", "")
    return Sheet(title, grading, intro, tuple(sections), author, course)


def _blocks(lines: list[str]) -> Iterator[_Lines]:
    """Split into headings, list items and paragraphs; a part runs to the next part or heading."""
    current: _Lines | None = None
    for number, line in enumerate(lines, 1):
        bullet = line.startswith("- ")
        heading = re.match(r"Q\s*[\d?]", line) is not None
        in_part = current is not None and _begins(current, "- (")
        if bullet or heading or (not line.strip() and not in_part):
            if current:
                yield current
            current = _Lines(number, [line], bullet) if bullet or heading else None
            if heading and current:
                yield current
                current = None
        elif current is None:
            current = _Lines(number, [line])
        else:
            current.lines.append(line)
    if current:
        yield current


def _begins(block: _Lines, start: str) -> bool:
    if start == "Q":
        return re.match(r"Q\s*[\d?]", block.lines[0]) is not None
    return block.lines[0].startswith(start)


def _error(block: _Lines, message: str, hint: str = "") -> SheetError:
    return SheetError(f"line {block.number}: {message}: {block.lines[0].strip()[:60]!r}", hint)


def _grading(
    blocks: list[_Lines],
) -> tuple[tuple[tuple[int, int], ...], tuple[Paragraph, ...]]:
    grading: list[tuple[int, int]] = []
    intro: list[Paragraph] = []
    for block in blocks:
        if _begins(block, "- ("):
            raise _error(block, "a part before the first question")
        if not block.bullet:
            if block.text != "Grading":
                intro.append(Paragraph(_prose(block, block.text)))
            continue
        found = _GRADE.fullmatch(block.text)
        if not found:
            raise _error(block, "not a line of a grading scale", "write '- 30 points - 3'")
        grading.append((int(found[1]), int(found[2])))
    if grading != sorted(set(grading)):
        raise SheetError("the grading scale does not rise with the points")
    return tuple(grading), tuple(intro)


def _problem(blocks: list[_Lines]) -> Problem:
    heading = _HEADING.fullmatch(blocks[0].text)
    if not heading:
        raise _error(blocks[0], "not the heading of a question", "write 'Q 1. Title'")
    number = int(heading[1])
    preamble: list[Paragraph] = []
    parts: list[Part] = []
    for block in blocks[1:]:
        if _begins(block, "- ("):
            part = _part(number, block)
            expected = chr(ord("a") + len(parts))
            if part.label != f"({expected})":
                raise _error(block, f"part ({expected}) is expected here")
            parts.append(part)
        elif parts:
            raise _error(block, "text that belongs to no part")
        else:
            text = block.text.removeprefix("- ") if block.bullet else block.text
            preamble.append(Paragraph(_prose(block, text), block.bullet))
    points, title = pointed(heading[2].strip())
    if not parts and preamble:  # the question is its own only part
        block = _Lines(blocks[1].number, [line for b in blocks[1:] for line in b.lines])
        prose = _prose(block, block.text)
        return Problem(number, title, (), (Part(f"q{number}a", "(a)", points, prose, block.text),))
    if not parts:
        raise _error(blocks[0], "a question without parts", "write '- (a) (5 points) ...'")
    return Problem(number, title, tuple(preamble), tuple(parts))


def _part(number: int, block: _Lines) -> Part:
    found = _PART.fullmatch(block.text)
    if not found:
        raise _error(
            block, "a part without a letter, or with odd points", "write '- (a) (5 points) ...'"
        )
    letter, points, statement = found[1], int(found[2] or 0), found[3].strip()
    if not statement:
        raise _error(block, "a part that asks nothing")
    prose = _prose(block, statement)
    return Part(f"q{number}{letter}", f"({letter})", points, prose, statement)


# --------------------------------------------------------------------------------------- statements

_MARKS = re.compile(r"(~~|\$\$.+?\$\$|\$[^$]+\$|<https?://[^>\s]*>)", re.DOTALL)

_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ",
        r"\alpha \beta \gamma \delta \epsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi"
        r" \pi \rho \sigma \tau \upsilon \phi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi"
        r" \Pi \Sigma \Phi \Psi \Omega".split(),
        strict=True,
    )
)
_SCRIPT = r"(?:[_^](?:\{[^{}]*\}|\\[a-zA-Z]+|\w))"
# A letter by itself, but no article, no part's label "(a)", no "i.e.", no "Let's".
_LONE = r"(?<![\w'’.(\\-])[b-zB-HJ-Z](?![\w'’)-]|\.\w)"
_ATOM = (
    rf"(?:[{''.join(_GREEK)}]{_SCRIPT}*"
    rf"|(?<!\w)[a-zA-Z]{_SCRIPT}+"
    rf"|\\[a-zA-Z]+{_SCRIPT}*"
    rf"|{_LONE})"
)
_FORMULA = re.compile(rf"{_ATOM}(?:,\s*{_ATOM})*")


def _prose(block: _Lines, text: str) -> Prose:
    """Split a statement into text and formulas, bare TeX and lone letters included."""
    spans: list[Span] = []
    struck = False
    for piece in _MARKS.split(text):
        if piece == "~~":
            struck = not struck
        elif piece.startswith("$$") and len(piece) > 2:
            spans.append(Span("display", piece[2:-2].strip()))
        elif piece.startswith("$") and len(piece) > 1:
            spans.append(Span("strikemath" if struck else "math", piece[1:-1].strip()))
        elif piece.startswith("<http"):
            spans.append(Span("strike" if struck else "text", piece[1:-1]))
        elif "$" in piece:
            raise _error(block, "a dollar sign without its partner")
        elif piece:
            spans += _words(piece, struck)
    if struck:
        raise _error(block, "a reading that is struck out and never ends", "close it with ~~")
    return _tidy(spans)


def _words(text: str, struck: bool) -> Iterator[Span]:
    end = 0
    for found in _FORMULA.finditer(text):
        yield Span("strike" if struck else "text", text[end : found.start()])
        latex = "".join(
            _GREEK[c] + (" " if after.isalpha() else "") if c in _GREEK else c
            for c, after in zip(found.group(), found.group()[1:] + " ", strict=True)
        )
        yield Span("strikemath" if struck else "math", latex)
        end = found.end()
    yield Span("strike" if struck else "text", text[end:])


def _tidy(spans: list[Span]) -> Prose:
    """Join neighbouring texts; no blank before a full stop, one blank elsewhere."""
    joined: list[Span] = []
    for span in spans:
        body = span.body
        if span.kind in ("text", "strike"):
            body = re.sub(r"\s+", " ", body)
            body = re.sub(r" (?=[.,;:?!](?:\s|$))", "", body)
            if joined and joined[-1].kind == span.kind:
                body = joined.pop().body + body
        if body:
            joined.append(Span(span.kind, body))
    edges = [None, *[span.kind for span in joined], None]
    for k, span in enumerate(joined):
        if span.kind == "text":
            body = span.body.lstrip() if edges[k] in (None, "display") else span.body
            body = body.rstrip() if edges[k + 2] in (None, "display") else body
            joined[k] = Span("text", body)
    return tuple(span for span in joined if span.body)
