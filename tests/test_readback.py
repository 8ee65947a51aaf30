"""Reading back: what is printed comes back as it was, and anything else is refused."""

from __future__ import annotations

import re

import pytest
from sympy import (
    Expr,
    FiniteSet,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    log,
    oo,
    sqrt,
)

from symattn.algebra.attention import alpha, beta, c, d, epsilon, i, j, k, l, m, mu, n, q, v, weight
from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    Gram,
    IdentityMatrix,
    Inverse,
    Matrix,
    Norm,
    OffSum,
    T,
    Trace,
    Var,
    Vector,
)
from symattn.check import readback
from symattn.check.readback import READERS, Names, read_back, split
from symattn.latex.write import latex

s, t = (Symbol(name, integer=True, positive=True) for name in "st")
A, B = Matrix("S", d, s), Matrix("T", d, t)
M, N = Matrix("M", d, d), Matrix("N", d, d)
x = Symbol("x", real=True)
z = IndexedBase("z", real=True)

PRINTED: dict[str, Expr] = {
    "weight": exp(beta) / (2 * exp(beta) + n - 2),
    "softmax": weight(i),
    "dot": Dot(k(i) - k(j), q),
    "quadratic": Dot(q, M * q),
    "scaled": beta * (k(i) + k(j)),
    "mean": (v(i) + v(j)) / 2,
    "error": OffSum(v(l) - (v(i) + v(j)) / 2, l, n, (i, j)) / (2 * exp(beta) + n - 2),
    "off sum": OffSum(exp(z[l]), l, n, (i, j)),
    "projector": 2 * A * Inverse(T(A) * A) * T(A),
    "gram": Gram(A),
    "rest": IdentityMatrix(d) - A * Inverse(T(A) * A) * T(A),
    "outer": epsilon * IdentityMatrix(d) + mu(x) * T(mu(x)) / 2,
    "word": M * N - N * M,
    "trace": Trace(T(M) * N),
    "norm": Norm(c - (v(i) + v(j)) / 2) ** 2,
    "mean of a logit": Expect(Dot(k(l), q)),
    "covariance": Cov(k(l)),
    "variance": Var(Dot(k(l), q)),
    "logarithm": log((n - 2) / (2 * epsilon)),
    "root": sqrt(2 * epsilon) * beta,
    "delta": beta * (KroneckerDelta(l, i) + KroneckerDelta(l, j)),
    "double sum": Sum(z[l] * z[m], (l, 1, n), (m, 1, n)),
    "difference": 1 / (alpha(i) + alpha(j)) - 1,
    "exponent": exp(-(beta**2) * (Rational(1, 2) + 4 * epsilon) / 2),
    "infinity": oo,
    "set": FiniteSet(i, j),
}


@pytest.mark.parametrize("name", PRINTED)
def test_what_is_printed_is_read_back_by_both(name: str) -> None:
    evidence = read_back([PRINTED[name]])
    assert (evidence.verdict, evidence.code) == ("confirmed", "read-back"), evidence.text


def test_each_side_of_each_relation_is_read() -> None:
    terms = (alpha(i), 1 - epsilon, Sum(exp(-z[l]), (l, 1, n)), epsilon / (1 - epsilon))
    relations = (r"\ge", r"\iff", r"\le")
    assert read_back(terms, relations).code == "read-back"
    text = readback.printed(terms, relations)
    for wrong in (
        text.replace(r"\ge", r"\le"),
        text.replace(r"\iff", r"\Rightarrow"),
        text.replace(r"1 - \epsilon \iff", r"\iff"),
        text + " = 1",
        text.split(r"\le ")[0],
    ):
        assert read_back(terms, relations, wrong).verdict in ("refuted", "unread"), wrong
    for at, term in enumerate(terms):
        sides = [latex(x) for x in terms]
        sides[at] = latex(term + 1)
        wrong = " ".join(w for pair in zip(sides, (*relations, ""), strict=True) for w in pair)
        assert read_back(terms, relations, wrong.strip()).code == "read-differently", wrong


