"""The picture and the table of a timeline: whole, legible, the same every time."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest

from orchestrator.scenes.pictures.drawing import cut, figure, text_width
from orchestrator.scenes.pictures.preview import HEAD, WIDTH, ordinary, svg
from orchestrator.scenes.pictures.table import table
from orchestrator.values import Attribute, Track
from tests.scenes.shipped import EVERYWHERE, plan

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_a_picture_is_sound_and_stays_on_its_card(name: str, language: str) -> None:
    root = ET.fromstring(svg(plan(name, language)))
    height = float(root.attrib["height"])
    for text in root.iter(f"{SVG}text"):
        assert text.text
        if "transform" not in text.attrib:
            assert 0 <= float(text.attrib["x"]) <= WIDTH
            assert 0 <= float(text.attrib["y"]) <= height
    for shape in [*root.iter(f"{SVG}polyline"), *root.iter(f"{SVG}polygon")]:
        for point in shape.attrib["points"].split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= height


def test_a_picture_is_the_same_every_time() -> None:
    assert svg(plan("foot-massage")) == svg(plan("foot-massage"))


def test_every_chapter_has_its_title_and_every_light_its_gradient() -> None:
    picture = svg(plan("foot-massage"))
    assert picture.count('class="step"') == len(plan("foot-massage").chapters) + 1
    assert "Settle in" in picture
    assert picture.count("<linearGradient") == 2
    assert "until the person says next" in picture


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_no_two_captions_overlap(name: str, language: str) -> None:
    root = ET.fromstring(svg(plan(name, language)))
    lanes: dict[float, list[tuple[float, float]]] = {}
    for text in root.iter(f"{SVG}text"):
        if text.attrib["class"] == "say":
            x = float(text.attrib["x"])
            lanes.setdefault(float(text.attrib["y"]), []).append((x, x + text_width(text.text or "", 11.5)))
    assert lanes
    for lane in lanes.values():
        for (_, end), (start, _) in pairwise(sorted(lane)):
            assert end <= start


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_titles_stand_apart(name: str, language: str) -> None:
    places = [float(x) for x in re.findall(r"translate\(([\d.]+) [\d.]+\) rotate", svg(plan(name, language)))]
    assert all(other - one >= 15 for one, other in pairwise(places))
    assert HEAD > 200


def test_hostile_words_stay_words() -> None:
    timeline = plan("box-breathing")
    first = timeline.chapters[0]._replace(title='<script>alert("x")</script>&')
    picture = svg(replace(timeline, chapters=(first, *timeline.chapters[1:])))
    assert "<script" not in picture
    ET.fromstring(picture)


def test_a_room_that_is_known_is_drawn_as_it_was() -> None:
    timeline = plan("box-breathing")
    bright = {**ordinary(timeline), Track("main", Attribute.LEVEL): 100.0}
    assert svg(timeline, bright) != svg(timeline)


def test_the_table_has_a_row_for_every_chapter_and_the_finish() -> None:
    timeline = plan("foot-massage")
    rows = table(timeline)
    assert [row.id for row in rows] == [*(chapter.id for chapter in timeline.chapters), "finish"]
    assert rows[0].light == "main 56% 2800K, glow 50% #ffa34f"
    assert rows[0].music == "favourite 70%"
    assert rows[0].wait == 90_000
    assert rows[3].wait is None
    assert rows[1].says
    assert rows[-1].music == ""
    assert [row.start for row in rows] == list(timeline.as_usual().starts)


def test_a_dark_room_is_off_in_the_table() -> None:
    assert table(plan("evening-wind-down"))[-1].light == "main off, glow off"


@pytest.mark.parametrize(("value", "shown"), [(0, "0"), (-0.01, "0"), (1.0, "1"), (-1.25, "-1.2"), (10.04, "10")])
def test_coordinates_are_short(value: float, shown: str) -> None:
    assert figure(value) == shown


def test_a_text_is_cut_at_a_word() -> None:
    assert cut("Let the shoulders drop", 1000, 10) == "Let the shoulders drop"
    assert cut("Let the shoulders drop", 100, 10) == "Let the…"
    assert cut("Shoulders", 20, 10) == ""
