"""A document as sentences: words, and between them the formulas with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symattn.errors import ReadError
from symattn.submission.rows import joined, split_rows
from symattn.submission.scan import Scan
from symattn.submission.source import Remark, Source

_COMMENT = re.compile(
    r"(?:(?<!\\)%|<!--)[ \t]*symattn:[ \t]*(?P<said>[^\n]*?)[ \t]*(?:-->|$)", re.M
)
_BREAK = re.compile(
    r"\n[ \t]*\n|^[ \t]*\#{1,6}[ \t][^\n]*$|^---$"
    r"|\\(?:(?:sub){0,2}section|paragraph|chapter|title)\*?\s?\{[^}]*\}"
    r"|\\item(?![a-z])|\\(?:begin|end)\s?\{(?!align|equation|gather|multline|eqnarray|flalign|split"
    r"|displaymath|math\})[^}]*\}(?:\[[^\]]*\])?",
    re.M,
)
_HEADING = re.compile(r"\\(?:section|chapter)|[ \t]*\#{1,2}[ \t]")
HEADING = "\f"
"""A sentence of its own where a section begins: its letters may be other ones."""
_STOP = re.compile(r"(?<![A-Z])(?<!e\.g)(?<!i\.e)(?<!cf)(?<!Eq)[.?!](?=\s|$)")
_COMMAND = re.compile(
    r"\\(?:begin|end|label|eqref|ref|cite[a-z]*|footnote)\s?\{[^}]*\}|\\[A-Za-z]+\*?|[{}~]"
)


@dataclass(frozen=True)
class Written:
    """One formula as it stands: a row of a display, or what stands between dollars.

    latex : with the document's macros put in; block : the place of its display, the same for all rows.
    fault : why it could not be put together.
    """

    latex: str
    start: int
    end: int
    line: int
    display: bool
    block: tuple[int, int]
    fault: str = ""


Sentence = list["str | Written"]


class Passages(Scan):
    """Reads all formulas of a document, those without a relation too."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, (), None)
        self.found: list[Written] = []

    def rows(self, at: int, end: int, environment: str) -> None:
        body = self.text[at:end]
        opened = re.match(r"\s?\{[0-9]{1,3}\}", body) if "alignat" in environment else None
        if opened:
            body = " " * opened.end() + body[opened.end() :]
        found, fault = split_rows(body, at, environment)
        for latex, start, stop, broken in joined(found, self.macros.expand):
            self.take(latex, start, stop, (at, end), broken, display=True)
        if fault:
            self.remark(at, f"a formula is cut short: {fault}")

    def inline(self, at: int, close: str, begin: int) -> int:
        found = self.end_of(re.compile(rf"\\\\|(?P<close>{close})|\\\$|\n[ \t]*\n"), at)
        if found is None or found.group("close") is None:
            self.remark(begin, "a $ is not closed in its paragraph")
            return max(found.start() if found else len(self.text), at)
        if at > self.body or not self.body:
            try:
                latex, broken = self.macros.expand(self.text[at : found.start()]), ""
            except ReadError as error:
                latex, broken = "", error.message
            self.take(latex, at, found.start(), (begin, found.end()), broken, display=False)
        return found.end()

    def broken(self, at: int, end: int, fault: str) -> None:
        self.take("", at, min(end, at + 200), (at, end), fault, display=True)

    def take(
        self, latex: str, start: int, end: int, block: tuple[int, int], fault: str, *, display: bool
    ) -> None:
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        end = max(start, end - (len(text) - len(text.rstrip())))
        self.found.append(Written(latex, start, end, self.line(start), display, block, fault))

    def comments(self) -> list[tuple[int, str]]:
        """What comments say to symattn, and where."""
        return [(m.start(), m["said"]) for m in _COMMENT.finditer(self.source.text)]


def passages(source: Source) -> tuple[list[Sentence], list[tuple[int, str]], list[Remark]]:
    """Return the sentences of a document, what its comments say, and what is to be remarked.

    >>> from symattn.submission.source import source
    >>> (first, second), _, _ = passages(source("Let $a > 0$. Then $b$."))
    >>> [x if isinstance(x, str) else x.latex for x in first], second[1].latex
    (['Let ', 'a > 0'], 'b')
    """
    scan = Passages(source)
    scan.scan()
    found = sorted(scan.found, key=lambda w: (w.start, w.end))
    return list(_sentences(scan.text, scan.body, found)), scan.comments(), scan.remarks


def _sentences(text: str, at: int, found: list[Written]) -> Iterator[Sentence]:
    current: Sentence = []
    block = (-1, -1)
    for written in found:
        if written.block != block:
            for cut, words in _prose(text[at : max(at, written.block[0])]):
                if cut:
                    if current:
                        yield current
                    if words:
                        yield [words]
                    current = []
                elif words.strip():
                    current.append(words)
            block = written.block
        current.append(written)
        at = max(at, block[1])
        if written.display and text[written.start : block[1]].rstrip().endswith((".", ".$$")):
            if written.end >= len(text[: block[1]].rstrip()) - 1:
                yield current
                current = []
    for cut, words in _prose(text[at:]):
        if cut:
            if current:
                yield current
            if words:
                yield [words]
            current = []
        elif words.strip():
            current.append(words)
    if current:
        yield current


def _prose(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the words between two formulas, with True where a sentence ends."""
    parts = [x for x in re.split(f"({_BREAK.pattern})", text, flags=re.M) if x is not None]
    for place, part in enumerate(parts):
        if _BREAK.fullmatch(part):
            before, after = parts[place - 1].rstrip(), "".join(parts[place + 1 : place + 2]).strip()
            if part.isspace() and (
                after[:1].islower() or (before.endswith((":", ",")) and not after)
            ):
                continue  # a blank line round a display, as Markdown has it, ends no sentence
            yield True, HEADING if _HEADING.match(part) else ""
            continue
        text = _COMMAND.sub(" ", part).replace("$", " ").replace("\\[", " ").replace("\\]", " ")
        at = 0
        for stop in _STOP.finditer(text):
            asked = "?" if stop.group() == "?" else ""
            yield False, text[at : stop.start()] + asked
            yield True, ""
            at = stop.end()
        yield False, text[at:]
