"""The words of a line: what joins a condition, what only gives a reason, what says a relation."""

from __future__ import annotations

import re
from typing import NamedTuple

from symattn.errors import ReadError
from symattn.latex.commands import CONNECTIVES
from symattn.latex.lexical import Token

# The word that a connective is filed under; the first that occurs in the text decides.
_WORDS = {
    "if and only if": "<=>",
    "iff": "<=>",
    "with": "with",
    "where": "where",
    "when": "when",
    "whenever": "when",
    "as": "as",
    "for": "for",
    "if": "if",
    "provided": "if",
    "given": "if",
    "assuming": "if",
    "since": "since",
    "because": "since",
    "under": "if",
    "let": "let",
    "here": "where",
    "while": "and",
    "but": "and",
    "or": "or",
    "such": "with",
    "s.t": "with",
    "letting": "as",
    "taking": "as",
    "limit": "as",
    "and": "and",
    "also": "and",
    "so": "so",
    "thus": "so",
    "hence": "so",
    "then": "so",
    "therefore": "so",
    "implies": "so",
    "gives": "so",
    "otherwise": "otherwise",
    "else": "otherwise",
    "at": "with",
    "over": "for",
    "all": "for",
    "any": "for",
    "every": "for",
    "each": "for",
    "some": "for",
}
_CONDITIONS = frozenset("if when with where for as".split())
_EVERY = frozenset("all any every each".split())
_SIZES = {
    "large": "large",
    "big": "large",
    "huge": "large",
    "small": "small",
    "positive": "positive",
    "arbitrary": "any",
    **dict.fromkeys("real fixed constant scalar number parameter".split(), "real"),
}
_WEAKER = ("positive", "any", "real")
"""What is said of a letter beside its being large or small, the strongest first."""
_NOUNS = frozenset("enough constant number scalar parameter real positive fixed scale".split())
_REASON = re.compile(
    r"(?:by|using|from|due to|thanks to|see|cf|recall|according to|follows from|because|since)[ .]"
)
_REMARKS = frozenset(
    "as required|as wanted|as desired|as claimed|as needed|as before|as above|qed|q.e.d|i.i.d|iid|"
    "independently|independent|by definition|definition|by assumption|by (1)|"
    "orthogonality|orthonormality|by symmetry|symmetry|linearity".split("|")
)
# Words after which it is no reason any more: they change what is said.
CHANGING = frozenset(
    "no not never wrong false unless except only approximately approx about roughly almost nearly "
    "if when for with up multiplied divided times plus minus scaled half twice double doubling "
    "replacing replaced instead without hopefully maybe perhaps probably assuming adding "
    "subtracting factor".split()
)
_RESTATES = re.compile("i\\.e\\.?|that is|namely|which is")
# Words before a formula that only hand it over: `Take q = ..`.
_OPENING = re.compile(
    "(?:(?:so|thus|hence|then|therefore|now|for example|e\\.g\\.?)[, ]+)?"
    "(?:(?:we|i|one|you|let us|let's)(?: can| could| may| should| would| might)? ?)?"
    "(?:take|choose|pick|use|set|put|consider|propose|suggest|select)"
    "(?: (?:the|our|a|as)? ?query(?: vector)?)?"
    "|(?:(?:the|our|my) )?(?:answer|solution|result|output|query)(?: vector)?(?: is| will be| becomes)?"
    "|(?:we|one|it)? ?(?:need|require|want|must have|must hold|should have)s?(?: that)?"
)
# What is said of the letter before it: `as \\beta grows`.
_MANY = "(?:very |sufficiently |arbitrarily |infinitely )?"
_BECOMES: dict[str, str] = {
    f"(?:grows|increases)(?: {_MANY}large)?(?: without (?:bound|limit))?": "large",
    f"(?:becomes|gets|being|taken|chosen|made) {_MANY}(?:large|larger|big|bigger)": "large",
    f"(?:becomes|gets) {_MANY}(?:small|smaller)|shrinks": "small",
    "(?:tends|goes|diverges|grows|increases) to infinity|approaches infinity": "infinite",
    "(?:tends|goes|shrinks|decreases|converges) to (?:zero|0)|approaches (?:zero|0)|vanishes": "zero",
}
# Relations that are said between two formulas.
_SAID: dict[str, str] = {
    "(?:tends|goes|converges) to|approaches": "->",
    "equals|is equal to": "=",
    "is (?:approximately|nearly|about|roughly)(?: equal to)?|approximately equals": "~~",
    "(?:(?:is|be|denotes|means) )?(?:the|an?) (?:orthogonal )?project(?:ion|or)(?: matrix| operator)?"
    " (?:onto|on|to)(?: the)?(?: (?:(?:column )?(?:space|span|range|image)|columns|subspace)"
    "(?: (?:of|spanned by))?(?: the columns of)?)?": "projects",
    "is proportional to": "propto",
    "is (?:orthogonal|perpendicular) to": "perp",
    "is much (?:larger|greater|bigger) than": ">>",
    "is much (?:smaller|less) than": "<<",
    "is (?:larger|greater|bigger) than": ">",
    "(?:is )?(?:other than|different from|distinct from|not equal to)": "!=",
    "is (?:smaller|less) than": "<",
}
_DRAWS = "(?:of )?(?:all )?(?:the )?(?:time|times|samples|cases|draws|runs|instances)"
_OTHER = "(?:the )?(?:other|others|rest|remaining|remainder)(?: half)?"
# How often something is so: a share, what the shares before it leave, or that it is so at all.
_SHARES: dict[str, str] = {
    r"(?:with|has|of) (?:a )?prob(?:ability|\.)(?: of)?|w\.?p\.?": "said",
    r"(?:each|both)(?: (?:with|has|of) (?:a )?prob(?:ability|\.)(?: of)?| w\.?p\.?)?": "each",
    f"with (?:the same|equal) probability|equally often|each half {_DRAWS}": "even",
    f"(?:in |for )?(?:about |roughly )?(?:one |a )?half {_DRAWS}|every (?:other|second) (?:time|sample)"
    rf"|(?:in )?(?:about |roughly )?50 ?\\?% {_DRAWS}": "1/2",
    f"(?:in )?(?:about |roughly )?(?:a|one) third {_DRAWS}": "1/3",
    f"(?:in )?(?:about |roughly )?(?:a|one) quarter {_DRAWS}": "1/4",
    "always|(?:in|for) (?:all|every|each|any) (?:of )?(?:the )?(?:case|run|draw|sample|time)s?": "1",
    f"otherwise|else|(?:in |for )?(?:all )?{_OTHER}(?: {_DRAWS})?": "rest",
    f"sometimes|at times|(?:in|for) some {_DRAWS}|(?:at )?(?:some|other) times": "some",
}
_COPULA = re.compile("(?<=[a-z]),? (?:is|are|we (?:have|get)|we will have|it is|one has|there is)$")
_SHARE = re.compile("|".join(f"(?:{pattern})" for pattern in _SHARES))
_BETWEEN = re.compile("(?:jumps|switches|alternates|oscillates|flips|varies|fluctuates) between")
_JOINS = r"\b(?:and|while|or|but)\b"
_JOINED = re.compile(rf"[,;:]|{_JOINS}|[^,;:]+?(?=$|[,;:]|{_JOINS})")
# Words between two relations after which the second follows from the first.
_FOLLOWS = re.compile(
    "(?:and )?(?:so|thus|hence|therefore|then|consequently|whence|(?:or )?equivalently|in other words"
    "|it follows that|(?:which|this) (?:gives|yields|implies|means)(?: that)?|giving|yielding"
    "|(?:so |thus |hence |therefore )?(?:we|one) (?:obtain|get|find|have)s?(?: that)?"
    "|i\\.e\\.?|that is|namely|which is)"
)
_AFTER_REMARK = frozenset("end rel sep quad row label text".split())


