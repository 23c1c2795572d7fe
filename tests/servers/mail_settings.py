"""The settings of a private mail server: its people, its ports and the text of its configuration files.

Nothing here touches the machine; `mail_server` writes these texts into a folder of its own and starts the programs.
"""

from __future__ import annotations

import pwd
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.loopback import free_port

DOMAIN = "tp.example.gov.vn"
PASSWORD = "mat-khau-thu"
ZONE = "Asia/Ho_Chi_Minh"
OWNER = "mail"
"""The account, on every Debian, that the mailboxes belong to."""
PEOPLE = (
    "xd.gd",
    "xd.pgd",
    "xd.cv1",
    "xd.cv2",
    "xd.vt",
    "tc.gd",
    "tc.cv1",
    "tc.cv2",
    "gt.gd",
    "gt.cv1",
    "yt.gd",
    "yt.cv1",
    "pccc.gd",
    "pccc.cv1",
    "pccc.cv2",
    "vp.may",
    "vp.chung",
    "khong.ten",
)
"""Local parts of the mailboxes; the play tells what each of them does."""
GONE = "xoa.roi"
"""A mailbox that Postfix still takes mail for and Dovecot no longer has."""
ALIASES = {
    "phong.xd": ("xd.cv1@" + DOMAIN, "xd.cv2@" + DOMAIN),
    "giam.doc.cu": ("giam.doc@gmail.test",),
    "yt.gd.cu": ("yt.gd@" + DOMAIN,),
    "ca.phong": ("xd.cv1@" + DOMAIN, "xd.cv2@" + DOMAIN, "xd.vt@" + DOMAIN, "nguoi.cu@gmail.test"),
}
"""Virtual aliases: two persons, an address outside the city, and another name of one mailbox."""


@dataclass(frozen=True, slots=True)
class Options:
    """What differs between the servers a test starts.

    `syslog`: both programs log through a private rsyslog into one file (and its ISO twin), else each into its own
    file. `filter_expands`: aliases are expanded before the content filter (Postfix's default), else behind it.
    `delivery_agent`: Dovecot's own program is run for every recipient instead of LMTP, so that no id joins the lines.
    `host`: the name in its log lines. `next_hop`: the port of the server that has the mailboxes, 0 when it is this one.
    `ahead`: the programs read their clock from a file (libfaketime), at first so many seconds ahead of the machine's
    (None: they have the machine's), so that weeks pass in minutes. `flags`: mail_log writes what clients mark.
    """

    syslog: bool = True
    long_queue_ids: bool = True
    auth_verbose: bool = True
    xforward: bool = True
    filter_expands: bool = True
    delivery_agent: bool = False
    host: str = "mail"
    next_hop: int = 0
    ahead: float | None = None
    flags: bool = True


@dataclass(frozen=True, slots=True)
class Ports:
    """Every port of one server, all on 127.0.0.1."""

    mx: int = field(default_factory=free_port)
    submission: int = field(default_factory=free_port)
    submission_filtered: int = field(default_factory=free_port)
    submission_proxied: int = field(default_factory=free_port)
    reinject: int = field(default_factory=free_port)
    content_filter: int = field(default_factory=free_port)
    outside: int = field(default_factory=free_port)
    imap: int = field(default_factory=free_port)
    pop3: int = field(default_factory=free_port)
    lmtp: int = field(default_factory=free_port)
    auth: int = field(default_factory=free_port)


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one server and the files in it."""

    root: Path

    @property
    def clock(self) -> Path:
        """How many seconds the programs' clock is ahead of the machine's, where it is driven."""
        return self.root / "clock"

    @property
    def mixed_log(self) -> Path:
        """Postfix and Dovecot through syslog, RFC 3164."""
        return self.root / "log" / "mail.log"

    @property
    def iso_log(self) -> Path:
        """The same lines with ISO 8601 stamps."""
        return self.root / "log" / "mail-iso.log"

    @property
    def postfix_log(self) -> Path:
        """What Postfix writes by itself (`maillog_file`)."""
        return self.root / "log" / "maillog"

    @property
    def dovecot_log(self) -> Path:
        """What Dovecot writes by itself (`log_path`)."""
        return self.root / "log" / "dovecot.log"

    def home(self, person: str) -> Path:
        """The home folder of a mailbox."""
        return self.root / "box" / person


CLOCK_VARIABLES = ("LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE", "FAKETIME_NO_CACHE", "FAKETIME_DONT_FAKE_MONOTONIC")


def clock_library() -> Path | None:
    """libfaketime as Debian installs it, or None."""
    return next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)


def clock_environment(place: Place) -> dict[str, str]:
    """What a program needs in its environment to read its clock from the place's file."""
    library = clock_library()
    assert library is not None
    return dict(zip(CLOCK_VARIABLES, (str(library), str(place.clock), "1", "1"), strict=True))


