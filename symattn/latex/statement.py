"""A line of mathematics: a chain of relations, and the side conditions that come with it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from symattn.errors import ReadError
from symattn.latex import nodes as n
from symattn.latex.commands import CONNECTIVES
from symattn.latex.cursor import FUNCTION_LETTERS, split_at, split_relations
from symattn.latex.nodes import Condition, Node, Statement
from symattn.latex.tokens import Token, tokenize
from symattn.latex.tree import Parser

MAX_TERMS = 200

# The word that a connective is filed under; the first that occurs in the text decides.
_WORDS = {
    "if and only if": "<=>",
    "iff": "<=>",
    "with": "with",
    "where": "where",
    "when": "when",
    "whenever": "when",
    "as": "as",
    "for": "for",
    "if": "if",
    "provided": "if",
    "given": "if",
    "assuming": "if",
    "since": "since",
    "because": "since",
    "under": "if",
    "let": "let",
    "here": "where",
    "while": "and",
    "such": "with",
    "limit": "as",
    "and": "and",
    "also": "and",
    "so": "so",
    "thus": "so",
    "hence": "so",
    "then": "so",
    "therefore": "so",
    "implies": "so",
    "gives": "so",
    "otherwise": "otherwise",
    "at": "with",
    "over": "for",
    "all": "for",
    "any": "for",
    "every": "for",
    "each": "for",
    "some": "for",
}
_LARGE = frozenset(["large", "big"])
# Words that introduce a condition: what follows is never the statement itself.
_CONDITIONAL = frozenset("with where when as for if since let".split()) | {"for all", "there is"}
_ENDS = frozenset("name number close infinity mark ' !".split())
_CONTINUES = frozenset("op rel close sep text ^ _ ' ! end".split())


class _Segment(NamedTuple):
    word: str
    hint: str  # 'large' or 'small', for "for large \beta"
    tokens: list[Token]
    start: int
    end: int


def parse(latex: str, functions: Collection[str] = FUNCTION_LETTERS) -> Statement:
    """Read one line of LaTeX into a chain of terms, its relations, and its side conditions.

    functions : letters that are functions when a bracket follows at once.

    Raises
    ------
    ReadError : with the place, for whatever is not read.

    >>> s = parse(r"q = \\beta (k_i + k_j), \\quad \\beta \\gg 0")
    >>> len(s.terms), s.relations, [c.relations for c in s.conditions]
    (2, ('=',), [('>>',)])
    """
    try:
        return _parse(latex, functions)
    except RecursionError:  # the caller had used up the stack before
        raise ReadError("the formula is nested too deep", latex, 0) from None


def _parse(latex: str, functions: Collection[str]) -> Statement:
    if not isinstance(latex, str):
        raise ReadError(f"a formula is text, and this is {type(latex).__name__}")
    tokens = tokenize(latex)
    while tokens and tokens[-1].kind in ("sep", "quad", "row") and tokens[-1].text != "|":
        tokens.pop()
    if not tokens:
        raise ReadError("the formula is empty", latex, 0)
    terms: tuple[Node, ...] | None = None
    relations: tuple[str, ...] = ()
    conditions: list[Condition] = []
    waiting: list[tuple[_Segment, Node]] = []  # bare names before their relation: `i, j \ne l`
    previous: Condition | None = None
    for segment in _segments(tokens, latex):
        nodes, signs = _chain(segment, latex, functions)
        if not signs:
            if segment.word == "otherwise":
                raise ReadError("'otherwise' has nothing to refer to", latex, segment.start)
            if segment.hint:
                conditions.append(_sized(segment, nodes[0]))
                continue
            added = _inherit(previous, segment, nodes[0]) if previous is not None else None
            if added is not None:
                if added.relations != ("in",):
                    conditions.append(added)
                elif conditions and conditions[-1] is previous:
                    conditions[-1] = added
                else:
                    terms, relations = added.terms, added.relations
                previous = added
                continue
            if segment.word in ("for all", "there is", "for", "with", "if") and (
                type(nodes[0]) is n.Name
            ):
                # `for all i`, or the first of `for i, j \ne l`
                waiting.append((segment, nodes[0]))
                continue
            if waiting and type(nodes[0]) is n.Name and not segment.word:
                waiting.append((segment, nodes[0]))
                continue
            if terms is None:
                terms = nodes
                continue
            raise ReadError(
                "this stands alone: it is neither a relation nor a condition",
                latex,
                segment.start,
                "join it to the formula, or give it a relation",
            )
        condition = Condition(segment.word, nodes, signs, segment.start, segment.end)
        conditional = segment.word in _CONDITIONAL
        if waiting and (conditional or not segment.word) and _about_indices(condition):
            for earlier, name in waiting:
                shared = replace(condition, word=earlier.word, terms=(name, *nodes[1:]))
                conditions.append(shared)
            condition = replace(condition, word=waiting[0][0].word)
            conditional, waiting = True, []
        if terms is None and not conditional:
            terms, relations = nodes, signs
            # `a = 1, b`: what follows may still belong to a list on the right
            previous = condition if segment.word == "" and _about_indices(condition) else None
        else:
            conditions.append(condition)
            previous = condition
    for segment, name in waiting:
        conditions.append(Condition(segment.word, (name,), (), segment.start, segment.end))
    if terms is None:
        if not conditions or not conditions[0].relations or conditions[0].word != "let":
            raise ReadError("the formula holds only conditions", latex, 0)
        first = conditions.pop(0)
        terms, relations = first.terms, first.relations
    return Statement(terms, relations, tuple(conditions), latex)


def _chain(
    segment: _Segment, source: str, functions: Collection[str]
) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """The terms of a segment and the relations between them."""
    pieces, relations = split_relations(segment.tokens)
    if len(relations) > MAX_TERMS:
        raise ReadError(
            f"the chain has more than {MAX_TERMS} relations", source, relations[MAX_TERMS].start
        )
    terms = []
    for at, piece in enumerate(pieces):
        stop = relations[at].start if at < len(relations) else segment.end
        if not piece:
            if at < len(relations):
                sign = source[relations[at].start : relations[at].end]
                raise ReadError(f"nothing stands before {sign}", source, relations[at].start)
            sign = source[relations[-1].start : relations[-1].end]
            raise ReadError(f"nothing stands after {sign}", source, relations[-1].start)
        terms.append(Parser(piece, source, stop, functions).whole())
    return tuple(terms), tuple(relation.text for relation in relations)


def _inherit(previous: Condition, segment: _Segment, node: Node) -> Condition | None:
    """What a bare term makes of the condition before it: `l \\ne i, j` or `l = 1, \\dots, n`.

    One with `in` takes the place of the condition before, any other stands beside it.
    """
    if segment.word not in ("", "and") or len(previous.relations) != 1:
        return None
    relation, right = previous.relations[0], previous.terms[1]
    if relation in ("!=", "notin"):
        return replace(
            previous, terms=(previous.terms[0], node), start=segment.start, end=segment.end
        )
    if relation not in ("=", "in"):
        return None
    if relation == "in" and (type(right) is not n.Group or right.end != right.start):
        return None  # a set that is written out is complete
    items = right.items if type(right) is n.Group and relation == "in" else (right,)
    listed = n.Group((*items, node), "\\{", right.start, right.start)
    if relation == "=" and not (
        type(node) is n.Dots or (type(node) is n.Number and type(right) is n.Number)
    ):
        return None
    return replace(previous, terms=(previous.terms[0], listed), relations=("in",), end=segment.end)


def _sized(segment: _Segment, node: Node) -> Condition:
    """`for large \\beta` is \\beta >> 0, `for small \\epsilon` is \\epsilon << 1."""
    large = segment.hint == "large"
    bound = n.Number(0 if large else 1, segment.end, segment.end)
    return Condition(
        segment.word, (node, bound), (">>" if large else "<<",), segment.start, segment.end
    )


def _about_indices(condition: Condition) -> bool:
    """Whether the left side is a bare letter, so that a list may stand on either side."""
    return len(condition.relations) == 1 and type(condition.terms[0]) is n.Name


# segments --------------------------------------------------------------------------------------


def _segments(tokens: list[Token], source: str) -> list[_Segment]:
    """Split a line at commas, words, wide blanks and quantifiers that stand outside brackets."""
    segments: list[_Segment] = []
    current: list[Token] = []
    word, hint = "", ""
    start = tokens[0].start
    level = 0
    at = 0
    count = len(tokens)

    def flush(end: int) -> None:
        nonlocal current, word, hint
        if current:
            body, condition = _trailing(current)
            if body:
                segments.append(_Segment(word, hint, body, start, body[-1].end))
            if condition:
                inner = condition[1:-1]
                segments.append(_Segment("with", "", inner, inner[0].start, inner[-1].end))
        elif hint:
            raise ReadError("it is not said what is large or small", source, end)
        current, word, hint = [], "", ""

    while at < count:
        token = tokens[at]
        kind = token.kind
        if kind == "open":
            level += 1
        elif kind == "close":
            level -= 1
        elif level == 0:
            if kind == "text":
                said, size = _connective(token, source)
                if said == "<=>":
                    current.append(Token("rel", "<=>", token.start, token.end))
                    at += 1
                    continue
                pending = word if not current else ""
                flush(token.start)
                word, hint = said or pending, size
                start = token.end
                at += 1
                continue
            if kind == "sep":
                if token.text == ",":
                    _decimal_comma(tokens, at, source)
                if token.text == ":" and current and word not in _CONDITIONAL:
                    raise ReadError(
                        "a colon is read only after a condition",
                        source,
                        token.start,
                        "write a ratio as a fraction",
                    )
                if token.text == "|":
                    raise ReadError("\\mid is not read here", source, token.start)
                if token.text == ".":
                    raise ReadError(
                        "a full stop stands inside the formula",
                        source,
                        token.start,
                        "give one formula at a time",
                    )
                if current or not hint:
                    pending = word if not current else ""
                    flush(token.start)
                    word = pending
                start = token.end
                at += 1
                continue
            if kind == "quad":
                following = tokens[at + 1].kind if at + 1 < count else "end"
                if current and current[-1].kind in _ENDS and following not in _CONTINUES:
                    flush(token.start)
                    start = token.end
                at += 1
                continue
            if kind == "forall":
                flush(token.start)
                word = token.text
                start = token.start
                at = _quantifier(tokens, at + 1, segments, word, source)
                if segments and segments[-1].word == word and segments[-1].start >= token.start:
                    word = ""
                continue
            if kind == "label":
                at = _arrow(tokens, at, current, segments, source)
                continue
            if kind == "row":
                raise ReadError(
                    "a line break stands in the formula",
                    source,
                    token.start,
                    "give one line at a time",
                )
        if not current:
            start = token.start
        current.append(token)
        at += 1
    flush(tokens[-1].end)
    if not segments:
        raise ReadError("the formula is empty", source, 0)
    # Labels of arrows were filed before the chain that they stand in: conditions go last.
    return sorted(segments, key=lambda s: s.word == "as" and s.hint == "arrow")


def _connective(token: Token, source: str) -> tuple[str, str]:
    """The word that prose stands for, and 'large' or 'small' if it says so."""
    said = re.findall(r"[a-z]+(?:\.[a-z]+)?|[^\sa-z]", token.text.lower())
    words = [w for w in said if w not in ".,:;()"]
    stray = [w for w in words if w not in CONNECTIVES and w != "a"]
    if stray:
        hint = "leave only the formula, or join a condition by with, as, for or where"
        raise ReadError(f"the words '{token.text[:60]}' are not read", source, token.start, hint)
    size = "large" if _LARGE.intersection(words) else "small" if "small" in words else ""
    text = " ".join(words)
    if "if and only if" in text or "iff" in words:
        return "<=>", ""
    for word in words:
        if word in _WORDS:
            return _WORDS[word], size
    return ("for" if size else ""), size


def _decimal_comma(tokens: list[Token], at: int, source: str) -> None:
    """Refuse 0,5 and 1,000: a comma right between digits may be a decimal comma, or a list."""
    if 0 < at < len(tokens) - 1:
        before, comma, after = tokens[at - 1 : at + 2]
        counted = [t.kind for t in tokens[at + 2 : at + 4]] == ["sep", "dots"]  # 1,2,\\dots,n
        if (
            before.kind == after.kind == "number"
            and before.end == comma.start
            and comma.end == after.start
            and not counted
        ):
            raise ReadError(
                "a comma between digits may be a decimal comma or a list",
                source,
                comma.start,
                "write 0.5, and a blank after the comma of a list",
            )


def _trailing(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """Split off a condition in brackets at the end: `c \\to v_i (\\beta \\to \\infty)`."""
    last = tokens[-1]
    if last.kind != "close" or last.text != "(":
        return tokens, []
    level = 0
    relation = False
    for at in range(len(tokens) - 1, -1, -1):
        kind = tokens[at].kind
        if kind == "close":
            level += 1
        elif kind == "open":
            level -= 1
            if level == 0:
                if relation and at + 1 < len(tokens) - 1:
                    return tokens[:at], tokens[at:]
                return tokens, []
        elif level == 1 and kind == "rel":
            relation = True
    return tokens, []


def _quantifier(
    tokens: list[Token], at: int, segments: list[_Segment], word: str, source: str
) -> int:
    """The condition in the subscript of \\forall; without one it is what follows."""
    if at < len(tokens) and tokens[at].kind == "_":
        begin = at + 1
        end = begin + 1
        if begin < len(tokens) and tokens[begin].kind == "open":
            level = 0
            for end in range(begin, len(tokens)):
                level += (tokens[end].kind == "open") - (tokens[end].kind == "close")
                if level == 0:
                    break
            inner, end = tokens[begin + 1 : end], end + 1
        else:
            inner = tokens[begin:end]
        if not inner:
            raise ReadError("the quantifier has no index", source, tokens[at].start)
        for piece in split_at(inner, ("sep", "quad")):
            if piece:
                segments.append(_Segment(word, "", piece, piece[0].start, piece[-1].end))
        return end
    return at


def _arrow(
    tokens: list[Token],
    at: int,
    current: list[Token],
    segments: list[_Segment],
    source: str,
) -> int:
    """An arrow or relation with something written over or under it."""
    token = tokens[at]
    at += 1
    parts: list[list[Token]] = []
    while at < len(tokens) and tokens[at].kind == "open" and tokens[at].text in "[{":
        level, end = 0, at
        while True:
            level += (tokens[end].kind == "open") - (tokens[end].kind == "close")
            if level == 0:
                break
            end += 1
        parts.append(tokens[at + 1 : end])
        at = end + 1
        if len(parts) == 2 or (token.text and tokens[at - 1].text == "{"):
            break
    if token.text:  # \xrightarrow[below]{above}
        relation, labels = token.text, parts
    else:
        if len(parts) != 2 or len(parts[1]) != 1 or parts[1][0].kind != "rel":
            shown = source[token.start : token.end]
            raise ReadError(f"{shown} is read only round a relation", source, token.start)
        relation, labels = parts[1][0].text, parts[:1]
    for label in labels:
        if not label:
            continue
        words = [t.text.lower() for t in label]
        if words in (["def"], ["!"], ["d", "e", "f"], ["\\Delta"]):
            relation = ":=" if relation == "=" and words != ["!"] else relation
        elif any(t.kind == "rel" for t in label):
            segments.append(_Segment("as", "arrow", label, label[0].start, label[-1].end))
        else:
            raise ReadError("what is written over the arrow is not read", source, label[0].start)
    current.append(Token("rel", relation, token.start, tokens[at - 1].end))
    return at
