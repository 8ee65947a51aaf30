"""Claims: what a derivation says, in a form that can be proved, measured, read back and mutated.

Each kind of claim turns itself into obligations: small exact decisions which together prove it.
They are computed from the claim's own sides, so that a mutated claim has mutated obligations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Add, Expr, KroneckerDelta, S, Sum, Symbol, exp, oo

from symattn.algebra.words import normal, to_expr
from symattn.hypotheses.base import Given, Instance

Oracle = Callable[[Instance], Any]


@dataclass(frozen=True)
class Zero:
    """The expression is zero under the hypotheses."""

    expr: Expr


@dataclass(frozen=True)
class Sign:
    """The expression is positive (strict) or nonnegative under the hypotheses."""

    expr: Expr
    strict: bool = False


@dataclass(frozen=True)
class LimitIs:
    """`f` tends to `value` as `variable` tends to `point` (oo, or 0 from above)."""

    f: Expr
    variable: Symbol
    point: Expr
    value: Expr


@dataclass(frozen=True)
class Theorem:
    """`left <= right` is an instance of a named theorem.

    `triangle`, `cauchy-schwarz`, or `tangent`: `ln x <= x - 1` and `1 + x <= exp(x)`, summed with
    nonnegative weights.
    """

    name: str
    left: Expr
    right: Expr


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


def chain(terms: Sequence[Expr], relations: Sequence[str]) -> str:
    """Return the LaTeX of terms with relations between them."""
    from symattn.latex.write import latex

    text = latex(terms[0])
    for relation, term in zip(relations, terms[1:]):
        text += f" {relation} {latex(term)}"
    return text


Obligation = Zero | Sign | LimitIs | Theorem


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Base of all claims.

    name : short and stable.
    given : the hypotheses under which it holds.
    shown : the left side as printed (a name such as alpha_i, or an expression).
    right : the right side, computed by rules.
    oracle : plain NumPy, from the definition: an instance -> the value of the left side.
    ranges : where the free scalar symbols are drawn from, when (0.05, 4) does not fit.
    """

    name: str
    given: Given
    shown: Expr
    right: Expr
    oracle: Oracle
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    note: str = ""
    relation: str = "="

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


@dataclass(frozen=True, kw_only=True)
class Identity(Claim):
    """`left = right`, where `left` is the definition that `shown` names."""

    left: Expr

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return (Zero(self.left - self.right),)


@dataclass(frozen=True, kw_only=True)
class Solution(Claim):
    """`right` is a value of the unknown `shown` that meets the specification.

    It is never compared with another answer: the claims that the specification makes of it are
    what is proved and measured.
    """

    requires: Callable[[Expr], tuple[Claim, ...]]

    @property
    def required(self) -> tuple[Claim, ...]:
        """What the specification asks of this candidate, under this claim's hypotheses."""
        return tuple(c.with_given(self.given) for c in self.requires(self.right))

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return tuple(o for c in self.required for o in c.obligations)


@dataclass(frozen=True, kw_only=True)
class Tends(Claim):
    """`f -> right` as the variable tends to the point."""

    f: Expr
    variable: Symbol
    point: Expr
    relation: str = r"\to"

    @property
    def behind(self) -> Behind:
        return Behind(r" \qquad (", (self.variable, self.point), (r"\to",), ")")

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return (LimitIs(self.f, self.variable, self.point, self.right),)


@dataclass(frozen=True, kw_only=True)
class Squeezed(Tends):
    """`f -> right`, for `low <= f <= high` and both of them tend there.

    `below` is `f - low` and `above` is `high - f`, each in a form whose sign can be seen.
    """

    low: Expr
    below: Expr
    high: Expr
    above: Expr

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return (
            Zero(self.f - self.low - self.below),
            Sign(self.below),
            Zero(self.high - self.f - self.above),
            Sign(self.above),
            LimitIs(self.low, self.variable, self.point, self.right),
            LimitIs(self.high, self.variable, self.point, self.right),
        )


@dataclass(frozen=True, kw_only=True)
class Inequality(Claim):
    """`left <= right` (or <, >=, >): the gap is `slack` exactly, and `slack` has a sign.

    `theorems` are the inequalities with a name that lead from `left` to `middle`, when the gap
    from `middle` to `right` is what `slack` writes; without one, `middle` is `left`.
    """

    left: Expr
    slack: Expr
    middle: Expr | None = None
    theorems: tuple[Theorem, ...] = ()

    @property
    def upward(self) -> bool:
        return self.relation in (r"\le", "<")

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        start = self.left if self.middle is None else self.middle
        gap = self.right - start if self.upward else start - self.right
        strict = self.relation in ("<", ">")
        # What the theorems give together must be what leads from `left` to `middle`.
        way = start - self.left if self.upward else self.left - start
        way -= Add(*[t.right - t.left for t in self.theorems])
        return (*self.theorems, Zero(way), Zero(gap - self.slack), Sign(self.slack, strict))


@dataclass(frozen=True)
class Condition:
    """One side of an equivalence: `left relation right`, with <=, >=, < or >."""

    left: Expr
    relation: str
    right: Expr

    @property
    def gap(self) -> Expr:
        """Nonnegative (or positive) exactly when the condition holds."""
        upward = self.relation in (r"\le", "<")
        return self.right - self.left if upward else self.left - self.right

    @property
    def strict(self) -> bool:
        return self.relation in ("<", ">")