# One wrong thing at a time: printed from the first, while the page says the second.
WRONG: list[tuple[str, str, str]] = [
    ("weight", r"\frac{e^{\beta}}{2 e^{\beta} + n - 1}", "off by one in n"),
    ("weight", r"\frac{e^{\beta}}{2 e^{\beta} + n + 2}", "sign"),
    ("weight", r"\frac{e^{\beta}}{e^{\beta} + n - 2}", "factor"),
    ("weight", r"\frac{e^{-\beta}}{2 e^{\beta} + n - 2}", "exponent"),
    ("weight", r"\frac{e \beta}{2 e^{\beta} + n - 2}", "not an exponent"),
    ("softmax", r"\frac{e^{k_{i} \cdot q}}{\sum_{m=2}^{n} e^{k_{m} \cdot q}}", "first of a sum"),
    ("softmax", r"\frac{e^{k_{j} \cdot q}}{\sum_{m=1}^{n} e^{k_{m} \cdot q}}", "index"),
    ("dot", r"\left(k_{i} + k_{j}\right) \cdot q", "sign"),
    ("dot", r"k_{i} - k_{j} \cdot q", "brackets"),
    ("quadratic", r"q^{\top} M^{\top} q q", "shapes"),
    ("mean", r"v_{i} + v_{j}", "factor"),
    ("off sum", r"\sum_{l \ne i} e^{z_{l}}", "index set"),
    ("off sum", r"\sum_{l=1}^{n} e^{z_{l}}", "index set"),
    ("projector", r"2 S \left(S^{\top} S\right)^{-1} S", "transpose dropped"),
    ("projector", r"2 S \left(S^{\top} S\right) S^{\top}", "inverse dropped"),
    ("projector", r"2 S S^{\top}", "Gram matrix dropped"),
    ("projector", r"S \left(S^{\top} S\right)^{-1} S^{\top}", "factor"),
    ("projector", r"2 \left(S^{\top} S\right)^{-1} S S^{\top}", "order"),
    ("rest", r"1 - S \left(S^{\top} S\right)^{-1} S^{\top}", "no identity"),
    ("word", r"N M - M N", "order"),
    ("word", r"M N - M N", "order"),
    ("outer", r"\epsilon I + \frac{\mu_{x}^{\top} \mu_{x}}{2}", "inner for outer"),
    ("trace", r"\operatorname{tr}\left(M N\right)", "transpose dropped"),
    ("norm", r"\lVert c - \frac{v_{i} + v_{j}}{2} \rVert", "square dropped"),
    ("variance", r"\operatorname{Var}\left(k_{l}\right)", "of what"),
    ("logarithm", r"\log_{10}\left(\frac{n - 2}{2 \epsilon}\right)", "base"),
    ("root", r"\sqrt{2} \epsilon \beta", "under the root"),
    ("delta", r"\beta \left(\delta_{li} - \delta_{lj}\right)", "sign"),
    ("difference", r"\frac{1}{\alpha_{i} + \alpha_{j} - 1}", "under the bar"),
    ("infinity", r"-\infty", "sign"),
    ("set", r"\left\{i\right\}", "a member dropped"),
    ("scaled", r"\gamma \left(k_{i} + k_{j}\right)", "a letter that was not printed"),
    ("scaled", r"\beta \left(k_{i} + k_{j}\right", "a bracket not closed"),
    ("scaled", r"\beta \unknown{k_{i} + k_{j}}", "an unknown command"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "why"), WRONG)
def test_a_page_that_says_something_else_is_refused(name: str, text: str, why: str) -> None:
    evidence = read_back([PRINTED[name]], (), text)
    assert evidence.verdict in ("refuted", "unread"), why
    assert evidence.text
    assert evidence.data["latex"] == text


CHANGES = [(r"\+", "-"), (r"(?<= )- ", "+ "), (r"2", "3"), (r"_\{i\}", "_{j}"),
           (r"\^\{\\top\}", ""), (r"\^\{-1\}", ""), (r"\\beta", r"\\beta^{2}"),
           (r"\bM\b", "N"), (r"_\{l\}", "_{i}"),
           (r"\bn\b", "d")]  # fmt: skip


