"""Four verdicts, and what would settle it where nothing can be told."""

from __future__ import annotations

import math

from core.words import Text
from training.effect.designs import Found
from training.effect.model import FEWEST, MARGIN, Verdict
from training.effect.permuting import LEVEL

NARROW = 1.0
"""Days per 28 to either side: an interval of this reach is what a city should aim at."""
SAFETY = 0.9
"""Of the reach that would do: what is asked for should be enough, not just enough if all goes well."""


def verdict(found: Found) -> Verdict:
    """What may be said: designs that give no number (D and E) never say more than that nothing can be told."""
    if found.estimate is None or found.compared.people < FEWEST:
        return "cannot tell"
    if found.low > 0:
        return "rose"
    if found.high < 0:
        return "fell"
    return "no real change" if found.low > -MARGIN and found.high < MARGIN else "cannot tell"


def needs(found: Found) -> Text:
    """What would settle it; for a `found` of which nothing can be told."""
    if found.label == "E":
        return Text(
            "Cần người để so sánh: chia đợt, bốc thăm thứ tự đợt trong từng đơn vị, "
            "rồi so người đã học với người còn chờ.",
            "It needs people to compare with: draw the order of waves within each unit, "
            "then compare those already trained with those still waiting.",
        )
    if found.label == "D":
        return Text(
            "Cần bốc thăm thứ tự đợt trong từng đơn vị; thêm số liệu theo cách chọn người như hiện nay "
            "không làm rõ được.",
            "It needs a draw of the order of waves within each unit; more figures of people chosen as they are now "
            "will not settle it.",
        )
    if found.compared.people < FEWEST:
        return Text(
            f"Cần ít nhất {FEWEST} người trong so sánh; dưới số đó không nêu con số nào.",
            f"It needs at least {FEWEST} people in the comparison; of fewer no figure is given.",
        )
    if math.isinf(found.low) or math.isinf(found.high):
        return _more_orders(found)
    return _more_people(found)


def _more_orders(found: Found) -> Text:
    if found.label == "B":
        return Text(
            f"Bốc thăm cho cả đơn vị chỉ có {found.orders} thứ tự có thể; cần thêm đơn vị "
            "(ít nhất 6), hoặc bốc thăm trong từng đơn vị.",
            f"A draw of whole units could only give {found.orders} orders; it needs more units "
            "(at least 6), or a draw within each unit.",
        )
    least = math.ceil(1 / LEVEL) + 1
    return Text(
        f"Chỉ có {found.orders} thứ tự có thể bốc được; cần thêm người để có ít nhất {least}.",
        f"The draw could only give {found.orders} orders; it needs more people, for at least {least}.",
    )


def _more_people(found: Found) -> Text:
    """The reach of an interval shrinks with the square root of the number of people, and of waves at best."""
    estimate = found.estimate or 0.0
    reach = (found.high - found.low) / 2
    wanted = min(NARROW, SAFETY * max(abs(estimate), MARGIN - abs(estimate)))
    times = max(1.1, (reach / wanted) ** 2)
    people = max(10, math.ceil(found.compared.people * (times - 1) / 10) * 10)
    if found.label == "C":
        return Text(
            f"Cần thêm khoảng {people} người ở gần ngưỡng, hoặc bốc thăm thứ tự đợt trong từng đơn vị.",
            f"It needs about {people} more people near the limit, or a draw of the order of waves within each unit.",
        )
    periods = max(1, math.ceil(found.periods * (times - 1)))
    if not _some_wait(found):
        return Text(
            f"Cần thêm khoảng {people} người; ở các đợt sau, hãy bốc thăm lại như vậy.",
            f"It needs about {people} more people; draw the next waves in the same way.",
        )
    return Text(
        f"Cần thêm khoảng {people} người, hoặc theo dõi thêm ít nhất {periods} kỳ khi còn người chờ.",
        f"It needs about {people} more people, or at least {periods} more periods while some still wait.",
    )


def _some_wait(found: Found) -> bool:
    return bool((found.compared.start >= found.compared.periods).any())
