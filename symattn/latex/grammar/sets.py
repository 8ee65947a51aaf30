"""Sets on the right of \\in, and the cases that use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sympy import (
    Basic,
    Eq,
    Expr,
    FiniteSet,
    Ge,
    Gt,
    Interval,
    KroneckerDelta,
    Le,
    Lt,
    Ne,
    Not,
    Or,
    Piecewise,
    Range,
    S,
    Tuple,
    oo,
)

from symattn.latex import nodes as n
from symattn.latex.grammar.builder import Builder
from symattn.latex.grammar.identifiers import index_of, member_of
from symattn.latex.grammar.ranges import infinite
from symattn.latex.nodes import Node

_COMPARE: dict[str, Callable[..., Basic]] = {
    "=": Eq,
    "!=": Ne,
    "<": Lt,
    "<=": Le,
    ">": Gt,
    ">=": Ge,
}
_POSITIVE = frozenset(["\\mathbb{R}_+", "\\mathbb{R}_{>0}"])


def _inside(tree: Any) -> Iterator[Any]:
    """Every node of a tree."""
    stack = [tree]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(n.inside(here))


def build_cases(b: Builder, node: n.Cases) -> Expr:
    """Cases, of which the first whose condition holds counts."""
    rows = []
    for row in node.rows:
        value = b.build(row.value)
        if not value.is_commutative:
            b.fail(
                f"a case is a scalar here; {b.text(row.value)} is {b.kind(value)}",
                row.value.start,
                "write each case on a line of its own, behind if",
            )
        rows.append((value, _holds(b, row) if row.relations else S.true))
    return Piecewise(*rows)


def _holds(b: Builder, row: n.CaseRow | n.Indicator) -> Basic:
    """The condition of a case or of an indicator."""
    if len(row.relations) > 1:
        b.fail("a chain as the condition of a case is not read", row.start)
    relation, (left, right) = row.relations[0], row.terms
    saved, b.loose = b.loose, True
    side = b.scalar(left, "a condition")
    if any(type(x) in (n.Cases, n.Indicator) for x in _inside(row.terms)):
        b.fail("cases inside the condition of a case are not read", left.start)
    if relation in ("in", "notin"):
        members = set_of(b, right)
        if not isinstance(members, FiniteSet):
            b.fail("a case is read with \\in \\{i, j\\}", right.start)
        inside = Or(*[Eq(side, member) for member in members.args])
        found: Basic = inside if relation == "in" else Not(inside)
    elif relation in _COMPARE:
        found = _COMPARE[relation](side, b.scalar(right, "a condition"))
    else:
        b.fail("the condition of this case is not read", left.start)
    b.loose = saved
    return found


def build_indicator(b: Builder, node: n.Indicator) -> Expr:
    """1 where a relation between indices holds, 0 elsewhere."""
    if node.relations == ("=",) and all(type(x) is n.Name for x in node.terms):
        return KroneckerDelta(*[index_of(b, x) for x in node.terms])
    return Piecewise((S.One, _holds(b, node)), (S.Zero, S.true))


def _interval_end(b: Builder, node: Node) -> Expr:
    boundless = infinite(node)
    return boundless if boundless is not None else b.scalar(node, "the end of an interval")


def set_of(b: Builder, node: Node, inside: Basic | None = None) -> Basic:
    """What stands on the right of \\in.

    A list is a FiniteSet, {1, .., n} a Range, [a, b] an Interval, \\mathbb{R} the reals, and
    \\mathbb{R}^{d} or \\mathbb{R}^{a \\times b} a Tuple of the reals and the sizes.

    inside : what is said to lie in it; where it is no index, neither are the members of a list.
    """
    if type(node) is n.Group:
        if node.bracket == "\\{":
            if any(type(item) is n.Dots for item in node.items):
                first, last = node.items[0], node.items[-1]
                if type(node.items[-2]) is not n.Dots or len(node.items) > 4:
                    b.fail("this set is not read", node.start)
                return Range(index_of(b, first), index_of(b, last) + 1)
            if isinstance(inside, Expr) and inside.is_integer is not True:
                return FiniteSet(*[b.build(item) for item in node.items])
            return FiniteSet(*[member_of(b, item) for item in node.items])
        if len(node.items) == 2:
            low, high = (_interval_end(b, item) for item in node.items)
            left, right = node.bracket[0] == "(", node.bracket[-1] in "()"
            return Interval(low, high, left, right)
        last = index_of(b, node.items[0])
        if node.bracket == "[" and len(node.items) == 1 and last.is_integer is not False:
            return Range(1, last + 1)
    reals = {"\\mathbb{R}": S.Reals, "\\mathbb{N}": S.Naturals, "\\mathbb{Z}": S.Integers}
    if type(node) is n.Name and not node.indices and node.base in reals:
        return reals[node.base]
    if type(node) is n.PseudoInvert and type(node.body) is n.Name:
        node = (
            node.body
            if node.body.base != "\\mathbb{R}"
            else replace(node.body, base="\\mathbb{R}_+")
        )
    if type(node) is n.Name and not node.indices and node.base in _POSITIVE:
        return Interval.open(0, oo)
    if (type(node) is n.Name and node.base == "\\Delta") or (
        type(node) is n.Power and type(node.base) is n.Name and node.base.base == "\\Delta"
    ):
        b.fail(
            "the simplex is not read",
            node.start,
            "write \\alpha_l \\ge 0 and \\sum_l \\alpha_l = 1",
        )
    if type(node) is n.Power and type(node.base) is n.Name and node.base.base == "\\mathbb{R}":
        power = node.exponent
        sizes = (
            [size for _, size in power.factors]
            if type(power) is n.Times and all(op == "x" for op, _ in power.factors[1:])
            else [power]
        )
        return Tuple(S.Reals, *[index_of(b, size) for size in sizes])
    raise b.error(
        "this set is not read", node.start, "sets are read as \\{i, j\\} or \\{1, \\dots, n\\}"
    )
