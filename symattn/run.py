"""The pipe from a sheet to verdicts: scripts are run, then proved, measured and read back."""

from __future__ import annotations

import importlib.util
import re
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.machinery import SourceFileLoader
from itertools import count
from pathlib import Path
from types import CodeType, ModuleType

from symattn.check.gate import PAGE, decide
from symattn.check.numbers import Plan, measure
from symattn.check.readback import read_back
from symattn.check.verdict import Evidence, Verdict
from symattn.claims import Claim, Identity
from symattn.derive.derivation import Derivation, Step
from symattn.derive.question import Question
from symattn.errors import BrokenDerivation, BudgetExceeded, SymattnError, UnknownName
from symattn.sheet import SheetSource, find_sheet, list_sheets

_NUMBERS = count(1)


@dataclass(frozen=True)
class CheckedStep:
    """A step and how it was checked: 'proved', 'confirmed', or '' where the value may change."""

    step: Step
    how: str


@dataclass(frozen=True)
class Result:
    """What one script gave: its derivation, the verdict of each claim, and the checks of the rest.

    words : the reading of each formula in the prose, in its order, and of the printed steps.
    steps : how each step was checked.
    """

    script: Path
    derivation: Derivation
    verdicts: dict[str, Verdict]
    words: tuple[Evidence, ...]
    steps: tuple[CheckedStep, ...]
    plan: Plan

    @property
    def name(self) -> str:
        """The name of the question."""
        return self.script.stem

    @property
    def passed(self) -> bool:
        """True when each claim is proved or confirmed, and every formula was read back."""
        return all(v.passed for v in self.verdicts.values()) and not self.unread

    @property
    def unread(self) -> list[Evidence]:
        """The formulas of the prose and of the steps that were not read back."""
        return [e for e in self.words if e.verdict != "confirmed"]

    def missing(self) -> list[tuple[str, Evidence]]:
        """Return (claim, evidence) for each kind of evidence that did not come to a decision."""
        return [
            (name, e)
            for name, verdict in self.verdicts.items()
            for e in verdict.evidence
            if e.verdict in ("undecided", "unread")
        ]

    def tally(self) -> dict[str, int]:
        """Return how many claims have which verdict."""
        found: dict[str, int] = {}
        for verdict in self.verdicts.values():
            found[verdict.verdict] = found.get(verdict.verdict, 0) + 1
        return found


# scripts ---------------------------------------------------------------------------------------


