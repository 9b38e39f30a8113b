"""The way to Wyoming satellites and back, over TCP: what a session needs, and what satellites and networks do."""

import asyncio
import gc
import json
from array import array
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects.wyoming import TextToSpeech, Wyoming, WyomingSettings
from orchestrator.devices.messages import AvailabilityReport, Hush, Message, RefusalReport, Report, Speak, SpeechReport
from orchestrator.errors import WyomingError
from orchestrator.units import Ms, Percent, WordsPerMinute
from orchestrator.wyoming import satellite, speaker, synthesis
from orchestrator.wyoming.connection import Place, WyomingConnection
from orchestrator.wyoming.gateway import WyomingGateway
from tests.conftest import until
from tests.wyoming.servers import RATE, SatelliteServer, SpeechServer, listening, sound_of


@dataclass
class Voice:
    """A voice of a home: told and heard as the stage does it."""

    satellite: SatelliteServer
    speech: SpeechServer
    gateway: WyomingGateway
    dialect: Wyoming
    reports: list[Report] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)

    def hear(self, message: Message) -> None:
        assert self.gateway.carries(message.topic)
        assert message.topic in self.dialect.topics
        self.reports += (heard := self.dialect.decode(message))
        assert heard, message
        self.moments += [asyncio.get_running_loop().time()] * len(heard)

    def say(self, text: str, name: str = "a-1", volume: float = 100.0, gap: Ms = 0, language: str = "en") -> None:
        words = Speak(name, text, language, Percent(volume), WordsPerMinute(110.0), gap)
        self.gateway.publish(self.dialect.encode(words))

    def hush(self, name: str = "a-1") -> None:
        self.gateway.publish(self.dialect.encode(Hush(name)))

    def has(self, event: str, name: str = "a-1") -> bool:
        return any(isinstance(each, SpeechReport) and (each.id, each.event) == (name, event) for each in self.reports)

    async def until_heard(self, event: str, name: str = "a-1") -> float:
        """When it was said that words have begun, are over, or have failed."""
        await until(lambda: self.has(event, name))
        return next(
            moment
            for each, moment in zip(self.reports, self.moments, strict=True)
            if isinstance(each, SpeechReport) and (each.id, each.event) == (name, event)
        )

    @property
    def is_there(self) -> list[bool]:
        return [each.online for each in self.reports if isinstance(each, AvailabilityReport)]

    @property
    def troubles(self) -> list[str]:
        return [each.why for each in self.reports if isinstance(each, RefusalReport)]


@asynccontextmanager
async def voice(
    satellite: SatelliteServer | None = None, speech: SpeechServer | None = None, tts: dict[str, Any] | None = None
) -> AsyncIterator[Voice]:
    """A voice whose satellite and text-to-speech server are there."""
    satellite, speech = satellite or SatelliteServer(), speech or SpeechServer()
    async with listening(satellite, speech):
        settings = WyomingSettings(
            kind=Kind.VOICE,
            dialect="wyoming",
            host="127.0.0.1",
            port=satellite.port,
            tts=TextToSpeech(host="127.0.0.1", port=speech.port, **(tts or {})),
        )
        one = Voice(satellite, speech, WyomingGateway([settings]), Wyoming("voice", settings))
        async with one.gateway.serve(one.hear):
            yield one


