"""A foot massage on lamps, a switch, two players and a voice that only a real Home Assistant knows.

Home Assistant's own states judge: what was played, that all is given back, also where it was killed in the middle, and
that a lamp which somebody took stays theirs. RELAX_HOME_ASSISTANT names the folder that `.ci/run` uses as well.
RELAX_BRIDGE_SCENES=0 plays the first two minutes at speed 1, too.
"""

import asyncio
import os
import threading
from collections.abc import Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

import pytest

from tests.conftest import Mosquitto
from tests.far_end.real_zigbee.service import ROOM, Service
from tests.system.home_assistant import Client, HomeAssistant, found

pytestmark = [pytest.mark.timeout(1800), pytest.mark.broker]

STAND_INS = Path(__file__).parents[1] / "system/stand_ins/rehearsed"
SCENE, SPEED = "foot-massage", 20.0
SHORT: dict[str, Any] = {"rate": 40.0, "parameters": {"feet": "left", "bath": False}}
"""A massage for tests in which something happens in the middle."""
IN_MIDDLE = "strokes:left"
MAIN, GLOW = ("ceiling", "cloud"), ("strip", "white")
LIGHTS = {name: f"light.rehearsed_{name}" for name in (*MAIN, *GLOW)}
MUSIC, SECOND, SCENT = "media_player.announcing", "media_player.plain", "switch.rehearsed_burner"
KEPT = ("brightness", "color_mode", "color_temp_kelvin", "rgb_color", "effect", "volume_level", "media_content_id")
"""What is compared of an entity; a white by its temperature, a colour as the eye sees it."""
BEFORE: dict[str, dict[str, Any]] = {
    "ceiling": {"brightness": 90, "color_temp_kelvin": 4000},
    "cloud": {"brightness": 60, "color_temp_kelvin": 3000},
    "strip": {"brightness": 70, "rgb_color": [255, 120, 0], "effect": "candle"},
    "white": {"white": 80},
}
OF_THIS_INSTALLATION = ("Skipping pip installation", "FFmpeg", "ffmpeg", "custom integration rehearsed")
"""What stands in its log at WARNING whatever happens."""
T = TypeVar("T")


class Watcher:
    """Somebody at Home Assistant, in a thread of their own: sees every state, and can do something."""

    def __init__(self, ha: HomeAssistant) -> None:
        self._ha = ha
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._client: Client | None = None
        self._context: Any = None

    def __enter__(self) -> Self:
        self._thread.start()
        self.look()
        return self

    def __exit__(self, *_: object) -> None:
        self.look_away()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def look(self) -> None:
        self._context = self._ha.client()
        self._client = self._do(self._context.__aenter__())

    def look_away(self) -> None:
        if self._client is not None:
            self._client = None
            self._do(self._context.__aexit__(None, None, None))

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    @property
    def client(self) -> Client:
        assert self._client is not None
        return self._client

    def call(self, service: str, entity: str, **data: Any) -> None:
        self._do(self.client.call(service, entity, **data))

    def wait_for(self, entity: str, state: Any) -> None:
        self._do(self.client.wait_for(entity, state))

    def shown(self) -> dict[str, Mapping[str, Any]]:
        """What everything shows now."""
        found: dict[str, Mapping[str, Any]] = {}
        for entity, state in sorted(self.client.states.items()):
            if entity in (*LIGHTS.values(), MUSIC, SECOND, SCENT):
                shows = {"state": state["state"], **{key: state["attributes"].get(key) for key in KEPT}}
                is_white = shows["color_mode"] == "color_temp"
                found[entity] = {**shows, "rgb_color": None} if is_white else shows
        return found

    def changes(self, entity: str) -> list[dict[str, Any]]:
        """Its states since it is looked at, in order."""
        heard = (each["data"] for each in self.client.events if each.get("event_type") == "state_changed")
        return [each["new_state"] for each in heard if each["entity_id"] == entity and each["new_state"]]


