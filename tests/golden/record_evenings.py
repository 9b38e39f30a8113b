"""Records evenings that were cut off: `python -m tests.golden.record_evenings` writes the newest recording.

`evenings-1` are the journals of relax as it was on 2026-11-29, and every later relax has to go on from them: do not
record them anew. `evenings-2` adds what those journals did not know: what is owed to a device that a person handed
back. `evenings-3` and on have a few of every version that a journal ever had: `record_versions.py`.

What is right at the end is known from the devices as they were, from what hands did to them, and from what the scene's
way out says; nothing of it comes from the journal.
"""

import io
import json
import random
import tarfile
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.golden import judge
from tests.golden.product import Back, House, Life, State, chapters, moment, shipped, ways_out

FOLDER = Path(__file__).parent
NAME = "evenings-2"
WALL = "2026-06-14T13:00:00+00:00"
"""In the afternoon, so that nothing that is said of nights applies."""
BOOT_MS = 5_000_000
RESUMES_WITHIN = 120.0
HOME = (FOLDER / "house.yaml").read_text(encoding="utf-8")
OWN = ("short", "dusk", "plain")
SHIPPED = ("foot-massage", "hand-massage", "neck-and-shoulders", "box-breathing", "evening-wind-down")
CHOICES: dict[str, list[dict[str, Any]]] = {
    "foot-massage": [{}, {"bath": False}, {"bath": False, "feet": "left"}, {"soak": "2min", "giver": "partner"}],
    "hand-massage": [{}, {"hands": "left"}, {"oil": False, "pace": 1.3}, {"aloud": True}],
    "neck-and-shoulders": [{}, {"pace": 1.2}, {"aloud": True}],
    "box-breathing": [{}, {"rounds": 6, "side": "5s"}, {"rounds": 8, "aloud": True}],
    "evening-wind-down": [{}, {"length": "15min"}, {"length": "45min", "aloud": True}],
    "short": [{}, {"rest": "2min"}, {"side": "right"}],
    "dusk": [{}],
    "plain": [{}],
}
RATES = (1.0, 1.0, 1.0, 2.0, 4.0, 8.0, 0.5)
WAYS = {"finished": "finish", "stopped": "stopped", "aborted": "stopped", "failed": "lost", "lost": "lost"}


def scene_text(name: str) -> str:
    return (FOLDER / f"scenes/{name}.yaml").read_text(encoding="utf-8") if name in OWN else shipped(name)


