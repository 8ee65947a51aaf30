"""Definitions: what each name in a claim stands for, in symbols and in plain NumPy.

A claim prints a left side such as `alpha_i - 1/2`.  Its symbolic meaning is that expression with
every name replaced by its definition, and its oracle is that expression evaluated with every name
bound to its NumPy definition.  So neither can be about anything but what is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from typing import Any, Protocol

import numpy as np
from sympy import (
    Expr,
    Indexed,
    LambertW,
    Sum,
    Symbol,
    exp,
    log,
)
from sympy.core.sorting import default_sort_key

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.attention import l
from symattn.algebra.bound_indices import binds, put_apart, set_apart
from symattn.algebra.letters import (
    Expect,
    Letter,
    Matrix,
    Member,
    Norm,
    OffSum,
    Partial,
    Statistic,
    Vector,
    shape,
)
from symattn.algebra.plain import evaluate, termwise
from symattn.algebra.sign import positive
from symattn.algebra.symbols import KINKED
from symattn.claims import (
    Claim,
    Condition,
    Equivalent,
    Exact,
    Identity,
    Inequality,
    Leading,
    Minimal,
    Squeezed,
    Tends,
)
from symattn.claims.equivalence import positive_factor
from symattn.claims.search import along
from symattn.errors import BrokenDerivation, SymattnError
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.families import Replaced
from symattn.hypotheses.gaussian import MADE_OF_KEYS
from symattn.hypotheses.stands import Meant, Stands

_OF_KEYS = MADE_OF_KEYS | {"k"}
Path = Callable[[float], dict[str, float]]


@dataclass(frozen=True)
class Defined:
    """A letter that stands for something, in symbols and in plain NumPy.

    letter : `q`, or the member of a family at the index l: `alpha(l)`.
    value : what it stands for, at the same index; it may hold letters that are defined before.
        None for what is named by a property alone, such as being the largest.
    array : an instance -> the value, or the values at all indices.
    """

    letter: Expr
    value: Expr | None
    array: Callable[[Instance], Any]

    @cached_property
    def name(self) -> str:
        return family_name(self.letter)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that the value is made of."""
        return frozenset(names_in(self.value))

    def at(self, *indices: Expr) -> Expr:
        """Return the value at an index, or at two."""
        return _at(self.letter, self.value, *indices)


@lru_cache(maxsize=2000)
def _at(letter: Expr, value: Expr | None, *indices: Expr) -> Expr:
    own = places(letter) if len(places(letter)) > 1 else (l,)
    return letter if value is None else put_apart(value, dict(zip(own, indices)))


@dataclass(frozen=True)
class Made:
    """What a letter stands for in NumPy, from its value in symbols: at all indices of a family."""

    value: Expr
    indices: tuple[Expr, ...] = ()

    def __call__(self, instance: Instance) -> Any:
        """Return the value in an instance, or the values at 1..n; nan where floats have none."""
        with np.errstate(all="ignore"):
            return self._made(instance)

    def _made(self, instance: Instance) -> Any:
        if not self.indices:
            return compiled(self.value)(instance)
        index, *more = self.indices
        if more:
            one, name = Made(self.value, (index,)), str(more[0])
            members = [one._made({**instance, name: at}) for at in range(1, instance["n"] + 1)]
            return np.stack(members, axis=1)
        if index in self.value.free_symbols:
            return compiled(self.value, over=index)(instance)
        return np.array([compiled(self.value)(instance)] * instance["n"])


class Law(Protocol):
    """How random letters are drawn or integrated over, in plain NumPy.

    names : the letters that are random.
    needs : the letters that they are made of.
    density : of the real variable that they are functions of, in symbols, where there is one.
    meant : what a letter must stand for, where a script defines it: a law of weights draws softmax.
    """

    names: frozenset[str]
    needs: tuple[str, ...]

    @property
    def density(self) -> Expr | None: ...

    def __call__(self, statistic: Statistic, instance: Instance) -> Any:
        """Return the value of the statistic; None where it cannot be computed."""


