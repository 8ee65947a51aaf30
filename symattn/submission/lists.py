"""Lists and environments: items that are (a), (b), ..., and the exam class."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from symattn.submission.headings import Headings
from symattn.submission.macros import Macros, group_end

MAX_DEPTH = 50
DISPLAYS = frozenset(
    "equation align gather multline eqnarray displaymath flalign alignat xalignat dmath "
    "dgroup darray IEEEeqnarray empheq".split()
)
LISTS = frozenset(["enumerate", "parts", "questions", "subparts", "enumerate*", "tasks"])
_COUNTER = re.compile(r"\{enum(?P<level>i{1,3}|iv)\}[ ]?\{(?P<value>[0-9]{1,2})\}")
_OPTIONS = re.compile(
    r"[ \t\n]{0,9}\[(?P<options>[^\[\]\n]{0,200}(?:\[[^\]\n]{0,40}\][^\[\]\n]{0,80})?)\]"
)
_START = re.compile(r"start\s?=\s?(?P<start>[0-9]{1,2})")


@dataclass
class _List:
    """An open list: whether its items are (a), (b), ..., and what held before it."""

    environment: str
    letters: bool
    counter: int
    before: tuple[str, int, str, int, str, bool]


class Lists:
    """Keeps count of the items of the open lists; the rest of the scan is built upon it."""

    text: str
    headings: Headings
    macros: Macros
    aliases: dict[str, tuple[str, str]]
    lists: list[_List]
    counters: dict[int, int]
    work: int

    def question_named(self) -> None:
        raise NotImplementedError

    def display(
        self, at: int, close: str, environment: str, shown: str, names: Iterable[str] = ()
    ) -> int:
        raise NotImplementedError

    def inline(self, at: int, close: str, begin: int) -> int:
        raise NotImplementedError

    def edge(self, edge: str, environment: str, match: re.Match[str]) -> int:
        """The beginning or the end of an environment."""
        at = match.end()
        if edge == "end":
            if self.lists and self.lists[-1].environment == environment:
                closed = self.lists.pop()
                self.counters[len(self.lists)] = closed.counter
                self.headings.restore(closed.before)
            return at
        if environment.rstrip("*") in DISPLAYS:
            names = [w for w, a in self.aliases.items() if a == ("end", environment)]
            return self.display(
                at, re.escape(f"\\end{{{environment}}}"), environment, match.group(), names
            )
        if environment == "math":
            return self.inline(at, r"\\end\{math\}", match.start())
        if environment in LISTS and len(self.lists) < MAX_DEPTH:
            self.list(environment, at)
        elif environment == "frame":
            options = _OPTIONS.match(self.text, at)
            begin = options.end() if options else at
            end = group_end(self.text, begin, 200)
            if end > 0:
                self.headings.take(self.text[begin + 1 : end - 1], 4)
                self.question_named()
        elif environment.rstrip("*") in ("problem", "exercise", "question", "solution", "task"):
            options = _OPTIONS.match(self.text, at)
            end = group_end(self.text, at, 100)
            said = options.group("options") if options else self.text[at + 1 : end - 1]
            if options or end > 0:
                self.headings.take(said, Headings.LOWEST)
                self.question_named()
        return at

    def list(self, environment: str, at: int) -> None:
        found = _OPTIONS.match(self.text, at)
        options = found.group("options") if found else ""
        numbered = any(
            x.environment == "questions" or (x.environment == "enumerate" and not x.letters)
            for x in self.lists
        )
        letters = (
            "\\alph" in options
            or re.match(r"\s*(?:label\s?=\s?)?\{?\(?a[).]", options) is not None
            or environment == "parts"
            or (environment == "enumerate" and not options and numbered)
        )
        start = _START.search(options)
        first = int(start.group("start")) - 1 if start else 0
        if "resume" in options:
            first = self.counters.get(len(self.lists), 0)
        self.lists.append(_List(environment, letters, first, self.headings.state()))

    def count(self, word: str, at: int) -> None:
        found = _COUNTER.match(self.text, at)
        if found is None or not self.lists:
            return
        value = int(found.group("value"))
        top = self.lists[-1]
        top.counter = value if word == "setcounter" else top.counter + value

    def item(self, at: int) -> int:
        r"""An \item: with a label of its own, or the next of a list."""
        self.work += 10
        label = _OPTIONS.match(self.text, at)
        said = label.group("options") if label else self.text[at : at + 80].split("\n", 1)[0]
        if self.headings.take(said, Headings.LOWEST, plain=not label):
            self.question_named()
        elif not label and self.lists:
            self.next_item(self.lists[-1])
        return label.end() if label else at

    def next_item(self, top: _List) -> None:
        top.counter += 1
        if top.letters and top.counter <= 26:
            outer = self.lists[-2] if len(self.lists) > 1 else None
            if outer and not outer.letters and outer.environment in ("enumerate", "questions"):
                if not self.headings.number and self.headings.question == self.headings.default:
                    self.headings.number = str(outer.counter)
                    self.headings.number_level = Headings.LOWEST
            self.headings.item(chr(96 + top.counter))
            self.question_named()

    def exam(self, word: str, at: int) -> int:
        r"""\question and \part of the exam class."""
        top = self.lists[-1]
        if word == "part" and top.environment == "parts":
            self.next_item(top)
        elif word == "question" and top.environment == "questions":
            top.counter += 1
            self.headings.restore(top.before)
            self.headings.number = str(top.counter)
            self.headings.number_level = Headings.LOWEST
        return at
