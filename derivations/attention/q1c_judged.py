"""What question 1 (c) judges, and the author's tests."""

from __future__ import annotations

from symattn.algebra.attention import alpha, beta, c, i, j, k, l, q
from symattn.algebra.letters import Dot, Norm
from symattn.derive.question import AuthorTest
from symattn.judge.judged import Defined, Judged, attention

from .q1c import MEAN, query

QUERY = Defined(q, beta * (k(i) + k(j)), query)

JUDGED = Judged(
    meanings={
        alpha(i): "weight of one of the two keys",
        alpha(l): "weight of another key",
        c: "output",
        c - MEAN: "what the output misses",
        Dot(k(l), q): "logit",
        Norm(q) ** 2: "squared norm of the query",
    },
    defined=attention(QUERY),
    allowed=frozenset(["k"]),
    indices=(i, j, l),
    scale=beta,
)

right = [
    r"q = \beta (k_i + k_j)",
    r"q = \beta k_i + \beta k_j",
    r"\mathbf{q} = \gamma (\mathbf{k}_a + \mathbf{k}_b)",
    r"\vec{q} = t\,\vec{k}_i + t\,\vec{k}_j, \quad t \to \infty",
    r"q = C(k_i + k_j), \quad C \gg 0",
    r"q = \lambda (k_1 + k_2)",
    r"q = \beta (k_i + k_j) - \beta \sum_{l \ne i, j} k_l",
    r"q = \sum_{l} \beta (\delta_{li} + \delta_{lj}) k_l",
    r"q = \frac{1}{\tau}(k_i + k_j)",
    r"q = \log(\gamma) (k_i + k_j)",
    r"q \propto k_i + k_j",
    r"q^\top = \beta (k_i + k_j)^\top",
    r"\beta (k_i + k_j)",
    r"q = \ln\left(\frac{1}{\delta}\right) (k_i + k_j)",
]

