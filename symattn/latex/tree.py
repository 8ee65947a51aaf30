"""From tokens to the syntax tree of one expression: precedence, scripts and bounds.

The grammar is LaTeX as mathematicians write it, and where it is ambiguous (`\\ln a b`, `x^12`) the
reader refuses with a sentence instead of guessing.  Every recursion is counted, so that no input
can exhaust the stack, and nothing is ever read twice, so that the time is linear.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from symattn.latex import nodes as n
from symattn.latex.cursor import ROUND, STARTS, number_of, split_at
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node
from symattn.latex.pairs import HALF_OPEN
from symattn.latex.scripts import SCRIPTS, Scripts
from symattn.latex.series import expand
from symattn.latex.tokens import MAX_DEPTH


class Parser(Scripts):
    """Reads one expression from a balanced list of tokens."""

    def whole(self) -> Node:
        """Read all tokens as one expression."""
        node = self.expression()
        token = self.tokens[self.at]
        if token.kind != "end":
            self.unexpected(token)
        return node

    def expression(self) -> Node:
        """A sum of products."""
        tokens = self.tokens
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"the formula is nested more than {MAX_DEPTH} deep", tokens[self.at].start)
        start = tokens[self.at].start
        terms: list[tuple[int, Node]] = []
        while True:
            sign = self.signs()
            terms.append((sign, self.product()))
            token = tokens[self.at]
            if token.kind != "op" or token.text not in "+-":
                break
        self.depth -= 1
        if len(terms) == 1 and terms[0][0] > 0:
            return terms[0][1]
        terms = _within_limits(terms)
        if len(terms) == 1 and terms[0][0] > 0:
            return terms[0][1]
        plus = n.Plus(tuple(terms), start, tokens[self.at - 1].end)
        if len(terms) > 2 and any(type(term) is n.Dots for _, term in terms):
            return expand(plus, self.source)
        return plus

    def signs(self) -> int:
        """Consume + and -; return the sign that they make."""
        sign = 1
        while True:
            token = self.tokens[self.at]
            if token.kind != "op" or token.text not in "+-":
                return sign
            if token.text == "-":
                sign = -sign
            self.at += 1

    def product(self) -> Node:
        """Factors side by side or with a sign between them."""
        tokens = self.tokens
        start = tokens[self.at].start
        factors: list[tuple[str, Node]] = []
        op = ""
        while True:
            if op and tokens[self.at].kind == "op" and tokens[self.at].text == "-":
                at = tokens[self.at].start  # 2 \cdot -3
                if self.signs() < 0:
                    factors.append((op, n.Number(-1, at, at + 1)))
                    op = "." if op != "/" else "/"
            first = tokens[self.at]
            node = self.factor()
            if factors and type(node) is n.Number and not op and type(factors[-1][1]) is n.Number:
                self.fail("two numbers stand side by side", first.start, "put \\cdot between them")
            factors.append((op, node))
            token = tokens[self.at]
            kind = token.kind
            if kind == "op":
                if token.text in "+-":
                    break
                op = token.text
                self.at += 1
            elif kind in STARTS:
                if kind == "bar" and self.bar == token.text:
                    break
                op = ""
            else:
                break
        if len(factors) == 1:
            return factors[0][1]
        for _, node in factors:
            if type(node) is n.Dots:
                self.fail("dots in a product are not read", node.start, "write \\prod")
        return n.Times(tuple(factors), start, tokens[self.at - 1].end)

    def factor(self) -> Node:
        """One operand with its scripts."""
        token = self.tokens[self.at]
        kind = token.kind
        node: Node
        if kind == "name":
            self.at += 1
            node = self.letter(token.text, (), 0, token.start)
        elif kind == "number":
            self.at += 1
            node = number_of(token)
        elif kind == "open":
            node = self.bracket(token)
        else:
            method = _OPERANDS.get(kind)
            if method is None:
                self.unexpected(token)
            self.depth += 1
            if self.depth > MAX_DEPTH:
                self.fail(f"the formula is nested more than {MAX_DEPTH} deep", token.start)
            node = method(self, token)
            self.depth -= 1
        following = self.tokens[self.at]
        if following.kind in SCRIPTS or (
            following.kind == "open"
            and following.text == "{"
            and self.tokens[self.at + 1].kind == "close"
        ):
            return self.scripts(node)
        return node

    def bracket(self, token: Token) -> Node:
        """Whatever an opening bracket begins."""
        text = token.text
        if text == "{":
            if self.tokens[self.at + 1].kind == "close":
                self.fail("the braces are empty", token.start)
            self.at += 1
            saved, self.bar = self.bar, ""
            node = self.expression()
            last = self.tokens[self.at]
            if last.kind == "over":  # {a \over b}
                self.at += 1
                bottom = self.expression()
                node = n.Fraction_(node, bottom, token.start, bottom.end)
            self.bar = saved
            last = self.tokens[self.at]
            if last.kind == "sep":
                self.fail(
                    f"{last.text} stands inside braces", last.start, "write a set as \\{i, j\\}"
                )
            self.close("{")
            following = self.tokens[self.at]
            if type(node) is n.Name and (
                following.kind in SCRIPTS
                or (following.kind == "open" and node.base in self.functions and not node.indices)
            ):
                return self.letter(node.base, node.indices, node.primes, node.start)
            return node
        if text in ROUND or text in HALF_OPEN:
            return self.group(token)
        if text == "matrix":
            return self.matrix(token)
        if text == "<":
            self.inner_bar()
            group = self.group(token)
            if len(group.items) == 1:  # <x> is a mean
                return n.StatisticOf("E", group.items, (), group.start, group.end)
            if len(group.items) != 2:
                self.fail(
                    "\\langle .. \\rangle needs two vectors",
                    token.start,
                    "write \\mathbb{E}[c] for a mean",
                )
            return n.Inner(*group.items, group.start, group.end)
        if text == "cases":
            return self.cases(token)
        if text in ("floor", "ceil"):
            group = self.group(token)
            return n.Apply(text, group.items, None, group.start, group.end)
        self.at += 1
        saved, self.bar = self.bar, ""
        node = self.expression()
        self.bar = saved
        self.close(text)
        kind = "norm" if text == "||" else "abs"
        return n.NormBars(kind, node, "", token.start, self.tokens[self.at - 1].end)

    def group(self, token: Token) -> n.Group:
        """A bracket and the expressions in it, with commas between them."""
        tokens = self.tokens
        # (s_1 \mid s_2 \mid \dots \mid s_t) is a matrix by its columns
        dotted = token.text in "([" and any(t.kind == "dots" for t in self.between(self.at)[0])
        signs = ",;|" if dotted else ",;"
        self.at += 1
        saved, self.bar = self.bar, ""
        items = [self.expression()]
        while tokens[self.at].kind == "sep" and tokens[self.at].text in signs:
            self.at += 1
            items.append(self.expression())
        self.bar = saved
        last = tokens[self.at]
        if last.kind == "sep" and last.text == "|":
            self.fail("conditional expectations and probabilities are not read", last.start)
        self.close(token.text)
        return n.Group(tuple(items), token.text, token.start, last.end)

    def inner_bar(self) -> None:
        """Take \\langle u | v \\rangle for \\langle u, v \\rangle."""
        inner, _ = self.between(self.at)
        bars = [t for t in inner if t.kind == "bar" or (t.kind == "sep" and t.text == "|")]
        if len(bars) == 1 and bars[0].text == "|":
            at = self.tokens.index(bars[0], self.at)
            self.tokens[at] = bars[0]._replace(kind="sep", text=",")

    def matrix(self, token: Token) -> n.Group:
        """A matrix whose entries are given: only its columns can be read, and by their letters."""
        inner, stop = self.between(self.at)
        if any(t.kind == "row" for t in inner):
            self.no_matrix(token)
        items = [
            self.part(cell, cell[-1].end).whole() if cell else self.no_matrix(token)
            for cell in split_at(inner, ("amp", "sep"))
        ]
        self.at = stop
        return n.Group(tuple(items), "matrix", token.start, self.tokens[stop - 1].end)

    def no_matrix(self, token: Token) -> NoReturn:
        self.fail(
            "a matrix is not read entry by entry",
            token.start,
            "give it by its letter, or as a product such as S S^\\top",
        )

    def bars(self, token: Token) -> Node:
        """|x| or \\|x\\| with bars that do not say their side."""
        self.at += 1
        saved, self.bar = self.bar, token.text
        node = self.expression()
        self.bar = saved
        last = self.tokens[self.at]
        if last.kind != "bar" or last.text != token.text:
            if last.kind in ("sep", "bar", "end", "close"):
                self.fail("a bar | or \\| is never closed", token.start)
            self.unexpected(last)
        self.at += 1
        kind = "norm" if token.text == "||" else "abs"
        return n.NormBars(kind, node, "", token.start, last.end)


def _within_limits(terms: list[tuple[int, Node]]) -> list[tuple[int, Node]]:
    """Put the terms behind a limit into it, where they hold its variable: it has no other meaning."""
    for place, (sign, term) in enumerate(terms):
        if type(term) is n.Limit and type(term.variable) is n.Name:
            base = term.variable.base
            rest = terms[place + 1 :]
            if any(name.base == base for _, other in rest for name in n.names(other)):
                end = rest[-1][1].end
                body = n.Plus(((1, term.body), *rest), term.body.start, end)
                if sign < 0:
                    body = n.Plus(
                        ((1, term.body), *((-s, t) for s, t in rest)), term.body.start, end
                    )
                return [*terms[:place], (sign, replace(term, body=body, end=end))]
    return terms


_OPERANDS = {
    "bar": Parser.bars,
    "frac": Parser.fraction,
    "sqrt": Parser.root,
    "function": Parser.function,
    "stat": Parser.statistic,
    "accent": Parser.accent,
    "word": Parser.word,
    "dots": Parser.dots,
    "infinity": Parser.infinity,
    "fence": Parser.fence,
    "brace": Parser.brace,
    "big": Parser.big,
    "lim": Parser.limit,
    "partial": Parser.gradient,
    "int": Parser.integral,
}
