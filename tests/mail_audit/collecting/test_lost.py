"""What a segment should have and has no more is told: it changes no figure, and stops nothing but what needs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select

from core.db import unit_of_work, utc_now
from core.errors import UnavailableError
from core.store import MissingError, Store
from mail_audit.errors import DamagedObjectError, LostObjectError
from mail_audit.models import LogFile, LogSegment
from mail_audit.queries.practice.store import Store as PracticeStore
from mail_audit.segments import EVENTS, Segment, damage, lines_between, load, merge, write
from mail_audit.services.collecting import merging
from mail_audit.services.standing import measuring
from mail_audit.sums import SUMS
from tests.core.store import everything
from tests.mail_audit.collecting.followed import Followed, Month, audited
from tests.mail_audit.collecting.followed import put as put_log
from tests.mail_audit.collecting.test_segments import ids, removed
from tests.mail_audit.collecting.test_sums import apart, flip

Spoil = Callable[[Store, str], None]


def lose(store: Store, key: str) -> None:
    store.remove(key)


SPOILED = pytest.mark.parametrize(
    ("spoil", "said"),
    [pytest.param(flip, "is damaged", id="damaged"), pytest.param(lose, "is no longer in the store", id="lost")],
)


def folders_of(followed: Followed) -> list[str]:
    with unit_of_work(followed.settings) as session:
        return list(session.scalars(select(LogSegment.folder).order_by(LogSegment.id)))


def events_key(store: Store, folder: str) -> str:
    """A table of events of a segment."""
    keys = [one.key for one in store.listed(f"{EVENTS}/{folder}")]
    return next(key for key in keys if key.endswith(".parquet") and not key.endswith("/lines.parquet"))


def practised(store: Store, *folders: str) -> pl.DataFrame:
    since = datetime(1970, 1, 1, tzinfo=UTC)
    whole = PracticeStore(store, tuple((one, 1) for one in folders), since, since + timedelta(days=1))
    return whole.rows("removed", pl.lit(True))


def test_a_lost_table_of_events_is_no_segment_without_them(store: Store) -> None:
    sane, folder = write(store, *removed(0, "A", "B")), write(store, *removed(2, "C", "D"))
    key = f"{EVENTS}/{folder}/removed.parquet"
    assert practised(store, sane, folder).height == 4
    lose(store, key)
    there = everything(store)
    with pytest.raises(MissingError) as missing:
        load(store, [Segment(sane, 0), Segment(folder, 0)])
    assert missing.value.filename == key
    with pytest.raises(LostObjectError, match=f"{key} is no longer in the store"):
        merge(store, [sane, folder])
    with pytest.raises(LostObjectError, match=f"{key} is no longer in the store"):
        practised(store, sane, folder)
    assert everything(store) == there
    store.remove(f"{EVENTS}/{folder}/{SUMS}")  # of an earlier version: what it had is not known
    assert ids(load(store, [Segment(sane, 0), Segment(folder, 0)])) == ["A", "B"]
    assert practised(store, sane, folder).height == 2
    assert ids(load(store, [Segment(merge(store, [sane, folder]), 0)])) == ["A", "B"]


def test_lost_lines_are_not_put_together_and_change_no_events(store: Store) -> None:
    sane, folder = write(store, *removed(0, "A", "B")), write(store, *removed(2, "C", "D"))
    key = f"{EVENTS}/{folder}/lines.parquet"
    lose(store, key)
    assert ids(load(store, [Segment(sane, 0), Segment(folder, 0)])) == [*"ABCD"]
    with pytest.raises(LostObjectError, match=f"{key} is no longer in the store"):
        merge(store, [sane, folder])


@pytest.mark.parametrize("name", ["removed.parquet", "lines.parquet", SUMS])
def test_all_of_a_segment_is_looked_at_before_any_is_put_together(store: Store, name: str) -> None:
    folder = write(store, *removed(0, "A"))
    assert damage(store, folder) is None
    key = f"{EVENTS}/{folder}/{name}"
    whole = store.read(key)
    flip(store, key)
    assert isinstance(damage(store, folder), DamagedObjectError)
    store.put(key, whole)
    assert damage(store, folder) is None
    store.remove(f"{EVENTS}/{folder}/{SUMS}")
    assert damage(store, folder) is None
    if name != SUMS:
        store.put(key, whole[:-20])
        assert isinstance(damage(store, folder), DamagedObjectError), "without sums, too"
    store.remove_folder(f"{EVENTS}/{folder}")
    with pytest.raises(FileNotFoundError):
        damage(store, folder)


def test_what_comes_back_is_put_in_its_place(store: Store) -> None:
    parts = [write(store, *removed(second, name)) for second, name in enumerate("ABC")]
    one = merge(store, [merge(store, [parts[0], parts[2]]), parts[1]])
    assert lines_between(store, [one], 0, 1_000)["line"].to_list() == ["0 A", "1 B", "2 C"]
    path = store.file(f"{EVENTS}/{one}/removed.parquet")
    assert pl.read_parquet(path)["offset"].to_list() == [0, 100, 200]


def test_a_month_with_a_lost_table_is_not_measured_as_if_less_had_happened(
    simply_followed: Followed, week: Month
) -> None:
    name = week.files[1]
    put_log(simply_followed.folder / "mail.log", week.days[0][1][name], week.days[0][0])
    simply_followed.only()
    store, (folder, *_) = simply_followed.settings.store, folders_of(simply_followed)
    lose(store, events_key(store, folder))
    with pytest.raises(UnavailableError) as told:
        measuring.measure_marked(simply_followed.settings, actor="test")
    assert told.value.message.en.startswith("The event store lacks files of ")
    assert simply_followed.marked(), "it is tried again when the table is back"


@SPOILED
def test_a_file_whose_lines_cannot_be_compared_is_told_and_the_others_are_read(
    simply_followed: Followed, week: Month, tmp_path: Path, spoil: Spoil, said: str
) -> None:
    """A copy cut short is held against the last lines of the stream; nothing is said where they cannot be had."""
    store, name = simply_followed.settings.store, week.files[1]
    texts = [texts[name] for _, texts in week.days[:3]]
    other = tmp_path / "other"
    other.mkdir()
    simply_followed.follow("khác", other)
    text = b"".join(texts)
    put_log(simply_followed.folder / "mail.log", text, week.days[2][0])
    simply_followed.collect(piece_bytes=1 << 22)
    keys = [f"{EVENTS}/{one}/lines.parquet" for one in folders_of(simply_followed)]
    whole = {key: store.read(key) for key in keys}
    cut = text[: text.rfind(b"\n", 0, len(text) // 2 - 3_000) + 1]
    copy = put_log(simply_followed.folder / "copy.log", cut, week.days[1][0])
    put_log(simply_followed.folder / "later.log", week.days[4][1][name], week.days[4][0])
    put_log(other / "mail.log", week.days[5][1][name], week.days[5][0])
    for key in keys:
        spoil(store, key)
    for is_first in (True, False):
        found = simply_followed.collect(piece_bytes=1 << 22)
        ((path, why),) = found[0].problems
        assert (path, any(key in why.en for key in keys), said in why.en) == (str(copy), True, True)
        assert [one.counts.lines > 0 for one in found] == [is_first, is_first]
        assert found[1].problems == ()
    for key, content in whole.items():
        store.put(key, content)
    assert [one.problems for one in simply_followed.collect(piece_bytes=1 << 22)] == [(), ()]
    with unit_of_work(simply_followed.settings) as session:
        assert session.scalar(select(LogFile.state).where(LogFile.path == str(copy))) == "read"


@SPOILED
@pytest.mark.parametrize("kind", ["lines", "events"])
def test_one_segment_that_stays_damaged_does_not_keep_its_group_apart(
    simply_followed: Followed, week: Month, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    spoil: Spoil, said: str, kind: str,
) -> None:  # fmt: skip
    store = simply_followed.settings.store
    log, texts = apart(simply_followed, week, monkeypatch, days=3)
    small = folders_of(simply_followed)
    assert len(small) >= 4
    key = f"{EVENTS}/{small[2]}/lines.parquet" if kind == "lines" else events_key(store, small[2])
    whole = store.read(key)
    spoil(store, key)
    monkeypatch.setattr(merging, "MERGE_AT", 3)
    put_log(log, b"".join(texts[:2]), week.days[1][0])
    ((_, why),) = simply_followed.only(piece_bytes=1 << 22).problems
    assert (key in why.en, said in why.en) == (True, True)
    left = folders_of(simply_followed)
    assert (set(left) & set(small), len(left)) == ({small[2]}, 2)
    store.put(key, whole)
    put_log(log, b"".join(texts), week.days[2][0])
    assert simply_followed.only(piece_bytes=1 << 22).problems == ()
    assert len(folders_of(simply_followed)) == 1
    assert simply_followed.stored() == audited(
        put_log(tmp_path / "whole" / "mail.log", b"".join(texts), week.days[2][0])
    )


def test_what_retention_is_taking_away_is_not_told_as_lost(
    simply_followed: Followed, week: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row is gone first, then its files, one by one."""
    store = simply_followed.settings.store
    log, texts = apart(simply_followed, week, monkeypatch, days=2)
    small = folders_of(simply_followed)
    real = merging._small

    def meanwhile(*given: object) -> object:
        found = real(*given)  # type: ignore[arg-type]
        with unit_of_work(simply_followed.settings) as session:
            row = session.scalars(select(LogSegment).where(LogSegment.folder == small[1])).one()
            row.removed_at = utc_now()
        lose(store, f"{EVENTS}/{small[1]}/lines.parquet")
        return found

    monkeypatch.setattr(merging, "_small", meanwhile)
    monkeypatch.setattr(merging, "MERGE_AT", 3)
    put_log(log, b"".join(texts), week.days[1][0])
    assert simply_followed.only(piece_bytes=1 << 22).problems == ()
    assert set(folders_of(simply_followed)) & set(small) == {small[1]}
