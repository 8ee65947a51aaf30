"""Hypotheses on a family of vectors: orthonormal, distinct places, general position."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from sympy import Expr, Indexed, IndexedBase, KroneckerDelta, S, Symbol

from symattn.algebra.arrays import compiled
from symattn.algebra.letters import Letter, Member, shape, show_shape
from symattn.algebra.words import Rewriting
from symattn.errors import BrokenDerivation
from symattn.hypotheses.base import Broken, Hypothesis, Instance, Opposite, Sizes, no_opposites
from symattn.latex.write import latex

_N = Symbol("n", integer=True, positive=True)
_MORE = Symbol("_more", integer=True, nonnegative=True)


@dataclass(frozen=True)
class Coinciding(Broken):
    """Two of the indices are the same; the others are different."""

    indices: tuple[Symbol, ...]
    pair: tuple[Symbol, Symbol]

    def rewriting(self) -> Rewriting:
        apart = [p for p in combinations(self.indices, 2) if set(p) != set(self.pair)]
        more = Symbol("_more", integer=True, nonnegative=True)
        return Rewriting(
            scalars={KroneckerDelta(a, b): S.Zero for a, b in apart},
            ranges={_N: len(self.indices) - 1 + more},
        )

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["n"] = max(sizes["n"], len(self.indices) - 1)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        first, second = self.pair
        places = rng.permutation(np.arange(1, sizes["n"] + 1))
        rest = [s for s in self.indices if s != second]
        for name, place in zip(rest, places):
            instance[name.name] = int(place)
        instance[second.name] = instance[first.name]


@dataclass(frozen=True)
class Distinct(Hypothesis):
    """The named indices are pairwise different members of 1..n."""

    indices: tuple[Symbol, ...]

    def rewriting(self) -> Rewriting:
        pairs = [(a, b) for a in self.indices for b in self.indices if a != b]
        return Rewriting(
            scalars={KroneckerDelta(a, b): S.Zero for a, b in pairs},
            ranges={_N: len(self.indices) + _MORE},
        )

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["n"] = max(sizes["n"], len(self.indices))

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        places = rng.permutation(np.arange(1, sizes["n"] + 1))
        for name, place in zip(self.indices, places):
            instance[name.name] = int(place)

    def plain(self, rng: np.random.Generator, sizes: Sizes, instance: Instance, turn: int) -> None:
        for place, name in enumerate(self.indices):
            if place >= sizes["n"]:
                raise ValueError("too few members")
            instance[name.name] = place + 1

    def opposites(self) -> Iterable[Opposite]:
        for a, b in combinations(self.indices, 2):
            yield Opposite((Coinciding(self.indices, (a, b)),), f"{a} = {b}", (a.name, b.name))

    @property
    def latex(self) -> str:
        return "$" + r" \ne ".join(s.name for s in self.indices) + "$"

    def violation(self, instance: Instance) -> float:
        places = [instance[s.name] for s in self.indices]
        outside = sum(not 1 <= place <= instance["n"] for place in places)
        return float(len(places) - len(set(places)) + outside)


@dataclass(frozen=True)
class Only(Distinct):
    """The named indices are different, and there are no others: `n = 2` for `Only((i, j))`."""

    def rewriting(self) -> Rewriting:
        count = Rewriting(scalars={_N: S(len(self.indices))}, whole=self.indices)
        return super().rewriting() + count

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["n"] = len(self.indices)

    @property
    def latex(self) -> str:
        return f"$n = {len(self.indices)}$ and {super().latex}"

    def violation(self, instance: Instance) -> float:
        return super().violation(instance) + abs(instance["n"] - len(self.indices))


@dataclass(frozen=True)
class Skewed(Broken):
    """A family of vectors that is not orthonormal, in one of three ways."""

    family: str
    way: str

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["d"] = max(sizes["d"], sizes["n"])

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        count, d = sizes["n"], sizes["d"]
        made = rng.normal(size=(count, d))
        if self.way == "norms differ from 1":
            made = np.linalg.qr(made.T)[0].T * np.exp(rng.uniform(0.2, 0.9, size=(count, 1)))
        elif self.way == "not orthogonal":
            made = made + 0.7 * rng.normal(size=d)
            made = made / np.linalg.norm(made, axis=1, keepdims=True)
        instance[self.family] = made


@dataclass(frozen=True)
class Orthonormal(Hypothesis):
    """The members of a family are pairwise orthogonal and have norm 1; needs d >= n."""

    family: str
    what: str = "the keys"

    def rewriting(self) -> Rewriting:
        def dot(u: Expr, w: Expr) -> Expr | None:
            if isinstance(u, Member) and isinstance(w, Member):
                if u.name == w.name == self.family:
                    return KroneckerDelta(u.index, w.index)
            return None

        return Rewriting(dots=(dot,))

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["d"] = max(sizes["d"], sizes["n"])

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        count, d = sizes["n"], sizes["d"]
        if count > d:
            raise ValueError(f"{count} orthonormal vectors do not fit into dimension {d}")
        basis, _ = np.linalg.qr(rng.normal(size=(d, count)))
        signs = np.where(rng.uniform(size=count) < 0.5, -1.0, 1.0)
        instance[self.family] = basis.T * signs[:, None]

    def plain(self, rng: np.random.Generator, sizes: Sizes, instance: Instance, turn: int) -> None:
        instance[self.family] = np.eye(sizes["n"], sizes["d"])

    def opposites(self) -> Iterable[Opposite]:
        for way in ("in general position", "norms differ from 1", "not orthogonal"):
            yield Opposite((Skewed(self.family, way),), f"{self.what}: {way}", (self.family,))

    @property
    def latex(self) -> str:
        f = self.family
        return rf"{self.what} are orthonormal, ${f}_l \cdot {f}_m = \delta_{{lm}}$"

    def violation(self, instance: Instance) -> float:
        a = instance[self.family]
        return float(abs(a @ a.T - np.eye(len(a))).max())


@dataclass(frozen=True)
class Uneven(Broken):
    """A family whose members have different norms; the scalar is that of the first."""

    family: str
    norm: Symbol

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        made = rng.normal(size=(sizes["n"], sizes["d"])) * np.exp(rng.normal(size=(sizes["n"], 1)))
        instance[self.family], instance[self.norm.name] = made, float(np.linalg.norm(made[0]))


@dataclass(frozen=True)
class EqualNorms(Hypothesis):
    """The members of a family have one norm, a positive scalar."""

    family: str
    norm: Symbol
    what: str = "the keys"

    def rewriting(self) -> Rewriting:
        def dot(u: Expr, w: Expr) -> Expr | None:
            alike = u == w and isinstance(u, Member) and u.name == self.family
            return self.norm**2 if alike else None

        return Rewriting(dots=(dot,))

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        made = rng.normal(size=(sizes["n"], sizes["d"]))
        size = float(np.exp(rng.uniform(-1, 1)))
        instance[self.family] = made * (size / np.linalg.norm(made, axis=1, keepdims=True))
        instance[self.norm.name] = size

    def opposites(self) -> Iterable[Opposite]:
        yield Opposite((Uneven(self.family, self.norm),), f"{self.what} have different norms")

    @property
    def latex(self) -> str:
        return rf"{self.what} have one norm, $\lVert {self.family}_l \rVert = {self.norm.name} > 0$"

    def violation(self, instance: Instance) -> float:
        size = instance[self.norm.name]
        found = np.linalg.norm(instance[self.family], axis=1)
        return float(abs(found - size).max() / size if size > 0 else 1.0)


@dataclass(frozen=True)
class Perpendicular(Hypothesis):
    """A vector is orthogonal to every member of a family of orthonormal vectors; needs d > n."""

    vector: Letter
    family: str

    def rewriting(self) -> Rewriting:
        def dot(u: Expr, w: Expr) -> Expr | None:
            if u == self.vector and isinstance(w, Member) and w.name == self.family:
                return S.Zero
            return None

        return Rewriting(dots=(dot,))

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["d"] = max(sizes["d"], sizes["n"] + 1)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        w = rng.normal(size=sizes["d"])
        basis, _ = np.linalg.qr(instance[self.family].T)
        for _ in range(2):
            w = w - basis @ (basis.T @ w)
        instance[self.vector.name] = w

    def opposites(self) -> Iterable[Opposite]:
        w = self.vector
        yield Opposite((Arbitrary(w),), f"{w} is any vector", (w.name, self.family))

    @property
    def latex(self) -> str:
        return rf"${self.vector.name}$ is orthogonal to every ${self.family}_l$"

    def violation(self, instance: Instance) -> float:
        w = instance[self.vector.name]
        return float(abs(instance[self.family] @ w).max() / (1 + np.linalg.norm(w)))


@dataclass(frozen=True)
class Fewer(Broken):
    """There is one key less than there must be."""

    count: int

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["n"] = min(sizes["n"], self.count)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        pass


@dataclass(frozen=True)
class AtLeast(Hypothesis):
    """There are at least so many keys."""

    count: int

    def rewriting(self) -> Rewriting:
        return Rewriting(ranges={_N: self.count + _MORE})

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["n"] = max(sizes["n"], self.count)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        pass

    def opposites(self) -> Iterable[Opposite]:
        if self.count > 1:
            yield Opposite((Fewer(self.count - 1),), f"n = {self.count - 1}")

    @property
    def latex(self) -> str:
        return rf"$n \ge {self.count}$"

    def violation(self, instance: Instance) -> float:
        return float(max(self.count - instance["n"], 0))


@dataclass(frozen=True)
class Outside(Broken):
    """A scalar lies above the upper of two numbers."""

    symbol: Symbol
    high: Expr

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        instance[self.symbol.name] = float(self.high) + float(np.exp(rng.uniform(-2, 1)))


@dataclass(frozen=True)
class Between(Hypothesis):
    """A scalar lies strictly between two numbers.

    `near(instance)` is where samples gather, for a condition that changes there.
    """

    symbol: Symbol
    low: Expr
    high: Expr
    near: Callable[[Instance], float] | None = None

    def rewriting(self) -> Rewriting:
        odds = Symbol(f"_{self.symbol.name}", positive=True)
        inside = self.low + (self.high - self.low) / (1 + odds)
        return Rewriting(ranges={self.symbol: inside})

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        low, high = float(self.low), float(self.high)
        part = float(rng.uniform(0.01, 0.99))
        if rng.uniform() < 0.2:  # next to one of the ends
            small = float(np.exp(rng.uniform(-14, -4)))
            part = small if part < 0.5 else 1 - small
        value = low + (high - low) * part
        if self.near is not None:
            value += (self.near(instance) - value) * (1 - float(np.exp(rng.uniform(-8, 0))))
        instance[self.symbol.name] = value

    def plain(self, rng: np.random.Generator, sizes: Sizes, instance: Instance, turn: int) -> None:
        low, high = float(self.low), float(self.high)
        instance[self.symbol.name] = low + (high - low) * (0.1, 0.5, 0.25)[turn % 3]

    def opposites(self) -> Iterable[Opposite]:
        s = self.symbol
        yield Opposite((Outside(s, self.high),), f"{s} > {self.high}", (s.name,))

    @property
    def latex(self) -> str:
        return f"${self.low} < {self.symbol.name} < {self.high}$"

    def violation(self, instance: Instance) -> float:
        value, low, high = instance[self.symbol.name], float(self.low), float(self.high)
        return float(max(low - value, value - high, 0.0) if low < value < high else 1.0)


@dataclass(frozen=True)
class Below(Broken):
    """Of two positive scalars the one that was smaller is larger."""

    larger: Symbol
    smaller: Symbol

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        Above(self.larger, self.smaller).sample(rng, sizes, instance)


@dataclass(frozen=True)
class Above(Hypothesis):
    """One positive scalar is larger than another."""

    larger: Symbol
    smaller: Symbol

    def rewriting(self) -> Rewriting:
        room = Symbol(f"_{self.larger.name}_room", positive=True)
        return Rewriting(ranges={self.larger: self.smaller + room})

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        small = float(np.exp(rng.uniform(-3, 1)))
        instance[self.smaller.name] = small
        instance[self.larger.name] = small * (1 + float(np.exp(rng.uniform(-3, 3))))

    def plain(self, rng: np.random.Generator, sizes: Sizes, instance: Instance, turn: int) -> None:
        instance[self.smaller.name], instance[self.larger.name] = (1.0, 2.0 + turn)

    def opposites(self) -> Iterable[Opposite]:
        below = Below(self.smaller, self.larger)
        governs = (self.larger.name, self.smaller.name)
        yield Opposite((below,), f"{self.larger} < {self.smaller}", governs)

    @property
    def latex(self) -> str:
        return f"$0 < {self.smaller.name} < {self.larger.name}$"

    def violation(self, instance: Instance) -> float:
        return 0.0 if 0 < instance[self.smaller.name] < instance[self.larger.name] else 1.0


@dataclass(frozen=True)
class Exactly(Hypothesis):
    """There are exactly so many keys."""

    count: int

    def rewriting(self) -> Rewriting:
        return Rewriting(scalars={_N: S(self.count)})

    def sizes(self, sizes: dict[str, int]) -> None:
        sizes["n"] = self.count

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        pass

    def opposites(self) -> Iterable[Opposite]:
        yield Opposite((AtLeast(self.count + 1),), f"n > {self.count}")

    @property
    def latex(self) -> str:
        return rf"$n = {self.count}$"

    def violation(self, instance: Instance) -> float:
        return float(abs(instance["n"] - self.count))


@dataclass(frozen=True)
class Replaced(Hypothesis):
    """A letter, or a member of a family of reals, is given by an expression: `v_i = S a`, `z_j = z_i`.

    array : the value in NumPy; without one, the expression is evaluated.
    statement : a formula that says so in another form, `$v_i = ...$`.

    Raises
    ------
    BrokenDerivation : the statement does not say what the letter is.
    """

    letter: Letter | Indexed
    value: Expr
    array: Callable[[Instance], np.ndarray] | None = None
    statement: str = ""

    def __post_init__(self) -> None:
        letter = self.letter
        if not isinstance(letter, (Letter, Indexed)):
            raise BrokenDerivation(
                f"Replaced gives a vector, a matrix or a member of a family a value, and {letter} is none",
                "a scalar has one by Named(A, ..)",
            )
        if isinstance(letter, Letter) and self.value != 0 and shape(self.value) != letter.shape:
            raise BrokenDerivation(
                f"{letter} is {show_shape(letter.shape)}, and {self.value} is "
                f"{show_shape(shape(self.value))}"
            )
        name = self.name if self.index is None else f"{self.name}_{self.index}"
        said = re.sub(r"[{}\s]", "", self.statement)
        if said and not re.fullmatch(rf"\${re.escape(name)}=[^$]*\$", said):
            raise BrokenDerivation(f"{self.statement!r} does not say what {name} is")

    @property
    def name(self) -> str:
        letter = self.letter
        return str(letter.base if isinstance(letter, Indexed) else letter.name)

    @property
    def index(self) -> Expr | None:
        letter = self.letter
        return letter.indices[0] if isinstance(letter, Indexed) else letter.index

    def made(self, instance: Instance) -> np.ndarray:
        """Return the value in an instance."""
        if self.value == 0 and isinstance(self.letter, Letter):
            rows, columns = (int(compiled(size)(instance)) for size in self.letter.shape)
            return np.zeros(rows if columns == 1 else (rows, columns))
        return np.asarray((self.array or compiled(self.value))(instance))

    def rewriting(self) -> Rewriting:
        places = frozenset(() if self.index is None else self.index.free_symbols)
        if isinstance(self.letter, Indexed):
            return Rewriting(scalars={self.letter: self.value}, places=places)
        return Rewriting(
            letters=(lambda e: self.value if e == self.letter else None,), places=places
        )

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        made = self.made(instance)
        if self.index is None:
            instance[self.name] = made
        else:
            instance[self.name][instance[str(self.index)] - 1] = made

    def opposites(self) -> Iterable[Opposite]:
        kind = "number" if isinstance(self.letter, Indexed) else "vector"
        yield Opposite((), f"{self.letter} is any {kind}", (self.name,))

    @property
    def latex(self) -> str:
        return self.statement or f"${latex(self.letter)} = {latex(self.value)}$"

    def violation(self, instance: Instance) -> float:
        made, found = self.made(instance), instance[self.name]
        here = found if self.index is None else found[instance[str(self.index)] - 1]
        return float(abs(here - made).max() / (1 + abs(made).max()))


@dataclass(frozen=True)
class Exceeded(Broken):
    """A bound on norms is smaller than the largest of them."""

    bounded: Bounded

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        self.bounded.sample(rng, sizes, instance)
        instance[self.bounded.bound.name] *= float(rng.uniform(0.2, 0.6))


@dataclass(frozen=True)
class Bounded(Hypothesis):
    """A norm that depends on an index is at most `bound` for every index other than `excluded`.

    `array(instance)` gives the norms in NumPy for every index 1..n; without one, the expression is
    evaluated.
    """

    norm: Expr
    index: Symbol
    bound: Symbol
    excluded: tuple[Symbol, ...]
    array: Callable[[Instance], np.ndarray] | None = None

    def norms(self, instance: Instance) -> np.ndarray:
        """Return the norms at all indices but the excluded ones."""
        found = (self.array or compiled(self.norm, over=self.index))(instance)
        return np.delete(found, [instance[e.name] - 1 for e in self.excluded])

    def rewriting(self) -> Rewriting:
        room = Indexed(IndexedBase("_room", nonnegative=True), self.index)
        return Rewriting(
            ranges={self.norm: self.bound - room}, apart={self.norm: (self.index, self.excluded)}
        )

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        norms = self.norms(instance)
        largest = float(norms.max()) if len(norms) else 1.0
        spare = 0.0 if rng.uniform() < 0.5 else float(rng.uniform(0, 0.5))  # often attained
        instance[self.bound.name] = largest * (1 + spare)

    def opposites(self) -> Iterable[Opposite]:
        yield Opposite((Exceeded(self),), f"a norm exceeds {self.bound}", (self.bound.name,))

    @property
    def latex(self) -> str:
        others = ",".join(e.name for e in self.excluded)
        return rf"${latex(self.norm)} \le {self.bound.name}$ for ${self.index.name} \ne {others}$"

    def violation(self, instance: Instance) -> float:
        norms = self.norms(instance)
        bound = instance[self.bound.name]
        return float(max(norms.max(initial=0.0) - bound, 0) / max(bound, 1e-300))


@dataclass(frozen=True)
class Arbitrary(Hypothesis):
    """A vector or matrix on which nothing is assumed; its size names come from its shape."""

    letter: Letter

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        rows, cols = (sizes.get(str(size), 1) for size in self.letter.shape)
        shape = (rows,) if self.letter.shape[1] == 1 else (rows, cols)
        instance[self.letter.name] = rng.normal(size=shape)

    def plain(self, rng: np.random.Generator, sizes: Sizes, instance: Instance, turn: int) -> None:
        rows, cols = (sizes.get(str(size), 1) for size in self.letter.shape)
        if cols == 1:
            instance[self.letter.name] = np.array([float(1 + at * turn) for at in range(rows)])
        else:
            instance[self.letter.name] = np.eye(rows, cols) * (1.0 + turn)

    opposites = no_opposites

    @property
    def latex(self) -> str:
        return f"${self.letter.name}$ is arbitrary"

    def violation(self, instance: Instance) -> float:
        found = np.shape(instance[self.letter.name])
        wanted = tuple(instance.get(str(size), 1) for size in self.letter.shape)
        return float(found != (wanted[:1] if wanted[1] == 1 and len(found) == 1 else wanted))


@dataclass(frozen=True)
class Named(Hypothesis):
    """A symbol stands for a quantity: `A` for the squared distance of two values.

    array : the quantity in NumPy; without one, the expression is evaluated.
    """

    symbol: Symbol
    value: Expr
    array: Callable[[Instance], float] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.symbol, Symbol) or not self.value.is_commutative:
            raise BrokenDerivation(
                f"Named gives a scalar a value, and {self.symbol} or {self.value} is none",
                "a vector or a matrix has one by Replaced(u, ..), a number with an index by "
                "Definitions().let(rho[l], ..)",
            )

    def ties(self) -> Mapping[Symbol, Expr]:
        return {self.symbol: self.value}

    def measured(self, instance: Instance) -> float:
        """Return the quantity of an instance."""
        return float((self.array or compiled(self.value))(instance))

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        instance[self.symbol.name] = self.measured(instance)

    def opposites(self) -> Iterable[Opposite]:
        yield Opposite((), f"{self.symbol} is any number", (self.symbol.name,))

    @property
    def latex(self) -> str:
        return f"${self.symbol.name} = {latex(self.value)}$"

    def violation(self, instance: Instance) -> float:
        made = self.measured(instance)
        return float(abs(instance[self.symbol.name] - made) / (1e-300 + abs(made)))


@dataclass(frozen=True)
class Large(Hypothesis):
    """A positive scalar is large; samples draw it between two bounds."""

    symbol: Symbol
    low: float
    high: float

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        instance[self.symbol.name] = float(np.exp(rng.uniform(np.log(self.low), np.log(self.high))))

    opposites = no_opposites

    @property
    def latex(self) -> str:
        return rf"${self.symbol.name} \gg 1$"

    def violation(self, instance: Instance) -> float:
        return float(max(0.0, 1 - instance[self.symbol.name] / self.low))


@dataclass(frozen=True)
class Vanishing(Hypothesis):
    """Expressions are small against 1: the regime of an expansion, whose paths draw them."""

    small: tuple[Expr, ...]

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        pass

    opposites = no_opposites

    @property
    def latex(self) -> str:
        return " and ".join(rf"${latex(x)} \ll 1$" for x in self.small)

    def violation(self, instance: Instance) -> float:
        """Return 0: every instance is on some path along which they become small."""
        return 0.0
