"""Values by walking an expression: slow, with no code generated, and so independent of `arrays`.

The right side of a claim is evaluated by code that a printer writes; its left side is evaluated
here.  A fault of one of the two is then seen by the other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any, cast

import numpy as np
from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    LambertW,
    Max,
    Min,
    Mul,
    Number,
    Pow,
    Sum,
    Symbol,
    atan,
    ceiling,
    cos,
    cosh,
    exp,
    floor,
    log,
    preorder_traversal,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)

from symattn.algebra.arrays import lambert
from symattn.algebra.bound_indices import put_apart
from symattn.algebra.letters import (
    Det,
    Diag,
    Dot,
    Gram,
    IdentityMatrix,
    Inverse,
    Letter,
    Norm,
    OffSum,
    Trace,
    Transposed,
    shape,
)
from symattn.errors import SymattnError, no_value

FUNCTIONS: dict[Any, Callable[..., Any]] = {
    exp: np.exp, log: np.log, LambertW: lambert, Abs: np.abs, Max: np.maximum, Min: np.minimum,
    sin: np.sin, cos: np.cos, tan: np.tan, sinh: np.sinh, cosh: np.cosh, tanh: np.tanh,
    atan: np.arctan, floor: np.floor, ceiling: np.ceil, sign: np.sign,
}  # fmt: skip


def evaluate(x: Expr, instance: Mapping[str, Any]) -> Any:
    """Return the value of an expression in an instance (LaTeX name -> number or array).

    Shapes are those of `arrays.compiled`: a column (d,), a row (d,), a matrix (rows, cols).

    Raises
    ------
    SymattnError : the instance lacks a name, or the expression holds what is not evaluated here.

    >>> from symattn.algebra.attention import i, k, q, weight
    >>> float(evaluate(weight(i), {"k": np.eye(2), "q": np.zeros(2), "n": 2, "i": 1}))
    0.5
    """
    value = _walk(x, dict(instance))
    if x.is_commutative:
        return value
    size = shape(x)
    if size == (1, 1):  # a row that meets a column
        return value[0, 0]
    return value[:, 0] if size[1] == 1 else value[0] if size[0] == 1 else value


def elementwise(x: Expr, letter: Symbol) -> bool:
    """Tell whether `evaluate` takes an array of values for a scalar, and gives the value for each.

    >>> b, z = Symbol("b"), Symbol("z")
    >>> elementwise(exp(b) + z, b), elementwise(Sum(exp(b), (z, 1, b)), b)
    (True, False)
    """
    if not x.has(letter):
        return True
    kinds = (Symbol, Add, Mul, Pow, *FUNCTIONS)
    return isinstance(x, kinds) and all(elementwise(a, letter) for a in x.args)  # type: ignore[arg-type]


def _walk(x: Basic, at: dict[str, Any]) -> Any:
    """Return a number, or an array with two axes: a column is (d, 1)."""
    return _reader(cast("Hashable", type(x)))(x, at)


@lru_cache(maxsize=500)
def _reader(kind: Hashable) -> Callable[[Any, dict[str, Any]], Any]:
    return next(read for of, read in READERS if issubclass(cast("type", kind), of))


def _dot(x: Dot, at: dict[str, Any]) -> Any:
    u, v = (_walk(a, at) for a in x.args)
    return (u.T @ v)[0, 0]


def _total(x: Add, at: dict[str, Any]) -> Any:
    first, *rest = (_walk(a, at) for a in x.args)
    return sum(rest, first)


def _product(x: Mul, at: dict[str, Any]) -> Any:
    scalars, word = (x.args, []) if x.is_commutative else x.args_cnc()
    value: Any = 1.0
    for a in scalars:
        value = value * _walk(a, at)
    if word:
        product = _walk(word[0], at)
        for a in word[1:]:
            product = product @ _walk(a, at)
        value = value * product
    return value


def _power(x: Pow, at: dict[str, Any]) -> Any:
    base, power = _walk(x.base, at), _walk(x.exp, at)
    if not x.base.is_commutative:
        return np.linalg.matrix_power(base, int(power))
    return np.float64(base) ** power


def _number(x: Basic, at: dict[str, Any]) -> float:
    if isinstance(x, Expr) and x.is_number:
        return float(x)
    raise SymattnError(f"{x} is not evaluated")


def _array(x: Expr, at: dict[str, Any]) -> Any:
    if isinstance(x, Transposed):
        return _walk(x.args[0], at).T
    if isinstance(x, Inverse):
        return np.linalg.inv(_walk(x.args[0], at))
    if isinstance(x, IdentityMatrix):
        return np.eye(int(_walk(x.args[0], at)))
    if isinstance(x, Gram):
        factor = _walk(x.args[0], at)
        return factor.T @ factor
    assert isinstance(x, Letter)
    found = np.asarray(_named(x.name, at))
    if x.index is not None:
        found = found[_place(x.index, at)]
    return found[:, None] if x.shape[1] == 1 else found


def _terms(x: Sum | OffSum, at: Mapping[str, Any]) -> tuple[Expr, Symbol, list[int]]:
    """Return what is summed, over which index, and the values that it takes."""
    if isinstance(x, OffSum):
        f, l, high, excluded = x.args
        left_out = {int(_walk(a, dict(at))) for a in excluded.args}
        return f, l, [p for p in range(1, int(_walk(high, dict(at))) + 1) if p not in left_out]
    *inner, (l, low, high) = x.limits
    f = Sum(x.function, *inner) if inner else x.function
    return f, l, list(range(int(_walk(low, dict(at))), int(_walk(high, dict(at))) + 1))


def _sum(x: Sum | OffSum, at: dict[str, Any]) -> Any:
    f, l, places = _terms(x, at)
    total: Any = 0.0
    for place in places:
        total = total + _walk(f, {**at, l.name: place})
    if not places and not f.is_commutative:
        return np.zeros([int(_walk(size, at)) for size in shape(f)])
    return total


def termwise(
    x: Expr, at: Mapping[str, Any], wanted: Callable[[Basic], bool]
) -> tuple[Expr, dict[str, Any]]:
    """Write out the sums over an index that something wanted in them depends on, term by term.

    Returns the expression, and the instance in which a number is the name of its own place.

    wanted : tells what has a value at a number alone, not at an index that a sum binds.

    >>> from sympy import IndexedBase
    >>> from symattn.algebra.letters import Expect
    >>> l, n, x = Symbol("l"), Symbol("n"), IndexedBase("x")
    >>> termwise(Sum(Expect(x[l]), (l, 1, n)), {"n": 2}, lambda a: isinstance(a, Expect))
    (Expect(x[1]) + Expect(x[2]), {'n': 2, '1': 1, '2': 2})
    """
    count = int(at.get("n", 0))
    return _written(x, at, wanted), {**at, **{str(place): place for place in range(1, count + 1)}}


def _written(x: Expr, at: Mapping[str, Any], wanted: Callable[[Basic], bool]) -> Expr:
    if not x.args or not x.has(Sum, OffSum):
        return x
    if isinstance(x, (Sum, OffSum)):
        f, l, places = _terms(x, at)
        if any(l in a.free_symbols for a in preorder_traversal(f) if wanted(a)):
            terms = [put_apart(f, {l: Integer(place)}) for place in places]
            return Add(*[_written(term, at, wanted) for term in terms])
    return x.func(*[_written(a, at, wanted) for a in x.args])


def _named(name: str, at: Mapping[str, Any]) -> Any:
    if name not in at:
        raise no_value(name)
    return at[name]


def _entry(x: Indexed, at: dict[str, Any]) -> Any:
    family = np.asarray(_named(str(x.base.name), at))
    if family.ndim != len(x.indices):
        raise SymattnError(f"{x.base} has {family.ndim} indices in numbers, and {x} has others")
    return family[tuple(_place(index, at) for index in x.indices)]


def _place(index: Expr, at: dict[str, Any]) -> int:
    place = int(_walk(index, at))
    if place < 1:
        raise IndexError(f"there is no member {place}")
    return place - 1


def _delta(x: KroneckerDelta, at: dict[str, Any]) -> float:
    a, b = (_walk(a, at) for a in x.args[:2])
    return float(a == b)


def _applied(function: Callable[..., Any]) -> Callable[[Any, dict[str, Any]], Any]:
    return lambda x, at: function(*(_walk(a, at) for a in x.args))


READERS: tuple[tuple[Any, Callable[[Any, dict[str, Any]], Any]], ...] = (
    (Integer, lambda x, at: int(x)),
    (Number, lambda x, at: float(x)),
    ((Letter, Transposed, Inverse), _array),
    (Indexed, _entry),
    (Symbol, lambda x, at: _named(x.name, at)),
    ((Sum, OffSum), _sum),
    (Dot, _dot),
    (Norm, lambda x, at: np.sqrt(np.sum(_walk(x.args[0], at) ** 2))),
    (Det, lambda x, at: np.linalg.det(_walk(x.args[0], at))),
    (Diag, lambda x, at: np.diag(_walk(x.args[0], at)[:, 0])),
    (Trace, lambda x, at: np.trace(_walk(x.args[0], at))),
    (KroneckerDelta, _delta),
    (Add, _total),
    (Mul, _product),
    (Pow, _power),
    *((kind, _applied(function)) for kind, function in FUNCTIONS.items()),
    (Basic, _number),
)
"""How an expression of a kind is evaluated; the first that fits is taken."""
