"""A derivation: chains of steps, each computed by a rule, and the claims that they end in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sympy import Expr

from symattn.derive.claim import Claim, Identity, Oracle
from symattn.derive.prose import Formula, Text
from symattn.derive.rules import Rule, named
from symattn.errors import BrokenDerivation, SymattnError
from symattn.hypotheses.base import Given

if TYPE_CHECKING:
    from symattn.derive.question import Question


@dataclass(frozen=True)
class Step:
    """`before`, the rule, and what the rule computed."""

    chain: str
    before: Expr
    rule: str
    after: Expr
    keeps: bool
    given: Given

    def _repr_latex_(self) -> str:
        from symattn.latex.write import latex

        arrow = "=" if self.keeps else r"\;\leadsto\;"
        return rf"$\displaystyle {latex(self.before)} {arrow} {latex(self.after)}$"


@dataclass
class Chain:
    """An expression on its way; `by` applies a rule and records the step.

    >>> from sympy import symbols
    >>> from symattn.derive.rules import differentiate
    >>> b = symbols("b")
    >>> chain = Chain("slope", b**2, Given(()))
    >>> chain.by(differentiate(b)).value
    2*b
    """

    name: str
    value: Expr
    given: Given
    steps: list[Step] = field(default_factory=list)
    start: Expr | None = None

    def __post_init__(self) -> None:
        if self.start is None:
            self.start = self.value

    def by(self, rule: Rule, expect: Expr | None = None) -> Chain:
        """Apply a rule; what a script expects must be what the rule computed."""
        try:
            after = named(rule.apply(self.value))
        except SymattnError as error:
            raise BrokenDerivation(f"step {rule.name!r} of {self.name!r}: {error}") from error
        if expect is not None:
            from symattn.algebra.vanish import vanishes

            if vanishes(after - expect, self.given.rewriting) is not True:
                raise BrokenDerivation(
                    f"step {rule.name!r} of {self.name!r} gives {after}, not {expect}",
                    "correct the rule or the expectation in the script",
                )
            after = expect
        step = Step(self.name, self.value, rule.name, after, rule.keeps, self.given)
        self.steps.append(step)
        self.value = after
        return self


@dataclass
class Derivation:
    """All that one script derives for its question: steps, claims, words and figures."""

    question: Question
    steps: list[Step] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    answer: list[Text | Claim] = field(default_factory=list)
    explanation: list[Text | Claim] = field(default_factory=list)
    figures: list[tuple[Callable[[], Any], Text]] = field(default_factory=list)

    @property
    def given(self) -> Given:
        return self.question.given

    def start(self, name: str, value: Expr, given: Given | None = None) -> Chain:
        """Begin a chain from a definition."""
        return Chain(name, value, given or self.given, self.steps)

    def claim(self, claim: Claim) -> Claim:
        """Add a claim; its name must be new."""
        if any(c.name == claim.name for c in self.claims):
            raise BrokenDerivation(f"two claims are called {claim.name!r}")
        self.claims.append(claim)
        return claim

    def identity(self, name: str, shown: Expr, chain: Chain, oracle: Oracle, **more: Any) -> Claim:
        """Claim that the chain's end is what its start was."""
        assert chain.start is not None
        more.setdefault("given", chain.given)
        more.setdefault("left", chain.start)
        return self.claim(
            Identity(name=name, shown=shown, right=chain.value, oracle=oracle, **more)
        )

    def say(self, text: str, **formulas: Any) -> Text:
        """Add a paragraph to the explanation; `{name}` stands for a formula."""
        paragraph = Text.of(text, formulas)
        self.explanation.append(paragraph)
        return paragraph

    def answers(self, text: str, **formulas: Any) -> Text:
        """Add a paragraph to the answer, which comes first on the page."""
        paragraph = Text.of(text, formulas)
        self.answer.append(paragraph)
        return paragraph

    def show(self, *claims: Claim, first: bool = False) -> None:
        """Display claims as numbered formulas, in the answer (`first`) or the explanation."""
        (self.answer if first else self.explanation).extend(claims)

    def figure(self, make: Callable[[], Any], caption: str, **formulas: Any) -> None:
        """Add a figure: a function that returns the plot as data, and what it shows."""
        self.figures.append((make, Text.of(caption, formulas)))

    def formulas(self) -> list[Formula]:
        """Every formula in the words, in order."""
        texts = [b for b in (*self.answer, *self.explanation) if isinstance(b, Text)]
        texts += [caption for _, caption in self.figures]
        return [part for text in texts for part in text.parts if isinstance(part, Formula)]

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(s.rule)}</td><td>{s._repr_latex_()}</td></tr>" for s in self.steps
        )
        claims = "".join(f"<li>{c._repr_latex_()}</li>" for c in self.claims)
        return f"<h4>{escape(self.question.name)}</h4><table>{rows}</table><ol>{claims}</ol>"
