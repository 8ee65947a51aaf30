"""`symattn check paper.tex` without a question: every link of every chain in a document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from symattn.commands.common import print_json, say
from symattn.commands.writing import page_name, written
from symattn.errors import BudgetExceeded, SymattnError

SECONDS = 1_200.0
MEMORY = 2 << 30
NOTE = "no heading names a question, so each link is judged by itself; --map says which is meant"


def document_data(path: str) -> tuple[dict[str, Any], str]:
    """Judge a file; return plain data and the text."""
    from symattn.document.paper import read_paper

    paper = read_paper(path)
    return paper.to_json(), paper.text


def check_document(
    target: str,
    *,
    json: bool = False,
    out: Path | None = None,
    sarif: Path | None = None,
    everything: bool = False,
) -> int:
    """Judge a document; print and write what is asked for, and return the exit status.

    Raises
    ------
    SymattnError : it cannot be read, or what is asked for cannot be written.
    """
    from symattn.check.budget import run_bounded
    from symattn.document.outputs import document_page, document_sarif, terminal_lines

    try:
        data, text = run_bounded(document_data, target, seconds=SECONDS, memory=MEMORY)
    except BudgetExceeded as error:
        raise SymattnError(f"{target} could not be judged: {error}", "split the document") from None
    if sarif is not None:
        written(sarif.parent, [(sarif.name, document_sarif(data))])
    if out is not None:
        written(out, [(page_name(Path(Path(target).name)), document_page(data, text))])
    if json:
        print_json(data)
    else:
        for line in terminal_lines(data, everything):
            say(line)
        for remark in data["remarks"]:
            place = f"line {remark['line']}: " if remark["line"] else ""
            say(f"symattn: {place}{remark['text']}", err=True)
        if out is not None:
            say(f"the annotated copy is in {out}")
    return int(data["exit_status"])
