"""Whatever programs say in whatever order, the directory keeps its rules: they are those of a file that is imported.

A model remembers what was said last and not refused; what SCIM shows is held against it after every step, and after
all of them the directory is written to a file, read again and compared with itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.audit.verifying import first_broken
from core.db import unit_of_work
from core.directory.models import AliasRow, MailboxRow, OfficialRow, PostRow
from core.directory.queries import roster
from core.directory.rosterfile import read_roster, write_roster
from core.directory.services import import_roster
from core.permissions import command_line_actor
from core.settings import Settings
from tests.web.scim.conftest import Client, user
from web.border import BorderedFlask
from web.scim.messages import ENTERPRISE

UNITS = ("Sở Y tế", "Sở Xây dựng", "Phòng Quản lý nhà")
_examples = count()

people = st.integers(0, 2)
boxes = st.lists(st.integers(0, 3), max_size=2, unique=True)
"""Four addresses for three people: they clash."""
changes = st.one_of(
    st.tuples(st.just(f"{ENTERPRISE}:department"), st.sampled_from((*UNITS, "Sở Không Có"))),
    st.tuples(st.just("title"), st.sampled_from(("Chuyên viên", "Trưởng phòng", "Giám đốc"))),
    st.tuples(st.just("displayName"), st.sampled_from(("Người Mới", "Nguyễn Thị Ánh", "O'Đào"))),
    st.tuples(st.just("active"), st.sampled_from((True, False, "False", "maybe"))),
    st.tuples(st.just("emails"), boxes),
)
steps = st.one_of(
    st.tuples(st.just("put"), people, st.sampled_from(UNITS), boxes, st.booleans()),
    st.tuples(st.just("patch"), people, st.lists(changes, min_size=1, max_size=2)),
    st.tuples(st.just("delete"), people),
)


@dataclass
class Told:
    """What a program knows of the people of one example: their ids, and what was said of each last."""

    client: Client
    mark: str
    ids: dict[int, str] = field(default_factory=dict)
    said: dict[int, dict[str, Any]] = field(default_factory=dict)

    def emails(self, numbers: list[int]) -> list[dict[str, Any]]:
        return [{"value": f"{self.mark}{one}@tp.example.gov.vn", "primary": not at} for at, one in enumerate(numbers)]

    def put(self, who: int, unit: str, numbers: list[int], active: bool) -> None:
        """POST for somebody new, PUT for who is there."""
        number = f"{self.mark}-{who}"
        body = user(number, unit, active=active, emails=self.emails(numbers))
        if who in self.said:
            self.take(who, self.client.ask("PUT", f"/Users/{self.ids[who]}", body))
        else:
            self.take(who, self.client.ask("POST", "/Users", body))

    def patch(self, who: int, wanted: list[tuple[str, Any]]) -> None:
        """One PATCH of some attributes."""
        operations = [
            {"op": "replace", "path": path, "value": self.emails(value) if path == "emails" else value}
            for path, value in wanted
        ]
        self.take(who, self.client.patch(f"/Users/{self.ids.get(who, 999_999)}", *operations))

    def delete(self, who: int) -> None:
        """Take them away."""
        gone = self.client.ask("DELETE", f"/Users/{self.ids.get(who, 999_999)}").status_code
        assert gone == (204 if who in self.said else 404)
        self.said.pop(who, None)

    def take(self, who: int, answer: Any) -> None:
        """Remember what was answered; a refusal says why in SCIM's form and has changed nothing."""
        if answer.status_code in {200, 201}:
            assert answer.json is not None
            self.ids[who], self.said[who] = answer.json["id"], answer.json
        else:
            kinds: dict[int, set[str | None]] = {400: {"invalidValue", "mutability"}, 404: {None}, 409: {"uniqueness"}}
            assert answer.json is not None, answer.text
            assert answer.json.get("scimType") in kinds[answer.status_code], answer.text

    def is_so(self) -> None:
        """What is shown is what was said last."""
        for who, number in self.ids.items():
            shown = self.client.ask("GET", f"/Users/{number}")
            assert shown.json == self.said[who] if who in self.said else shown.status_code == 404


def _holds_the_rules(settings: Settings, folder: Path) -> None:
    with unit_of_work(settings) as session:
        now = roster(session)
        write_roster(now, folder / "officials.csv")
        read = read_roster(folder / "officials.csv")
        again = import_roster(session, command_line_actor(), roster=read, dry_run=True, allow_removals=True)
        assert [change.words.en for change in again.changes] == []
        gone = select(OfficialRow.id).where(OfficialRow.gone_at.is_not(None))
        left = (
            select(func.count(PostRow.official)).where(PostRow.official.in_(gone)),
            select(func.count(MailboxRow.id)).where(MailboxRow.owner.in_(gone), MailboxRow.gone_at.is_(None)),
            select(func.count()).select_from(AliasRow).join(MailboxRow).where(MailboxRow.gone_at.is_not(None)),
        )
        assert [session.scalar(one) for one in left] == [0, 0, 0]
        assert first_broken(session) is None


@tried(
    max_examples=30, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)  # fmt: skip
@given(st.lists(steps, min_size=1, max_size=8))
def test_any_order_keeps_the_rules(
    app: BorderedFlask, client: Client, settings: Settings, tmp_path: Path, wanted: list[tuple[Any, ...]]
) -> None:
    app.config["OPTIONS"] = replace(app.config["OPTIONS"], api_requests_a_minute=1_000_000)
    told = Told(client, f"x{next(_examples)}")
    for verb, who, *more in wanted:
        getattr(told, verb)(who, *more)
        told.is_so()
    _holds_the_rules(settings, tmp_path)


def test_saying_the_same_again_is_no_change(client: Client, settings: Settings) -> None:
    """By PUT of what was shown, and by PATCH of what is so: no entry in the trail, the same version."""
    told = Told(client, "y")
    told.put(0, UNITS[0], [0, 1], True)
    before = told.said[0]
    with unit_of_work(settings) as session:
        entries = session.scalar(select(func.count(AuditEntry.id)))
    told.take(0, client.ask("PUT", f"/Users/{told.ids[0]}", before))
    told.patch(0, [("title", before["title"]), ("active", "True")])
    assert told.said[0] == before
    with unit_of_work(settings) as session:
        assert session.scalar(select(func.count(AuditEntry.id))) == entries