@dataclass(frozen=True)
class Definitions:
    r"""Named quantities in the order of their definitions, and the letters that stay free.

    laws : how statistics of random letters are evaluated; the first whose names fit is taken.
    free : scalars that no hypothesis draws and that may be any number.

    >>> import numpy as np
    >>> from symattn.algebra.attention import beta, i, k, q
    >>> from symattn.algebra.letters import Dot
    >>> names = Definitions().let(q, beta * k(i))
    >>> names.expand(Dot(k(l), q))
    <\beta*k[i], k[l]>
    >>> instance = {"k": np.eye(2), "i": 1, "l": 1, "n": 2, r"\beta": 3.0}
    >>> float(names.oracle(Dot(k(l), q))(instance))
    3.0
    """

    defined: tuple[Defined, ...] = ()
    laws: tuple[Law, ...] = ()
    free: tuple[Symbol, ...] = ()

    def let(
        self, letter: Expr, value: Expr | None, array: Callable[[Instance], Any] | None = None
    ) -> Definitions:
        """Return the definitions with one more, or with another value for a letter.

        array : the value in NumPy; without one, the expression is evaluated.
        """
        own = places(letter)
        if len(own) > 1 and not (len({*own}) == len(own) and all(a.is_Symbol for a in own)):
            raise BrokenDerivation(
                f"{letter} is not defined at all places", "define J[l, m], at two different indices"
            )
        if len(own) == 1 and own != (l,) and isinstance(letter, Indexed):
            raise BrokenDerivation(
                f"{letter} is not defined at all places", f"define {letter.base}[l], at the index l"
            )
        if array is None:
            if value is None:
                raise BrokenDerivation(f"{letter} has neither a value nor an array")

            array = Made(value, places(letter))

        new = Defined(letter, value, array)
        rest = [one for one in self.defined if one.name != new.name]
        uses = [at for at, one in enumerate(rest) if new.name in names_in(one.value)]
        at = uses[0] if uses else len(rest)
        return replace(self, defined=(*rest[:at], new, *rest[at:]))

    def any(self, *free: Symbol) -> Definitions:
        """Return the definitions with more scalars that may be any number."""
        return replace(self, free=(*self.free, *free))

    def random(self, *laws: Law) -> Definitions:
        """Return the definitions with laws of what is random in them.

        Raises
        ------
        BrokenDerivation : a law of a script's own, which no hypothesis states.
        """
        for law in laws:
            if not type(law).__module__.startswith("symattn."):
                raise BrokenDerivation(f"{type(law).__name__} is no law that a hypothesis states")
        return replace(self, laws=(*self.laws, *laws))

    def stands(self, letter: Expr) -> Stands:
        """Return a definition as a hypothesis: the letter is a name on both sides of a claim."""
        (one,) = (one for one in self.defined if one.letter == letter)
        if len(places(letter)) != 1:
            raise BrokenDerivation(
                f"a hypothesis says what the members of a family are, at one index, and {letter} is "
                "no such member",
                "what names= define need not be a hypothesis",
            )
        return Stands(letter.base, one.at, one.array)

    def of(self, other: Definitions) -> Definitions:
        """Return other definitions with what is free and random here."""
        return replace(other, laws=(*other.laws, *self.laws), free=(*other.free, *self.free))

    def expand(self, x: Expr) -> Expr:
        """Put in what the defined letters stand for, and differentiate."""
        if x.has(Partial):
            x = differentiated(x, self)
        return _expanded(x, tuple((one.letter, one.value) for one in self.defined))

    def law(self, statistic: Statistic) -> Law:
        """Return the law of what is random in a statistic.

        Raises
        ------
        BrokenDerivation : none draws all of it: also what is defined by something random is random,
            and so is what a law takes for certain.
        """
        inside = names_in(statistic)
        for law in self.laws:
            if law.names & inside:
                meant = getattr(law, "meant", {})
                for one in self.defined:
                    if one.name in law.names and one.value not in meant.get(one.name, (one.value,)):
                        raise BrokenDerivation(
                            f"{one.name} is not what {type(law).__name__} draws",
                            "use another letter",
                        )
                others = self.random_names - law.names
                for name in sorted(inside | {*law.needs}):
                    if name in others or (
                        name not in law.names and self.made_of([name]) & self.random_names
                    ):
                        raise BrokenDerivation(
                            f"{statistic}: {name} is random too, and no law draws it beside "
                            f"{', '.join(sorted(law.names & inside))}",
                            "write it out, or state the mean of each by itself",
                        )
                return law
        raise BrokenDerivation(
            f"nothing says how {statistic} is distributed",
            "names.random(..) does: LinearInKeys() or DrawnKeys() of keys, OutputOfNormalKeys() of "
            "c and the weights, TwoPoints(..) of independent numbers",
        )

    @cached_property
    def random_names(self) -> frozenset[str]:
        """The names of what the laws draw; with the weights their logits, with the output the weights."""
        drawn = frozenset(name for law in self.laws for name in law.names)
        return drawn | _OF_KEYS if drawn & _OF_KEYS else drawn

    def made_of(self, names: Iterable[str]) -> frozenset[str]:
        """Return the names that the definitions of names, and of what these are made of, hold."""
        return frozenset().union(*(one.names for one in self.behind(names)))

    def integrand(self, x: Expr) -> Expr:
        """Write an expectation as what it is an integral of, where its law has a density."""

        def written(e: Expr) -> Expr:
            density = self.law(e).density
            return e if density is None else e.args[0] * density

        return x.replace(lambda e: isinstance(e, Expect), written) if self.laws else x

    def oracle(self, shown: Expr) -> Evaluated:
        """Return the oracle of an expression as it is printed."""
        return Evaluated(shown, self)

    def needed_for(self, x: Expr) -> tuple[Defined, ...]:
        """Return the definitions that an expression needs in NumPy, in their order."""
        laws = [self.law(s) for s in x.atoms(Statistic)]
        wanted = names_in(x) | {name for law in laws for name in law.needs}
        random = {name for law in laws for name in law.names}
        return tuple(one for one in self.behind(wanted) if one.name not in random)

    def behind(self, names: Iterable[str]) -> tuple[Defined, ...]:
        """Return the definitions of names, and of what these are made of, in their order."""
        wanted = set(names)
        for one in reversed(self.defined):
            if one.name in wanted:
                wanted |= one.names
        return tuple(one for one in self.defined if one.name in wanted)

    # claims ------------------------------------------------------------------------------------

    def claim(
        self, kind: type[Claim], name: str, given: Given, shown: Expr, right: Expr, **more: Any
    ) -> Claim:
        """Make a claim from what it prints: the meaning and the oracle come from the definitions.

        For an `Equivalent`, `first` is a pair (relation, right side), and `factor` may be left out;
        for a `Leading`, `paths` say how the parameters shrink.
        """
        oracle = self.oracle(shown)
        given = given.and_(*self._told(right, given))
        if issubclass(kind, (Identity, Inequality)):
            more.setdefault("left", self.expand(shown))
        elif issubclass(kind, Tends):
            f = more.setdefault("f", self.expand(shown))
            if issubclass(kind, Squeezed):
                # `through` is what is read as equal to f, in a form that is seen to lie between.
                between = (f, *more.pop("through", ()))
                for side, steps in (
                    ("below", (more["low"], *between[::-1])), ("above", (*between, more["high"]))
                ):  # fmt: skip
                    found = along(steps, given.rewriting)
                    if found and not found[1]:
                        more.setdefault(side, found[0])
                    more.setdefault(side, steps[-1] - steps[0])
        elif issubclass(kind, Minimal):
            oracle = self.oracle(more["f"])
            more["objective"], more["variable"] = more["f"], shown
            more["f"] = self.expand(more["f"])
        elif issubclass(kind, Equivalent):
            relation, bound = more["first"]
            oracle = self.oracle(Condition(shown, relation, bound).gap)
            more["first"] = Condition(self.expand(shown), relation, bound)
            if "factor" not in more:
                ends = more["second_left"], more["second_relation"], right
                more |= _monotone(more["first"], ends, more.get("increasing"), given)
        elif issubclass(kind, Leading):
            more.setdefault("kept", right)
            paths: tuple[Path, ...] = more.pop("paths")
            more["exact"] = exact = Along(oracle, paths)
            more["paths"], oracle = len(paths), exact  # type: ignore[assignment]
        return kind(name=name, given=given, shown=shown, right=right, oracle=oracle, **more)

    def _told(self, right: Expr, given: Given) -> Iterator[Meant]:
        """Yield what the right side of a claim names: it is said there, and the kernel puts it in."""
        known = {str(h.base) for h in given if isinstance(h, Stands)}
        known |= {name for law in self.laws for name in law.names}
        for one in self.defined:
            letter = one.letter
            if one.value is None or one.name in known or isinstance(letter, Member):
                continue
            base = letter.base if isinstance(letter, Indexed) else letter
            if right.has(base):
                yield Meant(letter, _legible(self.expand(letter), letter))


