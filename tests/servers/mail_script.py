"""The play: a day of a small fictional city, its people, its machines and those who attack it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.servers.mail_acts import Play
from tests.servers.mail_clients import address
from tests.servers.mail_settings import DOMAIN, GONE
from tests.servers.mail_truth import REDIRECTS

SIEVE = {
    "tc.gd": 'require "vacation";\nvacation :days 1 "Tôi đi công tác.";\n',
    "tc.cv2": 'require ["fileinto", "mailbox"];\nif header :contains "subject" "[ban tin]" {\n'
    '  fileinto :create "Ban tin";\n}\n',
}
VICTIM = address("pccc.gd")
"""The official whom every attack names; he does nothing all day."""
CLERK_STATION = "127.0.0.21"
FORGED_LOGIN = f"Login: user=<{VICTIM}>, method=PLAIN, rip=127.0.0.31, lip=127.0.0.1, mpid=7, session=<AAAAAAAAAAAA>"
FORGED_LINE = f"a\nNov 22 12:00:00 mail dovecot: imap-login: {FORGED_LOGIN}"
FORGED_CLIENT = f"C0FFEE1234: client=unknown[127.0.0.31], sasl_method=PLAIN, sasl_username={VICTIM}"
OWN_ID = "250 2.0.0 Ok: queued as {first}"
LIES = {
    "ke.gian@out.test": f"250 2.0.0 Ok: queued as 4ABCDEF1234) to=<{VICTIM}>, relay=local, "
    f"status=sent (250 2.0.0 <{VICTIM}> x Saved",
    "ke.gian.2@out.test": OWN_ID,
    REDIRECTS["gt.gd"][0]: OWN_ID,
}
"""Recipients outside whose servers answer with delivery lines and queue ids of ours."""


def sieve_scripts() -> dict[str, str]:
    """Mailbox -> its standing rule: redirects with and without a copy, vacation, a folder."""
    scripts = dict(SIEVE)
    for person, (target, keeps_copy) in REDIRECTS.items():
        require, copy = ('require "copy";\n', ":copy ") if keeps_copy else ("", "")
        scripts[person] = f'{require}redirect {copy}"{target}";\n'
    return scripts


def sending(play: Play) -> None:
    """Log-in, one, several, aliases, outside, blind copies, another From, three ways through filters."""
    inside, outside = address("xd.gd"), "doi.tac@out.test"
    play.submit("xd.cv1", [inside])
    play.submit("xd.cv1", [inside, address("xd.pgd"), address("tc.cv1")])
    play.submit("xd.cv1", [address("phong.xd")])
    play.submit("xd.cv1", [address("phong.xd"), address("xd.cv2"), address("giam.doc.cu"), outside])
    play.submit("xd.cv1", [address("ca.phong"), address("yt.gd.cu")], door="submission_filtered")
    play.submit("xd.cv1", [inside, address("phong.xd"), outside], door="submission_filtered", subject="Qua bộ lọc")
    play.submit("xd.cv1", [inside, address("phong.xd"), outside], door="submission_proxied", subject="Qua cửa lọc")
    play.submit("xd.cv1", [address("tc.cv1").upper(), address("tc.cv2").replace("tc.cv2", "tc.cv2+viec")])
    play.submit("tc.cv1", [inside, outside], sender="phong.tai.chinh@khac.test", log_in=address("tc.cv1").upper())
    play.submit("tc.cv1", [outside], sender=address("xd.gd"), subject="Ký thay")
    play.submit("tc.cv1", [address("tc.cv1"), address("gt.gd")], subject="Gửi cho chính mình")
    play.submit("xd.gd", [f"nguoi.{number}@out.test" for number in range(60)], subject="Thư ngỏ")
    play.submit("xd.gd", [address("tc.gd")], message_id="<lap-lai@tp.example.gov.vn>")
    play.truth.arrived([inside])  # the answer of the standing absence message
    for _ in range(2):
        play.submit("tc.cv2", [address("yt.gd")], message_id="<lap-lai@tp.example.gov.vn>")
    play.broken_off("tc.cv2", [address("xd.gd"), outside])
    play.submit("tc.cv2", ['"a>, orig_to=<b@out.test>, relay=local, status=sent (x"@out.test'])


def difficulties(play: Play) -> None:
    """Bounces, put-off deliveries, a mailbox that is gone, and remote servers that lie."""
    play.submit("yt.cv1", ["refuse.1@out.test", address("tc.cv1")])
    play.submit("yt.cv1", ["refuse.2@out.test", "refuse.3@out.test"], door="submission_filtered")
    play.submit("yt.cv1", ["refuse.4@out.test"], sender="ngoai@khac.test")
    play.submit("yt.cv1", ["later.1@out.test", address("tc.cv1"), address("phong.xd")])
    play.submit("yt.cv1", ["later.2@out.test", address("tc.cv1")], door="submission_filtered")
    play.submit("yt.cv1", ["later.3@out.test"], door="submission_proxied")
    play.submit("yt.cv1", [address(GONE)])
    play.truth.arrived([address("yt.cv1")])  # Dovecot knows no such mailbox: it comes back
    play.submit("yt.cv1", ["ke.gian@out.test"])
    play.submit("yt.cv1", ["ke.gian.2@out.test"])
    play.submit("yt.cv1", ["ke.gian.2@out.test"], door="submission_filtered")
    play.submit("yt.cv1", ["ke.gian.2@out.test", address("gt.gd")], door="submission_proxied")


def arriving(play: Play) -> None:
    """Citizens write: to one, to several, to aliases, to forwarders; and to nobody."""
    play.arrive([address("xd.gd"), address("xd.pgd"), address("xd.vt")])
    play.arrive([address("gt.gd"), address("yt.gd"), address("pccc.cv1"), address("tc.gd")])
    play.arrive([address("phong.xd"), address("yt.gd.cu"), address("vp.chung"), address("khong.ten")])
    play.arrive([address("giam.doc.cu")])
    play.arrive([address("tc.cv2")], subject="[ban tin] Tuan 47")
    play.arrive([address("tc.cv2"), address("gt.cv1")], sender="")
    play.arrive([address("pccc.cv1")], sender="")
    for text in ("lap", "lai", "cung", "mot", "ma"):
        play.arrive([address("yt.cv1")], subject=text, message_id="<cung-mot-ma@out.test>")
    play.settle()


def reading(play: Play) -> None:
    """People open messages whole, by parts and from a cache; answer, move, delete; a clerk in a leader's mailbox."""
    opened = play.open_unread("xd.gd", "127.0.0.12", "body", most=3)
    play.reply("xd.gd", "127.0.0.12", address("xd.cv1"), opened[0])
    play.open_unread("xd.gd", "127.0.0.12", "parts", most=2)
    play.open_unread("tc.cv1", "127.0.0.13", "cache", most=3)
    play.open_unread("xd.pgd", CLERK_STATION, "body", most=1)
    play.open_unread("tc.cv2", "127.0.0.14", "body", folder="Ban tin")
    with play.reading("xd.gd", "127.0.0.12", log_in=address("xd.gd").upper()) as client:
        client.create_folder("Lưu trữ")
        client.select_folder("INBOX")
        first, second, third = opened
        client.fetch([first], ["BODY[]"])
        client.add_flags([first], [rb"\Seen", b"$Label1"])
        client.remove_flags([second], [rb"\Seen"])
        client.add_flags([second], [rb"\Seen"])
        client.copy([first], "Lưu trữ")
        client.move([second], "Lưu trữ")
        client.delete_messages([third])
        client.expunge()
        client.select_folder("Lưu trữ")
        client.fetch(client.search(), ["BODY[]"])
    with play.reading("tc.cv1", "127.0.0.13") as client:
        client.select_folder("INBOX")
        unread = client.search("UNSEEN")
        client.fetch(unread, ["FLAGS", "BODY.PEEK[HEADER]"])
        client.add_flags(unread[:2], [rb"\Seen", b"$Label1"])
        play.truth.add("tc.cv1", "opened", 2)
    with play.pop3("xd.cv2", "127.0.0.15") as box:
        box.retr(1)
        box.retr(1)
        box.dele(1)


