"""`symattn selftest`: the checker is checked with mutants of every claim."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import click

from symattn.commands.common import (
    Progress,
    console,
    failing,
    note,
    print_json,
    print_table,
)
from symattn.commands.options import Command, argument, json_option, number, sheet_option


@click.command(cls=Command)
@argument(
    "questions",
    "[QUESTION]...",
    "Names such as q1c; all when none is given.",
    nargs=-1,
)
@number("--seed", "Of the mutants and the instances.", "S", 0, default=0, show_default=True)
@number("--workers", "Processes to work in.", "N", 1, default=2, show_default=True)
@sheet_option
@json_option
def selftest(
    questions: Sequence[str], seed: int, workers: int, sheet: str | None, json: bool
) -> None:
    """Mutate every claim, and see that each kind of evidence refuses what is wrong.

    A sign, a factor, an index, a transpose, a hypothesis and more are changed, one at a time.  The
    exit status is 1 when a wrong claim is accepted.

    \b
    Examples:
      symattn selftest
      symattn selftest q1d --json
    """
    with failing():
        from symattn.check.draws import Plan
        from symattn.check.mutation.selftest import Subject
        from symattn.check.mutation.selftest import selftest as run_selftest
        from symattn.derive.script import derive
        from symattn.sheet import find_question, find_sheet, list_sheets, question_names

        if questions:
            scripts = [find_question(name, sheet)[1] for name in questions]
        else:
            sources = list_sheets() if sheet is None else (find_sheet(sheet),)
            scripts = [s.scripts[name] for s in sources for name in question_names(s)]
        subjects = [Subject(path.stem, claim) for path in scripts for claim in derive(path).claims]
        with ExitStack() as stack:
            bars: list[Progress] = []

            def advance(done: int) -> None:
                for bar in bars:
                    for _ in range(done):
                        bar.done()

            report = run_selftest(
                subjects,
                seed=seed,
                plan=Plan(seed=seed),
                workers=workers,
                started=lambda total: bars.append(stack.enter_context(Progress(total))),
                progress=advance,
            )
        found = report.to_json()
        if json:
            print_json(found)
        else:
            _print_report(found)
        if not report.passed:
            note("the checker accepts something wrong, or refuses a claim")
        sys.exit(0 if report.passed else 1)


def _print_report(found: Mapping[str, Any]) -> None:
    from symattn.check.mutation.selftest import EVIDENCE

    rows = [
        [
            kind,
            *(str(t[name]) for name in ("mutants", "refused", "equal", "survivors")),
            *(_share(t["evidence"][name]) for name in EVIDENCE),
        ]
        for kind, t in [*found["kinds"].items(), ("all", found)]
    ]
    columns = ["mutant", ">mutants", ">refused", ">true", ">survive"]
    print_table("", [*columns, *(f">{name} refuses" for name in EVIDENCE)], rows)
    rows = [
        [name, str(w["mutants"]), str(w["refused"]), _percent(w), str(w["alone"])]
        for name, w in found["evidence"].items()
    ]
    print_table(
        "", ["evidence", ">wrong mutants", ">refused", ">by itself", ">passed without it"], rows
    )
    out = console()
    reasons = ", ".join(f"{count} {why}" for why, count in found["equal_because"].items())
    out.print(f"True all the same: {found['equal']} ({reasons or 'none'}).", markup=False)
    _print_list("Not needed:", found["not_needed"], "hypothesis")
    _print_list(
        "Proved on the strength of another claim, and refused by numbers:",
        found["overruled"],
        "mutant",
    )
    if found["unseen"]:
        out.print(
            f"\nNot counted: {len(found['unseen'])} times a hypothesis was broken of which neither "
            "side of the claim can see whether it holds (--json lists them).",
            markup=False,
        )
    for fault in found["faults"]:
        out.print(f"Not accepted: {fault}", style="red", markup=False, soft_wrap=True)
    _print_list("Survivors:", found["surviving"], "mutant", style="bold red")
    if not found["surviving"]:
        out.print(f"None of {found['mutants']} mutants of {found['claims']} claims survives.")


def _share(weight: Mapping[str, int]) -> str:
    return f"{weight['refused']}/{weight['mutants']}" if weight["mutants"] else ""


def _percent(weight: Mapping[str, int]) -> str:
    return f"{100 * weight['refused'] / weight['mutants']:.1f}%" if weight["mutants"] else ""


def _print_list(
    title: str, items: Sequence[Mapping[str, Any]], what: str, style: str | None = None
) -> None:
    if not items:
        return
    out = console()
    out.print(f"\n{title}", style=style, markup=False)
    claims: dict[str, list[str]] = {}
    for item in items:
        by = item.get("accepted_by")
        said = f" (accepted by {', '.join(by)})" if by else ""
        claims.setdefault(f"{item['question']}  {item[what]}{said}", []).append(item["claim"])
    for text, names in claims.items():
        out.print(f"  {text}: {', '.join(names)}", style=style, markup=False, soft_wrap=True)
