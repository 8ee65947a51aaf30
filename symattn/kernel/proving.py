"""The rules that make proofs: a table, each with what it guarantees, and `prove`, which asks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from types import MappingProxyType
from typing import Any

from sympy import Basic, Expr, KroneckerDelta, S, Symbol

from symattn.algebra.arrays import needed
from symattn.algebra.letters import Inverse, OffSum, Statistic
from symattn.algebra.limits import NoSafeLimit
from symattn.algebra.sign import nonnegative, positive
from symattn.algebra.symbols import of_kind, parts
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import Rewriting, normal, rewrite
from symattn.algebra.zero import Limits, ZeroTest, zero_test
from symattn.errors import BudgetExceeded
from symattn.hypotheses.base import Given
from symattn.hypotheses.families import Replaced
from symattn.hypotheses.gaussian import is_random
from symattn.kernel.approaches import difference_vanishes, limit_of
from symattn.kernel.domain import Pole, granted, needs
from symattn.kernel.inequalities import INEQUALITIES
from symattn.kernel.obligations import (
    Approximates,
    Free,
    HasValue,
    LimitIs,
    Moves,
    Obligation,
    Sign,
    StaysBounded,
    Theorem,
    Zero,
)
from symattn.kernel.seal import Proof, made


@dataclass(frozen=True)
class Context:
    """What a claim is proved in: what is given, and the definitions that were put in.

    definitions : letter and value, for the proof to carry; the obligations are expanded already.
    """

    given: Given = field(default_factory=lambda: Given(()))
    definitions: tuple[tuple[Expr, Expr], ...] = ()

    @property
    def rewriting(self) -> Rewriting:
        return self.given.rewriting


@dataclass(frozen=True)
class Unproved:
    """Why there is no proof.

    obligation : the first that was not decided, or was denied, as it is printed.
    denied : an exact test says that it does not hold; no number outvotes that.
    code : `not-proved`, `no-safe-form`, `wrong-limit`, `undefined-inside`, `nothing-moves`,
        `no-obligation`.
    """

    code: str
    reason: str
    denied: bool = False
    obligation: str = ""


@dataclass
class _Answer:
    """What a rule found: True, False (denied) or None, and what a proof has to carry of it."""

    holds: bool | None
    code: str = "not-proved"
    reason: str = ""
    domain: list[Basic] = field(default_factory=list)
    theorems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ProofRule:
    """One way to decide a kind of obligation, and what its yes guarantees."""

    name: str
    guarantees: str
    decide: Callable[[Any, Context], _Answer]


def _zero(o: Zero, context: Context) -> _Answer:
    return _Answer(vanishes(_untied(o.expr, context), context.rewriting))


def _sign(o: Sign, context: Context) -> _Answer:
    test = positive if o.strict else nonnegative
    x = _untied(o.expr, context)
    if test(o.expr, context.rewriting) or test(x, context.rewriting):
        return _Answer(True)
    opposite = nonnegative if o.strict else positive
    return _Answer(False if opposite(-x, context.rewriting) else None)


def _defined(o: HasValue, context: Context) -> _Answer:
    found = _Answer(True)
    for need in needs(o.expr):
        if o.moving is not None and o.moving in need.free_symbols:
            continue
        answer = granted(need, context.given)
        if isinstance(answer, Pole):
            return _Answer(False, "undefined-inside", f"the claim has no value where {answer}")
        if answer is None:
            found.domain.append(need)
    return found


def _free(o: Free, context: Context) -> _Answer:
    if o.symbol not in _untied(o.expr, context).free_symbols:
        return _Answer(True)
    return _Answer(False, "wrong-limit", f"{o.expr} holds {o.symbol}, which moves: it is no limit")


def _moves(o: Moves, context: Context) -> _Answer:
    x = _untied(o.expr, context)
    if o.symbol in x.free_symbols or o.symbol in rewrite(x, context.rewriting).free_symbols:
        return _Answer(True)
    return _Answer(False, "nothing-moves", f"{o.expr} does not depend on {o.symbol}")


def _untied(x: Expr, context: Context) -> Expr:
    """Write the scalars that stand for expressions in others as these expressions."""
    ties = context.given.ties
    return x.xreplace(ties) if ties else x


def _limit(o: LimitIs, context: Context) -> _Answer:
    found = limit_of(_untied(o.f, context), o.approaches, context.given)
    wrong = _Answer(False, "wrong-limit", f"the limit is {found.value}, not {o.value}")
    if found.infinite or o.value.is_infinite:
        right = list(found.terms.values()) == [o.value]
        return _Answer(True) if right else wrong
    decided = vanishes(found.value - o.value, context.rewriting)
    return wrong if decided is False else _Answer(decided)


def _bounded(o: StaysBounded, context: Context) -> _Answer:
    found = limit_of(_untied(o.f, context), o.approaches, context.given)
    text = f"its limit is {found.value}"
    if found.infinite:
        return _Answer(False, "wrong-limit", text)
    return _Answer(found.vanishes if o.little else True, "wrong-limit", text)


def _approximates(o: Approximates, context: Context) -> _Answer:
    left, right = (_untied(x, context) for x in (o.left, o.right))
    decided = difference_vanishes(left, right, o.approaches, context.given, o.relative)
    return _Answer(decided, "wrong-limit" if decided is False else "not-proved")


def _theorem(o: Theorem, context: Context) -> _Answer:
    row = INEQUALITIES.get(o.name)
    if row is None:
        known = ", ".join(INEQUALITIES)
        return _Answer(None, reason=f"no inequality is called {o.name!r}; there are {known}")
    if row.recognises(o.left, o.right, context.rewriting):
        return _Answer(True, theorems=[o.name])
    return _Answer(None)


RULES: Mapping[type, ProofRule] = {
    Zero: ProofRule(
        "identity",
        "the normal form under the hypotheses has only coefficients that are identically zero "
        "over a field of independent atoms",
        _zero,
    ),
    Sign: ProofRule(
        "sign",
        "a form of the expression is a sum and product of parts whose signs the symbols declare "
        "or the hypotheses give",
        _sign,
    ),
    HasValue: ProofRule(
        "domain",
        "every denominator, logarithm, root and inverse has a value in the context, or the "
        "condition for it is carried",
        _defined,
    ),
    Free: ProofRule("free", "the symbol does not occur, not in what is tied to it either", _free),
    Moves: ProofRule("moves", "the symbol occurs, or what is tied to it does", _moves),
    LimitIs: ProofRule(
        "limit",
        "each coefficient is a ratio of exponential polynomials whose growth rates were compared "
        "exactly",
        _limit,
    ),
    StaysBounded: ProofRule(
        "order", "the limit of every coefficient exists, in a safe form, and is finite", _bounded
    ),
    Approximates: ProofRule(
        "approximation",
        "the difference, relative to the right side where that vanishes, tends to zero in a safe "
        "form, one approach after the other",
        _approximates,
    ),
    Theorem: ProofRule("inequality", "the two sides are those of a named inequality", _theorem),
}
RULES = MappingProxyType(RULES)


def prove(obligations: Sequence[Obligation], context: Context) -> Proof | Unproved:
    """Return a proof that carries what it rests on, or why there is none.

    Obligations are decided in their order; a denial anywhere is looked for before an obligation
    that is merely open is reported.

    Raises
    ------
    ShapeError : a sum or product inside does not fit.

    >>> b = Symbol("b", positive=True)
    >>> proof = prove([Zero(b / b**2 - 1 / b), Sign(b, True)], Context())
    >>> proof.signs, proof.rules
    ((b,), ('identity', 'sign'))
    >>> prove([Zero(b - 1)], Context()).denied
    True
    """
    if not obligations:
        return Unproved("no-obligation", "nothing was to be proved")
    open_: Unproved | None = None
    domain: dict[Basic, None] = {}
    theorems: dict[str, None] = {}
    for o in obligations:
        try:
            clear = _apart(o, context) and _certain(o, context)
            found = RULES[type(o)].decide(o, context) if clear else _Answer(None)
        except NoSafeLimit as error:
            found = _Answer(None, "no-safe-form", str(error))
        except BudgetExceeded as error:
            found = _Answer(None, "no-safe-form", str(error))
        if found.holds is True:
            domain.update(dict.fromkeys(found.domain))
            theorems.update(dict.fromkeys(found.theorems))
            continue
        denied = found.holds is False
        what = "does not hold" if denied else "is not decided"
        written = str(o)  # of a long expression that takes as long as to decide it
        unproved = Unproved(found.code, found.reason or f"{written} {what}", denied, written)
        if denied:
            return unproved
        open_ = open_ or unproved
    if open_ is not None:
        return open_
    rules = dict.fromkeys(RULES[type(o)].name for o in obligations)
    return made(
        obligations=tuple(map(str, obligations)),
        rules=tuple(rules),
        hypotheses=context.given.latex,
        signs=_signs(obligations),
        domain=tuple(domain),
        definitions=context.definitions,
        theorems=tuple(theorems),
    )


def identical(
    left: Expr,
    right: Expr,
    relations: Sequence[Any] = (),
    *,
    common: bool = False,
    limits: Limits | None = None,
) -> tuple[ZeroTest, Proof | None]:
    """Return what the zero test of scalars finds of `left = right`, with a proof where it is yes.

    relations, common, limits : as in `symattn.algebra.zero.zero_test`; the proof carries the
        relations and the domain.

    Raises
    ------
    BudgetExceeded : the test would use more than its limits.

    >>> x = Symbol("x", real=True)
    >>> found, proof = identical((x**2 - 1) / (x - 1), x + 1)
    >>> found.decided, proof.domain
    (True, (Ne(x - 1, 0),))
    """
    found = zero_test(left, relations, minus=right, common=common, limits=limits)
    if not found.decided:
        return found, None
    gap = Zero(left - right)
    proof = made(
        obligations=(f"{left} = {right}",),
        rules=(RULES[Zero].name,),
        hypotheses=tuple(map(str, relations)),
        signs=_signs([gap]),
        domain=found.domain,
        definitions=(),
        theorems=(),
    )
    return found, proof


def normal_forms_agree(
    difference: Expr, given: Given, relations: Sequence[Any] = ()
) -> tuple[Proof | None, dict[Any, Expr]]:
    """Return a proof that a scalar, vector or matrix is zero, and the terms that it may not be.

    Every coefficient of its normal form under the hypotheses is put to the zero test of scalars.

    Raises
    ------
    BudgetExceeded, ShapeError : as in `prove`.
    """
    left: dict[Any, Expr] = {}
    domain: dict[Basic, None] = {}
    for key, coefficient in normal(difference, given.rewriting).items():
        found = zero_test(coefficient, relations)
        if not found.decided:
            left[key] = coefficient
            continue
        bound = {s for s, _ in key[0]}
        domain.update({c: None for c in found.domain if not c.free_symbols & bound})
    if left:
        return None, left
    zero = Zero(difference)
    inverses = {e: None for e in parts(difference) if isinstance(e, Inverse)}
    proof = made(
        obligations=(str(zero),),
        rules=(RULES[Zero].name,),
        hypotheses=(*given.latex, *map(str, relations)),
        signs=_signs([zero]),
        domain=(*domain, *inverses),
        definitions=(),
        theorems=(),
    )
    return proof, left


def _expressions(o: Obligation) -> list[Expr]:
    return [x for x in vars(o).values() if isinstance(x, Basic)]


def _apart(o: Obligation, context: Context) -> bool:
    """Tell whether the indices that sums leave out are known to be different."""
    scalars = context.rewriting.scalars
    sums = of_kind(OffSum, *_expressions(o))
    pairs = {p for s in sums for p in combinations(s.args[3].args, 2)}
    return all(scalars.get(d := KroneckerDelta(a, b), d) == S.Zero for a, b in pairs)


def _certain(o: Obligation, context: Context) -> bool:
    """Tell whether nothing in a statistic is random without looking so.

    That may be a scalar that stands for something, or a family of which a member is made of keys.
    """
    ties = context.given.ties
    made = [h for h in context.given if isinstance(h, Replaced) and is_random(h.value)]
    return not any(
        (ties and s.has(*ties))
        or any(h.name in needed(s.xreplace({h.letter: h.value})) for h in made)
        for s in (of_kind(Statistic, *_expressions(o)) if ties or made else ())
    )


def _signs(obligations: Sequence[Obligation]) -> tuple[Symbol, ...]:
    """Return the scalars, indices and sizes left out, that are taken for signed."""
    found = {
        s for o in obligations for x in _expressions(o) for s in parts(x)
        if isinstance(s, Symbol) and not s.is_integer and not s.name.startswith("_")
        and (s.is_nonnegative or s.is_nonpositive)
    }  # fmt: skip
    return tuple(sorted(found, key=str))
