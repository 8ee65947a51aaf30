"""The PDF, by whichever TeX engine is on the PATH: the same bytes for the same source."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from symattn.errors import OutputError

# In order of preference. None may run programs from the document, nor ask a question.
_COMMANDS = {
    "latexmk": [
        *("latexmk", "-norc", "-pdf", "-interaction=nonstopmode", "-halt-on-error"),
        "-no-shell-escape",
    ],
    "tectonic": ["tectonic", "--untrusted", "--keep-logs", "--chatter", "minimal"],
    "pdflatex": ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"],
}
HOW_TO_INSTALL = (
    "install TeX Live (Debian: apt-get install texlive-latex-recommended lmodern latexmk) "
    "or tectonic, and run again"
)
_RERUN = re.compile(r"Rerun to get|Rerun LaTeX|rerunfilecheck.*has changed")
_WARNING = re.compile(
    r"^(?:Overfull \\[hv]box .*"
    r"|(?:LaTeX|Package symattn) Warning: (?!Label\(s\) may have changed).*)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Compiled:
    """A PDF, the engine that made it, and what TeX complained of."""

    pdf: bytes
    engine: str
    warnings: tuple[str, ...]


def find_engine() -> str | None:
    """Return the first of latexmk, tectonic and pdflatex that is on the PATH, or None.

    latexmk counts only with pdflatex, which it drives.
    """
    for engine in _COMMANDS:
        if shutil.which(engine) and (engine != "latexmk" or shutil.which("pdflatex")):
            return engine
    return None


def compile_pdf(
    files: Mapping[str, bytes],
    main: str = "answers.tex",
    *,
    engine: str | None = None,
    seconds: float = 180.0,
) -> Compiled:
    """Compile a document in a directory of its own, and return the PDF.

    Parameters
    ----------
    files : the document and what it includes, by relative name with slashes.
    main : the name of the document among them.
    engine : which engine to run; without it, the first that `find_engine` finds.
    seconds : how long TeX may take.

    Raises
    ------
    OutputError : no engine, a TeX error (with its line), or too much time.
    """
    engine = engine or find_engine()
    if engine is None:
        raise OutputError("no TeX engine is on the PATH, so there is no PDF", HOW_TO_INSTALL)
    stem = PurePosixPath(main).stem
    with tempfile.TemporaryDirectory(prefix="symattn-tex-") as name:
        directory = Path(name)
        for file, data in files.items():
            target = directory / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        # latexmk and tectonic repeat the run themselves until the references settle.
        for _ in range(4):
            status = _run([*_COMMANDS[engine], main], directory, seconds)
            log = _read(directory / f"{stem}.log")
            if status or engine != "pdflatex" or not _RERUN.search(log):
                break
        made = directory / f"{stem}.pdf"
        if status or not made.is_file():
            raise OutputError(
                f"{engine} could not compile {main}: {tex_error(log)}",
                "the PDF was not written; `--no-pdf` leaves it out",
            )
        return Compiled(made.read_bytes(), engine, tuple(tex_warnings(log)))


def _run(command: list[str], directory: Path, seconds: float) -> int:
    """Run TeX without a terminal, with fixed dates; end it and its children after `seconds`."""
    environment = {
        **os.environ,
        "SOURCE_DATE_EPOCH": "0",
        "FORCE_SOURCE_DATE": "1",
        "TZ": "UTC",
        "LC_ALL": "C",
        "max_print_line": "10000",  # a log whose lines are not cut
        "openin_any": "p",
        "openout_any": "p",
    }
    try:
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise OutputError(f"{command[0]} could not be run: {error.strerror}") from error
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise OutputError(f"{command[0]} took more than {seconds:g} s and was stopped") from error
    finally:
        if process.poll() is None:
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.wait()


def _read(log: Path) -> str:
    try:
        return log.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def tex_error(log: str) -> str:
    """Return the first error of a TeX log with its line number.

    >>> tex_error("! Undefined control sequence.\\nl.12 \\\\foo\\n            bar")
    'Undefined control sequence (line 12: \\\\foo)'
    """
    found = re.search(r"^! (.*?)\.?$(?:.*?^l\.(\d+) ?(.*?)$)?", log, re.MULTILINE | re.DOTALL)
    if not found:
        return "it gave no reason" if log else "it wrote no log"
    what, line, near = found.groups()
    return f"{what} (line {line}: {near.strip()[-60:]})" if line else what


def tex_warnings(log: str) -> list[str]:
    """Return the complaints of a TeX log that a reader would see on paper.

    Overfull boxes, undefined or repeated references, and formulas that had to be made much smaller.

    >>> tex_warnings("LaTeX Font Info: x\\nOverfull \\\\hbox (3.2pt too wide) at lines 3--4\\n")
    ['Overfull \\\\hbox (3.2pt too wide) at lines 3--4']
    """
    return [match[0].strip() for match in _WARNING.finditer(log)]
