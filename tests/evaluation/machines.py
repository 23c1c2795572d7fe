"""Machines of many kinds: devices, programs and administrators whose sessions are nobody's use."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from functools import partial

from tests.evaluation.clock import moment
from tests.evaluation.persons import SEEN, kept_open, unread, workdays
from tests.evaluation.world import Player, World
from tests.servers.mail_clients import ImapFrom, address
from tests.servers.mail_clients import message as text
from tests.servers.mail_settings import clock_environment

MINUTE = 1 / 60
DAY = 24.0


def status_poller(world: World, who: str, station: str, minutes: float, *, jitter: float = 0.0) -> Player:
    """A telephone that asks for new mail at a fixed gap, day and night."""
    dice = world.dice(f"{who} poll")
    at = moment(world.days[0], dice.uniform(0, 0.4))
    while True:
        yield at + dice.uniform(-jitter, jitter)
        client = world.imap(who, station)
        client.folder_status("INBOX", ["MESSAGES", "UNSEEN"])
        world.leave(client)
        world.did(who, "machine")
        at += minutes * 60


def fetch_poller(world: World, who: str, station: str, minutes: float, *, removes: bool = False) -> Player:
    r"""A program that fetches all new mail at a fixed gap: `BODY[]` sets \Seen; it may remove what it took."""
    at = moment(world.days[0], world.dice(who).uniform(0, 0.4))
    while True:
        yield at
        client = world.imap(who, station)
        if found := unread(client, 99):
            client.fetch(found, ["BODY[]"])
            if removes:
                client.delete_messages(found)
                client.expunge()
        world.leave(client)
        world.did(who, "machine")
        at += minutes * 60


def push_telephone(world: World, who: str, station: str, *, asleep: bool = True) -> Player:
    """A telephone that is woken by each arrival and fetches just what is new, unread; irregular as the mail itself."""
    dice = world.dice(f"{who} push")
    known: set[int] = set()
    at = moment(world.days[0], 0.1)
    while True:
        yield at
        client = world.imap(who, station)
        client.select_folder("INBOX")
        fresh = [uid for uid in client.search("ALL") if uid not in known]
        if fresh:
            client.fetch(fresh, ["BODY.PEEK[]"])
            known.update(fresh)
        world.leave(client)
        world.did(who, "machine")
        at += dice.uniform(4, 45) * 60
        if asleep and (at - moment(world.days[0])) % 86400 < 5 * 3600 and dice.random() < 0.5:
            at += dice.uniform(1, 3) * 3600


def idle_telephone(world: World, who: str, station: str) -> Player:
    """A telephone that waits on an open connection and loses it now and then, day and night."""
    dice = world.dice(who)
    at = moment(world.days[0], dice.uniform(0, 0.5))
    while True:
        yield at
        client = world.imap(who, station)
        client.select_folder("INBOX")
        client.idle()
        world.did(who, "machine")
        at += dice.uniform(11, 58) * 60
        yield at
        world.drop(client)
        at += dice.uniform(2, 60)


def left_open(world: World, who: str, station: str) -> Player:
    """A mail program that starts with the station, fetches in the background and labels all: nobody looks at it."""
    dice = world.dice(who)
    known: set[int] = set()
    for day in workdays(world):
        hour = dice.uniform(7.5, 8.0)
        yield moment(day, hour)
        client = world.imap(who, station)
        hour += 0.1
        while hour < 16.9:
            yield moment(day, hour)
            client.select_folder("INBOX")
            fresh = [uid for uid in client.search("ALL") if uid not in known]
            if fresh:
                client.fetch(fresh, ["BODY.PEEK[]"])
                client.add_flags(fresh, [b"NonJunk"])
                known.update(fresh)
            hour += dice.uniform(8, 12) * MINUTE
        world.did(who, "machine")
        world.leave(client)


def pop3_poller(world: World, who: str, station: str, minutes: float, *, fetch: bool) -> Player:
    """A program that looks, or fetches and removes, by POP3 at a fixed gap."""
    at = moment(world.days[0], world.dice(who).uniform(0, 0.4))
    while True:
        yield at
        world.pop3(who, station, fetch=fetch, remove=fetch)
        world.did(who, "machine")
        at += minutes * 60


def list_refresher(world: World, who: str, station: str) -> Player:
    """A widget that shows the heads of messages whenever the station is used."""
    dice = world.dice(who)
    at = moment(world.days[0], 7)
    while True:
        yield at
        client = world.imap(who, station)
        client.select_folder("INBOX")
        if found := client.search("ALL"):
            client.fetch(found, ["BODY.PEEK[HEADER]"])
        world.leave(client)
        world.did(who, "machine")
        at += dice.uniform(20, 400) * 60


def scanner(world: World, who: str, station: str, people: Sequence[str]) -> Player:
    """Scan to mail: the copier sends under an official's log-in whenever somebody scans; nobody reads there."""
    dice = world.dice(who)
    for day in workdays(world):
        for hour in sorted(dice.uniform(7.8, 17) for _ in range(dice.randint(1, 6))):
            yield moment(day, hour)
            world.send(who, [address(dice.choice(people))], station)
            world.did(who, "machine")


