r"""The rows of a displayed formula, and the chain of relations that runs through them.

In `c &= a \\ &= b` the second row says `c = b`: the left side is carried over.  A row that only
goes on with a sum, or that stands inside a bracket which the row before has opened, is not a
relation of its own and is joined to the one before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from symattn.errors import ReadError
from symattn.latex.commands import COMMANDS, PUNCTUATION
from symattn.latex.connectives import said_relation
from symattn.latex.lexical import Token
from symattn.latex.tokens import MAX_CHARS
from symattn.latex.unicode import UNICODE
from symattn.submission.macros import group_end

ONE_FORMULA = frozenset(["multline", "multline*", "dmath", "dmath*"])
SEVERAL_COLUMNS = frozenset(
    "align align* aligned flalign flalign* alignat alignat* alignedat split xalignat".split()
)
_INNER = "split|aligned|alignedat|gathered|multlined|array|align|align\\*|gather|gather\\*"
MAX_ROWS = 500
MAX_JOINED = 40

_OPENS_INNER = re.compile(
    rf"\s*\\begin\{{(?P<name>{_INNER})\}}(?:\[[a-z]\])?(?:\{{[a-z0-9| ]{{1,20}}\}})?"
)
_STRUCTURE = re.compile(
    r"\\(?P<edge>begin|end)\s?\{|\\\\\*?(?P<space>\[[^\]\n\\]{1,20}\])?|\\.|[{}&]", re.DOTALL
)
_NOT_SAID = re.compile(
    r"\\(?:label|tag\*?|ref|eqref|vspace\*?|(?:short)?intertext)\s?\{[^{}]{0,400}\}"
    r"|\\(?:nonumber|notag|hline|displaybreak|allowdisplaybreaks|qedhere|centering)(?![A-Za-z])"
    r"(?:\[[0-4]\])?"
)
BEFORE_FORMULA = re.compile(rf"(?:\s|{_NOT_SAID.pattern})*")
_LENGTH = re.compile(r"\[\s*[-+]?[0-9.]+\s*(?:pt|em|ex|cm|mm|in|\\[a-z]+)\s*\]")
_BLANK = re.compile(r"(?:\s|~|\{\}|\\(?:quad|qquad|[,;:! >]|displaystyle|hspace\{[^{}]{0,20}\}))+")
_TRAILING = re.compile(r"(?:~|\{\}|\\(?:quad|qquad|[,;:! ]))\Z")
_ONLY_WORDS = re.compile(
    r"(?:\s|~|\\(?:quad|qquad|[,;:! ])|[().,])*"
    r"\\(?:text|mbox|textrm|textit|textnormal|textbf)\s?\{(?P<said>[^{}$]*)\}(?:\s|[().,])*"
)
_BRACKET = re.compile(r"\\\\|\\?[{}()]|[\[\]]")
_UNFINISHED = re.compile(r"(?:(?<![\^_])[-+*/=<>]|\\(?:cdot|times|left|approx|to|leq?|geq?))\Z")
_JOINS_ON = re.compile(r"[-+*/]|\\(?:cdot|times|pm|mp|ast|div|right)(?![A-Za-z])|[)\]]|\\\}")

_PIECE = re.compile(
    r"""
      (?P<prose>\\(?:text|mbox|textrm|textit|textnormal|textbf)(?![A-Za-z]))
    | \\(?P<word>[A-Za-z]+|.)
    | (?P<mark>:=|<=|>=|!=|->|=>|>>|<<|[=<>])
    | (?P<open>[{(\[]) | (?P<close>[})\]])
    | (?P<end>[,;])
    | (?P<sign>[^\x00-\x7f])
    """,
    re.VERBOSE | re.DOTALL,
)
_SAID = re.compile(r"\s?\{(?P<said>[^{}$]{1,40})\}")
_RELATION_SIGNS = frozenset(sign for sign, (kind, _) in UNICODE.items() if kind == "rel")
_SIZES = frozenset("left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr".split())


@dataclass(frozen=True)
class Row:
    """One row as it stands: its cells, and where it begins and ends in the document."""

    cells: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class JudgedLine:
    """What one row says, ready to be judged.

    latex : the formula, with the left side of its chain; empty when it cannot be told.
    carried : the left side that was carried over from a row before; empty for none.
    fault : why it could not be put together.
    """

    latex: str
    start: int
    end: int
    carried: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Relation:
    """A relation outside all brackets: its place, what it is, and how it is written."""

    start: int
    end: int
    kind: str
    shown: str


@dataclass(frozen=True)
class Outline:
    """The relations of the statement itself, where it ends, and the brackets left open."""

    relations: tuple[Relation, ...]
    end: int
    open: int


def outline(latex: str) -> Outline:
    r"""Find the relations of a formula that stand outside brackets, before its conditions.

    >>> [r.kind for r in outline(r"\sum_{l=1}^n a_l \approx b, \quad \beta \gg 0").relations]
    ['~~']
    """
    found: list[Relation] = []
    level, end, skip = 0, len(latex), 0
    for match in _PIECE.finditer(latex):
        group = match.lastgroup or ""
        if group in ("open", "close") or match.group() in ("\\{", "\\}"):
            level = max(0, level + (1 if match.group()[-1] in "{([" else -1))
            continue
        if level or match.start() < skip or group not in _PIECES:
            continue
        piece = _PIECES[group](latex, match)
        if piece == "end" and found and end == len(latex):
            end = match.start()
        if not isinstance(piece, Relation) or end < len(latex):
            continue
        if piece.end == match.end() and found and _is_not(latex, found[-1], piece.start):
            piece = Relation(found.pop().start, piece.end, "!=", "\\ne")
        found.append(piece)
        skip = piece.end
    return Outline(tuple(found), end, level)


def _of_word(latex: str, match: re.Match[str]) -> Relation | str:
    word = match.group("word")
    if word in ("quad", "qquad"):
        joined = _JOINS_ON.match(trimmed(latex[match.end() : match.end() + 40]))
        return "end" if joined is None else ""
    kind, text = COMMANDS.get(word, ("", ""))
    if kind == "label":  # an arrow or a sign with something written over it
        return _labelled(latex, match, text)
    return _related(match, text if kind == "rel" else "!=" if word == "not" else "")


def _of_prose(latex: str, match: re.Match[str]) -> Relation | str:
    said = _SAID.match(latex, match.end())
    kind = said_relation(Token("text", said.group("said"), 0, 0)) if said else ""
    if said and kind:  # `c \\text{ tends to } v_i`
        return Relation(match.start(), said.end(), kind, kind)
    return "end"


def _related(match: re.Match[str], kind: str) -> Relation | str:
    return Relation(match.start(), match.end(), kind, match.group()) if kind else ""


def _of_sign(latex: str, match: re.Match[str]) -> Relation | str:
    sign = match.group()
    return _related(match, UNICODE[sign][1] if sign in _RELATION_SIGNS else "")


_PIECES: dict[str, Callable[[str, re.Match[str]], Relation | str]] = {
    "word": _of_word,
    "prose": _of_prose,
    "sign": _of_sign,
    "mark": lambda latex, match: _related(match, PUNCTUATION[match.group()][1]),
    "end": lambda latex, match: "end",
}
"""What a piece of a formula is: a relation, the `end` of the statement, or neither."""


def _is_not(latex: str, before: Relation, at: int) -> bool:
    """Whether the relation before is a \\not that stands right before this place."""
    negates = before.kind == "!=" and latex.startswith("\\not", before.start)
    return negates and not latex[before.end : at].strip()


def _labelled(latex: str, match: re.Match[str], kind: str) -> Relation:
    end = match.end()
    for _ in range(2):
        at = end + len(latex[end : end + 9]) - len(latex[end : end + 9].lstrip())
        if latex.startswith("[", at):
            stop = latex.find("]", at, at + 200) + 1
        else:
            stop = group_end(latex, at, 400)
        end = stop if stop > 0 else end
    return Relation(match.start(), end, kind or "=", "\\to" if kind == "->" else "=")


def split_rows(body: str, start: int, environment: str) -> tuple[list[Row], str]:
    """Return the rows of a display, and why they are not all of them (empty: they are).

    start : where the body begins in the document.
    """
    body = _NOT_SAID.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), body)
    for _ in range(5):  # an environment inside an equation, when nothing else stands there
        inner = _inner(body)
        if inner is None:
            break
        environment, body = inner
    if environment in ONE_FORMULA:
        text = _LENGTH.sub(" ", body.replace("\\\\", "  ")).replace("&", " ")
        return ([Row((text,), start, start + len(body))] if text.strip() else []), ""
    rows: list[Row] = []
    cells: list[str] = []
    depth = at = row_at = 0
    for match in _STRUCTURE.finditer(body):
        mark = match.group()
        if match.group("edge"):
            # the name's brace is opened here and closed by the pattern's next match
            depth += 2 if match.group("edge") == "begin" else 0
        elif mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        elif depth <= 0 and mark == "&":
            cells.append(body[at : match.start()])
            at = match.end()
        elif depth <= 0 and mark.startswith("\\\\"):
            cells.append(body[at : match.start()])
            rows.append(Row(tuple(cells), start + row_at, start + match.start()))
            length = match.group("space")
            at = match.end() if not length or _LENGTH.fullmatch(length) else match.start("space")
            row_at, cells = at, []
            if len(rows) >= MAX_ROWS:
                return rows, f"it has more than {MAX_ROWS} rows, and the rest is not read"
    cells.append(body[at:])
    rows.append(Row(tuple(cells), start + row_at, start + len(body)))
    columns = environment in SEVERAL_COLUMNS
    return [part for row in rows for part in _columns(row, columns)], ""


def _inner(body: str) -> tuple[str, str] | None:
    """An environment that is all of a display; the body keeps its length, so places stay right."""
    opened = _OPENS_INNER.match(body)
    if opened is None:
        return None
    name = opened.group("name")
    close = f"\\end{{{name}}}"
    end = body.find(close, opened.end())
    if (
        end < 0
        or body[end + len(close) :].strip(" \t\n.,;")
        or f"\\begin{{{name}}}" in body[opened.end() : end]
    ):
        return None
    return name, re.sub(r"[^\n]", " ", opened.group()) + body[opened.end() : end]


def _columns(row: Row, several: bool) -> list[Row]:
    """A row of an align with more than one equation beside each other: one row for each."""
    if not any(cell.strip() for cell in row.cells):
        return []
    if not several or len(row.cells) <= 2:
        return [row]
    parts: list[tuple[str, ...]] = []
    for at in range(0, len(row.cells), 2):
        pair = row.cells[at : at + 2]
        text = "".join(pair)
        if not text.strip():
            continue
        if parts and not outline(text).relations:
            words = _ONLY_WORDS.fullmatch(text)
            if words is None:  # a condition that stands beside its formula
                parts[-1] = (*parts[-1][:-1], parts[-1][-1] + " \\quad " + text)
            continue
        parts.append(pair)
    return [Row(cells, row.start, row.end) for cells in parts]


def lines(rows: list[Row], expand: Callable[[str], str]) -> list[JudgedLine]:
    """Put the rows together into formulas that can be judged, each with its left side.

    expand : puts in the document's own macros; may raise ReadError.
    """
    found: list[JudgedLine] = []
    chain = _Chain()
    for text, start, end, fault in joined(rows, expand):
        if fault:
            found.append(JudgedLine("", start, end, fault=fault))
            chain = _Chain()
        else:
            found.append(chain.line(text, start, end))
    return found


def joined(rows: list[Row], expand: Callable[[str], str]) -> Iterator[tuple[str, int, int, str]]:
    """Yield the text of each formula, with the rows that go on with it, its place and its fault."""
    waiting: list[str] = []  # rows that the next one goes on with
    start = open_brackets = 0
    ready = [_expanded(row, expand) for row in rows]
    for at, (row, cells) in enumerate(zip(rows, ready)):
        if isinstance(cells, str):
            yield "", row.start, row.end, cells
            waiting, open_brackets = [], 0
            continue
        text = trimmed(" ".join(cells))
        start = start if waiting else row.start
        waiting.append(text)
        following = ready[at + 1] if at + 1 < len(rows) else ""
        open_brackets = _open(text, open_brackets)
        if not isinstance(following, str) and len(waiting) < MAX_JOINED:
            if open_brackets or _goes_on(text, following):
                continue
        yield " ".join(waiting), start, row.end, ""
        waiting, open_brackets = [], 0


def _expanded(row: Row, expand: Callable[[str], str]) -> list[str] | str:
    """The cells with their macros expanded, or why they are not."""
    try:
        return [expand(cell) for cell in row.cells]
    except ReadError as error:
        return error.message


def _open(text: str, level: int) -> int:
    """How many brackets are open after the text."""
    for match in _BRACKET.finditer(text):
        level = max(0, level + (1 if match.group()[-1] in "{([" else -1))
    return level


def _goes_on(text: str, following: list[str]) -> bool:
    """Whether a formula is not complete at the end of its row."""
    if _UNFINISHED.search(trimmed(text)[-12:]):
        return True
    if len(following) > 1 and trimmed(following[0]):
        return False
    ahead = trimmed(" ".join(following))
    if _JOINS_ON.match(ahead) is None:
        return False
    # `- x = y` on a row by itself may be an equation; beside an empty cell it goes on
    return len(following) > 1 or not outline(ahead).relations


def trimmed(text: str) -> str:
    """The text without blanks of any width at its ends."""
    text = text.strip()
    while (blank := _BLANK.match(text)) is not None:
        text = text[blank.end() :]
    while (trailing := _TRAILING.search(text[-8:])) is not None:
        text = text[: len(text) - len(trailing.group())].rstrip()
    return text


# Relations that stay what they are when they follow each other.
_TRANSITIVE = frozenset(["<", "<=", ">", ">=", "~~", "->", "~=", "=>", "<=>", "=="])
_WEAKER = {("<", "<="): "<", ("<=", "<"): "<", (">", ">="): ">", (">=", ">"): ">"}


class _Chain:
    """The chain that a display has reached: its first side, its last, and what relates them."""

    def __init__(self) -> None:
        self.first = self.last = self.shown = ""
        self.kind = "="

    def line(self, text: str, start: int, end: int) -> JudgedLine:
        """Take the next formula; one that starts with a relation gets its left side."""
        text = trimmed(text)
        if len(text) > MAX_CHARS:
            return JudgedLine("", start, end, fault=f"it is longer than {MAX_CHARS} characters")
        seen = outline(text)
        if not seen.relations:
            self.first = ""
            return JudgedLine(text, start, end)
        ends = [*(r.start for r in seen.relations[1:]), seen.end]
        sides = [trimmed(text[: seen.relations[0].start])]
        sides += [trimmed(text[r.end : stop]) for r, stop in zip(seen.relations, ends)]
        carried, whole = "", text
        if not sides[0]:
            if not self.first:
                return JudgedLine(text, start, end, fault="it starts with a relation: no left side")
            carried, whole = self._carry(text, seen.relations[0])
            sides[0] = self.last
        else:
            self.first, self.kind, self.shown = sides[0], "=", "="
        for side, relation in zip(sides, seen.relations):
            kind = _composed(self.kind, relation.kind)
            if not kind:  # nothing follows for the ends: a new chain begins here
                self.first, kind = side, relation.kind
            if kind != self.kind:
                self.kind, self.shown = kind, relation.shown
        self.last = sides[-1]
        return JudgedLine(whole, start, end, carried)

    def _carry(self, text: str, opening: Relation) -> tuple[str, str]:
        """The left side for a row that starts with a relation, and the formula that it makes."""
        kind = _composed(self.kind, opening.kind)
        if kind and kind != opening.kind:  # `c <= a = b` says c <= b
            return self.first, f"{self.first} {self.shown} {text[opening.end :].strip()}"
        left = self.first if kind else self.last
        return left, f"{left} {text[opening.start :]}"


def _composed(one: str, other: str) -> str:
    """What `a one b other c` says of a and c; empty for nothing.

    >>> _composed("=", "~~"), _composed("<", "<="), _composed("->", "<")
    ('~~', '<', '')
    """
    one, other = ("=" if kind == ":=" else kind for kind in (one, other))
    if one == "=":
        return other
    if other == "=":
        return one
    if one == other and one in _TRANSITIVE:
        return one
    return _WEAKER.get((one, other), "")
