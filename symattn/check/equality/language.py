"""The functions that a side may write besides those of the reader, and how it is differentiated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

import sympy
from sympy import (
    Abs,
    Derivative,
    Dummy,
    Expr,
    Indexed,
    IndexedBase,
    Rational,
    S,
    Sum,
    Symbol,
    erf,
    exp,
    log,
    oo,
    sqrt,
)

from symattn.algebra.letters import (
    ENTRY,
    Det,
    Diag,
    Dot,
    Entrywise,
    Hadamard,
    IdentityMatrix,
    Kronecker,
    Letter,
    Member,
    Stacked,
    T,
    Vec,
    Vector,
    shape,
)
from symattn.algebra.stable import Peak
from symattn.algebra.symbols import of_kind
from symattn.check.equality.gradients import ONES, NoRule, entry, gradient, jacobian, trace_of
from symattn.check.equality.picks import PICKS
from symattn.errors import ShapeError
from symattn.latex.grammar.builder import OPEN_SIZE
from symattn.latex.names import CalculusOf, Vocabulary

BASIS = "\\mathrm{e}"
# The size of a family of which the softmax is taken; the sums over it say what it is.
BENT = (Abs, sympy.sign, sympy.Max, sympy.Min, sympy.Piecewise, sympy.floor, sympy.ceiling)
ENTRIES = Symbol("?entries", integer=True, positive=True)


def _normal(x: Expr) -> Expr:
    return (1 + erf(x / sqrt(2))) / 2


def _quantile(p: Expr) -> Expr:
    """Return the quantile function of the normal law, which is odd about one half."""
    y = 2 * p - 1
    sign = -1 if y.could_extract_minus_sign() else 1
    return sign * sqrt(2) * sympy.erfinv(sign * y)


def _det(x: Expr) -> Expr:
    return x if x.is_commutative else Det(x)


def _diag(x: Expr) -> Expr:
    """Return the diagonal matrix of a column, and the column of the diagonal of a matrix."""
    sizes = shape(x)
    if x.is_Add:
        return sympy.Add(*map(_diag, x.args))
    if sizes and sizes[1] == 1:
        scalars, word = x.args_cnc()
        return sympy.Mul(*scalars, Diag(sympy.Mul(*word)))
    if len(sizes) < 2 or sizes[0] != sizes[1]:
        return Diag(x)
    return Hadamard(x, IdentityMatrix(sizes[0])) * Vector(ONES, sizes[0])


def _value_at(x: Expr, letter: Expr, at: Expr) -> Expr:
    """Return what an expression is where a letter has a value."""
    bends = [e for e in of_kind(Derivative, x) if of_kind(BENT, e.expr)]
    if bends or not isinstance(letter, Symbol) or x.is_commutative is False:
        raise TypeError
    found: Expr = x.doit().xreplace({letter: at})
    return found


def _relu(x: Expr) -> Expr:
    return sympy.Max(x, 0)


def _logistic(x: Expr) -> Expr:
    return 1 / (1 + exp(-x))


def _numbered(one: Callable[..., Expr], two: Callable[..., Expr]) -> Callable[..., Expr]:
    r"""Return a function whose form with two arguments is numbered, as `\operatorname{atan}_2`."""

    def at(*arguments: Expr, below: Expr | None = None) -> Expr:
        if below is None:
            return one(*arguments)
        if below != 2:
            raise TypeError
        return two(*arguments)

    return at


def _softmax(x: Expr) -> Expr:
    """Return the softmax of a column, and of a matrix that of each of its rows."""
    sizes = shape(x)
    if not sizes:
        raise TypeError
    weights = entrywise(exp(ENTRY), x)
    if sizes[1] == 1:
        return weights / Dot(Vector(ONES, sizes[0]), weights)
    return Diag(Entrywise(1 / ENTRY, weights * Vector(ONES, sizes[1]))) * weights


def entrywise(f: Expr, x: Expr) -> Expr:
    """Return a function of each entry; what is added to all of them leaves an exponential."""
    outside, rest = S.One, S.Zero
    for term in sympy.Add.make_args(x.expand()):
        scalars, word = term.args_cnc()
        if f == exp(ENTRY) and len(word) == 1 and getattr(word[0], "name", "") == ONES:
            outside *= exp(sympy.Mul(*scalars))
        else:
            rest += term
    return outside * (Vector(ONES, shape(x)[0]) if rest.is_zero else Entrywise(f, rest))


FUNCTIONS: dict[str, Callable[..., Expr]] = {
    "det": _det,
    "vec": lambda x: x if x.is_commutative else Vec(x),
    "diag": _diag,
    "\\Gamma": lambda *x: (sympy.gamma if len(x) == 1 else sympy.uppergamma)(*x),
    "\\Phi": _normal,
    "arcosh": sympy.acosh,
    "arsinh": sympy.asinh,
    "artanh": sympy.atanh,
    "asin": sympy.asin,
    "acos": sympy.acos,
    "acot": sympy.acot,
    "asec": sympy.asec,
    "acsc": sympy.acsc,
    "asinh": sympy.asinh,
    "acosh": sympy.acosh,
    "atanh": sympy.atanh,
    "acoth": sympy.acoth,
    "arcsinh": sympy.asinh,
    "arccosh": sympy.acosh,
    "arctanh": sympy.atanh,
    "arccot": sympy.acot,
    "asech": sympy.asech,
    "acsch": sympy.acsch,
    "sech": sympy.sech,
    "csch": sympy.csch,
    "erfi": sympy.erfi,
    "floor": sympy.floor,
    "ceil": sympy.ceiling,
    "ceiling": sympy.ceiling,
    "Max": sympy.Max,
    "Min": sympy.Min,
    "Abs": sympy.Abs,
    "sinc": lambda x: sympy.sin(x) / x,
    "digamma": sympy.digamma,
    "erfinv": sympy.erfinv,
    "erfcinv": sympy.erfcinv,
    "probit": _quantile,
    "valueat": _value_at,
    "loggamma": sympy.loggamma,
    "polygamma": sympy.polygamma,
    "harmonic": sympy.harmonic,
    "\\zeta": sympy.zeta,
    "Si": sympy.Si,
    "Ci": sympy.Ci,
    "Shi": sympy.Shi,
    "Chi": sympy.Chi,
    "Ei": sympy.Ei,
    "li": sympy.li,
    "Li": sympy.Li,
    "frac": sympy.frac,
    "atan": sympy.atan,
    "\\operatorname{atan}": _numbered(sympy.atan, sympy.functions.atan2),
    "factorial2": sympy.factorial2,
    **{
        f"\\operatorname{{{name}}}_{{{label}}}": getattr(sympy.functions, f"{name}_{label}")
        for name, label in (
            ("hermite", "prob"),
            ("jacobi", "symbol"),
            ("kronecker", "symbol"),
            ("legendre", "symbol"),
        )
    },
    "erf": _numbered(sympy.erf, sympy.functions.erf2),
    **{
        name: getattr(sympy.functions, name)
        for name in "andre carmichael partition primepi marcumq Rem motzkin".split()
    },
    "softmax": _softmax,
    "logsumexp": lambda *x: log(sympy.Add(*map(exp, x))),
    "relu": _relu,
    "ReLU": _relu,
    "softplus": lambda x: log(1 + exp(x)),
    "silu": lambda x: x * _logistic(x),
    "swish": lambda x: x * _logistic(x),
    "GELU": lambda x: x * _normal(x),
    "gelu": lambda x: x * _normal(x),
    "logit": lambda x: log(x / (1 - x)),
    "log1p": lambda x: log(1 + x),
    "expm1": lambda x: exp(x) - 1,
    "clip": lambda x, low, high: sympy.Min(sympy.Max(x, low), high),
    "cbrt": lambda x: sympy.sign(x) * sympy.Abs(x) ** Rational(1, 3),
}


class Entries(CalculusOf):
    """Derivatives by letters, and entries: what `equal` adds to the reader.

    families : the names of letters that have entries.
    other : whether what may be laid out in two ways is to be in the second.
    """

    def __init__(self, families: frozenset[str] = frozenset(), other: bool = False) -> None:
        self.families = families
        self.other = other

    def gradient(self, f: Expr, x: Expr) -> Expr | None:
        """Return the gradient of a scalar by a vector or a matrix; None where no rule gives it."""
        try:
            return gradient(f, x)
        except NoRule:
            return None

    def by_vector(self, f: Expr, x: Expr, twice: bool) -> Expr | None:
        """Return a derivative by a vector that may be laid out in two ways; None as above."""
        try:
            if twice:
                found = jacobian(gradient(f, x), x)
                return trace_of(found) if self.other else found
            found = gradient(f, x) if f.is_commutative else jacobian(f, x)
        except NoRule:
            return None
        return T(found) if self.other else found

    def norm(self, x: Expr, p: Expr) -> Expr | None:
        """Return the p-norm of a column; None where no rule gives its entries."""
        l = Symbol("l", integer=True, positive=True)
        one = self.entry(x, l)
        if one is None:
            return None
        size = shape(x)[0]
        if p is oo:
            return _extreme(1, Abs(one), l, size, ())
        return Sum(Abs(one) ** p, (l, 1, size)) ** (1 / p)

    def entry(self, x: Expr, *indices: Expr) -> Expr | None:
        """Return an entry of a vector or a matrix; None where no rule gives it."""
        try:
            return entry(x, *indices)
        except NoRule:
            return _by_basis(x, *indices)

    def stacked(self, rows: list[list[Expr]]) -> Expr | None:
        """Return a matrix of numbers or of blocks.

        Raises
        ------
        ShapeError : where the blocks do not fit.
        """
        sizes = [
            {shape(x)[side] if not x.is_commutative else S.One for x in line if not x.is_zero}
            for side, lines in ((0, rows), (1, [list(c) for c in zip(*rows)]))
            for line in lines
        ]
        sizes = [one - {OPEN_SIZE} for one in sizes]
        for _ in sizes:  # an identity is as high as it is wide
            for i, row in enumerate(rows):
                for j, x in enumerate(row):
                    if OPEN_SIZE in x.free_symbols:
                        both = sizes[i] | sizes[len(rows) + j]
                        sizes[i], sizes[len(rows) + j] = both, both
        sizes = [one or {S.One} for one in sizes]
        if len({len(row) for row in rows}) > 1 or any(len(one) > 1 for one in sizes):
            raise ShapeError("the blocks of this matrix do not fit")
        found = [min(one, key=str) for one in sizes]
        heights, widths = found[: len(rows)], found[len(rows) :]
        cells = [x.xreplace({OPEN_SIZE: h}) for row, h in zip(rows, heights) for x in row]
        return Stacked(heights, widths, cells)

    def kronecker(self, a: Expr, b: Expr, columns: bool) -> Expr | None:
        """Return the Kronecker product of two matrices; of columns it may be the outer product."""
        return None if columns and not self.other else Kronecker(a, b)

    def elementwise(self, a: Expr, b: Expr) -> Expr:
        """Return the product of two vectors or matrices entry by entry."""
        return Hadamard(a, b)

    def entry_of_function(self, name: str, x: Expr, index: Expr) -> Expr | None:
        """Return an entry of the softmax of a vector that is known by its entries."""
        if name != "softmax":
            return None
        over = Dummy("l", integer=True, positive=True)
        if x.is_commutative:
            known = {s for s in x.free_symbols if s.name in self.families}
            if not known and len(x.free_symbols) == 1:
                known = x.free_symbols
            if not known:
                return None
            size: Expr = ENTRIES
            at = lambda i: x.xreplace({s: member(s.name, i) for s in known})  # noqa: E731
        elif shape(x)[1] == 1:
            size = shape(x)[0]
            if self.entry(x, index) is None:
                return None
            at = lambda i: entry(x, i)  # noqa: E731
        else:
            return None
        return exp(at(index)) / Sum(exp(at(over)), (over, 1, size))


def _by_basis(x: Expr, *indices: Expr) -> Expr | None:
    """Return an entry as the product with vectors of the basis; None for what has an index itself."""
    if any(e.name == BASIS or e.index is not None for e in of_kind(Letter, x)):
        return None
    rows, columns = shape(x)
    last = Member(BASIS, indices[1], columns) if len(indices) > 1 else S.One
    return Dot(Member(BASIS, indices[0], rows), x * last)


def member(name: str, *indices: Expr) -> Expr:
    """Return an entry of the family of a name."""
    return Indexed(IndexedBase(name, real=True), *indices)


def _extreme(sign: int, f: Expr, index: Expr, upper: Expr, excluded: tuple[Expr, ...]) -> Expr:
    """Return a maximum over an index, which is called the same whatever letter stood there."""
    own = Symbol(f"_{1 + len(of_kind(Peak, f))}", integer=True, positive=True)
    return sign * Peak(sign * f.xreplace({index: own}), own, upper, excluded)


RANGES = {"max": partial(_extreme, 1), "min": partial(_extreme, -1), **PICKS}


@lru_cache(maxsize=64)
def _words(families: frozenset[str]) -> Vocabulary:
    return Vocabulary(functions=FUNCTIONS, ranges=RANGES, calculus=Entries(families))


def language(
    letters: Mapping[str, Expr],
    families: frozenset[str] = frozenset(),
    size: Expr | None = None,
) -> Vocabulary:
    """Return the vocabulary of a side.

    letters : the vectors, matrices and scalars that are known, by name; a member of a family stands
        for the whole of it.
    families : other letters that have entries; size : of an identity that nothing else fixes.
    """
    words = _words(families)
    if size is not None:
        words = words.merged(Vocabulary(size=size))
    for name, letter in letters.items():
        if isinstance(letter, Member):
            words = words.define(name, lambda index, e=letter: Member(e.name, index, shape(e)[0]))
            continue
        words = words.define(name, letter)
        if isinstance(letter, Letter):
            words = words.define(name, _entries(name, letter))
    return words


def _entries(name: str, letter: Letter) -> Callable[..., Expr]:
    count = 1 if shape(letter)[1] == 1 else 2

    def at(*indices: Any) -> Expr:
        if len(indices) != count:
            raise ShapeError(
                f"an entry of {name} has {'one index' if count == 1 else 'two indices'}"
            )
        return member(name, *indices)

    return at
