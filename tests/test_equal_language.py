"""What people write about learning, row by row: an identity with its false twins.

A row of `data/identities.tsv` is two sides that are equal, options, and right sides that are not:
the first is to be accepted and none of the others, in either direction.  A row without others is
tried in one.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import mpmath
import pytest
import sympy

from symattn.check.equal import equal
from symattn.check.equality.known_integrals import settled_where
from symattn.errors import SymattnError

TABLE = Path(__file__).parent / "data" / "identities.tsv"
ROWS = [
    line.split("\t")
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]

# Never accepted, whatever the reason.
NEVER: list[tuple[str, str, str]] = [
    (r"f_1(x+1)", "f_1x+f_1", ""),
    (r"\hat f(x+1)", r"\hat fx+\hat f", ""),
    (r"h_\theta(x+y)", r"h_\theta x+h_\theta y", ""),
    (r"g''(x+y)", "g''x+g''y", ""),
    (r"\Gamma(x+1)", r"\Gamma x+\Gamma", ""),
    (r"\operatorname{atan}x", r"x\operatorname{atan}", ""),
    (r"\operatorname{erf}(10^{40}x)", r"\operatorname{sign}(x)", ""),
    (r"\operatorname{erf}(10^{40}x^3)", r"\operatorname{sign}(x)", ""),
    (r"\tanh(10^{9}x)", r"\operatorname{sign}(x)", ""),
    (r"\operatorname{erf}(1000x)", r"\operatorname{sign}(x)", ""),
    (r"\operatorname{erf}(10^9\|x\|)x", "x", "shapes=x:dx1"),
    (r"(1-e^{-10^9\|x\|})x", "x", "shapes=x:dx1"),
    (r"\operatorname{erf}(x^\top x+20)", "1", "shapes=x:dx1"),
    (r"(A^\top A+10^{-20}I)^{-1}A^\top", r"(A^\top A)^{-1}A^\top", "shapes=A:dxs"),
    (r"\prod_{j=1}^{40}(\sum_{k=1}^n1-j)", "0", ""),
    (r"\sum_{i=1}^n\binom{n}{40}x_i+y", "y", ""),
    (r"\max(\sin x,\cos x)", r"\max(\sin x,\cos x,-0.7071)", ""),
    (r"\frac{dy}{dx}", "0", ""),
    (r"\sum_{k=1}^\infty(\frac{1}{2^k}+\delta_{k,1000})", "1", ""),
    (r"\int_0^1(x^2+e^{-10^{10}(x-0.3)^2})dx", r"\frac13", ""),
    (r"\int_{-\infty}^\infty e^{-10^{6}(x-1000)^2}dx", "0", ""),
    (r"\lim_{x\to\infty}\frac{e^{ax}}{e^{ax}+e^{bx}}", "1", "positive=a,b"),
    (r"\lim_{x\to\infty}\frac{1}{\log\log x}", "1", ""),
    (r"\int_1^\infty\frac{1}{x}dx", "1", ""),
    (r"\sum_{k=1}^\infty\frac{1}{k}", "20", ""),
    (r"x+\prod_{j=1}^{40}(d-j)(y+z)", "x", "shapes=x:dx1,y:dx1,z:dx1"),
    (r"\mathbb{E}_p[X]", r"\mathbb{E}_q[X]", ""),
    (r"\operatorname{softmax}(z)_1", r"\frac{e^{z_1}}{e^{z_1}+e^{z_2}+e^{z_3}}", ""),
    (r"\hat\sigma(x+1)", r"\hat\sigma x+\hat\sigma", ""),
    (r"\int_0^1x^2dx", r"\frac13+10^{-30}", ""),
    (r"\sum_{k=0}^\infty\frac{x^k}{k!}", "e^x+10^{-40}", ""),
    (r"\int_0^{10^6}e^{-(x-1234.5)^2}dx", "0", ""),
    (r"\int_{-1}^1\frac1xdx", "0", ""),
    (r"\sum_{k=0}^\infty(-1)^k", r"\frac12", ""),
    (r"\lim_{n\to\infty}(1+\frac1n)^n", "e+10^{-15}", ""),
    (r"\frac{\partial}{\partial x_i}\|x\|^2", "0", "shapes=x:dx1"),
    (r"\frac{\partial}{\partial x_i}(a^\top x)", "0", "shapes=a:dx1,x:dx1"),
    (
        r"\frac{\partial}{\partial x_i}(x_ja^\top x)",
        r"a_jx_j+\delta_{ij}a^\top x",
        "shapes=a:dx1,x:dx1",
    ),
    (r"\mathbb{E}[XY]", r"\mathbb{E}[X]\mathbb{E}[Y]", ""),
    (r"\mathbb{E}[\epsilon X]", r"\epsilon\mathbb{E}[X]", ""),
    (r"\mathbb{E}[\log X]", r"\log\mathbb{E}[X]", ""),
    (r"X+\mathbb{E}[Y]", r"\mathbb{E}[X+Y]", ""),
    (r"\frac{d}{dx}(x+1)(x+2)", "x+2", ""),
    (r"\sum_{j=1}^n\operatorname{softmax}(z+c)_j", "2", ""),
    (r"\frac{\partial}{\partial x_i}\sum_{i=1}^nx_i^2", r"2\sum_{i=1}^nx_i", ""),
    (r"\binom{n}{100}", "0", "integer=n"),
    (r"I(X;Y\mid Z)", "I(X;Y)", ""),
    (r"\sum_{n=1}^\infty\frac{1}{n}-\sum_{n=1}^\infty\frac{1}{n}", "0", ""),
    (r"0\cdot\sum_{n=1}^\infty\frac1n", "0", ""),
    (r"\frac{\sum_{n=1}^\infty\frac1n}{\sum_{n=1}^\infty\frac1n}", "1", ""),
    (r"\int_0^1\frac{dx}{x}-\int_0^1\frac{dx}{x}", "0", ""),
    (r"\lim_{x\to\infty}x-\lim_{x\to\infty}x", "0", ""),
    (r"\sum_{n=-\infty}^\infty e^{-n^2/100}", r"\sqrt{100\pi}", ""),
    (r"\argmax_i(z_i+10^{-9}w_i)", r"\argmax_iz_i", ""),
    (r"\argmin_x\frac12(x-v)^2+\lambda|x|", r"v-\lambda", ""),
    (r"\left.\frac{d}{dx}|x|\right|_{x=0}", "0", ""),
    (r"\argmax_x x^2", "0", ""),
    (r"\argmax_w\|Xw-y\|^2", r"(X^\top X)^{-1}X^\top y", "shapes=X:nxd,w:dx1,y:nx1"),
    (r"\argmax_i az_i", r"\argmax_i z_i", ""),
    (r"\argmax_i z_i+c", r"\argmax_i z_i", ""),
    (r"\mathbb{E}[XY^\top]", r"\mathbb{E}[X]\mathbb{E}[Y]^\top", ""),
    (r"\mathbb{E}_{x\sim\mathcal N(\mu,\Sigma)}[xx^\top x]", r"\Sigma\mu", ""),
    (
        r"\operatorname{softmax}(x+y)",
        r"\operatorname{softmax}(x)\odot\operatorname{softmax}(y)",
        "",
    ),
]


def decided(left, right, options):
    given = {}
    for option in filter(None, options.split(";")):
        kind, _, value = option.partition("=")
        given[kind] = value.split(",")
    if "shapes" in given:
        pairs = (pair.split(":") for pair in given["shapes"])
        given["shapes"] = {name: tuple(sizes.split("x")) for name, sizes in pairs}
    return equal(left, right, **given)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} = {row[1]}"[:70])
def test_an_identity_is_accepted_and_its_false_twins_are_not(row):
    left, right, options, *twins = row
    for a, b in ((left, right), (right, left))[: 2 if twins else 1]:
        found = decided(a, b, options)
        assert found.passed, found
    for twin in twins:
        for a, b in ((left, twin), (twin, left)):
            found = decided(a, b, options)
            assert not found.passed, (a, b, found)
            assert found.verdict in ("refuted", "undecided"), (a, b, found)


@pytest.mark.parametrize(("left", "right", "options"), NEVER, ids=lambda v: str(v)[:60])
def test_what_is_not_equal_is_never_accepted(left, right, options):
    for a, b in ((left, right), (right, left)):
        assert not decided(a, b, options).passed


@pytest.mark.parametrize(
    "left", [r"\operatorname{Var}(aX)", r"\mathbb{E}[aX]", r"\operatorname{Cov}(X,Y)"]
)
def test_statistics_have_a_verdict(left):
    for right in (r"\operatorname{Var}(X)", "X", "0"):
        assert decided(left, right, "").verdict in ("proved", "refuted", "undecided", "unread")


Y, P, Q, B, M, V = (sympy.Symbol(name, real=True) for name in "y p q b m v".split())
LINE, UNIT, HALF = (-sympy.oo, sympy.oo), (0, 1), (0, sympy.oo)
INTEGRANDS = [
    (Y**4 * sympy.exp(-((Y - M) ** 2) / (2 * V**2)), LINE),
    (Y * sympy.exp(-B * Y**2 + M * Y + P), LINE),
    (Y ** (P - 1) * (1 - Y) ** (Q - 1), UNIT),
    (Y ** (P + 1) * (1 - Y) ** Q * sympy.log(Y), UNIT),
    (Y**P * (1 - Y) ** Q * sympy.log(1 - Y), UNIT),
    (Y ** (P - 1) * sympy.exp(-B * Y), HALF),
    (Y**P * sympy.exp(-B * Y) * sympy.log(Y), HALF),
]


@pytest.mark.parametrize(("f", "ends"), INTEGRANDS, ids=str)
def test_integrals_of_the_table_are_what_quadrature_finds(f, ends):
    found = settled_where(sympy.Integral(f, (Y, *ends)), [x > 0 for x in (P, Q, B)])
    assert not found.has(sympy.Integral)
    at = dict(zip((P, Q, B, M, V), map(sympy.Rational, ("3/2", "5/3", "7/4", "1/3", "4/5"))))
    there = sympy.lambdify(Y, f.subs(at), "mpmath")
    assert abs(mpmath.quad(there, [float(e) for e in ends]) - found.subs(at).evalf()) < 1e-9
    assert settled_where(sympy.Integral(f, (Y, 0, 2)), []).has(sympy.Integral)


def test_integrals_that_may_diverge_stay():
    for f, ends in (*INTEGRANDS[2:4], *INTEGRANDS[5:], (sympy.exp(Y**2), LINE), (1 / Y, UNIT)):
        whole = sympy.Integral(f, (Y, *ends))
        assert settled_where(whole, []) == whole


def test_a_letter_of_two_readings_is_refuted_in_both_or_not_at_all():
    found = decided(r"\sigma(2\mu)\sigma^2", r"\frac{\sigma^2}{1+e^{-2\mu}}", "")
    assert (found.verdict, found.code) == ("undecided", "two-readings")
    assert decided(r"\sigma(\mu+1)+\sigma", r"\mu\sigma", "").verdict == "refuted"


def test_a_power_of_a_function_is_not_refuted_as_that_of_a_letter():
    assert decided(r"\sigma^2(x)", r"\sigma(x)^2", "").verdict in ("undecided", "unread")
    assert decided(r"\sigma^2(x)", r"\sigma(x)\sigma(x)", "").verdict in ("undecided", "unread")
    assert decided(r"\sigma^2(a+b)", r"\sigma^2a+\sigma b", "").verdict == "refuted"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("f(x+y)", "f(x)+f(y)"),
        ("f(x)", "x^2"),
        ("p(x,y)", "p(y,x)"),
        (r"p(x\mid y)p(y)", r"p(y\mid x)p(x)"),
        (r"p_\theta(x)", r"p_\phi(x)"),
        (r"p_\theta(x)", r"p(\theta,x)"),
        ("f(x)^2", "fx^2"),
        ("f^2(x)", "f(x)^2"),
        (r"\int_0^1f'(x)dx", "f(1)-f(0)"),
    ],
)
def test_what_may_be_known_of_a_function_is_neither_accepted_nor_refuted(left, right):
    assert decided(left, right, "").verdict in ("undecided", "unread")


def test_a_lone_i_is_the_imaginary_unit_where_only_that_proves():
    assert "i is the imaginary unit" in decided("i^2", "-1", "").assumptions
    assert decided("i^2", "-1", "real=i").verdict == "refuted"
    assert decided(r"\sum_{i=1}^n\frac{1}{i}", r"\sum_{i=1}^n-i", "").verdict == "refuted"


def test_what_a_reading_had_to_suppose_is_not_refuted():
    found = decided(r"\operatorname{softmax}(z)_1", r"\frac{e^{z_1}}{e^{z_1}+e^{z_2}}", "")
    assert (found.verdict, found.code) == ("undecided", "two-readings")


def test_a_derivative_is_not_taken_where_there_is_none():
    found = decided(r"\frac{d}{dx}|x|", r"\frac{x}{|x|}", "")
    assert found.passed
    assert "Ne(x, 0)" in found.assumptions


def test_a_side_may_begin_with_a_minus():
    line = [sys.executable, "-m", "symattn", "equal", "-1", "-x-1+x"]
    assert subprocess.run(line, capture_output=True, check=False).returncode == 0


def test_a_name_that_does_not_occur_is_an_error_of_the_user():
    with pytest.raises(SymattnError):
        equal("x", "x", positive=[r"\sigma_1"])


def test_what_a_law_says_is_not_dropped():
    # Another law than the one that is named refutes nothing, and one that may be meant in two ways
    # refutes nothing either.
    found = decided(r"\mathbb{E}_{x\sim\mathcal{N}(0,I)}[x^2]", "1", "")
    assert found.verdict in ("undecided", "unread")  # the square of a column is none
    found = decided(r"\mathbb{E}_{x\sim\mathrm{Exp}(a)}[x]", "a", "")
    assert (found.verdict, found.code) == ("undecided", "two-readings")
    # 0 < p < 1 is the law's own condition: |p| is p there, and is not outside.
    assert decided(r"\mathbb{E}_{x\sim\mathrm{Bern}(p)}[x]", "|p|", "").passed
    assert decided(r"H(\mathrm{Bern}(p))", r"H(\mathrm{Bern}(1-p))", "").passed


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\sum_{n=1}^\infty e^{-n/10^6}", r"\frac{1}{e^{10^{-6}}-1}"),
        (r"\lim_{n\to\infty}(\sum_{k=1}^n\frac{1}{k}-\ln n)", r"\gamma"),
        (r"\sum_{n=-\infty}^\infty e^{-n^2/100}", r"\sqrt{100\pi}"),
        (r"2\phi-1", r"\sqrt5"),
    ],
)
def test_what_numbers_do_not_settle_is_not_refuted(left, right):
    assert decided(left, right, "").verdict == "undecided"
    assert decided(r"\gamma", "2", "").verdict == "refuted"


SATURATED = [
    (r"\operatorname{erf}(10^9\|x\|)x", "x", "shapes=x:dx1"),
    (r"(1-e^{-10^{30}\|x\|^2})x", "x", "shapes=x:dx1"),
    (r"\tanh(10^{12}x^\top x)A", "A", "shapes=x:dx1,A:sxs"),
    (r"\operatorname{erf}(10^{300}x)", r"\operatorname{sign}(x)", ""),
    (r"\tanh(10^{40}x^5)", r"\operatorname{sign}(x)", ""),
    (r"\operatorname{erf}(10^{-300}x)", "0", ""),
    (r"e^{-10^{20}\|x-y\|^2}", "0", "shapes=x:dx1,y:dx1"),
    (r"\operatorname{erf}(10^{40}x^3y)", r"\operatorname{sign}(xy)", ""),
]


@pytest.mark.parametrize(("left", "right", "options"), SATURATED, ids=[r[0] for r in SATURATED])
def test_what_saturates_is_refuted_where_it_does_not(left, right, options):
    assert decided(left, right, options).verdict == "refuted"


def test_a_limit_that_letters_decide_is_not_taken_for_all_of_them():
    left = r"\lim_{\beta\to\infty}\frac{e^{\beta a}}{e^{\beta a}+e^{\beta b}}"
    for right in ("1", "0"):
        found = decided(left, right, "")
        assert (found.verdict, found.code) == ("undecided", "case-not-excluded")
        assert "for some letters" in found.reason
    assert decided(left, "2", "").verdict == "refuted"
    assert decided(r"\lim_{n\to\infty}\gamma^n", "0", "").verdict == "undecided"


def test_a_layout_that_is_not_said_refutes_nothing():
    for right in ("A", r"A^\top"):
        left = r"\frac{\partial Ax}{\partial x}"
        found = decided(left, right, "shapes=A:dxd,x:dx1")
        assert found.verdict in ("proved", "undecided"), found
    assert decided(left, "2A", "shapes=A:dxd,x:dx1").verdict == "refuted"
    assert decided(r"\Delta\|x\|^2", "2d", "shapes=x:dx1").verdict == "undecided"


@pytest.mark.parametrize("right", ["x", r"\mathbb{E}[x]", "0"])
def test_what_is_given_may_make_a_small_letter_random(right):
    assert decided(r"\mathbb{E}[x\mid y]", right, "").verdict == "undecided"


def test_blocks_that_do_not_fit_are_refuted_by_their_shapes():
    found = decided(r"\begin{pmatrix}A&B\\B&A\end{pmatrix}", "A", "shapes=A:dxd,B:sxs")
    assert (found.verdict, found.code) == ("refuted", "shape-mismatch")
    left = r"\begin{pmatrix}a&b\\c&d\end{pmatrix}"
    assert decided(left, left.replace("&b", "&c"), "").verdict == "refuted"
    # `x \otimes y` may be a matrix or a column: what one of them is refutes nothing of the other
    vec = r"\operatorname{vec}(xy^\top)"
    assert decided(vec, r"y\otimes x", "shapes=x:dx1,y:sx1").passed
    assert decided(vec, r"x\otimes y", "shapes=x:dx1,y:sx1").verdict == "refuted"