def machines(play: Play) -> None:
    """A poller, a background sync, a POP3 poller, a program that sends on a schedule."""
    for _ in range(6):
        with play.reading("gt.cv1", "127.0.0.16") as client:
            client.folder_status("INBOX", ["MESSAGES", "UNSEEN"])
        with play.pop3("xd.cv2", "127.0.0.15") as box:
            box.stat()
    for _ in range(2):
        with play.reading("yt.gd", "127.0.0.17") as client:
            client.select_folder("INBOX", readonly=True)
            client.fetch(client.search(), ["BODY.PEEK[]"])
    play.idle_and_drop("gt.gd", "127.0.0.22")
    for hour in range(3):
        play.submit("vp.may", [address("vp.chung"), "gs@out.test"], station="127.0.0.18", subject=f"Báo cáo {hour}")
    play.settle()
    play.open_unread("vp.chung", CLERK_STATION)
    with play.reading("khong.ten", "127.0.0.19") as client:
        client.folder_status("INBOX", ["MESSAGES"])


def hostile_text(play: Play) -> None:
    """Headers, envelopes, HELO names and message-ids that look like log lines; the receiver opens them all."""
    forged_change = f"imap({VICTIM})<7><AAAA>: flag_change: box=INBOX, uid=9, msgid=<x>, size=1, flags=(\\Seen)"
    forged_sent = f"x, status=sent (250 2.0.0 <{VICTIM}> AAAA Saved)"
    target = [address("tc.cv2")]
    seen = '"x, size=1, flags=(\\Seen)" <cong.dan@out.test>'
    play.arrive(target, subject=r"x, flags=(\Seen)", from_header=seen)
    play.arrive(target, subject=forged_change)
    play.arrive(target, subject=forged_sent, helo=f"x]: {FORGED_CLIENT}")
    play.arrive(target, subject=FORGED_LOGIN, helo=VICTIM)
    play.arrive(target, subject="=?utf-8?q?a=0ANov_22_12=3A00=3A00_mail_dovecot=3A_imap-login=3A_Login?=")
    play.arrive(target, subject="dài " * 3000)
    play.arrive(target, message_id=r"<h1@out.test>, size=1, flags=(\Seen)>")
    play.arrive(target, message_id=forged_change)
    play.arrive(target, message_id=f"<{VICTIM}>")
    play.arrive(target, message_id=f"<x> {forged_sent}")
    play.arrive(target, message_id=f"<h2@\r\n {VICTIM}>")
    play.arrive(target, message_id="")
    play.arrive(target, message_id="<" + "k" * 1500 + "@out.test>")
    play.arrive(target, sender=f'"x>, sasl_username={VICTIM}, a=<b"@out.test')
    play.arrive(target, sender=f'"x>, size=1, nrcpt=9 (queue active) to=<{VICTIM}"@out.test')
    play.submit("tc.cv1", [VICTIM], subject=forged_change, message_id=f"<y>, {FORGED_LOGIN}", helo=f"x {FORGED_CLIENT}")
    play.submit("tc.cv1", [VICTIM], sender=VICTIM, message_id="<cung-mot-ma@out.test>")
    play.settle()
    play.open_unread("tc.cv2", "127.0.0.14", "cache")
    play.open_unread("yt.cv1", "127.0.0.20", "parts")


