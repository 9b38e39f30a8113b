"""Everything that relax says has happened, played anew: `python -m tests.golden.events` writes it to `events.jsonl`.

The file is what relax said on 2026-11-29, before its events became types. Clients read these payloads, and journals on
disks have these details: they stay as they are, byte for byte. Write the file anew only where a new event is added.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.golden.product import Back, House, Life, Line, moment

FILE = Path(__file__).parent / "events.jsonl"
HOME = """
home: house
format: 1
location: {latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}
devices:
  ceiling: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling, colors: [temperature]}
  floor: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/floor, colors: [temperature]}
  strip: {kind: light, dialect: home_assistant, command_topic: strip/command, state_topic: strip/state,
    availability_topic: strip/status, supported_color_modes: [rgb]}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/den}
  burner: {kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/burner}
  desk: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/desk}
rooms:
  den:
    roles: {main: [ceiling, floor], glow: strip, music: speaker, voice: speaker, scent: burner}
    ready: {en: tap the phone, de: tipp aufs Telefon}
  study: {roles: {main: desk}}
interruptions:
  doorbell: {topic: house/bell, equals: ring, do: pause, goes_on: after 20s, say: {en: The doorbell., de: Es läutet.}}
  phone: {topic: house/phone, equals: ringing, do: pause, light: 20%, goes_on: when over}
  visitor: {topic: house/visitor, equals: here, do: pause, goes_on: never}
  oven: {topic: house/oven, above: 180, do: announce, say: {en: The oven is hot., de: Der Ofen ist heiß.}}
  smoke: {topic: house/smoke, template: "{{ value_json.smoke }}", do: abort, when_idle: true, say: Please leave.}
schedules:
  early: {scene: box-breathing, room: den, at: "15:01"}
  guarded: {scene: box-breathing, room: study, at: "15:01", if: {topic: home/presence, equals: home}}
music: {calm: "http://example.invalid/calm"}
"""
QUIET = """
scene: quiet
format: 1
languages: [de, en]
title: {de: Stille, en: Quiet}
roles:
  main: {kind: light}
  glow: {kind: light, optional: true}
  music: {kind: player, optional: true}
  voice: {kind: voice, optional: true}
  scent: {kind: switch, optional: true}
looks:
  warm: {main: {brightness: 40%, temperature: 2500K}, glow: {brightness: 30%, color: "#ff9a3c"}}
steps:
  - step: arrive
    title: {de: Ankommen und hinlegen – "so", en: "Arrive"}
    look: warm
    fade: 2s
    music: {play: [calm], volume: 60%, fade: 2s}
    switch: {scent: on}
    say: {de: 'Füße hoch. "Gut so."', en: "Feet up. Let them rest for a while, and lean back."}
    lasts: 20s
  - for: foot
    in: "['left', 'right']"
    steps:
      - step: hold
        title: {de: Halten, en: Hold}
        say: {de: Halte., en: Hold.}
        wait: {at_most: 90s, usually: 10s}
  - step: sink
    title: {de: Sinken, en: Sink}
    look: warm
    music: {play: [whales]}
    say: {de: Sinke., en: Sink.}
    lasts: 60s
    cues:
      - {at: 30s, say: {de: Tiefer., en: Deeper.}}
finish: {look: restore, fade: 2s, music: {stop: true, fade: 1s}}
stopped: {look: restore, fade: 1s}
"""
LONG = """
scene: long
format: 1
languages: [en]
title: Long
roles:
  main: {kind: light}
looks:
  warm: {main: {brightness: 40%, temperature: 2500K}}
steps:
  - {step: lie, look: warm, fade: 2s, lasts: 50min}
