"""The normal form of vectors and matrices: a sum of coefficient times word.

A word is a product of letters.  The rules that make words equal come from the hypotheses
(`Rewriting`); what holds always is built in: products distribute over sums, `A^T A` is a Gram
matrix, an inverse cancels its matrix, a row that meets a column is a scalar, sums over a family
are linear and split at their deltas.

Guarantee: if every coefficient of the normal form of `x - y` is zero, then `x = y` on every
instance that meets the hypotheses.  The converse is not claimed: words that look different may be
equal for a reason that no rule knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import (
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    S,
    Sum,
    Symbol,
    expand_log,
    log,
    sqrt,
)
from sympy.core.sorting import default_sort_key

from symattn.algebra.bound_indices import fresh, put_apart, set_apart
from symattn.algebra.letters import (
    Det,
    Dot,
    Expect,
    Gram,
    Hadamard,
    IdentityMatrix,
    Inverse,
    Kronecker,
    Letter,
    Matrix,
    Norm,
    OffSum,
    Stacked,
    Statistic,
    T,
    Trace,
    Transposed,
    Vec,
    is_column,
    shape,
)
from symattn.algebra.sums import at_point, points_of
from symattn.errors import ShapeError

Word = tuple[Expr, ...]
Bounds = tuple[tuple[Symbol, Expr], ...]
Terms = dict[tuple[Bounds, Word], Expr]


@dataclass(frozen=True)
class Rewriting:
    """What the hypotheses let the algebra replace.

    letters : a letter -> an expression, or None.
    pairs : two neighbouring letters -> an expression.
    dots : two column letters -> their dot product, or None.
    scalars : scalar -> scalar, by exact replacement (deltas of distinct indices, for one).
    statistics : an expectation, variance or covariance -> an expression, or None.
    ranges : a symbol -> the same in terms of positive symbols (`n` -> `2 + r`); for signs only.
    names : the name of an indexed scalar -> what it stands for at an index, or at two.
    apart : a key of `ranges` that does not hold at every index -> (index, the places where it may
        not hold).
    places : indices of which something is said that is not said of all.
    whole : places that are different and are all that there are: sums over 1..n are written out.
    permutations : names of families that run once through 1..n: a sum over them is one over 1..n.
    """

    letters: tuple[Callable[[Expr], Expr | None], ...] = ()
    pairs: Mapping[tuple[Expr, Expr], Expr] = field(default_factory=dict)
    dots: tuple[Callable[[Expr, Expr], Expr | None], ...] = ()
    scalars: Mapping[Expr, Expr] = field(default_factory=dict)
    statistics: tuple[Callable[[Expr], Expr | None], ...] = ()
    ranges: Mapping[Expr, Expr] = field(default_factory=dict)
    names: Mapping[str, Callable[..., Expr]] = field(default_factory=dict)
    apart: Mapping[Expr, tuple[Expr, tuple[Expr, ...]]] = field(default_factory=dict)
    places: frozenset[Expr] = frozenset()
    whole: tuple[Symbol, ...] = ()
    permutations: frozenset[str] = frozenset()

    def __add__(self, other: Rewriting) -> Rewriting:
        return Rewriting(
            self.letters + other.letters,
            {**self.pairs, **other.pairs},
            self.dots + other.dots,
            {**self.scalars, **other.scalars},
            self.statistics + other.statistics,
            {**self.ranges, **other.ranges},
            {**self.names, **other.names},
            {**self.apart, **other.apart},
            self.places | other.places,
            self.whole or other.whole,
            self.permutations | other.permutations,
        )

    @cached_property
    def normal_forms(self) -> dict[Expr, Terms]:
        """The normal forms that were made by these rules, for what is asked again."""
        return {}

    @cached_property
    def scalar_forms(self) -> dict[Expr, Expr]:
        """The same for the scalars inside: what is asked next is mostly made of the same ones."""
        return {}

    @cached_property
    def found(self) -> dict[Any, Any]:
        """What a search for bounds found under these rules, for what is asked again."""
        return {}

    @cached_property
    def spoken(self) -> frozenset[Expr]:
        """The indices that no sum may bind while these rules are used."""
        found = {s for key in self.scalars if not key.is_Symbol for s in key.free_symbols}
        return self.places | {*self.whole} | {s for s in found if s.is_Symbol and s.is_integer}


NOTHING = Rewriting()


def normal(x: Expr, rules: Rewriting = NOTHING) -> Terms:
    """Return the normal form: (bounds of the sums, word) -> scalar coefficient.

    Raises
    ------
    ShapeError : if a sum or product inside does not fit.

    >>> from sympy import Symbol
    >>> d, s = Symbol("d"), Symbol("s")
    >>> A = Matrix("A", d, s)
    >>> to_expr(normal(T(A) * A * Inverse(T(A) * A)))
    I
    """
    kept = rules.normal_forms.get(x)
    if kept is None:
        if len(rules.normal_forms) >= MOST_KEPT:
            rules.normal_forms.clear()
        kept = rules.normal_forms[x] = _normal(x, rules)
    return dict(kept)


MOST_KEPT, MOST_SCALARS = 200, 2000


def _normal(x: Expr, rules: Rewriting) -> Terms:
    if rules.names:
        x = unabbreviated(x, rules)
    x = set_apart(x, rules.spoken)
    if rules.whole:
        x = _term_by_term(x, rules.whole)
    if rules.permutations:
        x = x.replace(lambda e: isinstance(e, Sum), lambda e: _reindexed(e, rules.permutations))
    fixed = {a: b for a, b in rules.scalars.items() if a.is_Symbol}
    found = _Normalizer(rules).linear(x.xreplace(fixed) if fixed else x)
    if any(_unsplit(bounds, c) for (bounds, _), c in found.items()):
        found = _Normalizer(rules).linear(to_expr(found))  # dots made deltas inside a sum
    if all(len(bounds) < 2 for bounds, _ in found):
        return found
    ordered: Terms = {}
    for (bounds, word), c in found.items():
        _add(ordered, *_in_order(bounds, word, c))
    return ordered


def _in_order(bounds: Bounds, word: Word, c: Expr) -> tuple[tuple[Bounds, Word], Expr]:
    """Name the indices of sums in the order in which the word holds them: sums may be exchanged."""
    if any(upper.free_symbols & {s for s, _ in bounds} for _, upper in bounds):
        return (bounds, word), c
    places = {
        s: min(at for at, w in enumerate((*word, s)) if s in w.free_symbols) for s, _ in bounds
    }
    came = sorted(bounds, key=lambda b: places[b[0]])
    names = {s: own for (s, _), (own, _) in zip(came, bounds)}
    made = tuple((names[s], upper) for s, upper in came)
    return (made, tuple(put_apart(w, names) for w in word)), put_apart(c, names)


def _unsplit(bounds: Bounds, coefficient: Expr) -> bool:
    """Whether a delta picks a term of a sum that is still written as a sum."""
    if not bounds or not coefficient.has(KroneckerDelta):
        return False
    own = {symbol for symbol, _ in bounds}
    return any(own & d.free_symbols for d in coefficient.atoms(KroneckerDelta))


def _term_by_term(x: Expr, whole: tuple[Symbol, ...]) -> Expr:
    """Write out each sum over all indices, or over all but some, when they are all known."""

    def each(f: Expr, l: Expr, places: Iterable[Expr]) -> Expr:
        return Add(*[put_apart(f, {l: p}) for p in places])

    def written(e: Expr) -> Expr:
        f = e.args[0]
        if isinstance(e, Sum):
            for l, low, high in e.limits:  # the innermost first
                whole_range = low == 1 and str(high) == "n"
                f = each(f, l, whole) if whole_range else Sum(f, (l, low, high))
            return f
        _, l, high, excluded = e.args
        out = set(excluded.args)
        if str(high) != "n" or not out <= set(whole):
            return e
        return each(f, l, [p for p in whole if p not in out])

    return x.replace(lambda e: isinstance(e, (Sum, OffSum)), written)


def _reindexed(e: Sum, permutations: frozenset[str]) -> Expr:
    """Sum over l itself what is summed over a permutation's place of l, and over nothing else of l."""
    if len(e.limits) != 1:
        return e
    ((l, low, high),) = e.limits
    places = {a for a in e.function.atoms(Indexed) if a.indices == (l,)}
    moved = {a for a in places if str(a.base) in permutations}
    at = fresh(e, ())
    inside = e.function.xreplace(dict.fromkeys(moved, at))
    whole = low == 1 and str(high) == "n" and len(moved) == 1
    return Sum(inside.xreplace({at: l}), *e.limits) if whole and not inside.has(l) else e


