"""Persons of many kinds; each says on which days they truly did something.

A player yields the moment of the next act. Times are drawn per player, so that nobody keeps another's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from tests.evaluation.clock import moment
from tests.evaluation.world import Player, World
from tests.servers.mail_clients import ImapFrom, address

SEEN, ANSWERED = rb"\Seen", rb"\Answered"
WEBMAIL = "127.0.0.1"
COLLEAGUES = ("dich.a", "dich.b", "dich.c")
"""Mailboxes that persons write to."""


def workdays(world: World) -> Iterator[date]:
    """The working days of the play."""
    return (day for day in world.days if day in world.working)


def unread(client: ImapFrom, most: int = 8) -> list[int]:
    """Unread messages of INBOX, the newest last."""
    client.select_folder("INBOX")
    return list(client.search("UNSEEN"))[-most:]


def to_sent(client: ImapFrom, content: bytes) -> None:
    """A copy in Sent, as programs put it there."""
    if not client.folder_exists("Sent"):
        client.create_folder("Sent")
    client.append("Sent", content, [SEEN])


def opens(client: ImapFrom, uid: int, how: str) -> None:
    """Open one message: whole, by a part and a mark, or from the program's own store."""
    if how == "whole":
        client.fetch([uid], ["BODY[]"])
        return
    if how == "part":
        client.fetch([uid], ["BODY.PEEK[1]"])
    client.add_flags([uid], [SEEN])


def sitting(world: World, who: str, station: str, at: float, dice: random.Random, how: str, writes: float) -> Player:
    """One sitting at a mail program: reads what is new, perhaps answers, leaves."""
    yield at
    client = world.imap(who, station)
    clock = at
    for uid in unread(client):
        opens(client, uid, how)
        world.did(who, "person")
        clock += dice.uniform(6, 90)
        yield clock
    if dice.random() < writes:
        to_sent(client, world.send(who, [address(dice.choice(COLLEAGUES))], station))
        world.did(who, "person")
        clock += dice.uniform(5, 60)
        yield clock
    world.leave(client)


def kept_open(client: ImapFrom, since: float, until: float) -> Player:
    """A program keeps its connection: the server would close it after half an hour of silence."""
    while since + 1500 < until:
        since += 1500
        yield since
        client.noop()
    yield until


def desk(world: World, who: str, station: str, *, how: str = "whole", often: int = 3, share: float = 1.0) -> Player:
    """A clerk at a desk: some sittings on most working days, at hours of their own."""
    dice = world.dice(who)
    for day in workdays(world):
        if dice.random() > share:
            continue
        for hour in sorted(dice.uniform(7.6, 16.8) for _ in range(dice.randint(1, often))):
            yield from sitting(world, who, station, moment(day, hour), dice, how, 0.4)


def webmail(world: World, who: str, share: float = 0.8) -> Player:
    """Webmail on the server: every click is a session of its own, from 127.0.0.1."""
    dice = world.dice(who)
    for day in workdays(world):
        if dice.random() > share:
            continue
        at = moment(day, dice.uniform(7.8, 16))
        for number in range(dice.randint(2, 6)):
            yield at
            client = world.imap(who, WEBMAIL)
            found = unread(client)
            if found and number:
                opens(client, found[-1], "whole")
                world.did(who, "person")
            elif number:
                client.fetch(client.search("ALL")[-1:], ["BODY.PEEK[HEADER]"])
            world.leave(client)
            at += dice.uniform(5, 80)
        if dice.random() < 0.4:
            yield at
            content = world.send(who, [address(dice.choice(COLLEAGUES))], WEBMAIL)
            client = world.imap(who, WEBMAIL)
            to_sent(client, content)
            world.leave(client)
            world.did(who, "person")


def same_minute(world: World, who: str, station: str, hour: float) -> Player:
    """Somebody who opens the mail every working day within the same minute."""
    dice = world.dice(who)
    for day in workdays(world):
        yield from sitting(world, who, station, moment(day, hour) + dice.uniform(0, 55), dice, "whole", 0.1)


def night_shift(world: World, who: str, station: str) -> Player:
    """A guard who reads and answers by night, on days off as well, five nights of seven."""
    dice = world.dice(who)
    for day in world.days:
        if dice.random() < 0.7:
            yield from sitting(world, who, station, moment(day, dice.uniform(0.2, 5.5)), dice, "part", 0.6)


