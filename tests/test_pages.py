"""The pages: what they show, that they are valid, the same each time, and written whole or not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from symattn.errors import OutputError
from symattn.pages import formula, mathml
from symattn.pages.figures import draw
from symattn.pages.html import render_html
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
from symattn.pages.write import write_all


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
    exact = [2.718281828 ** b / (2 * 2.718281828**b + 14) for b in scale]
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
                Curve(tuple(scale), tuple(bound), r"bound $\frac{1}{2} - \frac{n-2}{4}e^{-\beta}$", "dashed"),
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
        Block(display=Display("q1c:query", ((r"q", r"= \beta\left(k_i + k_j\right),\qquad \beta \gg \ln n"),), "q1c.query", "proved")),
        Block(
            (
                *prose("Then $c \\to (v_i+v_j)/2$ as $\\beta\\to\\infty$, by "),
                Span("ref", "q1c:error"),
                Span("text", "."),
            )
        ),
    )
    c_explanation = (
        Block(prose("The keys are orthonormal, so $k_i\\cdot q = k_j\\cdot q = \\beta$ and every other logit is $0$. Hence the exact weights")),
        Block(
            display=Display(
                "q1c:weights",
                (
                    (r"\alpha_i = \alpha_j", r"= \frac{e^{\beta}}{2 e^{\beta} + n - 2} = \frac{1}{2} - \frac{n-2}{2\left(2e^{\beta}+n-2\right)}"),
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
                    (r"c - \frac{v_i + v_j}{2}", r"= \frac{1}{2 e^{\beta} + n - 2}\sum_{\substack{l = 1\\ l \neq i, j}}^{n}\left(v_l - \frac{v_i + v_j}{2}\right)"),
                    (r"\left\lVert c - \frac{v_i + v_j}{2}\right\rVert", r"\le \frac{n-2}{2}\, e^{-\beta}\max_{l}\left\lVert v_l - \frac{v_i+v_j}{2}\right\rVert"),
                    ("", r"\xrightarrow[\beta\to\infty]{} 0"),
                ),
                "q1c.error",
                "confirmed",
            ),
        ),
        Block((*prose("The scale needed for an error is read off "), Span("ref", "q1c-weights"), Span("text", "; it is a"), Span("emph", " logarithm"), Span("text", " of n."))),
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
        prose("Let’s assume that all key vectors are orthogonal, i.e. $k_i \\cdot k_j = 0$ for $i \\neq j$ and have norm 1. What should query $q$ look like for output $c$ to be equal to $(v_i + v_j)/2$ for some $i \\neq j$?"),
        c_answer,
        c_explanation,
        prose("Verified: 4 claims proved, 1 confirmed, on 240 instances with $n$ from 2 to 1024."),
        (weights,),
        (
            StepLine(r"\alpha_l = \frac{\exp(k_l\cdot q)}{\sum_{j=1}^{n}\exp(k_j\cdot q)}", "definition of attention", r"\frac{\exp\left(\beta k_l\cdot(k_i+k_j)\right)}{\sum_{m=1}^{n}\exp\left(\beta k_m\cdot(k_i+k_j)\right)}"),
            StepLine(r"\sum_{l=1}^{n}" + r"\left(1+(e^{\beta}-1)(\delta_{l i}+\delta_{l j})\right)" * 4, "keys are orthonormal", r"2e^{\beta}+n-2"),
        ),
        (
            ClaimRow("weights", r"\alpha_i = \frac{e^{\beta}}{2 e^{\beta} + n - 2}", "proved", "identity-proved", "the difference is identically zero", evidence, ("keys are orthonormal", "i and j differ")),
            ClaimRow("limit", r"\lim_{\beta\to\infty} c = \frac{v_i+v_j}{2}", "confirmed", "agree", "240 instances agree", evidence[1:], ()),
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
            Block(display=Display("q1d:M", ((r"M", r"= 2\, S\left(S^\top S\right)^{-1} S^\top"),), "q1d.M", "proved")),
        ),
        (
            Block(
                (
                    *prose("since $S^\\top T = 0$, and $S^\\top S$ is invertible. By cases"),
                    Span("display", r"\operatorname{Var}[a\cdot k] = \begin{cases} a^\top\Sigma a & \text{if } k \sim \mathcal{N}(\mu, \Sigma)\\ 0 & \text{otherwise.}\end{cases}"),
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
        "q1f", "(f)", 10, prose("What will output $c$ look like?"),
        (Block(prose("A fair coin between $v_i$ and $v_j$.")),),
        (), prose("Verified by sampling."), (histogram,), (),
        (ClaimRow("law", r"\mathbb{E}[c] \approx \frac{v_i + v_j}{2}", "undecided", "too-few-points", "3 valid points", (), ()),),
    )
    return Page(
        "Single-head attention: the answers",
        prose("Every formula here was computed by a named rule from the definition of attention, for symbolic $n$ and $d$; then proved, compared with plain NumPy, and read back from its LaTeX."),
        (
            Section(
                "Question 1. Single-head attention",
                (
                    Block(prose("Attention is a function of a query $q \\in \\mathbb{R}^d$, keys $k_1,\\dots,k_n$ and values $v_1,\\dots,v_n$, with output $c = \\sum_{i=1}^n \\alpha_i v_i$ and")),
                    Block(display=Display("weights", ((r"\alpha_i", r"= \frac{\exp(k_i\cdot q)}{\sum_{j=1}^n\exp(k_j\cdot q)}"),), "", "proved")),
                ),
                (answer_c, answer_d, answer_f),
            ),
            Section("Question 2. Programming", (Block(prose("Complete Lab 3 at <http://mimuw.edu.pl/~jks>.")),), (), prose("The lab is not part of the document; no points are claimed.")),
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
