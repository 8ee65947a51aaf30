"""Whole documents: what is found in them, and that nothing right is called wrong."""

import csv
import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from symattn.document.outputs import document_page, document_sarif, terminal_lines
from symattn.document.paper import judge_paper
from symattn.submission.source import load, source

FOLDER = Path(__file__).parent / "data" / "papers"
PAPERS = sorted(p for p in FOLDER.iterdir() if p.suffix in (".tex", ".md", ".qmd"))
with (FOLDER / "slips.tsv").open(encoding="utf-8") as file:
    SLIPS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
MISSED = {
    ("softmax.tex", 13), ("softmax.tex", 69), ("softmax.tex", 73), ("elbo.tex", 27),
    ("conditioning.tex", 24), ("variance.tex", 41), ("rope.md", 66), ("logistic.md", 27),
    ("logistic.md", 32), ("contrast.tex", 45), ("contrast.tex", 49),
    ("information.tex", 22), ("information.tex", 28), ("information.tex", 38), ("information.tex", 49),
    ("information.tex", 58), ("mixture.tex", 13), ("mixture.tex", 84), ("mixture.tex", 88), ("fisher.tex", 68),
}  # fmt: skip
"""Where a slip is not found today: what is supposed, a sum that is given, a definition,
and letters that were bounded for one case or defined in an earlier section."""


def judged(text, markdown=False):
    return judge_paper(source(text, markdown=markdown)).findings


def outcomes(text):
    return [f.outcome for f in judged(text)]


def test_the_papers_and_their_slips_are_enough():
    assert len(PAPERS) >= 20
    assert len(SLIPS) >= 158
    assert {row["document"] for row in SLIPS} == {p.name for p in PAPERS}


def test_right_documents_hold_nothing_wrong():
    counts = Counter()
    for path in PAPERS:
        paper = judge_paper(load(path), path.name)
        wrong = [
            (path.name, f.line, f.latex) for f in paper.findings if f.outcome == "does not follow"
        ]
        assert not wrong
        counts.update(paper.counts())
    assert counts.total() >= 300
    assert counts["follows"] >= 480
    print(dict(counts))  # noqa: T201 - the figures


@pytest.mark.parametrize("name", sorted({row["document"] for row in SLIPS}))
def test_slips_are_found_where_they_stand(name):
    """A slip may spoil the links beside it, and those that rest on what it defines; nothing before."""
    path = FOLDER / name
    found, missed = 0, set()
    for row in (row for row in SLIPS if row["document"] == name):
        lines = path.read_text("utf-8").split("\n")
        at = int(row["line"])
        assert lines[at - 1].count(row["right"]) == 1
        lines[at - 1] = lines[at - 1].replace(row["right"], row["wrong"])
        text = "\n".join(lines)
        wrong = [f for f in judged(text, path.suffix != ".tex") if f.outcome == "does not follow"]
        spans = [(f.line, f.line + text[f.start : f.end].count("\n")) for f in wrong]
        assert all(last >= at for _, last in spans), row
        if any(first <= at <= last for first, last in spans):
            found += 1
        else:
            missed.add((name, at))
    print(f"{name}: {found} found, missed {sorted(missed)}")  # noqa: T201 - the figures
    assert missed <= MISSED
    assert found >= 6


