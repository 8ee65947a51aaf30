"""The macros that a document defines itself: collected as text, and expanded within bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symattn.errors import ReadError
from symattn.latex.tokens import MAX_CHARS

MAX_MACROS = 1_000
MAX_BODY = 1_000
MAX_DEPTH = 20
MAX_USES = 2_000
MAX_TOTAL = 3_000_000

DEFINING = frozenset(
    "newcommand renewcommand providecommand def let DeclareMathOperator DeclarePairedDelimiter "
    "NewDocumentCommand RenewDocumentCommand DeclareDocumentCommand DeclareRobustCommand".split()
)
_HEAD = re.compile(
    r"\*?[ \t\n]{0,20}(?:\{[ \t]{0,9}\\(?P<braced>[A-Za-z]+|[^A-Za-z\s])[ \t]{0,9}\}"
    r"|\\(?P<bare>[A-Za-z]+|[^A-Za-z\s]))[ \t\n]{0,20}"
)
_COUNT = re.compile(r"\[[ ]?(?P<count>[0-9])[ ]?\][ \t\n]{0,20}")
_DEFAULT = re.compile(r"\[(?P<default>[^\[\]\n]{0,200})\][ \t\n]{0,20}")
_SAME = re.compile(r"[ \t\n]{0,9}=?[ \t\n]{0,9}\\(?P<name>[A-Za-z]+)")
_PARAMETERS = re.compile(r"(?P<marks>(?:#[1-9])*)[ \t\n]{0,20}(?=\{)")
_BRACE = re.compile(r"(?:[^\\{}]|\\.)*([{}])", re.DOTALL)  # the next one that is not escaped
_CONTROL = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_SIZE = re.compile(r"\[\\(?:big|Big|bigg|Bigg)\]")
_BLANKS = re.compile(r"[ \t\n]*")


@dataclass(frozen=True)
class Macro:
    """The text that a macro stands for; #1 to #9 in it are its arguments.

    optional : what the first argument is where no [..] stands; None when it is not optional.
    starred : whether a * may stand behind the name, as in \\norm*{x}.
    """

    body: str
    arguments: int = 0
    optional: str | None = None
    starred: bool = False


def definition(text: str, word: str, at: int) -> tuple[str, Macro | None, int] | None:
    r"""Read what follows \newcommand, \def, \let or \DeclareMathOperator at `at`.

    Returns the macro's name, the macro (None for one that is left alone), and the place after it;
    None when it is broken.

    >>> definition(r"{\bk}{\mathbf{k}}", "newcommand", 0)
    ('bk', Macro(body='\\mathbf{k}', arguments=0, optional=None, starred=False), 17)
    """
    head = _HEAD.match(text, at)
    if head is None:
        return None
    name = head.group("braced") or head.group("bare")
    at = head.end()
    if word == "let":
        same = _SAME.match(text, at)
        if same is None or same.group("name") == name:
            return None
        return name, Macro("\\" + same.group("name")), same.end()
    if word == "DeclarePairedDelimiter":
        return _paired(text, name, at)
    arguments, optional = 0, None
    if word == "def":
        marks = _PARAMETERS.match(text, at)
        if marks is None:
            return None
        arguments, at = len(marks.group("marks")) // 2, marks.end()
    elif word.endswith("DocumentCommand"):
        end = group_end(text, at, 60)
        wanted = "".join(text[at + 1 : end - 1].split()) if end > 0 else "?"
        if wanted.strip("m"):
            return name, None, max(end, at)
        arguments, at = len(wanted), _blanks(text, end)
    elif (count := _COUNT.match(text, at)) is not None:
        arguments, at = int(count.group("count")), count.end()
        if (default := _DEFAULT.match(text, at)) is not None and arguments:
            optional, at = default.group("default"), default.end()
    end = group_end(text, at, MAX_BODY)
    if end < 0:
        return (name, None, at) if text.startswith("[", at) else None
    body = text[at + 1 : end - 1]
    if word == "DeclareMathOperator":
        body = f"\\operatorname{{{body}}}"
    return name, Macro(body, arguments, optional), end


def _paired(text: str, name: str, at: int) -> tuple[str, Macro | None, int] | None:
    r"""\DeclarePairedDelimiter{\norm}{\lVert}{\rVert}."""
    sides = []
    for _ in range(2):
        at = _blanks(text, at)
        end = group_end(text, at, 60)
        if end < 0:
            return None
        sides.append(text[at + 1 : end - 1].strip())
        at = end
    return name, Macro(f"{sides[0]} #1 {sides[1]}", 1, starred=True), at


def _blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def group_end(text: str, at: int, most: int) -> int:
    """Return the place after the `{...}` that begins at `at`; -1 if none ends within `most`."""
    if not text.startswith("{", at):
        return -1
    level = 0
    stop = at + most
    while (match := _BRACE.match(text, at, stop)) is not None:
        at = match.end()
        level += 1 if match.group(1) == "{" else -1
        if level == 0:
            return at
    return -1


class Macros:
    r"""The macros that a document has defined so far.

    >>> macros = Macros()
    >>> macros.define("bk", Macro(r"\mathbf{k}"))
    >>> print(macros.expand(r"\bk_i"))
    \mathbf{k}_i
    """

    def __init__(self) -> None:
        self.known: dict[str, Macro] = {}
        self.spent = 0

    def define(self, name: str, macro: Macro | None) -> None:
        """Take a macro; None forgets what the name meant, and it is left alone from now on."""
        if macro is None:
            self.known.pop(name, None)
        elif len(self.known) < MAX_MACROS or name in self.known:
            self.known[name] = macro

    def expand(self, latex: str) -> str:
        """Put in what the document's own macros stand for, and leave every other command alone.

        Raises
        ------
        ReadError : a macro that uses itself, that lacks its argument, or that grows without bound.
        """
        if len(latex) > MAX_CHARS:
            raise ReadError(f"it is longer than {MAX_CHARS} characters", latex[:80])
        if not self.known or "\\" not in latex:
            return latex
        # Arguments are put in as they stand and read with the body, as TeX does; so is a macro that
        # takes its argument from behind another one.  Hence one round for each depth.
        uses = 0
        for _ in range(MAX_DEPTH):
            changed, used = self._round(latex, MAX_USES - uses)
            if not used:
                return latex
            latex, uses = changed, uses + used
        raise ReadError("a macro of the document uses itself, or is nested too deep", latex[:80])

    def _round(self, text: str, left: int) -> tuple[str, int]:
        """Expand each macro that stands in the text once; how many that were."""
        pieces: list[str] = []
        size = at = used = 0
        while (match := _CONTROL.search(text, at)) is not None:
            macro = self.known.get(match.group(1))
            if macro is None:
                piece, stop = text[at : match.end()], match.end()
            else:
                used += 1
                if used > left:
                    raise ReadError(f"more than {MAX_USES} macros are to be expanded", text[:80])
                body, stop = _filled(macro, text, match)
                piece = text[at : match.start()] + body
                if _ends_in_word(body) and text[stop : stop + 1].isalpha():
                    piece += " "
            size += len(piece)
            self.spent += len(piece) + 20
            if size > MAX_CHARS:
                raise _grown(text)
            if self.spent > MAX_TOTAL:
                raise ReadError("the macros of the document take too long to expand", text[:80])
            pieces.append(piece)
            at = stop
        pieces.append(text[at:])
        return "".join(pieces), used


def _filled(macro: Macro, text: str, match: re.Match[str]) -> tuple[str, int]:
    """The body with its arguments, and the place after them."""
    at = match.end()
    arguments = []
    if macro.starred:
        if text.startswith("*", at):
            at += 1
        if (size := _SIZE.match(text, at)) is not None:
            at = size.end()
    if macro.optional is not None:
        given = _DEFAULT.match(text, _blanks(text, at))
        arguments.append(given.group("default") if given else macro.optional)
        at = given.end() if given else at
    for _ in range(macro.arguments - len(arguments)):
        at = _blanks(text, at)
        if text.startswith("{", at):
            end = group_end(text, at, MAX_CHARS)
            argument = text[at + 1 : end - 1]
        else:
            control = _CONTROL.match(text, at)
            end = control.end() if control else at + 1
            argument = text[at:end]
        if end < 0 or at >= len(text) or argument == "}":
            raise ReadError(f"\\{match.group(1)} lacks its argument", text[:80])
        arguments.append(argument)
        at = end
    if not arguments:
        return macro.body, at
    if macro.body.count("#") * max(map(len, arguments)) > MAX_CHARS:
        raise _grown(text)

    def put(mark: re.Match[str]) -> str:
        number = int(mark[1])
        return arguments[number - 1] if number <= len(arguments) else mark[0]

    return re.sub(r"#([1-9])", put, macro.body), at


def _grown(text: str) -> ReadError:
    return ReadError(
        f"the macros of the document make this longer than {MAX_CHARS} characters", text[:80]
    )


def _ends_in_word(text: str) -> bool:
    return re.search(r"\\[A-Za-z]+\Z", text[-60:]) is not None
