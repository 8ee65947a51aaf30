"""The scan of a submission: headings, definitions and formulas, in one pass."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from symattn.errors import ReadError, visible
from symattn.submission.document import Document, SubmittedFormula
from symattn.submission.headings import Headings
from symattn.submission.lists import DISPLAYS, LISTS, OPTIONS, Lists
from symattn.submission.macros import DEFINING, Macro, Macros, definition, group_end
from symattn.submission.own_letters import (
    MAX_DEFINITIONS,
    MAX_LENGTH,
    Definition,
    defined_letter,
    in_words,
    is_later,
    is_said,
    said_inside,
)
from symattn.submission.rows import BEFORE_FORMULA, JudgedLine, lines, outline, split_rows
from symattn.submission.source import Remark, Source, SubmissionError, load, source

_EQUATES = re.compile(r"[^=<>]{1,60}=|[^=<>]{1,60}\\(?:equiv|coloneqq?|triangleq)")
_BETWEEN = re.compile(r"\\(?:short)?intertext\s?\{")
_INLINE = re.compile(r"\$[^$]+\$")

_BY_LETTERS = re.compile(r"\\[aA]lph\s?\{(?P<level>(?:sub){0,2}section)\}")
_ALIGNED = re.compile(
    r"&\s?(?:[=<>]|\\(?:approx|to|le|ge|leq|geq|equiv|propto|sim|gg|ll|rightarrow)(?![A-Za-z]))"
)
_SHOWN_ARGUMENT = re.compile(
    r"\s*(?:\\begin\{(?P<environment>[A-Za-z]+\*?)\}|\\\[|\$\$)\s*#1\s*(?:\\end\{|\\\]|\$\$).*",
    re.DOTALL,
)
_NO_WORDS = re.compile(
    r"\\(?:begin|end|label|ref|eqref|cite|usepackage)\s?\{[^{}\n]*\}|\\[A-Za-z@]+\*?|\$"
)
MAX_HEADINGS = 5
THE = frozenset(["thesection", "thesubsection", "thesubsubsection"])
EXAM = frozenset(["question", "part", "subpart", "subsubpart"])
MAX_UNKNOWN = 5_000
ANSWERS = frozenset(
    "solution answer ans sol solutionorbox solutionorlines solutionordottedlines solutionbox "
    "studentanswer ifans loesung rozwiazanie odpowiedz".split()
)
"""Environments and commands that hold an answer; what stands beside them is the question's own text."""

_HEADED = frozenset("problem exercise question solution task".split())

MAX_FORMULAS = 20_000
"""More than in any answer; a file that holds more is refused whole, not read in part."""
MAX_REMARKS = 50
MAX_INLINE = 2_000
MAX_WORK = 400_000
MAX_DISPLAY = 100_000
LEVELS = {
    "part": 0,
    "chapter": 0,
    "section": 1,
    "subsection": 2,
    "subsubsection": 3,
    "paragraph": 4,
    "subparagraph": 5,
    "frametitle": 4,
    **dict.fromkeys(["textbf", "textit", "textsc", "emph", "underline", "uline", "title"], 6),
}
INCLUDING = frozenset(
    "input include subfile import subimport InputIfFileExists verbatiminput lstinputlisting "
    "bibliography includeonly".split()
)
RUNNING = frozenset(
    "write immediate openin openout directlua luaexec latelua ShellEscape special catcode csname "
    "read scantokens".split()
)

