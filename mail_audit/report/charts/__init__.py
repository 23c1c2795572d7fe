"""Pictures of figures as SVG made on the server, for the HTML report and the web pages.

They hold under a strict content security policy: no script, no style attribute, no reference to anything outside;
colours are presentation attributes, which a page's style sheet may override by the classes (`vt-bar`, `vt-line`,
`vt-calendar`, `vt-day`). Each has its text alternative, and no state is told by colour alone.
"""

from __future__ import annotations

from mail_audit.report.charts.bars import bar, bar_pair
from mail_audit.report.charts.days import calendar, day_sign, legend
from mail_audit.report.charts.line import weekly_line, weekly_table
from mail_audit.report.charts.rolling import rolling_line, rolling_table
from mail_audit.report.charts.rolling import title as rolling_title

__all__ = [
    "bar",
    "bar_pair",
    "calendar",
    "day_sign",
    "legend",
    "rolling_line",
    "rolling_table",
    "rolling_title",
    "weekly_line",
    "weekly_table",
]
