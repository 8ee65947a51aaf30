"""Powers, roots, transposes and inverses."""

from __future__ import annotations

from math import log2
from typing import Any

from sympy import Expr, Indexed, Mul, Pow, S, Symbol, exp, sqrt

from symattn.algebra.letters import Dot, IdentityMatrix, Inverse, T, Transposed, shape
from symattn.latex import nodes as n
from symattn.latex.grammar.builder import (
    EXPONENT,
    MAX_ARGUMENT,
    NO_SIZE,
    OPEN_IDENTITY,
    Builder,
    is_open,
)
from symattn.latex.nodes import Node

MAX_BITS = 4_000
MAX_EXPONENT = 1_000
MAX_MATRIX_POWER = 64


def build_power(b: Builder, node: n.Power) -> Expr:
    """A power, of a scalar or of a square matrix; of e the exponential."""
    base_node = node.base
    if (
        type(base_node) is n.Name
        and base_node.base == "e"
        and not base_node.indices
        and not base_node.primes
        and "e" not in b.scope
        and b.vocabulary.letter("e") is None
    ):
        exponent = b.scalar(node.exponent, EXPONENT)
        b.argument(exponent, node.exponent)
        return b.sound(exp(exponent), node)
    base = b.build(base_node)
    exponent = b.scalar(node.exponent, EXPONENT)
    if not base.is_commutative:
        return _matrix_power(b, base, exponent, node)
    return _scalar_power(b, base, exponent, node)


def _matrix_power(b: Builder, base: Expr, exponent: Expr, node: n.Power) -> Expr:
    said = b.text(node.base)
    if type(node.exponent) is n.Name and node.exponent.text == "t":
        b.fail(f"{said}^t may be a transpose", node.start, f"write {said}^\\top")
    rows_cols = shape(base)
    if rows_cols[0] != rows_cols[1]:
        hint = f"write \\|{said}\\| for its length" if rows_cols[1] == 1 else ""
        b.misfit(f"a power needs a square matrix; {said} is {b.kind(base)}",
                    node.start, hint)  # fmt: skip
    if not exponent.is_Integer or abs(exponent) > MAX_MATRIX_POWER:
        b.fail(
            f"matrices are raised to whole powers up to {MAX_MATRIX_POWER} only",
            node.exponent.start,
        )
    if exponent == 0:
        return IdentityMatrix(rows_cols[0])
    factor = base if exponent > 0 else Inverse(base)
    value = Mul(*[factor] * abs(int(exponent)))
    if value.is_Pow and abs(value.exp) > MAX_MATRIX_POWER:
        b.fail(f"powers of matrices beyond {MAX_MATRIX_POWER} are not read", node.start)
    return value


def _scalar_power(b: Builder, base: Expr, exponent: Expr, node: Any) -> Expr:
    """base**exponent, refused when it is a pole, complex, or too large to write down."""
    if base is S.Zero and exponent.is_negative:
        b.fail("division by zero", node.start)
    if base.is_Rational is False:
        b.constant(base, node)
    if exponent.is_Rational:
        if base.is_Rational:
            bits = log2(max(abs(base.p), base.q, 1)) * float(abs(exponent))
            if bits > MAX_BITS:
                b.fail(f"the number {b.text(node)} is too large", node.start)
            if base.is_negative and not exponent.is_Integer:
                b.fail("complex numbers are not read", node.start)
        else:
            _moderate(b, exponent, node)
    else:
        b.argument(exponent, node)
        if base.is_Rational and max(abs(base.p), base.q) > MAX_ARGUMENT:
            b.argument(base, node)
    value = b.sound(Pow(base, exponent), node)
    if value.is_Pow and value.exp.is_Rational:
        _moderate(b, value.exp, node)
    return value


def _moderate(b: Builder, exponent: Expr, node: Any) -> None:
    """Refuse an exponent that would be too much to multiply out."""
    if abs(exponent) > MAX_EXPONENT or exponent.q > MAX_EXPONENT:
        b.fail(f"exponents beyond {MAX_EXPONENT} are not read", node.start)


