"""The session of a room as a media player, the calendar, and the actions."""

import json
from typing import Any

import pytest
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity, async_should_expose
from homeassistant.components.mqtt.const import MQTT_CONNECTION_STATE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_mqtt_message

from .conftest import Broker, start

SESSION = "media_player.relax_den_session"
RUNNING: dict[str, Any] = {
    "status": "running",
    "id": "den-1",
    "scene": "foot-massage",
    "title": "Foot massage",
    "step": "Soak your feet",
    "number": 3,
    "of": 12,
    "position": 212.4,
    "position_at": "2026-11-23T22:18:32.400000+01:00",
    "remaining": 1391.0,
}


@pytest.fixture
async def there(hass: HomeAssistant, entry: MockConfigEntry, broker: Broker) -> Broker:
    await start(hass, entry, broker)
    return broker


def answers(
    hass: HomeAssistant, broker: Broker, monkeypatch: pytest.MonkeyPatch, **answer: Any
) -> list[dict[str, Any]]:
    """relax answers each command so; the commands without their ids."""
    from homeassistant.components import mqtt

    told: list[dict[str, Any]] = []

    async def publish(hass: HomeAssistant, topic: str, payload: str, *args: Any, **keys: Any) -> None:
        command = json.loads(payload)
        reply = {"request_id": command.pop("request_id"), "ok": True, "session": "den-1", **answer}
        told.append({"room": topic.split("/")[2], **command})
        hass.loop.call_soon(async_fire_mqtt_message, hass, topic.replace("/command", "/reply"), json.dumps(reply))

    monkeypatch.setattr(mqtt, "async_publish", publish)
    return told


async def test_a_session_is_what_plays_and_a_step_is_its_title(hass: HomeAssistant, there: Broker) -> None:
    assert hass.states.get(SESSION).state == "idle"
    await there.stands(**RUNNING)
    state = hass.states.get(SESSION)
    assert state.state == "playing"
    assert state.attributes["media_title"] == "Soak your feet"
    assert state.attributes["media_playlist"] == state.attributes["source"] == "Foot massage"
    assert (state.attributes["media_position"], state.attributes["media_duration"]) == (212, 1603)
    assert state.attributes["media_track"] == 3
    assert state.attributes["source_list"] == ["Foot massage", "Box breathing"]
    for status, shown in (("paused", "paused"), ("starting", "buffering"), ("holding", "playing"), ("idle", "idle")):
        await there.stands(**{**RUNNING, "status": status})
        assert hass.states.get(SESSION).state == shown


async def test_what_is_no_news_is_not_written(hass: HomeAssistant, there: Broker) -> None:
    await there.stands(**RUNNING)
    before = hass.states.get(SESSION).last_reported
    await there.stands(**RUNNING)
    await there.say("relax/schedules/late/state", {"title": "Late", "next": None})
    assert hass.states.get(SESSION).last_reported == before


async def test_it_is_not_there_while_relax_is_not(hass: HomeAssistant, there: Broker) -> None:
    await there.say("relax/status", "offline")
    assert hass.states.get(SESSION).state == "unavailable"
    await there.say("relax/status", "online")
    assert hass.states.get(SESSION).state == "idle"


async def test_without_a_broker_nobody_knows_and_nothing_is_shown(hass: HomeAssistant, there: Broker) -> None:
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, False)
    await hass.async_block_till_done()
    assert hass.states.get(SESSION).state == "unavailable"
    await there.say("relax/status", "online")
    assert hass.states.get(SESSION).state == "idle"


async def test_a_room_that_is_taken_out_goes_with_its_device(
    hass: HomeAssistant, there: Broker, entry: MockConfigEntry
) -> None:
    registry = dr.async_get(hass)
    assert registry.async_get_device_by_identifier(("relax", "relax_den"), entry.entry_id) is not None
    await there.say("relax/rooms/den/session", "")
    assert registry.async_get_device_by_identifier(("relax", "relax_den"), entry.entry_id) is None
    assert hass.states.get(SESSION) is None
    await there.stands()
    assert hass.states.get(SESSION).state == "idle", "and it may come back"


async def test_what_mqtt_discovery_has_made_is_not_made_again(
    hass: HomeAssistant, there: Broker, entry: MockConfigEntry
) -> None:
    registry, entities = dr.async_get(hass), er.async_get(hass)
    (broker_entry,) = hass.config_entries.async_entries("mqtt")
    device = registry.async_get_or_create(
        config_entry_id=broker_entry.entry_id, identifiers={("mqtt", "relax_den")}, name="Relax Snug"
    )
    await hass.async_block_till_done()
    assert entities.async_get(SESSION).device_id == device.id
    assert registry.async_get_device_by_identifier(("relax", "relax_den"), entry.entry_id) is None
    assert await hass.config_entries.async_reload(entry.entry_id)
    await there.stands()
    assert entities.async_get(SESSION).device_id == device.id
    assert registry.async_get_device_by_identifier(("relax", "relax_den"), entry.entry_id) is None


