"""Are two expressions equal?  Read both sides, declare their symbols, and ask the right gate.

Scalars go to `equality.scalars`, what holds vectors or matrices to `equality.matrices`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sympy import Catalan, E, EulerGamma, Expr, GoldenRatio, Integral, S, pi
from sympy.core.relational import Relational

from symattn.algebra.letters import Conditional, Cov, Det, Dot, Letter, Norm, Statistic, Trace
from symattn.algebra.symbols import of_kind
from symattn.check.budget import deadline, off_main_thread, run_bounded
from symattn.check.equality import kinds
from symattn.check.equality.comparison import MINIMUM
from symattn.check.equality.declared import SECONDS, Options, ReadSides, Shapes, term_of
from symattn.check.equality.known_integrals import NOTE, settled_where
from symattn.check.equality.named_laws import normal_columns
from symattn.check.equality.reading import IMAGINARY, as_matrices, read_sides
from symattn.check.equality.scalars import Scalars
from symattn.check.equality.sides import where
from symattn.check.equality.standing import Standing
from symattn.check.equality.told import read_as
from symattn.check.equality.written import needed, without_value
from symattn.check.verdict import Evidence, Verdict
from symattn.errors import BudgetExceeded, ReadError, ShapeError
from symattn.latex.grammar.builder import EXPONENT, NO_SIZE, OPEN_SIZE, ScalarLimit
from symattn.latex.meaning import read
from symattn.latex.names import Vocabulary
from symattn.latex.nodes import StatisticOf, every

ASK = "say what each letter is with --shape S=d,s"

__all__ = ["Options", "equal", "read_sides"]


def equal(
    a: Any,
    b: Any,
    given: Iterable[Any] = (),
    *,
    positive: Iterable[str] = (),
    nonnegative: Iterable[str] = (),
    real: Iterable[str] = (),
    integer: Iterable[str] = (),
    shapes: Shapes | None = None,
    where: Mapping[str, str] | None = None,
    laws: Mapping[str, tuple[str, str]] | None = None,
    vocabulary: Vocabulary | None = None,
    seconds: float = SECONDS,
    minimum: int = MINIMUM,
    seed: int = 0,
    isolated: bool | None = None,
) -> Verdict:
    r"""Say whether two expressions are equal, and on what grounds.

    Parameters
    ----------
    a, b : SymPy expressions, numbers, or LaTeX strings.
    given : hypotheses: SymPy relations (`Ne(i, j)`, `x > 0`) or objects of `symattn.hypotheses`.
    positive, nonnegative, real, integer : names of symbols; what is not declared is real, and what
        indexes or bounds a sum is a positive whole number.
    shapes : name -> (rows, columns) of the matrices and vectors in LaTeX.
    where : name -> LaTeX that it stands for; laws : name -> mean and variance of a normal letter.
    vocabulary : what the other letters in LaTeX mean.
    seconds : of the processor, for the whole comparison.
    minimum : valid points that a confirmation takes.
    seed : the same seed tries the same points.
    isolated : work in another process, where the time holds for every input and memory is bounded
        too (1 GiB); by default off the main thread, where nothing in this process bounds the time.

    Raises
    ------
    UnknownName : when a declared name does not occur.
    SymattnError : when a side is not an expression.

    >>> equal(r"\tanh x", r"\frac{e^{2x}-1}{e^{2x}+1}").verdict
    'proved'
    >>> print(equal(r"\sqrt{x^2}", "x"))
    refuted (separated): at x = -1/2: the left side is 0.5, the right side -0.5
    >>> equal(r"\sqrt{x^2}", "x", positive=["x"]).verdict
    'proved'
    """
    options = Options(
        tuple(given),
        tuple(positive),
        tuple(nonnegative),
        tuple(real),
        tuple(integer),
        dict(shapes or {}),
        vocabulary,
        seconds,
        minimum,
        seed,
        tuple(Standing(name, latex) for name, latex in (where or {}).items()),
        dict(laws or {}),
    )
    try:
        if off_main_thread() if isolated is None else isolated:
            return run_bounded(_equal, a, b, options, seconds=seconds + 0.5)
        return _equal(a, b, options)
    except BudgetExceeded as error:
        return Verdict("undecided", "out-of-time", str(error))
    except RecursionError:
        return Verdict("undecided", "out-of-time", "the expression is nested too deeply")


def _equal(a: Any, b: Any, options: Options) -> Verdict:
    with deadline(options.seconds):
        try:
            sides = read_sides(a, b, options)
        except ReadError as error:
            return Verdict("unread", "unread", _located(error))
        except ShapeError as error:
            return Verdict("refuted", "shape-mismatch", str(error))
        found = _of_sides(a, b, sides, options)
        if found.passed and (lost := without_value(sides)):
            found = Verdict("undecided", "case-not-excluded", lost)
        if found.passed:
            more = dict.fromkeys((*found.assumptions, *needed(sides)))
            found = replace(found, assumptions=tuple(more))
        return replace(found, read_as=read_as(sides, options.standing))


def _of_sides(a: Any, b: Any, sides: ReadSides, options: Options) -> Verdict:
    found = _decided(sides, options)
    if found.verdict == "refuted" and (doubt := sides.open or _of_constant(sides, options)):
        return Verdict("undecided", "two-readings", doubt)
    if found.verdict == "refuted" and SPREAD in sides.guessed:
        shapes = {name: tuple(map(str, x.shape)) for name, x in sides.guessed.items()}
        shapes[SPREAD] = (*shapes[SPREAD], "symmetric")
        if _decided(read_sides(a, b, replace(options, shapes=shapes)), options).passed:
            return Verdict("undecided", "two-readings", f"it holds if {SPREAD} is symmetric")
    if sides.other is not None and (found.verdict == "refuted" or sides.other.open == IMAGINARY):
        # one reading of a letter refutes nothing where another may hold
        other = _decided(sides.other, options)
        if sides.other.open == IMAGINARY and (found.verdict, other.verdict) == (
            "refuted",
            "proved",
        ):
            # nobody writes `e^{i \theta} = \cos\theta + i \sin\theta` of any other letter
            unit = "i is the imaginary unit"
            return replace(other, assumptions=(unit, *other.assumptions))
        if found.code == "shape-mismatch" and other.passed:
            return replace(other, assumptions=(sides.other.open, *other.assumptions))
        if (found.verdict == "refuted") != (other.verdict == "refuted"):
            return Verdict("undecided", "two-readings", sides.other.open)
    return _of_every_shape(found, a, b, sides, options) if found.passed else found


SPREAD = "\\Sigma"
"""The letter of a covariance, which as such is symmetric."""
CONSTANTS = {
    "\\gamma": (EulerGamma, "Euler's constant"),
    "\\phi": (GoldenRatio, "the golden ratio"),
    "G": (Catalan, "Catalan's constant"),
    "e": (E, "the base of the natural logarithm"),
    "\\pi": (pi, "half the circumference of the unit circle"),
}


def _of_constant(sides: ReadSides, options: Options) -> str:
    """Say which constant the only letter of two sides may be, if they hold of that; '' for none."""
    free = {s for x in (sides.left, sides.right) for s in x.free_symbols}
    (letter, *more) = free or {S.One}
    value, name = CONSTANTS.get(str(letter), (None, ""))
    random = sides.left.has(Statistic) or sides.right.has(Statistic)
    if value is None or more or random or str(letter) in options.names:
        return ""
    put = {letter: value}
    read = replace(sides, left=sides.left.xreplace(put), right=sides.right.xreplace(put), open="")
    holds = _decided(replace(read, other=None), options)
    return "" if holds.verdict == "refuted" else f"if {letter} is {name}, it may hold"


def _of_every_shape(found: Verdict, a: Any, b: Any, sides: ReadSides, options: Options) -> Verdict:
    """Return what was accepted of guessed kinds, if it holds of the other kinds that fit too."""
    shapes = kinds.rivals(sides.guessed) if sides.guessed else as_matrices(sides, options)
    if shapes is None:
        return Verdict("undecided", "two-readings", f"too many shapes are guessed; {ASK}")
    for other in shapes:
        strict = not sides.guessed and any(columns == 1 for _, columns in other.values())
        try:
            read = read_sides(a, b, replace(options, shapes=other))
        except (ShapeError, ReadError) as error:
            # `A + 1` is one of numbers, and `A^{-1} B!` may not be
            unfit = isinstance(error, ShapeError) or error.message == NO_SIZE
            unfit = unfit and EXPONENT not in str(error)  # `e^{A + B}` may be one of matrices
            if sides.guessed or (unfit and not strict):
                continue
            return Verdict("undecided", "two-readings", f"read as numbers it holds; {ASK}")
        verdict = _decided(read, options)
        if not verdict.passed and verdict.code != "shape-mismatch":
            said = ", ".join(
                f"{name} {rows} x {columns}" for name, (rows, columns) in other.items()
            )
            reason = f"with {said} it is {verdict.verdict}; {ASK}"
            return Verdict("undecided", "two-readings", reason)
    return found


def _located(error: ReadError) -> str:
    place = f" (at character {error.position + 1} of {error.source!r})" if error.source else ""
    return f"{error}{place}"


def _decided(sides: ReadSides, options: Options) -> Verdict:
    left, right, given = sides.left, sides.right, sides.given
    if of_kind(ScalarLimit, left, right):
        return _with_limits(sides, options)
    if of_kind((Statistic, Conditional), left, right):
        from symattn.check.equality import moments, vector_moments

        drawn = {
            e.over[0].base: e.over[1].base[1:]
            for reading in sides.readings
            for e in every(reading.statement, StatisticOf)
            if len(e.over) == 2 and e.over[1].base[:1] == "~"
        }
        if not of_kind((Letter, Cov), left, right):
            return moments.decide(left, right, given, options.seed, sides.laws, drawn)
        columns = {name: _columns(law, sides) for name, law in drawn.items()}
        found = vector_moments.decide(left, right, given, options.seed, columns)
        return replace(found, assumptions=(*found.assumptions, *sides.notes))
    if _is_for_matrices(left, right, given):
        from symattn.check.equality.matrices import decide

        found = decide(left, right, given, options.seed)
        return replace(found, assumptions=(*found.assumptions, *sides.notes))
    if of_kind(Integral, left, right):
        closed = replace(
            sides,
            left=settled_where(left, given),
            right=settled_where(right, given),
            notes=(*sides.notes, NOTE),
        )
        if not of_kind(Integral, closed.left, closed.right):
            found = _confirmed_at_best(_decided(closed, options), NOTE, options)
            if found.verdict != "undecided":
                return found
    return _scalars(sides, options).verdict()


def _scalars(sides: ReadSides, options: Options) -> Scalars:
    return Scalars(
        sides.left,
        sides.right,
        sides.given,
        sides.notes,
        options.seed,
        options.seconds,
        options.minimum,
    )


def _columns(law: str, sides: ReadSides) -> tuple[Expr, Expr] | None:
    """Return the mean and the covariance that a normal law of columns names; None for another law."""
    said = normal_columns(law)
    words = sides.words.merged(Vocabulary(size=OPEN_SIZE))
    made = [term_of(read(x, words)) for x in said or ()]
    return (made[0], made[1]) if made else None


def _with_limits(sides: ReadSides, options: Options) -> Verdict:
    """Return the verdict with each limit replaced by its value, which is confirmed at best."""
    from symattn.check.equality.limit_values import limits_settled
    from symattn.check.equality.limits_at import NoLimit

    note = "limits as SymPy takes them, and as numbers far along come near"
    try:
        left, right = limits_settled(sides.left), limits_settled(sides.right)
    except NoLimit:
        return _at_each_point(
            replace(sides, notes=(*sides.notes, f"{note}, at each point")), options
        )
    found = _decided(replace(sides, left=left, right=right, notes=(*sides.notes, note)), options)
    return _confirmed_at_best(found, note, options)


def _confirmed_at_best(found: Verdict, note: str, options: Options) -> Verdict:
    """Return a verdict in which something stands that no kernel proves."""
    if found.verdict != "proved":
        return found
    text = f"{found.reason}, with {note}"
    evidence = Evidence("numbers", "confirmed", "samples-agree", text, {"seed": options.seed})
    return Verdict("confirmed", "samples-agree", text, (evidence,), None, found.assumptions)


def _at_each_point(sides: ReadSides, options: Options) -> Verdict:
    """Return the verdict on limits that are another where letters compare otherwise.

    What holds at some points and not at others may be meant where it holds.
    """
    compared = _scalars(sides, options)
    found = compared.verdict()
    comparison = compared.comparison
    apart = [*comparison.left_only, *comparison.right_only]
    if found.passed and apart:
        reason = f"{where(apart[0])}one side has no finite value; say for which letters it is meant"
    elif found.verdict == "refuted" and compared.holds_elsewhere():
        reason = f"it holds for some letters and not {found.reason}; say for which it is meant"
    else:
        return found
    return Verdict("undecided", "case-not-excluded", reason, (), None, found.assumptions)


def _is_for_matrices(left: Expr, right: Expr, given: tuple[Any, ...]) -> bool:
    kinds = (Letter, Det, Dot, Norm, Trace, Statistic)
    return (
        left.is_commutative is False
        or right.is_commutative is False
        or bool(of_kind(kinds, left, right))
        or any(not isinstance(g, Relational) for g in given)
    )
