"""The jobs of training, by name: thin, one service each."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.jobs import Run, job_task
from core.permissions import SCHEDULER
from training.moments import Moment
from training.services import (
    announcing,
    classes,
    courses,
    daily,
    effects,
    practising,
    reminding,
    renewing,
    telling_store,
)


def moment_of(run: Run) -> Moment:
    """Now, as the settings' offices have it."""
    now = utc_now()
    return Moment(now, day_in(run.settings.timezone, now))


@job_task("training.assign", due=daily.assigning_due)
def assign(run: Run) -> None:
    """Begin waves, excuse who is exempt, and apply the active rules."""
    daily.assign_daily(run, moment=moment_of(run))


@job_task("training.tell_learners", due=announcing.news_due)
def tell_learners(run: Run) -> None:
    """Tell learners of courses that are theirs to begin."""
    announcing.tell_all(run, moment=moment_of(run))


@job_task("training.remind", due=reminding.reminders_due)
def remind(run: Run) -> None:
    """Remind learners of courses that are due soon, and tell heads who is late."""
    reminding.remind_all(run, moment=moment_of(run))


@job_task(effects.TASK)
def report_effect(run: Run, campaign_id: int, by: str) -> None:
    """Report the effect of a campaign that somebody asked about."""
    with unit_of_work(run.settings) as session:
        effects.report_effect(session, campaign_id=campaign_id, moment=moment_of(run), by=by)
        run.confirm(session)


@job_task("training.report_effects", due=effects.effects_due)
def report_effects(run: Run) -> None:
    """Report the effect of every campaign of which something new is known."""
    with unit_of_work(run.settings) as session:
        campaigns = effects.campaigns_to_report(session)
    for campaign_id in campaigns:
        with unit_of_work(run.settings) as session:
            effects.report_if_known(session, campaign_id=campaign_id, moment=moment_of(run))
            run.confirm(session)


@job_task("training.renew_certificates", due=renewing.renewals_due)
def renew_certificates(run: Run) -> None:
    """Assign again the courses whose certificates run out, and prove what was attended before a wave began."""
    moment = moment_of(run)
    with unit_of_work(run.settings) as session:
        classes.prove_attended(session, SCHEDULER, moment=moment)
        run.confirm(session)
    renewing.renew_all(run, SCHEDULER, moment=moment)


def shipped_courses_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """At the first start, and once a day: a new version of the program may have brought others."""
    del session
    return {} if last is None or now - last >= timedelta(days=1) else None


@job_task("training.load_courses", due=shipped_courses_due)
def load_courses(run: Run) -> None:
    """Load the courses that come with the program, where they are missing or older."""
    with unit_of_work(run.settings) as session:
        courses.ensure_shipped(session, moment=moment_of(run))
        run.confirm(session)


@job_task("training.verify_practice", due=practising.practice_due)
def verify_practice(run: Run) -> None:
    """Look whether open exercises were done, by what was collected since."""
    practising.verify_all(run, moment=moment_of(run))


@job_task("training.tell_store", due=telling_store.statements_due)
def tell_store(run: Run) -> None:
    """Tell the learning record store what was learnt."""
    telling_store.tell_store(run, now=lambda: moment_of(run))
