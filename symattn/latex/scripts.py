"""Subscripts, superscripts and primes: on letters they may be a name, elsewhere never."""

from __future__ import annotations

from dataclasses import replace

from symattn.latex import nodes as n
from symattn.latex.cursor import (
    NO_ENTRIES,
    NO_ENTRIES_HINT,
    OF_EVENTS,
    PROBABILITIES,
    ROUND,
    Superscript,
    closes_at_end,
    node_of,
    number_of,
    split_relations,
)
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node
from symattn.latex.operators import Operators

SCRIPTS = frozenset("^_'!")
_LABELS = frozenset("word text function stat mark infinity".split())
_NAMING = frozenset(["label", "index", "'"])
_NO_SLOPE = frozenset(["E", "W", "O", "o", "\\mathcal{O}", "\\mathcal{N}"])
_INDICATORS = frozenset(["\\mathbf{1}", "I", "\\chi"])


_EVENTS = frozenset(["=", "<", "<=", ">", ">=", "~~"])


class Scripts(Operators):
    """Reads what stands above and below an operand."""

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
                if type(node) is n.NormBars and not node.label:
                    node = self.labelled(node)
                elif (
                    type(node) is n.Power
                    and type(node.base) is n.NormBars
                    and not node.base.label
                    and raised
                ):
                    node = replace(node, base=self.labelled(node.base))  # \|q\|^2_2
                elif type(node) is n.Number and node.value == 0:
                    self.script_tokens()  # 0_{s \times t}: zero is zero, whatever its shape
                elif type(node) is n.Name:
                    self.fail("a second subscript", token.start)
                else:
                    node = self.entry(node, token)
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

    def entry(self, node: Node, token: Token) -> Node:
        """(A B)_{ij}, \\operatorname{softmax}(z)_i: an entry of something that is no letter."""
        indices, label = self.subscript()
        if label or type(node) not in (n.Group, n.Apply):
            self.fail(NO_ENTRIES, token.start, NO_ENTRIES_HINT)
        return n.EntryOf(node, indices, node.start, self.tokens[self.at - 1].end)

    def labelled(self, bars: n.NormBars) -> n.NormBars:
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
        if base in _INDICATORS and (holds := self.indicator(start)) is not None:
            return holds
        end = tokens[self.at - 1].end  # of the name, without its exponent
        while True:
            token = tokens[self.at]
            kind = token.kind
            if kind == "_":
                if subscripted:
                    self.fail("a second subscript", token.start)
                subscripted = True
                found, label = self.subscript(base == "\\delta")
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
        if token.kind == "open" and token.text in ROUND and base in PROBABILITIES:
            if (event := self.event(base, start)) is not None:
                return event
        power = sup if sup is not None and sup[0] not in _NAMING else None
        if token.kind == "open" and base in self.functions:
            if token.text in ROUND and sup is None:
                return self.applied(base, indices, primes, start)
            if self.braced_bracket():  # f{\left(x\right)} and f^{2}{..}, as SymPy prints them
                self.at += 1
                name = self.applied(base, indices, primes, start)
                self.close("{")
        return name if power is None else self.raised(name, power, sup_at)

    def indicator(self, start: int) -> Node | None:
        """\\mathbb{1}[l = i] or \\mathbf{1}_{l \\in \\{i, j\\}}; None for anything else."""
        at = self.at + (self.tokens[self.at].kind == "_")
        first = self.tokens[at]
        if first.kind != "open" or first.text not in ("{", *ROUND):
            return None
        inner, stop = self.between(at)
        while inner and inner[0].text in ("{", "\\{") and closes_at_end(inner):
            inner = inner[1:-1]
        if not any(token.kind == "rel" for token in inner):
            return None
        terms, relations = self.chain(inner, inner[-1].end)
        self.at = stop
        return n.Indicator(tuple(terms), tuple(relations), start, self.tokens[stop - 1].end)

    def event(self, said: str, start: int) -> Node | None:
        """Read P(c > 0), an event with one relation; refuse any other, as P(A) or P(a | b)."""
        inner, stop = self.between(self.at)
        _, relations = split_relations(inner)
        plain = not any(token.kind in ("sep", "bar", "text") for token in inner)
        if len(relations) == 1 and plain and relations[0].text in _EVENTS:
            terms, signs = self.chain(inner, inner[-1].end)
            self.at = stop
            end = self.tokens[stop - 1].end
            event = n.Indicator(tuple(terms), tuple(signs), start, end)
            return n.StatisticOf("P", (event,), (), start, end)
        if said in OF_EVENTS or relations:
            self.fail(
                "the probability of an event is not read",
                start,
                "one relation of two sides is, as in P(c > 0)",
            )

    def applied(self, base: str, indices: tuple[Node, ...], primes: int, start: int) -> Node:
        """A letter that is a function, at its bracket."""
        group = self.group(self.tokens[self.at])
        if primes and base in _NO_SLOPE:
            self.fail(f"a prime on {base} before a bracket is not read", start)
        if base == "E":
            return n.StatisticOf("E", group.items, indices, start, group.end)
        if base in ("O", "o", "\\mathcal{O}"):
            if len(group.items) != 1 or indices:
                self.fail("O(..) takes one expression", start)
            return n.Order(group.items[0], base == "o", start, group.end)
        if len(indices) > 1:
            self.fail(f"{base} with two subscripts is not a function", start)
        found = n.Apply(base, group.items, indices[0] if indices else None, start, group.end)
        return n.Slope(found, primes, start, group.end) if primes else found

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
            return "label", f"{{\\mathrm{{{''.join(token.text.split())}}}}}"
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
        if kind == "frac":
            return self.fraction(token)
        if kind == "infinity":
            return self.infinity(token)
        shown = self.source[token.start : token.end]
        if kind in ("end", "close"):
            self.fail(f"nothing stands after {script}", token.start)
        raise self.error(
            f"{shown} after {script} needs braces", token.start, f"write {script}{{..}}"
        )

    def subscript(self, pair: bool = False) -> tuple[tuple[Node, ...], str]:
        """What stands after _: indices, or a label that becomes part of the name.

        pair : whether two indices are expected, so that 1i and 11 are two without their comma.
        """
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
                if pair and (two := _two_digits(node)):
                    node = n.Times(two, node.start, node.end)
                if type(node) is n.Group:
                    self.fail("an index in brackets is not read", at)
                if type(node) is n.Times and (
                    all(
                        not op and (type(factor) is n.Name or _is_index(factor, pair, not place))
                        for place, (op, factor) in enumerate(node.factors)
                    )
                    or all(op == "x" for op, _ in node.factors[1:])  # I_{d \times d}
                ):
                    indices.extend(factor for _, factor in node.factors)
                elif type(node) is n.Times and _one_or_two(node):
                    said = self.source[node.start : node.end]
                    self.fail(
                        f"{said[:20]} may be one index or several",
                        at,
                        "write a comma between indices, or \\cdot for a product",
                    )
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


