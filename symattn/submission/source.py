"""The text of a submission: read within bounds, and with what TeX does not print blanked out."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from symattn.errors import SymattnError, visible

MAX_BYTES = 5_000_000
"""A submission is smaller than this; a typical one has some 20,000 bytes."""

MARKDOWN = (".md", ".markdown", ".qmd")
NOTEBOOK = ".ipynb"
SUFFIXES = (".tex", *MARKDOWN, NOTEBOOK)
OTHERS = {
    ".typ": "Typst is not read; export the formulas as LaTeX",
    ".pdf": "a PDF is not read; name the LaTeX or Markdown that it was made from",
    **dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".heic", ".gif", ".svg"),
        "a picture is not read; type the formulas in LaTeX or Markdown",
    ),
    **dict.fromkeys((".doc", ".docx", ".odt"), "export it as LaTeX or Markdown"),
}
"""Files that people hand in and that are not read, and what to do."""
_INPUTENC = re.compile(rb"\\usepackage\s*\[([A-Za-z0-9]+)\]\s*\{inputenc\}")
_ENCODINGS = {
    "latin1": "iso8859-1", "latin2": "iso8859-2", "latin9": "iso8859-15", "cp1250": "cp1250",
    "cp1252": "cp1252", "ansinew": "cp1252", "applemac": "mac-roman",
}  # fmt: skip
_NOT_LINE_ENDS = re.compile(r"[^\n]")
_TEX_HIDDEN = re.compile(
    r"""
      \\[\\%]                                                        # neither starts a comment
    | (?P<comment>%[^\n]*)
    | \\begin[ ]?\{(?P<verbatim>(?:verbatim|[BL]?Verbatim|lstlisting|minted|comment|alltt
        |filecontents|tcblisting)\*?)\}
    | \\(?:verb|lstinline)\*?(?P<mark>[^A-Za-z0-9\s*{\\])
    | (?P<off>\\iffalse)(?![A-Za-z])
    """,
    re.VERBOSE,
)
_MARKDOWN_HIDDEN = re.compile(
    r"""
      \\[\\`]
    | (?P<note><!--)
    | ^[ ]{0,3}(?P<fence>`{3,}|~{3,})
    | (?P<code>`+)
    """,
    re.VERBOSE | re.MULTILINE,
)
_CONDITIONAL = re.compile(r"\\(?:(?P<fi>fi)|(?P<otherwise>else)|if[a-zA-Z]*)(?![A-Za-z])")


class SubmissionError(SymattnError):
    """A file that cannot be read as a submission."""


@dataclass(frozen=True)
class Remark:
    """Something about the file as a whole, with the line where it stands (0: nowhere special)."""

    line: int
    text: str


@dataclass(frozen=True)
class Source:
    """A text and its copy, equally long, in which comments and verbatim parts are blanks."""

    text: str
    clean: str
    markdown: bool
    remarks: tuple[Remark, ...] = ()


def load(path: Path | str) -> Source:
    """Read a file: regular, smaller than MAX_BYTES, and text.

    Raises
    ------
    SubmissionError : in one sentence, why not.
    """
    path = Path(path)
    shown, suffix = visible(str(path)), path.suffix.lower()
    try:
        if suffix in OTHERS and path.exists():
            raise SubmissionError(f"{shown}: {OTHERS[suffix]}")
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise SubmissionError(f"{shown} is a directory", "name a file in it")
        if not stat.S_ISREG(facts.st_mode):
            raise SubmissionError(f"{shown} is not a regular file")
        if facts.st_size >= MAX_BYTES:
            raise _too_large(shown, facts.st_size)
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES)
    except FileNotFoundError:
        raise SubmissionError(f"there is no file {shown}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not one that files can have"
        raise SubmissionError(f"{shown} cannot be read: {reason}") from None
    if len(raw) >= MAX_BYTES:
        raise _too_large(shown, len(raw))
    text, remarks = _decoded(raw, shown)
    if suffix == NOTEBOOK:
        text = _cells(text, shown)
        remarks += (
            Remark(0, "lines are those of the notebook's Markdown cells, one after the other"),
        )
    if not text.strip():
        raise SubmissionError(f"{shown} is empty")
    return source(text, markdown=suffix in (*MARKDOWN, NOTEBOOK), remarks=remarks)


def _cells(text: str, shown: str) -> str:
    """Return the Markdown cells of a notebook (nbformat 3 and 4), with a blank line between them.

    Code, and what it printed, is no answer and is left out.

    Raises
    ------
    SubmissionError : it is no notebook.
    """
    try:
        found = json.loads(text)
        sheets = found.get("worksheets", [found])
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        pieces = [cell["source"] for cell in cells if cell["cell_type"] in ("markdown", "heading")]
        return "\n\n".join(p if isinstance(p, str) else "".join(p) for p in pieces)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SubmissionError(
            f"{shown} is no notebook", "save it again, or export it as Markdown"
        ) from None


def _too_large(shown: str, size: int) -> SubmissionError:
    return SubmissionError(
        f"{shown} has {size / 1e6:.1f} MB, and only files below {MAX_BYTES / 1e6:g} MB are read"
    )


def _decoded(raw: bytes, shown: str) -> tuple[str, tuple[Remark, ...]]:
    """Bytes as text: UTF-8, or UTF-16 with its mark; other bytes are replaced, and that is said."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return _lines(raw.decode("utf-16")), ()
        except UnicodeDecodeError as error:
            raise SubmissionError(f"{shown} is not text: it is broken UTF-16") from error
    zero = raw.find(b"\0")
    if zero >= 0:
        raise SubmissionError(
            f"{shown} is not text: a zero byte stands at offset {zero}", "name a .tex file"
        )
    try:
        return _lines(raw.decode("utf-8-sig")), ()
    except UnicodeDecodeError as error:
        declared = _INPUTENC.search(raw[:20_000])
        encoding = _ENCODINGS.get(declared.group(1).decode().lower(), "") if declared else ""
        if encoding:
            return _lines(raw.decode(encoding, errors="replace")), ()
        line = raw.count(b"\n", 0, error.start) + 1
        said = f"the file is not UTF-8 (byte 0x{raw[error.start]:02X}); such bytes are not read"
        return _lines(raw.decode("utf-8-sig", errors="replace")), (Remark(line, said),)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def source(text: str, *, markdown: bool = False, remarks: tuple[Remark, ...] = ()) -> Source:
    r"""Blank out what does not stand on the page: comments, verbatim parts, what \iffalse hides.

    >>> source("a % b").clean
    'a    '
    """
    clean, found = (_without_code if markdown else _without_comments)(text)
    return Source(text, clean, markdown, remarks + found)


def blank(piece: str) -> str:
    """Return as many blanks, with the line ends kept."""
    return _NOT_LINE_ENDS.sub(" ", piece)


def _without_comments(text: str) -> tuple[str, tuple[Remark, ...]]:
    pieces: list[str] = []
    remarks: list[Remark] = []
    at = kept = 0
    while (match := _TEX_HIDDEN.search(text, at)) is not None:
        at = match.end()
        begin, end, group = match.start(), match.end(), match.lastgroup
        if group is None:
            continue
        if group == "verbatim":
            close = f"\\end{{{match.group('verbatim')}}}"
            stop = text.find(close, end)
            if stop < 0:
                said = f"{match.group()} is never closed, so nothing is read after it"
                remarks.append(Remark(text.count("\n", 0, begin) + 1, said))
            end = len(text) if stop < 0 else stop + len(close)
        elif group == "mark":
            line_end = text.find("\n", end)
            stop = text.find(match.group("mark"), end, line_end if line_end >= 0 else len(text))
            if stop < 0:
                continue
            end = stop + 1
        elif group == "off":
            end = _end_of_conditional(text, end)
        pieces += (text[kept:begin], blank(text[begin:end]))
        at = kept = end
    pieces.append(text[kept:])
    return "".join(pieces), tuple(remarks)


def _end_of_conditional(text: str, at: int) -> int:
    """The place after the \\fi or \\else that ends an \\iffalse."""
    level = 1
    for match in _CONDITIONAL.finditer(text, at):
        if match.group("fi"):
            level -= 1
        elif not match.group("otherwise"):
            level += 1
        if level == 0 or (level == 1 and match.group("otherwise")):
            return match.end()
    return len(text)


def _without_code(text: str) -> tuple[str, tuple[Remark, ...]]:
    pieces: list[str] = []
    at = kept = 0
    absent: set[str] = set()  # runs of backticks that do not occur again: looked for once
    while (match := _MARKDOWN_HIDDEN.search(text, at)) is not None:
        at = match.end()
        begin, end, group = match.start(), match.end(), match.lastgroup
        if group is None:
            continue
        if group == "note":
            stop = text.find("-->", end)
            end = len(text) if stop < 0 else stop + 3
        elif group == "fence":
            stop = text.find("\n" + match.group("fence"), end)
            end = len(text) if stop < 0 else stop + 1 + len(match.group("fence"))
        else:
            run = match.group("code")
            stop = -1 if run in absent else text.find(run, end)
            if stop < 0:
                absent.add(run)
                continue
            paragraph = text.find("\n\n", end, stop)
            if paragraph >= 0:
                continue
            end = stop + len(run)
        pieces += (text[kept:begin], blank(text[begin:end]))
        at = kept = end
    pieces.append(text[kept:])
    return "".join(pieces), ()
