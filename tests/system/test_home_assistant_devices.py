"""A real Home Assistant has lamps, a switch, players, voices and a remote that are at no broker: `hass` plays them.

Its own states judge: what a lamp was told is what it shows there, and what somebody does there is what we read.
`tests/system/stand_ins/rehearsed` is their integration.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from orchestrator.devices.abilities import ColourMode, FadeBy
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.dialects.hass import Hass, HassSettings
from orchestrator.devices.discovery.hass import found_in
from orchestrator.devices.messages import (
    AvailabilityReport,
    ButtonReport,
    Change,
    Hush,
    LightReport,
    Message,
    PauseMusic,
    Play,
    PlayerReport,
    RefusalReport,
    Report,
    ResumeMusic,
    SetLight,
    SetSwitch,
    SetVolume,
    Speak,
    SpeechEvent,
    SpeechReport,
    StopMusic,
    SwitchReport,
)
from orchestrator.hass.access import HassAccess
from orchestrator.hass.gateway import HassGateway
from orchestrator.hass.inventory import inventory
from orchestrator.home.proposal import proposed, proposed_devices
from orchestrator.units import OFF, Percent, WordsPerMinute
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy, same_light
from tests.conftest import Mosquitto, until
from tests.hass.server import TOKEN, FakeHomeAssistant, listening
from tests.system.home_assistant import Client, HomeAssistant, found

pytestmark = [pytest.mark.timeout(1800), pytest.mark.broker]

STAND_INS = Path(__file__).parent / "stand_ins"
AMBER, WHITE = Rgb(255.0, 154.0, 60.0), Temperature.of_kelvin(2700)
LAMPS: dict[str, Colour | None] = {
    "ceiling": WHITE,
    "cloud": AMBER,
    "plain": None,
    "socket": None,
    "strip": AMBER,
    "four": Channels((255.0, 120.0, 0.0, 40.0)),
    "five": Channels((0.0, 0.0, 0.0, 20.0, 255.0)),
    "white": Channels((0.0, 0.0, 0.0, 255.0)),
}
"""What each is told to show: whites, and colours in all the words that Home Assistant has."""
PLAYER, VOICE, SATELLITE = "media_player.announcing", "media_player.plain", "assist_satellite.satellite"


@pytest.fixture(scope="module")
def broker(has_mosquitto: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("broker"))
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture(scope="module")
def ha(broker: Mosquitto) -> Iterator[HomeAssistant]:
    with found() as home:
        home.put("custom_components/rehearsed", STAND_INS / "rehearsed")
        home.put("packages/rehearsed.yaml", "rehearsed:\nassist_pipeline:\n")
        home.start(broker.port)
        yield home


def access(ha: HomeAssistant) -> HassAccess:
    return HassAccess(f"{ha.url.replace('http', 'ws')}/api/websocket", (ha.config / "token").read_text().strip())


@dataclass
class Devices:
    """Devices of a home, told and heard as the stage does it."""

    gateway: HassGateway
    client: Client
    dialects: dict[str, Hass]
    reports: dict[str, list[Report]] = field(default_factory=dict)

    def hear(self, message: Message) -> None:
        for name, dialect in self.dialects.items():
            self.reports.setdefault(name, []).extend(dialect.decode(message))

    def tell(self, name: str, change: Change) -> None:
        self.gateway.publish(self.dialects[name].encode(change))

    def said(self, name: str, kind: type[Report]) -> list[Any]:
        return [each for each in self.reports.get(name, ()) if isinstance(each, kind)]

    def light(self, name: str) -> LightReport:
        """The last of each."""
        known = LightReport()
        for report in self.said(name, LightReport):
            known = known._replace(**{key: each for key, each in report._asdict().items() if each is not None})
        return known

    async def ready(self) -> None:
        await until(lambda: all(AvailabilityReport(True) in self.reports.get(name, ()) for name in self.dialects))


@asynccontextmanager
async def devices(ha: HomeAssistant, **entities: dict[str, Any] | str) -> AsyncIterator[Devices]:
    """By name, an entity or a whole entry of a home file."""
    entries = {name: {"entity": each} if isinstance(each, str) else each for name, each in entities.items()}
    settings = {name: HassSettings.model_validate({"dialect": "hass", **each}) for name, each in entries.items()}
    dialects = {name: Hass(name, each) for name, each in settings.items()}
    gateway = HassGateway([each.entity for each in settings.values()], lambda: access(ha))
    async with ha.client() as client:
        one = Devices(gateway, client, dialects)
        async with gateway.serve(one.hear):
            await one.ready()
            yield one


async def test_each_lamp_shows_what_it_was_told_and_says_so(ha: HomeAssistant) -> None:
    async with devices(ha, **{name: f"light.rehearsed_{name}" for name in LAMPS}) as here:
        for name, colour in LAMPS.items():
            level = Percent(40.0) if name != "socket" else Percent(100.0)
            here.tell(name, SetLight(level, colour, 500))

            def shows(name: str = name, level: Percent = level, colour: Colour | None = colour) -> bool:
                said = here.light(name)
                is_there = said.level is not None and abs(said.level - level) < 0.5
                is_lit = colour is None or (said.colour is not None and same_light(said.colour, colour, 0.01))
                return is_there and is_lit

            await until(shows)
            assert here.client.state(f"light.rehearsed_{name}") == "on"
            here.tell(name, SetLight(OFF, None, 0))
            await here.client.wait_for(f"light.rehearsed_{name}", "off")

            def is_off(name: str = name) -> bool:
                return here.light(name).level == OFF

            await until(is_off)
        assert not [each for name in LAMPS for each in here.said(name, RefusalReport)]


async def test_what_a_lamp_can_is_read_from_its_entity(ha: HomeAssistant) -> None:
    async with devices(ha, **{name: f"light.rehearsed_{name}" for name in LAMPS}) as here:
        can = {name: here.dialects[name].abilities.light for name in LAMPS}
    assert can["ceiling"] is not None
    assert can["cloud"] is not None
    assert {name: light.fade for name, light in can.items() if light} == {
        **dict.fromkeys(LAMPS, FadeBy.NATIVE), "cloud": FadeBy.STEPPED, "socket": FadeBy.NONE,
    }  # fmt: skip
    both = ColourMode.TEMPERATURE | ColourMode.RGB
    assert {name: light.colours for name, light in can.items() if light} == {
        "ceiling": both, "cloud": both, "plain": ColourMode.NONE, "socket": ColourMode.NONE, "strip": ColourMode.RGB,
        "four": both, "five": ColourMode.RGB, "white": ColourMode.RGB,
    }  # fmt: skip
    assert (round(can["ceiling"].warmest), round(can["ceiling"].coolest)) == (500, 154)
    assert can["cloud"].segment >= 350


async def test_a_lamp_in_a_cloud_never_has_two_calls_and_gets_to_the_last(ha: HomeAssistant) -> None:
    entity = "light.rehearsed_cloud"
    async with devices(ha, cloud=entity) as here:
        before = here.client.attribute(entity, "told")
        for level in range(10, 90):
            here.tell("cloud", SetLight(Percent(float(level)), WHITE if level == 11 else None, 0))
        await until(lambda: here.light("cloud").level == pytest.approx(89.0, abs=0.3))
        assert here.client.attribute(entity, "at_once") == 1
        assert here.client.attribute(entity, "told") - before <= 3
        assert here.client.attribute(entity, "color_mode") == "color_temp", "the colour among the levels is not lost"


async def test_somebody_at_a_lamp_is_heard(ha: HomeAssistant) -> None:
    async with devices(ha, ceiling="light.rehearsed_ceiling", four="light.rehearsed_four") as here:
        await here.client.call("light.turn_on", "light.rehearsed_ceiling", brightness=51, xy_color=[0.3, 0.2])
        await until(lambda: here.light("ceiling") == LightReport(Percent(20.0), Xy(0.3, 0.2)))
        await here.client.call("light.turn_on", "light.rehearsed_four", rgbw_color=[255, 0, 0, 90])
        await until(lambda: here.light("four").colour == Channels((255.0, 0.0, 0.0, 90.0)))
        await here.client.call("light.turn_on", "light.rehearsed_cloud", hs_color=[200, 50])


async def test_an_effect_ends_with_another_colour_and_comes_back_with_its_own(ha: HomeAssistant) -> None:
    entity = "light.rehearsed_strip"
    async with devices(ha, strip=entity) as here:
        await here.client.call("light.turn_on", entity, rgb_color=[255, 120, 0], effect="candle", brightness=128)
        await until(lambda: here.light("strip").level == pytest.approx(50.2, abs=0.1))
        before = here.light("strip").colour
        here.tell("strip", SetLight(Percent(30.0), Rgb(0.0, 0.0, 255.0), 0))
        await here.client.wait_for(entity, lambda now: now["attributes"]["effect"] == "off")
        here.tell("strip", SetLight(Percent(50.0), before, 0))
        await here.client.wait_for(entity, lambda now: now["attributes"]["effect"] == "candle")


async def test_a_switch_and_a_remote(ha: HomeAssistant) -> None:
    async with devices(ha, burner="switch.rehearsed_burner", remote="event.rehearsed_remote") as here:
        here.tell("burner", SetSwitch(on=True))
        await here.client.wait_for("switch.rehearsed_burner", "on")
        await until(lambda: here.said("burner", SwitchReport)[-1] == SwitchReport(on=True))
        await here.client.call("switch.turn_off", "switch.rehearsed_burner")
        await until(lambda: here.said("burner", SwitchReport)[-1] == SwitchReport(on=False))
        for action in ("single", "double", "double"):
            await here.client.call("rehearsed.press", action=action)
        await until(lambda: len(here.said("remote", ButtonReport)) == 3)
        assert [each.action for each in here.said("remote", ButtonReport)] == ["single", "double", "double"]
    async with devices(ha, remote="event.rehearsed_remote") as here:
        assert not here.said("remote", ButtonReport), "it was pressed long ago"


async def test_music_plays_at_its_volume_pauses_goes_on_and_stops(ha: HomeAssistant) -> None:
    async with devices(ha, player=PLAYER) as here:
        for change in (SetVolume(Percent(10.0)), Play("http://127.0.0.1/calm.mp3")):
            here.tell("player", change)
        await here.client.wait_for(PLAYER, "playing")
        await until(
            lambda: here.said("player", PlayerReport)[-1] == PlayerReport("http://127.0.0.1/calm.mp3", Percent(10.0))
        )
        here.tell("player", PauseMusic())
        await until(lambda: here.said("player", PlayerReport)[-1].paused)
        here.tell("player", ResumeMusic())
        await until(lambda: not here.said("player", PlayerReport)[-1].paused)
        here.tell("player", StopMusic())
        await until(lambda: here.said("player", PlayerReport)[-1].playing == "")
        assert here.client.state(PLAYER) == "idle"
        await here.client.call("media_player.volume_set", PLAYER, volume_level=0.33)
        await until(lambda: here.said("player", PlayerReport)[-1].volume == pytest.approx(33.0))
        await here.client.call("media_player.volume_set", PLAYER, volume_level=0.25)


async def test_music_that_has_ended_begins_again_and_nobody_hears_of_it(ha: HomeAssistant) -> None:
    async with devices(ha, player="media_player.seeking") as here:
        short = "http://127.0.0.1/short.mp3"
        here.tell("player", Play(short))
        await until(lambda: len(here.client.calls("media_player.play_media")) == 3)
        said = [each.playing for each in here.said("player", PlayerReport)]
        assert said[said.index(short) :] == [short] * (len(said) - said.index(short))
        here.tell("player", StopMusic())
        await until(lambda: here.said("player", PlayerReport)[-1].playing == "")
        assert here.client.state("media_player.seeking") == "idle"


def words(name: str, text: str = "One two three four five.", language: str = "de") -> Speak:
    return Speak(name, text, language, Percent(40.0), WordsPerMinute(110.0), 0)


def spoken(here: Devices, name: str, id_: str) -> list[SpeechEvent]:
    return [each.event for each in here.said(name, SpeechReport) if each.id == id_]


async def test_a_player_speaks_and_says_when_it_is_over(ha: HomeAssistant) -> None:
    async with devices(ha, voice={"entity": VOICE, "kind": "voice"}) as here:
        here.tell("voice", words("a"))
        await until(lambda: spoken(here, "voice", "a") == [SpeechEvent.STARTED, SpeechEvent.DONE])
        call = here.client.calls("tts.speak")[-1]
        assert (call["language"], call["message"]) == ("de-DE", "One two three four five.")
        assert here.client.attribute(VOICE, "volume_level") == 0.4
        here.tell("voice", words("b", " ".join(["long"] * 50)))
        await until(lambda: spoken(here, "voice", "b") == [SpeechEvent.STARTED])
        here.tell("voice", Hush("b"))
        await here.client.wait_for(VOICE, "idle")
        await until(lambda: spoken(here, "voice", "b")[-1] == SpeechEvent.FAILED)
        here.tell("voice", words("c", "unspeakable"))
        await until(lambda: spoken(here, "voice", "c") == [SpeechEvent.FAILED])
        assert "it could not say its words" in here.said("voice", RefusalReport)[-1].why
    async with devices(ha, voice={"entity": VOICE, "kind": "voice"}) as here:
        assert here.client.attribute(VOICE, "volume_level") == 0.25, "it is as loud as it was"


async def test_words_go_over_the_music_of_a_player_that_can_and_it_goes_on(ha: HomeAssistant) -> None:
    async with devices(ha, both={"entity": PLAYER, "kind": ["player", "voice"]}) as here:
        here.tell("both", Play("http://127.0.0.1/calm.mp3"))
        await here.client.wait_for(PLAYER, "playing")
        await until(lambda: here.said("both", PlayerReport)[-1].playing == "http://127.0.0.1/calm.mp3")
        here.tell("both", words("a"))
        await until(lambda: SpeechEvent.DONE in spoken(here, "both", "a"))
        await here.client.wait_for(PLAYER, lambda now: now["attributes"]["media_content_id"].endswith("calm.mp3"))
        here.tell("both", StopMusic())
        await here.client.wait_for(PLAYER, "idle")


async def test_a_satellite_speaks_and_is_done_when_it_says_so(ha: HomeAssistant) -> None:
    async with devices(ha, satellite=SATELLITE) as here:
        here.tell("satellite", words("a", language="en"))
        await until(lambda: spoken(here, "satellite", "a") == [SpeechEvent.STARTED, SpeechEvent.DONE])
        assert not here.said("satellite", RefusalReport)


async def test_one_that_is_not_there_is_said_to_be_missing(ha: HomeAssistant) -> None:
    settings = HassSettings.model_validate({"dialect": "hass", "entity": "light.nowhere"})
    dialect = DIALECTS["hass"].codec("sofa", settings)
    heard: list[Report] = []
    gateway = HassGateway(["light.nowhere"], lambda: access(ha))
    async with gateway.serve(lambda message: heard.extend(dialect.decode(message))):
        await until(lambda: AvailabilityReport(False) in heard)
    assert "Home Assistant has no light.nowhere." in "".join(
        each.why for each in heard if isinstance(each, RefusalReport)
    )


async def test_a_wrong_token_is_said(ha: HomeAssistant) -> None:
    heard: list[Message] = []
    gateway = HassGateway(["light.x"], lambda: HassAccess(access(ha).url, "wrong"))
    async with gateway.serve(heard.append):
        await until(lambda: len(heard) >= 2)
    assert "does not take the token. Make one in Home Assistant" in heard[0].payload
    assert heard[1] == Message("hass/light.x/status", "offline")


async def test_its_areas_and_entities_become_rooms(ha: HomeAssistant) -> None:
    async with ha.client() as client:
        area = await client.ask("config/area_registry/create", name="Den")
        for entity in ("light.rehearsed_ceiling", "light.rehearsed_strip", PLAYER, "event.rehearsed_remote"):
            await client.ask("config/entity_registry/update", entity_id=entity, area_id=area["area_id"])
    devices = proposed_devices(tuple(found_in(await inventory(access(ha)))))
    assert not [device.refused for device in devices if device.refused]
    (room,) = (room for room in proposed(devices).rooms if room.title == "Den")
    assert room.roles == {
        "main": "rehearsed_ceiling",
        "glow": "rehearsed_strip",
        "music": "announcing",
        "voice": "announcing",
    }
    assert room.buttons == ("rehearsed_remote",)


ASKED: list[dict[str, Any]] = [
    {"type": "get_config"},
    {"type": "get_states"},
    {"type": "config/area_registry/list"},
    {"type": "tts/engine/list"},
    {"type": "subscribe_entities", "entity_ids": ["light.rehearsed_ceiling"]},
    {"type": "call_service", "domain": "light", "service": "turn_on", "service_data": {"brightness": 77},
     "target": {"entity_id": "light.rehearsed_ceiling"}},
    {"type": "call_service", "domain": "light", "service": "turn_off", "service_data": {},
     "target": {"entity_id": "light.rehearsed_ceiling"}},
    {"type": "call_service", "domain": "light", "service": "dance", "service_data": {},
     "target": {"entity_id": "light.rehearsed_ceiling"}},
    {"type": "dance"},
]  # fmt: skip
"""What the two are asked; each answer is waited for."""


async def answers(url: str, token: str) -> list[Any]:
    """What is said to each question, and by itself until then, each as its shape."""
    async with connect(url, proxy=None, max_size=None) as socket:
        said = [json.loads(await socket.recv())]
        await socket.send(json.dumps({"type": "auth", "access_token": token}))
        said.append(json.loads(await socket.recv()))
        for number, question in enumerate(ASKED, start=1):
            await socket.send(json.dumps({"id": number, **question}))
            heard: list[dict[str, Any]] = []
            wanted = {"result", "event"} if question["type"] == "subscribe_entities" else {"result"}
            while wanted - {each["type"] for each in heard}:
                heard.append(json.loads(await socket.recv()))
            if question["type"] == "get_states":
                ours = [each for each in heard[0]["result"] if each["entity_id"] == "light.rehearsed_ceiling"]
                heard[0]["result"] = ours
            said += sorted(heard, key=lambda each: each["type"])
        return said


def shape(said: Any) -> Any:
    """Keys and types: what it is about may be anything. Who has caused it (`c`) is a word or an object."""
    if isinstance(said, dict):
        return {key: shape(value) for key, value in said.items() if key != "c" or not _is_cause(value)}
    if isinstance(said, list):
        return [shape(said[0])] if said else []
    return type(said).__name__


def _is_cause(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and "id" in value)


_NUMBERS = ("int", "float")


def is_of(small: Any, real: Any) -> bool:
    """Whether the real one says all that the small one says; it may say more."""
    if isinstance(small, dict) and isinstance(real, dict):
        return all(key in real and is_of(value, real[key]) for key, value in small.items())
    if isinstance(small, list) and isinstance(real, list):
        return not small or not real or is_of(small[0], real[0])
    return bool(small == real) or (small in _NUMBERS and real in _NUMBERS)


async def test_the_small_home_assistant_says_what_the_real_one_says(ha: HomeAssistant) -> None:
    async with devices(ha, ceiling="light.rehearsed_ceiling") as here:
        await here.client.call("light.turn_on", "light.rehearsed_ceiling", brightness=100, color_temp_kelvin=3000)
        now = here.client.states["light.rehearsed_ceiling"]
    small = FakeHomeAssistant(
        {"light.rehearsed_ceiling": (now["state"], now["attributes"])},
        [{"engine_id": "tts.rehearsed_voice", "supported_languages": ["en"]}],
        refuses={"light.dance": "Service light.dance not found."},
        registries={"area": [{"area_id": "den", "name": "Den"}]},
    )
    where = access(ha)
    async with listening(small):
        theirs, ours = await answers(where.url, where.token), await answers(small.url, TOKEN)
    assert [(each["type"], each.get("success")) for each in ours] == [
        (each["type"], each.get("success")) for each in theirs
    ]
    for one, other in zip(ours, theirs, strict=True):
        assert is_of(shape(one), shape(other)), f"{json.dumps(one)[:300]}\n{json.dumps(other)[:300]}"


async def test_home_assistant_killed_and_back(ha: HomeAssistant) -> None:
    """Its lamps are away until their first real state; what they forgot is what they are then."""
    async with devices(ha, ceiling="light.rehearsed_ceiling", remote="event.rehearsed_remote") as here:
        here.tell("ceiling", SetLight(Percent(30.0), HueSaturation(30.0, 70.0), 0))
        await until(lambda: here.light("ceiling").level == pytest.approx(30.0, abs=0.3))
        await here.client.call("rehearsed.press", action="single")
        await until(lambda: here.said("remote", ButtonReport))
        await asyncio.to_thread(ha.kill)
        await until(lambda: here.reports["ceiling"][-1] == AvailabilityReport(False))
        here.reports.clear()
        await asyncio.to_thread(ha.start, ha._mqtt_port, fresh=False)
        await until(lambda: here.said("ceiling", LightReport))
        assert here.said("ceiling", AvailabilityReport)[-1] == AvailabilityReport(True)
        assert here.light("ceiling").level == 100.0
        await until(lambda: AvailabilityReport(True) in here.reports["remote"])
        assert not here.said("remote", ButtonReport)
