"""The cache: found again only when nothing has changed; damaged entries are as good as none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib import metadata
from pathlib import Path

import pytest

from symattn import cache
from symattn.cache import Entry
from symattn.cli import main

SMALL = Path(__file__).parent / "sheets" / "small"
NAME = "a" * 64


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    place = tmp_path / "cache"
    monkeypatch.setenv("SYMATTN_CACHE", str(place))
    return place


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, object]:
    """Run `symattn ... --json` and return what it prints."""
    with pytest.raises(SystemExit) as end:
        main([*args, "--json"])
    printed = capsys.readouterr()
    assert end.value.code in (0, None), printed.err
    return dict(json.loads(printed.out))


ENTRY = Entry({"a.txt": b"one\n\x00two", "b/c.bin": bytes(range(256)), "empty": b""}, {"n": [1]})


def test_an_entry_comes_back_as_it_was() -> None:
    assert cache.load(NAME) is None
    assert cache.store(NAME, ENTRY)
    assert cache.load(NAME) == ENTRY


@pytest.mark.parametrize("at", [0, 5, 20, 79, 81, 100, -1])
def test_a_damaged_entry_is_none(place: Path, at: int) -> None:
    cache.store(NAME, ENTRY)
    raw = bytearray((place / NAME).read_bytes())
    raw[at] ^= 1
    (place / NAME).write_bytes(raw)
    assert cache.load(NAME) is None


@pytest.mark.parametrize("size", [0, 1, 16, 60, 81, 100, -1])
def test_a_torn_entry_is_none(place: Path, size: int) -> None:
    cache.store(NAME, ENTRY)
    raw = (place / NAME).read_bytes()
    (place / NAME).write_bytes(raw[:size])
    assert cache.load(NAME) is None


def test_an_entry_that_is_a_folder_is_none(place: Path) -> None:
    (place / NAME).mkdir(parents=True)
    assert cache.load(NAME) is None
    assert not cache.store(NAME, ENTRY)


@pytest.mark.parametrize("word", ["off", "0", "", "No"])
def test_the_cache_can_be_turned_off(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("SYMATTN_CACHE", word)
    assert cache.folder() is None
    assert not cache.store(NAME, ENTRY)
    assert cache.load(NAME) is None
    assert cache.entries() == []
    assert cache.clear() == 0


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SYMATTN_CACHE", str(tmp_path / "file" / "cache"))
    assert not cache.store(NAME, ENTRY)
    assert cache.load(NAME) is None


def test_the_default_place_follows_xdg(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("SYMATTN_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.folder() == tmp_path / "symattn"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/not/allowed")
    assert cache.folder() != Path("relative/is/not/allowed/symattn")


def test_only_the_latest_entries_stay(place: Path) -> None:
    for number in range(cache.KEPT + 3):
        name = f"{number:064x}"
        cache.store(name, ENTRY)
        os.utime(place / name, ns=(number, number))
    cache.store(NAME, ENTRY)
    assert len(cache.entries()) == cache.KEPT
    assert cache.load(NAME) == ENTRY
    assert cache.load(f"{0:064x}") is None


def test_clearing_takes_entries_only(place: Path) -> None:
    cache.store(NAME, ENTRY)
    (place / "notes.txt").write_text("not ours")
    assert cache.clear() == 1
    assert [p.name for p in place.iterdir()] == ["notes.txt"]


# what a key depends on ---------------------------------------------------------------------------


def test_a_key_depends_on_each_file_and_name_in_the_folder(sheet: Path) -> None:
    keys = [cache.key([sheet], {})]

    def changed() -> bool:
        keys.append(cache.key([sheet], {}))
        return keys[-1] not in keys[:-1]

    assert cache.key([sheet], {}) == keys[0]
    (sheet / "q1a.py").write_text((sheet / "q1a.py").read_text() + "\n")
    assert changed()
    (sheet / "assignment.txt").write_text((sheet / "assignment.txt").read_text() + " ")
    assert changed()
    (sheet / "table.csv").write_text("1,2\n")
    assert changed()
    (sheet / "table.csv").rename(sheet / "tables.csv")
    assert changed()
    (sheet / "large.bin").write_bytes(bytes(cache.LARGE + 1))
    assert changed()
    os.utime(sheet / "large.bin", ns=(1, 1))
    assert changed()
    (sheet / ".hidden").write_text("an editor's")
    assert not changed()


def test_a_key_depends_on_options_and_versions(sheet: Path, monkeypatch) -> None:
    keys = {cache.key([sheet], {"style": style}) for style in ("brief", "full")}
    known = cache.versions()
    assert set(known) == set(cache.LIBRARIES)
    assert known["sympy"] != "none"
    monkeypatch.setattr(cache, "versions", lambda: {**known, "sympy": "99"})
    keys.add(cache.key([sheet], {"style": "brief"}))
    assert len(keys) == 3


def test_a_key_depends_on_symattn_itself(sheet: Path, tmp_path: Path, monkeypatch) -> None:
    copy = tmp_path / "symattn"
    shutil.copytree(Path(cache.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cache, "__file__", str(copy / "cache.py"))
    keys = [cache.key([sheet], {})]
    for name in ("algebra/words.py", "pages/templates/answers.tex.j2"):
        with (copy / name).open("a") as file:
            file.write("\n")
        keys.append(cache.key([sheet], {}))
    (copy / "new.py").write_text("")
    keys.append(cache.key([sheet], {}))
    assert len(set(keys)) == len(keys)


# the sheet ---------------------------------------------------------------------------------------


def test_an_edit_is_seen_and_its_undoing_is_found_again(sheet: Path, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    command = ("sheet", str(sheet), "--no-pdf", "--out", str(out))
    script = sheet / "q1a.py"
    source = script.read_text()

    first = run(capsys, *command)
    assert (first["derived"], first["written"]) == (True, True)
    pages = {p.name: p.read_bytes() for p in out.glob("*.*")}
    again = run(capsys, *command)
    assert (again["derived"], again["written"]) == (False, False)

    script.write_text(source.replace("It tends to", "It goes to"))
    edited = run(capsys, *command)
    assert (edited["derived"], edited["written"]) == (True, True)
    assert b"It goes to" in (out / "answers.tex").read_bytes()

    script.write_text(source)
    undone = run(capsys, *command)
    assert (undone["derived"], undone["written"]) == (False, True)
    assert {p.name: p.read_bytes() for p in out.glob("*.*")} == pages

    (out / "answers.html").write_text("spoilt")
    mended = run(capsys, *command)
    assert (mended["derived"], mended["written"]) == (False, True)
    assert {p.name: p.read_bytes() for p in out.glob("*.*")} == pages

    fresh = run(capsys, *command, "--no-cache")
    assert (fresh["derived"], fresh["written"]) == (True, False)


def test_a_module_from_elsewhere_is_watched(sheet: Path, tmp_path, capsys, monkeypatch) -> None:
    elsewhere = tmp_path / "lib"
    elsewhere.mkdir()
    helper = elsewhere / "symattn_test_helper.py"
    helper.write_text("WORD = 'tends'\n")
    monkeypatch.syspath_prepend(str(elsewhere))
    script = sheet / "q1a.py"
    source = script.read_text().replace("import numpy", "import symattn_test_helper\nimport numpy")
    script.write_text(source.replace('"It tends', 'f"It {symattn_test_helper.WORD}', 1))
    named = "{one} as {b} grows, by {claim}"
    doubled = named.replace("{", "{{").replace("}", "}}")
    script.write_text(script.read_text().replace(named, doubled))
    command = ("sheet", str(sheet), "--no-pdf", "--out", str(tmp_path / "out"))
    try:
        assert run(capsys, *command)["derived"] is True
        assert run(capsys, *command)["derived"] is False
        helper.write_text("WORD = 'moves'\n")
        sys.modules.pop("symattn_test_helper")
        shutil.rmtree(elsewhere / "__pycache__", ignore_errors=True)
        assert run(capsys, *command)["derived"] is True
        assert b"It moves" in (tmp_path / "out" / "answers.tex").read_bytes()
    finally:
        sys.modules.pop("symattn_test_helper", None)


def test_the_versions_are_those_of_the_metadata() -> None:
    assert cache.versions() == {name: metadata.version(name) for name in cache.LIBRARIES}


def test_what_is_kept_needs_neither_sympy_nor_numpy(sheet: Path, tmp_path, capsys) -> None:
    command = ["sheet", str(sheet), "--no-pdf", "--out", str(tmp_path / "out")]
    run(capsys, *command)
    code = (
        "import sys\nfrom symattn.cli import main\n"
        f"try: main({command!r})\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'sympy', 'numpy', 'scipy', 'latex2sympy2', 'jinja2', 'rich'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert done.returncode == 0, done.stderr


def test_a_refuted_claim_is_kept_as_refuted(sheet: Path, tmp_path, capsys) -> None:
    script = sheet / "q1a.py"
    source = script.read_text().replace("D.identity(\"weight\", chain)",
        "D.state(Identity, \"weight\", alpha(i), 2 * chain.value)")  # fmt: skip
    script.write_text("from symattn.claims import Identity\n" + source.replace(
        "from __future__ import annotations", ""))  # fmt: skip
    for derived in (True, False):
        with pytest.raises(SystemExit) as end:
            main(["sheet", str(sheet), "--no-pdf", "--out", str(tmp_path / "out"), "--json"])
        printed = json.loads(capsys.readouterr().out)
        assert end.value.code == 1
        assert printed["derived"] is derived
        assert printed["verdicts"] == {"refuted": 1}
        assert printed["points"]["answered"] == 0


def test_the_cache_command(capsys, sheet: Path, tmp_path, place: Path) -> None:
    run(capsys, "sheet", str(sheet), "--no-pdf", "--out", str(tmp_path / "out"))
    shown = run(capsys, "cache")
    assert (shown["entries"], shown["folder"]) == (2, str(place))  # of the sheet, of its question
    assert run(capsys, "cache", "--clear")["deleted"] == 2
    assert not place.exists()
    assert run(capsys, "sheet", str(sheet), "--no-pdf", "--out", str(tmp_path / "out"))["derived"]


def packed(head: object, body: bytes = b"") -> bytes:
    """An entry with a right checksum, whatever it holds."""
    text = json.dumps(head).encode() if not isinstance(head, bytes) else head
    whole = text + b"\n" + body
    return cache.MAGIC + sha256(whole).hexdigest().encode() + b"\n" + whole


ODD = [
    b"",
    b"no json",
    b"[" * 100_000,
    [],
    {},
    {"files": [], "summary": []},
    {"files": [["a", -1]], "summary": {}},
    {"files": [["a", "1"]], "summary": {}},
    {"files": [["a", 99]], "summary": {}},
    {"files": [["a", True], 3], "summary": {}},
    *({"files": [[name, 0]], "summary": {}} for name in ("../a", "/a", "a/../../b", "", "c:a", 7)),
]


@pytest.mark.parametrize("head", ODD, ids=lambda h: repr(h)[:40])
def test_a_right_checksum_over_odd_content_is_none(place: Path, head: object) -> None:
    cache.store(NAME, ENTRY)
    (place / NAME).write_bytes(packed(head))
    assert cache.load(NAME) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_file_is_no_entry(place: Path, tmp_path: Path) -> None:
    cache.store("b" * 64, ENTRY)
    os.mkfifo(place / NAME)
    assert cache.load(NAME) is None
    assert cache.fingerprint(place / NAME) == ""
    assert cache.fingerprint(Path("/dev/zero")) == ""
    (place / NAME).unlink()
    (place / NAME).symlink_to(place / ("b" * 64))
    assert cache.load(NAME) is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs owners")
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o1777])
def test_a_folder_that_others_may_write_is_not_used(place: Path, mode: int) -> None:
    assert cache.store(NAME, ENTRY)
    place.chmod(mode)
    assert cache.load(NAME) is None
    assert not cache.store("b" * 64, ENTRY)
    place.chmod(0o755)
    assert cache.load(NAME) == ENTRY


def test_a_summary_of_another_form_is_derived_again(
    capsys: pytest.CaptureFixture[str], sheet: Path, place: Path, tmp_path: Path
) -> None:
    args = ("sheet", str(sheet), "--no-pdf", "--out", str(tmp_path / "out"))
    assert run(capsys, *args)["derived"] is True
    assert run(capsys, *args)["derived"] is False
    (path,) = (p for p in place.iterdir() if "answers.tex" in cache.load(p.name).files)
    for change in ({"questions": 3}, {"points": {}}, {"imports": []}, {"questions": [{}]}):
        entry = cache.load(path.name)
        assert entry is not None
        cache.store(path.name, Entry(entry.files, {**entry.summary, **change}))
        assert run(capsys, *args)["derived"] is True


def test_nobody_knows_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for variable in ("SYMATTN_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(Path, "home", fails)
    assert cache.folder() is None
    assert cache.entries() == []