class Evening:
    """One evening while it is recorded: what was done, and what is true."""

    def __init__(self, number: int, folder: Path, *, away: str = "") -> None:
        self.number = number
        self.chance = random.Random(f"{NAME}-{number}")
        self.folder = folder
        self.house = House(HOME)
        self.house.put(self._some_room())
        self.before: State = self.house.state()
        self.dark = {device for device, shown in self.before.items() if shown.get("level") == 0.0}
        """Lamps that were off: nobody knows what colour they had."""
        self.hands: dict[tuple[str, str], Any] = {}
        self.done: list[str] = []
        self.then: list[list[Any]] = []
        self.never: list[str] = []
        """Sessions that are never to be heard of again."""
        self.paused: set[str] = set()
        self.resumes = 0
        self.in_gap: list[str] = []
        """What is plugged in again while relax is away."""
        self.sessions: dict[str, dict[str, Any]] = {}
        if away:
            self.unplug(away)
            self.before[away] = {"level": 20.0, "looks": 20.0}
        self.life = Life(self.house, folder / f"live-{number}.db", Back("boot-1", BOOT_MS, moment(WALL)))
        self._began = self.house.now
        self.house.after(self.chance.randrange(500, 9000))

    def _some_room(self) -> State:
        chance = self.chance
        room: State = {}
        for lamp in ("ceiling", "linear", "ikea", "bulb", "desk", "left", "right"):
            level = 0.0 if chance.random() < 0.2 else round(chance.uniform(25, 90), 1)
            room[lamp] = {"level": level, "colour": {"mired": chance.randrange(200, 350)}}
            if lamp == "right":
                room[lamp] = room["left"]
        room["strip"] = {
            "level": round(chance.uniform(10, 80), 1),
            "colour": {"rgb": [255, chance.randrange(120, 255), 60]},
        }
        playing = chance.choice(["", "", "http://example.invalid/radio"])
        room["speaker"] = {"volume": chance.randrange(15, 60), "playing": playing}
        room["radio"] = {"volume": chance.randrange(15, 60), "playing": ""}
        room["burner"] = {"on": chance.random() < 0.3}
        return room

    # What is done

    def _note(self, what: str) -> None:
        self.done.append(f"{(self.house.now - self._began) / 1000:.1f}s {what}")

    def start(self, scene: str, room: str = "den", **how: Any) -> None:
        name = f"{room}-{self.number:03d}-{len(self.done)}"
        chance = self.chance
        given = how.pop("parameters", None)
        given = chance.choice(CHOICES[scene]) if given is None else given
        language = how.pop("language", None) or ("en" if scene == "plain" else chance.choice(["en", "de"]))
        rate = how.pop("rate", None) or chance.choice(RATES if scene in SHIPPED else RATES[:4])
        source = f"scenes/{scene}.yaml"
        self._note(f"{room} start {scene} {json.dumps(given)} {language} {rate} {how.get('mode', '')}".strip())
        refused = self.life.start(room, name, scene_text(scene), source, given, language=language, rate=rate, **how)
        assert not refused, refused
        self._waiting = {
            "session": name,
            "scene": scene,
            "language": language,
            "parameters": given,
            "rate": rate,
        }
        if how.get("mode") == "queued":
            self.never.append(name)
        else:
            self.has_begun(room)

    def has_begun(self, room: str = "den") -> None:
        """What was started last is what is on."""
        line, roles = self.life.timeline(room), self.life.roles(room)
        self.never = [name for name in self.never if name != self._waiting["session"]]
        self.sessions[room] = {**self._waiting, "roles": roles, "ways": ways_out(line), "chapters": chapters(line)}

    def ask(self, command: str, room: str = "den") -> None:
        self._note(f"{room} {command}")
        replies = self.life.ask(room, command)
        assert replies[0]["ok"], (self.number, replies)

    def turn(self, device: str, **to: Any) -> None:
        """A hand. What it leaves is what is right from then on."""
        self._note(f"hand {device} {json.dumps(to)}")
        self.house.turn(device, **to)
        left = self.house.state()[device]
        if "level" in to:
            self.hands[device, "looks"] = left["looks"]
        if "mired" in to or "rgb" in to:
            self.hands[device, "colour"] = left["colour"]
        for name in ("on", "playing", "paused"):
            if name in to:
                self.hands[device, name] = left[name]
        if "volume" in to:
            self.before[device]["volume"] = left["volume"]

    def give_back(self, device: str) -> None:
        """What the hand had left is what the session has to give back."""
        for (name, attribute), value in list(self.hands.items()):
            if name == device:
                self.before[device][attribute] = value
                del self.hands[name, attribute]
        self.ask(json.dumps({"command": "give_back", "device": device}))

    def unplug(self, device: str) -> None:
        self.done.append(f"unplug {device}")
        self.house.unplug(device)

    def plug(self, device: str) -> None:
        self._note(f"plug {device}")
        self.house.plug(device)

    def hear(self, topic: str, payload: str) -> None:
        self._note(f"{topic} {payload}")
        self.house.hear(topic, payload)

    def lose(self) -> None:
        self._note("broker lost")
        self.house.lose()

    def find(self) -> None:
        self._note("broker found")
        self.house.find()

    def after(self, seconds: float) -> None:
        self.house.after(round(seconds * 1000))

    def leave_unplugged(self, device: str) -> None:
        """It is away at the cut, and back later: while relax is away, or in its next life, or once all is over."""
        match self.chance.randrange(3):
            case 0:
                self.in_gap.append(device)
            case 1:
                self.then.append([self.chance.randrange(3000, 30_000), f"plug {device}"])

    def again(self, seconds: float) -> None:
        """Killed, and started again."""
        self._note("killed and started again")
        kept = self.folder / f"live-{self.number}-{len(self.done)}.db"
        self.life.die(kept)
        self.after(seconds)
        passed = self.house.now - self._began
        back = Back("boot-1", BOOT_MS + passed, moment(WALL) + timedelta(milliseconds=passed))
        self.life = Life(self.house, kept, back)
        self.resumes += 1
        self.after(self.chance.uniform(2, 5))

    # Where it is

    def until(self, holds: Callable[[], bool], within: float = 7200) -> None:
        """Let time pass until something is so."""
        end = self.house.now + within * 1000
        while not holds():
            assert self.house.now < end, (self.number, self.done)
            self.house.after(200)

    def state(self, room: str = "den") -> dict[str, Any]:
        return self.life.state(room)

    def is_in(self, number: int, room: str = "den") -> bool:
        return bool(self.life.is_on(room)) and self.state(room)["number"] == number

    def to_chapter(self, number: int, room: str = "den") -> None:
        """Play on until a chapter begins, as if somebody said next in every wait."""
        while not self.is_in(number, room):
            self.until(lambda: self.is_in(number, room) or (self.state(room)["hold"] or {}).get("for") == "person")
            if not self.is_in(number, room):
                self.after(3)
                self.ask("next", room)

    def some_chapter(self, room: str = "den", **facts: Any) -> int:
        """A chapter of which something is so, by its number from 1."""
        found = [
            number
            for number, chapter in enumerate(self.sessions[room]["chapters"], start=1)
            if all(bool(chapter[name]) == wanted for name, wanted in facts.items())
        ]
        return self.chance.choice(found)

    def to_words(self, room: str = "den") -> None:
        number = self.some_chapter(room, words=True)
        self.to_chapter(number, room)
        self.until(lambda: bool(self.house.words()))
        self.after(0.9)

    def to_wait(self, room: str = "den") -> None:
        self.to_chapter(self.some_chapter(room, waits=True), room)
        self.until(lambda: (self.state(room)["hold"] or {}).get("for") == "person")
        self.after(self.chance.uniform(0.5, 4))

    def to_count(self, room: str = "den") -> None:
        number = self.some_chapter(room, counts=True)
        self.to_chapter(number, room)
        chapter, rate = self.sessions[room]["chapters"][number - 1], self.sessions[room]["rate"]
        self.after((chapter["words"] + self.chance.uniform(0.2, 0.7) * chapter["lasts"]) / rate / 1000)

    def to_fade(self, room: str = "den") -> None:
        self.to_chapter(self.some_chapter(room, fades=True), room)
        self.until(self.house.is_fading)
        self.after(self.chance.uniform(0.1, 0.6))

    def somewhere(self, room: str = "den") -> None:
        """Some way into some chapter."""
        count = len(self.sessions[room]["chapters"])
        self.to_chapter(self.chance.randrange(1, max(count, 2)), room)
        self.after(self.chance.uniform(2, 9) / self.sessions[room]["rate"])

    # What is right

    def expected(self, room: str, gap: str) -> dict[str, Any]:
        """What the next life has to do with what was on in a room, and how that ends."""
        there = self.sessions.get(room)
        if there is None:
            return {"does": "nothing"}
        state = self.state(room)
        about = {name: there[name] for name in ("session", "scene", "language", "parameters", "rate")}
        landings = [event for event in self.life.events if event["room"] == room and event["event"] == "landing"]
        if not self.life.is_on(room):
            ended = landings[-1]["details"]["ending"]
            return {"does": "nothing", **about, "ending": ended, "way": WAYS[ended]}
        if state["status"] == "starting":
            self.never.append(there["session"])
            return {"does": "nothing", "way": ""}
        if state["status"] == "landing":
            return {"does": "land", **about, "ending": landings[-1]["details"]["ending"], "way": "lost"}
        if gap != "short" or self.resumes >= 3:
            return {"does": "land", **about, "ending": "lost", "way": "lost"}
        acts = [act for _, act in self.then]
        ending = "stopped" if f"{room} stop" in acts else "aborted" if f"{room} abort" in acts else "finished"
        where = {"chapter": state["chapter"], "number": state["number"], "paused": room in self.paused}
        return {"does": "resume", **about, **where, "ending": ending, "way": WAYS[ending]}

    def at_the_end(self, expected: dict[str, dict[str, Any]]) -> State:
        """What every device has to show once all is given back. A list: any of these."""
        end: State = {}
        for device, shown in self.before.items():
            end[device] = {name: value for name, value in shown.items() if name != "level"}
        for room, expects in expected.items():
            if expects.get("way"):
                self._leave(end, self.sessions[room], expects["way"], expects["does"])
        for (device, attribute), value in self.hands.items():
            end[device][attribute] = value
            if attribute in ("playing", "paused"):
                end[device].pop("volume", None)
        for device, shown in end.items():
            if shown.get("looks") == 0.0 or (device in self.dark and (device, "colour") not in self.hands):
                shown.pop("colour", None)
        return end

    def _leave(self, end: State, session: dict[str, Any], way: str, does: str) -> None:
        for role, attribute, to, at_most in session["ways"][way]:
            name = {"level": "looks", "playing": "playing", "on": "on"}.get(attribute)
            for cast in session["roles"].get(role, ()):
                for device in ("left", "right") if cast == "shelf" else (cast,):
                    if name in ("looks", "on") and to is not None:
                        end[device][name] = float(to) if name == "looks" else bool(to)
                    elif name == "looks" and at_most is not None and end[device][name] > at_most:
                        end[device][name] = [at_most, end[device][name]]


