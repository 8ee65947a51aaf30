"""`symattn list`, `show`, `derive` and `verify`: one question at a time."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symattn.commands.common import (
    Progress,
    console,
    failing,
    print_json,
    print_table,
    styled,
)
from symattn.commands.options import (
    Command,
    argument,
    json_option,
    number,
    question_argument,
    sheet_option,
)

if TYPE_CHECKING:
    from symattn.check.study import Result
    from symattn.derive.prose import Text
    from symattn.derive.question import Question as Asked
    from symattn.judge.author_tests import Trial
    from symattn.sheet import SheetSource
    from symattn.sheet_text import Part
    from symattn.spans import Prose


# list ------------------------------------------------------------------------------------------


@click.command("list", cls=Command)
@argument("sheet", "[SHEET]", "One sheet only: a name or a folder.", required=False)
@json_option
def list_questions(sheet: str | None, json: bool) -> None:
    """List the sheets and their questions.

    \b
    Examples:
      symattn list
      symattn list attention --json
    """
    from symattn.sheet import find_sheet, list_sheets

    with failing():
        sources = list_sheets() if sheet is None else (find_sheet(sheet),)
        if json:
            print_json({"sheets": [_listed(source) for source in sources]})
            return
        for source in sources:
            from rich.markup import escape

            rows = [
                [
                    part.name,
                    str(part.points),
                    "yes" if part.name in source.scripts else "no",
                    escape(_shortened(plain(part.statement), 68)),
                ]
                for part in source.sheet.parts.values()
            ]
            title = f"{source.name}: {source.sheet.title}, {source.sheet.points} points"
            print_table(title, ["question", ">points", "derived", "statement"], rows)


def _listed(source: SheetSource) -> dict[str, Any]:
    return {
        "name": source.name,
        "folder": str(source.folder),
        "title": source.sheet.title,
        "points": source.sheet.points,
        "questions": [
            {
                "name": part.name,
                "label": part.label,
                "points": part.points,
                "derived": part.name in source.scripts,
                "statement": plain(part.statement),
            }
            for part in source.sheet.parts.values()
        ],
    }


def plain(prose: Prose) -> str:
    """Return words with their formulas between dollars; what is struck out stands between ~~."""
    marks = {"math": "$", "display": "$$", "strike": "~~", "strikemath": "~~$"}
    found = []
    for span in prose:
        mark = marks.get(span.kind, "")
        found.append(f"{mark}{span.body}{mark[::-1]}")
    return "".join(found)


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


# show ------------------------------------------------------------------------------------------


@click.command(cls=Command)
@question_argument
@sheet_option
@json_option
def show(question: str, sheet: str | None, json: bool) -> None:
    """Show what a question gives, asks and judges.

    The statement, the hypotheses, the unknown, the specification that an answer must meet, and the
    symbols that an answer may use.

    \b
    Examples:
      symattn show q1c
      symattn show softmax/q1b
      symattn show q1d --json
    """
    with failing():
        from symattn.judge.author import load
        from symattn.sheet import find_question

        source, script = find_question(question, sheet)
        asked, part = load(script), source.sheet.part(script.stem)
        facts = _facts(source.name, part, asked)
        if json:
            print_json(facts)
        else:
            _print_facts(facts)


def _facts(sheet: str, part: Part, asked: Asked) -> dict[str, Any]:
    from symattn.latex.write import latex
    from symattn.pages.notation import common

    wanted = asked.specification
    stated = [*asked.given.latex, _written(wanted.wanted)]
    return {
        "name": part.name,
        "sheet": sheet,
        "label": part.label,
        "points": part.points,
        "statement": plain(part.statement),
        "hypotheses": list(asked.given.latex),
        "unknown": None if wanted.unknown is None else latex(wanted.unknown),
        "specification": _written(wanted.wanted),
        "quantities": [{"latex": latex(q.shown), "meaning": q.meaning} for q in asked.quantities],
        "symbols": {**common(stated, asked.symbols), **asked.symbols},
    }


def _written(text: Text) -> str:
    return "".join(p if isinstance(p, str) else f"${p.latex}$" for p in text.parts)


def _print_facts(facts: dict[str, Any]) -> None:
    from rich.markup import escape

    out = console()
    points = f"  {facts['points']} points" if facts["points"] else ""
    out.print(f"[bold]{facts['name']}[/]  {escape(facts['label'])}{points}")
    out.print(escape(facts["statement"]))
    sections = [
        ("Given", facts["hypotheses"]),
        ("Asked for", [f"${facts['unknown']}$" if facts["unknown"] else "a reason"]),
        ("Such that", [facts["specification"]]),
        ("Judged", [f"${q['latex']}$  {q['meaning']}" for q in facts["quantities"]]),
        ("Symbols", [f"${name}$  {meaning}" for name, meaning in facts["symbols"].items()]),
    ]
    for title, lines in sections:
        if lines:
            out.print(f"\n[bold]{title}[/]")
            for text in lines:
                out.print(f"  {escape(text)}")


# derive ----------------------------------------------------------------------------------------


@click.command(cls=Command)
@question_argument
@sheet_option
@json_option
def derive(question: str, sheet: str | None, json: bool) -> None:
    """Print the steps of a derivation: each names its rule, and the rule computed the result.

    \b
    Examples:
      symattn derive q1c
      symattn derive q1d --json
    """
    with failing():
        from symattn.check.study import study
        from symattn.sheet import find_question

        _, script = find_question(question, sheet)
        with Progress(1) as progress:
            progress.now(f"deriving {question}")
            result = study(script)
        if json:
            print_json(_steps_json(result))
        else:
            print_steps(result)
        sys.exit(0 if result.passed else 1)


def _steps_json(result: Result) -> dict[str, Any]:
    from symattn.latex.write import latex

    return {
        "name": result.name,
        "steps": [
            {
                "chain": c.step.chain,
                "rule": c.step.rule,
                "before": latex(c.step.before),
                "after": latex(c.step.after),
                "keeps_value": c.step.keeps,
                "checked": c.how or None,
            }
            for c in result.steps
        ],
        "claims": [
            {"name": c.name, "latex": c.latex, "verdict": result.verdicts[c.name].verdict}
            for c in result.derivation.claims
        ],
    }


def print_steps(result: Result) -> None:
    """Print each chain: what it starts from, and each rule with what it computed."""
    from rich.markup import escape

    from symattn.pages.notation import beside
    from symattn.pages.terminal import chain, letter, line

    out = console()
    out.print(f"[bold]{result.name}[/]", end="  ")
    out.print("; ".join(map(escape, result.derivation.given.latex)))
    at, before = "", None
    for checked in result.steps:
        step = checked.step
        if step.chain != at or step.before != before:
            out.print(f"\n[bold]{escape(letter(step.chain))}[/]")
            out.print(f"    {escape(line(step.before))}", soft_wrap=True)
        at, before = step.chain, step.after
        mark = f"[dim]{checked.how}[/]" if checked.how else "[dim]a new expression[/]"
        out.print(f"  [italic]{escape(letter(step.rule))}[/]  {mark}")
        out.print(f"  {'=' if step.keeps else '→'} {escape(line(step.after))}", soft_wrap=True)
    out.print("\n[bold]claims[/]")
    for claim in result.derivation.claims:
        word = result.verdicts[claim.name].verdict
        text = chain(claim.terms, claim.relations)
        if claim.behind:
            inner = chain(claim.behind.terms, claim.behind.relations)
            text += f" + O({inner})" if "O" in claim.behind.before else f"  ({inner})"
        own = plain(beside(claim, result.derivation, alone=True))
        text = escape(text) + (f"  [dim]{escape(own)}[/]" if own else "")
        out.print(f"  {styled(word, f'{word:<10}')}{text}", soft_wrap=True)


# verify ----------------------------------------------------------------------------------------


@click.command(cls=Command)
@argument("questions", "[QUESTION]...", "Names such as q1c; all when none is given.", nargs=-1)
@number("--seed", "Where random instances begin.", "S", 0, default=0, show_default=True)
@number("--instances", "How many for each claim.", "N", 1, default=24, show_default=True)
@sheet_option
@json_option
def verify(
    questions: Sequence[str], seed: int, instances: int, sheet: str | None, json: bool
) -> None:
    """Prove, measure and read back every claim, afresh, and judge the author's tests.

    The exit status is 1 when a claim is neither proved nor confirmed, or when one of the lines
    that the author keeps beside the question gets another verdict than it must.

    \b
    Examples:
      symattn verify
      symattn verify q1c q1d --seed 7 --instances 200
    """
    with failing():
        from symattn.check.draws import Plan
        from symattn.check.study import study
        from symattn.judge.author_tests import run_author_tests
        from symattn.sheet import DEFAULT, find_question, find_sheet, question_names

        chosen: list[Path] = []
        for name in questions or ():
            chosen.append(find_question(name, sheet)[1])
        if not questions:
            source = find_sheet(sheet if sheet is not None else DEFAULT)
            chosen = [source.scripts[name] for name in question_names(source)]
        results = []
        trials: list[Trial] = []
        with Progress(len(chosen)) as progress:
            for script in chosen:
                progress.now(f"verifying {script.stem}")
                results.append(study(script, Plan(seed=seed, instances=instances)))
                trials += run_author_tests(script)
                progress.done()
        passed = all(r.passed for r in results) and all(t.passed for t in trials)
        if json:
            found = {**_verdicts_json(results, seed, instances), "passed": passed}
            print_json({**found, "author_tests": [_trial_json(t) for t in trials]})
        else:
            print_verdicts(results)
            print_trials(trials)
        sys.exit(0 if passed else 1)


def _trial_json(trial: Trial) -> dict[str, Any]:
    return {
        "question": trial.question,
        "latex": trial.test.latex,
        "expected": trial.test.verdict,
        "verdict": trial.found.verdict,
        "code": trial.found.code,
        "passed": trial.passed,
    }


def print_trials(trials: Sequence[Trial]) -> None:
    """Print how many of the author's tests pass, and each that does not."""
    from rich.markup import escape

    good = sum(t.passed for t in trials)
    console().print(f"{good} of {len(trials)} lines of the authors get the verdict that they must")
    for t in trials:
        if not t.passed:
            said = f"{t.question} {t.test.latex}: {t.test.verdict} was expected; {t.found}"
            console().print(escape(said), soft_wrap=True, style="red")