async def test_the_knobs_are_commands_of_relax(
    hass: HomeAssistant, there: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = answers(hass, there, monkeypatch)

    async def press(action: str, **data: Any) -> None:
        await hass.services.async_call("media_player", action, {"entity_id": SESSION, **data}, blocking=True)

    await press("media_play")
    await press("select_source", source="fußmassage")
    await press("play_media", media_content_id="box-breathing", media_content_type="playlist")
    await there.stands(**RUNNING)
    for action in ("media_play", "media_pause", "media_next_track", "media_previous_track", "media_stop"):
        await press(action)
    assert [each["command"] for each in told] == ["start", "start", "start", "resume", "pause", "next", "back", "stop"]
    assert [each.get("scene") for each in told[:3]] == [None, "foot-massage", "box-breathing"]
    assert {each["trigger"] for each in told[:3]} == {"automation"}, "nobody was shown the cautions"
    with pytest.raises(ServiceValidationError):
        await press("select_source", source="Sleep")


async def test_what_play_would_start_says_its_cautions_until_it_plays(hass: HomeAssistant, there: Broker) -> None:
    assert hass.states.get(SESSION).attributes["cautions"] == []
    choice = {"scene": "foot-massage", "title": "Foot massage", "cautions": ["Warm water only.", "Stop when it hurts."]}
    await there.say("relax/rooms/den/display", {"status": "idle", "choice": choice})
    assert hass.states.get(SESSION).attributes["cautions"] == choice["cautions"]
    before = hass.states.get(SESSION).last_reported
    await there.say("relax/rooms/den/display", {"status": "idle", "progress": 3, "choice": choice})
    assert hass.states.get(SESSION).last_reported == before, "what ticks is no news"
    await there.stands(**RUNNING)
    assert "cautions" not in hass.states.get(SESSION).attributes
    await there.stands()
    for payload in ("", "[]", '{"choice": 3}', '{"choice": {"cautions": "x"}}'):
        await there.say("relax/rooms/den/display", payload)
        assert hass.states.get(SESSION).attributes["cautions"] == []


async def test_the_recorder_does_not_keep_the_cautions(hass: HomeAssistant, there: Broker) -> None:
    await there.say("relax/rooms/den/display", {"choice": {"cautions": ["Warm water only."]}})
    state = hass.states.get(SESSION)
    assert "cautions" in state.state_info["unrecorded_attributes"]


async def test_nothing_is_shown_to_models_unasked_and_what_a_person_decided_stays(
    hass: HomeAssistant, there: Broker, entry: MockConfigEntry
) -> None:
    assert not async_should_expose(hass, "conversation", SESSION)
    async_expose_entity(hass, "conversation", SESSION, True)
    await hass.config_entries.async_reload(entry.entry_id)
    await there.stands()
    assert async_should_expose(hass, "conversation", SESSION)


# Calendar


async def test_schedules_are_a_calendar(hass: HomeAssistant, there: Broker) -> None:
    assert hass.states.get("calendar.relax_schedules") is None, "a home without schedules has none"
    late = {"title": "Your wind-down", "room": "den", "scene": "foot-massage", "next": "2099-11-30T22:15:00+01:00"}
    await there.say("relax/schedules/late/state", late)
    await there.say("relax/schedules/never/state", {"title": "Never", "next": None})
    state = hass.states.get("calendar.relax_schedules")
    assert state.attributes["message"] == "Your wind-down"
    assert (state.state, state.attributes["description"], state.attributes["location"]) == (
        "off",
        "Foot massage",
        "den",
    )
    span = {"start_date_time": "2099-11-30T00:00:00+01:00", "end_date_time": "2099-12-01T00:00:00+01:00"}
    found = await hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": "calendar.relax_schedules", **span},
        blocking=True,
        return_response=True,
    )
    (event,) = found["calendar.relax_schedules"]["events"]
    assert event["summary"] == "Your wind-down", "the next one is known, also where relax does not answer"
    await there.say("relax/schedules/late/state", "")
    assert "message" not in hass.states.get("calendar.relax_schedules").attributes


async def test_the_calendar_has_what_comes_later_as_relax_tells_it(
    hass: HomeAssistant, there: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from homeassistant.components import mqtt

    asked: list[dict[str, Any]] = []
    days = [f"2099-12-{day:02}T22:15:00+01:00" for day in range(1, 32)]

    async def publish(hass: HomeAssistant, topic: str, payload: str, *args: Any, **keys: Any) -> None:
        assert topic == "relax/schedules/late/command"
        command = json.loads(payload)
        asked.append(command)
        later = [day for day in days if day >= command["from"]]
        reply = {"request_id": command["request_id"], "ok": True, "times": later[:20], "more": len(later) > 20}
        hass.loop.call_soon(async_fire_mqtt_message, hass, "relax/schedules/late/reply", json.dumps(reply))

    late = {"title": "Your wind-down", "room": "den", "scene": "foot-massage", "next": days[0]}
    await there.say("relax/schedules/late/state", late)
    monkeypatch.setattr(mqtt, "async_publish", publish)
    span = {"start_date_time": "2099-12-01T00:00:00+01:00", "end_date_time": "2100-01-01T00:00:00+01:00"}
    found = await hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": "calendar.relax_schedules", **span},
        blocking=True,
        return_response=True,
    )
    events = found["calendar.relax_schedules"]["events"]
    assert [event["start"][:10] for event in events] == [day[:10] for day in days]
    assert [each["command"] for each in asked] == ["times", "times"]