class Gap(NamedTuple):
    """How long relax was away, as its clocks tell it. `kind`: `short` goes on, `long` and `unknown` do not."""

    kind: str
    seconds: float
    boot: str
    wall: float
    """How far the wall's clock went on."""


def some_gap(chance: random.Random, number: int) -> Gap:
    short, long = round(chance.uniform(3, 100), 1), round(chance.uniform(140, 5000), 1)
    match number % 20:
        case 3 | 9 | 15 | 18:
            return Gap("long", long, "boot-1", long)
        case 6:
            return Gap("long", long, "boot-2", long)
        case 12:
            return Gap("unknown", short, "boot-2", -3600 + short)
        case 5:
            return Gap("long", long, "boot-1", long - 7200)
        case 1 | 11:
            return Gap("short", short, "boot-2", short)
        case 8:
            return Gap("short", short, "boot-1", short - 3600)
        case _:
            return Gap("short", short, "boot-1", short)


# The kinds of moments


def before_first(one: Evening) -> None:
    """It has asked how the devices are, and waits for an answer."""
    one.start(one.chance.choice(SHIPPED))
    one.after(one.chance.uniform(0.0, 0.015))


def before_sent(one: Evening) -> None:
    """It is in the journal, and no device has heard of it yet."""
    if one.number % 2:
        one.start("short")
        one.somewhere()
        one.after(2)
        one.life.dies_before_sending = True
        one.ask("next")
    else:
        one.life.dies_before_sending = True
        one.start(one.chance.choice(SHIPPED))
        one.after(0.5)


