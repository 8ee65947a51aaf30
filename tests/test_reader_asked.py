r"""What people write that is not read: the place, and what the sentence says to write instead."""

from __future__ import annotations

import pytest

from symattn.errors import ReadError
from symattn.latex import attention_vocabulary, read

WORDS = attention_vocabulary().matrix(
    "s", lambda last: WORDS.letter("S") if str(last) == "s" else None
)

# What is asked about: the line, the place, and words of the sentence.
ASKED = [
    # two readings, and how to write each
    (r"1/2 \beta", 4, r"write \frac{1}{2} \beta or \frac{1}{2 \beta}"),
    (r"1/2n", 3, r"write \frac{1}{2} n or \frac{1}{2 n}"),
    (r"\beta/2n (k_i + k_j)", 7, r"write \frac{\beta}{2} n or \frac{\beta}{2 n}"),
    (r"\ln a b", 6, r"write \ln(a) b or \ln(a b)"),
    (r"\ln a \beta", 6, r"write \ln(a) \beta or \ln(a \beta)"),
    (r"\ln 1 / \epsilon", 8, r"write \ln(1) / \epsilon or \ln(1 / \epsilon)"),
    (r"\ln n / 2", 8, r"\ln(n / 2)"),
    (r"\exp k_i \cdot q", 15, r"\exp(k_i \cdot q)"),
    (r"\exp \beta k_i \cdot q", 11, r"\exp(\beta k_i)"),
    (r"\exp \beta (u + 1)", 11, r"\exp(\beta (u + 1))"),
    (r"\mathbb{E} c q", 13, "brackets"),
    ("0,5", 1, "write 0.5, or 0, 5"),
    ("q = 0,1 k_i", 5, "decimal comma"),
    ("n = 1,000", 5, "write 1000, 1.000, or 1, 000"),
    ("1{,}000", 1, "write 1000 or 1.000"),
    ("2½", 1, "mixed"),
    (r"q' = \beta k_i", 0, r"write q^\top, or q"),
    (r"\hat q = \beta k_i", 0, r"\hat q may be q"),
    (r"\tilde{q} = \beta k_i", 0, "may be q"),
    (r"\bar{c} = v_i", 0, "may be c"),
    (r"\hat{k}_i \cdot q", 0, "may be k"),
    (r"q_{ij} = \beta k_i", 0, "q takes no index"),
    (r"q_\beta = \beta k_i", 0, "q takes no index"),
    (r"M_1 = S", 0, "M takes no index"),
    (r"q^* = 2 q", 0, "stands beside q"),
    (r"c^* k_i = 0", 0, "transpose"),
    (r"c(\beta) = v_i", 0, "may be a product or a function"),
    (r"\alpha_i(q) = 1", 0, "function"),
    (r"\alpha_i'(\beta)", 0, "function"),
    ("E c = v_i", 0, r"write \mathbb{E}[..]"),
    (r"\|M\|", 0, "may be one of several"),
    ("2e5", 0, "power of ten"),
    ("x^12", 2, "first digit"),
    (r"u = w \text{ plus } x", 6, "words"),
    (r"q = \beta k_i \text{ (wrong)}", 14, "words"),
    (r"u \text{ by } w", 2, "words"),
    ("k_{i1}", 3, "one index or several"),
    (r"\alpha_{1{,}2}", 8, "no whole number"),
    (r"\Pr = 1", 0, "not an expression"),
    (r"\sum_{l \in \{ij\}} k_l", 14, "one index or several"),
    (r"\alpha_l \to 0, l \notin \{ij\}", 27, "one index or several"),
    (r"v_\beta", 2, "no index"),
    (r"T^* q", 0, "transpose"),
    (r"q_1 + q", 0, "q takes no index"),
    (r"\left u + w \right)", 6, "not followed by a bracket"),
    (r"\frac12 / \mathbb{1}[l = m + 1]", 10, "division by zero"),
    (r"k_i' q", 0, r"write k_{i}^\top, or k_{i}"),
    (r"k_i^t q", 0, r"write k_i^\top"),
    (r"\sum \alpha_i \alpha_j", 5, "it may be i or j"),
    (r"\sum v_n", 5, r"write \sum_{l=1}^{n}"),
    (r"\sum_l \alpha_l \sum v_l", 21, r"write \sum_{l=1}^{n}"),
    (r"\sum 2", 5, "nothing here has one"),
    (r"\lim_{T \to 1^+} c = v_i", 0, "from one side at 0"),
    (r"c = v_i \text{ as } \beta \text{ grows like } n", 26, "words"),
    (r"c = v_i \text{ as } \beta \text{ grows with } n", 26, "words"),
    (r"c \text{ tends in law to } v_i", 2, "words"),
    (r"\|x\|_2", 2, "say whether it is a vector"),
    (r"\alpha_i \in (0, 1, 2]", 21, "closed by"),
    (r"q = [0, 1)", 9, "closed by"),
    (r"\alpha_i \text{ is } < 1, \beta > 2", 21, "before <"),
    (r"0 < u, < 1, w > 2", 7, "before <"),
    (r"\forall l \ne i, j \; \alpha_l = 0", 17, "before or after j"),
    (r"q = \beta (\text{constant})", 11, "words"),
    (r"q = f(\text{some } x)", 6, "words"),
    (r"\overset{l}{\sum} \alpha_l", 0, "round a relation"),
    (r"\text{If } \beta \text{ is large for all } i, c = v_i", 17, "words"),
    (r"\text{If } \beta \text{ is large except } n = 3, c = v_i", 17, "words"),
    (r"\alpha_l \text{ vanishes as } \beta \to \infty", 9, "words"),
    (r"\text{As } \beta \to \infty, \epsilon \to 0, c \to v_i", 29, r"\text{ and }"),
    # what is not read, and what to write instead
    (r"q = \pm \beta k_i", 4, "one with + and one with -"),
    (r"u \mp w", 2, "two formulas"),
    (r"\max_l z_l", 0, r"with \forall"),
    (r"\min_{l \ne i} z_l", 0, r"with \forall"),
    (r"\argmax_l k_l \cdot q = i", 0, "inequality for every other index"),
    (r"\operatorname{argmax}_l z_l = i", 0, "inequality"),
    (r"\operatorname*{arg\,max}_l z_l", 0, "inequality"),
    (r"\arg\max_l z_l", 0, "inequality"),
    (r"\text{arg min}_l z_l", 0, r"\argmin"),
    (r"\frac{d}{d\beta} \alpha_i", 0, "after differentiating"),
    (r"\frac{d \alpha_i}{d \beta} > 0", 0, "derivatives"),
    (r"\frac{\mathrm{d} \alpha_i}{\mathrm{d} \beta}", 0, "derivatives"),
    (r"\frac{\partial \alpha_i}{\partial \beta}", 0, "derivatives"),
    (r"\partial_\beta \alpha_i", 0, "derivatives"),
    (r"\nabla_q \alpha_i = 0", 0, "derivatives"),
    ("∂α", 0, "derivatives"),
    (r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}", 0, "entry by entry"),
    (r"q = \begin{pmatrix} \beta \\ 0 \end{pmatrix}", 4, "entry by entry"),
    (r"M = \begin{bmatrix} 1 & 0 \end{bmatrix}", 4, "entry by entry"),
    (r"M = \begin{array}{cc} 1 & 0 \\ 0 & 1 \end{array}", 4, "entry by entry"),
    (r"A = [s_1, \dots, s_n]", 4, "list"),
    (r"A = [x_1, \dots, x_s]", 4, "list"),
    (r"P(c = v_i, x = i) = \frac12", 0, "the probability of an event"),
    (r"\mathbb{P}(A) = 1/2", 0, "event"),
    (r"\Pr(c = v_i = v_j) = 1/2", 0, "event"),
    (r"\Pr[x = i \mid c]", 0, "one relation"),
    (r"\operatorname{Pr}(A)", 0, "event"),
    (r"\mathbb{E}[c | k]", 13, "conditional expectations"),
    (r"\mathbb{E}[c \mid x = i]", 13, "conditional expectation given a relation"),
    (r"\operatorname{Cov}(c | k)", 21, "conditional"),
    (r"c \xrightarrow{d} v_i", 15, "in law"),
    (r"c \xrightarrow{P} v_i", 15, "in probability"),
    (r"c \overset{p}{\to} v_i", 11, "in probability"),
    (r"c \overset{d}{=} v_i", 11, "equality in law"),
    (r"c \xrightarrow{\text{a.s.}} v_i", 15, "almost surely"),
    (r"c \xrightarrow{L^2} v_i", 15, "over the arrow"),
    (r"\alpha = \operatorname{softmax}(K q)", 9, r"write \alpha_i ="),
    (r"\alpha = \text{softmax}(Kq)", 9, "softmax"),
    (r"\alpha_i = \operatorname{softmax}(z)_i", 36, "subscript"),
    (r"K^\top q", 0, "not known here"),
    (r"A A^\top", 2, "not known here"),
    (r"k_i = \mu_i + \sqrt{\epsilon} \xi_i", 30, "a scalar does not fit"),
    (r"\mathbf{1}^\top \alpha = 1", 0, "vector of ones"),
    (r"\mathbb{1}", 0, "vector of ones"),
    (r"\alpha \in \Delta^{n-1}", 11, "simplex"),
    (r"\left. \alpha_i \right|_{\beta = 0}", 22, "put the value in"),
    (r"q \parallel k_i + k_j", 2, r"\propto"),
    (r"\beta = \Theta(\epsilon^{-1/4})", 8, "order of growth"),
    (r"\beta = \Omega(\ln n)", 8, "order of growth"),
    (r"q \odot k_i", 2, "elementwise"),
    (r"S \otimes S", 10, "two columns"),
    (r"\beta \over 2", 6, "inside braces"),
    (r"\beta \setminus 2", 6, "range of an index"),
    (r"\operatorname{rank}(S) = s", 0, "rank is not read"),
    (r"\operatorname{diag}(z)", 0, "diag is not read"),
    (r"M = 2 S S^{\#}", 11, "backslash"),
    (r"\mathbb{R}^d", 0, "not an expression"),
    (r"\sup_l z_l", 0, "for each index"),
    (r"\text{\input{x}}", 6, "more than plain words"),
    (r"\begin{tabular}{c} 1 \end{tabular}", 0, "environment"),
    (r"x \mapsto x^2", 2, "with ="),
    (r"i \ne j \lor i = j", 8, "alternatives"),
    (r"\infty (k_i + k_j)", 0, "not a number"),
    (r"\sum_{l \in L} z_l", 12, "range of an index"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "position", "words"), ASKED, ids=[row[0] for row in ASKED])
def test_what_is_asked_about(latex, position, words):
    with pytest.raises(ReadError) as caught:
        read(latex, WORDS)
    assert words in str(caught.value)
    assert caught.value.position == position
    assert "\n" not in str(caught.value)
    assert caught.value.caret().splitlines()[1] == " " * position + "^"


def test_a_word_too_much_is_not_passed_over():
    """The words that are passed over are reasons; whatever could change the meaning is refused."""
    for words in (
        "not", "approximately", "by", "(almost)", "except for l", "by the way not", "by no means",
        "(by symmetry, up to a factor)", "using twice the norm",
    ):  # fmt: skip
        for latex in (rf"u \text{{ {words} }} = w", rf"u = w \text{{ {words} }}"):
            with pytest.raises(ReadError):
                read(latex, WORDS)
    with pytest.raises(ReadError):
        read(r"u \overset{\text{not}}{=} w", WORDS)
