"""What a submission copies from its assignment: formulas and words that are not the student's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from symattn.spans import Span

_NO_MATTER = re.compile(
    r"\\[,;:! ]|\\(?:quad|qquad|left|right|displaystyle)(?![A-Za-z])|[\s.,;:{}]+"
)
_TIMES = re.compile(
    r"\\(?:cdot|mathbf|mathsf|bm|boldsymbol|vec)(?![A-Za-z])|\^\{?(?:\\top|\\intercal|T)\}?"
)
_EXPONENTIAL = re.compile(r"\\exp\(([^()]*)\)")
_FROM_ONE = re.compile(r"_([a-z])=1\^n")
_NO_LETTER = re.compile(r"\\[A-Za-z]+|[^\w]|_", re.UNICODE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_CHINESE = re.compile("[\u4e00-\u9fff]")
BEFORE = 12
"""How many letters before a formula must be the assignment's, for the formula to be its."""
FEW_WORDS = 4


@dataclass(frozen=True)
class Asked:
    """The text of a question: its formulas with the letters before each, and its words.

    >>> asked = Asked.of([Span("text", "Find a query with output "), Span("math", "c = v_i")])
    >>> asked.holds("c=v_{i}", "2. Find a query with *output* $")
    True
    >>> asked.holds("c = v_i", "Its output is then $")
    False
    """

    formulas: tuple[tuple[str, str], ...] = ()
    words: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()

    @classmethod
    def of(cls, spans: Sequence[Span], preamble: Iterable[Span] = ()) -> Asked:
        """Take a question as it is printed, with what stands before its parts."""
        given = frozenset(_plain(span.body) for span in preamble if span.kind == "display")
        found, before, words = [], "", []
        for span in spans:
            if span.kind == "text":
                words += _WORD.findall(span.body.lower())
            else:
                found.append((_plain(span.body), before[-BEFORE:]))
            before += _letters(span.body)
        return cls(tuple(found), frozenset(words), given)

    def holds(self, latex: str, before: str) -> bool:
        """Whether a formula is the question's own, copied with the words before it.

        What it displays before its parts is a definition, and nobody's answer.
        """
        plain, letters = _plain(latex), _letters(before)
        return plain in self.given or any(
            plain == formula and len(words) >= BEFORE and letters.endswith(words)
            for formula, words in self.formulas
        )

    def own_words(self, prose: str) -> int:
        """How many words of a text are not the question's; a Chinese sign counts as half a word."""
        said = [word for word in _WORD.findall(prose.lower()) if word not in self.words]
        chinese = len(_CHINESE.findall(prose))
        return len([word for word in said if not _CHINESE.search(word)]) + chinese // 2


def _plain(latex: str) -> str:
    plain = _NO_MATTER.sub("", _TIMES.sub("", latex.replace("\\neq", "\\ne")))
    return _FROM_ONE.sub(r"_\1", _EXPONENTIAL.sub(r"e^\1", plain))


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text.lower())
