"""The tie: a claim is about what it prints, and its letters mean what its question says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from sympy import Add, Expr, Indexed, Symbol, exp

from symattn.algebra.attention import l, logit
from symattn.algebra.attention import z as logit_name
from symattn.algebra.letters import Vector
from symattn.algebra.vanish import vanishes
from symattn.claims.bound import Inequality
from symattn.claims.claim import Claim
from symattn.claims.definitions import (
    Along,
    Defined,
    Definitions,
    Evaluated,
    Made,
    check_slopes,
    check_statistics,
    names_in,
    places,
    replaced,
)
from symattn.claims.equivalence import Condition, Equivalent
from symattn.claims.extremum import MaximalOnSimplex, Minimal
from symattn.claims.identity import Identity
from symattn.claims.limit import IntegralTends, Tends
from symattn.claims.order import Leading
from symattn.claims.solution import Solution
from symattn.errors import BrokenDerivation, SymattnError
from symattn.hypotheses.base import Given, Instance


def check_tie(claim: Claim) -> None:
    """Refuse a claim that prints one thing and is about another.

    Raises
    ------
    BrokenDerivation : a name that nothing defines, a meaning that is not that of the printed
        expression, or an oracle that was not made from it.
    """
    if id(claim) in _TIED:  # a claim does not change, and a script's is asked for twice
        return
    oracle = _oracle_of(claim)
    names = oracle.names
    _check_arrays(claim, oracle, _check_known(claim, names))
    check_slopes(oracle.shown, names, claim.given)
    check_statistics(oracle.shown, names, claim.given)
    if isinstance(claim, Solution):  # what it claims is what the specification asks
        for required in claim.required:
            check_tie(required)
        others = claim.requires(2 * claim.right), claim.requires(claim.right - claim.right / 3)
        asked = [tuple(c.obligations for c in many) for many in (claim.required, *others)]
        if not asked[0] or asked[0] in asked[1:]:
            raise BrokenDerivation(
                f"{claim.name}: what the specification asks does not depend on the candidate"
            )
    tie = next((_TIES[kind] for kind in type(claim).__mro__ if kind in _TIES), None)
    if tie is None:
        raise BrokenDerivation(f"{claim.name}: nothing ties a {type(claim).__name__}")
    printed, meant = tie(claim, oracle)
    if oracle.shown != printed:
        raise BrokenDerivation(
            f"{claim.name} prints {printed}, and its oracle is that of {oracle.shown}"
        )
    if meant is not None:
        whole = names.integrand(printed) if isinstance(claim, IntegralTends) else printed
        defined = names.expand(whole)
        if not _same(defined, meant, claim.given):
            raise BrokenDerivation(
                f"{claim.name} prints {printed}, which is {defined} by definition, not {meant}",
                "correct what is printed, or the definition",
            )
    _TIED[id(claim)] = claim


_TIED: WeakValueDictionary[int, Claim] = WeakValueDictionary()


def _least(claim: Minimal, oracle: Evaluated) -> tuple[Expr, Expr | None]:
    if claim.shown != claim.variable:
        raise BrokenDerivation(f"{claim.name} prints {claim.shown}, not {claim.variable}")
    return oracle.shown, claim.f


def _largest(claim: MaximalOnSimplex, oracle: Evaluated) -> tuple[Expr, Expr | None]:
    if not any(names_in(a) & names_in(claim.shown) for a in claim.f.atoms(Indexed)):
        raise BrokenDerivation(f"{claim.name}: {claim.f} holds no {claim.shown}")
    return claim.shown, None


def _leading(claim: Leading, oracle: Evaluated) -> tuple[Expr, Expr | None]:
    if claim.exact != claim.oracle:
        raise BrokenDerivation(f"{claim.name}: its exact value is not that of its oracle")
    return claim.shown, None


_TIES: dict[type[Claim], Callable[[Any, Evaluated], tuple[Expr, Expr | None]]] = {
    Identity: lambda claim, oracle: (claim.shown, claim.left),
    Inequality: lambda claim, oracle: (claim.shown, claim.left),
    Tends: lambda claim, oracle: (claim.shown, claim.f),
    IntegralTends: lambda claim, oracle: (claim.shown, claim.integrand * exp(claim.exponent)),
    Equivalent: lambda claim, oracle: (
        Condition(claim.shown, claim.first.relation, claim.first.right).gap,
        claim.first.gap,
    ),
    Minimal: _least,
    MaximalOnSimplex: _largest,
    Leading: _leading,
    Solution: lambda claim, oracle: (claim.shown, None),
}
"""What a claim of a kind prints on its left side, and what it is about there."""


def _same(a: Expr, b: Expr, given: Given) -> bool:
    return a == b or vanishes(Add(a, -b), given.rewriting) is True


def _check_arrays(claim: Claim, oracle: Evaluated, instance: Instance) -> None:
    """Refuse a definition whose array is not its value: numbers would be about another quantity."""
    full = dict(instance)
    for one in oracle.needed:
        for s in () if one.value is None else one.value.free_symbols:
            full.setdefault(str(s), 1 if s.is_integer else 0.7)
        try:
            made = one.array(full)
        except (SymattnError, ArithmeticError, LookupError, TypeError, ValueError):
            return  # the numbers will say so
        if one.value is not None and _own(one.array):
            try:
                expected = Made(one.value, places(one.letter))(full)
            except SymattnError:
                continue  # it holds what only the claim's own numbers know
            if np.shape(made) != np.shape(expected) or not np.allclose(made, expected, rtol=1e-6):
                raise BrokenDerivation(
                    f"{claim.name}: the array of {one.letter} is not its value {one.value}",
                    "correct the array, or leave it out",
                )
        full[one.name] = made


def _own(array: object) -> bool:
    """Whether an array is of a script's making."""
    return not (isinstance(array, Made) or getattr(array, "__module__", "").startswith("symattn."))