NOTHING_WRONG = (
    r"Let $\eta > 0$ and $L > 0$. We have $\eta \le \frac{1}{L}$.",
    r"For $a > 0$ and $b > 0$ we have $a \le b$, and so $a + 1 \le b + 1$.",
    r"For $t > 0$ large we have $\log t \ge 5$.",
    r"The information is $I(X; Y) = H(X) - H(X \mid Y)$, and $I(X; Y) \ge 0$.",
    r"Let $w \in \mathbb{R}^d$. Then $\arg\min_w \|w - a\|^2 = a$.",
    r"Let $x \sim \mathcal{N}(\mu, \Sigma)$. Then $\mathbb{E}[x] = \mu$.",
    r"With $\Sigma$ symmetric, $\nabla_x x^\top \Sigma x = 2 \Sigma x$.",
    r"Let $P$ be a stochastic matrix. Then \[ P 1 = 2 P. \]",
    r"We assume \[ \frac{1}{a} + \frac{1}{b} = \frac{1}{a + b}. \]",
    r"It is not true that $\sqrt{a + b} = \sqrt{a} + \sqrt{b}$.",
    r"The identity $(a + b)^2 = a^2 + b^2$ is wrong.",
    r"Let $m$ be the mean of $x_1, \dots, x_n$. Then \[ \sum_{i=1}^n (x_i - m) = 0 \cdot m = 0. \]",
    r"Two matrices commute: \[ A B = B A. \]",
    r"The chain satisfies detailed balance, \[ \pi_i P_{ij} = \pi_j P_{ji}. \]",
    r"With $\sum_{i=1}^n p_i = 1$, \[ \sum_{i=1}^n p_i (x_i - c) = \sum_{i=1}^n p_i x_i - c. \]",
    r"For $x > 0$ we have $\sqrt{x^2} = x$, and hence $|x| = \sqrt{x^2} = x$.",
    r"Let $R \in \mathbb{R}^{d \times d}$ be a rotation. Then $\tr(R^\top R A) = \tr(A)$.",
    r"Let $A$ be a skew-symmetric matrix. Then $(I + A)^\top = I - A$.",
    r"Let $X$ be a Bernoulli variable. Then $\mathbb{E}[X^2] = \mathbb{E}[X]$.",
    r"The noise $N$ has zero mean: \[ \mathbb{E}[(a + N)^2] = a^2 + \mathbb{E}[N^2]. \]",
    r"Neglecting terms of order $h^2$, we get \[ (1 + h)^3 = 1 + 3 h. \]",
    r"Modulo $p$ we have $(a + b)^p = a^p + b^p$.",
    r"Using $\log$ to base 2, $\log 8 = 3$.",
    r"One might think that $(a + b)^2 = a^2 + b^2$, but this is false.",
    r"Is $(a + b)^3 = a^3 + b^3$? No.",
    r"Let $\sigma$ denote the ReLU. Then $\sigma(2 x) = 2 \sigma(x)$.",
    r"Define $a_{n+1} = 2 a_n$. Then $a_{n+2} = 2 a_{n+1} = 4 a_n$.",
    r"The weights $w_i$ sum to one. So $\sum_{i=1}^n w_i (x_i + b) = \sum_{i=1}^n w_i x_i + b$.",
    r"Let $X$ have mean $m$. Then $\mathbb{E}[(X - m)^2] = \mathbb{E}[X^2] - m^2$.",
    r"Let $X$ and $Y$ be independent. Then $\mathbb{E}[X Y] = \mathbb{E}[X] \mathbb{E}[Y]$.",
)


@pytest.mark.parametrize("text", NOTHING_WRONG)
def test_what_is_not_understood_is_never_called_wrong(text):
    assert "does not follow" not in outcomes(text)


@pytest.mark.parametrize(
    "text",
    [
        r"It is not true that $(a + b)^2 = a^2 + 2 a b + b^2$.",
        r"For matrices we have $(A + B)^2 = A^2 + 2 A B + B^2$.",
        r"Let $\sigma$ denote the ReLU. Then $\frac{d}{dx} \sigma(x) = \sigma(x) (1 - \sigma(x))$.",
        r"Using $\log$ to base 2, $\frac{d}{dx} \log x = \frac{1}{x}$.",
        r"With the loss $L$, \[ \frac{\partial L}{\partial w} = 3 \frac{\partial L}{\partial z}. \]",
    ],
)
def test_what_is_meant_otherwise_does_not_follow_from_how_it_looks(text):
    assert "follows" not in outcomes(text)


