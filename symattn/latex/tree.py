"""From tokens to the syntax tree of one expression: precedence, scripts and bounds.

The grammar is LaTeX as mathematicians write it, and where it is ambiguous (`\\ln a b`, `x^12`) the
reader refuses with a sentence instead of guessing.  Every recursion is counted, so that no input
can exhaust the stack, and nothing is ever read twice, so that the time is linear.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import NoReturn

from symattn.errors import ReadError
from symattn.latex import nodes as n
from symattn.latex.nodes import Node
from symattn.latex.tokens import MAX_DEPTH, Token

# Letters that are functions when a bracket follows at once, unless a vocabulary says otherwise.
FUNCTION_LETTERS = frozenset(["E", "W", "O", "o", "\\sigma", "\\mathcal{O}", "\\mathcal{N}"])

_STARTS = frozenset(
    "name number open bar frac sqrt function stat big int lim accent infinity word dots".split()
)
# What may follow an unbracketed argument, as in `\ln n \ln m`, without a doubt about its end.
_AFTER_BARE = frozenset("function big int lim".split())
_LABELS = frozenset("word text function stat mark infinity".split())
_ROUND = frozenset(["(", "[", "\\{"])
_SHOWN = {"{": "braces", "(": "brackets", "[": "brackets", "\\{": "braces"}

Superscript = tuple[str, "Node | str | None"]


class Parser:
    """Reads one expression from a balanced list of tokens."""

    __slots__ = ("at", "bar", "depth", "functions", "source", "tokens")

    def __init__(
        self,
        tokens: Sequence[Token],
        source: str,
        end: int,
        functions: Collection[str] = FUNCTION_LETTERS,
        depth: int = 0,
    ) -> None:
        self.tokens = [*tokens, Token("end", "", end, end)]
        self.source = source
        self.functions = functions
        self.depth = depth
        self.at = 0
        self.bar = ""  # the bar that would close here, as | or ||

    # errors -----------------------------------------------------------------------------------

    def fail(self, message: str, position: int, hint: str = "") -> NoReturn:
        raise ReadError(message, self.source, position, hint)

    def unexpected(self, token: Token) -> NoReturn:
        """Say why the expression cannot go on at `token`."""
        shown = self.source[token.start : min(token.end, token.start + 40)]
        kind = token.kind
        if kind == "end":
            self.fail("something is missing here", token.start)
        if kind == "rel":
            self.fail(f"the relation {shown} stands where an expression is read", token.start)
        if kind == "row":
            self.fail("a line break stands in the formula", token.start, "give one line at a time")
        if kind == "text":
            self.fail(
                f"the words '{token.text[:40]}' stand in the middle of a formula", token.start
            )
        if kind == "dots":
            self.fail("it is not clear what the dots stand for", token.start, "write a sum")
        if kind == "close":
            self.fail(f"nothing stands before {shown}", token.start)
        if kind == "bar":
            self.fail(f"{shown} has no partner", token.start)
        if kind in ("^", "_", "'"):
            self.fail(f"{shown} has nothing to stand on", token.start)
        if kind == "diff":
            self.fail("derivatives and lone differentials are not read", token.start)
        self.fail(f"{shown} is not expected here", token.start)

    # sums and products ------------------------------------------------------------------------

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
            from symattn.latex.series import expand

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
            elif kind in _STARTS:
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

    # one factor -------------------------------------------------------------------------------

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
            node = _number(token)
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
                    node = node._replace(base=self.labelled(node.base))  # \|q\|^2_2
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
        return bars._replace(label=label or "?", end=self.tokens[self.at - 1].end)

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
                    assert sup[1] is not None and not isinstance(sup[1], str)
                    indices = (*indices, sup[1])
                elif sup[0] == "'":
                    primes += 1
                if sup[0] in _NAMING:
                    end = tokens[self.at - 1].end
            else:
                break
        name: Node = n.Name(base, indices, primes, start, end)
        token = tokens[self.at]
        if sup is not None:
            if sup[0] not in _NAMING:
                name = self.raised(name, sup, sup_at)
        elif token.kind == "open" and token.text in _ROUND and base in self.functions:
            return self.applied(base, indices, start)
        return name

    def applied(self, base: str, indices: tuple[Node, ...], start: int) -> Node:
        """A letter that is a function, before its bracket."""
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
        kind, value = sup
        end = self.tokens[self.at - 1].end
        if kind == "power":
            assert value is not None and not isinstance(value, str)
            return n.Power(node, value, node.start, end)
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
        self.fail("this superscript is read only on a letter", at)

    # scripts ----------------------------------------------------------------------------------

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
                    _number(second)
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
            return _number(token)
        if kind == "name":
            self.at += 1
            return n.Name(token.text, (), 0, token.start, token.end)
        if kind in ("frac", "infinity"):
            method = _OPERANDS[kind]
            return method(self, token)
        shown = self.source[token.start : token.end]
        if kind == "end" or kind == "close":
            self.fail(f"nothing stands after {script}", token.start)
        self.fail(f"{shown} after {script} needs braces", token.start, f"write {script}{{..}}")

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

    # brackets ---------------------------------------------------------------------------------

    def close(self, bracket: str) -> None:
        token = self.tokens[self.at]
        if token.kind != "close" or token.text != bracket:
            self.unexpected(token)
        self.at += 1

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
        if text in _ROUND:
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
            if last.kind == "sep" or last.kind == "bar" or last.kind == "end":
                self.fail("a bar | or \\| is never closed", token.start)
            self.unexpected(last)
        self.at += 1
        kind = "norm" if token.text == "||" else "abs"
        return n.Bars(kind, node, "", token.start, last.end)

    # fractions, roots, functions ----------------------------------------------------------------

    def argument(self, command: str) -> Node:
        """The argument of a command: braces, or one token."""
        tokens = self.tokens
        token = tokens[self.at]
        if token.kind == "open" and token.text == "{":
            self.at += 1
            saved, self.bar = self.bar, ""
            node = self.expression()
            self.bar = saved
            self.close("{")
            return node
        if token.kind == "number":
            if len(token.text) > 1:
                # \frac12: TeX takes one digit and leaves the rest.
                if "." in token.text:
                    self.fail(f"{command} needs braces", token.start)
                rest = Token("number", token.text[1:], token.start + 1, token.end)
                tokens[self.at] = rest
                return n.Number(int(token.text[0]), token.start, token.start + 1)
            self.at += 1
            return _number(token)
        if token.kind == "name":
            self.at += 1
            return n.Name(token.text, (), 0, token.start, token.end)
        self.fail(f"{command} needs braces round its argument", token.start)

    def fraction(self, token: Token) -> Node:
        self.at += 1
        command = self.source[token.start : token.end]
        top = self.argument(command)
        bottom = self.argument(command)
        end = self.tokens[self.at - 1].end
        if token.text == "binom":
            return n.Binomial(top, bottom, token.start, end)
        if _begins_with_d(top) and type(bottom) is n.Times and _begins_with_d(bottom):
            self.fail("derivatives are not read", token.start)
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

    def one(self, group: n.Group) -> Node:
        if len(group.items) != 1:
            self.fail("one expression is expected here, not a list", group.start)
        return group.items[0]

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
        arguments = self.arguments(name)
        node: Node = n.Apply(name, arguments, base, token.start, tokens[self.at - 1].end)
        if power is not None:
            node = n.Power(node, power, token.start, node.end)
        return node

    def arguments(self, name: str) -> tuple[Node, ...]:
        """The arguments of a function: a bracket, or one factor without a doubt about its end."""
        tokens = self.tokens
        first = tokens[self.at]
        if first.kind == "open":
            if first.text in _ROUND:
                return self.group(first).items
            if first.text == "{":
                self.at += 1
                node = self.expression()
                self.close("{")
                return node.items if type(node) is n.Group else (node,)
        if first.kind not in _STARTS or first.kind == "dots":
            if first.kind == "op":
                self.fail(f"the argument of {name} needs brackets", first.start)
            self.fail(f"the argument of {name} is missing", first.start)
        node = self.factor()
        following = tokens[self.at]
        if (
            following.kind in _STARTS
            and following.kind not in _AFTER_BARE
            and not (following.kind == "bar" and following.text == self.bar)
            and first.kind not in _AFTER_BARE
        ):
            self.fail(
                f"it is not clear where the argument of {name} ends",
                following.start,
                "put brackets round it",
            )
        return (node,)

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
        arguments = self.arguments(token.text)
        return n.Statistic(token.text, arguments, over, token.start, self.tokens[self.at - 1].end)

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
        if self.tokens[self.at].kind == "open" and self.tokens[self.at].text in _ROUND:
            group = self.group(self.tokens[self.at])
            return n.Apply(token.text, group.items, None, token.start, group.end)
        return self.letter(base, (), 0, token.start)

    def dots(self, token: Token) -> Node:
        self.at += 1
        return n.Dots(token.start, token.end)

    def infinity(self, token: Token) -> Node:
        self.at += 1
        return n.Infinity(token.start, token.end)

    # operators with a range ---------------------------------------------------------------------

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

    def skip(self) -> None:
        """Move behind the bracket that opens here."""
        tokens = self.tokens
        level = 0
        while True:
            kind = tokens[self.at].kind
            self.at += 1
            if kind == "open":
                level += 1
            elif kind == "close":
                level -= 1
                if level == 0:
                    return

    def part(self, tokens: Sequence[Token], end: int) -> Parser:
        """A parser of some of the tokens, one level deeper."""
        if self.depth >= MAX_DEPTH:
            self.fail(f"the formula is nested more than {MAX_DEPTH} deep", end)
        return Parser(tokens, self.source, end, self.functions, self.depth + 1)

    def chain(self, tokens: Sequence[Token], end: int) -> tuple[list[Node], list[str]]:
        """Terms and the relations between them."""
        pieces, relations = split_relations(tokens)
        terms: list[Node] = []
        for piece, following in zip(pieces, [*relations, None], strict=True):
            stop = following.start if following is not None else end
            terms.append(self.part(piece, stop).whole())
        return terms, [relation.text for relation in relations]

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

    def body(self, token: Token) -> Node:
        """The product that an operator governs: all that follows in its term."""
        at = self.tokens[self.at].start
        sign = self.signs()
        if self.tokens[self.at].kind not in _STARTS:
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
        if following.kind == "open" and following.text in _ROUND:
            self.skip()
            after = self.tokens[self.at]
            self.at = begin
            if after.kind in _STARTS or (after.kind == "op" and after.text in "/*x"):
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
        from symattn.latex.series import domains

        end = below[-1].end
        while below[0].kind == "open" and below[0].text == "{" and _closes_at_end(below):
            below = below[1:-1]
            if not below:
                self.fail("the braces are empty", token.end)
        upper = self.part(above, above[-1].end).whole() if above else None
        parts = [self.chain(piece, piece[-1].end) for piece in split_separators(below) if piece]
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
            if here.kind == "end" or here.kind == "close" or here.kind == "sep":
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
            condition = [t for t in (cells[1] if len(cells) > 1 else []) if t.kind != "text"]
            value = [t for t in cells[0] if t.kind not in ("quad", "text")]
            while value and value[-1].kind == "sep":
                value.pop()
            while condition and condition[-1].kind == "sep":
                condition.pop()
            for word in words:
                if word.text.lower().split() not in (["if"], ["for"], ["otherwise"], ["else"]):
                    self.fail(f"the words '{word.text[:40]}' are not read", word.start)
            if len(cells) > 2 or not value:
                self.fail("a row of cases is a value & a condition", row[0].start)
            node = self.part(value, row[-1].end).whole()
            terms: list[Node] = []
            relations: list[str] = []
            if condition:
                terms, relations = self.chain(condition, row[-1].end)
                if not relations:
                    self.fail("the condition of a case is missing", condition[0].start)
            elif not words or words[-1].text.lower() not in ("otherwise", "else"):
                self.fail("the condition of a case is missing", row[-1].end)
            rows.append(n.Case(node, tuple(terms), tuple(relations), row[0].start, row[-1].end))
        if not rows:
            self.fail("the cases are empty", token.start)
        return n.Cases(tuple(rows), token.start, end)


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


def _number(token: Token) -> n.Number:
    text = token.text
    value = Fraction(text) if "." in text else int(text)
    return n.Number(value, token.start, token.end)


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


def _begins_with_d(node: Node) -> bool:
    """Whether this may be the top or bottom of a derivative."""
    if type(node) is n.Times:
        node = node.factors[0][1]
    return type(node) is n.Name and node.base == "d" and not node.indices


def _closes_at_end(tokens: Sequence[Token]) -> bool:
    """Whether the bracket that opens first closes last."""
    level = 0
    for count, token in enumerate(tokens):
        if token.kind == "open":
            level += 1
        elif token.kind == "close":
            level -= 1
            if level == 0:
                return count == len(tokens) - 1
    return False


def split_at(tokens: Sequence[Token], kinds: Collection[str]) -> list[list[Token]]:
    """Split at the tokens of these kinds that stand outside all brackets."""
    pieces: list[list[Token]] = [[]]
    level = 0
    for token in tokens:
        if token.kind == "open":
            level += 1
        elif token.kind == "close":
            level -= 1
        if level == 0 and token.kind in kinds:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces


def split_separators(tokens: Sequence[Token]) -> list[list[Token]]:
    """Split the index of a sum at commas, colons, bars, line breaks and blanks."""
    return split_at(tokens, ("sep", "row", "quad"))


def split_relations(tokens: Sequence[Token]) -> tuple[list[list[Token]], list[Token]]:
    """Split at the relations outside all brackets; return the pieces and the relations."""
    pieces: list[list[Token]] = [[]]
    relations: list[Token] = []
    level = 0
    for token in tokens:
        if token.kind == "open":
            level += 1
        elif token.kind == "close":
            level -= 1
        elif level == 0 and token.kind == "rel":
            relations.append(token)
            pieces.append([])
            continue
        pieces[-1].append(token)
    return pieces, relations
