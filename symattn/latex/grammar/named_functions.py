"""Named functions, norms, and the statistics E, Cov and Var."""

from __future__ import annotations

from collections.abc import Callable

from sympy import (
    Abs,
    Expr,
    LambertW,
    Max,
    Min,
    Mul,
    S,
    acos,
    asin,
    atan,
    binomial,
    cos,
    cosh,
    cot,
    coth,
    csc,
    erf,
    erfc,
    exp,
    factorial,
    log,
    sec,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)

from symattn.algebra.letters import Cov, Expect, Norm, T, Trace, Var, shape
from symattn.latex import nodes as n
from symattn.latex.grammar.exponents import Exponents
from symattn.latex.nodes import Node

MAX_LIST = 10
MAX_FACTORIAL = 200
_PLAIN_FUNCTIONS: dict[str, Callable[..., Expr]] = {
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "cot": cot,
    "sec": sec,
    "csc": csc,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
    "coth": coth,
    "arcsin": asin,
    "arccos": acos,
    "arctan": atan,
    "erf": erf,
    "erfc": erfc,
    "sign": sign,
}
_SCALAR_FUNCTIONS = frozenset(
    [*_PLAIN_FUNCTIONS, "exp", "ln", "log", "lg", "sqrt", "factorial", "logistic", "\\sigma", "W"]
)
# What to write instead of a function that is not read.
_INSTEAD = {
    "softmax": "write \\alpha_i = \\frac{\\exp(k_i \\cdot q)}{\\sum_l \\exp(k_l \\cdot q)}",
    "span": "write a vector in a span as S a",
    "rank": "say in words that the columns are independent",
    "diag": "write the entries with an index",
    "det": "write a condition on the inverse instead",
    "argmax": "write the inequality for every other index",
}


