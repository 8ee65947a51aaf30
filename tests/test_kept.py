"""What a question shows is kept: an edit of one script derives that one, and nothing else runs."""

from __future__ import annotations

import os
import pickle
import shutil

import pytest

from symattn import cache
from symattn.check.study import study
from symattn.commands.sheet import made
from symattn.pages import kept, parts
from symattn.pages.parts import shown
from symattn.sheet import find_sheet

NAMES = ("q1a", "q1b")


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A sheet of two questions of its own, and a cache of its own."""
    monkeypatch.setenv("SYMATTN_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "few"
    folder.mkdir()
    first = find_sheet()
    shutil.copy(first.assignment, folder / first.assignment.name)
    for name in NAMES:
        shutil.copy(first.scripts[name], folder)
    return find_sheet(folder)


@pytest.fixture
def derived(monkeypatch):
    """The names of what is derived."""
    names = []

    def watched(script, **more):
        names.append(script.stem)
        return study(script, **more)

    monkeypatch.setattr("symattn.check.study.study", watched)
    return names


def edited(path, more="# another word\n"):
    path.write_text(path.read_text("utf-8") + more, encoding="utf-8")


def test_one_script_is_edited_and_one_is_derived(source, derived):
    before, _ = made(source, "brief", use_cache=True)
    assert derived == [*NAMES]
    edited(source.scripts["q1b"])
    after, fresh = made(find_sheet(source.folder), "brief", use_cache=True)
    assert derived == [*NAMES, "q1b"]
    assert fresh
    assert after.files == before.files


def test_words_of_the_assignment_that_no_part_holds_derive_nothing(source, derived):
    made(source, "brief", use_cache=True)
    edited(source.assignment, "\n")
    made(find_sheet(source.folder), "brief", use_cache=True)
    assert derived == [*NAMES]


def test_a_helper_beside_the_scripts_derives_all_again(source, derived):
    made(source, "brief", use_cache=True)
    (source.folder / "helper.py").write_text("A = 1\n", encoding="utf-8")
    made(find_sheet(source.folder), "brief", use_cache=True)
    assert derived == [*NAMES, *NAMES]


def test_a_script_that_names_another_is_made_from_it_too(source):
    edited(source.scripts["q1b"], "# as in q1a\n")
    assert [p.name for p in kept.made_from(source, "q1b")] == ["q1a.py", "q1b.py"]
    assert [p.name for p in kept.made_from(source, "q1a")] == ["q1a.py"]


def test_what_is_printed_in_another_style_is_kept_apart(source, derived):
    made(source, "brief", use_cache=True)
    made(source, "full", use_cache=True)
    assert derived == [*NAMES, *NAMES]


@pytest.mark.parametrize("name", ["q1a", "q1e"])
def test_what_is_kept_is_what_was_made(source, name):
    first = find_sheet()
    found = shown(first.sheet.parts[name], study(first.scripts[name]))
    assert bool(found.drawings) == (name == "q1e")
    key = "0" * 64
    assert kept.store(key, found, source.folder)
    assert kept.load(key) == found


class Hostile:
    def __reduce__(self):
        return os.mkdir, ("made-by-a-cache",)


@pytest.mark.parametrize(
    "content", [pickle.dumps(Hostile()), pickle.dumps({"a": 1}), b"", b"\x80\x05.", b"no pickle"]
)
def test_nothing_in_a_cache_runs(source, content, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    key = "1" * 64
    for facts in ({"imports": {}}, {"imports": []}, {}):
        cache.store(key, cache.Entry({"shown": content}, facts))
        assert kept.load(key) is None
    assert not (tmp_path / "made-by-a-cache").exists()


def test_a_figure_of_numpy_numbers_is_kept(source):
    import numpy as np

    from symattn.pages.model import Curve, Figure

    x = np.linspace(0, 1, 3)
    figure = Figure("f", "t", "x", "y", (Curve(tuple(x), tuple(x), "c"),), at={"n": np.float64(2)})
    plain = parts._in_floats(figure)
    assert {type(v) for c in plain.curves for v in (*c.x, *c.y)} == {float}
    assert type(plain.at["n"]) is float
