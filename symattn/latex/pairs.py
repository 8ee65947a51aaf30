"""Brackets whose two signs do not match, or are relations: half-open intervals, and <u, v>."""

from __future__ import annotations

from symattn.latex.lexical import Token

# The two signs of an interval, and the bracket that it is read as.
INTERVALS = {
    ("(", "]"): "(]",
    ("]", "]"): "(]",
    ("[", ")"): "[)",
    ("[", "["): "[)",
    ("]", "["): "(",
}
HALF_OPEN = frozenset(["(]", "[)"])
_BEFORE_OPERAND = frozenset("op rel open ^ _".split())
_FOLLOW = frozenset("name number open function big stat frac sqrt".split())
_BETWEEN = frozenset(["sep", "quad"])


def paired(source: str, tokens: list[Token]) -> list[Token]:
    """Give the ends of half-open intervals, and of `<u, v>`, the kinds of brackets."""
    for at in range(len(tokens)):
        token = tokens[at]
        if token.kind != "rel":
            continue
        if token.text in ("in", "notin"):
            _interval(source, tokens, at + 1)
        elif token.text == "<" and token.end - token.start == 1:
            _angles(tokens, at)
    return tokens


def _interval(source: str, tokens: list[Token], at: int) -> None:
    """Read `(a, b]`, `[a, b)`, `]a, b[` and the like behind \\in."""
    if at >= len(tokens):
        return
    first = tokens[at]
    if first.kind not in ("open", "close") or first.text not in ("(", "["):
        return
    level = commas = 0
    for end in range(at + 1, len(tokens)):
        token = tokens[end]
        if level == 0 and token.kind == "rel":
            return
        if level == 0 and token.text in ("(", "[") and commas == 1:
            shown = source[token.end - 1]
            bracket = INTERVALS.get((source[first.end - 1], shown))
            if token.kind == "close" or (shown == "[" and bracket):
                if bracket:
                    tokens[at] = first._replace(kind="open", text=bracket)
                    tokens[end] = token._replace(kind="close", text=bracket)
                return
        if token.kind == "open":
            level += 1
        elif token.kind == "close":
            level -= 1
            if level < 0:
                return
        elif level == 0 and token.kind == "sep":
            commas += 1


def _angles(tokens: list[Token], at: int) -> None:
    """Read `<u, v>` where an operand is expected: there < cannot be a relation."""
    before = tokens[at - 1].kind if at else "op"
    if before not in _BEFORE_OPERAND | _BETWEEN:
        return
    level = 0
    for end in range(at + 1, len(tokens)):
        token = tokens[end]
        if level == 0 and token.kind == "rel":
            if token.text == ">" and token.end - token.start == 1 and end > at + 1:
                if before in _BETWEEN and end + 1 < len(tokens) and tokens[end + 1].kind in _FOLLOW:
                    return  # `0 < x, < 1, y > 2`
                tokens[at] = tokens[at]._replace(kind="open")
                tokens[end] = token._replace(kind="close", text="<")
            return
        level += (token.kind == "open") - (token.kind == "close")
        if level < 0 or token.kind == "row":
            return
