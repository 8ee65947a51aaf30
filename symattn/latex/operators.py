"""Fractions, roots, functions, statistics, and the operators that govern what follows them."""

from __future__ import annotations

from typing import Any

from symattn.latex import nodes as n
from symattn.latex.binders import Binders
from symattn.latex.cursor import (
    DERIVATIVES,
    NO_DERIVATIVES,
    PROBABILITIES,
    ROUND,
    STARTS,
    split_at,
    split_relations,
)
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node

# What may follow an unbracketed argument, as in `\ln n \ln m`, without a doubt about its end.
_AFTER_BARE = frozenset("function big int lim".split())
_DIFFERENTIALS = frozenset(["diff", "partial"])
MAX_ORDER = 6  # of a derivative


class Operators(Binders):
    """Reads whatever begins with a command."""

    def fraction(self, token: Token) -> Node:
        self.at += 1
        command = self.source[token.start : token.end]
        if (derivative := self.derivative(token)) is not None:
            return derivative
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

    def derivative(self, token: Token) -> Node | None:
        """\\frac{d}{dx} f, \\frac{d^2 f}{dx^2}, \\frac{\\partial f}{\\partial x \\partial y}."""
        begin = self.at
        top, bottom = self.script_of_fraction(), self.script_of_fraction()
        if not top or len(bottom) < 2 or not _is_differential(top[0]):
            self.at = begin
            return None
        kinds = ("name", "accent") if _is_differential(bottom[0]) else ()
        if bottom[1].kind not in kinds or (top[0].text == "d") != (bottom[0].text == "d"):
            self.at = begin
            return None
        order, rest = 1, top[1:]
        if rest and rest[0].kind == "^":
            raised, rest = _raised(rest)
            if raised is None:
                self.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
            order = raised
        variables: list[tuple[n.Name, int]] = []
        marked = [t._replace(kind="row") if _is_differential(t) else t for t in bottom[1:]]
        for piece in split_at(marked, ("row",)):
            if not piece:
                self.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
            node: Any = self.part(piece, piece[-1].end).whole()
            times = 1
            if type(node) is n.Power and type(node.exponent) is n.Number:
                node, times = node.base, int(node.exponent.value)
            if type(node) is not n.Name or not 1 <= times <= MAX_ORDER:
                self.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
            variables.append((node, times))
        if sum(times for _, times in variables) != order:
            self.fail("the orders above and below the stroke of a derivative differ", token.start)
        if rest:
            body: Node = self.part(rest, rest[-1].end).whole()
        else:
            body = self.differentiated(token, [v for v, _ in variables])
        return n.Derive(body, tuple(variables), False, token.start, self.tokens[self.at - 1].end)

    def script_of_fraction(self) -> list[Token]:
        """The tokens of the top or bottom of a fraction, not yet read; nothing where none stand."""
        first = self.tokens[self.at]
        if first.kind == "end":
            return []
        if first.kind == "open" and first.text == "{":
            inner, self.at = self.between(self.at)
            return inner
        self.at += 1
        return [first]

    def differentiated(self, token: Token, variables: list[Node]) -> Node:
        """What stands behind \\frac{d}{dx} or \\nabla_x: all that follows in its term."""
        body = self.body(token)
        if type(body) is n.Times and type(body.factors[0][1]) is n.Group:
            bases = {v.base for v in variables if type(v) is n.Name}
            if any(name.base in bases for _, f in body.factors[1:] for name in n.names(f)):
                self.fail(
                    "it is not clear how far the derivative reaches",
                    body.factors[1][1].start,
                    "put brackets round all that is differentiated",
                )
        return body

    def gradient(self, token: Token) -> Node:
        """\\nabla_x f and \\partial_x f."""
        self.at += 1
        if self.tokens[self.at].kind != "_":
            self.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
        indices, label = self.subscript()
        if label or len(indices) != 1 or type(indices[0]) is not n.Name:
            self.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
        if self.tokens[self.at].kind == "^":
            self.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
        body = self.differentiated(token, [indices[0]])
        nabla = token.text == "\\nabla"
        return n.Derive(body, ((indices[0], 1),), nabla, token.start, body.end)

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
        primes = self.primes()
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
        applied = n.Apply(name, arguments, base, token.start, tokens[self.at - 1].end)
        node: Node = applied
        if primes:
            node = n.Slope(applied, primes, token.start, applied.end)
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
        drawn = None
        if self.tokens[self.at].kind == "_":
            drawn = self.drawn_index()
            over, _ = ((), "") if drawn is not None else self.subscript()
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
        end = self.tokens[self.at - 1].end
        if drawn is not None and token.text == "E" and len(arguments) == 1:
            letter, law = drawn
            weight = n.Name(law.text, (letter,), 0, law.start, law.end)
            total = n.Times((("", weight), ("", arguments[0])), law.start, end)
            domain = n.Domain(letter, None, None, (), None, token.start, end)
            return n.Big("sum", (domain,), total, token.start, end)
        return n.StatisticOf(token.text, arguments, over, token.start, end)

    def drawn_index(self) -> tuple[n.Name, n.Name] | None:
        r"""Read the subscript of `\mathbb{E}_{i \sim \alpha}`: a letter, and the weights it is drawn by."""
        begin = self.at
        if self.tokens[begin + 1].kind != "open":
            return None
        script = self.script_tokens()
        pieces, relations = split_relations(script)
        if [r.text for r in relations] == ["~"] and all(len(p) == 1 for p in pieces):
            names = [p[0] for p in pieces]
            if all(t.kind == "name" for t in names):
                one, two = (n.Name(t.text, (), 0, t.start, t.end) for t in names)
                return one, two
        self.at = begin
        return None

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
        primes = self.primes()
        following = self.tokens[self.at]
        braced = self.braced_bracket()
        if braced or (following.kind == "open" and following.text in ROUND):
            self.at += braced
            if token.text in PROBABILITIES:
                event = self.event(token.text, token.start)
                if event is not None:
                    if braced:
                        self.close("{")
                    return event
            group = self.group(self.tokens[self.at])
            if braced:
                self.close("{")
            found = n.Apply(token.text, group.items, None, token.start, group.end)
            return n.Slope(found, primes, token.start, group.end) if primes else found
        return self.letter(base, (), primes, token.start)

    def primes(self) -> int:
        """Consume primes, and return how many there are."""
        count = 0
        while self.tokens[self.at].kind == "'":
            count, self.at = count + 1, self.at + 1
        return count

    def dots(self, token: Token) -> Node:
        self.at += 1
        return n.Dots(token.start, token.end)

    def infinity(self, token: Token) -> Node:
        self.at += 1
        return n.Infinity(token.start, token.end)


def _is_differential(token: Token) -> bool:
    """Whether a token is the d or the \\partial of a derivative."""
    if token.kind == "partial":
        return token.text == "\\partial"
    return token.kind == "diff" or (token.kind == "name" and token.text == "d")


def _raised(tokens: list[Token]) -> tuple[int | None, list[Token]]:
    """Return the whole number that a superscript in front is, and the tokens behind it."""
    inside, rest = tokens[1:2], tokens[2:]
    if inside and inside[0].text == "{":
        inside, rest = tokens[2:3], tokens[4:]
    if len(inside) != 1 or inside[0].kind != "number" or not inside[0].text.isdigit():
        return None, rest
    order = int(inside[0].text)
    return (order if 1 <= order <= MAX_ORDER else None), rest


def _begins_with_d(node: Node) -> bool:
    """Whether this may be the top or bottom of a derivative."""
    if type(node) is n.Times:
        node = node.factors[0][1]
    return type(node) is n.Name and node.base == "d" and not node.indices
