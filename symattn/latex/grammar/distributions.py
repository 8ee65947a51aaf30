"""Distributions and spans: they are recognised, and nothing is calculated with them."""

from __future__ import annotations

from sympy import Basic, Expr
from sympy.core.symbol import Str

from symattn.latex import nodes as n
from symattn.latex.commands import DISTRIBUTIONS
from symattn.latex.grammar.builder import Builder
from symattn.latex.nodes import Node

_LETTERS = frozenset(["N", "U", "B", "\\mathcal{N}", "\\mathcal{U}"])
_SPANS = frozenset("span im range ran col colspan image lin".split())


class Distribution(Basic):
    """A distribution with its parameters, or the span of vectors: `name` and what stands in it.

    >>> from sympy import Symbol
    >>> Distribution(Str("N"), Symbol("x")).name
    'N'
    """

    @property
    def name(self) -> str:
        return str(self.args[0])


def law_of(b: Builder, node: Node) -> Basic | None:
    """The distribution that a node writes; None when it is an expression."""
    if type(node) is n.Apply and (
        node.function in _LETTERS or node.function.lower() in DISTRIBUTIONS
    ):
        return _named(b, node.function, node.arguments)
    if type(node) is n.Times and len(node.factors) == 2:
        (_, first), (op, second) = node.factors
        if type(first) is n.Name and type(second) is n.Group and not op:
            if first.base in _LETTERS and b.vocabulary.letter(first.text) is None:
                return _named(b, first.base, second.items)
    return None


def span_of(b: Builder, node: Node) -> Basic | None:
    """The span of vectors that a node writes, or None."""
    if type(node) is n.Apply and node.function in _SPANS:
        return _named(b, node.function, node.arguments)
    return None


def _named(b: Builder, name: str, arguments: tuple[Node, ...]) -> Basic:
    values: list[Expr] = []
    for argument in arguments:
        inner = argument.items if type(argument) is n.Group else (argument,)
        values += [b.build(item) for item in inner if type(item) is not n.Dots]
    return Distribution(Str(name), *values)