@dataclass(frozen=True, kw_only=True)
class Equivalent(Claim):
    """Two conditions hold together: their gaps differ by a positive factor.

    The factor is computed as the quotient of the two gaps.  `through` is for a gap that is
    monotone in the other: the first gap is `through` of both ends of the second, an increasing
    function (`exp`, for one).
    """

    first: Condition
    second_left: Expr
    second_relation: str
    factor: Expr
    increasing: Callable[[Expr], Expr] | None = None
    relation: str = r"\iff"

    @property
    def second(self) -> Condition:
        return Condition(self.second_left, self.second_relation, self.right)

    @property
    def terms(self) -> tuple[Expr, ...]:
        return (
            self.shown,
            self.first.right,
            self.second_left,
            self.right,
        )

    @property
    def relations(self) -> tuple[str, ...]:
        return (self.first.relation, self.relation, self.second_relation)

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        gap = self.second.gap
        if self.increasing is not None:
            upward = self.second_relation in (r"\le", "<")
            low, high = (self.second_left, self.right) if upward else (self.right, self.second_left)
            gap = self.increasing(high) - self.increasing(low)
        found: tuple[Obligation, ...] = (
            Zero(self.first.gap - self.factor * gap),
            Sign(self.factor, True),
        )
        if self.increasing is not None and self.increasing is exp:
            # A logarithm on either side must be of a positive number.
            found += (Sign(exp(self.right), True), Sign(exp(self.second_left), True))
        if self.first.strict != self.second.strict:
            found += (Zero(S.One),)  # where both gaps vanish, only one condition would hold
        return found


@dataclass(frozen=True)
class Exact:
    """An exact value at small parameters, with the symbols that it was taken at."""

    value: Any
    symbols: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Leading(Claim):
    """`right` is the leading part of a quantity, up to a stated order.

    kept : what the rules kept of the quantity, which `right` must equal.
    dropped : terms of a lower order than `order`, which must vanish.
    order : what is left out is at most a constant times this.
    exact : an instance with its `shrink` and its `path` -> the exact value at parameters that
        shrink along that path, counted from 0.
    paths : how many there are.  On one path alone, the terms of an order that vanish fast along it
        could be left out unseen.
    """

    kept: Expr
    order: Expr
    exact: Callable[[Instance], Exact | None]
    dropped: tuple[Expr, ...] = ()
    paths: int = 1

    @property
    def behind(self) -> Behind:
        return Behind(r" + O\left(", (self.order,), (), r"\right)")

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return (Zero(self.kept - self.right), *(Zero(e) for e in self.dropped))


@dataclass(frozen=True, kw_only=True)
class IntegralTends(Claim):
    """The integral over the real line of `primitive' * kernel` tends to `right`.

    The kernel is a constant times `exp(exponent)` with an exponent that is at most 0 and tends to
    0 for every point, so it is bounded by the constant, and the primitive is bounded and
    increasing: by dominated convergence the integral tends to the constant times the primitive's
    total rise.
    """

    integrand: Expr
    primitive: Expr
    point: Symbol
    constant: Expr
    exponent: Expr
    variable: Symbol
    low: Expr
    high: Expr
    relation: str = r"\to"

    @property
    def behind(self) -> Behind:
        return Behind(r" \qquad (", (self.variable, oo), (r"\to",), ")")

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        y, rise = self.point, self.primitive.diff(self.point)
        return (
            Zero(self.integrand - rise * self.constant),
            Sign(rise, True),
            Sign(-self.exponent),
            LimitIs(self.exponent, self.variable, oo, S.Zero),
            LimitIs(self.primitive, y, oo, self.high),
            LimitIs(self.primitive.subs(y, -y), y, oo, self.low),
            Zero(self.right - self.constant * (self.high - self.low)),
        )


@dataclass(frozen=True, kw_only=True)
class Minimal(Claim):
    """`right` is where `f` is least: the slope vanishes there and the curvature is positive."""

    f: Expr
    variable: Symbol

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        slope = self.f.diff(self.variable)
        return (
            Zero(slope.subs(self.variable, self.right)),
            Sign(slope.diff(self.variable), True),
        )


@dataclass(frozen=True, kw_only=True)
class MaximalOnSimplex(Claim):
    """`right` is the one point of the simplex where a function of a family is largest.

    There the slope is the same in every direction, and the function is strictly concave: its
    second derivatives are negative on the diagonal and vanish off it.

    shown : the member of the family at an index; `right` is its value there.
    other : a second index.
    """

    f: Expr
    other: Symbol
    count: Symbol

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        here, other = self.shown, self.other
        (index,) = here.indices
        slope = to_expr(normal(self.f.diff(here)))
        at = slope.xreplace({here: self.right})
        return (
            Zero(at - at.xreplace({index: other})),
            Zero(Sum(self.right, (index, 1, self.count)) - 1),
            Sign(self.right, True),
            Sign(-slope.diff(here), True),
            Zero(slope.diff(here.xreplace({index: other})).subs(KroneckerDelta(index, other), 0)),
        )
