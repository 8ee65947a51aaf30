"""Certain bounds on expressions in vectors and matrices, at arrays whose entries are exact.

Guarantee.  Each entry of the result is a ball that holds the true one, so that two results of which
an entry differs certainly are two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from flint import arb, arb_mat, fmpq
from sympy import Expr, Indexed, Sum

from symattn.algebra.balls import CannotEvaluate, Unsure, Value, magnitude, power, whole, working
from symattn.algebra.enclosure import GUARD, Enclosure
from symattn.algebra.letters import (
    ENTRY,
    Det,
    Diag,
    Dot,
    Entrywise,
    Gram,
    Hadamard,
    IdentityMatrix,
    Inverse,
    Kronecker,
    Letter,
    Norm,
    OffSum,
    Stacked,
    T,
    Trace,
    Transposed,
    Vec,
)


class ArrayEnclosure(Enclosure):
    """The values of expressions in vectors and matrices at one instance, at one precision.

    arrays : what each vector, matrix or family is, by name.
    point, precision : as for scalars.
    """

    def __init__(
        self, arrays: Mapping[str, Any], point: Mapping[Any, Fraction], precision: int
    ) -> None:
        super().__init__(point, precision)
        self.arrays = arrays
        self._matrices: dict[Any, arb_mat] = {}

    def array(self, x: Expr) -> arb_mat:
        """Return the value as a matrix of balls; a scalar is one of a single entry."""
        with working(self.precision + GUARD):
            found = self._of(x)
            return found if isinstance(found, arb_mat) else arb_mat(1, 1, [arb(found)])

    def bits(self, x: Any) -> int | None:
        """Return how many bits the largest entry has before the point; None where all are zero."""
        found = [v for v in self.array(x).entries() if not v.is_zero()]
        return max(map(magnitude, found), default=None)

    def _at(self, point: Mapping[Any, Fraction]) -> ArrayEnclosure:
        return ArrayEnclosure(self.arrays, point, self.precision)

    def _of(self, x: Any) -> Any:
        if x.is_commutative is not False:
            return super()._of(x)
        found = self._matrices.get(x)
        if found is None:
            found = self._matrices[x] = self._matrix(x)
        return found

    def _matrix(self, x: Any) -> arb_mat:
        if isinstance(x, Letter):
            return self._letter(x)
        if isinstance(x, Transposed):
            return self._of(x.args[0]).transpose()
        if isinstance(x, Diag):
            entries = self._of(x.args[0]).entries()
            size = len(entries)
            return arb_mat(
                size, size, [v if i == j else 0 for i, v in enumerate(entries) for j in range(size)]
            )
        if isinstance(x, Entrywise):
            inside = self._of(x.args[1])
            values = [
                arb(self._at({**self.point, ENTRY: v})._of(x.args[0])) for v in inside.entries()
            ]
            return arb_mat(inside.nrows(), inside.ncols(), values)
        if isinstance(x, Kronecker):
            a, b = (self._of(e).tolist() for e in x.args)
            return arb_mat([[v * w for v in row for w in under] for row in a for under in b])
        if isinstance(x, Vec):
            entries = self._of(x.args[0]).transpose().entries()
            return arb_mat(len(entries), 1, entries)
        if isinstance(x, Stacked):
            return self._stacked(*x.args)
        if isinstance(x, Hadamard):
            a, b = map(self._of, x.args)
            products = [v * w for v, w in zip(a.entries(), b.entries())]
            return arb_mat(a.nrows(), a.ncols(), products)
        if isinstance(x, Inverse):
            try:
                return self._of(x.args[0]).inv()
            except ZeroDivisionError:
                raise Unsure("an inverse") from None
        if x.is_Add:
            return reduce(lambda a, b: a + b, map(self._of, x.args))
        if x.is_Mul:
            scalars, word = x.args_cnc()
            found = reduce(lambda a, b: a * b, map(self._of, word))
            for s in scalars:
                found = found * arb(self._of(s))
            return found
        if x.is_Pow and x.exp.is_Integer and x.exp > 0:
            return self._of(x.base) ** int(x.exp)
        if isinstance(x, Sum):
            terms: Iterable[Any] = self._terms(x.function, x.limits)
        elif isinstance(x, OffSum):
            terms = self._terms_without(x)
        else:
            raise CannotEvaluate(f"no enclosure of {x.func.__name__}")
        found = None
        for term in terms:
            found = term if found is None else found + term
        if found is None:
            raise CannotEvaluate("a sum of no vectors")
        return found

    def _stacked(self, heights: Any, widths: Any, cells: Any) -> arb_mat:
        rows, columns = ([whole(self._of(s)) for s in sizes] for sizes in (heights, widths))
        lines: list[list[Any]] = []
        for n, height in enumerate(rows):
            line: list[list[Any]] = [[] for _ in range(height)]
            for m, width in enumerate(columns):
                value = self._of(cells[n * len(columns) + m])
                if not isinstance(value, arb_mat):
                    value = arb_mat(height, width, [arb(value)] * (height * width))
                if (value.nrows(), value.ncols()) != (height, width):
                    raise CannotEvaluate("blocks that do not fit")
                for k, entries in enumerate(value.tolist()):
                    line[k] += entries
            lines += line
        return arb_mat(lines)

    def _letter(self, x: Any) -> arb_mat:
        if isinstance(x, IdentityMatrix):
            size = whole(self._of(x.args[0]))
            return arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
        if isinstance(x, Gram):
            return self._of(T(x.args[0]) * x.args[0])
        try:
            value = self.arrays[x.name]
            if x.index is not None:
                value = value[self._place(x.index, len(value))]
        except (KeyError, IndexError):
            raise CannotEvaluate(f"no value for {x}") from None
        rows = np.atleast_2d(value.T).T  # a vector is a column
        return arb_mat(rows.shape[0], rows.shape[1], [arb(float(v)) for v in rows.flat])

    def _place(self, index: Expr, size: int) -> int:
        place = whole(self._of(index)) - 1
        if not 0 <= place < size:
            raise CannotEvaluate("an index beyond its range")
        return place

    def _entry(self, x: Indexed) -> Value:
        if x in self.point:
            return super()._indexed(x)
        value = self.arrays.get(str(x.base))
        if value is None or np.ndim(value) != len(x.indices):
            raise CannotEvaluate(f"no value for {x}")
        for index in x.indices:
            value = value[self._place(index, len(value))]
        return fmpq(*float(value).as_integer_ratio())

    def _dot(self, x: Dot) -> Value:
        u, v = map(self._of, x.args)
        return (u.transpose() * v)[0, 0]

    def _norm(self, x: Norm) -> Value:
        squares = [v * v for v in self._of(x.args[0]).entries()]
        return power(sum(squares, arb(0)), fmpq(1, 2))

    def _det(self, x: Det) -> Value:
        return self._of(x.args[0]).det()

    def _trace(self, x: Trace) -> Value:
        found = self._of(x.args[0])
        return sum((found[i, i] for i in range(found.nrows())), arb(0))

    _rules: Mapping[Any, Any] = {
        **Enclosure._rules,
        Indexed: _entry,
        Dot: _dot,
        Norm: _norm,
        Trace: _trace,
        Det: _det,
    }
