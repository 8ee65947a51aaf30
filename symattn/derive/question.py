"""A question is a specification: hypotheses, an unknown, and what the unknown must satisfy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr

from symattn.claims import Claim
from symattn.claims.definitions import Definitions
from symattn.derive.prose import Text
from symattn.errors import BrokenDerivation
from symattn.hypotheses.base import Given


@dataclass(frozen=True)
class Specification:
    """What the unknown must satisfy.

    unknown : the letter or symbol that is asked for; None when the question asks for a reason.
    wanted : the condition as it is printed.
    requires : a candidate -> the claims that it must meet.  Our own answer and a stranger's go
        through the same function.
    """

    unknown: Expr | None
    wanted: Text
    requires: Callable[[Expr], tuple[Claim, ...]] = lambda candidate: ()


@dataclass(frozen=True)
class Quantity:
    """Something that the question judges: its name on the left of `=`, and how it is judged."""

    shown: Expr
    meaning: str
    requires: Callable[[Expr], tuple[Claim, ...]]


@dataclass(frozen=True)
class AuthorTest:
    """One line that the author of a question keeps beside it, with the verdict it must get.

    `where` says what the line's own letters stand for.
    """

    latex: str
    verdict: str
    code: str = ""
    why: str = ""
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """The hypotheses, the specification, the symbols and what is judged.

    names : what the letters of its claims stand for, in symbols and in NumPy.

    `judged` (a `symattn.judge.judged.Judged`) says how a stranger's letters are taken; it comes
    from the file beside the script.
    """

    name: str
    given: Given
    specification: Specification
    names: Definitions = field(default_factory=Definitions)
    symbols: Mapping[str, str] = field(default_factory=dict)
    quantities: tuple[Quantity, ...] = ()
    tests: tuple[AuthorTest, ...] = ()
    judged: Any = None

    def __post_init__(self) -> None:
        for part, kind in (
            ("given", Given),
            ("names", Definitions),
            ("specification", Specification),
        ):
            came = getattr(self, part)
            if not isinstance(came, kind):
                raise BrokenDerivation(
                    f"{self.name}: {part} is a {kind.__name__}, and a {type(came).__name__} came"
                )

    def _repr_html_(self) -> str:
        from html import escape

        return f"<b>{escape(self.name)}</b>: {escape('; '.join(self.given.latex))}"
