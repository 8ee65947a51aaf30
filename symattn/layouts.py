r"""The natural layouts of an assignment, each line written as the one form that is parsed.

A question is `Q 1. Title`, a part `- (a) (5 points) What is asked`, a grade `- 30 points - 3`; points
may be left out.  Read too, and written so: Markdown headings, LaTeX sections, `enumerate`, numbered
and lettered lists, points in brackets before or behind, and lines `Title:`, `Author:`, `Course:`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

NAMED = ("title", "author", "course")
_COUNTED = r"(\d+)\s*(?:points?|pts?\.?|marks?|p\.)"
_POINTS = rf"(?:\(\s*{_COUNTED}\s*\)|\[\s*{_COUNTED}\s*\]|\[(\d+)\])"
_FIRST = re.compile(rf"{_POINTS}\s*[.:]?\s*(.*)", re.IGNORECASE)
_LAST = re.compile(rf"(.*?)\s*{_POINTS}", re.IGNORECASE)
_STRICT = re.compile(r"Q\s*[\d?]|- \(")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*|\\((?:sub)*)section\*?\{(.*)\}(?:\\label\{.*\})?")
_PLAIN = re.compile(r"(?:Question|Problem|Exercise|Task)\s+\d.*", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:Q|Question|Problem|Exercise|Task)?\s*(\d+)\s*[.:)]?\s*(.*)", re.IGNORECASE
)
_LETTERED = re.compile(
    r"(?:[-*+]\s+)?(?:part\s+)?\(?\**([a-z])\**(?:[).:]+\**\s*|$)(.*)", re.IGNORECASE
)
_LISTED = re.compile(r"(\d+)[.)]\s+(.*)")
_ITEM = re.compile(r"\\item\s*(?:\[\s*\(?([a-z])[).]*\s*\])?\s*(.*)")
_NAMED = re.compile(
    rf"(?:\\({'|'.join(NAMED)})\{{(.*)\}}|({'|'.join(NAMED)}):\s*(.+))", re.IGNORECASE
)
_TEX = re.compile(r"\\(documentclass|usepackage|maketitle|begin|end|date)\b\s*(?:\{(\w+\*?)\}.*)?")
_GRADE = re.compile(
    r"[-*+]?\s*(?:from\s+)?(\d+)\s*(?:points?|pts?\.?)?\s*(?:-+>?|:|=|–|→)\s*(?:grade\s+)?(\d+)",
    re.IGNORECASE,
)


@dataclass
class _Reader:
    """What has been read so far: the question, how many parts it has, the open lists."""

    top: int = 0  # how many heading marks stand before the title of the whole sheet; 0 for none
    number: int = 0
    parts: int = 0
    lists: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> str:
        return chr(ord("a") + self.parts)

    def line(self, line: str) -> str:
        """Return a line as it is parsed; the empty one where it says nothing that is printed."""
        text = line.strip()
        if _STRICT.match(line):
            self.number += line.startswith("Q")
            self.parts = 0 if line.startswith("Q") else self.parts + 1
            points, rest = pointed(line[6:]) if re.match(r"- \([a-z]\) ", line) else (0, "")
            return f"{line[:6]}({points} points) {rest}" if points and rest else line
        named = _NAMED.fullmatch(text)
        if named and not self.number:
            self.facts[(named[1] or named[3]).lower()] = (named[2] or named[4]).strip()
            return ""
        tex = _TEX.match(text)
        if tex:
            if tex[1] == "begin":
                self.lists.append(tex[2] or "")
            elif tex[1] == "end" and self.lists:
                self.lists.pop()
            return line if (tex[2] or "").rstrip("*") in ("align", "equation") else ""
        heading = _HEADING.fullmatch(text)
        if heading:
            level = len(heading[1]) if heading[1] else 1 + len(heading[3]) // 3
            return self.heading(level, (heading[2] or heading[4] or "").strip().strip("*"))
        if _PLAIN.fullmatch(text.strip("*")):
            return self.heading(7, text.strip("*"))
        grade = _GRADE.fullmatch(text)
        if grade and not self.number:
            return f"- {grade[1]} points - {grade[2]}"
        return self.part(line, text) if self.number else line

    def heading(self, level: int, text: str) -> str:
        """Return the heading of a question or of a part, or of the whole sheet."""
        if level == self.top:
            self.facts.setdefault("title", text)
            return ""
        if text.lower().rstrip(":") in ("grading", "grading scale"):
            return "Grading"
        lettered = _LETTERED.fullmatch(text) if self.number else None
        if lettered and lettered[1].lower() == self.wanted:
            return self.as_part(lettered[2])
        numbered = _NUMBERED.fullmatch(text)
        self.number = int(numbered[1]) if numbered else self.number + 1
        self.parts = 0
        title = numbered[2] if numbered else text
        return f"Q {self.number}. {title.strip('*. ') or f'Question {self.number}'}"

    def part(self, line: str, text: str) -> str:
        """Return a line of a question: a part where it begins the next one."""
        item = _ITEM.fullmatch(text)
        if item:
            if "enumerate" not in self.lists[-1:]:
                return f"- {item[2]}" if not self.parts else item[2]
            return self.as_part(item[2]) if item[1] in (None, self.wanted) else line
        lettered, listed = _LETTERED.fullmatch(text), _LISTED.fullmatch(text)
        if lettered and lettered[1] == self.wanted and re.match(r"[-*+(]|\w[).:]|\**\(", text):
            return self.as_part(lettered[2])
        if listed and int(listed[1]) == self.parts + 1:
            return self.as_part(listed[2])
        return line

    def as_part(self, text: str) -> str:
        """Return the next part; its points stand first, where it has any."""
        letter = self.wanted
        self.parts += 1
        points, rest = pointed(text.strip().strip("*").strip())
        return f"- ({letter}) " + (f"({points} points) " if points else "") + rest


def strict(text: str) -> tuple[list[str], dict[str, str]]:
    r"""Return the lines of a text in the form that is parsed, and what it says of itself.

    A line stays at its number, so that errors name the place.

    >>> strict("# Sheet\n## 1. Weights\n1. Why? [5 points]\n2. When?")[0]
    ['', 'Q 1. Weights', '- (a) (5 points) Why?', '- (b) When?']
    """
    lines = text.splitlines()
    marks = [len(m[1]) for line in lines if (m := re.match(r"(#{1,6})\s", line))]
    alone = marks.count(min(marks, default=0)) == 1 and len(marks) > 1 and marks[0] == min(marks)
    first = next((line for line in lines if line.startswith("#")), "")
    numbered = _NUMBERED.fullmatch(first.lstrip("# ").strip())
    reader = _Reader(top=min(marks) if alone and not numbered else 0)
    return [reader.line(line) for line in lines], reader.facts


def pointed(text: str) -> tuple[int, str]:
    """Return the points that stand first or last in a text, 0 for none, and the rest.

    >>> pointed("Why? (2 pts)"), pointed("[3] Why?"), pointed("Why?")
    ((2, 'Why?'), (3, 'Why?'), (0, 'Why?'))
    """
    for pattern, rest in ((_FIRST, 4), (_LAST, 1)):
        found = pattern.fullmatch(text)
        if found:
            number = next(g for at, g in enumerate(found.groups(), 1) if at != rest and g)
            return int(number), found[rest].strip()
    return 0, text
