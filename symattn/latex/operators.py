"""Fractions, roots, functions, statistics, and the operators that govern what follows them."""

from __future__ import annotations

from symattn.latex import nodes as n
from symattn.latex.binders import Binders
from symattn.latex.cursor import (
    DERIVATIVES,
    NO_DERIVATIVES,
    PROBABILITIES,
    ROUND,
    STARTS,
)
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node

# What may follow an unbracketed argument, as in `\ln n \ln m`, without a doubt about its end.
_AFTER_BARE = frozenset("function big int lim".split())
_DIFFERENTIALS = frozenset(["diff", "partial"])


class Operators(Binders):
    """Reads whatever begins with a command."""

    def fraction(self, token: Token) -> Node:
        self.at += 1
        command = self.source[token.start : token.end]
        first, second = self.tokens[self.at], self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        if first.kind in _DIFFERENTIALS or (first.text == "{" and second.kind in _DIFFERENTIALS):
            self.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
        top = self.argument(command)
        bottom = self.argument(command)
        end = self.tokens[self.at - 1].end
        if token.text == "binom":
            return n.Binomial(top, bottom, token.start, end)
        if _begins_with_d(top) and type(bottom) is n.Times and _begins_with_d(bottom):
            self.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
        return n.Fraction_(top, bottom, token.start, end)

    def root(self, token: Token) -> Node:
        self.at += 1
        degree: Node | None = None
        following = self.tokens[self.at]
        if following.kind == "open" and following.text == "[":
            group = self.group(following)
            if len(group.items) != 1:
                self.fail("a root has one degree", following.start)
            degree = group.items[0]
        following = self.tokens[self.at]
        if following.kind == "open" and following.text == "(":
            if self.source[token.start] == "\\":
                # \sqrt(x) typesets the root of "(" alone.
                self.fail("\\sqrt needs braces round its argument", following.start)
            body = self.one(self.group(following))
        else:
            body = self.argument("\\sqrt")
        return n.Root(body, degree, token.start, self.tokens[self.at - 1].end)

    def function(self, token: Token) -> Node:
        """\\exp, \\ln and their like, with a base, a power and one or more arguments."""
        tokens = self.tokens
        self.at += 1
        name = token.text
        base: Node | None = None
        power: Node | None = None
        if name in ("max", "min") and tokens[self.at].kind == "_":
            return self.extremum(token)
        while True:
            kind = tokens[self.at].kind
            if kind == "^" and power is None:
                sup_at = tokens[self.at].start
                sup = self.superscript(False)
                if sup[0] != "power" or isinstance(sup[1], str) or sup[1] is None:
                    hint = f"write \\arc{name}" if name in ("sin", "cos", "tan") else ""
                    self.fail(
                        f"\\{name} with this superscript may be an inverse function or a power",
                        sup_at,
                        hint or "put the power behind the bracket",
                    )
                power = sup[1]
            elif kind == "_" and base is None:
                sub_at = tokens[self.at].start
                indices, label = self.subscript()
                if label or len(indices) != 1:
                    self.fail(f"\\{name} does not take this subscript", sub_at)
                base = indices[0]
            else:
                break
        arguments, doubt = self.arguments(name)
        node: Node = n.Apply(name, arguments, base, token.start, tokens[self.at - 1].end)
        if power is not None:
            node = n.Power(node, power, token.start, node.end)
        if doubt is None:
            return node
        return n.Bare(node, arguments[0], doubt, token.start, node.end)

    def arguments(self, name: str) -> tuple[tuple[Node, ...], str | None]:
        """The arguments of a function: a bracket, or one factor.

        Behind one factor without brackets another may stand: then the sign between them is
        returned, for only the shapes can tell which of the two the function takes.
        """
        tokens = self.tokens
        first = tokens[self.at]
        if first.kind == "open":
            if first.text in ROUND:
                return self.group(first).items, None
            if first.text == "{":
                self.at += 1
                node = self.expression()
                self.close("{")
                return (node.items if type(node) is n.Group else (node,)), None
        if first.kind not in STARTS or first.kind == "dots":
            if first.kind == "op":
                self.fail(
                    f"the argument of {name} needs brackets", first.start, f"write \\{name}(..)"
                )
            self.fail(f"the argument of {name} is missing", first.start)
        node = self.factor()
        following = tokens[self.at]
        doubt: str | None = None
        if first.kind not in _AFTER_BARE:
            if following.kind == "op" and following.text not in "+-":
                ratio = following.text == "/" and tokens[self.at + 1].kind == "function"
                doubt = None if ratio else following.text
            elif (
                following.kind in STARTS
                and following.kind not in _AFTER_BARE
                and not (following.kind == "bar" and following.text == self.bar)
            ):
                doubt = ""
        return (node,), doubt

    def statistic(self, token: Token) -> Node:
        """\\mathbb{E}[..], Cov(..), Var(..)."""
        self.at += 1
        over: tuple[Node, ...] = ()
        if self.tokens[self.at].kind == "_":
            over, _ = self.subscript()
        if self.tokens[self.at].kind == "^":
            self.fail(
                f"a power of {token.text} is ambiguous",
                self.tokens[self.at].start,
                "put it behind the bracket",
            )
        self.no_condition()
        arguments, doubt = self.arguments(token.text)
        if doubt is not None and doubt in "/":
            self.fail(
                f"it is not clear where the argument of {token.text} ends",
                self.tokens[self.at].start,
                "put brackets round it",
            )
        return n.StatisticOf(token.text, arguments, over, token.start, self.tokens[self.at - 1].end)

    def no_condition(self) -> None:
        """Refuse E[c | k], at its bar."""
        first = self.tokens[self.at]
        if first.kind != "open" or first.text not in ROUND:
            return
        level, bars = 0, []
        for token in self.between(self.at)[0]:
            level += (token.kind == "open") - (token.kind == "close")
            if level == 0 and token.text == "|" and token.kind in ("bar", "sep"):
                bars.append(token)
        if len(bars) == 1:
            self.fail(
                "conditional expectations are not read",
                bars[0].start,
                "state what is given as a condition: .. \\quad \\text{for } x = i",
            )

    def fence(self, token: Token) -> Node:
        """\\norm{q} and \\abs{x}."""
        self.at += 1
        following = self.tokens[self.at]
        if following.kind == "op" and following.text == "*" and following.start == token.end:
            self.at += 1
        body = self.argument(self.source[token.start : token.end])
        kind = "norm" if token.text == "||" else "abs"
        return n.NormBars(kind, body, "", token.start, self.tokens[self.at - 1].end)

    def brace(self, token: Token) -> Node:
        """\\underbrace{x}_{..}: the formula; what stands at the brace is passed over."""
        self.at += 1
        body = self.argument(self.source[token.start : token.end])
        if self.tokens[self.at].kind == token.text:
            self.script_tokens()
        return n.Annotated(body, token.start, self.tokens[self.at - 1].end)

    def accent(self, token: Token) -> Node:
        """\\hat{q}: the accent becomes part of the name."""
        self.at += 1
        node = self.argument(self.source[token.start : token.end])
        if type(node) is not n.Name:
            self.fail(f"\\{token.text} is read over a single letter only", token.start)
        base = f"\\{token.text}{{{node.base}}}"
        return self.letter(base, node.indices, node.primes, token.start)

    def word(self, token: Token) -> Node:
        """Upright letters that are no known function: the name of something."""
        self.at += 1
        base = f"\\mathrm{{{token.text}}}"
        following = self.tokens[self.at]
        braced = self.braced_bracket()
        if braced or (following.kind == "open" and following.text in ROUND):
            self.at += braced
            if token.text in PROBABILITIES:
                self.no_event(token.text, token.start)
            group = self.group(self.tokens[self.at])
            if braced:
                self.close("{")
            return n.Apply(token.text, group.items, None, token.start, group.end)
        return self.letter(base, (), 0, token.start)

    def dots(self, token: Token) -> Node:
        self.at += 1
        return n.Dots(token.start, token.end)

    def infinity(self, token: Token) -> Node:
        self.at += 1
        return n.Infinity(token.start, token.end)


def _begins_with_d(node: Node) -> bool:
    """Whether this may be the top or bottom of a derivative."""
    if type(node) is n.Times:
        node = node.factors[0][1]
    return type(node) is n.Name and node.base == "d" and not node.indices
