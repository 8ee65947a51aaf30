"""Named functions, norms, and the statistics E, Cov and Var."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from sympy import (
    Abs,
    Expr,
    Integer,
    LambertW,
    Max,
    Min,
    Mul,
    S,
    Sum,
    Symbol,
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
    oo,
    sec,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from symattn.algebra.letters import Conditional, Cov, Expect, Holds, Norm, T, Trace, Var, shape
from symattn.latex import nodes as n
from symattn.latex.commands import PICK
from symattn.latex.grammar.builder import Builder
from symattn.latex.grammar.exponents import known_power, square_root
from symattn.latex.grammar.identifiers import column_of
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
    "argmax": PICK,
    "argmin": PICK,
}


def build_bars(b: Builder, node: n.NormBars) -> Expr:
    """An absolute value or a norm."""
    whole = _of_family(b, node)
    if whole is not None:
        return whole
    value = b.build(node.body)
    said = b.text(node.body)
    label = node.label
    if value.is_commutative:
        if node.kind == "norm":
            known_power(b, value, node.body, "measured like a vector")
        if label:
            b.fail("a subscript on the bars of a scalar is not read", node.start)
        b.argument(value, node.body)
        return Abs(value)
    rows, cols = shape(value)
    if label not in ("", "2", "F"):
        calculus = b.vocabulary.calculus
        if calculus is not None and cols == 1:
            made = calculus.norm(value, _power_of_norm(b, node))
            if made is not None:
                return b.weighed(made, node)
        b.fail(f"the norm with subscript {label} is not read", node.start)
    if cols == 1 or rows == 1:
        if node.kind == "abs":
            b.notes[f"|{said}| is read as the length of a vector"] = None
        return Norm(value if cols == 1 else T(value))
    if node.kind == "abs":
        b.fail(f"|{said}| of a matrix is not read", node.start)
    if label != "F":
        b.fail(
            f"the norm of the matrix {said} may be one of several",
            node.start,
            f"write \\|{said}\\|_F for the Frobenius norm",
        )
    return Norm(value)


def _power_of_norm(b: Builder, node: n.NormBars) -> Expr:
    """The p of a norm, from its subscript."""
    if node.label == "\\infty":
        return oo
    if node.label.isdigit():
        return Integer(node.label)
    return b.build(n.Name(node.label, (), 0, node.start, node.end))


def _of_family(b: Builder, node: n.NormBars) -> Expr | None:
    r"""The norm of all numbers of a family, as of `\|\alpha\|_1`; None where no family stands alone."""
    body, b_v = node.body, b.vocabulary
    if node.kind != "norm" or type(body) is not n.Name or body.indices or body.primes:
        return None
    family = b_v.family(body.text)
    if family is None or b_v.letter(body.text) is not None or node.label not in ("", "1", "2"):
        return None
    index = Symbol("l", integer=True, positive=True)
    one = family(index)
    if not one.is_commutative:
        return None
    b.notes[f"{b.text(body)} is read as the list of all {one}"] = None
    size = Symbol("n", integer=True, positive=True)
    if node.label == "1":
        return Sum(Abs(one), (index, 1, size))
    return sqrt(Sum(one**2, (index, 1, size)))


def arguments_of(b: Builder, node: n.Apply) -> list[Expr]:
    """The arguments of a function; a list with dots is one, where a column is read of it."""
    column = column_of(b, node.arguments)
    return [b.build(x) for x in node.arguments] if column is None else [column]


def build_apply(b: Builder, node: n.Apply) -> Expr:
    """A function of its arguments."""
    name = node.function
    own = b.vocabulary.function_named(name)
    if own is not None:
        values = arguments_of(b, node)
        below = {}
        if node.base is not None:
            if "below" not in (getattr(own, "__kwdefaults__", None) or ()):
                b.fail(f"{name} does not take a subscript", node.base.start)
            below = {"below": b.scalar(node.base, "a subscript")}
        try:
            return b.sound(own(*values, **below), node)
        except TypeError:
            b.fail(f"{name} does not take {len(values)} arguments", node.start)
    if name in ("max", "min"):
        return _largest(b, node)
    if len(node.arguments) != 1:
        if name == "\\mathcal{N}":
            b.fail("a distribution is not an expression", node.start)
        b.fail(f"{name} takes one argument, and {len(node.arguments)} stand here", node.start)
    argument = node.arguments[0]
    if name == "tr":
        value = b.build(argument)
        if value.is_commutative:
            return value
        return Trace(value)
    if name in ("floor", "ceil"):
        b.fail("rounding (\\lfloor, \\lceil) is not read", node.start)
    if name not in _SCALAR_FUNCTIONS:
        b.fail(f"{name} is not read", node.start, _INSTEAD.get(name, ""))
    value = b.scalar(argument, name)
    if node.base is not None and name not in ("log", "ln", "W"):
        b.fail(f"{name} does not take a subscript", node.base.start)
    return b.sound(_function(b, name, value, node, argument), node)


def _function(b: Builder, name: str, value: Expr, node: n.Apply, argument: Node) -> Expr:
    """A function of one scalar."""
    if name in ("ln", "log"):
        b.constant(value, argument)
        if value.is_Rational and not value.is_positive:
            b.fail(f"the logarithm of {b.text(argument)} is not a number", node.start)
        if node.base is None:
            return log(value)
        base = b.scalar(node.base, "the base of a logarithm")
        b.constant(base, node.base)
        if base.is_Rational and (base <= 0 or base == 1):
            b.fail("this base of a logarithm is not read", node.base.start)
        return log(value) / log(base)
    if name == "lg":
        b.fail("\\lg has several bases", node.start, "write \\ln, \\log_2 or \\log_{10}")
    if name == "sqrt":
        return square_root(b, value, node)
    if name == "factorial":
        if value.is_number and not (value.is_Integer and 0 <= value <= MAX_FACTORIAL):
            b.fail(f"factorials are read of 0 to {MAX_FACTORIAL}", node.start)
        return factorial(value)
    b.argument(value, argument)
    if name == "exp":
        return exp(value)
    if name in ("logistic", "\\sigma"):
        if name == "\\sigma":
            b.notes["\\sigma(..) is read as the logistic function"] = None
        return 1 / (1 + exp(-value))
    if name == "W":
        branch = S.Zero if node.base is None else b.scalar(node.base, "a branch of W")
        if branch not in (0, -1):
            b.fail("W has the branches 0 and -1", node.start)
        b.notes["W is read as the Lambert function"] = None
        return LambertW(value) if branch == 0 else LambertW(value, -1)
    return _PLAIN_FUNCTIONS[name](value)


def _largest(b: Builder, node: n.Apply) -> Expr:
    values = [b.scalar(argument, node.function) for argument in node.arguments]
    if len(values) < 2:
        b.fail(f"\\{node.function} needs a list or an index", node.start)
    if len(values) > MAX_LIST:
        b.fail(f"\\{node.function} of more than {MAX_LIST} numbers is not read", node.start)
    for value, argument in zip(values, node.arguments, strict=True):
        b.argument(value, argument)
    return (Max if node.function == "max" else Min)(*values)


def build_choose(b: Builder, node: n.Binomial) -> Expr:
    """A binomial coefficient."""
    top, bottom = (b.scalar(x, "a binomial") for x in (node.top, node.bottom))
    for value in (top, bottom):
        if value.is_number and not (value.is_Integer and abs(value) <= MAX_FACTORIAL):
            b.fail(f"binomials are read of numbers up to {MAX_FACTORIAL}", node.start)
    return binomial(top, bottom)


def build_statistic(b: Builder, node: n.StatisticOf) -> Expr:
    """E, Cov and Var, inert."""
    if node.kind in ("P", "P and"):
        return _probability(b, node)
    if node.over:
        b.notes[f"what stands below {node.kind} is left to the context"] = None
    values = [b.build(argument) for argument in node.arguments]
    first = values[0]
    if node.given:
        return _conditional(b, first, node)
    if node.kind == "Cov" and len(values) == 2:
        second = values[1]
        if first == second:
            return Var(first) if first.is_commutative else _covariance(b, first, node)
        if (() if first.is_commutative else shape(first)[1:]) != (
            () if second.is_commutative else shape(second)[1:]
        ):
            b.misfit(
                f"a covariance needs two scalars or two columns; {b.text(node)} has "
                f"{b.kind(first)} and {b.kind(second)}",
                node.start,
            )
        if first.is_commutative:
            both = Expect(first * second) - Expect(first) * Expect(second)
        else:
            both = Expect(Mul(first, T(second))) - Mul(Expect(first), T(Expect(second)))
        return b.weighed(both, node)
    if len(values) != 1:
        b.fail(f"{node.kind} takes one argument, and {len(values)} stand here", node.start)
    if node.kind == "E":
        return Expect(first)
    if node.kind == "sd":
        if not first.is_commutative:
            b.misfit(f"a standard deviation needs a scalar; {b.text(node)} has none", node.start)
        return sqrt(Var(first))
    if first.is_commutative:
        return Var(first)
    if node.kind == "Var":
        b.notes["the variance of a vector is read as its covariance matrix"] = None
    return _covariance(b, first, node)


def _conditional(b: Builder, value: Expr, node: n.StatisticOf) -> Expr:
    """E or Var of a scalar where others are given."""
    given = [b.build(x) for x in node.given]
    scalars = all(x.is_commutative for x in (value, *given))
    if b.vocabulary.calculus is None or node.kind not in ("E", "Var") or not scalars:
        bar = b.source.rfind("|", node.start, node.given[0].start)
        bar = max(bar, b.source.rfind("\\mid", node.start, node.given[0].start))
        b.fail(
            "conditional expectations are not read",
            bar,
            "state what is given as a condition: .. \\quad \\text{for } x = i",
        )
    mean = Conditional(value, given)
    return mean if node.kind == "E" else Conditional(value**2, given) - mean**2


def _probability(b: Builder, node: n.StatisticOf) -> Expr:
    """The probability of an event, as the mean of what is 1 where it holds."""
    events = []
    for event in node.arguments:
        assert type(event) is n.Indicator
        saved, b.loose = b.loose, True
        left, right = (b.build(side) for side in event.terms)
        b.loose = saved
        if left.is_commutative != right.is_commutative or shape(left) != shape(right):
            b.fail("what the two sides of this event are is not clear", event.start)
        events.append(Holds(left, right, event.relations[0]))
    joined = "or" if node.kind == "P" else "and"
    return Expect(reduce(lambda one, two: Holds(one, two, joined), events))


def _covariance(b: Builder, value: Expr, node: n.StatisticOf) -> Expr:
    if shape(value)[1] != 1:
        b.misfit(
            f"a covariance needs a column; {b.text(node.arguments[0])} is {b.kind(value)}",
            node.start,
        )
    return Cov(value)
