"""Gradients of scalars by vectors and matrices, and entries of products: by the product rule."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Dummy, Expr, Indexed, IndexedBase, KroneckerDelta, Mul, S, Sum, sqrt

from symattn.algebra.letters import (
    ENTRY,
    Diag,
    Dot,
    Entrywise,
    Hadamard,
    IdentityMatrix,
    Letter,
    Matrix,
    Norm,
    T,
    Trace,
    Transposed,
    Vector,
    shape,
)
from symattn.algebra.symbols import of_kind
from symattn.errors import ShapeError

ONES = "\\mathbf{1}"


class NoRule(Exception):
    """No rule here differentiates this, or takes its entries."""


def gradient(f: Expr, x: Letter) -> Expr:
    """Return the gradient of a scalar by a vector, or by a matrix entry by entry.

    Raises
    ------
    NoRule : for what no rule differentiates.

    >>> from sympy import Symbol
    >>> d = Symbol("d", integer=True, positive=True)
    >>> a, x = Vector("a", d), Vector("x", d)
    >>> gradient(Dot(a, x) ** 2, x)
    2*<a, x>*a
    """
    if any(str(e.base) == x.name for e in of_kind(Indexed, f)):
        raise NoRule("the letter and entries of it")
    t = Dummy("t", real=True)
    rows, columns = shape(x)
    step = Vector("?step", rows) if columns == 1 else Matrix("?step", rows, columns)
    squares = {e: sqrt(Trace(T(e.args[0]) * e.args[0])) for e in of_kind(Norm, f) if not _flat(e)}
    moved = f.xreplace(squares).xreplace({x: x + t * step})
    try:
        return _of_linear(moved.diff(t).xreplace({t: S.Zero}).doit().expand(), step)
    except ShapeError:
        raise NoRule("a derivative whose shapes do not fit") from None


def jacobian(f: Expr, x: Letter) -> Expr:
    """Return the matrix of the derivatives of a column, a row for each of its entries.

    Raises
    ------
    NoRule : for what no rule differentiates.

    >>> from sympy import Symbol
    >>> d = Symbol("d", integer=True, positive=True)
    >>> A, x = Matrix("A", d, d), Vector("x", d)
    >>> jacobian(A * x, x)
    A
    """
    if shape(x)[1] != 1 or any(str(e.base) == x.name for e in of_kind(Indexed, f)):
        raise NoRule("a derivative by what is no column")
    t, step = Dummy("t", real=True), Vector("?step", shape(x)[0])
    try:
        moved = f.xreplace({x: x + t * step}).diff(t).xreplace({t: S.Zero}).doit().expand()
        return Add(*[_last(term, step) for term in Add.make_args(moved)])
    except ShapeError:
        raise NoRule("a derivative whose shapes do not fit") from None


def _last(term: Expr, h: Expr) -> Expr:
    """Return M for a column M h."""
    scalars, word = term.args_cnc()
    moving = [s for s in scalars if s.has(h)]
    rest = [s for s in scalars if s not in moving]
    if not moving and word and word[-1] == h and not Mul(*word[:-1]).has(h):
        left = _product(word[:-1])
        return Mul(*rest, IdentityMatrix(shape(h)[0]) if left is None else left)
    if len(moving) == 1 and word and not Mul(*word).has(h):
        return Mul(*rest, *word, T(_of_linear(moving[0], h)))
    raise NoRule("a step inside another term")


def trace_of(x: Expr) -> Expr:
    """Return the trace of a sum, term by term."""
    return Add(*[Trace(a) for a in Add.make_args(x.expand())])


def _flat(e: Norm) -> bool:
    return 1 in shape(e.args[0])


def _of_linear(e: Expr, h: Expr) -> Expr:
    """Return g for a scalar e = <g, h> that is linear in h."""
    if not e.has(h):
        if e.is_zero:
            return S.Zero
        raise NoRule("a term without the step")
    if e.is_Add:
        return Add(*[_of_linear(a, h) for a in e.args])
    if e.is_Mul:
        (inside, *more) = [a for a in e.args if a.has(h)]
        if more:
            raise NoRule("a product of two terms with the step")
        return Mul(*[a for a in e.args if a != inside], _of_linear(inside, h))
    if isinstance(e, Dot):
        u, v = e.args
        if v.has(h):
            u, v = v, u
        if v.has(h):
            raise NoRule("a step on both sides of a dot product")
        return Add(*[_of_word(term, h, v) for term in Add.make_args(u.expand())])
    if isinstance(e, Trace):
        return Add(*[_of_word(term, h, None) for term in Add.make_args(e.args[0].expand())])
    raise NoRule(f"{e.func.__name__}")


def _of_word(term: Expr, h: Expr, v: Expr | None) -> Expr:
    """Return g for <term, v> = <g, h>, or for the trace of the term where v is None."""
    scalars, word = term.args_cnc()
    moving = [s for s in scalars if s.has(h)]
    if moving:
        rest = Mul(*[s for s in scalars if s not in moving], *word)
        if len(moving) > 1 or v is None or rest.has(h):
            raise NoRule("a product of two terms with the step")
        return _of_linear(moving[0], h) * Dot(rest, v)
    at = [n for n, w in enumerate(word) if w.has(h)]
    if len(at) != 1 or word[at[0]] not in (h, T(h)):
        raise NoRule("a step inside another term")
    before, after = word[: at[0]], word[at[0] + 1 :]
    if v is not None:  # <L h R, v> = tr(v^T L h R)
        before = [T(v), *before]
        if not after and shape(h)[1] != 1:
            raise NoRule("a word that ends in the step")
    left, right = (_product(w) for w in (before, after))
    if word[at[0]] == h:
        found = _times(None if left is None else T(left), None if right is None else T(right))
    else:
        found = _times(right, left)
    if found is None:  # the trace of the step alone
        found = IdentityMatrix(shape(h)[0])
    return Mul(*scalars, found)


def _product(word: Sequence[Expr]) -> Expr | None:
    return Mul(*word) if word else None


def _times(a: Expr | None, b: Expr | None) -> Expr | None:
    if a is None or b is None:
        return b if a is None else a
    if shape(a)[:1] == (1,) and shape(b)[1:] == (1,):
        return Dot(T(a), b)
    return a * b


def entry(x: Expr, *indices: Expr) -> Expr:
    """Return an entry of a vector or a matrix as a scalar in the entries of its letters.

    Raises
    ------
    NoRule : for an inverse and what else has no entries here.

    >>> from sympy import Symbol
    >>> d, i, j = (Symbol(s, integer=True, positive=True) for s in "dij")
    >>> entry(2 * Matrix("A", d, d) + IdentityMatrix(d), i, j)
    KroneckerDelta(i, j) + 2*A[i, j]
    """
    i, j = (*indices, S.One)[:2]
    if x.is_Add:
        return Add(*[entry(a, i, j) for a in x.args])
    if x.is_Mul:
        scalars, word = x.args_cnc()
        return Mul(*scalars, _entry_of_word(word, i, j))
    if isinstance(x, Transposed):
        return entry(x.args[0], j, i)
    if isinstance(x, IdentityMatrix):
        return KroneckerDelta(i, j)
    if isinstance(x, Hadamard):
        return Mul(*[entry(a, i, j) for a in x.args])
    if isinstance(x, Entrywise):
        return x.args[0].xreplace({ENTRY: entry(x.args[1], i, j)})
    if isinstance(x, Diag):
        return KroneckerDelta(i, j) * entry(x.args[0], i)
    if x == Vector(ONES, shape(x)[0]):
        return S.One
    if isinstance(x, Letter) and x.index is None and isinstance(x, (Vector, Matrix)):
        places = (i,) if shape(x)[1] == 1 else (i, j)
        if isinstance(x, Matrix) and x.symmetric:
            places = tuple(sorted(places, key=str))
        return Indexed(IndexedBase(x.name, real=True), *places)
    raise NoRule(f"an entry of {x}")


def _entry_of_word(word: Sequence[Expr], i: Expr, j: Expr) -> Expr:
    first, *rest = word
    if not rest:
        return entry(first, i, j)
    size = shape(first)[1]
    if size == 1:
        return entry(first, i, S.One) * _entry_of_word(rest, S.One, j)
    k = Dummy("k", integer=True, positive=True)
    return Sum(entry(first, i, k) * _entry_of_word(rest, k, j), (k, 1, size))
