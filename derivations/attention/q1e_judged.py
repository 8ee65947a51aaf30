"""What question 1 (e) judges, and the author's tests."""

from __future__ import annotations

from functools import lru_cache, partial

from sympy import Expr, S

from symattn.algebra.attention import Sigma, alpha, beta, c, epsilon, i, j, k, l, mu, q
from symattn.algebra.letters import Cov, Dot, Expect, Norm, Var
from symattn.check.named import attention
from symattn.claims import Claim
from symattn.claims.definitions import Defined
from symattn.derive.question import AuthorTest, Quantity
from symattn.judge.judged import Chance, Judged
from symattn.judge.weight_moments import weight_moments

from .q1e import MEAN, A, B, derive, query

QUERY = Defined(q, beta * (mu(i) + mu(j)), query)


@lru_cache(maxsize=1)
def derived() -> dict[str, Claim]:
    """The claims of our derivation: their left sides are definitions."""
    return {claim.name: claim for claim in derive().claims}


def as_in(name: str, moved: Expr, candidate: Expr) -> tuple[Claim, ...]:
    """The claim of that name with the candidate, less `moved`, as its right side."""
    return (derived()[name].with_right(candidate - moved),)


JUDGED = Judged(
    meanings={
        Expect(Dot(k(l), q)): "mean of a logit",
        Var(Dot(k(l), q)): "variance of a logit",
        Var(Dot(k(i) - k(j), q)): "variance of the gap of the two logits",
        alpha(i): "weight of one of the two keys",
        c: "output",
    },
    quantities=(
        Quantity(Expect(c), "mean output", partial(as_in, "mean", MEAN)),
        Quantity(Expect(c) - MEAN, "bias of the output", partial(as_in, "mean", S.Zero)),
        Quantity(Cov(c), "covariance of the output", partial(as_in, "covariance", S.Zero)),
        *weight_moments(lambda: (derived()["mean"], derived()["covariance"]), MEAN),
        Quantity(Expect(Norm(c - MEAN) ** 2), "mean squared error",
                 partial(as_in, "squared-error", S.Zero)),
        Quantity(beta, "scale of least error", partial(as_in, "best-scale", S.Zero)),
    ),
    defined=attention(QUERY),
    letters={r"\mu": mu, r"\Sigma": Sigma, r"\epsilon": epsilon, "A": A, "B": B},
    spoken=frozenset(["k"]),
    allowed=frozenset([r"\mu", r"\Sigma"]),
    indices=(i, j, l),
    scale=beta,
    chance=Chance(
        cases=(mu,), small=epsilon, regime={r"\epsilon": 1e-6, r"\beta": 20.0},
        said=r"n e^{-\beta} \ll 1, \epsilon \beta^2 \ll 1",
    ),
)  # fmt: skip

right = [
    r"q = \beta (\mu_i + \mu_j)",
    r"q = \gamma \mu_i + \gamma \mu_j",
    r"\vec{q} = t (\vec{\mu}_a + \vec{\mu}_b)",
    r"q = \beta (\mu_i + \mu_j), \quad \ln n \ll \beta \ll \frac{1}{\sqrt{\epsilon}}",
    r"q = C (\mu_i + \mu_j), \quad 1 \ll C \ll \epsilon^{-1/2}",
    r"q = \beta (\mu_i + \mu_j), \quad \beta \gg 0",
    r"q = \beta (\mu_i + \mu_j) - \beta \sum_{l \ne i, j} \mu_l",
    r"q = \epsilon^{-1/4} (\mu_i + \mu_j)",
    r"q = \frac{\mu_i + \mu_j}{\sqrt[4]{\epsilon}}",
    r"q = \epsilon^{-1/3} (\mu_i + \mu_j)",
    r"q = \beta (\mu_i + \mu_j), \quad \beta = \epsilon^{-1/4}",
    r"q = \frac{1}{2} \ln\left(\frac{1}{\epsilon}\right) (\mu_i + \mu_j)",
]

