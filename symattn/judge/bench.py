"""Everything that a relation of a stranger's line is judged with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from sympy import Add, Expr, Float, S, Sum, Symbol, oo

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.attention import n
from symattn.algebra.letters import Dot, OffSum, Partial, Statistic, shape, show_shape
from symattn.algebra.limits import NoSafeLimit
from symattn.algebra.plain import termwise
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import normal, to_expr
from symattn.check.gate import Effort, with_apart, with_assumptions
from symattn.check.verdict import Evidence, Verdict
from symattn.claims import Claim, Identity
from symattn.claims.definitions import Defined, Definitions, check_slopes, family_name, stepped
from symattn.derive.question import Quantity, Question
from symattn.errors import ShapeError
from symattn.hypotheses.base import Given, Hypothesis, Instance
from symattn.hypotheses.families import AtLeast, Distinct, Exactly
from symattn.judge.approach import names_of
from symattn.judge.candidates import judge_candidate
from symattn.judge.exact_moments import exact_moment, linear_means, put_moments
from symattn.judge.free_letters import apart_names, free_indices, isolated, listed, unbound
from symattn.judge.judged import Case, Judged
from symattn.judge.line import Line, Link, Unclear, rewritten
from symattn.kernel.approaches import Approach, limit_of
from symattn.latex.write import latex

EQUAL = ("=", ":=", "==")
NEAR = ("~~", "~", "~=")
ORDER = {"<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}
Found = TypeVar("Found")


@dataclass(frozen=True)
class Bench:
    """Everything that a link is judged with.

    said : the line as it was read, before a case or a sign of the scale renames its letters.
    """

    question: Question
    judged: Judged
    line: Line
    effort: Effort
    given: Given
    chance: Any = None
    events: tuple[tuple[Any, str, Any], ...] = ()
    whole: Any = None
    said: Line | None = None

    @classmethod
    def of(
        cls, question: Question, judged: Judged, line: Line, effort: Effort,
        case: Case | None = None,
    ) -> Bench:  # fmt: skip
        """Take up what the line says of its indices, of n, and of the unknown."""
        given, law, said = judged.given or question.given, judged.chance, line
        if case is not None:
            given, law = case.given, case.chance
            line = replace(line, assumptions=(*line.assumptions, f"the case {case.name}"))
            same = dict(case.places)
            line = rewritten(line, lambda x: x.subs(same)) if same else line
        small = getattr(law, "small", None)
        if any(a.symbol == small and a.point != 0 for a in line.approaches):
            raise Unclear(
                "contradicts-the-question", f"the question says that ${small}$ is small, not large"
            )
        if Approach(judged.scale, -oo) in line.approaches and line.query is None:  # type: ignore[arg-type]
            judged, line = _turned_round(question, judged, line)
        if line.pair and not any(isinstance(h, Distinct) for h in given):
            given = with_apart(given, judged.indices[:2])
        _some_count(line, given)
        for relation, value in line.count:
            given = counted(given, relation, int(value))
        if line.query is not None:
            judged = _with_query(question, judged, line.query)
        elif line.at_scale is not None:
            judged = _at_scale(judged, line.at_scale)
        bench = cls(question, judged, line, effort, given, law, said=said)
        for h in line.hypotheses:
            bench = bench.assuming(h)
        if law is not None and bench.states_scale:
            bench.check_noise()
        return bench

    @property
    def states_scale(self) -> bool:
        """Whether a statement comes with a query, or with bounds of the scale, of its own."""
        line = self.line
        bounded = any(b != 0 for _, b in line.bounds)
        return not self._proposes and (
            line.query is not None or line.at_scale is not None or bounded
        )

    @property
    def _proposes(self) -> bool:
        said = {x for link in self.line.links for x in (link.left, link.right)}
        return self.line.lone is not None or (self.seeks is not None and self.seeks in said)

    def check_noise(self) -> None:
        r"""Refuse a statement for a query that is not between the other keys and the noise.

        A limit in which the noise vanishes first is the one that is meant only where the squared
        norm of the query times \epsilon tends to 0, and the query grows.

        Raises
        ------
        Unclear : its scale is too large, too small, or not compared with both.
        """
        scale, small = self.judged.scale, self.chance.small
        assert scale is not None
        query = next(one for one in self.judged.defined if family_name(one.letter) == "q").value
        assert query is not None
        ends = [Approach(small, S.Zero)]
        if scale in query.free_symbols:
            tries = [(r, query.xreplace({scale: b})) for r, b in self.line.bounds if b != 0]
        else:
            tries = [("=", query)]
        for relation, one in tries:
            try:
                noise = limit_of(small * Dot(one, one), ends, self.given)
                size = limit_of(1 / Dot(one, one).subs(n, 9), ends, self.given)
            except NoSafeLimit:
                raise Unclear(
                    "condition-unused", "whether the noise vanishes at that scale is not decided"
                ) from None
            quiet = noise.vanishes is True or (relation == "<<" and not noise.infinite)
            if not quiet or (relation in ("<", "<=", "<<") and size.vanishes is not True):
                raise Unclear(
                    "condition-unused",
                    f"the condition on the scale leaves what is meant: {self.chance.said}",
                )

    @property
    def seeks(self) -> Expr | None:
        """The unknown that candidates are proposed for, or None."""
        unknown = self.question.specification.unknown
        if unknown is None or not self.question.specification.requires(unknown):
            return None
        return unknown

    def choosing(self, query: Expr) -> Bench:
        """Return the bench with a query of the line's own in the place of the unknown."""
        return replace(self, judged=_with_query(self.question, self.judged, query))

    @property
    def judges(self) -> str:
        """The letters that a line may be about, in a row."""
        unknown = [] if self.seeks is None else [family_name(self.seeks)]
        defined = sorted({one.name for one in self.judged.defined})
        return ", ".join(dict.fromkeys((*unknown, *defined)))

    @property
    def approaches(self) -> list[Approach]:
        """The limit in which an approximation is meant: as stated, or the question's own.

        Raises
        ------
        Unclear : the line states none and the question has none.
        """
        line, scale = self.line, self.judged.scale
        stated = list(line.approaches)
        if self.chance is not None:
            small = [Approach(self.chance.small, S.Zero)]
            own = [a for a in stated if a.symbol not in (self.chance.small, scale)]
            grows = [a for a in stated if a.symbol == scale] or [Approach(scale, oo)]  # type: ignore[arg-type]
            return [*own, *small, *grows]
        if stated:
            return stated
        if scale is None:
            raise Unclear(
                "ask-which-limit",
                r"say in which limit this is meant, as with `\text{ as } x \to \infty`",
            )
        return [Approach(scale, oo)]

    def pass_for(
        self, code: str, text: str, proofs: Sequence[Evidence | None], *said: str
    ) -> Verdict:
        """Return that a condition is right, in the way that the code tells, with its proofs."""
        evidence = tuple(replace(p, code=code, text=text) for p in proofs if p is not None)
        return Verdict("proved", code, text, evidence, None, (*self.given.latex, *said))

    def open_for(self, text: str) -> Verdict:
        """Return that a condition is not decided."""
        return undecided("not-proved", text, self.given)

    def assuming(self, h: Hypothesis) -> Bench:
        """Return the bench with one more hypothesis, in the question's specification as well."""
        asked = self.question.specification

        def requires(candidate: Expr) -> tuple[Claim, ...]:
            return tuple(c.with_given(c.given.and_(h)) for c in asked.requires(candidate))

        question = replace(self.question, specification=replace(asked, requires=requires))
        return replace(self, question=question, given=self.given.and_(h))

    def claim(self, left: Expr, right: Expr, given: Given | None = None) -> Identity:
        """Claim `left = right`: in symbols by the definitions, in numbers by NumPy's."""
        judged, given = self.judged, given or self.given
        check_slopes(left - right, Definitions(judged.defined), given)
        start, end = (
            linear_means(spelled_out(judged.expand(apart_names(x)), given), given)
            for x in (left, right)
        )
        if end.has(Statistic):
            end = to_expr(normal(end, given.rewriting))
        return Identity(
            name="line", given=given, shown=left, left=start, right=end,
            oracle=lambda I: self.value(left, I),
        )  # fmt: skip

    def value(self, x: Expr, instance: Instance) -> Any:
        """Evaluate an expression with the letters that NumPy defines."""
        if x.has(Statistic) and x.has(Sum, OffSum):
            x, instance = termwise(x, instance, lambda a: isinstance(a, Statistic))
        x, slopes, statistics, letters = _in_parts(x)
        if slopes:
            names = Definitions(self.judged.defined)
            x = x.xreplace({s: Float(stepped(s, names, instance)) for s in slopes})
        full = self.judged.arrays(instance, letters)
        moments = {s: exact_moment(s, instance, self.judged) for s in statistics}
        if moments:
            x, full = put_moments(x, moments, full)
        return compiled(x)(full)

    def at_scale(self, value: Expr) -> Verdict:
        """Judge a choice of the scale: the question's own query with it."""
        query = next(one.value for one in self.judged.defined if one.letter == self.seeks)
        assert query is not None
        own = query.xreplace({self.judged.scale: value})
        verdict = judge_candidate(self.question, self.judged, self.line, own, self.effort)
        return with_assumptions(verdict, [f"for $q = {latex(own)}$"])

    def about_scale(self) -> tuple[str, Verdict]:
        """Judge a line that only bounds the scale: the question's own query with that scale."""
        scale, line = self.judged.scale, self.line
        query = next((one for one in self.judged.defined if one.letter == self.seeks), None)
        if scale is None or query is None or (line.scale is None and not line.approaches):
            raise Unclear(
                "not-an-answer",
                "the line says nothing of what the question judges, which is " + self.judges,
            )
        bounds = []
        approaches = list(line.approaches)
        for link in line.links:
            found = bound_of(link, scale)
            if found is None:
                raise Unclear(
                    "not-an-answer",
                    "the line says nothing of what the question judges, which is " + self.judges,
                )
            if found[0] == "->":
                approaches.append(Approach(scale, found[1]))
            else:
                bounds.append(found)
        if not approaches and all(r in (">", ">=") and b == 0 for r, b in bounds):
            raise Unclear("ask-what-is", rf"how large is {scale}? say so, as with {scale} \gg 0")
        line = replace(line, bounds=tuple(bounds), scale=scale, approaches=tuple(approaches))
        verdict = judge_candidate(self.question, self.judged, line, query.value, self.effort)
        note = f"for $q = {latex(query.value)}$"
        return line.source.strip(), with_assumptions(verdict, [note])


