"""Loudness as the speaker hears it: the voice climbs from a low greeting, music begins quietly and breathes audibly."""

import json
import math
from itertools import pairwise
from typing import Any

import pytest

from orchestrator.commands import Goto, MusicVolume, Pause, Resume, RoomCommand, Stop
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rehearsal import Heard, Rehearsal, Sent
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.conductor.voice_level import VoiceLevel
from orchestrator.home.library import Home, read
from orchestrator.scenes import library
from orchestrator.scenes.planning.timeline import Say
from orchestrator.session.commands import Command, Tell
from orchestrator.units import Ms, Percent
from tests.scenes.shipped import EVERYWHERE, scene
from tests.scenes.sketches import sketch

HOME = """
home: small
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speaker}
rooms:
  den: {roles: {main: lamp, music: speaker, voice: speaker}, ROOM}
music: {calm: "http://example.invalid/calm", rain: "http://example.invalid/rain"}
"""
SENTENCES = "steps: [" + ", ".join(f"{{step: s{n}, say: Words {n}., lasts: 5s}}" for n in range(14)) + "]"


def home(room: str = "limits: {volume: 60%}") -> Home:
    return read(HOME.replace("ROOM", room), "small.yaml")


def told(
    place: Home, played: library.Scene, *acts: tuple[Ms, Command | RoomCommand]
) -> list[tuple[Ms, dict[str, Any]]]:
    """What the speaker is told, as people act."""
    rehearsal = Rehearsal(place, prepare(played, place, "den", {}, name="den-1", language="en"))
    due, found = list(acts), []
    for one in rehearsal.play():
        if isinstance(one, Heard):
            continue  # what devices say before the start is no moment to act in
        if isinstance(one, Sent) and one.message.topic == "speaker/set":
            found.append((one.at, json.loads(one.message.payload)))
        while due and due[0][0] <= rehearsal.now:
            rehearsal.conductor.command("den", due.pop(0)[1], rehearsal.now)  # type: ignore[arg-type]
    return found


def said(told: list[tuple[Ms, dict[str, Any]]]) -> list[int]:
    return [round(order["volume"] * 100) for _, order in told if order["do"] == "say"]


def rise(one: int, other: int) -> float:
    return 20.0 * math.log10(other / one)


def is_gentle(one: int, other: int) -> bool:
    """One step of the speaker, or 1 dB."""
    return other - one <= 1 or rise(one, other) <= 1.0


def test_the_voice_greets_low_and_climbs_by_a_decibel_at_most_to_its_level() -> None:
    volumes = said(told(home(), sketch(SENTENCES)))
    assert volumes == [20, 22, 24, 26, 29, 32, 35, 39, 40, 40, 40, 40, 40, 40]
    assert all(is_gentle(*pair) for pair in pairwise(volumes))


@pytest.mark.parametrize("room", ["levels: {voice: 40%}", "levels: {voice: 5%}", "levels: {voice: 90%}"])
@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_the_voice_of_a_shipped_scene_never_leaps_and_goes_down_at_the_end(name: str, language: str, room: str) -> None:
    del language
    volumes = said(told(home(room + ", limits: {volume: 60%}"), scene(name)))
    assert max(volumes) <= 60
    assert volumes[0] < max(volumes)
    assert all(is_gentle(*pair) for pair in pairwise(volumes))
    assert volumes[-1] <= max(volumes)


SHOUT = Tell(Say("The oven is hot.", 3000))


@pytest.mark.parametrize("acts", [[SHOUT], [Pause(), Resume()]], ids=["from outside", "after a pause"])
def test_what_comes_from_outside_or_after_a_pause_is_no_louder_than_the_words_before(acts: list[Command]) -> None:
    orders = told(home(), sketch(SENTENCES), *((16_000, act) for act in acts))
    texts = [order["text"] for _, order in orders if order["do"] == "say"]
    here = texts.index("The oven is hot.") if SHOUT in acts else next(n for n in range(14) if texts[n] != f"Words {n}.")
    levels = said(orders)
    assert levels[here] == levels[here - 1] < levels[here + 1]
    assert all(is_gentle(*pair) for pair in pairwise(levels))


def level(voice: float = 40.0, loudest: float = 60.0) -> VoiceLevel:
    return VoiceLevel(RoomScale(40.0, voice, 100.0, loudest, 100.0, 20.0))


@pytest.mark.parametrize("voice", [1.0, 4.0, 40.0, 99.0])
def test_a_voice_reaches_its_level_and_never_passes_the_limit(voice: float) -> None:
    one = level(voice, loudest=59.5)
    heard = [round(one.of(Percent(100.0), rises=True, steps=100)) for _ in range(40)]
    assert heard[-1] == min(round(voice), 59)
    assert all(is_gentle(low, high) for low, high in pairwise(heard))
    assert one.of(Percent(50.0), rises=True, steps=100) <= voice / 2 + 0.5


