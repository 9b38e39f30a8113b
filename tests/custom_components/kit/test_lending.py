"""What is lent, what is said of it, and what it is told."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from .conftest import LAMP, PLAYER, Broker, start, subscribed

Furnish = Callable[..., str]
WARM = {"brightness": 102, "color_mode": "color_temp", "color_temp_kelvin": 2700}


async def test_a_lamp_is_announced_with_what_it_can_and_where_it_is(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP, **WARM)
    furnished("light.cellar", "on", here=False, **LAMP)
    await start(hass, entry)
    said = broker.config("light/sofa")
    assert said["supported_color_modes"] == ["color_temp", "hs"]
    assert (said["min_kelvin"], said["max_kelvin"], said["color_temp_kelvin"]) == (2200, 6500, True)
    assert (said["schema"], said["transition"], said["brightness"], said["name"]) == ("json", True, True, "Sofa")
    assert said["device"]["suggested_area"] == "Living room"
    assert said["command_topic"] == "relax/lent/light/sofa/set"
    assert broker.state("light/sofa") == {
        "state": "ON",
        "brightness": 102,
        "color_mode": "color_temp",
        "color_temp": 2700,
    }
    assert broker.kept("relax/lent/light/sofa/status") == "online"
    assert broker.config("light/cellar") == {}
    topics = [topic for topic, _, _ in broker.said]
    assert topics.index("relax/lent/light/sofa/state") < topics.index("relax/lent/light/sofa/status"), (
        "how it is, then that it is there"
    )


async def test_a_lamp_does_in_one_call_what_relax_says_in_one_message(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP, **WARM)
    await start(hass, entry)
    on, off = async_mock_service(hass, "light", "turn_on"), async_mock_service(hass, "light", "turn_off")
    told = "relax/lent/light/sofa/set"
    await broker.say(told, {"state": "ON", "brightness": 60, "color_temp": 2400, "transition": 2.5})
    await broker.say(told, {"state": "ON", "color": {"h": 30, "s": 80}, "transition": 0})
    await broker.say(told, {"state": "ON", "color": {"r": 255, "g": 1, "b": 2}})
    await broker.say(told, {"state": "ON", "white": 90, "brightness": 4})
    await broker.say(told, {"state": "OFF", "transition": 3})
    assert [dict(call.data) for call in on] == [
        {"entity_id": "light.sofa", "brightness": 60, "color_temp_kelvin": 2400, "transition": 2.5},
        {"entity_id": "light.sofa", "hs_color": [30, 80], "transition": 0},
        {"entity_id": "light.sofa", "rgb_color": [255, 1, 2]},
        {"entity_id": "light.sofa", "white": 90},
    ]
    assert [dict(call.data) for call in off] == [{"entity_id": "light.sofa", "transition": 3}]


async def test_what_is_no_command_is_let_go_and_so_is_what_the_broker_had_stored(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP, **WARM)
    furnished("switch.fan", "off")
    await start(hass, entry)
    on, fan = async_mock_service(hass, "light", "turn_on"), async_mock_service(hass, "switch", "turn_on")
    for payload in ("", "{", "[]", "1", '{"state": "UP"}', "ON", "null"):
        await broker.say("relax/lent/light/sofa/set", payload)
    await broker.say("relax/lent/light/sofa/set", {"state": "ON"}, retain=True)
    await broker.say("relax/lent/light/nowhere/set", {"state": "ON"})
    await broker.say("relax/lent/switch/fan/set", '{"state": "ON"}')
    assert (on, fan) == ([], [])


async def test_a_slow_lamp_is_told_what_counts_and_not_all_that_was_said_meanwhile(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP, **WARM)
    await start(hass, entry)
    calls: list[dict[str, Any]] = []
    free = asyncio.Event()

    async def slow(call: ServiceCall) -> None:
        calls.append(dict(call.data))
        await free.wait()

    hass.services.async_register("light", "turn_on", slow)
    from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

    told = "relax/lent/light/sofa/set"
    for payload in (
        '{"state": "ON", "brightness": 10}',
        '{"state": "ON", "brightness": 20, "color_temp": 2300}',
        '{"state": "ON", "brightness": 30}',
        '{"state": "ON", "brightness": 40}',
    ):
        async_fire_mqtt_message(hass, told, payload)
        await asyncio.sleep(0)
    free.set()
    await hass.async_block_till_done()
    assert [call.get("brightness") for call in calls] == [10, 40]
    assert calls[-1]["color_temp_kelvin"] == 2300, "a level that comes later keeps the colour that waits"


async def test_a_lamp_without_transition_says_so_and_is_told_none(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.plain", "on", supported_color_modes=["brightness"], brightness=50, color_mode="brightness")
    furnished("light.relay", "on", supported_color_modes=["onoff"], color_mode="onoff")
    await start(hass, entry)
    on = async_mock_service(hass, "light", "turn_on")
    assert broker.config("light/plain")["transition"] is False
    assert "color_temp_kelvin" not in broker.config("light/plain")
    assert broker.config("light/relay")["brightness"] is False
    await broker.say("relax/lent/light/plain/set", {"state": "ON", "brightness": 9, "transition": 4})
    assert dict(on[0].data) == {"entity_id": "light.plain", "brightness": 9}


async def test_a_hand_in_home_assistant_is_said_at_once(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP, **WARM)
    await start(hass, entry)
    furnished("light.sofa", "on", **LAMP, brightness=255, color_mode="hs", hs_color=(240.0, 50.0))
    await hass.async_block_till_done()
    assert broker.state("light/sofa") == {
        "state": "ON",
        "brightness": 255,
        "color_mode": "hs",
        "color": {"h": 240.0, "s": 50.0},
    }
    furnished("light.sofa", "off", **LAMP, brightness=None, color_mode=None)
    await hass.async_block_till_done()
    assert broker.state("light/sofa") == {"state": "OFF"}
    count = len(broker.said)
    furnished("light.sofa", "off", **LAMP, brightness=None, color_mode=None, icon="mdi:sofa")
    await hass.async_block_till_done()
    assert len(broker.said) == count, "what is no news is not said"


async def test_it_is_away_until_its_first_real_state_and_when_home_assistant_ends(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "unavailable", **LAMP, restored=True)
    furnished("light.shelf", "unknown", **LAMP)
    await start(hass, entry)
    for lamp in ("sofa", "shelf"):
        assert broker.kept(f"relax/lent/light/{lamp}/status") == "offline"
        assert broker.config(f"light/{lamp}") == {}
        furnished(f"light.{lamp}", "on", **LAMP, **WARM)
    await hass.async_block_till_done()
    for lamp in ("sofa", "shelf"):
        assert broker.kept(f"relax/lent/light/{lamp}/status") == "online"
    furnished("light.blind", "unknown", **LAMP, assumed_state=True)
    await entry.runtime_data.lender._async_choose()
    assert broker.kept("relax/lent/light/blind/status") == "online", "of which nobody ever knows"
    assert broker.kept("relax/lent/light/blind/state") is None
    await hass.async_stop(force=True)
    assert broker.kept("relax/lent/light/sofa/status") == "offline"


async def test_after_the_birth_message_it_is_said_again_who_is_there_and_who_is_not(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP, **WARM)
    furnished("light.shelf", "unavailable", **LAMP)
    await start(hass, entry)
    presence = broker.config("light/sofa")["availability"]
    assert [each["topic"] for each in presence] == ["relax/lent/light/sofa/status", "homeassistant/status"]
    count = len(broker.said)
    await broker.say("homeassistant/status", "online")
    again = {(topic, payload) for topic, payload, _ in broker.said[count:]}
    assert again == {("relax/lent/light/sofa/status", "online"), ("relax/lent/light/shelf/status", "offline")}


async def test_only_what_can_play_is_lent_with_its_area_and_anything_by_name(
    hass: HomeAssistant, broker: Broker, area: ar.AreaEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP)
    furnished("light.group", "on", **LAMP, entity_id=["light.sofa"])
    furnished("light.zone", "on", **LAMP, is_hue_group=True)
    furnished("light.broker", "on", platform="mqtt", **LAMP)
    furnished("light.oven", "on", **LAMP)
    furnished("light.gone", "on", **LAMP)
    furnished("media_player.tv", "on", supported_features=0)
    furnished("sensor.warmth", "20")
    furnished("light.far", "on", here=False, **LAMP)
    config = er.async_get(hass)
    config.async_update_entity("light.gone", hidden_by=er.RegistryEntryHider.USER)
    entry = MockConfigEntry(
        domain="relax",
        data={"base_topic": "relax"},
        options={"areas": [area.id], "entities": ["light.far", "light.broker"], "left_out": ["light.oven"]},
    )
    entry.add_to_hass(hass)
    await start(hass, entry)
    lent = {each.lent.entity_id for each in entry.runtime_data.lender.lent.values()}
    assert lent == {"light.sofa", "light.far", "light.broker"}


async def test_relax_is_never_lent_its_own(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, area: ar.AreaEntry
) -> None:
    await start(hass, entry, broker)
    er.async_get(hass).async_update_entity("media_player.relax_den_session", area_id=area.id)
    await entry.runtime_data.lender._async_choose()
    assert entry.runtime_data.lender.lent == {}


async def test_a_rename_keeps_its_topics_and_a_move_is_announced(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP, **WARM)
    await start(hass, entry)
    registry = er.async_get(hass)
    registry.async_update_entity("light.sofa", new_entity_id="light.couch")
    hass.states.async_set("light.couch", "on", {**LAMP, **WARM, "friendly_name": "Couch"})
    other = ar.async_get(hass).async_create("Study")
    await hass.config_entries.async_reload(entry.entry_id)
    await subscribed(hass)
    assert broker.config("light/sofa")["name"] == "Couch"
    hass.config_entries.async_update_entry(entry, options={"areas": [other.id, *entry.options["areas"]]})
    registry.async_update_entity("light.couch", area_id=other.id)
    await entry.runtime_data.lender._async_choose()
    await hass.async_block_till_done()
    assert broker.config("light/sofa")["device"]["suggested_area"] == "Study"
    assert broker.kept("relax/lent/light/sofa/status") == "online"


async def test_what_is_lent_no_longer_is_forgotten_at_the_broker(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP, **WARM)
    furnished("light.shelf", "on", **LAMP, **WARM)
    await start(hass, entry)
    er.async_get(hass).async_update_entity("light.sofa", area_id=None)
    await entry.runtime_data.lender._async_choose()
    for leaf in ("config", "state", "status"):
        assert broker.kept(f"relax/lent/light/sofa/{leaf}") == ""
    await broker.say("relax/lent/light/older/config", "{}", retain=True)
    assert broker.kept("relax/lent/light/older/config") == "", "what an earlier life left behind"
    await hass.config_entries.async_unload(entry.entry_id)
    assert broker.kept("relax/lent/light/shelf/status") == "offline"
    assert broker.config("light/shelf") != {}, "it is lent again when it is loaded"
    await hass.config_entries.async_remove(entry.entry_id)
    assert broker.kept("relax/lent/light/shelf/config") == ""


async def test_after_a_broker_that_forgot_everything_all_is_said_again(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    from homeassistant.components.mqtt.const import MQTT_CONNECTION_STATE
    from homeassistant.helpers.dispatcher import async_dispatcher_send

    furnished("light.sofa", "on", **LAMP, **WARM)
    await start(hass, entry)
    count = len(broker.said)
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, False)
    await hass.async_block_till_done()
    furnished("light.sofa", "on", **LAMP, **{**WARM, "brightness": 9})
    await hass.async_block_till_done()
    assert broker.kept("relax/lent/light/sofa/status") == "offline", "until commands are listened for"
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, True)
    await subscribed(hass)
    assert broker.kept("relax/lent/light/sofa/status") == "online"
    assert {topic.rpartition("/")[2] for topic, _, _ in broker.said[count:]} == {"config", "state", "status"}


async def test_a_switch_has_two_words(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("switch.fan", "off")
    await start(hass, entry)
    on, off = async_mock_service(hass, "switch", "turn_on"), async_mock_service(hass, "switch", "turn_off")
    assert broker.kept("relax/lent/switch/fan/state") == "OFF"
    await broker.say("relax/lent/switch/fan/set", "ON")
    await broker.say("relax/lent/switch/fan/set", "OFF")
    assert (len(on), len(off)) == (1, 1)
    furnished("switch.fan", "on")
    await hass.async_block_till_done()
    assert broker.kept("relax/lent/switch/fan/state") == "ON"


async def test_a_press_is_said_once_and_none_that_is_old(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("event.dial", "2026-11-30T10:00:00+00:00", event_types=["press", "hold"], event_type="hold")
    furnished("input_button.bell", "unknown", platform="input_button")
    await start(hass, entry)
    pressed = [said for said in broker.said if said[0] == "relax/lent/event/dial/state"]
    assert pressed == []
    assert broker.config("event/dial")["event_types"] == ["press", "hold"]
    furnished("event.dial", "2026-11-30T20:00:00+00:00", event_types=["press", "hold"], event_type="press")
    furnished("event.dial", "2026-11-30T20:00:00+00:00", event_types=["press", "hold"], event_type="press", icon="x")
    furnished("input_button.bell", "2026-11-30T20:00:00+00:00", platform="input_button")
    await hass.async_block_till_done()
    assert ("relax/lent/event/dial/state", '{"event_type": "press"}', False) in broker.said
    assert len([said for said in broker.said if said[0] == "relax/lent/event/dial/state"]) == 1
    assert ("relax/lent/event/bell/state", '{"event_type": "press"}', False) in broker.said


async def test_what_home_assistant_refuses_is_kept_and_nothing_falls(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP, **WARM)
    await start(hass, entry)
    async_mock_service(hass, "light", "turn_on", raise_exception=HomeAssistantError("The bridge is away"))
    await broker.say("relax/lent/light/sofa/set", {"state": "ON", "brightness": 3})
    (lent,) = entry.runtime_data.lender.lent.values()
    assert lent.refusal == "The bridge is away"
    async_mock_service(hass, "light", "turn_on")
    await broker.say("relax/lent/light/sofa/set", {"state": "ON", "brightness": 3})
    assert lent.refusal is None


async def test_a_player_is_a_speaker_by_the_contract(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished(
        "media_player.radio", "playing", supported_features=PLAYER, volume_level=0.2, media_content_id="http://a/b"
    )
    await start(hass, entry)
    assert broker.config("speaker/radio")["kind"] == ["player"]
    assert broker.config("speaker/radio")["topic"] == "relax/lent/speaker/radio"
    assert broker.config("speaker/radio")["availability_topic"] == "homeassistant/status"
    assert broker.state("speaker/radio") == {
        "playing": "http://a/b",
        "paused": False,
        "volume": 0.2,
        "abilities": ["loop", "pause"],
    }


async def test_music_plays_pauses_stops_and_is_as_loud_as_it_is_told(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("media_player.radio", "idle", supported_features=PLAYER, volume_level=0.2)
    await start(hass, entry)
    names = ("play_media", "media_pause", "media_play", "media_stop", "volume_set")
    calls = {name: async_mock_service(hass, "media_player", name) for name in names}
    told = "relax/lent/speaker/radio/set"
    await broker.say(told, {"do": "volume", "level": 0.31})
    await broker.say(told, {"do": "play", "uri": "http://nas/calm.mp3", "loop": True})
    assert calls["play_media"][0].data["media_content_id"] == "http://nas/calm.mp3"
    furnished(
        "media_player.radio", "playing", supported_features=PLAYER, volume_level=0.31, media_content_id="x-nas:calm"
    )
    await hass.async_block_till_done()
    assert broker.state("speaker/radio")["playing"] == "http://nas/calm.mp3", "in the words of relax"
    await broker.say(told, {"do": "pause"})
    await broker.say(told, {"do": "resume"})
    await broker.say(told, {"do": "stop"})
    for payload in ("", "[]", '{"do": "fly"}', '{"do": "play"}', '{"do": "volume", "level": "loud"}'):
        await broker.say(told, payload)
    assert {name: len(each) for name, each in calls.items()} == dict.fromkeys(names, 1)
    assert calls["volume_set"][0].data["volume_level"] == 0.31


async def test_music_that_somebody_else_plays_is_no_music_of_ours(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("media_player.radio", "playing", supported_features=PLAYER, media_content_id="spotify:1")
    await start(hass, entry)
    assert broker.state("speaker/radio")["playing"] is True
    furnished("media_player.radio", "paused", supported_features=PLAYER, media_content_id="spotify:1")
    await hass.async_block_till_done()
    assert broker.state("speaker/radio")["paused"] is True