def _legible(value: Expr, letter: Expr) -> Expr:
    """Return what a letter stands for, with no sum over an index that the letter has."""
    apart = set_apart(value, letter.free_symbols)
    if apart == value:
        return value
    made = sorted((s for s in apart.atoms(Symbol) - value.atoms(Symbol)), key=str)
    spare = [Symbol(name, integer=True, positive=True) for name in "lmij"]
    return apart.xreplace(dict(zip(made, [s for s in spare if s not in value.free_symbols])))


def _monotone(
    first: Condition, second: tuple[Expr, str, Expr], increasing: Any, given: Given
) -> dict[str, Any]:
    """Return the factor between two gaps, of the ends themselves or of their exponentials.

    Exponentials come first where the ends hold logarithms: the factor is short then.
    """
    left, relation, right = second
    ways = [increasing, exp]
    if not increasing and (left.has(log) or right.has(log)):
        ways.reverse()
    made: dict[Any, Expr] = {}
    for way in ways:
        gap = Condition(way(left), relation, way(right)) if way else Condition(*second)
        made[way] = positive_factor(first.gap, gap.gap)
        if positive(made[way], given.rewriting):
            return {"factor": made[way], "increasing": way}
    return {"factor": made[increasing], "increasing": increasing}


@dataclass(frozen=True)
class Evaluated:
    """The oracle of an expression as printed: every name is bound to its NumPy definition.

    The rest of it is evaluated by walking it, not by the code that evaluates the right side.
    """

    shown: Expr
    names: Definitions = field(repr=False)

    @cached_property
    def needed(self) -> tuple[Defined, ...]:
        return self.names.needed_for(self.shown)

    @cached_property
    def statistics(self) -> list[tuple[Any, Law, Expr]]:
        """Each statistic in the expression, its law, and the letter that takes its place."""
        found: list[Any] = sorted(self.shown.atoms(Statistic), key=default_sort_key)
        return [(s, self.names.law(s), _letter(f"_statistic{at}", s)) for at, s in enumerate(found)]

    @cached_property
    def slopes(self) -> list[tuple[Partial, Expr]]:
        """Each derivative in the expression, and the letter that takes its place."""
        found: list[Any] = sorted(self.shown.atoms(Partial), key=default_sort_key)
        return [(s, _letter(f"_slope{at}", s)) for at, s in enumerate(found)]

    @cached_property
    def summed(self) -> bool:
        """Whether a statistic moves with the index of a sum around it."""
        sums = self.shown.atoms(Sum, OffSum) if self.statistics else ()
        return any(set(binds(x)) & s.free_symbols for x in sums for s in x.atoms(Statistic))

    @cached_property
    def rest(self) -> Expr:
        put = {s: letter for s, _, letter in self.statistics} | dict(self.slopes)
        return self.shown.xreplace(put)

    def __call__(self, instance: Instance) -> Any:
        """Return the value in an instance; None where a statistic cannot be computed."""
        if self.summed:
            shown, places = termwise(self.shown, instance, lambda a: isinstance(a, Statistic))
            return Evaluated(shown, self.names)(places)
        full = dict(instance)
        for one in self.needed:
            full[one.name] = one.array(full)
        for statistic, law, letter in self.statistics:
            found = law(statistic, full)
            if found is None or statistic == self.shown:
                return found
            if not isinstance(found, (float, int, np.ndarray, np.generic)):
                return None  # an estimate: its error is not that of what is made of it
            full[family_name(letter)] = found
        for slope, letter in self.slopes:
            full[family_name(letter)] = stepped(slope, self.names, instance)
        return evaluate(self.rest, full)


