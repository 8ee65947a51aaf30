"""Instances: what a claim is measured on.  They meet its hypotheses, and are chosen against it.

What a claim does not assume is tried too: two indices that nothing holds apart coincide, there is
one key, a symbol has the sign that nothing excludes.  And what its own constants could hide: sizes
and scalars at and beyond every constant that it is written with, and far beyond them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from sympy import Basic, Expr, Indexed, Rational, Symbol

from symattn.algebra.arrays import needed
from symattn.algebra.letters import Letter
from symattn.claims import Claim, Inequality, IntegralTends, Leading, Solution, Tends
from symattn.errors import SymattnError
from symattn.hypotheses.base import Given, Hypothesis, Instance
from symattn.hypotheses.families import Distinct

SIZES: tuple[dict[str, int], ...] = (
    {"n": 2, "d": 2, "s": 1, "t": 1},
    {"n": 3, "d": 4, "s": 2, "t": 1},
    {"n": 4, "d": 3, "s": 2, "t": 2},
    {"n": 5, "d": 7, "s": 3, "t": 2},
    {"n": 1, "d": 1, "s": 1, "t": 1},
    {"n": 8, "d": 12, "s": 3, "t": 4},
    {"n": 12, "d": 5, "s": 4, "t": 2},
)
OTHER_SIZES = (2, 1, 3, 4, 1, 5, 2)
"""What sizes of other names are, one after the other; the next name begins one further."""
FAR = (1e-3, 0.02, 12.0, 50.0, 700.0)
"""Where scalars are put to show what vanishes, saturates or outgrows the rest only there."""
MANY = 17
"""So many keys are tried for every claim."""
LARGEST = 1000
"""No size is larger; where a hypothesis makes another size as large, none is above `LARGEST_PAIR`."""
LARGEST_PAIR = 60


@dataclass(frozen=True)
class Plan:
    """How many instances, and from which seed.

    proved : whether it is proved, so that none need come near to where a bound is attained.
    """

    seed: int = 0
    instances: int = 24
    proved: bool = False


def sizes_at(turn: int, used: Iterable[str]) -> dict[str, int]:
    """Return the sizes of an instance, also of the names that only an author's arrays have.

    >>> sizes_at(1, ["n", "r"])
    {'n': 3, 'd': 4, 's': 2, 't': 1, 'r': 1}
    """
    turn %= len(SIZES)
    own = sorted(set(used) - set(SIZES[0]))
    others = {name: OTHER_SIZES[(turn + at) % len(SIZES)] for at, name in enumerate(own)}
    return {**SIZES[turn], **others}


class NameClash(SymattnError):
    """One letter would be two things: a size of an array, and a number."""


class Far(Instance):
    """An instance at extreme scalars: where floats overflow at it, nothing follows."""


def instances(claim: Claim, plan: Plan) -> Iterator[Instance]:
    """Yield instances that meet the claim's hypotheses, over sizes, signs and scales.

    A bound without a proof takes three times as many: most are far from where it is attained.  An
    order takes a quarter: each is the start of some ten ways to a limit, of five points each.

    Raises
    ------
    NameClash : a letter of the claim is a size of its arrays as well.
    """
    letters = Letters.of(claim)
    count = plan.instances
    if isinstance(claim, Leading):
        count = max(count // 4, min(count, 3))
    elif isinstance(claim, Inequality) and not plan.proved:
        count *= 3
    for turn in range(count):
        found = letters.drawn(claim, sizes_at(turn, letters.used), (plan.seed, turn))
        if found is not None:
            yield found
    yield from against(claim, letters, plan)


def met(given: Given, instance: Instance) -> bool:
    """Tell whether an instance meets every hypothesis; what it lacks is not met."""
    return missed(given, instance) is None


def missed(given: Given, instance: Instance) -> Hypothesis | None:
    """Return the first hypothesis that an instance does not meet."""
    return next((h for h in given if not h.holds(instance)), None)


def uninhabited(claim: Claim, plan: Plan) -> str:
    """Say which hypothesis no instance meets together with the others, and what it lacks.

    It is the one that most instances miss.
    """
    rng, counts = np.random.default_rng(plan.seed), dict.fromkeys(claim.given.latex, 0)
    lacking: dict[str, str] = {}
    used = Letters.of(claim).used
    for turn in range(plan.instances):
        try:
            instance = claim.given.sample(rng, sizes_at(turn, used))
        except FAILURES:
            continue
        found = missed(claim.given, instance)
        if found is not None:
            counts[found.latex] += 1
            try:
                found.violation(instance)
            except KeyError as error:
                lacking[found.latex] = (
                    f"; nothing gives {error.args[0]} a value, as Scalar, Reals, Arbitrary or Members do"
                )
            except FAILURES:
                pass
    most = max(counts, key=lambda h: counts[h], default="")
    return most + lacking.get(most, "")


FAILURES = (SymattnError, ArithmeticError, np.linalg.LinAlgError, ValueError, LookupError)
"""What a sampler raises where the sizes leave no room for what it is to write."""


@dataclass(frozen=True)
class Letters:
    """The letters of a claim that an instance gives values to.

    symbols : the scalars, sorted.
    used : the names of the sizes that the claim and its hypotheses are written with.
    counted : those of them that stand there as numbers, and not as the sizes of arrays alone.
    hidden : the names of sizes that the claim has as scalars: no size is called so.
    constants : the numbers that the claim is written with, sizes of their roots included.
    """

    symbols: tuple[Symbol, ...]
    used: frozenset[str]
    counted: frozenset[str]
    hidden: frozenset[str]
    constants: tuple[float, ...]

    @classmethod
    def of(cls, claim: Claim) -> Letters:
        """Read them off a claim.

        Raises
        ------
        NameClash : a letter of the claim is a size of its arrays as well.
        """
        symbols = sorted(symbols_of(claim), key=lambda s: s.name)
        terms = [*claim.terms, *_more_terms(claim), *_terms_of(claim.given)]
        sizes = {s.name for x in terms for s in _sizes_in(x)}
        families = {a.base.name for x in terms for a in x.atoms(Indexed)}
        hidden = {s.name for s in symbols if s.name in SIZES[0] and not _is_size(s)}
        hidden |= families & set(SIZES[0])
        clash = sorted(hidden & sizes)
        if clash:
            raise NameClash(
                f"{', '.join(clash)} is a number in {claim.name} and the size of an array",
                "give one of the two another letter",
            )
        counted = sizes & {s.name for x in terms for s in _numbers_in(x)}
        constants = tuple(_constants(terms))
        return cls(
            tuple(symbols), frozenset(sizes), frozenset(counted), frozenset(hidden), constants
        )

    def drawn(
        self,
        claim: Claim,
        sizes: Mapping[str, int],
        seed: tuple[int, ...],
        values: Mapping[str, float] | None = None,
        together: bool = False,
    ) -> Instance | None:
        """Draw one instance of so many keys; None where it misses a hypothesis.

        values : of the scalars that no hypothesis writes.
        together : whether indices that nothing holds apart are one.
        """
        sampled, sure = _sampled(claim.given, seed, tuple(sizes.items()), together)
        if sampled is None:
            return None
        instance = {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in sampled.items()}
        for name in self.hidden:  # `given` knows the size by it; the claim has another letter
            if isinstance(instance[name], int):
                del instance[name]
        for name, value in (values or {}).items():
            instance.setdefault(name, value)
        if together:
            for s in self.symbols:
                if s.is_integer:
                    instance.setdefault(s.name, instance["i"])
        if any(s.name not in instance for s in self.symbols):
            fill(self.symbols, claim.ranges, np.random.default_rng((*seed, 0)), instance)
        # What was met without a letter does not ask for it; a size that is taken out is another thing.
        return instance if (sure and not self.hidden) or met(claim.given, instance) else None


@lru_cache(maxsize=512)
def _sampled(
    given: Given, seed: tuple[int, ...], sizes: tuple[tuple[str, int], ...], together: bool
) -> tuple[Instance | None, bool]:
    """Return what the hypotheses write, the same for every claim that has them; None: there is no room.

    And whether it is known to meet them.
    """
    try:
        return given.drawn(np.random.default_rng(seed), dict(sizes), together)
    except FAILURES:
        return None, False


def against(claim: Claim, letters: Letters, plan: Plan) -> Iterator[Instance]:
    """Yield instances at what the claim does not assume, and at and beyond its constants."""
    seed = plan.seed
    places = {s for s in letters.symbols if s.is_integer and s.name not in letters.used}
    apart = [h.indices for h in claim.given if isinstance(h, Distinct)]
    alone = len(places) < 2 or any(places.issubset(indices) for indices in apart)
    turns = (1, 3) if not (plan.proved and alone) else (3,) if isinstance(claim, Leading) else ()
    for turn in turns:
        found = letters.drawn(claim, sizes_at(turn, letters.used), (seed, turn), together=True)
        if found is not None:
            yield found
    for turn, sizes in enumerate(_sizes_against(claim, letters)):
        found = letters.drawn(claim, sizes, (seed, 1, turn))
        if found is not None:
            yield found
    if isinstance(claim, Leading):
        return  # its scalars are those of its ways
    for turn, values in enumerate(_values_against(claim, letters, plan.proved)):
        found = letters.drawn(claim, sizes_at(turn, letters.used), (seed, 2, turn), values)
        if found is not None:
            yield Far(found)


def _sizes_against(claim: Claim, letters: Letters) -> Iterator[dict[str, int]]:
    """Yield sizes at and beyond the claim's constants, at first all of them, then one by one.

    A size that is no number in the claim is never beside its constants: it is not taken by itself.
    """
    names = sorted(letters.used | {"n"})
    usual = sizes_at(1, names)
    grown = [claim.given.fitted({**usual, name: LARGEST}) for name in names]
    paired = any(sum(size >= LARGEST for size in made.values()) > 1 for made in grown)
    most = LARGEST_PAIR if paired else LARGEST
    whole = sorted({int(c) for c in letters.constants if c == int(c) and c < most})
    beyond = int(min(max(letters.constants, default=0) + 1, most))
    large = {name: max(beyond, usual[name]) for name in names}
    if isinstance(claim, Leading):  # its number of keys grows on ways of its own
        large["n"] = max(large["n"], MANY)
    yield {**usual, **{k: min(v, 2 * LARGEST_PAIR) if k != "n" else v for k, v in large.items()}}
    for name in () if isinstance(claim, Leading) else sorted(letters.counted | {"n"}):
        seen = {sizes_at(turn, names)[name] for turn in range(len(SIZES))}
        tried = [c for c in (*whole, *(c + 1 for c in whole[-1:])) if c > 0 and c not in seen][:4]
        for c in [*tried, MANY] if name == "n" and MANY not in tried else tried:
            yield {**usual, name: c}


def _values_against(claim: Claim, letters: Letters, proved: bool) -> Iterator[dict[str, float]]:
    """Yield values of the free scalars: at and beside the constants, beyond them, and far away.

    What is proved is not tried beside each constant, but beyond them all, and farthest away.
    """
    free = [s for s in letters.symbols if not s.is_integer and s.name not in claim.ranges]
    for s in letters.symbols:
        if s.name in claim.ranges:  # the ends of what is stated
            for end in claim.ranges[s.name]:
                yield {s.name: end}
    if not free:
        return
    special = sorted({c for c in letters.constants if 1e-6 < c < 1e6})
    for c in special[-1:] if proved else special[:4] + special[4:][-1:]:
        for factor in (1 - 1e-3, 1 + 1e-3, 1.7)[2 * proved :]:
            yield {s.name: c * factor for s in free}
    for s in free:
        if not s.is_nonzero:
            yield {s.name: 0.0}
    for turn, size in enumerate(FAR[:: len(FAR) - 1] if proved else FAR):
        yield {s.name: size for s in free}
        s = free[turn % len(free)]
        if len(free) > 1:
            yield {s.name: FAR[-1 - turn]}
        if not (s.is_positive or s.is_nonnegative):
            yield {s.name: -size}


def fill(
    symbols: Sequence[Symbol],
    ranges: Mapping[str, tuple[float, float]],
    rng: np.random.Generator,
    instance: Instance,
) -> None:
    """Draw the free scalars that no hypothesis has drawn: both signs where the symbol has both."""
    for symbol in symbols:
        if symbol.name in instance:
            continue
        if symbol.name in ranges:
            low, high = ranges[symbol.name]
            instance[symbol.name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
            continue
        if symbol.is_integer:
            instance[symbol.name] = int(rng.integers(1, instance["n"] + 1))
            continue
        size = float(np.exp(rng.uniform(np.log(0.05), np.log(4.0))))
        signed = symbol.is_positive or symbol.is_nonnegative
        instance[symbol.name] = size if signed or rng.uniform() < 0.5 else -size


def completed(claim: Claim, instance: Instance, rng: np.random.Generator) -> Instance:
    """Return an instance of another claim with what this claim's right side needs besides."""
    missing = [name for name in needed(claim.right) if name not in instance]
    if not missing:
        return instance
    more = type(instance)(instance)
    symbols = [s for s in claim.right.free_symbols if isinstance(s, Symbol) and s.name in missing]
    fill(sorted(symbols, key=lambda s: s.name), claim.ranges, rng, more)
    return more


