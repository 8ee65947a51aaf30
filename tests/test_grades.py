"""Points, what a teacher changed by hand, and the files that other tools import."""

from __future__ import annotations

import csv
import io
import json

import pytest

from symattn.errors import SymattnError
from symattn.submission import grades
from symattn.submission.marks import STATES, Marking, Summary
from symattn.submission.sarif import to_sarif

RUBRIC = grades.Rubric({"q1a": 5.0, "q1c": 10.0})


def marking(name="anna.tex", **states):
    return Marking(name, questions=tuple(Summary(q, s, {}) for q, s in states.items()))


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("state", STATES)
def test_a_state_earns_its_part_or_waits_for_a_person(state):
    one = grades.grade(marking(q1c=state, q1a="right"), RUBRIC)
    expected = {"right": 10.0, "partly right": 5.0, "wrong": 0.0, "missing": 0.0}.get(state)
    assert one.points == {"q1a": 5.0, "q1c": expected}
    assert one.open == (() if expected is not None else ("q1c",))


def test_a_question_that_is_not_there_earns_nothing_and_a_broken_file_waits():
    assert grades.grade(marking(q1a="right"), RUBRIC).total == 5.0
    broken = grades.grade(Marking("z.tex", error="z.tex is empty"), RUBRIC)
    assert broken.open == ("q1a", "q1c")


def test_what_a_teacher_writes_is_kept_over_a_second_run(tmp_path):
    table = tmp_path / "class.csv"
    first = rows(grades.class_csv([grades.grade(marking(q1c="wrong"), RUBRIC)]))
    first[0] |= {"override": "q1c=7.5; q1a = 1", "comment": "=see me"}
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, first[0])
        writer.writeheader()
        writer.writerows(first)
    for _ in range(2):
        change = grades.read_changes(table)["anna.tex"]
        assert (change.points, change.comment) == ({"q1c": 7.5, "q1a": 1.0}, "=see me")
        again = grades.class_csv([grades.grade(marking(q1c="wrong"), RUBRIC, change)])
        assert rows(again)[0]["points"] == "8.5"
        assert rows(again)[0]["comment"] == "'=see me"
        table.write_text(again, "utf-8")


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"file\n" + b"x" * 200_000, b'"'])
def test_a_broken_table_of_a_run_before_says_nothing(tmp_path, raw):
    (tmp_path / "class.csv").write_bytes(raw)
    assert grades.read_changes(tmp_path / "class.csv") == {}


@pytest.mark.parametrize(
    "text",
    ["[points", "[colour]", "points = 3", "[earns]\nright = 2", "[earns]\nfine = 1",
     "[points]\nq1a = -1", "[points]\nq1a = nan", "[points]\nq1a = true"],
)  # fmt: skip
def test_a_rubric_that_says_something_else_is_refused_in_one_line(tmp_path, text):
    path = tmp_path / "rubric.toml"
    path.write_text(text)
    with pytest.raises(SymattnError) as refused:
        grades.read_rubric(path, {"q1a": 5.0})
    assert "\n" not in refused.value.message


def test_a_rubric_says_what_earns_what(tmp_path):
    path = tmp_path / "rubric.toml"
    path.write_text('[points]\nq1a = 6\n[earns]\nwrong = 0.25\nmissing = "ask"\n')
    rubric = grades.read_rubric(path, {"q1a": 5.0, "q1c": 10.0})
    assert rubric.earned("q1a", "wrong") == 1.5
    assert rubric.earned("q1c", "missing") is None
    assert rubric.earned("q1c", "right") == 10.0


def test_imports_of_others_hold_no_grade_that_waits_and_no_formula():
    one = grades.grade(marking("=cmd_12345_hw.tex", q1c="in words"), RUBRIC)
    (moodle,) = rows(grades.moodle_csv([one]))
    (canvas,) = rows(grades.canvas_csv([one], "hw"))
    assert (moodle["Grade"], moodle["ID number"]) == ("", "12345")
    assert (canvas["Student"], canvas["ID"], canvas["hw"]) == ("'=cmd", "12345", "")
    found = json.loads(grades.gradescope(one, RUBRIC))
    assert found["score"] == 0.0
    assert ["score" in test for test in found["tests"]] == [True, False]


def test_sarif_says_where_and_why():
    (run,) = json.loads(to_sarif([Marking("a b\x1b.tex", error="empty\x1b")]))["runs"]
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b%1B.tex"
    assert place["region"] == {"startLine": 1}
    assert (result["ruleId"], result["level"]) == ("bad-input", "error")
    assert result["message"]["text"] == "empty\N{REPLACEMENT CHARACTER}"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["bad-input"]
