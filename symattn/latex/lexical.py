"""What single characters, commands and environments become, and why some of them are refused."""

from __future__ import annotations

import re
from typing import NamedTuple

from symattn.errors import ReadError
from symattn.latex.commands import (
    CASES,
    COMMANDS,
    CONNECTIVES,
    DANGEROUS,
    PUNCTUATION,
    REFUSED,
    UPRIGHT_LETTERS,
    WORDS,
)
from symattn.latex.unicode import FRACTIONS, SUBSCRIPTS, SUPERSCRIPTS, UNICODE, faced


class Token(NamedTuple):
    """One token: `kind` is what the grammar sees, `text` its canonical spelling."""

    kind: str
    text: str
    start: int
    end: int


def in_script(tokens: list[Token]) -> bool:
    """Whether the next token is the first one of a subscript, or of a superscript that may be a label."""
    if not tokens:
        return False
    if in_superscript(tokens) and len(tokens) > 2:
        base = tokens[-3]  # e^{itx} and 2^{abc} are powers, and x^{max} is none
        if base.kind == "number" or base.text == "e":
            return False
    if tokens[-1].kind == "open" and tokens[-1].text == "{":
        return len(tokens) > 1 and tokens[-2].kind in ("_", "^")
    return tokens[-1].kind == "_"


def in_superscript(tokens: list[Token]) -> bool:
    """Whether the next token is the first one of a superscript."""
    if tokens and tokens[-1].kind == "open" and tokens[-1].text == "{":
        return len(tokens) > 1 and tokens[-2].kind == "^"
    return bool(tokens) and tokens[-1].kind == "^"


def decimal(source: str, digits: str, at: int) -> str:
    """A number as Python writes it; 1{,}000 may be a thousand or one and no thousandths."""
    whole, comma, part = digits.partition("{,}")
    if not comma:
        return digits
    if len(part) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        raise ReadError(
            f"{digits} may be {whole}{part} or {whole}.{part}",
            source,
            at + len(whole),
            f"write {whole}{part} or {whole}.{part}",
        )
    return f"{whole}.{part}"


def script(run: str, at: int, tokens: list[Token], source: str) -> None:
    """A run of raised or lowered characters: one script in braces."""
    if run == "ᵀ":
        tokens += [Token("^", "^", at, at + 1), Token("mark", "T", at, at + 1)]
        return
    table = SUPERSCRIPTS if run[0] in SUPERSCRIPTS else SUBSCRIPTS
    inside: list[Token] = []
    for place, char in enumerate(run, at):
        text = table.get(char)
        if text is None:
            raise ReadError(f"the character {char} stands in the middle of a number", source, place)
        if text.isdigit():
            if inside and inside[-1].kind == "number":
                before = inside.pop()
                inside.append(Token("number", before.text + text, before.start, place + 1))
            else:
                inside.append(Token("number", text, place, place + 1))
        elif text.isalpha():
            inside.append(Token("name", text, place, place + 1))
        else:
            inside.append(Token(*PUNCTUATION[text], place, place + 1))
    sign = "^" if table is SUPERSCRIPTS else "_"
    tokens.append(Token(sign, sign, at, at + 1))
    tokens.append(Token("open", "{", at, at + 1))
    tokens += inside
    tokens.append(Token("close", "{", at + len(run) - 1, at + len(run)))


_COLUMNS = re.compile(r"[ \t\n]*(?:\[[a-z]\])?[ \t\n]*\{[a-z@!|{} ]{0,40}?\}")


def laid_out(
    source: str, name: str, opens: bool, at: int, stop: int, end: int, tokens: list[Token]
) -> int:
    """Cases or a matrix; returns the place after what says how its columns are set."""
    kind = "cases" if name in CASES else "matrix"
    after = stop
    if name == "array" and opens:
        layout = _COLUMNS.match(source, stop, end)
        after = layout.end() if layout else stop
    if name == "array" and tokens:
        # \\left\\{ \\begin{array}{ll} .. \\end{array} \\right. is how cases were written once
        if opens and tokens[-1].kind == "open" and tokens[-1].text == "\\{":
            tokens.pop()
            kind = "cases"
        elif not opens and last_open(tokens) == "cases":
            kind = "cases"
    tokens.append(Token("open" if opens else "close", kind, at, stop))
    return after


def last_open(tokens: list[Token]) -> str:
    """The text of the bracket that is open where the tokens end."""
    level = 0
    for token in reversed(tokens):
        level += (token.kind == "close") - (token.kind == "open")
        if level < 0:
            return token.text
    return ""


