"""What Hermes intents say, and in which room."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.messages import Message
from orchestrator.home.library import read as home_of
from orchestrator.integrations.intents import NAMES, EndDialogue, IntentNotRecognized, Intents, Said, read
from orchestrator.units import HOUR, MINUTE, SECOND

HOME = """
home: house
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
  bedside: {kind: voice, dialect: hermes, site: bedroom}
  attic: {kind: voice, dialect: hermes, site: attic, base: attic/hermes}
  hall: {kind: voice, dialect: hermes, site: hall}
rooms:
  bedroom: {roles: {main: lamp, voice: bedside}}
  den: {roles: {main: lamp}, sites: [shelf, hall]}
  attic: {roles: {main: lamp, voice: attic}}
  hall: {roles: {main: lamp, voice: hall}}
"""


def intent(name, topic=None, **more):
    payload = {"input": "…", "intent": {"intentName": name, "confidenceScore": 0.9}, "siteId": "bedroom"} | more
    return Message(topic or f"hermes/intent/{name}", json.dumps(payload))


def slot(name, value):
    return {"slots": [{"entity": "x", "slotName": name, "value": value}]}


def said(message: Message) -> Said:
    """What an intent of ours says."""
    found = read("hermes", message)
    assert isinstance(found, Said)
    return found


@pytest.mark.parametrize(("name", "word"), NAMES.items())
def test_an_intent_is_known_by_its_name_in_any_letters(name, word):
    for spelt in (name, name.lower(), name.upper(), f"somebody:{name}"):
        assert read("hermes", intent(spelt, sessionId="1")) == Said(word, "hermes", "bedroom", "1", None, None, 0.9)


@pytest.mark.parametrize("topic", ["hermes/intent/GetTime", "hermes/nlu/RelaxNext", "RelaxNext", "hermes/intent/"])
def test_what_is_no_intent_of_ours_says_nothing(topic):
    assert read("hermes", intent("RelaxNext", topic=topic)) is None


@pytest.mark.parametrize(
    ("slots", "length"),
    [
        ({}, None),
        (slot("minutes", {"value": 5}), 5 * MINUTE),
        (slot("Minutes", {"value": "3"}), 3 * MINUTE),
        (slot("seconds", {"value": 90}), 90 * SECOND),
        (
            slot("duration", {"kind": "Duration", "hours": 1, "minutes": 2, "seconds": 3}),
            HOUR + 2 * MINUTE + 3 * SECOND,
        ),
        (slot("duration", {"value": "1h30m"}), 90 * MINUTE),
        (slot("duration", {"value": 4}), 4 * MINUTE),
        (slot("minutes", {"value": "a few"}), None),
        (slot("minutes", {"value": -1}), None),
        (slot("minutes", 5), None),
        (slot("lamp", {"value": 5}), None),
        ({"slots": [None, 7, {"slotName": "minutes"}]}, None),
    ],
)
def test_a_length_is_read_from_the_slots(slots, length):
    assert said(intent("RelaxExtend", **slots)).by == length


@pytest.mark.parametrize(
    ("slots", "scene"),
    [
        (slot("scene", {"value": "foot-massage"}), "foot-massage"),
        (slot("Scene", {"value": " Foot  massage"}), "foot-massage"),
        (slot("scene", {"value": " "}), None),
        (slot("scene", {"value": 5}), None),
        ({}, None),
    ],
)
def test_a_scene_is_read_from_the_slots(slots, scene):
    assert said(intent("RelaxStart", **slots)).scene == scene


@pytest.mark.parametrize(("lang", "language"), [("de", "de"), ("de_DE", "de"), ("en-US", "en"), ("", None), (7, None)])
def test_the_language_is_the_intents_own(lang, language):
    assert said(intent("RelaxNext", lang=lang)).language == language


def test_what_is_missing_is_as_rhasspy_has_it():
    assert read("hermes", Message("hermes/intent/RelaxNext", "{}")) == Said("next", "hermes", "default")


@given(st.text(max_size=60) | st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists).map(json.dumps))
def test_no_payload_is_an_error(payload):
    for topic in ("hermes/intent/RelaxExtend", "hermes/dialogueManager/intentNotRecognized"):
        assert read("hermes", Message(topic, payload)) is not None


def test_what_was_not_understood_is_read_as_well():
    message = Message("hermes/dialogueManager/intentNotRecognized", '{"sessionId": "1", "siteId": "den"}')
    assert read("hermes", message) == IntentNotRecognized("hermes", "den", "1")


def test_a_dialogue_is_ended_at_its_own_base():
    message = EndDialogue("attic/hermes", "1", "Paused.").message()
    assert message.topic == "attic/hermes/dialogueManager/endSession"
    assert json.loads(message.payload) == {"sessionId": "1", "text": "Paused."}
    assert not message.retain


def test_a_home_hears_each_base_once_and_one_without_satellites_none():
    assert Intents(home_of(HOME, "home.yaml")).subscriptions() == [
        "hermes/intent/+",
        "hermes/dialogueManager/intentNotRecognized",
        "attic/hermes/intent/+",
        "attic/hermes/dialogueManager/intentNotRecognized",
    ]
    assert (
        Intents(home_of(HOME.partition("  bedside:")[0] + "rooms: {den: {roles: {main: lamp}}}", "x")).subscriptions()
        == []
    )


@pytest.mark.parametrize(
    ("base", "site", "rooms"),
    [
        ("hermes", "bedroom", ("bedroom",)),
        ("hermes", "shelf", ("den",)),
        ("attic/hermes", "shelf", ("den",)),
        ("attic/hermes", "attic", ("attic",)),
        ("hermes", "hall", ("den", "hall")),
        ("hermes", "cellar", ()),
    ],
)
def test_a_site_is_heard_where_it_is_cast_or_named(base, site, rooms):
    intents = Intents(home_of(HOME, "home.yaml"))
    heard = intents.heard(intent("RelaxNext", topic=f"{base}/intent/RelaxNext", siteId=site))
    assert heard is not None
    assert intents.rooms(heard) == rooms


def test_in_a_home_of_one_room_every_site_is_there():
    intents = Intents(home_of("home: flat\nformat: 1\nrooms: {room: {roles: {}, sites: kitchen}}", "home.yaml"))
    heard = intents.heard(intent("RelaxNext", siteId="default"))
    assert heard is not None
    assert intents.rooms(heard) == ("room",)
