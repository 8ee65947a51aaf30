"""What question 1 (b) judges, and the author's tests."""

from __future__ import annotations

from symattn.algebra.attention import alpha, delta, i, j, k, l, q
from symattn.algebra.letters import Dot
from symattn.check.named import attention
from symattn.claims.definitions import Defined
from symattn.derive.question import AuthorTest
from symattn.hypotheses.base import Given
from symattn.judge.judged import Judged

from .q1b import APART, DELTA, SMALL, gamma, gaps

JUDGED = Judged(
    meanings={
        Dot(k(i) - k(j), q): "gap of two logits, as a condition",
        alpha(i): "weight of the key that is to dominate",
        alpha(i) / alpha(j): "how much larger it is",
    },
    defined=(Defined(DELTA[l], Dot(k(i) - k(l), q), gaps), *attention()),
    letters={r"\Delta": lambda index: DELTA[index], r"\delta": delta},
    indices=(i, j, l),
    scale=gamma,
    given=Given((APART, SMALL)),
    goal=alpha(i),
)

TESTS = (
    AuthorTest(r"k_i \cdot q \gg k_j \cdot q \text{ for all } j \ne i", "proved",
               "necessary-and-sufficient"),
    AuthorTest(r"(k_i - k_j) \cdot q \gg 0", "proved", "necessary-and-sufficient"),
    AuthorTest(r"k_a \cdot q - k_b \cdot q \gg 1", "proved", "necessary-and-sufficient"),
    AuthorTest(r"k_i^\top q - k_j^\top q \gg \ln n, \quad \forall j \ne i", "proved"),
    AuthorTest(r"k_i \cdot q \gg \max_{l \ne i} k_l \cdot q", "proved"),
    AuthorTest(r"\min_{l \ne i} (k_i - k_l) \cdot q \gg 0", "proved"),
    AuthorTest(r"\Delta_l \to \infty", "proved", "necessary-and-sufficient"),
    AuthorTest(r"(k_i - k_j) \cdot q \ge C, \quad C \gg 0", "proved"),
    AuthorTest(r"(k_i - k_j) \cdot q \ge \ln\frac{(n - 1)(1 - \delta)}{\delta}", "proved",
               "sufficient"),
    AuthorTest(r"k_i \cdot q \ge k_j \cdot q + \ln\frac{1 - \delta}{\delta}", "proved", "necessary"),
    AuthorTest(r"\sum_{l \ne i} e^{(k_l - k_i) \cdot q} \le \frac{\delta}{1 - \delta}", "proved",
               "necessary-and-sufficient"),
    AuthorTest(r"1 \gg \sum_{l \ne i} e^{-\Delta_l}", "proved", "necessary-and-sufficient"),
    AuthorTest(
        r"(k_i - k_j) \cdot q \ge \ln\frac{(n - 1)(1 - \delta)}{\delta}"
        r" \implies \alpha_i \ge 1 - \delta", "proved", "implication-proved",
    ),
    AuthorTest(
        r"\alpha_i \ge 1 - \delta \iff \sum_{l \ne i} e^{-\Delta_l} \le \frac{\delta}{1 - \delta}",
        "proved", "necessary-and-sufficient",
    ),
    AuthorTest(r"\frac{\alpha_i}{\alpha_j} = e^{(k_i - k_j) \cdot q}", "proved", "identity-proved"),
    AuthorTest(r"\alpha_i = \frac{1}{1 + \sum_{l \ne i} e^{-\Delta_l}}", "proved"),
    AuthorTest(r"k_i \cdot q > k_j \cdot q", "refuted", "not-sufficient", "largest, not by much"),
    AuthorTest(r"(k_i - k_j) \cdot q \ge 5", "refuted", "not-sufficient"),
    AuthorTest(r"(k_i - k_j) \cdot q \ge \ln n", "refuted", "not-sufficient"),
    AuthorTest(r"(k_i - k_j) \cdot q \ge \ln\frac{1}{\delta}", "refuted", "not-sufficient"),
    AuthorTest(r"\|q\| \gg 0", "refuted", "not-sufficient", "a long query alone"),
    AuthorTest(r"\|k_i\| \gg \|k_j\|", "refuted", "", "a long key alone"),
    AuthorTest(r"k_i \cdot q \gg 0", "refuted", "not-sufficient", "the others may be as large"),
    AuthorTest(r"k_j \cdot q \gg k_i \cdot q", "refuted", "", "the wrong way round"),
    AuthorTest(r"q = \beta k_i, \quad \beta \gg 0", "refuted", "not-sufficient", "a longer key wins"),
    AuthorTest(
        r"(k_i - k_j) \cdot q \ge \ln\frac{1 - \delta}{\delta} \implies \alpha_i \ge 1 - \delta",
        "refuted", "not-sufficient", "for n = 2 only",
    ),
    AuthorTest(r"\alpha_i \ge 1 - \delta", "undecided", "restates-the-question"),
    AuthorTest(r"\alpha_i \gg \alpha_j", "undecided", "restates-the-question"),
    AuthorTest(r"n > 1", "undecided", "not-an-answer"),
    AuthorTest(r"k_i \gg k_j", "refuted", "shape-mismatch", "vectors are not compared"),
    AuthorTest(r"k_i \cdot q \gg", "unread", "unread"),
    # what was once misjudged, or is likely to be
    AuthorTest(
        r"\frac{\exp(k_i \cdot q)}{\exp(k_j \cdot q)} \gg 1",
        "proved", "necessary-and-sufficient",
    ),
    AuthorTest(r"\exp(k_i \cdot q) \gg n \exp(k_j \cdot q)", "proved", "necessary-and-sufficient"),
    AuthorTest(r"\sum_{j \ne i} e^{z_j - z_i} \to 0", "proved", "necessary-and-sufficient"),
    AuthorTest(r"e^{z_i - z_j} \to \infty", "proved", "necessary-and-sufficient"),
    AuthorTest(
        r"\exists i \; \forall j \ne i: k_i \cdot q \gg k_j \cdot q",
        "proved", "necessary-and-sufficient",
    ),
    AuthorTest(r"(k_i - k_j) \cdot q \ge \frac{n}{\delta}", "proved", "sufficient"),
    AuthorTest(
        r"(k_i - k_j) \cdot q \ge \gamma, \quad \gamma \to \infty",
        "proved", "necessary-and-sufficient",
    ),
    AuthorTest(r"(k_i - k_j) \cdot q \ge \gamma", "undecided", "ask-what-is"),
    AuthorTest(r"(k_i - k_j) \cdot q \ge \gamma, \quad \gamma \to 0", "refuted", "not-sufficient"),
    AuthorTest(r"(k_i - k_j) \cdot q \ge 10^6", "refuted", "not-sufficient"),
    AuthorTest(r"(k_i - k_j) \cdot q \ge n", "refuted", "not-sufficient"),
    AuthorTest(r"\Delta_l \to 0", "refuted", "not-sufficient"),
    AuthorTest(r"\Delta_l \gg -n", "undecided", "ask-what-is"),
    AuthorTest(r"(k_i - k_j) \cdot q \gg \delta", "undecided", "ask-what-is"),
    AuthorTest(r"k_i \cdot q \gg k_j \cdot q \text{ for some } j", "undecided", "ask-for-all"),
    AuthorTest(r"k_i \cdot q \gg k_j \cdot q \text{ for } j = 1", "undecided", "ask-for-all"),
    AuthorTest(r"k_1 \cdot q \gg k_2 \cdot q", "undecided", "ask-for-all"),
    AuthorTest(r"k_i \cdot q \gg k_{i+1} \cdot q", "refuted", "not-necessary"),
    AuthorTest(r"\|q\| \|k_i - k_j\| \cos\theta \gg 1", "undecided", "ask-what-is"),
    AuthorTest(r"\max_{l \ne i} (k_i - k_l) \cdot q \gg 0", "refuted", "not-sufficient"),
    AuthorTest(r"k_i \cdot q \gg \sum_{l \ne i} k_l \cdot q", "refuted", "not-necessary"),
    AuthorTest(r"|k_i \cdot q| \gg |k_j \cdot q|", "refuted", "not-sufficient"),
    AuthorTest(
        r"\alpha_i \ge 1 - \delta \implies (k_i - k_j) \cdot q \ge \ln\frac{n}{\delta}",
        "refuted", "not-necessary",
    ),
    AuthorTest(
        r"\sum_{l \ne i} e^{-\Delta_l} \le \frac{1 - \delta}{\delta}",
        "refuted", "not-sufficient",
    ),
    # true of too little, or of another limit
    AuthorTest(r"\forall i \forall j: k_i \cdot q \gg k_j \cdot q", "undecided", "ask-for-all"),
    AuthorTest(
        r"\forall j \ne i: k_i \cdot q \gg k_j \cdot q",
        "proved", "necessary-and-sufficient",
    ),
    AuthorTest(r"\Delta_l \gg \frac{1}{\delta}", "proved", "sufficient"),
    AuthorTest(
        r"\alpha_i \ge 1 - \delta \implies \alpha_i \ge 1 - \delta",
        "undecided", "circular",
    ),
    AuthorTest(r"\frac{\alpha_i}{\alpha_j} = \exp((k_i - k_j) \cdot q) \gg 1", "proved", ""),
)  # fmt: skip
