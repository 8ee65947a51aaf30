"""From tokens to the syntax tree of one expression: precedence, scripts and bounds.

The grammar is LaTeX as mathematicians write it, and where it is ambiguous (`\\ln a b`, `x^12`) the
reader refuses with a sentence instead of guessing.  Every recursion is counted, so that no input
can exhaust the stack, and nothing is ever read twice, so that the time is linear.
"""

from __future__ import annotations

from dataclasses import replace

from symattn.latex import nodes as n
from symattn.latex.cursor import ROUND, STARTS, Superscript, node_of, number_of
from symattn.latex.nodes import Node
from symattn.latex.operators import Operators
from symattn.latex.series import expand
from symattn.latex.tokens import MAX_DEPTH, Token

_LABELS = frozenset("word text function stat mark infinity".split())


class Parser(Operators):
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
        if following.kind in _SCRIPTS or (
            following.kind == "open"
            and following.text == "{"
            and self.tokens[self.at + 1].kind == "close"
        ):
            return self.scripts(node)
        return node

    def scripts(self, node: Node) -> Node:
        """Powers, transposes and the like after something that is not a bare letter."""
        raised = False
        while True:
            token = self.tokens[self.at]
            kind = token.kind
            if kind == "^":
                if raised:
                    self.fail("a second superscript", token.start, "put braces round the first")
                raised = True
                node = self.raised(node, self.superscript(False), token.start)
            elif kind == "_":
                if type(node) is n.Bars and not node.label:
                    node = self.labelled(node)
                elif (
                    type(node) is n.Power
                    and type(node.base) is n.Bars
                    and not node.base.label
                    and raised
                ):
                    node = replace(node, base=self.labelled(node.base))  # \|q\|^2_2
                elif type(node) is n.Name:
                    self.fail("a second subscript", token.start)
                else:
                    self.fail(
                        "a subscript stands on something that is not a letter",
                        token.start,
                        "components of an expression are not read",
                    )
            elif kind == "'":
                if type(node) is n.Prime:
                    self.fail("a second prime", token.start)
                self.at += 1
                node = n.Prime(node, node.start, token.end)
            elif kind == "!":
                if type(node) is n.Apply and node.function == "factorial":
                    self.fail("a second !", token.start)
                self.at += 1
                node = n.Apply("factorial", (node,), None, node.start, token.end)
            elif kind == "open" and token.text == "{" and self.empty_braces():
                raised = False
            else:
                return node

    def labelled(self, bars: n.Bars) -> n.Bars:
        """A norm with the subscript that says which norm it is."""
        indices, label = self.subscript()
        if len(indices) == 1:
            index = indices[0]
            if type(index) is n.Number:
                label = str(index.value)
            elif type(index) is n.Name:
                label = index.base
            elif type(index) is n.Infinity:
                label = "\\infty"
        return replace(bars, label=label or "?", end=self.tokens[self.at - 1].end)

    def empty_braces(self) -> bool:
        """Consume {} and say so."""
        following = self.tokens[self.at + 1]
        if following.kind == "close" and following.text == "{":
            self.at += 2
            return True
        return False

    def letter(self, base: str, indices: tuple[Node, ...], primes: int, start: int) -> Node:
        """A letter whose base is read: its indices, label, primes and superscript in any order."""
        tokens = self.tokens
        sup: Superscript | None = None
        sup_at = start
        subscripted = bool(indices)
        end = tokens[self.at - 1].end  # of the name, without its exponent
        while True:
            token = tokens[self.at]
            kind = token.kind
            if kind == "_":
                if subscripted:
                    self.fail("a second subscript", token.start)
                subscripted = True
                found, label = self.subscript()
                indices = found + indices
                if label:
                    base = f"{base}_{label}"
                end = tokens[self.at - 1].end
            elif kind == "'":
                if sup is not None:
                    self.fail("a prime after a superscript", token.start)
                primes += 1
                self.at += 1
                end = token.end
            elif kind == "^":
                if sup is not None:
                    self.fail("a second superscript", token.start, "put braces round the first")
                sup_at = token.start
                sup = self.superscript(base != "e")
                if sup[0] == "label":
                    base = f"{base}^{sup[1]}"
                elif sup[0] == "index":
                    indices = (*indices, node_of(sup))
                elif sup[0] == "'":
                    primes += 1
                if sup[0] in _NAMING:
                    end = tokens[self.at - 1].end
            else:
                break
        name: Node = n.Name(base, indices, primes, start, end)
        token = tokens[self.at]
        power = sup if sup is not None and sup[0] not in _NAMING else None
        if token.kind == "open" and base in self.functions:
            if token.text in ROUND and sup is None:
                return self.applied(base, indices, start)
            if self.braced_bracket():  # f{\left(x\right)} and f^{2}{..}, as SymPy prints them
                self.at += 1
                name = self.applied(base, indices, start)
                self.close("{")
        return name if power is None else self.raised(name, power, sup_at)

    def applied(self, base: str, indices: tuple[Node, ...], start: int) -> Node:
        """A letter that is a function, at its bracket."""
        group = self.group(self.tokens[self.at])
        if base == "E":
            return n.Statistic("E", group.items, indices, start, group.end)
        if base in ("O", "o", "\\mathcal{O}"):
            if len(group.items) != 1 or indices:
                self.fail("O(..) takes one expression", start)
            return n.Order(group.items[0], base == "o", start, group.end)
        if len(indices) > 1:
            self.fail(f"{base} with two subscripts is not a function", start)
        return n.Apply(base, group.items, indices[0] if indices else None, start, group.end)

    def raised(self, node: Node, sup: Superscript, at: int) -> Node:
        """Apply a superscript."""
        kind = sup[0]
        end = self.tokens[self.at - 1].end
        if kind == "power":
            return n.Power(node, node_of(sup), node.start, end)
        if kind == "T":
            return n.Transpose(node, node.start, end)
        if kind == "-1":
            return n.Invert(node, node.start, end)
        if kind == "-T":
            return n.Transpose(n.Invert(node, node.start, end), node.start, end)
        if kind == "+":
            return n.PseudoInvert(node, node.start, end)
        if kind == "'":
            return n.Prime(node, node.start, end)
        raise self.error("this superscript is read only on a letter", at)

    def superscript(self, on_letter: bool) -> Superscript:
        """What stands after ^: ('power', node), ('T', None), ('label', text), ..."""
        tokens = self.tokens
        self.at += 1
        token = tokens[self.at]
        if token.kind == "open" and token.text == "{":
            first, second = tokens[self.at + 1], tokens[self.at + 2]
            if second.kind == "close" and second.text == "{":
                short = self.short(first)
                if short is not None:
                    self.at += 3
                    return short
            elif first.kind == "op" and first.text == "-":
                third = tokens[self.at + 3]
                if third.kind == "close" and third.text == "{":
                    if second.kind == "number" and second.text == "1":
                        self.at += 4
                        return "-1", None
                    if _is_transpose(second):
                        self.at += 4
                        return "-T", None
            elif (
                on_letter
                and first.kind == "open"
                and first.text == "("
                and second.kind in ("name", "number")
                and tokens[self.at + 3].kind == "close"
                and tokens[self.at + 4].kind == "close"
            ):
                self.at += 5
                index: Node = (
                    number_of(second)
                    if second.kind == "number"
                    else n.Name(second.text, (), 0, second.start, second.end)
                )
                return "index", index
            self.at += 1
            node = self.expression()
            self.close("{")
            return "power", node
        short = self.short(token)
        if short is not None:
            self.at += 1
            return short
        return "power", self.single(token, "^")

    def short(self, token: Token) -> Superscript | None:
        """A superscript of one token that is a mark and not an exponent."""
        if _is_transpose(token):
            return "T", None
        if token.kind == "mark" or (token.kind == "op" and token.text in "+*"):
            if token.text == "*":
                return "label", "*"
            return token.text, None
        if token.kind == "'":
            return "'", None
        if token.kind in ("word", "text"):
            return "label", f"{{\\mathrm{{{token.text}}}}}"
        return None

    def single(self, token: Token, script: str) -> Node:
        """The one token that a script without braces takes."""
        kind = token.kind
        if kind == "number":
            if len(token.text) > 1:
                self.fail(
                    f"LaTeX raises or lowers only the first digit of {script}{token.text[:20]}",
                    token.start,
                    f"write {script}{{{token.text[:20]}}}",
                )
            self.at += 1
            return number_of(token)
        if kind == "name":
            self.at += 1
            return n.Name(token.text, (), 0, token.start, token.end)
        if kind in ("frac", "infinity"):
            method = _OPERANDS[kind]
            return method(self, token)
        shown = self.source[token.start : token.end]
        if kind in ("end", "close"):
            self.fail(f"nothing stands after {script}", token.start)
        raise self.error(
            f"{shown} after {script} needs braces", token.start, f"write {script}{{..}}"
        )

    def subscript(self) -> tuple[tuple[Node, ...], str]:
        """What stands after _: indices, or a label that becomes part of the name."""
        tokens = self.tokens
        self.at += 1
        token = tokens[self.at]
        if token.kind == "open" and token.text == "{":
            first, second = tokens[self.at + 1], tokens[self.at + 2]
            if second.kind == "close" and second.text == "{":
                label = _label(first)
                if label:
                    self.at += 3
                    return (), label
            self.at += 1
            indices: list[Node] = []
            while True:
                at = tokens[self.at].start
                node = self.expression()
                if type(node) is n.Group:
                    self.fail("an index in brackets is not read", at)
                if type(node) is n.Times and all(
                    not op and type(factor) is n.Name for op, factor in node.factors
                ):
                    indices.extend(factor for _, factor in node.factors)
                else:
                    indices.append(node)
                token = tokens[self.at]
                if token.kind != "sep" or token.text != ",":
                    break
                self.at += 1
            if token.kind == "rel":
                self.fail("a relation stands in a subscript", token.start)
            self.close("{")
            return tuple(indices), ""
        label = _label(token)
        if label:
            self.at += 1
            return (), label
        return (self.single(token, "_"),), ""

    def bracket(self, token: Token) -> Node:
        """Whatever an opening bracket begins."""
        text = token.text
        if text == "{":
            if self.tokens[self.at + 1].kind == "close":
                self.fail("the braces are empty", token.start)
            self.at += 1
            saved, self.bar = self.bar, ""
            node = self.expression()
            self.bar = saved
            last = self.tokens[self.at]
            if last.kind == "sep":
                self.fail(
                    f"{last.text} stands inside braces", last.start, "write a set as \\{i, j\\}"
                )
            self.close("{")
            if type(node) is n.Name and self.tokens[self.at].kind in _SCRIPTS:
                return self.letter(node.base, node.indices, node.primes, node.start)
            return node
        if text in ROUND:
            return self.group(token)
        if text == "<":
            group = self.group(token)
            if len(group.items) != 2:
                self.fail("\\langle .. \\rangle needs two vectors", token.start)
            return n.Inner(*group.items, group.start, group.end)
        if text == "cases":
            return self.cases(token)
        self.at += 1
        saved, self.bar = self.bar, ""
        node = self.expression()
        self.bar = saved
        self.close(text)
        kind = "norm" if text == "||" else "abs"
        return n.Bars(kind, node, "", token.start, self.tokens[self.at - 1].end)

    def group(self, token: Token) -> n.Group:
        """A bracket and the expressions in it, with commas between them."""
        tokens = self.tokens
        self.at += 1
        saved, self.bar = self.bar, ""
        items = [self.expression()]
        while tokens[self.at].kind == "sep" and tokens[self.at].text in ",;":
            self.at += 1
            items.append(self.expression())
        self.bar = saved
        last = tokens[self.at]
        if last.kind == "sep" and last.text == "|":
            self.fail("conditional expectations and probabilities are not read", last.start)
        self.close(token.text)
        return n.Group(tuple(items), token.text, token.start, last.end)

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
        return n.Bars(kind, node, "", token.start, last.end)


_SCRIPTS = frozenset("^_'!")
_NAMING = frozenset(["label", "index", "'"])
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
    "big": Parser.big,
    "lim": Parser.limit,
    "int": Parser.integral,
}


def _is_transpose(token: Token) -> bool:
    return token.text == "T" and token.kind in ("name", "mark")


def _label(token: Token) -> str:
    """The label that a subscript of one token makes, or nothing."""
    if token.kind in _LABELS:
        if token.kind == "infinity":
            return "\\infty"
        if token.kind == "mark":
            return token.text if token.text == "*" else ""
        return f"{{\\mathrm{{{token.text}}}}}"
    return token.text if token.kind == "op" and token.text in "+-*" else ""
