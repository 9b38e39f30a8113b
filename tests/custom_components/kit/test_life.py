"""It is set up, loaded anew and taken away without leaving anything; what lasts becomes a repair."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

import custom_components.relax as component
from custom_components.relax.diagnostics import async_get_config_entry_diagnostics

from .conftest import LAMP, PLAYER, Broker, start

Furnish = Callable[..., str]
HERE = Path(component.__file__).parent


async def lasts(hass: HomeAssistant, minutes: int = 11) -> None:
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=minutes))
    await hass.async_block_till_done()


def repairs(hass: HomeAssistant) -> dict[str, str]:
    """The sentences that they are about, by their ids."""
    found = ir.async_get(hass).issues
    return {id_: issue.translation_key for (domain, id_), issue in found.items() if domain == "relax"}


async def test_without_mqtt_it_waits(hass: HomeAssistant) -> None:
    entry = MockConfigEntry(domain="relax", data={"base_topic": "relax"})
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state in (ConfigEntryState.SETUP_RETRY, ConfigEntryState.SETUP_ERROR)


async def test_it_comes_and_goes_and_leaves_no_timer_and_no_listener(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP)
    await start(hass, entry, broker)
    before = hass.bus.async_listeners()
    for _ in range(3):
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
        await broker.say("relax/status", "online")
        await broker.stands()
    assert hass.bus.async_listeners() == before
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    count = len(broker.said)
    furnished("light.sofa", "off", **LAMP)
    await broker.stands(status="running")
    await lasts(hass)
    assert broker.said[count:] == []
    timers = [str(timer) for timer in getattr(hass.loop, "_scheduled", ()) if not timer.cancelled()]
    assert [timer for timer in timers if "custom_components" in timer] == []


async def test_relax_that_is_away_for_long_is_a_repair_and_for_short_is_none(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    await start(hass, entry, broker)
    await broker.say("relax/status", "offline")
    await lasts(hass, minutes=5)
    assert repairs(hass) == {}
    await lasts(hass)
    assert repairs(hass) == {"service_away": "service_away"}
    await broker.say("relax/status", "online")
    assert repairs(hass) == {}


async def test_a_problem_of_a_room_or_a_schedule_that_lasts_is_a_repair(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    await start(hass, entry, broker)
    await broker.stands(problem="The strip does not answer.")
    late = {"title": "Late", "next": None, "problem": "Its calendar cannot be read."}
    await broker.say("relax/schedules/late/state", late)
    await lasts(hass)
    assert repairs(hass) == {"room_den": "room_problem", "schedule_late": "schedule_problem"}
    issue = ir.async_get(hass).async_get_issue("relax", "room_den")
    assert issue.translation_placeholders == {"room": "den", "problem": "The strip does not answer."}
    await broker.stands(problem="The strip is away.")
    issue = ir.async_get(hass).async_get_issue("relax", "room_den")
    assert issue.translation_placeholders["problem"] == "The strip is away."
    await broker.stands()
    assert repairs(hass) == {"schedule_late": "schedule_problem"}
    await hass.config_entries.async_unload(entry.entry_id)
    assert repairs(hass) == {}


async def test_what_was_lent_by_name_and_is_gone_is_a_repair_at_once(
    hass: HomeAssistant, broker: Broker, furnished: Furnish
) -> None:
    furnished("light.far", "on", here=False, **LAMP)
    options = {"areas": ["attic"], "entities": ["light.far"]}
    entry = MockConfigEntry(domain="relax", data={"base_topic": "relax"}, options=options)
    entry.add_to_hass(hass)
    await start(hass, entry, broker)
    assert repairs(hass) == {"gone_attic": "lent_entity_gone"}
    er.async_get(hass).async_remove("light.far")
    await hass.async_block_till_done()
    await lasts(hass, minutes=1)
    assert set(repairs(hass)) == {"gone_attic", "gone_light.far"}
    assert broker.kept("relax/lent/light/far/config") == ""


async def test_an_entity_that_keeps_refusing_is_a_repair(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP)
    await start(hass, entry, broker)
    async_mock_service(hass, "light", "turn_on", raise_exception=HomeAssistantError("The bridge is away"))
    await broker.say("relax/lent/light/sofa/set", {"state": "ON"})
    await broker.stands()
    await lasts(hass)
    assert list(repairs(hass).values()) == ["lent_entity_refuses"]


async def test_diagnostics_tell_what_is_lent_and_no_secret(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("light.sofa", "on", **LAMP)
    furnished("media_player.radio", "playing", supported_features=PLAYER, media_content_id="http://me:secret@nas/a")
    await start(hass, entry, broker)
    await broker.stands(problem="http://me:secret@nas/a cannot be played", playing="spotify:secret")
    told = await async_get_config_entry_diagnostics(hass, entry)
    assert "secret" not in json.dumps(told)
    assert {each["address"] for each in told["lent"]} == {"light/sofa", "speaker/radio"}
    assert told["rooms"]["den"]["status"] == "idle"
    assert told["scenes"] == ["foot-massage", "box-breathing"]


async def test_a_device_may_be_deleted_when_relax_has_its_room_no_more(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    await start(hass, entry, broker)
    device = dr.async_get(hass).async_get_device_by_identifier(("relax", "relax_den"), entry.entry_id)
    assert not await component.async_remove_config_entry_device(hass, entry, device)
    entry.runtime_data.client.sessions.clear()
    assert await component.async_remove_config_entry_device(hass, entry, device)


def keys_of(value: Any, path: str = "") -> set[str]:
    if not isinstance(value, dict):
        return {path}
    return {key for name, each in value.items() for key in keys_of(each, f"{path}/{name}")}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_text_is_there_in_every_language(language: str) -> None:
    texts = json.loads((HERE / "strings.json").read_text())
    own = json.loads((HERE / "translations" / f"{language}.json").read_text())
    assert keys_of(own) == keys_of(texts)
    if language == "en":
        assert own == texts