# what a claim is written with ------------------------------------------------------------------


def symbols_of(claim: Claim) -> set[Symbol]:
    """Return the symbols that an instance of a claim gives values to.

    Families are left out, and what is defined: it follows from the letters of its definition.
    """
    found: set[Symbol] = set()
    definitions = getattr(claim.oracle, "names", None)
    own: set[str] = set()
    terms = [*claim.terms, *_more_terms(claim)]
    if definitions is not None:
        own = {one.name for one in definitions.defined}
        terms += [definitions.expand(x) for x in terms if own & {s.name for s in x.free_symbols}]
    for term in terms:
        names = set(needed(term)) - {a.base.name for a in term.atoms(Indexed)}
        found |= {s for s in term.free_symbols if isinstance(s, Symbol) and s.name in names - own}
    return found


def names_of(claim: Claim) -> set[str]:
    """Return the names in an instance by which a claim is told, sizes included."""
    names = {"n", "d"}
    for term in (*claim.terms, *_more_terms(claim)):
        names |= set(needed(term))
    return names


def _more_terms(claim: Claim) -> Iterator[Expr]:
    for name in ("left", "f", "second_left"):
        value = getattr(claim, name, None)
        if isinstance(value, Expr):
            yield value
    if isinstance(claim, (Tends, IntegralTends)):
        yield claim.variable
    if isinstance(claim, Solution):
        for required in claim.required:
            yield from _more_terms(required)
            yield from required.terms


