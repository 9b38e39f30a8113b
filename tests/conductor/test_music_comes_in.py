"""Music that comes in rises once, as somebody hears it: words do not make it stutter, and a hand has it at once."""

import json
import math
from itertools import pairwise
from typing import Any

import pytest

from orchestrator.commands import Pause, Resume
from orchestrator.devices.messages import Message, SpeechEvent
from tests.conductor.wired import Wired

HOME = """
devices:
  one: {kind: [player, voice], dialect: relax_speaker, topic: one}
  other: {kind: player, dialect: relax_speaker, topic: other}
rooms:
  bedroom:
    roles: {music: CAST, voice: one}
    levels: {music: LEVEL%, voice: 40%}
    limits: {volume: 60%, quiet: 20%}
    FALLBACK
music: {calm: "http://example.invalid/calm"}
"""
SCENE = """
scene: calm
format: 1
title: Calm
roles: {music: {kind: player}, voice: {kind: voice, optional: true}}
steps:
  - {step: a, music: MUSIC, say: SAY, lasts: 60s}
finish: {music: {stop: true, fade: 2s}}
"""
TALKATIVE = '["Lie down now.", {pause: 5s}, "Let your shoulders drop.", {pause: 3s}, "And breathe out."]'
BEATS = "{every: 6s, say: In, lasts: 60s}"


class Speaker:
    """Says what it does; a person may turn its knob. `heard` is how loud our music was, each time it changed."""

    def __init__(self, topic: str, volume: float | None = 0.3) -> None:
        self.topic, self.volume = topic, volume
        self.playing = ""
        self.heard: list[float] = []

    def __call__(self, message: Message) -> list[Message]:
        if message.topic != f"{self.topic}/set":
            return []
        order = json.loads(message.payload)
        match order["do"]:
            case "volume":
                self.volume = order["level"]
            case "play":
                self.playing = order["uri"]
            case "stop":
                self.playing = ""
            case "say":
                return [self._event(order["id"], SpeechEvent.STARTED)]
            case _:
                return []
        if self.playing and self.volume is not None:
            self.heard.append(self.volume)
        return [self.said]

    def turn(self, volume: float) -> Message:
        self.volume = volume
        self.heard.append(volume)
        return self.said

    @property
    def said(self) -> Message:
        state: dict[str, Any] = {"playing": self.playing, "abilities": ["say", "done", "hush", "pause", "loop"]}
        return Message(
            f"{self.topic}/state", json.dumps(state | ({} if self.volume is None else {"volume": self.volume}))
        )

    def _event(self, name: str, event: SpeechEvent) -> Message:
        return Message(f"{self.topic}/event", json.dumps({"id": name, "event": event}))


def evening(
    music: str, say: str = '""', *, level: int = 35, cast: str = "one", fallback: str = "", speakers: list[Speaker]
) -> Wired:
    place = HOME.replace("CAST", cast).replace("LEVEL", str(level)).replace("FALLBACK", fallback)
    wired = Wired(place, *speakers)
    wired.say(*(speaker.said for speaker in speakers))
    scene = SCENE.replace("MUSIC", music)
    wired.start(scene.replace("say: SAY,", f"say: {say}," if say != '""' else ""))
    return wired


@pytest.mark.parametrize("level", [3, 10, 35])
@pytest.mark.parametrize("fade", ["0s", "1s", "5s", "15s", "40s"])
@pytest.mark.parametrize("say", ['"Lie down now."', TALKATIVE])
def test_words_do_not_make_music_stutter_that_comes_in(fade: str, say: str, level: int) -> None:
    """It never falls to silence once it is there, and under words never below what it is to have under words."""
    speaker = Speaker("one")
    wired = evening(f"{{play: calm, volume: 100%, fade: {fade}}}", say, level=level, speakers=[speaker])
    wired.until(45_000)
    heard = speaker.heard[speaker.heard.index(next(each for each in speaker.heard if each)) :]
    assert min(heard) >= 0.01, heard
    ducked = level / 100 * 10 ** (-12 / 20)
    falls = [(one, two) for one, two in pairwise(heard) if two < one]
    assert all(two >= math.floor(100 * ducked) / 100 for _, two in falls), heard


@pytest.mark.parametrize("fade", ["0s", "1s", "5s", "15s", "40s"])
def test_music_that_comes_in_with_words_begins_as_low_as_it_goes_on(fade: str) -> None:
    speaker = Speaker("one")
    wired = evening(f"{{play: calm, volume: 100%, fade: {fade}}}", f'"{"Breathe out. " * 30}"', speakers=[speaker])
    wired.until(20_000)
    assert speaker.heard == sorted(speaker.heard)
    assert speaker.heard[-1] <= 0.09


@pytest.mark.parametrize("hand", [0.22, 0.5])
@pytest.mark.parametrize("moment", range(2_600, 20_000, 700))
@pytest.mark.parametrize("say", ['""', '"Lie down."', '"Breathe out and let go of it. "'])
def test_a_hand_has_the_volume_at_once_while_music_comes_in(moment: int, say: str, hand: float) -> None:
    """Neither the rest of the fade nor the end of the words takes it away again."""
    speaker = Speaker("one")
    wired = evening("{play: calm, volume: 100%, fade: 30s}", say, speakers=[speaker])
    wired.until(moment)
    assert speaker.heard
    wired.say(speaker.turn(hand))
    since = len(speaker.heard)
    wired.until(55_000)
    assert set(speaker.heard[since:]) <= {hand}
    assert speaker.volume == hand


def test_a_hand_that_turns_slowly_is_followed_all_the_way() -> None:
    speaker = Speaker("one")
    wired = evening("{play: calm, volume: 100%, fade: 30s}", '"Lie down."', speakers=[speaker])
    wired.until(5_000)
    since = len(speaker.heard)
    for step in range(12):
        wired.say(speaker.turn(round(0.2 + step * 0.02, 2)))
        wired.until(wired.now + 250)
    wired.until(55_000)
    turned = speaker.heard[since:]
    assert turned == sorted(turned)
    assert speaker.volume == 0.42


@pytest.mark.parametrize(
    ("fallback", "own", "begins"),
    [("", 0.6, 0.6), ("", None, 0.35), ("fallback: {music: {volume: 50%}}", None, 0.5)],
    ids=["said", "the room's", "the fallback"],
)
def test_each_player_of_a_role_fades_from_its_own_volume(fallback: str, own: float | None, begins: float) -> None:
    """Also where somebody pauses on the way."""
    speakers = [Speaker("one", 0.1), Speaker("other", own)]
    for speaker in speakers:
        speaker.playing = "http://radio.example.invalid"
    wired = evening("{volume: 60%, fade: 20s}", cast="[one, other]", fallback=fallback, speakers=speakers)
    wired.until(9_000)
    wired.command(Pause())
    wired.until(12_000)
    wired.command(Resume())
    wired.until(30_000)
    one, other = ([0.1, *speakers[0].heard], [begins, *speakers[1].heard])
    assert one == sorted(one)
    assert other == sorted(other, reverse=True)
    assert max(abs(before - after) for heard in (one, other) for before, after in pairwise(heard)) <= 0.03
    assert one[-1] == other[-1] == 0.21


def test_music_that_begins_is_not_heard_at_the_volume_of_its_player() -> None:
    speakers = [Speaker("one", 0.1), Speaker("other", 0.8)]
    wired = evening("{play: calm, volume: 100%, fade: 10s}", cast="[one, other]", speakers=speakers)
    wired.until(30_000)
    assert max(speakers[1].heard) == 0.35
    assert speakers[1].heard == sorted(speakers[1].heard)
