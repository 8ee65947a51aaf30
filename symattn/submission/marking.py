"""The verdicts on a whole submission: line by line, question by question, and in one word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from symattn.check.budget import deadline, off_main_thread, run_bounded
from symattn.errors import SymattnError, visible
from symattn.submission.assignment import FEW_WORDS
from symattn.submission.document import Document, SubmittedFormula
from symattn.submission.judging import (
    NOT_JUDGED,
    Finding,
    Judge,
    KeptVerdicts,
    SheetJudge,
    spelling,
)
from symattn.submission.marks import (
    GROUPS,
    IN_WORDS,
    MISSING,
    NOT,
    PARTLY,
    RIGHT,
    UNDECIDED,
    UNREAD,
    WRONG,
    Marked,
    Marking,
    Summary,
    counted,
)
from symattn.submission.own_letters import (
    Definition,
    OwnLetters,
    defined_letter,
    names_of,
    put_for,
    scales_said,
)
from symattn.submission.page import render
from symattn.submission.rows import outline
from symattn.submission.scan import read_document
from symattn.submission.sentences import as_line, is_between, is_condition, said_beside

READING_SECONDS = 10.0
MAX_EARLIER = 20
"""So many right lines before one are looked at for what they say of its letters."""
_DRESSED = re.compile(r"\\[a-z]+\{(?P<plain>[^{}]+)\}")
_HAT = re.compile(r"\\(?:hat|tilde)\s*(?:\{(?P<braced>[A-Za-z])\}|(?P<bare>[A-Za-z])(?![A-Za-z]))")
_NEXT = re.compile(r"(?:,|\\q?quad|\\(?:text|mbox)\{[^{}]*\})\s*(?![^{}]*\})")
# Signs by which a formula inside a line can state an answer.
_STATING = frozenset(["=", ":=", "~~", "~=", "->", "==", "propto"])


@dataclass(frozen=True)
class MarkingOptions:
    """How submissions are marked.

    judge : what judges a line.
    mapped : pairs of the words of a heading and the name of its question; '*' for no heading.
    seconds : for one line.
    file_seconds : for one file; what is not judged then is undecided.
    page : whether the annotated page is made, too.
    links : whether symbolic links are followed; in a directory of strangers' files they are not.
    """

    judge: Judge = field(default_factory=SheetJudge)
    mapped: tuple[tuple[str, str], ...] = ()
    seconds: float = 5.0
    file_seconds: float = 120.0
    page: bool = False
    links: bool = True


def mark_file(path: Path | str, options: MarkingOptions | None = None, name: str = "") -> Marking:
    """Judge every relation of a file; what cannot be read is said in the marking, not raised."""
    options = options or MarkingOptions()
    name = visible(name or str(path))
    judge = options.judge
    if not options.links and Path(path).is_symlink():
        return Marking(name, error=f"{name} is a symbolic link, and is not followed")
    try:
        found = _read(path, judge.questions(), dict(options.mapped))
    except SymattnError as error:
        return Marking(name, error=str(error).replace(str(path), name))
    marking = mark_document(found, name, options)
    if options.page:
        marking = replace(marking, page=render(found.text, marking))
    return marking


def _read(path: Path | str, questions: tuple[str, ...], mapped: dict[str, str]) -> Document:
    """Read a file within its time, which off the main thread only another process can bound."""
    call = (path, questions, mapped)
    if off_main_thread():
        return run_bounded(read_document, *call, seconds=READING_SECONDS)
    with deadline(READING_SECONDS):
        return read_document(*call)


def mark_document(document: Document, name: str, options: MarkingOptions | None = None) -> Marking:
    """Judge every relation of a document."""
    options = options or MarkingOptions()
    marks = tuple(_Marker(options).marks(document))
    shown = [q for q in document.questions if q in options.judge.questions()]
    summaries = tuple(
        _summary(
            question,
            [m for m in marks if m.formula.question == question],
            options.judge,
            document.prose.get(question, ""),
        )
        for question in sorted(shown)
    )
    return Marking(name, marks, summaries, document.remarks)


class _Marker:
    """Judges the formulas of one document, one after the other, until its time is over."""

    def __init__(self, options: MarkingOptions) -> None:
        self.options = options
        self.judge = KeptVerdicts(options.judge, once=True)
        self.known = frozenset(self.judge.questions())
        self.left = options.file_seconds
        self.definitions = OwnLetters(())
        self.scales: list[tuple[int, str]] = []
        self.earlier: list[SubmittedFormula] = []  # right relations
        self.own: dict[str, SubmittedFormula] = {}  # question -> the right relation for its unknown
        self.slips: dict[str, SubmittedFormula] = {}  # and the wrong one
        self.open: dict[str, SubmittedFormula] = {}  # and one that is not decided
        self.doubt = 0  # the line of the first formula with two readings

    def marks(self, document: Document) -> Iterator[Marked]:
        self.definitions, self.text = OwnLetters(document.definitions), document.text
        self.scales = list(scales_said(document.text))
        asked = {f.question for f in document.formulas if not f.fault} & self.known
        if asked:
            self.judge.prepare(sorted(asked))
        for formula in document.formulas:
            yield self.mark(formula)

    def mark(self, formula: SubmittedFormula) -> Marked:
        if formula.fault:
            return Marked(formula, Finding("unread", "unread", formula.fault))
        if formula.asked:
            said = "it stands in the question's own text, outside the answers"
            return Marked(formula, Finding(NOT, "question-text", said))
        if not formula.question:
            letter = self.definitions.says(formula.start)
            if letter and formula.kind == "inline":
                said = f"it says what {visible(letter, 40)} stands for"
                return Marked(formula, Finding(NOT, "definition", said))
            return Marked(formula, Finding(NOT, "no-question", "no heading names its question"))
        if formula.question == "none":
            return Marked(formula, Finding(NOT, "not-here", "its heading is not on this sheet"))
        if formula.question not in self.known:
            said = f"{formula.question} is not a question that is judged"
            return Marked(formula, Finding(NOT, "unknown-question", said))
        before = self.text[max(0, formula.start - 200) : formula.start]
        if self.judge.asked(formula.question).holds(formula.latex, before):
            said = "it is the assignment's own, copied with the words before it"
            return Marked(formula, Finding(NOT, "question-text", said))
        seen = outline(formula.latex)
        if not seen.relations:
            whole = None
            if formula.kind == "inline" and is_between(self.text, formula.end):
                whole = self.with_sentence(formula, self.options.seconds, (), "")
            if whole is not None:
                return whole
            return Marked(formula, Finding(NOT, "no-relation", "it states no relation"))
        try:
            about = self.about(formula, seen.relations[0].start)
        except SymattnError as error:  # the question's script is broken
            return Marked(formula, Finding("undecided", "not-judged", str(error)))
        own = self.own_letter(formula) if about != "unknown" else ""
        if own and (about is None or formula.kind == "inline"):
            said = f"it says what {visible(own, 40)} stands for"
            return Marked(formula, Finding(NOT, "definition", said))
        if formula.kind == "inline" and about is None and is_condition(self.text, formula.start):
            said = "it is a condition of what stands beside it"
            return Marked(formula, Finding(NOT, "condition", said))
        if formula.kind == "inline" and (about is None or seen.relations[0].kind not in _STATING):
            return _in_passing(self.verdict(formula, about or ""))
        return self.verdict(formula, about or "")

    def beside(self, formula: SubmittedFormula) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the conditions and the words of its sentence that belong to an inline formula."""
        if formula.kind != "inline":
            return (), ()
        return said_beside(self.text, formula.start, formula.end)

    def about(self, formula: SubmittedFormula, end: int) -> str | None:
        """'unknown' for the unknown on the left, '' for another quantity, None for neither."""
        names = self.judge.quantities(formula.question)
        if "'" in self.definitions.says(formula.start):
            return None  # `let $M' = ..$`, beside an M of the question
        called = spelling(formula.latex[:end])
        if not called:
            return None
        if names[:1] != ("",) and any(
            spelling(_HAT.sub(r"\g<braced>\g<bare>", one)) == spelling(names[0])
            for one in (formula.latex[:end], *_lefts(formula))
        ):
            return "unknown"
        return "" if any(called == spelling(name) for name in names[1:]) else None

    def verdict(self, formula: SubmittedFormula, about: str) -> Marked:
        if self.left <= 0:
            said = f"the {self.options.file_seconds:g} seconds for one file are over"
            return Marked(formula, Finding("undecided", "out-of-time", said), about)
        seconds = min(self.options.seconds, max(self.left, 0.1))
        known, scales = self.judge.letters(formula.question)
        renamed = self.scale_said(formula, known, scales)
        if renamed:
            (letter, scale), source = renamed, formula
            latex = put_for(letter, scale, formula.latex)
            mark = self.verdict(replace(formula, latex=latex), about)
            said = f"{letter} is the scale {scale}, as the text says"
            return replace(mark, formula=source, note="; ".join(filter(None, [mark.note, said])))
        place = (formula.start, formula.end)
        used = self.definitions.needed(formula.latex, formula.question, place, known, scales)
        given = "".join(rf", \quad \text{{where }} {d.latex}" for d in used)
        conditions, turning = self.beside(formula)
        given += "".join(rf", \quad {c}" for c in conditions if c not in given)
        found = self.judge.judge(formula.question, formula.latex + given, seconds)
        self.left -= found.spent
        if found.code == "two-readings":
            if self.doubt and self.doubt != formula.line:
                said = f"as in line {self.doubt}, whose question is answered for the whole file"
                found = replace(found, reason=said)
            self.doubt = self.doubt or formula.line
        if found.code in NOT_JUDGED:
            return Marked(formula, replace(found, verdict=NOT), about)
        if (turning or conditions) and (turning or found.verdict in ("unread", "undecided")):
            whole = self.with_sentence(formula, seconds, used, about)
            if whole is not None:
                return whole
        if turning and found.verdict not in ("unread", "undecided"):
            said = f"its sentence says more of it than is used: {', '.join(turning)}"
            return Marked(formula, Finding("undecided", "condition-unused", said), about)
        mark = Marked(formula, found, about, _note(formula, used))
        if mark.group in (UNDECIDED, UNREAD):
            mark = self.with_earlier(mark, seconds, given)
        elif mark.group == RIGHT:
            self.earlier.append(formula)
        if about and mark.group == RIGHT:
            self.own[formula.question] = formula
        if about and mark.group == WRONG:
            self.slips[formula.question] = formula
        if about == "unknown" and mark.group in (UNDECIDED, UNREAD):
            self.open[formula.question] = formula
        if not about and mark.group == WRONG:
            return self.with_own(mark, seconds, given)
        return mark

    def with_sentence(
        self, formula: SubmittedFormula, seconds: float, used: Sequence[Definition], about: str
    ) -> Marked | None:
        """Judge the whole sentence of a formula as one line; None where that decides nothing."""
        line = as_line(self.text, formula.start, formula.end)
        if not line:
            return None
        given = "".join(rf", \quad \text{{where }} {d.latex}" for d in used)
        found = self.judge.judge(formula.question, line + given, seconds)
        self.left -= found.spent
        mark = Marked(replace(formula, latex=line), found, about, _note(formula, used))
        if mark.group in (UNDECIDED, UNREAD):
            mark = self.with_earlier(mark, seconds, given)
        if mark.group not in (RIGHT, WRONG) or mark.finding.code == "shape-mismatch":
            return None
        note = "; ".join(filter(None, [mark.note, "judged with all of its sentence"]))
        return replace(mark, formula=formula, note=note)

    def scale_said(
        self, formula: SubmittedFormula, known: frozenset[str], scales: frozenset[str]
    ) -> tuple[str, str] | None:
        """Return a letter of the question that the text makes its scale, and the question's own scale.

        `Let $c$ be a large constant and take $q = c (k_i + k_j)$`: here c is no output.
        """
        (scale,) = scales if len(scales) == 1 else ("",)
        held = names_of(formula.latex)
        if not scale or scale in held or not self.scales:
            return None
        for start, letter in reversed(self.scales):
            if start < formula.start and letter in held & known and letter not in scales:
                one = [x for x in names_of(formula.latex.split("=")[0]) if x == letter]
                return None if one else (letter, scale)
        return None

    def with_earlier(self, mark: Marked, seconds: float, given: str) -> Marked:
        r"""Judge an undecided line again with what the submission said before of a letter of its own.

        `Write $k_i \approx \gamma \mu_i$`, which is right, and then a line that holds \gamma.
        """
        known, _ = self.judge.letters(mark.formula.question)
        own = {x for x in names_of(mark.formula.latex) if re.split("[_^']", x)[0] not in known}
        said = [
            f
            for f in self.earlier[-MAX_EARLIER:]
            if f.question == mark.formula.question and own & names_of(f.latex)
        ]
        for few in (said[:1], said) if len(said) > 1 else (said,):
            found = self.beside_earlier(mark, few, seconds, given) if few else mark
            if found is not mark:
                return found
        return mark

    def beside_earlier(
        self, mark: Marked, said: Sequence[SubmittedFormula], seconds: float, given: str
    ) -> Marked:
        """Judge a line beside earlier ones of the submission; the mark itself where that decides nothing."""
        joined = "".join(rf", \quad {f.latex}" for f in said)
        beside = [c for f in said for c in self.beside(f)[0]]
        joined += "".join(rf", \quad {c}" for c in dict.fromkeys(beside) if c not in given)
        latex = f"{mark.formula.latex}{joined}{given}"
        found = self.judge.judge(mark.formula.question, latex, seconds)
        self.left -= found.spent
        if GROUPS.get(found.verdict) not in (RIGHT, WRONG) or found.code == "shape-mismatch":
            return mark
        note = "with " + ", ".join(f"{visible(f.latex, 60)} of line {f.line}" for f in said)
        return Marked(mark.formula, found, mark.about, "; ".join(filter(None, [mark.note, note])))

    def own_letter(self, formula: SubmittedFormula) -> str:
        """The letter of the submission's own that a formula only says the meaning of, or ''."""
        known, scales = self.judge.letters(formula.question)
        name = defined_letter(formula.latex)
        if "'" in self.definitions.says(formula.start):
            return name
        if formula.kind == "inline" and name in scales and self.definitions.says(formula.start):
            return name  # `where $\\beta = ..$` is a choice and no claim
        plain = _DRESSED.sub(r"\g<plain>", name)
        return "" if {name, plain, re.split("[_^']", plain)[0]} & known else name

    def with_own(self, mark: Marked, seconds: float, given: str) -> Marked:
        """Judge a refuted line again with the submission's own answer: `q` may be written with
        another scale than ours, and what follows from it is right with that.
        """
        right = self.own.get(mark.formula.question)
        own = right or self.slips.get(mark.formula.question)
        undecided = self.open.get(mark.formula.question)
        if own is None and undecided is not None:
            said = f"it may follow from line {undecided.line}, which is not decided: {mark.finding.reason}"
            return replace(
                mark, finding=replace(mark.finding, verdict="undecided", reason=said, nearest="")
            )
        if own is None or len(outline(own.latex).relations) != 1:
            return mark
        latex = f"{mark.formula.latex}, \\quad {own.latex}{given}"
        found = self.judge.judge(mark.formula.question, latex, seconds)
        self.left -= found.spent
        if right is None and found.reason.startswith(own.latex.strip()):
            said = f"it follows from what line {own.line} says, and that is wrong"
            return replace(mark, finding=replace(mark.finding, reason=said))
        if GROUPS.get(found.verdict) != RIGHT:
            return mark
        note = f"with the answer of line {own.line}"
        return Marked(mark.formula, found, mark.about, "; ".join(filter(None, [mark.note, note])))


