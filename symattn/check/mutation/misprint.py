r"""Misprints: changes of a printed formula, as text, each of which changes or destroys its meaning.

They know nothing of expressions, only of TeX: braces, indices, signs, numbers, transposes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}_^]|[A-Za-z]|\d+|\S|\s+", re.DOTALL)
_WORD = re.compile(r"\\[A-Za-z]+")


@dataclass(frozen=True)
class Misprint:
    """A changed text: its kind, and what was changed where."""

    kind: str
    text: str
    what: str


def misprints(text: str, indices: Sequence[str] = ("i", "j", "l")) -> Iterator[Misprint]:
    r"""Yield every misprint of a formula, in the order of the text.

    indices : the letters that one index is replaced by.

    >>> for m in misprints(r"v_{i} - e^{2 n}"):
    ...     print(f"{m.kind:9}  {m.text}")
    brace      v_i} - e^{2 n}
    index      v_{j} - e^{2 n}
    index      v_{l} - e^{2 n}
    brace      v_{i - e^{2 n}
    sign       v_{i} + e^{2 n}
    brace      v_{i} - e^2 n}
    brace      v_{i} - e^2 n
    number     v_{i} - e^{3 n}
    brace      v_{i} - e^{2 n
    """
    tokens = _TOKEN.findall(text)
    ends = _matches(tokens)
    depth, below = 0, [False]  # whether each open group is an index or an exponent's base
    for at, token in enumerate(tokens):
        if token == "{":
            yield _changed("brace", tokens, {at: ""}, f"the brace {_place(tokens, at)} is dropped")
            end = ends.get(at)
            if end is not None and _group_matters(tokens, at, end):
                what = f"the braces {_place(tokens, at)} and their partner are dropped"
                yield _changed("brace", tokens, {at: "", end: ""}, what)
            below.append(_is_index(tokens, at) or (below[-1] and not _is_power(tokens, at)))
            depth += 1
        elif token == "}":
            yield _changed("brace", tokens, {at: ""}, f"the brace {_place(tokens, at)} is dropped")
            if depth:
                depth -= 1
                below.pop()
        elif token in ("+", "-"):
            other = "-" if token == "+" else "+"
            what = f"the sign {_place(tokens, at)} becomes {other}"
            yield _changed("sign", tokens, {at: other}, what)
        elif below[-1] and token in indices:
            for other in indices:
                if other != token:
                    what = f"the index {_place(tokens, at)} becomes {other}"
                    yield _changed("index", tokens, {at: other}, what)
        elif token.isdigit() and not below[-1]:
            other = str(int(token) + 1)
            what = f"the number {_place(tokens, at)} becomes {other}"
            yield _changed("number", tokens, {at: other}, what)
        elif token == "^" and tokens[at + 1 : at + 4] == ["{", r"\top", "}"]:
            drop = dict.fromkeys(range(at, at + 4), "")
            yield _changed("transpose", tokens, drop, f"the transpose {_place(tokens, at)} is lost")


def _changed(kind: str, tokens: list[str], change: dict[int, str], what: str) -> Misprint:
    text = "".join(change.get(at, token) for at, token in enumerate(tokens))
    return Misprint(kind, text, what)


def _place(tokens: list[str], at: int) -> str:
    return f"{tokens[at]!r} at {len(''.join(tokens[:at]))}"


def _matches(tokens: list[str]) -> dict[int, int]:
    """Return where each opening brace is closed."""
    found: dict[int, int] = {}
    open_: list[int] = []
    for at, token in enumerate(tokens):
        if token == "{":
            open_.append(at)
        elif token == "}" and open_:
            found[open_.pop()] = at
    return found


def _before(tokens: list[str], at: int) -> str:
    return tokens[at - 1] if at else ""


def _is_index(tokens: list[str], at: int) -> bool:
    return _before(tokens, at) == "_"


def _is_power(tokens: list[str], at: int) -> bool:
    return _before(tokens, at) == "^"


def _group_matters(tokens: list[str], start: int, end: int) -> bool:
    """Without its braces a group is another one: TeX takes its first token only, or none."""
    inside = [t for t in tokens[start + 1 : end] if not t.isspace()]
    before = _before(tokens, start)
    if not inside or (len(inside) == 1 and len(inside[0]) > 1 and inside[0].isdigit()):
        return False
    if before in ("_", "^") or before == "}":
        return len(inside) > 1
    return bool(_WORD.fullmatch(before)) and len(inside) > 1
