"""Are two expressions equal?  The stages, each with its right to accept or only to reject.

1. quick rejection: a few points, each value in a certain interval;
2. the exact zero test: a proof, with the domain;
3. thorough rejection: more points, at a precision that is raised until the difference stays;
4. sampling: agreement at a stated minimum of valid points.  Fewer points decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sympy import Expr, Pow, sympify
from sympy.core.relational import Relational
from sympy.core.sympify import SympifyError

from symattn.algebra.letters import Dot, Letter, Norm, Statistic, Trace
from symattn.algebra.symbols import all_symbols, apply, declarations, guard, of_kind
from symattn.algebra.zero import Limits, Open, ZeroTest, zero_test
from symattn.check.budget import deadline, run_bounded
from symattn.check.comparison import MINIMUM, Agreement, Comparison
from symattn.check.hidden import hidden
from symattn.check.verdict import Counterexample, Evidence, Verdict, Word
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
    seconds : wall time for the whole comparison.
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
            from symattn.check.matrices import decide

            return decide(left, right, given)
        return _Scalars(left, right, given, notes, options).verdict()


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


# scalars ---------------------------------------------------------------------------------------


@dataclass
class _Scalars:
    """The comparison of two scalar expressions over declared symbols."""

    left: Expr
    right: Expr
    given: tuple[Any, ...]
    notes: list[str]
    options: Options
    comparison: Comparison = field(init=False)

    def __post_init__(self) -> None:
        self.comparison = Comparison(
            self.left, self.right, self.given, self.options.seed, 0.8 * self.options.seconds
        )

    def verdict(self) -> Verdict:
        sides = (self.left, self.right)
        found = self.comparison.quick()
        if found is not None:
            return self.refuted("separated", found)
        exact, late = self.exact(common=False)
        if exact.decided:
            return self.proved("identity-proved", exact)
        if exact.decided is None and not late:
            shared, late = self.exact(common=True)
            if shared.decided:
                # a power such as x**y is also real at some points beyond the domain of its proof
                found = self.comparison.thorough() if _has_symbolic_power(*sides) else None
                if found is not None:
                    return self.refuted("separated", found)
                return self.proved("identity-proved-on-common-domain", shared)
        found = self.comparison.thorough()
        if found is not None:
            return self.refuted("separated", found)
        unmet: list[Open] = []
        for case in exact.open:
            met = self.comparison.in_case(case.conditions, case.remainder)
            if isinstance(met, Counterexample):
                return self.refuted("separated", met)
            if not met and case.conditions:
                unmet.append(case)
        found = self.comparison.only_apart()
        if found is not None:
            return self.refuted("no-common-domain", found)
        return self.sampled(exact, unmet, late)

    def exact(self, common: bool) -> tuple[ZeroTest, str]:
        """Return what the zero test found, and why it stopped when it did not end."""
        limits = Limits(seconds=0.4 * self.options.seconds)
        try:
            found = zero_test(self.left, self.given, minus=self.right, common=common, limits=limits)
        except BudgetExceeded as error:
            return ZeroTest(None), str(error)
        return found, ""

    def assumptions(self, exact: ZeroTest | None = None) -> tuple[str, ...]:
        """Return what the symbols are taken for, what is given, and the domain."""
        kinds: dict[str, list[str]] = {}
        free = self.left.free_symbols | self.right.free_symbols
        for s in sorted(all_symbols(self.left, self.right), key=str):
            if s in free:
                kinds.setdefault(_kind(s), []).append(s.name)
        found = [f"{', '.join(names)} {kind}" for kind, names in sorted(kinds.items())]
        found += [str(g) for g in self.given]
        if exact is not None:
            found += [_condition(c) for c in exact.domain]
        return tuple(dict.fromkeys([*found, *self.notes]))

    def proved(self, code: str, exact: ZeroTest) -> Verdict:
        comparison = self.comparison
        if not comparison.met and not comparison.imaginary:
            found = comparison.quick(wanted=1, most=160)
            if found is None and not comparison.failed:
                found = comparison.only_apart()
            if found is not None:
                return self.refuted("separated", found)
            if not comparison.met and not comparison.failed:
                return self.undecided(
                    "nowhere-defined",
                    f"none of {comparison.tried} points gave both sides a finite real value",
                )
        text = "the difference is identically zero"
        if code != "identity-proved":
            text += ", where both sides are real"
        data = {
            "domain": [str(c) for c in exact.domain],
            "points": len(comparison.met),
            "left only": len(comparison.left_only),
            "right only": len(comparison.right_only),
            "seed": self.options.seed,
        }
        text += self.domains()
        evidence = Evidence("proof", "proved", code, text, data)
        return Verdict("proved", code, text, (evidence,), None, self.assumptions(exact))

    def domains(self) -> str:
        """Return a clause on points where one side alone has a value."""
        left, right = len(self.comparison.left_only), len(self.comparison.right_only)
        parts = []
        if left:
            parts.append(f"the left side alone is real at {left} points tried")
        if right:
            parts.append(f"the right side alone is real at {right} points tried")
        return f" ({'; '.join(parts)})" if parts else ""

    def refuted(self, code: str, found: Counterexample) -> Verdict:
        data = {"seed": self.options.seed, **found.to_json()}
        evidence = Evidence("numbers", "refuted", code, found.text, data)
        return Verdict("refuted", code, found.text, (evidence,), found, self.assumptions())

    def undecided(self, code: str, reason: str, data: dict[str, Any] | None = None) -> Verdict:
        evidence = Evidence("numbers", "undecided", code, reason, data or {})
        return Verdict("undecided", code, reason, (evidence,), None, self.assumptions())

    def sampled(self, exact: ZeroTest, unmet: list[Open], late: str) -> Verdict:
        found = self.comparison.agree()
        data = _agreement_data(found)
        if exact.decided is False:
            reason = "the difference is not identically zero, but no point separates the sides"
            return self.undecided("not-identical", reason, data)
        if unmet:
            case = " and ".join(map(str, unmet[0].conditions))
            reason = f"no proof if {case}, and too few points tried meet that"
            return self.undecided("case-not-excluded", reason, data)
        unseen = hidden(self.comparison)
        if unseen and found.valid:
            return self.undecided("too-small-to-see", unseen, data)
        if found.valid < self.options.minimum:
            if self.comparison.late or late:
                return self.undecided("out-of-time", late or "the time is used up", data)
            reason = (
                f"no proof, and {found.valid} valid points where {self.options.minimum} are needed"
            )
            return self.undecided("too-few-points", reason, data)
        text = (
            f"{found.valid} points agree to a relative error below {max(found.error, 1e-300):.0e}"
            f"{self.domains()}"
        )
        word: Word = "confirmed"
        evidence = Evidence("numbers", word, "samples-agree", text, data)
        return Verdict(word, "samples-agree", text, (evidence,), None, self.assumptions())


def _has_symbolic_power(*sides: Expr) -> bool:
    return any(
        not e.exp.is_number and not e.exp.is_integer and not e.base.is_positive
        for e in of_kind(Pow, *sides)
    )


def _agreement_data(found: Agreement) -> dict[str, Any]:
    return {
        "seed": found.seed,
        "points": found.valid,
        "error": found.error,
        "left only": found.left_only,
        "right only": found.right_only,
        "neither": found.neither,
        "failed": found.failed,
        "sizes": list(found.sizes),
    }


def _kind(s: Any) -> str:
    sign = (
        "positive "
        if s.is_positive
        else "negative "
        if s.is_negative
        else "nonnegative "
        if s.is_nonnegative
        else ""
    )
    if s.is_integer:
        return f"{sign}integer"
    return f"{sign}real" if s.is_extended_real is not False else "complex"


def _condition(c: Expr) -> str:
    from sympy import Ne

    return f"{c.lhs} != {c.rhs}" if isinstance(c, Ne) else str(c)
