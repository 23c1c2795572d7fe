"""Templates of routes: there on the first day, changed by versions, retired and brought back, carried by a file."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.directory.models import OfficialRow, PostRow, UnitRow
from core.errors import ForbiddenError
from core.permissions import Actor, Granted, Role
from eoffice.actions import EofficeAction
from eoffice.errors import MoveError, PlanError, RouteNotFoundError
from eoffice.models import DraftRow, RouteTemplate
from eoffice.queries.routes import route, routes
from eoffice.routing import plan_from_json
from eoffice.routing.templates import Template, from_file, to_file
from eoffice.services import routes as service
from eoffice.services import sending_round
from eoffice.services.choosing_route import Way, ways
from tests.eoffice.services.conftest import STEPS, actor, moment

ADMIN = Actor("quan.tri", frozenset({Role.ADMINISTRATOR}))
PLAN = plan_from_json(STEPS)


def template(name: str = "Tờ trình", kind: str | None = "to_trinh", unit: str | None = None) -> Template:
    return Template(name, kind, unit, PLAN)


def make(session: Session, one: Template, who: Actor = ADMIN) -> int:
    return service.make_route(session, who, template=one, moment=moment())


def below(session: Session) -> DraftRow:
    """A room of the unit with a head and a writer, whose draft it is; the clerk sits in a sister room."""
    session.add_all(
        [
            UnitRow(id=2, key="phong", name="Phòng A", parent_id=1),
            UnitRow(id=3, key="vp", name="Văn phòng", parent_id=1),
        ]
    )
    session.add_all(OfficialRow(id=key, official_id=f"x{key}", name=f"X{key}") for key in (11, 12, 13))
    session.flush()
    for key, unit, title, rank in (
        (11, 2, "Trưởng phòng", "leader"),
        (12, 2, "Chuyên viên", "staff"),
        (13, 3, "Văn thư", "staff"),
    ):
        session.add(PostRow(official=key, position=0, unit=unit, title=title, rank=rank))
    session.execute(delete(PostRow).where(PostRow.official == 5))
    draft = session.get(DraftRow, 1)
    assert draft is not None
    draft.unit, draft.drafter, draft.type = 2, 12, "cong_van"
    session.flush()
    return draft


def test_the_first_day_has_a_route_that_works(session: Session) -> None:
    session.execute(delete(RouteTemplate))
    found = ways(session, below(session), moment=moment())
    assert [(one.name, one.steps) for one in found] == [
        ("Trình lãnh đạo cơ quan", (("content", ("X11",)), ("form", ("X13", "Dung")), ("approval", ("Binh",)))),
    ]
    made = select(AuditEntry.actor).where(AuditEntry.action == EofficeAction.ROUTE_MADE)
    assert set(session.scalars(made)) == {"scheduler"}
    assert service.add_first_routes(session, moment=moment()) == 0


def test_a_head_who_writes_is_answered_for_by_the_next(session: Session) -> None:
    session.execute(delete(RouteTemplate))
    draft = below(session)
    draft.drafter = 11
    session.add(PostRow(official=3, position=1, unit=2, title="Phó Trưởng phòng", rank="leader"))
    session.flush()
    found = ways(session, draft, moment=moment())
    assert found[0].steps[0] == ("content", ("Chi",))


def test_changed_by_a_new_version_and_the_same_is_none(session: Session) -> None:
    first = make(session, template())
    assert make(session, template()) == first
    second = make(session, template(kind=None))
    old, new = session.get(RouteTemplate, first), session.get(RouteTemplate, second)
    assert old is not None
    assert new is not None
    assert (old.retired_by, new.version, new.retired_at) == ("quan.tri", 2, None)
    assert [one.template_id for one in routes(session, ADMIN) if one.name == "Tờ trình"] == [second]


def test_retired_and_brought_back(session: Session) -> None:
    made = make(session, template())
    service.retire_route(session, ADMIN, template_id=made, moment=moment())
    service.retire_route(session, ADMIN, template_id=made, moment=moment())
    assert [one.template_id for one in routes(session, ADMIN, retired=True)] == [made]
    with pytest.raises(MoveError):
        sending_round.submit(session, actor("an"), draft_id=1, template_id=made, seen_revision=1, moment=moment())
    service.bring_back_route(session, ADMIN, template_id=made, moment=moment())
    assert routes(session, ADMIN, retired=True) == []
    newer = make(session, template(kind=None))
    service.retire_route(session, ADMIN, template_id=newer, moment=moment())
    with pytest.raises(RouteNotFoundError):
        service.bring_back_route(session, ADMIN, template_id=made, moment=moment())
    done = select(AuditEntry.action).order_by(AuditEntry.id)
    assert list(session.scalars(done)) == [
        EofficeAction.ROUTE_MADE, EofficeAction.ROUTE_RETIRED, EofficeAction.ROUTE_BROUGHT_BACK,
        EofficeAction.ROUTE_MADE, EofficeAction.ROUTE_RETIRED,
    ]  # fmt: skip


def test_of_another_unit_there_are_none(session: Session) -> None:
    below(session)
    ours = Actor("x", granted=(Granted(Role.ADMINISTRATOR, frozenset({"phong"})),))
    made = make(session, template(unit="vp"))
    with pytest.raises(RouteNotFoundError):
        route(session, ours, template_id=made)
    for refused in (template(unit="vp"), template(unit=None), template("Công văn", None, "phong")):
        with pytest.raises(RouteNotFoundError):
            make(session, refused, ours)
    with pytest.raises(RouteNotFoundError):
        service.retire_route(session, ours, template_id=made, moment=moment())
    assert make(session, template("Của phòng", None, "phong"), ours)
    with pytest.raises(ForbiddenError):
        routes(session, actor("an"))


def test_only_what_is_there_can_be_named(session: Session) -> None:
    with pytest.raises(PlanError, match="no such type"):
        make(session, template(kind="thu_tinh"))
    with pytest.raises(PlanError, match="there is no unit"):
        make(session, template(unit="khong.co"))
    strange = plan_from_json([{"kind": "any", "purpose": "approval", "who": [{"unit": "khong.co", "rank": "leader"}]}])
    with pytest.raises(PlanError, match="step 1: there is no unit"):
        make(session, Template("x", None, None, strange))


def test_a_unit_s_route_is_for_it_and_below(session: Session) -> None:
    draft = below(session)
    own = make(session, Template("Của phòng", None, "phong", plan_from_json([
        {"kind": "any", "purpose": "approval", "who": [{"unit": "own", "rank": "leader"}]}])))  # fmt: skip
    other = make(session, Template("Của văn phòng", None, "vp", PLAN))
    found = ways(session, draft, moment=moment())
    assert found[0] == Way(own, "Của phòng", (("approval", ("X11",)),))
    assert other not in [one.template_id for one in found]
    with pytest.raises(MoveError):
        sending_round.submit(session, actor("x12"), draft_id=1, template_id=other, seen_revision=1, moment=moment())


def test_a_file_carries_them_all(session: Session) -> None:
    below(session)
    make(session, template(unit="vp"))
    text = to_file(one.template for one in routes(session, ADMIN))
    assert service.make_routes(session, ADMIN, templates=from_file(text), moment=moment()) == 0
    changed = text.replace('"days": 2', '"days": 3')
    assert service.make_routes(session, ADMIN, templates=from_file(changed), moment=moment()) == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"vanthu_routes": 1, "routes": [7]}', "[" * 100_000,
    '{"vanthu_routes": 1, "routes": [{"name": "x", "steps": [], "rogue": 1}]}',
    '{"vanthu_routes": 1, "routes": [{"name": "", "steps": []}]}'])  # fmt: skip
def test_a_broken_file_is_refused(text: str) -> None:
    with pytest.raises(PlanError):
        from_file(text)
