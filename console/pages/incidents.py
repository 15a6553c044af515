"""安全: gas, smoke, current. Who has it, who was called, and who is called next time."""

from __future__ import annotations

from console import incidents
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from console.shelves import brand_meant, brands
from domain.access.roles import Permission
from domain.incidents.lifecycle import INCIDENTS

ROOM = f"{PATH}/incidents"


def room(ask: Ask) -> Answer:
    values = {"rows": incidents.incident_rows(ask.uow)}
    return Part("incident_rows.html", values) if ask.htmx else Page("incidents.html", values)


def incident_page(ask: Ask, incident_id: str) -> Answer:
    return Page("incident.html", {"seen": incidents.look_at_incident(ask.uow, incident_id, ask.me)})


def make_move(ask: Ask, incident_id: str) -> Answer:
    incidents.move(ask.uow, incident_id, ask.said("move"), ask.said("why"), ask.me)
    return Go(f"{ROOM}/{incident_id}", f"已{INCIDENTS.moves[ask.said('move')].title}")


def on_call(ask: Ask) -> Answer:
    brand = brand_meant(ask.uow, ask.query.get("brand", ""))
    values = {"brands": brands(ask.uow), "brand": brand, "seen": incidents.look_at_on_call(ask.uow, brand.id)}
    return Page("on_call.html", values)


def set_on_call(ask: Ask) -> Answer:
    """The form holds a place in the order for everybody; those without one are not called."""
    brand = brand_meant(ask.uow, ask.said("brand"))
    places = {
        name.removeprefix("place."): int(place)
        for name, place in ask.form.items()
        if name.startswith("place.") and place.strip().isdecimal() and len(place) < 10
    }
    incidents.set_on_call(ask.uow, brand.id, sorted(places, key=lambda id_: places[id_]), ask.me)
    return Go(f"{ROOM}/on-call?brand={brand.id}", "值班名单已更新")


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/incidents", room, permission=Permission.INCIDENTS_WORK)
    door.route("GET", "/incidents/on-call", on_call, permission=Permission.INCIDENTS_KEEP)
    door.route("POST", "/incidents/on-call", set_on_call, permission=Permission.INCIDENTS_KEEP)
    door.route("GET", "/incidents/<incident_id>", incident_page, permission=Permission.INCIDENTS_WORK)
    door.route("POST", "/incidents/<incident_id>/moves", make_move, permission=Permission.INCIDENTS_WORK)
