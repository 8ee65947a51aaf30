"""What the words of a sentence make of its formulas: cues, cases, denials and hedges."""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["says", "defines", "follows", "universal", "satisfies", "assumes", "local", "denies"]

_CUES: tuple[tuple[Role, str], ...] = (
    (
        "denies",
        r"not|never|cannot|unless|false|wrong|incorrect|mistak\w+|instead of|rather than|n't",
    ),
    ("universal", r"for (?:all|any|every|arbitrary)|always|identit(?:y|ies)|in general"),
    ("local", r"at(?=\s*$)|if|when|whenever|in the case|special case|suppose|only if"),
    ("satisfies", r"satisf\w+|obeys?"),
    (
        "assumes",
        (
            r"assum\w+|subject to|such that|solv\w+|solution|setting|requir\w+|given that"
            r"|constraint|impos\w+|condition(?!ing)\w*|want|(?:must|should) (?:be|have|hold|equal|satisfy)"
            r"|needs? (?:that|to)|zero gives|normal equations?|given(?: with)?|provided|optimality"
            r"|update[sd]?|recursion|recurrence|follows(?!\s+that)|model(?:led)?|approximat\w+"
        ),
    ),
    (
        "defines",
        (
            r"let|put|define[sd]?|denot\w+|write|set|where|with|call(?:ed)?|introduc\w+|abbreviat\w+"
            r"|consider|choose|take|notation|namely|for|be"
        ),
    ),
    (
        "follows",
        (
            r"hence|thus|so|therefore|then|becomes?|gives?|get|obtain|follows that|equals?|find|have"
            r"|simpl\w+|expand\w*|yields?|by|indeed|since|because|note|also|is|are|same|sums?|in particular"
        ),
    ),
)
_CUE = re.compile("|".join(rf"(?P<{role}>\b(?:{words})\b)" for role, words in _CUES), re.I)
_LOCAL = re.compile(
    r"(?:^|[,.;:(])\s*(?:and |or )?(?:at|for|if|when|in the case(?: of)?|suppose)\s*$", re.I
)
_GROUNDS = re.compile(
    r"^.*\b(?:since|because|as|so|hence|thus|therefore|but|indeed)\b", re.I | re.S
)
"""What a sentence says before it gives its grounds may be denied; the grounds are not."""
DENIED = re.compile(
    r"\s*(?:,\s*which\s+)?(?:is|are|does|do|would be|cannot|can|holds?)?\s*"
    r"(?:not|never|no longer|cannot|false|wrong|incorrect|fails?|a (?:common )?mistake)\b",
    re.I,
)
FALSE = re.compile(
    r"\?|\b(?:false|wrong(?:ly)?|incorrect(?:ly)?|mistak\w*|erroneous\w*|untrue|invalid|fallac\w*|contrary"
    r"|think|thinks|hope|tempt\w*|na[i\u00ef]ve\w*|guess|conjecture\w*|perhaps|might|seems?|paradox"
    r"|does not hold|do not have|not true|fails?|whether|why|would)\b|n't\b",
    re.I,
)
"""Words that turn what a sentence says: it is neither called right nor wrong."""
AFTERWARDS = re.compile(
    r"\s*(?:but |however,? )?(?:this|that|it|which|the (?:above|last)[\w ]*|no\b)\b[^.]{0,30}?"
    r"\b(?:false|wrong|incorrect|not|mistake|fails?|invalid|no)\b|\s*no\b",
    re.I,
)
HEDGES = re.compile(
    r"\b(?:approximat\w*|neglect\w*|ignor\w*|drop(?:s|ped|ping)?|up to|order|small|large|near|close|roughly"
    r"|about|in practice|formal(?:ly)?|heuristic\w*|asymptotic\w*|leading|constants?\s*$|lineari[sz]\w*"
    r"|limit|on average|almost|effectively|essentially|code|proportional|equivalen\w*|neglig\w*|update"
    r"|assign\w*|omit\w*|units?\b(?! vectors?)|not depend|irrelevant)\b",
    re.I,
)
"""Words by which an equation may be meant in another sense: it is not called wrong."""
OTHERWISE = re.compile(
    r"\b(?:base[ -](?:2|two|10|ten)|modulo|characteristic|finite fields?|boolean|tropical|mod)\b"
    r"|\\mathbb\{?F\}?|\\pmod|\\bmod",
    re.I,
)


def cue(words: str) -> Role | None:
    """Return what the last of the words before a formula make of it."""
    found: Role | None = None
    for match in _CUE.finditer(_GROUNDS.sub(" ", words)):
        role = match.lastgroup
        if role == "denies":
            return "denies"
        found = role  # type: ignore[assignment]
    return found


def is_local(words: str) -> bool:
    """Whether words say that what comes next is one case: `for`, `if`, `at`."""
    return _LOCAL.search(words.rstrip(" $")) is not None
