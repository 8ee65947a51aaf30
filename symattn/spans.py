"""Words with formulas in them, as plain strings: what a sheet states and what a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Span:
    """A run of text, or one formula in LaTeX (without dollars), or an emphasis.

    kind: 'text' (plain, unescaped), 'math' (inline), 'display' (on its own line, unnumbered),
    'strike' (plain text that is struck out in the source), 'strikemath', 'emph', 'ref' (the label
    of a numbered formula, or the name of a figure: printed as its number).
    """

    kind: Literal["text", "math", "display", "strike", "strikemath", "emph", "ref"]
    body: str


Prose = tuple[Span, ...]


def dollars(text: str) -> Prose:
    """Return plain text with formulas between dollars as spans.

    >>> dollars("the scale $b$ grows")[1]
    Span(kind='math', body='b')
    """
    pieces = text.split("$")
    return tuple(
        Span("math" if at % 2 else "text", piece) for at, piece in enumerate(pieces) if piece
    )
