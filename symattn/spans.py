"""Words with formulas in them, as plain strings: what a sheet states and what a page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Span:
    """A run of text, or one formula in LaTeX (without dollars), or an emphasis.

    kind: 'text' (plain, unescaped), 'math' (inline), 'display' (on its own line, unnumbered),
    'strike' (plain text that is struck out in the source), 'strikemath', 'emph', 'ref' (the label
    of a numbered formula, or the name of a figure: printed as its number), 'link' (a page beside
    this one, by its relative path).
    """

    kind: Literal["text", "math", "display", "strike", "strikemath", "emph", "ref", "link"]
    body: str


Prose = tuple[Span, ...]


def linked(text: str) -> Prose:
    """Return plain text with pages between angle brackets as spans.

    >>> linked("see <lab/index.html>")[1]
    Span(kind='link', body='lab/index.html')
    """
    pieces = re.split(r"<([\w./-]+)>", text)
    return tuple(
        Span("link" if at % 2 else "text", piece) for at, piece in enumerate(pieces) if piece
    )


def dollars(text: str) -> Prose:
    """Return plain text with formulas between dollars as spans.

    >>> dollars("the scale $b$ grows")[1]
    Span(kind='math', body='b')
    """
    pieces = text.split("$")
    return tuple(
        Span("math" if at % 2 else "text", piece) for at, piece in enumerate(pieces) if piece
    )
