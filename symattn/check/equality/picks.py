r"""Where something is largest: `\argmax_i z_i` of a family, and the extremum of a quadratic."""

from __future__ import annotations

from functools import partial

from sympy import Add, Dummy, Expr, Indexed, Mul, S, Symbol, asinh, atan, erf, exp, log, sinh, tanh

from symattn.algebra.letters import Gram, IdentityMatrix, Inverse, Letter, T, shape
from symattn.algebra.sign import positive
from symattn.algebra.stable import Pick
from symattn.algebra.symbols import of_kind
from symattn.check.equality.gradients import NoRule, gradient, jacobian

INCREASING = (exp, log, tanh, atan, erf, sinh, asinh)


def picked(sign_: int, f: Expr, index: Expr, upper: Expr, excluded: tuple[Expr, ...]) -> Expr:
    """Return where `sign_ * f` is largest: what moves no index is left out, and what keeps the order.

    >>> from sympy import symbols
    >>> from sympy import IndexedBase
    >>> z, (i, n) = IndexedBase("z"), symbols("i n", integer=True, positive=True)
    >>> picked(1, exp(2 * z[i]), i, n, ()) == picked(1, z[i] + 3, i, n, ())
    True
    """
    own = Symbol("_1", integer=True, positive=True)
    return Pick(_ordering(sign_ * f, index).xreplace({index: own}), own, upper, excluded)


def _ordering(f: Expr, index: Expr) -> Expr:
    """Return what is ordered as `f` is over an index."""
    while True:
        _, moving = f.as_independent(index, as_Add=True)
        fixed, inner = moving.as_independent(index, as_Add=False)
        if not positive(fixed):
            if not positive(-fixed):
                return moving
            inner = -inner
        if inner.func in INCREASING:
            inner = inner.args[0]
        if inner == f:
            return inner
        f = inner


def extremum(sign_: int, f: Expr, x: Expr) -> Expr | None:
    """Return where `sign_ * f` is largest, if it is a quadratic in x that has a largest value.

    >>> x, a = Symbol("x", real=True), Symbol("a", real=True)
    >>> extremum(-1, (x - a) ** 2, x), extremum(1, (x - a) ** 2, x)
    (a, None)
    """
    f = sign_ * f
    while f.func in INCREASING and isinstance(f, exp):
        f = f.args[0]
    if isinstance(x, Letter) and shape(x)[1] == 1:
        return _of_column(f, x)
    if not isinstance(x, Symbol):
        return None
    slope = f.diff(x).doit().expand()
    bend = slope.diff(x).doit().expand()
    if x in bend.free_symbols or not _positive(-bend):
        return None
    return -(slope.xreplace({x: S.Zero}).doit()) / bend


def _of_column(f: Expr, x: Expr) -> Expr | None:
    try:
        slope = gradient(f, x)
        bend = jacobian(slope, x)
    except NoRule:
        return None
    if bend.has(x) or not all(_is_negative(term) for term in Add.make_args(bend.expand())):
        return None
    return -Inverse(bend) * (slope - bend * x).expand() if bend != 0 else None


def _is_negative(term: Expr) -> bool:
    """Whether a term of a matrix is a negative multiple of the identity or of a Gram matrix."""
    scalars, word = term.args_cnc()
    turned = len(word) % 2 == 0 and Mul(*word) == T(Mul(*word))
    plain = len(word) == 1 and isinstance(word[0], (IdentityMatrix, Gram))
    return _positive(-Mul(*scalars)) and (plain or turned)


def _positive(x: Expr) -> bool:
    """Tell whether a factor is positive where its letters are, as is supposed of a square's factor."""
    entries = {e: Dummy(positive=True) for e in of_kind(Indexed, x)}
    x = x.xreplace(entries)
    return positive(x.xreplace({s: Dummy(positive=True) for s in x.free_symbols}))


PICKS = {
    "argmax": partial(picked, 1),
    "argmin": partial(picked, -1),
    "argmax of all": partial(extremum, 1),
    "argmin of all": partial(extremum, -1),
}
