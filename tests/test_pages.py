"""The pages: what they show, that they are valid, the same each time, and written whole or not."""

# ruff: noqa: E501 -- a formula is read best on one line

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from symattn.errors import OutputError
from symattn.pages import atomic, formula, mathml
from symattn.pages.atomic import write_all
from symattn.pages.figures import draw
from symattn.pages.graph import assumed, draw_graph, taken_up_by
from symattn.pages.html import render_html
from symattn.pages.lettering import typeset
from symattn.pages.model import (
    Answer,
    Bars,
    Block,
    ClaimRow,
    Curve,
    Display,
    Figure,
    Mark,
    Page,
    Prose,
    Section,
    Span,
    StepLine,
)
from symattn.pages.pdf import compile_pdf, find_engine, tex_error, tex_warnings
from symattn.pages.report import render_report
from symattn.pages.tex import escape, render_tex


def prose(source: str) -> Prose:
    """Spans of a text with $formulas$, written short for these tests."""
    parts = source.split("$")
    return tuple(
        Span("math" if odd else "text", part)
        for number, part in enumerate(parts)
        if part
        for odd in [number % 2]
    )


def sample_figures() -> tuple[Figure, ...]:
    scale = [0.1 * step for step in range(101)]
    exact = [2.718281828**b / (2 * 2.718281828**b + 14) for b in scale]
    bound = [max(0.0, 0.5 - 3.5 * 2.718281828**-b) for b in scale]
    edges = [step / 20 for step in range(21)]
    heights = [1 / (4 * (e + 0.03) * (1.03 - e)) for e in edges[:-1]]
    return (
        Figure(
            "q1c-weights",
            "The two weights against the scale",
            r"scale $\beta$",
            r"weight $\alpha_i = \alpha_j$",
            (
                Curve(tuple(scale), tuple(exact), "exact"),
                Curve(
                    tuple(scale),
                    tuple(bound),
                    r"bound $\frac{1}{2} - \frac{n-2}{4}e^{-\beta}$",
                    "dashed",
                ),
            ),
            marks=(Mark(2.64, r"$\beta = \ln(n-2)$"),),
            caption=prose("Here $n = 16$; the dashed curve is the bound, which is never above."),
        ),
        Figure(
            "q1f-weight",
            "The weight over many samples",
            r"weight $\alpha_x$",
            "density",
            (Curve(tuple(edges[:-1]), tuple(heights), "logit-normal density"),),
            bars=(Bars(tuple(edges), tuple(heights), "20 000 samples"),),
        ),
    )


