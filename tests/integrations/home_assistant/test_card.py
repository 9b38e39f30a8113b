"""The card for the dashboard: of entities that are there, in words and colours that are not its own."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from orchestrator.integrations.home_assistant import AnnouncedRoom, Topics, discovery_payload
from orchestrator.integrations.home_assistant.hub import hub_payload
from orchestrator.scenes import library

CARD = Path(__file__).parents[3] / "docs/integrations/home_assistant/dashboard.yaml"
TOPICS = Topics("relax", "homeassistant")
SCENES = [library.load(name).model for name in library.catalogue()]


def card() -> Any:
    return yaml.safe_load(CARD.read_text(encoding="utf-8"))


def entities_there() -> set[str]:
    """Those that a room may have, with any scene that ships; without those that are off at first."""
    payloads = [discovery_payload(AnnouncedRoom("den", "Den", "en", SCENES, scene), TOPICS) for scene in SCENES]
    components = [each for one in (*payloads, hub_payload(TOPICS, "en")) for each in one.components.values()]
    return {each["default_entity_id"] for each in components if each.get("enabled_by_default", "unique_id" in each)}


def entities_shown() -> set[str]:
    named = set(re.findall(r"\b(?:[a-z]+_)?[a-z]+\.relax_[a-z_]*[a-z]", json.dumps(card())))
    return {entity for entity in named if not entity.startswith("sensor.relax_den_schedule")}


def test_everything_that_it_shows_is_there_at_first():
    assert entities_shown() <= entities_there()


def test_every_choice_of_every_scene_that_ships_is_on_it():
    assert {entity for entity in entities_there() if "_set_" in entity} <= entities_shown()


def parts(of: Any) -> list[dict[str, Any]]:
    """Every map in it, in order."""
    if isinstance(of, list):
        return [part for each in of for part in parts(each)]
    return [of, *(part for each in of.values() for part in parts(each))] if isinstance(of, dict) else []


def test_its_words_are_those_of_the_entities_and_its_colours_those_of_the_theme():
    for part in parts(card()):
        assert part.get("name", {"type": "entity"}) == {"type": "entity"}, part
        assert not {"color", "title", "card_mod"} & set(part), part
        text = re.sub(r"\{[{%].*?[}%]\}", "", str(part.get("content", "")), flags=re.DOTALL)
        assert not re.search(r"[A-Za-z]{3}", text), f"a word of its own: {text}"


def test_what_went_wrong_stands_first_in_a_quiet_room():
    first, *others = [json.dumps(each) for each in card()["cards"][0]["card"]["cards"]]
    assert "last_problem" in first
    assert not [each for each in others if "last_problem" in each]


def test_the_end_of_a_session_stands_above_what_is_long():
    session = card()["cards"][1]["card"]["cards"]
    shown = [json.dumps(each) for each in session]
    stop = next(number for number, each in enumerate(shown) if "_stop" in each)
    assert all(stop < number for number, each in enumerate(shown) if "instructions" in each or "steps" in each)
    assert stop <= 2


def test_a_quiet_room_shows_the_cautions_between_what_is_chosen_and_the_start():
    quiet, session, _ = [json.dumps(each) for each in card()["cards"]]
    order = [quiet.rindex(each) for each in ("_set_", "'cautions'", "button.relax_den_start")]
    assert order == sorted(order)
    assert "cautions" not in session, "whoever relaxes has read them"
    (shown,) = [each for each in parts(card()) if "cautions" in str(each.get("content", ""))]
    assert shown["show_empty"] is False, "no empty frame where a scene has none"