def test_each_single_change_of_each_formula_is_refused() -> None:
    tried = 0
    for name, term in PRINTED.items():
        text = latex(term)
        for old, new in CHANGES:
            for found in re.finditer(old, text):
                wrong = text[: found.start()] + re.sub(old, new, found[0]) + text[found.end() :]
                if wrong == text:
                    continue
                tried += 1
                evidence = read_back([term], (), wrong)
                assert evidence.verdict != "confirmed", f"{name}: {wrong}"
    assert tried > 60


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_alone_would_notice(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one reader blind, the other one still refuses; so each carries weight of its own."""
    readback.read_side.cache_clear()
    term, wrong = PRINTED["weight"], latex(PRINTED["weight"] * 2)
    blind = {"symattn": "_first", "latex2sympy2": "_second"}[reader]
    monkeypatch.setattr(readback, blind, lambda text, names, term: term)
    evidence = read_back([term], (), wrong)
    assert evidence.code == "read-differently"
    assert evidence.data["reader"] != reader
    readback.read_side.cache_clear()


def test_what_cannot_be_read_says_where() -> None:
    evidence = read_back([beta, beta], ["="], r"\beta = \beta \foo")
    assert (evidence.verdict, evidence.code) == ("unread", "unread")
    assert evidence.data["reader"] == "symattn"
    text = evidence.data["latex"]
    assert text[evidence.data["position"] :].startswith(r"\foo")


def test_two_letters_that_are_printed_alike_are_refused() -> None:
    positive = Symbol(r"\beta", positive=True)
    anything = Symbol(r"\beta")
    evidence = read_back([positive + anything])
    assert (evidence.verdict, evidence.code) == ("unread", "ambiguous-name")
    assert read_back([Norm(Vector("q", d)) + Norm(Vector("q", n))]).code == "ambiguous-name"
    assert read_back([Indexed(IndexedBase("k"), i) * k(i)]).code == "ambiguous-name"


def test_what_cannot_be_printed_is_refused() -> None:
    evidence = read_back([Vector("q", d) + Vector("c", n)])
    assert (evidence.verdict, evidence.code) == ("refuted", "shape-mismatch")


def test_assumptions_come_back_with_the_letters() -> None:
    positive = Symbol("y", positive=True)
    assert Names.of(sqrt(positive**2)).letters == {"y": positive}
    assert read_back([sqrt(x**2)], (), "x").code == "read-differently"
    assert read_back([positive], (), r"\sqrt{y^{2}}").code == "read-back"


@pytest.mark.parametrize(
    ("text", "sides", "relations"),
    [
        ("a", ["a"], []),
        (r"a = b \le c", ["a", "b", "c"], ["=", r"\le"]),
        (r"\sum_{l=1}^{n} a_{l} < 1", [r"\sum_{l=1}^{n} a_{l}", "1"], ["<"]),
        (r"\left[ a = b \right]", [r"\left[ a = b \right]"], []),
        (r"\left\lVert u \right\rVert \le R", [r"\left\lVert u \right\rVert", "R"], [r"\le"]),
        (r"\left( a \right) \leftarrow b", [r"\left( a \right) \leftarrow b"], []),
        (r"x \in \left\{i, j\right\}", ["x", r"\left\{i, j\right\}"], [r"\in"]),
        (r"= b", ["", "b"], ["="]),
    ],
)
def test_relations_are_split_outside_brackets(text, sides, relations) -> None:
    found, links = split(text)
    assert [side for side, _ in found] == sides
    assert [word for word, _ in links] == relations
    assert all(text[at:].startswith(side) for side, at in found)


def test_a_formula_of_another_length_is_refused() -> None:
    assert read_back([beta], (), r"\beta = 1").code == "read-differently"
    assert read_back([beta, S.One], ["="], r"\beta").code == "read-differently"
    assert read_back([beta, S.One], ["="], r"\beta \ne 1").code == "read-differently"
