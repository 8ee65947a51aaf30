"""Are two expressions equal?  Read both sides, declare their symbols, and ask the right gate.

Scalars go to `equality.scalars`, what holds vectors or matrices to `equality.matrices`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sympy import Expr, sympify
from sympy.core.relational import Relational
from sympy.core.sympify import SympifyError

from symattn.algebra.letters import Dot, Letter, Norm, Statistic, Trace
from symattn.algebra.symbols import all_symbols, apply, declarations, guard, of_kind
from symattn.check.budget import deadline, run_bounded
from symattn.check.equality.comparison import MINIMUM
from symattn.check.equality.scalars import Scalars
from symattn.check.verdict import Verdict
from symattn.errors import BudgetExceeded, ReadError, ShapeError, SymattnError

if TYPE_CHECKING:
    from symattn.latex.names import Vocabulary

SECONDS = 10.0
Shapes = Mapping[str, Sequence[Any]]


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
    vocabulary: Vocabulary | None = None,
    seconds: float = SECONDS,
    minimum: int = MINIMUM,
    seed: int = 0,
    isolated: bool = False,
) -> Verdict:
    r"""Say whether two expressions are equal, and on what grounds.

    Parameters
    ----------
    a, b : SymPy expressions, numbers, or LaTeX strings.
    given : hypotheses: SymPy relations (`Ne(i, j)`, `x > 0`) or objects of `symattn.hypotheses`.
    positive, nonnegative, real, integer : names of symbols; what is not declared is real, and what
        indexes or bounds a sum is a positive whole number.
    shapes : name -> (rows, columns) of the matrices and vectors in LaTeX.
    vocabulary : what the other letters in LaTeX mean.
    seconds : of the processor, for the whole comparison.
    minimum : valid points that a confirmation takes.
    seed : the same seed tries the same points.
    isolated : work in another process, so that the time holds for every input.

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
    )
    try:
        if isolated:
            return run_bounded(_equal, a, b, options, seconds=seconds + 0.5)
        return _equal(a, b, options)
    except BudgetExceeded as error:
        return Verdict("undecided", "out-of-time", str(error))
    except RecursionError:
        return Verdict("undecided", "out-of-time", "the expression is nested too deeply")


@dataclass(frozen=True)
class Options:
    """What `equal` was asked, besides the two sides."""

    given: tuple[Any, ...] = ()
    positive: tuple[str, ...] = ()
    nonnegative: tuple[str, ...] = ()
    real: tuple[str, ...] = ()
    integer: tuple[str, ...] = ()
    shapes: Shapes = field(default_factory=dict)
    vocabulary: Any = None
    seconds: float = SECONDS
    minimum: int = MINIMUM
    seed: int = 0


def _equal(a: Any, b: Any, options: Options) -> Verdict:
    with deadline(options.seconds):
        try:
            sides = read_sides(a, b, options)
        except ReadError as error:
            return Verdict("unread", "unread", _located(error))
        except ShapeError as error:
            return Verdict("refuted", "shape-mismatch", str(error))
        left, right, given, notes = sides
        if _is_for_matrices(left, right, given):
            from symattn.check.equality.matrices import decide

            return decide(left, right, given, options.seed)
        return Scalars(
            left, right, given, notes, options.seed, options.seconds, options.minimum
        ).verdict()


def _located(error: ReadError) -> str:
    place = f" (at character {error.position + 1} of {error.source!r})" if error.source else ""
    return f"{error}{place}"


# reading ---------------------------------------------------------------------------------------


def read_sides(a: Any, b: Any, options: Options) -> tuple[Expr, Expr, tuple[Any, ...], list[str]]:
    """Return both sides as declared expressions, what is given, and notes on the reading."""
    notes: list[str] = []
    given = list(options.given)
    sides = []
    for x in (a, b):
        if isinstance(x, str):
            x, conditions, said = _read_latex(x, options)
            given += [c for c in conditions if c not in given]
            notes += [note for note in said if note not in notes]
        try:
            x = sympify(x, strict=True)
        except (SympifyError, TypeError):
            raise SymattnError(
                f"an expression was expected, not {type(x).__name__}",
                "give SymPy expressions, numbers or LaTeX strings",
            ) from None
        if not isinstance(x, Expr) or getattr(x, "is_Matrix", False):
            raise SymattnError(
                f"an expression was expected, not {x}", "compare the sides of a relation"
            )
        sides.append(x)
    relations = [g for g in given if isinstance(g, Relational)]
    guard(*sides, *relations)
    known = {s.name for x in sides for s in all_symbols(x)}
    declared = {
        kind: [name if name in known or "\\" + name not in known else "\\" + name for name in names]
        for kind, names in (
            ("positive", options.positive),
            ("nonnegative", options.nonnegative),
            ("real", options.real),
            ("integer", options.integer),
        )
    }
    mapping = declarations(*sides, *relations, **declared)
    left, right = (apply(x, mapping) for x in sides)
    given = [apply(g, mapping) if isinstance(g, Relational) else g for g in given]
    return left, right, tuple(given), notes


def _read_latex(source: str, options: Options) -> tuple[Expr, list[Any], list[str]]:
    """Return what LaTeX says, its side conditions as relations, and the reader's notes."""
    from symattn.algebra.letters import Matrix, Vector
    from symattn.latex.meaning import read
    from symattn.latex.names import Vocabulary

    words = options.vocabulary or Vocabulary()
    for name, (rows, columns) in options.shapes.items():
        sizes = [_size(rows), _size(columns)]
        letter = Vector(name, sizes[0]) if sizes[1] == 1 else Matrix(name, *sizes)
        words = words.define(name, letter)
    reading = read(source, words)
    if reading.relations:
        raise ReadError(
            f"one side was expected, not a relation {reading.relations[0]!r}",
            source,
            0,
            "give its two sides apart",
        )
    if reading.remainders:
        raise ReadError("a remainder O(..) has no value to compare", source, 0)
    conditions = [c for condition in reading.conditions for c in _relations(condition)]
    term = reading.terms[0]
    if not isinstance(term, Expr):
        raise ReadError("an expression was expected, not a set", source, 0)
    return term, conditions, list(reading.notes)


def _size(size: Any) -> Expr:
    from sympy import Integer, Symbol

    if isinstance(size, Expr):
        return size
    text = str(size)
    return Integer(text) if text.isdigit() else Symbol(text, integer=True, positive=True)


def _relations(condition: Any) -> list[Any]:
    """Return a side condition of LaTeX as SymPy relations; one that has none is left out."""
    from sympy import Eq, Ge, Gt, Le, Lt, Ne

    made = {"=": Eq, "!=": Ne, "<": Lt, ">": Gt, "<=": Le, ">=": Ge}
    found = []
    for relation, left, right in zip(condition.relations, condition.terms, condition.terms[1:]):
        if relation in made and isinstance(left, Expr) and isinstance(right, Expr):
            found.append(made[relation](left, right))
    return [r for r in found if isinstance(r, Relational)]


def _is_for_matrices(left: Expr, right: Expr, given: tuple[Any, ...]) -> bool:
    kinds = (Letter, Dot, Norm, Trace, Statistic)
    return (
        left.is_commutative is False
        or right.is_commutative is False
        or bool(of_kind(kinds, left, right))
        or any(not isinstance(g, Relational) for g in given)
    )