def _lefts(formula: SubmittedFormula) -> list[str]:
    """The left sides of the further equations of a display: `M S = 2 S, \\quad M = ..`."""
    if formula.kind != "display":
        return []
    found = []
    for piece in _NEXT.split(formula.latex)[1:]:
        seen = outline(piece)
        if seen.relations and seen.relations[0].kind in _STATING:
            found.append(piece[: seen.relations[0].start])
    return found


def _in_passing(mark: Marked) -> Marked:
    """Take what a sentence says in passing for right where it is, and for nothing else.

    The sentence may take it for a wish, a case, or a step that is given up again.
    """
    if mark.group == RIGHT or mark.verdict == NOT:
        return mark
    if mark.group == WRONG:
        said = f"said inside a sentence, so read it yourself; alone it is refuted: {mark.finding.reason}"
        return replace(
            mark, finding=replace(mark.finding, verdict="undecided", reason=said, nearest="")
        )
    said = "inside a line, what is not decided is left to the reader"
    return replace(mark, finding=Finding(NOT, "inline", said))


def _note(formula: SubmittedFormula, used: Sequence[Definition]) -> str:
    said = [f"with {visible(d.latex, 60)} of line {d.line}" for d in used]
    if formula.carried:
        said.insert(0, f"the left side {visible(formula.carried, 60)} is carried over")
    return "; ".join(said)


