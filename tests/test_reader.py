"""The reader: what a line of LaTeX means, one reading a row."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sympy import (
    Abs,
    E,
    Eq,
    FiniteSet,
    Function,
    Indexed,
    IndexedBase,
    Integral,
    Interval,
    KroneckerDelta,
    LambertW,
    Max,
    Or,
    Piecewise,
    Product,
    Range,
    Rational,
    S,
    Sum,
    Symbol,
    Tuple,
    binomial,
    exp,
    factorial,
    log,
    oo,
    pi,
    sin,
    sqrt,
    tanh,
)

from symattn.algebra.attention import (
    Sigma,
    alpha,
    beta,
    c,
    d,
    delta,
    epsilon,
    i,
    j,
    k,
    l,
    m,
    mu,
    n,
    q,
    v,
    x,
    z,
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
    shape,
)
from symattn.errors import ReadError, ShapeError
from symattn.latex import Vocabulary, attention_vocabulary, parse, read
from symattn.latex.names import canonical
from symattn.latex.write import latex as printed

WORDS = attention_vocabulary()
s_, t_ = (Symbol(name, integer=True, positive=True) for name in "st")
SS, TT = Matrix("S", d, s_), Matrix("T", d, t_)
M = Matrix("M", d, d)
I = IdentityMatrix(d)


def real(name):
    return Symbol(name, real=True)


def family(name, index):
    return Indexed(IndexedBase(name, real=True), index)


def column(name, index):
    return Member(name, index, d)


u, w, y = real("u"), real("w"), real("y")

READINGS = [
    # numbers
    (r"1.25", Rational(5, 4)),
    (r"\frac12", Rational(1, 2)),
    (r"\frac1{2n}", 1 / (2 * n)),
    (r"\tfrac{3}{4} \cdot 2", Rational(3, 2)),
    (r"2^{10}", 1024),
    (r"2 \cdot -3", -6),
    (r"- -u", u),
    (r"\sqrt 2", sqrt(2)),
    (r"\sqrt[3]{n}", n ** Rational(1, 3)),
    (r"\pi", pi),
    (r"\binom{n}{2}", binomial(n, 2)),
    (r"n!", factorial(n)),
    # letters: greek variants, fonts, accents, labels
    (r"\varepsilon", epsilon),
    ("ε", epsilon),
    (r"\mathbf{q}", q),
    (r"\boldsymbol{\mu}_i", mu(i)),
    (r"\vec{k}_i", k(i)),
    (r"\mathbf{k_i}", k(i)),
    (r"{q}", q),
    (r"{k}_i", k(i)),
    (r"k_{i}", k(i)),
    (r"k^{(i)}", k(i)),
    (r"k_{i+1}", k(i + 1)),
    (r"k_1", k(S.One)),
    (r"v_{12}", v(S(12))),
    (r"\Sigma_l", Sigma(l)),
    (r"\delta_{ij}", KroneckerDelta(i, j)),
    (r"\delta_{i,j}", KroneckerDelta(i, j)),
    (r"\delta", delta),
    (r"\hat{u}", real(r"\hat{u}")),
    (r"\bar u", real(r"\bar{u}")),
    (r"\beta_{\max}", real(r"\beta_{\mathrm{max}}")),
    (r"\beta_{\text{opt}}", real(r"\beta_{\mathrm{opt}}")),
    (r"\beta^*", real(r"\beta^*")),
    (r"\beta_{max}", real(r"\beta_{\mathrm{max}}")),
    (r"\mathrm{SNR}", real(r"\mathrm{SNR}")),
    (r"u_0", real("u_{0}")),
    (r"g_l", family("g", l)),
    (r"e", E),
    # sums and products: juxtaposition binds tighter than a dot
    (r"\beta(k_i + k_j)", beta * (k(i) + k(j))),
    (r"(k_i + k_j)/2", (k(i) + k(j)) / 2),
    (r"1/2 (v_i + v_j)", (v(i) + v(j)) / 2),
    (r"1/(2n) \beta", beta / (2 * n)),
    (r"n(n-1)", n * (n - 1)),
    (r"k_i \cdot q", Dot(k(i), q)),
    (r"\beta k_i \cdot q", beta * Dot(k(i), q)),
    (r"(k_i - k_j) \cdot q", Dot(k(i) - k(j), q)),
    (r"k_i^\top q", Dot(k(i), q)),
    (r"k_i^T q", Dot(k(i), q)),
    (r"k_i^{\top} q", Dot(k(i), q)),
    (r"k_i^{\intercal} q", Dot(k(i), q)),
    (r"k_i^\intercal q", Dot(k(i), q)),
    (r"k_i^{\mathsf T} q", Dot(k(i), q)),
    (r"k_i^{\mathrm{T}} q", Dot(k(i), q)),
    (r"k^T_i q", Dot(k(i), q)),
    (r"k_i{}^\top q", Dot(k(i), q)),
    ("k_i·q", Dot(k(i), q)),
    (r"\langle k_i, q \rangle", Dot(k(i), q)),
    (r"\left\langle k_i, q \right\rangle", Dot(k(i), q)),
    (r"k_i^\top M c", Dot(k(i), M * c)),
    (r"(k_i - k_j)^\top q", Dot(k(i) - k(j), q)),
    (r"v_i v_j^\top q", Dot(v(j), q) * v(i)),
    (r"v_i v_j^\top", v(i) * T(v(j))),
    (r"\frac{k_i}{\|k_i\|}", k(i) / Norm(k(i))),
    (r"(q \cdot k_i) v_i", Dot(q, k(i)) * v(i)),
    # matrices keep their order
    (r"2 S (S^\top S)^{-1} S^\top", 2 * SS * Inverse(T(SS) * SS) * T(SS)),
    (r"2 \cdot S (S^\top S)^{-1} S^\top \cdot c", 2 * SS * Inverse(T(SS) * SS) * T(SS) * c),
    (r"S^T T", T(SS) * TT),
    (r"S^TT", T(SS) * TT),
    (r"-S^T S", -T(SS) * SS),
    (r"M^2", M * M),
    (r"M^{-2}", Inverse(M) * Inverse(M)),
    (r"M^{-\top}", Inverse(T(M))),
    (r"(M M^\top)^\top", M * T(M)),
    (r"S^+ c", Inverse(T(SS) * SS) * T(SS) * c),
    (r"S^{\dagger}", Inverse(T(SS) * SS) * T(SS)),
    (r"\operatorname{tr}(S^\top S)", Trace(T(SS) * SS)),
    # the identity takes its size from its neighbours
    (r"M - I", M - I),
    (r"(I - S S^\top) c", (I - SS * T(SS)) * c),
    (r"(S^\top S + \epsilon I)^{-1}", Inverse(T(SS) * SS + epsilon * IdentityMatrix(s_))),
    (r"I_d", I),
    (r"\epsilon \mathbf{I}", epsilon * I),
    (r"S I", SS),
    (r"I S", SS),
    # norms and bars
    (r"\|q\|^2", Norm(q) ** 2),
    (r"||q||", Norm(q)),
    (r"\lVert q \rVert_2^2", Norm(q) ** 2),
    (r"\|q\|^2_2", Norm(q) ** 2),
    (r"\left\| k_i - k_j \right\|", Norm(k(i) - k(j))),
    (r"\|M\|_F", Norm(M)),
    (r"|u|", Abs(u)),
    (r"|u| w |y|", Abs(u) * w * Abs(y)),
    (r"\left|u - |w|\right|", Abs(u - Abs(w))),
    (r"|k_i \cdot q|", Abs(Dot(k(i), q))),
    # functions
    (r"e^{\beta}", exp(beta)),
    (r"e^\beta", exp(beta)),
    (r"\exp(k_i \cdot q)", exp(Dot(k(i), q))),
    (r"\exp\left(\frac{u}{2}\right)", exp(u / 2)),
    (r"\ln n", log(n)),
    (r"\log n", log(n)),
    (r"\log_2 n", log(n) / log(2)),
    (r"\ln\frac{1}{\epsilon}", log(1 / epsilon)),
    (r"\ln n \ln u", log(n) * log(u)),
    (r"\ln^2 n", log(n) ** 2),
    (r"\ln(n) / 2", log(n) / 2),
    (r"\sin^2(u)", sin(u) ** 2),
    (r"\tanh(u)", tanh(u)),
    (r"exp(u)", exp(u)),
    (r"\sigma(2u)", 1 / (1 + exp(-2 * u))),
    (r"\operatorname{sigmoid}(u)^2", (1 + exp(-u)) ** -2),
    (r"W_0(2 u)", LambertW(2 * u)),
    (r"\operatorname{LambertW}(u)", LambertW(u)),
    (r"W_{-1}(u)", LambertW(u, -1)),
    (r"\max(u, w)", Max(u, w)),
    (r"\max\{u, w\}", Max(u, w)),
    # ranges
    (r"\sum_{l=1}^n v_l", Sum(v(l), (l, 1, n))),
    (r"\sum^n_{l=1} v_l", Sum(v(l), (l, 1, n))),
    (r"\sum_l \alpha_l v_l", Sum(alpha(l) * v(l), (l, 1, n))),
    (r"\sum\limits_{l} v_l", Sum(v(l), (l, 1, n))),
    (r"\sum_{1 \le l \le n} v_l", Sum(v(l), (l, 1, n))),
    (r"\sum_{l \in \{1, \dots, n\}} v_l", Sum(v(l), (l, 1, n))),
    (r"\sum_{l \in [n]} v_l", Sum(v(l), (l, 1, n))),
    (r"\sum_{l < i} v_l", Sum(v(l), (l, 1, i - 1))),
    (r"\sum_{l \ne i} v_l", OffSum(v(l), l, n, (i,))),
    (r"\sum_{l \neq i, j} v_l", OffSum(v(l), l, n, (i, j))),
    (r"\sum_{l \notin \{i,j\}} v_l", OffSum(v(l), l, n, (i, j))),
    (r"\sum_{l: l \ne i, l \ne j} v_l", OffSum(v(l), l, n, (i, j))),
    (r"\sum_{l=1,\, l \ne i}^{n} v_l", OffSum(v(l), l, n, (i,))),
    (r"\sum_{\substack{l=1 \\ l \ne i}}^{n} v_l", OffSum(v(l), l, n, (i,))),
    (r"\sum_{l \in \{i, j\}} k_l", k(i) + k(j)),
    (r"\sum_{l,m} \alpha_l z_m", Sum(Sum(alpha(l) * z(m), (m, 1, n)), (l, 1, n))),
    (r"\sum_l \alpha_l - \beta", Sum(alpha(l), (l, 1, n)) - beta),
    (r"\sum_l -\alpha_l", Sum(-alpha(l), (l, 1, n))),
    (r"\sum_l (\alpha_l - \beta)", Sum(alpha(l) - beta, (l, 1, n))),
    (r"1/n \sum_l \alpha_l", Sum(alpha(l), (l, 1, n)) / n),
    (r"\sum_{l=1}^n l", Sum(l, (l, 1, n))),
    (r"e^{z_i} / \sum_j e^{z_j}", exp(z(i)) / Sum(exp(z(j)), (j, 1, n))),
    (r"\prod_{l=1}^n \alpha_l", Product(alpha(l), (l, 1, n))),
    (r"a_1 s_1 + \dots + a_t s_t", Sum(family("a", l) * column("s", l), (l, 1, t_))),
    (r"\alpha_1 + \alpha_2 + \ldots + \alpha_n", Sum(alpha(l), (l, 1, n))),
    (r"u + \alpha_1 + \dots + \alpha_n", u + Sum(alpha(l), (l, 1, n))),
    (r"\int_0^1 u^2 \, du", Integral(u**2, (u, 0, 1))),
    (r"\int_{-\infty}^{\infty} e^{-u^2} \mathrm{d}u", Integral(exp(-(u**2)), (u, -oo, oo))),
    # statistics
    (r"\mathbb{E}[c]", Expect(c)),
    (r"\operatorname{E}(c)", Expect(c)),
    (r"\mathbb E \left[ \alpha_i \right]", Expect(alpha(i))),
    (r"E[\alpha_i]^2", Expect(alpha(i)) ** 2),
    (r"\operatorname{Cov}(c)", Cov(c)),
    (r"\mathrm{Cov}\left[c\right]", Cov(c)),
    (r"\operatorname{Var}(k_i \cdot q)", Var(Dot(k(i), q))),
    (r"\operatorname{Cov}(c, c)", Cov(c)),
    (r"\operatorname{Cov}(u, w)", Expect(u * w) - Expect(u) * Expect(w)),
    # cases
    (
        r"\begin{cases} 1 & \text{if } l \in \{i, j\} \\ 0 & \text{otherwise} \end{cases}",
        Piecewise((1, Or(Eq(l, i), Eq(l, j))), (0, True)),
    ),
    # around a formula
    (r"$u$", u),
    (r"$$ u $$", u),
    (r"\[ u \]", u),
    (r"\( u \).", u),
    (r"\begin{equation} u, \end{equation}", u),
    (r"\displaystyle u \, \; \quad w", None),
    (r"u \! w % a comment", u * w),
    (r"\boxed{u}", u),
    (r"u \label{eq:1} \tag{2}", u),
]


@pytest.mark.parametrize(("latex", "meaning"), READINGS, ids=[row[0] for row in READINGS])
def test_readings(latex, meaning):
    if meaning is None:
        with pytest.raises(ReadError):
            read(latex, WORDS)
        return
    reading = read(latex, WORDS)
    assert reading.terms == (meaning,)
    assert reading.relations == ()
    assert reading.conditions == ()


CHAINS = [
    (r"a = b", "=", 2),
    (r"u \ne w", "!=", 2),
    (r"u \neq w", "!=", 2),
    (r"u \not= w", "!=", 2),
    (r"u < w > y", "< >", 3),
    (r"u \le w \leq y", "<= <=", 3),
    (r"u \geqslant w", ">=", 2),
    (r"u \approx w \approx y", "~~ ~~", 3),
    (r"u \sim w", "~", 2),
    (r"u \simeq w", "~=", 2),
    (r"u \to w", "->", 2),
    (r"u \rightarrow w", "->", 2),
    (r"u = w \Rightarrow w = y", "= => =", 4),
    (r"u > w \iff y > w", "> <=> >", 4),
    (r"u = w \text{ iff } y = w", "= <=> =", 4),
    (r"u \propto w", "propto", 2),
    (r"u \gg w", ">>", 2),
    (r"u >> w", ">>", 2),
    (r"u \ll 1", "<<", 2),
    (r"u \equiv w", "==", 2),
    (r"u := w", ":=", 2),
    (r"u \overset{\text{def}}{=} w", ":=", 2),
    (r"u \overset{\Delta}{=} w", ":=", 2),
    (r"k_i \perp k_j", "perp", 2),
]


@pytest.mark.parametrize(("latex", "relations", "count"), CHAINS)
def test_chains_are_split_at_every_relation(latex, relations, count):
    statement = parse(latex)
    assert " ".join(statement.relations) == relations
    assert len(statement.terms) == count


CONDITIONS = [
    (r"c \to v_i \text{ as } \beta \to \infty", [("as", (beta, oo), ("->",))]),
    (r"c \to v_i, \quad \beta \to \infty", [("", (beta, oo), ("->",))]),
    (r"c \to v_i \quad (\beta \to \infty)", [("with", (beta, oo), ("->",))]),
    (r"c \to v_i (\beta \to \infty)", [("with", (beta, oo), ("->",))]),
    (r"c \xrightarrow{\beta \to \infty} v_i", [("as", (beta, oo), ("->",))]),
    (r"c \underset{\beta \to \infty}{\longrightarrow} v_i", [("as", (beta, oo), ("->",))]),
    (r"q = \beta k_i, \quad\text{with } \beta \gg 0", [("with", (beta, 0), (">>",))]),
    (r"q = \beta k_i \text{ for large } \beta", [("for", (beta, 0), (">>",))]),
    (r"\text{For large $\beta$, } c = v_i", [("for", (beta, 0), (">>",))]),
    (r"c = v_i \text{ for small } \epsilon", [("for", (epsilon, 1), ("<<",))]),
    (r"\alpha_l \to 0, \; l \ne i, j", [("", (l, i), ("!=",)), ("", (l, j), ("!=",))]),
    (r"\alpha_l \to 0 \quad \forall l \ne i", [("for all", (l, i), ("!=",))]),
    (r"\forall_{l \ne i}\; \alpha_l \to 0", [("for all", (l, i), ("!=",))]),
    (r"\forall l \ne i: \alpha_l \to 0", [("for all", (l, i), ("!=",))]),
    (r"\forall_i \; \|k_i\| = 1", [("for all", (i,), ())]),
    (r"\alpha_l > 0, l = 1, \dots, n", [("", (l, Range(1, n + 1)), ("in",))]),
    (r"\alpha_l > 0 \text{ for all } l", [("for all", (l,), ())]),
    (r"c = v_i, x \in \{i, j\}", [("", (x, FiniteSet(i, j)), ("in",))]),
    (r"c = v_i, q \in \mathbb{R}^d", [("", (q, Tuple(S.Reals, d)), ("in",))]),
    (r"c = v_i, \delta \in (0, 1)", [("", (delta, Interval.open(0, 1)), ("in",))]),
    (r"c = v_i, n < \infty", [("", (n, oo), ("<",))]),
    (r"\lim_{\beta \to \infty} c = v_i", [("as", (beta, oo), ("->",))]),
]


@pytest.mark.parametrize(("latex", "conditions"), CONDITIONS)
def test_side_conditions(latex, conditions):
    found = [(a.word, a.terms, a.relations) for a in read(latex, WORDS).conditions]
    assert found == conditions


def test_let_is_the_statement_itself():
    assert read(r"\text{Let } q = \beta k_i", WORDS).terms == (q, beta * k(i))


def test_a_limit_beside_a_relation_becomes_an_arrow():
    reading = read(r"\lim_{\beta \to \infty} c = \frac{v_i + v_j}{2}", WORDS)
    assert reading.terms == (c, (v(i) + v(j)) / 2)
    assert reading.relations == ("->",)


def test_a_limit_inside_an_expression_is_a_scalar():
    assert shape(read(r"2 \lim_{u \to 0^+} u \ln u", WORDS).terms[0]) == ()


def test_remainders_are_taken_aside():
    reading = read(r"\mathbb{E}[c] = \frac{v_i + v_j}{2} + O(\epsilon^2)", WORDS)
    assert reading.terms == (Expect(c), (v(i) + v(j)) / 2)
    ((term, size, little),) = [(r.term, r.size, r.little) for r in reading.remainders]
    assert (term, size, little) == (1, epsilon**2, False)


STRANGERS = [
    (r"q = \lambda (k_i + k_j)", (r"\lambda",), (), ()),
    (r"q = \beta (k_a + k_b)", (), (), ("a", "b")),
    (r"q = t (k_i + k_j)", ("t",), (), ()),
    (r"q = \sum_l g_l k_l", (), ("g",), ()),
    (r"k_{i_1} \cdot q", (), (), ("i_{1}",)),
    (r"u_m = m^2", (), ("u",), ()),
    (r"u_r = r^2", (), ("u",), ("r",)),
    (r"\sum_{h=1}^n z_h", (), (), ()),
]


@pytest.mark.parametrize(("latex", "letters", "families", "indices"), STRANGERS)
def test_unknown_letters_are_reported(latex, letters, families, indices):
    reading = read(latex, WORDS)
    assert reading.unknown == letters
    assert reading.unknown_families == families
    assert reading.unknown_indices == indices


NOTES = [
    (r"\sigma(u)", "logistic"),
    (r"W(u)", "Lambert"),
    (r"S' S", "transpose"),
    (r"|q|", "length"),
    (r"\operatorname{Var}(c)", "covariance"),
    (r"S^+", "independent"),
    (r"\mathbb{E}_k[c]", "context"),
]


@pytest.mark.parametrize(("latex", "word"), NOTES)
def test_readings_that_took_something_for_granted_say_so(latex, word):
    assert word in " ".join(read(latex, WORDS).notes)


# What is refused, where, and with which word; never a guess.
REFUSED = [
    (r"a \not< b = c", 2, "only"),
    (r"x^12", 2, "first digit"),
    (r"x_12", 2, "first digit"),
    (r"\ln a b", 6, "readings"),
    (r"\exp \beta (u+1)", 11, "readings"),
    (r"1/2 \beta", 4, "divided"),
    (r"1/2n", 3, "divided"),
    (r"u / \sum_l \alpha_l \beta", 4, "stroke"),
    (r"c(\beta) = v_i", 0, "function"),
    (r"\alpha_i(q) = 1", 0, "function"),
    (r"f(u + 1)", 0, "function"),
    (r"N(0, 1)", 0, "list"),
    (r"\frac{d c}{d \beta}", 0, "derivatives"),
    (r"\frac{\partial c}{\partial \beta}", 0, "derivatives"),
    (r"u \pm w", 2, "two values"),
    (r"\sin^{-1} u", 4, "inverse"),
    (r"\lfloor u \rfloor", 0, "rounding"),
    (r"\mathbb{E}[c \mid k]", 13, "conditional"),
    (r"E[c | k]", 4, "never closed"),
    (r"(c)_i", 3, "subscript"),
    (r"k_i_j", 3, "second subscript"),
    (r"u^2^3", 3, "second superscript"),
    (r"2 3", 2, "side by side"),
    (r"0,5", 1, "decimal comma"),
    (r"n = 1,000", 5, "decimal comma"),
    (r"2e5", 0, "power of ten"),
    (r"u : w = 2", 2, "colon"),
    (r"u = w \\ y = 1", 6, "line break"),
    (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", 0, "entry by entry"),
    (r"u = w \text{ is wrong}", 6, "words"),
    (r"q = \beta k_i where \beta = 1", 14, "word"),
    (r"q = \beta \quad (k_i + k_j)", 16, "alone"),
    (r"a_1 + \dots + b_n", 6, "dots"),
    (r"u_1 \cdots u_n", 4, "dots"),
    (r"\max_{l} z_l", 0, "index"),
    (r"\|M\|", 0, "norm"),
    (r"\|u\|", 2, "not known"),
    (r"A A^\top", 2, "not known"),
    (r"\sqrt{-1}", 0, "complex"),
    (r"2^T", 0, "transpose of a number"),
    (r"softmax(u)", 0, "not read"),
    (r"\alpha_i = \operatorname{softmax}(z)_i", 36, "subscript"),
    (r"\aplha", 0, "did you mean \\alpha"),
    (r"\sum_l", 6, "nothing follows"),
    (r"\sum q", 5, "index"),
    (r"\int u^2", 0, "differential"),
    (r"= u", 0, "nothing stands before"),
    (r"u =", 2, "nothing stands after"),
    (r"u +", 3, "missing"),
    (r"\frac{}{2}", 6, "nothing stands"),
    (r"k_{l \ne i}", 5, "relation"),
    (r"{i, j}", 2, "braces"),
    (r"[0, 1)", 5, "closed by"),
    (r"v_{i,j}", 0, "takes one index"),
    (r"u \times w = k_i \times k_j", 24, "times"),
    (r"\beta = \infty", 8, "not a number"),
    (r"\sum_{l=1}^n O(u)", 13, "O(..)"),
]


@pytest.mark.parametrize(("latex", "position", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_ambiguous_or_unknown_is_refused_with_its_place(latex, position, word):
    with pytest.raises(ReadError) as caught:
        read(latex, WORDS)
    assert word in str(caught.value)
    assert caught.value.position == position
    assert caught.value.source == latex


MISFITS = [
    (r"k_i k_j", 4, "dot product"),
    (r"q \cdot k_i v_i", 12, "dot product"),
    (r"k_i^\top q^\top", 9, "1 x d"),
    (r"S T", 2, "d x s"),
    (r"S c", 2, "d x 1"),
    (r"c^\top S c", 9, "d x s"),
    (r"k_i + 1", 6, "a scalar"),
    (r"c + M", 4, "d x d"),
    (r"S^{-1}", 0, "S is a matrix (d x s)"),
    (r"k_i^2", 0, r"\|k_i\|"),
    (r"S^2", 0, "square"),
    (r"\exp(k_i)", 5, "column"),
    (r"e^M", 2, "matrix"),
    (r"\frac{1}{k_i}", 9, "scalars only"),
    (r"S \cdot q", 8, "d x 1"),
    (r"q \cdot 1 + k_i \cdot S", 22, "d x s"),
    (r"\operatorname{tr}(S)", 0, "square"),
    (r"\operatorname{Cov}(M)", 0, "column"),
    (r"\sqrt{q}", 6, "column"),
    (r"\prod_l v_l", 8, "scalars"),
]


@pytest.mark.parametrize(("latex", "position", "word"), MISFITS, ids=[row[0] for row in MISFITS])
def test_shapes_that_do_not_fit_are_named_with_their_place(latex, position, word):
    with pytest.raises(ShapeError) as caught:
        read(latex, WORDS)
    assert word in str(caught.value)
    assert caught.value.position == position
    assert caught.value.caret().splitlines()[0] == latex


def test_sides_of_different_shape_are_left_to_the_judge():
    assert read(r"M = S^\top", WORDS).terms == (M, T(SS))


# The traps that a reader without shapes falls into in silence (docs of the second reader).
TRAPS = [
    (r"u = w", (u, w)),  # the left side is not lost
    (r"\log u", (log(u),)),  # natural
    (r"S S^\top", (SS * T(SS),)),  # transposes stay
    (r"M S - S", (M * SS - SS,)),  # products do not commute
    (r"I M", (M,)),  # the identity and no imaginary unit
    (r"M c = v_i", (M * c, v(i))),  # not solved
    (r"\|q\|", (Norm(q),)),
    (r"u \approx w", (u, w)),
    (r"\operatorname{Cov}(c)", (Cov(c),)),
    (r"\mathbb{E}[c]", (Expect(c),)),
    (r"k_i^\top", (T(k(i)),)),
    (r"-S^T S", (-T(SS) * SS,)),
]


@pytest.mark.parametrize(("latex", "terms"), TRAPS, ids=[row[0] for row in TRAPS])
def test_traps(latex, terms):
    assert read(latex, WORDS).terms == terms


# What SymPy and the project's own writer print is read back as it was.
PRINTED = [
    exp(-beta) / (2 * exp(beta) + n - 2),
    log(u) ** 2 + tanh(u) ** 3 - sqrt(u**2 + 1),
    Sum(alpha(l) * KroneckerDelta(l, i), (l, 1, n)),
    Product(1 + alpha(l), (l, 1, n)),
    Piecewise((u, u > w), (w, True)),
    Integral(exp(-(u**2) / 2), (u, -oo, oo)) / sqrt(2 * pi),
    Max(u, w) * Abs(u - w),
    LambertW(u, -1) + LambertW(w),
    binomial(n, 2) + factorial(n) - u ** Rational(1, 3),
    Function("f")(u, w + 1) ** 2,
    2 * SS * Inverse(T(SS) * SS) * T(SS) - I,
    Sum(exp(Dot(k(l), q)) * v(l), (l, 1, n)) / Sum(exp(Dot(k(m), q)), (m, 1, n)),
    OffSum((v(l) - v(i)) * alpha(l), l, n, (i, j)),
    Trace(M * Sigma(l)) * Norm(q) ** 2 - Expect(alpha(i)) * Var(Dot(q, k(i))),
    Cov(c) - (v(i) - v(j)) * T(v(i) - v(j)) / 4,
    # no factor is taken for a part of the one before it
    Dot(k(i), q) * v(i),
    beta * Dot(k(i), q) * Dot(k(j), q),
    2 * log(u) * SS * Inverse(T(SS) * SS) * T(SS),
    log(n) ** 2 * alpha(l),
    log(n) * alpha(l) / 2,
    Product(alpha(l), (l, 1, n)) * M,
    Inverse(M) * Inverse(M),
    OffSum(v(l), l, m, (i,)),
    KroneckerDelta(l, i + 1) + KroneckerDelta(l, m),
    Piecewise((u, Or(Eq(l, i), Eq(l, j))), (w, True)),
]


@pytest.mark.parametrize("meaning", PRINTED, ids=str)
def test_what_is_printed_is_read_back(meaning):
    words = WORDS.function("f", Function("f"))
    found = read(printed(meaning), words).terms[0]
    assert found == meaning or (found - meaning).expand() == 0


# vocabularies -------------------------------------------------------------------------------------


def test_a_vocabulary_says_what_letters_mean():
    own = Matrix("A", d, s_)
    words = WORDS.define("A", own)
    assert read(r"A A^\top", words).terms == (own * T(own),)
    assert WORDS.letter("A") is None


def test_a_letter_that_is_defined_is_no_function_and_no_constant():
    words = Vocabulary.of({"e": Symbol("e"), "E": Symbol("E"), r"\sigma": Symbol("s"), "I": M})
    assert read("e^u", words).terms == (Symbol("e") ** u,)
    assert read("E(u + 1)", words).terms == (Symbol("E") * (u + 1),)
    assert read(r"\sigma(u + 1)", words).terms == (Symbol("s") * (u + 1),)
    assert read("I", words).terms == (M,)


def test_functions_and_ranges_of_a_vocabulary():
    words = WORDS.function("f", lambda a: a**2).range("max", lambda f, l, n, off: f + len(off))
    assert read("f(u)", words).terms == (u**2,)
    assert read(r"f(u)^2", words).terms == (u**4,)
    assert read(r"\max_{l \ne i} z_l", words).terms == (z(l) + 1,)
    with pytest.raises(ReadError, match=r"does not take 2 arguments"):
        read("f(u, w)", words)


def test_spellings_of_a_name_do_not_matter():
    words = Vocabulary({r"x_{1}": u, r"\beta_{max}": w, r"\varepsilon": y})
    assert read("x_1", words).terms == (u,)
    assert read(r"\beta_{\max} + \epsilon", words).terms == (w + y,)
    assert canonical(r"\mathbf{k}_1") == "k_{1}"


def test_without_and_merged():
    assert read(r"\beta", WORDS.without(r"\beta")).unknown == (r"\beta",)
    both = Vocabulary({"x": u}).merged(Vocabulary({"x": w}, count=n))
    assert (both.letter("x"), both.count) == (w, n)


def test_an_identity_without_a_size_is_refused():
    with pytest.raises(ReadError, match="how large"):
        read("I", Vocabulary())


def test_a_sum_without_an_end_is_refused():
    with pytest.raises(ReadError, match="upper end"):
        read(r"\sum_l z_l", Vocabulary())


def test_the_letters_of_a_formula_are_the_same_in_every_place():
    reading = read(r"u_m = m^2, m \ne i", WORDS)
    assert reading.terms[1] == m**2
    assert reading.conditions[0].terms == (m, i)


def test_parsing_does_not_import_sympy():
    code = (
        "import sys; from symattn.latex import parse; parse('a = b'); "
        "sys.exit('sympy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