def travelling(world: World, who: str, network: str) -> Player:
    """A telephone on changing addresses: opens from its own store, sends now and then."""
    dice = world.dice(who)
    for day in world.days:
        if dice.random() < 0.6:
            station = f"{network}.{dice.randint(1, 250)}"
            hour = dice.uniform(6.5, 21.5)
            yield from sitting(world, who, station, moment(day, hour), dice, "cache", 0.3)


def left_open_and_read(world: World, who: str, station: str) -> Player:
    """A program open all day that fetches in the background; its owner opens some messages from it."""
    dice = world.dice(who)
    for day in workdays(world):
        at = moment(day, dice.uniform(7.5, 8.5))
        yield at
        client = world.imap(who, station)
        known: set[int] = set(client.search("ALL")) if client.select_folder("INBOX") else set()
        for hour in sorted(dice.uniform(8.6, 16.5) for _ in range(5)):
            yield from kept_open(client, at, moment(day, hour))
            at = moment(day, hour)
            client.noop()
            fresh = [uid for uid in client.search("UNSEEN") if uid not in known]
            if fresh:
                client.fetch(fresh, ["BODY.PEEK[]"])
                known.update(fresh)
            if dice.random() < 0.5:
                for uid in client.search("UNSEEN")[-3:]:
                    opens(client, uid, "cache")
                    world.did(who, "person")
        yield from kept_open(client, at, moment(day, dice.uniform(16.6, 17.5)))
        world.leave(client)


def tidies(world: World, who: str, station: str) -> Player:
    """Somebody who never answers: throws away, moves and flags, on some days."""
    dice = world.dice(who)
    for day in workdays(world):
        if dice.random() < 0.4:
            continue
        at = moment(day, dice.uniform(8, 16))
        yield at
        client = world.imap(who, station)
        found = unread(client, 6)
        if not client.folder_exists("Archive"):
            client.create_folder("Archive")
        for uid in found[:2]:
            client.delete_messages([uid])
        if found[:2]:
            client.expunge()
        if found[2:4]:
            client.move(found[2:4], "Archive")
        if found[:4]:
            world.did(who, "person")
        yield at + dice.uniform(60, 900)
        world.leave(client)


def rereads(world: World, who: str, station: str) -> Player:
    """Somebody who looks again at messages that are marked already: bodies at a person's pace, no mark."""
    dice = world.dice(who)
    first = True
    for day in workdays(world):
        at = moment(day, dice.uniform(8, 16))
        yield at
        client = world.imap(who, station)
        client.select_folder("INBOX")
        if first and client.search("UNSEEN"):
            client.add_flags(client.search("UNSEEN"), [SEEN])
            world.did(who, "person")
        known = client.search("SEEN")
        for uid in known[:2] if not first and dice.random() < 0.7 else ():
            client.fetch([uid], ["BODY.PEEK[]"])
            world.did(who, "person")
            at += dice.uniform(20, 90)
            yield at
        first = False
        world.leave(client)


def sends_over_pop3(world: World, who: str, station: str) -> Player:
    """A program that fetches by POP3 every half hour, and its owner, who answers on most days."""
    dice = world.dice(who)
    for day in workdays(world):
        answers = sorted(dice.uniform(8.5, 16) for _ in range(dice.randint(1, 2))) if dice.random() < 0.75 else []
        hour = dice.uniform(7.6, 8.2)
        while hour < 16.6:
            yield moment(day, hour)
            world.pop3(who, station, fetch=True, remove=True)
            hour += 0.5
            while answers and answers[0] < hour:
                yield moment(day, answers.pop(0))
                world.send(who, [address(dice.choice(COLLEAGUES))], station)
                world.did(who, "person")


def passes_on(world: World, who: str, station: str) -> Player:
    """Somebody who forwards messages by hand to a private address: `Fwd:`, each a message of theirs."""
    dice = world.dice(who)
    for day in workdays(world):
        if dice.random() < 0.6:
            at = moment(day, dice.uniform(8, 16))
            yield from sitting(world, who, station, at, dice, "whole", 0)
            world.send(who, [f"{who}.rieng@gmail.test"], station, subject="Fwd: Đơn kiến nghị")
            world.did(who, "person")


def together(world: World, *players: Player) -> Player:
    """One person with several devices, or a person and their programs: whoever is next."""
    waiting = [(at, number, player) for number, player in enumerate(players) if (at := next(player, None)) is not None]
    while waiting:
        waiting.sort()
        at, number, player = waiting.pop(0)
        yield at
        following = next(player, None)
        if following is not None:
            waiting.append((following, number, player))
