"""The cast: every account of the played city, what it truly is, and who plays in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mail_audit.report.model import UsageClass
from tests.evaluation import machines, others, persons
from tests.evaluation.world import Player, World

Plays = Callable[[World, str], Sequence[Player]]
FORWARDS = {
    "cu.chuyen": 'redirect "cu.chuyen@gmail.test";\n',
    "cu.chuyen.giu": 'require "copy";\nredirect :copy "cu.chuyen.giu@gmail.test";\n',
    "cu.chuyen.dt": 'require "copy";\nredirect :copy "cu.chuyen.dt@gmail.test";\n',
}
"""Mailbox -> its standing rule, with and without a copy."""
ALIASED = {"cu.bi.danh": "cu.bi.danh@gmail.test"}
"""Mailbox -> where an alias of Postfix sends its mail, so that nothing arrives here."""
AWAY = 'require "vacation";\nvacation :days 1 "Tôi đi công tác.";\n'
ANSWERS = ("vang.mat", "may.tra.loi")
"""Mailboxes with an automatic answer."""
NETWORK = "127.0.40.1"
"""The address that a whole office shares."""
RECEPTION = "127.0.41.1"
ROUNDS = ("127.0.90.1", "127.0.91.1")
"""Where the backup and the administrator's census come from."""


@dataclass(frozen=True)
class Account:
    """One mailbox: its local part, what its owner is, its players, and whether a leader's.

    Whether a person is regular or occasional is told by what they do in the end.
    """

    name: str
    truly: UsageClass
    plays: Plays
    leads: bool = False


def nobody(world: World, who: str) -> Sequence[Player]:
    """Nothing but deliveries."""
    return ()


def _p(play: Callable[..., Player], *given: object, **named: object) -> Plays:
    """One player with these arguments."""
    return lambda world, who: [play(world, who, *given, **named)]


def _both(*plays: Plays) -> Plays:
    return lambda world, who: [player for one in plays for player in one(world, who)]