class Words(NamedTuple):
    """What prose says: the word it is filed under, a size, and whether that is of what precedes."""

    word: str
    size: str
    after: bool


def connective(token: Token, source: str) -> Words:
    """The word that prose stands for, and 'large', 'small' or 'positive' if it says so."""
    text = cleaned(token)
    if size := _matching(_BECOMES, text):
        return Words("", size, True)
    if _FOLLOWS.fullmatch(text):
        return Words("" if _RESTATES.fullmatch(text) else "so", "", False)
    words = _words(token.text)
    if _stray(words):
        raise _unread(token, source)
    at = _strongest(words)
    size = _SIZES[words[at]] if at >= 0 else ""
    text = " ".join(words)
    if "if and only if" in text or "iff" in words:
        return Words("<=>", "", False)
    if words[:1] == ["and"] and any(_WORDS.get(word) in _CONDITIONS for word in words):
        del words[0]  # `and if`
    for word in words:
        if word in _WORDS:
            filed = _WORDS[word]
            every = filed == "for" and _EVERY.intersection(words) and "other" not in words
            return Words("for all" if every else filed, size, False)
    is_said = bool(words) and words[0] in ("is", "are", "be")
    return Words("for" if size and not is_said else "", size, bool(size))


def of_what_precedes(token: Token, source: str) -> Words | None:
    """The size that words give to the letter before them, and the word for what follows them.

    `is large, then`, `grows,`, `large, `; None where they say no such thing.
    """
    head, comma, rest = (part.strip() for part in cleaned(token).partition(","))
    size = _matching(_BECOMES, head)
    ended = bool(comma) or token.text.rstrip().endswith((",", ";", ":"))
    if not size:
        words = _words(re.sub(r"\band (?=(?:positive|real|fixed|large|small)\b)", "", head))
        at = _strongest(words)
        firm = words[:1] in (["is"], ["are"], ["be"])
        if at < 0 or not (firm or ended) or _stray(words):
            return None
        if not firm and any(word in _WORDS for word in words[:at]):
            return None  # `for large`
        size = _SIZES[words[at]]
        tail = [word for word in words[at + 1 :] if word not in _NOUNS]
        rest = " ".join(filter(None, [*tail, rest]))
    if rest and not _FOLLOWS.fullmatch(rest) and rest not in _WORDS:
        raise _unread(token, source)
    return Words("so" if _FOLLOWS.fullmatch(rest) else _WORDS.get(rest, ""), size, True)