@pytest.fixture
def ha(mosquitto: Mosquitto) -> Iterator[HomeAssistant]:
    with found() as home:
        home.put("custom_components/rehearsed", STAND_INS)
        home.put("packages/rehearsed.yaml", "rehearsed:\nassist_pipeline:\n")
        home.start(mosquitto.port)
        yield home


@pytest.fixture
def watcher(ha: HomeAssistant) -> Iterator[Watcher]:
    with Watcher(ha) as somebody:
        for name, wanted in BEFORE.items():
            somebody.wait_for(LIGHTS[name], "on")
            somebody.call("light.turn_on", LIGHTS[name], **wanted)
        for entity in (MUSIC, SECOND, SCENT):
            somebody.wait_for(entity, lambda now: now["state"] != "unavailable")
        yield somebody


@pytest.fixture
def service(ha: HomeAssistant, watcher: Watcher, mosquitto: Mosquitto, tmp_path: Path) -> Iterator[Service]:
    (tmp_path / "token").write_text((ha.config / "token").read_text())
    with Service(tmp_path, home(ha.url), mosquitto.port) as service:
        yield service


def home(address: str) -> dict[str, Any]:
    """Nothing but what its entities are called: what they can they say themselves."""
    devices = {name: {"dialect": "hass", "entity": entity} for name, entity in LIGHTS.items()}
    devices |= {"music": {"dialect": "hass", "entity": MUSIC}, "burner": {"dialect": "hass", "entity": SCENT}}
    devices["voice"] = {"dialect": "hass", "entity": SECOND, "kind": "voice"}
    roles = {"main": list(MAIN), "glow": list(GLOW), "music": "music", "voice": "voice", "scent": "burner"}
    return {
        "home": "real",
        "format": 1,
        "home_assistant": {"address": address, "token_file": "token"},
        "devices": devices,
        "rooms": {ROOM: {"roles": roles}},
        "music": {"calm": "http://127.0.0.1/calm.mp3"},
    }


def begin(service: Service, **given: Any) -> None:
    service.until(lambda: not service.state.get("missing"), "all are there")
    service.tell("start", scene=SCENE, **given)


def reaches(service: Service, step: str) -> None:
    service.until(lambda: any(each["details"]["chapter"] == step for each in service.told("step_started")), step)