def rsyslog_conf(place: Place) -> str:
    """One socket, two files: the traditional format and the ISO one."""
    tail = "%HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\\n"
    return f"""\
module(load="imuxsock" SysSock.Name="{place.root}/log.sock" SysSock.RateLimit.Interval="0")
template(name="trad" type="string" string="%TIMESTAMP% {tail}")
template(name="iso" type="string" string="%TIMESTAMP:::date-rfc3339% {tail}")
mail.* action(type="omfile" file="{place.mixed_log}" template="trad")
mail.* action(type="omfile" file="{place.iso_log}" template="iso")
"""


def dovecot_passwd(place: Place) -> str:
    """A passwd-file with every person; nobody else exists."""
    owner = pwd.getpwnam(OWNER)
    return "".join(
        f"{p}@{DOMAIN}:{{PLAIN}}{PASSWORD}:{owner.pw_uid}:{owner.pw_gid}::{place.home(p)}::\n" for p in PEOPLE
    )


def _dovecot_listeners(ports: Ports) -> str:
    """The doors for reading, the one for Postfix's deliveries and the one for its questions who may log in."""
    doors = (("imap", ports.imap), ("pop3", ports.pop3))
    inner = (("lmtp", ports.lmtp), ("auth", ports.auth))
    login = (
        f"service {name}-login {{\n  inet_listener {name} {{\n    port = {port}\n  }}\n"
        f"  inet_listener {name}s {{\n    port = 0\n  }}\n}}\n"
        for name, port in doors
    )
    rest = (
        f"service {name} {{\n  inet_listener {name} {{\n    address = 127.0.0.1\n    port = {port}\n  }}\n}}\n"
        for name, port in inner
    )
    return "".join((*login, *rest))


def _dovecot_accounts(place: Place) -> str:
    """Who may log in, and where their mail lies: one file for both."""
    file = f"{{\n  driver = passwd-file\n  args = {place.root}/passwd\n}}\n"
    return f"passdb {file}userdb {file}"


def _dovecot_driven() -> str:
    """Every process reads the driven clock; one process serves many sessions, because weeks of them are played.

    None is ended for having been idle: hours pass for it between two moments.
    """
    many = "".join(f"service {name} {{\n  service_count = 0\n}}\n" for name in ("imap", "imap-login", "pop3-login"))
    return f"import_environment = TZ {' '.join(CLOCK_VARIABLES)}\ndefault_idle_kill = 60 days\n{many}"


def _logged(options: Options) -> str:
    """What mail_log writes: everything, or only what Debian's example has."""
    events = "delete undelete expunge copy mailbox_delete mailbox_rename"
    return f"{events} save flag_change mailbox_create" if options.flags else events


