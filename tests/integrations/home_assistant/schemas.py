"""What Home Assistant says to discovery payloads: its own schemas and its own templates, without starting it.

Runs in Home Assistant's Python. Reads JSON from standard input: cases by name, each with its `payload`, the `messages`
on topics that its templates read, and `values` that people choose. Writes its version and a verdict for each.
"""

import asyncio
import importlib
import json
import sys
import tempfile

from homeassistant.components.mqtt import device_trigger, schemas
from homeassistant.components.mqtt.models import MqttCommandTemplate, MqttValueTemplate
from homeassistant.const import __version__
from homeassistant.core import HomeAssistant
from homeassistant.helpers.template import Template

ACCEPTED = "accepted"
PLATFORM = "homeassistant.components.mqtt."


def accepted(validate, value):
    """`accepted`, or why not."""
    try:
        validate(value)
    except Exception as error:  # noqa: BLE001 whatever it is, it is the verdict
        return f"{type(error).__name__}: {error}"
    return ACCEPTED


def schema_of(platform):
    if platform == "device_automation":
        return device_trigger.TRIGGER_DISCOVERY_SCHEMA
    return importlib.import_module(PLATFORM + platform).DISCOVERY_SCHEMA


def component(config, payload):
    """As discovery hands it on: with the device, the origin and what is shared."""
    shared = {key: payload[key] for key in schemas.SHARED_OPTIONS if key in payload and key not in config}
    own = {key: value for key, value in config.items() if key != "platform"}
    return {**own, **shared, "device": payload["device"], "origin": payload["origin"]}


def device(payload):
    schemas.validate_device_discovery_components(schemas.DEVICE_DISCOVERY_SCHEMA(payload))


def states(config, messages, hass):
    """What the templates of a component make of each message on their topics, by topic."""
    found = {}
    for key, topic in (
        ("value_template", config.get("state_topic") or config.get("topic")),
        ("json_attributes_template", config.get("json_attributes_topic")),
    ):
        if key in config:
            template = MqttValueTemplate(Template(config[key], hass))
            found[key] = [template.async_render_with_possible_json_value(each) for each in messages.get(topic, [])]
    for place in config.get("availability", []):
        if "value_template" in place:
            template = MqttValueTemplate(Template(place["value_template"], hass))
            heard = messages.get(place["topic"], [])
            found["availability"] = [template.async_render_with_possible_json_value(each) for each in heard]
    return found


def commands(config, values, hass):
    """What is published for each value that a person may choose."""
    if "command_topic" not in config:
        return []
    template = config.get("command_template")
    if template is None:
        return [config[key] for key in ("payload_press", "payload_on", "payload_off") if key in config]
    if config["platform"] == "select":
        values = config["options"]
    else:
        values = [value for value in values if config["min"] <= value <= config["max"]]
    made = MqttCommandTemplate(Template(template, hass))
    return [made.async_render(value) for value in values]


def verdict(case, hass):
    payload = case["payload"]
    whole = accepted(device, json.loads(json.dumps(payload)))
    parts = payload["components"].items()
    removed = [name for name, config in parts if set(config) == {"platform"}]
    there = {name: config for name, config in parts if name not in removed}
    return {
        "device": whole,
        "components": {
            name: accepted(schema_of(config["platform"]), component(config, payload)) for name, config in there.items()
        },
        "removed": removed,
        "states": {name: states(config, case["messages"], hass) for name, config in there.items()},
        "commands": {name: commands(config, case["values"], hass) for name, config in there.items()},
    }


async def main():
    cases = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        hass = HomeAssistant(folder)
        verdicts = {name: verdict(case, hass) for name, case in cases.items()}
        await hass.async_stop(force=True)
    json.dump({"version": __version__, "verdicts": verdicts}, sys.stdout)


asyncio.run(main())
