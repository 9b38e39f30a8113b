"""A home for our integration, in Home Assistant's own test kit: an area, what can be lent, a broker that hears."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from homeassistant.components.light import ColorMode, LightEntityFeature
from homeassistant.components.media_player import MediaPlayerEntityFeature
from homeassistant.components.mqtt.const import MQTT_PROCESSED_SUBSCRIPTIONS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_mqtt_message

from custom_components.relax.const import DOMAIN

IDLE = {"status": "idle", "problem": None, "last": None}
SCENES = [
    {"scene": "foot-massage", "title": {"en": "Foot massage", "de": "Fußmassage"}},
    {"scene": "box-breathing", "title": {"en": "Box breathing"}},
]


@pytest.fixture(autouse=True)
def ours(enable_custom_integrations: None) -> None:
    """Home Assistant takes custom integrations."""


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Home Assistant's MQTT integration leaves some; ours are looked at in `test_life.py`."""
    return True


class Broker:
    """What our integration has published, and what others say."""

    def __init__(self, hass: HomeAssistant, mock: Any) -> None:
        self._hass = hass
        self._mock = mock

    @property
    def said(self) -> list[tuple[str, str, bool]]:
        """Topic, payload and whether it is retained, in order."""
        calls = [call.args for call in self._mock.async_publish.call_args_list]
        return [(topic, payload, retain) for topic, payload, _, retain, *_ in calls]

    def kept(self, topic: str) -> str | None:
        """What is retained on a topic now."""
        return next((payload for name, payload, retain in reversed(self.said) if name == topic and retain), None)

    def config(self, address: str) -> dict[str, Any]:
        return dict(json.loads(self.kept(f"relax/lent/{address}/config") or "{}"))

    def state(self, address: str) -> Any:
        return json.loads(self.kept(f"relax/lent/{address}/state") or "null")

    def events(self, address: str) -> list[dict[str, Any]]:
        return [json.loads(payload) for topic, payload, _ in self.said if topic == f"relax/lent/{address}/event"]

    async def say(self, topic: str, payload: Any, *, retain: bool = False) -> None:
        text = payload if isinstance(payload, str) else json.dumps(payload)
        async_fire_mqtt_message(self._hass, topic, text, retain=retain)
        await self._hass.async_block_till_done()

    async def stands(self, room: str = "den", **session: Any) -> None:
        await self.say(f"relax/rooms/{room}/session", {**IDLE, **session})


@pytest.fixture
async def broker(hass: HomeAssistant, mqtt_mock: Any) -> Broker:
    assert await async_setup_component(hass, "homeassistant", {})
    return Broker(hass, mqtt_mock)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing of ours is said at WARNING or above, whatever happens."""
    yield
    serious = [
        one.getMessage()
        for when in ("setup", "call")
        for one in caplog.get_records(when)
        if one.levelno >= 30 and one.name != "asyncio"
    ]
    said = [one for one in serious if "relax" in one.lower() and "We found a custom integration" not in one]
    assert said == []


@pytest.fixture
def area(hass: HomeAssistant) -> ar.AreaEntry:
    return ar.async_get(hass).async_create("Living room")


@pytest.fixture
def furnished(hass: HomeAssistant, area: ar.AreaEntry) -> Callable[..., str]:
    """Put an entity into the area, or elsewhere: its id. A state by itself answers no actions."""

    def put(name: str, state: str, *, here: bool = True, platform: str = "hue", **attributes: Any) -> str:
        domain, _, object_id = name.partition(".")
        registry = er.async_get(hass)
        features = attributes.get("supported_features", 0)
        entry = registry.async_get_or_create(
            domain, platform, f"{platform}-{name}", suggested_object_id=object_id, supported_features=features
        )
        if here:
            registry.async_update_entity(entry.entity_id, area_id=area.id)
        hass.states.async_set(entry.entity_id, state, {"friendly_name": object_id.title(), **attributes})
        return str(entry.entity_id)

    return put


LAMP: dict[str, Any] = {
    "supported_color_modes": [ColorMode.COLOR_TEMP, ColorMode.HS],
    "min_color_temp_kelvin": 2200,
    "max_color_temp_kelvin": 6500,
    "supported_features": LightEntityFeature.TRANSITION,
}
PLAYER = (
    MediaPlayerEntityFeature.PLAY_MEDIA
    | MediaPlayerEntityFeature.VOLUME_SET
    | MediaPlayerEntityFeature.PAUSE
    | MediaPlayerEntityFeature.PLAY
    | MediaPlayerEntityFeature.STOP
)


@pytest.fixture
async def entry(hass: HomeAssistant, broker: Broker, area: ar.AreaEntry) -> MockConfigEntry:
    """Set up, with the area lent; nothing is in it yet."""
    made = MockConfigEntry(
        domain=DOMAIN, unique_id="relax", title="relax", data={"base_topic": "relax"}, options={"areas": [area.id]}
    )
    made.add_to_hass(hass)
    return made


async def subscribed(hass: HomeAssistant) -> None:
    """The broker has taken what was subscribed to."""
    await hass.async_block_till_done()
    async_dispatcher_send(hass, MQTT_PROCESSED_SUBSCRIPTIONS, [("relax/lent/+/+/set", 0)])
    await hass.async_block_till_done()


async def start(hass: HomeAssistant, entry: MockConfigEntry, broker: Broker | None = None) -> None:
    """Set up; with a broker, relax is there and has a room."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    await subscribed(hass)
    if broker is not None:
        await broker.say("relax/status", "online", retain=True)
        await broker.say("relax/scenes", {"scenes": SCENES}, retain=True)
        await broker.stands()
