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
from symattn.latex.grammar.identifiers import Identifiers
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


class Sets(Identifiers):
    """Builds sets and cases."""

    def cases(self, node: n.Cases) -> Expr:
        rows = []
        for row in node.rows:
            value = self.scalar(row.value, "a case")
            rows.append((value, self.holds(row) if row.relations else S.true))
        return Piecewise(*rows)

    def holds(self, row: n.CaseRow | n.Indicator) -> Basic:
        """The condition of a case or of an indicator."""
        if len(row.relations) > 1:
            self.fail("a chain as the condition of a case is not read", row.start)
        relation, (left, right) = row.relations[0], row.terms
        saved, self.loose = self.loose, True
        side = self.scalar(left, "a condition")
        if any(type(x) in (n.Cases, n.Indicator) for x in _inside(row.terms)):
            self.fail("cases inside the condition of a case are not read", left.start)
        if relation in ("in", "notin"):
            members = self.set_of(right)
            if not isinstance(members, FiniteSet):
                self.fail("a case is read with \\in \\{i, j\\}", right.start)
            inside = Or(*[Eq(side, member) for member in members.args])
            found: Basic = inside if relation == "in" else Not(inside)
        elif relation in _COMPARE:
            found = _COMPARE[relation](side, self.scalar(right, "a condition"))
        else:
            self.fail("the condition of this case is not read", left.start)
        self.loose = saved
        return found

    def indicator(self, node: n.Indicator) -> Expr:
        """1 where a relation between indices holds, 0 elsewhere."""
        if node.relations == ("=",) and all(type(x) is n.Name for x in node.terms):
            return KroneckerDelta(*[self.index(x) for x in node.terms])
        return Piecewise((S.One, self.holds(node)), (S.Zero, S.true))

    def interval_end(self, node: Node) -> Expr:
        boundless = infinite(node)
        return boundless if boundless is not None else self.scalar(node, "the end of an interval")

    def set_of(self, node: Node, inside: Basic | None = None) -> Basic:
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
                        self.fail("this set is not read", node.start)
                    return Range(self.index(first), self.index(last) + 1)
                if isinstance(inside, Expr) and inside.is_integer is not True:
                    return FiniteSet(*[self.build(item) for item in node.items])
                return FiniteSet(*[self.member(item) for item in node.items])
            if len(node.items) == 2:
                low, high = (self.interval_end(item) for item in node.items)
                left, right = node.bracket[0] == "(", node.bracket[-1] in "()"
                return Interval(low, high, left, right)
            last = self.index(node.items[0])
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
            self.fail(
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
            return Tuple(S.Reals, *[self.index(size) for size in sizes])
        raise self.error(
            "this set is not read", node.start, "sets are read as \\{i, j\\} or \\{1, \\dots, n\\}"
        )
