r"""Words with formulas in dollars between them, written as one line whose words are words."""

from __future__ import annotations

import re

MATH = re.compile(r"(?<!\$)\$(?!\$)((?:[^$\\]|\\.)+)\$|\\\(((?:[^\\]|\\[^)])+)\\\)")
_PLAIN = re.compile(r"\\(?:emph|textit|textbf|underline)\{(?P<said>[^{}]*)\}")
_LABEL = re.compile(r"(?:\(?(?:[1-9]\.?)?\(?[a-z]\)|[1-9][.)])[.:]?\s*")
_OPENERS = re.compile(
    r"(?:(?:then|hence|thus|so|therefore|here|now|consequently|in this case|as a result|in other words"
    r"|this means|that means|it follows|we see|one sees|note|clearly|that|we have|we get|i\.e\.?"
    r"|also|dann|daher|also|somit|alors|donc|ainsi|entonces|wtedy|zatem|więc|czyli)\b[, ]*)+",
    re.IGNORECASE,
)
"""Words that only open a sentence, and what is only set in another font."""


def in_one_line(text: str) -> str:
    r"""Return a sentence as one formula; empty where its words hold more than words.

    >>> in_one_line(r"Then $c \approx v_i$ half of the time")
    'c \\approx v_i \\text{ half of the time }'
    """
    said: list[str] = []
    place = 0
    for found in [*MATH.finditer(text), None]:
        words = text[place : found.start() if found else len(text)]
        words = " ".join(_PLAIN.sub(r"\g<said>", words).replace("~", " ").split())
        if not said:
            for opening in (_LABEL, _OPENERS):
                opened = opening.match(words)
                words = words[opened.end() :] if opened else words
        if not found:
            words = words.rstrip(".,;:!? ")
        if re.search(r"[\\{}$^_&%]", words):
            return ""
        if words.strip(" .,;:") or (words and found):
            said.append(rf"\text{{ {words} }}" if words.strip(" .,;:") else words)
        if found:
            said.append((found[1] or found[2]).strip())
            place = found.end()
    return " ".join(said)


def joined(text: str) -> str:
    r"""Return a line with words between formulas in dollars as one formula, and any other as it is.

    >>> joined(r"$q = \beta k$ for $\beta \gg 1$"), joined("$c = 0$.")
    ('q = \\beta k \\text{ for } \\beta \\gg 1', '$c = 0$.')
    """
    outside = MATH.sub("", text).strip(" .,;\n\t")
    several = len(MATH.findall(text)) > 1
    return in_one_line(text) or text if (outside or several) and MATH.search(text) else text
