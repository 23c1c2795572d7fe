"""A city's logs as they really come: night by night, rotated, packed, twice, late, cut, copied; the events stay."""

from __future__ import annotations

import itertools
import random
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mail_audit.services.collecting import following
from mail_audit.streams import Look, Opened, first_look
from tests.mail_audit.collecting.conftest import IN_A_CITY
from tests.mail_audit.collecting.followed import Followed, Month, Rotating, audited, put, touch


@pytest.mark.parametrize(
    ("packings", "dated", "copy"),
    [(("", ".gz"), False, False), ((".zst",), True, False), (("", "", ".xz", ".bz2"), False, True)],
    ids=["numbered", "dated", "copytruncate"],
)
def test_a_month_night_by_night(
    simply_followed: Followed, month: Month, tmp_path: Path, packings: tuple[str, ...], dated: bool, copy: bool
) -> None:
    followed = simply_followed
    servers = {name: Rotating(followed.folder / name, packings, dated) for name in month.files}
    days = month.days if packings[0] == "" and not copy else month.days[19:]
    for number, (day, texts) in enumerate(days):
        for name, text in texts.items():
            if number and number % 4 == 0:
                servers[name].rotate(days[number - 1][0], copy=copy)
            servers[name].append(text, day)
        followed.only()
    assert followed.stored() == audited(replace(month, days=days).whole(tmp_path / "whole"))
    assert followed.marked() == ["2026-10", "2026-11"]


@IN_A_CITY
def test_on_either_database_a_week_comes_to_the_same(followed: Followed, week: Month, tmp_path: Path) -> None:
    servers = {name: Rotating(followed.folder / name) for name in week.files}
    for number, (day, texts) in enumerate(week.days):
        for name, text in texts.items():
            if number == 3:
                servers[name].rotate(week.days[2][0])
            servers[name].append(text, day)
        followed.only(piece_bytes=1 << 16)
    assert followed.stored() == audited(week.whole(tmp_path / "whole"))


def test_the_same_night_twice_is_one_night(simply_followed: Followed, week: Month) -> None:
    followed = simply_followed
    week.whole(followed.folder)
    first = followed.only()
    seen = followed.stored()
    for name in week.files:
        put(followed.folder / "again" / name, week.text(name), week.days[-1][0])
    second = followed.only()
    assert first.counts.lines > 1000
    assert second.counts.lines == 0
    assert second.counts.repeated == first.counts.lines
    assert followed.stored() == seen


