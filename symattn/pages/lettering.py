"""Labels of figures, set in Latin Modern letter by letter: no font need be there when they are shown.

The outlines are those of Latin Modern (GUST Font License); `.ci/glyphs.py` writes their table.  A
label is text with formulas between dollars.  A formula is read as the web page's are; here are its
widths, its scripts, fractions and roots, with the distances of TeX's text style.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from symattn.errors import OutputError
from symattn.pages.mathml import as_row

SPACE = 333
# Space on both sides of a sign, in thousandths of the size: relations, then operations.
_AROUND = {**dict.fromkeys("=<>≤≥≠≈≡∼≃∝≪≫∈∉⊂⊆∣→←↔⇒⇔↦", 278), **dict.fromkeys("+−±×÷·⋅∗∘⊗⊕⊙⊖", 222)}
_SHIFTS = {"msub": (-150,), "msup": (363,), "msubsup": (-247, 363)}
_ROWS = ("mrow", "math", "mstyle", "mpadded")
_AXIS, _RULE = 250, 40
_UNITS = {"em": 1000.0, "mu": 1000 / 18}


@lru_cache(maxsize=1)
def outlines() -> dict[str, dict[str, tuple[int, str]]]:
    """Return, for "roman" and "italic", character -> (advance, outline in thousandths, y upwards)."""
    found: dict[str, dict[str, tuple[int, str]]] = json.loads(
        Path(__file__).with_name("glyphs.json").read_text("utf-8")
    )
    return found


@dataclass
class SetLine:
    """Letters at (x, y, scale) and rules (x, y, width), in thousandths of the size; y upwards."""

    letters: list[tuple[str, str, float, float, float]] = field(default_factory=list)
    rules: list[tuple[float, float, float]] = field(default_factory=list)
    width: float = 0.0


def typeset(label: str) -> SetLine:
    r"""Set a label.

    Raises
    ------
    OutputError : a letter that is not among the outlines, or a formula that is not one line.

    >>> [letter[1] for letter in typeset(r"at $\beta = 2$").letters]
    ['a', 't', 'β', '=', '2']
    """
    line, pieces = SetLine(), label.split("$")
    if len(pieces) % 2 == 0:
        raise OutputError(f"a $ without its partner in {label!r}")
    for at, piece in enumerate(pieces):
        if at % 2:
            _set(line, as_row(piece), 1.0, 0.0)
        else:
            _letters(line, piece, "roman", 1.0, 0.0)
    return line


def _letters(line: SetLine, text: str, face: str, scale: float, y: float) -> None:
    for char in text.replace("\N{NO-BREAK SPACE}", " "):
        if char == " ":
            line.width += SPACE * scale
        elif char not in outlines()[face]:
            raise OutputError(f"there is no letter {char!r} for labels")
        else:
            line.letters.append((face, char, line.width, y, scale))
            line.width += outlines()[face][char][0] * scale


def _set(line: SetLine, node: Any, scale: float, y: float) -> None:
    """Set a formula's element behind what is set."""
    start, tag = line.width, node.tag
    if tag in _ROWS:
        for before, child in zip((None, *node), node, strict=False):
            sign = child.tag == "mo" and (before is None or before.tag == "mo")
            _token(line, child, scale, y, sign) if child.tag == "mo" else _set(
                line, child, scale, y
            )
    elif tag in ("mi", "mn", "mo", "mtext"):
        _token(line, node, scale, y, sign=True)
    elif tag == "mspace":
        width = node.get("width", "0em")
        line.width += float(width[:-2]) * _UNITS.get(width[-2:], 0.0) * scale
    elif tag in _SHIFTS:
        _set(line, node[0], scale, y)
        start = line.width
        ends = [_at(line, child, start, _small(scale), y + shift * scale)
                for child, shift in zip(node[1:], _SHIFTS[tag], strict=True)]  # fmt: skip
        line.width = max(ends) + 50 * scale
    elif tag == "mfrac":
        small = _small(scale)
        widths = [_width(child, small) for child in node]
        wide = max(widths)
        for child, width, shift in zip(node, widths, (394, -345), strict=True):
            _at(line, child, start + 120 * scale + (wide - width) / 2, small, y + shift * scale)
        line.rules.append((start + 120 * scale, y + _AXIS * scale, wide))
        line.width = start + wide + 240 * scale
    elif tag == "msqrt":
        _letters(line, "√", "roman", scale, y + 800 * scale)  # it hangs from its top
        inside = line.width
        for child in node:
            _set(line, child, scale, y)
        line.rules.append((inside, y + 800 * scale, line.width - inside))
    elif tag == "mover" and len(node[1].text or "") == 1:
        _set(line, node[0], scale, y)
        raised = 250 if (node[0].text or "a")[0].isupper() else 0
        end, accent = line.width, str(node[1].text)
        line.width = (start + end - outlines()["roman"].get(accent, (0, ""))[0] * scale) / 2
        _letters(line, accent, "roman", scale, y + raised * scale)
        line.width = end
    else:
        raise OutputError(f"labels have no <{tag}>")


def _token(line: SetLine, node: Any, scale: float, y: float, sign: bool) -> None:
    """Set letters or a sign; `sign`: nothing stands before that it could combine with."""
    text = (node.text or "").replace("-", "−" if node.tag == "mo" else "-")
    slanted = (
        node.tag == "mi" and node.get("mathvariant") != "normal" and text in outlines()["italic"]
    )
    around = 0.0
    if node.tag == "mo" and scale == 1.0 and node.get("lspace") is None:
        around = _AROUND.get(text, 0)
        around = 0.0 if sign and around == _AROUND["+"] else around
    line.width += around
    _letters(line, text, "italic" if slanted else "roman", scale, y)
    line.width += around + (167.0 if text == "," and scale == 1.0 else 0.0)


def _at(line: SetLine, node: Any, x: float, scale: float, y: float) -> float:
    line.width = x
    _set(line, node, scale, y)
    return line.width


def _width(node: Any, scale: float) -> float:
    line = SetLine()
    _set(line, node, scale, 0.0)
    return line.width


def _small(scale: float) -> float:
    return scale * 0.7