def differentiated(x: Expr, names: Definitions) -> Expr:
    """Put in each derivative of a name: that of what the name stands for, by what is free.

    Raises
    ------
    BrokenDerivation : nothing says what is differentiated, or by a name, or under a sum.
    """
    own = {one.name for one in names.defined}
    bound = {s for e in x.atoms(Sum, OffSum) for s in binds(e)}
    put = {}
    for slope in x.atoms(Partial):
        f = slope.args[0]
        if family_name(f) not in own:
            raise BrokenDerivation(f"nothing says what {f} stands for, which is differentiated")
        if own & set(map(family_name, slope.by)) or bound & slope.free_symbols:
            raise BrokenDerivation(
                f"{family_name(f)} is differentiated by what stands for something else, or under a sum",
                "differentiate by a free letter, at free indices",
            )
        apart = {s for by in slope.by for s in by.free_symbols}
        put[slope] = set_apart(names.expand(f), apart).diff(*slope.by)
    return x.xreplace(put)


def check_slopes(x: Expr, names: Definitions, given: Given) -> None:
    """Refuse a derivative where a hypothesis makes one letter out of others.

    Raises
    ------
    BrokenDerivation : what is held fixed would move.
    """
    rules = given.rewriting
    tied = {s.name for s in given.ties} | set(rules.names)
    for slope in x.atoms(Partial):
        inside = names.expand(slope.args[0])
        made = {
            a.name for a in inside.atoms(Letter) for rule in rules.letters if rule(a) is not None
        }
        if made or tied & (names_in(inside) | set(map(family_name, slope.by))):
            raise BrokenDerivation(
                f"{slope}: a hypothesis says what {', '.join(sorted(made | tied))} is",
                "define it instead: Definitions.let",
            )


