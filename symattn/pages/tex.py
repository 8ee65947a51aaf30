"""The answer sheet as a LaTeX document for a plain TeX installation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from symattn.errors import OutputError
from symattn.pages.formula import Numbers, check, number
from symattn.pages.model import Display, Page, Prose, Span

if TYPE_CHECKING:
    from jinja2 import Template

Style = Literal["brief", "full"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_\allowbreak{}",
    "/": r"/\allowbreak{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{THIN SPACE}": r"\,",
    "\N{EN DASH}": "--",
    "\N{EM DASH}": "---",
    "\N{LEFT SINGLE QUOTATION MARK}": "`",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": "``",
    "\N{RIGHT DOUBLE QUOTATION MARK}": "''",
    "\N{HORIZONTAL ELLIPSIS}": r"\dots{}",
    "\N{DEGREE SIGN}": r"\textdegree{}",
    "\N{MICRO SIGN}": r"$\mu$",
}
# Letters and signs of mathematics inside plain text: what they are called in a formula.
_MATH = {
    **dict(
        zip(
            "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩϵϕϑ",
            (
                "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi "
                "rho sigma tau upsilon varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma "
                "Upsilon Phi Psi Omega epsilon phi vartheta"
            ).split(),
            strict=True,
        )
    ),
    **dict(
        zip(
            "−±×·÷≤≥≠≈≡∝∞∈∉⊂⊆∪∩∀∃∂∇∑∏∫√→←↔⇒⇔↦⊤⊥‖⟨⟩∘⊗⊕≪≫∅ℓ…⋅",
            (
                "- pm times cdot div le ge ne approx equiv propto infty in notin subset subseteq "
                "cup cap forall exists partial nabla sum prod int surd to leftarrow leftrightarrow "
                "Rightarrow Leftrightarrow mapsto top perp Vert langle rangle circ otimes oplus ll "
                "gg emptyset ell dots cdot"
            ).split(),
            strict=True,
        )
    ),
    **{"ς": "varsigma", "ℝ": "mathbb{R}", "ℕ": "mathbb{N}", "ℤ": "mathbb{Z}", "𝔼": "mathbb{E}"},
    **{"✓": "surd", "∼": "sim", "∣": "mid", "′": "prime"},
    **{sign: "^" + str(digit) for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{sign: "_" + str(digit) for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    "⁻": "^-",
}
_LIGATURES = re.compile(r"--+|,,|<<|>>|''|``|[?!](?=`)")


def escape(text: str) -> str:
    r"""Return plain text as LaTeX that prints it; letters of mathematics become formulas.

    Raises
    ------
    OutputError : for a character that a plain TeX installation has no letter for.

    >>> escape("50% of α_i, 100 €")
    '50\\% of $\\alpha$\\_\\allowbreak{}i, 100 \\texteuro{}'
    """
    shown = []
    for part in re.split(r"(--+|,,|<<|>>|'')", " ".join(text.split(" "))):
        if _LIGATURES.fullmatch(part):  # TeX would join these
            shown.append("{}".join(part))
        else:
            shown.extend(_letter(char) for char in part)
    return "".join(shown)


def _letter(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char in _MATH and char != "…":
        name = _MATH[char]
        return f"$\\{name}$" if name[0].isalpha() else f"${{}}{name}$" if name != "-" else "$-$"
    if char in "\n\t":
        return " "
    if char == "€":
        return r"\texteuro{}"
    # The letters that the T1 fonts have; inputenc knows them.
    if (char.isascii() and char.isprintable()) or "\u00a1" <= char <= "\u017e":
        return char
    raise OutputError(
        f"the character {char!r} (U+{ord(char):04X}) cannot be set by a plain TeX installation",
        "write it in a formula, or with letters of a European alphabet",
    )


def render_tex(page: Page, style: Style = "brief") -> str:
    """Return the sheet as a complete LaTeX document that includes ``figures/NAME.pdf``.

    Parameters
    ----------
    page : what to show.
    style : 'brief' for a marker; 'full' adds every step with its rule, and the claims.

    Raises
    ------
    OutputError : a formula or character that cannot be printed, or a reference to nothing.

    >>> document = render_tex(Page("Answers", (), (), ()))
    >>> document.splitlines()[0]
    '\\\\documentclass[11pt,a4paper]{article}'
    """
    numbers = number(page)
    text = _template().render(
        page=page,
        full=style == "full",
        prose=lambda spans: prose(spans, numbers),
        text=escape,
        math=formula,
        broken=broken,
        display=lambda item: display(item, numbers),
        evidence=lambda lines: [evidence(line) for line in lines],
    )
    return re.sub(r"\n{3,}", "\n\n", text)


@lru_cache(maxsize=1)
def _template() -> Template:
    from pathlib import Path

    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("answers.tex.j2")


def prose(spans: Prose, numbers: Numbers) -> str:
    """Return a paragraph's spans as LaTeX."""
    return "".join(_span(span, numbers) for span in spans)


def _span(span: Span, numbers: Numbers) -> str:
    kind, body = span.kind, span.body
    if kind == "text":
        return escape(body)
    if kind == "emph":
        return rf"\emph{{{escape(body)}}}"
    if kind == "link":
        return rf"\href{{{body}}}{{\texttt{{{escape(body)}}}}}"
    if kind == "strike":
        return " ".join(rf"\struck{{{escape(word)}}}" for word in body.split())
    if kind == "ref":
        return rf"\eqref{{{body}}}" if body in numbers.formulas else rf"Figure~\ref{{{body}}}"
    if kind == "display":
        return "\n\\[\n  \\fit{" + formula(body) + "}\n\\]\n"
    return f"${formula(body)}$" if kind == "math" else rf"\struck{{${formula(body)}$}}"


def formula(latex: str) -> str:
    """Return a formula that was checked, fit to stand between dollars."""
    check(latex)
    return latex.strip()


def display(item: Display, numbers: Numbers) -> str:
    """Return a formula on lines of its own, numbered if it is referred to, and what it assumes."""
    body = aligned([(formula(left), formula(right)) for left, right in item.rows])
    if item.given:
        given = prose(item.given, numbers)
        body = f"\\begin{{gathered}}\n    {body} \\\\\n    \\given{{{given}}}\n  \\end{{gathered}}"
    flag = ""
    if item.verdict not in ("proved", "confirmed"):
        flag = f"\\flagged{{{escape(item.verdict)}}}"
    kind, label = "equation*", ""
    if item.label in numbers.formulas:
        kind, label = "equation", f"  \\label{{{item.label}}}\n"
    return f"\\begin{{{kind}}}\n{label}  \\fit{{{body}}}{flag}\n\\end{{{kind}}}"


def aligned(rows: Sequence[tuple[str, str]]) -> str:
    """Return rows of (left, right), aligned between them."""
    if len(rows) == 1:
        return " ".join(filter(None, rows[0]))
    lines = " \\\\\n    ".join(f"{left} &{right}" for left, right in rows)
    return f"\\begin{{aligned}}\n    {lines}\n  \\end{{aligned}}"


def broken(lines: Sequence[str], relation: str = "") -> str:
    """Return a formula in lines, the first behind a relation."""
    first, *more = map(formula, lines)
    return aligned([("", f"{relation}\\; {first}"), *(("", rf"\qquad {line}") for line in more)])


def evidence(line: str) -> str:
    """Return a line of evidence; long numbers and lists may break anywhere sensible."""
    return re.sub(r"([,;=:])(?=\S)", r"\1\\allowbreak{}", escape(line))
