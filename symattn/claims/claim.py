"""What every claim is: a context, a relation in it, and the obligations that prove it.

They are computed from the claim's own sides, so that a mutated claim has mutated obligations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from sympy import Expr

from symattn.errors import BrokenDerivation
from symattn.hypotheses.base import Given, Instance
from symattn.kernel import Obligation
from symattn.latex.write import latex

Oracle = Callable[[Instance], Any]


@dataclass(frozen=True)
class Behind:
    """A formula behind a relation, with what stands around it."""

    before: str
    terms: tuple[Expr, ...]
    relations: tuple[str, ...]
    after: str

    @property
    def latex(self) -> str:
        return self.before + chain(self.terms, self.relations) + self.after


def chain(terms: Sequence[Expr], relations: Sequence[str], slashed: bool = False) -> str:
    """Return the LaTeX of terms with relations between them; `slashed` for a line of text."""
    text = latex(terms[0], slashed)
    for relation, term in zip(relations, terms[1:]):
        text += f" {relation} {latex(term, slashed)}"
    return text


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Base of all claims.

    name : short and stable.
    given : the hypotheses under which it holds.
    shown : the left side as printed (a name such as alpha_i, or an expression).
    right : the right side, computed by rules.
    oracle : plain NumPy, from the definition: an instance -> the value of the left side.
    definitions : what the letters of the claim stand for that the question does not define itself;
        they are printed with it.
    """

    name: str
    given: Given
    shown: Expr
    right: Expr
    oracle: Oracle
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    definitions: tuple[tuple[Expr, Expr], ...] = ()
    note: str = ""
    relation: str = "="

    RELATIONS: ClassVar[tuple[str, ...]] = ("=",)
    """What may stand between the sides of this kind, as its obligations mean it."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a kind of a script's own: what it has to prove would be of its own making."""
        super().__init_subclass__(**options)
        if not cls.__module__.startswith("symattn."):
            raise BrokenDerivation(
                f"{cls.__name__} is no kind of claim",
                "a script states claims of the kinds that there are",
            )

    def __post_init__(self) -> None:
        if self.relation not in self.RELATIONS:
            raise BrokenDerivation(
                f"{self.name}: {self.relation!r} is not what a claim of the kind "
                f"{type(self).__name__} says",
                f"it says {' or '.join(self.RELATIONS)}",
            )

    @property
    def terms(self) -> tuple[Expr, ...]:
        """The sides as printed, from left to right."""
        return (self.shown, self.right)

    @property
    def relations(self) -> tuple[str, ...]:
        return (self.relation,)

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        raise NotImplementedError

    def with_right(self, right: Expr) -> Claim:
        """Return the same claim with another right side: a candidate or a mutant."""
        return replace(self, right=right)

    def with_given(self, given: Given) -> Claim:
        return replace(self, given=given)

    @property
    def behind(self) -> Behind | None:
        """What is printed behind the relation: the approach of a limit, the order of an error."""
        return None

    @property
    def aside(self) -> str:
        """The LaTeX of what stands behind the relation; may be empty."""
        return self.behind.latex if self.behind else ""

    @property
    def latex(self) -> str:
        return chain(self.terms, self.relations) + self.aside

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"
