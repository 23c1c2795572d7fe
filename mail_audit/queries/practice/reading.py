"""The acts that logs and journal show of practice messages, each with where it was done and whose workplace that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import store as stores
from core.db import settings_of
from mail_audit.events.ids import id_of
from mail_audit.measure import Rules
from mail_audit.models import JournalRun, LogPiece
from mail_audit.queries.practice.clients import WEEKS, Clients, clients_of, is_server, network_of, station_of
from mail_audit.queries.practice.copies import acts_in_journal
from mail_audit.queries.practice.found import Found, arrived, done_with, lines_of, sent
from mail_audit.queries.practice.model import Asked, Known, PracticeAct
from mail_audit.queries.practice.store import Store, collected, moment
from mail_audit.queries.standing import rules_of


def collected_at(session: Session) -> datetime | None:
    """When anything was last learned of the mail servers: a log collected, the journal alive; None: never."""
    known = (
        session.scalar(select(func.max(LogPiece.collected_at))),
        session.scalar(select(func.max(JournalRun.beat_at))),
    )
    return max((one for one in known if one is not None), default=None)


def practice_acts(session: Session, asked: Asked, *, store: stores.Store) -> Known:
    """All that is known of the practice messages asked for, in the order of time.

    `store` is that of the settings. A fixed number of queries; of the event store only the rows that are
    about these messages are read, and where something was found the log-ins of the weeks before.
    """
    rules = rules_of(session, settings_of(session))
    lines = lines_of(Store.between(session, store, asked.since, asked.until), asked)
    found = [*sent(lines, asked, rules.book), *arrived(lines, asked, rules.book), *done_with(lines, rules.book)]
    clients = clients_of(Store.between(session, store, asked.since - WEEKS, asked.until), found, rules)
    read_at = collected(session, [(one.stream, one.offset) for one in found])
    acts = [*_acts(found, clients, rules, read_at, asked), *acts_in_journal(session, asked, rules.book)]
    newest = session.scalar(select(func.max(LogPiece.newest_at)))
    return Known(tuple(sorted(acts, key=lambda act: (act.at, act.id))), newest)


def _acts(
    found: list[Found], clients: Clients, rules: Rules, read_at: dict[tuple[int, int], datetime], asked: Asked
) -> Iterator[PracticeAct]:
    letters = {id_of(one): one for one in asked.letters}
    for one in found:
        learned_at = read_at.get((one.stream, one.offset))
        if learned_at is None:
            continue
        client = clients.address(one)
        network = network_of(client)
        yield PracticeAct(
            id=f"log:{one.stream}:{one.offset}",
            kind=one.kind,
            at=moment(one.at),
            learned_at=learned_at,
            mailbox=one.mailbox,
            proved=one.proved,
            automatic=one.automatic,
            codes=one.codes,
            letter=letters.get(one.letter) if one.letter is not None else None,
            client=client,
            network=network,
            usual=clients.usual(one.mailbox, network) if one.mailbox is not None else None,
            server=is_server(client, asked.webmail),
            station_of=station_of(clients, rules, client, one.mailbox, one.at),
            stranger=one.stranger,
        )
