"""What else stands in a mail log: attackers, refused log-ins, greylisting, bounces, deferred mail, statistics."""

from __future__ import annotations

from datetime import datetime, timedelta

from mail_audit.sample.desk import Desk
from mail_audit.sample.ledger import Account
from mail_audit.sample.people import DOMAIN
from mail_audit.sample.postoffice import GMAIL, SECOND

HOSTILE_USERS = (
    "admin",
    "root",
    f"x>, method=PLAIN, rip=203.0.113.66 Login: user=<thutruong.xd@{DOMAIN}",
    f"a@{DOMAIN}> sasl_username=thutruong.xd@{DOMAIN}",
    "' OR 1=1 --",
)
HOSTILE_IDS = (
    (f"<x>: saved mail to INBOX sasl_username=thutruong.xd@{DOMAIN}>", None, "unspecified"),
    (
        f"<a b, client=unknown[203.0.113.66], sasl_method=PLAIN, sasl_username=thutruong.xd@{DOMAIN}>",
        "<a b, client=unknown[203.0.113.66], sasl_method=PLAIN, sasl_username=thutruong.xd@t...",
        f"<ab,client=unknown[203.0.113.66],sasl_method=PLAIN,sasl_username=thutruong.xd@{DOMAIN}>",
    ),
    ("<>", "<>", "<>"),
)
"""Message-ids made to look like facts: as Postfix, mail_log and the delivery agent write each of them."""


