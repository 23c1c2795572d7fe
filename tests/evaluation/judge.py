"""Holds the measurement to the truth: account-days by true kind and judged, and the class of every account."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from core.directory.rosterfile import read_roster
from mail_audit.pipeline import Measured, run
from tests.evaluation.play import FIRST, Played
from tests.evaluation.world import KINDS
from tests.servers.mail_settings import DOMAIN

JUDGED = (*KINDS, "unknown")


@dataclass(frozen=True)
class Judgement:
    """(true kind, judged) -> account-days; mailbox -> (true class, judged class); the wrong days, by mailbox."""

    days: Counter[tuple[str, str]]
    classes: dict[str, tuple[str, str]]
    wrong: Counter[tuple[str, str, str]]
    measured: Measured

    @property
    def account_days(self) -> int:
        """How many account-days were judged."""
        return sum(self.days.values())

    @property
    def precision(self) -> float:
        """Of the account-days judged a person's, how many were one's."""
        judged = sum(count for (_, said), count in self.days.items() if said == "person")
        return self.days["person", "person"] / judged

    @property
    def recall(self) -> float:
        """Of the account-days on which a person acted, how many were judged so."""
        true = sum(count for (kind, _), count in self.days.items() if kind == "person")
        return self.days["person", "person"] / true


def write_directory(path: Path, played: Played) -> Path:
    """The cast as a directory file."""
    rows = ["unit,official_id,name,title,rank,email,aliases,kind"]
    for number, name in enumerate(played.classes, 1):
        title, rank = ("Giám đốc", "leader") if name in played.leaders else ("Chuyên viên", "staff")
        rows.append(f"Sở Thử nghiệm,CB{number:04},Cán bộ {number},{title},{rank},{name}@{DOMAIN},,personal")
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def judge(played: Played, folder: Path) -> Judgement:
    """Audit the logs as `vanthu audit` does and compare."""
    roster = read_roster(write_directory(folder / "officials.csv", played))
    measured = run(played.logs, roster, first=FIRST, last=date.fromisoformat(played.last))
    said = {(row["mailbox"], row["day"].isoformat()): judged_day(row) for row in measured.days.iter_rows(named=True)}
    days: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str, str]] = Counter()
    officials = {one.mailboxes[0].partition("@")[0]: one.usage_class for one in measured.report.officials}
    for who, kinds in played.days.items():
        for day, kind in kinds.items():
            found = said.get((f"{who}@{DOMAIN}", day), "none")
            if found == "machine" and officials[who] == "unknown":
                found = "unknown"  # the report concludes nothing about this mailbox
            days[kind, found] += 1
            if kind != found:
                wrong[who, kind, found] += 1
    classes = {who: (true, str(officials[who])) for who, true in played.classes.items()}
    return Judgement(days, classes, wrong, measured)


def judged_day(row: dict[str, int]) -> str:
    """What the measurement says of one mailbox on one day, strongest first."""
    if row["acts_a"] or row["acts_b"]:
        return "person"
    if row["delegated"]:
        return "delegate"
    if row["forwards"]:
        return "forward"
    if row["uncounted"]:
        return "unknown"
    return "machine" if row["acts_c"] or row["acts_d"] else "none"


def table(judgement: Judgement) -> str:
    """The confusion table and the classes, as Markdown."""
    lines = ["| truly \\\\ judged | " + " | ".join(JUDGED) + " | together |", "|---|" + "---:|" * (len(JUDGED) + 1)]
    for kind in KINDS:
        row = [judgement.days[kind, said] for said in JUDGED]
        lines.append(f"| {kind} | " + " | ".join(map(str, row)) + f" | {sum(row)} |")
    right = sum(true == said for true, said in judgement.classes.values())
    rates = f"precision {judgement.precision:.3f}, recall {judgement.recall:.3f}"
    said = f"Account-days: {judgement.account_days}. Person against the rest: {rates}."
    lines += ["", f"{said} Classes right: {right} of {len(judgement.classes)} accounts."]
    wrong = [f"{who}: {true}, judged {said}" for who, (true, said) in judgement.classes.items() if true != said]
    return "\n".join([*lines, *(f"- {one}" for one in wrong)])


def reasons(judgement: Judgement) -> pl.DataFrame:
    """Mailbox and reasons, for looking closer."""
    rows = [
        (one.mailboxes[0].partition("@")[0], one.usage_class, one.rung, "; ".join(text.en for text in one.reasons))
        for one in judgement.measured.report.officials
    ]
    return pl.DataFrame(rows, schema=["who", "class", "rung", "reasons"], orient="row")