def _terms_of(given: Given) -> Iterator[Basic]:
    """Yield the expressions that hypotheses are made with."""
    for h in given:
        for value in vars(h).values():
            for x in value if isinstance(value, tuple) else (value,):
                if isinstance(x, Basic):
                    yield x
        value = getattr(h, "value", None)
        if callable(value):
            yield value(Symbol("l", integer=True, positive=True))


def _is_size(s: Symbol) -> bool:
    return bool(s.is_integer and s.is_positive)


def _sizes_in(x: Basic) -> Iterator[Symbol]:
    """Yield the sizes of the arrays in an expression, and the sizes that it has as numbers."""
    for letter in x.atoms(Letter):
        yield from (s for size in letter.shape for s in size.free_symbols)
    yield from (s for s in x.atoms(Symbol) if s.name in SIZES[0] and _is_size(s))


def _numbers_in(x: Basic) -> Iterator[Symbol]:
    """Yield the symbols that an expression holds as numbers, and not as the sizes of arrays alone."""
    if isinstance(x, Symbol):
        yield x
    for a in (x.index,) if isinstance(x, Letter) else x.args:
        yield from _numbers_in(a) if a is not None else ()


def _constants(terms: Iterable[Basic]) -> Iterator[float]:
    """Yield the positive numbers that terms are written with, each once.

    A polynomial has no root beyond one more than the largest of the quotients of its
    coefficients, and these are quotients of what it is written with.
    """
    found = {abs(c) for x in terms for c in x.atoms(Rational)}
    tops, bottoms = {c.p for c in found}, {c.q for c in found}
    yield from sorted(
        {float(c) for c in found if 0 < c < 10**9} | {float(q) for q in bottoms if 1 < q < 10**9}
        | ({float(max(tops) * max(bottoms))} if bottoms - {1} else set())
    )  # fmt: skip