class Functions(Exponents):
    """Builds functions of scalars, norms and statistics."""

    def bars(self, node: n.NormBars) -> Expr:
        value = self.build(node.body)
        said = self.text(node.body)
        label = node.label
        if value.is_commutative:
            if node.kind == "norm":
                self.known(value, node.body, "measured like a vector")
            if label:
                self.fail("a subscript on the bars of a scalar is not read", node.start)
            self.argument(value, node.body)
            return Abs(value)
        rows, cols = shape(value)
        if label not in ("", "2", "F"):
            self.fail(f"the norm with subscript {label} is not read", node.start)
        if cols == 1 or rows == 1:
            if node.kind == "abs":
                self.notes[f"|{said}| is read as the length of a vector"] = None
            return Norm(value if cols == 1 else T(value))
        if node.kind == "abs":
            self.fail(f"|{said}| of a matrix is not read", node.start)
        if label != "F":
            self.fail(
                f"the norm of the matrix {said} may be one of several",
                node.start,
                f"write \\|{said}\\|_F for the Frobenius norm",
            )
        return Norm(value)

    def apply(self, node: n.Apply) -> Expr:
        name = node.function
        own = self.vocabulary.function_named(name)
        if own is not None:
            if node.base is not None:
                self.fail(f"{name} does not take a subscript", node.base.start)
            values = [self.build(argument) for argument in node.arguments]
            try:
                return self.sound(own(*values), node)
            except TypeError:
                self.fail(f"{name} does not take {len(values)} arguments", node.start)
        if name in ("max", "min"):
            return self.largest(node)
        if len(node.arguments) != 1:
            if name == "\\mathcal{N}":
                self.fail("a distribution is not an expression", node.start)
            self.fail(
                f"{name} takes one argument, and {len(node.arguments)} stand here", node.start
            )
        argument = node.arguments[0]
        if name == "tr":
            value = self.build(argument)
            if value.is_commutative:
                return value
            return Trace(value)
        if name in ("floor", "ceil"):
            self.fail("rounding (\\lfloor, \\lceil) is not read", node.start)
        if name not in _SCALAR_FUNCTIONS:
            self.fail(f"{name} is not read", node.start, _INSTEAD.get(name, ""))
        value = self.scalar(argument, name)
        if node.base is not None and name not in ("log", "ln", "W"):
            self.fail(f"{name} does not take a subscript", node.base.start)
        return self.sound(self.function(name, value, node, argument), node)

    def function(self, name: str, value: Expr, node: n.Apply, argument: Node) -> Expr:
        """A function of one scalar."""
        if name in ("ln", "log"):
            self.constant(value, argument)
            if value.is_Rational and not value.is_positive:
                self.fail(f"the logarithm of {self.text(argument)} is not a number", node.start)
            if node.base is None:
                return log(value)
            base = self.scalar(node.base, "the base of a logarithm")
            self.constant(base, node.base)
            if base.is_Rational and (base <= 0 or base == 1):
                self.fail("this base of a logarithm is not read", node.base.start)
            return log(value) / log(base)
        if name == "lg":
            self.fail("\\lg has several bases", node.start, "write \\ln, \\log_2 or \\log_{10}")
        if name == "sqrt":
            return self.square_root(value, node)
        if name == "factorial":
            if value.is_number and not (value.is_Integer and 0 <= value <= MAX_FACTORIAL):
                self.fail(f"factorials are read of 0 to {MAX_FACTORIAL}", node.start)
            return factorial(value)
        self.argument(value, argument)
        if name == "exp":
            return exp(value)
        if name in ("logistic", "\\sigma"):
            if name == "\\sigma":
                self.notes["\\sigma(..) is read as the logistic function"] = None
            return 1 / (1 + exp(-value))
        if name == "W":
            branch = S.Zero if node.base is None else self.scalar(node.base, "a branch of W")
            if branch not in (0, -1):
                self.fail("W has the branches 0 and -1", node.start)
            self.notes["W is read as the Lambert function"] = None
            return LambertW(value) if branch == 0 else LambertW(value, -1)
        return _PLAIN_FUNCTIONS[name](value)

    def largest(self, node: n.Apply) -> Expr:
        values = [self.scalar(argument, node.function) for argument in node.arguments]
        if len(values) < 2:
            self.fail(f"\\{node.function} needs a list or an index", node.start)
        if len(values) > MAX_LIST:
            self.fail(f"\\{node.function} of more than {MAX_LIST} numbers is not read", node.start)
        for value, argument in zip(values, node.arguments, strict=True):
            self.argument(value, argument)
        return (Max if node.function == "max" else Min)(*values)

    def choose(self, node: n.Binomial) -> Expr:
        top, bottom = (self.scalar(x, "a binomial") for x in (node.top, node.bottom))
        for value in (top, bottom):
            if value.is_number and not (value.is_Integer and abs(value) <= MAX_FACTORIAL):
                self.fail(f"binomials are read of numbers up to {MAX_FACTORIAL}", node.start)
        return binomial(top, bottom)

    def statistic(self, node: n.StatisticOf) -> Expr:
        """E, Cov and Var, inert."""
        if node.over:
            self.notes[f"what stands below {node.kind} is left to the context"] = None
        values = [self.build(argument) for argument in node.arguments]
        first = values[0]
        if node.kind == "Cov" and len(values) == 2:
            second = values[1]
            if first == second:
                return Var(first) if first.is_commutative else self.covariance(first, node)
            if (() if first.is_commutative else shape(first)[1:]) != (
                () if second.is_commutative else shape(second)[1:]
            ):
                self.misfit(
                    f"a covariance needs two scalars or two columns; {self.text(node)} has "
                    f"{self.kind(first)} and {self.kind(second)}",
                    node.start,
                )
            if first.is_commutative:
                both = Expect(first * second) - Expect(first) * Expect(second)
            else:
                both = Expect(Mul(first, T(second))) - Mul(Expect(first), T(Expect(second)))
            return self.weighed(both, node)
        if len(values) != 1:
            self.fail(f"{node.kind} takes one argument, and {len(values)} stand here", node.start)
        if node.kind == "E":
            return Expect(first)
        if first.is_commutative:
            return Var(first)
        if node.kind == "Var":
            self.notes["the variance of a vector is read as its covariance matrix"] = None
        return self.covariance(first, node)

    def covariance(self, value: Expr, node: n.StatisticOf) -> Expr:
        if shape(value)[1] != 1:
            self.misfit(
                f"a covariance needs a column; {self.text(node.arguments[0])} is "
                f"{self.kind(value)}",
                node.start,
            )
        return Cov(value)
