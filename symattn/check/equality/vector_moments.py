r"""Expectations and covariances of vectors, by linearity: what is left are a mean and a covariance.

A random column has a mean `E[X]` and a covariance `C[X] C[X]^\top`, two of them the cross covariance
`C[X] C[Y]^\top`: so every instance is that of a law.  Nothing of a higher order is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Add, Expr, Mul, S, Symbol

from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    IdentityMatrix,
    Letter,
    Matrix,
    Norm,
    Statistic,
    T,
    Trace,
    Transposed,
    Var,
    Vector,
    shape,
)
from symattn.algebra.symbols import of_kind
from symattn.check.equality.moments import NotSaid, outermost
from symattn.check.verdict import Verdict
from symattn.errors import ShapeError
from symattn.latex.grammar.builder import OPEN_SIZE

RANK = Symbol("?rank", integer=True, positive=True)
MEANS = frozenset("\\mu m \\bar{x} \\nu \\bar{X}".split())
"""Letters that as often are the mean of what is random as any constant."""


@dataclass
class _ColumnLaw:
    """The mean of a random column, and its covariance, or a factor of it where none is said."""

    mean: Expr
    covariance: Expr | None = None
    factor: Expr = S.Zero


@dataclass
class Columns:
    """Expectations over random columns."""

    laws: dict[Expr, _ColumnLaw] = field(default_factory=dict)

    def __call__(self, x: Expr) -> Expr:
        """Return an expression without a statistic."""
        if isinstance(x, Expect):
            return self.mean(self(x.args[0]))
        if isinstance(x, Cov):
            inner = self(x.args[0])
            return self.mean(inner * T(inner)) - self.mean(inner) * T(self.mean(inner))
        if isinstance(x, Var):
            inner = self(x.args[0])
            return self.mean(inner**2) - self.mean(inner) ** 2
        if isinstance(x, Transposed):
            return T(self(x.args[0]))
        if not of_kind(Statistic, x):
            return x
        return x.func(*[self(a) if isinstance(a, Expr) else a for a in x.args])

    def mean(self, x: Expr) -> Expr:
        """Return the mean of a sum of products, each of at most two random columns."""
        squares = {
            e: Dot(e.args[0], e.args[0]) for e in of_kind(Norm, x) if shape(e.args[0])[1] == 1
        }
        x = x.replace(
            lambda e: e.is_Pow and e.base in squares and e.exp.is_even,
            lambda e: squares[e.base] ** (e.exp / 2),
        )
        return Add(*[self._of_term(term) for term in Add.make_args(_spread(x.expand()))])

    def _of_term(self, term: Expr) -> Expr:
        scalars, word = term.args_cnc()
        scalars = [f for s in scalars for f in _factors(s)]
        moving = [s for s in scalars if self._degree(s)]
        rest = Mul(*[s for s in scalars if s not in moving])
        degree = self._degree(Mul(*word))
        if not moving:
            return rest * self._of_word(word, degree)
        if len(moving) == 1 and not degree:
            return rest * self._of_scalar(moving[0]) * Mul(*word)
        pairs = [self._fixed_and_moving(s) for s in moving]
        if len(moving) == 2 and not degree:
            (a, u), (b, v) = pairs
            return rest * Dot(a, self.second(u, v) * b) * Mul(*word)
        if len(moving) == 1 and degree == 1:
            ((a, u),) = pairs
            whole = Mul(*word)
            if shape(whole)[1] == 1:
                return rest * self.second(whole, u) * a
            if shape(whole)[0] == 1:
                return rest * T(self.second(T(whole), u) * a)
        raise NotSaid("a moment of a higher order is not taken here")

    def _of_word(self, word: Sequence[Expr], degree: int) -> Expr:
        if degree == 0:
            return Mul(*word)
        if degree == 1:
            return Mul(*[w.xreplace({x: law.mean for x, law in self.laws.items()}) for w in word])
        for at in range(1, len(word)):
            u, v = Mul(*word[:at]), T(Mul(*word[at:]))
            if self._degree(u) == 1 == self._degree(v) and shape(u)[1] == 1 == shape(v)[1]:
                return self.second(u, v)
        raise NotSaid("a moment of a higher order is not taken here")

    def _of_scalar(self, x: Expr) -> Expr:
        if isinstance(x, Trace):
            return Trace(self.mean(x.args[0]))
        if isinstance(x, Dot):
            u, v = x.args
            degrees = (self._degree(u), self._degree(v))
            if sum(degrees) == 1:
                return x.xreplace({y: law.mean for y, law in self.laws.items()})
            if degrees == (1, 1):
                return Trace(self.second(u, v))
        raise NotSaid("a moment of this kind is not taken here")

    def second(self, u: Expr, v: Expr) -> Expr:
        """Return the mean of u v^T for two columns that hold one random column each, at their end."""
        (left, x), (right, y) = self._split(u), self._split(v)
        one, other = self.laws[x], self.laws[y]
        middle = one.mean * T(other.mean) if one.mean != 0 != other.mean else S.Zero
        if one.covariance is None and other.covariance is None:
            middle += one.factor * T(other.factor)
        elif x == y and one.covariance is not None:
            middle += one.covariance
        if middle.is_zero:
            return S.Zero
        scalars = [s for side in (left, right) for s in side[0]]
        before, after = Mul(*left[1]), T(Mul(*right[1]))
        return Mul(*scalars) * before * middle * after

    def _split(self, u: Expr) -> tuple[tuple[list[Expr], list[Expr]], Expr]:
        scalars, word = u.args_cnc()
        if self._degree(Mul(*scalars)) or not word or word[-1] not in self.laws:
            raise NotSaid("a moment of this kind is not taken here")
        return (scalars, word[:-1]), word[-1]

    def _fixed_and_moving(self, x: Expr) -> tuple[Expr, Expr]:
        if isinstance(x, Dot):
            for a, u in (x.args, tuple(reversed(x.args))):
                if not self._degree(a) and self._degree(u) == 1:
                    return a, u
        raise NotSaid("a moment of a higher order is not taken here")

    def _degree(self, x: Expr) -> int:
        """Return how many random columns a product holds."""
        if x in self.laws:
            return 1
        if isinstance(x, (Mul, Dot, Trace, Transposed)):
            return sum(map(self._degree, x.args))
        if x.is_Pow and x.exp.is_Integer and x.exp > 0:
            return int(x.exp) * self._degree(x.base)
        if not x.has(*self.laws):
            return 0
        if x.is_Add:
            return max(map(self._degree, x.args))
        raise NotSaid("a moment of this kind is not taken here")


def _factors(x: Expr) -> list[Expr]:
    return [x.base] * int(x.exp) if x.is_Pow and x.exp.is_Integer and x.exp > 0 else [x]


def _spread(x: Expr) -> Expr:
    """Write dots and traces of sums as sums."""

    def dot(e: Expr) -> Expr:
        u, v = (Add.make_args(a.expand()) for a in e.args)
        return Add(*[_pulled(Dot, a, b) for a in u for b in v])

    x = x.replace(lambda e: isinstance(e, Dot), dot)
    x = x.replace(
        lambda e: isinstance(e, Trace),
        lambda e: Add(*[_pulled(Trace, a) for a in Add.make_args(e.args[0].expand())]),
    )
    found: Expr = x.expand()
    return found


def _pulled(kind: Any, *terms: Expr) -> Expr:
    parts = [t.args_cnc() for t in terms]
    return Mul(*[s for scalars, _ in parts for s in scalars], kind(*[Mul(*w) for _, w in parts]))


def decide(
    left: Expr,
    right: Expr,
    given: Iterable[Any],
    seed: int,
    drawn: Mapping[str, tuple[Expr, Expr] | None],
) -> Verdict:
    """Return the verdict on two sides that hold statistics of vectors.

    drawn : the letters that are said to be drawn, with the mean and the covariance of a normal law.

    >>> d = Symbol("d", integer=True, positive=True)
    >>> A, X = Matrix("A", d, d), Vector("X", d)
    >>> decide(Cov(A * X), A * Cov(X) * T(A), (), 0, {}).verdict
    'proved'
    >>> decide(Cov(A * X), T(A) * Cov(X) * A, (), 0, {}).verdict
    'refuted'
    """
    from symattn.check.equality.matrices import decide as decide_matrices

    try:
        letters, sure = _random(left, right, drawn)
        columns, change = Columns(), dict[Expr, Expr]()
        for x in letters:
            columns.laws[x], made = _law(x, drawn.get(x.name))
            change |= made
        sides = [columns(x.xreplace(change)) for x in (left, right)]
    except NotSaid as error:
        return Verdict("undecided", "not-proved", str(error))
    except ShapeError as error:
        return Verdict("refuted", "shape-mismatch", str(error))
    found = decide_matrices(sides[0], sides[1], tuple(given), seed)
    names = ", ".join(x.name for x in letters)
    assumed = (f"{names} random, with the moments that are written", "all other letters constant")
    doubtful = sorted(e.name for e in of_kind(Letter, left, right) if e.name in MEANS and not drawn)
    if found.verdict == "refuted" and (not sure or doubtful):
        why = f"{doubtful[0]} may be a mean" if doubtful else "it is not said what is random"
        return Verdict("undecided", "two-readings", why, (), None, assumed)
    return replace(found, assumptions=(*assumed, *found.assumptions))


def _random(left: Expr, right: Expr, drawn: Mapping[str, Any]) -> tuple[list[Expr], bool]:
    """Return the random columns, and whether it is said that they are."""
    inside = {e for s in of_kind(Statistic, left, right) for e in of_kind(Letter, s)}
    scalars = {s for e in of_kind(Statistic, left, right) for s in e.free_symbols}
    scalars = {s for s in scalars if str(s)[:1].isupper() and not s.is_integer}
    bare = [x.xreplace({e: _hollow(e) for e in outermost(x)}) for x in (left, right)]
    outside = set(of_kind(Letter, *bare))
    columns = [e for e in inside if isinstance(e, Vector) and shape(e)[1] == 1]
    found = [e for e in columns if e.name in drawn]
    sure = bool(found)
    if not drawn:
        capitals = [e for e in columns if e.name[0].isupper()]
        sure = bool(capitals)
        found = capitals or [e for e in columns if e not in outside and e.name != "\\mathbf{1}"]
        if any(e.index is not None for e in inside):
            raise NotSaid("a family of random columns is not taken here")
    if scalars or not found or any(e in outside for e in found):
        raise NotSaid("it is not said which letters are random")
    return sorted(found, key=lambda e: e.name), sure


def _hollow(e: Expr) -> Expr:
    """Return something without letters in the place of a statistic."""
    sizes = shape(e)
    return Matrix("?", *sizes) if sizes else Symbol("?")


def _law(x: Expr, said: tuple[Expr, Expr] | None) -> tuple[_ColumnLaw, dict[Expr, Expr]]:
    """Return the law of a column, and what makes its covariance one of a law: L L^T."""
    size = shape(x)[0]
    if said is None:
        return _ColumnLaw(
            Vector(f"E[{x.name}]", size), None, Matrix(f"C[{x.name}]", size, RANK)
        ), {}
    mean, covariance = (e.xreplace({OPEN_SIZE: size}) for e in said)
    change: dict[Expr, Expr] = {}
    if not covariance.is_commutative and shape(covariance) != (size, size):
        raise ShapeError(f"the covariance of {x} is no matrix of its size")
    if isinstance(covariance, Matrix):
        root = Matrix(f"C[{x.name}]", size, size)
        change = {covariance: root * T(root)}
        covariance = change[covariance]
    elif not isinstance(Mul(*covariance.args_cnc()[1]), IdentityMatrix):
        raise NotSaid("nothing is known here of this covariance")
    if not mean.is_zero and shape(mean) != (size, S.One):
        raise ShapeError(f"the mean of {x} is no column of its length")
    return _ColumnLaw(S.Zero if mean.is_zero else mean, covariance), change