class _Fresh(SourceFileLoader):
    """Compile a script each time: compiled files miss an edit of one second and the same size."""

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the source as it is now."""
        return self.source_to_code(self.get_data(self.path), self.path)


def load(script: Path) -> ModuleType:
    """Import a script by its path, afresh and under a name of its own.

    Raises
    ------
    BrokenDerivation : the script raises; with its name, the line and the message.
    """
    name = f"_symattn_{re.sub(r'[^a-zA-Z0-9_]', '_', script.stem)}_{next(_NUMBERS)}"
    spec = importlib.util.spec_from_file_location(name, script, loader=_Fresh(name, str(script)))
    if spec is None or spec.loader is None or not script.is_file():
        raise BrokenDerivation(f"{script} is not a script that can be read")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses in a script look their module up
    try:
        guarded(script, lambda: spec.loader.exec_module(module))  # type: ignore[union-attr]
    except BaseException:
        del sys.modules[name]
        raise
    for wanted in ("QUESTION", "derive"):
        if not hasattr(module, wanted):
            raise BrokenDerivation(
                f"{script.name} defines no {wanted}",
                "a script defines QUESTION (a Question) and derive() -> Derivation",
            )
    asked = module.QUESTION
    if not isinstance(asked, Question):
        raise BrokenDerivation(f"{script.name}: QUESTION is a {type(asked).__name__}, no Question")
    if asked.name != script.stem:
        raise BrokenDerivation(
            f"{script.name}: the question is called {asked.name!r}",
            f"a script is called as its question is: {asked.name}.py",
        )
    return module


def question(script: Path) -> Question:
    """Return the question that a script is about, with what it judges."""
    from symattn.judge.author import load as load_judged

    return load_judged(script)


def derive(script: Path) -> Derivation:
    """Run a script and return what it derives.

    Raises
    ------
    BrokenDerivation : the script raises, or returns something else.
    """
    module = load(script)
    found = guarded(script, module.derive)
    if not isinstance(found, Derivation):
        raise BrokenDerivation(
            f"{script.name}: derive() returns a {type(found).__name__}, no Derivation"
        )
    return found


def guarded(script: Path, call: Callable[[], object]) -> object:
    """Run a script's code; whatever it raises becomes one sentence with the line at fault.

    Raises
    ------
    BrokenDerivation : naming the script, the line and what was raised.
    """
    try:
        return call()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a script may raise anything, SystemExit included
        where = _line(script, error)
        what = error.message if isinstance(error, SymattnError) else _said(error)
        hint = error.hint if isinstance(error, SymattnError) else ""
        raise BrokenDerivation(f"{script.name}{where}: {what}", hint) from error


def _line(script: Path, error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.filename == str(script) and error.lineno:
        return f", line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.lineno for f in frames if f.filename == str(script)]
    return f", line {lines[-1]}" if lines else ""


def _said(error: BaseException) -> str:
    text = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())
    text = text if len(text) <= 300 else text[:297] + "..."
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


# checks ----------------------------------------------------------------------------------------


def examine(derivation: Derivation, plan: Plan | None = None) -> dict[str, Verdict]:
    """Return the verdict of each claim by its name: proved, measured and read back.

    Raises
    ------
    BrokenDerivation : a step that keeps the value does not.
    """
    check_steps(derivation, plan)
    return {claim.name: examine_claim(claim, plan) for claim in derivation.claims}


def examine_claim(claim: Claim, plan: Plan | None = None) -> Verdict:
    """Decide one claim as a page prints it."""
    plan = plan or Plan()
    return decide(claim, replace(PAGE, seed=plan.seed, instances=plan.instances))


def check_steps(derivation: Derivation, plan: Plan | None = None) -> tuple[CheckedStep, ...]:
    """Check that each step that keeps the value does so, under the step's own hypotheses.

    Raises
    ------
    BrokenDerivation : naming the step, when it is refuted or not decided.
    """
    return tuple(CheckedStep(step, _check(step, plan)) for step in derivation.steps)


def _check(step: Step, plan: Plan | None) -> str:
    from symattn.algebra.vanish import vanishes

    if not step.keeps:
        return ""
    try:
        if vanishes(step.before - step.after, step.given.rewriting) is True:
            return "proved"
    except BudgetExceeded:
        pass  # the numbers may still tell
    from symattn.algebra.arrays import compiled

    claim = Identity(
        name=f"{step.chain}: {step.rule}",
        given=step.given,
        shown=step.before,
        left=step.before,
        right=step.after,
        oracle=compiled(step.before),
    )
    evidence, _ = measure(claim, plan)
    if evidence.verdict == "confirmed":
        return "confirmed"
    raise BrokenDerivation(
        f"step {step.rule!r} of {step.chain!r} takes {step.before} to {step.after}, and that "
        f"is {evidence.verdict}: {evidence.text}",
        "correct the rule, or the hypotheses under which it is used",
    )


def study(script: Path, plan: Plan | None = None, *, steps: bool = False) -> Result:
    """Run a script and check everything in it.

    steps : whether to read the steps back too, because they will be printed.

    Raises
    ------
    BrokenDerivation : the script raises, or one of its steps is wrong.
    """
    plan = plan or Plan()
    derivation = derive(script)

    def checked() -> Result:
        checked_steps = check_steps(derivation, plan)
        verdicts = {claim.name: examine_claim(claim, plan) for claim in derivation.claims}
        words = [read_back(f.terms, f.relations) for f in derivation.formulas()]
        for step in derivation.steps if steps else ():
            words += [read_back([step.before]), read_back([step.after])]
        return Result(script, derivation, verdicts, tuple(words), checked_steps, plan)

    found = guarded(script, checked)
    assert isinstance(found, Result)
    return found


# names -----------------------------------------------------------------------------------------


def question_names(source: SheetSource) -> tuple[str, ...]:
    """Return the names of the questions that have a script, in the order of the sheet."""
    return tuple(name for name in source.sheet.parts if name in source.scripts)


def find_question(name: str, sheet: str | Path | None = None) -> tuple[SheetSource, Path]:
    """Find a question by its name: its sheet and its script.

    Without a sheet, all sheets are searched, the default one first.

    Raises
    ------
    UnknownName : with those that exist, and the nearest of them.
    """
    sources = [find_sheet(sheet)] if sheet is not None else _all_sheets()
    for source in sources:
        if name in source.scripts and name in source.sheet.parts:
            return source, source.scripts[name]
    for source in sources:
        if name in source.sheet.parts:
            raise UnknownName(
                f"question {name} is on the sheet {source.name!r} but has no script",
                f"write {source.folder / (name + '.py')}",
            )
    known = sorted({name for source in sources for name in question_names(source)})
    raise unknown("question", name, known)


def _all_sheets() -> list[SheetSource]:
    first = find_sheet()
    return [first, *(s for s in list_sheets() if s.folder != first.folder)]


def unknown(what: str, name: str, known: Iterable[str]) -> UnknownName:
    """Return the error for a name that does not exist, with the nearest one that does.

    >>> print(unknown("question", "qic", ["q1b", "q1c"]))
    no question 'qic'; did you mean q1c? There are q1b, q1c
    """
    known = list(known)
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    listed = f"there are {', '.join(known)}" if known else "there is none"
    hint = f"did you mean {near[0]}? T{listed[1:]}" if near else listed
    return UnknownName(f"no {what} {name!r}", hint)


# one script by itself --------------------------------------------------------------------------


def main(script: str) -> None:
    """Run one derivation by itself: print its steps and verdicts; exit 1 when one does not pass.

    It is what `python derivations/<sheet>/q1c.py` calls.
    """
    from symattn.commands.common import failing
    from symattn.commands.questions import print_steps, print_verdicts

    with failing():
        result = study(Path(script).resolve())
        print_steps(result)
        print_verdicts([result])
        sys.exit(0 if result.passed else 1)
