"""`vanthu training package`: a course, or a SCORM package, taken in as the page of courses does."""

from __future__ import annotations

from pathlib import Path

import click

from core.cli import say, settings
from core.words import Text


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--course", help="Khóa học nhận gói SCORM / the course that a SCORM package becomes a step of.")
def package(file: Path, course: str | None) -> None:
    """Nhận một gói khóa học / takes in a course package.

    FILE is a zip: a course as docs/courses.md describes it, or a SCORM 1.2 package (docs/scorm.md).
    """
    from core.calendar import day_in
    from core.db import unit_of_work, utc_now
    from core.permissions import command_line_actor
    from training.errors import PackageError
    from training.moments import Moment
    from training.services.scorm.taking import take

    chosen, now = settings(), utc_now()
    moment = Moment(now, day_in(chosen.timezone, now))
    try:
        opened = file.open("rb")
    except OSError as missing:
        raise PackageError(
            f"Không đọc được tệp {file}.", f"The file {file} cannot be read.", detail=str(missing)
        ) from missing
    with opened, unit_of_work(chosen) as session:
        taken = take(session, command_line_actor(), file=opened, into=course, moment=moment)
    say(Text(f"Đã nhận khóa học {taken.course_key}.", f"Taken in: the course {taken.course_key}."))
    for notice in taken.notices:
        say(notice)
