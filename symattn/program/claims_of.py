"""Claims of the sheets by their addresses, as what programs are made from."""

from __future__ import annotations

from functools import lru_cache

from sympy import Add, Expr, Indexed, Mul, S, Sum, Symbol

from symattn.algebra.letters import Dot, Letter
from symattn.claims import Claim
from symattn.claims.definitions import Defined, Definitions, family_name, names_in
from symattn.derive.derivation import Derivation
from symattn.derive.script import derive
from symattn.errors import SymattnError, UnknownName
from symattn.program.arraycode import ArrayFunction, function
from symattn.program.tensors import NoCode, python_name
from symattn.sheet import find_question, unknown


@lru_cache(maxsize=32)
def derivation(question: str) -> Derivation:
    """Return what the script of a question derives, by its name or `SHEET/QUESTION`."""
    return derive(find_question(question)[1])


def claim_at(address: str) -> Claim:
    """Return the claim at `sheet/question/claim`, or at `question/claim`.

    Raises
    ------
    UnknownName : with the names that there are.

    >>> claim_at("softmax/q1d/backward").name
    'backward'
    """
    question, _, name = address.rpartition("/")
    if not (question and name):
        raise UnknownName(
            f"{address!r} is no address of a claim",
            "write SHEET/QUESTION/CLAIM, such as softmax/q4b/query; `symattn code` lists them",
        )
    found = {c.name: c for c in derivation(question).claims}
    if name not in found:
        raise unknown("claim", name, found)
    return found[name]


def names_of(claim: Claim) -> Definitions:
    """Return what the letters of a claim stand for."""
    names = getattr(getattr(claim.oracle, "oracle", claim.oracle), "names", None)
    return names if isinstance(names, Definitions) else Definitions()


def code_of(address: str, target: str = "numpy") -> ArrayFunction:
    """Return the function of a claim's right side; what its letters stand for is computed first.

    Raises
    ------
    NoCode : the claim's right side is no formula of arrays.
    """
    claim = claim_at(address)
    wanted = names_in(claim.right)
    held: list[Defined] = []
    own = (
        {family_name(claim.shown)} if isinstance(claim.shown, Symbol | Indexed | Letter) else set()
    )
    for one in reversed(names_of(claim).defined):
        if one.name in wanted - own and one.value is not None:
            wanted |= names_in(one.value)
            held.insert(0, one)
    if claim.right.has(S.Infinity) or not isinstance(claim.right, Expr):
        raise NoCode(f"the right side of {address} is no formula")
    name = python_name(claim.name.replace("-", "_"))
    return function(
        name,
        {"value": claim.right},
        names=[(python_name(one.name), one.letter, one.value or S.Zero) for one in held],
        made_from=(address,),
        says=(f"The right side of: {claim.latex}", *_under(claim)),
        target=target,
    )


def _under(claim: Claim) -> tuple[str, ...]:
    """Say what a claim assumes."""
    given = "; ".join(claim.given.latex)
    return (f"Given: {given}.",) if given else ()


def defined_in(question: str, letter: Expr) -> Defined:
    """Return what a letter stands for in a question."""
    found = {one.name: one for one in derivation(question).question.names.defined}
    return found[family_name(letter)]


def gradient(x: Expr, direction: Expr) -> Expr:
    """Return what a derivative along a direction is the product with: `u . w` has the gradient w.

    A family of directions `r_l` under a sum over l has the gradient at the index l.

    >>> from symattn.algebra.attention import alpha, d, k, l, n
    >>> from symattn.algebra.letters import Vector
    >>> u = Vector("u", d)
    >>> gradient(Sum(alpha(l) * Dot(k(l), u), (l, 1, n)), u)
    Sum(\\alpha[l]*k[l], (l, 1, n))
    """
    if not x.has(direction):
        return S.Zero
    if isinstance(x, Add):
        return Add(*(gradient(a, direction) for a in x.args))
    if isinstance(x, Sum):
        inner = gradient(x.function, direction)
        own = getattr(direction, "index", None)
        return inner if own in x.bound_symbols else Sum(inner, *x.limits)
    if isinstance(x, Dot) and direction in x.args and x.args[0] != x.args[1]:
        return x.args[1] if x.args[0] == direction else x.args[0]
    if isinstance(x, Mul):
        (one,) = [a for a in x.args if a.has(direction)]
        rest = [a for a in x.args if a is not one]
        return Mul(*rest, gradient(one, direction))
    raise SymattnError(f"{x} is not linear in {direction}")
