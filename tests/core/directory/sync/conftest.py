"""An office's directory server whose entries a test changes, and an installation that syncs with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import ldap3
import pytest
from ldap3.utils.conv import escape_filter_chars
from sqlalchemy.orm import Session

from core.db import forget
from core.directory import queries
from core.directory.queries.sync import Run
from core.settings import Settings, load
from tests.servers.slapd import BASE, ROOT, ROOT_PASSWORD, SERVICE, SERVICE_PASSWORD, Slapd, running

PEOPLE = f"ou=people,{BASE}"
STAFF = (
    # uid, name, number, unit, title
    ("an", "Nguyễn Thị Ngọc Ánh", "CB1", "Sở Xây dựng", "Giám đốc"),
    ("ung", "Trần Văn Ửng", "CB2", "Sở Xây dựng", "Phó Giám đốc"),
    ("ha", "Lê Thị Thu Hà", "CB3", "Phòng Quản lý nhà", "Chuyên viên"),
    ("long", "Phạm Đức Long", "CB4", "Phòng Quản lý nhà", "Chuyên viên"),
    ("quan", "Hoàng Minh Quân", "CB5", "Sở Y tế", "Giám đốc"),
    ("lan", "Vũ Ngọc Lan", "CB7", "Sở Y tế", "Chuyên viên"),
    ("quynh", "Đỗ Thị Quỳnh", "CB8", "Sở Y tế", "Chuyên viên"),
    ("khai", "Bùi Văn Khải", "CB9", "Sở Y tế", "Chuyên viên"),
)
PARENTS = {"Phòng Quản lý nhà": "Sở Xây dựng"}


def entry(uid: str, name: str, number: str, unit: str, title: str) -> dict[str, list[str]]:
    """The attributes of somebody's entry; the unit above stands in `departmentNumber`."""
    found = {
        "objectClass": ["inetOrgPerson"],
        "uid": [uid],
        "cn": [name],
        "sn": ["x"],
        "ou": [unit],
        "title": [title],
        "employeeNumber": [number],
        "mail": [f"{number.lower()}@tp.example.gov.vn"],
        "departmentNumber": [PARENTS.get(unit, "")],
    }
    return {key: values for key, values in found.items() if values != [""]}


def ldif(elsewhere: int) -> str:
    """The whole directory, with a reference to a server on the port `elsewhere`."""
    reference = f"dn: ou=elsewhere,{BASE}\nobjectClass: referral\nobjectClass: extensibleObject\nou: elsewhere"
    service = f"dn: {SERVICE}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: vanthu"
    blocks = [
        f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: tp\no: Thành phố",
        f"dn: {PEOPLE}\nobjectClass: organizationalUnit\nou: people",
        f"{service}\nuserPassword: {SERVICE_PASSWORD}",
        f"{reference}\nref: ldap://127.0.0.1:{elsewhere}/ou=elsewhere,{BASE}",
        f"dn: uid=printer,{PEOPLE}\nobjectClass: inetOrgPerson\nuid: printer\ncn: Máy in\nsn: x",
    ]
    for person in STAFF:
        lines = [f"{key}: {value}" for key, values in entry(*person).items() for value in values]
        blocks.append("\n".join([f"dn: uid={person[0]},{PEOPLE}", *lines]))
    return "\n\n".join(blocks) + "\n"


@dataclass(frozen=True, slots=True)
class Office:
    """The server, changed by whoever looks after it."""

    server: Slapd

    @contextmanager
    def _bound(self) -> Iterator[ldap3.Connection]:
        server = ldap3.Server("127.0.0.1", port=self.server.port, get_info=ldap3.NONE)
        connection = ldap3.Connection(server, ROOT, ROOT_PASSWORD, auto_bind=True, check_names=False)
        try:
            yield connection
        finally:
            connection.unbind()

    def join(self, *person: str) -> None:
        """Somebody new."""
        with self._bound() as connection:
            assert connection.add(f"uid={person[0]},{PEOPLE}", attributes=entry(*person)), connection.result

    def change(self, uid: str, **values: str | list[str]) -> None:
        """Other values of somebody's entry; an empty list takes an attribute away."""
        changes = {
            name: [(ldap3.MODIFY_REPLACE, value if isinstance(value, list) else [value])]
            for name, value in values.items()
        }
        with self._bound() as connection:
            assert connection.modify(f"uid={uid},{PEOPLE}", changes), connection.result

    def leave(self, *uids: str) -> None:
        """Their entries go."""
        with self._bound() as connection:
            for uid in uids:
                assert connection.delete(f"uid={escape_filter_chars(uid)},{PEOPLE}"), connection.result


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server of the test's own."""
    for server in running(tmp_path_factory.mktemp("office"), content=ldif):
        yield Office(server)


def table(server: Slapd, more: str = "") -> str:
    """The settings of an installation that syncs with the server."""
    return f"""
[ldap.office]
servers = ["127.0.0.1:{server.tls_port}"]
label = "Cơ quan"
ca_file = "{server.ca_file}"
base = "{BASE}"
service_dn = "{SERVICE}"
password_variable = "OFFICE_PASSWORD"
[sync.office]
parent_unit = "departmentNumber"
{more}
"""


@pytest.fixture
def synced(office: Office, each_database: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The installation, on SQLite and PostgreSQL."""
    monkeypatch.setenv("OFFICE_PASSWORD", SERVICE_PASSWORD)
    yield from _installed(each_database, office)


@pytest.fixture
def small(office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The installation, on SQLite."""
    monkeypatch.setenv("OFFICE_PASSWORD", SERVICE_PASSWORD)
    yield from _installed(settings, office)


def _installed(settings: Settings, office: Office) -> Iterator[Settings]:
    made = with_table(settings, table(office.server))
    yield made
    forget(made)


def latest_run(session: Session) -> Run:
    """The last run that was kept, whole."""
    found = queries.sync_run(session, queries.sync_runs(session, offset=0, limit=1)[0].run_id)
    assert found is not None
    return found


def with_table(settings: Settings, content: str) -> Settings:
    """The same installation with this file of settings."""
    settings.home.mkdir(exist_ok=True)
    Path(settings.home / "vanthu.toml").write_text(content, "utf-8")
    return load({"VANTHU_HOME": str(settings.home), "VANTHU_DATABASE_URL": settings.database_url})