def sample() -> Page:
    """A small sheet with everything that a page can hold."""
    weights, histogram = sample_figures()
    c_answer = (
        Block(prose("Any multiple of the sum of the two keys, the larger the better: take")),
        Block(
            display=Display(
                "q1c:query",
                ((r"q", r"= \beta\left(k_i + k_j\right),\qquad \beta \gg \ln n"),),
                "q1c.query",
                "proved",
            )
        ),
        Block(
            (
                *prose("Then $c \\to (v_i+v_j)/2$ as $\\beta\\to\\infty$, by "),
                Span("ref", "q1c:error"),
                Span("text", "."),
            )
        ),
    )
    c_explanation = (
        Block(
            prose(
                "The keys are orthonormal, so $k_i\\cdot q = k_j\\cdot q = \\beta$ and every other logit is $0$. Hence the exact weights"
            )
        ),
        Block(
            display=Display(
                "q1c:weights",
                (
                    (
                        r"\alpha_i = \alpha_j",
                        r"= \frac{e^{\beta}}{2 e^{\beta} + n - 2} = \frac{1}{2} - \frac{n-2}{2\left(2e^{\beta}+n-2\right)}",
                    ),
                    (r"\alpha_l", r"= \frac{1}{2 e^{\beta} + n - 2} \qquad (l \neq i, j)"),
                ),
                "q1c.weights",
                "proved",
            )
        ),
        Block(
            prose("and the error, which is $0$ for $n = 2$ and of order $e^{-\\beta}$ otherwise:"),
            Display(
                "q1c:error",
                (
                    (
                        r"c - \frac{v_i + v_j}{2}",
                        r"= \frac{1}{2 e^{\beta} + n - 2}\sum_{\substack{l = 1\\ l \neq i, j}}^{n}\left(v_l - \frac{v_i + v_j}{2}\right)",
                    ),
                    (
                        r"\left\lVert c - \frac{v_i + v_j}{2}\right\rVert",
                        r"\le \frac{n-2}{2}\, e^{-\beta}\max_{l}\left\lVert v_l - \frac{v_i+v_j}{2}\right\rVert",
                    ),
                    ("", r"\xrightarrow[\beta\to\infty]{} 0"),
                ),
                "q1c.error",
                "confirmed",
            ),
        ),
        Block(
            (
                *prose("The scale needed for an error is read off "),
                Span("ref", "q1c-weights"),
                Span("text", "; it is a"),
                Span("emph", " logarithm"),
                Span("text", " of n."),
            )
        ),
    )
    evidence = (
        "proof: the difference of both sides is identically zero in normal form",
        "numbers: 240 instances agree, n in {2, 3, 5, 16}, d in {4, 32}, largest relative error 3.1e-16",
        "reading back: both sides are read as they were meant",
    )
    answer_c = Answer(
        "q1c",
        "(c)",
        10,
        prose(
            "Let’s assume that all key vectors are orthogonal, i.e. $k_i \\cdot k_j = 0$ for $i \\neq j$ and have norm 1. What should query $q$ look like for output $c$ to be equal to $(v_i + v_j)/2$ for some $i \\neq j$?"
        ),
        c_answer,
        c_explanation,
        prose("Verified: 4 claims proved, 1 confirmed, on 240 instances with $n$ from 2 to 1024."),
        (weights,),
        (
            StepLine(
                (r"\alpha_l = \frac{\exp(k_l\cdot q)}{\sum_{j=1}^{n}\exp(k_j\cdot q)}",),
                "definition of attention",
                (
                    r"\frac{\exp\left(\beta k_l\cdot(k_i+k_j)\right)}{\sum_{m=1}^{n}\exp\left(\beta k_m\cdot(k_i+k_j)\right)}",
                ),
            ),
            StepLine(
                (
                    r"\sum_{l=1}^{n}"
                    + r"\left(1+(e^{\beta}-1)(\delta_{l i}+\delta_{l j})\right)" * 4,
                ),
                "keys are orthonormal",
                (r"2e^{\beta}", "+ n - 2"),
                r"\leadsto",
            ),
        ),
        (
            ClaimRow(
                "weights",
                r"\alpha_i = \frac{e^{\beta}}{2 e^{\beta} + n - 2}",
                "proved",
                "identity-proved",
                "the difference is identically zero",
                evidence,
                ((Span("text", "keys are orthonormal"),), (Span("math", r"i \ne j"),)),
            ),
            ClaimRow(
                "limit",
                r"\lim_{\beta\to\infty} c = \frac{v_i+v_j}{2}",
                "confirmed",
                "agree",
                "240 instances agree",
                evidence[1:],
                (),
            ),
        ),
    )
    answer_d = Answer(
        "q1d",
        "(d)",
        10,
        (
            *prose("Find such matrix $M$ such that $eM = v_i$ "),
            Span("strikemath", r"c^\top M = v_i"),
            Span("text", " "),
            Span("strike", "or else"),
        ),
        (
            Block(prose("With $S$ the matrix of the basis vectors as columns,")),
            Block(
                display=Display(
                    "q1d:M",
                    ((r"M", r"= 2\, S\left(S^\top S\right)^{-1} S^\top"),),
                    "q1d.M",
                    "proved",
                )
            ),
        ),
        (
            Block(
                (
                    *prose("since $S^\\top T = 0$, and $S^\\top S$ is invertible. By cases"),
                    Span(
                        "display",
                        r"\operatorname{Var}[a\cdot k] = \begin{cases} a^\top\Sigma a & \text{if } k \sim \mathcal{N}(\mu, \Sigma)\\ 0 & \text{otherwise.}\end{cases}",
                    ),
                    Span("text", "for every α and β ≥ 0."),
                )
            ),
        ),
        prose("Verified: 3 claims proved."),
        (),
        (),
        (ClaimRow("M", r"M c = v_i", "proved", "words-proved", "same normal form", (), ()),),
    )
    answer_f = Answer(
        "q1f",
        "(f)",
        10,
        prose("What will output $c$ look like?"),
        (Block(prose("A fair coin between $v_i$ and $v_j$.")),),
        (),
        prose("Verified by sampling."),
        (histogram,),
        (),
        (
            ClaimRow(
                "law",
                r"\mathbb{E}[c] \approx \frac{v_i + v_j}{2}",
                "undecided",
                "too-few-points",
                "3 valid points",
                (),
                (),
            ),
        ),
    )
    return Page(
        "Single-head attention: the answers",
        prose(
            "Every formula here was computed by a named rule from the definition of attention, for symbolic $n$ and $d$; then proved, compared with plain NumPy, and read back from its LaTeX."
        ),
        (
            Section(
                "Question 1. Single-head attention",
                (
                    Block(
                        prose(
                            "Attention is a function of a query $q \\in \\mathbb{R}^d$, keys $k_1,\\dots,k_n$ and values $v_1,\\dots,v_n$, with output $c = \\sum_{i=1}^n \\alpha_i v_i$ and"
                        )
                    ),
                    Block(
                        display=Display(
                            "weights",
                            (
                                (
                                    r"\alpha_i",
                                    r"= \frac{\exp(k_i\cdot q)}{\sum_{j=1}^n\exp(k_j\cdot q)}",
                                ),
                            ),
                            "",
                            "proved",
                        )
                    ),
                ),
                (answer_c, answer_d, answer_f),
            ),
            Section(
                "Question 2. Programming",
                (Block(prose("Complete Lab 3 at <http://mimuw.edu.pl/~jks>.")),),
                (),
                prose("The lab is not part of the document; no points are claimed."),
            ),
        ),
        prose("50 points answered of 80; 30 are needed for a 3, 50 for a 4, 70 for a 5."),
        (Block(prose("Vectors are columns; $\\delta_{ij}$ is Kronecker’s.")),),
    )


