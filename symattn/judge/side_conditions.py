"""What side conditions say: nothing new, a share's range, a letter without its sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import is_dataclass
from typing import Any

from sympy import Basic, Expr, Integer, exp

from symattn.algebra.attention import n
from symattn.hypotheses.families import Between
from symattn.judge.line import Unclear
from symattn.latex.nodes import Name, Node, NormBars, Number, parts
from symattn.latex.nodes import Power as PowerNode

ROOM = frozenset((r, x) for x in (n, n + 1, Integer(2)) for r in (">=", ">"))
"""What may be said of the dimension without leaving out an instance that matters: d >= n."""


def settled(relation: str, left: Basic, right: Basic, text: str) -> bool:
    """Whether a condition is true whatever its letters are.

    Raises
    ------
    Unclear : it is never true, as 0 > 1 and x > x are.
    """
    if left == right:
        if relation in ("<", ">", "!=", "<<", ">>"):
            raise Unclear("contradicts-the-question", f"nothing meets the condition {text}")
        return relation in ("=", ":=", "==", "~~", "<=", ">=")
    if not (isinstance(left, Expr) and isinstance(right, Expr)):
        return False
    if relation in (">", ">=") and right == 0 and isinstance(left, exp):
        return left.args[0].is_extended_real is True  # `since e^x > 0`
    if not (left.is_number and right.is_number and left.is_comparable and right.is_comparable):
        return False
    signs = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right,
             "=": False, "!=": True}  # fmt: skip
    if relation not in signs:
        return False
    if not bool(signs[relation]):
        raise Unclear("contradicts-the-question", f"nothing meets the condition {text}")
    return True


def between(h: Any) -> set[Any]:
    """The symbol that a hypothesis keeps between 0 and 1: a share."""
    return {h.symbol} if isinstance(h, Between) and (h.low, h.high) == (0, 1) else set()


def inside(relation: str, bound: Basic) -> bool:
    """Whether a bound of a share leaves small ones, and so takes nothing away that matters."""
    if relation in ("->", "<<"):
        return bound in (0, 1)
    if relation in ("<", "<="):
        return bool(bound.is_positive)
    return relation in (">", ">=") and bound == 0


def even_in(name: str, nodes: Sequence[Node]) -> bool:
    """Whether a letter stands in a modulus or an even power only."""
    found = [x for node in nodes for x in _occurrences(name, node, False)]
    return bool(found) and all(found)


def _occurrences(name: str, node: Any, even: bool) -> Iterator[bool]:
    if isinstance(node, Name):
        if name in (node.text, node.base):
            yield even
        return
    inside = even or isinstance(node, NormBars)
    if isinstance(node, PowerNode) and isinstance(node.exponent, Number):
        inside = inside or node.exponent.value % 2 == 0
    for part in parts(node) if is_dataclass(node) else node if isinstance(node, tuple) else ():
        yield from _occurrences(name, part, inside)
