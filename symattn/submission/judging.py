"""What a submission is judged with: the questions of a sheet, their quantities, and the judge."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count
from typing import Any, Protocol

from symattn.check.budget import GIB, run_bounded
from symattn.errors import BudgetExceeded, ReadError, SymattnError, UnknownName
from symattn.judge.job import load
from symattn.latex.tokens import tokenize
from symattn.latex.write import latex
from symattn.submission.assignment import Asked

GRACE = 1.0
"""Seconds that a judge may take beyond what it was given, before its process is ended."""

FORGET = 100
"""After how many lines a process empties its caches."""

# Codes by which the judge says that a line is not about what the question judges.
NOT_JUDGED = frozenset(
    [
        "not-an-answer",
        "relation-not-judged",
        "circular",
        "hypothesis",
        "restates-the-question",
        "by-definition",
    ]
)


@dataclass(frozen=True)
class Finding:
    """A verdict as plain text, small enough to be sent from one process to another.

    read_as : how the line was read, in the question's own notation.
    spent : the seconds of the processor that it took.
    """

    verdict: str
    code: str
    reason: str
    nearest: str = ""
    caret: str = ""
    assumptions: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    counterexample: Mapping[str, Any] | None = None
    read_as: str = ""
    spent: float = field(default=0.0, compare=False)


Work = Callable[..., Finding]


class Judge(Protocol):
    """Anything that can judge the lines of a submission; it must be possible to pickle it."""

    def questions(self) -> tuple[str, ...]:
        """Return the names of the questions that can be judged."""

    def asked(self, question: str) -> Asked:
        """Return the text of a question, to be told from what a student wrote."""

    def quantities(self, question: str) -> tuple[str, ...]:
        """Return the left sides that a question judges, in LaTeX, the unknown first if it has one.

        The first is '' for a question that asks for no unknown.
        """

    def letters(self, question: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the letters of a question, and those of them that a line may define: its scale."""

    def prepare(self, questions: Iterable[str]) -> None:
        """Load what judging these questions needs."""

    def judge(self, question: str, latex: str, seconds: float) -> Finding:
        """Return the verdict on a line within that many seconds."""


