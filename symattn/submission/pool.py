"""A class of submissions at once: any executor, one bad file never stopping the rest."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from symattn.submission.marking import MarkingOptions, mark_file
from symattn.submission.marks import Marking
from symattn.submission.source import SubmissionError, visible

AHEAD = 4
"""How many files wait for each worker; more would only hold their results in memory."""

SUFFIX = ".tex"


def submissions(folder: Path | str) -> list[Path]:
    """Return the .tex files of a directory, sorted by name.

    Raises
    ------
    SubmissionError : it holds none, or cannot be read.
    """
    folder = Path(folder)
    try:
        found = sorted(
            p for p in folder.iterdir()
            if p.suffix.lower() == SUFFIX and not p.name.startswith(".") and not p.is_dir()
        )  # fmt: skip
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SubmissionError(f"{visible(str(folder))} cannot be read: {reason}") from None
    if not found:
        raise SubmissionError(
            f"the directory {visible(str(folder))} holds no .tex file",
            "name a directory with one file for each submission",
        )
    return found


def check_all(
    paths: Iterable[Path | str],
    options: MarkingOptions | None = None,
    *,
    executor: Executor | None = None,
    jobs: int | None = None,
) -> Iterator[Marking]:
    """Mark files side by side, and yield their markings sorted by name.

    executor : any; of processes, threads, or of a cluster.  Without one, each line is judged in one
        of `jobs` processes of our own, which are ended when they take too long.
    jobs : how many files at a time; as many as there are processors by default.

    A file that fails, or whose worker dies, is a marking with an error.
    """
    options = options or MarkingOptions()
    jobs = max(1, jobs or os.cpu_count() or 1)
    names = sorted((str(path) for path in paths), key=lambda name: (Path(name).name, name))
    own: AbstractContextManager[Executor]
    if executor is None:
        options.judge.prepare(options.judge.questions())
        # The work is done in the judge's processes; a thread only waits for one of them.
        own = ThreadPoolExecutor(jobs, thread_name_prefix="symattn")
    else:
        own = nullcontext(executor)
    with own as workers:
        yield from _in_order(names, options, workers, jobs * AHEAD)


def _in_order(
    names: list[str],
    options: MarkingOptions,
    workers: Executor,
    ahead: int,
) -> Iterator[Marking]:
    waiting: deque[tuple[str, Future[Marking]]] = deque()
    rest = deque(names)
    try:
        while waiting or rest:
            while rest and len(waiting) < ahead:
                name = rest.popleft()
                waiting.append((name, _submitted(workers, name, options)))
            name, future = waiting.popleft()
            marking = _outcome(name, future)
            if marking is None:
                # The executor is broken for good, and nobody knows by which of the files in it:
                # each of them gets a process of its own, and then the one that dies is known.
                marking = _alone(name, options)
            yield marking
    finally:
        for _, future in waiting:
            future.cancel()


def _submitted(workers: Executor, name: str, options: MarkingOptions) -> Future[Marking]:
    try:
        return workers.submit(mark_file, name, options, Path(name).name)
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


def _alone(name: str, options: MarkingOptions) -> Marking:
    """Mark a file in a process of its own, which may die."""
    from symattn.check.budget import run_bounded
    from symattn.errors import BudgetExceeded

    shown = Path(name).name
    limit = options.file_seconds + options.seconds + 30
    try:
        return run_bounded(mark_file, name, options, shown, seconds=limit)
    except BudgetExceeded as error:
        return _failed(name, f"its worker died: {error.message}")
    except Exception as error:  # noqa: BLE001 - as above
        return _failed(name, f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")


def _failed(name: str, said: str) -> Marking:
    return Marking(Path(name).name, error=f"{visible(Path(name).name)} was not judged: {said}")