def check_statistics(x: Expr, names: Definitions, given: Given) -> None:
    """Refuse a statistic of a letter that a hypothesis makes out of what is random.

    Raises
    ------
    BrokenDerivation : the laws, which draw what is random, take the letter for certain.
    """
    statistics = x.atoms(Statistic)
    if not statistics:
        return
    said: dict[str, Expr] = {s.name: value for s, value in given.ties.items()}
    said |= {h.name: h.value for h in given if isinstance(h, Replaced)}
    said |= {name: value(l) for name, value in given.rewriting.names.items()}
    made = {
        name for name, value in said.items()
        if name not in names.random_names and names_in(value) & names.random_names
    }  # fmt: skip
    for statistic in statistics:
        inside = names_in(statistic)
        for name in sorted(made & (inside | names.made_of(inside))):
            raise BrokenDerivation(
                f"{statistic}: a hypothesis makes {name} of what is random", "write it out"
            )


def stepped(slope: Partial, names: Definitions, instance: Instance) -> float:
    """Return a derivative in numbers, without algebra: a complex step, and differences of it.

    Squire and Trapp, Using complex variables to estimate derivatives of real functions, 1998: exact
    to rounding where the function is analytic, and nothing elsewhere.
    The second derivative is that of central differences, extrapolated (Richardson, 1911).

    Raises
    ------
    SymattnError : there is no derivative, or it is not told.
    """
    f, by, *outer = slope.args
    if names.expand(f).has(*_ROUGH):
        raise SymattnError(f"{slope} is not told in numbers, where there are cases or roots")
    if outer:
        inner = Partial(f, by)
        return _by_differences(lambda I: stepped(inner, names, I), instance, outer[0])
    return float(np.imag(_value_of(f, names, _moved(instance, by, 1e-30j))) / 1e-30)


_ROUGH = (*KINKED, Norm, LambertW)
"""Functions that are no power series in a complex number, or are not evaluated at one."""


def _value_of(f: Expr, names: Definitions, instance: Instance) -> Any:
    full = dict(instance)
    for one in names.needed_for(f):
        full[one.name] = one.array(full)
    return evaluate(f, full)