def in_words(one: Evening) -> None:
    one.start(one.chance.choice((*SHIPPED, "short")), language=one.chance.choice(["de", "en"]))
    one.to_words()


def in_wait(one: Evening) -> None:
    one.start(one.chance.choice(["foot-massage", "hand-massage", "short"]), parameters={})
    one.to_wait()


def in_count(one: Evening) -> None:
    one.start(one.chance.choice((*SHIPPED, "short")))
    one.to_count()


def in_fade(one: Evening) -> None:
    one.start(one.chance.choice((*SHIPPED, *OWN)))
    one.to_fade()


def paused(one: Evening) -> None:
    one.start(one.chance.choice((*SHIPPED, "dusk", "short", "plain")))
    one.somewhere()
    one.ask(one.chance.choice(["pause", "toggle"]))
    one.after(one.chance.uniform(0.2, 60))
    one.paused.add("den")
    one.then.append([15_000, "den resume"])


def paused_with_other_music(one: Evening) -> None:
    """Other music is on than where the chapter began."""
    one.start("short", rate=1.0)
    chapters_of_it = [each["id"] for each in one.sessions["den"]["chapters"]]
    one.to_chapter(chapters_of_it.index("sink") + 1)
    one.until(lambda: str(one.house.state()["speaker"]["playing"]).endswith("rain"))
    one.after(3)
    one.ask("pause")
    one.after(2)
    one.paused.add("den")
    one.then.append([15_000, "den resume"])