TESTS = (
    *(AuthorTest(line, "proved", "limit-proved") for line in right),
    AuthorTest(r"\mathbb{E}[k_i \cdot q] = \beta", "proved"),
    AuthorTest(r"\operatorname{Var}(k_l \cdot q) = 2 \epsilon \beta^2", "proved"),
    AuthorTest(r"\operatorname{Var}(k_i^\top q - k_j^\top q) = 4 \epsilon \beta^2", "proved"),
    AuthorTest(r"\mathbb{E}[c] \approx \frac{v_i + v_j}{2}", "proved", "limit-proved"),
    AuthorTest(
        r"\mathbb{E}[c] - \frac{v_i + v_j}{2} = \frac{e^{-\beta}}{2} \sum_{l \ne i, j}"
        r" \left(v_l - \frac{v_i + v_j}{2}\right)", "undecided", "leading-order",
    ),
    AuthorTest(
        r"\operatorname{Cov}(c) = \frac{\epsilon \beta^2}{4} (v_i - v_j) (v_i - v_j)^\top",
        "undecided", "leading-order",
    ),
    AuthorTest(
        r"\operatorname{Cov}(c) \approx \frac{\epsilon \beta^2}{4} (v_i - v_j) (v_i - v_j)^\top",
        "confirmed", "leading-terms-exact",
    ),
    AuthorTest(r"c \approx \frac{v_i + v_j}{2}", "proved", "limit-proved"),
    AuthorTest(r"\alpha_i \approx \alpha_j \approx \frac{1}{2}", "proved", "limit-proved"),
    AuthorTest(r"\ln n \ll \beta \ll \frac{1}{\sqrt{\epsilon}}", "proved", "limit-proved"),
    AuthorTest(r"\mathbb{E}[c] = \frac{v_i + v_j}{2} + O(e^{-\beta})", "confirmed", "remainder-confirmed"),
    AuthorTest(r"\mathbb{E}[c] = \frac{v_i + v_j}{2} + O(e^{-3 \beta})", "refuted",
               "remainder-too-small"),
    AuthorTest(
        r"\mathbb{E} \left\|c - \frac{v_i + v_j}{2}\right\|^2 = \frac{\epsilon \beta^2 A}{4}"
        r" + \frac{B e^{-2 \beta}}{4}", "undecided", "leading-order",
    ),
    AuthorTest(r"\beta = \frac{1}{2} W\left(\frac{2 B}{A \epsilon}\right)", "proved", "sign-proved"),
    AuthorTest(r"\beta = W\left(\frac{2 B}{A \epsilon}\right)", "refuted", "counterexample"),
    AuthorTest(r"\operatorname{Cov}(c) \approx 0", "proved", "limit-proved"),
    AuthorTest(r"q = \beta (\mu_i + \mu_j), \quad \beta \ll \frac{1}{\epsilon}", "refuted",
               "scale-too-large", "the bound allows too much"),
    AuthorTest(r"q = \beta (\mu_i + \mu_j), \quad \beta \le 10", "refuted", "scale-too-small"),
    AuthorTest(r"q = \frac{1}{\epsilon} (\mu_i + \mu_j)", "refuted", "scale-too-large"),
    AuthorTest(r"q = \frac{1}{\sqrt{\epsilon}} (\mu_i + \mu_j)", "refuted", "scale-too-large"),
    AuthorTest(r"q = \beta (\mu_i + \mu_j), \quad \beta \gg \frac{1}{\sqrt{\epsilon}}",
               "refuted", "scale-too-large"),
    AuthorTest(r"q = \beta (\mu_i + \mu_j), \quad \beta \ll 1", "refuted", "wrong-limit"),
    AuthorTest(r"q = \epsilon (\mu_i + \mu_j)", "refuted", "wrong-limit", "the scale shrinks"),
    AuthorTest(r"q = \mu_i + \mu_j", "refuted", "fixed-scale"),
    AuthorTest(r"q = \frac{\mu_i + \mu_j}{2}", "refuted", "fixed-scale"),
    AuthorTest(r"q = 50 (\mu_i + \mu_j)", "refuted", "fixed-scale"),
    AuthorTest(r"q = \beta (\mu_i - \mu_j)", "refuted", "wrong-limit"),
    AuthorTest(r"q = \beta \mu_i", "refuted", "wrong-limit"),
    AuthorTest(r"q = \beta (k_i + k_j)", "undecided", "query-uses-keys"),
    AuthorTest(r"\operatorname{Var}(k_l \cdot q) = \epsilon \beta^2", "refuted"),
    AuthorTest(r"\operatorname{Cov}(c) = \frac{\epsilon \beta^2}{2} (v_i - v_j) (v_i - v_j)^\top",
               "refuted"),
    AuthorTest(r"\mathbb{E}[c] \approx v_i", "refuted", "wrong-limit"),
    AuthorTest(r"c = \frac{v_i + v_j}{2}", "refuted", "only-in-the-limit"),
    AuthorTest(r"q = \beta \gamma (\mu_i + \mu_j)", "undecided", "ask-which-scale"),
    AuthorTest(r"q = \epsilon^{-1/4 (\mu_i + \mu_j)", "unread", "unread"),
    AuthorTest(r"q = \frac{1}{0} (\mu_i + \mu_j)", "unread", "unread"),
    # what was once misjudged, or is likely to be
    AuthorTest(
        r"q = \beta (\mu_i + \mu_j), \quad \beta^2 \epsilon \ll 1",
        "proved", "limit-proved",
    ),
    AuthorTest(
        r"q = \beta (\mu_i + \mu_j), \quad \epsilon \beta^2 \to 0",
        "proved", "limit-proved",
    ),
    AuthorTest(
        r"q = \left(\frac{1}{\epsilon}\right)^{0.49} (\mu_i + \mu_j)",
        "proved", "limit-proved",
    ),
    AuthorTest(r"k_i \approx \mu_i", "proved", "limit-proved"),
    AuthorTest(
        r"\operatorname{Var}(k_l \cdot q) = q^\top \Sigma_l q = 2 \beta^2 \epsilon",
        "proved", "identity-proved",
    ),
    AuthorTest(
        r"q = \beta (\mu_i + \mu_j), \quad \beta^2 \epsilon \gg 1",
        "refuted", "scale-too-large",
    ),
    AuthorTest(
        r"q = \beta (\mu_i + \mu_j), \quad \beta \epsilon \ll 1",
        "refuted", "scale-too-large",
    ),
    AuthorTest(
        r"q = \beta (\mu_i + \mu_j), \quad \beta \sqrt{\epsilon} = 1",
        "refuted", "scale-too-large",
    ),
    AuthorTest(
        r"q = \beta (\mu_i + \mu_j), \quad \beta \approx \frac{1}{\epsilon}",
        "refuted", "scale-too-large",
    ),
    AuthorTest(
        r"q = \beta (\mu_i + \mu_j), \quad \epsilon \gg 1",
        "undecided", "contradicts-the-question",
    ),
    AuthorTest(r"q = \beta (\mu_i + \mu_j), \quad \epsilon = 1", "undecided", "condition-unused"),
    AuthorTest(r"q = \beta \epsilon (\mu_i + \mu_j)", "refuted", "wrong-limit"),
    AuthorTest(r"q = \epsilon^{-0.51} (\mu_i + \mu_j)", "refuted", "scale-too-large"),
    AuthorTest(r"q = 0.1 \epsilon^{-1/2} (\mu_i + \mu_j)", "refuted", "scale-too-large"),
    AuthorTest(
        r"q = \epsilon^{-1/4} (\mu_i + \mu_j) + \epsilon^{-1} \mu_l",
        "refuted", "wrong-limit",
    ),
    AuthorTest(
        r"q = \epsilon^{-1/4} (\mu_i + \mu_j) = \epsilon^{-1/3} (\mu_i + \mu_j)",
        "refuted", "counterexample",
    ),
    AuthorTest(r"\operatorname{Var}(k_l \cdot q) = 2 \epsilon \beta", "refuted", "counterexample"),
    AuthorTest(
        r"\operatorname{Var}(k_i \cdot q - k_j \cdot q) = 2 \epsilon \beta^2",
        "refuted", "counterexample",
    ),
    AuthorTest(r"\operatorname{Cov}(k_l) = \epsilon^2 I", "refuted", "counterexample"),
    AuthorTest(r"k_i = \mu_i", "refuted", "only-in-the-limit"),
    AuthorTest(r"\operatorname{Cov}(c) = 0", "refuted", "only-in-the-limit"),
    AuthorTest(
        r"\mathbb{E}[c] = \frac{v_i + v_j}{2} + O(\epsilon^{-1})",
        "undecided", "says-nothing",
    ),
    AuthorTest(r"c \approx \frac{\mu_i + \mu_j}{2}", "refuted", "wrong-limit"),
    AuthorTest(r"q = \gamma (\mu_i + \mu_j), \quad \gamma^4 \epsilon = 1", "proved"),
    AuthorTest(r"q = \gamma (\mu_i + \mu_j), \quad \gamma^4 \epsilon^3 = 1", "refuted",
               "scale-too-large"),
    AuthorTest(r"q = \gamma (\mu_i + \mu_j), \quad \ln \gamma \ll 1", "undecided",
               "condition-unused"),
    # true of too little, or of another limit
    AuthorTest(r"q = \beta (\mu_i + \mu_j), \quad \beta \ge 10", "undecided", "ask-what-is"),
    AuthorTest(r"q = \beta (\mu_i + \mu_j), \quad \beta \gg \epsilon", "undecided", "ask-what-is"),
    AuthorTest(
        r"q = \beta (\mu_i + \mu_j), \quad \beta^2 \gg \epsilon",
        "undecided", "ask-what-is",
    ),
    AuthorTest(r"q = \beta (\mu_i + \mu_j) \text{ for all } \beta", "refuted", "scale-too-small"),
    AuthorTest(
        r"q = \beta (\mu_i + \mu_j), \quad \mu_i = \mu_j",
        "undecided", "contradicts-the-question",
    ),
    AuthorTest(
        r"q = e^\beta (\mu_i + \mu_j), \quad 1 \ll \beta \ll \epsilon^{-1/2}",
        "undecided", "no-safe-form",
    ),
    AuthorTest(r"q = \beta \Sigma_i (\mu_i + \mu_j)", "refuted", "wrong-limit"),
    AuthorTest(r"q = \beta \Sigma_i^{-1} (\mu_i + \mu_j)", "refuted", "scale-too-large"),
    AuthorTest(r"q = e^{1/\epsilon} (\mu_i + \mu_j)", "refuted", "scale-too-large"),
    AuthorTest(r"\beta = \epsilon^{-1/4}", "proved", "limit-proved"),
    AuthorTest(r"\beta = \epsilon^{-14}", "refuted", "scale-too-large"),
    AuthorTest(r"\beta \ge 1", "undecided", "ask-what-is"),
    AuthorTest(r"c \approx \frac{v_i + v_j}{2}, \quad \beta = 1", "refuted", "wrong-limit"),
    AuthorTest(
        r"c \approx \frac{v_i + v_j}{2}, \quad \beta = \frac{1}{\epsilon}",
        "undecided", "condition-unused",
    ),
    AuthorTest(
        r"c \approx \frac{v_i + v_j}{2}, \quad \beta \gg \frac{1}{\epsilon}",
        "undecided", "condition-unused",
    ),
    AuthorTest(
        r"c \approx \frac{v_i + v_j}{2}, \quad 1 \ll \beta \ll \frac{1}{\sqrt{\epsilon}}",
        "proved", "limit-proved",
    ),
    AuthorTest(r"\mathbb{E}[c] = \frac{v_i + v_j}{2}", "undecided", "leading-order"),
    AuthorTest(r"\mathbb{E}[\alpha_l] = 0", "refuted", "only-in-the-limit"),
    AuthorTest(r"\mathbb{E}[\alpha_i] = \mathbb{E}[\alpha_j]", "proved", "identity-proved"),
    AuthorTest(
        r"\mathbb{E}[c] = \frac{v_i + v_j}{2}, \quad \beta \to \infty",
        "proved", "limit-proved",
    ),
    AuthorTest(r"\mathbb{E}[k_l] = \mu_l", "proved", "identity-proved"),
    AuthorTest(r"\mathbb{E}[k_i] = \mu_j", "refuted", "counterexample"),
    AuthorTest(
        r"\operatorname{Var}(\alpha_i) \approx \frac{\epsilon \beta^2}{4}",
        "confirmed", "leading-terms-exact",
    ),
    AuthorTest(
        r"\operatorname{Var}(\alpha_i) \approx \frac{\epsilon \beta^2}{2}",
        "refuted", "counterexample",
    ),
)  # fmt: skip
