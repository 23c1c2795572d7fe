"""One day of the sample city: who writes, reads, polls, attacks, in an order that depends on the seed alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.calendar import is_working_day, working_days
from mail_audit.sample.desk import Desk
from mail_audit.sample.ledger import Account, Ledger
from mail_audit.sample.people import Person, Town
from mail_audit.sample.picture import USING_HABITS
from mail_audit.sample.postoffice import SECOND, PostOffice, Server
from mail_audit.sample.practised import PracticeMessage, by_day, send
from mail_audit.sample.strangers import Strangers
from mail_audit.sample.troubles import HOSTILE_IDS, Troubles

HOUR = 3600 * SECOND
DAY = 24 * HOUR
OUTSIDE = ("gmail.com", "yahoo.com.vn", "bao.example.org", "doanhnghiep.example.com", "tinh.example.net")


@dataclass(frozen=True, slots=True)
class Volume:
    """How much mail passes: shares and counts for each day."""

    citizens: float = 0.16
    """Messages from outside a mailbox and working day."""
    sends: float = 0.55
    """Messages sent an active writer and day."""
    bulletin: float = 0.12
    """Share of a unit's mailboxes that a day's bulletin reaches."""
    poll_gap: int = 1800
    """Seconds between two polls of a telephone."""
    report_hours: int = 1
    """Hours between two reports of the service account."""
    attacks: int = 12
    """Visits of attackers a day."""
    strangers: int = 0
    """Visits a day of those whom the server turns away at once."""


def acting_days(person: Person, days: list[date], chance: random.Random) -> frozenset[date]:
    """The working days on which a person who uses e-mail acts: at least half of them, or fewer."""
    count = len(days)
    if not count:
        return frozenset()
    if person.frequent:
        wanted = max((count + 1) // 2, round(count * chance.uniform(0.55, 0.98)))
    else:
        wanted = max(1, min((count - 1) // 2, round(count * chance.uniform(0.05, 0.42))))
    return frozenset(chance.sample(days, wanted))


class City:
    """The people of a town, their plans for the period, and the day's work."""

    def __init__(
        self,
        town: Town,
        server: Server,
        volume: Volume,
        covered: list[date],
        seed: int,
        *,
        further: Mapping[str, Collection[date]],
        practised: Iterable[PracticeMessage] = (),
    ) -> None:
        self.town = town
        self.volume = volume
        self.ledger = Ledger()
        self.chance = random.Random(f"days {seed}")
        self.office = PostOffice(server, self.ledger, self.chance)
        self.desk = Desk(self.office, self.chance)
        self.troubles = Troubles(self.desk)
        self.strangers = Strangers(self.office, seed)
        days = [day for day in working_days(covered[0], covered[-1]) if day in set(covered)]
        self.people = {person.official_id: person for person in town.people}
        self.practised = by_day(practised, self.people, covered)
        self.leaders = {person.clerk: person for person in town.people if person.clerk is not None}
        """Clerk -> the leader in whose mailbox the clerk works, and in whose name the clerk sends."""
        self.plans: dict[int, frozenset[date]] = {}
        for person in town.people:
            if person.habit in USING_HABITS:
                every_day = person.number in self.leaders or person.habit == "mornings"
                self.plans[person.number] = frozenset(days) if every_day else acting_days(person, days, self.chance)
            if person.address is not None and further.get(person.official_id):
                self.plans[person.number] = self.plans.get(person.number, frozenset()) | set(
                    further[person.official_id]
                )
        self.with_mailbox = [person for person in town.people if person.address is not None]
        for address in (town.shared, town.unlisted, *town.services):
            self.ledger.open(address)
        self.accounts = {person.number: self.ledger.open(person.address or "") for person in self.with_mailbox}
        self.addresses = [person.alias or person.address or "" for person in self.with_mailbox]
        self.units: dict[str, list[str]] = {}
        for person in self.with_mailbox:
            self.units.setdefault(person.top, []).append(person.address or "")
        self.roles: dict[str, Callable[[Person, Account], None]] = {
            "phone": self.phone,
            "idle": self.idle,
            "syncs": self.syncs,
            "pulls": self.pulls,
            "scanner": self.scanner,
            "delegates": self.delegates,
        }

    def run(self, day: date) -> None:
        """Writes the lines of `day` into the office's lists."""
        self.desk.day = day
        self.office.day_number = day.toordinal()
        self.working = is_working_day(day)
        self.night()
        self.morning(day)
        for person in self.with_mailbox:
            account = self.accounts[person.number]
            role = self.roles.get(person.habit)
            if role is not None:
                role(person, account)
            elif day in self.plans.get(person.number, ()):
                self.act(person, account)
            elif not self.working and person.frequent and person.habit == "writes" and self.chance.random() < 0.05:
                self.desk.submit(self.moment(), account, person.mobile, (f"ban{person.number}@gmail.com",))
            if person.habit == "writes" and person.number % 11 == 3:
                self.phone(person, account)
        for number, message in enumerate(self.practised[day], start=1):
            send(self.office, message, number, self.people)
        self.desk.read(self.moment(), self.ledger.open(self.town.unlisted), "10.2.0.240", 2)
        self.citizens(8 * HOUR, 17 * HOUR, self.volume.citizens * (1.0 if self.working else 0.2))
        self.evening()

    def moment(self) -> int:
        """A moment of the working day, 7:40 to 16:50, to the microsecond."""
        return self.chance.randrange(27_600 * SECOND, 60_600 * SECOND)

    def night(self) -> None:
        """Attackers, statistics, and the service account's report at the start of every hour."""
        chance, people = self.chance, self.with_mailbox
        for _ in range(self.volume.attacks):
            victim = self.accounts[chance.choice(people).number]
            self.troubles.attack(chance.randrange(60 * SECOND, DAY - 60 * SECOND), victim)
        self.strangers.visits(self.volume.strangers)
        for _ in range(2 * self.volume.attacks):
            self.troubles.statistics(chance.randrange(60 * SECOND, DAY - SECOND))
        reports = self.ledger.open(self.town.services[0])
        for hour in range(0, 24, self.volume.report_hours):
            at = hour * HOUR + 2 * SECOND + chance.randrange(SECOND)
            self.desk.submit(at, reports, "10.0.0.21", (self.town.shared,), person=False)

    def morning(self, day: date) -> None:
        """Bulletins at 6:30, and early mail for whoever reads today and has nothing to read."""
        if self.working:
            bulletins = self.ledger.open(self.town.services[1])
            for number, addresses in enumerate(self.units.values()):
                count = max(1, round(len(addresses) * self.volume.bulletin))
                chosen = self.chance.sample(addresses, count)
                at = 23_400 * SECOND + number * 5 * SECOND
                self.desk.submit(at, bulletins, "10.0.0.21", chosen, person=False)
        self.citizens(1 * HOUR, 7 * HOUR, self.volume.citizens * 0.3)
        for person in self.with_mailbox:
            reading = day in self.plans.get(person.number, ()) or (person.habit == "delegates" and self.working)
            account = self.accounts[person.number]
            if reading and not account.unseen and not account.arriving:
                self.from_outside(self.chance.randrange(5 * HOUR, 7 * HOUR), person.address or "")
        for account in self.ledger.accounts.values():
            account.unseen += account.arriving
            account.arriving = []

    def evening(self) -> None:
        """What came in the day can be read from tomorrow on; old mail is forgotten."""
        for account in self.ledger.accounts.values():
            account.unseen += account.arriving
            account.arriving = []
            del account.seen[:-12], account.unseen[:-60]

    def citizens(self, start: int, end: int, share: float) -> None:
        """Mail from outside to chance mailboxes, some to aliases, to the shared and to the unlisted mailbox."""
        chance = self.chance
        for _ in range(round(len(self.addresses) * share)):
            self.from_outside(chance.randrange(start, end), chance.choice(self.addresses))
        for address in (self.town.shared, self.town.unlisted):
            self.from_outside(chance.randrange(start, end), address)
        victim = self.accounts[chance.choice(self.with_mailbox).number]
        if self.office.server.rules.get(victim.address) is None and victim.address not in self.office.server.aliases:
            self.troubles.full_mailbox(chance.randrange(start, end), victim)

    def from_outside(self, at: int, recipient: str) -> None:
        """One message from a citizen or an office elsewhere, now and then turned away first."""
        chance, number = self.chance, self.office.serial % 9000
        domain = OUTSIDE[number % len(OUTSIDE)]
        sender, helo = f"congdan{number}@{domain}", f"mx{number % 7}.{domain}"
        peer = f"{helo}[192.0.2.{number % 200 + 1}]"
        if chance.random() < 0.05:
            self.troubles.greylist(at - 301 * SECOND, sender, recipient, peer, helo)
        message_id = self.desk.message_id(helo)
        if chance.random() < 0.01:
            message_id, in_log, in_delivery = HOSTILE_IDS[number % len(HOSTILE_IDS)]
            self.office.odd[message_id] = (in_log or message_id, in_delivery)
        size = chance.randrange(2_000, 60_000)
        self.office.pass_on(at, "smtpd", peer, "", sender, (recipient,), message_id, size)

    def act(self, person: Person, account: Account) -> None:
        """The day of somebody who uses official e-mail."""
        chance, desk = self.chance, self.desk
        if chance.random() < 0.03:
            self.troubles.refused_imap(self.moment(), account.address, person.station, 1, account)
        if person.habit == "mornings":
            desk.read(chance.randrange(27_900 * SECOND, 30_600 * SECOND), account, person.station, 3)
            return
        sittings = 1 + (chance.random() < 0.35)
        for _ in range(sittings):
            at = self.moment()
            if person.habit == "fetches":
                desk.fetch(at, account, person.station)
            elif person.habit == "webmail":
                desk.browse(at, account, chance.randrange(1, 4))
            elif person.habit == "downloads":
                desk.pop(at, account, person.station)
            else:
                desk.read(at, account, person.station, chance.randrange(1, 5))
        if chance.random() < 0.1 and person.habit != "fetches":
            desk.glance(self.moment(), account, person.station)
        if person.habit == "downloads" or (person.habit == "writes" and chance.random() < self.volume.sends):
            self.write(person, account)

    def write(self, person: Person, account: Account) -> None:
        """One message sent: to colleagues, to the outside, to an alias, or one that bounces or waits."""
        chance, at = self.chance, self.moment()
        draw = chance.random()
        if draw < 0.02:
            self.troubles.bounced(at, account, person.station)
            return
        if draw < 0.04:
            late = draw < 0.025
            wait = (24 * HOUR - at + 30 * 60 * SECOND) if late else 900 * SECOND
            self.troubles.deferred(at, account, person.station, wait)
            return
        recipients = [chance.choice(self.addresses) for _ in range(1 + int(3 * draw))]
        recipients = [one for one in dict.fromkeys(recipients) if one not in (person.address, person.alias)]
        if draw > 0.8 or not recipients:
            recipients.append(f"doitac{self.office.serial % 500}@{OUTSIDE[self.office.serial % 5]}")
        if draw > 0.95:
            recipients = [self.town.shared]
        sender = person.alias if draw < 0.1 else None
        leader = self.leaders.get(person.number)
        if leader is not None and draw > 0.7:
            sender = leader.address
        message_id = self.desk.submit(at, account, person.station, recipients, sender=sender)
        if person.habit == "writes" and draw > 0.4:
            self.desk.save_sent(at + 2 * SECOND, account, person.station, message_id, 4200)

    def phone(self, person: Person, account: Account) -> None:
        """A telephone that polls day and night at its gap."""
        gap = self.volume.poll_gap * SECOND
        at = 10 * SECOND + (person.number * 37 % self.volume.poll_gap) * SECOND * 9 // 10
        while at < DAY - SECOND:
            self.desk.poll(at + self.chance.randrange(SECOND), account, person.mobile)
            account.machine("D")
            at += gap

    def idle(self, person: Person, account: Account) -> None:
        """A telephone whose IDLE connection is renewed at its gap."""
        gap = self.volume.poll_gap
        at = 5 * SECOND + (person.number * 53 % 300) * SECOND
        while at + gap * SECOND < DAY:
            self.desk.hold(at, account, person.mobile, gap - 2)
            account.machine("D")
            at += gap * SECOND

    def syncs(self, person: Person, account: Account) -> None:
        """A programme that copies everything new at its gap."""
        gap = self.volume.poll_gap * SECOND
        at = 20 * SECOND + person.number % 200 * SECOND
        while at < DAY - SECOND:
            self.desk.sync(at, account, person.mobile)
            at += gap

    def pulls(self, person: Person, account: Account) -> None:
        """A POP3 programme that downloads everything new at its gap."""
        gap = self.volume.poll_gap * SECOND
        at = 40 * SECOND + person.number % 200 * SECOND
        while at < DAY - SECOND:
            self.desk.pop(at, account, person.mobile)
            at += gap

    def scanner(self, person: Person, account: Account) -> None:
        """A device that sends a report under the official's log-in at the start of every hour from 6 to 18."""
        for hour in range(6, 19):
            at = hour * HOUR + 3 * SECOND + self.chance.randrange(SECOND)
            self.desk.submit(at, account, person.mobile, (self.town.shared,), person=False)

    def delegates(self, person: Person, account: Account) -> None:
        """The clerk opens the leader's mail at the clerk's own computer."""
        if not self.working or person.clerk is None:
            return
        clerk = self.town.people[person.clerk]
        own = self.accounts[clerk.number]
        at = self.moment()
        if own.unseen:
            at = self.desk.read(at, own, clerk.station, 1) + 20 * SECOND
        self.desk.read(at, account, clerk.station, 2, by="clerk")
        if person.number % 2:
            self.phone(person, account)
