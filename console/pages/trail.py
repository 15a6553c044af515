"""审计: who looked at what and changed what. For administrators."""

from __future__ import annotations

from console.asked import number_asked, place_asked, place_written
from console.page_door import Answer, Ask, Page, PageDoor, Part
from console.trail import ACTIONS, look_at_trail, trail_asked
from domain.access.roles import Permission


def trail_page(ask: Ask) -> Answer:
    fields = ask.query.to_dict()
    place = place_asked(fields.get("after", ""))
    after = (place[0], number_asked(place[1])) if place else None
    seen = look_at_trail(ask.uow, trail_asked(ask.uow, fields), after)
    values = {"lines": seen.lines, "after": place_written(seen.after), "fields": fields, "actions": ACTIONS}
    return Part("trail_rows.html", values) if ask.htmx else Page("trail.html", values)


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/trail", trail_page, permission=Permission.TRAIL_SEE)
