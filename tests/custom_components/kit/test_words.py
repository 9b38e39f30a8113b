"""Words through media players and satellites: begun, done, cut, and the music afterwards."""

import asyncio
import io
import wave
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from homeassistant.components import tts
from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import area_registry as ar
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.relax.lending.spoken_words import SpokenWords, async_spoken

from .conftest import PLAYER, Broker, start

Furnish = Callable[..., str]
TOLD = "relax/lent/speaker/radio/set"
LONG = 0.2
"""Seconds of the words of this voice."""


class Room:
    """A radio in it, of which the calls move its state as a real one's would."""

    def __init__(self, hass: HomeAssistant, broker: Broker, furnished: Furnish, features: Feature) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._broker = broker
        self._furnished = furnished
        self._features = features
        self.refuses: str | None = None
        self.so: dict[str, Any] = {"volume_level": 0.2}
        self.shows("idle")
        self._hass = hass

    def answers(self) -> None:
        """Instead of the players that Home Assistant has of its own."""
        for name in ("play_media", "media_pause", "media_play", "media_stop", "volume_set", "repeat_set", "media_seek"):
            self._hass.services.async_register("media_player", name, self._called)
        self._hass.services.async_register("media_player", "turn_on", self._called)

    def shows(self, state: str, **attributes: Any) -> None:
        self.so |= attributes
        self._furnished("media_player.radio", state, supported_features=self._features, **self.so)

    async def _called(self, call: ServiceCall) -> None:
        data = {key: value for key, value in call.data.items() if key != "entity_id"}
        self.calls.append((call.service, data))
        if call.service == self.refuses:
            raise HomeAssistantError("No")
        announces = self._features & Feature.MEDIA_ANNOUNCE and data.get("announce")
        if call.service == "play_media" and not announces:
            self.shows("playing", media_content_id=data["media_content_id"])
        elif call.service == "media_play":
            self.shows("playing")
        elif call.service == "media_pause":
            self.shows("paused")
        elif call.service == "media_stop":
            self.shows("idle", media_content_id=None)
        elif call.service == "volume_set":
            self.so["volume_level"] = data["volume_level"]
            self.shows(self.state)

    @property
    def state(self) -> str:
        return str(self._hass.states.get("media_player.radio").state)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.calls]

    async def order(self, do: str, **keys: Any) -> None:
        await self._broker.say(TOLD, {"do": do, **keys})

    def fire(self, do: str, **keys: Any) -> None:
        """An order, without waiting for what comes of it."""
        import json

        from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

        async_fire_mqtt_message(self._hass, TOLD, json.dumps({"do": do, **keys}))


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None]]:
    """What the voice was given to say, in which language."""
    given: list[tuple[str, str | None]] = []

    async def spoken(hass: HomeAssistant, engine: str, text: str, language: str | None) -> SpokenWords:
        if text == "unspeakable":
            raise HomeAssistantError("The engine is away")
        given.append((text, language))
        return SpokenWords(f"media-source://tts/{text}", LONG)

    monkeypatch.setattr("custom_components.relax.lending.lent_speaker.async_spoken", spoken)
    monkeypatch.setattr("custom_components.relax.lending.lent_speaker._ENDS_WITHIN", 0.0)
    monkeypatch.setattr("custom_components.relax.lending.lent_speaker._WAITS_FOR_MORE", 0.1)
    return given


async def room(
    hass: HomeAssistant, broker: Broker, furnished: Furnish, area: ar.AreaEntry, features: Feature = PLAYER
) -> Room:
    made = Room(hass, broker, furnished, features)
    entry = MockConfigEntry(
        domain="relax", data={"base_topic": "relax"}, options={"areas": [area.id], "voice": "tts.voice"}
    )
    entry.add_to_hass(hass)
    await start(hass, entry)
    made.answers()
    return made