def into_the_dark(one: Evening) -> None:
    """Nobody's room is to be lit up again who may be asleep."""
    one.start(one.chance.choice(["evening-wind-down", "evening-wind-down", "dusk"]))
    count = len(one.sessions["den"]["chapters"])
    one.to_chapter(one.chance.randrange(count - 1, count + 1))
    one.after(one.chance.uniform(2, 35) / one.sessions["den"]["rate"])


def interrupted(one: Evening) -> None:
    one.start(one.chance.choice((*SHIPPED, "short")))
    one.somewhere()
    one.hear(*one.chance.choice([("house/bell", "ring"), ("house/phone", "ringing")]))
    one.after(one.chance.uniform(0.2, 60))
    assert one.state()["status"] == "paused"
    one.paused.add("den")
    one.then.append([15_000, "den resume"])


def after(command: str, *scenes: str) -> Callable[[Evening], None]:
    def play(one: Evening) -> None:
        one.start(one.chance.choice(scenes), parameters={})
        if command == "skip":
            one.to_chapter(
                next(n for n, each in enumerate(one.sessions["den"]["chapters"], 1) if each["part"] == "bath")
            )
        else:
            one.somewhere()
        one.after(1.5)
        there = one.sessions["den"]["chapters"]
        step = one.chance.choice(there)["id"]
        asked = {
            "goto": json.dumps({"command": "goto", "step": step}),
            "extend": '{"command": "extend", "by": "40s"}',
            "volume": '{"command": "volume", "level": "35%"}',
        }
        one.ask(asked.get(command, command))
        one.after(one.chance.choice([0.0, 0.3, 1.0, 3.0]))

    return play


def after_hand(device: str, to: dict[str, Any], attribute: str, *, in_words: bool = False) -> Callable[[Evening], None]:
    def play(one: Evening) -> None:
        if device == "burner":
            one.house.turn("burner", on=False)
            one.before = one.house.state()
        one.start(one.chance.choice(["foot-massage", "short"]) if device in ("burner", "speaker") else "short")
        one.to_chapter(2) if attribute == "colour" else one.somewhere()
        one.until(lambda: not one.house.words())
        one.after(7)
        one.turn(device, **to)
        if attribute:
            assert attribute in one.state()["overridden"].get(device, ()), (one.number, one.done, one.state())
        if in_words:
            one.until(lambda: bool(one.house.words()))
            one.after(1)
        else:
            one.after(one.chance.uniform(0, 20))
            one.until(lambda: not one.house.words())
            one.after(3)

    return play


def given_back(one: Evening) -> None:
    one.start(one.chance.choice(["short", "plain"]), parameters={}, rate=1.0)
    one.to_chapter(2)
    one.after(4)
    device = one.chance.choice(["ceiling", "linear", "ikea"])
    one.turn(device, level=99.0)
    assert one.state()["overridden"] == {device: ["level"]}
    one.after(3)
    one.give_back(device)
    one.after(one.chance.uniform(0.1, 8))


def offline(one: Evening) -> None:
    one.start(one.chance.choice((*SHIPPED, "dusk", "short")))
    one.somewhere()
    device = one.chance.choice(["ceiling", "linear", "strip", "bulb", "speaker", "burner"])
    one.unplug(device)
    one.after(one.chance.uniform(0.5, 30))
    if one.state()["status"] == "idle":
        raise AssertionError(one.number)
    one.leave_unplugged(device)


def unknown(one: Evening) -> None:
    """A lamp that was away from the start: nobody knows how it was, so it gets what the home file says."""
    one.start(one.chance.choice(["hand-massage", "short"]), rate=1.0)
    one.somewhere()
    if one.number % 2:
        one.plug("ikea")
        one.after(5)
    else:
        one.leave_unplugged("ikea")


def without_broker(one: Evening) -> None:
    one.start(one.chance.choice((*SHIPPED, "dusk", "short")), rate=1.0)
    one.somewhere()
    one.lose()
    one.after(one.chance.uniform(1, 25))
    assert one.state()["status"] != "landing"


