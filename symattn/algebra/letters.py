"""Vectors and matrices of symbolic size, as noncommutative SymPy atoms with a shape.

A product of letters is an ordinary `Mul`, a sum an ordinary `Add`, a sum over a family an ordinary
`Sum`; what SymPy must not do is let two letters commute, and that is all that
`is_commutative = False` asks of it.  Scalars that are made of vectors (`Dot`, `Norm`, `Trace`)
are commutative again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Add, Expr, Indexed, Mul, Pow, S, Sum, Symbol, Tuple, sympify
from sympy.core.sorting import default_sort_key
from sympy.core.symbol import Str

from symattn.errors import ShapeError

Shape = tuple[Expr, ...]


def _name(name: str | Str) -> Str:
    return name if isinstance(name, Str) else Str(name)


class Letter(Expr):
    """A named vector or matrix; base of `Vector`, `Member`, `Matrix` and `IdentityMatrix`."""

    is_commutative = False
    is_number = False

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def shape(self) -> Shape:
        raise NotImplementedError

    def _eval_derivative(self, s: Expr) -> Expr:
        return S.Zero

    def _sympystr(self, printer: Any) -> str:
        index = self.index
        return self.name if index is None else f"{self.name}[{printer._print(index)}]"

    @property
    def index(self) -> Expr | None:
        return None


class Vector(Letter):
    """A column vector.

    >>> from sympy import Symbol
    >>> shape(Vector("q", Symbol("d")))
    (d, 1)
    """

    def __new__(cls, name: str | Str, d: Any) -> Vector:
        return Expr.__new__(cls, _name(name), sympify(d))

    @property
    def shape(self) -> Shape:
        return (self.args[1], S.One)


class Member(Letter):
    """The member of a family of column vectors at an index: `k_l` is `Member("k", l, d)`."""

    def __new__(cls, name: str | Str, index: Any, d: Any) -> Member:
        return Expr.__new__(cls, _name(name), sympify(index), sympify(d))

    @property
    def index(self) -> Expr:
        return self.args[1]

    @property
    def shape(self) -> Shape:
        return (self.args[2], S.One)


class Matrix(Letter):
    """A matrix, or with an index the member of a family of matrices.

    `symmetric` makes the transpose of the letter the letter itself.
    """

    def __new__(
        cls, name: str | Str, rows: Any, cols: Any, index: Any = None, symmetric: Any = False
    ) -> Matrix:
        at = S.NaN if index is None else sympify(index)
        return Expr.__new__(
            cls, _name(name), sympify(rows), sympify(cols), at, sympify(bool(symmetric))
        )

    @property
    def shape(self) -> Shape:
        return (self.args[1], self.args[2])

    @property
    def index(self) -> Expr | None:
        return None if self.args[3] is S.NaN else self.args[3]

    @property
    def symmetric(self) -> bool:
        return bool(self.args[4])


class IdentityMatrix(Letter):
    """The identity matrix of a symbolic size."""

    def __new__(cls, d: Any) -> IdentityMatrix:
        return Expr.__new__(cls, sympify(d))

    @property
    def name(self) -> str:
        return "I"

    @property
    def shape(self) -> Shape:
        return (self.args[0], self.args[0])


class Gram(Letter):
    """`A^T A`, kept as one symmetric letter so that its inverse can cancel it."""

    def __new__(cls, factor: Expr) -> Gram:
        return Expr.__new__(cls, factor)

    @property
    def name(self) -> str:
        return "G"

    @property
    def shape(self) -> Shape:
        size = shape(self.args[0])[1]
        return (size, size)

    def _sympystr(self, printer: Any) -> str:
        return f"Gram({printer._print(self.args[0])})"


class Transposed(Expr):
    """The transpose of a letter; made by `T`, which distributes over sums and products."""

    is_commutative = False
    is_number = False

    def __new__(cls, x: Expr) -> Expr:
        if not isinstance(x, (Letter, Vec, Entrywise)):
            return T(x)  # a substitution may have put a sum or a product here
        return Expr.__new__(cls, x)

    def _eval_derivative(self, s: Expr) -> Expr:
        return T(self.args[0].diff(s))

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])}.T"


class Inverse(Expr):
    """The inverse of a square expression.

    Raises
    ------
    ShapeError : if the expression is not square.
    """

    is_commutative = False
    is_number = False

    def __new__(cls, x: Expr) -> Expr:
        x = sympify(x)
        rows_cols = shape(x)
        if rows_cols == ():
            return 1 / x
        if rows_cols[0] != rows_cols[1]:
            raise ShapeError(
                f"an inverse needs a square matrix; {x} is {show_shape(rows_cols)}",
                "a tall matrix with independent columns has a pseudo-inverse (A^T A)^{-1} A^T",
            )
        if isinstance(x, Inverse):
            return x.args[0]
        if isinstance(x, IdentityMatrix):
            return x
        return Expr.__new__(cls, x)

    def _eval_derivative(self, s: Expr) -> Expr:
        return -self * self.args[0].diff(s) * self

    def _sympystr(self, printer: Any) -> str:
        return f"({printer._print(self.args[0])})^-1"


class Dot(Expr):
    """The scalar `u^T v` of two column vectors.

    >>> from sympy import Symbol
    >>> q, c = Vector("q", Symbol("d")), Vector("c", Symbol("d"))
    >>> Dot(q, c) == Dot(c, q)
    True

    Raises
    ------
    ShapeError : if either is not a column, or the lengths differ.
    """

    is_commutative = True
    is_number = False
    is_real = True

    def __new__(cls, u: Expr, v: Expr) -> Expr:
        u, v = sympify(u), sympify(v)
        if u.is_zero or v.is_zero:
            return S.Zero
        left, right = shape(u), shape(v)
        if left != right or left == () or left[1] != 1:
            raise ShapeError(
                f"a dot product needs two columns of one length; {u} is {show_shape(left)} "
                f"and {v} is {show_shape(right)}"
            )
        return Expr.__new__(cls, *sorted((u, v), key=default_sort_key))

    def _eval_derivative(self, s: Expr) -> Expr:
        u, v = self.args
        return Dot(u.diff(s), v) + Dot(u, v.diff(s))

    def _sympystr(self, printer: Any) -> str:
        return f"<{printer._print(self.args[0])}, {printer._print(self.args[1])}>"


class Norm(Expr):
    """The Euclidean norm of a column vector, or the Frobenius norm of a matrix."""

    is_commutative = True
    is_number = False
    is_nonnegative = True

    def __new__(cls, u: Expr) -> Expr:
        u = sympify(u)
        if u.is_zero:
            return S.Zero
        if shape(u) == ():
            raise ShapeError(f"a norm needs a vector or a matrix; {u} is a scalar")
        return Expr.__new__(cls, u)

    def _eval_derivative(self, s: Expr) -> Expr:
        return Dot(self.args[0], self.args[0].diff(s)) / self

    def _sympystr(self, printer: Any) -> str:
        return f"|{printer._print(self.args[0])}|"


class Trace(Expr):
    """The trace of a square matrix."""

    is_commutative = True
    is_number = False
    is_real = True

    def __new__(cls, x: Expr) -> Expr:
        x = sympify(x)
        if x.is_zero:
            return S.Zero
        rows_cols = shape(x)
        if rows_cols == () or rows_cols[0] != rows_cols[1]:
            raise ShapeError(f"a trace needs a square matrix; {x} is {show_shape(rows_cols)}")
        return Expr.__new__(cls, x)

    def _eval_derivative(self, s: Expr) -> Expr:
        return Trace(self.args[0].diff(s))


class Det(Expr):
    """The determinant of a square matrix."""

    is_commutative = True
    is_number = False
    is_real = True

    def __new__(cls, x: Expr) -> Expr:
        x = sympify(x)
        rows_cols = shape(x)
        if rows_cols == () or rows_cols[0] != rows_cols[1]:
            raise ShapeError(f"a determinant needs a square matrix; {x} is {show_shape(rows_cols)}")
        return S.One if isinstance(x, IdentityMatrix) else Expr.__new__(cls, x)

    def _eval_derivative(self, s: Expr) -> Expr:
        (x,) = self.args
        return self * Trace(Inverse(x) * x.diff(s))


class Diag(Expr):
    """The diagonal matrix of a column vector."""

    is_commutative = False
    is_number = False

    def __new__(cls, x: Expr) -> Expr:
        x = sympify(x)
        if not is_column(x):
            raise ShapeError(f"diag needs a column; {x} is {show_shape(shape(x))}")
        return Expr.__new__(cls, x)


class Hadamard(Expr):
    """The product of two vectors or matrices entry by entry."""

    is_commutative = False
    is_number = False

    def __new__(cls, a: Expr, b: Expr) -> Expr:
        a, b = sympify(a), sympify(b)
        if shape(a) != shape(b) or shape(a) == ():
            raise ShapeError(
                f"an elementwise product needs equal shapes; {a} is {show_shape(shape(a))} and "
                f"{b} is {show_shape(shape(b))}"
            )
        return Expr.__new__(cls, *sorted((a, b), key=default_sort_key))


class Stacked(Expr):
    """A matrix of blocks, row by row; a block of one row and one column is a scalar, and 0 is 0.

    heights, widths : of the rows and columns of blocks.

    >>> from sympy import symbols
    >>> a, d = symbols("a d")
    >>> A = Matrix("A", d, d)
    >>> shape(Stacked((d, 1), (d, 1), (A, 0, 0, a)))
    (d + 1, d + 1)
    """

    is_commutative = False
    is_number = False

    def __new__(cls, heights: Any, widths: Any, cells: Any) -> Expr:
        return Expr.__new__(cls, Tuple(*heights), Tuple(*widths), Tuple(*cells))


class Kronecker(Expr):
    """The Kronecker product of two matrices: each entry of the first times all of the second."""

    is_commutative = False
    is_number = False


class Vec(Expr):
    """The columns of a matrix, one below the other."""

    is_commutative = False
    is_number = False


ENTRY = Symbol("?entry", real=True)


class Entrywise(Expr):
    """A function of each entry of a vector or matrix: `f` is an expression in `ENTRY`.

    >>> from sympy import Symbol, exp
    >>> shape(Entrywise(exp(ENTRY), Vector("z", Symbol("d"))))
    (d, 1)
    """

    is_commutative = False
    is_number = False

    @property
    def free_symbols(self) -> set[Any]:
        return {*self.args[0].free_symbols, *self.args[1].free_symbols} - {ENTRY}

    def _eval_derivative(self, s: Expr) -> Expr:
        f, x = self.args
        slope, along = Entrywise(f.diff(ENTRY), x), x.diff(s)
        if along.is_zero:
            return S.Zero
        return Diag(slope) * along if is_column(x) else Hadamard(slope, along)


class OffSum(Expr):
    """The sum of `f` over `l` in 1..n other than the given, distinct indices.

    >>> from sympy import symbols
    >>> l, n, i, j = symbols("l n i j")
    >>> OffSum(l**2, l, n, (i, j)).doit()
    -i**2 - j**2 + Sum(l**2, (l, 1, n))
    """

    is_number = False

    def __new__(cls, f: Expr, l: Any, n: Any, excluded: Any) -> Expr:
        f = sympify(f)
        if f == 0:
            return S.Zero
        return Expr.__new__(cls, f, sympify(l), sympify(n), Tuple(*excluded))

    @property
    def is_commutative(self) -> bool:
        return bool(self.args[0].is_commutative)

    @property
    def function(self) -> Expr:
        return self.args[0]

    @property
    def free_symbols(self) -> set[Any]:
        f, l, n, excluded = self.args
        return (f.free_symbols - {l}) | n.free_symbols | excluded.free_symbols

    def _eval_subs(self, old: Expr, new: Expr) -> Expr | None:
        return self if old == self.args[1] else None

    def _eval_derivative(self, s: Expr) -> Expr:
        f, *rest = self.args
        return OffSum(f.diff(s), *rest)

    def doit(self, **hints: Any) -> Expr:
        f, l, n, excluded = self.args
        whole = Sum(f, (l, 1, n))
        return whole - Add(*[f.subs(l, e) for e in excluded])


def is_name(x: Expr) -> bool:
    """Tell whether a scalar is a letter, with an index or without."""
    return bool(x.is_Symbol or isinstance(x, Indexed)) and bool(x.is_commutative)


class Partial(Expr):
    """A first or second partial derivative of a named scalar by others, as printed; it stays inert.

    >>> from sympy import Symbol
    >>> f, x, y = map(Symbol, "fxy")
    >>> Partial(f, x), Partial(Partial(f, y), x)
    (Partial(f, x), Partial(f, x, y))
    """

    is_commutative = True
    is_number = False
    is_real = True

    def __new__(cls, f: Expr, *by: Expr) -> Expr:
        f, *letters = map(sympify, (f, *by))
        if isinstance(f, Partial):
            f, *earlier = f.args
            letters += earlier
        for one in (f, *letters):
            if not is_name(one):
                raise ShapeError(
                    f"a derivative is printed of a named scalar by another, and {one} is none; what "
                    "is differentiated stands on the left of a claim alone"
                )
        if not 1 <= len(letters) <= 2:
            raise ShapeError("a derivative is printed by one name or by two")
        return Expr.__new__(cls, f, *letters)

    @property
    def by(self) -> tuple[Expr, ...]:
        """The names it is taken by, the last one first, as they are printed."""
        return tuple(self.args[1:])

    def _eval_derivative(self, s: Expr) -> Expr:
        return Partial(self, s)


class Statistic(Expr):
    """An expectation or a covariance, inert until a hypothesis rewrites it."""

    is_number = False

    def __new__(cls, x: Expr) -> Expr:
        return Expr.__new__(cls, sympify(x))

    @property
    def is_commutative(self) -> bool:
        return shape(self.args[0]) == ()


class Expect(Statistic):
    """The expectation of a scalar, vector or matrix."""


class Conditional(Expr):
    """The expectation of a scalar where others are given: a function of them, and random itself."""

    is_commutative = True
    is_number = False

    def __new__(cls, x: Expr, given: Any) -> Expr:
        return Expr.__new__(cls, sympify(x), Tuple(*sorted(set(given), key=default_sort_key)))


class Holds(Expr):
    """1 where a relation of two sides holds, and 0 elsewhere: an event, whose mean is its probability."""

    is_commutative = True
    is_number = False

    def __new__(cls, left: Any, right: Any, relation: str | Str) -> Expr:
        return Expr.__new__(cls, sympify(left), sympify(right), _name(relation))

    @property
    def relation(self) -> str:
        return str(self.args[2])


class Cov(Statistic):
    """The covariance matrix of a column vector: shape (d, d)."""

    is_commutative = False


class Var(Statistic):
    """The variance of a scalar."""

    is_commutative = True
    is_nonnegative = True


def T(x: Any) -> Expr:
    """Return the transpose: `(AB)^T = B^T A^T`, and a scalar is its own.

    >>> from sympy import Symbol
    >>> d, s = Symbol("d"), Symbol("s")
    >>> A = Matrix("A", d, s)
    >>> T(T(A)) == A, T(T(A) * A) == T(A) * A
    (True, True)
    """
    x = sympify(x)
    if x.is_commutative:
        return x
    if isinstance(x, Transposed):
        return x.args[0]
    if isinstance(x, (IdentityMatrix, Gram, Cov, Diag)) or (isinstance(x, Matrix) and x.symmetric):
        return x
    if isinstance(x, Add):
        return Add(*[T(a) for a in x.args])
    if isinstance(x, Mul):
        scalars, word = x.args_cnc()
        return Mul(*scalars, *[T(a) for a in reversed(word)])
    if isinstance(x, Pow):
        return Pow(T(x.base), x.exp)
    if isinstance(x, Inverse):
        return Inverse(T(x.args[0]))
    if isinstance(x, Sum):
        return Sum(T(x.function), *x.limits)
    if isinstance(x, OffSum):
        return OffSum(T(x.args[0]), *x.args[1:])
    if isinstance(x, Expect):
        return Expect(T(x.args[0]))
    if isinstance(x, (Hadamard, Kronecker)):
        return x.func(*map(T, x.args))
    if isinstance(x, Stacked):
        heights, widths, cells = x.args
        turned = [
            T(cells[i]) for j in range(len(widths)) for i in range(j, len(cells), len(widths))
        ]
        return Stacked(widths, heights, turned)
    if isinstance(x, (Letter, Vec, Entrywise)):
        return Transposed(x)
    raise ShapeError(f"{x} has no transpose")


@lru_cache(maxsize=50_000)
def shape(x: Expr) -> Shape:
    """Return (rows, columns), or () for a scalar.

    Raises
    ------
    ShapeError : if a sum or product inside does not fit; both shapes are named.

    >>> from sympy import Symbol
    >>> d, s = Symbol("d"), Symbol("s")
    >>> A = Matrix("A", d, s)
    >>> shape(T(A) * A), shape(Dot(Vector("q", d), Vector("c", d)))
    ((s, s), ())
    """
    if x.is_commutative:
        return ()
    if isinstance(x, Letter):
        return x.shape
    if isinstance(x, Transposed):
        return tuple(reversed(shape(x.args[0])))
    if isinstance(x, (Inverse, Expect)):
        return shape(x.args[0])
    if isinstance(x, Hadamard):
        return shape(x.args[0])
    if isinstance(x, Entrywise):
        return shape(x.args[1])
    if isinstance(x, Stacked):
        return (Add(*x.args[0]), Add(*x.args[1]))
    if isinstance(x, Kronecker):
        (a, b), (c, d) = map(shape, x.args)
        return (a * c, b * d)
    if isinstance(x, Vec):
        return (Mul(*shape(x.args[0])), S.One)
    if isinstance(x, (Cov, Diag)):
        inner = shape(x.args[0])
        if not inner:
            raise ShapeError(f"{type(x).__name__} takes a column, and {x.args[0]} is a number")
        return (inner[0], inner[0])
    if isinstance(x, (Sum, OffSum)):
        return shape(x.args[0])
    if isinstance(x, Add):
        shapes = {shape(a): a for a in x.args}
        if len(shapes) > 1:
            (first, a), (second, b) = list(shapes.items())[:2]
            raise ShapeError(
                f"a sum needs equal shapes; {a} is {show_shape(first)} and {b} is "
                f"{show_shape(second)}"
            )
        return next(iter(shapes))
    if isinstance(x, Mul):
        _, word = x.args_cnc()
        return _chain(word)
    if isinstance(x, Pow):
        base = shape(x.base)
        if base and base[0] != base[1]:
            raise ShapeError(f"a power needs a square matrix; {x.base} is {show_shape(base)}")
        return base
    raise ShapeError(f"{x} has no shape")


def _chain(word: list[Expr]) -> Shape:
    left = shape(word[0])
    for factor in word[1:]:
        right = shape(factor)
        if left[1] != right[0]:
            raise ShapeError(
                f"a product needs matching inner sizes; {show_shape(left)} does not meet "
                f"{show_shape(right)} at {factor}"
            )
        left = (left[0], right[1])
    return left


def show_shape(rows_cols: Shape) -> str:
    """Write a shape for a message.

    >>> from sympy import Integer, Symbol
    >>> show_shape((Symbol("d"), Integer(1))), show_shape(())
    ('d x 1', 'a scalar')
    """
    return " x ".join(map(str, rows_cols)) if rows_cols else "a scalar"


def is_column(x: Expr) -> bool:
    """Tell whether the expression is a column vector."""
    rows_cols = shape(x)
    return bool(rows_cols) and rows_cols[1] == 1
