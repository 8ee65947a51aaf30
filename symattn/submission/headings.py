"""Which question a heading names: `(c)`, `Q1 (c)`, `1c)`, `Question 1 (c)`, `Exercise 1.c`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

_WORDS = (
    "questions?|problems?|exercises?|tasks?|assignments?|parts?|subquestion|solutions?|answers?|ans"
    "|zadanie|zad|podpunkt|punkt|pytanie|rozwi[aą]zanie|odpowied[zź]"
    "|(?:teil)?aufgabe|teil|frage|lösung|antwort|(?:sous-)?partie|exercice|r[ée]ponse"
    "|ejercicio|apartado|pregunta|respuesta|soluci[óo]n|问题|题目?|第|答案?|解答?|小题|ex|ad|q"
)
_WIDE = str.maketrans("（）：．。", "():..")
_DRESS = re.compile(
    r"\\(?:text[a-z]{2,4}|emph|underline|uline|fbox|boxed|large|Large|LARGE|huge|bfseries|itshape"
    r"|noindent|bf|it|em|protect|hspace\*?|quad|qquad|centering|item|left|right"
    r"|color|textcolor|texorpdfstring|mathbf|mathrm)(?![A-Za-z])\*?|\\[,;:! ]|[{}$*_#`~\s]+"
)
_LABEL = re.compile(
    rf"""
    (?P<words>(?:(?:{_WORDS})(?![a-zA-Z])\.?[ ]?(?:(?:to|for|of|no\.?|nr\.?)(?![a-z])[ ]?)?){{0,3}})
    (?:\#[ ]?)?
    (?P<number>[0-9]{{1,2}}(?![0-9]))?
    (?P<between>[ ]?(?:题[ ]?)?[.\-–:,]?[ ]?)
    (?:
        \((?P<framed>[a-z])\)
      | (?P<closed>[a-z])\)
      | (?P<bare>[a-z])(?![a-z0-9'])
    )?
    (?P<after>[ ]?[.:)\]—–-]|[ ]|\Z)?
    """,
    re.VERBOSE | re.IGNORECASE,
)

_LATER = re.compile(
    r"(?<![A-Za-z])(?:question|problem|exercise|exercice|task|zadanie|aufgabe|ejercicio|q)"
    r"[ .]{0,2}[0-9]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Label:
    """What a heading names: the number of the question, the letter of its part, or both.

    sure : the heading cannot well mean anything else: brackets, or a word such as Question.
    alone : nothing else stands in the heading.
    """

    number: str
    letter: str
    sure: bool
    alone: bool


def undressed(heading: str) -> str:
    r"""Return a heading's words without commands, braces and wide blanks.

    >>> undressed(r"\textbf{Question~1 \textit{(c)}}")
    'Question 1 (c)'
    """
    return " ".join(_DRESS.sub(" ", heading[:400]).translate(_WIDE).split())


def label(heading: str) -> Label | None:
    """Return what the words of a heading name, None for nothing.

    >>> label("Q1 (c)"), label("Exercise 1.c")
    (Label(number='1', letter='c', sure=True, alone=True), Label(number='1', letter='c', ...))
    >>> label("A query"), label("2d case").sure, label("1.3 Results")
    (None, False, None)
    """
    match = _LABEL.match(heading)
    if match is None:
        return None
    words, number = match.group("words"), match.group("number") or ""
    framed = match.group("framed") or match.group("closed")
    letter = (framed or match.group("bare") or "").lower()
    rest = heading[match.end() :]
    alone = not rest.strip(" .:)-")
    if not number and not letter:
        return None
    if letter and not framed and not words and not number and not alone:
        return None  # a word of one letter
    if letter and match.group("after") is None and not framed:
        return None
    if number and not letter:
        if rest[:1].isdigit() or (match.group("between").strip() and rest[:1].isalnum()):
            # `1.3 Results`; `Question 1. Attention` names its number
            if rest[:1].isdigit() or not words:
                return None
        if not words and not alone:
            return None
    if letter and not framed and words and not number and not alone:
        if match.group("after").strip() == "":
            return None  # `Answer a question`
    return Label(number, letter, bool(framed or words), alone)


ROMAN = frozenset("ivx")


class Headings:
    """The question that the headings seen so far have led to.

    known : the names of the questions that there are, such as 'q1c'.
    mapped : the words of a heading -> the question's name, given by hand; '*' for no heading.
    """

    LOWEST = 6
    """The level of what is no section: bold words, items, plain lines."""

    def __init__(
        self, known: Collection[str] = (), mapped: Mapping[str, str] | None = None
    ) -> None:
        self.known = frozenset(known)
        self.mapped = {_folded(words): name for words, name in (mapped or {}).items()}
        self.used: set[str] = set()
        self.default = self.mapped.pop("*", self.mapped.pop("", ""))
        self.question, self.level = self.default, 0
        self.number, self.number_level = "", 0
        self.heading = ""
        self.by_list = False

    def take(self, words: str, level: int, *, plain: bool = False, bold: bool = False) -> bool:
        """Take a heading; whether it names a question or a part of one.

        level : 0 for chapters to 5, or LOWEST.
        plain : it is a line of text, so that less is taken for a heading.
        bold : it is set apart, so that `c.` with nothing else is one.
        """
        words = undressed(words)
        given = self._mapped(words)
        if given:
            self._set(given, level, words)
            return True
        found = label(words)
        if found is None and level < self.LOWEST:  # `Anna Nowak, Question 1 (c)`
            later = _LATER.search(words)
            found = label(words[later.start() :]) if later else None
        if found is not None and self._sub_item(found, level):
            return False
        if found is not None and (
            self._fits(found, plain, level) or (bold and self._bold(found, words))
        ):
            if found.number:
                self.number, self.number_level = found.number, level
            if found.letter:
                self._set(self._named(found.letter), level, words)
            else:
                self._set(self.default, level, words)
            return True
        if level < self.LOWEST:
            if level <= self.level and self.question != self.default:
                self._set(self.default, 0, words)
            if level <= self.number_level:
                self.number = ""
            if self.question == self.default:
                self.heading = words
        return False

    def given(self, words: str) -> bool:
        """Take the words after an item where a heading given by hand says which question they are."""
        words = undressed(words)
        name = self._mapped(words)
        if name:
            self._set(name, self.LOWEST, words)
        return bool(name)

    def counted(self, letter: str, level: int, words: str) -> None:
        """Take a heading that the document's own counter makes (a), (b), ..."""
        self._set(self._named(letter), level, undressed(words))

    def item(self, letter: str) -> None:
        """Take the n-th item of a list whose items are (a), (b), ...: unless a heading counts."""
        if self.question == self.default or self.by_list:
            self._set(self._named(letter), self.LOWEST, f"({letter})")
            self.by_list = True

    def state(self) -> tuple[str, int, str, int, str, bool]:
        """What holds now, to be restored at the end of a list."""
        return (
            self.question, self.level, self.number, self.number_level, self.heading, self.by_list
        )  # fmt: skip

    def restore(self, state: tuple[str, int, str, int, str, bool]) -> None:
        """Go back to what held."""
        (
            self.question, self.level, self.number, self.number_level, self.heading, self.by_list
        ) = state  # fmt: skip

    def unused(self) -> list[str]:
        """The headings given by hand that the document does not have."""
        return sorted(set(self.mapped) - self.used)

    def _mapped(self, words: str) -> str:
        folded = _folded(words)
        for key, name in self.mapped.items():
            if folded == key or (folded.startswith(key) and not folded[len(key)].isalnum()):
                self.used.add(key)
                return name
        return ""

    def _sub_item(self, found: Label, level: int) -> bool:
        """Tell whether `i)` or `(v)` counts inside a part: no part of the question has that letter."""
        return (
            found.letter in ROMAN
            and not found.number
            and level == self.LOWEST
            and self._named(found.letter) not in self.known
        )

    def _bold(self, found: Label, words: str) -> bool:
        """Whether `c.` or `c:` names its part, where it is set apart and nothing else stands."""
        named = not found.number and self._named(found.letter) in self.known
        return named and found.alone and words.endswith((".", ":"))

    def _fits(self, found: Label, plain: bool, level: int) -> bool:
        if found.letter and not found.sure:  # `1c`, or `2d` for two-dimensional
            if not found.number:  # `\\section{c}`; anywhere else it is the letter
                return level < self.LOWEST and self._named(found.letter) in self.known
            name = f"q{found.number}{found.letter}"
            return name in self.known and (found.alone or not plain)
        return not plain or found.sure

    def _named(self, letter: str) -> str:
        """The question of that letter under the current number; the only one if there is none."""
        if self.number:
            return f"q{self.number}{letter}"
        same = [name for name in self.known if re.fullmatch(rf"q[0-9]+{letter}", name)]
        return same[0] if len(same) == 1 else ""

    def _set(self, question: str, level: int, words: str) -> None:
        self.question, self.level, self.heading = question, level, words
        self.by_list = False


def _folded(words: str) -> str:
    return " ".join(words.lower().split()).rstrip(" .:")