@pytest.fixture(autouse=True)
def no_connection_is_left() -> Iterator[None]:
    """One that nobody closed says so as it is collected, which is an error."""
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes minutes takes moments, so that a test need not."""
    monkeypatch.setattr(speaker, "LOOKS_AGAIN", 0.05)
    monkeypatch.setattr(satellite, "FORGETS_WITHIN", 0.01)


# Words


async def test_words_are_made_into_sound_and_the_satellite_gets_all_of_it() -> None:
    async with voice() as one:
        one.say("Breathe in.")
        await one.until_heard("done")
    kinds = [kind for kind, _, _ in one.satellite.events]
    assert kinds == ["audio-start", *["audio-chunk"] * kinds.count("audio-chunk"), "audio-stop"]
    assert one.satellite.sound == sound_of("Breathe in.")
    ((start, _),) = one.satellite.of("audio-start")
    assert (start["rate"], start["width"], start["channels"]) == (RATE, 2, 1)
    assert not one.has("failed")
    assert not one.troubles


@pytest.mark.parametrize("played", ["after", "once", "never"])
async def test_words_are_over_when_their_sound_is_whatever_the_satellite_says_of_it(played: str) -> None:
    async with voice(SatelliteServer(played=played)) as one:
        one.say("Let the shoulders sink down.")
        begun = await one.until_heard("started")
        assert await one.until_heard("done") - begun >= 0.01 * len("Let the shoulders sink down.")


async def test_words_are_not_over_before_the_satellite_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(satellite, "LATE", 3600.0)
    async with voice(SatelliteServer(played="never")) as one:
        one.say("In.")
        begun, now = await one.until_heard("started"), asyncio.get_running_loop().time
        await until(lambda: one.satellite.of("audio-stop") and now() > begun + 0.5)
        assert not one.has("done")
        one.satellite.say("played")
        await one.until_heard("done")


async def test_volume_is_in_the_sound_and_silences_between_sentences_are_ours() -> None:
    async with voice() as one:
        one.say("In. And out.", volume=40.0, gap=300)
        await one.until_heard("done")
    heard = array("h", one.satellite.sound)
    first, second = (len(sound_of(each)) // 2 for each in ("In.", "And out."))
    assert set(heard[:first]) == set(heard[-second:]) == {400}
    assert not any(heard[first:-second])
    assert len(heard) - first - second == 0.3 * RATE


async def test_sound_goes_out_as_it_is_heard_so_that_it_can_be_stopped() -> None:
    async with voice(speech=SpeechServer(letter=0.1)) as one:
        one.say("A sentence that takes five seconds to be heard as a whole.")
        await until(lambda: one.satellite.of("audio-chunk"))
        one.hush()
        await one.until_heard("failed")
        await until(lambda: one.satellite.of("audio-stop"))
    assert len(one.satellite.sound) < len(sound_of("A sentence that takes five seconds to be heard", 0.1)) / 2
    assert not one.has("done")


async def test_what_is_hushed_before_it_began_is_never_heard() -> None:
    async with voice(speech=SpeechServer(wrong="hangs")) as one:
        one.say("In.")
        await until(lambda: one.speech.asked)
        one.hush()
        await one.until_heard("failed")
    assert not one.satellite.events
    assert not one.troubles


async def test_other_words_are_not_hushed() -> None:
    async with voice() as one:
        one.say("In.")
        one.hush("a-2")
        await one.until_heard("done")


async def test_new_words_cut_those_that_are_on() -> None:
    async with voice(speech=SpeechServer(letter=0.1)) as one:
        one.say("A sentence that takes five seconds to be heard as a whole.")
        await one.until_heard("started")
        one.say("In.", "a-2")
        await one.until_heard("failed")
        assert await one.until_heard("done", "a-2") > await one.until_heard("failed")
    assert [len(one.satellite.of(kind)) for kind in ("audio-start", "audio-stop")] == [2, 2]


async def test_what_was_said_once_is_at_hand() -> None:
    async with voice() as one:
        for name in ("a-1", "a-2"):
            one.say("And in.", name)
            await one.until_heard("done", name)
        one.say("And out.", "a-3")
        await one.until_heard("done", "a-3")
    assert [each["text"] for each in one.speech.asked] == ["And in.", "And out."]


@pytest.mark.parametrize(
    ("tts", "language", "voice_asked"),
    [
        ({}, "en", {"name": "en_GB-alba-medium"}),
        ({}, "de", {"name": "de_DE-thorsten-medium"}),
        ({}, "fr", None),
        ({"voice": "en_US-amy-low"}, "de", {"name": "en_US-amy-low"}),
        ({"voice": {"de": "de_DE-mls-medium"}, "speaker": "3"}, "de", {"name": "de_DE-mls-medium", "speaker": "3"}),
        ({"voice": {"de": "de_DE-mls-medium"}}, "en", {"name": "en_GB-alba-medium"}),
    ],
)
async def test_the_voice_is_the_one_that_was_named_else_one_for_the_language(
    tts: dict[str, Any], language: str, voice_asked: object
) -> None:
    async with voice(tts=tts) as one:
        one.say("In.", language=language)
        await one.until_heard("done")
    assert one.speech.asked[0].get("voice") == voice_asked


# A satellite serves others, too


@pytest.mark.parametrize(
    "satellite_",
    [SatelliteServer(played="once", answers=False), SatelliteServer(played="never", version=None)],
    ids=["wyoming-snd-external", "wyoming-satellite 1.0"],
)
async def test_a_server_that_says_little_of_itself_is_spoken_through(
    satellite_: SatelliteServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(satellite, "SAYS_WITHIN", 0.2)
    async with voice(satellite_) as one:
        await until(lambda: one.is_there == [True])
        one.say("In.")
        await one.until_heard("done")


async def test_a_satellite_is_kept_for_a_while_and_then_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaker, "LEFT_AFTER", 0.2)
    async with voice() as one:
        one.say("In.")
        await one.until_heard("done")
        assert one.satellite.owner is not None
        await until(lambda: one.satellite.owner is None)
        one.say("Out.", "a-2")
        await one.until_heard("done", "a-2")
    assert one.satellite.owner is None


async def test_one_that_wants_us_to_listen_is_told_that_we_do_not() -> None:
    async with voice() as one:
        one.say("In.")
        await one.until_heard("started")
        one.satellite.say("run-pipeline", {"start_stage": "asr", "end_stage": "tts"})
        one.satellite.say("audio-chunk", {"rate": 16000, "width": 2, "channels": 1}, bytes(2048))
        one.satellite.say("ping", {"text": "there?"})
        await until(lambda: one.satellite.of("error") and one.satellite.of("pong"))
        await one.until_heard("done")
    assert one.satellite.of("pong") == [({"text": "there?"}, b"")]


@pytest.mark.parametrize("is_deaf", [False, True], ids=["it hangs up", "it hears nothing"])
async def test_one_that_another_server_has_is_away_and_back_when_it_is_left(
    is_deaf: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(satellite, "SAYS_WITHIN", 1.0)
    async with voice(SatelliteServer(is_taken=True, is_deaf=is_deaf)) as one:
        await until(lambda: one.is_there == [False])
        assert ["serves one at a time" in trouble for trouble in one.troubles] == [True]
        one.satellite.is_taken = False
        await until(lambda: one.is_there == [False, True])
        one.say("In.")
        await one.until_heard("done")


@pytest.mark.parametrize("is_deaf", [False, True], ids=["it hangs up", "it hears nothing"])
async def test_one_that_another_server_takes_in_between_is_away(is_deaf: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(satellite, "SAYS_WITHIN", 1.0)
    async with voice(SatelliteServer(is_deaf=is_deaf)) as one:
        await until(lambda: one.is_there == [True])
        one.satellite.is_taken = True
        one.say("In.")
        await until(lambda: one.is_there == [True, False])
        assert "serves one at a time" in one.troubles[0]
        assert not one.has("done")


# What fails


async def test_a_name_that_nobody_can_have_is_said() -> None:
    for name in ("no.such.host.invalid", "two..dots"):
        with pytest.raises(WyomingError, match=f"at {name}:10700 is nowhere to be found"):
            await WyomingConnection.open(Place(name, 10700))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("error", "cannot say it: no such voice"),
        ("hangs up", "has hung up"),
        ("silent", "made no sound"),
    ],
)
async def test_a_server_that_cannot_say_it_is_away_with_its_reason_until_it_can(wrong: str, why: str) -> None:
    async with voice() as one:
        await until(lambda: one.is_there == [True])
        one.speech.wrong = wrong
        one.say("In.")
        await until(lambda: one.is_there == [True, False])
        assert why in one.troubles[0]
        assert one.speech.place in one.troubles[0]
        one.speech.wrong = ""
        await until(lambda: one.is_there == [True, False, True])
        one.say("Out.", "a-2")
        await one.until_heard("done", "a-2")
    assert len(one.troubles) == 1


async def test_a_server_that_hangs_holds_up_no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaker, "STARTS_WITHIN", 0.3)
    async with voice() as one:
        await until(lambda: one.is_there == [True])
        one.speech.wrong = "hangs"
        one.say("In.")
        await until(lambda: one.is_there == [True, False])
        assert "needs more than 0.3 s" in one.troubles[0]
        assert one.troubles[0].startswith(f"The text-to-speech server at {one.speech.place} ")


async def test_a_server_that_is_silent_is_said_to_be_once_and_which_of_the_two_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(speaker, "STARTS_WITHIN", 0.3)
    monkeypatch.setattr(synthesis, "ANSWERS_WITHIN", 0.3)
    async with voice() as one:
        await until(lambda: one.is_there == [True])
        one.speech.wrong = "hangs"
        one.say("In.")
        await until(lambda: one.is_there == [True, False])
        await until(lambda: len(one.speech.asked) > 3)
    assert [trouble.partition(" needs")[0] for trouble in one.troubles] == [
        f"The text-to-speech server at {one.speech.place}"
    ]


async def test_what_speaks_no_wyoming_is_named() -> None:
    async with voice(speech=SpeechServer(wrong="nonsense")) as one:
        await until(lambda: one.is_there == [False])
    assert "does not speak Wyoming" in one.troubles[0]
    assert one.speech.place in one.troubles[0]


async def test_a_satellite_that_vanishes_as_it_speaks_is_away_and_speaks_when_it_is_back() -> None:
    async with voice(speech=SpeechServer(letter=0.1)) as one:
        one.say("A sentence that takes five seconds to be heard as a whole.")
        await one.until_heard("started")
        await one.satellite.vanish()
        await until(lambda: one.is_there == [True, False])
        await one.satellite.listen()
        await until(lambda: one.is_there == [True, False, True])
        one.speech.letter = 0.01
        one.say("In.", "a-2")
        await one.until_heard("done", "a-2")


async def test_nobody_there_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with voice() as one:
        await until(lambda: one.is_there == [True])
        await one.satellite.vanish()
        one.say("In.")
        await until(lambda: one.is_there == [True, False])
        tried: list[object] = []
        opened = WyomingConnection.open

        async def tries(place: Place) -> WyomingConnection:
            tried.append(place)
            return await opened(place)

        monkeypatch.setattr(WyomingConnection, "open", tries)
        await until(lambda: len(tried) > 3)
        await one.satellite.listen()
        await until(lambda: one.is_there == [True, False, True])
    assert len(one.troubles) == 1
    assert one.satellite.place in one.troubles[0]


async def test_a_satellite_that_takes_no_more_sound_holds_up_no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestrator.wyoming.connection.TAKES_WITHIN", 0.2)
    monkeypatch.setattr(speaker, "AHEAD", 3600.0)
    async with voice(SatelliteServer(hangs=True), SpeechServer(letter=30.0)) as one:
        one.say("In. Out.")
        await until(lambda: False in one.is_there)
        assert "hangs" in one.troubles[0]


async def test_what_is_no_command_is_nothing() -> None:
    async with voice() as one:
        topic = one.dialect.encode(Hush("a-1"))[0].topic.removesuffix("hush")
        for payload in ("", "[]", "{}", '{"id": 7}', '{"id": "a-9", "text": 7, "tts": 9}', "\ud800"):
            for leaf in ("say", "hush", "fly", "event"):
                if not (leaf == "say" and "a-9" in payload):
                    one.gateway.publish([Message(topic + leaf, payload)])
        one.gateway.publish([Message("zigbee2mqtt/lamp/set", json.dumps({"id": "a-1"}))])
        one.say("In.")
        await one.until_heard("done")