def _summary(question: str, marks: list[Marked], judge: Judge, prose: str) -> Summary:
    try:
        sought = judge.quantities(question)[:1] != ("",)
    except SymattnError:
        return Summary(question, UNDECIDED, counted(marks))
    said = judge.asked(question).own_words(prose) >= FEW_WORDS
    return Summary(question, _state(marks, sought, said), counted(marks))


def _state(marks: list[Marked], sought: bool, said: bool) -> str:
    """The state of a question: by what is said of its unknown, displayed before inside a line.

    Where nothing is sought, everything that is judged counts.  A refuted line shows wherever it
    stands.

    said : it has words of its own, which may answer where no formula does.
    """
    decisive = [m for m in marks if m.about == "unknown"] if sought else marks
    displayed = [m for m in decisive if m.formula.kind == "display"]
    groups = {m.group for m in displayed or decisive} - {NOT}
    every = {m.group for m in marks}
    if WRONG in every:
        return PARTLY if RIGHT in groups else WRONG
    # What was judged and not decided may be wrong; what was not read takes nothing from what is
    # right, and adds nothing to it.
    for state in (UNDECIDED, RIGHT, UNREAD):
        if state in groups:
            return state
    # nothing gives the unknown; what was not read or not decided may have
    for state in (UNREAD, UNDECIDED):
        if state in every:
            return state
    return IN_WORDS if said else MISSING
