"""The errors of symattn: what was expected, what came, and what to do."""

from __future__ import annotations


class SymattnError(Exception):
    """Base of every error that symattn raises on purpose.

    Parameters
    ----------
    message : one sentence: what was expected and what came.
    hint : one sentence: what to do about it; may be empty.

    >>> str(SymattnError("no question 'q9z'", "run `symattn list` for the names"))
    "no question 'q9z'; run `symattn list` for the names"
    """

    exit_status = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


def no_value(*names: str) -> SymattnError:
    """Return the error of an instance that lacks what an expression is evaluated at."""
    return SymattnError(
        f"the instance has no value for {', '.join(names)}",
        "a hypothesis draws it, such as Scalar, Reals or Members; it stands before what is made of it",
    )


class ShapeError(SymattnError):
    """A product, sum or transpose whose shapes do not fit; the message names both shapes."""


class UnknownName(SymattnError):
    """A sheet, question, quantity or symbol that does not exist; the hint lists those that do."""


class ReadError(SymattnError):
    """LaTeX that could not be read, with the place.

    Parameters
    ----------
    source : the text that was read.
    position : 0-based offset of the character at fault.
    """

    def __init__(self, message: str, source: str = "", position: int = 0, hint: str = "") -> None:
        super().__init__(message, hint)
        self.source = source
        self.position = position

    def caret(self, width: int = 72) -> str:
        """Return the line at fault and a caret under the place, cut to `width` characters.

        >>> print(ReadError("a closing brace is missing", "a + {b", 4).caret())
        a + {b
            ^
        """
        start = self.source.rfind("\n", 0, self.position) + 1
        end = self.source.find("\n", self.position)
        line = self.source[start : end if end >= 0 else len(self.source)]
        column = self.position - start
        left = max(0, column - width // 2)
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
        return f"{shown[left : left + width]}\n{' ' * (column - left)}^"


class TwoReadings(ReadError):
    """A formula that may be read in two ways: each is given, as the part that is in doubt and whole.

    parts : how the part is written so that it has one reading.
    wholes : the whole formula with each.
    """

    parts: tuple[str, str] = ("", "")
    wholes: tuple[str, str] = ("", "")


class BrokenDerivation(SymattnError):
    """A derivation script that fails: a step is not what it states, or the script raised."""

    exit_status = 1


class OutputError(SymattnError):
    """A page could not be written: an unwritable directory, or a TeX engine that failed."""

    exit_status = 1


class BudgetExceeded(SymattnError):
    """A computation used up its time or memory."""

    exit_status = 3


def visible(text: str, width: int = 300) -> str:
    r"""Return a stranger's text on one line, without control characters, and not too long.

    >>> visible("a\x1b[2Jb\nc")
    'a�[2Jb c'
    """
    shown = text if len(text) <= width else text[: width - 1] + "…"
    return "".join(
        c if c.isprintable() else " " if c in "\t\n\r" else "\N{REPLACEMENT CHARACTER}"
        for c in shown
    )
