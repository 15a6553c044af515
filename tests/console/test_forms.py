"""Forms that htmx sends say the same to a browser that would send them by itself: words about people never get into an address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "console/templates/console"
FORMS = [
    pytest.param(tag, id=f"{file.stem}-{number}")
    for file in sorted(TEMPLATES.glob("*.html"))
    for number, tag in enumerate(re.findall(r"<form [^>]*hx-post=[^>]*>", file.read_text(encoding="utf-8")))
]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_sent_by_htmx_is_a_post_to_the_same_place_without_it(form: str) -> None:
    said = dict(re.findall(r'([a-z-]+)="((?:\{\{.*?\}\}|[^"])*)"', form))
    assert (said["method"], said["action"]) == ("post", said["hx-post"])
