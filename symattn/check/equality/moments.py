"""Are two expressions in expectations equal?  Linearity proves it; a law of three values refutes it.

A capital letter is random and any other a constant, as is usual; where that does not tell, the
verdict is undecided.  Nothing is known of a random letter but that its moments exist.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sympy import (
    Add,
    Expr,
    Indexed,
    IndexedBase,
    Mul,
    S,
    Sum,
    Symbol,
    exp,
)
from sympy.core.sorting import default_sort_key

from symattn.algebra.balls import CannotEvaluate, NotReal, Unsure, contains_zero, working
from symattn.algebra.enclosure import Enclosure
from symattn.algebra.letters import Conditional, Cov, Expect, Letter, Statistic, Var
from symattn.algebra.symbols import of_kind
from symattn.check.equality.known_integrals import gaussian_moment
from symattn.check.equality.scalars import Scalars
from symattn.check.equality.shown import plain, show
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.errors import BudgetExceeded
from symattn.kernel.proving import identical

_NAMED = re.compile(r"(?:\\(?:math|operatorname|text)|[A-Z])[^(|]*\(")
WEIGHTS = (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6))
LAWS = 24
PRECISION = 128
MOMENTS = 12
"""The highest power of a normal letter whose mean is taken."""
# Letters that are as often random as constant.
EITHER = frozenset("z \\epsilon \\eta \\xi \\zeta \\omega".split())


class NotSaid(Exception):
    """It is not clear which letters are random, or what follows."""


Laws = Mapping[Symbol, tuple[Expr, Expr]]


def decide(
    left: Expr,
    right: Expr,
    given: Sequence[Any],
    seed: int,
    laws: Laws | None = None,
    drawn: Mapping[str, str] | None = None,
) -> Verdict:
    r"""Return the verdict on two scalars that hold expectations and variances.

    laws : the mean and the variance of each letter that is normal.
    drawn : the letters that `\mathbb{E}_{x \sim p}` says are random, and their laws; then no other
        is random.

    >>> X, a = Symbol("X", real=True), Symbol("a", real=True)
    >>> decide(Var(a * X), a**2 * Var(X), (), 0).verdict
    'proved'
    >>> decide(Var(a * X), a * Var(X), (), 0).verdict
    'refuted'
    """
    try:
        laws, drawn = laws or {}, drawn or {}
        letters = _random_letters(left, right, laws, drawn)
        if any(s in g.free_symbols for g in given for s in letters):
            raise NotSaid("what is given of random letters is not taken into account")
        if any(x.has(*letters) for law in laws.values() for x in law):
            raise NotSaid("the law of a letter depends on another that is random")
        linear = [_Linear(letters, laws)(x) for x in (left, right)]
        exact, proof = identical(linear[0], linear[1])
    except NotSaid as error:
        return Verdict("undecided", "not-proved", str(error))
    except BudgetExceeded as error:
        return Verdict("undecided", "out-of-time", str(error))
    names = ", ".join(sorted(map(str, letters)))
    assumed: tuple[str, ...] = (
        f"{names} random, with the moments that are written",
        "all other letters constant",
    )
    assumed += tuple(f"{s} normal, of mean {m} and variance {v}" for s, (m, v) in laws.items())
    if exact.decided:
        text = "both sides are one by the linearity of the expectation"
        evidence = Evidence("proof", "proved", "identity-proved", text, {}, proof)
        domain = tuple(map(str, exact.domain))
        return Verdict("proved", evidence.code, text, (evidence,), None, (*assumed, *domain))
    if laws:
        if any(str(s).startswith("E[") for x in linear for s in x.free_symbols):
            return Verdict(
                "undecided", "not-proved", "a joint moment is not known", (), None, assumed
            )
        plain_sides = Scalars(linear[0], linear[1], tuple(given), (), seed).verdict()
        return replace(plain_sides, assumptions=(*assumed, *plain_sides.assumptions))
    for law in drawn.values():
        if _NAMED.match(law):  # another law than that refutes nothing
            return Verdict("undecided", "not-proved", f"nothing is known here of the law {law}")
    found = None
    fixed = {s for e in of_kind(Conditional, left, right) for s in e.args[1].free_symbols}
    if all(str(s)[0].isupper() for s in fixed):
        found = _refuting(left, right, letters, seed)
    if found is not None:
        evidence = Evidence("numbers", "refuted", "separated", found.text)
        return Verdict("refuted", evidence.code, found.text, (evidence,), found, assumed)
    return Verdict("undecided", "not-proved", "linearity does not prove it", (), None, assumed)


def _random_letters(left: Expr, right: Expr, laws: Laws, drawn: Collection[str] = ()) -> set[Expr]:
    """Return the symbols, and the bases of families, that are random."""
    sides = (left, right)
    statistics = of_kind((Statistic, Conditional), *sides)
    if of_kind((Letter, Cov), *sides):
        raise NotSaid("the expectation of vectors is not taken here")
    bound = {limit[0] for e in of_kind(Sum, *sides) for limit in e.limits}
    inside: set[Expr] = set()
    for e in statistics:
        indexed = of_kind(Indexed, e)
        bases = {i.base for i in indexed}
        places = {s for i in indexed for place in i.indices for s in place.free_symbols}
        labels = {base.label for base in bases}
        inside |= bases | (e.free_symbols - labels - places - bound - set(indexed))
    inside = {s for s in inside if isinstance(s, (Symbol, IndexedBase))}
    given = {s for e in of_kind(Conditional, *sides) for s in e.args[1].free_symbols}
    found = {s for s in inside if str(s)[0].isupper() or s in laws}
    if given - found:  # what holds where each letter is random holds where one is not
        found = inside
    if drawn:
        found = {s for s in inside if str(s) in drawn}
        if not found:
            raise NotSaid("the letter that is drawn does not occur")
    elif not found:
        if len(inside) != 1:
            raise NotSaid("it is not said which letters are random; capitals are")
        found = inside
    elif doubtful := sorted(str(s) for s in inside - found if str(s).split("_")[0] in EITHER):
        raise NotSaid(f"{doubtful[0]} may be random or a constant")
    for e in statistics if laws else ():
        if not any(e.has(s) for s in found):
            raise NotSaid(f"it is not said whether {e.args[0]} is random")
    for x in sides:
        bare = x.xreplace(dict.fromkeys(statistics, S.One))
        if any(bare.has(s) for s in found - given):
            raise NotSaid("a random letter stands outside of every expectation")
    return found


class _Linear:
    """Expectations written in moments of products of random letters."""

    def __init__(self, letters: set[Expr], laws: Laws) -> None:
        self.letters = letters
        self.laws = laws

    def __call__(self, x: Expr) -> Expr:
        if isinstance(x, Expect):
            return self.mean(self(x.args[0]))
        if isinstance(x, Conditional):
            return self.conditional(self(x.args[0]), x.args[1])
        if isinstance(x, Var):
            inner = self(x.args[0])
            return self.mean(inner**2) - self.mean(inner) ** 2
        if not x.args or isinstance(x, Indexed) or not of_kind((Statistic, Conditional), x):
            return x
        return x.func(*[self(a) if isinstance(a, Expr) else a for a in x.args])

    def mean(self, x: Expr) -> Expr:
        x = x.expand()
        if x.is_Add:
            return Add(*[self.mean(a) for a in x.args])
        if isinstance(x, Sum):
            return Sum(self.mean(x.function), *x.limits)
        constant: list[Expr] = []
        moving: list[Expr] = []
        for factor in Mul.make_args(x):
            (moving if self._is_random(factor) else constant).append(factor)
        if not moving:
            return x
        if len(moving) == 1 and isinstance(moving[0], Sum):
            return Mul(*constant, self.mean(moving[0]))
        part = Mul(*moving)
        inner = [f for f in moving if isinstance(f, Conditional)]
        if len(inner) == 1:  # the tower: what is given may stand inside
            rest = Mul(*[f for f in moving if f is not inner[0]])
            if not self._moves(rest, inner[0].args[1]):
                return Mul(*constant, self.mean(rest * inner[0].args[0]))
            rest = self.conditional(rest, inner[0].args[1])
            return Mul(*constant, self.mean(rest * inner[0]))
        known = _of_normal(part, self.laws)
        if known is not None:
            return Mul(*constant, known)
        places = sorted(
            {s for e in of_kind(Indexed, part) for s in e.free_symbols if s.is_integer},
            key=default_sort_key,
        )
        name = f"E[{part}]"
        moment = (
            Indexed(IndexedBase(name, real=True), *places) if places else Symbol(name, real=True)
        )
        return Mul(*constant, moment)

    def conditional(self, x: Expr, given: Expr) -> Expr:
        """Return an expectation where others are given: what they fix stands outside of it."""
        x = x.expand()
        if x.is_Add:
            return Add(*[self.conditional(a, given) for a in x.args])
        if isinstance(x, Sum):
            return Sum(self.conditional(x.function, given), *x.limits)
        fixed = [f for f in Mul.make_args(x) if not self._moves(f, given)]
        moving = [f for f in Mul.make_args(x) if self._moves(f, given)]
        if not moving:
            return x
        if len(moving) == 1 and isinstance(moving[0], Conditional):
            if set(given.args) <= set(moving[0].args[1].args):
                return Mul(*fixed, self.conditional(moving[0].args[0], given))
        return Mul(*fixed, Conditional(Mul(*moving), given.args))

    def _moves(self, x: Expr, given: Expr) -> bool:
        """Tell whether a factor is not fixed by what is given."""
        if isinstance(x, Conditional):
            return not set(x.args[1].args) <= set(given.args)
        hidden = {e: S.One for e in of_kind(Conditional, x) if not self._moves(e, given)}
        x = x.xreplace({**hidden, **dict.fromkeys(given.args, S.One)})
        return self._is_random(x)

    def _is_random(self, x: Expr) -> bool:
        return any(x.has(s) for s in self.letters)


def _of_normal(part: Expr, laws: Laws) -> Expr | None:
    """Return a moment of one normal letter, or of its exponential; None for anything else.

    >>> x, m, v = (Symbol(s, real=True) for s in "xmv")
    >>> _of_normal(x**2, {x: (m, v)}), _of_normal(x**3, {x: (S.Zero, v)})
    (m**2 + v, 0)
    """
    for s, (mean, variance) in laws.items():
        power = part.as_base_exp()
        if power[0] == s and power[1].is_Integer and 0 < power[1] <= MOMENTS:
            return gaussian_moment(int(power[1]), mean, variance)
        if isinstance(part, exp):
            slope = part.args[0].diff(s)
            if not slope.has(*laws) and (part.args[0] - slope * s).expand().is_zero:
                return exp(slope * mean + slope**2 * variance / 2)
    return None


def _refuting(left: Expr, right: Expr, letters: set[Expr], seed: int) -> Counterexample | None:
    """Return a joint law of three values at which the sides certainly differ."""
    if of_kind((Indexed, Sum), left, right):
        return None
    order = sorted(letters, key=default_sort_key)
    given = {s for e in of_kind(Conditional, left, right) for s in e.args[1].free_symbols}
    free = sorted((left.free_symbols | right.free_symbols) - letters, key=default_sort_key)
    rng = random.Random(seed)
    for _ in range(LAWS):
        rows = [{s: Fraction(rng.randint(-12, 12), 4) for s in order} for _ in WEIGHTS]
        rows[1].update({s: rows[0][s] for s in given})  # so that it does not fix all others
        constants = {
            s: Fraction(rng.randint(1, 12), 4) * (1 if s.is_nonnegative else rng.choice((1, -1)))
            for s in free
        }
        law = _Law(rows, constants)
        try:
            with working(PRECISION):
                one, other = (law.value(x, rows[0] if given else {}) for x in (left, right))
                apart = not contains_zero(one - other)
        except (NotReal, Unsure, CannotEvaluate):
            continue
        if apart:
            instance: dict[str, Any] = {str(s): [plain(row[s]) for row in rows] for s in order}
            instance |= {str(s): plain(v) for s, v in constants.items()}
            a, b, note = show(one, other)
            weights = ", ".join(map(str, WEIGHTS))
            text = (
                f"under a joint law of {', '.join(map(str, order))} with three values, of "
                f"probability {weights}: the left side is {a}, the right side {b}{note}"
            )
            return Counterexample(instance, a, b, text)
    return None


class _Law:
    """A joint law of three values, and what statistics are under it."""

    def __init__(
        self, rows: Sequence[Mapping[Any, Fraction]], constants: Mapping[Any, Fraction]
    ) -> None:
        self.rows = rows
        self.constants = constants

    def value(self, x: Expr, row: Mapping[Any, Fraction]) -> Any:
        return self._at(x, row)

    def _at(self, x: Expr, row: Mapping[Any, Fraction]) -> Any:
        """Return a value where the random letters are those of a row; statistics inside first."""
        change: dict[Any, Any] = {}
        point = {**self.constants, **row}
        for n, e in enumerate(outermost(x)):
            place = Symbol(f"?{n}", real=True)
            change[e] = place
            point[place] = self._statistic(e, row)
        return Enclosure(point, PRECISION).interval(x.xreplace(change))

    def _statistic(self, e: Expr, here: Mapping[Any, Fraction]) -> Any:
        if isinstance(e, Conditional):
            fixed = [s for s in e.args[1].free_symbols if s in here]
            same = [all(row[s] == here[s] for s in fixed) for row in self.rows]
            weights = [w for w, one in zip(WEIGHTS, same) if one]
            parts = [self._at(e.args[0], row) for row, one in zip(self.rows, same) if one]
            found = sum(v * w.numerator / w.denominator for v, w in zip(parts, weights))
            return found * sum(weights).denominator / sum(weights).numerator
        values = [self._at(e.args[0], row) for row in self.rows]
        mean = sum(v * w.numerator / w.denominator for v, w in zip(values, WEIGHTS))
        if isinstance(e, Expect):
            return mean
        return sum((v - mean) ** 2 * w.numerator / w.denominator for v, w in zip(values, WEIGHTS))


def outermost(x: Expr) -> list[Expr]:
    """Return the statistics that stand in no other."""
    if isinstance(x, (Statistic, Conditional)):
        return [x]
    found: list[Expr] = []
    for a in x.args:
        found += [e for e in outermost(a) if e not in found]
    return found
