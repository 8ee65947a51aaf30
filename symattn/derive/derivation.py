"""A derivation: chains of steps, each computed by a rule, and the claims that they end in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sympy import Expr, Mul, Rational, S, Symbol

from symattn.algebra.attention import LETTERS
from symattn.algebra.letters import Dot, T, is_column, shape
from symattn.algebra.vanish import vanishes
from symattn.claims import Claim, Equivalent, Identity, Inequality, Leading, Solution
from symattn.claims.definitions import Defined, Definitions, family_name
from symattn.claims.search import along, ingredients
from symattn.claims.tie import check_meaning, check_tie, private
from symattn.derive.prose import Formula, Text
from symattn.derive.roles import Ground
from symattn.derive.rules import Rule, named, tidy, under
from symattn.errors import BrokenDerivation, SymattnError
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.families import Between
from symattn.latex.write import latex

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
        arrow = "=" if self.keeps else r"\;\leadsto\;"
        return rf"$\displaystyle {latex(self.before)} {arrow} {latex(self.after)}$"


_PLAIN = {"<=": r"\le", ">=": r"\ge"}
"""Relations as they are typed -> as they are printed."""


@dataclass
class Chain:
    """An expression on its way; `by` applies a rule and records the step.

    start : what it started from, with every name written out; `shown` is that as it is printed.

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
    shown: Expr | None = None
    names: Definitions = field(default_factory=Definitions)

    def __post_init__(self) -> None:
        if self.start is None:
            self.start = self.value

    def under(self, name: str, expect: Expr | None = None) -> Chain:
        """Rewrite under the chain's hypotheses."""
        return self.by(under(self.given, name), expect)

    def by(self, rule: Rule, expect: Expr | None = None) -> Chain:
        """Apply a rule; what a script expects must be what the rule computed."""
        if not isinstance(rule, Rule):
            raise BrokenDerivation(
                f"a step of {self.name!r} asks for a rule, and {rule!r} came",
                "such as .by(collect()), .under('why'), or .by(Rule('name', function))",
            )
        try:
            after = rule.apply(self.value)
            after = named(tidy(after) if rule.shorten and expect is None else after)
        except SymattnError as error:
            raise BrokenDerivation(f"step {rule.name!r} of {self.name!r}: {error}") from error
        except Exception as error:  # a rule of a script's own may raise anything
            raise BrokenDerivation(
                f"step {rule.name!r} of {self.name!r}: the rule does not apply to {self.value} "
                f"({type(error).__name__}: {error})"
            ) from error
        if expect is not None:
            if vanishes(after - expect, self.given.rewriting) is not True:
                after = tidy(after) if rule.shorten else after
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
    names: Definitions = field(default_factory=Definitions)
    steps: list[Step] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    answer: list[Text | Claim] = field(default_factory=list)
    explanation: list[Text | Claim] = field(default_factory=list)
    figures: list[tuple[Callable[[], Any], Text]] = field(default_factory=list)
    history: list[Defined] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.names.defined:
            self.names = self.question.names
        self.history.extend(self.question.names.defined)

    @property
    def given(self) -> Given:
        return self.question.given

    def let(
        self, letter: Expr, value: Expr | None, array: Callable[[Instance], Any] | None = None
    ) -> Expr:
        """Let a letter stand for something from here on; return the value.

        array : the value in plain NumPy; without one, the expression is evaluated.
        """
        if family_name(letter) in {one.name for one in self.question.names.defined}:
            raise BrokenDerivation(
                f"the question says what {letter} stands for",
                "another meaning needs definitions of its own: Definitions.let, and names=",
            )
        self.names = self.names.let(letter, value, array)
        self._remember(self.names)
        return letter if value is None else value

    def any(self, *free: Symbol) -> None:
        """Let scalars be any numbers.

        Raises
        ------
        BrokenDerivation : something else than scalars.
        """
        for one in free:
            if not isinstance(one, Symbol):
                raise BrokenDerivation(
                    f"any() takes scalars, and {one} is none",
                    "a family is free by a hypothesis, Reals(u) or Members(u(l)); a vector by Arbitrary(u)",
                )
        self.names = self.names.any(*free)

    def start(
        self,
        name: str,
        shown: Expr,
        given: Given | None = None,
        names: Definitions | None = None,
    ) -> Chain:
        """Begin a chain from a definition: what is shown, with its names written out."""
        names = names or self.names
        value = names.expand(shown)
        return Chain(name, value, self._under(name, given), self.steps, shown=shown, names=names)

    def _under(self, name: str, given: Given | None) -> Given:
        """Return the hypotheses of a claim or a chain: the question's, where none are given."""
        if given is not None and not isinstance(given, Given):
            raise BrokenDerivation(
                f"{name}: given= takes hypotheses, and {given!r} is none",
                "such as given=D.given.and_(AtLeast(3))",
            )
        return given or self.given

    def claim(self, claim: Claim) -> Claim:
        """Add a claim; its name must be new, and it must be about what it prints.

        Raises
        ------
        BrokenDerivation : see `check_tie`.
        """
        if any(c.name == claim.name for c in self.claims):
            raise BrokenDerivation(f"two claims are called {claim.name!r}")
        wanted = self.question.specification
        if isinstance(claim, Solution) and (
            claim.shown != wanted.unknown or claim.requires is not wanted.requires
        ):
            raise BrokenDerivation(
                f"{claim.name}: the question asks for {wanted.unknown}, by its own specification"
            )
        claim = replace(claim, definitions=private(claim, self.question.names))
        check_tie(claim)
        check_meaning(claim, self.question.names)
        if isinstance(claim, Leading) and not self._computed(claim.kept):
            raise BrokenDerivation(
                f"{claim.name}: no rule computed the leading part {claim.kept}",
                "give kept= the value of a chain: what its rules kept of the quantity",
            )
        self.claims.append(claim)
        names = getattr(claim.oracle, "names", None)
        self._remember(names if isinstance(names, Definitions) else self.names)
        return claim

    def _remember(self, names: Definitions) -> None:
        self.history += [one for one in names.defined if one not in self.history]

    def _computed(self, x: Expr) -> bool:
        """Tell whether an expression is what some step of this derivation computed; zero is no part."""
        like = [s for s in self.steps if shape(x) == shape(s.after)] if x != 0 else []
        return any(x == s.after for s in like) or any(
            vanishes(x - s.after, s.given.rewriting) for s in like
        )

    def state(
        self,
        kind: type[Claim],
        name: str,
        shown: Expr,
        right: Expr,
        given: Given | None = None,
        names: Definitions | None = None,
        **more: Any,
    ) -> Claim:
        """Claim something of what is shown; its meaning and its oracle come from the definitions.

        names : the definitions, when they are not those of the moment.
        ranges : letter -> (low, high): what narrows the instances narrows the claim, so it is taken
            up among the hypotheses and printed with them.
        more : what the kind of claim needs besides; see `Definitions.claim`.
        """
        if not (isinstance(kind, type) and issubclass(kind, Claim)):
            raise BrokenDerivation(
                f"D.state takes a kind of claim first, and {kind!r} is none",
                "such as D.state(Identity, name, left, right)",
            )
        if kind is Inequality and "slack" not in more:
            sign = more.pop("relation", r"\le")
            return self._bound(name, shown, right, sign, given, **more, names=names)
        names, given = names or self.names, self._under(name, given)
        shown, right = (expression(x, name) for x in (shown, right))
        held = [x for x in (shown, right, *more.values()) if isinstance(x, Expr)]
        letters = {s.name: s for x in held for s in x.free_symbols if isinstance(s, Symbol)}
        narrowed: list[Between] = []
        for letter, (low, high) in more.pop("ranges", {}).items():
            if letter not in letters:
                raise BrokenDerivation(
                    f"{name}: a range is given for {letter}, which it does not hold"
                )
            narrowed.append(Between(letters[letter], Rational(str(low)), Rational(str(high))))
        return self.claim(names.claim(kind, name, given.and_(*narrowed), shown, right, **more))

    def identity(self, name: str, chain: Chain, shown: Expr | None = None, **more: Any) -> Claim:
        """Claim that the chain's end is what its start was.

        shown : what is printed, when it is not what the chain was started with; it must mean the
            same.
        """
        assert chain.shown is not None
        assert chain.start is not None
        more.setdefault("given", chain.given)
        more.setdefault("names", chain.names)
        printed = chain.shown if shown is None else shown
        return self.state(Identity, name, printed, chain.value, left=chain.start, **more)

    def follows(
        self,
        name: str,
        shown: Expr,
        why: str,
        expect: Expr | None = None,
        given: Given | None = None,
        names: Definitions | None = None,
    ) -> Claim:
        """Claim what one rewriting of a definition under the hypotheses gives.

        why : names the step.
        expect : the form of the result, when another is wanted than the one that comes out.
        """
        return self.identity(name, self.start(name, shown, given, names).under(why, expect))

    def at_least(
        self, name: str, shown: Expr, bound: Expr, given: Given | None = None, **more: Any
    ) -> Claim:
        """Claim that what is shown is never below a bound: see `Inequality` for what proves it.

        through : what stands between the two, in the order in which it is read; each step is an
            equality, a named inequality, or a gap whose sign is found (see `claims.search.along`).
        slack : the gap in a form whose sign is seen, where the search does not find one.

        Raises
        ------
        BrokenDerivation : a step of `through` is not seen to hold.
        """
        return self._bound(name, shown, bound, r"\ge", given, **more)

    def at_most(
        self, name: str, shown: Expr, bound: Expr, given: Given | None = None, **more: Any
    ) -> Claim:
        """Claim that what is shown is never above a bound."""
        return self._bound(name, shown, bound, r"\le", given, **more)

    def _bound(
        self, name: str, shown: Expr, bound: Expr, sign: str, given: Given | None, **more: Any
    ) -> Claim:
        names = more.get("names") or self.names
        shown, bound = expression(shown, name), expression(bound, name)
        sign = _PLAIN.get(sign, sign)
        upward, strict = sign in (r"\le", "<"), sign in ("<", ">")
        steps = [names.expand(x) for x in (shown, *more.pop("through", ()), bound)]
        if not upward:
            steps.reverse()
        if "slack" not in more:
            rules = self._under(name, given).rewriting
            found = ingredients(steps, rules, upward, strict)
            if found is None and len(steps) > 2:
                low, high = next(p for p in zip(steps, steps[1:]) if along(p, rules) is None)
                raise BrokenDerivation(
                    f"{name}: it is not seen that {low} is at most {high}",
                    "another step between the two, or slack= in a form whose sign is seen",
                )
            more |= found or {"slack": steps[-1] - steps[0]}
        return self.state(Inequality, name, shown, bound, given, relation=sign, **more)

    def positive(self, name: str, shown: Expr, given: Given | None = None, **more: Any) -> Claim:
        """Claim that what is shown is positive, as is seen from its definition."""
        return self._bound(name, shown, S.Zero, ">", given, **more)

    def iff(
        self,
        name: str,
        first: tuple[Expr, str, Expr],
        second: tuple[Expr, str, Expr],
        given: Given | None = None,
        **more: Any,
    ) -> Claim:
        """Claim that two conditions hold together, each `(left, relation, right)`."""
        one, two = (_PLAIN.get(relation, relation) for _, relation, _ in (first, second))
        more |= {"first": (one, first[2]), "second_left": second[0], "second_relation": two}
        return self.state(Equivalent, name, first[0], second[2], given, **more)

    def answered(self, name: str, candidate: Expr) -> tuple[Claim, ...]:
        """Claim that a candidate is the unknown, and return what the specification asks of it."""
        wanted = self.question.specification
        if wanted.unknown is None:
            raise BrokenDerivation("the question has no unknown")
        self.claim(
            Solution(
                name=name,
                given=self.given,
                shown=wanted.unknown,
                right=candidate,
                requires=wanted.requires,
                oracle=self.names.oracle(wanted.unknown),
            )
        )
        return wanted.requires(candidate)

    def text(self, template: str, formulas: Mapping[str, Any], near: Iterable[str] = ()) -> Text:
        """Fill in a sentence: with the given formulas, with claims by their names, with letters.

        `{weight}` is the claim of that name, `{weight.right}` its right side, `{weight.formula}`
        the claim as a formula in the sentence, and `{beta}` a letter of the vocabulary.

        What each formula rests on is found here, and one that rests on nothing becomes a claim.

        near : the claims that the sentence and its neighbours name, besides those in it.
        """
        known: dict[str, Any] = dict(LETTERS)
        for claim in self.claims:
            known[claim.name] = claim
            known[f"{claim.name}.right"] = claim.right
            known[f"{claim.name}.formula"] = Formula.of_claim(claim)
        text = Text.of(template, formulas, known)
        wanted = {*near, *_cited(template)}
        parts: list[str | Formula | Claim] = []
        for part in text.parts:
            if isinstance(part, Formula):
                part, made = self.ground(wanted).role(part)
                self.claims.extend(made)
            parts.append(part)
        return Text(tuple(parts))

    def ground(self, near: Iterable[str] = ()) -> Ground:
        """Return what a sentence stands on now.

        near : the names of the claims beside it.
        """
        beside = [claim for claim in self.claims if claim.name in set(near)]
        return Ground(self.claims, beside, self.names, self.given, tuple(reversed(self.history)))

    def say(self, text: str, **formulas: Any) -> None:
        """Add to the explanation: paragraphs, with formulas in them and claims between them.

        text : `{name}` stands for a formula (see `text`), a line `[name, other]` displays the
            claims of these names, and an empty line ends a paragraph.

        Raises
        ------
        BrokenDerivation : a name has no formula, a formula no place, or there is no such claim.
        """
        self.explanation.extend(self._blocks(text, formulas))

    def answers(self, text: str, **formulas: Any) -> None:
        """Add to the answer, which comes first on the page; as `say` does."""
        self.answer.extend(self._blocks(text, formulas))

    def _blocks(self, text: str, formulas: Mapping[str, Any]) -> list[Text | Claim]:
        found: list[Text | Claim] = []
        used: set[str] = set()
        pieces = re.split(r"\n\s*\n|\n(?=\s*\[)|(?<=\])\s*\n", text.strip())
        blocks = [" ".join(piece.split()) for piece in pieces]
        for at, plain in enumerate(blocks):
            if re.fullmatch(r"\[[\w ,-]+\]", plain):
                found.extend(self.named(name.strip()) for name in plain[1:-1].split(","))
                continue
            for name in re.findall(r"\[([\w-]+)[\w ,-]*\]", plain):
                if any(claim.name == name for claim in self.claims):
                    raise BrokenDerivation(
                        f"[{name}] stands inside a sentence",
                        f"a line of its own displays the claim; {{{name}.formula}} is it in a sentence",
                    )
            here = {n: f for n, f in formulas.items() if f"{{{n}}}" in plain}
            used |= set(here)
            near = [name for one in blocks[max(at - 2, 0) : at + 3] for name in _cited(one)]
            found.append(self.text(plain, here, near))
        if set(formulas) - used:
            unused = sorted(set(formulas) - used)
            raise BrokenDerivation(f"formulas without a place in the sentence: {unused}")
        return found

    def show(self, *claims: Claim | str, first: bool = False) -> None:
        """Display claims as numbered formulas, in the answer (`first`) or the explanation.

        Raises
        ------
        BrokenDerivation : there is no claim of that name.
        """
        shown = [self.named(c) if isinstance(c, str) else c for c in claims]
        (self.answer if first else self.explanation).extend(shown)

    def named(self, name: str) -> Claim:
        """Return the claim of a name.

        Raises
        ------
        BrokenDerivation : there is none.
        """
        for claim in self.claims:
            if claim.name == name:
                return claim
        raise BrokenDerivation(f"no claim is called {name!r}")

    def figure(self, make: Callable[[], Any], caption: str, **formulas: Any) -> None:
        """Add a figure: a function that returns the plot as data, and what it shows."""
        self.figures.append((make, self.text(caption, formulas)))

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