TESTS = (
    *(AuthorTest(line, "proved", "limit-proved") for line in right),
    AuthorTest(r"q = \beta (k_i + k_j), \quad \beta \gg \ln n", "proved", "limit-proved"),
    AuthorTest(r"q = -\beta (k_i + k_j), \quad \beta \to -\infty", "proved", "limit-proved"),
    AuthorTest(r"\alpha_i = \frac{e^\beta}{2 e^\beta + n - 2}", "proved", "identity-proved"),
    AuthorTest(r"\alpha_i = \alpha_j = \frac{1}{2 + (n - 2) e^{-\gamma}}", "proved"),
    AuthorTest(r"\alpha_l = \frac{1}{2 e^\beta + n - 2}", "proved"),
    AuthorTest(r"\alpha_i \to \frac{1}{2}", "proved", "limit-proved"),
    AuthorTest(r"\alpha_i \approx \alpha_j \approx \frac12, \quad \alpha_l \approx 0", "proved"),
    AuthorTest(r"\lim_{\beta \to \infty} c = \frac{v_i + v_j}{2}", "proved", "limit-proved"),
    AuthorTest(r"c \approx \frac{1}{2} v_i + \frac{1}{2} v_j", "proved", "limit-proved"),
    AuthorTest(r"c = \sum_{l=1}^n \alpha_l v_l", "proved"),
    AuthorTest(
        r"c - \frac{v_i + v_j}{2} = \frac{1}{2 e^\beta + n - 2} \sum_{l \ne i, j}"
        r" \left(v_l - \frac{v_i + v_j}{2}\right)", "proved",
    ),
    AuthorTest(r"k_i \cdot q = k_j \cdot q = \beta", "proved"),
    AuthorTest(r"\|q\|^2 = 2 \beta^2", "proved"),
    AuthorTest(r"q = \frac{k_i + k_j}{2}", "refuted", "fixed-scale", "the mean of the keys"),
    AuthorTest(r"q = k_i + k_j", "refuted", "fixed-scale", "no scale"),
    AuthorTest(r"q = 100 (k_i + k_j)", "refuted", "fixed-scale", "a large number does not grow"),
    AuthorTest(r"q = \frac{v_i + v_j}{2}", "refuted", "counterexample", "values in place of keys"),
    AuthorTest(r"q = \beta (v_i + v_j)", "refuted", "counterexample", "values in place of keys"),
    AuthorTest(r"q = \beta c", "undecided", "circular"),
    AuthorTest(
        r"\alpha_i = \frac{e^\beta}{2 e^\beta + n - 2} + (n-2)(n-3)(n-4)(n-5)(n-8)(n-12)",
        "refuted", "counterexample", "right at the sizes that are tried",
    ),
    AuthorTest(r"q = \beta (k_i - k_j)", "refuted", "wrong-limit", "a sign"),
    AuthorTest(r"q = \beta (k_i + k_j + k_l)", "refuted", "wrong-limit", "a third key"),
    AuthorTest(r"q = \beta (k_i + k_j) + k_l", "proved", "limit-proved", "a bounded part is harmless"),
    AuthorTest(r"q = \beta k_i", "refuted", "wrong-limit", "one key only"),
    AuthorTest(r"q = \beta (2 k_i + k_j)", "refuted", "wrong-limit"),
    AuthorTest(r"q = \beta \sum_{l=1}^n k_l", "refuted", "wrong-limit", "all keys"),
    AuthorTest(r"q = -\beta (k_i + k_j)", "refuted", "wrong-limit", "a sign"),
    AuthorTest(r"q = \beta (k_i + k_j), \quad \beta = 10", "refuted", "fixed-scale"),
    AuthorTest(r"q = \beta (k_i + k_j), \quad \beta \to 0", "refuted", "wrong-limit"),
    AuthorTest(r"c = \frac{v_i + v_j}{2}", "refuted", "only-in-the-limit"),
    AuthorTest(r"\alpha_i = \frac{1}{2}", "refuted", "only-in-the-limit"),
    AuthorTest(r"\alpha_i = \frac{e^\beta}{2 e^\beta + n}", "refuted", "counterexample"),
    AuthorTest(r"\alpha_i \approx \frac{1}{2} - \frac{n - 2}{4} e^{-\beta}", "proved"),
    AuthorTest(r"\alpha_i \approx \frac{1}{2} - \frac{n - 2}{2} e^{-\beta}", "refuted", "wrong-limit"),
    AuthorTest(r"\alpha_i = \frac{1}{2} + O(e^{-\beta})", "proved", "remainder-proved"),
    AuthorTest(r"\alpha_i = \frac{1}{2} + O(e^{-2 \beta})", "refuted", "remainder-too-small"),
    AuthorTest(r"\alpha_i > \alpha_l", "proved", "sign-proved"),
    AuthorTest(r"\alpha_i < \frac{1}{2}", "proved", "sign-proved", "for three keys or more"),
    AuthorTest(r"\alpha_1 = \alpha_2 = \frac{1}{2 + (n - 2) e^{-\beta}}", "proved"),
    AuthorTest(r"c = \frac{v_i + v_j}{2}, \quad n = 2", "proved", "identity-proved"),
    AuthorTest(r"q = e^\gamma (k_i + k_j)", "proved", "limit-proved"),
    AuthorTest(r"\alpha_l \approx \frac{1}{n}", "refuted", "wrong-limit"),
    AuthorTest(r"q = a k_i + b k_j", "undecided", "ask-which-scale"),
    AuthorTest(r"q = \frac{k_i + k_j}{2}, \quad n = 2", "refuted", "extra-assumption"),
    AuthorTest(r"c \to v_i, \quad q = \beta k_i", "refuted", "wrong-limit", "true, of a wrong query"),
    AuthorTest(r"q = \beta (k_i + k_j) = \beta k_i", "refuted", "counterexample"),
    AuthorTest(r"1 + 1 = 2", "undecided", "not-an-answer"),
    AuthorTest(r"q = q", "undecided", "circular"),
    AuthorTest(r"q = \beta", "refuted", "shape-mismatch"),
    AuthorTest(r"q = \beta (k_i + k_j", "unread", "unread"),
    AuthorTest(r"q = \infty (k_i + k_j)", "unread", "unread"),
    AuthorTest(r"q = \input{/etc/passwd}", "unread", "unread"),
    # what was once misjudged, or is likely to be
    AuthorTest(r"q = -\beta (k_i + k_j), \quad \beta < 0", "proved", "limit-proved"),
    AuthorTest(r"q = \beta (k_i + k_j), \quad n e^{-\beta} \ll 1", "proved", "limit-proved"),
    AuthorTest(r"q = \beta (k_1 + k_2), \quad i = 1, j = 2", "proved", "limit-proved"),
    AuthorTest(r"q = \beta (u_i + u_j), \quad u_i = k_i", "proved", "limit-proved"),
    AuthorTest(r"q = -\beta \sum_{l \ne i, j} k_l", "proved", "limit-proved"),
    AuthorTest(r"q = \beta \frac{k_i + k_j}{\|k_i + k_j\|}", "proved", "limit-proved"),
    AuthorTest(r"q = \beta (k_i k_i^\top + k_j k_j^\top) (k_i + k_j)", "proved", "limit-proved"),
    AuthorTest(r"q = \beta (k_i + k_j) \implies \alpha_i \to \frac12", "proved", "limit-proved"),
    AuthorTest(
        r"q = 2 \beta (k_i + k_j) \implies \alpha_i = \frac{e^{2 \beta}}{2 e^{2 \beta} + n - 2}",
        "proved", "limit-proved",
    ),
    AuthorTest(r"\alpha_i \to 0, \quad \beta \to -\infty", "proved", "limit-proved"),
    AuthorTest(r"\lim_{\beta \to 0} \alpha_i = \frac1n", "proved", "limit-proved"),
    AuthorTest(r"q = \beta (k_i + k_j), \quad \beta < 0", "refuted", "wrong-limit"),
    AuthorTest(r"q = \beta (k_i + k_j), \quad \beta \in [0, 1]", "refuted", "scale-too-small"),
    AuthorTest(r"q = \beta (k_i + k_j), \quad \beta^2 \le 7", "refuted", "scale-too-small"),
    AuthorTest(r"q = \beta (k_i + k_j), \quad \beta \approx 1", "refuted", "fixed-scale"),
    AuthorTest(r"q = \beta (k_1 + k_3), \quad i = 1, j = 2", "refuted", "wrong-limit"),
    AuthorTest(r"q = \beta^{-1} (k_i + k_j)", "refuted", "wrong-limit"),
    AuthorTest(r"q = 10^{300} (k_i + k_j)", "refuted", "fixed-scale"),
    AuthorTest(r"q = n (k_i + k_j)", "refuted", "fixed-scale"),
    AuthorTest(r"q = \beta (k_i + (1 + 10^{-9}) k_j)", "refuted", "wrong-limit"),
    AuthorTest(r"q = \beta (k_i + k_j), \quad n = 1", "undecided", "contradicts-the-question"),
    AuthorTest(r"q \le \beta (k_i + k_j)", "refuted", "shape-mismatch"),
    AuthorTest(r"q = k_i + k_j \implies \alpha_i = \alpha_j = \frac12", "refuted", "fixed-scale"),
    AuthorTest(r"\alpha_l < \alpha_i, \quad \beta < 0", "refuted", "counterexample"),
    AuthorTest(
        r"\alpha_i = \frac{1}{2 + (n - 2) e^{-\beta}} + 10^{-15}",
        "refuted", "counterexample",
    ),
    AuthorTest(
        r"\alpha_i = \frac{e^{2 \beta}}{2 e^{2 \beta} + n - 2}",
        "refuted", "counterexample",
    ),
    AuthorTest(r"c = \frac{v_i + v_j}{2} + O(1)", "undecided", "says-nothing"),
)  # fmt: skip
