"""What a page holds beside its text: formulas that are fit to print, and the numbers of things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symattn.errors import OutputError
from symattn.pages.model import Answer, Block, Display, Figure, Page, Prose

# What reaches outside a formula: files, definitions, characters' meaning.
_FORBIDDEN = re.compile(
    r"\\(?:input|include|openin|openout|read|write|immediate|special|catcode|csname|def|edef|gdef|"
    r"xdef|let|futurelet|newcommand|renewcommand|usepackage|directlua|pdf[a-z]+|verb|loop|par)"
    r"(?![A-Za-z])|\^\^"
)


def check(latex: str) -> None:
    """Refuse a formula that could not stand between dollars.

    Raises
    ------
    OutputError : for unbalanced braces, a dollar, a comment, a blank line or a forbidden command.

    >>> check(r"\\frac{e^{\\beta}}{n}")
    >>> check("{a")
    Traceback (most recent call last):
    symattn.errors.OutputError: the formula '{a' cannot be printed: a brace is not closed; ...
    """
    reason = _fault(latex)
    if reason:
        raise OutputError(
            f"the formula {latex!r} cannot be printed: {reason}",
            "a formula is LaTeX for math mode, without dollars",
        )


def _fault(latex: str) -> str:
    depth = 0
    for piece in re.findall(r"\\[A-Za-z]+|\\.|[{}$%#]|\n\s*\n", latex, re.DOTALL):
        if piece in "$%#":
            return f"a bare {piece!r} in it"
        if not piece.strip():
            return "a blank line in it"
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if depth < 0:
            return "a brace is closed that was not opened"
    if depth:
        return "a brace is not closed"
    if re.search(r"(?<!\\)(?:\\\\)*\\$", latex):
        return "it ends in a backslash"
    found = _FORBIDDEN.search(latex)
    return f"{found[0]} is not allowed" if found else ""


@dataclass(frozen=True)
class Numbers:
    """The numbers of formulas (by label) and of figures (by name), in the order of the page.

    Only formulas that the page refers to have one.
    """

    formulas: dict[str, int]
    figures: dict[str, int]


def number(page: Page) -> Numbers:
    """Number the displayed formulas and figures of a page.

    Raises
    ------
    OutputError : a label or a name that stands twice, is malformed, or is referred to and missing.

    >>> number(Page("t", (), (), ())).formulas
    {}
    """
    formulas: dict[str, int] = {}
    figures: dict[str, int] = {}
    wanted, seen = set(_spans(page)), set()
    for item in _items(page):
        kind, name, known = (
            ("formula", item.label, formulas)
            if isinstance(item, Display)
            else ("figure", item.name, figures)
        )
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9:._-]*", name):
            raise OutputError(f"{kind} label {name!r} is not letters, digits and -._: only")
        if name in seen:
            raise OutputError(f"the {kind} label {name!r} stands twice on the page")
        seen.add(name)
        if kind == "figure" or name in wanted:
            known[name] = len(known) + 1
    for span in wanted:
        if span not in formulas and span not in figures:
            raise OutputError(
                f"the page refers to {span!r}, which no formula or figure on it is called"
            )
    return Numbers(formulas, figures)


def _blocks(page: Page) -> Iterator[tuple[Block, ...] | Answer]:
    yield page.notation
    for section in page.sections:
        yield section.statement
        yield from section.answers


def _items(page: Page) -> Iterator[Display | Figure]:
    for part in _blocks(page):
        if isinstance(part, Answer):
            for block in (*part.answer, *part.explanation):
                if block.display is not None:
                    yield block.display
            yield from part.figures
        else:
            yield from (block.display for block in part if block.display is not None)


def _spans(page: Page) -> Iterator[str]:
    """Yield what each reference on the page points to."""
    texts: list[Prose] = [page.intro, page.points, *(section.note for section in page.sections)]
    for part in _blocks(page):
        if isinstance(part, Answer):
            texts += [part.statement, part.verified, *(f.caption for f in part.figures)]
            texts += [block.prose for block in (*part.answer, *part.explanation)]
        else:
            texts += [block.prose for block in part]
    for prose in texts:
        yield from (span.body for span in prose if span.kind == "ref")