@pytest.fixture(scope="module")
def drawings() -> dict[str, tuple[str, bytes]]:
    return {figure.name: draw(figure) for figure in sample_figures()}


@pytest.fixture(scope="module")
def svgs(drawings: dict[str, tuple[str, bytes]]) -> dict[str, str]:
    return {name: svg for name, (svg, _) in drawings.items()}


# --- formulas -------------------------------------------------------------------------------------

FORMULAS = [
    r"k_i^\top q",
    r"\lVert q\rVert",
    r"\left\lVert q\right\rVert",
    r"\|q\|",
    r"\mathbb{E}\left[c\right]",
    r"\operatorname{Var}(c)",
    r"\operatorname*{arg\,max}_{p \in \Delta} \langle p, z\rangle + H(p)",
    r"\begin{cases}1 & i=j\\0 & \text{otherwise}\end{cases}",
    r"\begin{aligned}a&=b\\&=c\end{aligned}",
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
    r"\sum_{\substack{l=1\\l\ne i,j}}^{n} v_l",
    r"\left(S^\top S\right)^{-1}",
    r"\Sigma_x=\epsilon I+\frac{\mu_x\mu_x^{\top}}{2}",
    r"\sigma(z)\sim\mathcal{N}\!\left(0,1\right)",
    r"\xrightarrow[\beta\to\infty]{}\frac12",
    r"\lim_{\beta \to \infty} c",
    r"\max_{j\neq i}\Delta_j \;\Longleftrightarrow\; x \implies y \iff z",
    r"W_0\left(\frac{2B}{A\epsilon}\right)",
    r"\{1,\dots,n\}\setminus\{i\}",
    r"\bigl\lVert q\bigr\rVert \biggl\{x\biggr\}",
    r"\left.f\right|_{x=0}",
    r"\int_{-\infty}^{\infty} f(x)\,\mathrm{d}x",
    r"\boldsymbol{\mu} \propto \mathbf{1}",
    r"\widetilde{c},\ \hat{c},\ \bar{c},\ \overline{\alpha}",
    r"u \perp v,\quad a \ll b \mid x\colon y",
    r"10^{-16} \cdot \ln n \times \exp(x)",
]


@pytest.mark.parametrize("latex", FORMULAS)
def test_formula_becomes_mathml_core(latex: str) -> None:
    for shown in (mathml.inline(latex), mathml.display((("", latex),))):
        root = ElementTree.fromstring(shown)
        assert {e.tag for e in root.iter()} <= mathml._TAGS
        texts = [e.text or "" for e in root.iter()]
        assert not any(char in text for text in texts for char in "\\&$#")
        assert not {"columnalign", "rowspacing", "linebreak"} & {k for e in root.iter() for k in e}


@pytest.mark.parametrize(
    "latex",
    [
        r"\undefined x",
        r"\frac{a}",
        r"\boxed{M}",
        r"a & b",
        r"a \\ b",
        "{a",
        "a}",
        "a $ b",
        "a % b",
        "x_",
        r"\left(a",
        "a\n\nb",
        r"\input{secret}",
        r"a \write18{ls}",
        "^^5cinput{secret}",
        "a\\",
        r"a \tag{1}",
    ],
)
def test_formula_that_cannot_be_shown_is_named(latex: str) -> None:
    with pytest.raises(OutputError) as error:
        mathml.inline(latex)
    assert repr(latex) in str(error.value)


