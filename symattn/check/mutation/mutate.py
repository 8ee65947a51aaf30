r"""Mutants: claims that are wrong in one place, so that the checker can be seen to refuse them.

Every node of a claim's right side is changed in every way that fits it; then the hypotheses are
broken one by one, the relation and the limit are turned, and the printed text is misprinted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from sympy import (
    Add,
    Basic,
    Expr,
    Indexed,
    KroneckerDelta,
    Mul,
    Number,
    Pow,
    S,
    Sum,
    Symbol,
    oo,
)
from sympy.core.sorting import default_sort_key

from symattn.algebra.letters import (
    IdentityMatrix,
    Inverse,
    Letter,
    Matrix,
    Member,
    OffSum,
    T,
    Transposed,
    Vector,
    shape,
)
from symattn.check.mutation.misprint import misprints
from symattn.check.mutation.weaken import Weakening, weakenings
from symattn.claims import Claim, Equivalent, Inequality, Leading, Tends, chain
from symattn.errors import ShapeError

KINDS = (
    "sign",
    "factor",
    "exponent",
    "index",
    "transpose",
    "inverse",
    "swap",
    "dropped term",
    "dropped factor",
    "off by one",
    "constant",
    "shape",
    "limit",
    "order",
    "relation",
    "hypothesis",
    "misprint",
)
"""The kinds of mutants.