finish: {look: restore, fade: 1s}
"""
WALL = "2026-06-14T15:00:00+02:00"


class Play(NamedTuple):
    """Something to play, and which events of it are kept: the first of each with other values of these details."""

    name: str
    play: Callable[[House, Path], Life]
    wanted: Mapping[str, tuple[str, ...]]
    faults: tuple[str, ...] = ()


def _begun(house: House, journal: Path, scene: str = QUIET, room: str = "den", language: str | None = None) -> Life:
    """A session, four seconds old: it has asked how the devices are, and begun."""
    life = _life(house, journal)
    life.start(room, f"{room}-1", scene, "scenes/quiet.yaml", language=language)
    house.after(4000)
    return life


def _life(house: House, journal: Path, wall: str = WALL, boot_ms: int = 50_000) -> Life:
    return Life(house, journal, Back("boot-1", boot_ms, moment(wall)))


def _whole(house: House, journal: Path) -> Life:
    life = _begun(house, journal, language="de")
    life.answer_waits("den", 5000)
    house.after(300_000)
    return life


def _asked(house: House, journal: Path) -> Life:
    """What a person asks for, and what is refused."""
    life = _begun(house, journal, language="en")
    for request in (
        "pause",
        "resume",
        '{"command": "extend", "by": "90s"}',
        '{"command": "volume", "level": "35%"}',
        "skip",
        '{"command": "goto", "step": "fly"}',
        '{"command": "next", "step": "sink"}',
        '{"command": "give_back", "device": "strip"}',
        '{"command": "give_back", "device": "desk"}',
        '{"command": "start", "scene": "box-breathing"}',
        '{"command": "start", "scene": "boxes"}',
        '{"command": "start", "scene": "hand-massage", "parameters": {"hands": "three"}, "mode": "restart"}',
    ):
        life.ask("den", request)
        house.after(3000)
    life.ask("den", "stop")
    house.after(20_000)
    return life


def _ended(how: Callable[[House, Life], object]) -> Callable[[House, Path], Life]:
    def play(house: House, journal: Path) -> Life:
        life = _begun(house, journal, language="en")
        how(house, life)
        house.after(20_000)
        return life

    return play


def _taken(house: House, journal: Path) -> Life:
    """Hands at everything that there is, each by itself and where nothing moves."""
    life = _begun(house, journal, language="en")
    house.after(14_000)
    for device, to in (
        ("ceiling", {"level": 80.0}),
        ("ceiling", {"mired": 200.0}),
        ("floor", {"level": 0.0}),
        ("strip", {"rgb": (0, 0, 255)}),
        ("strip", {"level": 5.0}),
        ("speaker", {"volume": 45.0}),
        ("burner", {"on": False}),
        ("speaker", {"playing": "http://example.invalid/news"}),
    ):
        house.turn(device, **to)
        house.after(5000)
    life.ask("den", "stop")
    house.after(20_000)
    return life


def _silenced(house: House, journal: Path) -> Life:
    life = _begun(house, journal, language="en")
    house.after(14_000)
    house.turn("speaker", playing="")
    house.after(1000)
    return life


def _strange(house: House, journal: Path) -> Life:
    """Devices say what means nothing, and a bridge refuses what it is told."""
    house.hear("speakers/den/state", '{"volume": 35}')
    life = _begun(house, journal, language="en")
    house.hear("strip/state", '{"state": "ON", "color_mode": "rgb", "color": {"r": 300, "g": 0, "b": 0}}')
    text = "z2m: No converter available for 'color' on 'ceiling': ({'x': 0.4})"
    house.hear("zigbee2mqtt/bridge/logging", json.dumps({"level": "error", "message": text}))
    house.after(1000)
    return life


def _unplugged(house: House, journal: Path) -> Life:
    """A lamp goes and comes; another one is away when the room is given back."""
    life = _begun(house, journal, language="en")
    house.after(12_000)
    house.unplug("ceiling")
    house.after(5000)
    house.plug("ceiling")
    house.after(5000)
    house.unplug("speaker")
    house.after(5000)
    house.unplug("strip")
    house.after(5000)
    house.turn("floor", level=90.0)
    house.turn("burner", on=False)
    house.after(1000)
    life.ask("den", "stop")
    house.after(20_000)
    return life


def _without_broker(house: House, journal: Path) -> Life:
    """Words that were due six seconds before the broker was back."""
    life = _begun(house, journal, language="en")
    house.after(2000)
    life.ask("den", '{"command": "goto", "step": "sink"}')
    house.after(26_000)
    house.lose()
    house.after(8000)
    house.find()
    house.after(1000)
    return life


def _interrupted(house: House, journal: Path) -> Life:
    """The doorbell goes on by itself, the phone when it is over, the visitor with a word of a person."""
    life = _begun(house, journal, language="de")
    for topic, payload in (
        ("house/bell", "ring"),
        ("house/phone", "ringing"),
        ("house/phone", "idle"),
        ("house/visitor", "here"),
        ("house/oven", "200"),
    ):
        house.after(25_000)
        house.hear(topic, payload)
    house.after(25_000)
    life.ask("den", "resume")
    house.after(25_000)
    house.hear("house/oven", "20")
    house.after(1000)
    house.hear("house/oven", "200")
    house.after(5000)
    house.hear("house/smoke", '{"smoke": true}')
    house.after(20_000)
    return life


def _alarmed(house: House, journal: Path) -> Life:
    """Smoke where nothing was ever on."""
    life = _life(house, journal)
    house.after(1000)
    house.hear("house/smoke", '{"smoke": true}')
    house.after(5000)
    return life


def _waited(house: House, journal: Path) -> Life:
    life = _begun(house, journal, LONG, "study")
    life.start("study", "study-2", LONG, "scenes/long.yaml", mode="queued")
    house.after(31 * 60_000)
    life.ask("study", "stop")
    house.after(10_000)
    return life


def _replaced(house: House, journal: Path) -> Life:
    life = _begun(house, journal, language="en")
    house.after(10_000)
    life.start("den", "den-2", LONG, "scenes/long.yaml", mode="restart", rate=4)
    house.after(10_000)
    return life


def _resumed(house: House, journal: Path) -> Life:
    """Killed and started again; what could not say how it was still does not."""
    life = _begun(house, journal, language="en")
    house.after(20_000)
    life.die(journal.with_name("cut.db"))
    house.after(30_000)
    life = _life(house, journal.with_name("cut.db"), "2026-06-14T15:01:00+02:00", 110_000)
    house.after(15_000)
    return life


def _lost(house: House, journal: Path) -> Life:
    life = _begun(house, journal, language="en")
    house.after(20_000)
    life.die(journal.with_name("cut.db"))
    house.after(30_000)
    life = _life(house, journal.with_name("cut.db"), "2026-06-14T15:11:00+02:00", 710_000)
    house.after(20_000)
    return life


def _too_old(house: House, journal: Path) -> Life:
    """A lamp that was away when its room was given back, and for half a day after."""
    life = _begun(house, journal, language="en")
    house.after(12_000)
    house.unplug("ceiling")
    life.ask("den", "stop")
    house.after(20_000)
    life.die(journal.with_name("cut.db"))
    life = _life(house, journal.with_name("cut.db"), "2026-06-15T09:00:00+02:00", 64_850_000)
    house.after(1000)
    return life


def _slept(milliseconds: int) -> Callable[[House, Path], Life]:
    def play(house: House, journal: Path) -> Life:
        life = _begun(house, journal, language="en")
        life.sleep(milliseconds)
        house.after(20_000)
        return life

    return play


def _scheduled(house: House, journal: Path) -> Life:
    """One that is passed over. That one has started is never written: the journal takes no event before its session."""
    life = _life(house, journal)
    life.keep_schedules()
    house.after(70_000)
    return life


PLAYS = (
    Play(
        "whole",
        _whole,
        {
            "session_started": (),
            "step_started": ("chapter",),
            "announced": ("chapter",),
            "waiting": ("chapter",),
            "music_unknown": (),
            "landing": (),
            "landed": (),
            "sent": ("device",),
            "answered": ("device",),
            "spoken": (),
        },
    ),
    Play(
        "asked",
        _asked,
        {
            "paused": (),
            "resumed": (),
            "extended": (),
            "volume_set": (),
            "refused": ("command", "code"),
            "landing": (),
            "landed": (),
        },
    ),
    Play(
        "aborted", _ended(lambda _, life: life.ask("den", "abort")), {"landing": (), "landed": (), "spoken": ("done",)}
    ),
    Play("failed", _ended(lambda _, life: life.fail("den")), {"landing": (), "landed": ()}),
    Play("taken", _taken, {"overridden": ("device", "attribute"), "given_back": ()}),
    Play("silenced", _silenced, {"overridden": ()}),
    Play("unplugged", _unplugged, {"device_missing": ("about",), "device_returned": ("device",), "given_back": ()}),
    Play("without broker", _without_broker, {"words_dropped": ()}),
    Play(
        "interrupted",
        _interrupted,
        {"interrupted": ("name",), "interruption_over": ("name",), "announced": ("text",), "landed": ()},
    ),
    Play("alarmed", _alarmed, {"interrupted": ()}),
    Play("waited", _waited, {"session_queued": (), "queue_dropped": (), "given_back": ()}),
    Play("replaced", _replaced, {"session_started": ("session",), "replaced": (), "landed": ()}),
    Play(
        "resumed",
        _resumed,
        {"session_resumed": (), "snapshot_unknown": ("about",), "device_silent": ("about",)},
        ("strip=silent", "floor=silent"),
    ),
    Play("lost", _lost, {"landing": (), "landed": ()}),
    Play("too old", _too_old, {"debt_dropped": ("attribute",)}),
    Play("slept", _slept(30_000), {"slept": ()}),
    Play("slept long", _slept(600_000), {"slept": (), "landing": ()}),
    Play("scheduled", _scheduled, {"schedule_passed": ()}),
    Play("strange", _strange, {"out_of_range": ("about", "what"), "device_refused": ("about",)}),
)


def played() -> list[Line]:
    """All that is kept, of all plays in order."""
    with tempfile.TemporaryDirectory() as folder:
        return [line for number, play in enumerate(PLAYS) for line in _kept(play, Path(folder) / str(number))]


def _kept(play: Play, folder: Path) -> Iterator[Line]:
    folder.mkdir()
    life = play.play(House(HOME, play.faults), folder / "journal.db")
    lines = life.lines()
    life.end()
    seen = set()
    for line in lines:
        if line.event not in play.wanted:
            continue
        details = json.loads(line.journal)
        kind = (line.event, *(details[name] for name in play.wanted[line.event]))
        if kind not in seen:
            seen.add(kind)
            yield line


def text() -> str:
    """As it stands in the file."""
    return "".join(json.dumps(line._asdict(), ensure_ascii=False) + "\n" for line in played())


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
