"""From LaTeX to tokens with their places: one pass, bounded, and nothing is ever executed.

Whatever does not change the meaning goes here: spacing, sizes, `\\left` and `\\right`, bold and
arrows, comments.  What remains is a flat list in which every token knows where it stood, so that
an error can point at it.
"""

from __future__ import annotations

import re

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
from symattn.latex.lexical import (
    Token,
    argument_end,
    decimal,
    in_script,
    laid_out,
    other,
    refused,
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
        |\\arg\s*\\(?:max|min)(?![A-Za-z]))
    | (?P<moment>\\mathbb\s*\{{?\s*(?P<which>[VC])\s*\}}?\s*
          \\(?:{_PROSE}|{_STYLES})\s*\{{\s*(?:ar|ov)\s*\}})
    | (?P<prose>\\(?:{_PROSE})\s*\{{(?P<said>(?:[^{{}}]|\{{[^{{}}]*\}})*)\}})
    | (?P<styled>\\(?:{_STYLES})\s*\{{\s*(?P<roman>[A-Za-z]+)\s*\}})
    | (?P<board>\\(?P<face>mathbb|mathcal|mathfrak|mathscr|Bbb)\s*
          (?:\{{\s*(?P<faced>[A-Za-z0-9])\s*\}}|(?P<faced1>(?<![A-Za-z])[A-Za-z0-9])))
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
    | (?P<other>.)
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
    _scan(source, start, end, tokens, True)
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