async def test_words_take_the_place_of_music_and_it_comes_back_at_its_own_volume(
    hass: HomeAssistant, broker: Broker, furnished: Furnish, area: ar.AreaEntry, sound: list[Any]
) -> None:
    radio = await room(hass, broker, furnished, area)
    assert broker.config("speaker/radio")["kind"] == ["player", "voice"]
    assert set(broker.state("speaker/radio")["abilities"]) == {"loop", "pause", "say", "done", "ducks", "hush"}
    await radio.order("play", uri="http://nas/calm.mp3", loop=True)
    await radio.order("say", id="a", text="Lean back.", language="en", volume=0.4)
    assert sound == [("Lean back.", "en")]
    assert radio.names == ["play_media", "media_pause", "volume_set", "play_media", "volume_set", "play_media"]
    assert [data["volume_level"] for name, data in radio.calls if name == "volume_set"] == [0.4, 0.2]
    assert radio.calls[-1][1]["media_content_id"] == "http://nas/calm.mp3"
    assert broker.events("speaker/radio") == [{"id": "a", "event": "started"}, {"id": "a", "event": "done"}]
    assert broker.state("speaker/radio")["playing"] == "http://nas/calm.mp3"
    states = [payload for topic, payload, _ in broker.said if topic == "relax/lent/speaker/radio/state"]
    assert all('"volume": 0.2' in each for each in states), "of the music, also while words are spoken"


async def test_a_player_that_announces_goes_on_with_its_music(
    hass: HomeAssistant, broker: Broker, furnished: Furnish, area: ar.AreaEntry, sound: list[Any]
) -> None:
    radio = await room(hass, broker, furnished, area, PLAYER | Feature.MEDIA_ANNOUNCE)
    assert "hush" not in broker.state("speaker/radio")["abilities"]
    await radio.order("play", uri="http://nas/calm.mp3", loop=True)
    await radio.order("say", id="a", text="Lean back.", volume=0.4)
    await radio.order("hush", id="a")
    assert radio.names == ["play_media", "play_media"]
    assert radio.calls[1][1]["announce"] is True
    assert radio.calls[1][1]["extra"] == {"volume": 40}
    assert [each["event"] for each in broker.events("speaker/radio")] == ["started", "done"]


async def test_words_are_cut_and_what_replaces_them_is_said(
    hass: HomeAssistant, broker: Broker, furnished: Furnish, area: ar.AreaEntry, sound: list[Any]
) -> None:
    radio = await room(hass, broker, furnished, area)
    radio.fire("say", id="a", text="One.")
    await asyncio.sleep(0.05)
    radio.fire("say", id="b", text="Two.")
    await asyncio.sleep(0.05)
    radio.fire("hush", id="other")
    radio.fire("hush", id="b")
    await hass.async_block_till_done()
    said = [(each["id"], each["event"]) for each in broker.events("speaker/radio")]
    assert said == [("a", "started"), ("a", "failed"), ("b", "started"), ("b", "failed")]
    assert "media_stop" in radio.names
    assert "media_play" not in radio.names, "words of which others take the place are no music that goes on"


async def test_what_the_music_is_told_while_words_are_spoken_holds_afterwards(
    hass: HomeAssistant, broker: Broker, furnished: Furnish, area: ar.AreaEntry, sound: list[Any]
) -> None:
    radio = await room(hass, broker, furnished, area)
    radio.fire("say", id="a", text="One.", volume=0.5)
    await asyncio.sleep(0.05)
    radio.fire("volume", level=0.1)
    radio.fire("play", uri="http://nas/rain.mp3", loop=True)
    await asyncio.sleep(0)
    assert radio.calls[-1][1]["media_content_id"].startswith("media-source://tts"), "not while words are spoken"
    await hass.async_block_till_done()
    assert radio.calls[-2:] == [
        ("volume_set", {"volume_level": 0.1}),
        ("play_media", {"media_content_id": "http://nas/rain.mp3", "media_content_type": "music"}),
    ]
    radio.fire("say", id="b", text="Two.")
    await asyncio.sleep(0.05)
    radio.fire("stop")
    await hass.async_block_till_done()
    assert radio.calls[-1][1].get("media_content_id") != "http://nas/rain.mp3", "it was stopped meanwhile"
    radio.fire("say", id="c", text="Three.")
    await asyncio.sleep(0.05)
    radio.fire("pause")
    radio.fire("resume")
    radio.fire("pause")
    await hass.async_block_till_done()
    assert radio.names.count("media_play") == 0