def expression(x: Any, where: str) -> Expr:
    """Return what a claim prints as an expression; a whole number is one, a row times a column a scalar.

    Raises
    ------
    BrokenDerivation : it is something else; a float would be a number that nobody computed.
    """
    if isinstance(x, int):
        return S(x)
    if isinstance(x, Expr):
        return x if x.is_commutative else x.replace(_is_scalar_word, _as_dot)
    raise BrokenDerivation(
        f"{where} prints expressions, and a {type(x).__name__} came: {x!r}",
        "fractions are Rational(1, 2) or S.Half",
    )


def _is_scalar_word(x: Expr) -> bool:
    return bool(x.is_Mul) and not x.is_commutative and shape(x) == (1, 1)


def _as_dot(x: Expr) -> Expr:
    """Write a product that begins with a row and is a number as the dot product that it is.

    >>> from symattn.algebra.letters import Matrix, T, Vector
    >>> n = Symbol("n", integer=True, positive=True)
    >>> u, A = Vector("u", n), Matrix("A", n, n)
    >>> _as_dot(2 * T(u) * A * u)
    2*<A*u, u>
    """
    scalars, (first, *rest) = x.args_cnc()
    return Mul(*scalars, Dot(T(first), Mul(*rest))) if is_column(T(first)) else x


def _cited(text: str) -> list[str]:
    """Return the names of claims that a piece of a text may mean.

    >>> _cited("so {weight.formula} for {n}"), _cited("[weight, error]")
    (['weight', 'n'], ['weight', 'error'])
    """
    if text.startswith("["):
        return [name.strip() for name in text[1:-1].split(",")]
    return [name.split(".")[0] for name in re.findall(r"\{([\w.-]+)\}", text)]
