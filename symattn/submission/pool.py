"""A class of submissions at once: any executor, one bad file never stopping the rest."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from symattn.errors import visible
from symattn.submission.judging import KeptVerdicts
from symattn.submission.marking import MarkingOptions, mark_file
from symattn.submission.marks import Marking
from symattn.submission.source import OTHERS, SUFFIXES, SubmissionError

AHEAD = 4
"""How many files wait for each worker; more would only hold their results in memory."""

MOST_FILES = 100_000
DEEPEST = 4
"""How far folders in folders are gone into: one a student, with a folder of attempts in it."""


def submissions(folder: Path | str) -> list[Path]:
    """Return the files of a directory that can be answers, sorted: its own, and those of folders in it.

    Hidden ones are left out, and so is what a symbolic link to a folder leads to.

    Raises
    ------
    SubmissionError : it holds none, or cannot be read.
    """
    found = [p for p in _files(Path(folder)) if p.suffix.lower() in SUFFIXES]
    if not found:
        raise SubmissionError(
            f"the directory {visible(str(folder))} holds no .tex, .md, .qmd or .ipynb file",
            "name a directory with one file, or one folder, for each submission",
        )
    return found


def left_out(folder: Path | str) -> list[tuple[Path, str]]:
    """Return the files of a directory that look like answers and are not read, each with the reason."""
    found = ((p, OTHERS.get(p.suffix.lower(), "")) for p in _files(Path(folder)))
    return [(p, reason) for p, reason in found if reason]


def _files(folder: Path) -> list[Path]:
    found: list[Path] = []
    try:
        for place, inner, names in os.walk(folder, onerror=_raised):
            depth = len(Path(place).relative_to(folder).parts)
            inner[:] = sorted(n for n in inner if not n.startswith(".")) if depth < DEEPEST else []
            found += [Path(place, name) for name in sorted(names) if not name.startswith(".")]
            if len(found) > MOST_FILES:
                raise SubmissionError(
                    f"{visible(str(folder))} holds more than {MOST_FILES} files", "split the class"
                )
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SubmissionError(f"{visible(str(folder))} cannot be read: {reason}") from None
    return sorted(found)


def _raised(error: OSError) -> None:
    raise error


def called(path: Path | str, root: Path | str | None) -> str:
    """Return what a submission is called: its name, with its folder's where it has one of its own.

    >>> called("class/anna/answers.tex", "class"), called("class/bob.tex", "class")
    ('anna/answers.tex', 'bob.tex')
    """
    return Path(path).name if root is None else Path(path).relative_to(root).as_posix()


def check_all(
    paths: Iterable[Path | str],
    options: MarkingOptions | None = None,
    *,
    executor: Executor | None = None,
    jobs: int | None = None,
    root: Path | str | None = None,
) -> Iterator[Marking]:
    """Mark files side by side, and yield their markings sorted by name.

    root : the directory that the names of the submissions are counted from.
    executor : any; of processes, threads, or of a cluster.  Without one, each line is judged in one
        of `jobs` processes of our own, which are ended when they take too long.
    jobs : how many files at a time; as many as there are processors by default.

    A file that fails, or whose worker dies, is a marking with an error.
    """
    options = options or MarkingOptions()
    jobs = max(1, jobs or os.cpu_count() or 1)
    names = sorted((str(path) for path in paths), key=lambda name: (called(name, root), name))
    own: AbstractContextManager[Executor]
    if executor is None:
        options.judge.prepare(options.judge.questions())
        options = replace(options, judge=KeptVerdicts(options.judge))
        # The work is done in the judge's processes; a thread only waits for one of them.
        own = ThreadPoolExecutor(jobs, thread_name_prefix="symattn")
    else:
        own = nullcontext(executor)
    with own as workers:
        yield from _in_order(names, options, workers, jobs * AHEAD, root)


def _in_order(
    names: list[str],
    options: MarkingOptions,
    workers: Executor,
    ahead: int,
    root: Path | str | None,
) -> Iterator[Marking]:
    waiting: deque[tuple[str, Future[Marking]]] = deque()
    rest = deque(names)
    try:
        while waiting or rest:
            while rest and len(waiting) < ahead:
                name = rest.popleft()
                waiting.append((name, _submitted(workers, name, options, called(name, root))))
            name, future = waiting.popleft()
            marking = _outcome(called(name, root), future)
            if marking is None:
                # The executor is broken for good, and nobody knows by which of the files in it:
                # each of them gets a process of its own, and then the one that dies is known.
                marking = _alone(name, options, called(name, root))
            yield marking
    finally:
        for _, future in waiting:
            future.cancel()


def _submitted(
    workers: Executor, name: str, options: MarkingOptions, shown: str
) -> Future[Marking]:
    try:
        return workers.submit(mark_file, name, options, shown)
    except (RuntimeError, OSError) as error:  # broken, shut down, or no process can be started
        future: Future[Marking] = Future()
        future.set_exception(error if isinstance(error, BrokenExecutor) else BrokenExecutor())
        return future


def _outcome(name: str, future: Future[Marking]) -> Marking | None:
    """What became of a file; None when the executor broke."""
    try:
        return future.result()
    except (BrokenExecutor, CancelledError):
        return None
    except Exception as error:  # noqa: BLE001 - one bad file must not stop the rest
        said = " ".join(str(error).split())[:200]
        return _failed(name, f"{type(error).__name__}: {said}")


def _alone(name: str, options: MarkingOptions, shown: str) -> Marking:
    """Mark a file in a process of its own, which may die."""
    from symattn.check.budget import run_bounded
    from symattn.errors import BudgetExceeded

    limit = options.file_seconds + options.seconds + 30
    try:
        return run_bounded(mark_file, name, options, shown, seconds=limit)
    except BudgetExceeded as error:
        return _failed(shown, f"its worker died: {error.message}")
    except Exception as error:  # noqa: BLE001 - as above
        return _failed(shown, f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")


def _failed(shown: str, said: str) -> Marking:
    return Marking(shown, error=f"{visible(shown)} was not judged: {said}")
