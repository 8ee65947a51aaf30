"""Names with their indices and arguments, and sums with their index sets."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import (
    Expr,
    Integer,
    Sum,
    Symbol,
)

from symattn.algebra.letters import (
    OffSum,
)
from symattn.latex.second.brackets import (
    BracketGroup,
    Lexeme,
    Node,
    is_token,
    spell,
    split,
)
from symattn.latex.second.short_formulas import Entry
from symattn.latex.second.terms import Terms

ROUND = frozenset(["(", "[", r"\{", r"\lbrace"])
_ACCENTS = frozenset([r"\bar", r"\hat", r"\tilde", r"\overline", r"\widehat", r"\widetilde"])
_BOLD = frozenset(
    [r"\mathbf", r"\boldsymbol", r"\bm", r"\vec", r"\overrightarrow"]
    + [r"\mathrm", r"\mathit", r"\mathsf", r"\text"]
)
FONTS = _BOLD | {r"\mathbb", r"\mathcal", r"\operatorname"}
_DECORATIONS = frozenset([r"\star", r"\ast", "*", r"\circ", r"\prime", r"\dagger", "+"])
UNEQUAL = (r"\ne", r"\neq", r"\notin")


class IndexedNames(Terms):
    """Reads names and sums. A list called `rest` is consumed from its front."""

    def raw_argument(self, rest: list[Node], at: int) -> tuple[Node, ...]:
        """Take what TeX takes as an argument: a group in braces, or one token, or one digit."""
        if not rest:
            raise self.fail("an argument is missing here", at)
        node = rest.pop(0)
        if isinstance(node, BracketGroup):
            return node.items if node.opening == "{" else (node,)
        if node.text[0].isdigit() and len(node.text) > 1:
            rest.insert(0, Lexeme(node.text[1:], node.at + 1))
            return (Lexeme(node.text[0], node.at),)
        return (node,)

    def argument(self, rest: list[Node], at: int) -> Expr:
        start = rest[0].at if rest else at
        return self.value(self.raw_argument(rest, at), start)

    def name(self, node: Lexeme, rest: list[Node]) -> Expr | None:
        """Read a name of the vocabulary with its indices; None if it is not one."""
        heads: list[tuple[str, ...]] = [(node.text,)]
        tail = rest[:]
        if node.text in _ACCENTS | FONTS and tail:
            inner = spell(self.raw_argument(tail, node.at))
            heads = [(node.text, *(inner if len(inner) == 1 else ("{", *inner, "}")))]
            if node.text in _BOLD:
                heads.append(inner)
        for head in heads:
            entry, after = self.longest(head, tail)
            if entry is None:
                continue
            if isinstance(entry, Expr):
                if after and is_token(after[0], "_"):
                    continue  # an index that the vocabulary does not know makes another name
                rest[:] = after
                return entry
            if after and is_token(after[0], "_"):
                after = after[1:]
                arguments = self.indices(self.raw_argument(after, node.at), node.at)
            elif after and isinstance(after[0], BracketGroup) and argument_of(after[0]):
                arguments = self.indices(argument_of(after[0]), node.at)
                after = after[1:]
            else:
                raise self.fail(f"{''.join(head)} needs an index", node.at)
            rest[:] = after
            try:
                return entry(*arguments)
            except TypeError:
                message = f"{''.join(head)} does not take {len(arguments)} indices"
                raise self.fail(message, node.at) from None
        return None

    def longest(
        self, head: tuple[str, ...], tail: Sequence[Node]
    ) -> tuple[Entry | None, list[Node]]:
        """Look up the head with as many of its scripts as the vocabulary knows."""
        spellings: list[tuple[tuple[str, ...], int]] = [(head, 0)]
        words, used = head, 0
        while used < len(tail) and is_token(tail[used], "'", "_", "^"):
            mark = spell([tail[used]])[0]
            used += 1
            words = (*words, mark)
            if mark != "'":
                after = list(tail[used:])
                script = spell(self.raw_argument(after, tail[used - 1].at))
                words = (*words, *(script if len(script) == 1 else ("{", *script, "}")))
                used = len(tail) - len(after)
            spellings.append((words, used))
        for spelling, used in reversed(spellings):
            if spelling in self.vocabulary:
                after = list(tail[used:])
                decorated = (
                    len(after) > 1 and is_token(after[0], "^") and is_token(after[1], *_DECORATIONS)
                )
                if decorated or (after and is_token(after[0], "'")):
                    break  # a star or a prime that the vocabulary does not know: another name
                return self.vocabulary[spelling], after
        return None, []

    def indices(self, nodes: Sequence[Node], at: int, pair: bool = False) -> list[Expr]:
        sides = split(nodes, ",")
        if pair and len(sides) == 1 and len(nodes) == 2:
            sides = [(nodes[0],), (nodes[1],)]
        return [self.value(side, at) for side in sides]

    def sum(self, rest: list[Node], at: int) -> Expr:
        r"""Read `\sum` with its index set; it reaches to the end of the term."""
        low, high = self.bounds(rest, at)
        conditions = [c for line in split(low, r"\\") for c in _conditions(line)]
        unclear = self.fail("a sum whose index set is not understood", at)
        if not conditions:
            raise unclear
        name = spell(conditions[0][:1])
        known = self.vocabulary.get(name)
        index = (
            known
            if isinstance(known, Symbol)
            else Symbol(name[0].lstrip("\\"), integer=True, positive=True)
        )
        first: Expr | None = None
        excluded: list[Expr] = []
        for condition in conditions:
            others = condition[2:]
            if spell(condition[:1]) != name or len(condition) == 2:
                raise unclear
            if len(condition) == 1:
                continue
            if is_token(condition[1], *UNEQUAL):
                if isinstance(others[0], BracketGroup) and len(others) == 1:
                    others = others[0].items
                excluded += self.indices(others, at)
            elif is_token(condition[1], "=") and high and first is None:
                first = self.value(others, at)
            else:
                raise unclear
        last = self.value(high, at) if high else self.vocabulary.get(("n",))
        if not isinstance(last, Expr):
            raise self.fail("a sum without an upper end", at)
        if not rest:
            raise self.fail("a sum of nothing", at)
        outer = self.vocabulary
        self.vocabulary = {**outer, name: index}
        body = self.value(rest, rest[0].at)
        self.vocabulary = outer
        rest.clear()
        if not excluded:
            return Sum(body, (index, Integer(1) if first is None else first, last))
        if first not in (None, 1):
            raise unclear
        return OffSum(body, index, last, tuple(excluded))

    def bounds(self, rest: list[Node], at: int) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
        """Take the lower and the upper bound of a sum; either may be empty."""
        found: dict[str, tuple[Node, ...]] = {"_": (), "^": ()}
        while rest and is_token(rest[0], "_", "^"):
            mark = spell([rest.pop(0)])[0]
            nodes = self.raw_argument(rest, at)
            if nodes and is_token(nodes[0], r"\substack") and len(nodes) == 2:
                nodes = self.raw_argument(list(nodes[1:]), at)
            found[mark] = nodes
        return found["_"], found["^"]


def argument_of(group: BracketGroup) -> tuple[Node, ...]:
    r"""Return what `f(x)` applies to, also in SymPy's spelling `f{\left(x \right)}`."""
    inner = group.items
    if group.opening == "{" and len(inner) == 1 and isinstance(inner[0], BracketGroup):
        group = inner[0]
    return group.items if group.opening in ROUND else ()


def _conditions(nodes: Sequence[Node]) -> list[tuple[Node, ...]]:
    r"""Split `l=1, l \ne i, j` into `l=1` and `l \ne i, j`."""
    found: list[tuple[Node, ...]] = []
    for part in split(nodes, ","):
        begins = len(part) > 1 and is_token(part[1], "=", *UNEQUAL)
        if found and not begins:
            found[-1] = (*found[-1], Lexeme(",", nodes[0].at), *part)
        elif part:
            found.append(part)
    return found
