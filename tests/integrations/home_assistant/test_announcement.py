"""What Home Assistant is told, and what is taken away: ids that stay, components that go, what a former self left."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.messages import Message
from orchestrator.errors import BadParameter, UnknownScene
from orchestrator.home.library import read
from orchestrator.integrations.choices import Choices
from orchestrator.integrations.display import choice_of
from orchestrator.integrations.home_assistant import (
    AnnouncedRoom,
    Announcements,
    ScheduleSummary,
    Topics,
    discovery_payload,
    room_of,
)
from orchestrator.scenes import library
from tests.integrations.home_assistant.cases import EVENING, EVERYTHING, PLAIN, TOPICS, TWIN

ROOM = AnnouncedRoom("den", "Den", "en", (PLAIN, EVERYTHING), EVERYTHING, (EVENING,))
CONFIG = "homeassistant/device/relax/den/config"
HOME = read(
    "home: h\nformat: 1\ndevices: {lamp: {kind: light, dialect: zigbee2mqtt, topic: z/lamp}}\n"
    "rooms: {den: {title: {en: Den, de: Stube}, roles: {main: lamp, glow: lamp}}, attic: {roles: {}}}",
    "home.yaml",
)
SHIPPED = [library.load(name).model for name in library.catalogue()]


def said(message):
    return json.loads(message.payload)


def announced(room=ROOM, base="relax", prefix="homeassistant"):
    ours = Announcements(base, prefix, ["den"])
    (message,) = ours.announce(room)
    return ours, message


def test_a_room_is_announced_once_and_stays_stored():
    ours, message = announced()
    assert (message.topic, message.retain) == (CONFIG, True)
    assert ours.announce(ROOM) == []
    assert ours.announce(ROOM, again=True) == [message]


def test_every_entity_has_an_id_of_its_own_with_its_domain():
    components = discovery_payload(ROOM, TOPICS).components.values()
    entities = [each for each in components if each["platform"] != "device_automation"]
    assert len({each["unique_id"] for each in entities}) == len(entities)
    assert len({each["default_entity_id"] for each in entities}) == len(entities)
    assert all(re.fullmatch(rf"{each['platform']}\.relax_den_[a-z_]+", each["default_entity_id"]) for each in entities)
    assert all(re.fullmatch(r"mdi:[a-z-]+", each["icon"]) for each in entities)


def face(room=ROOM):
    """What one sees at once: the rest stands below it, or is off until somebody wants it."""
    components = discovery_payload(room, TOPICS).components
    return {
        key
        for key, each in components.items()
        if each["platform"] != "device_automation" and "entity_category" not in each
    }


def test_a_room_has_eight_entities_for_every_day():
    assert face() == {"scene", "start", "pause", "next", "stop", "step", "remaining", "step_changes"}


def test_what_steers_a_session_is_there_while_there_is_one():
    components = discovery_payload(ROOM, TOPICS).components
    for key in ("pause", "next", "back", "repeat", "extend", "stop"):
        *_, here = components[key]["availability"]
        assert here["topic"] == "relax/rooms/den/display"
        assert all(status in here["value_template"] for status in ("running", "holding", "paused"))
        assert components[key]["availability_mode"] == "all"
    assert "availability" not in components["start"], "that of the room"


def test_the_choice_carries_the_cautions_that_apply_to_it():
    select = discovery_payload(ROOM, TOPICS).components["scene"]
    assert select["json_attributes_topic"] == select["state_topic"] == "relax/rooms/den/display"
    assert "value_json.choice.cautions" in select["json_attributes_template"]


def test_a_room_stands_in_its_area_and_is_reached_through_relax():
    device = discovery_payload(ROOM, TOPICS).head["device"]
    assert (device["suggested_area"], device["via_device"]) == ("Den", "relax")
    ours = Announcements("relax", "homeassistant", ["den"])
    (message,) = ours.announce_hub("en")
    assert (message.topic, message.retain) == ("homeassistant/device/relax/config", True)
    assert said(message)["device"]["identifiers"] == ["relax"]
    assert {"connection", "health", "last_problem", "version"} <= set(said(message)["components"])
    assert "availability" not in said(message)["components"]["connection"], "it says so when relax is away"


def test_relax_itself_is_taken_away_with_the_rest():
    (before,) = Announcements("relax", "homeassistant").announce_hub("en")
    assert Announcements("relax", None).found(stored(before)) == [Message(before.topic, "", retain=True)]
    assert Announcements("relax", "homeassistant").found(stored(before)) == []
    assert Announcements("other", "homeassistant").found(stored(before)) == []
    (elsewhere,) = Announcements("relax/", "homeassistant").announce_hub("en")
    assert Announcements("relax-", "homeassistant").found(stored(elsewhere)) == [], "the same slug, not the same base"


def test_where_home_assistant_makes_the_ids_none_is_proposed():
    ours = Announcements("relax", "homeassistant", ["den"], proposes_ids=False)
    for message in (*ours.announce_hub("en"), *ours.announce(ROOM)):
        assert not any("default_entity_id" in each for each in said(message)["components"].values())


def test_lengths_are_minutes_where_they_can_be():
    halves = EVERYTHING.model_copy(
        update={"parameters": {"soak": EVERYTHING.parameters["soak"].model_copy(update={"duration": 90_000})}}
    )
    component = discovery_payload(ROOM._replace(chosen=halves), TOPICS).components["set_soak_number"]
    assert (component["unit_of_measurement"], component["step"], component["max"]) == ("min", 0.5, 20)


def test_ids_outlive_a_new_title_and_another_language():
    one, other = discovery_payload(ROOM, TOPICS), discovery_payload(ROOM._replace(title="Stube", language="de"), TOPICS)
    assert one.head["device"]["identifiers"] == other.head["device"]["identifiers"]
    assert other.head["device"]["name"] == "Relax Stube"
    for key, component in one.components.items():
        for id_ in ("unique_id", "default_entity_id"):
            assert component.get(id_) == other.components[key].get(id_)


def test_what_a_scene_does_not_have_is_taken_away_before_it_is_left_out():
    ours, _ = announced()
    farewell, message = ours.announce(ROOM._replace(chosen=PLAIN, schedules=()))
    assert not farewell.retain
    assert message.retain
    gone = said(farewell)["components"]
    assert gone["set_bath_switch"] == {"platform": "switch"}
    assert gone["schedule_wind-down_skip"] == {"platform": "button"}
    assert not set(gone) & set(said(message)["components"])
    assert all(set(each) == {"platform"} for each in gone.values())


def test_a_parameter_of_another_kind_is_another_entity():
    flag = library.read(
        "scene: a\nformat: 1\ntitle: A\nparameters: {x: {flag: true}}\nroles: {main: {kind: light}}\n"
        "steps: [{step: rest, lasts: 1s}]",
        "a.yaml",
    ).model
    whole = library.read(
        "scene: b\nformat: 1\ntitle: B\nparameters: {x: {whole: 2, min: 1, max: 3}}\n"
        "roles: {main: {kind: light}}\nsteps: [{step: rest, lasts: 1s}]",
        "b.yaml",
    ).model
    ours, _ = announced(ROOM._replace(chosen=flag))
    farewell, message = ours.announce(ROOM._replace(chosen=whole))
    assert said(farewell)["components"] == {"set_x_switch": {"platform": "switch"}}
    assert "set_x_number" in said(message)["components"]


def stored(message, **changes):
    return message._replace(retain=True, **changes)


def test_what_a_former_self_announced_and_is_no_more_is_cleared():
    ours, message = announced()
    for topic in ("homeassistant/device/relax/attic/config", "elsewhere/device/relax/den/config"):
        assert ours.found(stored(message, topic=topic)) == [Message(topic, "", retain=True)]
        assert ours.found(stored(message, topic=topic)) == [], "a broker tells it once for each filter that it fits"
        ours.connected()
        assert ours.found(stored(message, topic=topic)) == [Message(topic, "", retain=True)]
    assert ours.found(stored(message)) == []


def test_components_of_a_former_self_that_are_gone_are_taken_away():
    _, before = announced()
    ours, _ = announced(ROOM._replace(schedules=()))
    (farewell,) = ours.found(stored(before))
    assert set(said(farewell)["components"]) == {f"schedule_wind-down{end}" for end in ("", "_next", "_skip")}


def test_what_is_found_before_anything_was_said_goes_with_the_first_announcement():
    _, before = announced()
    ours = Announcements("relax", "homeassistant", ["den"])
    assert ours.found(stored(before)) == []
    farewell, message = ours.announce(ROOM._replace(schedules=()))
    assert set(said(farewell)["components"]) == {f"schedule_wind-down{end}" for end in ("", "_next", "_skip")}
    assert message.retain


def test_where_home_assistant_is_off_nothing_is_said_and_all_is_cleared():
    _, before = announced()
    off = Announcements("relax", None)
    assert off.announce(ROOM, again=True) == []
    assert off.found(stored(before)) == [Message(CONFIG, "", retain=True)]
    assert off.subscriptions() == ["+/device/relax/+/config", "+/device/relax/config"]


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "{",
        "[]",
        "7",
        '{"components": 3}',
        '{"components": {}}',
        '{"components": {}, "origin": {"name": "other"}, "availability": [{"topic": "relax/status"}]}',
        '{"components": {}, "origin": {"name": "relax"}, "availability": [{"topic": "relax2/status"}]}',
        '{"components": {}, "origin": 1, "availability": {}}',
    ],
)
def test_what_is_not_ours_is_left_alone(foreign):
    ours, _ = announced()
    assert ours.found(Message("homeassistant/device/relax/attic/config", foreign, retain=True)) == []


def test_what_comes_live_is_our_own_voice():
    ours, message = announced()
    assert ours.found(message._replace(topic="homeassistant/device/relax/attic/config", retain=False)) == []


def test_a_birth_counts_when_it_happens():
    ours, _ = announced()
    assert ours.is_birth(Message("homeassistant/status", "online"))
    assert not ours.is_birth(Message("homeassistant/status", "online", retain=True))
    assert not ours.is_birth(Message("homeassistant/status", "offline"))
    assert not Announcements("relax", None).is_birth(Message("homeassistant/status", "online"))


@pytest.mark.parametrize("topic", ["homeassistant/status", "ha/status"])
def test_below_another_prefix_home_assistant_is_born_where_it_always_is_or_there(topic):
    ours, _ = announced(prefix="ha")
    assert topic in ours.subscriptions()
    assert ours.is_ours(topic)
    assert ours.is_birth(Message(topic, "online"))


def test_nothing_is_subscribed_to_twice():
    ours, _ = announced()
    assert ours.subscriptions() == ["+/device/relax/+/config", "+/device/relax/config", "homeassistant/status"]


def test_a_birth_elsewhere_is_none_of_ours():
    ours, _ = announced()
    assert not ours.is_ours("ha/status")
    assert not ours.is_birth(Message("ha/status", "online"))


@pytest.mark.parametrize("base", ["relax", "home/relax", "größe", "a b"])
def test_discovery_topics_have_ids_that_home_assistant_takes(base):
    topic = Topics(base, "homeassistant").config("guest-room")
    assert re.fullmatch(r"homeassistant/device/[a-zA-Z0-9_-]+/guest-room/config", topic)
    assert Topics(base, "homeassistant").is_config(topic)


def test_a_prefix_with_levels_is_listened_to_as_well():
    ours, message = announced(prefix="ha/discovery")
    assert "ha/discovery/device/relax/+/config" in ours.subscriptions()
    assert ours.is_ours(message.topic)


def test_scenes_of_the_same_title_can_be_told_apart():
    (_, message) = announced(ROOM._replace(scenes=(PLAIN, TWIN)))
    assert said(message)["components"]["scene"]["options"] == ["Plain", "Plain (twin)"]


def test_a_room_is_offered_what_it_can_cast():
    choices = Choices(HOME, [PLAIN])
    assert room_of(HOME, "attic", choices).scenes == ()
    seen = room_of(HOME, "den", choices, [EVENING, ScheduleSummary("other", "Other", "attic")])
    assert (seen.title, seen.scenes, seen.chosen, seen.schedules) == ("Den", (PLAIN,), PLAIN, (EVENING,))


acts = st.tuples(
    st.none() | st.sampled_from([scene.scene for scene in (*SHIPPED, EVERYTHING, PLAIN)]),
    st.dictionaries(
        st.sampled_from(["bath", "feet", "soak", "pace", "rounds", "words", "giver"]),
        st.sampled_from([True, False, "left", "none", "3min", "150s", 1.5, 0.5, 7, "", "self"]),
        max_size=3,
    ),
)


@given(st.lists(acts, max_size=8))
def test_whatever_is_chosen_what_is_shown_fits_what_was_announced(story):
    home = read(
        "home: h\nformat: 1\ndevices:\n"
        "  lamp: {kind: light, dialect: zigbee2mqtt, topic: z/lamp}\n"
        "  speaker: {kind: [player, voice], dialect: relax_speaker, topic: s}\n"
        "rooms: {den: {roles: {main: lamp, music: speaker, voice: speaker}}}",
        "home.yaml",
    )
    choices, ours = Choices(home, [*SHIPPED, EVERYTHING, PLAIN]), Announcements("relax", "homeassistant", ["den"])
    there: dict[str, str] = {}
    for scene, parameters in [(None, {}), *story]:
        try:
            choices.choose("den", choices.wanted("den", scene, parameters))
        except (BadParameter, UnknownScene):
            continue
        for message in ours.announce(room_of(home, "den", choices)):
            for key, component in said(message)["components"].items():
                if set(component) == {"platform"}:
                    assert there.pop(key) == component["platform"]
                else:
                    there[key] = component["platform"]
        components = said(message)["components"]
        assert there == {key: each["platform"] for key, each in components.items()}
        chosen = choices.scene("den")
        shown = choice_of(chosen, choices.parameters("den"), "en")
        settable = {key.removeprefix("set_").rpartition("_")[0] for key in components if key.startswith("set_")}
        assert settable == set(shown.parameters)
        for name, value in shown.parameters.items():
            (component,) = (each for key, each in components.items() if key.rpartition("_")[0] == f"set_{name}")
            match component["platform"]:
                case "switch":
                    assert isinstance(value, bool)
                case "select":
                    assert value in component["options"] or f"({value})" in component["options"]
                case "number":
                    assert isinstance(value, int | float)
                    size = 60 if component.get("unit_of_measurement") == "min" else 1
                    assert component["min"] <= value / size <= component["max"]


def test_choices_are_in_the_language_of_the_home_and_mean_what_the_scene_calls_them():
    scene = next(each for each in SHIPPED if each.scene == "foot-massage")
    select = discovery_payload(AnnouncedRoom("den", "Den", "de", SHIPPED, scene), TOPICS).components["set_feet_select"]
    assert select["options"] == ["beide", "links", "rechts"]
    assert '"links": "left"' in select["command_template"]
    assert '"left": "links"' in select["value_template"]
    english = discovery_payload(AnnouncedRoom("den", "Den", "en", SHIPPED, scene), TOPICS).components["set_feet_select"]
    assert english["options"] == ["both", "left", "right"]
