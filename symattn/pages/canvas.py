"""What a figure is drawn with, outlines and lines of letters, as SVG and as PDF from one list.

Lengths are points, y runs downwards.  Nothing is compressed and no font is asked for, so that the
bytes depend on what is drawn alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape  # the standard one of XML imports all of HTTP

from symattn.pages.lettering import SetLine, outlines

_STEP = re.compile(r"([MLCZ])([^MLCZ]*)")
_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}
THICK = 40
"""Of the rule of a fraction or a root, in thousandths of the size."""


@dataclass(frozen=True)
class Stroke:
    """A path of the steps M, L, C and Z in absolute coordinates, filled, or stroked with a width."""

    steps: str
    colour: str
    width: float = 0.0
    dash: tuple[float, ...] = ()
    alpha: float = 1.0


@dataclass(frozen=True)
class Lettering:
    """A line of letters that starts at (x, y), to the right or upwards."""

    line: SetLine
    x: float
    y: float
    size: float
    colour: str
    upwards: bool = False

    @property
    def matrix(self) -> str:
        """From thousandths of the size, y upwards, to the figure: as SVG and PDF write it."""
        size = f"{self.size / 1000:g}"
        turn = f"0 -{size} -{size} 0" if self.upwards else f"{size} 0 0 -{size}"
        return f"{turn} {point(self.x, self.y)}"


Drawn = Stroke | Lettering


def point(x: float, y: float) -> str:
    """Write a point; hundredths are finer than any screen.

    >>> point(1.0, -0.001)
    '1 0'
    """
    return f"{_short(x)} {_short(y)}"


def path(points: Sequence[tuple[float, float]], end: str = "") -> str:
    """Return the steps along points.

    >>> path([(0, 0), (1, 2.5), (1, 0)], "Z")
    'M0 0L1 2.5L1 0Z'
    """
    return "M" + "L".join(point(x, y) for x, y in points) + end


def disc(x: float, y: float, radius: float) -> str:
    """Return the steps around a disc, as four cubics."""
    h = 0.5523 * radius  # no circle is a cubic; this one is off by 0.03 %
    steps, (left, right, up, down) = "", (x - radius, x + radius, y - radius, y + radius)
    for a, b, c in (
        ((right, y + h), (x + h, down), (x, down)),
        ((x - h, down), (left, y + h), (left, y)),
        ((left, y - h), (x - h, up), (x, up)),
        ((x + h, up), (right, y - h), (right, y)),
    ):
        steps += f"C{point(*a)} {point(*b)} {point(*c)}"
    return f"M{point(right, y)}{steps}Z"


def _short(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _key(face: str, char: str) -> str:
    return f"{face[0]}{ord(char):x}"


def _bars(line: SetLine) -> list[str]:
    return [
        path([(x, y), (x + width, y), (x + width, y + THICK), (x, y + THICK)], "Z")
        for x, y, width in line.rules
    ]


def _used(marks: Sequence[Drawn]) -> dict[str, str]:
    """Return the outlines of the letters, each once, by the names that both formats give them."""
    pairs = {
        (face, char)
        for mark in marks
        if isinstance(mark, Lettering)
        for face, char, *_ in mark.line.letters
    }
    return {_key(face, char): outlines()[face][char][1] for face, char in sorted(pairs)}


def svg(name: str, title: str, size: tuple[float, float], marks: Sequence[Drawn]) -> str:
    """Return an SVG fit to stand inside a page: small, named, with ids of its own."""
    box = f"0 0 {point(*size)}"
    defs = [f'<path id="{name}-{key}" d="{d}"/>' for key, d in _used(marks).items()]
    body = [_svg_mark(name, mark) for mark in marks]
    look = "stroke-linejoin: round; stroke-linecap: butt"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img"'
    return "\n".join(
        (
            f'{head} aria-labelledby="{name}-title" style="{look}">',
            f'<title id="{name}-title">{escape(title, quote=False)}</title>',
            *("<defs>", *defs, "</defs>", *body, "</svg>\n"),
        )
    )


def _svg_mark(name: str, mark: Drawn) -> str:
    if isinstance(mark, Lettering):
        letters = [_svg_letter(name, *letter) for letter in mark.line.letters]
        letters += [f'<path d="{bar}"/>' for bar in _bars(mark.line)]
        return (
            f'<g transform="matrix({mark.matrix})" style="fill: {mark.colour}">'
            + "".join(letters)
            + "</g>"
        )
    look = f"fill: {mark.colour}"
    if mark.width:
        look = f"fill: none; stroke: {mark.colour}; stroke-width: {mark.width:g}"
    if mark.dash:
        look += f"; stroke-dasharray: {','.join(f'{d:g}' for d in mark.dash)}"
    if mark.alpha != 1:
        look += f"; opacity: {mark.alpha:g}"
    return f'<path d="{mark.steps}" style="{look}"/>'


def _svg_letter(name: str, face: str, char: str, x: float, y: float, scale: float) -> str:
    place = f"translate({point(x, y)})" if x or y else ""
    place += f" scale({scale:g})" if scale != 1 else ""
    where = f' transform="{place.strip()}"' if place else ""
    return f'<use href="#{name}-{_key(face, char)}"{where}/>'


def pdf(size: tuple[float, float], marks: Sequence[Drawn]) -> bytes:
    """Return a PDF of one page, without a date."""
    width, height = map(_short, size)
    letters = _used(marks)
    alphas = sorted({mark.alpha for mark in marks if isinstance(mark, Stroke)} - {1.0})
    states = "".join(
        f"/a{at} << /ca {alpha:g} /CA {alpha:g} >> " for at, alpha in enumerate(alphas)
    )
    forms = "".join(f"/{key} {at} 0 R " for at, key in enumerate(letters, 5))
    content = f"1 0 0 -1 0 {height} cm 1 j\n" + "".join(_pdf_mark(mark, alphas) for mark in marks)
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R\n"
        f"/Group << /S /Transparency /CS /DeviceRGB >>\n"
        f"/Resources << /ExtGState << {states}>> /XObject << {forms}>> >> >>"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        _stream("", content),
    ]
    box = "/Type /XObject /Subtype /Form /BBox [-1000 -1000 3000 2000] "
    objects += [_stream(box, _steps(d) + "f\n") for d in letters.values()]
    text, places = "%PDF-1.4\n", []
    for at, one in enumerate(objects, 1):
        places.append(len(text))
        text += f"{at} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count, start = len(objects) + 1, len(text)
    text += f"xref\n0 {count}\n0000000000 65535 f \n{table}"
    text += f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return text.encode("ascii")


def _stream(head: str, content: str) -> str:
    return f"<< {head}/Length {len(content)} >>\nstream\n{content}endstream"


def _steps(steps: str) -> str:
    return _STEP.sub(lambda step: f"{step[2]} {_OPERATORS[step[1]]}\n", steps)


def _pdf_mark(mark: Drawn, alphas: Sequence[float]) -> str:
    red, green, blue = (int(mark.colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    colour = f"{red:.4g} {green:.4g} {blue:.4g}"
    if isinstance(mark, Lettering):
        text = "".join(
            f"q {scale:g} 0 0 {scale:g} {point(x, y)} cm /{_key(face, char)} Do Q\n"
            for face, char, x, y, scale in mark.line.letters
        )
        text += "".join(_steps(bar) + "f\n" for bar in _bars(mark.line))
        return f"q {colour} rg {mark.matrix} cm\n{text}Q\n"
    state = f"/a{alphas.index(mark.alpha)} gs " if mark.alpha != 1 else ""
    look, end = f"{colour} rg", "f"
    if mark.width:
        dash = f"[{' '.join(f'{d:g}' for d in mark.dash)}] 0 d"
        look, end = f"{colour} RG {mark.width:g} w {dash}", "S"
    return f"q {state}{look}\n{_steps(mark.steps)}{end} Q\n"