def unabbreviated(x: Expr, rules: Rewriting) -> Expr:
    """Write out every indexed scalar that is a name for something."""
    one = fresh(x, ())
    both = one, fresh(x, (one,))
    swap = {
        e: put_apart(rules.names[str(e.base)](*both[: len(e.indices)]), dict(zip(both, e.indices)))
        for e in x.atoms(Indexed)
        if str(e.base) in rules.names
    }
    return x.xreplace(swap) if swap else x


def to_expr(terms: Terms) -> Expr:
    """Return the expression that a normal form stands for."""
    total = []
    for (bounds, word), coefficient in terms.items():
        if coefficient == 0:
            continue
        term = Mul(coefficient, *[_unfold(w) for w in word])
        for symbol, upper in reversed(bounds):
            term = Sum(term, (symbol, 1, upper))
        total.append(term)
    return Add(*total)


def rewrite(x: Expr, rules: Rewriting = NOTHING) -> Expr:
    """Return the expression in normal form."""
    return to_expr(normal(x, rules))


def _unfold(letter: Expr) -> Expr:
    """Write a Gram letter as the product that it names."""
    if isinstance(letter, Gram):
        factor: Expr = letter.args[0]
        return T(factor) * factor
    if isinstance(letter, Inverse):
        inner: Expr = letter.args[0]
        return Inverse(inner.replace(lambda e: isinstance(e, Gram), _unfold))
    return letter


