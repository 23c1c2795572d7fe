"""A real OpenLDAP server on free ports of loopback, with a certificate made by the test and a small directory."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.certificates import write_certificates
from tests.servers.loopback import free_port, listens, missing, program, wait_until

BASE = "dc=tp,dc=example,dc=gov,dc=vn"
ROOT, ROOT_PASSWORD = f"cn=root,{BASE}", "root password"
SERVICE, SERVICE_PASSWORD = f"cn=vanthu,{BASE}", "service password"
PASSWORD = "mật khẩu ở cơ quan"
PEOPLE = (
    # uid, cn, employeeNumber, mail: as CB1 to CB3 of the town, one whom the town does not know, and awkward names
    ("an", "Nguyễn Thị Ngọc Ánh", "CB1", "cb1@tp.example.gov.vn"),
    ("ung", "Trần Văn Ửng", "", "CB2@tp.example.gov.vn"),
    ("ha", "Lê Thị Thu Hà", "CB3", ""),
    ("ngoai", "Người Ngoài", "CB99", "ngoai@example.org"),
    ("o*a", "Sao", "", ""),
    ("a,b+c", "Dấu Phẩy", "", ""),
)
SCHEMAS = Path("/etc/ldap/schema")
CONFIG = """
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
TLSCACertificateFile {folder}/ca.pem
TLSVerifyClient never
{security}
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{service}" read by self read by * none
database mdb
maxsize 16777216
suffix "{base}"
rootdn "cn=root,{base}"
rootpw "{root_password}"
{more}
directory {folder}/data
"""


@dataclass(frozen=True, slots=True)
class Slapd:
    """A server that runs: its ports, without TLS at first and with it, and the certificates to trust."""

    port: int
    tls_port: int
    ca_file: Path
    other_ca_file: Path
    """Certificates of somebody else: a server that shows another's is not ours."""
    elsewhere: socket.socket
    """Listens where the directory's reference points to; whoever follows it comes here."""


def entries(elsewhere: int) -> str:
    """The directory as LDIF; with a reference to a server on the port `elsewhere`."""
    service = f"dn: {SERVICE}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: vanthu"
    reference = f"dn: ou=elsewhere,{BASE}\nobjectClass: referral\nobjectClass: extensibleObject\nou: elsewhere"
    blocks = [
        f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: tp\no: Thành phố",
        f"dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people",
        f"{service}\nuserPassword: {SERVICE_PASSWORD}",
        f"{reference}\nref: ldap://127.0.0.1:{elsewhere}/ou=elsewhere,{BASE}",
    ]
    for uid, name, number, mail in PEOPLE:
        dn = uid.replace(",", "\\2c").replace("+", "\\2b")
        lines = [f"dn: uid={dn},ou=people,{BASE}", "objectClass: inetOrgPerson", f"uid: {uid}", f"cn: {name}", "sn: x"]
        lines += [f"userPassword: {PASSWORD}"]
        lines += [f"employeeNumber: {number}"] if number else []
        lines += [f"mail: {mail}"] if mail else []
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def running(
    folder: Path, *, security: str = "", more: str = "", content: Callable[[int], str] = entries
) -> Iterator[Slapd]:
    """A server that holds the LDIF of `content`, with `more` in its configuration, until the iterator is closed."""
    slapd, slapadd = program("slapd", "/usr/sbin"), program("slapadd", "/usr/sbin")
    if slapd is None or slapadd is None:
        missing("OpenLDAP (Debian: slapd)")
    (folder / "data").mkdir()
    write_certificates(folder)
    config = folder / "slapd.conf"
    config.write_text(
        CONFIG.format(
            schemas=SCHEMAS,
            folder=folder,
            service=SERVICE,
            base=BASE,
            security=security,
            more=more,
            root_password=ROOT_PASSWORD,
        ),
        "utf-8",
    )
    elsewhere = socket.create_server(("127.0.0.1", 0))
    elsewhere.setblocking(False)
    ldif = content(elsewhere.getsockname()[1])
    subprocess.run([slapadd, "-f", config], input=ldif, text=True, check=True, capture_output=True)
    port, tls_port = free_port(), free_port()
    addresses = f"ldap://127.0.0.1:{port} ldaps://127.0.0.1:{tls_port}"
    with (folder / "log").open("wb") as log:
        # -d 0: in the foreground
        server = subprocess.Popen([slapd, "-f", config, "-h", addresses, "-d", "0"], stdout=log, stderr=log)
        try:
            wait_until(lambda: server.poll() is not None or (listens(port) and listens(tls_port)), "slapd answers")
            assert server.poll() is None, (folder / "log").read_text()
            yield Slapd(port, tls_port, folder / "ca.pem", folder / "other_ca.pem", elsewhere)
        finally:
            server.terminate()
            server.wait(10)
            elsewhere.close()


@pytest.fixture(scope="session")
def directory_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    """The directory server of this session of tests; it refuses passwords on connections that are not encrypted."""
    yield from running(tmp_path_factory.mktemp("slapd"), security="security simple_bind=128")
