"""Lists and environments: items that are (a), (b), ..., and the exam class."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symattn.submission.headings import Headings

MAX_DEPTH = 50
DISPLAYS = frozenset(
    "equation align gather multline eqnarray displaymath flalign alignat xalignat dmath "
    "dgroup darray IEEEeqnarray empheq".split()
)
LISTS = frozenset(["enumerate", "parts", "questions", "subparts", "enumerate*", "tasks"])
_COUNTER = re.compile(r"\{enum(?P<level>i{1,3}|iv)\}[ ]?\{(?P<value>[0-9]{1,2})\}")
OPTIONS = re.compile(
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
    mapped: bool = False


class Lists:
    """The open lists of a document, with the count of their items."""

    def __init__(self, headings: Headings) -> None:
        self.headings = headings
        self.open: list[_List] = []
        self.counters: dict[int, int] = {}

    def begin(self, environment: str, options: str) -> None:
        """Open a list; `options` says how its items are counted."""
        if len(self.open) >= MAX_DEPTH:
            return
        numbered = any(
            x.environment == "questions" or (x.environment == "enumerate" and not x.letters)
            for x in self.open
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
            first = self.counters.get(len(self.open), 0)
        self.open.append(_List(environment, letters, first, self.headings.state()))

    def end(self, environment: str) -> None:
        """Close a list; what held before it holds again."""
        if self.open and self.open[-1].environment == environment:
            closed = self.open.pop()
            self.counters[len(self.open)] = closed.counter
            self.headings.restore(closed.before)

    def count(self, word: str, text: str, at: int) -> None:
        r"""Take up \setcounter and \addtocounter."""
        found = _COUNTER.match(text, at)
        if found is None or not self.open:
            return
        value = int(found.group("value"))
        top = self.open[-1]
        top.counter = value if word == "setcounter" else top.counter + value

    def next_item(self) -> bool:
        """Count an item of the innermost list; True where it is (a), (b), ..., or given by hand."""
        top = self.open[-1]
        top.counter += 1
        if not top.letters and len(self.open) == 1:
            if self.headings.given(str(top.counter)):
                top.mapped = True
                return True
            if top.mapped:  # an item that nobody named is not the one before
                self.headings.restore(top.before)
        if not top.letters or top.counter > 26:
            return False
        outer = self.open[-2] if len(self.open) > 1 else None
        if outer and not outer.letters and outer.environment in ("enumerate", "questions"):
            if not self.headings.number and self.headings.question == self.headings.default:
                self.number(outer)
        self.headings.item(chr(96 + top.counter))
        return True

    def exam(self, word: str) -> bool:
        r"""Count \question or \part of the exam class; True where it is (a), (b), ..."""
        top = self.open[-1]
        if word == "part" and top.environment == "parts":
            return self.next_item()
        if word == "question" and top.environment == "questions":
            top.counter += 1
            self.headings.restore(top.before)
            self.number(top)
        return False

    def number(self, numbered: _List) -> None:
        self.headings.number = str(numbered.counter)
        self.headings.number_level = Headings.LOWEST
