"""Figures as SVG and PDF, the same bytes for the same data.

Matplotlib is imported on the first drawing only, and without pyplot.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape  # the standard one of XML imports all of HTTP
from math import isnan, log10
from typing import TYPE_CHECKING, Any, cast

from symattn.errors import OutputError
from symattn.pages.model import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure as Canvas

# Okabe and Ito's colours, which readers with any colour vision can tell apart.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
INK = "#1a1a1a"
FAINT = "#8c8c8c"
BAR = "#56b4e9"

WIDTH, HEIGHT = 5.0, 2.8  # inches
LEFT, RIGHT, BOTTOM, TOP, LEGEND_ROW = 0.62, 0.12, 0.48, 0.14, 0.19

_STYLE: dict[str, Any] = {
    "svg.hashsalt": "symattn",
    "svg.fonttype": "path",
    "pdf.fonttype": 3,
    # Computer Modern, as on the page; STIX has the letters that it lacks. Matplotlib has both.
    "mathtext.fontset": "cm",
    "font.family": ["cmr10", "STIXGeneral"],
    "axes.formatter.use_mathtext": True,
    "font.size": 9.5,
    "axes.labelsize": 10,
    "legend.fontsize": 9.5,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.6,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "savefig.edgecolor": "none",
}


def draw(figure: Figure) -> tuple[str, bytes]:
    """Return a figure as (SVG text, PDF bytes), about 5 by 2.8 inches, without a date.

    Parameters
    ----------
    figure : curves, histograms and marks; labels may hold ``$...$`` in matplotlib's mathtext.

    Raises
    ------
    OutputError : a label that mathtext cannot set, or data of different lengths.

    >>> from symattn.pages.model import Curve
    >>> line = Curve((0.0, 1.0), (0.0, 1.0), "identity")
    >>> svg, pdf = draw(Figure("line", "A line", "$x$", "$y$", (line,)))
    >>> svg.startswith("<svg"), pdf.startswith(b"%PDF")
    (True, True)
    """
    with _style():
        from matplotlib.backends.backend_pdf import FigureCanvasPdf
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        try:
            canvas = _compose(figure)
            text, data = io.StringIO(), io.BytesIO()
            nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
            FigureCanvasSVG(canvas).print_svg(text, metadata=nothing)
            nothing = dict.fromkeys(("CreationDate", "Creator", "Producer"))
            FigureCanvasPdf(canvas).print_pdf(data, metadata=nothing)
        except (ValueError, UserWarning) as error:
            line = str(error).strip().splitlines()[0] if str(error).strip() else "no reason given"
            raise OutputError(
                f"figure {figure.name!r} could not be drawn: {line}",
                "check its labels ($...$ is matplotlib's mathtext) and the lengths of its data",
            ) from error
    return _tidy(text.getvalue(), figure), data.getvalue()


@contextmanager
def _style() -> Iterator[None]:
    """Matplotlib's own defaults and our style, whatever the user's matplotlibrc says."""
    import matplotlib
    from matplotlib.font_manager import fontManager

    saved, fonts = matplotlib.rcParams.copy(), fontManager.ttflist
    own = matplotlib.get_data_path()
    # dict.update: these values were validated when matplotlib read its defaults.
    dict.update(matplotlib.rcParams, matplotlib.rcParamsDefault)
    matplotlib.rcParams.update(cast("Any", _STYLE))
    # A system's own cmr10 would change the picture; and the search is quicker among few.
    fontManager.ttflist = [font for font in fonts if font.fname.startswith(own)]
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message="Glyph", category=UserWarning)
            yield
    finally:
        fontManager.ttflist = fonts
        dict.update(matplotlib.rcParams, saved)


def _compose(figure: Figure) -> Canvas:
    from matplotlib.figure import Figure as Canvas

    rows = _legend_rows(figure)
    height = HEIGHT + LEGEND_ROW * max(0, rows - 1)
    canvas = Canvas(figsize=(WIDTH, height))
    top = TOP + LEGEND_ROW * rows
    axes = canvas.add_axes(
        (
            LEFT / WIDTH,
            BOTTOM / height,
            (WIDTH - LEFT - RIGHT) / WIDTH,
            (height - BOTTOM - top) / height,
        )
    )
    for bars in figure.bars:
        axes.stairs(bars.heights, bars.edges, fill=True, color=BAR, alpha=0.45, label=bars.label)
    if figure.cells:
        _cells(axes, figure.cells)
    number = -1
    for curve in figure.curves:
        number += bool(curve.label)  # a curve without a label belongs to the one before it
        look: dict[str, Any] = {"color": COLOURS[number % len(COLOURS)], "label": curve.label}
        if curve.style == "dots":
            look |= {"linestyle": "none", "marker": "o", "markersize": 3.2}
        elif curve.style == "rings":
            look |= {"linestyle": "none", "marker": "o", "markersize": 6, "markerfacecolor": "none"}
        elif curve.style == "dashed":
            look |= {"linestyle": (0, (4, 2)), "linewidth": 1.4}
        axes.plot(curve.x, curve.y, **look)
    if figure.xlog:
        axes.set_xscale("log")
    if figure.ylog:
        axes.set_yscale("log")
    if not figure.cells:
        _ticks(axes.xaxis, figure.xlog)
    _ticks(axes.yaxis, figure.ylog)
    if not figure.cells:
        axes.margins(x=0.015, y=0.06)
    axes.set_xlabel(figure.xlabel, labelpad=3)
    axes.set_ylabel(figure.ylabel, labelpad=4)
    _marks(axes, figure)
    if rows:
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1.01),
            ncols=1 if rows > 1 else 8,
            frameon=False,
            borderpad=0,
            borderaxespad=0.2,
            handlelength=1.8,
            handletextpad=0.5,
            columnspacing=1.6,
            labelspacing=0.25,
        )
    return canvas


def _cells(axes: Axes, cells: tuple[tuple[float, ...], ...]) -> None:
    """Draw shares as squares, the fuller the darker, in eighths; nan is a gap."""
    from matplotlib.patches import Rectangle

    for y, row in enumerate(cells):
        for x, share in enumerate(row):
            level = 0.0 if isnan(share) else round(8 * share) / 8
            if level:
                axes.add_patch(
                    Rectangle((x + 0.5, y + 0.5), 1, 1, facecolor=BAR, alpha=level, linewidth=0)
                )
    places, number = [], 0
    for x, share in enumerate(cells[0]):
        number = 0 if isnan(share) else number + 1
        if number == 1 or (number and number % 4 == 0):
            places.append((x + 1, str(number)))
    axes.set_xticks([x for x, _ in places], [label for _, label in places])
    axes.set_xlim(0.5, len(cells[0]) + 0.5)
    axes.set_ylim(len(cells) + 0.5, 0.5)
    axes.set_aspect("equal", adjustable="box", anchor="W")


def _legend_rows(figure: Figure) -> int:
    """One row if the labels fit side by side above the plot, else a row for each."""
    labels = [curve.label for curve in figure.curves] + [bars.label for bars in figure.bars]
    labels = [label for label in labels if label]
    if not labels:
        return 0
    shown = sum(len(re.sub(r"\\[A-Za-z]+|[\\{}$_^ ]", "x", label)) + 7 for label in labels)
    return 1 if shown <= 76 else len(labels)


def _ticks(axis: Axis, log: bool) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

    if log:
        axis.set_major_locator(LogLocator(numticks=6))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(_power))
    else:
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(_plain))


def _plain(value: float, _: object) -> str:
    return f"{value:.6g}".replace("-", "\u2212")


def _power(value: float, _: object) -> str:
    exponent = round(log10(value))
    return f"{value:g}" if abs(exponent) <= 1 else f"$10^{{{exponent}}}$"


def _marks(axes: Axes, figure: Figure) -> None:
    """Thin vertical lines, each with its label beside it at the top, on the roomier side."""
    transform = axes.get_xaxis_transform()
    for number, mark in enumerate(sorted(figure.marks, key=lambda mark: mark.x)):
        axes.axvline(mark.x, color=FAINT, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0.5)
        across = axes.transAxes.inverted().transform(axes.transData.transform((mark.x, 1.0)))[0]
        left = across > 0.6
        axes.annotate(
            mark.label,
            (mark.x, 1.0),
            xycoords=transform,
            xytext=(-4 if left else 4, -2 - 12 * number),
            textcoords="offset points",
            ha="right" if left else "left",
            va="top",
        )


_NUMBER = re.compile(r"-?\d+\.\d+")
_DROPPED = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)


def _tidy(svg: str, figure: Figure) -> str:
    """Make an SVG fit to stand inside a page: small, named, with ids of its own."""
    svg = _DROPPED.sub("", svg)
    # `* {...}` would reach the whole page; on the root it is inherited all the same.
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, count=1, flags=re.DOTALL)
    prefix = figure.name + "-"
    svg = re.sub(r'\bid="', f'id="{prefix}', svg)
    svg = re.sub(r"url\(#", f"url(#{prefix}", svg)
    svg = re.sub(r'href="#', f'href="#{prefix}', svg)
    # Hundredths of a point are finer than any screen; glyph scales are not in these attributes.
    svg = re.sub(r'(?<= d=")[^"]*|translate\([^)]*\)', _rounded, svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg.strip())
    head, body = svg.split(">", 1)
    head = re.sub(r'\s(width|height|version)="[^"]*"', "", head)
    title = f'<title id="{prefix}title">{escape(figure.title, quote=False)}</title>'
    return (
        f'{head} role="img" aria-labelledby="{prefix}title"'
        f' style="stroke-linejoin: round; stroke-linecap: butt">\n{title}{body}\n'
    )


def _rounded(match: re.Match[str]) -> str:
    return _NUMBER.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), match[0])