def _scan(source: str, start: int, end: int, tokens: list[Token], outermost: bool) -> None:
    """Append the tokens of source[start:end]."""
    side = ""  # "l" or "r" right after \left or \right
    skip_to = -1
    rows = 0  # how many environments are open in which & and \\ mean something
    negate = -1
    for match in _TOKEN.finditer(source, start, end):
        group = match.lastgroup
        if group == "space":
            continue
        at = match.start()
        if at < skip_to:
            continue
        stop = match.end()
        if side and group not in ("mark", "control", "other"):
            raise ReadError("\\left or \\right is not followed by a bracket", source, at)
        if group == "letters":
            run = match.group()
            if len(run) == 1:
                tokens.append(Token("name", run, at, stop))
            elif len(run) > 2 and in_script(tokens):
                tokens.append(Token("word", run, at, stop))  # x_{max}, q_{opt}
            elif run in RUNS:
                kind, text = RUNS[run]
                tokens.append(Token(kind, text, at, stop))
            elif len(run) > 3:
                raise ReadError(
                    f"the word {run[:30]} stands in the formula",
                    source,
                    at,
                    "put words in \\text{..}, and blanks between letters that are multiplied",
                )
            else:
                tokens.extend(
                    [Token("name", c, at + k, at + k + 1) for k, c in enumerate(run)],
                )
        elif group == "mark":
            text = match.group()
            if side:
                if text in ("|", "||"):
                    tokens.append(Token("open" if side == "l" else "close", text, at, stop))
                    side = ""
                    continue
                if text == ".":
                    side = ""
                    continue
                if text in ("<", ">"):
                    tokens.append(Token("open" if text == "<" else "close", "<", at, stop))
                    side = ""
                    continue
                if text not in _FENCES:
                    raise ReadError("\\left or \\right is not followed by a bracket", source, at)
                side = ""
            kind, text = PUNCTUATION[text]
            if negate >= 0 and kind == "rel" and text == "=":
                text, at, negate = "!=", negate, -1
            if kind != "amp" or rows:
                tokens.append(Token(kind, text, at, stop))
        elif group == "control":
            word = source[at + 1 : stop]
            known = COMMANDS.get(word)
            if known is not None:
                kind, text = known
                if side and kind not in ("bar", "open", "close"):
                    raise ReadError("\\left or \\right is not followed by a bracket", source, at)
                if side and kind == "bar":
                    kind = "open" if side == "l" else "close"
                side = ""
                if negate >= 0 and kind == "rel":
                    if text not in ("in", "="):
                        raise ReadError("only \\not= and \\not\\in are read", source, negate)
                    text, at, negate = ("notin" if text == "in" else "!="), negate, -1
                tokens.append(Token(kind, text, at, stop))
            elif word in SILENT:
                pass
            elif word in LEFT:
                side = "l"
            elif word in RIGHT:
                side = "r"
            elif word == "not":
                negate = at
            elif word in WITH_ARGUMENT:
                skip_to = argument_end(source, stop, end, word)
                if word == "hspace":
                    tokens.append(Token("quad", " ", at, skip_to))
            else:
                raise unknown(source, word, at)
        elif group == "digits":
            if stop - at > MAX_DIGITS:
                raise ReadError(f"a number has more than {MAX_DIGITS} digits", source, at)
            tokens.append(Token("number", decimal(source, match.group(), at), at, stop))
        elif group == "grouped":  # 10\\,000
            tokens.append(Token("number", match.group().replace("\\,", ""), at, stop))
        elif group in ("above", "below"):
            script(match.group(), at, tokens, source)
        elif group == "pick":
            raise refused("argmax" if "max" in match.group() else "argmin", source, at)
        elif group == "moment":
            kind = "Var" if match.group("which") == "V" else "Cov"
            tokens.append(Token("stat", kind, at, stop))
        elif group == "styled":
            roman = match.group("roman")
            kind, text = upright(roman)
            tokens.append(Token(kind, text, at, stop))
        elif group == "board":
            letter = match.group("faced") or match.group("faced1")
            text = f"\\{match.group('face').replace('Bbb', 'mathbb')}{{{letter}}}"
            kind, text = BOARD.get(text, ("name", text))
            tokens.append(Token(kind, text, at, stop))
        elif group == "prose":
            _prose(source, match.start("said"), match.end("said"), tokens, at, outermost)
        elif group == "ones":
            tokens.append(Token("name", "\\mathbf{1}", at, stop))
        elif group == "begin":
            environment = match.group("environment")
            opens = source.startswith("begin", at + 1)
            if environment in CASES or environment in MATRICES:
                skip_to = laid_out(source, environment, opens, at, stop, end, tokens)
                rows += 1 if opens else -1
            elif environment not in DISPLAY:
                raise ReadError(
                    f"the environment {environment or '(without a name)'} is not read", source, at
                )
        elif group == "science":
            raise ReadError(
                f"{match.group()[:30]} may be a power of ten or a product with e",
                source,
                at,
                "write 2 \\cdot 10^{3}",
            )
        elif group == "other":
            side = ""
            other(source, match.group(), at, stop, tokens)
        if len(tokens) > MAX_TOKENS:
            raise ReadError(
                f"the formula has more than {MAX_TOKENS} tokens", source, at, "give one at a time"
            )
    if negate >= 0:
        raise ReadError("only \\not= and \\not\\in are read", source, negate)


def _prose(
    source: str, start: int, end: int, tokens: list[Token], at: int, outermost: bool
) -> None:
    """Words inside \\text{..}; formulas between $ signs in them are tokens again."""
    said = source[start:end]
    for piece in said.split("$")[::2]:
        plain = undressed(piece)
        if (slash := plain.find("\\")) >= 0:
            slash = max(0, said.find(plain[slash : slash + 2]))
            raise ReadError("\\text holds more than plain words", source, start + slash)
    if "$" not in said:
        kind, text = upright(undressed(said))
        prose = kind == "word" and text.lower() not in DISTRIBUTIONS
        tokens.append(Token("text" if prose else kind, text, at, end + 1))
        return
    pieces = said.split("$")
    if len(pieces) % 2 == 0 or not outermost:
        raise ReadError("a $ inside \\text is not closed", source, start + said.index("$"))
    for count, piece in enumerate(pieces):
        if count % 2:
            _scan(source, start, start + len(piece), tokens, False)
        elif piece.strip():
            tokens.append(Token("text", undressed(piece), start, start + len(piece)))
        start += len(piece) + 1


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