def other(source: str, char: str, at: int, stop: int, tokens: list[Token]) -> None:
    """A character outside ASCII letters, digits and marks: a known symbol, or refused."""
    narrow = chr(ord(char) - 0xFEE0) if 0xFF01 <= ord(char) <= 0xFF5E else char  # full width
    narrow = {"\u3002": ".", "\u3001": ","}.get(narrow, narrow)
    known = UNICODE.get(char) or PUNCTUATION.get(narrow) or faced(char)
    if known is not None:
        if known[0] == "mark" and not in_superscript(tokens):  # S⊤ without ^
            tokens.append(Token("^", "^", at, stop))
        tokens.append(Token(known[0], known[1], at, stop))
        return
    if char in FRACTIONS:
        if tokens and tokens[-1].kind == "number" and tokens[-1].end == at:
            said = source[tokens[-1].start : stop]
            raise ReadError(
                f"{said} may be a mixed number or a product", source, at, "write a fraction"
            )
        for kind, text in (("open", "("), *quotient(*FRACTIONS[char]), ("close", "(")):
            tokens.append(Token(kind, text, at, stop))
        return
    code = ord(char)
    if char == "$":
        raise ReadError("a $ stands inside the formula", source, at, "give one formula at a time")
    if char == "\\":
        raise ReadError("the formula ends in a lone backslash", source, at)
    if code < 32 or 127 <= code < 160:
        raise ReadError(f"a control character (U+{code:04X}) is not read", source, at)
    if not char.isprintable():
        raise ReadError(f"an invisible character (U+{code:04X}) is not read", source, at)
    raise ReadError(f"the character {char} (U+{code:04X}) is not read", source, at)


def quotient(top: int, bottom: int) -> tuple[tuple[str, str], ...]:
    """Return kind and text of each token of a fraction on one line."""
    return ("number", str(top)), ("op", "/"), ("number", str(bottom))


def refused(word: str, source: str, at: int) -> ReadError:
    """The error for a command that is known and not read, with what to write instead."""
    message, hint = REFUSED[word]
    return ReadError(message, source, at, hint)


def unknown(source: str, word: str, at: int) -> ReadError:
    """The error for a command that is not read, with the nearest known one as a hint."""
    # TeX also takes digits after \write as its argument: name the whole of \write18.
    if word in DANGEROUS:
        digits = re.compile(r"[0-9]*").match(source, at + 1 + len(word))
        shown = word + (digits.group() if digits else "")
        return ReadError(
            f"the command \\{shown} is not allowed in a formula",
            source,
            at,
            "only mathematics is read, and nothing is executed",
        )
    if word in REFUSED:
        return refused(word, source, at)
    if word in "()[]":
        return ReadError(f"\\{word} stands inside the formula", source, at)
    if word.startswith("operatorname") or word in ("text", "mbox"):
        return ReadError(f"\\{word} is not followed by plain words in braces", source, at)
    if word.startswith(("math", "Bbb")):
        return ReadError(f"\\{word} is not followed by one letter", source, at)
    if not word.isalpha() or not word.isascii():
        shown = word if word.isprintable() and not word.isspace() else f"U+{ord(word):04X}"
        said = f"a backslash before {shown} is not read"
        return ReadError(said, source, at, "leave it out, or write what it stands for")
    import difflib

    near = difflib.get_close_matches(word[:40], COMMANDS, n=1, cutoff=0.75)
    shown = word if len(word) <= 40 else word[:40] + "..."
    return ReadError(
        f"the command \\{shown} is not known",
        source,
        at,
        f"did you mean \\{near[0]}?" if near else "",
    )


def upright(word: str) -> tuple[str, str]:
    """Kind and text of upright letters: a function, a statistic, a letter or a word."""
    known = UPRIGHT_LETTERS.get(word) or WORDS.get(word)
    if known is not None:
        return known
    if word.lower() in CONNECTIVES:
        return "text", word
    return ("name" if len(word) == 1 and word.isalpha() and word.isascii() else "word"), word


_TAG = re.compile(
    r"\(?(?:[A-Z]?[0-9]{1,3}(?:\.[0-9]{1,3})*[a-z]?|[a-z]|[ivx]{1,4}|[*+\u2020]{1,3}|\$?\\(?:star|ast|dagger)\$?)\)?"
)


def argument_end(source: str, at: int, end: int, word: str) -> int:
    """The place after `{...}` that begins at `at`; what stands in it is a mark and says nothing."""
    while at < end and source[at] in " *\t":
        at += 1
    if at < end and source[at] == "{":
        close = source.find("}", at, end)
        if close >= 0 and source.find("{", at + 1, close) < 0:
            if word == "tag" and not _TAG.fullmatch(source[at + 1 : close].strip()):
                raise ReadError("the words in \\tag are not read", source, at, "write a number")
            return close + 1
    raise ReadError(f"\\{word} is not followed by {{...}}", source, min(at, len(source)))


_REFERENCE = re.compile(r"\\(?:eq|auto|[cC])?ref\s*\{[^{}]*\}")
_DRESS = re.compile(
    r"\\(?:text[a-z]{2}|emph|underline|mathrm)(?![a-z])"
    r"|\\[,;:! ]|\\(?:quad|qquad|small|it|rm|bf)(?![a-z])|[{}~]"
)


def undressed(said: str) -> str:
    """Prose without its fonts and references."""
    said = said.replace("\\%", "%")
    return " ".join(_DRESS.sub(" ", _REFERENCE.sub("(1)", said)).split())