def _strongest(words: list[str]) -> int:
    """The place of the word that says most of a letter, or -1: a large positive number is large."""
    places = [k for k, word in enumerate(words) if word in _SIZES]
    rank = {size: k for k, size in enumerate(_WEAKER)}
    return min(places, key=lambda k: rank.get(_SIZES[words[k]], -1), default=-1)


def _words(text: str) -> list[str]:
    said = re.findall(r"[a-z]+(?:\.[a-z]+)?|[^\sa-z]", text.lower())
    return [w for w in said if w not in ".,:;()-\N{EN DASH}\N{EM DASH}"]


def _stray(words: list[str]) -> bool:
    """Whether there are words among them that are not known."""
    return any(w not in CONNECTIVES and w != "a" for w in words)


def _unread(token: Token, source: str) -> ReadError:
    hint = "leave only the formula, or join a condition by with, as, for or where"
    return ReadError(f"the words '{token.text[:60]}' are not read", source, token.start, hint)


def said_relation(token: Token) -> str:
    """The relation that these words stand for, as in `c \\text{ tends to } v_i`; or nothing."""
    return _matching(_SAID, cleaned(token))


def chance(token: Token) -> str:
    """How often these words say that something is so: see the table of shares."""
    return _matching(_SHARES, _COPULA.sub("", cleaned(token)))


def between(token: Token) -> bool:
    """Whether these words say of what precedes that it is now one and now the other."""
    return _BETWEEN.fullmatch(cleaned(token)) is not None


def parted(token: Token) -> list[Token]:
    """Words of which some say how often something is so, and others join: each by itself.

    `half of the time, and` is a share, a comma and `and`; any other words stay as they are.
    """
    text = " ".join(token.text.lower().split())
    said = [x.strip() for x in _JOINED.findall(text) if x.strip()]
    if len(said) < 2 or not any(_SHARE.fullmatch(_COPULA.sub("", x)) for x in said):
        return [token]
    return [
        token._replace(kind="sep", text=",") if x in ",;:" else token._replace(text=x) for x in said
    ]


def says_size(token: Token) -> bool:
    """Whether these words say of a letter that it is large or small."""
    text = cleaned(token)
    return bool(_matching(_BECOMES, text)) or not _SIZES.keys().isdisjoint(text.split())


def opens(token: Token) -> bool:
    """Whether these words only hand over the formula behind them, as in `Take q = ..`."""
    return _OPENING.fullmatch(cleaned(token)) is not None


def continues(token: Token) -> bool:
    """Whether a relation behind these words goes on with the chain, as in `a = b, thus = c`."""
    return _FOLLOWS.fullmatch(cleaned(token)) is not None


def cleaned(token: Token) -> str:
    """The words with single blanks, and without the marks round them."""
    return " ".join(token.text.lower().split()).strip(" ,;:()")


def _matching(table: dict[str, str], text: str) -> str:
    return next((what for pattern, what in table.items() if re.fullmatch(pattern, text)), "")


def is_remark(token: Token, following: str) -> bool:
    """Whether these words only say why, as `by orthogonality`; then they are passed over."""
    if following not in _AFTER_REMARK:
        return False
    said = token.text.lower().strip(" .,;:").removeprefix("(").removesuffix(")").strip(" .,;:")
    if CHANGING.intersection(re.findall("[a-z]+", said)):
        return False
    if said in _REMARKS:
        return True
    return _REASON.match(said) is not None and any(
        word not in CONNECTIVES for word in re.findall("[a-z]+|[0-9*]+", said)[1:]
    )