def differences(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What is otherwise than before; a level may be off by one of 255, a volume by one of a hundred, a white by 1 %."""
    found = {}
    for entity, was in before.items():
        for key, value in was.items():
            now = after[entity][key]
            is_same = value == now
            if key in ("brightness", "color_temp_kelvin", "volume_level") and value is not None and now is not None:
                is_same = abs(value - now) <= {"brightness": 1, "volume_level": 0.011}.get(key, 0.01 * value)
            elif key == "rgb_color" and value is not None and now is not None:
                is_same = all(abs(a - b) <= 4 for a, b in zip(value, now, strict=True))
            if not is_same:
                found[f"{entity} {key}"] = f"{value} -> {now}"
    return found


def settled(service: Service, watcher: Watcher, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What is not as it is to be, once there was time for it: what is told late counts as well."""
    service.is_given_back()
    for _ in range(300):
        if not differences(wanted, watcher.shown()):
            break
        threading.Event().wait(0.1)
    return differences(wanted, watcher.shown())


def after(before: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """A massage leaves light to walk by in the main lamps; all else as it was."""
    stays = {"brightness": 102, "color_mode": "color_temp", "color_temp_kelvin": 2500, "rgb_color": None}
    return {
        entity: {**was, **stays} if entity in [LIGHTS[name] for name in MAIN] else was for entity, was in before.items()
    }


def test_a_foot_massage_is_played_and_all_is_given_back(ha: HomeAssistant, service: Service, watcher: Watcher) -> None:
    before = watcher.shown()
    begin(service, rate=SPEED)
    service.is_given_back()
    assert not settled(service, watcher, after(before))
    assert not service.told("device_refused")
    assert not service.told("device_missing")
    assert service.state["last"]["ending"] == "finished"
    ceiling = [each["attributes"].get("brightness") for each in watcher.changes(LIGHTS["ceiling"])]
    assert any(each is not None and abs(each - 56) <= 2 for each in ceiling), "22 % for the rest"
    assert any(each["state"] == "playing" for each in watcher.changes(MUSIC))
    assert any(each["state"] == "on" for each in watcher.changes(SCENT))
    assert len(watcher.client.calls("tts.speak")) > 20
    assert watcher.client.attribute(LIGHTS["cloud"], "at_once") == 1
    assert "candle" not in [each["attributes"].get("effect") for each in watcher.changes(LIGHTS["strip"])[1:-1]]
    assert not [each for each in ha.complaints("") if not any(word in each for word in OF_THIS_INSTALLATION)]


def test_home_assistant_is_killed_in_the_middle(ha: HomeAssistant, service: Service, watcher: Watcher) -> None:
    """Its lamps come up fully lit, as they do without power: that is nobody's hand."""
    before = watcher.shown()
    begin(service, **SHORT)
    reaches(service, IN_MIDDLE)
    watcher.look_away()
    ha.kill()
    service.until(lambda: len(service.told("device_missing")) >= len(LIGHTS), "its lamps are missing")
    ha.start(mosquitto_port(ha), fresh=False)
    watcher.look()
    service.is_given_back()
    wanted = {entity: was for entity, was in after(before).items() if entity != LIGHTS["strip"]}
    assert not settled(service, watcher, wanted)
    strip = watcher.shown()[LIGHTS["strip"]]
    assert strip["brightness"] == pytest.approx(70, abs=1)
    assert not service.told("overridden"), "what it forgot is nobody's hand"
    assert not service.state["overridden"]


def mosquitto_port(ha: HomeAssistant) -> int:
    return ha._mqtt_port


def test_relax_is_killed_in_the_middle_and_goes_on(service: Service, watcher: Watcher) -> None:
    """An effect is forgotten, and a voice that is no player of the room has no debt (decisions 64, 65)."""
    before = watcher.shown()
    begin(service, **SHORT)
    reaches(service, IN_MIDDLE)
    service.kill()
    service.start()
    wanted = {entity: {**was, "effect": None} for entity, was in after(before).items() if entity != SECOND}
    wanted[LIGHTS["strip"]] = {**wanted[LIGHTS["strip"]], "effect": "off"}
    assert not settled(service, watcher, wanted)
    assert service.told("session_resumed")
    assert not service.told("overridden")
    assert not service.told("device_refused")


def test_a_lamp_that_somebody_takes_is_theirs(service: Service, watcher: Watcher) -> None:
    before = watcher.shown()
    begin(service, **SHORT)
    reaches(service, IN_MIDDLE)
    watcher.call("light.turn_on", LIGHTS["white"], hs_color=[240, 90], brightness=200)
    wanted = {entity: was for entity, was in after(before).items() if entity != LIGHTS["white"]}
    service.until(lambda: service.state["overridden"], "it is a person's")
    assert not settled(service, watcher, wanted)
    assert watcher.shown()[LIGHTS["white"]]["brightness"] == 200


@pytest.mark.skipif(os.environ.get("RELAX_BRIDGE_SCENES") != "0", reason="takes four minutes: RELAX_BRIDGE_SCENES=0")
def test_two_minutes_in_real_time_and_stopped(service: Service, watcher: Watcher) -> None:
    before = watcher.shown()
    begin(service)
    threading.Event().wait(120.0)
    service.tell("stop")
    assert not settled(service, watcher, before)
    assert not service.told("device_refused")
    assert watcher.client.attribute(LIGHTS["cloud"], "at_once") == 1