def quantity_of(bench: Bench, x: Expr) -> Quantity | None:
    """Return what the question derives that an expression is: also a moment of the same in other words."""
    for quantity in bench.judged.quantities:
        shown = quantity.shown
        if isinstance(shown, Statistic) and type(shown) is type(x):
            shown, y = shown.args[0], x.args[0]
        else:
            y = x
        if shape(shown) == shape(y) and vanishes(shown - y) is True:
            return quantity
    return None


def cases_of(judged: Judged, line: Line) -> list[Case | None]:
    """Return the cases that a line means: by what it says of the index that tells them apart.

    Raises
    ------
    Unclear : it leaves none.
    """
    if not judged.cases:
        return [None]
    real = [case for case in judged.cases if case.places or case.apart]
    if judged.place in line.every:
        return list(real)
    if line.members:
        real = [case for case in real if {p[1] for p in case.places} & set(line.members)]
    elif line.places or line.apart:
        real = [case for case in real if case.allowed_by(line.places, line.apart)]
    else:
        real = [judged.cases[0]]
    if not real:
        raise Unclear("contradicts-the-question", f"the line leaves no place for {judged.place}")
    return list(real)


def bound_of(link: Link, scale: Symbol) -> tuple[str, Expr] | None:
    """Return what a link says of the scale alone: a bound or a limit."""
    turned = {">": "<", "<": ">", ">=": "<=", "<=": ">=", ">>": "<<", "<<": ">>"}
    if (
        link.left != scale != link.right
        and scale in link.left.free_symbols | link.right.free_symbols
    ):
        alone = isolated(link.relation, link.left, link.right, scale)
        return alone[1:] if alone is not None and alone[1] in turned else None
    if link.left == scale and isinstance(link.right, Expr):
        return (link.relation, link.right) if link.relation in (*turned, "->") else None
    if link.right == scale and link.relation in turned:
        return turned[link.relation], link.left
    return None