def _check_known(claim: Claim, names: Definitions) -> Instance:
    instance = claim.given.example
    known = set(instance)
    known |= {one.name for one in names.defined} | {s.name for s in names.free}
    known |= {name for law in names.laws for name in law.names}
    if isinstance(claim, (Solution, Minimal)):
        known |= names_in(claim.shown)  # that it is unknown is what the claim is about
    for x in claim.terms:
        _check_kinds(claim.name, x, instance)
    indices = {s.name for s in claim.shown.atoms(Symbol) if s.is_integer}
    missing = sorted(names_in(claim.shown) - known - indices)
    if missing:
        raise BrokenDerivation(
            f"{claim.name} prints {claim.shown}, and nothing defines {', '.join(missing)}",
            "define it with Derivation.let, or say with Derivation.any that it is free",
        )
    return instance


def _check_kinds(name: str, x: Expr, instance: Instance) -> None:
    """Refuse a vector that is called as a family of every sheet is, and would be drawn as that."""
    for letter in x.atoms(Vector):
        size = instance.get(str(letter.shape[0]))
        drawn = np.shape(instance.get(letter.name, np.zeros(size or 0)))
        if size is not None and drawn != (size,):
            raise BrokenDerivation(
                f"{name}: the vector {letter} is called as what every sheet draws otherwise",
                "k and v are families of vectors, q is a vector, z a family of numbers; use another name",
            )


def check_meaning(claim: Claim, common: Definitions) -> None:
    """Refuse a claim in which a letter of its question has another meaning.

    common : what the question defines.  A meaning for any logits `z` is no other one.

    Raises
    ------
    BrokenDerivation : a definition, or a hypothesis, says that the letter is something else.
    """
    own = {one.name: one for one in common.defined}
    stated = {
        name: Defined(own[name].letter, value(*places(own[name].letter)), own[name].array)
        for name, value in claim.given.rewriting.names.items()
        if name in own
    }
    for one in (*_names_of(claim).defined, *stated.values()):
        if one.name in own and not _means_the_same(one, own[one.name], common):
            raise BrokenDerivation(
                f"{claim.name}: the question says what {one.letter} stands for, and it is not "
                f"{one.at(*places(one.letter))}",
                "give another quantity a letter of its own",
            )


def private(claim: Claim, common: Definitions) -> tuple[tuple[Expr, Expr], ...]:
    """Return letter and value of the definitions that a claim uses and its question does not make.

    common : what the question defines.
    """
    own = {one.name for one in common.defined}
    used = _names_of(claim).behind(name for x in printed(claim) for name in names_in(x))
    return tuple(
        (one.letter, one.value) for one in used if one.name not in own and one.value is not None
    )


def printed(claim: Claim) -> tuple[Expr, ...]:
    """Return every expression that a claim prints."""
    return (*claim.terms, *(claim.behind.terms if claim.behind else ()))


def _means_the_same(one: Defined, own: Defined, common: Definitions) -> bool:
    if one == own or (one.value is None) != (own.value is None):
        return one == own
    if one.value is None or own.value is None:
        return one.array is own.array
    mine, theirs = (
        replaced(common.expand(x.at(*places(x.letter))), logit_name(l), logit) for x in (one, own)
    )
    return mine == theirs or vanishes(Add(mine, -theirs)) is True


def _names_of(claim: Claim) -> Definitions:
    return _oracle_of(claim).names


def _oracle_of(claim: Claim) -> Evaluated:
    """Return the oracle that a claim was made with.

    Raises
    ------
    BrokenDerivation : it was not made from definitions.
    """
    oracle = claim.oracle.oracle if isinstance(claim.oracle, Along) else claim.oracle
    if not isinstance(oracle, Evaluated):
        raise BrokenDerivation(
            f"{claim.name}: its oracle is not made from the definitions",
            "make the claim with Derivation.state, from what it prints",
        )
    return oracle
