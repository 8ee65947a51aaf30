"""Powers, roots, transposes and inverses."""

from __future__ import annotations

from math import log2
from typing import Any

from sympy import Expr, Indexed, Mul, Pow, S, Symbol, exp, sqrt

from symattn.algebra.letters import Dot, IdentityMatrix, Inverse, T, Transposed, shape
from symattn.latex import nodes as n
from symattn.latex.grammar.builder import MAX_ARGUMENT, NO_SIZE, OPEN_IDENTITY, Builder, is_open
from symattn.latex.nodes import Node

MAX_BITS = 4_000
MAX_EXPONENT = 1_000
MAX_MATRIX_POWER = 64


class Exponents(Builder):
    """Builds powers, roots, transposes, inverses and pseudo-inverses."""

    def power(self, node: n.Power) -> Expr:
        base_node = node.base
        if (
            type(base_node) is n.Name
            and base_node.base == "e"
            and not base_node.indices
            and not base_node.primes
            and "e" not in self.scope
            and self.vocabulary.letter("e") is None
        ):
            exponent = self.scalar(node.exponent, "an exponent")
            self.argument(exponent, node.exponent)
            return self.sound(exp(exponent), node)
        base = self.build(base_node)
        exponent = self.scalar(node.exponent, "an exponent")
        if not base.is_commutative:
            return self.matrix_power(base, exponent, node)
        return self.scalar_power(base, exponent, node)

    def matrix_power(self, base: Expr, exponent: Expr, node: n.Power) -> Expr:
        said = self.text(node.base)
        if type(node.exponent) is n.Name and node.exponent.text == "t":
            self.fail(f"{said}^t may be a transpose", node.start, f"write {said}^\\top")
        rows_cols = shape(base)
        if rows_cols[0] != rows_cols[1]:
            hint = f"write \\|{said}\\| for its length" if rows_cols[1] == 1 else ""
            self.misfit(f"a power needs a square matrix; {said} is {self.kind(base)}",
                        node.start, hint)  # fmt: skip
        if not exponent.is_Integer or abs(exponent) > MAX_MATRIX_POWER:
            self.fail(
                f"matrices are raised to whole powers up to {MAX_MATRIX_POWER} only",
                node.exponent.start,
            )
        if exponent == 0:
            return IdentityMatrix(rows_cols[0])
        factor = base if exponent > 0 else Inverse(base)
        value = Mul(*[factor] * abs(int(exponent)))
        if value.is_Pow and abs(value.exp) > MAX_MATRIX_POWER:
            self.fail(f"powers of matrices beyond {MAX_MATRIX_POWER} are not read", node.start)
        return value

    def scalar_power(self, base: Expr, exponent: Expr, node: Any) -> Expr:
        """base**exponent, refused when it is a pole, complex, or too large to write down."""
        if base is S.Zero and exponent.is_negative:
            self.fail("division by zero", node.start)
        if base.is_Rational is False:
            self.constant(base, node)
        if exponent.is_Rational:
            if base.is_Rational:
                bits = log2(max(abs(base.p), base.q, 1)) * float(abs(exponent))
                if bits > MAX_BITS:
                    self.fail(f"the number {self.text(node)} is too large", node.start)
                if base.is_negative and not exponent.is_Integer:
                    self.fail("complex numbers are not read", node.start)
            else:
                self.moderate(exponent, node)
        else:
            self.argument(exponent, node)
            if base.is_Rational and max(abs(base.p), base.q) > MAX_ARGUMENT:
                self.argument(base, node)
        value = self.sound(Pow(base, exponent), node)
        if value.is_Pow and value.exp.is_Rational:
            self.moderate(value.exp, node)
        return value

    def moderate(self, exponent: Expr, node: Any) -> None:
        """Refuse an exponent that would be too much to multiply out."""
        if abs(exponent) > MAX_EXPONENT or exponent.q > MAX_EXPONENT:
            self.fail(f"exponents beyond {MAX_EXPONENT} are not read", node.start)

    def root(self, node: n.Root) -> Expr:
        body = self.scalar(node.body, "a root")
        if node.degree is None:
            return self.square_root(body, node)
        if body.is_Rational and body.is_negative:
            self.fail("complex numbers are not read", node.start)
        degree = self.scalar(node.degree, "the degree of a root")
        if degree is S.Zero or (degree.is_Rational and abs(degree) > MAX_EXPONENT):
            self.fail("this degree of a root is not read", node.degree.start)
        return self.scalar_power(body, 1 / degree, node)

    def square_root(self, value: Expr, node: Any) -> Expr:
        if value.is_Rational and value.is_negative:
            self.fail("complex numbers are not read", node.start)
        if not value.is_Rational:
            self.constant(value, node)
        return sqrt(value)

    def transpose(self, node: n.Transpose) -> Expr:
        if type(node.body) is n.Number:
            self.fail("the transpose of a number", node.start, "write a power as ^{..}")
        value = self.build(node.body)
        exponent = self.vocabulary.letter("T")
        if value.is_commutative and exponent is not None and exponent.is_integer:
            if self.source[node.start : node.end].rstrip("} ").endswith("T"):
                return self.scalar_power(value, exponent, node)  # T is a number here
        self.known(value, node.body, "transposed")
        return T(value)

    def known(self, value: Expr, node: Node, what: str) -> None:
        """Refuse to take a letter for a scalar that is used as a vector or a matrix."""
        letter = value.base if isinstance(value, Indexed) else value
        if isinstance(value, (Symbol, Indexed)) and (
            str(letter) in self.unknown or str(letter) in self.unknown_families
        ):
            self.fail(
                f"the letter {self.text(node)} is not known here, and it is {what}",
                node.start,
                "say whether it is a vector or a matrix",
            )

    def prime(self, node: n.Prime) -> Expr:
        value = self.build(node.body)
        if value.is_commutative:
            self.fail("a prime after a scalar is not read", node.start, "derivatives are not read")
        self.notes["a prime is read as a transpose"] = None
        return T(value)

    def invert(self, node: n.Invert) -> Expr:
        value = self.build(node.body)
        if value.is_commutative:
            if value is S.Zero:
                self.fail("division by zero", node.start)
            return self.sound(1 / value, node)
        if is_open(value):
            return value if value == OPEN_IDENTITY else self.open_inverse(value, node)
        rows_cols = shape(value)
        if rows_cols[0] != rows_cols[1]:
            self.misfit(
                f"an inverse needs a square matrix; {self.text(node.body)} is {self.kind(value)}",
                node.start,
                "a tall matrix with independent columns has (A^\\top A)^{-1} A^\\top",
            )
        return Inverse(value)

    def open_inverse(self, value: Expr, node: n.Invert) -> Expr:
        """The inverse of a multiple of an identity of open size."""
        scalars, word = value.args_cnc()
        if not value.is_Mul or word != [OPEN_IDENTITY]:
            self.fail(NO_SIZE, node.start, "write I_d")
        return Mul(1 / Mul(*scalars), OPEN_IDENTITY)

    def pseudo_invert(self, node: n.PseudoInvert) -> Expr:
        value = self.build(node.body)
        if value.is_commutative or is_open(value):
            self.fail("a pseudo-inverse needs a matrix", node.start)
        rows_cols = shape(value)
        self.notes["A^+ is read as (A^T A)^{-1} A^T, for independent columns"] = None
        if rows_cols[1] == 1:
            return self.weighed(Mul(1 / Dot(value, value), T(value)), node)
        if rows_cols[0] == 1:
            column = T(value)
            return self.weighed(Mul(1 / Dot(column, column), column), node)
        scalars, word = value.args_cnc()
        if len(word) == 2 and word[1] == T(word[0]):  # a a^T, where a has independent columns
            gram = Inverse(Mul(T(word[0]), word[0]))
            return self.weighed(Mul(1 / Mul(*scalars), word[0], gram, gram, T(word[0])), node)
        if isinstance(value, Transposed):
            (columns,) = value.args
            return self.weighed(Mul(columns, Inverse(Mul(value, columns))), node)
        return self.weighed(Mul(Inverse(Mul(T(value), value)), T(value)), node)