def _turned_round(question: Question, judged: Judged, line: Line) -> tuple[Judged, Line]:
    """Write a scale that is negative as minus a positive one, in a statement about its query."""
    unknown, scale = question.specification.unknown, judged.scale
    query = next((one for one in judged.defined if one.letter == unknown), None)
    if scale is None or query is None or line.lone is not None or not line.links:
        return judged, line
    if query.value is None:
        return judged, line
    if any(unknown in (link.left, link.right) for link in line.links):
        return judged, line
    turned = {scale: -scale}
    line = rewritten(line, lambda x: x.xreplace(turned))
    ends = {oo: -oo, -oo: oo}
    approaches = tuple(
        replace(a, point=ends.get(a.point, a.point)) if a.symbol == scale else a
        for a in line.approaches
    )
    judged = _with_query(question, judged, query.value.xreplace(turned))
    said = f"${scale}$ is written as minus a positive number"
    return judged, replace(line, approaches=approaches, assumptions=(*line.assumptions, said))


def _with_query(question: Question, judged: Judged, query: Expr) -> Judged:
    """Take the line's own query for the unknown."""
    unknown = question.specification.unknown
    assert unknown is not None
    wanted, found = shape(unknown), shape(query)
    if wanted != found:
        raise ShapeError(
            f"{family_name(unknown)} is {show_shape(wanted)}, and the line gives {show_shape(found)}"
        )
    query = unbound(apart_names(query))
    own = Defined(unknown, query, compiled(query))
    rest = tuple(one for one in judged.defined if one.letter != unknown)
    return replace(judged, defined=(own, *rest))


