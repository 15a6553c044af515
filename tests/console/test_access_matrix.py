"""Every route, every role, one's own rows and others': generated from the code, so that a new route is tried without a line here.

What a route is asked with is said in `tests.console.naming`.
"""

from __future__ import annotations

from apiflask import APIFlask

from console.access_table import routes_of
from console.narrowing import BY_OTHER_MEANS, NAMED, seen_by
from domain.access.model import TrailEntry
from domain.access.roles import Permission, StaffRole
from domain.dispatch.explaining import explain
from domain.dispatch.model import Decision, Offer
from domain.kit.scope import Scope, see_only
from domain.notices.model import OutgoingMessage
from domain.work_orders.model import Visit, VisitEngineer, VisitMove
from tests.console.house import House, all_routes, dead_ends, tells
from tests.console.naming import CROSSED, OF_BRAND

NOT_THERE = {
    "a thing that only is there after something went wrong": {
        "POST /api/console/dead-letters/messages", "POST /api/console/dead-letters/reactions",
        "POST /console/dead-letters/messages", "POST /console/dead-letters/reactions",
    },
    "a search is shown to those of the very same scope": {
        "GET /api/console/searches/<search_id>", "POST /api/console/searches/<search_id>/drop",
        "GET /console/searches/<search_id>", "POST /console/searches/<search_id>/drop",
    },
    "acts on the task of a chat, where the page takes any chat": {
        "POST /console/inbox/<ref>/drop", "POST /console/inbox/<ref>/give-back", "POST /console/inbox/<ref>/pass-on",
        "POST /console/inbox/<ref>/replies", "POST /console/inbox/<ref>/typing",
    },
    "forms with more than a name": {
        "POST /api/console/covers", "POST /api/console/covers/<cover_id>/hold", "POST /api/console/complaints",
        "POST /console/notices/templates", "POST /console/board/plans",
    },
    "nobody has sent a photo of the engineers here": {"GET /console/engineers/<engineer_id>/photo"},
    "a telephone number is looked at, or named by the row's own key": {
        "POST /api/console/customers/<customer_id>/reveal",
        "POST /api/console/work-orders",
    },
}  # fmt: skip
"""Why what is asked here answers 404 or 422 even where everything may be seen. All else must be there for whoever may."""


def test_every_path_field_says_whose_row_it_names(app: APIFlask) -> None:
    unsaid = {name for route in routes_of(app) for name in route.fields} - NAMED.keys() - BY_OTHER_MEANS
    assert unsaid == set(), "say in NAMED of console/rows.py what these path fields name"


BRANDS = {
    "batch_id", "task_id", "ref", "answer_id", "callback_id", "complaint_id", "difference_id", "invoice_id", "kept_bill_id",
}  # fmt: skip
"""Path fields that name what is the brand's own: a provider's people do not see even what is about their orders."""
DRAWN = {"/console/orders/<order_id>/sheet": {"administrator", "b_agent", "p_station"}}
"""What takes half a second to draw is asked for by these alone of those who may."""
ALSO = {"POST /console/searches/export-plain": Permission.PERSONAL_REVEAL}
"""What needs a second permission besides the route's."""
ALLS_OWN = {"POST /api/console/providers", "POST /console/network/providers"}
"""What only those without a scope may do, whatever their role."""


def test_whoever_may_not_is_told_so_and_whoever_may_gets_their_own_and_nothing_of_others(house: House) -> None:
    """Nor is anybody led from a page to what turns them away."""
    mine, wrong = house.sides[0], []
    excused = {name for names in NOT_THERE.values() for name in names}
    for route in all_routes(house.app):
        if route.permission is Permission.ANYONE:
            continue
        for person in house.people:
            if person.may(route.permission) and person.name not in DRAWN.get(route.path, {person.name}):
                continue
            answer = house.ask(route, person, mine)
            status = answer.status_code
            brands_own = bool(BRANDS & set(route.fields)) and person.name.startswith("p_")
            allowed = person.may(route.permission) and person.may(ALSO.get(str(route), Permission.ANYONE))
            if not allowed or (str(route) in ALLS_OWN and len(person.sees) < 3):
                right = status == 403
            elif brands_own:
                right = status == 404
            elif str(route) in excused:
                right = status < 500 and status != 403
            else:
                right = status < 500 and status not in ((401, 403, 404, 422) if route.is_api else (401, 403, 404))
            if not right and not (status == 502 and route.path.startswith(("/console/files/", "/console/kept-bills/"))):
                wrong.append(f"{person.name}: {route} {status}")
            told = [word for side in house.sides if side.key not in person.sees for word in tells(answer, side)]
            if told:
                wrong.append(f"{person.name}: {route} tells {told}")
            wrong += [f"{person.name}: {route} leads to {way}" for way in dead_ends(house, person, answer)]
    assert not wrong, "\n".join(wrong)


