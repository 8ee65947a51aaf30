"""`symattn sheet`: the answer sheet, end to end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from symattn import cache
from symattn.commands.common import (
    Progress,
    failing,
    note,
    print_json,
    print_table,
    say,
    styled,
)
from symattn.commands.options import Command, argument, flag, json_option, option, remind
from symattn.sheet import DEFAULT, SheetSource, find_sheet, list_sheets, notes_of, question_names


@click.command(cls=Command)
@argument(
    "name",
    "[SHEET]",
    "The sheet's name, or the path of its folder.",
    required=False,
    default=DEFAULT,
    callback=remind,
)
@option("--out", "Where to write.", "DIR", type=Path, default="out", show_default=True)
@option(
    "--style",
    "full adds every step with its rule.",
    type=click.Choice(("brief", "full")),
    default="brief",
    show_default=True,
)
@option("--author", "Who hands it in.", "NAME", default="")
@option("--course", "What it is handed in for.", "NAME", default="")
@flag("--no-pdf", "Write no PDF.")
@flag("everything --all", "All other sheets too, each into DIR/NAME, and an index.")
@json_option
@flag("--no-cache", "Derive again, whatever was kept.")
def sheet(
    name: str,
    out: Path,
    style: str,
    author: str,
    course: str,
    no_pdf: bool,
    everything: bool,
    json: bool,
    no_cache: bool,
) -> None:
    """Write the answer sheet: answers.tex, .pdf and .html, report.json and the figures.

    All is derived and checked, and then written at once or not at all.  What has not changed is
    not derived again.  The exit status is 1 when a claim is neither proved nor confirmed.

    \b
    Examples:
      symattn sheet                          the default sheet, into ./out
      symattn sheet --style full --no-pdf    with every step, without TeX
      symattn sheet my/folder --out my/out   a folder with assignment.txt and q1a.py, ...
      symattn sheet --all                    every sheet, and one page over all of them
    """
    with failing():
        source = find_sheet(name)
        sources = [source, *(further(source) if everything else ())]
        files: dict[str, bytes] = {}
        remarks: list[str] = []
        summaries, derived = [], False
        for one in sources:
            entry, fresh = made(one, style, (author, course), use_cache=not no_cache)
            own = dict(entry.files)
            remarks += [] if no_pdf else add_pdf(own, use_cache=not no_cache)
            at = "" if one is source else f"{one.name}/"
            files |= {at + file: data for file, data in own.items()}
            summaries.append(dict(entry.summary))
            derived = derived or fresh
        if everything:
            from symattn.pages.overview import INDEX, overview_of

            files[INDEX] = overview_of(files)
        written = write(out, files)
        for remark in remarks:
            note(remark)
        if json:
            others = {"sheets": summaries[1:]} if everything else {}
            print_json(
                {**summaries[0], "out": str(out), "files": sorted(files), "derived": derived,
                 "written": written, "remarks": remarks, **others}
            )  # fmt: skip
        else:
            for summary in summaries:
                closing_table(summary)
            state = f"{len(files)} files written to" if written else "nothing has changed in"
            say(f"{state} {out}")
        for question in (q for summary in summaries for q in summary["questions"]):
            for fault in question["unread"]:
                note(f"{question['name']}, unread: {fault}")
            for lacking in question["missing"]:
                where = f"{question['name']}, {lacking['claim']}"
                note(f"{where}: no {lacking['kind']}: {lacking['text']}")
        if not all(summary["passed"] for summary in summaries):
            note("not every claim is proved or confirmed; `symattn verify` says why")
            sys.exit(1)


def further(source: SheetSource) -> list[SheetSource]:
    """Return the sheets that are found by name, but for one."""
    return [one for one in list_sheets() if one.folder != source.folder]


def made(
    source: SheetSource, style: str, names: tuple[str, ...] = (), *, use_cache: bool
) -> tuple[cache.Entry, bool]:
    """Return the files and the summary of a sheet, and whether they were derived just now.

    names : who hands it in, and for which course, where that is not what the assignment says.
    """
    options = {
        "made": "pages",
        "sheet": source.name,
        "text": source.assignment.name,
        "style": style,
        **({"names": "\n".join(names)} if any(names) else {}),
    }
    name = cache.key([source.folder], options)
    if use_cache:
        kept = cache.load(name)
        if kept is not None and _sound(kept) and cache.unchanged(kept.summary["imports"]):
            return kept, False
    entry = make(source, style, names, use_cache=use_cache)
    if use_cache:
        cache.store(name, entry)
    return entry, True


def _sound(entry: cache.Entry) -> bool:
    """Tell whether an entry has the form of one that `make` returns."""
    summary = entry.summary
    try:
        questions, points = summary["questions"], summary["points"]
        typed = [
            *((str, q[key]) for q in questions for key in ("name", "label")),
            *((int, q[key]) for q in questions for key in ("points", "claims")),
            *((str, fault) for q in questions for fault in q["unread"]),
            *(
                (str, m[key])
                for q in questions
                for m in q["missing"]
                for key in ("claim", "kind", "text")
            ),
            *((int, count) for q in (*questions, summary) for count in q["verdicts"].values()),
            *((int, points[key]) for key in ("answered", "total")),
            *((str, word) for pair in summary["imports"].items() for word in pair),
            (bool, summary["passed"]),
            (list, points["scale"]),
            (int | None, points["grade"]),
        ]
    except (KeyError, TypeError, AttributeError, ValueError):
        return False
    return all(isinstance(value, kind) for kind, value in typed) and "answers.tex" in entry.files


def make(
    source: SheetSource, style: str, names: tuple[str, ...] = (), *, use_cache: bool = False
) -> cache.Entry:
    """Derive and check everything on a sheet that is not kept, and lay out its pages."""
    from symattn.errors import UnknownName
    from symattn.pages.build import build_page
    from symattn.pages.files import files_of
    from symattn.pages.kept import load, made_from, store

    questions = question_names(source)
    if not questions:
        raise UnknownName(
            f"the sheet {source.name!r} has no script",
            f"write {source.folder}/{next(iter(source.sheet.parts), 'q1a')}.py",
        )
    author, course = names or ("", "")
    names = (author or source.sheet.author, course or source.sheet.course)
    full = style == "full"
    own = cache.own_sources() if use_cache else ""
    with Progress(len(questions) + 1) as progress:
        parts = {}
        for name in questions:
            progress.now(f"deriving {name}")
            part, key = source.sheet.parts[name], ""
            if use_cache:
                facts = {"steps": full, "part": repr(part)}
                key = cache.key(made_from(source, name), facts, own)
            found = load(key) if key else None
            if found is None:
                from symattn.check.study import study
                from symattn.pages.parts import shown

                found = shown(part, study(source.scripts[name], steps=full), steps=full)
                if key:
                    store(key, found, source.folder)
            parts[name] = found
            progress.done()
        progress.now("writing the pages")
        page = build_page(source.name, source.sheet, parts, names=names, notes=notes_of(source))
        files = files_of(page, "full" if full else "brief")
        progress.done()
    report = page.report
    rows = [
        {
            "name": question["name"],
            "label": question["label"],
            "points": question["points"],
            "claims": len(question["claims"]),
            "verdicts": parts[question["name"]].tally,
            "unread": [e["text"] for e in question["formulas"]["unread"]],
            "not_checked": question["formulas"]["not_checked"],
            "missing": question["missing"],
            "passed": question["passed"],
        }
        for question in report["questions"]
    ]
    summary = {
        "sheet": source.name,
        "style": style,
        "passed": report["passed"],
        "points": report["points"],
        "verdicts": report["verdicts"],
        "questions": rows,
        "imports": cache.imported([source.folder]),
    }
    return cache.Entry(files, summary)


def add_pdf(files: dict[str, bytes], *, use_cache: bool) -> list[str]:
    """Compile the document into `files`, if there is an engine; return what is to be said.

    Raises
    ------
    OutputError : TeX stops at an error.
    """
    from symattn.pages.files import PDF, tex_files
    from symattn.pages.pdf import HOW_TO_INSTALL, compile_pdf, find_engine

    engine = find_engine()
    if engine is None:
        return [f"no TeX engine is on the PATH, so there is no {PDF}; {HOW_TO_INSTALL}"]
    sources = tex_files(files)
    name = cache.hash_of(sources, "pdf", engine, _identity(engine))
    kept = cache.load(name) if use_cache else None
    said = kept.summary.get("warnings") if kept is not None else None
    if kept is None or set(kept.files) != {PDF} or not isinstance(said, list):
        with Progress(1) as progress:
            progress.now(f"running {engine}")
            found = compile_pdf(sources, engine=engine)
        kept = cache.Entry({PDF: found.pdf}, {"warnings": list(found.warnings)})
        if use_cache:
            cache.store(name, kept)
    files[PDF] = kept.files[PDF]
    return [f"TeX: {warning}" for warning in kept.summary["warnings"]]


def _identity(engine: str) -> str:
    """Say which program an engine is: its place, size and time, and pdflatex's for latexmk."""
    import shutil

    found = []
    for program in (engine, "pdflatex"):
        place = shutil.which(program)
        if place:
            facts = Path(place).resolve().stat()
            found.append(f"{place} {facts.st_size} {facts.st_mtime_ns}")
    return "; ".join(found)