def finishing(one: Evening) -> None:
    one.start(one.chance.choice((*SHIPPED, *OWN)), rate=1.0)
    one.to_chapter(len(one.sessions["den"]["chapters"]))
    one.after(2)
    one.ask("next")
    one.after(one.chance.uniform(0.1, 4.5))
    assert one.state()["status"] == "landing"


def ending(command: str, most: float) -> Callable[[Evening], None]:
    def play(one: Evening) -> None:
        one.start(one.chance.choice((*SHIPPED, *OWN)), rate=1.0)
        one.somewhere()
        one.after(2)
        if command == "fail":
            one._note("the house lets it fail")
            one.life.fail("den")
        else:
            one.ask(command)
        one.after(one.chance.uniform(0.05, most))
        assert one.state()["status"] == "landing"

    return play


def owed(one: Evening) -> None:
    one.start(one.chance.choice(("foot-massage", "short", "box-breathing")), rate=1.0)
    one.somewhere()
    if one.number % 3 == 0:
        one.lose()
    else:
        device = one.chance.choice(["ceiling", "strip", "bulb", "speaker"])
        one.unplug(device)
        one.leave_unplugged(device)
    one.after(2)
    one.ask("stop")
    one.after(25)
    assert not one.life.is_on("den")
    assert one.life.owed()


def owed_too_long(one: Evening) -> None:
    """After half a day a lamp is not given back any more: it stays as it is when it returns."""
    one.start("short", rate=1.0)
    one.to_chapter(2)
    one.unplug("ceiling")
    one.ask("stop")
    one.after(25)
    shown = one.house.state()["ceiling"]
    one.hands["ceiling", "looks"], one.hands["ceiling", "colour"] = shown["looks"], shown["colour"]


def taken_over(one: Evening) -> None:
    one.start(one.chance.choice(("short", "foot-massage", "box-breathing")), rate=1.0)
    one.somewhere()
    one.start(one.chance.choice(("plain", "hand-massage", "dusk", "short")), mode="restart", rate=1.0)
    one.after(one.chance.uniform(0.05, 12))
    one.until(lambda: one.state()["status"] != "starting")


def taken_over_landing(one: Evening) -> None:
    one.start(one.chance.choice(("short", "plain")), rate=1.0)
    one.somewhere()
    one.ask("stop")
    one.after(1)
    one.start("short", rate=1.0)
    one.after(one.chance.uniform(0.1, 12))
    one.until(lambda: one.state()["status"] != "starting")


def queued(one: Evening) -> None:
    """Nothing of what waited is left; what was on goes on."""
    one.start("short", rate=1.0)
    one.after(3)
    begun = one.sessions["den"]
    one.start("plain", mode="queued")
    one.somewhere()
    assert one.sessions["den"] is begun


def queue_begun(one: Evening) -> None:
    one.start("plain", rate=4.0)
    one.after(3)
    one.start("short", mode="queued", rate=1.0)
    waits = one._waiting["session"]
    one.until(lambda: one.state()["id"] == waits and one.state()["status"] == "running")
    one.has_begun()
    one.somewhere()


def resumed(times: int) -> Callable[[Evening], None]:
    def play(one: Evening) -> None:
        one.start("short", parameters={"rest": "2min"}, rate=1.0)
        number = one.chance.choice([1, 3, 7])
        one.to_chapter(number)
        one.after(2)
        for _ in range(times):
            one.again(one.chance.uniform(5, 50))
            assert one.is_in(number)

    return play


def two_rooms(one: Evening) -> None:
    one.start(one.chance.choice(("foot-massage", "short", "box-breathing")))
    one.after(one.chance.uniform(1, 20))
    one.start(one.chance.choice(("hand-massage", "short", "dusk")), "study")
    one.somewhere("study")
    if one.number % 3 == 0:
        one.ask("pause", "study")
        one.paused.add("study")
        one.after(2)
        one.then.append([10_000, "study resume"])
    if one.number % 3 == 1:
        one.turn("desk", level=99.0)
        one.after(4)


def alarmed(one: Evening) -> None:
    """Full light, for good."""
    one.start("short", rate=1.0)
    one.somewhere()
    one.hear("house/smoke", "alarm")
    one.after(6)
    assert not one.life.is_on("den")
    for device in ("ceiling", "linear", "ikea", "strip", "bulb"):
        shown = one.house.state()[device]
        one.hands[device, "looks"], one.hands[device, "colour"] = shown["looks"], shown["colour"]