def test_what_is_others_is_not_there(house: House) -> None:
    """Not only refused: nothing of it is told, not even that it exists."""
    wrong = []
    for route in all_routes(house.app):
        for person in (one for one in house.people if len(one.sees) < 3 and one.may(route.permission)):
            if route.permission is Permission.ANYONE:
                continue
            for side in (side for side in house.sides if side.key not in person.sees):
                shared = side.brand == house.sides[0].brand and OF_BRAND.keys() & set(route.fields)
                if shared or (not route.fields and route.path not in CROSSED):
                    continue
                answer = house.ask(route, person, side)
                expected = (
                    (404, 403, 422)
                    if route.is_api
                    else (404, 403)
                    if route.fields or "reveal" in route.path
                    else (200, 303, 404, 403)
                )
                if answer.status_code not in expected or tells(answer, side):
                    wrong.append(f"{person.name}: {route} {side.key} {answer.status_code} {tells(answer, side)}")
    assert not wrong, "\n".join(wrong)


def test_engineers_of_others_who_were_considered_or_came_earlier_are_nobody_in_particular(house: House) -> None:
    """An order that came from a neighbour: who was asked, chosen and announced there is named nowhere to a provider's people."""
    mine, near, wrong = house.sides[0], house.sides[1], []
    with house.runtime.transaction() as uow:
        theirs, now, order = near.id("en"), uow.now, mine.id("wo")
        line = {
            "engineer_id": theirs,
            "score": 9.0,
            "objections": [{"code": "skill", "words": "没有技能"}],
            "points": [],
        }
        decision = {"work_order_id": order, "visit_id": mine.id("vi"), "at": now, "by": "system:dispatch", "why": "opened",
                    "outcome": "offered", "engineer_id": theirs, "considered": [line]}  # fmt: skip
        uow.session.add(Decision(id="dd_earlier", **decision))
        uow.session.flush()
        uow.session.add_all([
            Offer(
                id="of_earlier", visit_id=mine.id("vi"), work_order_id=order, engineer_id=theirs, decision_id="dd_earlier",
                status="refused", offered_at=now, answer_by=now, answered_at=now, window_since=now, window_until=now,
            ),
            VisitEngineer(visit_id=mine.id("vi"), engineer_id=theirs, share=50, lead=False),
            OutgoingMessage(
                at=now, account_id=f"ac_{mine.brand}", recipient=mine.id("op"), why="assigned", subject_id=order,
                author="system:notices", text=f"{near.word}师傅 139{near.phone[3:]} 将上门", not_before=now,
            ),
            TrailEntry(
                at=now, actor="system:dispatch", action="dispatch.assign", subject_kind="work_order", subject_id=order,
                detail={"engineer": theirs},
            ),
            VisitMove(visit_id=mine.id("vi"), move="refuse", frm="offered", to="opened", by=f"engineer:{theirs}", at=now),
        ])  # fmt: skip
        uow.session.get_one(Visit, mine.id("vi")).engineer_id = theirs
        unasked = uow.session.get_one(Decision, mine.id("de"))
        unasked.considered, unasked.engineer_id = [line], theirs
    for route in (one for one in all_routes(house.app) if one.permission is not Permission.ANYONE):
        for person in (one for one in house.people if one.name == "p_manager" and one.may(route.permission)):
            answer = house.ask(route, person, mine)
            if answer.status_code >= 500 and "/files/" not in route.path:
                wrong.append(f"{person.name}: {route} {answer.status_code}")
            if told := tells(answer, near):
                wrong.append(f"{person.name}: {route} tells {told}")
    assert not wrong, "\n".join(wrong)
    with house.runtime.transaction() as uow:
        see_only(uow.session, seen_by(Scope(provider_id=mine.id("pr"))))
        assert near.word not in str(explain(uow, mine.id("wo")))


def test_nobody_unknown_gets_anywhere(house: House) -> None:
    wrong = []
    for route in all_routes(house.app):
        if route.permission is Permission.ANYONE:
            continue
        answer = house.ask(route, None, house.sides[0])
        turned_away = 401 if route.is_api else 303 if route.method == "GET" else 403
        if answer.status_code != turned_away:
            wrong.append(f"{route} {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_counts_in_the_navigation_are_of_ones_own(house: House) -> None:
    agent = next(one for one in house.people if one.name == "b_agent")
    boss = next(one for one in house.people if one.role is StaffRole.ADMINISTRATOR)
    counts = {
        person.name: house.client(person).get("/console/pulse").get_data(as_text=True) for person in (agent, boss)
    }
    assert ">3<" in counts[boss.name]
    assert ">2<" in counts[agent.name]
    assert ">3<" not in counts[agent.name]
