"""`make eval` without data: the project's own messages keep the figures that were promised."""

import json

from bench import understanding
from bench.evaluation import model_codes


def test_own_messages_reach_the_targets():
    figures = {f"{path.name}:{figure.name}": figure for path, figure in understanding.figures(understanding.OWN)}
    missed = [figure.line(details=True) for figure in figures.values() if not figure.ok]
    assert not missed
    assert any(name.endswith("safety_recall") for name in figures)


def test_figures_are_json_lines():
    for _, figure in understanding.figures(understanding.OWN):
        assert {"figure", "value", "of"} <= set(json.loads(figure.line(details=False)))


def test_mistyped_codes_are_offered_and_never_taken(tmp_path):
    sheet = tmp_path / "model_codes.csv"
    codes = [
        "BCD-501WDGX",
        "BCD-502WDGX",
        "KFR-35GW/01GDS",
        "KFR-35GW/07GDS",
        "JSQ25-13UTS(12T)",
        "XQG100-B12866",
        "ES60H-P5",
    ]
    sheet.write_text("model,brand\n" + "".join(f"{code},海尔\n" for code in codes), encoding="utf-8")
    for figure in model_codes.figures(sheet):
        assert figure.ok, figure.line(details=True)
