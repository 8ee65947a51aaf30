r"""Columns of a basis: what is said of s_l for every l is said of the matrix S.

`M s_l = 2 s_l` is M S = 2 S, `s_k^\top t_l = 0` is S^T T = 0, and `\sum_l s_l s_l^\top` is S S^T.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Add, Basic, Expr, Integer, KroneckerDelta, Mul, S, Sum, Symbol

from symattn.algebra.letters import Dot, IdentityMatrix, Letter, Member, Norm, T, shape
from symattn.judge.line import Unclear
from symattn.latex.names import CalculusOf

Columns = Mapping[str, tuple[Letter, Symbol]]


class MatrixEntry(Expr):
    """An entry of a matrix that has no name."""

    is_commutative = True

    def __new__(cls, x: Expr, row: Expr, column: Expr) -> MatrixEntry:
        """Take the matrix and the two indices."""
        return Expr.__new__(cls, x, row, column)


class MatrixEntries(CalculusOf):
    """How the reader takes an entry of a matrix in a sum over columns."""

    def entry(self, x: Expr, *indices: Expr) -> Expr | None:
        """Return an entry of a matrix."""
        return MatrixEntry(x, *indices) if len(indices) == 2 else None


def stacked(columns: Columns, left: Basic, relation: str, right: Basic) -> tuple[Basic, Basic]:
    """Return both sides of an equation of columns as one of matrices; as they are where it is none."""
    members = sorted(
        {m for x in (left, right) for m in x.atoms(Member) if m.name in columns}, key=str
    )
    named = any(isinstance(m.index, Integer) for m in members)
    if relation not in ("=", "==", ":=") or not members or named or len(members) > 2:
        return left, right
    if isinstance(left, Dot) and len(members) == 2:
        one, two = (_whole(columns, x, members) for x in left.args)
        same = KroneckerDelta(*[m.index for m in members])
        if one is None or two is None or right not in (0, same):
            return left, right
        return T(one) * two, IdentityMatrix(shape(two)[1]) if right == same else S.Zero
    if len(members) > 1 or not (isinstance(left, Expr) and isinstance(right, Expr)):
        return left, right
    if left.is_commutative and right.is_commutative:
        scalars = [_products(columns, x, members[0]) for x in (left, right)]
        return (left, right) if None in scalars else (scalars[0], scalars[1])  # type: ignore[return-value]
    for turned in (False, True):
        both = [T(x) if turned and x != 0 else x for x in (left, right)]
        if any(x != 0 and (x.is_commutative or shape(x)[1] != 1) for x in both):
            continue
        found = [_whole(columns, x, members) if x.has(Member) else x for x in both]
        if None not in found and all(x == 0 or shape(x)[1] != 1 for x in found):
            one, two = (T(x) if turned and x != 0 else x for x in found)
            return one, two
    return left, right


def _products(columns: Columns, x: Expr, member: Member) -> Expr | None:
    """Return the column of the scalars x, of which each term is a product of a member with a vector."""
    found = []
    for term in Add.make_args(x.expand()) if x != 0 else ():
        dots = [f for f in Mul.make_args(term) if isinstance(f, Dot)]
        if len(dots) != 1 or term.coeff(dots[0], 1).has(member.index):
            return None
        one, two = sorted(dots[0].args, key=lambda a: not a.has(member))
        whole = _whole(columns, one, [member])
        if whole is None or two.has(member) or not one.has(member):
            return None
        found.append(term.coeff(dots[0], 1) * T(whole) * two)
    return Add(*found)


def _whole(columns: Columns, x: Expr, members: list[Member]) -> Expr | None:
    """Return the matrix with the columns x, which is linear in one member; x itself without one."""
    if not any(x.has(m) for m in members):
        return x
    found = []
    for term in Add.make_args(x.expand()):
        scalars, word = term.args_cnc()
        if not word or word[-1] not in members:
            return None
        if any(f.has(word[-1].index) for f in (*scalars, *word[:-1])):
            return None
        found.append(Mul(*scalars, *word[:-1], columns[word[-1].name][0]))
    return Add(*found)


def gathered(columns: Columns, x: Expr) -> Expr:
    """Write a sum of outer products of the columns of a matrix as a product of matrices.

    Raises
    ------
    Unclear : a column stands by itself; it is no letter of its own.
    """
    if not columns:
        return x
    x = x.replace(lambda e: isinstance(e, Sum), lambda e: _product(columns, e))
    for member in sorted(x.atoms(Member), key=str):
        if member.name in columns:
            matrix = columns[member.name][0].name
            raise Unclear(
                "ask-what-is",
                f"a single column {member.name}_l is judged where the same is said of every l, as in "
                rf"M {member.name}_l = 2 {member.name}_l; write the matrix {matrix}",
            )
    if x.has(MatrixEntry):
        raise Unclear("not-judged", "an entry is judged in a sum over two columns alone")
    return x


def _product(columns: Columns, e: Sum) -> Expr:
    scalars, word = e.function.args_cnc()
    if len(word) != 2 or not isinstance(word[0], Member) or not isinstance(T(word[1]), Member):
        return e
    one, two = word[0], T(word[1])
    matrix, count = columns.get(one.name, (None, None))
    over = [index for index, _, _ in e.limits]
    ends = {str(high) for _, _, high in e.limits}
    if matrix is None or two.name != one.name or any(low != 1 for _, low, _ in e.limits):
        return e
    if not ends <= {str(count), matrix.name, "n"} or {one.index, two.index} != set(over):
        return e
    inner: Expr = S.One
    if len(over) == 2:
        entries = [f for f in scalars if isinstance(f, MatrixEntry)]
        if len(entries) != 1 or entries[0].args[1:] != (one.index, two.index):
            return e
        scalars.remove(entries[0])
        inner = entries[0].args[0]
    unit = Dot(one, one)  # the basis vectors have norm 1
    scalars = [f for f in scalars if f.as_base_exp()[0] not in (unit, Norm(one))]
    if any(f.has(*over) for f in scalars):
        return e
    return Mul(*scalars, matrix, inner, T(matrix))
