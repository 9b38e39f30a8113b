"""What Home Assistant lends by its custom integration is found in its areas, and hears of itself what it can."""

import json
from typing import Any

import pytest

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialect import HearsOfItself
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.discovery.survey import Survey
from orchestrator.devices.messages import AvailabilityReport, LightAbilitiesReport, Message
from tests.devices.discovery.homes import SOURCE

LAMP: dict[str, Any] = {
    "schema": "json",
    "command_topic": "relax/lent/light/sofa/set",
    "state_topic": "relax/lent/light/sofa/state",
    "supported_color_modes": ["color_temp", "hs"],
    "brightness": True,
    "transition": False,
    "color_temp_kelvin": True,
    "min_kelvin": 2200,
    "max_kelvin": 6500,
    "name": "Sofa",
    "unique_id": "abc",
    "device": {"identifiers": ["abc"], "name": "Hue lamp", "manufacturer": "Signify", "suggested_area": "Living room"},
    "availability": [
        {"topic": "relax/lent/light/sofa/status"},
        {"topic": "homeassistant/status", "payload_available": "online", "payload_not_available": "offline"},
    ],
    "availability_mode": "latest",
}
SPEAKER: dict[str, Any] = {
    "topic": "relax/lent/speaker/radio",
    "kind": ["player", "voice"],
    "availability_topic": "homeassistant/status",
    "name": "Radio",
    "device": {"manufacturer": "Sonos", "model": "One", "suggested_area": "Living room"},
}


def surveyed(*said: tuple[str, Any]) -> Survey:
    survey = Survey(SOURCE)
    for topic, payload in said:
        survey.hear(Message(topic, payload if isinstance(payload, str) else json.dumps(payload), retain=True))
    return survey


def test_a_lent_lamp_is_found_in_its_area_and_says_where_it_announces_itself() -> None:
    (found,) = surveyed(("relax/lent/light/sofa/config", LAMP)).found()
    assert (found.title, found.area, found.kinds) == ("Sofa", "Living room", (Kind.LIGHT,))
    assert found.entry == {
        "kind": "light",
        "dialect": "home_assistant",
        "command_topic": "relax/lent/light/sofa/set",
        "state_topic": "relax/lent/light/sofa/state",
        "availability_topic": "relax/lent/light/sofa/status",
        "supported_color_modes": ["color_temp", "hs"],
        "color_temp_kelvin": True,
        "min_kelvin": 2200,
        "max_kelvin": 6500,
        "transition": False,
        "discovery_prefix": "relax/lent",
    }


def test_a_lent_lamp_hears_later_what_it_can_and_when_home_assistant_is_gone() -> None:
    """Its prefix has two levels: what is announced there is known by what comes after it."""
    (found,) = surveyed(("relax/lent/light/sofa/config", LAMP)).found()
    family = DIALECTS["home_assistant"]
    sofa = family.codec("sofa", family.settings.model_validate(found.entry))
    assert isinstance(sofa, HearsOfItself)
    assert sofa.shared is not None
    assert "relax/lent/light/+/config" in sofa.shared.topics
    sofa.decode(Message("relax/lent/light/sofa/config", json.dumps({**LAMP, "transition": True}), retain=True))
    assert sofa.abilities.light is not None
    assert sofa.abilities.light.off_fade, "it fades by itself now"
    assert sofa.decode(Message("homeassistant/status", "offline")) == (AvailabilityReport(False),)
    assert sofa.decode(Message("relax/lent/light/sofa/status", "online")) == (AvailabilityReport(True),)
    warm = {**LAMP, "supported_color_modes": ["brightness"]}
    told, *_ = sofa.decode(Message("relax/lent/light/sofa/config", json.dumps(warm), retain=True))
    assert isinstance(told, LightAbilitiesReport)


def test_a_player_that_is_lent_is_a_speaker_with_the_kinds_that_it_says() -> None:
    survey = surveyed(
        ("relax/lent/speaker/radio/config", SPEAKER),
        ("home/relax/lent/satellite/shelf/config", {"topic": "home/relax/lent/satellite/shelf", "kind": "voice"}),
    )
    radio, shelf = survey.found()
    assert radio.entry == {
        "kind": ["player", "voice"],
        "dialect": "relax_speaker",
        "topic": "relax/lent/speaker/radio",
        "availability_topic": "homeassistant/status",
    }
    assert (radio.title, radio.area, radio.model) == ("Radio", "Living room", "Sonos One")
    assert radio.proposed == (Kind.PLAYER, Kind.VOICE)
    assert shelf.entry == {"kind": "voice", "dialect": "relax_speaker", "topic": "home/relax/lent/satellite/shelf"}


def test_a_lent_speaker_is_gone_when_home_assistant_is_and_back_when_it_says_so_itself() -> None:
    (found,) = surveyed(("relax/lent/speaker/radio/config", SPEAKER)).found()
    family = DIALECTS["relax_speaker"]
    radio = family.codec("radio", family.settings.model_validate(found.entry))
    assert "homeassistant/status" in radio.topics
    assert radio.decode(Message("homeassistant/status", "offline")) == (AvailabilityReport(False),)
    assert radio.decode(Message("homeassistant/status", "online")) == ()
    assert radio.decode(Message("relax/lent/speaker/radio/status", "online")) == (AvailabilityReport(True),)


def test_a_switch_and_a_button_that_are_lent_are_found() -> None:
    fan = {"command_topic": "relax/lent/switch/fan/set", "state_topic": "relax/lent/switch/fan/state", "name": "Fan"}
    dial = {"state_topic": "relax/lent/event/dial/state", "event_types": ["press", "hold"], "name": "Dial"}
    survey = surveyed(("relax/lent/switch/fan/config", fan), ("relax/lent/event/dial/config", dial))
    switch, button = survey.found()
    assert (switch.kinds, switch.entry["discovery_prefix"], switch.proposed) == ((Kind.SWITCH,), "relax/lent", ())
    assert (button.kinds, button.signals) == ((Kind.BUTTON,), ("press", "hold"))
    assert survey.home_keys == {}, "where Home Assistant listens itself nobody has said"


@pytest.mark.parametrize("payload", ["", "{", "[]", "7", '{"topic": "a/#", "kind": ["player"]}', '{"kind": ["lamp"]}'])
def test_what_is_no_announcement_is_none(payload: str) -> None:
    for platform in ("light", "switch", "event", "speaker", "satellite", "cover"):
        assert surveyed((f"relax/lent/{platform}/x/config", payload)).found() == ()


def test_what_is_taken_back_is_lent_no_longer() -> None:
    survey = surveyed(("relax/lent/light/sofa/config", LAMP), ("relax/lent/light/sofa/config", ""))
    assert survey.found() == ()
    assert survey.home_keys == {}, "where it is announced is nothing of the home's"
