"""Set up by what relax says, or by hand; changed; once."""

from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_MQTT, SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_mqtt_message

from .conftest import Broker, start

pytestmark = pytest.mark.usefixtures("broker")


def heard(payload: str, topic: str = "relax/status") -> MqttServiceInfo:
    return MqttServiceInfo(topic=topic, payload=payload, qos=0, retain=True, subscribed_topic=topic, timestamp=0.0)


def answering(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, payload: str | None) -> None:
    """The broker keeps this on every status topic."""
    from homeassistant.components import mqtt

    subscribe = mqtt.async_subscribe

    async def subscribed(hass: HomeAssistant, topic: str, callback: Any, *args: Any, **keys: Any) -> Any:
        end = await subscribe(hass, topic, callback, *args, **keys)
        if payload is not None and topic.endswith("/status"):
            hass.loop.call_soon(async_fire_mqtt_message, hass, topic, payload, 0, True)
        return end

    monkeypatch.setattr(mqtt, "async_subscribe", subscribed)
    monkeypatch.setattr("custom_components.relax.config_flow._ANSWERS_WITHIN", 0.05)


async def test_what_says_that_it_is_there_is_set_up_with_its_areas(hass: HomeAssistant, area: ar.AreaEntry) -> None:
    flow = await hass.config_entries.flow.async_init("relax", context={"source": SOURCE_MQTT}, data=heard("online"))
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "lend")
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {"areas": [area.id]})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["data"] == {"base_topic": "relax"}
    assert flow["options"] == {"areas": [area.id]}
    again = await hass.config_entries.flow.async_init("relax", context={"source": SOURCE_MQTT}, data=heard("online"))
    assert again["type"] is FlowResultType.ABORT


async def test_what_is_not_there_is_not_offered(hass: HomeAssistant) -> None:
    flow = await hass.config_entries.flow.async_init("relax", context={"source": SOURCE_MQTT}, data=heard("offline"))
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "not_there")


async def test_by_hand_a_wrong_topic_is_said_and_can_be_put_right(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(hass, monkeypatch, "online")
    flow = await hass.config_entries.flow.async_init("relax", context={"source": SOURCE_USER})
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {"base_topic": "relax/#"})
    assert flow["errors"] == {"base_topic": "no_topic"}
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {"base_topic": " upstairs/relax/status "})
    assert flow["step_id"] == "lend"
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
    assert flow["data"] == {"base_topic": "upstairs/relax"}


@pytest.mark.parametrize("payload", [None, "offline"])
async def test_where_nobody_is_yet_a_person_may_lend_first(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, payload: str | None
) -> None:
    answering(hass, monkeypatch, payload)
    flow = await hass.config_entries.flow.async_init("relax", context={"source": SOURCE_USER})
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {"base_topic": "relax"})
    assert flow["errors"] == {"base": "not_there"}
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {"base_topic": "relax", "not_yet": False})
    assert flow["errors"] == {"base": "not_there"}
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {"base_topic": "relax", "not_yet": True})
    assert flow["step_id"] == "lend"


async def test_without_a_broker_that_is_said(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homeassistant.components.mqtt.is_connected", lambda _: False)
    flow = await hass.config_entries.flow.async_init("relax", context={"source": SOURCE_USER})
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {"base_topic": "relax"})
    assert flow["errors"] == {"base": "no_broker"}


async def test_one_home_has_one(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    flow = await hass.config_entries.flow.async_init("relax", context={"source": SOURCE_USER})
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "single_instance_allowed")


async def test_relax_may_move_to_another_topic(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    await start(hass, entry, broker)
    answering(hass, monkeypatch, None)
    flow = await entry.start_reconfigure_flow(hass)
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {"base_topic": "upstairs"})
    assert flow["errors"] == {"base": "not_there"}
    monkeypatch.undo()
    answering(hass, monkeypatch, "online")
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {"base_topic": "upstairs"})
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()
    assert entry.data["base_topic"] == "upstairs"
    assert entry.runtime_data.client.base == "upstairs"


async def test_what_is_lent_can_be_changed(hass: HomeAssistant, broker: Broker, entry: MockConfigEntry) -> None:
    await start(hass, entry, broker)
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    assert flow["step_id"] == "init"
    flow = await hass.config_entries.options.async_configure(flow["flow_id"], {"areas": []})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert entry.options == {"areas": []}
