"""The head outside: printed, noted every day, found again in whatever holds it; and the trail as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import core.cli
from core.audit import AuditEntry, anchoring, record
from core.audit.exporting import COLUMNS
from core.audit.heads import Head, head, heads_in, noted
from core.db import forget, session_factory, unit_of_work, utc_now
from core.errors import ConflictError, InputError, UnavailableError
from core.jobs import run_waiting, sweep
from core.settings import Settings, load
from tests.core.test_trail_verifying import COUNT, Doing, fill, unguarded

DAY = date(2026, 11, 22)
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def anchored(tmp_path: Path) -> Settings:
    """An installation that notes its heads beside its home."""
    made = load({"VANTHU_HOME": str(tmp_path / "home"), "VANTHU_TRAIL_HEADS": str(tmp_path / "outside" / "heads.txt")})
    fill(made)
    return made


@pytest.fixture
def vanthu(anchored: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `vanthu` in this process: its exit code and what it said."""
    monkeypatch.setenv("VANTHU_HOME", str(anchored.home))
    monkeypatch.setenv("VANTHU_TRAIL_HEADS", str(anchored.trail_heads))

    def run(*words: str) -> tuple[int, str, str]:
        code = core.cli.main(["--language", "en", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def _heads(settings: Settings) -> list[str]:
    assert settings.trail_heads is not None
    return settings.trail_heads.read_text("utf-8").splitlines()


def _now(settings: Settings) -> Head:
    with unit_of_work(settings) as session:
        found = head(session)
    assert found is not None
    return found


def test_every_day_has_its_line_once(anchored: Settings) -> None:
    first = _now(anchored)
    assert [anchoring.anchor(anchored, DAY), anchoring.anchor(anchored, DAY)] == [True, False]
    fill(anchored)
    assert anchoring.anchor(anchored, DAY + timedelta(days=1))
    assert _heads(anchored) == [f"2026-11-22 {first}", f"2026-11-23 {_now(anchored)}"]
    assert anchored.trail_heads is not None
    assert anchored.trail_heads.stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_killed_writer_left_half_is_left_alone(anchored: Settings) -> None:
    assert anchored.trail_heads is not None
    anchored.trail_heads.parent.mkdir()
    anchored.trail_heads.write_text("2026-11-22 6:abc", "utf-8")
    assert anchoring.anchor(anchored, DAY)
    assert _heads(anchored) == ["2026-11-22 6:abc", f"2026-11-22 {_now(anchored)}"]


def test_nothing_is_noted_of_a_trail_that_does_not_hold(anchored: Settings) -> None:
    assert anchoring.anchor(anchored, DAY)
    with unit_of_work(anchored) as session:
        unguarded(session)
        session.execute(text("DELETE FROM audit_entry WHERE id = :last"), {"last": COUNT})
    with pytest.raises(ConflictError, match="cut"):
        anchoring.anchor(anchored, DAY + timedelta(days=1))
    assert len(_heads(anchored)) == 1


def test_a_file_that_cannot_be_written_is_said(anchored: Settings) -> None:
    assert anchored.trail_heads is not None
    anchored.trail_heads.mkdir(parents=True)
    with pytest.raises(UnavailableError, match="cannot be written"):
        anchoring.anchor(anchored, DAY)


def test_the_scheduler_notes_it_once_a_day(anchored: Settings, only_due: Callable[..., None]) -> None:
    only_due("core.anchor_trail")
    now = utc_now()
    assert (sweep(anchored, now=now).queued, run_waiting(anchored)) == (1, 1)
    assert len(_heads(anchored)) == 1
    assert sweep(anchored, now=now).queued == 0
    with unit_of_work(anchored) as session:
        tomorrow = now + timedelta(days=1)
        due = anchoring.anchoring_due(session, now, tomorrow)
    zone = datetime(2026, 11, 22, 17, tzinfo=UTC)  # midnight in Hà Nội
    with unit_of_work(anchored) as session:
        assert anchoring.anchoring_due(session, zone - timedelta(hours=1), zone) == {"day": "2026-11-23"}
        assert anchoring.anchoring_due(session, zone, zone + timedelta(hours=23)) is None
    assert due is not None


def test_without_a_file_nothing_is_due(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        assert anchoring.anchoring_due(session, None, utc_now()) is None
    assert not anchoring.anchor(settings, DAY)


def test_heads_are_found_wherever_they_stand(tmp_path: Path) -> None:
    one, two = Head(7, "ab" * 32), Head(12, "0" * 64)
    manifest = json.dumps({"report": "x", "trail": {"entry": 7, "hash": "ab" * 32}}, indent=1)
    line = json.dumps({"id": 12, "hash": "0" * 64, "actor": "x"})
    assert heads_in(f"2026-11-22 {two}\r\n<p>({one})</p>") == [one, two]
    assert (heads_in(manifest), heads_in(f"{line}\n{line}\n")) == ([one], [two])
    for nothing in (
        f"0:{'a' * 64}",
        f"1:{'a' * 65}",
        f"1:{'A' * 64}",
        '{"trail": []}',
        '{"id": true, "hash": "a"}',
        "{",
    ):
        assert heads_in(nothing) == []
    assert noted(str(one)) == [one]
    (tmp_path / "none").write_text("nothing", "utf-8")
    for given in (str(tmp_path / "none"), str(tmp_path / "missing"), "7:ab"):
        with pytest.raises(InputError):
            noted(given)


def test_the_commands_say_what_holds(vanthu: Command, anchored: Settings, tmp_path: Path) -> None:
    code, printed, _ = vanthu("trail", "head")
    assert (code, printed) == (0, f"{_now(anchored)}\n")
    (tmp_path / "kept.txt").write_text(printed, "utf-8")
    code, said, _ = vanthu("trail", "verify", "--against", str(tmp_path / "kept.txt"))
    assert (code, "6 entries" in said, "the latest of entry 6" in said) == (0, True, True)
    assert vanthu("trail", "verify")[0] == 0
    wrong = f"4:{'a' * 64}"
    code, _, said = vanthu("trail", "verify", "--against", wrong)
    assert (code, said) == (5, "The trail is not the one that was noted: of entries 1 to 4 some were written anew.\n")
    with session_factory(anchored)() as session:
        unguarded(session)
        session.execute(text("DELETE FROM audit_entry WHERE id > 4"))
        session.commit()
    code, _, said = vanthu("trail", "verify", "--against", printed.strip())
    assert (code, said) == (5, "The trail was cut: a head noted outside is of entry 6; there are 4 entries now.\n")
    assert vanthu("trail", "verify")[0] == 0
    with session_factory(anchored)() as session:
        session.execute(text("UPDATE audit_entry SET facts = 'no json' WHERE id = 2"))
        session.commit()
    code, _, said = vanthu("trail", "verify")
    assert (code, "entry 2 does not say" in said) == (5, True)


def test_an_empty_trail_has_no_head(vanthu: Command, anchored: Settings, tmp_path: Path) -> None:
    empty = load({"VANTHU_HOME": str(tmp_path / "other")})
    with unit_of_work(empty) as session:
        assert head(session) is None
    forget(empty)


def test_an_export_holds_every_entry_and_is_itself_noted(vanthu: Command, anchored: Settings, tmp_path: Path) -> None:
    with unit_of_work(anchored) as session:
        record(session, actor="=HYPERLINK(1)", action=Doing.DONE, subject='@x,"\n', facts={"tên": "Ứng"})
    lines, table = tmp_path / "trail.jsonl", tmp_path / "trail.csv"
    assert vanthu("trail", "export", str(lines))[:2] == (0, f"7 entries are in {lines}.\n")
    assert vanthu("trail", "export", str(table))[0] == 0
    told = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    with unit_of_work(anchored) as session:
        there = [
            {name: getattr(one, name) for name in COLUMNS} for one in session.query(AuditEntry).order_by(AuditEntry.id)
        ]
    assert told == [one | {"at": one["at"].isoformat()} for one in there[:7]]
    assert [(one["action"], one["facts"]["entries"]) for one in there[7:]] == [
        ("core:trail:export", 7),
        ("core:trail:export", 8),
    ]
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[6]["actor"], rows[6]["subject"], json.loads(rows[6]["facts"])) == (
        "'=HYPERLINK(1)",
        "'@x,\"\n",
        {"tên": "Ứng"},
    )
    assert [path.stat().st_mode & 0o777 for path in (lines, table)] == [0o600, 0o600]
    assert vanthu("trail", "verify", "--against", str(lines))[0] == 0


def test_an_export_of_days(vanthu: Command, anchored: Settings, tmp_path: Path) -> None:
    tomorrow = (utc_now() + timedelta(days=2)).date().isoformat()
    path = str(tmp_path / "none.jsonl")
    assert vanthu("trail", "export", path, "--from", tomorrow)[:2] == (0, f"0 entries are in {path}.\n")
    assert vanthu("trail", "export", path, "--to", tomorrow)[:2] == (0, f"7 entries are in {path}.\n")
    assert vanthu("trail", "export", path, "--from", tomorrow, "--to", "2026-01-01")[0] == 2
    assert vanthu("trail", "export", str(tmp_path / "trail.txt"))[0] == 2
    assert vanthu("trail", "export", str(tmp_path / "missing" / "trail.csv"))[0] == 6
    assert [one.name for one in tmp_path.glob("*trail*")] == []
