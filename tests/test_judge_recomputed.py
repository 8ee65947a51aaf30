"""What the judge prints, recomputed in plain NumPy: nothing of the judge's own code is used for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symattn.check import check

Array = Any


def softmax(z: Array) -> Array:
    raised = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def refutation(question: str, line: str, code: str) -> tuple[dict[str, Any], Array, Array]:
    """The instance of a counterexample in arrays, and both of its sides."""
    found = check(question, line, seconds=30)
    assert (found.verdict, found.code) == ("refuted", code), found
    assert found.counterexample is not None
    shown = found.counterexample.to_json()
    instance = {
        name: np.array(x) if isinstance(x, list) else x for name, x in shown["instance"].items()
    }
    return instance, np.array(shown["left"]), np.array(shown["right"])


# (c): a query, and the output that it gives ------------------------------------------------------


def pair(I: dict[str, Any], family: str = "k") -> tuple[Array, Array]:
    return I[family][I["i"] - 1], I[family][I["j"] - 1]


QUERIES: list[tuple[str, str, Callable[[dict[str, Any]], Array]]] = [
    (r"q = \frac{k_i + k_j}{2}", "fixed-scale", lambda I: sum(pair(I)) / 2),
    (r"q = 7 (k_i + k_j)", "fixed-scale", lambda I: 7 * sum(pair(I))),
    (r"q = n (k_i + k_j)", "fixed-scale", lambda I: I["n"] * sum(pair(I))),
    (r"q = \beta (k_i - k_j)", "wrong-limit", lambda I: I[r"\beta"] * np.subtract(*pair(I))),
    (r"q = \beta (2 k_i + k_j)", "wrong-limit", lambda I: I[r"\beta"] * (2 * pair(I)[0] + pair(I)[1])),
    (r"q = \beta k_i", "wrong-limit", lambda I: I[r"\beta"] * pair(I)[0]),
    (r"q = \beta \sum_{l=1}^n k_l", "wrong-limit", lambda I: I[r"\beta"] * I["k"].sum(axis=0)),
    (r"q = -\beta (k_i + k_j)", "wrong-limit", lambda I: -I[r"\beta"] * sum(pair(I))),
]  # fmt: skip


@pytest.mark.parametrize(("line", "code", "query"), QUERIES, ids=[q[0] for q in QUERIES])
def test_c_the_weights_that_a_wrong_query_gives(
    line: str, code: str, query: Callable[[dict[str, Any]], Array]
) -> None:
    I, output, wanted = refutation("q1c", line, code)
    np.testing.assert_allclose(I["k"] @ I["k"].T, np.eye(I["n"]), atol=1e-12)
    assert I["n"] >= 3
    weights = softmax(I["k"] @ query(I))
    np.testing.assert_allclose(I["weights"], weights, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(output, weights @ I["v"], rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(wanted, sum(pair(I, "v")) / 2)
    assert np.max(np.abs(output - wanted)) > 1e-7


# (d): a matrix, and what it makes of the output ---------------------------------------------------


def projector(X: Array) -> Array:
    return X @ np.linalg.inv(X.T @ X) @ X.T


MATRICES: list[tuple[str, Callable[[Array, Array], Array]]] = [
    (r"M = S (S^\top S)^{-1} S^\top", lambda S, T: projector(S)),
    (r"M = 4 S (S^\top S)^{-1} S^\top", lambda S, T: 4 * projector(S)),
    (r"M = S S^\top", lambda S, T: S @ S.T),
    (r"M = 2 S S^\top", lambda S, T: 2 * S @ S.T),
    (r"M = 2 S (S^\top S) S^\top", lambda S, T: 2 * S @ (S.T @ S) @ S.T),
    (r"M = 2 T (T^\top T)^{-1} T^\top", lambda S, T: 2 * projector(T)),
    (r"M = 2 (I - T T^\top)", lambda S, T: 2 * (np.eye(len(T)) - T @ T.T)),
    (r"M = 2 I - 2 S (S^\top S)^{-1} S^\top", lambda S, T: 2 * (np.eye(len(S)) - projector(S))),
    (r"M = 2 I", lambda S, T: 2 * np.eye(len(S))),
    (r"M = 1.999999 S (S^\top S)^{-1} S^\top", lambda S, T: 1.999999 * projector(S)),
]


@pytest.mark.parametrize(("line", "matrix"), MATRICES, ids=[m[0] for m in MATRICES])
def test_d_what_a_wrong_matrix_makes_of_the_output(
    line: str, matrix: Callable[[Array, Array], Array]
) -> None:
    I, left, right = refutation("q1d", line, "counterexample")
    S, T, a, b = (I[name] for name in "STab")
    np.testing.assert_allclose(np.linalg.norm(S, axis=0), 1)
    np.testing.assert_allclose(np.linalg.norm(T, axis=0), 1)
    np.testing.assert_allclose(S.T @ T, 0, atol=1e-12)
    first, output = S @ a, (S @ a + T @ b) / 2
    sides = [matrix(S, T) @ output, first]
    np.testing.assert_allclose(sorted([left, right], key=str), sorted(sides, key=str), atol=1e-12)
    assert np.max(np.abs(left - right)) > 1e-7


# (e): a scale, and the error that stays -----------------------------------------------------------

SCALES: list[tuple[str, str, Callable[[float], Array]]] = [
    (r"q = \frac{1}{\epsilon} (\mu_i + \mu_j)", "scale-too-large", lambda e: np.array([1, 1, 0]) / e),
    (r"q = \epsilon^{-1/2} (\mu_i + \mu_j)", "scale-too-large", lambda e: np.array([1, 1, 0]) / e**0.5),
    (r"q = \epsilon^{-0.6} (\mu_i + \mu_j)", "scale-too-large", lambda e: np.array([1, 1, 0]) / e**0.6),
]  # fmt: skip


@pytest.mark.parametrize(("line", "code", "query"), SCALES, ids=[s[0] for s in SCALES])
def test_e_the_error_that_a_scale_leaves(
    line: str, code: str, query: Callable[[float], Array]
) -> None:
    """Keys are drawn anew, one coordinate after the other; the errors agree within sampling."""
    I, _, wanted = refutation("q1e", line, code)
    rng = np.random.default_rng(20220630)
    np.testing.assert_allclose(wanted, sum(pair(I, "v")) / 2)
    for epsilon, error in zip(I[r"\epsilon"], I["error"], strict=True):
        keys = I[r"\mu"] + np.sqrt(epsilon) * rng.normal(size=(20_000, 3, 3))
        output = softmax(keys @ query(epsilon)) @ I["v"]
        mine = np.sqrt(((output - wanted) ** 2).sum(axis=1).mean())
        assert abs(mine - error) < 0.03 * max(mine, error)
    assert I["error"][-1] > 0.02


VARIANCES: list[tuple[str, str, Callable[[dict[str, Any]], float]]] = [
    (r"\operatorname{Var}(k_l \cdot q) = \epsilon \beta^2", r"l", lambda I: 2.0),
    (r"\operatorname{Var}(k_l \cdot q) = 4 \epsilon \beta^2", r"l", lambda I: 2.0),
    (r"\operatorname{Var}(k_i \cdot q - k_j \cdot q) = 2 \epsilon \beta^2", "gap", lambda I: 4.0),
]


@pytest.mark.parametrize(("line", "what", "factor"), VARIANCES, ids=[v[0] for v in VARIANCES])
def test_e_the_variance_of_a_logit(
    line: str, what: str, factor: Callable[[dict[str, Any]], float]
) -> None:
    """Against samples: the left side is the variance that they have, the right side is not."""
    I, left, right = refutation("q1e", line, "counterexample")
    epsilon, beta = I[r"\epsilon"], I.get(r"\beta", 1.0)
    rng = np.random.default_rng(7)
    query = beta * np.array([1.0, 1.0, 0.0])
    logits = (np.eye(3) + np.sqrt(epsilon) * rng.normal(size=(200_000, 3, 3))) @ query
    sampled = np.var(logits[:, 0] - logits[:, 1] if what == "gap" else logits[:, 2])
    assert abs(sampled - left) < 0.02 * left
    assert abs(sampled - right) > 0.2 * left
    np.testing.assert_allclose(left, factor(I) * epsilon * beta**2)


# (b): conditions against a random search ------------------------------------------------------------


def ln(x: Array) -> Array:
    return np.log(x)


GAPS: list[tuple[str, str, Callable[[int, float], float]]] = [
    (r"\ln\frac{(n - 1)(1 - \delta)}{\delta}", "sufficient", lambda n, d: ln((n - 1) * (1 - d) / d)),
    (r"\ln\frac{n}{\delta}", "sufficient", lambda n, d: ln(n / d)),
    (r"\frac{n}{\delta}", "sufficient", lambda n, d: n / d),
    (r"\ln\frac{1 - \delta}{\delta}", "necessary", lambda n, d: ln((1 - d) / d)),
    (r"\frac{1}{2} \ln\frac{1 - \delta}{\delta}", "necessary", lambda n, d: ln((1 - d) / d) / 2),
    (r"\ln\frac{1}{\delta}", "not-sufficient", lambda n, d: ln(1 / d)),
    (r"\ln\frac{(n - 1)(1 - \delta)}{2 \delta}", "not-sufficient",
     lambda n, d: ln((n - 1) * (1 - d) / (2 * d))),
    (r"\ln\frac{(n - 2)(1 - \delta)}{\delta}", "not-sufficient",
     lambda n, d: ln((n - 2) * (1 - d) / d) if n > 2 else -np.inf),
]  # fmt: skip


def searched(gap: Callable[[int, float], float]) -> tuple[bool, bool]:
    """Whether a random search finds a failure: of sufficiency, of necessity (for shares <= 1/2)."""
    rng = np.random.default_rng(3)
    enough = needed = True
    for _ in range(4000):
        n, share = int(rng.integers(2, 12)), float(10 ** rng.uniform(-4, np.log10(0.5)))
        least, exact = gap(n, share), np.log((1 - share) / share)
        base = max(least, 0.0) if rng.random() < 0.5 else exact
        gaps = base + rng.choice([0.0, 1e-6, 0.3, 3.0, 30.0], size=n - 1)
        weight = softmax(np.concatenate([[0.0], -gaps]))[0]
        large = weight >= (1 - share) * (1 + 1e-12)
        if np.all(gaps >= least) and weight < (1 - share) * (1 - 1e-9):
            enough = False
        if large and not np.all(gaps >= least - 1e-9):
            needed = False
    return enough, needed


@pytest.mark.parametrize(("bound", "code", "gap"), GAPS, ids=[g[0] for g in GAPS])
def test_b_against_a_random_search(
    bound: str, code: str, gap: Callable[[int, float], float]
) -> None:
    found = check("q1b", rf"(k_i - k_j) \cdot q \ge {bound}", seconds=30)
    assert found.code == code
    enough, needed = searched(gap)
    assert enough == (code == "sufficient")
    assert needed == (code == "necessary")


@pytest.mark.parametrize(
    "line",
    [
        r"(k_i - k_j) \cdot q \ge \ln\frac{1}{\delta}",
        r"\|q\| \gg 0",
        r"k_i \cdot q \gg 0",
        r"|k_i \cdot q| \gg |k_j \cdot q|",
        r"\max_{l \ne i} (k_i - k_l) \cdot q \gg 0",
        r"q = \beta k_i, \quad \beta \gg 0",
        r"(k_i - k_j) \cdot q \ge \ln n",
    ],
)
def test_b_the_weight_at_the_instance(line: str) -> None:
    I, left, wanted = refutation("q1b", line, "not-sufficient")
    weights = softmax(I["k"] @ I["q"])
    np.testing.assert_allclose(left, weights[I["i"] - 1], rtol=1e-9)
    assert left < wanted - 1e-3