@pytest.mark.parametrize("ending", ["", ".gz", ".xz", ".zst", ".bz2"])
def test_a_copy_under_another_name_changes_nothing(simply_followed: Followed, week: Month, ending: str) -> None:
    followed = simply_followed
    week.whole(followed.folder)
    followed.only()
    seen, streams = followed.stored(), followed.streams()
    for name in week.files:
        text = week.text(name)
        put(followed.folder / f"copy-{Path(name).parent}{ending}", text, week.days[-1][0])
        older = text[: len(text) * 2 // 3]
        put(followed.folder / f"older-{Path(name).parent}{ending}", older, week.days[-1][0])
    assert followed.only().counts.lines == 0
    assert (followed.stored(), followed.streams()) == (seen, streams)


def test_copies_that_come_first_and_shorter_are_read_on(simply_followed: Followed, week: Month, tmp_path: Path) -> None:
    followed, (name, other) = simply_followed, week.files
    text = week.text(name)
    put(followed.folder / "part.gz", text[: len(text) // 3], week.days[-1][0])
    followed.only()
    put(followed.folder / "more.xz", text[: len(text) // 2], week.days[-1][0])
    followed.only()
    put(followed.folder / "whole", text, week.days[-1][0])
    put(followed.folder / "other", week.text(other), week.days[-1][0])
    followed.only()
    assert followed.stored() == audited(week.whole(tmp_path / "whole"))
    assert followed.streams() == 2


def test_a_day_that_comes_late_is_read_when_it_comes(simply_followed: Followed, week: Month, tmp_path: Path) -> None:
    followed = simply_followed
    for day, texts in [item for number, item in enumerate(week.days) if number != 2]:
        for name, text in texts.items():
            put(followed.folder / f"{name}-{day:%Y%m%d}", text, day)
        followed.only()
    assert week.days[2][0] not in followed.stored().days
    for name, text in week.days[2][1].items():
        put(followed.folder / f"{name}-{week.days[2][0]:%Y%m%d}.gz", text, week.days[2][0])
    followed.only()
    assert followed.stored() == audited(week.whole(tmp_path / "whole"))


def test_shuffled_and_overlapping_parts_count_every_line_once(
    simply_followed: Followed, week: Month, tmp_path: Path
) -> None:
    followed, drawn = simply_followed, random.Random(3)
    for name in week.files:
        lines = week.text(name).splitlines(keepends=True)
        put(followed.folder / f"{name}.part", b"".join(lines[: len(lines) * 2 // 3]), week.days[-1][0])
        followed.only()
        put(followed.folder / f"{name}.rest", b"".join(lines[len(lines) // 3 :]), week.days[-1][0])
        followed.only()
        some = drawn.sample(lines, len(lines) // 2)
        put(followed.folder / f"{name}.shuffled.gz", b"".join(some), week.days[-1][0])
    followed.only()
    assert followed.stored().events == audited(week.whole(tmp_path / "whole")).events


def test_a_log_cut_by_truncation_goes_on_as_another(simply_followed: Followed, week: Month, tmp_path: Path) -> None:
    followed, name = simply_followed, week.files[1]
    log = followed.folder / "mail.log"
    for day, texts in week.days:
        put(log, texts[name], day)
        followed.only()
        log.write_bytes(b"")
        followed.only()
    assert followed.stored() == audited(put(tmp_path / "whole" / "mail.log", week.text(name), week.days[-1][0]))
    assert followed.streams() == len(week.days)


def test_new_year_is_crossed_night_by_night(simply_followed: Followed) -> None:
    log = simply_followed.folder / "mail.log"
    text = ""
    for month_day, day in (("Dec 30", (2026, 12, 30)), ("Dec 31", (2026, 12, 31)), ("Jan  1", (2027, 1, 1))):
        text += f"{month_day} 08:00:00 mail postfix/qmgr[7]: 00000A: from=<a@b.vn>, size=1, nrcpt=1 (queue active)\n"
        log.write_text(text)
        touch(log, date(*day))
        simply_followed.only()
    assert sorted(simply_followed.stored().days) == [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)]
    assert simply_followed.marked() == ["2026-12", "2027-01"]


def test_what_cannot_be_read_is_told_and_the_others_go_on(simply_followed: Followed, week: Month) -> None:
    followed, (name, other) = simply_followed, week.files
    packed = put(followed.folder / "cut.gz", week.text(name), week.days[-1][0])
    packed.write_bytes(packed.read_bytes()[: packed.stat().st_size // 2])
    (followed.folder / "damaged.gz").write_bytes(b"\x1f\x8b\x08\x00" + b"nothing of gzip" * 99)
    put(followed.folder / "good", week.text(other), week.days[-1][0])
    (followed.folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 99)
    found = followed.only()
    assert sorted(Path(path).name for path, _ in found.problems) == ["cut.gz", "damaged.gz"]
    assert found.counts.lines > week.text(other).count(b"\n") + week.text(name).count(b"\n") // 4
    put(followed.folder / "cut.gz", week.text(name), week.days[-1][0])
    (followed.folder / "damaged.gz").unlink()
    assert followed.only().problems == ()
    shutil.rmtree(followed.folder)
    followed.folder.mkdir()
    week.whole(followed.folder)
    assert followed.only().counts.lines == 0
    assert followed.stored().events == audited(followed.folder).events


@pytest.mark.parametrize("together", [True, False], ids=["together", "night by night"])
def test_a_line_cut_by_rotation_is_joined(
    simply_followed: Followed, week: Month, tmp_path: Path, together: bool
) -> None:
    followed, name = simply_followed, week.files[0]
    log, text, day = Rotating(followed.folder / "mail.log", ("", ".gz")), week.text(week.files[0]), week.days[-1][0]
    cuts = [0, *(len(text) * part // 4 + 33 for part in (1, 2, 3)), len(text)]
    for start, stop in itertools.pairwise(cuts):
        if start:
            log.rotate(day)
        log.append(text[start:stop], day)
        if not together:
            followed.only()
    followed.only()
    assert followed.stored() == audited(put(tmp_path / "whole" / name, text, day))
    assert followed.stored() == audited(followed.folder)


def test_a_half_line_waits_until_it_is_whole(simply_followed: Followed, week: Month) -> None:
    followed, text, day = simply_followed, week.text(week.files[1]), week.days[-1][0]
    log = followed.folder / "mail.log"
    put(log, text[:50_000], day)
    first = followed.only().counts
    assert first.lines == text[:50_000].count(b"\n")
    assert first.broken == 0
    put(log, text[:50_001], day)
    assert followed.only().counts.lines == 0
    put(log, text, day)
    assert first.lines + followed.only().counts.lines == text.count(b"\n")
    assert followed.stored() == audited(log)


def test_a_file_that_is_rotated_while_it_is_looked_at(
    simply_followed: Followed, week: Month, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed, looked = simply_followed, first_look
    week.whole(followed.folder)
    log = followed.folder / week.files[0]

    def rotating(text: Opened) -> Look:
        look = looked(text)
        if text.file.path == log:
            log.rename(f"{log}.1")
        return look

    monkeypatch.setattr(following, "first_look", rotating)
    assert followed.only().counts.lines == week.text(week.files[1]).count(b"\n")
    followed.only()
    assert followed.stored() == audited(week.whole(tmp_path / "whole"))
