r"""Functions that SymPy prints as a letter, such as `J_{n}\left(x\right)`.

What is written as SymPy prints a function is that function where the other side is an expression of
SymPy that holds it; anywhere else it is a letter as any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

from sympy import Basic, Expr, Function, Symbol, latex

from symattn.algebra.symbols import of_kind

NESTED = 4  # brackets inside one argument
MOST = 20  # of a function inside itself
_DIGITS = str.maketrans("0123456789", "abcdefghij")
_KEPT = frozenset("gamma erf erfc factorial binomial uppergamma zeta polygamma".split())


def printed_back(text: str, side: Any) -> tuple[str, dict[str, Callable[..., Expr]]]:
    r"""Return LaTeX with the functions of a side of SymPy by names of their own, and these.

    >>> from sympy import Symbol, besselj
    >>> text, made = printed_back(r"J_{2}\left(x\right)", besselj(1, Symbol("x")))
    >>> text, list(made)
    ('\\operatorname{besseljprinted}\\left(2,x\\right)', ['besseljprinted'])
    """
    found: dict[str, Callable[..., Expr]] = {}
    if not isinstance(side, Basic):
        return text, found
    for e in of_kind(Function, side):
        kind: Any = type(e)
        home = str(kind.__module__)
        if kind.__name__ in _KEPT or not home.startswith("sympy.functions") or "elementary" in home:
            continue
        name = f"{kind.__name__}printed".replace("_", "").translate(_DIGITS)
        for pattern in _patterns(kind, len(e.args)):
            for _ in range(MOST):
                text, changed = pattern.subn(partial(_applied, name, len(e.args)), text)
                if not changed:
                    break
                found[name] = kind
    return text, found


def _applied(name: str, count: int, m: re.Match[str]) -> str:
    *arguments, power = (*(m[place] for place in sorted(m.groupdict())), "")[: count + 1]
    applied = rf"\operatorname{{{name}}}\left({','.join(arguments)}\right)"
    return rf"\left({applied}\right)^{{{power}}}" if power else applied


@lru_cache(maxsize=200)
def _patterns(kind: Any, count: int) -> list[re.Pattern[str]]:
    """Return what SymPy prints of a function, plain and raised, with a group for each argument."""
    *places, power = [Symbol(f"Q{c}") for c in "abcdefg"[: count + 1]]
    found = []
    for own in dict.fromkeys(((*places,), (places[0],))):  # what is left out has its usual value
        try:
            one = kind(*own, evaluate=False)
            found += [_pattern(latex(one), own), _pattern(latex(one**power), (*own, power))]
        except (TypeError, ValueError, AttributeError, NotImplementedError):
            continue
    return [re.compile(pattern) for pattern in found if pattern is not None]


def _pattern(text: str, places: Sequence[Symbol]) -> str | None:
    inside = r"[^{}()]"
    for _ in range(NESTED):
        inside = rf"(?:[^{{}}()]|\{{{inside}*\}}|\({inside}*\))"
    pieces, names = re.split(r"(Q[a-g])", text), [s.name for s in places]
    if sorted(pieces[1::2]) != names:
        return None
    made = [
        rf"(?P<{piece}>{inside}+?)" if n % 2 else re.escape(piece).replace(r",\ ", r",\s*")
        for n, piece in enumerate(pieces)
    ]
    pattern = (r"(?<![A-Za-z\\])" if text[:1].isalpha() else "") + "".join(made)
    if "left" in text:  # a bracket ends what has no braces
        for strict, loose in _LOOSER:
            pattern = pattern.replace(strict, loose)
    return pattern


_LOOSER = (
    (r"\\left\(", r"(?:\\left)?\s*\("),
    (r"_\{(", r"_\{?("),
    (r")\}(?", r")\}?(?"),
    (r"\\right\)", r"\s*(?:\\right)?\s*\)"),
)
