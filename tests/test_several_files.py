"""Several files in one call, a file that is watched, and what a hook sees."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from symattn.commands import submissions
from symattn.commands.submissions import Wanted, check_several, watched
from symattn.errors import SymattnError

ROOT = Path(__file__).parents[1]
RIGHT = "\\section*{Q1 (c)}\n\\[ q = \\gamma (k_i + k_j) \\]\n"
WRONG = "\\section*{Q1 (c)}\n\\[ q = (k_i + k_j)/2 \\]\n"
UNDECIDED = "\\section*{Q1 (c)}\n\\[ q = s r (k_i + k_j) \\]\n"
LOOSE = "\\[ q = \\gamma (k_i + k_j) \\]\n"


def run(*words, folder):
    command = [sys.executable, "-m", "symattn", "check", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ([RIGHT], 0), ([WRONG], 1), ([UNDECIDED], 3), ([LOOSE], 3), (["words"], 2), ([""], 2), ([None], 2),
        ([RIGHT, RIGHT], 0), ([RIGHT, WRONG], 1), ([RIGHT, UNDECIDED], 3), ([RIGHT, LOOSE], 2),
        ([RIGHT, "words"], 2), ([RIGHT, ""], 2), ([RIGHT, None], 2), ([None, WRONG], 1),
    ],
)  # fmt: skip
def test_a_hook_sees_0_only_where_all_was_judged_and_right(tmp_path, files, status):
    for number, text in enumerate(files):
        if text is not None:
            (tmp_path / f"-{number}.tex").write_text(text, encoding="utf-8")
    found = run(*(f"-{number}.tex" for number in range(len(files))), folder=tmp_path)
    assert found.returncode == status
    assert "Traceback" not in found.stderr


def test_files_and_folders_are_one_class_named_from_where_they_part(tmp_path, monkeypatch, capsys):
    for name in ("a/one.tex", "a/two.tex", "b/one.tex"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(RIGHT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    wanted = Wanted(csv=True, out=tmp_path / "out")
    assert check_several(["a", "b/one.tex", "a/one.tex"], wanted) == 0
    said = capsys.readouterr().out
    assert re.findall(r"^([\w/]+\.tex),q1c", said, re.M) == ["a/one.tex", "a/two.tex", "b/one.tex"]
    assert len(list((tmp_path / "out").glob("*.tex-*.html"))) == 3
    with pytest.raises(SymattnError):
        check_several(["-", "a"], wanted)


def test_one_line_is_judged_at_a_time(tmp_path):
    found = run("q1c", "q", "=", "0", folder=tmp_path)
    assert found.returncode == 2
    assert "in quotes" in found.stderr
    assert run("q1c", "--watch", folder=tmp_path).returncode == 2


def test_a_file_is_judged_again_when_it_changes(tmp_path, monkeypatch, capsys):
    path = tmp_path / "anna.tex"
    path.write_text(RIGHT, encoding="utf-8")
    texts = iter([None, WRONG, None, "", RIGHT])  # what is done while it waits; None: nothing
    said = []

    def waited(_):
        said.append(re.findall(r"exit status (\d)", capsys.readouterr().out))
        text = next(texts, 0)
        if text == 0:
            raise KeyboardInterrupt
        if text is not None:
            path.write_text(text, encoding="utf-8")

    monkeypatch.setattr(submissions.time, "sleep", waited)
    assert watched([str(path)], Wanted()) == 0
    assert said == [["0"], [], ["1"], [], ["2"], ["0"]]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals")
def test_an_interrupt_ends_watching(tmp_path):
    (tmp_path / "anna.tex").write_text(WRONG, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "symattn", "check", "--watch", "anna.tex"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # a job in the background of a shell is born deaf to it, and so are its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    while "exit status 1" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate()
    assert process.returncode == 1
    assert "Traceback" not in complaints


def test_the_hook_calls_a_command_that_there_is():
    text = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    entry = re.search(r"entry: symattn (\w+)$", text, re.M)[1]
    from symattn.cli import COMMANDS

    assert entry in COMMANDS


def test_the_items_of_a_numbered_list_are_named_by_hand(tmp_path, capsys):
    items = [r"\[ q = \gamma (k_i + k_j) \]", r"\[ q = (k_i + k_j)/2 \]", r"\[ M = S^\top \]"]
    text = "\\begin{enumerate}\n" + "".join(f"\\item {item}\n" for item in items)
    path = tmp_path / "anna.tex"
    path.write_text(text + "\\end{enumerate}\n\\[ q = 0 \\]\n", encoding="utf-8")
    found = {}
    for mapped in (("1=q1c",), ("2=q1c",), ("1=q1c", "3=q1d"), ("4=q1c",)):
        submissions.check_submission(str(path), Wanted(mapped=mapped, csv=True))
        rows = [row.split(",") for row in capsys.readouterr().out.splitlines()[1:]]
        found[mapped] = [(row[1], row[5]) for row in rows if row[1]]
    assert found == {
        ("1=q1c",): [("q1c", "proved")],
        ("2=q1c",): [("q1c", "refuted")],  # and what follows is not of item 2
        ("1=q1c", "3=q1d"): [("q1c", "proved"), ("q1d", "refuted")],
        ("4=q1c",): [],
    }