def write(out: Path, files: dict[str, bytes]) -> bool:
    """Write the files unless they are there already; tell whether anything was written.

    A PDF of an earlier run goes when there is none now, unless it is of this same document.

    Raises
    ------
    OutputError : the directory cannot be written; then it is as it was.
    """
    from symattn.pages.files import PDF, tex_files

    stale = []
    if PDF not in files and (out / PDF).exists():
        sources = tex_files(files)
        if any(_content(out / name) != data for name, data in sources.items()):
            stale.append(PDF)
    same = all(_content(out / name) == data for name, data in files.items())
    if same and not stale:
        return False
    from symattn.pages.atomic import write_all

    write_all(out, files, remove=stale)
    return True


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def closing_table(summary: dict[str, Any]) -> None:
    """Print question, points, claims and verdicts, and what they add up to."""
    rows = [
        [
            q["name"],
            str(q["points"]),
            str(q["claims"]),
            verdict_counts(q["verdicts"], len(q["unread"]), q["not_checked"]),
        ]
        for q in summary["questions"]
    ]
    points = summary["points"]
    total = sum(q["claims"] for q in summary["questions"])
    unread = sum(len(q["unread"]) for q in summary["questions"])
    loose = sum(q["not_checked"] for q in summary["questions"])
    rows.append(["", "", "", ""])
    rows.append(
        ["all", f"{points['answered']} of {points['total']}", str(total),
         verdict_counts(summary["verdicts"], unread, loose)]
    )  # fmt: skip
    columns = ["question", ">points", ">claims", "verdicts"]
    if not points["total"]:
        columns, rows = [c for c in columns if c != ">points"], [[r[0], *r[2:]] for r in rows]
    print_table("", columns, rows)
    if points["scale"] and summary["verdicts"].get("refuted"):
        say("a claim is refuted, so no grade is counted")
    elif points["scale"]:
        grade = points["grade"]
        reached = "no grade" if grade is None else f"grade {grade}"
        say(f"{points['answered']} points reach {reached}")


def verdict_counts(verdicts: dict[str, int], unread: int = 0, not_checked: int = 0) -> str:
    """Write counts of verdicts, with those that do not pass in colour."""
    found = [
        styled(word, f"{verdicts[word]} {word}")
        for word in ("proved", "confirmed", "refuted", "undecided", "unread")
        if verdicts.get(word)
    ]
    if unread:
        found.append(styled("unread", f"{unread} other formulas unread"))
    if not_checked:
        found.append(styled("undecided", f"{not_checked} stated, not checked"))
    return ", ".join(found)
