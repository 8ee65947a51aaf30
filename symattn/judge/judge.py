"""Judge a line that somebody else wrote: does it answer the question, why, and where it breaks.

The candidate is put into the question's specification; it is never compared with our own answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sympy import Basic, Expr

from symattn.algebra.letters import Dot, Letter, T, shape
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import Rewriting, normal, to_expr
from symattn.check.budget import deadline, off_main_thread, run_bounded
from symattn.check.gate import Effort, with_apart, with_assumptions
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.derive.question import Question
from symattn.errors import (
    BudgetExceeded,
    ReadError,
    ShapeError,
    SymattnError,
    TwoReadings,
    UnknownName,
)
from symattn.judge.author import find
from symattn.judge.bench import EQUAL, NEAR, Bench, cases_of
from symattn.judge.candidates import judge_candidate
from symattn.judge.chance import of_events
from symattn.judge.clauses import clauses, without_cases
from symattn.judge.draft import read_line
from symattn.judge.exact_moments import linear_means
from symattn.judge.follows import unfollowed
from symattn.judge.free_letters import apart_names, listed, reindexed
from symattn.judge.implications import judge_implication
from symattn.judge.judged import Judged
from symattn.judge.judgement import Judgement
from symattn.judge.line import Link, Unclear, judged_letters, rewritten
from symattn.judge.links import judge_link, judge_step, property_only, proposed
from symattn.judge.meanings import vocabulary
from symattn.judge.nearest import nearest_right
from symattn.judge.picked import Picked, judge_picked, picked
from symattn.judge.read_as import read_as
from symattn.judge.respelled import own_scale
from symattn.judge.slashes import read_either_way
from symattn.judge.sufficiency import judge_limits
from symattn.judge.tending import exactly
from symattn.latex.mixed import joined
from symattn.latex.write import latex

SECONDS = 5.0
GRACE = 0.5
"""Seconds that another process may take beyond those of the line, before it is ended."""
ARROWS = ("=>", "<=>", "<==")
_EXACT = ("identity-proved", "identity-proved-on-common-domain", "sign-proved", "bound-proved")
"""What holds at every scale, so that it does not matter how large the scale is."""
_BRINGS = ("necessary-and-sufficient", "sufficient")
"""What is found of a condition from which it follows that the weight is large."""
_ORDER = ("refuted", "unread", "undecided", "confirmed", "proved")
_UNEXPECTED = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, NotImplementedError,
    RuntimeError, StopIteration, SyntaxError, TypeError, ValueError,
)  # fmt: skip


def check(
    question: str | Path | Question,
    latex: str,
    where: Mapping[str, str] | None = None,
    *,
    sheet: str | Path | None = None,
    seconds: float = SECONDS,
    seed: int = 0,
    explain: bool = True,
    isolated: bool | None = None,
) -> Judgement:
    r"""Say whether a line of LaTeX answers a question, and where it breaks.

    Parameters
    ----------
    question : its name, as in `symattn list`, or the path of its script.
    latex : one line: a candidate for the unknown, or a relation about what the question judges.
    where : what the line's own letters stand for: `{"A": "S"}`.
    sheet : the sheet to look on; all when it is None.
    seconds : of the processor; what is not decided then is undecided.
    seed : where random instances begin.
    explain : whether the nearest right line is looked for when it is refuted.
    isolated : work in another process, where the time holds for every input and memory is bounded
        too (1 GiB); by default off the main thread, where nothing in this process bounds the time.
        A `Question` that is given as it is, is judged in this process.

    Raises
    ------
    UnknownName : no such question, or an explained letter that the question does not have.

    >>> print(check("q1c", r"q = \gamma (k_i + k_j)"))
    proved (limit-proved): c tends to \frac{v_{i} + v_{j}}{2}
    >>> check("q1c", r"q = \frac{k_i + k_j}{2}").code
    'fixed-scale'
    >>> check("q1d", r"M = S (S^\top S)^{-1} S^\top").nearest
    'right with a factor 2'
    """
    if isolated is None:
        isolated = off_main_thread()
    if isolated and not isinstance(question, Question):
        call = (question, latex, where, sheet, seconds, seed, explain)
        try:
            return run_bounded(_here, *call, seconds=seconds + GRACE, first=_load)
        except BudgetExceeded as error:
            return out_of_budget(str(question), latex, error.message)
    asked = find(question, sheet)
    effort = Effort(seed=seed, seconds=seconds)

    def judged() -> Judgement:
        found, bench = _check_line(asked, latex, dict(where or {}), effort)
        if found.verdict == "refuted" and not _finite(found.counterexample):
            said = "it is not shown to hold, and no instance with finite numbers refutes it"
            return _plain("undecided", "not-judged", said, asked.name, latex)
        return _explained(found, bench) if explain else found

    return _guarded(asked.name, latex, seconds, judged)


def reading(
    question: str | Path | Question,
    latex: str,
    where: Mapping[str, str] | None = None,
    *,
    sheet: str | Path | None = None,
    seconds: float = SECONDS,
) -> Judgement:
    r"""Say how a line is read without judging it: `read_as`, or why and where it is not read.

    >>> reading("q1c", r"q = t (k_a + k_b)").read_as
    'q = \\beta \\left(k_{i} + k_{j}\\right)'
    >>> reading("q1c", r"q = \foo").verdict
    'unread'
    """
    asked = find(question, sheet)

    def read() -> Judgement:
        effort = Effort(seconds=seconds)
        picks = _picked(asked.judged, joined(latex))
        said = joined(latex) if picks is None else picks.weak
        line = read_line(asked, asked.judged, said, dict(where or {}))
        case = next(iter(cases_of(asked.judged, line)))
        bench = of_events(_met(Bench.of(asked, asked.judged, line, effort, case)))
        found = _plain("undecided", "not-judged", "it is read, and not judged", asked.name, latex)
        return replace(found, read_as=read_as(bench), assumptions=tuple(line.assumptions))

    return _guarded(asked.name, latex, seconds, read)


def _guarded(name: str, latex: str, seconds: float, work: Callable[[], Judgement]) -> Judgement:
    """Do the work within its time; what it raises becomes a verdict."""
    try:
        with deadline(seconds):
            return work()
    except Unclear as unclear:
        found = _plain("undecided", unclear.code, unclear.reason, name, latex)
        return replace(found, read_as=unclear.read_as)
    except ReadError as error:
        return _unread(error, name, latex)
    except ShapeError as error:
        return _misfit(error, name, latex)
    except BudgetExceeded as error:
        return _plain("undecided", "out-of-time", error.message, name, latex)
    except UnknownName:
        raise
    except (SymattnError, *_UNEXPECTED) as error:
        text = str(error) if isinstance(error, SymattnError) else _in_words(error)
        return _plain("undecided", "not-judged", text, name, latex)


# What Python says when a line asks for what no rule of the judge expects, in the line's own terms.
_WORDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, str], ...] = (
    (NotImplementedError, "", "the line holds an operation that is not evaluated here"),
    (IndexError, "", "no instance with so few keys is tried"),
    ((RecursionError, SyntaxError), "", "the line is nested too deeply to be judged"),
    (MemoryError, "", "the line needs more memory than it may"),
    (
        ArithmeticError,
        "",
        "a number of the line is too large, or divided by zero, where it is tried",
    ),
    (
        TypeError,
        "truth value",
        "a condition of the line compares letters whose numbers are not known",
    ),
    (ValueError, "mismatch", "an index or a size of the line does not fit the instances"),
    (Exception, "", "the line meets a case that the judge does not handle"),
)


def _in_words(error: Exception) -> str:
    """Say what a line asked for; never what Python called it.

    >>> _in_words(OverflowError("int too large to convert to float"))
    'a number of the line is too large, or divided by zero, where it is tried'
    """
    return next(
        text for kind, said, text in _WORDS if isinstance(error, kind) and said in str(error)
    )


def _finite(shown: Counterexample | None) -> bool:
    """Tell whether a counterexample rests on numbers: where one is nan, nothing was compared."""
    if shown is None:
        return True
    said = " ".join(map(str, (shown.left, shown.right, shown.text, dict(shown.instance))))
    return re.search(r"(?<![A-Za-z])nan(?![A-Za-z])", said) is None


def _load(question: Any, _latex: str, _where: Any, sheet: Any, *_: Any) -> None:
    find(question, sheet)


def _here(
    question: Any, latex: str, where: Any, sheet: Any, seconds: float, seed: int, explain: bool
) -> Judgement:
    return check(
        question, latex, where, sheet=sheet, seconds=seconds, seed=seed, explain=explain,
        isolated=False,
    )  # fmt: skip


def _plain(word: Any, code: str, reason: str, question: str, latex: str) -> Judgement:
    kind: Any = "reading" if word == "unread" else "proof"
    evidence = (Evidence(kind, word, code, reason),)
    return Judgement(word, code, reason, evidence, question=question, latex=latex)


def out_of_budget(question: str, latex: str, reason: str) -> Judgement:
    """Return the verdict on a line whose process was ended."""
    return _plain("undecided", "out-of-budget", reason, question, latex)


def _unread(error: ReadError, question: str, latex: str) -> Judgement:
    found = _plain("unread", "unread", str(error), question, latex)
    caret = error.caret() if error.source else ""
    return replace(found, position=error.position if error.source else None, caret=caret)


_LOGIT = re.compile(r"(?<![A-Za-z\\])z(?![A-Za-z])")


def _misfit(error: ShapeError, question: str, latex: str) -> Judgement:
    if _LOGIT.search(latex):  # our letter, which no question explains: it may be meant otherwise
        text = f"z is taken for the logits here, z_l = k_l \\cdot q, and that does not fit: {error}"
        return _plain("undecided", "ask-what-is", text, question, latex)
    found = _plain("refuted", "shape-mismatch", str(error), question, latex)
    place = getattr(error, "position", None)
    caret = error.caret() if hasattr(error, "caret") else ""
    return replace(found, position=place, caret=caret)


# one line ---------------------------------------------------------------------------------------------


def _check_line(
    question: Question, latex: str, where: Mapping[str, str], effort: Effort
) -> tuple[Judgement, Bench]:
    """Judge a line; one with `\\argmax` by the inequalities that it stands for."""
    line = joined(latex)
    said = _picked(question.judged, line)
    if said is None:
        found, bench = _check_clauses(question, line, where, effort)
        return (found if line == latex else replace(found, latex=latex)), bench

    def judge(line: str) -> tuple[Judgement, Bench]:
        return _check_clauses(question, line, where, effort)

    found, bench = judge_picked(said, judge, question)
    return replace(found, latex=latex), bench


def _picked(judged: Judged, latex: str) -> Picked | None:
    return picked(latex, vocabulary(judged).function_letters)


def _check_clauses(
    question: Question, latex: str, where: Mapping[str, str], effort: Effort
) -> tuple[Judgement, Bench]:
    """Judge each clause of a line that says several things, each under an event of its own."""
    plain = without_cases(latex) if question.judged.chance is not None else latex
    several = clauses(plain) if question.judged.chance is not None else [latex]
    if plain == latex and len(several) == 1:
        return _check(question, latex, where, effort)
    try:
        judged = [_check(question, clause, where, effort) for clause in several]
    except ReadError as error:
        raise ReadError(error.message, hint=error.hint) from None  # its place is one in a clause
    found, bench = min(judged, key=lambda pair: _ORDER.index(pair[0].verdict))
    same = [f for f, _ in judged]
    reason = f"all {len(same)} clauses hold" if found.passed and len(same) > 1 else found.reason
    whole = replace(
        found, latex=latex, reason=reason, links=tuple(x for f in same for x in f.links),
        evidence=tuple(e for f in same for e in f.evidence),
        assumptions=tuple(dict.fromkeys(a for f in same for a in f.assumptions)),
        read_as=", ".join(f.read_as for f in same),
    )  # fmt: skip
    return whole, bench


def _check(
    question: Question, latex: str, where: Mapping[str, str], effort: Effort
) -> tuple[Judgement, Bench]:
    judged = question.judged
    where = own_scale(
        judged, vocabulary(judged), latex, str(question.specification.unknown)
    ) | dict(where)
    try:
        line = read_line(question, judged, latex, where)
    except TwoReadings as doubt:
        return read_either_way(doubt, lambda line, w: _check(question, line, w, effort), where)
    for case in cases_of(judged, line):
        bench = of_events(_met(Bench.of(question, judged, line, effort, case)))
        try:
            found = _combined(question, bench, _everywhere(bench))
            found = _mirrored(question, bench, found)
        except Unclear as unclear:
            unclear.read_as = read_as(bench)
            raise
        if not found.passed:
            break
    return found, bench


def _mirrored(question: Question, bench: Bench, found: Judgement) -> Judgement:
    """Judge what is said of a matrix for its transpose, where the question prints both forms."""
    unknown = question.specification.unknown
    if found.verdict != "refuted" or not bench.judged.mirrored or unknown not in {
        x for t in bench.line.terms for x in t.atoms(Letter)
    }:  # fmt: skip
        return found
    turned = replace(bench, line=rewritten(bench.line, lambda x: x.xreplace({unknown: T(unknown)})))
    other = _combined(question, turned, _everywhere(turned))
    if not other.passed:
        return found
    note = f"for the other form of the question, {latex(unknown)} in the place of its transpose"
    return replace(
        other, latex=found.latex, read_as=found.read_as, assumptions=(*other.assumptions, note)
    )


def _everywhere(bench: Bench) -> list[tuple[str, Verdict]]:
    """Judge what the line says, at every index that it says it of."""
    links = _verdicts(bench) if bench.line.generic else []
    if bench.line.parted:
        bench = replace(bench, given=with_apart(bench.given, bench.judged.indices[:2]))
    for places in bench.line.also:
        if not all(v.passed for _, v in links):
            break
        own = tuple(
            replace(k, left=reindexed(k.left, places), right=reindexed(k.right, places))
            for k in bench.line.links
        )
        said = ", ".join(f"{a} = {b}" for a, b in places.items())
        for text, v in _verdicts(replace(bench, line=replace(bench.line, links=own))):
            v = v if v.passed else replace(v, reason=f"for {said}, {v.reason}")
            links.append((text, v))
    return links


def _met(bench: Bench) -> Bench:
    """Drop the conditions that the hypotheses imply; what they exclude is met by no instance.

    Raises
    ------
    Unclear : a condition is excluded: letters are set equal that are apart, or the other way round.
    """
    rules, left_over = bench.given.rewriting, []
    for c in bench.line.unused:
        pairs = zip(c.relations, c.terms, c.terms[1:])
        holds = [_by_hypothesis(bench, *pair, rules) for pair in pairs]
        if False in holds:
            raise Unclear(
                "contradicts-the-question", f"the question excludes the condition {c.text}"
            )
        if not holds or None in holds:
            left_over.append(c)
    return replace(bench, line=replace(bench.line, unused=tuple(left_over)))


def _by_hypothesis(
    bench: Bench, relation: str, left: Basic, right: Basic, rules: Rewriting
) -> bool | None:
    """Whether `left = right` or `left != right` holds by the hypotheses; None where they leave it open."""
    if relation not in ("=", "!=") or not (isinstance(left, Expr) and isinstance(right, Expr)):
        return None
    apart = bench.judged.expand(left - right)
    vector = not apart.is_commutative and shape(apart)[1] == 1
    flat = to_expr(normal(Dot(apart, apart) if vector else apart, rules))
    equal = flat == 0 or vanishes(apart, rules) is True
    unequal = bool(flat.is_number and flat.is_nonzero)
    if not (equal or unequal):
        return None
    return equal if relation == "=" else unequal


def _explained(found: Judgement, bench: Bench) -> Judgement:
    """Name the nearest right line of a refuted one; without it, it is refuted all the same."""
    if found.verdict != "refuted":
        return found
    try:
        with deadline(bench.effort.seconds / 2):
            return nearest_right(found, bench)
    except (SymattnError, *_UNEXPECTED):  # what is wrong stays wrong without a right one beside it
        return found


def _verdicts(bench: Bench) -> list[tuple[str, Verdict]]:
    """Judge what the line says, link by link."""
    question, judged, line = bench.question, bench.judged, bench.line
    if line.lone is not None:
        if not bench.seeks:
            raise Unclear(
                "ask-which-quantity",
                "the line is an expression without a relation; say what it is, as in "
                + " or ".join(f"{x} = ..." for x in _examples(bench)),
            )
        lone = linear_means(line.lone, bench.given)
        doubt = judged.doubt(bench.seeks, "=", lone)
        if doubt:
            raise Unclear("not-judged", doubt)
        verdict = judge_candidate(question, judged, line, lone, bench.effort)
        return [(line.source.strip(), verdict)]
    shown = [quantity.shown for quantity in judged.quantities]
    special = any(link.left in shown and link.relation in (*EQUAL, *NEAR) for link in line.links)
    if not special and not any(judged_letters(question, judged, x) for x in line.terms):
        return [bench.about_scale()]
    if any(link.relation in ARROWS for link in line.links):
        supposed = _supposing(bench)
        if supposed is not None:
            return [supposed]
        scalars = all(x.is_commutative for x in line.terms)
        if judged.goal is not None or (scalars and bench.seeks is None):
            try:
                return [_implication(bench)]
            except Unclear as unclear:
                if judged.goal is not None or unclear.code != "relation-not-judged":
                    raise
        return _step_by_step(bench)
    found, after = [], False
    for at, link in enumerate(line.links):
        try:
            step = judge_step(bench, link, after)
            if link.aside and not step.passed:
                text = f"the condition {link.text} is not taken into account"
                raise Unclear("condition-unused", text)
            found.append((link.text, step))
        except Unclear as unclear:
            if unclear.code == "circular" and (found or at + 1 < len(line.links)):
                continue  # a step from a thing to itself
            if unclear.code != "restates-the-question" or not _follows(found, line.links, at):
                raise  # `.. so \\alpha_i \\approx 1` says what the condition before it is for
        after = after or link.relation in NEAR
    return found


def _follows(found: Sequence[tuple[str, Verdict]], links: Sequence[Link], at: int) -> bool:
    """Whether what is wanted stands behind a condition that brings it, or ends a chain of its weight."""
    if not found:
        return False
    chained = links[at - 1].right == links[at].left and found[-1][1].code in _EXACT
    codes = [v.code for _, v in found if v.passed]
    return chained or any(v.verdict == "refuted" for _, v in found) or (
        len(codes) == len(found) and any(code in _BRINGS for code in codes)
    )  # fmt: skip


def _step_by_step(bench: Bench) -> list[tuple[str, Verdict]]:
    """Judge `q = .. => weights = ..`: what stands before the arrow, then what follows for it."""
    found: list[tuple[str, Verdict]] = []
    said = [(x.left, x.relation, x.right) for x in bench.line.links if x.relation not in ARROWS]
    if len(set(said)) < len(said):
        raise Unclear("circular", "both sides of the arrow say the same")
    broken = unfollowed(bench)
    if broken is not None:
        return [(bench.line.source.strip(), broken)]
    for link in bench.line.links:
        if link.relation == "=>":
            continue
        if link.relation in ARROWS:
            raise Unclear("relation-not-judged", "this equivalence is not judged")
        found.append((link.text, judge_link(bench, link)))
        candidate = proposed(bench, link.left, link.relation, link.right)  # type: ignore[arg-type]
        if candidate is not None and bench.judged.scale is not None:
            bench = bench.choosing(candidate)
    if not found:
        raise Unclear("relation-not-judged", "an arrow joins two relations, and here it does not")
    return found


def _supposing(bench: Bench) -> tuple[str, Verdict] | None:
    """Judge `q = 0 => ..` where no q is sought: what follows is judged for that q.

    Raises
    ------
    Unclear : of a letter with an index it is not shown; a sum may hold it as well.
    """
    if bench.seeks is not None or [x.relation for x in bench.line.links][:2] != ["=", "=>"]:
        return None
    first, _, last, *more = bench.line.links
    letter, value = first.left, first.right
    known = {one.letter for one in bench.judged.defined}
    if more or not isinstance(letter, Letter) or letter in known or not isinstance(value, Expr):
        return None

    def put(x: Any) -> Any:
        return bench.judged.expand(apart_names(x)).xreplace({letter: value})

    left, right = put(last.left), put(last.right)
    if last.relation in EQUAL and left == right:
        return bench.line.source.strip(), exactly(bench, left, right)
    found = judge_link(bench, replace(last, left=left, right=right))
    if not found.passed and letter.index is not None:
        raise Unclear("not-judged", f"what follows from {first.text} is not decided")
    return bench.line.source.strip(), with_assumptions(found, [f"${first.text}$"])


def _implication(bench: Bench) -> tuple[str, Verdict]:
    """Judge `a >= b => c >= d`, which the reader gives as three links."""
    links, text = bench.line.links, bench.line.source.strip()
    if len(links) != 3 or links[1].relation not in ARROWS:
        raise Unclear("relation-not-judged", "this implication is not judged")
    first, arrow, last = links[0], links[1].relation, links[2]
    if arrow == "<==":
        first, arrow, last = last, "=>", first
    if len({(x.left, x.relation, x.right) for x in (first, last)}) == 1:
        raise Unclear("circular", "both sides of the arrow say the same")
    if bench.judged.goal is not None:
        limit = judge_limits(bench, first, arrow, last)
        if limit is not None:
            return text, limit
    return text, judge_implication(bench, first, arrow, last)


def _examples(bench: Bench) -> list[str]:
    return [latex(x) for x in list(bench.judged.meanings)[:3]]


def _combined(question: Question, bench: Bench, links: list[tuple[str, Verdict]]) -> Judgement:
    """Return the verdict of the whole line: a line is right when all its links are."""
    lead = min(links, key=lambda pair: _ORDER.index(pair[1].verdict))[1]
    reason = lead.reason
    for e in lead.evidence:
        reason = reason.replace(e.text, e.plain) if e.text else reason
    if len(links) > 1 and not lead.passed:
        text = next(text for text, v in links if v is lead)
        reason = f"{text}: {reason}"
    elif len(links) > 1:
        reason = f"all {len(links)} relations hold"
    said = dict.fromkeys(a for _, v in links for a in v.assumptions)
    said.update((f"{c.text} is not made use of", None) for c in bench.line.unused)
    assumptions = tuple(dict.fromkeys((*said, *bench.line.assumptions)))
    verdict, code = lead.verdict, lead.code
    if verdict == "refuted" and bench.line.guess:
        verdict, code = "undecided", "ask-what-is"
        reason = f"{bench.line.guess}, and then it is not right; say what it is: {reason}"
    elif verdict == "refuted" and bench.line.unused:
        verdict, code, reason = _conditional(bench, links, reason)
    elif lead.passed and bench.line.unused:
        verdict, code = "undecided", "condition-unused"
        said_too = listed(c.text for c in bench.line.unused)
        reason = f"the condition {said_too} is not taken into account"
    elif lead.passed and (no_answer := property_only(bench)):
        verdict, code, reason = "undecided", "not-an-answer", no_answer
    elif lead.passed and bench.line.vague and not all(v.code in _EXACT for _, v in links):
        verdict, code, name = "undecided", "ask-what-is", bench.line.scale_name
        reason = (
            f"{bench.line.vague} does not say that {name} grows; say so, as with "
            rf"\quad {name} \gg 0 or {name} \to \infty"
        )
    elif lead.passed and bench.line.sign_open:
        verdict, code, name = "undecided", "ask-what-is", bench.line.scale_name
        other = _at_minus(bench) if "|" in bench.line.sign_open else None
        if other is not None:
            verdict, code = "refuted", other.code
        reason = (
            other.reason
            if other is not None
            else (
                f"{bench.line.sign_open} leaves the sign of {name} open; say that it is positive, as "
                rf"with \quad {name} \to \infty"
            )
        )
    evidence = tuple(e for _, v in links for e in v.evidence)
    links = [(text, v) for at, (text, v) in enumerate(links) if (text, v) not in links[:at]]
    return Judgement(
        verdict, code, reason, evidence, lead.counterexample, assumptions,
        question=question.name, latex=bench.line.source, links=tuple(links), read_as=read_as(bench),
    )  # fmt: skip


def _at_minus(bench: Bench) -> Verdict | None:
    """Refute what is said for a large modulus of the scale by a scale that is large and negative."""
    scale = bench.judged.scale
    assert scale is not None
    turned = replace(bench, line=rewritten(bench.line, lambda x: x.xreplace({scale: -scale})))
    for _, v in _verdicts(turned):
        if v.verdict == "refuted":
            return replace(
                v, reason=f"for ${scale}$ far below zero, with its sign written: {v.reason}"
            )
    return None


def _conditional(
    bench: Bench, links: list[tuple[str, Verdict]], reason: str
) -> tuple[Any, str, str]:
    """Say what becomes of a refuted line that states a condition which was not used.

    Where it is a hypothesis that the question does not give, the line does not answer the question.
    """
    said = listed(condition.text for condition in bench.line.unused)
    for h in bench.judged.assumed:
        more = bench.assuming(h)
        rules = more.given.rewriting
        pairs = [(c.relations, c.terms) for c in bench.line.unused]
        if all(
            r == ("=",) and all(isinstance(x, Expr) for x in t)
            and vanishes(t[0] - t[1], rules) is True for r, t in pairs
        ):  # fmt: skip
            again = _combined(
                more.question, replace(more, line=replace(bench.line, unused=())), _verdicts(more)
            )
            if again.passed:
                text = f"it is right under {said}, which the question does not give; {reason}"
                return "refuted", "extra-assumption", text
            return again.verdict, again.code, again.reason
    text = f"{reason}; the condition {said} is not taken into account"
    return "undecided", "condition-unused", text