def test_a_definition_holds_from_there_on():
    text = r"Put $f = x^2$. Then $f + 1 = x^2 + 1$ and $(f + 1)^2 - f^2 = 2 x^2 + 1 = 2 x + 1$."
    assert outcomes(text) == ["introduced here", "follows", "follows", "does not follow"]


def test_a_label_is_no_index():
    assert (
        outcomes(r"Put $d_k = c h$. Then $d_k - c h = 0$ and $d_v = c h + 0$.")[1:]
        != ["follows"] * 2
    )
    assert "follows" not in outcomes(r"Put $x_c = 1$. We find $2 x_w = 2$.")
    assert outcomes(r"Put $p_i = 2 z_i$. We find $p_j - z_j = z_j$.")[1] == "follows"


def test_one_case_ends_with_its_sentence():
    text = r"For $x > 0$ we have $\sqrt{x^2} = x$. In general $\sqrt{x^2} = x$."
    first, second = outcomes(text)
    assert (first, second) == ("follows", "undecided")


def test_another_section_may_mean_another_letter():
    text = "\\section{A} Put $a = x^2$.\n%s{B} Here $\\frac{d}{dx} (a x) = a$."
    assert outcomes(text % "\\section")[1] == "undecided"
    assert outcomes(text % "\\emph")[1] == "does not follow"


def test_definitions_are_put_in_whatever_their_order():
    text = r"Put $u = 2 t$. With $t = s + 1$, we get \[ (t + 1)^2 - u = (s + 2)^2 - 2 s - 2. \]"
    assert outcomes(text)[-1] == "follows"


def test_comments_take_precedence():
    said = "% symattn: S in R^{d x s}, S^T S = I\n"
    line = r"We have $(S S^\top)(S S^\top) = S S^\top S S^\top = S S^\top$."
    assert outcomes(said + line) == ["follows", "follows"]
    assert outcomes(line)[1] != "follows"
    (remark,) = judge_paper(source("% symattn: S is nice\n" + line)).remarks
    assert "not understood" in remark.text


def test_inequalities_are_proved_or_refuted_by_a_point():
    text = r"For all real $x$ and $y$, $2 x y \le x^2 + y^2$, and $3 x y \le x^2 + y^2$."
    first, second = judged(text)
    assert (first.verdict.verdict, second.outcome) == ("proved", "does not follow")
    values = second.verdict.counterexample.instance
    assert 3 * values["x"] * values["y"] > values["x"] ** 2 + values["y"] ** 2


GRADIENT = "% symattn: A in R^{d x d}, G in R^{d x d}\n"
GRADIENT += r"Then \[ \nabla_A \operatorname{tr}(G^\top A) = G^\top. \]"


@pytest.mark.parametrize(
    ("text", "near"),
    [
        (r"Expand: $(a - b)^2 - c = a^2 + 2 a b + b^2 - c$.", "- 2 a b"),
        (GRADIENT, "right: G"),
        (
            r"We get $(a + b)^2 = a^2 + a b + b^2 = a (a + 2 b) + b^2$.",
            "follows; what stands between",
        ),
    ],
)
def test_the_nearest_right_line_is_named(text, near):
    assert any(near in f.nearest for f in judged(text))


def test_each_output_says_the_same():
    text = r"We expand <b>, $(a + b)^2 - a^2 = b^2 + 2 a b = b^2 + a b$."
    paper = judge_paper(source(text), "a.tex")
    data = json.loads(json.dumps(paper.to_json()))
    schema = json.loads((files("symattn.check") / "verdict.schema.json").read_text("utf-8"))
    jsonschema.validate({"schema": 1, **data}, schema)
    assert data["counts"]["does not follow"] == data["exit_status"] == 1
    (result,) = json.loads(document_sarif(data))["runs"][0]["results"]
    assert result["level"] == "error"
    assert any("does not follow" in line for line in terminal_lines(data))
    page = document_page(data, paper.text)
    assert "<math" in page
    assert "&lt;b&gt;" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "").replace(
        "http://www.w3.org/1998/Math/MathML", ""
    )


