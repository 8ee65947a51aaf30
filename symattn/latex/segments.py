"""A line cut into segments: the chain itself, its conditions, and the words between them."""

from __future__ import annotations

import re
from typing import NamedTuple

from symattn.errors import ReadError
from symattn.latex.connectives import (
    CHANGING,
    connective,
    continues,
    is_remark,
    of_what_precedes,
    said_relation,
)
from symattn.latex.cursor import PROBABILITIES, split_at, split_relations, without
from symattn.latex.lexical import Token
from symattn.latex.quantifiers import (
    OPERANDS,
    condition_in_brackets,
    excludes,
    range_end,
    refuse_open_list,
    unwrapped,
)

# Words that introduce a condition: what follows is never the statement itself.
CONDITIONAL = frozenset("with where when as for if since let".split()) | {"for all", "there is"}
_SHARED = frozenset("with where when as for if".split()) | {"for all"}
_ENDS = frozenset("name number close infinity mark ' !".split())
_CONTINUES = frozenset("op rel close sep text ^ _ ' ! end".split())


class Segment(NamedTuple):
    word: str
    hint: str  # 'large' or 'small', for "for large \beta"
    tokens: list[Token]
    start: int
    end: int
    stated: bool = False  # behind the colon of a quantifier: it is what is said, no condition


def segments(tokens: list[Token], source: str) -> list[Segment]:
    """Split a line at commas, words, wide blanks and quantifiers that stand outside brackets."""
    found: list[Segment] = []
    current: list[Token] = []
    word, hint, stated = "", "", False
    tokens = unwrapped(condition_in_brackets(tokens))
    start = tokens[0].start
    level = 0
    at = 0
    count = len(tokens)

    def flush(end: int) -> None:
        nonlocal current, word, hint, stated
        if current:
            body, condition = _trailing(current)
            for part in filter(None, without(body) if body else ()):
                found.append(Segment(word, hint, part, start, part[-1].end, stated))
            stated = False
            joined = "with"
            for piece in split_at(condition[1:-1], ("sep", "quad", "text")):
                if piece:
                    found.append(Segment(joined, "", piece, piece[0].start, piece[-1].end))
                    joined = ""
            for token in condition[1:-1]:
                if token.kind == "text":
                    connective(token, source)
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
                if is_remark(token, following):
                    at += 1
                    continue
                if current and following in OPERANDS and (sign := said_relation(token)):
                    current.append(Token("rel", sign, token.start, token.end))
                    at += 1
                    continue
                if current and following == "rel" and continues(token):
                    at += 1
                    continue
                about = of_what_precedes(token, source) if current and following != "rel" else None
                if about is not None:
                    # `\\beta is large, then`: what follows is joined as what stands before
                    joined = word if word in _SHARED and about.word == "and" else about.word
                    left = split_relations(current)[0][0]
                    if len(left) < len(current):
                        flush(token.start)
                        current = left
                    hint = about.size
                    flush(token.start)
                    word, start = joined, token.end
                    at += 1
                    continue
                said, size, after = connective(token, source)
                if after and current and following not in ("rel", *OPERANDS):
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
                if said == "and" and word in _SHARED and all(s.word in _SHARED for s in found):
                    said = word  # `if a = 1 and b = 2`
                flush(token.start)
                word, hint = said or pending, size
                start = token.end
                at += 1
                continue
            if kind == "sep":
                if token.text == ",":
                    _decimal_comma(tokens, at, source)
                    if word in CONDITIONAL and excludes(current):
                        refuse_open_list(tokens, at + 1, source)
                if (
                    token.text == ":"
                    and current
                    and not (word in CONDITIONAL or _lists_indices(found, current))
                ):
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
                    stated = token.text == ":" and not word
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
                elif ends := range_end(tokens, at):
                    # `\\forall i \\alpha_i > 0`: the index, and what is said of it
                    current = tokens[at:ends]
                    flush(current[-1].end)
                    stated, start, at = True, tokens[ends].start, ends
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


def _lists_indices(found: list[Segment], current: list[Token]) -> bool:
    """Whether all so far names what is quantified over, as in `for all i, j`."""
    return (
        bool(found)
        and all(s.word in CONDITIONAL or (not s.word and len(s.tokens) == 1) for s in found)
        and (len(current) == 1 or current[1].text in ("!=", "in"))
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
    operator = len(parts) == 2 and [t.kind for t in parts[1]] in (["lim"], ["big"])
    if operator and parts[0] and source.startswith("\\underset", token.start):
        # \\underset{l}{\\sum}
        here = parts[1][0]
        below = [here._replace(kind="_", text="_"), here._replace(kind="open", text="{")]
        current += [here, *below, *parts[0], here._replace(kind="close", text="{")]
        return at
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
            or CHANGING.intersection(re.findall("[a-z]+", " ".join(words)))
        ):
            raise ReadError("what is written over the arrow is not read", source, label[0].start)
    current.append(Token("rel", relation, token.start, tokens[at - 1].end))
    return at