sign, factor, constant : of any part: -x, 2x and x/2, x + 1.
exponent : another one, or one where there was none.
index : another index, or two indices exchanged everywhere.
transpose, inverse : one dropped or added.
swap : another letter of the same kind, or another order of a product.
off by one : in a number of a sum, in n, s, t, d, or in the bounds of a sum.
shape : any change after which the shapes do not fit; each must be refused for that reason.
limit : another point, or another value of the limit.
order : a smaller order of what a leading term leaves out.
relation : another relation of an inequality or an equivalence.
hypothesis : a hypothesis that no longer holds.
misprint : a change of the printed text.
"""

GENERAL = ("sign", "factor", "constant")
RELATIONS = (r"\le", "<", r"\ge", ">")


@dataclass(frozen=True)
class Mutant:
    """A claim with one change.

    text : for a misprint, the LaTeX that is read instead of the claim's own.
    weakened : for a hypothesis, what took its place.
    """

    kind: str
    claim: Claim
    description: str
    text: str | None = None
    weakened: Weakening | None = None


def mutants(claim: Claim, seed: int = 0) -> Iterator[Mutant]:
    """Yield the mutants of a claim, each different from it and from the others, in a fixed order.

    seed : turns which letter takes another's place, where there are several.

    >>> from sympy import exp
    >>> from symattn.claims import Identity
    >>> from symattn.hypotheses.base import Given
    >>> b, n = Symbol("b"), Symbol("n", integer=True)
    >>> claim = Identity(
    ...     name="x", given=Given(()), shown=b, left=b, right=exp(b) + n, oracle=lambda I: I["b"]
    ... )
    >>> [str(m.claim.right) for m in mutants(claim) if m.kind in ("sign", "off by one")]
    ['n + exp(b) + 1', 'n + exp(b) - 1', '-n - exp(b)', '-n + exp(b)', 'n - exp(b)', 'n + exp(-b)']
    """
    yield from _of_right(claim, seed)
    yield from _of_limit(claim)
    yield from _of_order(claim)
    yield from _of_relation(claim)
    for w in weakenings(claim.given):
        what = f"without {type(w.dropped).__name__}: {w.what}"
        yield Mutant("hypothesis", claim.with_given(w.given), what, weakened=w)
    yield from _of_text(claim)


# the right side --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """A node of an expression.

    path : the arguments that lead to it.
    role : 'value', 'exponent', 'index' (of a letter, a delta, an excluded place) or 'bound'.
    scope : the summation indices that it is under.
    parent : the node that holds it.
    """

    path: tuple[int, ...]
    node: Basic
    role: str
    scope: tuple[Symbol, ...]
    parent: Basic | None


def sites(
    x: Basic,
    path: tuple[int, ...] = (),
    role: str = "value",
    scope: tuple[Symbol, ...] = (),
    parent: Basic | None = None,
) -> Iterator[Site]:
    """Yield the nodes of an expression that can be changed, from the root down.

    >>> from sympy import symbols
    >>> a, b = symbols("a b")
    >>> [str(s.node) for s in sites(a + 2 * b)]
    ['a + 2*b', 'a', '2*b', '2', 'b']
    """
    yield Site(path, x, role, scope, parent)
    if role in ("index", "bound"):
        return
    for at, child, its, under in _children(x):
        yield from sites(child, path + at, its, scope + under, x)


def _children(x: Basic) -> Iterator[tuple[tuple[int, ...], Basic, str, tuple[Symbol, ...]]]:
    if isinstance(x, IdentityMatrix):
        return
    if isinstance(x, Letter):
        if isinstance(x, (Member, Matrix)) and x.index is not None:
            yield (1 if isinstance(x, Member) else 3,), x.index, "index", ()
    elif isinstance(x, Indexed):
        for at, index in enumerate(x.indices):
            yield (at + 1,), index, "index", ()
    elif isinstance(x, KroneckerDelta):
        for at, index in enumerate(x.args[:2]):
            yield (at,), index, "index", ()
    elif isinstance(x, OffSum):
        f, l, n, excluded = x.args
        yield (0,), f, "value", (l,)
        yield (2,), n, "bound", ()
        for at, index in enumerate(excluded.args):
            yield (3, at), index, "index", ()
    elif isinstance(x, Sum):
        yield (0,), x.function, "value", tuple(limit[0] for limit in x.limits)
        for at, limit in enumerate(x.args[1:], 1):
            yield (at, 1), limit.args[1], "bound", ()
            yield (at, 2), limit.args[2], "bound", ()
    elif isinstance(x, Pow):
        yield (0,), x.base, "value", ()
        yield (1,), x.exp, "exponent", ()
    else:
        for at, a in enumerate(x.args):
            if isinstance(a, Expr):
                yield (at,), a, "value", ()


def put(x: Basic, path: tuple[int, ...], new: Basic) -> Basic:
    """Return the expression with another node at a place.

    Raises
    ------
    ShapeError : the node does not fit where the algebra asks at once.
    """
    if not path:
        return new
    at, *rest = path
    args = list(x.args)
    args[at] = put(args[at], tuple(rest), new)
    return x.func(*args)


@dataclass(frozen=True)
class Change:
    """What takes the place of a node."""

    kind: str
    new: Basic
    what: str


def _of_right(claim: Claim, seed: int) -> Iterator[Mutant]:
    right = claim.right
    seen: set[Basic] = {right}
    context = Surroundings.of(claim, seed)
    # Where two changes come to the same, the one that says more gives its name.
    for change, path in sorted(_changes(right, context), key=lambda c: c[0].kind in GENERAL):
        try:
            made = put(right, path, change.new)
        except (ShapeError, ZeroDivisionError):
            continue  # the algebra does not even let one write it
        if made in seen or made.has(S.NaN, S.ComplexInfinity) != right.has(
            S.NaN, S.ComplexInfinity
        ):
            continue
        seen.add(made)
        kind = change.kind if _fits(made, right) else "shape"
        yield Mutant(kind, claim.with_right(made), f"{change.what}: {made}")


def _fits(made: Basic, right: Basic) -> bool:
    """Tell whether the shapes inside fit, and the whole has the shape that it had."""
    if made == 0 or not isinstance(made, Expr) or not isinstance(right, Expr):
        return True
    try:
        _shapes_inside(made)
        return right == 0 or shape(made) == shape(right)
    except ShapeError:
        return False


def _shapes_inside(x: Basic) -> None:
    if isinstance(x, Letter):
        return
    if isinstance(x, Expr) and not x.is_commutative:
        shape(x)
    for a in x.args:
        _shapes_inside(a)


@dataclass(frozen=True)
class Surroundings:
    """The letters of a claim that can take each other's place."""

    indices: tuple[Symbol, ...]
    scalars: tuple[Symbol, ...]
    letters: tuple[Letter, ...]
    families: tuple[Member, ...]
    seed: int

    @classmethod
    def of(cls, claim: Claim, seed: int) -> Surroundings:
        expressions = [t for t in claim.terms if isinstance(t, Basic)]
        for name in ("left", "f", "kept"):
            value = getattr(claim, name, None)
            if isinstance(value, Basic):
                expressions.append(value)
        places = {s.node for x in expressions for s in sites(x) if s.role == "index"}
        bound = {
            limit
            for x in expressions
            for total in x.atoms(Sum, OffSum)
            for limit in (total.variables if isinstance(total, Sum) else [total.args[1]])
        }
        atoms = {a for x in expressions for a in x.atoms(Letter, Symbol)}
        scalars = [a for a in claim.right.atoms(Symbol) if not a.is_integer and a.is_commutative]
        return cls(
            _sorted(p for p in places if p.is_Symbol and p not in bound),
            _sorted(scalars),
            _sorted(a for a in atoms if isinstance(a, (Matrix, Vector)) and a.index is None),
            _sorted(a for a in atoms if isinstance(a, Member)),
            seed,
        )


