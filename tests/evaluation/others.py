"""Mailboxes in which others act: a clerk at a station of their own, or under a log-in of their own."""

from __future__ import annotations

from tests.evaluation.clock import moment
from tests.evaluation.persons import COLLEAGUES, opens, to_sent, unread, workdays
from tests.evaluation.world import Player, World
from tests.servers.mail_clients import address


def clerk_with_leader(world: World, clerk: str, leader: str, station: str) -> Player:
    """A clerk reads the own mail, then the leader's, at the same station; answers now and then in the leader's name."""
    dice = world.dice(clerk)
    for day in workdays(world):
        if dice.random() < 0.1:
            continue
        at = moment(day, dice.uniform(7.7, 15.5))
        for who, kind in ((clerk, "person"), (leader, "delegate"), (clerk, "person")):
            yield at
            client = world.imap(who, station)
            client.select_folder("INBOX")
            for uid in client.search("UNSEEN")[-4:]:
                opens(client, uid, "whole")
                world.did(who, kind)
                at += dice.uniform(8, 50)
                yield at
            if dice.random() < 0.4:
                to_sent(client, world.send(who, [address(dice.choice(COLLEAGUES))], station))
                world.did(who, kind)
            world.leave(client)
            at += dice.uniform(20, 120)


def writes_for(world: World, clerk: str, leader: str, station: str) -> Player:
    """A clerk who reads the own mail and sends, under the own log-in, with the leader's address."""
    dice = world.dice(f"{clerk} for")
    for day in workdays(world):
        at = moment(day, dice.uniform(8, 15))
        yield at
        client = world.imap(clerk, station)
        for uid in unread(client, 2):
            opens(client, uid, "whole")
        world.send(clerk, [address(dice.choice(COLLEAGUES))], station)
        world.did(clerk, "person")
        if dice.random() < 0.7:
            world.send(clerk, [address(dice.choice(COLLEAGUES))], station, sender=address(leader))
            world.did(leader, "delegate")
        yield at + 300
        world.leave(client)
