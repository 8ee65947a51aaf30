"""From LaTeX to tokens with their places: one pass, bounded, and nothing is ever executed.

Whatever does not change the meaning goes here: spacing, sizes, `\\left` and `\\right`, bold and
arrows, comments.  What remains is a flat list in which every token knows where it stood, so that
an error can point at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from symattn.errors import ReadError
from symattn.latex.commands import (
    BOARD,
    CASES,
    CLOSING,
    COMMANDS,
    DISPLAY,
    DISTRIBUTIONS,
    LEFT,
    MATRICES,
    PUNCTUATION,
    RIGHT,
    RUNS,
    SILENT,
    WITH_ARGUMENT,
)
from symattn.latex.languages import HAN, in_english
from symattn.latex.lexical import (
    Token,
    argument_end,
    decimal,
    in_script,
    laid_out,
    other,
    script,
    undressed,
    unknown,
    upright,
)
from symattn.latex.pairs import paired
from symattn.latex.unicode import SUBSCRIPTS, SUPERSCRIPTS

MAX_CHARS = 20_000
MAX_TOKENS = 4_000
MAX_DEPTH = 60
MAX_DIGITS = 100


# Kinds of token.  `op`: + - . x * /   `rel`: a relation   `open` / `close`: a pair of brackets
# `bar`: | or || whose side is not written   `name`, `number`, `function`, `stat` (E, Cov, Var)
# `big` (sum, prod), `int`, `lim`, `frac`, `sqrt`, `accent`, `mark` (only in superscripts),
# `word` (upright letters), `text` (prose), `sep`, `quad`, `forall`, `label` (an annotated arrow),
# `fence` (\\norm and \\abs), `brace` (\\underbrace), `over`, `without` (\\setminus), `partial`,
# `dots`, `infinity`, `diff` (an upright d), `amp`, `row`, and the scripts ^ _ '.

_PROSE = "text|mbox|textnormal|textrm|textit|textbf|textsf|textup"
_STYLES = "mathrm|operatorname\\*?|mathit|mathsf|mathtt|mathnormal"
_FENCES = frozenset("()[]/")
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n\u00a0\u2009\u202f~]+)
    | (?P<comment>%[^\n]*)
    | (?P<pick>\\(?:{_PROSE}|{_STYLES})\s*\{{\s*arg(?:\\[,;:!\ ]|\s|~)*(?:max|min)\s*\}}
        |\\arg(?:\\[,;:!\ ]|\s)*\\(?:max|min)(?![A-Za-z]))
    | (?P<moment>\\mathbb\s*\{{?\s*(?P<which>[VC])\s*\}}?\s*
          \\(?:{_PROSE}|{_STYLES})\s*\{{\s*(?:ar|ov)\s*\}})
    | (?P<prose>\\(?:{_PROSE})\s*\{{(?P<said>(?:[^{{}}]|\{{[^{{}}]*\}})*)\}})
    | (?P<styled>\\(?:{_STYLES})\s*\{{\s*(?P<roman>[A-Za-z]+)\s*\}})
    | (?P<board>\\(?P<face>mathbb|mathcal|mathfrak|mathscr|Bbb)\s*
          (?:\{{\s*(?P<faced>[A-Za-z0-9])\s*\}}|(?P<faced1>(?<![A-Za-z])[A-Za-z]|[0-9])))
    | (?P<ones>\\(?:mathbf|boldsymbol|bm|vec)\s*(?:\{{\s*1\s*\}}|1))
    | (?P<begin>\\(?:begin|end)\s*\{{\s*(?P<environment>[A-Za-z]*\*?)\s*\}})
    | (?P<control>\\(?:[A-Za-z]+|.))
    | (?P<science>[0-9]+[eE][0-9]+)
    | (?P<grouped>[1-9][0-9]{{0,2}}(?:\\,[0-9]{{3}})+(?![0-9]))
    | (?P<digits>[0-9]+(?:(?:\.|\{{,\}})[0-9]+)?|\.[0-9]+)
    | (?P<above>[{"".join(SUPERSCRIPTS)}ᵀ]+)
    | (?P<below>[{"".join(SUBSCRIPTS)}]+)
    | (?P<letters>[A-Za-z]+)
    | (?P<mark>\.\.\.|\|\||:=|=:|<=|>=|!=|->|=>|>>|<<|[-+*/^_'()\[\]{{}}|,;:.!=<>&])
    | (?P<other>[{HAN}]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokenize(source: str) -> list[Token]:
    """Return the tokens of one formula, without what does not change its meaning.

    Brackets are checked here: the list that comes back is balanced and at most MAX_DEPTH deep.

    Raises
    ------
    ReadError : too long, a character or command that is not read, unbalanced brackets.

    >>> [t.text for t in tokenize(r"\\mathbf{k}_i \\cdot q")]
    ['{', 'k', '{', '_', 'i', '.', 'q']
    """
    if len(source) > MAX_CHARS:
        raise ReadError(
            f"the formula has {len(source)} characters, and at most {MAX_CHARS} are read",
            source[: MAX_CHARS + 1],
            MAX_CHARS,
            "give one formula at a time",
        )
    start, end = _outer(source)
    tokens: list[Token] = []
    _Scan(source, tokens).run(start, end)
    return _balance(source, paired(source, tokens))


def _outer(source: str) -> tuple[int, int]:
    """Strip blanks and the marks of mathematics around the whole: $..$, \\[..\\], \\(..\\)."""
    start, end = 0, len(source)
    while True:
        while start < end and source[start] in " \t\r\n":
            start += 1
        while end > start and source[end - 1] in " \t\r\n":
            end -= 1
        for left, right in (("$$", "$$"), ("$", "$"), ("\\[", "\\]"), ("\\(", "\\)")):
            if end - start >= len(left) + len(right) and source.startswith(left, start):
                stop = end
                # A full stop or comma after the closing mark belongs to the prose around it.
                while stop > start and source[stop - 1] in ".,; \t\r\n":
                    stop -= 1
                if source.endswith(right, start + len(left), stop):
                    start, end = start + len(left), stop - len(right)
                    break
        else:
            return start, end


_NO_BRACKET = "\\left or \\right is not followed by a bracket"
_NOT = "only \\not= and \\not\\in are read"


class _Scan:
    """One pass over a formula: its tokens so far, and what waits for the next of them.

    side : 'l' or 'r' right after \\left or \\right, else ''.
    negate : where a \\not stands whose relation has not come yet; -1 for none.
    rows : how many environments are open in which & and \\\\ mean something.
    skip_to : the end of an argument that is not read.
    """

    def __init__(self, source: str, tokens: list[Token], outermost: bool = True) -> None:
        self.source, self.tokens, self.outermost = source, tokens, outermost
        self.end = len(source)
        self.side = ""
        self.negate = self.skip_to = -1
        self.rows = 0

    def run(self, start: int, end: int) -> None:
        """Append the tokens of source[start:end]."""
        self.end = end
        for match in _TOKEN.finditer(self.source, start, end):
            group = match.lastgroup or ""
            if group == "space" or match.start() < self.skip_to:
                continue
            if self.side and group not in _SIDED:
                raise self.error(_NO_BRACKET, match.start())
            if group != "comment":
                _READ[group](self, match)
            if len(self.tokens) > MAX_TOKENS:
                said = f"the formula has more than {MAX_TOKENS} tokens"
                raise self.error(said, match.start(), "give one at a time")
        if self.negate >= 0:
            raise self.error(_NOT, self.negate)

    def error(self, message: str, at: int, hint: str = "") -> ReadError:
        return ReadError(message, self.source, at, hint)

    def add(self, kind: str, text: str, match: re.Match[str]) -> None:
        """Append a token; a \\not that stands before it becomes part of a relation."""
        at = match.start()
        if self.negate >= 0 and kind == "rel":
            if text not in ("in", "="):
                raise self.error(_NOT, self.negate)
            text, at, self.negate = ("notin" if text == "in" else "!="), self.negate, -1
        self.tokens.append(Token(kind, text, at, match.end()))

    def letters(self, match: re.Match[str]) -> None:
        run, at = match.group(), match.start()
        glued = run[1:] if self.tokens and self.tokens[-1].kind == "^" else ""
        if glued in RUNS:  # \\sum^nexp(..): the script takes one letter
            self.tokens += [
                Token("name", run[0], at, at + 1),
                Token(*RUNS[glued], at + 1, match.end()),
            ]
        elif len(run) == 1:
            self.add("name", run, match)
        elif len(run) > 2 and in_script(self.tokens):
            self.add("word", run, match)  # x_{max}, q_{opt}
        elif run in RUNS:
            self.add(*RUNS[run], match)
        elif len(run) > 3:
            raise self.error(
                f"the word {run[:30]} stands in the formula",
                at,
                "put words in \\text{..}, and blanks between letters that are multiplied",
            )
        else:
            self.tokens += [Token("name", c, at + k, at + k + 1) for k, c in enumerate(run)]

    def mark(self, match: re.Match[str]) -> None:
        text = match.group()
        side, self.side = self.side, ""
        if side:
            if text == ".":
                return
            if text in ("|", "||"):
                self.add("open" if side == "l" else "close", text, match)
                return
            if text in ("<", ">"):
                self.add("open" if text == "<" else "close", "<", match)
                return
            if text not in _FENCES:
                raise self.error(_NO_BRACKET, match.start())
        if text == "||" and _closes_a_bar(self.tokens):  # |x||y|
            at = match.start()
            self.tokens += [Token("bar", "|", at, at + 1), Token("bar", "|", at + 1, at + 2)]
            return
        kind, text = PUNCTUATION[text]
        if kind != "amp" or self.rows:
            self.add(kind, text, match)

    def control(self, match: re.Match[str]) -> None:
        at, stop = match.span()
        word = self.source[at + 1 : stop]
        known = COMMANDS.get(word)
        if known is not None:
            kind, text = known
            if self.side and kind not in ("bar", "open", "close"):
                raise self.error(_NO_BRACKET, at)
            if self.side and kind == "bar":
                kind = "open" if self.side == "l" else "close"
            self.side = ""
            self.add(kind, text, match)
        elif word in LEFT:
            self.side = "l"
        elif word in RIGHT:
            self.side = "r"
        elif word == "not":
            self.negate = at
        elif word in WITH_ARGUMENT:
            self.skip_to = argument_end(self.source, stop, self.end, word)
            if word == "hspace":
                self.tokens.append(Token("quad", " ", at, self.skip_to))
        elif word not in SILENT:
            raise unknown(self.source, word, at)

    def digits(self, match: re.Match[str]) -> None:
        at, stop = match.span()
        if stop - at > MAX_DIGITS:
            raise self.error(f"a number has more than {MAX_DIGITS} digits", at)
        self.add("number", decimal(self.source, match.group(), at), match)

    def board(self, match: re.Match[str]) -> None:
        letter = match["faced"] or match["faced1"]
        text = f"\\{match['face'].replace('Bbb', 'mathbb')}{{{letter}}}"
        self.add(*BOARD.get(text, ("name", text)), match)

    def environment(self, match: re.Match[str]) -> None:
        name, (at, stop) = match["environment"], match.span()
        if name in CASES or name in MATRICES:
            opens = self.source.startswith("begin", at + 1)
            self.skip_to = laid_out(self.source, name, opens, at, stop, self.end, self.tokens)
            self.rows += 1 if opens else -1
        elif name not in DISPLAY:
            raise self.error(f"the environment {name or '(without a name)'} is not read", at)

    def science(self, match: re.Match[str]) -> None:
        said = f"{match.group()[:30]} may be a power of ten or a product with e"
        raise self.error(said, match.start(), "write 2 \\cdot 10^{3}")

    def other(self, match: re.Match[str]) -> None:
        self.side = ""
        if re.match(f"[{HAN}]", match.group()):  # words, which need no \\text
            if said := in_english(match.group()):
                self.add("text", said, match)
            return
        other(self.source, match.group(), *match.span(), self.tokens)

    def prose(self, match: re.Match[str]) -> None:
        """Words inside \\text{..}; formulas between $ signs in them are tokens again."""
        source, said, start = self.source, match["said"], match.start("said")
        pieces = said.split("$")
        for piece in pieces[::2]:
            plain = undressed(piece)
            if (slash := plain.find("\\")) >= 0:
                slash = max(0, said.find(plain[slash : slash + 2]))
                raise self.error("\\text holds more than plain words", start + slash)
        if len(pieces) == 1:
            kind, text = upright(undressed(said))
            prose = kind == "word" and text.lower() not in DISTRIBUTIONS
            spaced = len(text) == 1 and said[:1].isspace() and said[-1:].isspace()
            if (
                spaced and in_english(text) != text
            ):  # `\text{ i }` is a word, and `\text{i}` a letter
                prose = True
            self.add("text" if prose else kind, in_english(text) if prose else text, match)
            return
        if len(pieces) % 2 == 0 or not self.outermost:
            raise self.error("a $ inside \\text is not closed", start + said.index("$"))
        for count, piece in enumerate(pieces):
            stop = start + len(piece)
            if count % 2:
                _Scan(source, self.tokens, False).run(start, stop)
            elif piece.strip():
                self.tokens.append(Token("text", in_english(undressed(piece)), start, stop))
            start = stop + 1


_SIDED = frozenset(["mark", "control", "other"])
_READ: dict[str, Callable[[_Scan, re.Match[str]], None]] = {
    "letters": _Scan.letters,
    "mark": _Scan.mark,
    "control": _Scan.control,
    "digits": _Scan.digits,
    "grouped": lambda scan, m: scan.add("number", m.group().replace("\\,", ""), m),  # 10\\,000
    "above": lambda scan, m: script(m.group(), m.start(), scan.tokens, scan.source),
    "below": lambda scan, m: script(m.group(), m.start(), scan.tokens, scan.source),
    "pick": lambda scan, m: scan.add("function", "argmax" if "max" in m.group() else "argmin", m),
    "moment": lambda scan, m: scan.add("stat", "Var" if m["which"] == "V" else "Cov", m),
    "styled": lambda scan, m: scan.add(*upright(m["roman"]), m),
    "board": _Scan.board,
    "prose": _Scan.prose,
    "ones": lambda scan, m: scan.add("name", "\\mathbf{1}", m),
    "begin": _Scan.environment,
    "science": _Scan.science,
    "other": _Scan.other,
}


def _closes_a_bar(tokens: list[Token]) -> bool:
    """Whether a single bar is open, and what stands last may end what it holds."""
    if not tokens or tokens[-1].kind not in ("name", "number", "close", "'"):
        return False
    level, bars = 0, 0
    for token in reversed(tokens):
        level += (token.kind == "close") - (token.kind == "open")
        if level < 0:
            break
        bars += level == 0 and token.kind == "bar" and token.text == "|"
    return bars % 2 == 1


def _balance(source: str, tokens: list[Token]) -> list[Token]:
    """Refuse brackets that do not match or are nested too deep; drop wide blanks inside them."""
    stack: list[Token] = []
    blanks = False
    for token in tokens:
        if token.kind == "quad":
            blanks = blanks or bool(stack)
        elif token.kind == "open":
            stack.append(token)
            if len(stack) > MAX_DEPTH:
                raise ReadError(
                    f"brackets are nested more than {MAX_DEPTH} deep", source, token.start
                )
        elif token.kind == "close":
            if not stack:
                shown = source[token.start : token.end]
                if token.text in ("|", "||"):  # \left. x \right|_{x = 0}
                    raise ReadError(
                        "the value of something at a point is not read",
                        source,
                        token.start,
                        "put the value in",
                    )
                raise ReadError(f"{shown} closes nothing", source, token.start)
            if stack[-1].text != token.text:
                was, shown = stack[-1], source[token.start : token.end]
                raise ReadError(
                    f"{source[was.start : was.end]} is closed by {shown}", source, token.start
                )
            stack.pop()
    if stack:
        last = stack[-1]
        shown = source[last.start : last.end]
        missing = CLOSING.get(last.text, f"\\end{{{last.text}}}")
        raise ReadError(f"{shown} is never closed", source, last.start, f"{missing} is missing")
    if not blanks:
        return tokens
    level = 0
    kept = []
    for token in tokens:
        if token.kind == "open":
            level += 1
        elif token.kind == "close":
            level -= 1
        if level == 0 or token.kind != "quad":
            kept.append(token)
    return kept