async def test_music_does_not_come_and_go_between_sentences(
    hass: HomeAssistant, broker: Broker, furnished: Furnish, area: ar.AreaEntry, sound: list[Any]
) -> None:
    radio = await room(hass, broker, furnished, area)
    await radio.order("play", uri="http://nas/calm.mp3", loop=True)
    radio.fire("say", id="a", text="One.", more=True, gap=0.1)
    await asyncio.sleep(LONG + 0.1)
    radio.fire("say", id="b", text="Two.")
    await hass.async_block_till_done()
    played = [data["media_content_id"] for name, data in radio.calls if name == "play_media"]
    assert played == [
        "http://nas/calm.mp3",
        "media-source://tts/One.",
        "media-source://tts/Two.",
        "http://nas/calm.mp3",
    ]
    await radio.order("say", id="c", text="Three.", more=True, gap=0.05)
    assert radio.calls[-1][1]["media_content_id"] == "http://nas/calm.mp3", "no sentence followed after all"
    done = [each["id"] for each in broker.events("speaker/radio") if each["event"] == "done"]
    assert done == ["a", "b", "c"]


async def test_music_of_others_goes_on_and_a_player_that_can_goes_where_it_was(
    hass: HomeAssistant, broker: Broker, furnished: Furnish, area: ar.AreaEntry, sound: list[Any]
) -> None:
    radio = await room(hass, broker, furnished, area, PLAYER | Feature.SEEK | Feature.REPEAT_SET | Feature.TURN_ON)
    radio.shows("playing", media_content_id="spotify:1")
    await hass.async_block_till_done()
    await radio.order("say", id="a", text="One.")
    assert radio.names[-1] == "media_play", "what plays is not known by an address"
    radio.shows("off", media_content_id=None)
    await radio.order("play", uri="http://nas/calm.mp3", loop=True)
    assert radio.names[-3:] == ["turn_on", "play_media", "repeat_set"]
    since = dt_util.utcnow() - timedelta(seconds=10)
    radio.shows("playing", media_position=50, media_position_updated_at=since, repeat="one")
    await hass.async_block_till_done()
    await radio.order("say", id="b", text="Two.")
    name, data = radio.calls[-1]
    assert name == "media_seek"
    assert 60 <= data["seek_position"] < 62
    await radio.order("stop")
    assert radio.calls[-1] == ("repeat_set", {"repeat": "off"})


async def test_music_that_came_to_its_end_begins_again_and_what_somebody_stopped_does_not(
    hass: HomeAssistant, broker: Broker, furnished: Furnish, area: ar.AreaEntry, sound: list[Any]
) -> None:
    radio = await room(hass, broker, furnished, area)
    await radio.order("play", uri="http://nas/calm.mp3", loop=True)
    now = dt_util.utcnow()
    radio.shows("playing", media_duration=100, media_position=20, media_position_updated_at=now)
    radio.shows("idle")
    await hass.async_block_till_done()
    assert radio.names.count("play_media") == 1
    radio.shows("playing", media_duration=100, media_position=99, media_position_updated_at=now)
    radio.shows("idle")
    await hass.async_block_till_done()
    assert radio.names.count("play_media") == 2


async def test_words_that_cannot_be_spoken_have_failed(
    hass: HomeAssistant, broker: Broker, furnished: Furnish, area: ar.AreaEntry, sound: list[Any]
) -> None:
    radio = await room(hass, broker, furnished, area)
    await radio.order("say", id="a", text="unspeakable")
    radio.refuses = "play_media"
    await radio.order("say", id="b", text="One.")
    await radio.order("play", uri="http://nas/calm.mp3")
    radio.refuses = None
    radio.shows("unavailable")
    await radio.order("say", id="d", text="One.")
    await radio.order("stop")
    events = [(each["id"], each["event"]) for each in broker.events("speaker/radio")]
    assert events == [("a", "failed"), ("b", "failed"), ("d", "failed")]
    assert broker.kept("relax/lent/speaker/radio/status") == "offline"


