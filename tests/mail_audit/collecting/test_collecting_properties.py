"""However a log is cut, grown, rotated, packed and copied between two looks: always the events of one audit."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import db
from core.settings import load
from core.store import folder
from tests.mail_audit.collecting.followed import PACK, Followed, Month, audited, put

LAST = date(2026, 10, 11)
DEEDS = st.lists(
    st.tuples(st.sampled_from(["grow", "rotate", "copytruncate", "pack", "copy", "look"]), st.integers(0, 2_000)),
    min_size=3,
    max_size=10,
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables, made once."""
    chosen = load({"VANTHU_HOME": str(tmp_path_factory.mktemp("empty"))})
    db.bring_up_to_date(chosen)
    db.forget(chosen)
    return chosen.home / "vanthu.sqlite3"


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_disks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder, "_to_disk", lambda _path: None)
        yield


@pytest.fixture(scope="module")
def texts(week: Month) -> tuple[bytes, bytes]:
    """The first lines of each of the two servers."""
    first, second = (b"".join(week.text(name).splitlines(keepends=True)[:80]) for name in week.files)
    return first, second


@contextmanager
def installation(empty: Path) -> Iterator[Followed]:
    """One of its own for each example."""
    with tempfile.TemporaryDirectory() as place:
        chosen = load({"VANTHU_HOME": f"{place}/home"})
        chosen.home.mkdir()
        shutil.copy(empty, chosen.home)
        (Path(place) / "logs").mkdir()
        followed = Followed(chosen, Path(place) / "logs")
        followed.follow("nguồn", followed.folder)
        yield followed
        db.forget(chosen)


class Deeds:
    """A log of lines, written and handled as a server and its administrator might."""

    def __init__(self, followed: Followed, text: bytes) -> None:
        self.followed, self.text, self.at, self.copies = followed, text, 0, 0
        self.log = followed.folder / "mail.log"
        self.begin = 0
        put(self.log, b"", LAST)

    def do(self, deed: str, size: int) -> None:
        """A log of a line or less is not rotated."""
        if deed not in {"rotate", "copytruncate"} or self.log.read_bytes().count(b"\n") > 1:
            getattr(self, deed)(size)

    def grow(self, size: int) -> None:
        self.at = min(self.at + size, len(self.text))
        put(self.log, self.text[self.begin : self.at], LAST)

    def old(self) -> list[Path]:
        return sorted(path for path in self.followed.folder.iterdir() if path.name.startswith("mail.log."))

    def rotate(self, size: int) -> None:
        self._move()
        self.log.rename(self.followed.folder / "mail.log.1")
        self.begin = self.at
        put(self.log, b"", LAST)
        del size

    def copytruncate(self, size: int) -> None:
        self._move()
        put(self.followed.folder / "mail.log.1", self.log.read_bytes(), LAST)
        self.begin = self.at
        put(self.log, b"", LAST)
        del size

    def _move(self) -> None:
        for path in sorted(self.old(), key=lambda one: -int(one.name.split(".")[2])):
            _, _, number, *ending = path.name.split(".")
            path.rename(path.with_name(".".join(["mail", "log", str(int(number) + 1), *ending])))

    def pack(self, size: int) -> None:
        plain = [path for path in self.old() if path.suffix not in PACK]
        if plain:
            path = plain[size % len(plain)]
            endings = sorted(ending for ending in PACK if ending)
            put(path.with_name(path.name + endings[size % len(endings)]), path.read_bytes(), LAST)
            path.unlink()

    def copy(self, size: int) -> None:
        self.copies += 1
        text = self.log.read_bytes()
        put(self.followed.folder / f"copy{self.copies}.gz", text[: text.rfind(b"\n") + 1], LAST)
        del size

    def look(self, size: int) -> None:
        self.followed.only(piece_bytes=3_000 + size)


@given(deeds=DEEDS)
@settings(max_examples=8)
def test_whatever_happens_between_two_looks(
    empty: Path, texts: tuple[bytes, bytes], deeds: list[tuple[str, int]]
) -> None:
    text = texts[1]
    with installation(empty) as followed:
        server = Deeds(followed, text)
        for deed, size in deeds:
            server.do(deed, size)
        server.grow(len(text))
        followed.only()
        seen = followed.stored()
        whole = audited(put(followed.folder.parent / "whole" / "mail.log", text, LAST))
        assert (seen.events, seen.days) == (whole.events, whole.days)


@given(cuts=st.lists(st.integers(1, 20_000), min_size=1, max_size=4), packed=st.sampled_from(["", ".gz", ".zst"]))
@settings(max_examples=8)
def test_cut_at_any_byte_and_whole_in_the_end(
    empty: Path, texts: tuple[bytes, bytes], cuts: list[int], packed: str
) -> None:
    text = texts[0]
    with installation(empty) as followed:
        whole = PACK[packed](text)
        for cut in sorted(cuts):
            path = followed.folder / f"mail.log{packed}"
            path.write_bytes(whole[:cut])
            followed.only(piece_bytes=6_000)
        put(followed.folder / f"mail.log{packed}", text, LAST)
        followed.only(piece_bytes=6_000)
        assert followed.stored() == audited(followed.folder)
        assert followed.streams() == 1
