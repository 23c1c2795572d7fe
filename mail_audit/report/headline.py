"""The sentence with the figure a council asks for, and the one that says on what it rests."""

from __future__ import annotations

from core.words import Text
from mail_audit.report.model import Period, RankFigures, Report
from mail_audit.report.numbers import count, days_of, in_period, percent


def covered_days(report: Report) -> int:
    """Days of the period for which there are logs."""
    period = report.period
    return sum(period.first <= one <= period.last for one in set(report.coverage.covered_days))


def _basis(report: Report) -> Text:
    days, covered = days_of(report.period), covered_days(report)
    return Text(f"số liệu phủ {covered}/{days} ngày", f"the figures cover {covered} of {days} days")


def sentence(leaders: RankFigures | None, period: Period) -> Text:
    """What share of the leaders uses official e-mail in the period, as a sentence without its full stop."""
    when = in_period(period)
    if leaders is None or leaders.total == 0:
        return Text(
            f"Danh bạ không có lãnh đạo nào đương chức {when.vi}",
            f"The directory has no leader in post {when.en}",
        )
    if leaders.rate is None:
        return Text(
            f"Nhật ký không cho biết bao nhiêu lãnh đạo có dùng thư điện tử công vụ {when.vi}",
            f"The logs cannot tell how many leaders used official e-mail {when.en}",
        )
    return Text(
        f"{percent(leaders.rate, 'vi')} lãnh đạo có dùng thư điện tử công vụ {when.vi}",
        f"{percent(leaders.rate, 'en')} of leaders used official e-mail {when.en}",
    )


def headline(report: Report) -> Text:
    """The first sentence of a report: `50 % lãnh đạo có dùng thư điện tử công vụ …; số liệu phủ 29/31 ngày.`"""
    said = sentence(report.city.leaders if report.city else None, report.period)
    basis = _basis(report)
    return Text(f"{said.vi}; {basis.vi}.", f"{said.en}; {basis.en}.")


def rank_sentence(what: Text, figures: RankFigures) -> Text:
    """A rank's figures in full: `Lãnh đạo: 12 trên 24 người có dùng (50 %); 1 người không có dữ liệu.`"""
    judged = figures.total - figures.unknown
    if figures.total == 0:
        return Text(f"{what.vi}: không có ai.", f"{what.en}: nobody.")
    unknown = (
        Text(
            f"; {count(figures.unknown, 'vi')} người không có dữ liệu", f"; no data for {count(figures.unknown, 'en')}"
        )
        if figures.unknown
        else Text("", "")
    )
    if figures.rate is None:
        return Text(
            f"{what.vi}: không có dữ liệu về cả {count(figures.total, 'vi')} người.",
            f"{what.en}: no data for any of {count(figures.total, 'en')}.",
        )
    return Text(
        f"{what.vi}: {count(figures.using, 'vi')} trên {count(judged, 'vi')} người có dùng "
        f"({percent(figures.rate, 'vi')}){unknown.vi}.",
        f"{what.en}: {count(figures.using, 'en')} of {count(judged, 'en')} using "
        f"({percent(figures.rate, 'en')}){unknown.en}.",
    )
