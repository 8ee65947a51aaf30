"""What question 1 (f) judges, and the author's tests."""

from __future__ import annotations

from functools import lru_cache, partial

from sympy import Expr, KroneckerDelta, Rational, Symbol, sqrt

from symattn.algebra.attention import (
    Sigma,
    alpha,
    beta,
    c,
    d,
    epsilon,
    i,
    j,
    k,
    l,
    mu,
    q,
    x,
)  # fmt: skip
from symattn.algebra.letters import Cov, Dot, Expect, Var
from symattn.check.named import attention
from symattn.claims import Claim
from symattn.claims.definitions import Defined
from symattn.derive.question import AuthorTest, Quantity
from symattn.hypotheses.base import Given
from symattn.hypotheses.families import Distinct
from symattn.hypotheses.gaussian import spiked
from symattn.judge.judged import Case, Chance, Judged
from symattn.judge.weight_moments import weight_moments

from .q1f import AS_PRINTED, AT_I, ELSEWHERE, KEYS, derive, deviation, query, tau

QUERY = Defined(q, beta * (mu(i) + mu(j)), query)
# By how far the varying key is moved along its mean: half of the samples up, half of them down.
MOVED = 1 / (1 + Symbol("_h", positive=True))


@lru_cache(maxsize=1)
def derived() -> dict[str, Claim]:
    """The claims of our derivation: their left sides are definitions."""
    return {claim.name: claim for claim in derive().claims}


def as_in(name: str, candidate: Expr) -> tuple[Claim, ...]:
    return (derived()[name].with_right(candidate),)


def moved(sign: int, at: Symbol, index: Expr) -> Expr:
    return mu(index) * (1 + sign * KroneckerDelta(index, at) * MOVED)


def coin(at: Symbol) -> Chance:
    """The key at one index of the pair varies: above the other in half of the samples."""
    return Chance(
        cases=(partial(moved, 1, at), partial(moved, -1, at)), small=epsilon,
        regime={r"\epsilon": 1e-8, r"\beta": 200.0},
        said=r"1 \ll \beta \ll \frac{1}{\sqrt{\epsilon}}",
    )  # fmt: skip


STEADY = Chance(
    cases=(mu,), small=epsilon, regime={r"\epsilon": 1e-6, r"\beta": 20.0},
    said=r"n e^{-\beta} \ll 1, \epsilon \beta^2 \ll 1",
)  # fmt: skip
AT_J = Given((Distinct((i, j)), *KEYS, spiked(d, epsilon, j)))

JUDGED = Judged(
    meanings={
        Var(Dot(k(i), q)): "variance of the logit of the key that varies",
        Var(Dot(k(i) - k(j), q)): "variance of the gap of the two logits",
        Expect(Dot(k(i) - k(j), q)): "mean of that gap",
        alpha(i) / (alpha(i) + alpha(j)): "share of one of the two keys",
        c: "output",
    },
    quantities=(
        Quantity(Expect(c), "mean output", partial(as_in, "mean")),
        Quantity(Cov(c), "covariance of the output", partial(as_in, "covariance")),
        *weight_moments(lambda: (derived()["mean"], derived()["covariance"])),
    ),
    defined=(Defined(tau, beta * sqrt(Rational(1, 2) + 4 * epsilon), deviation), *attention(QUERY)),
    letters={r"\mu": mu, r"\Sigma": Sigma, r"\epsilon": epsilon, r"\tau": tau},
    spoken=frozenset(["k"]),
    indices=(i, j, l),
    scale=beta,
    chance=coin(i),
    cases=(
        Case("x = i", AT_I, coin(i), places=((x, i),)),
        Case("x = j", AT_J, coin(j), places=((x, j),)),
        Case("x is neither i nor j", ELSEWHERE, STEADY, apart=((x, i), (x, j))),
        Case("of the covariance as it is printed", AS_PRINTED, STEADY),
    ),
)