@pytest.mark.parametrize("steps", [10, 30, 255])
def test_a_voice_of_coarse_steps_climbs_one_at_a_time(steps: int) -> None:
    one = level(60.0)
    heard = [round(one.of(Percent(100.0), rises=True, steps=steps) * steps / 100) for _ in range(12)]
    assert heard[-1] == round(0.6 * steps)
    assert all(is_gentle(low, high) for low, high in pairwise(heard))


def test_words_that_may_not_rise_keep_the_level() -> None:
    one = level()
    heard = [round(one.of(Percent(100.0), rises=rises, steps=100)) for rises in (False, False, True, False)]
    assert heard == [20, 20, 22, 22]


# Music


def volumes(orders: list[tuple[Ms, dict[str, Any]]]) -> list[tuple[Ms, int]]:
    return [(at, round(order["level"] * 100)) for at, order in orders if order["do"] == "volume"]


@pytest.mark.parametrize(("fade", "quiet", "comes"), [("0s", 20, 10_000), ("1s", 20, 10_000), ("30s", 20, 30_000)])
def test_the_first_music_begins_quietly_however_fast_the_scene_has_it_come(fade: str, quiet: int, comes: Ms) -> None:
    body = f"steps: [{{step: a, music: {{play: calm, volume: 100%, fade: {fade}}}, lasts: 60s}}]"
    orders = told(home(f"limits: {{volume: 60%, quiet: {quiet}%}}"), sketch(body))
    began = next(at for at, order in orders if order["do"] == "play")
    heard = [(at - began, volume) for at, volume in volumes(orders) if began <= at < began + 50_000]
    assert max(volume for at, volume in heard if at <= 1000) <= quiet
    assert heard[-1][1] == 40
    assert comes - 1500 <= heard[-1][0] <= comes
    assert [volume for _, volume in heard] == sorted(volume for _, volume in heard)


def test_a_person_who_wants_it_loud_at_once_has_it_so() -> None:
    body = "steps: [{step: a, music: {play: calm, volume: 100%, fade: 0s}, lasts: 60s}]"
    orders = told(home(), sketch(body), (3000, MusicVolume(Percent(100.0))))
    assert max(volume for at, volume in volumes(orders) if at <= 4000) == 40


def test_the_second_music_comes_as_the_scene_says() -> None:
    later = "{at: 20s, music: {play: rain, volume: 100%, fade: 2s}}"
    body = f"steps: [{{step: a, music: {{play: calm, volume: 80%}}, lasts: 60s, cues: [{later}]}}]"
    orders = told(home(), sketch(body))
    began = [at for at, order in orders if order["do"] == "play"][1]
    assert max(volume for at, volume in volumes(orders) if began <= at < began + 1500) == 40


@pytest.mark.parametrize("points", ["1%", "4%", "20%"])
def test_a_swell_of_music_can_be_heard_as_one_however_small(points: str) -> None:
    parts = "[{lasts: 6s, swell: up}, {lasts: 6s, swell: down}]"
    count = f"count: {{times: 2, parts: {parts}, swell: {{music: {points}}}}}"
    body = f"steps: [{{step: a, music: {{play: calm, volume: 70%, fade: 1s}}, lasts: 20s}}, {{step: b, {count}}}]"
    orders = told(home("levels: {music: 10%}"), sketch(body))
    swelling = [volume for at, volume in volumes(orders) if 20_500 <= at <= 44_500]
    assert min(swelling) == 7
    assert max(swelling) >= 8
    assert swelling[-1] == 7


def test_music_that_begins_with_a_jump_is_not_heard_at_the_volume_that_somebody_left() -> None:
    body = (
        "steps: [{step: a, lasts: 30s}, {step: b, music: {play: calm, volume: 50%}, lasts: 9s}, {step: c, lasts: 9s}]"
    )
    orders = told(home("levels: {music: 10%}"), sketch(body), (0, Goto("c")))
    here = 30
    for _, order in orders:
        here = round(order["level"] * 100) if order["do"] == "volume" else here
        if order["do"] == "play":
            break
    assert here <= 1
    assert max(volume for _, volume in volumes(orders[:-1])) == 5


def test_stopping_gives_the_volume_back_in_silence() -> None:
    body = "steps: [{step: a, music: {play: calm, volume: 100%}, lasts: 60s}]"
    orders = told(home(), sketch(body), (20_000, Stop()))
    stopped = next(at for at, order in orders if order["do"] == "stop")
    assert [volume for at, volume in volumes(orders) if at >= stopped][-1] == 30
    assert all(volume <= 40 for at, volume in volumes(orders) if at < stopped)
