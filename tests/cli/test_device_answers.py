"""What `relax doctor` says of devices, by what they said."""

import json
from collections.abc import Iterable

import pytest

from orchestrator.cli.doctor.check_result import Severity
from orchestrator.cli.doctor.device_answers import DeviceAnswers
from orchestrator.devices.messages import Message
from orchestrator.home.library import Home, read

STRIP = "{kind: light, dialect: wled, topic: wled/strip}"
LAMP = "{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}"
ESPHOME = "{kind: light, dialect: home_assistant, command_topic: esp/set, state_topic: esp/state}"
SPEAKER = "{kind: [player, voice], dialect: relax_speaker, topic: speaker}"
SATELLITE = "{kind: voice, dialect: hermes, site: attic}"
WYOMING = "{kind: voice, dialect: wyoming, host: 192.0.2.1, tts: {host: 192.0.2.2}}"
SALT = "{kind: switch, dialect: template, set: {topic: salt/set, payload: '{{ state }}'}}"
REMOTE = "{kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}"
ONLINE = Message("wled/strip/status", "online", retain=True)
SHINES = Message("wled/strip/g", "120", retain=True)
ON = Message("zigbee2mqtt/lamp", '{"state": "ON", "brightness": 120}')


def home(**devices: str) -> Home:
    listed = "".join(f"  {name}: {entry}\n" for name, entry in devices.items())
    return read(f"home: h\nformat: 1\ndevices:\n{listed}rooms: {{den: {{roles: {{}}}}}}\n", "home.yaml")


def said(place: Home, messages: Iterable[Message] = ()) -> list[str]:
    answers = DeviceAnswers(place)
    for message in messages:
        answers.hear(message)
    return [f"{each.verdict}: {each.words} {each.remedy}".strip() for each in answers.results(2.0)]


def test_a_strip_that_keeps_nothing_is_there_and_is_not_said_not_to_answer() -> None:
    (line,) = said(home(strip=STRIP), [ONLINE])
    assert line.startswith("warn: strip is there, but nobody knows how it is: it cannot be asked")
    assert "Tick *Retain MQTT messages* on its page *Config → Sync Interfaces*, or give its role a `fallback`" in line
    assert "switched on" not in line


def test_a_strip_of_which_the_broker_has_kept_how_it_is_has_not_answered() -> None:
    assert said(home(strip=STRIP), [ONLINE, SHINES]) == ["ok: It cannot be asked; the broker has kept how it is."]
    (line,) = said(home(strip=STRIP, lamp=LAMP), [ONLINE, SHINES, ON])
    assert line == "ok: All 2 answer, or the broker has kept how they are (1 cannot be asked)."


def test_a_strip_that_says_something_now_has() -> None:
    assert said(home(strip=STRIP), [ONLINE, SHINES._replace(retain=False)]) == ["ok: It answers."]


def test_a_strip_of_which_nothing_is_heard_at_all_has_perhaps_another_topic() -> None:
    (line,) = said(home(strip=STRIP))
    assert "Is its topic right?" in line


def renamed(*, retain: bool) -> Iterable[Message]:
    """What a bridge lists before and after somebody has renamed the lamp there."""
    for name in ("lamp", "lamp by the bed"):
        exposes = [{"type": "light", "features": [{"name": "state"}, {"name": "brightness"}]}]
        listed = [{"friendly_name": name, "ieee_address": "0x1", "definition": {"exposes": exposes}}]
        yield Message("zigbee2mqtt/bridge/devices", json.dumps(listed), retain=retain)


@pytest.mark.parametrize("retain", [True, False])
def test_a_lamp_that_its_bridge_has_renamed_is_said_to_be_and_has_not_answered(retain: bool) -> None:
    (line,) = said(home(lamp=LAMP), renamed(retain=retain))
    assert line.startswith("warn: lamp cannot be told anything: the bridge calls it 'lamp by the bed' now: write so")


def test_a_strip_that_is_off_the_network_is_offline_whatever_the_broker_has_kept() -> None:
    (line,) = said(home(strip=STRIP), [Message("wled/strip/status", "offline", retain=True), SHINES])
    assert line.startswith("warn: Offline: strip.")


@pytest.mark.parametrize("kept", [[], [ON._replace(retain=True)]])
def test_a_lamp_that_can_be_asked_and_does_not_answer_is_silent_whatever_the_broker_has_kept(
    kept: list[Message],
) -> None:
    (line,) = said(home(lamp=LAMP), kept)
    assert line.startswith("warn: No answer within 2 s: lamp.")


def test_what_a_lamp_announces_it_can_is_no_word_of_how_it_is() -> None:
    config = '{"command_topic": "esp/set", "state_topic": "esp/state", "schema": "json", "brightness": true}'
    announced = Message("homeassistant/light/esp/config", config, retain=True)
    (line,) = said(home(esp=ESPHOME), [announced])
    assert "nobody knows how it is" in line
    assert said(home(esp=ESPHOME), [Message("esp/state", '{"state": "ON", "brightness": 9}', retain=True)])[
        0
    ].startswith("ok")


@pytest.mark.parametrize("entry", [SATELLITE, WYOMING, SALT, REMOTE])
def test_what_never_says_how_it_is_is_not_said_not_to_answer(entry: str) -> None:
    assert said(home(it=entry)) == []


def test_a_speaker_that_says_nothing_is_said_to() -> None:
    (line,) = said(home(speaker=SPEAKER))
    assert line.startswith("warn: speaker: nobody knows how it is")
    state = Message("speaker/state", '{"playing": "", "volume": 0.3, "abilities": ["say"]}', retain=True)
    assert said(home(speaker=SPEAKER), [state])[0].startswith(str(Severity.OK))
