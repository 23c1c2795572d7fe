"""`vanthu audit`: a table and reports for good input; one sentence, its exit code and nothing written for bad input."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import core.cli
from mail_audit.sample import Truth, Volume, build
from tests.mail_audit.audited import logged

LINE = (
    "Nov 22 08:00:0{n} mail dovecot: imap-login: Login: user=<a@tp.example.gov.vn>, method=PLAIN, rip=10.0.0.7, "
    "lip=10.0.0.1, mpid=7, TLS, session=<s{n}>"
)
PEOPLE = "unit,official_id,name,title,rank,email\nSở Xây dựng,CB1,Lê An,Giám đốc,leader,a@tp.example.gov.vn\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 40
NGINX = '10.0.0.7 - - [22/Nov/2026:08:00:00 +0700] "GET /mail HTTP/1.1" 200 512 "-" "curl"\n' * 5
EXIM = "2026-11-22 08:00:00 1aBcDe-000001-AB <= a@b.test H=x [1.2.3.4] P=esmtps S=1234 id=x@y\n" * 5
KERNEL = "Nov 22 08:00:00 mail kernel: eth0: link up\n" * 5


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own, and nothing of the environment's settings."""
    for name in [name for name in os.environ if name.startswith("VANTHU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A directory of officials and a short log."""
    (tmp_path / "officials.csv").write_text(PEOPLE, encoding="utf-8")
    logged(tmp_path / "mail.log", [LINE.format(n=n) for n in range(3)], datetime(2026, 11, 22, 12, tzinfo=UTC))
    return tmp_path


def audit(folder: Path, *words: str, language: str = "vi", log: str = "mail.log") -> int:
    """The exit code of the command, `words` after the log and the directory."""
    directory = () if "--directory" in words else ("--directory", str(folder / "officials.csv"))
    return core.cli.main(["--language", language, "audit", str(folder / log), *directory, *words])


def test_it_prints_the_table_and_writes_every_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    endings = ("json", "html", "xlsx", "pdf", "csv")
    code = audit(folder, *(word for ending in endings for word in ("--report", str(folder / f"out.{ending}"))))
    said = capsys.readouterr()
    assert code == 0
    assert "Sở Xây dựng" in said.out
    assert said.err == "".join(f"Đã ghi {folder / f'out.{ending}'}.\n" for ending in endings)
    assert all((folder / f"out.{ending}").stat().st_size > 100 for ending in endings)
    report = json.loads((folder / "out.json").read_text("utf-8"))
    assert report["period"]["from"] == "2026-11-22"
    assert report["officials"][0]["logins"] == 3
    assert not (folder / "home" / "vanthu.db").exists(), "no database"


def test_the_period_and_the_time_zone(folder: Path) -> None:
    """08:00 in Hà Nội is 15:00 in Honolulu's day before, on the log's clock it stays the 22nd; ISO stamps move."""
    logged(
        folder / "iso.log",
        [LINE.format(n=1).replace("Nov 22 08:00:01", "2026-11-22T00:30:01+07:00")],
        datetime(2026, 11, 22, tzinfo=UTC),
    )
    out = folder / "out.json"
    for zone, day in (("Asia/Ho_Chi_Minh", "2026-11-22"), ("UTC", "2026-11-21"), ("Pacific/Honolulu", "2026-11-21")):
        assert audit(folder, "--timezone", zone, "--report", str(out), log="iso.log") == 0
        period = json.loads(out.read_text("utf-8"))["period"]
        assert (period["from"], period["timezone"]) == (day, zone)
    assert audit(folder, "--from", "2026-11-01", "--to", "2026-11-30", "--report", str(out)) == 0
    report = json.loads(out.read_text("utf-8"))
    assert (report["period"]["from"], report["period"]["to"]) == ("2026-11-01", "2026-11-30")
    assert (report["period"]["working_days"], len(report["coverage"]["missing_days"])) == (20, 29)


def bad(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Case -> what the log holds, and what the sentence says of it in English."""
    return {
        "empty": (b"", "the log is empty"),
        "jpeg": (JPEG, "not a mail-server log"),
        "nginx": (NGINX.encode(), "not a mail-server log"),
        "exim": (EXIM.encode(), "not a mail-server log"),
        "kernel": (KERNEL.encode(), "no line is from Postfix or Dovecot"),
        "truncated gzip": (gzip.compress(os.urandom(9000))[:4000], "damaged or cut short"),
    }


@pytest.mark.parametrize("case", sorted(bad(Path())))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_log_that_is_none(folder: Path, case: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence naming the file, exit code 2, nothing written."""
    data, said = bad(folder)[case]
    logged(folder / "mail.log", data)
    before = sorted(folder.iterdir())
    assert audit(folder, "--report", str(folder / "out.json"), language=language) == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.count("\n") == 1
    assert str(folder / "mail.log") in heard.err
    assert (said in heard.err) == (language == "en")
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2026-11-22", "--to", "2026-11-20"], "must not be after the last"),
        (["--timezone", "Asia/Thang_Long"], "no time zone “Asia/Thang_Long”"),
        (["--timezone", "../../etc/passwd"], "no time zone"),
        (["--report", "{folder}/out.docx"], ".docx"),
        (["--report", "{folder}/none/out.json"], "none"),
        (["--directory", "{folder}/nobody.csv"], "nobody.csv"),
        (["--directory", "{folder}/wrong.csv"], "wrong.csv"),
        (["--directory", "{folder}/mail.log"], "mail.log"),
    ],
    ids=str,
)
def test_wrong_options(folder: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "wrong.csv").write_text("ten,email\nLê An,a@tp.example.gov.vn\n", encoding="utf-8")
    before = sorted(folder.iterdir())
    assert audit(folder, *(word.format(folder=folder) for word in words), language="en") == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert said in heard.err
    assert "Traceback" not in heard.err
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("language", ["vi", "en"])
def test_paths_that_cannot_be_read(folder: Path, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "nothing").mkdir()
    os.mkfifo(folder / "pipe")
    for name, said in (("gone.log", "no such file"), ("nothing", "holds no file"), ("pipe", "not a regular file")):
        assert audit(folder, log=name, language=language) == 2
        heard = capsys.readouterr().err
        assert heard.startswith(str(folder / name))
        assert heard.count("\n") == 1
        assert (said in heard) == (language == "en")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_without_permission(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "closed").mkdir(mode=0)
    assert audit(folder, log="closed") == 2
    assert str(folder / "closed") in capsys.readouterr().err


def test_missing_words_are_usage_errors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert core.cli.main(["audit", str(folder / "mail.log")]) == 2
    assert "--directory" in capsys.readouterr().err
    assert audit(folder, "--from", "22/11/2026") == 2


def test_it_starts_without_a_database_or_a_web_server(folder: Path) -> None:
    """As a process of its own: no heavy package is imported, and the sentence of an error is its only words."""
    code = (
        "import sys; from core.cli import main; code = main(); "
        "print([name for name in ('sqlalchemy', 'celery', 'flask') if name in sys.modules]); sys.exit(code)"
    )
    words = ["--language", "en", "audit", str(folder / "mail.log"), "--directory", str(folder / "officials.csv")]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "VANTHU_HOME": str(folder / "home")}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, env=environ
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\n[]\n")
    words[3] += ".gone"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, env=environ
    )
    assert (done.returncode, done.stdout) == (2, "[]\n")
    assert done.stderr == f"{folder / 'mail.log.gone'}: there is no such file.\n"


def test_the_sample_city_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Folders of packed logs in, the truth out."""
    truth: Truth = build(tmp_path, days=3, first=date(2026, 10, 5), volume=Volume(citizens=0.03, attacks=2))
    assert audit(tmp_path, "--report", str(tmp_path / "out.json"), log="logs") == 0
    report = json.loads((tmp_path / "out.json").read_text("utf-8"))
    found = {one["official_id"]: (one["sent"], one["received"], one["class"]) for one in report["officials"]}
    assert found == {one.official_id: (one.sent, one.received, one.usage_class) for one in truth.officials}
    assert capsys.readouterr().out.count("\n") > 10
