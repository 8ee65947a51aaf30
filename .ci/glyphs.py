"""Write the outlines that labels of figures are set with: glyphs.py FOLDER_OF_LATIN_MODERN OUT.

Latin Modern is what the LaTeX document is set in (GUST Font License).  Needs fontTools.  The table
holds, for "roman" and "italic" letters, character -> [advance, outline], in thousandths of the size.
"""

from __future__ import annotations

import json
import string
import sys
import unicodedata
from pathlib import Path
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

SIGNS = (
    "−±×·÷≤≥≠≈≡∝∞∈∉⊂⊆∪∩∀∃∂∇∑∏∫√→←↔⇒⇔↦⊤⊥‖⟨⟩∘⊗⊕≪≫∅ℓ…⋯⋅∗⊙⊖∖′∼≃∣¬∧∨ΓΔΘΛΞΠΣΥΦΨΩℝℕℤℚℂ𝔼ℙ"
    + "".join(chr(0x1D400 + k) for k in range(52))  # bold letters
)
EUROPE = (
    string.digits
    + string.ascii_letters
    + string.punctuation
    + "".join(map(chr, range(0xA1, 0x180)))
)
ITALIC = (*range(0x1D434, 0x1D455), 0x210E, *range(0x1D456, 0x1D468), *range(0x1D6FC, 0x1D71C))


class Pen(BasePen):  # type: ignore[misc]
    """Collects an outline as the text of an SVG path, in absolute coordinates."""

    def __init__(self, font: Any) -> None:
        super().__init__(font)
        self.parts: list[str] = []

    def _add(self, letter: str, *points: tuple[float, float]) -> None:
        self.parts.append(letter + " ".join(f"{round(x)} {round(y)}" for x, y in points))

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self._add("M", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self._add("L", pt)

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self._add("C", *points)

    def _closePath(self) -> None:
        self.parts.append("Z")


def outlines(font: Any, letters: dict[str, int]) -> dict[str, tuple[int, str]]:
    """Return character -> (advance, outline) for the characters that a font has."""
    found, names, glyphs = {}, font.getBestCmap(), font.getGlyphSet()
    for letter, point in letters.items():
        if point in names:
            pen = Pen(glyphs)
            glyphs[names[point]].draw(pen)
            found[letter] = (round(glyphs[names[point]].width), "".join(pen.parts))
    return found


def plain(point: int) -> str:
    """Return the letter that a letter of Unicode's mathematical alphabets is a form of."""
    return chr(int(unicodedata.decomposition(chr(point)).split()[-1], 16))


def main(folder: Path, out: Path) -> None:
    text = TTFont(folder / "lm" / "lmroman10-regular.otf")
    math = TTFont(folder / "lm-math" / "latinmodern-math.otf")
    roman = outlines(math, {letter: ord(letter) for letter in SIGNS})
    roman |= outlines(text, {letter: ord(letter) for letter in EUROPE})
    italic = outlines(math, {plain(c): c for c in ITALIC})
    table = {"roman": roman, "italic": italic}
    text_of = json.dumps(table, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    out.write_text(text_of.replace('],"', '],\n"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