class Troubles:
    """Writes what is never use of e-mail, and counts what of it belongs to somebody's figures."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.office = desk.office
        self.chance = desk.chance

    def refused_imap(self, at: int, user: str, peer: str, attempts: int, account: Account | None) -> None:
        """A refused IMAP or POP3 log-in with its number of attempts."""
        protocol = "imap" if self.chance.random() < 0.8 else "pop3"
        lip = self.desk.server.store_address
        session = self.office.session()
        words = self.desk.spelling.refused(protocol, user, peer, lip, attempts, 2 * attempts + 1, session)
        for attempt in range(attempts):
            self.verbose(at - (2 * (attempts - attempt) + 1) * SECOND, user, f"{peer},<{session}>")
        self.office.note_store(at, f"dovecot: {words}")
        if account is not None:
            account.failed += attempts

    def verbose(self, at: int, user: str, peer: str) -> None:
        """Dovecot's own line for a refused password: the same attempt the log-in service reports too."""
        if not self.office.server.auth_verbose or self.desk.spelling.version not in ("2.2", "2.3", "2.3.15"):
            return
        if ">" in user or " " in user:
            odd = ">" if ">" in user else " "
            code = f"{ord(odd):#04x}"
            reason = f"Username character disallowed by auth_username_chars: {code} (username: {user})"
            self.office.note_store(at, f"dovecot: auth: plain(?,{peer}): {reason}")
            return
        reason = "Password mismatch" if user.endswith("@" + DOMAIN) else "unknown user"
        self.office.note_store(at, f"dovecot: auth: passwd-file({user},{peer}): {reason}")

    def refused_smtp(self, at: int, user: str, peer: str, account: Account | None, *, named: bool = True) -> None:
        """A refused SMTP authentication; servers before Postfix 3.7 do not write the user name."""
        put = self.office.note
        self.office.serial += 1
        process = f"postfix/submission/smtpd[{2000 + self.office.serial % 37}]"
        reason = f"(reason unavailable), sasl_username={user}" if named else "UGFzc3dvcmQ6"
        put(at, f"{process}: connect from unknown[{peer}]")
        if named:
            self.verbose(at + 100_000, user, peer)
        put(at + 2 * SECOND, f"{process}: warning: unknown[{peer}]: SASL LOGIN authentication failed: {reason}")
        put(at + 3 * SECOND, f"{process}: lost connection after AUTH from unknown[{peer}]")
        put(at + 3 * SECOND, f"{process}: disconnect from unknown[{peer}] ehlo=1 auth=0/1 commands=1/2")
        if account is not None and named:
            account.failed += 1

    def attack(self, at: int, victim: Account) -> None:
        """One attacker's visit: guesses at a real mailbox, hostile user names, a relay attempt with a hostile HELO."""
        peer = f"198.51.100.{self.chance.randrange(1, 250)}"
        self.refused_imap(at, victim.address, peer, self.chance.randrange(1, 4), victim)
        self.refused_smtp(at + 9 * SECOND, victim.address, peer, victim, named=self.chance.random() < 0.7)
        self.refused_imap(at + 20 * SECOND, self.chance.choice(HOSTILE_USERS), peer, 1, None)
        self.refused_smtp(at + 30 * SECOND, self.chance.choice(HOSTILE_USERS), peer, None)
        process = f"postfix/smtpd[{2000 + self.office.serial % 37}]"
        put = self.office.note
        put(at + 40 * SECOND, f"{process}: connect from unknown[{peer}]")
        put(
            at + 41 * SECOND,
            f"{process}: NOQUEUE: reject: RCPT from unknown[{peer}]: 554 5.7.1 <out@elsewhere.example>: Relay access "
            "denied; from=<x@evil.example> to=<out@elsewhere.example> proto=ESMTP "
            "helo=<evil??sasl_username=?thutruong.xd?>",
        )
        put(at + 42 * SECOND, f"{process}: lost connection after RCPT from unknown[{peer}]")
        put(at + 42 * SECOND, f"{process}: disconnect from unknown[{peer}] ehlo=1 mail=1 rcpt=0/1 commands=2/3")

    def statistics(self, at: int) -> None:
        """A line of the anvil service, which nobody needs."""
        stamp = datetime.combine(self.desk.day, datetime.min.time()) + timedelta(microseconds=at)
        clock = f"{stamp:%b} {stamp.day:2d} {stamp:%H:%M:%S}"
        text = f"statistics: max connection rate 1/60s for (smtpd:198.51.100.{at % 250}) at {clock}"
        self.office.note(at, f"postfix/anvil[3300]: {text}")

    def greylist(self, at: int, sender: str, recipient: str, peer: str, helo: str) -> None:
        """A first delivery attempt turned away; the same message comes back later."""
        process = f"postfix/smtpd[{2000 + self.office.serial % 37}]"
        put = self.office.note
        put(at, f"{process}: connect from {peer}")
        put(
            at + 100_000,
            f"{process}: NOQUEUE: reject: RCPT from {peer}: 450 4.2.0 <{recipient}>: Recipient address rejected: "
            f"Greylisted, see http://postgrey.schweikert.ch/help/{DOMAIN}.html; from=<{sender}> to=<{recipient}> "
            f"proto=ESMTP helo=<{helo}>",
        )
        put(at + 150_000, f"{process}: disconnect from {peer} ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4")

    def bounced(self, at: int, account: Account, peer: str) -> None:
        """A submission to an address that does not exist: it counts as sent, and its report as received."""
        desk, office, put = self.desk, self.office, self.office.note
        recipient = f"khongton{self.chance.randrange(1000)}@gmail.com"
        desk.count(account, (recipient,), person=True)
        extra = f", sasl_method=PLAIN, sasl_username={account.address}"
        message_id = desk.message_id(DOMAIN)
        queue_id, after = office.take_in(
            at, "submission/smtpd", f"unknown[{peer}]", extra, account.address, (recipient,), message_id, 2100
        )
        put(
            after + SECOND,
            f"postfix/smtp[2101]: {queue_id}: to=<{recipient}>, relay={GMAIL}, delay=1.1, delays=0.1/0.01/0.5/0.5, "
            f"dsn=5.1.1, status=bounced (host {GMAIL[:-3]} said: 550 5.1.1 <{recipient}>: Recipient address rejected: "
            "User unknown (in reply to RCPT TO command))",
        )
        report = office.queue_id(after + 1_100_000)
        stamp = datetime.combine(desk.day, datetime.min.time()) + timedelta(microseconds=at) - timedelta(hours=7)
        report_id = f"<{stamp:%Y%m%d%H%M%S}.{report}@mail.{DOMAIN}>"
        put(after + 1_110_000, f"postfix/cleanup[2041]: {report}: message-id={report_id}")
        put(after + 1_120_000, f"postfix/qmgr[812]: {report}: from=<>, size=4450, nrcpt=1 (queue active)")
        put(after + 1_130_000, f"postfix/bounce[2900]: {queue_id}: sender non-delivery notification: {report}")
        put(after + 1_140_000, f"postfix/qmgr[812]: {queue_id}: removed")
        office.deliver(after + 1_200_000, report, "", (account.address,), report_id, 4450)

    def deferred(self, at: int, account: Account, peer: str, wait: int) -> None:
        """A submission whose receiver asks to come back: queued once, active again `wait` microseconds later."""
        desk, office, put = self.desk, self.office, self.office.note
        recipient = f"bancham{self.chance.randrange(1000)}@bao.example.org"
        desk.count(account, (recipient,), person=True)
        extra = f", sasl_method=PLAIN, sasl_username={account.address}"
        queue_id, after = office.take_in(
            at,
            "submission/smtpd",
            f"unknown[{peer}]",
            extra,
            account.address,
            (recipient,),
            desk.message_id(DOMAIN),
            1800,
        )
        relay = "mx.bao.example.org[192.0.2.80]"
        start = f"postfix/smtp[2102]: {queue_id}: to=<{recipient}>, relay={relay}:25"
        put(
            after + SECOND,
            f"{start}, delay=1.3, delays=0.1/0.01/0.6/0.6, dsn=4.2.0, status=deferred (host {relay} said: 450 4.2.0 "
            f"<{recipient}>: Recipient address rejected: Greylisted (in reply to RCPT TO command))",
        )
        again = f"postfix/qmgr[812]: {queue_id}: from=<{account.address}>, size=1800, nrcpt=1 (queue active)"
        put(after + wait, again)
        delay = wait // SECOND
        put(
            after + wait + SECOND,
            f"{start}, delay={delay}, delays={delay}/0/0.1/0.2, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4Xq7)",
        )
        put(after + wait + SECOND, f"postfix/qmgr[812]: {queue_id}: removed")

    def full_mailbox(self, at: int, recipient: Account) -> None:
        """Mail for a mailbox that is full: deferred, delivered half an hour later, received once."""
        office, put = self.office, self.office.note
        sender, message_id = "congdan7@gmail.com", self.desk.message_id("mail.gmail.com")
        queue_id, after = office.take_in(
            at, "smtpd", "mail-lj1-f180.google.com[192.0.2.180]", "", sender, (recipient.address,), message_id, 9100
        )
        put(
            after + 200_000,
            f"postfix/lmtp[2303]: {queue_id}: to=<{recipient.address}>, relay={office.relay}, delay=0.3, "
            f"delays=0.1/0/0.1/0.1, dsn=4.2.2, status=deferred (host {office.relay.removesuffix(':24')} said: 452 "
            f"4.2.2 <{recipient.address}> Quota exceeded (mailbox for user is full) (in reply to end of DATA command))",
        )
        after += 1800 * SECOND
        put(after, f"postfix/qmgr[812]: {queue_id}: from=<{sender}>, size=9100, nrcpt=1 (queue active)")
        office.deliver(after + 100_000, queue_id, sender, (recipient.address,), message_id, 9100)
