"""Fractions, roots, functions, statistics, and the operators that govern what follows them."""

from __future__ import annotations

from symattn.latex import nodes as n
from symattn.latex.cursor import (
    DERIVATIVES,
    NO_DERIVATIVES,
    PROBABILITIES,
    ROUND,
    STARTS,
    Cursor,
    closes_at_end,
    split_at,
    split_relations,
    split_separators,
    without,
)
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node
from symattn.latex.series import domains

# What may follow an unbracketed argument, as in `\ln n \ln m`, without a doubt about its end.
_AFTER_BARE = frozenset("function big int lim".split())
_CASE_WORDS = frozenset(["if", "for", "when", "or", "otherwise", "else"])
_DIFFERENTIALS = frozenset(["diff", "partial"])


class Operators(Cursor):
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
        return n.Statistic(token.text, arguments, over, token.start, self.tokens[self.at - 1].end)

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
        return n.Bars(kind, body, "", token.start, self.tokens[self.at - 1].end)

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

    def range_scripts(self, token: Token) -> tuple[list[Token] | None, list[Token] | None]:
        """The subscript and superscript tokens of an operator, in either order."""
        self.at += 1
        scripts: dict[str, list[Token]] = {}
        while self.tokens[self.at].kind in ("_", "^"):
            script = self.tokens[self.at]
            if script.kind in scripts:
                self.fail(f"a second {script.text}", script.start)
            scripts[script.kind] = self.script_tokens()
        return scripts.get("_"), scripts.get("^")

    def script_tokens(self) -> list[Token]:
        """The tokens of the script that begins here, not yet read."""
        tokens = self.tokens
        script = tokens[self.at]
        self.at += 1
        first = tokens[self.at]
        if first.kind == "open":
            begin = self.at
            self.skip()
            if first.text == "{":
                return tokens[begin + 1 : self.at - 1]
            self.fail(f"{script.text} needs braces", first.start)
        if first.kind == "number" and len(first.text) > 1:
            self.single(first, script.text)
        if first.kind not in ("name", "number", "infinity", "mark"):
            self.fail(f"{script.text} needs braces", first.start)
        self.at += 1
        return [first]

    def body(self, token: Token) -> Node:
        """The product that an operator governs: all that follows in its term."""
        at = self.tokens[self.at].start
        sign = self.signs()
        if self.tokens[self.at].kind not in STARTS:
            shown = self.source[token.start : token.end]
            self.fail(f"nothing follows {shown}", self.tokens[self.at].start)
        body = self.product()
        return body if sign > 0 else n.Plus(((-1, body),), at, body.end)

    def big(self, token: Token) -> Node:
        """A sum or product over indices."""
        below, above = self.range_scripts(token)
        after = self.tokens[self.at].start
        if not below:
            self.fail("the index of the sum is missing", after, "write \\sum_{l=1}^{n}")
        domains = self.domains(below, above, token)
        body = self.body(token)
        return n.Big(token.text, domains, body, token.start, body.end)

    def extremum(self, token: Token) -> Node:
        """\\max or \\min over an index."""
        self.at -= 1
        below, above = self.range_scripts(token)
        if not below:
            self.fail(f"the index of \\{token.text} is missing", token.start)
        domains = self.domains(below, above, token)
        begin = self.at
        following = self.tokens[begin]
        if following.kind == "open" and following.text in ROUND:
            self.skip()
            after = self.tokens[self.at]
            self.at = begin
            if after.kind in STARTS or (after.kind == "op" and after.text in "/*x"):
                self.fail(
                    f"it is not clear where the argument of \\{token.text} ends",
                    after.start,
                    "put brackets round all of it",
                )
        body = self.body(token)
        return n.Big(token.text, domains, body, token.start, body.end)

    def domains(
        self, below: list[Token], above: list[Token] | None, token: Token
    ) -> tuple[n.Domain, ...]:
        end = below[-1].end
        while below[0].kind == "open" and below[0].text == "{" and closes_at_end(below):
            below = below[1:-1]
            if not below:
                self.fail("the braces are empty", token.end)
        upper = self.part(above, above[-1].end).whole() if above else None
        pieces = [part for piece in split_separators(below) if piece for part in without(piece)]
        parts = [self.chain(piece, piece[-1].end) for piece in pieces if piece]
        if not parts:
            self.fail("the index of the sum is missing", end)
        return domains(parts, upper, self.source, below[0].start, end)

    def limit(self, token: Token) -> Node:
        """\\lim_{x \\to target} body."""
        below, above = self.range_scripts(token)
        if not below or above is not None:
            self.fail("\\lim needs its variable below it: \\lim_{x \\to 0}", token.start)
        pieces, relations = split_relations(below)
        if len(relations) != 1 or relations[0].text != "->":
            self.fail("\\lim needs x \\to target below it", below[0].start)
        side = ""
        target = pieces[1]
        tail = [t.text for t in target[-4:]]
        if tail[-2:] in (["^", "+"], ["^", "-"]):
            side, target = tail[-1], target[:-2]
        elif tail in (["^", "{", "+", "{"], ["^", "{", "-", "{"]):
            side, target = tail[-2], target[:-4]
        variable = self.part(pieces[0], relations[0].start).whole()
        goal = self.part(target, below[-1].end).whole()
        body = self.body(token)
        return n.Limit(body, variable, goal, side, token.start, body.end)

    def integral(self, token: Token) -> Node:
        """\\int_a^b body dx."""
        below, above = self.range_scripts(token)
        lower = self.part(below, below[-1].end).whole() if below else None
        upper = self.part(above, above[-1].end).whole() if above else None
        tokens = self.tokens
        begin = self.at
        missing = 1  # differentials still to come, for this integral and those inside
        while True:
            here, following = tokens[self.at], tokens[min(self.at + 1, len(tokens) - 1)]
            if (
                (here.kind == "diff" or (here.kind == "name" and here.text == "d"))
                and following.kind == "name"
                and tokens[self.at - 1].kind not in ("_", "^")
            ):
                missing -= 1
                if not missing:
                    break
            if here.kind == "int":
                missing += 1
            if here.kind == "open":
                self.skip()
                continue
            if here.kind in ("end", "close", "sep"):
                self.fail("the integral has no differential dx at its end", token.start)
            self.at += 1
        body = self.part(tokens[begin : self.at], here.start).whole()
        self.at += 2
        variable = n.Name(following.text, (), 0, following.start, following.end)
        return n.Integrate(body, variable, lower, upper, token.start, following.end)

    def cases(self, token: Token) -> Node:
        """\\begin{cases} value & condition \\\\ .. \\end{cases}."""
        begin = self.at + 1
        self.skip()
        inner = self.tokens[begin : self.at - 1]
        end = self.tokens[self.at - 1].end
        rows = []
        for row in split_at(inner, ("row",)):
            if not row:
                continue
            cells = split_at(row, ("amp",))
            words = [t for t in row if t.kind == "text"]
            condition = list(cells[1]) if len(cells) > 1 else []
            while condition and condition[0].kind == "text" and condition[0].text != "or":
                condition.pop(0)
            value = [t for t in cells[0] if t.kind not in ("quad", "text")]
            while value and value[-1].kind == "sep":
                value.pop()
            while condition and condition[-1].kind == "sep":
                condition.pop()
            for word in words:
                if word.text.lower() not in _CASE_WORDS:
                    self.fail(f"the words '{word.text[:40]}' are not read", word.start)
            if len(cells) > 2 or not value:
                self.fail("a row of cases is a value & a condition", row[0].start)
            node = self.part(value, row[-1].end).whole()
            terms: list[Node] = []
            relations: list[str] = []
            if any(t.kind != "text" for t in condition):
                terms, relations = self.case_condition(condition, row[-1].end)
            elif not words or words[-1].text.lower() not in ("otherwise", "else"):
                self.fail("the condition of a case is missing", row[-1].end)
            rows.append(n.Case(node, tuple(terms), tuple(relations), row[0].start, row[-1].end))
        if not rows:
            self.fail("the cases are empty", token.start)
        return n.Cases(tuple(rows), token.start, end)

    def case_condition(self, tokens: list[Token], end: int) -> tuple[list[Node], list[str]]:
        """`l \\in \\{i, j\\}`, `l = i, j`, `l = i \\text{ or } l = j`, `l \\ne i, j`."""
        terms: list[Node] = []
        relations: list[str] = []
        for piece in split_at(tokens, ("sep", "quad", "text")):
            if not piece:
                continue
            more, signs = self.chain(piece, end)
            if not terms:
                terms, relations = more, signs
                if not signs:
                    self.fail("the condition of a case is missing", piece[0].start)
                continue
            same = signs == relations and n.parts(more[0]) == n.parts(terms[0])
            if relations not in (["="], ["!="], ["in"], ["notin"]) or (signs and not same):
                self.fail("the condition of this case is not read", piece[0].start)
            before = terms[1].items if type(terms[1]) is n.Group else (terms[1],)
            members = (*before, more[-1])
            relations = ["in" if relations[0] in ("=", "in") else "notin"]
            terms = [terms[0], n.Group(members, "\\{", terms[1].start, more[-1].end)]
        return terms, relations


def _begins_with_d(node: Node) -> bool:
    """Whether this may be the top or bottom of a derivative."""
    if type(node) is n.Times:
        node = node.factors[0][1]
    return type(node) is n.Name and node.base == "d" and not node.indices