def application(world: World, who: str, station: str) -> Player:
    """A document system that writes when something happens, by day and night."""
    dice = world.dice(who)
    at = moment(world.days[0], 3)
    while True:
        yield at
        world.send(who, [address("dich.a")], station)
        world.did(who, "machine")
        at += dice.expovariate(1 / 5) * 3600


def report(world: World, who: str, station: str, hours: float, *, second: float = 2.0) -> Player:
    """A report by the clock, every so many hours."""
    dice = world.dice(f"{who} report")
    at = moment(world.days[0], 0)
    while True:
        yield at + second + dice.uniform(0, 1.5)
        world.send(who, [address("dich.b")], station)
        world.did(who, "machine")
        at += hours * 3600


def sweep(world: World, people: Sequence[str], station: str, hour: float, *, bodies: bool) -> Player:
    """Backup or monitoring: every night through all mailboxes, one after the other, only looking."""
    dice = world.dice(station)
    at = moment(world.days[0], hour)
    known: dict[str, set[int]] = {}
    while True:
        yield at + dice.uniform(0, 900)
        for who in people:
            client = world.imap(who, station)
            client.select_folder("INBOX", readonly=True)
            had = known.setdefault(who, set())
            fresh = [uid for uid in client.search("ALL") if uid not in had]
            if fresh and bodies:
                client.fetch(fresh, ["BODY.PEEK[]"])
                had.update(fresh)
            world.leave(client)
        at += DAY * 3600


def import_old(world: World, who: str, station: str, messages: int) -> Player:
    """Migration: a program puts an old mailbox into the new one, one night, Sent included."""
    yield moment(world.days[4], world.dice(who).uniform(1, 4))
    client = world.imap(who, station)
    client.create_folder("Sent")
    for number in range(messages):
        flags = [SEEN] if number % 2 else []
        content = text("cu@out.test", address(who), "Thư cũ", f"<cu.{number}.{who}@out.test>")
        client.append(("INBOX", "Sent")[number % 3 == 0], content, flags)
    world.leave(client)
    world.did(who, "machine")


def marks_on_arrival(world: World, who: str, station: str) -> Player:
    """A program left open with a filter that marks whatever arrives as read within seconds."""
    for day in world.days:
        yield moment(day, 0.05)
        client = world.imap(who, station)
        client.select_folder("INBOX")
        world.waiting[who] = partial(_mark, client)
        yield from kept_open(client, moment(day, 0.05), moment(day, 23.9))
        world.waiting.pop(who)
        world.leave(client)
        world.did(who, "machine")


def _mark(client: ImapFrom) -> None:
    client.noop()
    if found := client.search("UNSEEN"):
        client.add_flags(found, [SEEN])


def administrator(world: World, who: str) -> Player:
    """An administrator who clears a mailbox with doveadm once a week."""
    environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"} | clock_environment(world.server.place)
    command = ["doveadm", "-c", str(world.server.place.root / "dovecot.conf")]
    for day in list(workdays(world))[::5]:
        yield moment(day, 10.2)
        for words in (
            ["flags", "add", "-u", address(who), r"\Seen", "mailbox", "INBOX", "all"],
            ["expunge", "-u", address(who), "mailbox", "INBOX", "savedbefore", "7d"],
        ):
            subprocess.run([*command, *words], env=environment, check=True, capture_output=True, timeout=30)


def master_sweep(world: World, people: Sequence[str], station: str) -> Player:
    """A census with the administrator's master user: through all mailboxes once a week, only looking."""
    for day in list(workdays(world))[1::5]:
        yield moment(day, 5.5)
        for who in people:
            client = world.imap(who, station, log_in=f"{address(who)}*quan.tri")
            client.select_folder("INBOX", readonly=True)
            client.search("UNSEEN")
            world.leave(client)


def attacker(world: World, people: Sequence[str], station: str) -> Player:
    """Guesses passwords all day; never gets in."""
    dice = world.dice(station)
    at = moment(world.days[0], 1)
    while True:
        yield at
        world.refuse(dice.choice(people), station)
        at += dice.uniform(2, 12) * 3600


def mailing(world: World, people: Sequence[str], a_day: int, *, chance: float = 0.35) -> Player:
    """The outside world: messages to some of the officials, more by day than by night."""
    dice = world.dice("mailing")
    for day in world.days:
        hours = [dice.choice((dice.uniform(0, 24), dice.uniform(7, 18), dice.uniform(7, 18))) for _ in range(a_day)]
        for hour in sorted(hours):
            yield moment(day, hour)
            chosen = [who for who in people if dice.random() < chance]
            if chosen:
                world.arrive(chosen)