def _at_scale(judged: Judged, value: Expr) -> Judged:
    """Give the scale a value in everything that the question defines with it."""
    scale = judged.scale
    defined = []
    for one in judged.defined:
        if one.value is not None and scale in one.value.free_symbols:
            own = one.value.xreplace({scale: value})
            one = Defined(one.letter, own, compiled(own))
        defined.append(one)
    return replace(judged, defined=tuple(defined))


def at_least(given: Given, count: int) -> Given:
    """Take at least so many keys, where the hypotheses do not say so already."""
    known = [len(h.indices) for h in given if isinstance(h, Distinct)]
    known += [h.count for h in given if isinstance(h, (AtLeast, Exactly))]
    return given if count <= max(known, default=0) else Given((*given, AtLeast(count)))


def spelled_out(x: Expr, given: Given) -> Expr:
    """Write sums over all keys term by term when there are no others than the named ones."""
    count = next((h.count for h in given if isinstance(h, Exactly)), None)
    named = next((h.indices for h in given if isinstance(h, Distinct)), ())
    if count is None or count != len(named):
        return x

    def terms(e: Any) -> Expr:
        f, index = e.args[0], e.args[1] if isinstance(e, OffSum) else e.limits[0][0]
        left_out = e.args[3].args if isinstance(e, OffSum) else ()
        if isinstance(e, Sum) and (len(e.limits) != 1 or e.limits[0][1:] != (1, n)):
            return e  # type: ignore[no-any-return]
        return Add(*[f.subs(index, p) for p in named if p not in left_out])

    return x.replace(lambda e: isinstance(e, (Sum, OffSum)), terms)  # type: ignore[no-any-return]


def _some_count(line: Line, given: Given) -> None:
    """Refuse what a line says of the number of keys when it leaves none.

    Raises
    ------
    Unclear : it leaves none.
    """
    least = max([len(h.indices) for h in given if isinstance(h, Distinct)], default=1)
    low = max([least, *(int(v) + (r == ">") for r, v in line.count if r in ("=", "==", ">=", ">"))])
    tops = [int(v) - (r == "<") for r, v in line.count if r in ("=", "==", "<=", "<")]
    if tops and min(tops) < low:
        said = listed(f"n {'=' if r == '==' else r} {v}" for r, v in line.count)
        raise Unclear(
            "contradicts-the-question", f"there are {least} keys or more, and no number is {said}"
        )


def counted(given: Given, relation: str, value: int) -> Given:
    """Add what a line says of the number of keys."""
    if relation in ("=", "=="):
        return Given((Exactly(value), *given))
    if relation in (">=", ">"):
        return at_least(given, value + (relation == ">"))
    return given


def narrower(bench: Bench, *terms: Expr) -> list[tuple[Given, str]]:
    """Return the hypotheses with the free indices apart, and how that is said."""
    own = bench.judged.indices
    free = [p for p in free_indices(*terms) if isinstance(p, Symbol)]
    if not own or not set(free) - set(own[:2]):
        return []
    indices = [*own[:2], *[p for p in free if p not in own[:2]]]
    others = ", ".join(str(p) for p in indices[2:])
    two = " and ".join(str(p) for p in own[:2])
    return [(with_apart(bench.given, indices), f"{others} is none of {two}")]


def given_for(bench: Bench, *terms: Expr) -> Given:
    """Return the hypotheses under which these terms are judged."""
    apart = narrower(bench, *terms)
    return apart[0][0] if apart else bench.given


@lru_cache(maxsize=500)
def _in_parts(x: Expr) -> tuple[Expr, frozenset[Any], frozenset[Any], frozenset[str]]:
    """Return what is evaluated of an expression, its derivatives, its statistics, and its letters."""
    x = apart_names(x)
    return x, frozenset(x.atoms(Partial)), frozenset(x.atoms(Statistic)), frozenset(needed(x))


def over_counts(decide: Callable[[Given], Found], given: Given) -> tuple[Found, Given]:
    """Decide under the hypotheses, else for three keys or more: two are often a special case.

    Raises
    ------
    NoSafeLimit : neither is decided.
    """
    try:
        return decide(given), given
    except NoSafeLimit:
        more = at_least(given, 3)
        return decide(more), more


def undecided(code: str, reason: str, given: Given) -> Verdict:
    """Return the verdict on what no rule decides."""
    evidence = Evidence("proof", "undecided", code, reason)
    return Verdict("undecided", code, reason, (evidence,), None, given.latex)


def proved(
    bench: Bench, proof: Evidence, approaches: Sequence[Approach], *more: Evidence
) -> Verdict:
    """Return the verdict of a line that the kernel has proved in the limit that is meant."""
    said = f"${bench.chance.said}$" if bench.chance is not None else f"${names_of(approaches)}$"
    assert proof.proof is not None
    assumptions = (*proof.proof.hypotheses, said)
    return Verdict("proved", proof.code, proof.text, (proof, *more), None, assumptions)
