"""The doors to collecting: services and who may use them, the commands, the scheduler, what status says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from core import db
from core.audit import AuditEntry
from core.cli import main
from core.db import engine, unit_of_work, utc_now
from core.errors import ForbiddenError, InputError, NotFoundError
from core.jobs import Job, run_waiting, sweep
from core.permissions import Actor
from core.settings import SettingsError, load
from mail_audit.errors import LogPathError, SourceError
from mail_audit.models import LogPiece, LogSource
from mail_audit.queries.source_words import ago, gap_in_words
from mail_audit.queries.sources import Gap, jobs_state, missing_days, months, sources
from mail_audit.queries.steps import COLLECT_LOGS
from mail_audit.services.collecting import add_source, ask_collection, collect, remove_source, sources_for
from mail_audit.services.collecting.options import CollectingOptions
from mail_audit.services.collecting.scheduled import collecting_due, morning_due
from mail_audit.zones import Zone
from tests.mail_audit.collecting.followed import ACTOR, Followed, Month, put, touch

HANOI = Zone("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
REMOVED = b"Oct  5 08:00:00 mail postfix/qmgr[7]: 00000A: removed\n"
NOBODY = Actor("khách", frozenset())
Vanthu = Callable[..., tuple[int, str, str]]


@pytest.fixture
def vanthu(simply_followed: Followed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vanthu:
    """Runs `vanthu` in the installation; exit code, what it said, what it warned of."""
    monkeypatch.setenv("VANTHU_HOME", str(simply_followed.settings.home))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["--language", "en", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_source_is_added_ended_and_comes_back(followed: Followed, tmp_path: Path) -> None:
    with unit_of_work(followed.settings) as session:
        first = add_source(session, ACTOR, name=" kho thư ", paths=[tmp_path], patterns=["mail*"], host="mail2")
        with pytest.raises(SourceError):
            add_source(session, ACTOR, name="kho thư", paths=[tmp_path])
        remove_source(session, ACTOR, name="kho thư")
        with pytest.raises(NotFoundError):
            remove_source(session, ACTOR, name="kho thư")
        assert add_source(session, ACTOR, name="kho thư", paths=[tmp_path / "logs"]) == first
        row = session.get_one(LogSource, first)
        assert (row.paths, row.patterns, row.host) == ([str(tmp_path / "logs")], [], None)
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"log_source:{first}"))
        assert list(actions) == [f"mail_audit:source:{verb}" for verb in ("add", "remove", "add")]


@pytest.mark.parametrize(
    ("name", "paths", "more", "error"),
    [
        ("", ["/x"], {}, SourceError),
        ("x" * 101, ["/x"], {}, SourceError),
        ("a\nb", ["/x"], {}, SourceError),
        ("a", [], {}, SourceError),
        ("a", ["/x"], {"timezone": "Hà Nội"}, InputError),
        ("a", ["/etc"], {"allowed": [Path("/var/log")]}, LogPathError),
        ("a", ["/var/log/../../etc"], {"allowed": [Path("/var/log")]}, LogPathError),
        ("a", ["/x\udcff"], {}, LogPathError),
    ],
)
def test_what_cannot_be_a_source(
    simply_followed: Followed, name: str, paths: list[str], more: dict[str, object], error: type[Exception]
) -> None:
    with unit_of_work(simply_followed.settings) as session, pytest.raises(error):
        add_source(session, ACTOR, name=name, paths=[Path(path) for path in paths], **more)  # type: ignore[arg-type]


def test_who_may_not_may_not(simply_followed: Followed, tmp_path: Path) -> None:
    with unit_of_work(simply_followed.settings) as session:
        for call in (
            lambda: add_source(session, NOBODY, name="a", paths=[tmp_path]),
            lambda: remove_source(session, NOBODY, name="nguồn"),
            lambda: sources_for(session, NOBODY),
            lambda: ask_collection(session, NOBODY),
        ):
            with pytest.raises(ForbiddenError):
                call()
        ids = sources_for(session, ACTOR)
    put(simply_followed.folder / "mail.log", REMOVED, date(2026, 10, 5))
    with pytest.raises(ForbiddenError):
        collect(simply_followed.settings, NOBODY, source_ids=ids)


def test_the_commands_from_a_path_to_a_status(vanthu: Vanthu, simply_followed: Followed, week: Month) -> None:
    folder = simply_followed.folder.parent / "others"
    week.whole(folder)
    assert vanthu("collect", str(folder), "--no-measure")[0] == 0
    code, said, _ = vanthu("collect", str(folder / week.files[0]), "--no-measure")
    assert (code, "0 new lines" in said) == (0, True)
    assert str(folder) in vanthu("sources")[1]
    code, said, _ = vanthu("status")
    assert code == 0
    assert "GAP: no line at all: 12 October 2026" in said
    assert "To be measured (something new was collected): October 2026" in said
    assert vanthu("sources", "remove", str(folder))[0] == 0
    assert str(folder) not in vanthu("sources")[1]
    code, _, warned = vanthu("collect", "nowhere")
    assert (code, "There is no source of logs “nowhere”." in warned) == (3, True)


def test_collecting_measures_and_says_what_it_could_not_read(vanthu: Vanthu, simply_followed: Followed) -> None:
    put(simply_followed.folder / "mail.log", REMOVED, date(2026, 10, 5))
    (simply_followed.folder / "bad.gz").write_bytes(b"\x1f\x8b\x08nothing")
    code, said, warned = vanthu("collect")
    assert code == 0
    assert "1 new lines, 1 events" in said
    assert "Months measured: October 2026." in said
    assert "bad.gz" in warned
    assert "bad.gz" in vanthu("status")[1]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("mail.log.2", b"from=<a@tp.example.gov.vn>, size=12, nrcpt=1\n", "one line without its beginning"),
        ("mail.log.2", b"Oct  5 08:00:00 mail postf", "a scrap of one line"),
        ("mail.log.2.gz", b"Oct  5 08:00:00 mail postf", "a scrap of one line"),
        ("notes.txt", b"bread\n", ""),  # what lies in the same folder and was never a log
        ("wtmp", b"\x07\0\0\0pts/0\0\0", ""),
    ],
)
def test_status_names_a_file_that_is_only_a_scrap(
    vanthu: Vanthu, simply_followed: Followed, name: str, data: bytes, said: str
) -> None:
    put(simply_followed.folder / "mail.log", REMOVED, date(2026, 10, 5))
    put(simply_followed.folder / name, data, date(2026, 10, 5))
    for _ in range(2):
        assert vanthu("collect", "--no-measure")[0] == 0
        lines = [line for line in vanthu("status")[1].splitlines() if f"/{name}:" in line]
        assert [said in line for line in lines] == ([True] if said else [])


def test_status_says_where_no_log_was_found(vanthu: Vanthu, simply_followed: Followed, tmp_path: Path) -> None:
    assert vanthu("sources", "add", "elsewhere", str(tmp_path / "not" / "there"))[0] == 0
    assert "no log file was found there" not in vanthu("status")[1]  # nobody has looked yet
    put(simply_followed.folder / "mail.log", REMOVED, date(2026, 10, 5))
    vanthu("collect", "--no-measure")
    found = [line for line in vanthu("status")[1].splitlines() if "no log file was found there" in line]
    assert found == [f"  {tmp_path / 'not' / 'there'}: no log file was found there"]


def test_the_scheduler_collects_every_few_minutes(
    followed: Followed, week: Month, only_due: Callable[..., None]
) -> None:
    only_due(COLLECT_LOGS)
    week.whole(followed.folder)
    assert sweep(followed.settings).queued == 1
    run_waiting(followed.settings)
    with unit_of_work(followed.settings) as session:
        assert (session.scalar(select(func.count()).select_from(LogPiece)) or 0) > 0
        assert [(one.month, one.is_marked) for one in months(session)] == [(date(2026, 10, 1), False)]
        assert jobs_state(session).failed == 0
        last = utc_now()
        assert collecting_due(session, last, last + timedelta(minutes=14)) is None
        assert collecting_due(session, last, last + timedelta(minutes=15)) == {}


def test_the_morning_is_done_once_and_not_before_its_time(followed: Followed) -> None:
    with unit_of_work(followed.settings) as session:
        assert morning_due(session, None, datetime(2026, 11, 22, 0, 0, tzinfo=UTC)) is None
    put(followed.folder / "mail.log", REMOVED, date(2026, 10, 5))
    followed.only()
    early, late = datetime(2026, 11, 21, 22, 59, tzinfo=UTC), datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
    with unit_of_work(followed.settings) as session:
        assert morning_due(session, None, early) is None
        assert morning_due(session, None, late) == {"day": "2026-11-22"}
        assert morning_due(session, late, late + timedelta(hours=3)) is None
        assert morning_due(session, late, late + timedelta(days=1)) == {"day": "2026-11-23"}


@pytest.mark.parametrize("text", ["minutes = -1", "minutes = 5000", "minutes = true", 'minutes = "5"', "hours = 1"])
def test_a_wrong_option_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "vanthu.toml").write_text(f"[mail_audit.collecting]\n{text}\n")
    with pytest.raises(SettingsError):
        CollectingOptions.of(load({"VANTHU_HOME": str(tmp_path)}))


def test_without_minutes_nothing_is_due(tmp_path: Path) -> None:
    (tmp_path / "vanthu.toml").write_text("[mail_audit.collecting]\nminutes = 0\n")
    chosen = load({"VANTHU_HOME": str(tmp_path)})
    with unit_of_work(chosen) as session:
        add_source(session, ACTOR, name="a", paths=[tmp_path])
        assert collecting_due(session, None, utc_now()) is None
    db.forget(chosen)


def test_a_collection_is_asked_for_once(simply_followed: Followed) -> None:
    with unit_of_work(simply_followed.settings) as session:
        assert ask_collection(session, ACTOR) == ask_collection(session, ACTOR)
        assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_gaps_lag_and_what_waits(followed: Followed, week: Month) -> None:
    first, second = week.files
    for number, (day, texts) in enumerate(week.days):
        for name, text in texts.items():
            if number != 2 and (name == first or number not in {4, 6}):
                put(followed.folder / f"{name}-{day:%Y%m%d}", text, day)
    put(followed.folder / "more.log", week.text(second)[:5_000] + b"half a line", week.days[0][0])
    followed.only()
    with unit_of_work(followed.settings) as session:
        (state,) = sources(session, zone=HANOI, now=NOW + timedelta(days=1))
    missing = {gap.host: [day.day for day in gap.days] for gap in state.gaps}
    assert missing[""] == [7, 12]
    assert state.lag(NOW + timedelta(days=1)) == NOW + timedelta(days=1) - (state.newest_at or NOW)
    assert [(Path(one.path).name, one.problem) for one in state.waiting] == [("more.log", None)]
    assert state.waiting[0].unread > 10
    assert state.rate is not None
    assert state.broken_share == 0


def test_a_server_that_was_silent_among_others_is_a_gap(simply_followed: Followed) -> None:
    lines = []
    for day in range(5, 17):
        hosts = ("mail1", "mail2") if day != 9 else ("mail1",)
        lines += [f"2026-10-{day:02}T08:00:00+07:00 {host} postfix/qmgr[7]: {day:06X}: removed\n" for host in hosts]
    put(simply_followed.folder / "mail.log", "".join(lines).encode(), date(2026, 10, 16))
    simply_followed.only()
    with unit_of_work(simply_followed.settings) as session:
        (state,) = sources(session, zone=HANOI, now=datetime(2026, 10, 17, 1, 0, tzinfo=UTC))
    assert state.gaps == (Gap("mail2", (date(2026, 10, 9),)),)


def test_status_asks_the_same_questions_however_many_sources(simply_followed: Followed, tmp_path: Path) -> None:
    def asked() -> int:
        seen: list[str] = []
        made = engine(simply_followed.settings)
        listener = lambda *arguments: seen.append(str(arguments[2]))  # noqa: E731
        event.listen(made, "before_cursor_execute", listener)
        with unit_of_work(simply_followed.settings) as session:
            sources(session, zone=HANOI, now=NOW)
        event.remove(made, "before_cursor_execute", listener)
        return len(seen)

    one = asked()
    for number in range(2):
        simply_followed.follow(f"khác {number}", tmp_path)
    assert asked() == one


@pytest.mark.parametrize(
    ("age", "vi", "en"),
    [
        (timedelta(seconds=1), "1 giây", "1 second"),
        (timedelta(seconds=119), "119 giây", "119 seconds"),
        (timedelta(minutes=2), "2 phút", "2 minutes"),
        (timedelta(hours=47), "47 giờ", "47 hours"),
        (timedelta(days=3), "3 ngày", "3 days"),
        (timedelta(seconds=-5), "0 giây", "0 seconds"),
    ],
)
def test_ages_in_words(age: timedelta, vi: str, en: str) -> None:
    assert (ago(age).vi, ago(age).en) == (vi, en)


def test_days_in_words_and_in_numbers() -> None:
    days = (date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 5))
    assert gap_in_words(Gap("", days)).vi == "không có dòng nào: 01/10/2026–02/10/2026, 05/10/2026 (3 ngày)"
    assert missing_days(set(days), days[0], date(2026, 10, 6)) == tuple(date(2026, 10, day) for day in (3, 4, 6))
    assert missing_days(set(), days[0], days[2]) == ()


def test_a_server_without_a_name_gets_the_sources(tmp_path: Path) -> None:
    chosen = load({"VANTHU_HOME": str(tmp_path / "home")})
    followed = Followed(chosen, tmp_path)
    log = tmp_path / "dovecot.log"
    log_in = "imap-login: Info: Login: user=<a@b.vn>, method=PLAIN, rip=10.0.0.1, lip=10.0.0.2, session=<x>"
    log.write_text(f"Oct 05 08:00:00 {log_in}\n")
    touch(log, date(2026, 10, 5))
    followed.follow("dovecot", log, host="mail2", timezone="Europe/Berlin")
    followed.only()
    (row,) = followed.stored().events["logged_in"]
    assert row[:2] == (int(datetime(2026, 10, 5, 6, 0, tzinfo=UTC).timestamp() * 1_000_000), "mail2")
    db.forget(chosen)