@pytest.mark.parametrize(
    "text",
    ["", "$", r"$\\frac{$", r"\[ = x \]", "$a = $", "$=$", r"\begin{align} a &= b", "$x" * 300],
)
def test_broken_documents_are_read_without_an_error(text):
    assert "does not follow" not in outcomes(text)


CITED = r"""Suppose that
\begin{equation}\label{eq:sum} \sum_{k=1}^n p_k = 1 . \end{equation}
Then by \eqref{eq:sum}
\begin{align} \sum_{k=1}^n p_k (a_k - c) &= \sum_{k=1}^n p_k a_k SIGN c . \end{align}
Assume \begin{equation}\label{eq:xy} x + y = 1 . \end{equation}
WORDS
\[ x^2 - y^2 = x - y . \]
"""


@pytest.mark.parametrize(
    ("words", "sign", "found"),
    [
        (r"By \eqref{eq:xy}", "-", ["follows", "follows"]),
        (r"By \eqref{eq:xy}", "+", ["undecided", "follows"]),
        ("But", "-", ["follows", "undecided"]),
        (r"By \eqref{eq:sum}", "-", ["follows", "undecided"]),
    ],
)
def test_an_equation_that_is_cited_is_a_fact(words, sign, found):
    findings = judged(CITED.replace("WORDS", words).replace("SIGN", sign))
    assert [f.outcome for f in findings if f.outcome != "introduced here"] == found
    if found[1] == "follows":
        assert "by x + y = 1" in findings[-1].verdict.reason


def test_a_letter_pi_that_lies_in_an_interval_is_no_number():
    text = r"""Let $\pi \in (0,1)$ and $a > 0$. Then
    \[ \log\frac{(1-\pi) a}{\pi} = \log(1-\pi) + \log a - \log\pi . \]"""
    assert outcomes(text) == ["follows"]
    assert outcomes(text.replace(r"- \log\pi", r"+ \log\pi")) == ["does not follow"]


BOUNDS = [
    (r"1 + x", r"e^x", r"1 + 2 x"),
    (r"\log a", r"a - 1", r"a - 2"),
    (r"1 - e^{-a}", r"a", r"\frac{a}{2}"),
    (r"a - 1", r"a \log a", r"\frac{1}{2} a \log a"),
    (r"\sqrt{a b}", r"\frac{a + b}{2}", r"\frac{a + b}{3}"),
    (r"(x + y)^2", r"2 x^2 + 2 y^2", r"x^2 + y^2"),
    (
        r"\left(\sum_{i=1}^n x_i y_i\right)^2",
        r"\sum_{i=1}^n x_i^2 \sum_{i=1}^n y_i^2",
        r"\frac12 \sum_{i=1}^n x_i^2 \sum_{i=1}^n y_i^2",
    ),
    (
        r"\left(\frac1n \sum_{i=1}^n x_i\right)^2",
        r"\frac1n \sum_{i=1}^n x_i^2",
        r"\frac{1}{2 n} \sum_{i=1}^n x_i^2",
    ),
]


@pytest.mark.parametrize(("low", "high", "wrong"), BOUNDS, ids=[row[0] for row in BOUNDS])
def test_bounds_that_follow_from_a_named_inequality(low, high, wrong):
    given = r"Let $x, y$ be real and $a, b > 0$. "
    for text, follows in (
        (rf"{given} Then ${low} \le {high}$.", True),
        (rf"{given} Then ${high} \ge {low}$.", True),
        (rf"{given} Then ${low} \le {wrong}$.", False),
        (rf"{given} Then ${low} < {high}$.", False),
    ):
        assert [link.verdict.verdict == "proved" for link in judged(text)] == [follows], text