_PLAIN_START = (
    r"\(?[A-Za-z0-9]\)|[Qq][.~ ]?[0-9]|[0-9]{1,2}[ .\-]{0,2}\(?[A-Za-z][).:\s]"
    r"|(?:[Qq]uestion|QUESTION|[Pp]roblem|[Ee]xercise|[Tt]ask|[Pp]art|[Aa]nswer|[Ss]olution"
    r"|[Zz]adanie|[Pp]odpunkt|[Pp]unkt|[Pp]ytanie|[Aa]ufgabe|[Tt]eilaufgabe|[Tt]eil|[Ff]rage"
    r"|[Ee]xercice|[Pp]artie|[Ee]jercicio|[Aa]partado|[Pp]regunta|[Aa]d|[Ee]x)[ .~][^\n]"
    r"|(?:问题|题|第)[^\n]|（[A-Za-z]）|[A-Za-z][.:](?:\*\*|__)"
)
_FOUND = (
    r"(?P<plain>^[ \t]{{0,40}}"
    r"(?P<lead>(?:(?:[-*+>]|\#{{1,6}}|[0-9]{{1,2}}[.)]|\[![a-z]{{1,20}}\][-+]?)[ \t]{{1,9}}){{1,3}})?"
    r"(?:\*\*|__)?(?={start}))"
    r"|(?P<hash>^[ \t]{{0,3}}\#{{1,6}}[ \t])"
    r"|\\(?P<edge>begin|end)[ \t]{{0,9}}\{{(?P<environment>[A-Za-z]{{1,30}}\*?)\}}"
    r"|\\(?P<word>[A-Za-z@]+)\*?"
    r"|(?P<open>\\\[|\\\(|\$\$?)"
    r"|\\."
)
_BLANK_LINE = r"\n[ \t]*\n"
# What a find costs, so that a file of 5 MB takes no longer than a few seconds.
_COSTS = {"open": 10, "environment": 10, "edge": 10, "plain": 10, "lead": 10, "hash": 10}
_ALTERNATIVES = "|".join(sorted(DISPLAYS))
_ALIAS = re.compile(r"\s*\\(?P<edge>begin|end)\s?\{(?P<environment>[A-Za-z]+\*?)\}\s*")
_ARGUMENT = re.compile(r"[ \t]{0,9}(?:\[[^\]\n]{0,80}\])?[ \t]{0,9}")