def over(one: Evening) -> None:
    one.start("plain", rate=4.0)
    one.until(lambda: not one.life.is_on("den"))
    one.after(15)


SOME = ("foot-massage", "hand-massage", "neck-and-shoulders", "evening-wind-down", "dusk", "short")
KINDS: tuple[tuple[str, int, Callable[[Evening], None]], ...] = (
    ("before the first chapter", 4, before_first),
    ("in the journal, but not sent", 5, before_sent),
    ("in words", 9, in_words),
    ("in a wait", 10, in_wait),
    ("in a count", 8, in_count),
    ("in a fade", 9, in_fade),
    ("paused", 5, paused),
    ("paused with other music", 2, paused_with_other_music),
    ("on the way into the dark", 6, into_the_dark),
    ("interrupted", 7, interrupted),
    ("after next", 4, after("next", *SOME)),
    ("after back", 4, after("back", *SOME)),
    ("after goto", 4, after("goto", *SOME)),
    ("after skip", 3, after("skip", "foot-massage", "short")),
    ("after extend", 3, after("extend", *SOME)),
    ("after repeat", 3, after("repeat", "hand-massage", "short")),
    ("after volume", 3, after("volume", "hand-massage", "short")),
    ("after a hand on a lamp", 4, after_hand("ceiling", {"level": 99.0}, "level")),
    ("after a hand on a lamp", 3, after_hand("linear", {"level": 99.0}, "level")),
    ("after a hand on a lamp", 3, after_hand("strip", {"level": 99.0}, "level")),
    ("after a hand switched a lamp off", 3, after_hand("ceiling", {"level": 0.0}, "level")),
    ("after a hand on a colour", 2, after_hand("ceiling", {"mired": 160}, "colour")),
    ("after a hand on a colour", 2, after_hand("strip", {"rgb": [0, 0, 255]}, "colour")),
    ("after a hand on the volume", 3, after_hand("speaker", {"volume": 47}, "")),
    ("in words after a hand on the volume", 3, after_hand("speaker", {"volume": 47}, "", in_words=True)),
    ("after a hand on the music", 2, after_hand("speaker", {"playing": ""}, "playing")),
    ("after a hand on the music", 2, after_hand("speaker", {"playing": "http://example.invalid/news"}, "playing")),
    ("after a hand on a plug", 2, after_hand("burner", {"on": False}, "on")),
    ("after give_back", 7, given_back),
    ("a device is away", 9, offline),
    ("a device was away from the start", 4, unknown),
    ("without the broker", 6, without_broker),
    ("in the landing of finish", 7, finishing),
    ("in the landing of stopped", 5, ending("stop", 2.0)),
    ("in the landing of abort", 4, ending("abort", 0.3)),
    ("in the landing of failed", 2, ending("fail", 2.0)),
    ("over, and something owed", 6, owed),
    ("over, and something owed for too long", 2, owed_too_long),
    ("after a takeover", 6, taken_over),
    ("after a takeover of a landing", 3, taken_over_landing),
    ("something waits", 3, queued),
    ("what waited is on", 2, queue_begun),
    ("resumed twice", 3, resumed(2)),
    ("resumed three times", 4, resumed(3)),
    ("two rooms", 6, two_rooms),
    ("after an alarm", 2, alarmed),
    ("over", 1, over),
)
RECORDED = (("after give_back", 12, given_back),)
"""What the newest recording adds; `KINDS` is the first one's."""
AWAY = {"a device was away from the start": "ikea"}
EXACT = {
    "paused with other music": Gap("short", 20.0, "boot-1", 20.0),
    "resumed twice": Gap("short", 40.0, "boot-1", 40.0),
    "resumed three times": Gap("short", 40.0, "boot-1", 40.0),
    "over, and something owed for too long": Gap("long", 46_800.0, "boot-1", 46_800.0),
}


