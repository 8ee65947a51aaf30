"""Are two expressions in vectors and matrices equal?  An exact decision first, then instances."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from sympy import Basic, Expr, Indexed, Symbol

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.letters import Identity, Inverse, Letter, Matrix, shape, show_shape
from symattn.algebra.vanish import vanishes
from symattn.check.numbers import MINIMUM, TOLERANCE, plain, relative
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.errors import BudgetExceeded, ShapeError, SymattnError
from symattn.hypotheses.base import Given, Hypothesis, Instance

POINTS = 24
SIZES = (2, 3, 4, 5)


def decide(a: Expr, b: Expr, given: Iterable[Any] = (), seed: int = 0) -> Verdict:
    """Return the verdict on `a = b` for matrices of every size that fits.

    given : hypotheses; what is no `Hypothesis` says nothing about matrices and is left aside.

    >>> from sympy import Symbol
    >>> from symattn.algebra.letters import T
    >>> d, s = (Symbol(name, integer=True, positive=True) for name in "ds")
    >>> A, B = Matrix("A", d, d), Matrix("B", d, d)
    >>> decide(T(A * B), T(B) * T(A)).verdict, decide(A * B, B * A).verdict
    ('proved', 'refuted')
    """
    hypotheses = Given(tuple(h for h in given if isinstance(h, Hypothesis)))
    try:
        left, right = shape(a), shape(b)
    except ShapeError as error:
        return _shapes(str(error))
    if left != right and not (a.is_zero or b.is_zero):
        return _shapes(f"the left side is {show_shape(left)}, the right side {show_shape(right)}")
    try:
        if vanishes(a - b, hypotheses.rewriting) is True:
            text = "both sides reduce to one normal form"
            found = Evidence("proof", "proved", "identity-proved", text)
            return Verdict("proved", found.code, text, (found,), None, _assumed(a, b, hypotheses))
    except BudgetExceeded as error:
        return Verdict("undecided", "out-of-time", str(error))
    return _measured(a, b, hypotheses, seed)


def _assumed(a: Expr, b: Expr, given: Given) -> tuple[str, ...]:
    inverses = ("every inverse that is written exists",) if (a - b).has(Inverse) else ()
    return (*given.latex, *inverses)


def _shapes(text: str) -> Verdict:
    found = Evidence("proof", "refuted", "shape-mismatch", text)
    return Verdict("refuted", found.code, text, (found,))


def _measured(a: Expr, b: Expr, given: Given, seed: int) -> Verdict:
    data: dict[str, Any] = {"seed": seed, "points": POINTS, "tolerance": TOLERANCE}
    valid, worst = 0, 0.0
    for instance in _instances(a, b, given, seed):
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore", RuntimeWarning)
                left, right = (np.asarray(compiled(x)(instance), dtype=float) for x in (a, b))
            if not (np.all(np.isfinite(left)) and np.all(np.isfinite(right))):
                continue
            if a.is_zero or b.is_zero:  # zero is written 0 whatever its shape
                left, right = np.broadcast_arrays(left, right)
            difference = relative(left, right)
        except (SymattnError, ArithmeticError, np.linalg.LinAlgError, ValueError, TypeError):
            continue  # no point: it neither agrees nor differs
        if difference > TOLERANCE:
            shown = {k: plain(v) for k, v in sorted(instance.items()) if k in _names(a, b)}
            text = f"the two sides differ by {difference:.3g}, relatively"
            found = Evidence("numbers", "refuted", "counterexample", text, data)
            counter = Counterexample(shown, plain(left), plain(right), text)
            assumed = _assumed(a, b, given)
            return Verdict("refuted", found.code, text, (found,), counter, assumed)
        valid, worst = valid + 1, max(worst, difference)
    data |= {"valid": valid, "worst": worst}
    if valid < MINIMUM:
        text = f"only {valid} valid instances of at least {MINIMUM}"
        found = Evidence("numbers", "undecided", "too-few-points", text, data)
    else:
        text = f"{valid} instances agree to {worst:.1e}"
        found = Evidence("numbers", "confirmed", "instances-agree", text, data)
    return Verdict(found.verdict, found.code, text, (found,), None, _assumed(a, b, given))


def _names(a: Expr, b: Expr) -> set[str]:
    return set(needed(a)) | set(needed(b))


def _instances(a: Expr, b: Expr, given: Given, seed: int) -> Iterator[Instance]:
    """Yield arrays for every letter: whole numbers first, then normal ones, in several sizes."""
    rng = np.random.default_rng(seed)
    letters = sorted((x for x in (a - b).atoms(Letter) if not isinstance(x, Identity)), key=str)
    sizes = sorted({s for x in letters for e in x.shape for s in e.free_symbols}, key=str)
    for turn in range(POINTS):
        count = {str(s): SIZES[(turn + i) % len(SIZES)] for i, s in enumerate(sizes)}
        count = {"n": 3, "d": 3, "s": 2, "t": 2, **count}
        instance: Instance = given.sample(rng, count) if given.hypotheses else dict(count)
        written = set(instance) if given.hypotheses else set()
        whole = turn < len(SIZES)
        for x in letters:
            if x.name in written and x.name not in count:
                continue
            shown = tuple(int(e.subs(_at(instance))) for e in x.shape)
            shown = shown[:1] if shown[1] == 1 and not isinstance(x, Matrix) else shown
            family = (instance["n"], *shown) if x.index is not None else shown
            if x.name not in instance or np.shape(instance[x.name]) != family:
                instance[x.name] = _draw(rng, family, whole)
        for name in sorted(_names(a, b) - set(instance)):
            instance[name] = _scalar(rng, name, (a - b), instance)
        yield instance


def _at(instance: Instance) -> dict[Basic, Any]:
    return {
        Symbol(k, integer=True, positive=True): v for k, v in instance.items() if np.isscalar(v)
    }


def _draw(rng: np.random.Generator, size: tuple[int, ...], whole: bool) -> Any:
    return rng.integers(-2, 3, size=size).astype(float) if whole else rng.normal(size=size)


def _scalar(rng: np.random.Generator, name: str, x: Expr, instance: Instance) -> Any:
    if any(str(e.base) == name for e in x.atoms(Indexed)):
        return rng.normal(size=instance["n"])
    symbol = next((s for s in x.atoms(Symbol) if s.name == name), Symbol(name))
    if symbol.is_integer:
        return int(rng.integers(1, instance["n"] + 1))
    size = float(np.exp(rng.uniform(-2, 1.5)))
    return size if symbol.is_positive or rng.uniform() < 0.5 else -size