# Actions


async def call(hass: HomeAssistant, action: str, **data: Any) -> Any:
    return await hass.services.async_call("relax", action, data, blocking=True, return_response=True)


async def test_a_scene_is_started_by_its_title_in_the_room_of_an_area(
    hass: HomeAssistant, there: Broker, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    await there.stands("bedroom")
    registry = dr.async_get(hass)
    snug = ar.async_get(hass).async_create("Snug", aliases={"Corner"})
    device = registry.async_get_device_by_identifier(("relax", "relax_den"), entry.entry_id)
    registry.async_update_device(device.id, area_id=snug.id)
    told = answers(hass, there, monkeypatch)
    said = await call(hass, "start", room="snug", scene="Box breathing", parameters={"rounds": 3}, mode="queued")
    assert said == {"room": "den", "session": "den-1"}
    await call(hass, "start", room="corner")
    await call(hass, "start", room="Relax bedroom", language="de")
    assert told == [
        {
            "room": "den",
            "command": "start",
            "trigger": "automation",
            "scene": "box-breathing",
            "parameters": {"rounds": 3},
            "mode": "queued",
        },
        {"room": "den", "command": "start", "trigger": "automation"},
        {"room": "bedroom", "command": "start", "trigger": "automation", "language": "de"},
    ]
    for wrong in ({"room": "kitchen"}, {"room": "den", "scene": "Sleep"}, {}):
        with pytest.raises(ServiceValidationError):
            await call(hass, "start", **wrong)
    assert len(told) == 3, "nobody guesses whose light is dimmed"


async def test_a_start_is_answered_with_the_first_caution_that_applies(
    hass: HomeAssistant, there: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(hass, there, monkeypatch, caution="Warm water only.")
    assert await call(hass, "start") == {"room": "den", "session": "den-1", "caution": "Warm water only."}


async def test_a_session_is_steered_and_says_what_it_needs(
    hass: HomeAssistant, there: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = answers(hass, there, monkeypatch, queued=True)
    await call(hass, "steer", command="next")
    await call(hass, "steer", command="extend")
    await call(hass, "steer", command="extend", value="3min")
    await call(hass, "steer", command="goto", value="strokes:left")
    said = await call(hass, "steer", command="volume", value="30%")
    assert said["queued"] is True
    assert [{k: v for k, v in each.items() if k != "room"} for each in told] == [
        {"command": "next"},
        {"command": "extend"},
        {"command": "extend", "by": "3min"},
        {"command": "goto", "step": "strokes:left"},
        {"command": "volume", "level": "30%"},
    ]
    for wrong in ({"command": "goto"}, {"command": "next", "value": "2"}):
        with pytest.raises(ServiceValidationError):
            await call(hass, "steer", **wrong)


async def test_a_refusal_is_said_in_the_words_of_relax(
    hass: HomeAssistant, there: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = "A session is on in den. Stop it first."
    answers(hass, there, monkeypatch, ok=False, error={"code": "room_busy", "message": sentence})
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "start")
    assert refused.value.translation_placeholders == {"sentence": sentence}


async def test_nothing_is_confirmed_that_relax_did_not_confirm(
    hass: HomeAssistant, there: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.relax.client.ANSWER_WITHIN", 0.05)
    with pytest.raises(HomeAssistantError) as silent:
        await call(hass, "start")
    assert silent.value.translation_key == "no_answer"
    await there.say("relax/status", "offline")
    count = len(there.said)
    with pytest.raises(HomeAssistantError) as away:
        await call(hass, "start")
    assert away.value.translation_key == "service_away"
    assert len(there.said) == count, "and nothing comes true later"


async def test_what_is_on_is_answered(hass: HomeAssistant, there: Broker, entry: MockConfigEntry) -> None:
    await there.stands(**RUNNING)
    said = await call(hass, "status")
    assert said["online"] is True
    assert said["rooms"]["den"]["step"] == "Soak your feet"
    assert (await call(hass, "status", room="den"))["rooms"].keys() == {"den"}
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError):
        await call(hass, "status")
    await hass.config_entries.async_remove(entry.entry_id)
    with pytest.raises(ServiceValidationError) as gone:
        await call(hass, "status")
    assert gone.value.translation_key == "not_set_up"


async def test_what_is_no_word_of_relax_is_passed_over(hass: HomeAssistant, there: Broker) -> None:
    for topic in ("relax/status", "relax/scenes", "relax/rooms/den/reply", "relax/schedules/late/state"):
        for payload in ("{", "[]", "7", '{"scenes": 3}', ""):
            await there.say(topic, payload)
    assert hass.states.get(SESSION).state == "idle"
