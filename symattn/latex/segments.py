"""A line cut into segments: the chain itself, its conditions, and the words between them."""

from __future__ import annotations

import re
from typing import NamedTuple

from symattn.errors import ReadError
from symattn.latex.commands import CONNECTIVES
from symattn.latex.cursor import PROBABILITIES, STARTS, split_at, split_relations, without
from symattn.latex.lexical import Token

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
_SIZES = {"large": "large", "big": "large", "small": "small", "positive": "positive"}
_REASON = re.compile(
    r"(?:by|using|from|due to|thanks to|see|cf|recall|according to|follows from|because|since)[ .]"
)
_REMARKS = frozenset(
    "as required|as wanted|as desired|as claimed|as needed|as before|as above|qed|q.e.d|i.i.d|iid|"
    "independently|independent|by definition|definition|by assumption|by (1)|"
    "orthogonality|orthonormality|by symmetry|symmetry|linearity".split("|")
)
# Words after which it is no reason any more: they change what is said.
_CHANGING = frozenset(
    "no not never wrong false unless except only approximately approx about roughly almost nearly "
    "if when for with up multiplied divided times plus minus scaled half twice double doubling "
    "replacing replaced instead without hopefully maybe perhaps probably assuming adding "
    "subtracting factor".split()
)
_AFTER_REMARK = frozenset("end rel sep quad row label text".split())
# Words that introduce a condition: what follows is never the statement itself.
CONDITIONAL = frozenset("with where when as for if since let".split()) | {"for all", "there is"}
_ENDS = frozenset("name number close infinity mark ' !".split())
_OPERANDS = STARTS - {"quad"}
_CONTINUES = frozenset("op rel close sep text ^ _ ' ! end".split())


class Segment(NamedTuple):
    word: str
    hint: str  # 'large' or 'small', for "for large \beta"
    tokens: list[Token]
    start: int
    end: int


def segments(tokens: list[Token], source: str) -> list[Segment]:
    """Split a line at commas, words, wide blanks and quantifiers that stand outside brackets."""
    found: list[Segment] = []
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
            for part in filter(None, without(body) if body else ()):
                found.append(Segment(word, hint, part, start, part[-1].end))
            joined = "with"
            for piece in split_at(condition[1:-1], ("sep", "quad", "text")):
                if piece:
                    found.append(Segment(joined, "", piece, piece[0].start, piece[-1].end))
                    joined = ""
            for token in condition[1:-1]:
                if token.kind == "text":
                    _connective(token, source)
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
                following = tokens[at + 1].kind if at + 1 < count else "end"
                if _remark(token, following):
                    at += 1
                    continue
                said, size, after = _connective(token, source)
                if after and current and following not in ("rel", *_OPERANDS):
                    # `\\beta is large`, `\\beta > 0 is a large constant`
                    left = split_relations(current)[0][0]
                    if len(left) < len(current):
                        flush(token.start)
                        current = left
                    hint = size
                    flush(token.start)
                    start = token.end
                    at += 1
                    continue
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
                if token.text == ":" and current and word not in CONDITIONAL:
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
                at = _quantifier(tokens, at + 1, found, word, source)
                if found and found[-1].word == word and found[-1].start >= token.start:
                    word = ""
                continue
            if kind == "label":
                at = _arrow(tokens, at, current, found, source)
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
    if not found:
        raise ReadError("the formula is empty", source, 0)
    # Labels of arrows were filed before the chain that they stand in: conditions go last.
    return sorted(found, key=lambda s: s.word == "as" and s.hint == "arrow")


class _Words(NamedTuple):
    """What prose says: the word it is filed under, a size, and whether that is of what precedes."""

    word: str
    size: str
    after: bool


