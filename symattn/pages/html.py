"""The answer sheet as one self-contained web page: MathML, inline SVG, no scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from symattn.errors import OutputError
from symattn.pages import figures as drawing
from symattn.pages import mathml
from symattn.pages.formula import Numbers, number
from symattn.pages.graph import anchor, assumed, draw_graph, taken_up_by
from symattn.pages.model import ClaimRow, Page, Prose, Span, StepLine
from symattn.pages.template import html_template
from symattn.pages.tex import Style

if TYPE_CHECKING:
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
PASSED = ("proved", "confirmed")
MEANING = {
    "proved": "an exact decision",
    "confirmed": "no proof, but independent numbers agree on every instance that was tried",
    "refuted": "a concrete counterexample",
    "undecided": "neither proved nor refuted; not a pass",
    "unread": "the formula could not be read; not a pass",
}


def render_html(page: Page, figures: Mapping[str, str], style: Style = "brief") -> str:
    """Return the sheet as one HTML page with nothing to fetch.

    Parameters
    ----------
    page : what to show.
    figures : the SVG of each figure on the page, by its name.
    style : 'brief' for a marker; 'full' adds every step with its rule.

    Raises
    ------
    OutputError : naming a formula that MathML cannot show, a figure that is not given, or a
        reference to nothing.

    >>> render_html(Page("Answers", (), (), ()), {}).splitlines()[0]
    '<!DOCTYPE html>'
    """
    from markupsafe import Markup

    numbers = number(page)
    missing = sorted(set(numbers.figures) - set(figures))
    if missing:
        raise OutputError(f"no drawing is given for figure {missing[0]!r}")
    text = html_template(TEMPLATES, "answers.html.j2").render(
        page=page,
        full=style == "full",
        numbers=numbers,
        prose=lambda spans: Markup(_prose(spans, numbers)),
        inline=lambda latex: Markup(mathml.inline(latex)),
        formula=lambda latex: Markup(mathml.display((("", latex),))),
        step=lambda item: Markup(mathml.display(_step(item))),
        rows=lambda item: Markup(mathml.display(item.rows)),
        drawing=lambda name: Markup(themed(figures[name])),
        graph=lambda answer: Markup(draw_graph(answer.name, answer.claims)),
        anchor=anchor,
        assumed=assumed,
        taken_up_by=taken_up_by,
        summary=_summary,
        passed=PASSED,
        meaning=MEANING,
    )
    return re.sub(r"\n\s*\n+", "\n", text)


def _prose(spans: Prose, numbers: Numbers) -> str:
    """Return a paragraph; what ends a sentence behind a formula stays on its line."""
    text = "".join(_span(span, numbers) for span in spans)
    together = r'<span class="together">\1</span>'
    return re.sub(r"(<math(?:(?!</math>).)*</math>[.,;:)]+)", together, text)


def _step(item: StepLine) -> tuple[tuple[str, str], ...]:
    first, *more = item.right
    left = tuple(("", line) for line in item.left)
    return (*left, ("", rf"{item.relation}\; {first}"), *(("", rf"\qquad {m}") for m in more))


def _span(span: Span, numbers: Numbers) -> Markup:
    from markupsafe import Markup, escape

    kind, body = span.kind, span.body
    if kind == "text":
        return escape(body)
    if kind == "emph":
        return Markup("<em>{}</em>").format(body)
    if kind == "link":
        return Markup('<a href="{0}">{0}</a>').format(body)
    if kind == "strike":
        return Markup("<s>{}</s>").format(body)
    if kind == "math":
        return Markup(mathml.inline(body))
    if kind == "strikemath":
        return Markup('<s class="formula">' + mathml.inline(body) + "</s>")
    if kind == "display":
        shown = mathml.display((("", body),))
        return Markup('<span class="display"><span class="scroll">' + shown + "</span></span>")
    if body in numbers.formulas:
        return Markup('<a href="#eq-{0}">({1})</a>').format(body, numbers.formulas[body])
    return Markup('<a href="#figure-{0}">Figure&nbsp;{1}</a>').format(body, numbers.figures[body])


def _summary(claims: tuple[ClaimRow, ...]) -> str:
    """Say how many claims there are and what became of them.

    >>> row = ClaimRow("c", "c=c", "proved", "identity-proved", "", (), ())
    >>> _summary((row, row))
    '2 claims: 2 proved'
    """
    counts = [(word, sum(claim.verdict == word for claim in claims)) for word in MEANING]
    found = ", ".join(f"{count} {word}" for word, count in counts if count)
    return f"{len(claims)} claim{'' if len(claims) == 1 else 's'}: {found}"


def themed(svg: str) -> str:
    """Let a drawing follow the page's colours, by day and by night."""
    for colour, name in (
        *((colour, f"--line-{n}") for n, colour in enumerate(drawing.COLOURS, 1)),
        (drawing.BAR, "--bar"),
        (drawing.FAINT, "--faint"),
    ):
        svg = svg.replace(colour, f"var({name})")
    return svg.replace(drawing.INK, "currentColor")