def _by_differences(f: Callable[[Instance], float], instance: Instance, by: Expr) -> float:
    """Return a derivative by differences, extrapolated; it must be the same at two sizes of a step.

    Raises
    ------
    SymattnError : it is not, as beside a pole and at the end of where there are values.
    """
    at = tuple(int(evaluate(index, instance)) - 1 for index in places(by))
    size = abs(float(np.asarray(instance[family_name(by)])[at])) or 1.0

    def slope(step: float) -> float:
        far, near, ahead, last = (f(_moved(instance, by, k * step)) for k in (-2, -1, 1, 2))
        return (8 * (ahead - near) - (last - far)) / (12 * step)

    with np.errstate(all="ignore"):
        one, two = slope(1e-3 * size), slope(5e-4 * size)
        noise = 1e-11 * abs(f(instance)) / size
    if abs(one) + abs(two) <= noise:
        return 0.0
    if not abs(one - two) <= 1e-9 * (abs(one) + abs(two)):  # nor of nan
        raise SymattnError(f"a derivative by {by} is not told in numbers: two steps tell two")
    return two


def _moved(instance: Instance, letter: Expr, step: complex) -> dict[str, Any]:
    """Return an instance in which one letter, or one member of its family, has moved."""
    at = tuple(int(evaluate(index, instance)) - 1 for index in places(letter))
    values = np.array(instance[family_name(letter)], dtype=type(step + 0.0))
    values[at] += step
    return {**instance, family_name(letter): values if at else values.item()}


@dataclass(frozen=True)
class Along:
    """An exact value on the ways to a limit.

    paths : each takes how small -> the scalars that shrink with it, by their LaTeX names.  An
        instance may say that some of them have moved off the path.
    """

    oracle: Evaluated
    paths: tuple[Path, ...]

    def __call__(self, instance: Instance) -> Exact | None:
        symbols = self.symbols(instance)
        value = self.oracle({**instance, **symbols})
        return None if value is None else Exact(value, symbols)

    def symbols(self, instance: Instance) -> dict[str, float]:
        """Return the scalars at a point of a way."""
        path = self.paths[instance.get("path", 0)]
        return path(instance.get("shrink", 1.0)) | instance.get("moved", {})


@lru_cache(maxsize=2000)
def _expanded(x: Expr, defined: tuple[tuple[Expr, Expr | None], ...]) -> Expr:
    for letter, value in reversed(defined):
        x = replaced(x, letter, partial(_at, letter, value))
    return x


def names_in(x: Expr | None) -> set[str]:
    """Return the names of the letters and symbols that an expression holds."""
    return set() if x is None else set(needed(x))


def _letter(name: str, like: Expr) -> Expr:
    """Return a letter of the same shape."""
    size = shape(like)
    if not size:
        return Symbol(name, real=True)
    return Vector(name, size[0]) if size[1] == 1 else Matrix(name, *size)


def family_name(letter: Expr) -> str:
    r"""Return the name of a letter, without its index.

    >>> from symattn.algebra.attention import alpha, q
    >>> family_name(alpha(l)), family_name(q)
    ('\\alpha', 'q')
    """
    if isinstance(letter, Indexed):
        return str(letter.base.name)
    return str(letter.name)


def place(letter: Expr) -> Expr | None:
    """Return the index of a letter, the first of two, or None."""
    return next(iter(places(letter)), None)


def places(letter: Expr) -> tuple[Expr, ...]:
    """Return the indices of a letter: none, one or two."""
    if isinstance(letter, Indexed):
        return tuple(letter.indices)
    index = getattr(letter, "index", None)
    return () if index is None else (index,)


def replaced(x: Expr, letter: Expr, at: Callable[..., Expr]) -> Expr:
    r"""Replace a letter, or every member of its family, by its value at the member's index.

    >>> from symattn.algebra.attention import alpha
    >>> replaced(alpha(l) + alpha(Symbol("i")), alpha(l), lambda index: index)
    i + l
    """
    values = _values(x, letter, at)
    brought = {
        s for a, value in values.items()
        for s in value.free_symbols.difference(*(index.free_symbols for index in places(a)))
    }  # fmt: skip
    if any(brought.intersection(binds(e)) for e in x.atoms(Sum, OffSum)):
        x = set_apart(x, brought)  # no sum binds what is put into it
        values = _values(x, letter, at)
    return x.xreplace(values)


def _values(x: Expr, letter: Expr, at: Callable[..., Expr]) -> dict[Expr, Expr]:
    """Return each member of the family in an expression, with its value."""
    if place(letter) is None:
        return {letter: at(l)}
    name, kind = family_name(letter), type(letter)
    return {a: at(*places(a)) for a in x.atoms(kind) if family_name(a) == name}
