"""Sets on the right of \\in, and the cases that use them."""

from __future__ import annotations

from collections.abc import Callable

from sympy import (
    Basic,
    Eq,
    Expr,
    FiniteSet,
    Ge,
    Gt,
    Interval,
    Le,
    Lt,
    Ne,
    Not,
    Or,
    Piecewise,
    Range,
    S,
    Tuple,
)

from symattn.latex import nodes as n
from symattn.latex.build.letters import Letters
from symattn.latex.nodes import Node

_COMPARE: dict[str, Callable[..., Basic]] = {
    "=": Eq,
    "!=": Ne,
    "<": Lt,
    "<=": Le,
    ">": Gt,
    ">=": Ge,
}


class Sets(Letters):
    """Builds sets and cases."""

    def cases(self, node: n.Cases) -> Expr:
        rows = []
        for row in node.rows:
            value = self.scalar(row.value, "a case")
            if not row.relations:
                rows.append((value, S.true))
                continue
            if len(row.relations) > 1:
                self.fail("a chain as the condition of a case is not read", row.start)
            relation, (left, right) = row.relations[0], row.terms
            saved, self.loose = self.loose, True
            side = self.scalar(left, "a condition")
            if relation in ("in", "notin"):
                members = self.set_of(right)
                if not isinstance(members, FiniteSet):
                    self.fail("a case is read with \\in \\{i, j\\}", right.start)
                inside = Or(*[Eq(side, member) for member in members.args])
                rows.append((value, inside if relation == "in" else Not(inside)))
            elif relation in _COMPARE:
                compared = _COMPARE[relation](side, self.scalar(right, "a condition"))
                rows.append((value, compared))
            else:
                self.fail("the condition of this case is not read", left.start)
            self.loose = saved
        return Piecewise(*rows)

    def set_of(self, node: Node) -> Basic:
        """What stands on the right of \\in.

        A list is a FiniteSet, {1, .., n} a Range, [a, b] an Interval, \\mathbb{R} the reals, and
        \\mathbb{R}^{d} or \\mathbb{R}^{a \\times b} a Tuple of the reals and the sizes.
        """
        if type(node) is n.Group:
            if node.bracket == "\\{":
                if any(type(item) is n.Dots for item in node.items):
                    first, last = node.items[0], node.items[-1]
                    if type(node.items[-2]) is not n.Dots or len(node.items) > 4:
                        self.fail("this set is not read", node.start)
                    return Range(self.index(first), self.index(last) + 1)
                return FiniteSet(*[self.index(item) for item in node.items])
            if len(node.items) == 2:
                left, right = (self.scalar(item, "the end of an interval") for item in node.items)
                square = node.bracket == "["
                return Interval(left, right, not square, not square)
            last = self.index(node.items[0])
            if node.bracket == "[" and len(node.items) == 1 and last.is_integer is not False:
                return Range(1, last + 1)
        reals = {"\\mathbb{R}": S.Reals, "\\mathbb{N}": S.Naturals, "\\mathbb{Z}": S.Integers}
        if type(node) is n.Name and not node.indices and node.base in reals:
            return reals[node.base]
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