@dataclass(frozen=True)
class SheetJudge:
    """Judges the questions of a sheet; of every sheet when it is None.

    where : what letters stand for, as pairs ('A', 'S').
    bounded : each line in a process of its own, which is ended when it takes too long or too much
        memory.
    """

    sheet: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    bounded: bool = True
    memory: int = field(default=GIB, repr=False)

    def questions(self) -> tuple[str, ...]:
        """Return the names of the questions that have a script, in the order of the sheets.

        Of sheets whose questions have the same names, the first counts; `sheet` names another.
        """
        from symattn.sheet import find_sheet, list_sheets

        sources = [find_sheet(self.sheet)] if self.sheet else list_sheets()
        names: list[str] = []
        for (
            source
        ) in sources:  # `(c)` must name one question: a sheet that has it again is left out
            own = [name for name in source.sheet.parts if name in source.scripts]
            if not set(names) & set(own):
                names += own
        return tuple(names)

    def asked(self, question: str) -> Asked:
        """Return the text of a question; see `Judge`."""
        return _asked(question, self.sheet)

    def quantities(self, question: str) -> tuple[str, ...]:
        """Return the left sides that a question judges; see `Judge`."""
        return _quantities(question, self.sheet)

    def letters(self, question: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the letters of a question, and its scale; see `Judge`."""
        return _letters(question, self.sheet, self.where)

    def prepare(self, questions: Iterable[str]) -> None:
        """Import and load what judging needs, so that processes that are forked share it."""
        import symattn.judge.judge  # noqa: F401

        for question in questions:
            try:
                self.quantities(question)
            except SymattnError:
                pass  # it is told again, with the lines of that question

    def judge(self, question: str, latex: str, seconds: float) -> Finding:
        """Judge one line; whatever goes wrong becomes its verdict."""
        return self._told(judge_line, question, latex, seconds)

    def read(self, question: str, latex: str, seconds: float) -> Finding:
        """Say how a line is read, without judging it, within the same bounds."""
        return self._told(read_only, question, latex, seconds)

    def _told(self, work: Work, question: str, latex: str, seconds: float) -> Finding:
        try:
            return self._judge(work, question, latex, self.where, seconds)
        except UnknownName as error:  # what is said of one question's letters is not for another's
            found = self._judge(work, question, latex, (), seconds)
            said = f"--where is not used here: {error.message}"
            return replace(found, assumptions=(*found.assumptions, said))

    def _judge(
        self,
        work: Work,
        question: str,
        latex: str,
        where: tuple[tuple[str, str], ...],
        seconds: float,
    ) -> Finding:
        call = (question, latex, where, self.sheet, seconds)
        try:
            if not self.bounded:
                return work(*call)
            return run_bounded(work, *call, seconds=seconds + GRACE, memory=self.memory, first=load)
        except BudgetExceeded as error:
            return Finding("undecided", "out-of-time", error.message, spent=seconds)
        except SymattnError as error:
            if where and isinstance(error, UnknownName):
                raise
            return Finding("undecided", "not-judged", str(error))
        except Exception:  # noqa: BLE001 - a defect must not cost the other lines
            said = "the line meets a case that the judge does not handle"
            return Finding("undecided", "not-judged", said)


MAX_KEPT = 5_000


class KeptVerdicts:
    """A judge that judges the same line of the same question once; a class repeats itself.

    A verdict depends on nothing but the question and the line, unless its time ran out; what it
    took counts for every file that has it, so that no verdict depends on which file came first.

    once : whether it counts once; so it does within one file.
    """

    def __init__(self, judge: Judge, *, once: bool = False) -> None:
        self.judge_of_lines, self.once = judge, once
        self.kept: dict[tuple[str, str], Finding] = {}
        self.questions, self.asked = judge.questions, judge.asked
        self.quantities, self.letters, self.prepare = judge.quantities, judge.letters, judge.prepare

    def judge(self, question: str, latex: str, seconds: float) -> Finding:
        """Return the verdict on a line, judged now or before."""
        key = (question, latex)
        found = self.kept.get(key)
        if found is not None and self.once:
            return replace(found, spent=0.0)
        if found is not None and found.spent <= seconds:
            return found
        found = self.judge_of_lines.judge(question, latex, seconds)
        if found.code not in _NOT_KEPT and len(self.kept) < MAX_KEPT:
            self.kept[key] = found
        return found


_NOT_KEPT = frozenset(["out-of-time", "out-of-budget", "not-judged"])


def judge_line(
    question: str, latex: str, where: tuple[tuple[str, str], ...], sheet: str | None, seconds: float
) -> Finding:
    """Judge one line in this process."""
    from symattn.judge.judge import check

    if next(_lines) % FORGET == 0:
        forget()
    begin = time.thread_time()
    found = check(question, latex, dict(where), sheet=sheet, seconds=seconds)
    return Finding(
        found.verdict,
        found.code,
        found.reason,
        found.nearest,
        found.caret,
        found.assumptions,
        tuple(f"{e.kind}: {e.verdict} ({e.code}): {e.text}" for e in found.evidence),
        found.counterexample.to_json() if found.counterexample else None,
        found.read_as,
        time.thread_time() - begin,
    )


def read_only(
    question: str, latex: str, where: tuple[tuple[str, str], ...], sheet: str | None, seconds: float
) -> Finding:
    """Read one line in this process, without judging it: `read_as`, or why it is not read."""
    from symattn.judge.judge import reading

    found = reading(question, latex, dict(where), sheet=sheet, seconds=seconds)
    said = (found.verdict, found.code, found.reason, "", found.caret, found.assumptions)
    return Finding(*said, read_as=found.read_as)


_lines = count(1)


def forget() -> None:
    """Empty the caches that grow with every new formula.

    They are bounded, but by what one long derivation needs; of a class each line is another, and
    the code that was compiled for it is never wanted again.
    """
    from sympy.core.cache import clear_cache

    from symattn.algebra import arrays, letters, stable
    from symattn.claims import definitions
    from symattn.judge import bench, free_letters
    from symattn.latex import statement, write

    for cached in (
        arrays._compiled, letters.shape, stable.stable, definitions._at, definitions._expanded,
        bench._in_parts, free_letters.free_indices, statement._parse, write.latex,
    ):  # fmt: skip
        clear = getattr(cached, "cache_clear", None)
        if clear is not None:
            clear()
    arrays._KEPT.clear()
    clear_cache()


@lru_cache(maxsize=200)
def _asked(question: str, sheet: str | None) -> Asked:
    from symattn.sheet import find_sheet, list_sheets

    for source in [find_sheet(sheet)] if sheet else list_sheets():
        for problem in source.sheet.sections if question in source.scripts else ():
            for part in problem.parts:
                if part.name == question:
                    before = [span for paragraph in problem.preamble for span in paragraph.prose]
                    return Asked.of(part.statement, before)
    return Asked()


@lru_cache(maxsize=200)
def _quantities(question: str, sheet: str | None) -> tuple[str, ...]:
    from symattn.judge.author import find

    asked = find(question, sheet)
    wanted = asked.specification.unknown
    names = [latex(wanted) if wanted is not None else ""]
    return (*names, *(latex(q.shown) for q in asked.quantities if q.shown != wanted))


@lru_cache(maxsize=200)
def _letters(
    question: str, sheet: str | None, where: tuple[tuple[str, str], ...]
) -> tuple[frozenset[str], frozenset[str]]:
    from symattn.judge.author import find
    from symattn.judge.meanings import vocabulary

    judged = find(question, sheet).judged
    scale = frozenset() if judged.scale is None else frozenset([judged.scale.name])
    known = vocabulary(judged).names()
    return frozenset([*known, *(name for name, _ in where)]), scale


@lru_cache(maxsize=4_000)
def spelling(left: str) -> tuple[str, ...]:
    r"""Return what a left side is called, whatever its index, its font and its brackets.

    >>> spelling(r"\vec{\alpha}_{1}") == spelling(r"\alpha_l")
    True
    >>> spelling(r"\mathbb{E}[c]"), spelling("q^*"), spelling("q_i")
    (('E', 'c'), ('q',), ('q', '_'))
    """
    try:
        tokens = tokenize(left[:400])
    except ReadError:
        return ()
    found: list[str] = []
    at = 0
    while at < len(tokens):
        kind, text = tokens[at].kind, tokens[at].text
        at += 1
        if kind in ("_", "^"):
            if kind == "_":
                found.append("_")
            stop = _argument(tokens, at)
            if kind == "^" and any(
                t.kind not in ("mark", "open", "close", "word", "op") or t.text in ("T", "+")
                for t in tokens[at:stop]
            ):
                found.append("^")  # fmt: skip
            at = stop
        elif kind not in ("open", "close", "quad", "'"):
            found.append(text)
    return tuple(found)


def _argument(tokens: list[Any], at: int) -> int:
    """The place after the token or group at `at`."""
    if at >= len(tokens) or tokens[at].kind != "open":
        return at + 1
    level = 0
    for stop in range(at, len(tokens)):
        level += (tokens[stop].kind == "open") - (tokens[stop].kind == "close")
        if level == 0:
            return stop + 1
    return len(tokens)