@pytest.mark.parametrize(
    "latex",
    [r"\input{secret}", r"\write18{ls}", "a $ b", "a % b", "{a", "a\n\nb", "^^5cread", "a\\"],
)
def test_tex_refuses_what_reaches_outside_a_formula(latex: str) -> None:
    with pytest.raises(OutputError, match="cannot be printed"):
        formula.check(latex)


def test_a_transpose_is_a_letter_and_a_limit_stands_below() -> None:
    assert "<mi>⊤</mi>" in mathml.inline(r"k^\top q")
    assert "<munder>" in mathml.display((("", r"\lim_{\beta\to\infty} c"),))
    assert 'mathvariant="normal">Σ' in mathml.inline(r"\Sigma")
    assert "<mspace" in mathml.inline(r"\ln n")
    assert "<mspace" not in mathml.inline(r"\ln(n)")


# --- the page as TeX --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("50% & $5 #1 a_b {x} ~ ^ \\", None),
        ("α ≥ β", r"$\alpha$ $\ge$ $\beta$"),
        ("x² − 1", "x${}^2$ $-$ 1"),
        ("--style", "-{}-style"),
        ("naïve Łódź “quoted” – done…", "naïve Łódź ``quoted'' -- done\\dots{}"),
        ("𝒳", OutputError),
        ("漢", OutputError),
        ("a\x07", OutputError),
    ],
)
def test_text_is_escaped_for_tex(text: str, shown: str | type[OutputError] | None) -> None:
    if shown is OutputError:
        with pytest.raises(OutputError, match="U\\+"):
            escape(text)
    elif shown is None:
        result = escape(text)
        for special in "%&$#":
            assert result.count(special) == result.count("\\" + special)
    else:
        assert escape(text) == shown


def test_tex_holds_everything_in_order() -> None:
    text = render_tex(sample())
    places = [
        text.index(mark)
        for mark in (
            "{(c)}",
            "\\lead{Answer.}",
            "q1c:error}",
            "{q1c-weights}",
            "Verified",
            "{(d)}",
            "Question 2",
        )
    ]
    assert places == sorted(places)
    assert text.count(r"\begin{equation}") == 1  # only what is referred to has a number
    assert text.count(r"\begin{equation*}") == 4
    assert r"\eqref{q1c:error}" in text
    assert r"Figure~\ref{q1c-weights}" in text
    assert r"\struck{$c^\top M = v_i$}" in text
    assert r"\struck{or} \struck{else}" in text
    assert "Steps" not in text
    assert "words-proved" not in text
    full = render_tex(sample(), "full")
    assert "keys are orthonormal" in full
    assert "words-proved" in full
    assert "too-few-points" in full


def test_what_stands_beside_a_formula_and_who_hands_it_in(svgs: dict[str, str]) -> None:
    page = sample()
    answer = page.sections[0].answers[0]
    given = prose("if $l \\ne i, j$")
    blocks = tuple(
        replace(b, display=replace(b.display, given=given)) if b.display else b
        for b in answer.answer
    )
    section = replace(
        page.sections[0], answers=(replace(answer, answer=blocks), *page.sections[0].answers[1:])
    )
    table = (("part", "claims"), ("(c)", "2"))
    page = replace(
        page, sections=(section, *page.sections[1:]), names=("A. Student", "R & D"), checked=table
    )
    tex, html = render_tex(page), render_html(page, svgs)
    assert r"\given{if $l \ne i, j$}" in tex
    assert r"A. Student\hfill R \& D\par" in tex
    assert "(c) & 2 \\\\" in tex
    assert '<p class="given">if <math>' in html
    assert "A. Student · R &amp; D" in html
    assert "<th>(c)</th><td>2</td>" in html


def test_a_formula_that_failed_is_flagged_on_both_pages(svgs: dict[str, str]) -> None:
    page = sample()
    answer = page.sections[0].answers[1]
    shown = answer.answer[1].display
    assert shown is not None
    failed = replace(answer, answer=(Block(display=replace(shown, verdict="refuted")),))
    page = replace(page, sections=(replace(page.sections[0], answers=(failed,)),), intro=())
    assert r"\flagged{refuted}" in render_tex(page)
    assert ">refuted</span>" in render_html(page, svgs).split("<footer>")[0]
    assert ">refuted</span>" not in render_html(sample(), svgs).split("<footer>")[0]