async def test_taken_back_in_the_middle_of_words_it_cuts_them_and_leaves_no_timer(
    hass: HomeAssistant, broker: Broker, furnished: Furnish, area: ar.AreaEntry, sound: list[Any]
) -> None:
    radio = await room(hass, broker, furnished, area)
    await radio.order("play", uri="http://nas/calm.mp3", loop=True)
    radio.fire("say", id="a", text="One.")
    await asyncio.sleep(0.05)
    (entry,) = hass.config_entries.async_entries("relax")
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert broker.events("speaker/radio")[-1] == {"id": "a", "event": "failed"}
    assert broker.kept("relax/lent/speaker/radio/status") == "offline"
    timers = [str(timer) for timer in getattr(hass.loop, "_scheduled", ()) if not timer.cancelled()]
    assert [timer for timer in timers if "custom_components" in timer] == []


async def test_a_satellite_speaks_and_is_done_when_its_call_is(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, furnished: Furnish
) -> None:
    furnished("assist_satellite.shelf", "idle")
    await start(hass, entry)
    assert broker.config("satellite/shelf")["kind"] == ["voice"]
    assert broker.state("satellite/shelf")["abilities"] == ["say", "done"]
    calls = async_mock_service(hass, "assist_satellite", "announce")
    told = "relax/lent/satellite/shelf/set"
    await broker.say(told, {"do": "say", "id": "a", "text": "Lean back."})
    await broker.say(told, {"do": "hush", "id": "a"})
    await broker.say(told, "{")
    assert dict(calls[0].data)["message"] == "Lean back."
    async_mock_service(hass, "assist_satellite", "announce", raise_exception=HomeAssistantError("It is away"))
    await broker.say(told, {"do": "say", "id": "b", "text": "Lean back."})
    said = [each["event"] for each in broker.events("satellite/shelf")]
    assert said == ["started", "done", "started", "failed"]


class Engine:
    """A voice of which each sentence is one second and a half of silence."""

    supported_languages = ("en-GB", "de", "pt_BR")
    default_language = "en-GB"
    sound = b""
    asked: str | None = None

    def stream(self, hass: HomeAssistant, engine: str, *, language: str | None) -> "Engine":
        self.asked = language
        return self

    media_source_id = "media-source://tts/1"

    def async_set_message(self, text: str) -> None:
        if not self.sound:
            made = io.BytesIO()
            with wave.open(made, "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(8000)
                file.writeframes(b"\0\0" * 12_000)
            self.sound = made.getvalue()

    async def async_stream_result(self) -> AsyncGenerator[bytes]:
        yield self.sound[:100]
        yield self.sound[100:]


async def test_sound_is_as_long_as_it_says_and_in_a_language_that_the_engine_has(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine()
    monkeypatch.setattr(tts, "async_create_stream", engine.stream)
    hass.data[tts.DATA_COMPONENT] = SimpleNamespace(get_entity=lambda name: engine if name == "tts.voice" else None)
    for wanted, given in (("en", "en-GB"), ("de", "de"), ("de-AT", "de"), ("pt", "pt_BR"), ("xx", None), (None, None)):
        words = await async_spoken(hass, "tts.voice", "Lean back.", wanted)
        assert (words.media, engine.asked) == ("media-source://tts/1", given)
        assert words.seconds == pytest.approx(1.5)
    for nonsense in (b"no sound at all", b"RIFFxxxxWAVE"):
        engine.sound = nonsense
        words = await async_spoken(hass, "tts.other", "one two three", "de")
        assert words.seconds == pytest.approx(2.25), "by the number of words"
        assert engine.asked is None