def _add(total: Terms, key: tuple[Bounds, Word], coefficient: Expr) -> None:
    if coefficient is S.Zero:  # `is_zero` would ask every assumption, each time
        return
    value = total.get(key, S.Zero) + coefficient
    if value is S.Zero:
        total.pop(key, None)
    else:
        total[key] = value


def _key(word: Iterable[Expr]) -> list[object]:
    return [default_sort_key(w) for w in word]


def bound_name(f: Expr) -> Symbol:
    """Return the first of the names `_l1, _l2, ...` that a summand does not hold."""
    taken = {s.name for s in f.atoms(Symbol)}
    at = 1
    while f"_l{at}" in taken:
        at += 1
    return Symbol(f"_l{at}", integer=True, positive=True)


def _is_row(x: Expr) -> bool:
    """Tell whether a factor of a word is a row vector."""
    if isinstance(x, (Hadamard, Expect)):
        return shape(x) != () and shape(x)[0] == 1
    return isinstance(x, Transposed) and is_column(x.args[0])


class _Normalizer:
    def __init__(self, rules: Rewriting) -> None:
        self.rules = rules
        self.known = rules.scalar_forms
        if len(self.known) >= MOST_SCALARS:
            self.known.clear()

    # scalars -----------------------------------------------------------------------------------

    def scalar(self, x: Expr) -> Expr:
        """Return a commutative expression with every vector inside it in normal form."""
        if not x.args:
            return self.rules.scalars.get(x, x)
        found = self.known.get(x)
        if found is None:
            found = self.known[x] = self._scalar(x)
        return found

    def _scalar(self, x: Expr) -> Expr:
        if not x.has(Letter, Transposed, Dot, Norm, Trace, Sum, OffSum, Statistic, KroneckerDelta):
            return x.xreplace(dict(self.rules.scalars)) if self.rules.scalars else x
        if isinstance(x, (Dot, Norm, Trace)) and x.has(Stacked, Vec, Kronecker):
            return x  # a word does not close over these
        if isinstance(x, Dot):
            return self.collapse(self.product([T(x.args[0]), x.args[1]]))
        if isinstance(x, Norm):
            inner: Expr = x.args[0]
            square = Dot(inner, inner) if is_column(inner) else Trace(T(inner) * inner)
            return sqrt(self.scalar(square))
        if isinstance(x, Trace):
            return self.trace(x.args[0])
        if isinstance(x, Det):
            return x
        if isinstance(x, OffSum):
            return self.scalar(x.doit())
        if isinstance(x, Sum):
            return self.scalar_sum(x)
        if isinstance(x, Statistic):
            x = self.written(x)
            for rule in self.rules.statistics:
                found = rule(x)
                if found is not None:
                    return self.scalar(found)
            return x
        made = x.func(*[self.scalar(a) for a in x.args])
        return self.rules.scalars.get(made, made)

    def written(self, x: Statistic) -> Statistic:
        """Put in what the letters of a statistic stand for: it may be random, and they not look so."""
        for _ in range(4):  # one may stand for another
            swap = {
                a: found
                for a in x.atoms(Letter)
                for rule in self.rules.letters
                if (found := rule(a)) is not None and found != a
            }
            swap |= {a: b for a, b in self.rules.scalars.items() if a.is_Symbol and x.has(a)}
            if not swap:
                break
            x = x.xreplace(swap)
        return x

    def scalar_sum(self, x: Sum) -> Expr:
        f = self.scalar(x.function)
        for limit in x.limits:  # the innermost first
            f = self.sum_once(f, *limit)
        return f

    def sum_once(self, f: Expr, l: Expr, low: Expr, high: Expr) -> Expr:
        if points_of(f, l) and self.reaches(f, l, low, high):
            f = self.scalar(f)
            corrections = []
            for p in points_of(f, l):  # one after the other: two points may coincide
                generic = at_point(f, l, None, [p])
                corrections.append(self.scalar(at_point(f, l, p, [p]) - generic.subs(l, p)))
                f = generic
            return Add(self.sum_once(f, l, low, high), *corrections)
        if f.is_Add:
            return Add(*[self.sum_once(a, l, low, high) for a in f.args])
        constant, moving = f.as_independent(l, as_Add=False)
        if moving.has(log):
            moving = expand_log(moving)  # a constant inside a logarithm comes out of the sum
        if any(a.is_Add for a in Mul.make_args(moving)) or (
            moving.is_Pow and moving.base.is_Add and moving.exp.is_Integer
        ):
            wide = moving.expand()
            if wide.is_Add:
                return constant * self.sum_once(wide, l, low, high)
        if l not in moving.free_symbols:
            return (high - low + 1) * f
        if points_of(moving, l):
            return Sum(f, (l, low, high))
        index = bound_name(moving)
        total = Sum(moving.subs(l, index), (index, low, high))
        return constant * self.rules.scalars.get(total, total)

    def reaches(self, f: Expr, l: Expr, low: Expr, high: Expr) -> bool:
        """Whether a sum certainly goes over every place that a delta in it names.

        A letter for an index is one of 1..n; a number, or a place counted from another, need not be.
        """
        for p in points_of(f, l):
            if p.is_Symbol and low == 1:
                continue
            ends = ((p - low), (high - p))
            if not all(e.xreplace(dict(self.rules.ranges)).is_nonnegative for e in ends):
                return False
        return True

    def collapse(self, terms: Terms) -> Expr:
        """Return the scalar that closed terms (their words all empty) stand for."""
        total = []
        for (bounds, word), coefficient in terms.items():
            if word:
                raise ShapeError("a scalar was expected; a vector or matrix came")
            term = coefficient
            for symbol, upper in reversed(bounds):
                term = self.sum_once(term, symbol, S.One, upper)
            total.append(term)
        return Add(*total)

    def trace(self, x: Expr) -> Expr:
        total = []
        for (bounds, word), coefficient in self.linear(x).items():
            term = coefficient * self.trace_of_word(word)
            for symbol, upper in reversed(bounds):
                term = self.sum_once(term, symbol, S.One, upper)
            total.append(term)
        return Add(*total)

    def trace_of_word(self, word: Word) -> Expr:
        if len(word) == 1 and isinstance(word[0], IdentityMatrix):
            return word[0].args[0]
        for at in range(1, len(word)):
            if shape(Mul(*word[:at]))[1] == 1:
                return self.collapse(self.product([*word[at:], *word[:at]]))
        turns = [word[i:] + word[:i] for i in range(len(word))]
        for turn in turns:
            reduced = self.reduce(turn)
            if reduced != {turn: S.One}:
                return self.scalar(Trace(Add(*[c * Mul(*w) for w, c in reduced.items()])))
        flipped = [tuple(T(w) for w in reversed(turn)) for turn in turns]
        return Trace(Mul(*min(turns + flipped, key=_key)))

    # words -------------------------------------------------------------------------------------

    def linear(self, x: Expr) -> Terms:
        """Return (bounds, word) -> coefficient for any expression."""
        total: Terms = {}
        if x.is_commutative:
            _add(total, ((), ()), self.scalar(x))
            return total
        if isinstance(x, Add):
            shape(x)
            for a in x.args:
                for key, coefficient in self.linear(a).items():
                    _add(total, key, coefficient)
            return total
        if isinstance(x, Mul):
            shape(x)
            scalars, word = x.args_cnc()
            factor = self.scalar(Mul(*scalars))
            for key, coefficient in self.product(word).items():
                _add(total, key, factor * coefficient)
            return total
        if isinstance(x, Pow):
            if isinstance(x.exp, Integer) and 0 < x.exp <= 16:
                return self.product([x.base] * int(x.exp))
            if isinstance(x.exp, Integer) and -16 <= x.exp < 0:
                return self.product([Inverse(x.base)] * int(-x.exp))
            return {((), (x,)): S.One}
        if isinstance(x, OffSum):
            return self.linear(x.doit())
        if isinstance(x, Sum):
            return self.family_sum(x)
        if isinstance(x, Statistic):
            x = self.written(x)
            for rule in self.rules.statistics:
                found = rule(x)
                if found is not None:
                    return self.linear(found)
            return {((), (x,)): S.One}
        if isinstance(x, Inverse):
            return self.inverse(x.args[0])
        if isinstance(x, Transposed):
            return self.letter(x.args[0], True)
        return self.letter(x, False)

    def letter(self, x: Expr, transposed: bool) -> Terms:
        for rule in self.rules.letters:
            found = rule(x)
            if found is not None and found != x:
                return self.linear(T(found) if transposed else found)
        return {((), (T(x) if transposed else x,)): S.One}

    def family_sum(self, x: Sum) -> Terms:
        *inner, (l, low, n) = x.limits  # SymPy makes one sum of a sum of sums
        f = Sum(x.function, *inner) if inner else x.function
        if not self.reaches(f, l, low, n) or (inner and low != 1):
            return {((), (x,)): S.One}
        if low != 1:
            return self.part_of_family_sum(f, l, low, n)
        total: Terms = {}
        for (bounds, word), coefficient in self.linear(f).items():
            generic = coefficient
            for p in points_of(coefficient, l):  # one after the other: two points may coincide
                special, generic = at_point(generic, l, p, [p]), at_point(generic, l, None, [p])
                at = tuple(w.subs(l, p) for w in word)
                _add(total, (bounds, at), self.scalar(special - generic.subs(l, p)))
            if not any(l in w.free_symbols for w in word):
                _add(total, (bounds, word), self.sum_once(generic, l, S.One, n))
            else:
                symbol = Symbol(f"_l{len(bounds) + 1}", integer=True, positive=True)
                name = {l: symbol}
                _add(
                    total,
                    (bounds + ((symbol, n),), tuple(put_apart(w, name) for w in word)),
                    put_apart(generic, name),
                )
        return total

    def part_of_family_sum(self, f: Expr, l: Expr, low: Expr, n: Expr) -> Terms:
        """Return a sum that begins elsewhere: the one from 1, less or more a few summands."""
        if not low.is_Integer or abs(int(low)) > 16:
            return {((), (Sum(f, (l, low, n)),)): S.One}
        first, sign = int(low), -1 if low > 1 else 1
        places = range(1, first) if first > 1 else range(first, 1)
        apart = [sign * f.subs(l, Integer(t)) for t in places]
        return self.linear(Add(Sum(f, (l, 1, n)), *apart))

    def product(self, factors: Iterable[Expr]) -> Terms:
        total: Terms = {((), ()): S.One}
        for factor in factors:
            right = self.linear(factor)
            product: Terms = {}
            for (bounds_a, word_a), a in total.items():
                for (bounds_b, word_b), b in right.items():
                    bounds_c, word_c, b = self._apart(bounds_a, bounds_b, word_b, b)
                    for word, c in self.reduce(word_a + word_c).items():
                        _add(product, (bounds_a + bounds_c, word), a * b * c)
            total = product
        return total

    def _apart(
        self, taken: Bounds, bounds: Bounds, word: Word, coefficient: Expr
    ) -> tuple[Bounds, Word, Expr]:
        """Rename the bound indices of a second factor, so that none is captured."""
        if not taken or not bounds:
            return bounds, word, coefficient
        start = len(taken)
        names = {
            s: Symbol(f"_l{start + i + 1}", integer=True, positive=True)
            for i, (s, _) in enumerate(bounds)
        }
        return (
            tuple((names[s], upper) for s, upper in bounds),
            tuple(put_apart(w, names) for w in word),
            put_apart(coefficient, names),
        )

    def reduce(self, word: Word) -> dict[Word, Expr]:
        """Apply the pair rules and close every row that meets a column."""
        todo: list[tuple[Word, Expr]] = [(word, S.One)]
        done: dict[Word, Expr] = {}
        while todo:
            current, coefficient = todo.pop()
            step = self.one_step(current)
            if step is None:
                done[current] = done.get(current, S.Zero) + coefficient
            else:
                todo.extend((w, coefficient * c) for w, c in step)
        return done

    def one_step(self, word: Word) -> list[tuple[Word, Expr]] | None:
        if len(word) > 1:
            for i, letter in enumerate(word):
                if isinstance(letter, IdentityMatrix):
                    return [(word[:i] + word[i + 1 :], S.One)]
        for i in range(len(word) - 1):
            a, b = word[i], word[i + 1]
            found = self.rules.pairs.get((a, b))
            if found is None and isinstance(a, Transposed) and a.args[0] == b and not is_column(b):
                if isinstance(b, Matrix):
                    return [(word[:i] + (Gram(b),) + word[i + 2 :], S.One)]
            if found is not None:
                return [
                    (word[:i] + w + word[i + 2 :], c) for (_, w), c in self.linear(found).items()
                ]
            for inverse, at in ((a, i), (b, i + 1)):
                if isinstance(inverse, Inverse):
                    size = self._cancels(word, at)
                    if size:
                        start, end = size
                        rest = word[:start] + word[end:]
                        return [(rest or (IdentityMatrix(shape(inverse)[0]),), S.One)]
        row = None
        for i, letter in enumerate(word):
            if _is_row(letter):
                row = i
            elif row is not None and shape(letter)[1] == 1:
                value = self.dot(word[row : i + 1])
                return [(word[:row] + word[i + 1 :], value)]
        return None

    def _cancels(self, word: Word, at: int) -> tuple[int, int] | None:
        inner = self.linear(word[at].args[0])
        if len(inner) != 1:
            return None
        ((bounds, target), coefficient), *_ = inner.items()
        if bounds or coefficient != 1 or not target:
            return None
        m = len(target)
        if at >= m and word[at - m : at] == target:
            return at - m, at + 1
        if word[at + 1 : at + 1 + m] == target:
            return at, at + 1 + m
        return None

    def dot(self, segment: Word) -> Expr:
        """Return the scalar of a closed word: a row, square matrices, a column."""
        flipped = tuple(T(w) for w in reversed(segment))
        row, *middle = min((segment, flipped), key=_key)
        column = T(row)
        if len(middle) == 1:
            for rule in self.rules.dots:
                for u, v in ((column, middle[0]), (middle[0], column)):
                    found = rule(u, v)
                    if found is not None:
                        return self.scalar(found)
        return Dot(column, Mul(*middle))

    def inverse(self, x: Expr) -> Terms:
        terms = self.linear(x)
        if len(terms) == 1:
            ((bounds, word), coefficient), *_ = terms.items()
            if not bounds and word:
                if len(word) == 1 and isinstance(word[0], (IdentityMatrix, Inverse)):
                    inner = word[0] if isinstance(word[0], IdentityMatrix) else word[0].args[0]
                    return {((), (inner,)): 1 / coefficient}
                if all(isinstance(w, (Gram, Inverse)) for w in word):
                    inverted = [
                        w.args[0] if isinstance(w, Inverse) else Inverse(w) for w in reversed(word)
                    ]
                    return {((), tuple(inverted)): 1 / coefficient}
                return {((), (Inverse(Mul(*word)),)): 1 / coefficient}
        return {((), (Inverse(to_expr(terms)),)): S.One}
