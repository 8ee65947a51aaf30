"""A place in a list of tokens, and what to say when the next one does not fit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, NoReturn

from symattn.errors import ReadError
from symattn.latex import nodes as n
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node
from symattn.latex.tokens import MAX_DEPTH

# Letters that are functions when a bracket follows at once, unless a vocabulary says otherwise.
FUNCTION_LETTERS = frozenset(["E", "W", "O", "o", "\\sigma", "\\mathcal{O}", "\\mathcal{N}"])
STARTS = frozenset(
    "name number open bar frac sqrt function stat big int lim accent infinity word dots fence "
    "brace partial".split()
)
SCRIPTS = frozenset("^_'!")
ROUND = frozenset(["(", "[", "\\{"])
OF_EVENTS = frozenset(["\\Pr", "\\mathbb{P}", "Pr", "Prob"])
PROBABILITIES = OF_EVENTS | {"P", "p"}
DERIVATIVES = "derivatives are not read"
NO_DERIVATIVES = "write what it is after differentiating"
NO_ENTRIES = "a subscript stands on something that is not a letter"
NO_ENTRIES_HINT = "components of an expression are not read"
Superscript = tuple[str, "Node | str | None"]


class Grammar(NamedTuple):
    """What reads an operand, by the kind of the token that begins it, and what its scripts."""

    operands: Mapping[str, Callable[[Cursor, Token], Node]]
    scripts: Callable[[Cursor, Node], Node]


class Cursor:
    """A balanced list of tokens, where the reading stands in it, and how deep it is."""

    __slots__ = ("at", "bar", "depth", "functions", "grammar", "source", "tokens")

    def __init__(
        self,
        tokens: Sequence[Token],
        source: str,
        end: int,
        grammar: Grammar,
        functions: Collection[str] = FUNCTION_LETTERS,
        depth: int = 0,
    ) -> None:
        self.tokens = [*tokens, Token("end", "", end, end)]
        self.source = source
        self.grammar = grammar
        self.functions = functions
        self.depth = depth
        self.at = 0
        self.bar = ""  # the bar that would close here, as | or ||

    def error(self, message: str, position: int, hint: str = "") -> ReadError:
        return ReadError(message, self.source, position, hint)

    def fail(self, message: str, position: int, hint: str = "") -> NoReturn:
        raise self.error(message, position, hint)

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
        if kind in ("diff", "partial"):
            self.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
        if kind == "over":
            self.fail("\\over is read only inside braces", token.start, "write \\frac{..}{..}")
        if kind == "without":
            self.fail(
                f"{shown} is read only in the range of an index",
                token.start,
                "write l \\ne i, j or l \\notin \\{i, j\\}",
            )
        self.fail(f"{shown} is not expected here", token.start)

    def close(self, bracket: str) -> None:
        token = self.tokens[self.at]
        if token.kind != "close" or token.text != bracket:
            self.unexpected(token)
        self.at += 1

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

    def between(self, at: int) -> tuple[list[Token], int]:
        """What stands in the bracket that opens at `at`, and the place behind it."""
        saved, self.at = self.at, at
        self.skip()
        stop, self.at = self.at, saved
        return self.tokens[at + 1 : stop - 1], stop

    def braced_bracket(self) -> bool:
        """Whether braces follow that hold one bracket and nothing else."""
        tokens, at = self.tokens, self.at
        if tokens[at].kind != "open" or tokens[at].text != "{":
            return False
        if tokens[at + 1].kind != "open" or tokens[at + 1].text not in ROUND:
            return False
        self.at = at + 1
        self.skip()
        after, self.at = tokens[self.at], at
        return after.kind == "close" and after.text == "{"

    def part(self, tokens: Sequence[Token], end: int) -> Cursor:
        """A parser of some of the tokens, one level deeper."""
        if self.depth >= MAX_DEPTH:
            self.fail(f"the formula is nested more than {MAX_DEPTH} deep", end)
        return Cursor(tokens, self.source, end, self.grammar, self.functions, self.depth + 1)


def number_of(token: Token) -> n.Number:
    """Return the node of a number's token."""
    text = token.text
    value = Fraction(text) if "." in text else int(text)
    return n.Number(value, token.start, token.end)


def node_of(superscript: Superscript) -> Node:
    """The expression in a superscript that holds one."""
    node = superscript[1]
    if node is None or isinstance(node, str):
        raise TypeError(f"a superscript {superscript[0]} holds no expression")
    return node


def closes_at_end(tokens: Sequence[Token]) -> bool:
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


def without(piece: list[Token]) -> list[list[Token]]:
    """Turn `l \\in A \\setminus B` into `l \\in A` and `l \\notin B`."""
    parts = split_at(piece, ("without",))
    heads, relations = split_relations(piece)
    if len(parts) != 2 or len(relations) != 1 or relations[0].text != "in" or not parts[1]:
        return [piece]
    left, right = heads[0], parts[1]
    if right[0].kind != "open":
        start, end = right[0].start, right[-1].end
        right = [Token("open", "\\{", start, start), *right, Token("close", "\\{", end, end)]
    return [parts[0], [*left, relations[0]._replace(text="notin"), *right]]


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
