"""Attention of sequences, forward, backward and block by block, from the claims of the sheets.

A claim is about one query and its n keys.  In a sequence the letters that belong to the query are
families over the queries t, and what a key or a value receives is a sum over them.  Under the causal
mask the query t has the keys l <= t, which is n = t, after the keys of earlier blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from sympy import Expr, Indexed, IndexedBase, Mul, Sum, Symbol, exp, log

from symattn.algebra.attention import alpha, c, d, l, n, v
from symattn.algebra.letters import Letter, Member, Vector
from symattn.program.arraycode import ArrayFunction, function, load, module
from symattn.program.claims_of import claim_at, defined_in, gradient
from symattn.program.tensors import Upto, renamed

t = Symbol("t", integer=True, positive=True)
before = Symbol("before", integer=True)
g, u = Vector("g", d), Vector("u", d)
y = Symbol("y", real=True)
ORDER = ("t", "l")
OUTPUT = Sum(alpha(l) * v(l), (l, 1, n))
HEAD = (
    "Attention of sequences, made from formulas that are proved.\n\nBatch and heads stand in front."
)
CLAIMS = (
    "softmax/q3a/shift",
    "softmax/q4a/values",
    "softmax/q4b/query",
    "softmax/q4c/keys",
    "softmax/q1d/backward",
    "softmax/q4d/merge",
    "softmax/q4d/normaliser",
    "softmax/q1a/jacobian",
    "softmax/q1c/gradient",
)
"""What the program rests on; the first lets the largest logit be taken off."""


def of_query(x: Expr) -> Expr:
    """Let the letters that belong to one query be families over the queries.

    >>> of_query(alpha(l) * g)
    \\alpha[t, l]*g[t]
    """
    put: dict[Expr, Expr] = {}
    for e in x.atoms(Letter, Indexed):
        if isinstance(e, Vector) and e.name in ("q", "g", "c", "a", "h"):
            put[e] = Member(e.name, t, d)
        elif isinstance(e, Indexed) and str(e.base) in (r"\alpha", "z", "dz"):
            put[e] = Indexed(e.base, t, *e.indices)
    for s in x.free_symbols:
        if s.name in ("s", r"\tau"):
            put[s] = Indexed(IndexedBase(s.name, real=True), t)
    return x.xreplace(put)


def causal(x: Expr) -> Expr:
    """Let the query t have no other keys than l <= t: a logit elsewhere is minus infinity."""

    def visible(power: Expr) -> Expr:
        (index,) = {e.index for e in power.atoms(Member)} - {t}
        return exp(Upto(power, index, t + before))

    return x.replace(exp, visible)


def summed(x: Expr) -> Expr:
    """Return what a key or a value receives from all queries."""
    return Sum(x, (t, 1, n))


def with_names(x: Expr) -> Expr:
    """Write the output, and what a logit receives, by their names."""
    x = named_output(x)
    product, name = set(received().args), Indexed(IndexedBase("dz", real=True), l)

    def named(e: Expr) -> Expr:
        return Mul(name, *(a for a in e.args if a not in product))

    return x.replace(lambda e: isinstance(e, Mul) and product <= set(e.args), named)


def received() -> Expr:
    """Return what the logit l receives in the backward pass: the right side of its claim."""
    (j,) = claim_at("softmax/q1d/backward").shown.args[1].indices
    return named_output(claim_at("softmax/q1d/backward").right.xreplace({j: l}))


def named_output(x: Expr) -> Expr:
    """Write the output by its name."""
    return x.replace(lambda e: isinstance(e, Sum) and renamed(e) == OUTPUT, lambda e: c)


def sources(target: str = "numpy") -> tuple[ArrayFunction, ...]:
    """Return the functions of the program.

    >>> print(sources()[0].function)
    def forward(q, k, v, beta):
        \"\"\"Made from softmax/q4a.
        q: (..., t, d); k: (..., l, d); v: (..., l, d).
        \"\"\"
        z = (beta * q) @ k.swapaxes(-1, -2)
        z -= amax(z, -1)[..., :, None]
        alpha = exp(z)
        alpha /= alpha.sum(-1)[..., :, None]
        c = alpha @ v
        return c, alpha
    """
    weight = of_query(defined_in("softmax/q4a", alpha(l)).at(l))
    output = of_query(defined_in("softmax/q4a", c).value or c)
    logit = of_query(_scaled())
    total = log(Sum(exp(logit), (l, 1, n)))
    share = Sum(exp(logit) * v(l), (l, 1, n)) / Sum(exp(logit), (l, 1, n))
    weights = of_query(alpha(l))
    found = []
    for name, mask, more in (("", _same, ()), ("_causal", causal, ("before",))):
        made = partial(
            function, parameters=("q", "k", "v", "beta", *more), target=target, order=ORDER
        )
        forward = {"c": output, "alpha": weights}
        named = [("alpha", weights, mask(weight))]
        found.append(made(f"forward{name}", forward, names=named, made_from=["softmax/q4a"]))
        block = {"c": mask(share), "s": mask(total)}
        found.append(made(f"block{name}", block, made_from=["softmax/q4d"]))
    merged = {
        "c": of_query(claim_at("softmax/q4d/merge").right),
        "s": of_query(claim_at("softmax/q4d/normaliser").right),
    }
    merge = function(
        "merge", merged, parameters=("a", "s", "h", "tau"), target=target, order=ORDER,
        made_from=["softmax/q4d/merge", "softmax/q4d/normaliser"],
    )  # fmt: skip
    jacobian = function(
        "jacobian", {"jacobian": claim_at("softmax/q1a/jacobian").right},
        parameters=("alpha", "beta"), target=target, made_from=["softmax/q1a/jacobian"],
    )  # fmt: skip
    return (*found, _backward(target), merge, jacobian)


def _same(x: Expr) -> Expr:
    return x


def _scaled() -> Expr:
    """Return the logit that the weights are the softmax of."""
    value = defined_in("softmax/q4a", alpha(l)).at(l)
    return next(f.args[0] for f in value.args if isinstance(f, exp))


def _backward(target: str) -> ArrayFunction:
    r, w = Member("p", l, d), Member("t", l, d)
    pieces = {
        "dv": ("softmax/q4a/values", w),
        "dq": ("softmax/q4b/query", u),
        "dk": ("softmax/q4c/keys", r),
    }
    made = {}
    for name, (address, direction) in pieces.items():
        found = of_query(with_names(gradient(claim_at(address).right, direction)))
        made[name] = found if name == "dq" else summed(found)
    dz = Indexed(IndexedBase("dz", real=True), l)
    return function(
        "backward", {name: made[name] for name in ("dq", "dk", "dv")},
        names=[("dz", of_query(dz), of_query(received()))],
        parameters=("g", "q", "k", "v", "c", "alpha", "beta"),
        made_from=["softmax/q1d/backward", *(address for address, _ in pieces.values())],
        target=target, order=ORDER,
    )  # fmt: skip


def text(target: str = "numpy") -> str:
    """Return the text of the module that holds the program."""
    return module(sources(target), HEAD)


@lru_cache(maxsize=3)
def program(target: str = "numpy") -> Mapping[str, Callable[..., Any]]:
    """Return the functions of the program by their names: they are what `text` says.

    >>> import numpy as np
    >>> q = np.ones((2, 3, 4))
    >>> c, alpha = program()["forward"](q, q, q, 0.5)
    >>> c.shape, alpha.shape
    ((2, 3, 4), (2, 3, 3))
    """
    return load(text(target), f"attention for {target}")


def streamed(
    q: Any, k: Any, v: Any, beta: float, *, mask: bool = False, size: int = 256
) -> tuple[Any, Any]:
    """Return the output and the logarithm of the normaliser, block by block.

    No array of all queries by all keys is formed: the outputs of blocks of keys are merged.

    q, k, v : shapes (..., t, d), (..., l, d), (..., l, p); NumPy arrays.
    mask : whether the query t has the keys l <= t only.
    size : queries and keys of a block.
    """
    import numpy as np

    run = program()
    c = np.empty((*q.shape[:-1], v.shape[-1]), dtype=np.result_type(q, k, v))
    r = np.empty(q.shape[:-1], dtype=c.dtype)
    for top in range(0, q.shape[-2], size):
        queries, state = slice(top, top + size), None
        for first in range(0, min(k.shape[-2], top + size) if mask else k.shape[-2], size):
            keys = slice(first, first + size)
            block = (q[..., queries, :], k[..., keys, :], v[..., keys, :], beta)
            own = run["block_causal"](*block, top - first) if mask else run["block"](*block)
            state = own if state is None else run["merge"](*state, *own)
        assert state is not None
        c[..., queries, :], r[..., queries] = state
    return c, r