def build_root(b: Builder, node: n.Root) -> Expr:
    """A root of a scalar."""
    body = b.scalar(node.body, "a root")
    if node.degree is None:
        return square_root(b, body, node)
    if body.is_Rational and body.is_negative:
        b.fail("complex numbers are not read", node.start)
    degree = b.scalar(node.degree, "the degree of a root")
    if degree is S.Zero or (degree.is_Rational and abs(degree) > MAX_EXPONENT):
        b.fail("this degree of a root is not read", node.degree.start)
    return _scalar_power(b, body, 1 / degree, node)


def square_root(b: Builder, value: Expr, node: Any) -> Expr:
    """The square root of a scalar."""
    if value.is_Rational and value.is_negative:
        b.fail("complex numbers are not read", node.start)
    if not value.is_Rational:
        b.constant(value, node)
    return sqrt(value)


def build_transpose(b: Builder, node: n.Transpose) -> Expr:
    """A transpose."""
    if type(node.body) is n.Number:
        b.fail("the transpose of a number", node.start, "write a power as ^{..}")
    value = b.build(node.body)
    exponent = b.vocabulary.letter("T")
    if value.is_commutative and exponent is not None and exponent.is_integer:
        if b.source[node.start : node.end].rstrip("} ").endswith("T"):
            return _scalar_power(b, value, exponent, node)  # T is a number here
    known_power(b, value, node.body, "transposed")
    return T(value)


def known_power(b: Builder, value: Expr, node: Node, what: str) -> None:
    """Refuse to take a letter for a scalar that is used as a vector or a matrix."""
    letter = value.base if isinstance(value, Indexed) else value
    if isinstance(value, (Symbol, Indexed)) and (
        str(letter) in b.unknown or str(letter) in b.unknown_families
    ):
        b.fail(
            f"the letter {b.text(node)} is not known here, and it is {what}",
            node.start,
            "say whether it is a vector or a matrix",
        )


def build_prime(b: Builder, node: n.Prime) -> Expr:
    """A prime behind a vector or a matrix: its transpose."""
    value = b.build(node.body)
    if value.is_commutative:
        b.fail("a prime after a scalar is not read", node.start, "derivatives are not read")
    b.notes["a prime is read as a transpose"] = None
    return T(value)


def build_invert(b: Builder, node: n.Invert) -> Expr:
    """An inverse."""
    value = b.build(node.body)
    if value.is_commutative:
        if value is S.Zero:
            b.fail("division by zero", node.start)
        return b.sound(1 / value, node)
    if is_open(value):
        return value if value == OPEN_IDENTITY else _open_inverse(b, value, node)
    rows_cols = shape(value)
    if rows_cols[0] != rows_cols[1]:
        b.misfit(
            f"an inverse needs a square matrix; {b.text(node.body)} is {b.kind(value)}",
            node.start,
            "a tall matrix with independent columns has (A^\\top A)^{-1} A^\\top",
        )
    return Inverse(value)


def _open_inverse(b: Builder, value: Expr, node: n.Invert) -> Expr:
    """The inverse of a multiple of an identity of open size."""
    scalars, word = value.args_cnc()
    if not value.is_Mul or word != [OPEN_IDENTITY]:
        b.fail(NO_SIZE, node.start, "write I_d")
    return Mul(1 / Mul(*scalars), OPEN_IDENTITY)


def build_pseudo_invert(b: Builder, node: n.PseudoInvert) -> Expr:
    """A pseudo-inverse, of columns that are independent."""
    value = b.build(node.body)
    if value.is_commutative or is_open(value):
        b.fail("a pseudo-inverse needs a matrix", node.start)
    rows_cols = shape(value)
    b.notes["A^+ is read as (A^T A)^{-1} A^T, for independent columns"] = None
    if rows_cols[1] == 1:
        return b.weighed(Mul(1 / Dot(value, value), T(value)), node)
    if rows_cols[0] == 1:
        column = T(value)
        return b.weighed(Mul(1 / Dot(column, column), column), node)
    scalars, word = value.args_cnc()
    if len(word) == 2 and word[1] == T(word[0]):  # a a^T, where a has independent columns
        gram = Inverse(Mul(T(word[0]), word[0]))
        return b.weighed(Mul(1 / Mul(*scalars), word[0], gram, gram, T(word[0])), node)
    if isinstance(value, Transposed):
        (columns,) = value.args
        return b.weighed(Mul(columns, Inverse(Mul(value, columns))), node)
    return b.weighed(Mul(Inverse(Mul(T(value), value)), T(value)), node)