def dovecot_conf(place: Place, ports: Ports, options: Options) -> str:
    """IMAP, POP3, LMTP with sieve and the mail_log plugin with every event and field."""
    log = "" if options.syslog else f"log_path = {place.dovecot_log}\n"
    root = place.root
    return f"""\
{log}{"" if options.ahead is None else _dovecot_driven()}base_dir = {root}/run
protocols = imap pop3 lmtp
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
mail_location = maildir:~/mail
first_valid_uid = 1
auth_username_format = %Lu
auth_failure_delay = 0
auth_mechanisms = plain login
auth_verbose = {"yes" if options.auth_verbose else "no"}
recipient_delimiter = +
{_dovecot_accounts(place)}{_dovecot_listeners(ports)}service anvil {{
  client_limit = 2000
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
mail_plugins = mail_log notify
plugin {{
  mail_log_events = {_logged(options)}
  mail_log_fields = uid box msgid size from subject flags
  sieve = file:~/sieve;active=~/.dovecot.sieve
}}
submission_host = 127.0.0.1:{ports.mx}
protocol imap {{
  mail_max_userip_connections = 200
}}
protocol lmtp {{
  mail_plugins = mail_log notify sieve
}}
protocol lda {{
  mail_plugins = mail_log notify sieve
}}
service auth {{
  unix_listener auth-userdb {{
    mode = 0666
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


def main_cf(place: Place, ports: Ports, options: Options) -> str:
    """Postfix for one virtual domain; everything else goes to the outside world of the test."""
    root = place.root
    log = "" if options.syslog else f"maillog_file = {place.postfix_log}\nmaillog_file_prefixes = {root}\n"
    if options.ahead is not None:
        log += f"import_environment = MAIL_CONFIG TZ LANG=C {' '.join(CLOCK_VARIABLES)}\n"
    own = "pipe-lda:" if options.delivery_agent else f"lmtp:inet:127.0.0.1:{ports.lmtp}"
    store = f"smtp:[127.0.0.1]:{options.next_hop}" if options.next_hop else own
    return f"""\
{log}compatibility_level = 3.6
queue_directory = {root}/spool
data_directory = {root}/data
myhostname = {options.host}.{DOMAIN}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.1/32
recipient_delimiter = +
virtual_mailbox_domains = {DOMAIN}
virtual_mailbox_maps = texthash:{root}/mailboxes
virtual_alias_maps = texthash:{root}/virtual
virtual_transport = {store}
default_transport = smtp:[127.0.0.1]:{ports.outside}
smtp_dns_support_level = disabled
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{ports.auth}
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 200
alias_maps =
alias_database =
enable_long_queue_ids = {"yes" if options.long_queue_ids else "no"}
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 2s
pipe-lda_destination_recipient_limit = 1
"""


def master_cf(place: Place, ports: Ports, options: Options) -> str:
    """The front door, three submission ports (plain, content filter, proxy filter) and the way back in."""
    overrides = "" if options.filter_expands else " -o receive_override_options=no_address_mappings"
    submission = "-o smtpd_sasl_auth_enable=yes -o smtpd_relay_restrictions=permit_sasl_authenticated,reject"
    hop = f"scan:[127.0.0.1]:{ports.content_filter}"
    proxy = f"-o smtpd_proxy_filter=127.0.0.1:{ports.content_filter}"
    filtered = f"{submission} -o content_filter={hop}{overrides}"
    way_back = "-o content_filter= -o smtpd_authorized_xforward_hosts=127.0.0.1"
    services = [
        f"127.0.0.1:{ports.mx} inet n - n - - smtpd",
        f"127.0.0.1:{ports.submission} inet n - n - - smtpd -o syslog_name=postfix/submission {submission}",
        f"127.0.0.1:{ports.submission_filtered} inet n - n - - smtpd -o syslog_name=postfix/submission {filtered}",
        f"127.0.0.1:{ports.submission_proxied} inet n - n - - smtpd -o syslog_name=postfix/smtps {submission} {proxy}",
        f"127.0.0.1:{ports.reinject} inet n - n - - smtpd -o syslog_name=postfix/reinject {way_back}",
        f"scan unix - - n - 4 smtp -o smtp_send_xforward_command={'yes' if options.xforward else 'no'}",
        (
            f"pipe-lda unix - n n - - pipe flags=DRhu user={OWNER} argv=/usr/lib/dovecot/dovecot-lda"
            f" -c {place.root}/dovecot.conf -f ${{sender}} -d ${{user}}@${{domain}}"
        ),
        "pickup unix n - n 60 1 pickup",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "postlog unix-dgram n - n - 1 postlogd",
    ]
    plain = "rewrite:trivial-rewrite bounce defer:bounce trace:bounce verify flush proxymap smtp relay:smtp showq"
    limits = {"bounce": 0, "defer": 0, "trace": 0, "verify": 1, "anvil": 1, "scache": 1}
    for name in (plain + " error retry:error discard virtual lmtp anvil scache").split():
        service, _, command = name.partition(":")
        services.append(f"{service} unix - - n - {limits.get(service, '-')} {command or service}")
    return "\n".join(services) + "\n"
