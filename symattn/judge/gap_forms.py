"""The two forms of a condition that are decided: a least gap of the logits, a bound of the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import Expr, Indexed, Mul, S, Sum, Symbol, exp, log, powsimp

from symattn.algebra.attention import i, k, n, q
from symattn.algebra.letters import Dot, Letter, Member, Norm, OffSum
from symattn.algebra.stable import Peak, Pit
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import normal, to_expr
from symattn.claims.definitions import family_name

Array = np.ndarray
REST = Symbol("_rest", positive=True)  # the others' sum of exp(-gap)


def letters_in(*terms: Expr) -> set[str]:
    """Return the names of the vectors, matrices and families that occur."""
    return {family_name(a) for x in terms for a in x.atoms(Letter, Indexed) if a.args}


def least_gap(one: Expr, two: Expr) -> Expr | None:
    """Return g when `one >= two` says that the gap over every other logit is at least g.

    An extreme over the others stands for each of them where it is on the side that makes it so.
    """
    difference = one - two
    for node in difference.atoms(Peak):
        slope = difference.coeff(node)
        wanted = slope.is_positive if isinstance(node, Pit) else slope.is_negative
        if not wanted or node.args[3].args != (i,):
            return None
        difference = difference.xreplace({node: node.args[0]})
    flat = to_expr(normal(difference)).expand()
    dots = [a for a in flat.atoms(Dot) if q in a.args]
    others = [a for a in dots if _key(a) not in (None, i)]
    own = [a for a in dots if _key(a) == i]
    if not all(isinstance(_key(a), Symbol) for a in dots):
        return None  # k_{i+1} is one key, and not every other
    if len(others) != 1 or len(own) != 1 or len(dots) != 2:
        return None
    a, b = flat.coeff(own[0]), flat.coeff(others[0])
    rest = (flat - a * own[0] - b * others[0]).expand()
    if a + b != 0 or not a.is_positive or rest.has(Dot, Norm, Member, q):
        return None
    return -rest / a


def norm_gap(one: Expr, two: Expr) -> Expr | None:
    r"""Return g when `one >= two` says that \|q\| \|k_i - k_l\| is at least g.

    By the Cauchy-Schwarz inequality the gap of two logits is at most that product.
    """
    difference = (one - two).expand()
    sizes = [x for x in difference.atoms(Norm) if x != Norm(q)]
    if len(sizes) != 1 or Norm(q) not in difference.atoms(Norm):
        return None
    (apart,) = sizes
    keys = [x for x in apart.args[0].atoms(Member) if x.name == "k"]
    if len(keys) != 2 or i not in [x.index for x in keys]:
        return None
    own, other = sorted(keys, key=lambda x: x.index != i)
    if vanishes(apart.args[0] - own + other) is not True and vanishes(
        apart.args[0] + own - other
    ) is not True:  # fmt: skip
        return None
    slope = difference.coeff(Norm(q) * apart)
    rest = (difference - slope * Norm(q) * apart).expand()
    if not (slope.is_number and slope.is_positive) or rest.has(Dot, Norm, Member, q):
        return None
    return -rest / slope


def log_gap(ratio: Expr) -> Expr | None:
    """Return g when a ratio of exponentials is small exactly when every gap is far above g."""
    factors: list[Expr] = []
    powers: list[Expr] = []
    for f in powsimp(ratio, force=True).as_ordered_factors():
        (powers if isinstance(f, exp) else factors).append(f)
    rest = Mul(*factors)
    if len(powers) != 1 or rest.has(Dot, Norm, Member, q) or not rest.is_positive:
        return None
    gap = least_gap(-powers[0].args[0], S.Zero)
    return None if gap is None else gap + log(rest)


def _key(dot: Dot) -> Expr | None:
    """Return the index of the key in a logit."""
    keys = [a for a in dot.args if isinstance(a, Member) and a.name == "k"]
    return keys[0].index if len(keys) == 1 else None


def rest_bound(difference: Expr) -> Expr | None:
    """Return the difference with the others' sum of exp(-gap) as a symbol, or None."""

    def is_rest(e: Any) -> bool:
        if not isinstance(e, OffSum) or e.args[3].args != (i,):
            return False
        wanted = Dot(k(e.args[1]), q) - Dot(k(i), q)
        inner = e.function
        inner = powsimp(inner, force=True)
        return isinstance(inner, exp) and vanishes(inner.args[0] - wanted) is True

    def is_sum(e: Any) -> bool:
        """The sum of exp(logit), over the others or over all."""
        if isinstance(e, OffSum) and e.args[3].args == (i,):
            index = e.args[1]
        elif isinstance(e, Sum) and len(e.limits) == 1 and e.limits[0][1:] == (1, n):
            index = e.limits[0][0]
        else:
            return False
        return bool(e.args[0] == exp(Dot(k(index), q)))

    def in_rest(e: Any) -> Expr:
        return exp(Dot(k(i), q)) * (REST if isinstance(e, OffSum) else 1 + REST)

    if not difference.is_commutative:
        return None
    found = difference.replace(is_rest, lambda *_: REST).replace(is_sum, in_rest)
    if found.has(Dot):  # what multiplies the whole is positive
        found = (found / exp(Dot(k(i), q))).expand()
    if REST not in found.free_symbols or found.has(Member, q):
        return None
    return found  # type: ignore[no-any-return]