def _sorted(found: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(found, key=default_sort_key))


def _changes(right: Basic, context: Surroundings) -> Iterator[tuple[Change, tuple[int, ...]]]:
    for site in sites(right):
        for change in _at(site, context):
            yield change, site.path
    for a, b in combinations(context.indices, 2):
        if right.has(a) or right.has(b):
            swapped = _exchanged(right, a, b)
            yield Change("index", swapped, f"{a} and {b} are exchanged everywhere"), ()


def _exchanged(x: Basic, a: Symbol, b: Symbol) -> Basic:
    return x.xreplace({a: b, b: a})


def _at(site: Site, context: Surroundings) -> Iterator[Change]:
    x = site.node
    if site.role == "index":
        for other in (*context.indices, *site.scope):
            if other != x:
                yield Change("index", other, f"the index {x} becomes {other}")
    elif site.role == "bound":
        for by in (-1, 1):
            yield Change("off by one", x + by, f"the bound {x} becomes {x + by}")
    elif isinstance(x, Expr):
        if site.role == "exponent":
            yield from _of_exponent(x)
        yield from _of_value(x, site, context)


def _of_exponent(x: Expr) -> Iterator[Change]:
    for new in (-x, 2 * x, x + 1, x - 1):
        if new != 0:
            yield Change("exponent", new, f"the exponent {x} becomes {new}")


def _of_value(x: Expr, site: Site, context: Surroundings) -> Iterator[Change]:
    if site.role == "value" and (not isinstance(x, Number) or not site.path):
        yield Change("sign", -x, f"the sign of {x} changes")
        yield Change("factor", 2 * x, f"twice {x}")
        yield Change("factor", x / 2, f"half of {x}")
    if site.role == "value" and (x.is_commutative or not site.path):
        if not isinstance(x, Number) or not site.path:
            yield Change("constant", x + 1, f"{x} plus one")
    if x.is_Symbol and x.is_commutative:
        yield from _of_symbol(x, context)
    if isinstance(x, Number):
        if isinstance(site.parent, Add):
            for by in (-1, 1):
                yield Change("off by one", x + by, f"{x} becomes {x + by}")
    elif x.is_commutative and not isinstance(x, (Pow, Mul, Add)) and site.role == "value":
        power = 2 if x.is_nonnegative else 3  # a square would change the sign, too
        yield Change("exponent", x**power, f"{x} to the power {power}")
    if isinstance(x, Add):
        for at, term in enumerate(x.args):
            rest = Add(*x.args[:at], *x.args[at + 1 :])
            yield Change("dropped term", rest, f"without the term {term}")
    if isinstance(x, Mul):
        for at, factor in enumerate(x.args):
            rest = Mul(*x.args[:at], *x.args[at + 1 :])
            yield Change("dropped factor", rest, f"without the factor {factor}")
    if isinstance(x, (OffSum, Sum)):
        yield Change("dropped factor", S.Zero, f"without the sum {x}")
    if not x.is_commutative:
        yield from _of_word(x, context)


