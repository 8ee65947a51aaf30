"""The second reader: what it reads, and that it refuses rather than guesses."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from sympy import (
    Abs,
    Function,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    LambertW,
    Max,
    Rational,
    Sum,
    Symbol,
    erf,
    exp,
    expand,
    log,
    oo,
    pi,
    sqrt,
    symbols,
    tanh,
)

from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    IdentityMatrix,
    Inverse,
    Matrix,
    Member,
    Norm,
    OffSum,
    T,
    Trace,
    Var,
    Vector,
)
from symattn.errors import ReadError
from symattn.latex.second import second_reading

d, n, s, t = symbols("d n s t", integer=True, positive=True)
i, j, l, x, y = symbols("i j l x y", integer=True)
beta, eps, delta = symbols(r"\beta \epsilon \delta", real=True)
q, c = Vector("q", d), Vector("c", d)
a, b = Vector("a", s), Vector("b", t)
S, U, M = Matrix("S", d, s), Matrix("T", d, t), Matrix("M", d, d)
I = IdentityMatrix(d)


def alpha(index):
    return Indexed(IndexedBase(r"\alpha", real=True), index)


def Delta(index):
    return Indexed(IndexedBase(r"\Delta", real=True), index)


def k(index):
    return Member("k", index, d)


def v(index):
    return Member("v", index, d)


def mu(index):
    return Member(r"\mu", index, d)


def Sigma(index):
    return Matrix(r"\Sigma", d, d, index, True)


WORDS = {
    "q": q, "c": c, "a": a, "b": b, "S": S, "T": U, "M": M, "I": I, "n": n, "d": d,
    "i": i, "j": j, "l": l, "x": x, "y": y, r"\beta": beta, r"\epsilon": eps, r"\delta": delta,
    "k": k, "v": v, r"\mu": mu, r"\Sigma": Sigma, r"\alpha": alpha, r"\Delta": Delta,
    r"q^{\star}": 2 * q, r"\bar{v}": (v(i) + v(j)) / 2, "f": Function("f"),
}  # fmt: skip
G = T(S) * S
P = S * Inverse(G) * T(S)
HALF = Rational(1, 2)

READ = {
    # the definition
    r"\exp(k_i \cdot q)": exp(Dot(k(i), q)),
    r"e^{k_i \cdot q}": exp(Dot(k(i), q)),
    r"\frac{\exp(k_i\cdot q)}{\sum_{l=1}^{n}\exp(k_l\cdot q)}": exp(Dot(k(i), q))
    / Sum(exp(Dot(k(l), q)), (l, 1, n)),
    r"\sum_{j=1}^n \exp(k_j \cdot q)": Sum(exp(Dot(k(j), q)), (j, 1, n)),
    r"\sum_{l=1}^{n} \alpha_l v_l": Sum(alpha(l) * v(l), (l, 1, n)),
    # dot products
    r"k_i^\top q": Dot(k(i), q),
    r"k_i^{T} q": Dot(k(i), q),
    r"k_{i}^{\intercal} q": Dot(k(i), q),
    r"\langle q, k_i \rangle": Dot(k(i), q),
    r"\beta\, k_i \cdot (k_i + k_j)": beta * Dot(k(i), k(i) + k(j)),
    r"(k_i - k_j) \cdot q": Dot(k(i) - k(j), q),
    r"\left(k_i - k_j\right)^{\top} q": Dot(k(i) - k(j), q),
    r"k_i \cdot q\, v_i": Dot(k(i), q) * v(i),
    r"v_i k_i^\top q": Dot(k(i), q) * v(i),
    r"v_i \, k_i \cdot q": Dot(k(i), q) * v(i),
    r"M k_i \cdot q": Dot(M * k(i), q),
    r"k_i \cdot M q + 3": Dot(k(i), M * q) + 3,
    r"q^\top \Sigma_l q": Dot(q, Sigma(l) * q),
    r"q^\top M q / 2": Dot(q, M * q) / 2,
    r"2 k_i \cdot q / n": 2 * Dot(k(i), q) / n,
    r"q^\top M q\, c^\top q": Dot(q, M * q) * Dot(c, q),
    r"2 \cdot \beta \cdot k_i \cdot q": 2 * beta * Dot(k(i), q),
    r"\mathbf{q}^\top \boldsymbol{k}_i": Dot(k(i), q),
    r"\vec{q} \cdot \vec{k}_i": Dot(k(i), q),
    # precedence
    r"\frac{e^{\beta}}{2e^{\beta}+n-2}": exp(beta) / (2 * exp(beta) + n - 2),
    r"1 - x - y": 1 - x - y,
    r"1 - (x - y)": 1 - x + y,
    r"x - y x^{2}": x - y * x**2,
    r"-x^{2}": -(x**2),
    r"\left(-x\right)^{2}": x**2,
    r"2^{x + 1}": 2 ** (x + 1),
    r"x^{y^{2}}": x ** (y**2),
    r"x / y": x / y,
    r"x / y / n": x / (y * n),
    r"x / y \cdot n": x * n / y,
    r"\frac12 x^2": x**2 / 2,
    r"x^12": 2 * x,
    r"\frac1n": 1 / n,
    r"2 \times 3": 6 + 0 * x,
    r"1.25 x": Rational(5, 4) * x,
    r"\sqrt{\frac{x}{y}} + \frac12 x^2": sqrt(x / y) + x**2 / 2,
    r"\sqrt[3]{x}": x ** Rational(1, 3),
    r"\beta(n)": beta * n,
    r"x(y+1)": x * (y + 1),
    r"x [y + 1]": x * (y + 1),
    r"\bigl(x + y\bigr) x": (x + y) * x,
    # functions
    r"\ln(n - 2)": log(n - 2),
    r"\ln n": log(n),
    r"\log n": log(n),
    r"\log_2 n": log(n) / log(2),
    r"\ln^{2}(n)": log(n) ** 2,
    r"\frac{\ln n}{\beta}": log(n) / beta,
    r"\tanh\frac{\beta}{2}": tanh(beta / 2),
    r"\exp\left(-\frac{(x-\beta)^2}{2 y^2}\right)": exp(-((x - beta) ** 2) / (2 * y**2)),
    r"\exp(x)^{2}": exp(2 * x),
    r"e^{x} e^{-x}": 1 + 0 * x,
    r"\mathrm{e}^{x}": exp(x),
    r"\lvert \beta - 1 \rvert": Abs(beta - 1),
    r"|x| + |y|": Abs(x) + Abs(y),
    r"\frac{W\left(2 x\right)}{2}": LambertW(2 * x) / 2,
    r"W{\left(x \right)}": LambertW(x),
    r"f(x, y)": Function("f")(x, y),
    r"\operatorname{erf}{\left(x \right)}": erf(x),
    r"\max\left(x, y\right)": Max(x, y),
    r"\infty": oo,
    r"\frac{1}{\sqrt{2\pi}}": 1 / sqrt(2 * pi),
    # vectors and matrices keep their order and their transposes
    r"\beta(k_i+k_j)": beta * (k(i) + k(j)),
    r"(k_i+k_j)\beta": beta * (k(i) + k(j)),
    r"\frac{v_i + v_j}{2}": (v(i) + v(j)) / 2,
    r"(v_i + v_j)/2": (v(i) + v(j)) / 2,
    r"\frac{1}{2}\left(v_i + v_j\right)": (v(i) + v(j)) / 2,
    r"\bar{v}": (v(i) + v(j)) / 2,
    r"q^{\star}": 2 * q,
    r"2S(S^\top S)^{-1}S^\top": 2 * P,
    r"2 S \left(S^{\top} S\right)^{-1} S^{\top} \frac{S a + T b}{2}": P * (S * a + U * b),
    r"-S^\top S": -T(S) * S,
    r"S S^\top": S * T(S),
    r"M^\top M - M M^\top": T(M) * M - M * T(M),
    r"M S a": M * S * a,
    r"(M S)^\top": T(S) * T(M),
    r"M^{2}": M * M,
    r"M^{-1} M^{\top}": Inverse(M) * T(M),
    r"M^{-\top}": T(Inverse(M)),
    r"(S^\top S)^{-1} (S^\top S)": Inverse(G) * G,
    r"c^\top M^\top": T(c) * T(M),
    r"M \cdot c": M * c,
    r"{\Sigma_x}^{-1}": Inverse(Sigma(x)),
    r"\epsilon I + \frac{\mu_x \mu_x^\top}{2}": eps * I + mu(x) * T(mu(x)) / 2,
    r"\operatorname{tr}(S^\top S)": Trace(G),
    # norms, statistics
    r"\lVert q \rVert": Norm(q),
    r"\left\| q \right\|_2^{2}": Norm(q) ** 2,
    r"\|k_i - k_j\|\,\|q\|": Norm(k(i) - k(j)) * Norm(q),
    r"\lVert M \rVert_F": Norm(M),
    r"\mathbb{E}[c]": Expect(c),
    r"\mathbb{E}\left[(k_l-\mu_l)(k_l-\mu_l)^\top\right]": Expect(
        (k(l) - mu(l)) * T(k(l) - mu(l))
    ),
    r"\operatorname{Cov}(c)": Cov(c),
    r"\mathrm{Var}\left(k_i^\top q\right)": Var(Dot(k(i), q)),
    # sums over index sets
    r"\sum_{l\ne i,j}\left(v_l-\frac{v_i+v_j}{2}\right)": OffSum(
        v(l) - (v(i) + v(j)) / 2, l, n, (i, j)
    ),
    r"\sum_{l \notin \{i, j\}} v_l": OffSum(v(l), l, n, (i, j)),
    r"\sum_{l=1, l \neq i}^{n} \Delta_l": OffSum(Delta(l), l, n, (i,)),
    r"\sum_{\substack{l=1 \\ l \neq i}}^{n} \Delta_l": OffSum(Delta(l), l, n, (i,)),
    r"\sum_{l} \alpha_l": Sum(alpha(l), (l, 1, n)),
    r"\sum_{l=1}^{n} \alpha_l - 1": Sum(alpha(l), (l, 1, n)) - 1,
    r"\frac1n \sum_{l=2}^{n-1} l x": Sum(l * x, (l, 2, n - 1)) / n,
    r"\sum_{i=1}^{n} \sum_{j \ne i} \delta_{ij}": Sum(
        OffSum(KroneckerDelta(i, j), j, n, (i,)), (i, 1, n)
    ),
    r"\delta_{l,i} + \delta": KroneckerDelta(l, i) + delta,
}  # fmt: skip


@pytest.mark.parametrize("latex", READ)
def test_reads(latex):
    found = second_reading(latex, WORDS)
    expected = READ[latex]
    assert found == expected or expand(found - expected) == 0
    assert found.is_commutative == expected.is_commutative


UNREAD = {
    # (where, a word of the message)
    "x = y": (2, "relation"),
    r"x \approx y": (2, "relation"),
    r"x + z": (4, "not known"),
    r"\beta_1": (0, "not known"),
    r"q_1": (0, "not known"),
    r"\beta^\star": (0, "not known"),
    r"q'": (0, "not known"),
    r"k": (0, "index"),
    r"k_{i,j}": (0, "indices"),
    r"(x + y": (0, "never closed"),
    r"x + y)": (5, "nothing opened"),
    r"(x + y]": (6, "nothing opened"),
    r"": (0, "missing"),
    r"x + ": (2, "missing"),
    r"\frac{x}{}": (8, "missing"),
    r"\frac{x}": (0, "missing"),
    r"x^": (1, "missing"),
    r"x^{2}^{3}": (5, "two exponents"),
    r"M^\top^{-1}": (6, "two exponents"),
    r"x \cdot": (2, "missing"),
    r"/ x": (0, "missing"),
    r"2 3": (2, "two numbers"),
    r"{x + y}^2": (0, "braces"),
    r"\ln 2 x": (6, "ends"),
    r"x / 2 y": (6, "slash"),
    r"M / S": (4, "slash"),
    r"\frac{x}{M}": (0, "division"),
    r"\frac{1}{0}": (0, "division"),
    r"\exp(q)": (0, "does not fit"),
    r"e^{q}": (0, "exponent"),
    r"x^{M}": (0, "exponent"),
    r"M^{x}": (1, "power"),
    r"S^{2}": (1, "power of a d x s"),
    r"S^{-1}": (1, "square"),
    r"k_i q": (4, "inner sizes"),
    r"S a + T a": (8, "inner sizes"),
    r"q + 1": (0, "equal shapes"),
    r"q + a": (0, "equal shapes"),
    r"S^\top q + q": (0, "equal shapes"),
    r"q \cdot a": (8, "columns"),
    r"\lVert x \rVert": (0, "norm of a scalar"),
    r"\lVert M \rVert_2": (0, "norm"),
    r"\operatorname{Cov} c": (0, "brackets"),
    r"\operatorname{rank}(c)": (0, "not known"),
    r"\mathbb{R}": (0, "not known"),
    r"\max_l x": (0, "brackets"),
    r"\max(q, c)": (0, "vector"),
    r"\operatorname{erf}(x, y)": (0, "one argument"),
    r"\int x": (0, "not known"),
    r"\sum_{l \in A} x": (0, "index set"),
    r"\sum x": (0, "index set"),
    r"\sum_{l=1}^{n}": (0, "nothing"),
    r"9^{9^{9^{9}}}": (3, "too large"),
    r"2^{100000}": (0, "too large"),
    "9" * 300: (0, "too long"),
    "x" + " x" * 60: (0, "factors"),
    "(" * 60 + "x" + ")" * 60: (40, "deep"),
    "{" * 10_000: (40, "deep"),
    "x+" * 5000: (4000, "4000 symbols"),
    "x\x00": (1, "character"),
    r"\input{/etc/passwd}": (0, "not known"),
    r"\write18{ls}": (0, "not known"),
}


@pytest.mark.parametrize("latex", UNREAD)
def test_refuses_with_the_place(latex):
    where, word = UNREAD[latex]
    with pytest.raises(ReadError) as caught:
        second_reading(latex, WORDS)
    assert word in str(caught.value)
    assert caught.value.source == latex
    assert caught.value.position == where


def test_a_long_sum_is_read_in_parts():
    latex = " - ".join(f"{m} x^{{{m}}}" for m in range(1, 80))
    expected = x - sum(m * x**m for m in range(2, 80))
    assert expand(second_reading(latex, WORDS) - expected) == 0


@pytest.mark.parametrize(
    "nest", ["{%s}", "(%s)", r"\frac{%s}{2}", r"\sqrt{%s}", "{2 + x}^{%s}", r"\lvert %s \rvert"]
)
def test_deep_nesting_takes_no_exponential_time(nest):
    nest = nest.replace("{2 + x}", "(2 + x)")
    latex = "x"
    for _ in range(30):
        latex = nest % latex
    start = time.process_time()
    second_reading(latex, WORDS)
    assert time.process_time() - start < 3


def test_no_state_is_kept_between_formulas():
    """latex2sympy2 by itself would remember that S is a matrix, or that x is 3."""
    assert second_reading("x y", {"x": Symbol("x"), "y": Symbol("y")}).is_commutative
    assert second_reading("x y", {"x": M, "y": q}) == M * q
    assert second_reading("x y", {"x": Symbol("x"), "y": Symbol("y")}).is_commutative


def test_a_lost_or_moved_letter_is_noticed(monkeypatch):
    from symattn.latex.second import short_formulas

    A, B = symbols("a b")
    for wrong in (A, A * B * B, B * A**-1 + A, None):
        monkeypatch.setattr(short_formulas, "parse_letters", lambda text, wrong=wrong: wrong)
        with pytest.raises(ReadError):
            second_reading("M S", WORDS)


def test_warm_reading_is_quick():
    latex = r"\frac{\exp(k_i\cdot q)}{\sum_{l=1}^{n}\exp(k_l\cdot q)}"
    second_reading(latex, WORDS)
    start = time.process_time()
    for _ in range(20):
        second_reading(latex, WORDS)
    assert (time.process_time() - start) / 20 < 0.02


def test_latex2sympy2_is_imported_on_first_use_only():
    code = (
        "import sys, symattn.latex.second as s; from sympy import Symbol;"
        "assert 'latex2sympy2' not in sys.modules;"
        "assert str(s.second_reading('2 x', {'x': Symbol('x')})) == '2*x';"
        "assert 'latex2sympy2' in sys.modules;"
        "assert sys.version_info < (3, 13) or 'typing.io' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
