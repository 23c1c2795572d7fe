"""Every page in both languages: what it says of the town, and that nothing a log or a directory says becomes markup."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.web import town
from tests.web.conftest import Visitor

PAGES = {
    "/": ("lãnh đạo có dùng thư điện tử công vụ", "of leaders used official e-mail"),
    "/audits/{id}/city": ("Toàn thành phố", "The whole city"),
    "/audits/{id}/units": (town.CONSTRUCTION, town.CONSTRUCTION),
    f"/audits/{{id}}/units/{quote(town.CONSTRUCTION)}": (town.HOUSING, "Its units"),
    "/audits/{id}/officials": ("9 người", "9 officials"),
    "/audits/{id}/officials?class=regular": ("2 người", "2 officials"),
    "/audits/{id}/officials/CB1": ("14/15 ngày làm việc", "14 of 15 working days"),
    "/audits/{id}/officials/CB8": ("không có dữ liệu", "no data"),
    "/audits/{id}/days/2026-10-06/CB1": ("08:00:00", "08:00:00"),
    "/audits/{id}/days/2026-10-12/CB1": ("Không có nhật ký của ngày này", "This day is not in the logs"),
    "/audits/{id}/use": ("Dùng văn phòng điện tử", "Use of the e-office"),
    "/audits/{id}/coverage": ("12/10/2026–18/10/2026", "12 October 2026–18 October 2026"),
    "/audits/{id}/mailboxes": ("hộp thư dùng chung", "shared mailbox"),
    "/audits": ("đã xong", "finished"),
    "/audits/{id}": ("Đã xong", "Finished"),
    "/audits/new": ("Bắt đầu đọc", "Begin reading"),
    "/trail": ("Nhật ký kiểm toán", "Every change, and every look"),
    "/directory": ("Danh bạ cán bộ", "Directory of officials"),
}


@pytest.mark.parametrize("address", PAGES)
def test_pages_in_both_languages(admin: Visitor, audit_id: int, address: str) -> None:
    vi, en = PAGES[address]
    seen = admin.get(address.format(id=audit_id))
    assert (seen.status_code, vi in seen.text, town.HOSTILE in seen.text) == (200, True, False), seen.text
    assert '<html lang="vi"' in seen.text
    assert admin.get("/language/en?next=/").status_code == 302
    seen = admin.get(address.format(id=audit_id))
    assert (seen.status_code, en in seen.text) == (200, True), seen.text
    assert '<html lang="en"' in seen.text
