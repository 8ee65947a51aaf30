"""Figures: axes, ticks, a legend and what is plotted, laid out once for SVG and PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, isnan, log10

from symattn.errors import OutputError
from symattn.pages.canvas import Drawn, Lettering, Stroke, disc, path, pdf, svg
from symattn.pages.lettering import SetLine, typeset
from symattn.pages.model import Curve, Figure

# Okabe and Ito's colours, which readers with any colour vision can tell apart.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
INK = "#1a1a1a"
FAINT = "#8c8c8c"
BAR = "#56b4e9"

WIDTH, HEIGHT = 360.0, 201.6
LEFT, RIGHT, BOTTOM, TOP = 44.6, 8.6, 34.6, 10.0
LABEL, WORDS, TICKS, ROW = 10.0, 9.5, 8.5, 13.7
THIN, TICK, HANDLE = 0.6, 3.5, 17.0
DASHED, DOTTED = (5.6, 2.8), (1.6, 1.6)


@dataclass(frozen=True)
class Axis:
    """One direction: values from `low` to `high` (logarithms if `log`) lie from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Return the place of a value, nan where it has none.

        >>> Axis(0.0, 2.0, 100.0, 200.0, log=True).at(10.0)
        150.0
        """
        if self.log:
            value = log10(value) if value > 0 else float("nan")
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def draw(figure: Figure) -> tuple[str, bytes]:
    """Return a figure as (SVG text, PDF bytes), about 5 by 2.8 inches, without a date.

    Parameters
    ----------
    figure : curves, histograms and marks; labels may hold ``$...$``.

    Raises
    ------
    OutputError : a label that cannot be set, or data of different lengths.

    >>> from symattn.pages.model import Curve
    >>> line = Curve((0.0, 1.0), (0.0, 1.0), "identity")
    >>> picture, pages = draw(Figure("line", "A line", "$x$", "$y$", (line,)))
    >>> picture.startswith("<svg"), pages.startswith(b"%PDF")
    (True, True)
    """
    try:
        size, marks = _compose(figure)
    except (ValueError, OverflowError, OutputError) as error:
        raise OutputError(
            f"figure {figure.name!r} could not be drawn: {error}",
            "check its labels ($...$ is a formula) and the lengths of its data",
        ) from error
    return svg(figure.name, figure.title, size, marks), pdf(size, marks)


def _compose(figure: Figure) -> tuple[tuple[float, float], list[Drawn]]:
    rows = _legend(figure)
    height = HEIGHT + ROW * max(0, len(rows) - 1)
    top, bottom, right = TOP + ROW * len(rows), height - BOTTOM, WIDTH - RIGHT
    across, up = _values(figure)
    if figure.cells:
        side = min((right - LEFT) / len(figure.cells[0]), (bottom - top) / len(figure.cells))
        right, half = LEFT + side * len(figure.cells[0]), side * len(figure.cells) / 2
        middle = (top + bottom) / 2
        top, bottom = middle - half, middle + half
        x = Axis(0.5, len(figure.cells[0]) + 0.5, LEFT, right)
        y = Axis(0.5, len(figure.cells) + 0.5, top, bottom)
        x_ticks = list(_columns(figure.cells[0]))
    else:
        x = Axis(*_range(across, figure.xlog, 0.015), LEFT, right, figure.xlog)
        y = Axis(*_range(up, figure.ylog, 0.06, bool(figure.bars)), bottom, top, figure.ylog)
        x_ticks = list(_ticks(x))
    marks: list[Drawn] = [*_bars(figure, x, y), *_cells(figure, x, y)]
    marks += _lines(figure, x, top, bottom)
    for curve, colour in _coloured(figure.curves):
        marks += _plotted(curve, colour, [(x.at(a), y.at(b)) for a, b in _pairs(curve)])
    marks += _frame(figure, x, y, (bottom, x_ticks))
    base = top - 4.0 - ROW * (len(rows) - 1)
    for at, row in enumerate(rows):
        left = LEFT
        for look, line in row:
            marks += [
                *_sample(look, left, base + ROW * at),
                _words(line, left + HANDLE + 5, base + ROW * at),
            ]
            left += _wide(line)
    return (WIDTH, height), marks


# what is plotted -------------------------------------------------------------------------------


def _coloured(curves: Iterable[Curve]) -> Iterator[tuple[Curve, str]]:
    number = -1
    for curve in curves:
        number += bool(curve.label)  # a curve without a label belongs to the one before it
        yield curve, COLOURS[number % len(COLOURS)]


def _pairs(curve: Curve) -> list[tuple[float, float]]:
    return list(zip(curve.x, curve.y, strict=True))


def _plotted(curve: Curve, colour: str, places: list[tuple[float, float]]) -> Iterator[Stroke]:
    """Yield a line, in pieces where a value is missing, or dots."""
    if curve.style in ("dots", "rings"):
        radius, width = (2.1, 0.0) if curve.style == "dots" else (3.0, 1.0)
        yield from (Stroke(disc(*p, radius), colour, width) for p in places if isfinite(sum(p)))
        return
    piece: list[tuple[float, float]] = []
    for place in [*places, (float("nan"), 0.0)]:
        if isfinite(sum(place)):
            piece.append(place)
            continue
        if len(piece) > 1:
            dashed = curve.style == "dashed"
            yield Stroke(path(piece), colour, 1.4 if dashed else 1.6, DASHED if dashed else ())
        piece = []


def _bars(figure: Figure, x: Axis, y: Axis) -> Iterator[Stroke]:
    for bars in figure.bars:
        base, points = y.at(0.0), []
        for left, right, height in zip(bars.edges[:-1], bars.edges[1:], bars.heights, strict=True):
            points += [(x.at(left), y.at(height)), (x.at(right), y.at(height))]
        points = [(x.at(bars.edges[0]), base), *points, (x.at(bars.edges[-1]), base)]
        yield Stroke(path(points, "Z"), BAR, alpha=0.45)


def _cells(figure: Figure, x: Axis, y: Axis) -> Iterator[Stroke]:
    """Yield shares as squares, the fuller the darker, in eighths; nan is a gap."""
    for row, shares in enumerate(figure.cells):
        for column, share in enumerate(shares):
            level = 0.0 if isnan(share) else round(8 * share) / 8
            if level:
                a, b = x.at(column + 0.5), x.at(column + 1.5)
                c, d = y.at(row + 0.5), y.at(row + 1.5)
                yield Stroke(path([(a, c), (b, c), (b, d), (a, d)], "Z"), BAR, alpha=level)


def _columns(shares: Iterable[float]) -> Iterator[tuple[float, str]]:
    """Count the columns of each block, the first and each fourth."""
    number = 0
    for place, share in enumerate(shares, 1):
        number = 0 if isnan(share) else number + 1
        if number == 1 or (number and number % 4 == 0):
            yield place, str(number)


def _lines(figure: Figure, x: Axis, top: float, bottom: float) -> Iterator[Drawn]:
    """Thin vertical lines, each with its label beside it at the top, on the roomier side."""
    for number, mark in enumerate(sorted(figure.marks, key=lambda mark: mark.x)):
        at, line = x.at(mark.x), typeset(mark.label)
        yield Stroke(path([(at, bottom), (at, top)]), FAINT, 0.8, DOTTED)
        left = at > x.start + 0.6 * (x.end - x.start)
        where = at - 4 - line.width * WORDS / 1000 if left else at + 4
        yield _words(line, where, top + 9 + 12 * number)


# axes ------------------------------------------------------------------------------------------


def _values(figure: Figure) -> tuple[list[float], list[float]]:
    across = [x for curve in figure.curves for x in curve.x] + [mark.x for mark in figure.marks]
    up = [y for curve in figure.curves for y in curve.y]
    for bars in figure.bars:
        across += bars.edges
        up += [0.0, *bars.heights]
    return across, up


def _range(
    values: Iterable[float], log: bool, margin: float, based: bool = False
) -> tuple[float, float]:
    """Return where an axis begins and ends; `based`: bars stand on zero without a gap."""
    found = [float(v) for v in values if isfinite(v) and (v > 0 or not log)]
    found = [log10(v) for v in found] if log else found
    low, high = min(found, default=0.0), max(found, default=1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    gap = margin * (high - low)
    return low if based and low == 0 else low - gap, high + gap


def _ticks(axis: Axis, least: float = 0.0) -> Iterator[tuple[float, str]]:
    """Yield values and how they are written: round ones, at least so far apart, or powers of ten."""
    if axis.log and axis.high - axis.low >= 1:
        apart = ceil((axis.high - axis.low) / 6)
        for power in range(ceil(axis.low), floor(axis.high) + 1):
            if power % apart == 0:
                yield 10.0**power, f"{10.0**power:g}" if abs(power) <= 1 else f"$10^{{{power}}}$"
        return
    low, high = sorted(10.0**v if axis.log else v for v in (axis.low, axis.high))
    raw = max((high - low) / 6, least) * (1 - 1e-9)
    unit = 10.0 ** floor(log10(raw))
    step = next(s * unit for s in (1, 2, 2.5, 5, 10) if s * unit >= raw)
    for at in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1):
        yield at * step, f"{at * step:.6g}".replace("-", "\u2212")


def _frame(
    figure: Figure, x: Axis, y: Axis, below: tuple[float, Sequence[tuple[float, str]]]
) -> Iterator[Drawn]:
    """Yield the two axes, their ticks and their names."""
    floor_, x_ticks = below
    top = min(y.start, y.end)
    yield Stroke(path([(x.start, top), (x.start, floor_), (x.end, floor_)]), INK, THIN)
    for place, label in x_ticks:
        at, line = x.at(place), typeset(label)
        yield Stroke(path([(at, floor_), (at, floor_ + TICK)]), INK, THIN)
        yield _words(line, at - line.width * TICKS / 2000, floor_ + 12.6, TICKS)
    widest = 0.0
    for value, label in _ticks(y, 1.0 if figure.cells else 0.0):
        at, line = y.at(value), typeset(label)
        width = line.width * TICKS / 1000
        widest = max(widest, width)
        yield Stroke(path([(x.start - TICK, at), (x.start, at)]), INK, THIN)
        yield _words(line, x.start - 7 - width, at + 2.8, TICKS)
    name = typeset(figure.xlabel)
    yield _words(name, (x.start + x.end - name.width * LABEL / 1000) / 2, floor_ + 25, LABEL)
    name = typeset(figure.ylabel)
    start = (top + floor_ + name.width * LABEL / 1000) / 2
    yield Lettering(name, max(8.0, x.start - 14 - widest), start, LABEL, INK, upwards=True)


def _words(line: SetLine, x: float, y: float, size: float = WORDS) -> Lettering:
    return Lettering(line, x, y, size, INK)


# the legend ------------------------------------------------------------------------------------


def _legend(figure: Figure) -> list[list[tuple[tuple[Curve, str] | None, SetLine]]]:
    """Return its rows: one if all labels fit side by side above the plot, else one for each."""
    entries: list[tuple[tuple[Curve, str] | None, SetLine]] = []
    entries += [(None, typeset(bars.label)) for bars in figure.bars if bars.label]
    entries += [
        ((c, colour), typeset(c.label)) for c, colour in _coloured(figure.curves) if c.label
    ]
    if sum(_wide(line) for _, line in entries) <= WIDTH - LEFT:
        return [entries] if entries else []
    return [[entry] for entry in entries]


def _wide(line: SetLine) -> float:
    return HANDLE + 5 + line.width * WORDS / 1000 + 15


def _sample(look: tuple[Curve, str] | None, x: float, y: float) -> Iterator[Stroke]:
    if look is None:
        box = [(x, y), (x + HANDLE, y), (x + HANDLE, y - 6.6), (x, y - 6.6)]
        yield Stroke(path(box, "Z"), BAR, alpha=0.45)
        return
    curve, colour = look
    dots = curve.style in ("dots", "rings")
    ends = [x + HANDLE / 2] if dots else [x, x + HANDLE]
    yield from _plotted(curve, colour, [(end, y - 3) for end in ends])