def _connective(token: Token, source: str) -> _Words:
    """The word that prose stands for, and 'large', 'small' or 'positive' if it says so."""
    said = re.findall(r"[a-z]+(?:\.[a-z]+)?|[^\sa-z]", token.text.lower())
    words = [w for w in said if w not in ".,:;()"]
    stray = [w for w in words if w not in CONNECTIVES and w != "a"]
    if stray:
        hint = "leave only the formula, or join a condition by with, as, for or where"
        raise ReadError(f"the words '{token.text[:60]}' are not read", source, token.start, hint)
    sizes = [_SIZES[w] for w in words if w in _SIZES]
    size = sizes[0] if sizes else ""
    text = " ".join(words)
    if "if and only if" in text or "iff" in words:
        return _Words("<=>", "", False)
    for word in words:
        if word in _WORDS:
            return _Words(_WORDS[word], size, False)
    is_said = bool(words) and words[0] in ("is", "are", "be")
    return _Words("for" if size and not is_said else "", size, bool(size))


def _remark(token: Token, following: str) -> bool:
    """Whether these words only say why, as `by orthogonality`; then they are passed over."""
    if following not in _AFTER_REMARK:
        return False
    said = token.text.lower().strip(" .,;:").removeprefix("(").removesuffix(")").strip(" .,;:")
    if _CHANGING.intersection(re.findall("[a-z]+", said)):
        return False
    if said in _REMARKS:
        return True
    return _REASON.match(said) is not None and any(
        word not in CONNECTIVES for word in re.findall("[a-z]+|[0-9*]+", said)[1:]
    )


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
            whole, part = before.text[-20:], after.text[:20]
            many = f"{whole}{part}, " if len(part) == 3 else ""  # 1,000
            raise ReadError(
                f"{whole},{part} may be a number with a decimal comma or a list"
                + (", or a thousand" if many else ""),
                source,
                comma.start,
                f"write {many}{whole}.{part}, or {whole}, {part} with a blank for a list",
            )


def _takes_relations(token: Token) -> bool:
    """Whether a relation in the bracket behind it is its argument: P(x = i), \\mathbb{I}(l = i)."""
    if token.text == "I":
        return token.end - token.start > 1
    return token.text in PROBABILITIES or token.text == "\\mathbf{1}"


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
                if at and _takes_relations(tokens[at - 1]):
                    return tokens, []
                if relation and at + 1 < len(tokens) - 1:
                    return tokens[:at], tokens[at:]
                return tokens, []
        elif level == 1 and kind == "rel":
            relation = True
    return tokens, []


def _quantifier(
    tokens: list[Token], at: int, segments: list[Segment], word: str, source: str
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
                segments.append(Segment(word, "", piece, piece[0].start, piece[-1].end))
        return end
    return at


_ARROWS = frozenset(["->", "=>", "<=>"])
_REFERENCE = re.compile(r"\((?:[0-9]{1,3}|[a-z*+]|[ivx]{1,4})[a-z]?\(|[*+]|\*\*|[0-9]{1,2}")


def _in_law(label: list[Token]) -> bool:
    """Whether one letter stands over the relation: d, P, \\mathcal{L}, or a.s."""
    kinds = {t.kind for t in label}
    said = "".join(t.text.lower() for t in label)
    return said in ("law", "dist", "a.s", "a.s.", "as", "prob") or (
        kinds <= {"name", "open", "close", "diff"} and "(" not in said
    )


def _arrow(
    tokens: list[Token],
    at: int,
    current: list[Token],
    segments: list[Segment],
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
        said = "".join(words)
        if words in (["def"], ["!"], ["d", "e", "f"], ["\\Delta"]):
            relation = ":=" if relation == "=" and words != ["!"] else relation
        elif any(t.kind == "rel" for t in label):
            segments.append(Segment("as", "arrow", label, label[0].start, label[-1].end))
        elif relation == "~" and said.strip(".") in ("iid", "i.i.d", "ind", "indep"):
            pass
        elif relation in _ARROWS or _in_law(label):
            raise ReadError(
                "convergence or equality in law, in probability or almost surely is not read",
                source,
                label[0].start,
                "write the mean and the covariance, or the limit with its condition over the arrow",
            )
        elif not _REFERENCE.fullmatch(said) and (
            {t.kind for t in label} - {"text", "word"}
            or _CHANGING.intersection(re.findall("[a-z]+", " ".join(words)))
        ):
            raise ReadError("what is written over the arrow is not read", source, label[0].start)
    current.append(Token("rel", relation, token.start, tokens[at - 1].end))
    return at
