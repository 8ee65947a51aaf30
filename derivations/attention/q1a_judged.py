"""What question 1 (a) judges, and the author's tests."""

from __future__ import annotations

from sympy import Sum

from symattn.algebra.attention import alpha, c, i, j, l, n
from symattn.check.named import attention
from symattn.derive.question import AuthorTest
from symattn.judge.judged import Judged

JUDGED = Judged(
    meanings={
        alpha(i): "attention weight",
        Sum(alpha(l), (l, 1, n)): "sum of the weights",
        c: "output",
    },
    defined=attention(),
    indices=(i, j, l),
)

TESTS = (
    AuthorTest(r"\sum_{i=1}^n \alpha_i = 1", "proved", "identity-proved"),
    AuthorTest(r"\sum_i \alpha_i = 1, \quad \alpha_i \ge 0", "proved"),
    AuthorTest(r"\alpha_i > 0", "proved", "sign-proved"),
    AuthorTest(r"0 \le \alpha_i \le 1", "proved", "sign-proved"),
    AuthorTest(r"0 < \alpha_i < 1", "proved", "sign-proved", "for two keys or more"),
    AuthorTest(r"\alpha_i \in [0, 1]", "proved"),
    AuthorTest(
        r"\sum_{i=1}^n \alpha_i = \frac{\sum_{i=1}^n e^{k_i \cdot q}}{\sum_{j=1}^n e^{k_j \cdot q}}"
        r" = 1", "proved", "identity-proved",
    ),
    AuthorTest(r"\alpha_i = \frac{\exp(k_i^\top q)}{\sum_{j=1}^n \exp(k_j^\top q)} > 0", "proved"),
    AuthorTest(r"\sum_i \alpha_i = n", "refuted", "counterexample"),
    AuthorTest(r"\alpha_i > \frac{1}{2}", "refuted", "counterexample"),
    AuthorTest(r"\alpha_i = \frac{1}{n}", "refuted", "counterexample"),
    AuthorTest(r"\alpha_i = k_i \cdot q", "refuted", "counterexample", "the logit is no weight"),
    AuthorTest(r"\alpha_i", "undecided", "ask-which-quantity"),
    AuthorTest(r"\sum_{i=1}^n \alpha_i = ", "unread", "unread"),
    # what was once misjudged, or is likely to be
    AuthorTest(r"\alpha_1 + \dots + \alpha_n = 1", "proved", "identity-proved"),
    AuthorTest(r"\exp(k_i \cdot q) > 0 \Rightarrow \alpha_i > 0", "proved", "sign-proved"),
    AuthorTest(
        r"\alpha_i = \frac{1}{\sum_j \exp((k_j - k_i) \cdot q)}",
        "proved", "identity-proved",
    ),
    AuthorTest(r"k_i \cdot q > 0", "refuted", "counterexample"),
    AuthorTest(r"\sum_{i=1}^n \alpha_i < 1", "refuted", "counterexample"),
    AuthorTest(r"\sum_{i=1}^n \alpha_i = 1 + 10^{-12}", "refuted", "counterexample"),
    AuthorTest(r"\sum_{i=1}^{n-1} \alpha_i = 1", "refuted", "counterexample"),
    AuthorTest(
        r"\alpha_i = \frac{k_i \cdot q}{\sum_{j=1}^n k_j \cdot q}",
        "refuted", "counterexample",
    ),
    AuthorTest(
        r"\alpha_i = \frac{\exp(k_i \cdot q)}{\sum_{j=1}^n \exp(k_i \cdot q)}",
        "refuted", "counterexample",
    ),
    AuthorTest(
        r"\alpha_i = \frac{\exp(k_i \cdot q)}{\sum_{j \ne i} \exp(k_j \cdot q)}",
        "refuted", "counterexample",
    ),
    AuthorTest(r"\alpha_i > 0, \quad \sum_i \alpha_i = 2", "refuted", "counterexample"),
    AuthorTest(r"\sum_{i=1}^n \alpha_i = \sum_{j=1}^n \alpha_j", "undecided", "circular"),
    AuthorTest(r"c = c", "undecided", "circular"),
    # true of too little, or of another limit
    AuthorTest(r"\alpha_i \le 2", "undecided", "loose-bound"),
    AuthorTest(r"\alpha_i \in [-1, 1]", "undecided", "loose-bound"),
    AuthorTest(r"\sum_i \alpha_i > 0", "undecided", "loose-bound"),
    AuthorTest(r"\alpha_i^2 \ge 0", "undecided", "not-an-answer"),
    AuthorTest(r"\|q\| \ge 0", "undecided", "not-an-answer"),
    AuthorTest(r"\alpha_i \ge 0 \implies \alpha_i \ge 0", "undecided", "circular"),
)  # fmt: skip