def _of_symbol(x: Expr, context: Surroundings) -> Iterator[Change]:
    if x.is_integer:
        for by in (1, -1):
            yield Change("off by one", x + by, f"{x} becomes {x + by}")
        return
    other = _next(x, context.scalars, context.seed)
    if other is not None:
        yield Change("swap", other, f"{other} in place of {x}")


def _next(x: Basic, among: tuple[Basic, ...], seed: int) -> Basic | None:
    """Return one of the others, which one turns with the seed."""
    others = [a for a in among if a != x]
    return others[seed % len(others)] if others else None


def _of_word(x: Expr, context: Surroundings) -> Iterator[Change]:
    """Changes of vectors and matrices."""
    try:
        yield Change("transpose", T(x), f"the transpose of {x}")
    except ShapeError:
        pass
    if isinstance(x, Transposed):
        yield Change("transpose", x.args[0], f"without the transpose of {x.args[0]}")
    if isinstance(x, Inverse):
        yield Change("inverse", x.args[0], f"without the inverse of {x.args[0]}")
    if isinstance(x, Mul):
        scalars, word = x.args_cnc()
        if any(isinstance(w, Inverse) for w in word):
            yield Change("inverse", Mul(*scalars, *[w.args[0] if isinstance(w, Inverse) else w
                                                    for w in word]), f"no inverse in {x}")  # fmt: skip
        for at in range(len(word) - 1):
            turned = [*word[:at], word[at + 1], word[at], *word[at + 2 :]]
            what = f"{word[at + 1]} before {word[at]}"
            yield Change("swap", Mul(*scalars, *turned), what)
        if len(word) > 2:
            yield Change("swap", Mul(*scalars, *reversed(word)), f"{x} in reverse order")
    if isinstance(x, Member):
        names = _sorted({type(x)(f.args[0], x.index, f.args[2]) for f in context.families})
        other = _next(x, tuple(f for f in names if f.name != x.name), context.seed)
        if other is not None:
            yield Change("swap", other, f"{other} in place of {x}")
    elif isinstance(x, (Matrix, Vector)) and x.index is None:
        for other in context.letters:
            if other != x and type(other) is type(x):
                yield Change("swap", other, f"{other} in place of {x}")


# the rest of a claim ---------------------------------------------------------------------------


def _of_limit(claim: Claim) -> Iterator[Mutant]:
    if not isinstance(claim, Tends):
        return
    for point in (S.Zero, oo, -oo):
        if point != claim.point:
            what = f"{claim.variable} tends to {point}"
            yield Mutant("limit", replace(claim, point=point), what)
    values = [S.Zero, oo, -oo] if shape(claim.right) == () else [S.Zero]
    for value in values:
        if value != claim.right:
            yield Mutant("limit", claim.with_right(value), f"the limit is {value}")


def _of_order(claim: Claim) -> Iterator[Mutant]:
    if isinstance(claim, Leading):
        smaller = replace(claim, order=claim.order**2)
        yield Mutant("order", smaller, f"the order is {smaller.order}")


def _of_relation(claim: Claim) -> Iterator[Mutant]:
    if isinstance(claim, Inequality):
        for relation in RELATIONS:
            if relation != claim.relation:
                what = f"{relation} in place of {claim.relation}"
                yield Mutant("relation", replace(claim, relation=relation), what)
    if isinstance(claim, Equivalent):
        for relation in RELATIONS:
            if relation != claim.second_relation:
                what = f"{relation} in place of {claim.second_relation} on the right"
                yield Mutant("relation", replace(claim, second_relation=relation), what)
            if relation != claim.first.relation:
                first = replace(claim.first, relation=relation)
                what = f"{relation} in place of {claim.first.relation} on the left"
                yield Mutant("relation", replace(claim, first=first), what)


def _of_text(claim: Claim) -> Iterator[Mutant]:
    text = chain(claim.terms, claim.relations)
    names = tuple(str(s) for s in Surroundings.of(claim, 0).indices if len(str(s)) == 1)
    seen = {text}
    for m in misprints(text, names if len(names) > 1 else ("i", "j")):
        if m.text not in seen:
            seen.add(m.text)
            yield Mutant("misprint", claim, f"{m.kind}: {m.what}: {m.text}", text=m.text)