@pytest.mark.parametrize("kind", ["twice", "missing", "malformed"])
def test_labels_are_checked_before_tex_sees_them(kind: str, svgs: dict[str, str]) -> None:
    shown = Display("same", (("a", "= b"),), "", "proved")
    blocks = {
        "twice": (Block(display=shown), Block(display=shown)),
        "missing": (Block((Span("ref", "nowhere"),)),),
        "malformed": (Block(display=replace(shown, label="a}b")),),
    }[kind]
    page = Page("t", (), (Section("s", blocks),), ())
    for render in (render_tex, lambda page: render_html(page, svgs)):
        with pytest.raises(OutputError, match=r"same|nowhere|a}b"):
            render(page)


# --- the page as HTML -------------------------------------------------------------------------------

VOID = {"meta", "link", "br"}


class Reader(HTMLParser):
    """Notes the tags, ids and addresses of a page, and whether its tags are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "xlink:href"):
                self.links.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("style", ["brief", "full"])
def test_html_is_well_formed_and_self_contained(style: str, svgs: dict[str, str]) -> None:
    text = render_html(sample(), svgs, style)  # type: ignore[arg-type]
    page = Reader(text)
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith("#") or link == "data:," for link in page.links)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert not {"script", "img", "iframe", "merror"} & set(page.tags)
    assert "url(http" not in text
    assert "@import" not in text
    assert '<html lang="en">' in text
    assert "prefers-color-scheme: dark" in text
    assert page.tags.count("svg") == 3  # two figures, and what rests on what
    assert "2 claims: 1 proved, 1 confirmed" in text
    assert "reading back: both sides" in text
    assert "Assumes: keys are orthonormal; <math>" in text
    assert ("2 steps" in text) == (style == "full")
    assert '<a href="#eq-q1c:error">(1)</a>' in text
    assert "Figure&nbsp;1</a>" in text


def test_the_graph_has_an_arc_for_each_edge_and_a_dot_for_each_assumption() -> None:
    keys, letter = (Span("text", "keys <are> orthonormal"),), (Span("math", "b > 0"),)
    rows = (
        ClaimRow("one", "a = b", "proved", "", "", (), (keys,)),
        ClaimRow("two & a half", "a = b", "confirmed", "", "", (), (keys, letter), ("one",)),
        ClaimRow(
            "three", "a = b", "undecided", "", "", (), (letter, letter), ("one", "two & a half")
        ),
    )
    svg = ElementTree.fromstring(draw_graph("q1a", rows))
    drawn = [node.get("class") for node in svg.iter() if node.tag.endswith(("path", "circle"))]
    assert (drawn.count("arc"), drawn.count("ring"), drawn.count("cross")) == (3, 1, 1)
    assert drawn.count(None) == 1 + 4  # a disc for the proof, and the dots
    assert assumed(rows) == {keys: ("one", "two & a half"), letter: ("two & a half", "three")}
    assert taken_up_by(rows)["one"] == ("two & a half", "three")
    assert taken_up_by(rows)["three"] == ()


def test_html_escapes_what_it_is_given() -> None:
    bad = '<script>alert("x")</script> & co'
    claim = ClaimRow(bad, "a = b", bad, bad, bad, (bad,), ((Span("text", bad),),))
    answer = Answer(
        "q1",
        bad,
        1,
        (Span("strike", bad),),
        (),
        (),
        (Span("emph", bad),),
        (),
        (StepLine(("a",), bad, ("b",)),),
        (claim,),
    )
    page = Page(
        bad,
        (Span("text", bad),),
        (Section(bad, (), (answer,), (Span("text", bad),)),),
        (Span("text", bad),),
    )
    text = render_html(page, {}, "full")
    assert "<script" not in text
    assert 'alert("x")' not in text
    assert not Reader(text).open


def test_html_wants_every_drawing() -> None:
    with pytest.raises(OutputError, match="q1c-weights"):
        render_html(sample(), {})


# --- figures ----------------------------------------------------------------------------------------


def test_the_figures_of_a_sheet_are_known_by_its_tex(tmp_path: Path) -> None:
    write_all(
        tmp_path, {"answers.tex": render_tex(sample()).encode(), "figures/q1c-weights.pdf": b""}
    )
    write_all(tmp_path, {"answers.tex": b"no figure"})
    assert list(tree(tmp_path)) == ["answers.tex"]


def test_svg_is_named_small_and_its_own(drawings: dict[str, tuple[str, bytes]]) -> None:
    for name, (svg, pdf) in drawings.items():
        root = ElementTree.fromstring(svg)
        ids = [e.get("id") for e in root.iter() if e.get("id")]
        assert len(ids) == len(set(ids))
        assert all(str(i).startswith(name) for i in ids)
        assert root.get("role") == "img"
        assert root[0].text
        assert "<!--" not in svg
        assert "<style" not in svg
        assert "<text" not in svg
        assert "metadata" not in svg
        assert len(svg) < 60_000
        assert len(pdf) < 60_000
        assert b"CreationDate" not in pdf
        assert b"Producer" not in pdf


def test_figures_are_the_same_in_another_process(
    drawings: dict[str, tuple[str, bytes]],
) -> None:
    script = (
        "import sys, hashlib, importlib.util as u\n"
        "spec = u.spec_from_file_location('pages_sample', sys.argv[1])\n"
        "m = u.module_from_spec(spec); sys.modules['pages_sample'] = m; spec.loader.exec_module(m)\n"
        "for f in reversed(m.sample_figures()):\n"
        "    svg, pdf = m.draw(f)\n"
        "    print(f.name, hashlib.sha256(svg.encode() + pdf).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, __file__],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    import hashlib

    here = {n: hashlib.sha256(svg.encode() + pdf).hexdigest() for n, (svg, pdf) in drawings.items()}
    assert dict(line.split() for line in done.stdout.splitlines()) == here


def test_a_label_is_set_as_tex_sets_it() -> None:
    def places(label: str) -> list[tuple[str, float, float]]:
        return [(char, round(x), round(y)) for _, char, x, y, _ in typeset(label).letters]

    # cmr10 and cmmi10 in thousandths: 2 is 500 wide, n 600; thick spaces 5/18, medium 4/18, thin 1/6
    assert places("$n = 2$") == [("n", 0, 0), ("=", 878, 0), ("2", 1934, 0)]
    assert places("$n - 2$") == [("n", 0, 0), ("−", 822, 0), ("2", 1822, 0)]
    assert places("$-2$") == [("−", 0, 0), ("2", 778, 0)]
    assert places(r"$2\ln n$")[-1] == ("n", 2 * 167 + 500 + 278 + 556, 0)
    assert places("$x_n^2$")[1:] == [("n", 572, -247), ("2", 572, 363)]
    assert [width for *_, width in typeset(r"$\frac{n}{2}$").rules] == [0.7 * 600]
    assert typeset("Größe a").letters[-1][2] == typeset("Größe").width + 333


def test_both_formats_draw_the_same() -> None:
    """Each step and each letter of the SVG stands in the PDF, at the same place."""
    for figure in sample_figures():
        svg, data = draw(figure)
        pdf, root = data.decode("ascii"), ElementTree.fromstring(svg)
        paths = [node.get("d", "") for node in root.iter() if node.tag.endswith("path")]
        assert paths
        for steps in paths:
            for numbers in re.findall(r"[MLC]([^MLCZ]*)", steps):
                assert f"{numbers} " in pdf
        groups = [node for node in root.iter() if node.tag.endswith("}g")]
        turns = [str(node.get("transform"))[7:-1] for node in groups]
        assert all(f"{turn} cm" in pdf for turn in turns)
        uses = [node for node in root.iter() if node.tag.endswith("use")]
        assert len(uses) == pdf.count(" Do Q")
        table = pdf[int(pdf.split("startxref\n")[1].split()[0]) :].splitlines()
        for number, entry in enumerate(table[3 : table.index("trailer")], 1):
            assert pdf[int(entry[:10]) :].startswith(f"{number} 0 obj")


@pytest.mark.parametrize("fault", [r"$\frac{a}$", "$\\nosuchthing$", "漢"])
def test_label_that_cannot_be_set_is_an_error(fault: str) -> None:
    with pytest.raises(OutputError, match="'bad' could not be drawn"):
        draw(Figure("bad", "t", fault, "y", (Curve((0.0, 1.0), (0.0, 1.0), "a"),)))


def test_log_axes_and_many_labels_and_marks() -> None:
    x = tuple(10.0**k for k in range(-4, 5))
    long = "a rather long label that takes much of the row"
    figure = Figure(
        "log",
        "t",
        "x",
        "y",
        (Curve(x, x, long), Curve(x, x[::-1], long, "dots")),
        marks=(Mark(1.0, "one"), Mark(1000.0, "thousand")),
        xlog=True,
        ylog=True,
    )
    svg, _ = draw(figure)
    assert svg != draw(replace(figure, ylog=False))[0]


# --- the PDF ----------------------------------------------------------------------------------------

needs_tex = pytest.mark.skipif(find_engine() is None, reason="no TeX engine on the PATH")


@needs_tex
@pytest.mark.parametrize("style", ["brief", "full"])
def test_pdf_compiles_without_a_complaint_and_is_reproducible(
    style: str, drawings: dict[str, tuple[str, bytes]]
) -> None:
    files = {f"figures/{name}.pdf": pdf for name, (_, pdf) in drawings.items()}
    files["answers.tex"] = render_tex(sample(), style).encode()  # type: ignore[arg-type]
    first = compile_pdf(files)
    assert first.warnings == ()
    assert first.pdf.startswith(b"%PDF")
    assert compile_pdf(files).pdf == first.pdf
    assert b"/CreationDate" not in first.pdf


@needs_tex
def test_formulas_compile_too() -> None:
    blocks = tuple(
        Block(display=Display(f"f{k}", (("", latex),), "", "proved"))
        for k, latex in enumerate(FORMULAS)
    )
    text = '“Œuvre” naïve: ¡50%! α ≥ β², x₁ ∈ ℝ… -- <<a>> ~ ^ \\ `b` "c" £ § ¿ Łódź'
    page = Page("A_b & c", (Span("text", text),), (Section("s", blocks),), ())
    assert compile_pdf({"answers.tex": render_tex(page).encode()}).warnings == ()


@needs_tex
def test_wide_formula_fits_and_says_so() -> None:
    wide = " + ".join(rf"\alpha_{{{k}}}\beta_{{{k}}}" for k in range(30))
    page = Page(
        "t",
        (),
        (Section("s", (Block(display=Display("w", (("x", "= " + wide),), "", "proved")),)),),
        (),
    )
    warnings = compile_pdf({"answers.tex": render_tex(page).encode()}).warnings
    assert any("A formula is" in line for line in warnings)
    assert not any("Overfull" in line for line in warnings)


@needs_tex
def test_tex_error_gives_the_line() -> None:
    source = b"\\documentclass{article}\n\\begin{document}\n\\nosuch\n\\end{document}\n"
    with pytest.raises(OutputError, match=r"Undefined control sequence \(line 3: \\nosuch\)"):
        compile_pdf({"answers.tex": source})
    with pytest.raises(OutputError, match="took more than"):
        compile_pdf(
            {"answers.tex": b"\\documentclass{article}\\begin{document}\\loop\\iftrue\\repeat"},
            seconds=0.05,
        )


@needs_tex
def test_tex_warnings_are_seen() -> None:
    body = "\\hbox to 1cm{\\rule{3cm}{1pt}} \\ref{nowhere}"
    source = f"\\documentclass{{article}}\\begin{{document}}{body}\\end{{document}}"
    warnings = compile_pdf({"answers.tex": source.encode()}).warnings
    assert any("Overfull" in line for line in warnings)
    assert any("nowhere" in line for line in warnings)


def test_no_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_engine() is None
    with pytest.raises(OutputError, match="install"):
        compile_pdf({"answers.tex": b""})


def test_logs_are_read() -> None:
    assert tex_error("") == "it wrote no log"
    assert tex_error("all is well") == "it gave no reason"
    assert tex_error("! Emergency stop.") == "Emergency stop"
    log = "LaTeX Warning: Reference `a' on page 1 undefined on input line 3.\nUnderfull \\hbox\n"
    assert tex_warnings(log) == [
        "LaTeX Warning: Reference `a' on page 1 undefined on input line 3."
    ]


# --- writing ----------------------------------------------------------------------------------------


def tree(root: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()
    }


def test_files_are_replaced_stale_figures_go_and_strangers_stay(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    sheet = b"1\n\\shown{a}{Title.}{ }\n\\shown{b}{Title.}{ }\n"
    write_all(
        out,
        {"answers.tex": sheet, "figures/a.svg": b"a", "figures/b.pdf": b"b", "answers.pdf": b"p"},
    )
    (out / "mine.txt").write_bytes(b"keep")
    (out / "figures" / "holiday.pdf").write_bytes(b"keep")
    paths = write_all(out, {"answers.tex": b"2", "figures/c.svg": b"c"}, remove=["answers.pdf"])
    assert paths == [out / "answers.tex", out / "figures/c.svg"]
    assert tree(out) == {
        "answers.tex": b"2",
        "figures/c.svg": b"c",
        "figures/holiday.pdf": b"keep",
        "mine.txt": b"keep",
    }
    assert [p.name for p in out.parent.iterdir()] == ["out"]


def test_failure_leaves_the_directory_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    old = {"answers.tex": b"\\shown{x}", "a": b"1", "b": b"1", "figures/x.svg": b"1"}
    write_all(out, old)
    before = tree(tmp_path)
    moved = Path.replace
    for allowed in range(7):
        left = [allowed]

        def fail(source: Path, target: Path, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == -1:
                raise OSError(28, "No space left on device")
            moved(source, target)

        monkeypatch.setattr(Path, "replace", fail)
        monkeypatch.setattr(atomic, "MOST", -1)  # file by file
        with pytest.raises(OutputError, match="No space left"):
            write_all(out, {"a": b"2", "b": b"2", "c": b"2", "figures/y.svg": b"2", "new/z": b""})
        monkeypatch.setattr(Path, "replace", moved)
        assert tree(tmp_path) == before
        assert not (out / "new").exists()


def test_a_new_directory_that_fails_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(atomic, "_renamed_at_once", fail)
    with pytest.raises(OutputError, match="Input/output"):
        write_all(tmp_path / "x" / "y", {"a": b"1"})
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from symattn.pages import atomic
out, once = Path(sys.argv[1]), sys.argv[2] == "exchange"
atomic._renamed_at_once = atomic._renamed_at_once if once else lambda *_: False
old = {"answers.tex": b"\\\\shown{x}", "a": b"1", "b": b"1", "figures/x.svg": b"1"}
new = {"answers.tex": b"2", "a": b"2", "c": b"2", "figures/y.svg": b"2"}
def state():
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}
def child(kill_at):
    seen = [0]
    def count(event, args):
        if event.startswith(("os.", "open", "shutil.", "ctypes.dlsym")):
            seen[0] += 1
            if seen[0] == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
    pid = os.fork()
    if pid == 0:
        sys.addaudithook(count)
        atomic.write_all(out, new, remove=["b"])
        os._exit(0)
    return os.waitpid(pid, 0)[1] != 0
keep, at, found = {"mine.txt": b"keep", "figures/mine.svg": b"keep"}, 0, set()
while True:
    at += 1
    atomic.write_all(out, old)
    for name in (set(state()) - set(old)) - set(keep):
        (out / name).unlink()
    for name, data in keep.items():
        (out / name).write_bytes(data)
    killed = child(at)
    if not out.exists():
        assert not once
        atomic._clear(out)
    now = state()
    assert now in ({**old, **keep}, {**new, **keep}), (at, now)
    found.add(now["a"])
    if not killed:
        break
    atomic.write_all(out, new, remove=["b"])
    assert state() == {**new, **keep}
    assert [p.name for p in out.parent.iterdir()] == [out.name]
print(at, sorted(found))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs fork and renameat2")
@pytest.mark.parametrize("way", ["exchange", "two steps"])
def test_whenever_it_is_killed_the_old_or_the_new_is_there(tmp_path: Path, way: str) -> None:
    """Killed at each thing that it does with a file; the next run clears what was left."""
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "place" / "out"), way],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    steps, found = ran.stdout.split(maxsplit=1)
    assert int(steps) > 20
    assert found.strip() == "[b'1', b'2']"


def test_a_directory_that_someone_stands_in_stays_the_same_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_all(Path(), {"a": b"1"})
    assert Path("a").read_bytes() == b"1"
    assert tree(tmp_path) == {"a": b"1"}


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", "", "a\\b", "c:a"])
def test_names_stay_inside(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="inside"):
        write_all(tmp_path / "out", {name: b""})
    assert not (tmp_path / "out").exists()


def test_a_file_or_an_unwritable_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1")
    with pytest.raises(OutputError, match="is a file"):
        write_all(tmp_path / "file", {"a": b""})
    with pytest.raises(OutputError, match=r"could not be written.*--out"):
        write_all(tmp_path / "file" / "below", {"a": b""})
    (tmp_path / "out" / "a").mkdir(parents=True)
    with pytest.raises(OutputError, match="is a directory"):
        write_all(tmp_path / "out", {"a": b""})


# --- the report -------------------------------------------------------------------------------------


def test_report_is_sorted_plain_json() -> None:
    import numpy as np

    report = {
        "z": np.float64(0.5),
        "a": {"n": np.arange(2), "x": float("nan")},
        "é": (1, None, True),
    }
    data = render_report(report)
    assert data.endswith(b"}\n")
    assert data == render_report(dict(reversed(report.items())))
    assert json.loads(data) == {
        "schema": 1,
        "z": 0.5,
        "a": {"n": [0, 1], "x": "nan"},
        "é": [1, None, True],
    }
    with pytest.raises(TypeError):
        render_report({"a": object()})