class Scan:
    """Reads a source from its beginning to its end."""

    def __init__(
        self, source: Source, known: Collection[str], mapped: Mapping[str, str] | None
    ) -> None:
        self.source, self.known, self.mapped = source, known, mapped
        self.formulas: list[SubmittedFormula] = []
        self.remarks: list[Remark] = list(source.remarks)
        self.questions: dict[str, None] = {}
        self.definitions: list[Definition] = []
        self.text = source.clean
        self.headings = Headings(known, mapped)
        self.lists = Lists(self.headings)
        self.macros = Macros()
        self.aliases: dict[str, tuple[str, str]] = {}
        self.lettered: set[str] = set()
        self.answers: list[tuple[int, int]] = []
        self.sections: dict[str, int] = {}
        self.turns: list[tuple[int, str]] = [(0, self.headings.question)]
        self.line_ends = [m.start() for m in re.finditer("\n", self.text)]
        self.work = 0
        begin = re.search(r"\\begin[ ]?\{document\}", self.text)
        self.body = begin.start() if begin else 0

    def document(self) -> Document:
        """Return what was found."""
        self.scan()
        for words in self.headings.unused():
            self.remark(0, f"no heading says {visible(words)!r}")
        shown = {f.question for f in self.formulas if f.question}
        names = tuple(dict.fromkeys([*self.questions, *sorted(shown)]))
        formulas = sorted(self.formulas, key=lambda f: f.start)
        self.unnamed(formulas)
        return Document(
            self.source.text,
            tuple(self.told_apart(formulas)),
            tuple(self.remarks),
            names,
            tuple(self.definitions),
            self.prose(formulas),
        )

    def unnamed(self, formulas: list[SubmittedFormula]) -> None:
        """Say which headings name no question though formulas stand under them."""
        under: dict[str, int] = {}
        for formula in formulas:
            if not formula.question and formula.heading:
                under.setdefault(formula.heading, formula.line)
        for words, line in list(under.items())[:MAX_HEADINGS]:
            name = visible(words.rstrip(" .:"), 60)
            said = (
                f"the heading {name!r} names no question: --map '{name}=q1c' says which, or =none"
            )
            self.remarks.append(Remark(line, said))
        if len(under) > MAX_HEADINGS:
            self.remarks.append(Remark(0, f"{len(under) - MAX_HEADINGS} more headings name none"))

    def prose(self, formulas: list[SubmittedFormula]) -> dict[str, str]:
        """What stands under each question beside its formulas: the words."""
        pieces: list[str] = []
        at = 0
        for formula in formulas:
            if formula.start >= at:
                pieces += (self.text[at : formula.start], " " * (formula.end - formula.start))
                at = formula.end
        text = "".join([*pieces, self.text[at:]])
        found: dict[str, list[str]] = {}
        ends = [at for at, _ in self.turns[1:]] + [len(text)]
        for (begin, question), end in zip(self.turns, ends):
            if question:
                found.setdefault(question, []).append(_NO_WORDS.sub(" ", text[begin:end]))
        return {question: " ".join(said) for question, said in found.items()}

    def told_apart(self, formulas: list[SubmittedFormula]) -> Iterator[SubmittedFormula]:
        """Tell the question's own text from the answers, where a question has marked ones."""

        def answers(formula: SubmittedFormula) -> bool:
            return any(start <= formula.start < end for start, end in self.answers)

        answered = {f.question for f in formulas if self.answers and answers(f)}
        for formula in formulas:
            yield replace(formula, asked=formula.question in answered and not answers(formula))

    def scan(self) -> None:
        start = _PLAIN_START
        if self.mapped:
            words = [w.split() for w in self.mapped if w.strip(" *") and w.strip()[0] not in "\\$"]
            given = [r"[ \t]+".join(map(re.escape, w)) for w in words]
            start += "".join(f"|(?i:{pattern})" for pattern in given)
        token = re.compile(_FOUND.format(start=start), re.MULTILINE)
        at = 0
        while (match := token.search(self.text, at)) is not None:
            at = match.end()
            group = match.lastgroup
            self.work += _COSTS.get(group or "", 1)
            if self.work > MAX_WORK:
                raise self.too_much(at, "too many commands and formulas")
            if group is None:
                continue
            if group in ("plain", "lead", "hash"):
                at = self.plain(match)
            elif group in ("environment", "edge"):
                if match.group("environment") == "document" and match.group("edge") == "end":
                    return
                at = self.edge(match.group("edge"), match.group("environment"), match)
            elif group == "word":
                at = self.word(match)
            else:
                at = self.mathematics(match)
            if self.headings.question != self.turns[-1][1]:
                self.turns.append((at, self.headings.question))
            if len(self.formulas) >= MAX_FORMULAS:
                raise self.too_much(at, f"more than {MAX_FORMULAS} formulas")

    def too_much(self, at: int, what: str) -> SubmissionError:
        return SubmissionError(f"it holds {what}, up to line {self.line(at)}", "split the file")

    def remark(self, at: int, text: str) -> None:
        if len(self.remarks) < MAX_REMARKS:
            self.remarks.append(Remark(self.line(at) if at else 0, text))

    def line(self, at: int) -> int:
        return bisect_right(self.line_ends, at - 1) + 1

    def question_named(self) -> None:
        if self.headings.question:
            self.questions.setdefault(self.headings.question)

    def plain(self, match: re.Match[str]) -> int:
        """A line of text that may be a heading."""
        end = self.text.find("\n", match.end())
        line = self.text[match.end() : end if end >= 0 else len(self.text)][:200]
        hashes = match.group().strip().count("#")
        if hashes:
            self.headings.take(line, min(hashes, 5))
            self.question_named()
        elif self.starts_paragraph(match.start()) or match.group("lead"):
            bold = match.group().strip().endswith(("**", "__"))
            if self.headings.take(line, Headings.LOWEST, plain=True, bold=bold):
                self.question_named()
        # The pattern may be empty; what it looks ahead to is neither a dollar nor a backslash.
        return match.end() + 1

    def starts_paragraph(self, at: int) -> bool:
        """Whether the line before is blank, or only a command."""
        end = at - 1
        if end < 0:
            return True
        before = self.text[max(self.text.rfind("\n", 0, end) + 1, end - 200) : end].strip()
        return not before or before.startswith(("\\", "#")) or before.endswith("\\\\")

    def word(self, match: re.Match[str]) -> int:
        """A command: a heading, a definition, something that is not followed."""
        word, at = match.group("word"), match.end()
        if word in self.aliases and self.macros.known.get(word):
            return self.edge(*self.aliases[word], match)
        if word in DEFINING:
            return self.defined(word, match)
        if word in EXAM and self.lists.open:
            if self.lists.exam(word):
                self.question_named()
            opened = _ARGUMENT.match(self.text, at)
            said = self.text[opened.end() if opened else at :][:200].split("\n", 1)[0]
            if self.headings.given(said):
                self.question_named()
            return at
        if word in LEVELS and at > self.body:
            self.work += 20
            opened = _ARGUMENT.match(self.text, at)
            begin = opened.end() if opened else at
            end = group_end(self.text, begin, 400)
            if end > 0:
                level = LEVELS[word]
                inside = self.text[begin + 1 : end - 1]
                if level < Headings.LOWEST or self.heads_a_line(match.start()):
                    # `\textbf{(c)} Answer`: what follows belongs to the line, not to the heading
                    lowest = level == Headings.LOWEST
                    named = self.headings.take(inside, level, plain=lowest, bold=lowest)
                    if not named and word in self.lettered and not match.group().endswith("*"):
                        self.headings.counted(self.count_section(word), level, inside)
                    self.question_named()
                return begin + 1
        elif word == "item":
            return self.item(at)
        elif word in ("setcounter", "addtocounter"):
            self.lists.count(word, self.text, at)
        elif word in INCLUDING:
            opened = _ARGUMENT.match(self.text, at)
            end = group_end(self.text, opened.end() if opened else at, 300)
            name = self.text[at:end].strip(" {}") if end > 0 else ""
            self.remark(at, f"\\{word}{{{visible(name, 60)}}} is not followed")
        elif word in RUNNING:
            self.remark(at, f"\\{word} is not executed")
        elif word in ANSWERS and self.text.startswith("{", at):
            self.answers.append((at, max(group_end(self.text, at, MAX_DISPLAY), at)))
        elif self.text.startswith("{", at):
            macro = self.macros.known.get(word)
            return self.shown(macro, at) if macro else self.unknown(word, match)
        return at

    def shown(self, macro: Macro, at: int) -> int:
        r"""The argument of a macro that displays it: `\newcommand{\eqs}[1]{\begin{align}#1\end{align}}`."""
        found = _SHOWN_ARGUMENT.fullmatch(macro.body) if macro.arguments == 1 else None
        end = group_end(self.text, at, MAX_DISPLAY) if found and at > self.body else -1
        if found is None or end < 0:
            return at
        self.rows(at + 1, end - 1, found["environment"] or "[")
        return end

    def unknown(self, word: str, match: re.Match[str]) -> int:
        """A command that nothing here defines: where its argument is an aligned formula, it is said."""
        at = match.end()
        end = group_end(self.text, at, MAX_UNKNOWN)
        if end < 0 or not _ALIGNED.search(self.text, at, end):
            return at
        fault = (
            f"\\{word} is not known here, so lines {self.line(at)} to {self.line(end)} are not read; "
            "give its definition, or write align"
        )
        self.broken(match.start(), end, fault)
        return end

    def count_section(self, word: str) -> str:
        r"""Count a section of a level that \renewcommand numbers by letters; return its letter."""
        level = LEVELS[word]
        self.sections = {name: n for name, n in self.sections.items() if LEVELS[name] <= level}
        self.sections[word] = self.sections.get(word, 0) + 1
        return chr(96 + min(self.sections[word], 26))

    def edge(self, edge: str, environment: str, match: re.Match[str]) -> int:
        """The beginning or the end of an environment."""
        at = match.end()
        if environment.rstrip("*").lower() in ANSWERS:
            if edge == "begin":
                self.answers.append((at, len(self.text)))
            elif self.answers:
                self.answers[-1] = self.answers[-1][0], at
        if edge == "end":
            self.lists.end(environment)
            return at
        if environment.rstrip("*") in DISPLAYS:
            names = [w for w, a in self.aliases.items() if a == ("end", environment)]
            close = re.escape(f"\\end{{{environment}}}")
            return self.display(at, close, environment, match.group(), names)
        if environment == "math":
            return self.inline(at, r"\\end\{math\}", match.start())
        found = OPTIONS.match(self.text, at)
        if environment in LISTS:
            self.lists.begin(environment, found["options"] if found else "")
        elif environment == "frame":
            begin = found.end() if found else at
            end = group_end(self.text, begin, 200)
            if end > 0:
                self.headings.take(self.text[begin + 1 : end - 1], 4)
                self.question_named()
        elif environment.rstrip("*") in _HEADED:
            end = group_end(self.text, at, 100)
            if found or end > 0:
                said = found["options"] if found else self.text[at + 1 : end - 1]
                self.headings.take(said, Headings.LOWEST)
                self.question_named()
        return at

    def item(self, at: int) -> int:
        r"""An \item: with a label of its own, or the next of a list."""
        self.work += 10
        label = OPTIONS.match(self.text, at)
        said = label["options"] if label else self.text[at : at + 80].split("\n", 1)[0]
        named = self.headings.take(said, Headings.LOWEST, plain=not label)
        if named or (not label and self.lists.open and self.lists.next_item()):
            self.question_named()
        return label.end() if label else at

    def heads_a_line(self, at: int) -> bool:
        """Whether nothing but \\item, \\noindent and the like stands before on the line."""
        begin = self.text.rfind("\n", 0, at) + 1
        before = self.text[max(begin, at - 80) : at]
        return not re.sub(r"\\[a-z]+\*?(?:\{\})?(?:\[[^\]]*\])?|[-*+>\s{]", "", before)

    def defined(self, word: str, match: re.Match[str]) -> int:
        self.work += 30
        found = definition(self.text, word, match.end())
        if found is None:
            return match.end()
        name, macro, end = found
        self.macros.define(name, macro)
        counted = _BY_LETTERS.search(macro.body) if macro and name in THE else None
        if counted:
            self.lettered.add(counted["level"])
        alias = _ALIAS.fullmatch(macro.body) if macro else None
        if alias:
            self.aliases[name] = alias.group("edge"), alias.group("environment")
        return end

    # mathematics --------------------------------------------------------------------------------

    def mathematics(self, match: re.Match[str]) -> int:
        mark, at = match.group(), match.end()
        if mark == "$$":
            return self.display(at, r"\$\$", "$$", mark)
        if mark == "\\[":
            return self.display(at, r"\\\]", "[", mark)
        if mark == "$":
            return self.inline(at, r"\$", match.start())
        return self.inline(at, r"\\\)", match.start())

    def display(
        self, at: int, close: str, environment: str, shown: str, names: Iterable[str] = ()
    ) -> int:
        """A displayed formula: to its end, or to where it must have ended."""
        for name in names:
            close += rf"|\\{re.escape(name)}(?![A-Za-z])"
        match = self.end_of(_stopper(close, environment == "$$"), at)
        if match is None or match.group("close") is None:
            end = match.start() if match else len(self.text)
            self.broken(at - len(shown), end, f"{shown} is not closed")
            return max(end, at)
        if at > self.body or not self.body:
            self.rows(at, match.start(), environment)
        return match.end()

    def end_of(self, stopper: re.Pattern[str], at: int) -> re.Match[str] | None:
        """Find where a formula ends; what is escaped does not end it."""
        match = stopper.search(self.text, at)
        while match is not None and match.group() in ("\\\\", "\\$"):
            match = stopper.search(self.text, match.end())
        return match

    def broken(self, at: int, end: int, fault: str) -> None:
        stop = self.text.find("\n", at, min(end, at + 200))
        self.add(
            JudgedLine("", at, stop if stop > 0 else min(end, at + 200), fault=fault), "display"
        )

    def rows(self, at: int, end: int, environment: str) -> None:
        body = self.text[at:end]
        if len(body) > MAX_DISPLAY:
            self.broken(at, end, f"it is longer than {MAX_DISPLAY} characters")
            return
        opened = re.match(r"(?:\s?\[[^\]\n]{0,20}\])?\s?(?:\{[0-9a-zA-Z|]{1,9}\})?", body)
        if opened and environment.rstrip("*") in ("alignat", "xalignat", "IEEEeqnarray"):
            body = re.sub(r"[^\n]", " ", opened.group()) + body[opened.end() :]
        found, fault = split_rows(body, at, environment)
        if fault:
            self.remark(at, f"a formula is cut short: {fault}")
        for line in lines(found, self.macros.expand):
            self.add(line, "display")
        for said in _BETWEEN.finditer(body):  # \\intertext{where $P = ..$}
            stop = group_end(body, said.end() - 1, 2_000)
            inside = self.text[at + said.end() : at + stop - 1] if stop > 0 else ""
            for formula in _INLINE.finditer(inside):
                begin = at + said.end() + formula.start()
                self.inline(begin + 1, r"\$", begin)

    def inline(self, at: int, close: str, begin: int) -> int:
        """A formula in a line; one that holds no relation is passed over."""
        match = self.end_of(_closer(close), at)
        if match is None or match.group("close") is None:
            end = match.start() if match else len(self.text)
            self.remark(begin, "a $ is not closed in its paragraph")
            return max(end, at)
        end = match.start()
        if (at > self.body or not self.body) and end - at <= MAX_INLINE:
            for line in lines(split_rows(self.text[at:end], at, "inline")[0], self.macros.expand):
                if line.fault or outline(line.latex).relations:
                    self.add(line, "inline", self.text[max(0, begin - 300) : begin])
            self.in_words(begin)
        return match.end()

    def in_words(self, begin: int) -> None:
        """Take up `Let $P$ be the projection $..$`, at its first formula."""
        found = in_words(self.text, begin)
        if found is None:
            return
        try:
            name, value = (self.macros.expand(text) for text in found)
        except ReadError:
            return
        self.define(f"{name} = {value}", begin)

    def define(self, latex: str, start: int, later: bool = False) -> None:
        """Keep what a relation says of a letter of the document's own."""
        name = defined_letter(latex)
        if name and len(self.definitions) < MAX_DEFINITIONS:
            sign = outline(latex).relations[0]
            latex = f"{latex[: sign.start].strip()} = {latex[sign.end :].strip()}"
            question, line = self.headings.question, self.line(start)
            self.definitions.append(Definition(name, latex, start, line, question, later))

    def defines(self, formula: SubmittedFormula, before: str) -> None:
        """Take up what a formula, or a condition in it, says of a letter."""
        latex, start = formula.latex, formula.start
        if len(latex) > MAX_LENGTH or formula.fault:
            return
        display = formula.kind == "display"
        if display or ":=" in latex or "\\coloneq" in latex or is_said(before):
            if _EQUATES.match(latex):
                self.define(latex, start, not display and is_later(before))
            for _, relation in said_inside(latex):
                self.define(relation, start, True)

    def add(self, line: JudgedLine, kind: Literal["display", "inline"], before: str = "") -> None:
        if len(self.formulas) >= MAX_FORMULAS:
            return
        text = self.text[line.start : line.end]
        opened = BEFORE_FORMULA.match(text)
        start = line.start + (opened.end() if opened and not line.fault else 0)
        end = max(start, line.start + len(text.rstrip()))
        self.formulas.append(
            SubmittedFormula(
                line.latex.strip().rstrip(".,;").rstrip(),
                self.source.text[start:end],
                start,
                end,
                self.line(start),
                kind,
                self.headings.question,
                self.headings.heading,
                line.carried,
                line.fault,
            )
        )
        self.defines(self.formulas[-1], before)


