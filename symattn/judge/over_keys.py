r"""Vectors over the keys: K q, \alpha, \mathbf{1}, e_i, softmax.  What is said of them is said of each entry.

The rows of K are the keys, or its columns, whichever fits; the same of V and the values.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

from sympy import Add, Basic, Expr, KroneckerDelta, Mul, S, Sum, Symbol, exp, log, sqrt
from sympy.core.symbol import Str

from symattn.algebra.attention import alpha, d, i, j, k, n, v, z
from symattn.algebra.letters import Dot, Letter, Matrix, Member, Norm, Shape, T, Vector, shape
from symattn.errors import ReadError, ShapeError
from symattn.judge.free_letters import reindexed
from symattn.judge.line import Unclear
from symattn.latex import nodes as tree
from symattn.latex.meaning import ReadCondition, Reading, read
from symattn.latex.names import CalculusOf, Vocabulary
from symattn.latex.nodes import Statement

ALPHA, ONES, LOGITS = (Vector(x, n) for x in (r"\alpha", r"\mathbf{1}", "z"))
ROWS = {"K": k, "V": v}
_COLUMNS = (
    r"NAME=[\[(](?P<member>[kv])_1,(?:[kv]_2,)?(?:\\[lc]?dots|\.\.\.),(?P=member)_n[\])]"
    r"(?P<turned>\^(?:\\top|T|\\mathsf ?T|\\intercal))?"
)
ENTROPY = "H"
_WEIGHTS = {r"\alpha", r"\mathbf{1}", "e", "q"}


class OfVector(Letter):
    """The softmax of a vector over the keys, or the exponential of each of its entries."""

    def __new__(cls, name: str, x: Expr) -> OfVector:
        """Take a column with an entry for each key.

        Raises
        ------
        ShapeError : it is none.
        """
        if shape(x) != (n, 1):
            raise ShapeError(f"{name} is read of a vector with an entry for each key")
        return Expr.__new__(cls, Str(name), x)

    @property
    def shape(self) -> Shape:
        """A column with an entry for each key."""
        return (n, S.One)


def _exp(x: Expr) -> Expr:
    return exp(x) if x.is_commutative else OfVector("exp", x)


class Listed(Letter):
    """The column of all that an expression is as its index runs over the keys."""

    def __new__(cls, f: Expr, index: Expr) -> Listed:
        """Take a scalar, and the index in it."""
        return Expr.__new__(cls, f, index)

    @property
    def shape(self) -> Shape:
        """A column with an entry for each key."""
        return (n, S.One)


def entropy(x: Expr) -> Expr:
    """Return the entropy of a column over the keys.

    Raises
    ------
    ShapeError : it is none.
    """
    if x.is_commutative or shape(x) != (n, 1):
        raise ShapeError("the entropy is read of a vector with an entry for each key")
    over = _fresh(x)
    one = entry(x, over)
    return -Sum(one * log(one), (over, 1, n))


class KeyEntries(CalculusOf):
    """How the reader takes entries of vectors over the keys; derivatives it leaves alone."""

    def column(self, first: list[Expr], rest: Expr) -> Expr | None:
        """Return the column whose first entries belong to the pair of the question."""
        units = [Member("e", at, n) for at in (i, j)][: len(first)]
        if len(units) != len(first):
            return None
        others = Add(ONES, *[-e for e in units])
        return Add(rest * others, *[x * e for x, e in zip(first, units)]).expand()

    def family(self, f: Expr, index: Expr) -> Expr:
        """Return the column of all members."""
        return Listed(f, index)

    def entry(self, x: Expr, *indices: Expr) -> Expr | None:
        """Return the entry of a column over the keys."""
        return entry(x, indices[0]) if shape(x) == (n, 1) else None

    def elementwise(self, a: Expr, b: Expr) -> Expr:
        """Refuse a product entry by entry.

        Raises
        ------
        ShapeError : always.
        """
        raise ShapeError("a product entry by entry is not judged")

    def entry_of_function(self, name: str, x: Expr, index: Expr) -> Expr | None:
        """Return an entry of a softmax, or of what is exponentiated entry by entry."""
        return entry(OfVector(name, x), index) if name in ("softmax", "exp") else None


def with_vectors(
    words: Vocabulary, statement: Statement, latex: str
) -> tuple[Vocabulary, str] | None:
    r"""Return the vocabulary in which a line is one of vectors over the keys; None for another line.

    With it the line, without what only says what K is, as `K = [k_1, \dots, k_n]^\top`.
    """
    columns: dict[str, tuple[Expr, Expr]] = {}
    rest = []
    for c in statement.conditions:
        name = c.terms[0].base if type(c.terms[0]) is tree.Name else ""
        said = re.sub(r"\\[,;:!]|\\left|\\right|[\s{}]", "", latex[c.start : c.end])
        found = re.fullmatch(_COLUMNS.replace("NAME", name), said) if name in ROWS else None
        if found is None or found["member"] != ROWS[name](n).name:
            rest.append(c)
            continue
        columns[name] = (n, d) if found["turned"] else (d, n)
        latex = latex[: c.start] + " " * (c.end - c.start) + latex[c.end :]
    named = {x.base for x in tree.names(statement) if not x.indices and not x.primes}
    units = any(x.base == "e" and len(x.indices) == 1 for x in tree.names(statement))
    applied = {a.function for a in tree.every(statement, tree.Apply)}
    listed = any(
        any(type(x) is tree.Dots for x in g.items) for g in tree.every(statement, tree.Group)
    )
    matrices = [x for x in ROWS if x in named and words.letter(x) is None]
    stated = {x.base for c in rest if c.relations for x in tree.names(c.terms[:1])}
    if stated & {*matrices, "e"} or words.letter(r"\alpha") is not None:
        return None
    beside = units or named & _WEIGHTS
    if not (applied & {"softmax", ENTROPY} or r"\mathbf{1}" in named or (matrices and beside) or (
        (units or listed) and r"\alpha" in named
    )):  # fmt: skip
        return None
    words = words.define(r"\alpha", ALPHA).define(r"\mathbf{1}", ONES).define("z", LOGITS)
    words = words.define("e", lambda index: Member("e", index, n)).function("exp", _exp)
    words = words.function("softmax", lambda x: OfVector("softmax", x))
    for sizes in product(*[[columns[x]] if x in columns else [(n, d), (d, n)] for x in matrices]):
        own = words
        for name, size in zip(matrices, sizes):
            own = own.define(name, Matrix(name, *size))
        own = own.with_entries(KeyEntries())
        try:
            terms = [x for x in read(latex, own).terms if x != 0 and isinstance(x, Expr)]
            if len({shape(x) for x in terms}) < 2:
                return own, latex
        except (ReadError, ShapeError):
            continue
    return None


def by_entry(
    reading: Reading, place: Symbol, other: Symbol
) -> tuple[Reading, list[tuple[Basic, ...]]]:
    r"""Say of each entry what a line says of vectors over the keys: its own chain, and those beside it.

    `\alpha \approx e_i` becomes `\alpha_i \approx 1` and, of l other than i, `\alpha_l \approx 0`.

    place : the index of a line without e_i.
    other : the index of the entries that no e_i of the line has.
    """
    terms = [x.expand() if isinstance(x, Expr) else x for x in reading.terms]
    notes = [
        f"{x} is taken as the matrix whose {'rows' if shape(m)[0] == n else 'columns'} are the "
        f"{'keys' if x == 'K' else 'values'}"
        for x in ROWS for m in {a for t in terms for a in t.atoms(Matrix)} if m.name == x
    ]  # fmt: skip
    notes = [*reading.notes, *notes]
    conditions = tuple(
        replace(c, terms=tuple(reduced(x) if isinstance(x, Expr) else x for x in c.terms))
        for c in reading.conditions
    )
    if not any(isinstance(x, Expr) and _over_keys(x) for x in terms):
        plain = tuple(reduced(x) if isinstance(x, Expr) else x for x in terms)
        return replace(reading, terms=plain, conditions=conditions, notes=tuple(notes)), []
    if reading.remainders or any(not isinstance(x, Expr) for x in terms):
        raise Unclear("not-judged", "this is not judged of a vector over the keys")
    units = sorted({a.index for x in terms for a in x.atoms(Member) if a.name == "e"}, key=str)
    chains = []
    for at in [*units, other] if units else [place]:
        equal = {KroneckerDelta(at, unit): S.One if at == unit else S.Zero for unit in units}
        chains.append(tuple(entry(x, at).xreplace(equal) if x != 0 else x for x in terms))
    apart = tuple(
        ReadCondition("with", (other, unit), ("!=",), rf"{other} \ne {unit}") for unit in units
    )
    first, *more = chains
    notes.append("what is said of a vector over the keys is said of each of its entries")
    return replace(reading, terms=first, conditions=(*conditions, *apart), notes=tuple(notes)), more


def _over_keys(x: Expr) -> bool:
    return not x.is_commutative and shape(x) == (n, 1)


def entry(x: Expr, at: Expr) -> Expr:
    """Return an entry of a column over the keys.

    Raises
    ------
    Unclear : it is made of something else.
    """
    if isinstance(x, Add):
        return Add(*[entry(a, at) for a in x.args])
    if isinstance(x, Mul):
        scalars, (first, *rest) = x.args_cnc()
        scalars = [reduced(a) for a in scalars]
        if not rest:
            return Mul(*scalars, entry(first, at))
        row = _column(T(first), at)
        if row is not None:
            return Mul(*scalars, Dot(row, reduced(Mul(*rest))))
    if x == ALPHA:
        return alpha(at)
    if x == LOGITS:
        return z(at)
    if x == ONES:
        return S.One
    if isinstance(x, Member) and x.name == "e":
        return KroneckerDelta(at, x.index)
    if isinstance(x, Listed):
        return reindexed(x.args[0], {x.args[1]: at})  # type: ignore[no-any-return]
    if isinstance(x, OfVector):
        over, inner = _fresh(x), x.args[1]
        whole = Sum(exp(entry(inner, over)), (over, 1, n)) if x.name == "softmax" else S.One
        return exp(entry(inner, at)) / whole
    raise Unclear("not-judged", f"an entry of {x} is not judged")


def _column(matrix: Expr, at: Expr) -> Expr | None:
    """The column of a matrix of the keys or values, or None."""
    for name, row in ROWS.items():
        if matrix in (Matrix(name, d, n), T(Matrix(name, n, d))):
            return row(at)
    return None


def _fresh(x: Basic) -> Symbol:
    """An index that does not stand in an expression."""
    taken = {s.name for s in x.free_symbols}
    return Symbol(next(s for s in "mrltu" if s not in taken), integer=True, positive=True)


def reduced(x: Expr) -> Expr:
    """Return an expression with what is summed over the keys written as a sum.

    Raises
    ------
    Unclear : a matrix of the keys stands otherwise.
    """
    if not any(_of_keys(a) for a in x.atoms(Letter)):
        return x
    if isinstance(x, Dot) and shape(x.args[0]) == (n, 1):
        one, two = x.args
        for a, b in ((one, two), (two, one)):
            if isinstance(a, Member) and a.name == "e":
                return entry(b, a.index)
        over = _fresh(x)
        return Sum(entry(one, over) * entry(two, over), (over, 1, n))
    if isinstance(x, Norm) and shape(x.args[0]) == (n, 1):
        over = _fresh(x)
        return sqrt(Sum(entry(x.args[0], over) ** 2, (over, 1, n)))
    if isinstance(x, Mul) and not x.is_commutative:
        scalars, word = x.args_cnc()
        scalars = [reduced(a) for a in scalars]
        for at in range(len(word) - 1):
            over = _fresh(x)
            column = _column(Mul(*word[: at + 1]), over)
            rest = Mul(*word[at + 1 :])
            if column is None or shape(rest) != (n, 1):
                continue
            if isinstance(rest, Member):
                return Mul(*scalars, column.xreplace({over: rest.index}))
            return Mul(*scalars, Sum(entry(rest, over) * column, (over, 1, n)))
    if isinstance(x, Letter):
        raise Unclear("not-judged", "the matrix of the keys is judged beside vectors alone")
    return x.func(*[reduced(a) if isinstance(a, Expr) else a for a in x.args])


def _of_keys(a: Letter) -> bool:
    return n in a.shape