def _verdicts_json(results: Iterable[Result], seed: int, instances: int) -> dict[str, Any]:
    from symattn.check.draws import SIZES
    from symattn.pages.build import summed
    from symattn.pages.parts import claim_report

    results = list(results)
    return {
        "sizes": [dict(size) for size in SIZES],
        "seed": seed,
        "instances": instances,
        "passed": all(r.passed for r in results),
        "verdicts": summed(r.tally() for r in results),
        "questions": [
            {
                "name": r.name,
                "passed": r.passed,
                "claims": [claim_report(c, r.verdicts[c.name]) for c in r.derivation.claims],
                "unread": [e.to_json() for e in r.unread],
            }
            for r in results
        ],
    }


def print_verdicts(results: Iterable[Result]) -> None:
    """Print a table of claims: what was found by each kind of evidence."""
    from rich.markup import escape

    rows = []
    faults: list[str] = []
    for result in results:
        for at, (name, verdict) in enumerate(result.verdicts.items()):
            cells = {e.kind: e for e in verdict.evidence}
            numbers = cells.get("numbers")
            rows.append(
                [
                    result.name if at == 0 else "",
                    escape(name),
                    styled(verdict.verdict),
                    verdict.code,
                    escape(numbers.text) if numbers else "",
                    "yes" if "reading" in cells and cells["reading"].code == "read-back" else "no",
                ]
            )
            if not verdict.passed:
                faults.append(f"{result.name} {name}: {verdict}")
                if verdict.counterexample is not None:
                    c = verdict.counterexample
                    faults.append(f"    left {c.left}, right {c.right}, at {dict(c.instance)}")
        for evidence in result.unread:
            faults.append(f"{result.name}, in the text: {evidence.text}")
    columns = ["question", "claim", "verdict", "code", "numbers", "read back"]
    print_table("", columns, rows)
    for fault in faults:
        console().print(escape(fault), soft_wrap=True, style="red")
