"""`vanthu training draw` and `vanthu training effect`, as the person in charge of training lives with them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import core.cli
from tests.training.effect.offices import BEFORE, PERIODS, Town, offices
from tests.training.effect.panels import panel_file, written

KEYS = ["label", "estimate", "low", "high", "p", "verdict", "people", "needs"]


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own, and nothing of the environment's settings."""
    for name in [name for name in os.environ if name.startswith("VANTHU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))


def training(*words: str | Path, language: str = "vi") -> int:
    """The exit code of `vanthu training …`."""
    return core.cli.main(["--language", language, "training", *map(str, words)])


def test_she_draws_the_waves_teaches_and_tells_the_council_what_it_brought(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the list of people to the sentence that is read out; the draw is hers to show and anybody's to repeat."""
    town = offices(Town(people=120, units=6), np.random.default_rng(4)).panel  # nobody trained yet: as they would be
    untrained = town.days
    rows = [f"CB{number:03},Đơn vị {town.unit[number]},{int(number < 3)}" for number in range(120)]
    people = panel_file(tmp_path, *rows, header="person,unit,first", name="people.csv")

    assert (
        training("draw", people, "--seed", "XSMT 20/11/2026 08112", "--waves", "3", "--output", tmp_path / "d.csv") == 0
    )
    assert "1: 39, 2: 39, 3: 39. Đi trước, không bốc thăm: 3." in capsys.readouterr().err
    assert training("draw", people, "--seed", "XSMT 20/11/2026 08112", "--check", tmp_path / "d.csv") == 0
    assert "đúng là kết quả" in capsys.readouterr().out

    with (tmp_path / "d.csv").open(encoding="utf-8-sig") as file:
        drawn = {row["person"]: row for row in csv.DictReader(file)}
    rows = []
    for number in range(120):
        place = drawn[f"CB{number:03}"]
        first_after = BEFORE + int(place["wave"])
        for period in range(1, PERIODS + 1):
            days = untrained[number, period - 1] + 2 * (period >= first_after)
            rows.append(f"{place['person']},{place['unit']},{first_after},{period},{days:g},{place['drawn']}")
    panel = panel_file(tmp_path, *rows, header="person,unit,wave,period,active_days,drawn")

    assert training("effect", panel) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("Có tăng. Người đã học dùng thư nhiều hơn người đang chờ khoảng")
    assert "So sánh 117 người, thứ tự đợt bốc thăm trong từng đơn vị." in said
    assert "3 người không qua bốc thăm, không tính vào ước lượng." in said
    assert training("effect", panel, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == KEYS
    assert (found["label"], found["verdict"], found["people"], found["needs"]) == ("A", "rose", 117, None)
    assert found["low"] < 2 < found["high"]


def test_she_is_told_what_would_settle_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    panel = written(offices(Town(people=24, units=3), np.random.default_rng(1)).panel, tmp_path / "panel.csv")
    assert training("effect", panel, language="en") == 0
    said = capsys.readouterr().out
    assert said.startswith("Cannot tell yet.")
    assert "What would settle it: It needs about" in said
    assert "The data have no column drawn: every wave is taken for drawn." in said
    assert all(len(line) <= 80 for line in said.splitlines())
    assert training("effect", panel, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "cannot tell"
    assert found["needs"].startswith("Cần thêm khoảng")


def test_whole_units_have_an_interval_without_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town = Town(people=60, units=3, days=4, whole_units=True)
    panel = written(offices(town, np.random.default_rng(1)).panel, tmp_path / "panel.csv", drawn=True)
    assert training("effect", panel, "--json", language="en") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["label"], found["low"], found["high"], found["verdict"]) == ("B", None, None, "cannot tell")
    assert "more units" in found["needs"]
    assert training("effect", panel, language="en") == 0
    assert "within what limits cannot be said" in " ".join(capsys.readouterr().out.split())


def test_before_and_after_is_a_picture_with_its_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"CB{n},A,3,{period},{2 + 5 * (period > 2)}" for n in range(20) for period in range(1, 5)]
    assert training("effect", panel_file(tmp_path, *rows)) == 0
    said = capsys.readouterr().out
    assert said.startswith("Chưa kết luận được. Không có con số để nêu.")
    assert "Trước và sau: không phải bằng chứng." in said
    assert "trước, kỳ 1" in said
    assert "7,0 (20)" in said
    assert training("effect", panel_file(tmp_path, *rows), language="en") == 0
    assert "Before and after: not evidence of effect." in capsys.readouterr().out
    assert training("effect", panel_file(tmp_path, *rows), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [found[key] for key in KEYS[:6]] == ["E", None, None, None, None, "cannot tell"]


def test_nobody_is_shown_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    panel = written(offices(Town(people=9, units=1, days=3), np.random.default_rng(1)).panel, tmp_path / "panel.csv")
    assert training("effect", panel, language="en") == 0
    said = capsys.readouterr().out
    assert "There is no figure to give." in said
    assert "at least 10 people" in said
    assert "CB0" not in said


def test_the_same_file_gives_the_same_bytes_and_rows_may_be_mixed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    panel = written(offices(Town(days=1), np.random.default_rng(5)).panel, tmp_path / "panel.csv")
    head, *rows = panel.read_text("utf-8").splitlines()
    mixed = panel_file(tmp_path, *reversed(rows), header=head, name="mixed.csv")
    outputs = []
    for path in (panel, panel, mixed):
        assert training("effect", path, "--json") == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1] == outputs[2]
    assert training("effect", panel, "--json", "--seed", "7", "--permutations", "199") == 0
    assert capsys.readouterr().out != outputs[0]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("CB1,A,2,1,x", "panel.csv: 1 wrong cell.\n  line 2, column active_days: “x” is not a number of days"),
        ("CB1,A,9,1,3", "line 2, column wave: there is no period 9"),
        ("=1,A,,1,3", "line 2, column person: “=1” is a spreadsheet formula"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, says: str
) -> None:
    assert training("effect", panel_file(tmp_path, row), language="en") == 2
    said = capsys.readouterr()
    assert (said.out, "Traceback" in said.err) == ("", False)
    assert says in said.err


def test_a_draw_that_was_bent_is_told_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = panel_file(tmp_path, *(f"CB{n},Sở A" for n in range(9)), header="person,unit", name="people.csv")
    assert training("draw", people, "--seed", "08112") == 0
    announced = tmp_path / "announced.csv"
    announced.write_text(capsys.readouterr().out, encoding="utf-8")
    assert training("draw", people, "--seed", "08112", "--check", announced, language="en") == 0
    capsys.readouterr()
    for seed, checked in (("08113", announced), ("08112", _bent(announced))):
        assert training("draw", people, "--seed", seed, "--check", checked, language="en") == 2
        assert "is not what this seed gives for this list" in capsys.readouterr().err
    stranger = tmp_path / "stranger.csv"
    stranger.write_text(announced.read_text("utf-8") + "CB77,Sở A,1,1,\n", encoding="utf-8")
    assert training("draw", people, "--seed", "08112", "--check", stranger, language="en") == 2
    assert "1 people differ" in capsys.readouterr().err


def _bent(announced: Path) -> Path:
    head, first, *others = announced.read_text("utf-8").splitlines()
    person, unit, wave, *rest = first.split(",")
    bent = announced.with_name("bent.csv")
    bent.write_text(
        "\n".join([head, ",".join([person, unit, str(1 + int(wave) % 3), *rest]), *others]), encoding="utf-8"
    )
    return bent


def test_a_draw_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = panel_file(tmp_path, *(f"CB{n},Sở A" for n in range(4)), header="person,unit", name="people.csv")
    assert training("draw", people, "--seed", "08112", "--waves", "2", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["seed"], found["waves"], len(found["digest"]), len(found["places"])) == ("08112", 2, 64, 4)
    assert training("draw", people, "--seed", "", language="en") == 2
    assert "The seed must be one readable line" in capsys.readouterr().err


def test_it_starts_without_a_database() -> None:
    """Neither command needs more than numpy and what reads tables."""
    code = (
        "import sys, training.cli.group, training.effect, training.effect.panelfile, training.waves.peoplefile;"
        "print(*[name for name in ('sqlalchemy', 'celery', 'flask', 'polars') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr
