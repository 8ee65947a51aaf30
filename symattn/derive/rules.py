"""Named rules: each computes the right-hand side of a step from the left.

A rule is data: a name that a reader understands, the function, and whether it keeps the value
(then the step is checked as an equality under the hypotheses).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sympy import (
    Add,
    Expr,
    KroneckerDelta,
    Mul,
    S,
    Sum,
    Symbol,
    exp,
    factor,
    powsimp,
    together,
)
from sympy.core.sorting import default_sort_key

from symattn.algebra.letters import Inverse, Letter, Norm, OffSum, T
from symattn.algebra.limits import limit_at_infinity
from symattn.algebra.roots import zeros
from symattn.algebra.sums import split_sums
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import NOTHING, Rewriting, normal, to_expr
from symattn.algebra.zero import zero_test
from symattn.errors import BrokenDerivation
from symattn.hypotheses.base import Given


@dataclass(frozen=True)
class Rule:
    """A named way to compute one expression from another.

    shorten : whether a shorter form of the result is looked for, when a script expects none.
    """

    name: str
    apply: Callable[[Expr], Expr]
    keeps: bool = True
    shorten: bool = False


def put(what: Mapping[Expr, Expr], name: str = "substitute") -> Rule:
    """Substitute letters or symbols; the value may change, the meaning does not."""
    return Rule(name, lambda e: e.xreplace(dict(what)), keeps=False)


def under(given: Given, name: str) -> Rule:
    """Rewrite under the hypotheses and split sums at their deltas."""
    return Rule(name, lambda e: to_expr(normal(e, given.rewriting)), shorten=True)


def expand_products() -> Rule:
    """Multiply out and put into normal form, with no hypothesis."""
    return Rule("multiply out", lambda e: to_expr(normal(e, NOTHING)))


def collect() -> Rule:
    """Collect the coefficient of each vector."""
    return Rule("collect", tidy)


def limit(variable: Symbol) -> Rule:
    """Let the variable tend to infinity, coefficient by coefficient."""
    return Rule(f"{variable} to infinity", lambda e: vector_limit(e, variable), keeps=False)


def differentiate(variable: Symbol) -> Rule:
    """Differentiate with respect to a scalar."""
    return Rule(f"differentiate in {variable}", lambda e: e.diff(variable), keeps=False)


def solve_zero(variable: Symbol) -> Rule:
    """Solve `e = 0` for the variable; exactly one solution is expected."""

    def apply(e: Expr) -> Expr:
        # The claim that uses the solution puts it back, so it need not be checked.
        found = zeros(e, variable)
        if len(found) != 1:
            raise BrokenDerivation(
                f"one solution for {variable} was expected; {len(found)} came: {found}"
            )
        return found[0]

    return Rule(f"solve for {variable}", apply, keeps=False, shorten=True)


def right_divide(unknown: Letter, gram: Expr) -> Rule:
    """Solve `X G = R` for X, with G square and invertible: `X = R G^{-1}`.

    The expression is `X G - R`; what multiplies X on the right must be G alone.
    """

    def apply(e: Expr) -> Expr:
        terms = normal(e)
        lead = normal(unknown * gram)
        rest = {key: -value for key, value in terms.items() if key not in lead}
        if {key: terms.get(key) for key in lead} != lead:
            raise BrokenDerivation(f"{unknown} times {gram} was expected in {e}")
        return to_expr(normal(to_expr(rest) * Inverse(gram)))

    return Rule("multiply by the inverse Gram matrix on the right", apply, keeps=False)


def coefficient_of(letter: Letter) -> Rule:
    """Return what multiplies a column letter on the left: for all `a`, `X a = Y a` gives `X = Y`."""

    def apply(e: Expr) -> Expr:
        found = []
        for (bounds, word), coefficient in normal(e).items():
            if word and word[-1] == letter and not bounds:
                found.append(coefficient * Mul(*word[:-1]))
        return Add(*found)

    return Rule(f"compare the coefficients of {letter.name}", apply, keeps=False)


def transpose() -> Rule:
    """Transpose both sides."""
    return Rule("transpose", T, keeps=False)


def vector_limit(e: Expr, variable: Symbol) -> Expr:
    """Return the limit at infinity of a scalar or vector, coefficient by coefficient."""
    return to_expr({key: limit_at_infinity(value, variable) for key, value in normal(e).items()})


def tidy(e: Expr) -> Expr:
    """Return a shorter form; it only looks for one, every step is checked afterwards."""
    if e.is_commutative:
        return _tidy_scalar(e)
    terms = normal(e)
    groups: dict[Expr, list[Expr]] = {}
    for (bounds, word), coefficient in terms.items():
        shared = _tidy_scalar(coefficient)
        groups.setdefault(shared, []).append(to_expr({(bounds, word): shared / shared}))
    return Add(*[Mul(c, Add(*vectors)) for c, vectors in groups.items()])


def named(e: Expr) -> Expr:
    """Give the summation indices of the normal form the letters that a page uses."""
    for total in sorted(e.atoms(Sum), key=default_sort_key):
        for index, *_ in total.limits:
            if index.name.startswith("_l"):
                taken = {s.name for s in total.atoms(Symbol)}
                letter = next(a for a in "lmrs" if a not in taken)
                new = Symbol(letter, integer=True, positive=True)
                return named(e.xreplace({total: _renamed(total, index, new)}))
    return e


def _renamed(total: Sum, old: Symbol, new: Symbol) -> Expr:
    limits = [(new if i == old else i, low, high) for i, low, high in total.limits]
    return Sum(total.function.xreplace({old: new}), *limits)


@lru_cache(maxsize=1000)
def _tidy_scalar(e: Expr) -> Expr:
    gathered = powsimp(e)
    candidates = dict.fromkeys((e, gathered, together(e), factor(gathered)))
    sizes = {c: c.count_ops() for c in candidates}
    least = [c for c in candidates if sizes[c] == min(sizes.values())]
    return least[0] if len(least) == 1 else min(least, key=str)


def centre(middle: Expr) -> Rule:
    """Weights sum to one, so the mean minus `middle` is the mean of the differences.

    The expression is a sum over a family of weight times vector, minus `middle`; that the weights
    sum to one is checked, not assumed.
    """

    def apply(e: Expr) -> Expr:
        rest = e + middle
        if not isinstance(rest, Sum):
            raise BrokenDerivation(f"a sum over a family minus {middle} was expected, not {e}")
        scalars, word = rest.function.args_cnc()
        share = Mul(*scalars)
        if vanishes(Sum(share, *rest.limits) - 1) is not True:
            raise BrokenDerivation(f"the weights {share} do not sum to one")
        return Sum(share * (Mul(*word) - middle), *rest.limits)

    return Rule("centre, for the weights sum to one", apply)


def separate(*indices: Expr) -> Rule:
    """Take the terms at the given, distinct indices out of each sum over a family."""

    def split(e: Sum) -> Expr:
        ((l, _, n),) = e.limits
        inside = [e.function.subs(l, p) for p in indices]
        return OffSum(e.function, l, n, indices) + Add(*inside)

    def apply(e: Expr) -> Expr:
        vector_sums = [s for s in e.atoms(Sum) if not s.is_commutative]
        return e.xreplace({s: split(s) for s in vector_sums})

    names = ", ".join(str(p) for p in indices)
    return Rule(f"take out the terms {names}", apply)


def inside(given: Given, name: str) -> Rule:
    """Rewrite the scalars under the hypotheses and leave sums over the other indices as they are."""
    rules = given.rewriting

    def visit(e: Expr) -> Expr:
        if e.is_commutative:
            return tidy(to_expr(normal(e, rules)))
        if isinstance(e, OffSum):
            f, l, n, excluded = e.args
            dropped = {KroneckerDelta(l, p): S.Zero for p in excluded.args}
            scalars, word = normal_scalars(f, rules, dropped)
            constant = [s for s in scalars if l not in s.free_symbols]
            moving = [s for s in scalars if l in s.free_symbols]
            return Mul(*constant) * OffSum(Mul(*moving, *word), l, n, excluded.args)
        if e.is_Mul:
            scalars, word = e.args_cnc()
            return visit(Mul(*scalars)) * Mul(*[visit(w) for w in word])
        if e.is_Add:
            return Add(*[visit(a) for a in e.args])
        return e

    def apply(e: Expr) -> Expr:
        found = visit(e)
        kept = Add(*[a for a in Add.make_args(found) if a.has(OffSum)])
        rest = Add(*[a for a in Add.make_args(found) if not a.has(OffSum)])
        return kept + to_expr(
            {key: c for key, c in normal(rest, rules).items() if zero_test(c).decided is not True}
        )

    return Rule(name, apply)


def normal_scalars(
    f: Expr, rules: Rewriting, dropped: Mapping[Expr, Expr]
) -> tuple[list[Expr], list[Expr]]:
    """Return the scalar factors of one summand, rewritten, and its word."""
    scalars, word = f.args_cnc()
    shared = tidy(to_expr(normal(Mul(*scalars), rules)).xreplace(dict(dropped)))
    return list(Mul.make_args(shared)), list(word)


def split_deltas() -> Rule:
    """A sum over a family against Kronecker deltas is the terms that they pick."""
    return Rule("the deltas pick their terms", lambda e: to_expr(normal(e)), shorten=True)


def constants_out() -> Rule:
    """Take what does not depend on the index out of each sum, exponentials included."""

    def visit(e: Sum) -> Expr:
        (index, *_), *more = e.limits
        f = e.function.replace(lambda x: isinstance(x, exp), lambda x: x.expand(power_exp=True))
        constant, moving = f.as_independent(index, as_Add=False)
        return e if more else constant * Sum(moving, *e.limits)

    def apply(e: Expr) -> Expr:
        return e.replace(lambda x: isinstance(x, Sum) and x.is_commutative, visit)

    return Rule("take the constants out of the sum", apply)


def triangle() -> Rule:
    """Bound the norm of a sum by the sum of the norms; the weights must be nonnegative."""

    def apply(e: Expr) -> Expr:
        if not isinstance(e, Norm):
            raise BrokenDerivation(f"a norm was expected, not {e}")
        bounds = []
        for term in Add.make_args(e.args[0]):
            scalars, word = term.args_cnc()
            share, vector = Mul(*scalars), Mul(*word)
            if isinstance(vector, OffSum):
                bounds.append(share * OffSum(Norm(vector.args[0]), *vector.args[1:]))
            else:
                bounds.append(share * Norm(vector))
        return Add(*bounds)

    return Rule("the triangle inequality", apply, keeps=False)


def bound_each(norm: Expr, bound: Expr) -> Rule:
    """Bound every norm in a sum over the other indices by one number."""

    def apply(e: Expr) -> Expr:
        return split_sums(e.xreplace({norm: bound}))

    return Rule(f"every norm is at most {bound}", apply, keeps=False, shorten=True)