FORGED_NAMES = (
    "x>, method=PLAIN, rip=127.0.0.31, lip=127.0.0.1, session=<a",
    f"{VICTIM}>, method=PLAIN, rip=127.0.0.31, lip=127.0.0.1, session=<a",
    f"x (auth failed, 9 attempts in 2 secs): user=<{VICTIM}",
    FORGED_LOGIN,
    FORGED_LINE,
    f"{VICTIM}\r\n",
    f"{VICTIM}\0",
    "\x1b[31m%s%n",
    "giám.đốc@" + DOMAIN,
    "n" * 900,
)


def attacks(play: Play) -> None:
    """Guessed passwords under known, unknown and forged names, on all three doors and at once; relaying."""
    other, nobody = address("xd.gd"), "khong.co@" + DOMAIN
    acts = [
        partial(play.smtp_refused, [VICTIM, VICTIM, other]),
        partial(play.smtp_refused, [VICTIM.upper()], mechanism="LOGIN"),
        partial(play.smtp_refused, [f"x>, sasl_username={VICTIM}", FORGED_LINE, f"{VICTIM}\n", "admin", nobody]),
        partial(play.imap_refused, [VICTIM.encode()] * 3),
        partial(play.imap_refused, [VICTIM.upper().encode()], drop=True),
        partial(play.imap_refused, [VICTIM.encode(), other.encode(), nobody.encode()]),
        partial(play.imap_refused, [b"admin", VICTIM.encode()], drop=True),
        partial(play.imap_refused, [other.encode(), VICTIM.encode()], then="tc.cv1"),
        partial(play.imap_refused_plain, VICTIM.encode(), acting_as=other.encode()),
        partial(play.pop3_refused, [VICTIM, VICTIM, other]),
        partial(play.pop3_refused, [f"Login:<{VICTIM}>"]),
        *(partial(play.imap_refused, [name.encode()]) for name in FORGED_NAMES),
        *(partial(play.imap_refused_plain, name.replace("\0", " ").encode()) for name in FORGED_NAMES),
    ]
    with ThreadPoolExecutor(8) as attackers:
        for done in [attackers.submit(act) for act in acts]:
            done.result()
    play.unwelcome([address("khong.co"), "ai.do@out.test", f'"a>, relay=local, status=sent ({VICTIM}"@out.test'])


def whole_day(play: Play) -> None:
    """Everything, in an order in which every act finds what it needs."""
    sending(play)
    difficulties(play)
    arriving(play)
    reading(play)
    machines(play)
    hostile_text(play)
    attacks(play)
    play.settle()
