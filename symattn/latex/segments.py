"""A line cut into segments: the chain itself, its conditions, and the words between them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from symattn.errors import ReadError
from symattn.latex.connectives import (
    CHANGING,
    between,
    chance,
    connective,
    continues,
    is_remark,
    of_what_precedes,
    opens,
    parted,
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
_EQUATES = frozenset(["=", "~~", "->", "~=", "<", "<=", ">", ">="])
_JOINS_MORE = frozenset("with when if unless or otherwise".split())
_ENDS = frozenset("name number close infinity mark ' !".split())
_CONTINUES = frozenset("op rel close sep text ^ _ ' ! end".split())


class Segment(NamedTuple):
    """A piece of a line: its tokens, and the word that introduced it."""

    word: str
    hint: str  # 'large' or 'small', for "for large \beta"
    tokens: list[Token]
    start: int
    end: int
    stated: bool = False  # behind the colon of a quantifier: it is what is said, no condition


def segments(tokens: list[Token], source: str) -> list[Segment]:
    """Split a line at commas, words, wide blanks and quantifiers that stand outside brackets."""
    found = _Cut(unwrapped(condition_in_brackets(tokens)), source).run()
    if not found:
        raise ReadError("the formula is empty", source, 0)
    # Labels of arrows were filed before the chain that they stand in: conditions go last.
    return sorted(found, key=lambda s: s.word == "as" and s.hint == "arrow")


class _Cut:
    """A line on its way to segments: those that are found, and what is gathered for the next.

    at : the place of the token that comes next.
    """

    def __init__(self, tokens: list[Token], source: str) -> None:
        self.tokens, self.source = tokens, source
        self.found: list[Segment] = []
        self.current: list[Token] = []
        self.word, self.hint, self.stated = "", "", False
        self.start = tokens[0].start
        self.at = 0

    def run(self) -> list[Segment]:
        level = 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            level += (token.kind == "open") - (token.kind == "close")
            if level == 0 and token.kind in _CUTS:
                _CUTS[token.kind](self, token)
                continue
            if not self.current:
                self.start = token.start
            self.current.append(token)
        if not self.current and self.word in _JOINS_MORE:
            hint = "say what, or leave the word out"
            said = f"nothing stands behind '{self.word}'"
            raise ReadError(said, self.source, self.tokens[-1].start, hint)
        self.flush(self.tokens[-1].end)
        return self.found

    @property
    def following(self) -> str:
        """The kind of the next token."""
        return self.tokens[self.at].kind if self.at < len(self.tokens) else "end"

    def flush(self, end: int) -> None:
        """File what is gathered as a segment, and a condition in brackets at its end as another."""
        if self.current:
            body, condition = _trailing(self.current)
            for part in filter(None, without(body) if body else ()):
                self.found.append(
                    Segment(self.word, self.hint, part, self.start, part[-1].end, self.stated)
                )
            self.stated = False
            joined = "with"
            for piece in split_at(condition[1:-1], ("sep", "quad", "text")):
                if piece:
                    self.found.append(Segment(joined, "", piece, piece[0].start, piece[-1].end))
                    joined = ""
            for token in condition[1:-1]:
                if token.kind == "text":
                    connective(token, self.source)
        elif self.hint:
            raise ReadError("it is not said what is large or small", self.source, end)
        self.current, self.word, self.hint = [], "", ""

    # words ---------------------------------------------------------------------------------------

    def words(self, token: Token) -> None:
        following = self.following
        first = not self.found and not self.current
        if is_remark(token, following) or (first and following != "end" and opens(token)):
            return
        if first and token.text.strip() == "either" and self.another("or"):
            return
        if (share := chance(token)) and self.how_often(share, token, following):
            return
        if self.current and following in OPERANDS and between(token) and self.another("and"):
            self.relate("~~", token)
            at = next(k for k in range(self.at, len(self.tokens)) if self.tokens[k].text == "and")
            self.tokens[at] = self.tokens[at]._replace(text="or")
            return
        if len(parts := parted(token)) > 1:
            self.at -= 1
            self.tokens[self.at : self.at + 1] = parts
            return
        if self.current and following in OPERANDS and (sign := said_relation(token)):
            self.relate(sign, token)
            return
        if self.current and following == "rel" and continues(token):
            return
        if self.current and following != "rel":
            about = of_what_precedes(token, self.source)
            if about is not None:
                # `\\beta is large, then`: what follows is joined as what stands before
                joins = self.word in _SHARED and about.word == "and"
                word = self.word if joins else about.word
                self.sized(about.size, token)
                self.word = word
                return
        said, size, after = connective(token, self.source)
        if after and self.current and following not in ("rel", *OPERANDS):
            # `\\beta is large`, `\\beta > 0 is a large constant`
            self.sized(size, token)
        elif said == "<=>":
            self.relate(said, token)
        else:
            self.join(said, size, token)

    def another(self, word: str) -> bool:
        """Whether a word stands in the text that is to come."""
        return any(t.kind == "text" and word in t.text.split() for t in self.tokens[self.at :])

    def how_often(self, share: str, token: Token, following: str) -> bool:
        """File how often something is so, behind it or before; False where these words say no such thing."""
        before = [s for s in self.found if s.word in ("probability", "each")]
        if self.word in ("probability", "each") and share == "each" and following == "end":
            self.word = "each"  # `with probability 1/2 each`
            return True
        if share == "rest" and not (before or self.word == "probability"):
            if not any(s.word == "sometimes" for s in self.found):
                behind = bool(self.current) and self.word in ("", "and") and bool(self.found)
                if behind and following not in OPERANDS:
                    self.word = "otherwise"  # `v_j otherwise`
                    self.flush(token.start)
                return behind and following not in OPERANDS
            share = "some"
        if share in ("said", "each") and following not in OPERANDS:
            return False
        self.join("each" if share in ("each", "even") else "probability", "", token)
        if share in ("said", "each"):
            return True
        number = token._replace(kind="number", text="0.5" if share == "even" else share)
        if share == "some":
            self.word, self.current = "sometimes", [number._replace(text="0")]
        elif share == "rest":
            self.current = [number._replace(text="1")]
            for segment in (s for s in self.found if s.word == "probability"):
                minus = token._replace(kind="op", text="-")
                self.current += [minus, *bracketed(segment.tokens)]
        elif "/" in share:
            one, below = share.split("/")
            over = token._replace(kind="op", text="/")
            self.current = bracketed([number._replace(text=one), over, number._replace(text=below)])
        else:
            self.current = [number]
        self.flush(token.end)
        return True

    def relate(self, sign: str, token: Token) -> None:
        self.current.append(Token("rel", sign, token.start, token.end))

    def sized(self, size: str, token: Token) -> None:
        """File what is gathered, and that its left side is large, small or positive."""
        left = split_relations(self.current)[0][0]
        if len(left) < len(self.current):
            self.flush(token.start)
            self.current = left
        self.hint = size
        self.flush(token.start)
        self.start = token.end

    def join(self, said: str, size: str, token: Token) -> None:
        """Begin a segment that a word introduces."""
        pending = self.word if not self.current else ""
        if said == "or" and any(w in _SHARED for w in (self.word, *(s.word for s in self.found))):
            raise ReadError("'or' between conditions is not read", self.source, token.start)
        if said == "and" and self.word in _SHARED and all(s.word in _SHARED for s in self.found):
            said = self.word  # `if a = 1 and b = 2`
        self.flush(token.start)
        self.word, self.hint, self.start = said or pending, size, token.end

    # marks ---------------------------------------------------------------------------------------

    def separate(self, token: Token) -> None:
        if token.text == ",":
            if _decimal_comma(self.tokens, self.at - 1, self.source):
                self.current[-1] = self.tokens[self.at]._replace(
                    text=f"0.{self.tokens[self.at].text}", start=self.current[-1].start
                )
                self.at += 1
                return
            if self.word in CONDITIONAL and excludes(self.current):
                refuse_open_list(self.tokens, self.at, self.source)
        allowed = token.text == ":" and (
            not self.current or self.word in CONDITIONAL or _lists_indices(self.found, self.current)
        )
        if token.text in _REFUSED and not allowed:
            message, hint = _REFUSED[token.text]
            raise ReadError(message, self.source, token.start, hint)
        if self.current or not self.hint:
            pending = self.word if not self.current else ""
            self.flush(token.start)
            self.word = pending
            self.stated = token.text == ":" and not pending
        self.start = token.end

    def blank(self, token: Token) -> None:
        if self.current and self.current[-1].kind in _ENDS and self.following not in _CONTINUES:
            self.flush(token.start)
            self.start = token.end

    def quantify(self, token: Token) -> None:
        self.flush(token.start)
        word, self.start = token.text, token.start
        before = len(self.found)
        self.at = _quantifier(self.tokens, self.at, self.found, word, self.source)
        if len(self.found) > before:
            return
        self.word = word
        if ends := range_end(self.tokens, self.at):
            # `\\forall i \\alpha_i > 0`: the index, and what is said of it
            self.current = self.tokens[self.at : ends]
            self.flush(self.current[-1].end)
            self.stated, self.start, self.at = True, self.tokens[ends].start, ends

    def label(self, token: Token) -> None:
        self.at = _arrow(self.tokens, self.at - 1, self.current, self.found, self.source)

    def row(self, token: Token) -> None:
        said = "a line break stands in the formula"
        raise ReadError(said, self.source, token.start, "give one line at a time")


_REFUSED = {
    ":": ("a colon is read only after a condition", "write a ratio as a fraction"),
    "|": ("\\mid is not read here", ""),
    ".": ("a full stop stands inside the formula", "give one formula at a time"),
}
_CUTS: dict[str, Callable[[_Cut, Token], None]] = {
    "text": _Cut.words,
    "sep": _Cut.separate,
    "quad": _Cut.blank,
    "forall": _Cut.quantify,
    "label": _Cut.label,
    "row": _Cut.row,
}


def _lists_indices(found: list[Segment], current: list[Token]) -> bool:
    """Whether all so far names what is quantified over, as in `for all i, j`."""
    return (
        bool(found)
        and all(s.word in CONDITIONAL or (not s.word and len(s.tokens) == 1) for s in found)
        and (len(current) == 1 or current[1].text in ("!=", "in"))
    )


def _decimal_comma(tokens: list[Token], at: int, source: str) -> bool:
    """Whether it is the comma of 0,5; refuse 0,1 and 1,000, which may be a list as well."""
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
            equated = at > 1 and tokens[at - 2].kind == "rel" and tokens[at - 2].text in _EQUATES
            if whole == "0" and part not in ("0", "1") and equated:
                return True
            many = f"{whole}{part}, " if len(part) == 3 else ""  # 1,000
            raise ReadError(
                f"{whole},{part} may be a number with a decimal comma or a list"
                + (", or a thousand" if many else ""),
                source,
                comma.start,
                f"write {many}{whole}.{part}, or {whole}, {part} with a blank for a list",
            )
    return False


def bracketed(tokens: list[Token]) -> list[Token]:
    """The tokens between round brackets."""
    first, last = tokens[0], tokens[-1]
    return [first._replace(kind="open", text="("), *tokens, last._replace(kind="close", text="(")]


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
_DEFINES = (["def"], ["Def"], ["d", "e", "f"], ["D", "e", "f"], ["\\Delta"])
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
    parts, at = _arguments(tokens, at + 1, bool(token.text))
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
    for label in filter(None, labels):
        if [t.text for t in label] in _DEFINES:
            relation = ":=" if relation == "=" else relation
        elif any(t.kind == "rel" for t in label):
            segments.append(Segment("as", "arrow", label, label[0].start, label[-1].end))
        else:
            _refuse_label(label, relation, source)
    current.append(Token("rel", relation, token.start, tokens[at - 1].end))
    return at


def _arguments(tokens: list[Token], at: int, once: bool) -> tuple[list[list[Token]], int]:
    """What stands in up to two brackets, and where they end; `once`: in braces one alone."""
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
        if len(parts) == 2 or (once and tokens[at - 1].text == "{"):
            break
    return parts, at


def _refuse_label(label: list[Token], relation: str, source: str) -> None:
    """Let pass what only refers, as (1) or i.i.d.; refuse what changes the relation below it."""
    said = "".join(t.text.lower() for t in label)
    if (relation == "~" and said.strip(".") in ("iid", "i.i.d", "ind", "indep")) or said == "!":
        return
    if relation in _ARROWS or _in_law(label):
        raise ReadError(
            "convergence or equality in law, in probability or almost surely is not read",
            source,
            label[0].start,
            "write the mean and the covariance, or the limit with its condition over the arrow",
        )
    plain = {t.kind for t in label} <= {"text", "word"}
    changes = CHANGING.intersection(re.findall("[a-z]+", " ".join(t.text.lower() for t in label)))
    if not _REFERENCE.fullmatch(said) and (not plain or changes):
        raise ReadError("what is written over the arrow is not read", source, label[0].start)