def _two_digits(node: Node) -> tuple[tuple[str, Node], ...]:
    """Two numbers of one digit that stand side by side, as the factors of a product."""
    if type(node) is not n.Number or not isinstance(node.value, int) or not 10 < node.value < 100:
        return ()
    digits = divmod(node.value, 10)
    return tuple(("", n.Number(digit, node.start, node.end)) for digit in digits)


def _is_index(node: Node, pair: bool, first: bool) -> bool:
    """Whether a number beside a letter is an index of its own: nobody writes 1j for j."""
    return type(node) is n.Number and (pair or (first and node.value == 1))


def _is_transpose(token: Token) -> bool:
    return token.text == "T" and token.kind in ("name", "mark")


def _one_or_two(node: n.Times) -> bool:
    """Whether a number stands right behind a letter, as in k_{i1}."""
    pairs = zip(node.factors, node.factors[1:])
    return any(
        not op and type(factor) is n.Number and type(before) is n.Name
        for (_, before), (op, factor) in pairs
    )


def _label(token: Token) -> str:
    """The label that a subscript of one token makes, or nothing."""
    if token.kind in _LABELS:
        if token.kind == "infinity":
            return "\\infty"
        if token.kind == "mark":
            return token.text if token.text == "*" else ""
        said = "".join(token.text.split())
        return f"{{\\mathrm{{{said}}}}}" if said.isalnum() else ""
    return token.text if token.kind == "op" and token.text in "+-*" else ""
