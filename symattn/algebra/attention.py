"""Attention from its definition: the symbols, the weights and the output.

Shapes: a query q and the keys k_l are (d, 1), the values v_l (p, 1) with p = d in the assignment.
"""

from __future__ import annotations

from sympy import Expr, Indexed, IndexedBase, Sum, Symbol, exp

from symattn.algebra.letters import Dot, Matrix, Member, Vector

n = Symbol("n", integer=True, positive=True)
d = Symbol("d", integer=True, positive=True)
i, j, l, m, x = (Symbol(name, integer=True, positive=True) for name in "ijlmx")

q = Vector("q", d)
c = Vector("c", d)

beta = Symbol(r"\beta", positive=True)
epsilon = Symbol(r"\epsilon", positive=True)
delta = Symbol(r"\delta", positive=True)


def k(index: Expr) -> Expr:
    """The key at an index, shape (d, 1)."""
    return Member("k", index, d)


def v(index: Expr) -> Expr:
    """The value at an index, shape (d, 1)."""
    return Member("v", index, d)


def mu(index: Expr) -> Expr:
    """The mean of the key at an index, shape (d, 1)."""
    return Member(r"\mu", index, d)


def Sigma(index: Expr) -> Expr:
    """The covariance of the key at an index, shape (d, d)."""
    return Matrix(r"\Sigma", d, d, index, symmetric=True)


def alpha(index: Expr) -> Expr:
    """The name of the weight at an index."""
    return Indexed(IndexedBase(r"\alpha", real=True, positive=True), index)


def z(index: Expr) -> Expr:
    """The name of the logit at an index."""
    return Indexed(IndexedBase("z", real=True), index)


def logit(index: Expr, query: Expr = q) -> Expr:
    """The logit k_l . q."""
    return Dot(k(index), query)


def weight(index: Expr, query: Expr = q) -> Expr:
    """The attention weight from its definition: the softmax of the logits.

    >>> weight(i)
    exp(<k[i], q>)/Sum(exp(<k[m], q>), (m, 1, n))
    """
    return exp(logit(index, query)) / Sum(exp(logit(m, query)), (m, 1, n))


def output(query: Expr = q) -> Expr:
    """The output: the values averaged with the attention weights, shape (d, 1).

    >>> output()
    Sum(exp(<k[l], q>)*v[l]/Sum(exp(<k[m], q>), (m, 1, n)), (l, 1, n))
    """
    return Sum(weight(l, query) * v(l), (l, 1, n))


def softmax(index: Expr, logits: object = z) -> Expr:
    """The softmax of named logits."""
    return exp(logits(index)) / Sum(exp(logits(m)), (m, 1, n))  # type: ignore[operator]


LETTERS: dict[str, Expr] = {
    **{str(letter): letter for letter in (n, d, i, j, l, m, x, q, c)},
    **{str(letter)[1:]: letter for letter in (beta, epsilon, delta)},
}
"""The letters that a sentence may name as they are: `{beta}`, `{q}`."""

MEANINGS = {
    "n": "number of keys", "d": "dimension", "i": "index of a key", "j": "index of another key",
    "l": "any index", "m": "any index", "k": "key", "v": "value", "q": "query", "z": "logit",
    r"\alpha": "attention weight", "c": "output", "I": "identity matrix", "LambertW": "Lambert function",
    "KroneckerDelta": "1 for equal indices, else 0", r"\beta": "scale of the query",
    r"\delta": "share of the weight", r"\epsilon": "variance of a key along each axis",
    r"\mu": "mean of the key", r"\Sigma": "covariance of the key",
}  # fmt: skip
"""What the letters of attention stand for, by their LaTeX names."""