@lru_cache(maxsize=64)
def _stopper(close: str, paragraph: bool) -> re.Pattern[str]:
    """What ends a display: its own end, or what cannot stand in one."""
    return re.compile(
        rf"(?P<close>{close})|\\begin[ ]?\{{(?:{_ALTERNATIVES})\*?\}}|\\\[|\$\$"
        r"|\\(?:sub){0,2}section|\\(?:begin|end)\{document\}|\\item(?![a-z])|\\\\|\\\$"
        + (rf"|{_BLANK_LINE}" if paragraph else "")
    )


@lru_cache(maxsize=8)
def _closer(close: str) -> re.Pattern[str]:
    """What ends a formula inside a line."""
    return re.compile(rf"\\\\|(?P<close>{close})|\\\$|{_BLANK_LINE}")


def read_document(
    path: Path | str, known: Collection[str] = (), mapped: Mapping[str, str] | None = None
) -> Document:
    """Read a .tex or .md file.

    known : the names of the questions that there are.
    mapped : the words of a heading -> the name of its question; '*' for where no heading stands.

    Raises
    ------
    SubmissionError : it is no text, too large, empty, or cannot be read.
    """
    return Scan(load(path), known, mapped).document()


def read_source(
    text: str,
    known: Collection[str] = (),
    mapped: Mapping[str, str] | None = None,
    *,
    markdown: bool = False,
) -> Document:
    """Read a submission from its text; see `read_document`."""
    return Scan(source(text, markdown=markdown), known, mapped).document()