P, M = persons, machines
PERSONS: tuple[Account, ...] = (
    Account("ban.mo", "regular", _p(P.desk, "127.0.1.1")),
    Account("ban.phan", "regular", _p(P.desk, "127.0.1.2", how="part")),
    Account("ban.kho", "regular", _p(P.desk, "127.0.1.3", how="cache"), leads=True),
    Account("ban.it", "occasional", _p(P.desk, "127.0.1.4", share=0.25, often=1)),
    Account("web.nhieu", "regular", _p(P.webmail)),
    Account("web.it", "occasional", _p(P.webmail, share=0.25), leads=True),
    Account("dung.phut", "regular", _p(P.same_minute, "127.0.1.7", 8.0)),
    Account("ca.dem", "regular", _p(P.night_shift, "127.0.1.8")),
    Account("di.dong", "regular", _p(P.travelling, "127.0.10"), leads=True),
    Account("mo.san", "regular", _p(P.left_open_and_read, "127.0.1.10")),
    Account("don.dep", "regular", _p(P.tidies, "127.0.1.11")),
    Account("doc.lai", "regular", _p(P.rereads, "127.0.1.12")),
    Account("pop.viet", "regular", _p(P.sends_over_pop3, "127.0.1.13")),
    Account("chuyen.tay", "regular", _p(P.passes_on, "127.0.1.14")),
    Account(
        "hai.may", "regular",
        _both(_p(P.desk, "127.0.1.15", often=2), _p(M.push_telephone, "127.0.1.115")),
    ),
    Account(
        "cung.dia.chi", "regular",
        _both(_p(P.desk, "127.0.1.16", often=2), _p(M.status_poller, "127.0.1.16", 10.0)),
    ),
    Account(
        "may.va.nguoi", "occasional",
        _both(_p(P.desk, "127.0.1.17", share=0.3, often=1), _p(M.fetch_poller, "127.0.1.117", 30.0)),
    ),
    Account(
        "gio.va.nguoi", "regular",
        _both(_p(P.desk, "127.0.1.18", often=2), _p(M.report, "127.0.1.18", 4.0)),
    ),
    Account(
        "quet.va.nguoi", "occasional",
        _both(
            _p(P.desk, "127.0.1.19", share=0.25, often=1),
            lambda world, who: [M.scanner(world, who, "127.0.80.2", ("ban.mo", "ban.it"))],
        ),
    ),
    Account("vang.mat", "occasional", _p(P.desk, "127.0.1.20", share=0.2, often=1)),
    Account("mang.1", "regular", _p(P.desk, NETWORK)),
    Account("mang.2", "regular", _p(P.desk, NETWORK, how="part")),
    Account("mang.3", "regular", _p(P.desk, NETWORK, how="cache")),
    Account("mang.4", "occasional", _p(P.webmail, share=0.3)),
    Account("mang.5", "regular", _p(P.desk, NETWORK, often=2), leads=True),
    Account("le.tan.1", "regular", _p(P.same_minute, RECEPTION, 7.6)),
    Account("le.tan.2", "regular", _p(P.same_minute, RECEPTION, 13.4)),
)  # fmt: skip
MACHINES: tuple[Account, ...] = (
    Account("may.hoi", "machine", _p(M.status_poller, "127.0.2.1", 30.0)),
    Account("may.hoi.lech", "machine", _p(M.status_poller, "127.0.2.2", 40.0, jitter=90.0), leads=True),
    Account("may.tai", "machine", _p(M.fetch_poller, "127.0.2.3", 20.0)),
    Account("may.tai.xoa", "machine", _p(M.fetch_poller, "127.0.2.4", 30.0, removes=True)),
    Account("dt.day", "machine", _p(M.push_telephone, "127.0.2.5")),
    Account("dt.day.dem", "machine", _p(M.push_telephone, "127.0.2.6", asleep=False), leads=True),
    Account("dt.cho", "machine", _p(M.idle_telephone, "127.0.2.7"), leads=True),
    Account("may.mo.san", "machine", _p(M.left_open, "127.0.2.8")),
    Account("may.pop", "machine", _p(M.pop3_poller, "127.0.2.9", 60.0, fetch=False)),
    Account("may.pop.tai", "machine", _p(M.pop3_poller, "127.0.2.10", 60.0, fetch=True)),
    Account("may.dau", "machine", _p(M.list_refresher, "127.0.2.11")),
    Account("may.quet", "machine", lambda world, who: [M.scanner(world, who, "127.0.80.1", ("ban.mo", "web.it"))]),
    Account("may.van.ban", "machine", _p(M.application, "127.0.80.3")),
    Account("may.gio", "machine", _p(M.report, "127.0.80.4", 2.0)),
    Account("may.ngay", "machine", _p(M.report, "127.0.80.5", 24.0, second=6.5 * 3600)),
    Account("may.loc", "machine", _p(M.marks_on_arrival, "127.0.2.16")),
    Account("may.nhap", "machine", _p(M.import_old, "127.0.2.17", 45)),
    Account("may.tra.loi", "machine", nobody),
    Account("may.mang", "machine", _p(M.push_telephone, NETWORK), leads=True),
)
OTHERS: tuple[Account, ...] = (
    Account("vt.ky", "regular", lambda w, who: [others.clerk_with_leader(w, who, "ld.nho", "127.0.3.1")]),
    Account("ld.nho", "delegated", nobody, leads=True),
    Account("vt.viet", "regular", lambda w, who: [others.writes_for(w, who, "ld.viet", "127.0.3.3")]),
    Account("ld.viet", "delegated", nobody, leads=True),
    Account("cu.chuyen", "forwarded", nobody, leads=True),
    Account("cu.chuyen.giu", "forwarded", nobody),
    Account("cu.chuyen.dt", "forwarded", _p(M.status_poller, "127.0.2.30", 60.0)),
    Account("cu.bi.danh", "forwarded", nobody),
    Account("khong.ai", "none", nobody, leads=True),
    Account("khong.ai.2", "none", lambda w, who: [M.administrator(w, who)]),
    Account("bi.do", "none", lambda w, who: [M.attacker(w, (who, "khong.ai"), "127.0.99.1")]),
)
CAST: tuple[Account, ...] = (*PERSONS, *MACHINES, *OTHERS)
SMALL = frozenset(
    (
        "ban.mo",
        "web.it",
        "di.dong",
        "doc.lai",
        "may.hoi",
        "dt.day",
        "may.tai",
        "dt.cho",
        "vt.ky",
        "ld.nho",
        "cu.chuyen",
        "khong.ai",
        "bi.do",
    )
)
"""The smaller play of the suite."""


def players(world: World, cast: Sequence[Account]) -> list[Player]:
    """Everybody who plays: each account's own, the citizens who write, and those who go through all mailboxes."""
    names = [one.name for one in cast]
    swept = [name for name in names if not name.startswith("vt.")]
    everybody = [player for one in cast for player in one.plays(world, one.name)]
    return [
        *everybody,
        M.mailing(world, names, 10),
        M.sweep(world, swept, ROUNDS[0], 2.0, bodies=True),
        M.master_sweep(world, swept, ROUNDS[1]),
    ]