def recorded(number: int, kind: str, play: Callable[[Evening], None], folder: Path) -> tuple[dict[str, Any], Path]:
    """Its line of the manifest, and its journal."""
    one = Evening(number, folder, away=AWAY.get(kind, ""))
    play(one)
    gap = EXACT.get(kind) or some_gap(one.chance, number)
    if gap.kind == "short" and number % 9 == 4 and not one.then and one.life.is_on("den"):
        one.then.append([one.chance.randrange(4000, 40_000), one.chance.choice(["den stop", "den stop", "den abort"])])
    expected = {room: one.expected(room, gap.kind) for room in ("den", "study")}
    kept = folder / f"{number:03d}.db"
    passed, at_cut = one.house.now - one._began, one.house.state()
    has_owed = bool(one.life.owed())
    one.life.die(kept)
    one.house.find()
    one.house.after(min(round(gap.seconds * 1000), 30_000))
    for device in one.in_gap:
        one.house.plug(device)
    wall = moment(WALL) + timedelta(milliseconds=passed, seconds=gap.wall)
    boot_ms = BOOT_MS + passed + round(gap.seconds * 1000) if gap.boot == "boot-1" else 40_000
    line = {
        "number": number,
        "moment": kind,
        "done": one.done,
        "cut": f"{passed / 1000:.1f}s",
        "gap": {"kind": gap.kind, "seconds": gap.seconds},
        "back": {"boot": gap.boot, "boot_ms": boot_ms, "wall": wall.isoformat()},
        "expected": expected,
        "owed": has_owed,
        "never": one.never,
        "then": sorted(one.then),
        "taken": sorted([device, attribute] for device, attribute in one.hands),
        "before": one.before,
        "at_cut": at_cut,
        "found": one.house.state(),
        "away": one.house.away(),
        "end": one.at_the_end(expected),
        "known_fault": "",
    }
    return line, kept


class Fault(NamedTuple):
    """Something that relax got wrong: what is in every sentence of the judge, and why it is so."""

    shows: str
    why: str


FAULTS = {
    "in words after a hand on the volume": Fault(
        "speaker: volume",
        "a volume that a hand has set comes back as a hand's grip: what was ducked at the cut stays ducked. In one life"
        " the hand's volume is the session's own level (Conductor.resume)",
    ),
}
"""What relax got wrong when this was recorded, by kind of moment.

Such an evening says what is right all the same, and is marked. Whoever mends it takes the mark from its line.
"""


def marked(lines: list[dict[str, Any]], files: list[Path]) -> None:
    """Mark what relax of today gets wrong. What is wrong for no known reason is raised."""
    for line, file in zip(lines, files, strict=True):
        copy = file.with_name("judged.db")
        copy.write_bytes(file.read_bytes())
        if wrong := judge.faults(HOME, line, copy):
            fault = FAULTS.get(line["moment"])
            assert fault is not None, (line["number"], line["moment"], line["done"], wrong)
            assert all(fault.shows in sentence for sentence in wrong), (line["number"], wrong)
            line["known_fault"] = fault.why


def record(folder: Path) -> tuple[list[dict[str, Any]], list[Path]]:
    lines: list[dict[str, Any]] = []
    files: list[Path] = []
    for kind, count, play in RECORDED:
        for _ in range(count):
            line, file = recorded(len(lines), kind, play, folder)
            lines.append(line)
            files.append(file)
    return lines, files


def packed(files: list[Path]) -> bytes:
    """All journals in one archive: they are much alike, so it is small."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:xz", preset=9) as tar:
        for file in files:
            entry = tarfile.TarInfo(file.name)
            entry.size = file.stat().st_size
            tar.addfile(entry, io.BytesIO(file.read_bytes()))
    return archive.getvalue()


def manifest(lines: list[dict[str, Any]], name: str = NAME, home: str = HOME) -> str:
    """JSON, with one line an evening."""
    head = json.dumps({"format": name, "home": home}, ensure_ascii=False, indent=1).removesuffix("\n}")
    evenings = ",\n  ".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    return f'{head},\n "evenings": [\n  {evenings}\n ]\n}}\n'


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        recordings, journals = record(Path(name))
        marked(recordings, journals)
        (FOLDER / f"{NAME}.json").write_text(manifest(recordings), encoding="utf-8")
        (FOLDER / f"{NAME}.tar.xz").write_bytes(packed(journals))
