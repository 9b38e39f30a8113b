"""Setting it up: found by what relax says over MQTT, or by hand; which areas are lent; all of it changed later."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, override

import probatio
from homeassistant.components import mqtt
from homeassistant.components.mqtt import ReceiveMessage
from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult, OptionsFlowWithReload
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import selector
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo

from .const import CONF_AREAS, CONF_BASE, CONF_ENTITIES, CONF_LEFT_OUT, CONF_VOICE, DEFAULT_BASE, DOMAIN
from .lending.choice import DOMAINS

_NOT_YET: Final = "not_yet"
"""Whose lamps are all in Home Assistant lends them first: relax has no home file before it finds them."""
_ANSWERS_WITHIN: Final = 5.0
"""Seconds. Whether relax is there is retained: the broker says it at once."""


def _lending(options: Mapping[str, Any]) -> probatio.Schema:
    """What is lent, with what was chosen before."""
    entities = selector.EntitySelector(selector.EntitySelectorConfig(filter=[{"domain": list(DOMAINS)}], multiple=True))
    fields: dict[str, selector.Selector[Any]] = {
        CONF_AREAS: selector.AreaSelector(selector.AreaSelectorConfig(multiple=True)),
        CONF_VOICE: selector.EntitySelector(selector.EntitySelectorConfig(filter=[{"domain": ["tts"]}])),
        CONF_ENTITIES: entities,
        CONF_LEFT_OUT: entities,
    }
    return probatio.Schema(
        {
            probatio.Optional(key, description={"suggested_value": options.get(key)}): field
            for key, field in fields.items()
        }
    )


_WHERE: Final = probatio.Schema({probatio.Required(CONF_BASE, default=DEFAULT_BASE): selector.TextSelector()})


class RelaxConfigFlow(ConfigFlow, domain=DOMAIN):
    """One home, one relax: there is one entry."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        self._base = DEFAULT_BASE

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> "RelaxOptionsFlow":
        del config_entry
        return RelaxOptionsFlow()

    @override
    async def async_step_mqtt(self, discovery_info: MqttServiceInfo) -> ConfigFlowResult:
        """It was heard: relax has said that it is there."""
        await self.async_set_unique_id(DOMAIN)
        self._abort_if_unique_id_configured()
        if discovery_info.payload != "online":
            return self.async_abort(reason="not_there")
        self._base = discovery_info.topic.removesuffix("/status")
        self.context["title_placeholders"] = {"base": self._base}
        return await self.async_step_lend()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """By hand: below which topic is it?"""
        errors: dict[str, str] = {}
        schema = _WHERE
        if user_input is not None:
            self._base = _trimmed(user_input[CONF_BASE])
            errors = await _faults(self.hass, self._base)
            if errors.get("base") == "not_there":
                schema = _WHERE.extend({probatio.Required(_NOT_YET, default=False): selector.BooleanSelector()})
            if not errors or (errors == {"base": "not_there"} and user_input.get(_NOT_YET) is True):
                await self.async_set_unique_id(DOMAIN, raise_on_progress=False)
                self._abort_if_unique_id_configured()
                return await self.async_step_lend()
        schema = self.add_suggested_values_to_schema(schema, user_input or {})
        return self.async_show_form(step_id="user", data_schema=schema, errors=errors)

    async def async_step_lend(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Which areas play."""
        if user_input is None:
            return self.async_show_form(
                step_id="lend", data_schema=_lending({}), description_placeholders={"base": self._base}
            )
        return self.async_create_entry(title="relax", data={CONF_BASE: self._base}, options=user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Another topic: relax has moved."""
        entry, errors = self._get_reconfigure_entry(), dict[str, str]()
        if user_input is not None:
            base = _trimmed(user_input[CONF_BASE])
            errors = await _faults(self.hass, base)
            if not errors:
                return self.async_update_reload_and_abort(entry, data_updates={CONF_BASE: base})
        schema = self.add_suggested_values_to_schema(_WHERE, user_input or entry.data)
        return self.async_show_form(step_id="reconfigure", data_schema=schema, errors=errors)


class RelaxOptionsFlow(OptionsFlowWithReload):
    """What is lent, changed."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        return self.async_show_form(step_id="init", data_schema=_lending(self.config_entry.options))


def _trimmed(base: str) -> str:
    return base.strip().removesuffix("/status").strip("/")


async def _faults(hass: HomeAssistant, base: str) -> dict[str, str]:
    """Whether relax is there: its status is retained."""
    try:
        mqtt.valid_subscribe_topic(f"{base}/status")
    except probatio.Invalid:
        return {CONF_BASE: "no_topic"}
    if not base or any(sign in base for sign in "+#"):
        return {CONF_BASE: "no_topic"}
    if not await mqtt.async_wait_for_mqtt_client(hass) or not mqtt.is_connected(hass):
        return {"base": "no_broker"}
    said: asyncio.Future[str] = hass.loop.create_future()

    @callback
    def heard(message: ReceiveMessage) -> None:
        if not said.done():
            said.set_result(str(message.payload))

    end = await mqtt.async_subscribe(hass, f"{base}/status", heard)
    try:
        async with asyncio.timeout(_ANSWERS_WITHIN):
            return {} if await said == "online" else {"base": "not_there"}
    except TimeoutError:
        return {"base": "not_there"}
    finally:
        end()