TESTS = (
    AuthorTest(r"\mathbb{E}[c] \approx \frac{v_i + v_j}{2}", "proved"),
    AuthorTest(r"\mathbb{E}[c] = \frac{v_i + v_j}{2}", "undecided", "leading-order"),
    AuthorTest(r"\mathbb{E}[c] \approx \frac12 v_i + \frac12 v_j", "proved"),
    AuthorTest(r"\operatorname{Cov}(c) \approx \frac14 (v_i - v_j) (v_i - v_j)^\top", "proved"),
    AuthorTest(
        r"\operatorname{Cov}(c) = \left(\frac14 - \frac{1}{\tau \sqrt{2 \pi}}\right)"
        r" (v_i - v_j) (v_i - v_j)^\top", "undecided", "leading-order",
    ),
    AuthorTest(r"\operatorname{Var}(\alpha_i) \approx \frac{1}{4}", "proved"),
    AuthorTest(r"\mathbb{E}[\alpha_i] \approx \frac{1}{2}", "proved"),
    AuthorTest(r"\mathbb{E}[\alpha_i] = \frac{1}{2}", "undecided", "leading-order"),
    AuthorTest(
        r"\operatorname{Var}(k_i \cdot q) = \beta^2 \left(\frac{1}{2} + 2 \epsilon\right)", "proved",
    ),
    AuthorTest(r"\operatorname{Var}(k_i \cdot q) \approx \frac{\beta^2}{2}", "proved"),
    AuthorTest(
        r"\operatorname{Var}((k_i - k_j) \cdot q) = \frac{\beta^2}{2} + 4 \epsilon \beta^2", "proved",
    ),
    AuthorTest(r"\operatorname{Var}(k_x \cdot q) \approx \beta^2 / 2, \quad x = j", "proved"),
    AuthorTest(r"\operatorname{Var}(k_x \cdot q) = 2 \epsilon \beta^2, \quad x \ne i, j", "proved"),
    AuthorTest(r"\mathbb{E}[k_i \cdot q] = \mathbb{E}[k_j \cdot q] = \beta", "proved"),
    AuthorTest(
        r"\frac{\alpha_i}{\alpha_i + \alpha_j} = \frac{1}{1 + e^{-(k_i - k_j) \cdot q}}", "proved",
    ),
    AuthorTest(r"c \approx \alpha_i v_i + (1 - \alpha_i) v_j", "proved", "limit-proved"),
    AuthorTest(r"c \approx \alpha_i v_i + \alpha_j v_j", "proved", "limit-proved"),
    AuthorTest(r"\alpha_i \approx \frac{1}{1 + e^{-(z_i - z_j)}}", "proved", "limit-proved"),
    AuthorTest(r"\operatorname{Cov}(c) \approx 0, \quad x \ne i, j", "proved", "limit-proved"),
    AuthorTest(r"\alpha_l \approx 0", "proved", "limit-proved"),
    AuthorTest(r"\alpha_i + \alpha_j \approx 1", "proved", "limit-proved"),
    AuthorTest(r"c \approx \frac{v_i + v_j}{2}, \quad x \ne i, j", "proved", "limit-proved"),
    AuthorTest(r"c \approx \frac{v_i + v_j}{2}", "refuted", "wrong-limit", "the coin is not seen"),
    AuthorTest(r"c \approx v_i", "refuted", "wrong-limit", "only one side of the coin"),
    AuthorTest(r"c \approx v_x", "refuted", "wrong-limit", "only one side of the coin"),
    AuthorTest(r"\alpha_i \approx \frac{1}{2}", "refuted", "wrong-limit"),
    AuthorTest(r"\operatorname{Var}(k_i \cdot q) = 2 \epsilon \beta^2", "refuted",
               "counterexample", "the spike is left out"),
    AuthorTest(r"\operatorname{Var}(k_i \cdot q) = \beta^2 \left(\frac{1}{2} + \epsilon\right)",
               "refuted", "counterexample"),
    AuthorTest(r"\operatorname{Cov}(c) \approx \frac12 (v_i - v_j) (v_i - v_j)^\top", "refuted"),
    AuthorTest(r"\operatorname{Cov}(c) \approx 0", "refuted", "wrong-limit"),
    AuthorTest(r"\mathbb{E}[c] \approx v_i", "refuted", "wrong-limit"),
    AuthorTest(r"\operatorname{Var}(\alpha_i) \approx \frac{1}{2}", "refuted"),
    AuthorTest(r"\frac{v_i + v_j}{2}", "undecided", "ask-which-quantity"),
    AuthorTest(r"c \in \{v_i, v_j\}", "undecided", "relation-not-judged"),
    AuthorTest(r"P(\alpha_i > 1/2) = \frac{1}{2}", "undecided", "leading-order"),
    AuthorTest(r"P(\alpha_i > 1/2) \approx \frac{1}{2}", "proved", "limit-proved"),
    AuthorTest(r"P(c \approx v_i \mid x = i) = \frac{1}{2}", "unread", "unread"),
    AuthorTest(r"c \sim \operatorname{Bernoulli}(1/2)", "undecided", "relation-not-judged"),
    # what was once misjudged, or is likely to be
    AuthorTest(r"\tau \approx \frac{\beta}{\sqrt{2}}", "proved", "limit-proved"),
    AuthorTest(
        r"\operatorname{Cov}(k_x) = \epsilon I + \frac12 \mu_x \mu_x^\top",
        "proved", "identity-proved",
    ),
    AuthorTest(r"\mathbb{E}[\alpha_i^2] \approx \frac12", "proved", "limit-proved"),
    AuthorTest(
        r"\mathbb{E}\left\|c - \frac{v_i + v_j}{2}\right\|^2 \approx \frac14 \|v_i - v_j\|^2",
        "proved", "limit-proved",
    ),
    AuthorTest(
        r"\operatorname{Var}(k_x \cdot q) = \frac{\beta^2}{2} + O(\epsilon \beta^2)",
        "proved", "remainder-proved",
    ),
    AuthorTest(
        r"c \approx \alpha_x v_x + (1 - \alpha_x) v_j, \quad x = i",
        "proved", "limit-proved",
    ),
    AuthorTest(r"\tau \approx \beta", "refuted", "wrong-limit"),
    AuthorTest(r"\operatorname{Cov}(k_x) = \epsilon I", "refuted", "counterexample"),
    AuthorTest(
        r"\operatorname{Cov}(c) \approx \frac18 (v_i - v_j) (v_i - v_j)^\top",
        "refuted", "wrong-limit",
    ),
    AuthorTest(r"\operatorname{Var}(\alpha_i) \approx \frac{1}{8}", "refuted", "wrong-limit"),
    AuthorTest(
        r"\operatorname{Var}(k_j \cdot q) = 2 \epsilon \beta^2 + \frac{\beta^2}{2}",
        "refuted", "counterexample",
    ),
    AuthorTest(
        r"\operatorname{Var}((k_i - k_j) \cdot q) = \beta^2 \left(\frac12 + 2 \epsilon\right)",
        "refuted", "counterexample",
    ),
    AuthorTest(r"\mathbb{E}[c] = v_i \text{ if } x = i", "refuted", "wrong-limit"),
    AuthorTest(
        r"\operatorname{Cov}(c) \approx \frac14 (v_i - v_j) (v_i - v_j)^\top \text{ if }"
        r" x \ne i, j",
        "refuted", "wrong-limit",
    ),
    AuthorTest(r"\alpha_i \approx \frac{1}{1 + e^{(k_i - k_j) \cdot q}}", "refuted", "wrong-limit"),
    AuthorTest(r"c \approx \frac{v_i + v_j}{2} \text{ with } n = 2", "refuted", "wrong-limit"),
    AuthorTest(
        r"\mathbb{E}\left\|c - \frac{v_i + v_j}{2}\right\|^2 \approx 0",
        "refuted", "wrong-limit",
    ),
    AuthorTest(
        r"\mathbb{E}[c] \approx \frac{v_i + v_j}{2}, \quad \operatorname{Cov}(c) \approx 0",
        "refuted", "wrong-limit",
    ),
    AuthorTest(r"k_x \cdot q \approx \beta", "refuted", "wrong-limit"),
    # true of too little, or of another limit
    AuthorTest(r"\operatorname{Var}(\alpha_i) = \frac14", "undecided", "leading-order"),
    AuthorTest(
        r"\operatorname{Cov}(c) = \frac14 (v_i - v_j) (v_i - v_j)^\top",
        "undecided", "leading-order",
    ),
    AuthorTest(
        r"\operatorname{Var}(\alpha_i) \approx \frac14, \quad x = l",
        "refuted", "wrong-limit",
    ),
    AuthorTest(
        r"\mathbb{E}[c] \approx \frac{v_i + v_j}{2}, \quad \beta = 1",
        "refuted", "wrong-limit",
    ),
    AuthorTest(
        r"\operatorname{Cov}(c) \approx \frac14 (v_i - v_j) (v_i - v_j)^\top, \quad \beta \gg \frac{1}{\epsilon}",
        "undecided", "condition-unused",
    ),
    AuthorTest(r"\mathbb{E}[k_x] = \frac32 \mu_x", "refuted", "counterexample"),
)  # fmt: skip
