"""An evening from a seed: what homes have, as often as they have it. Most have one or two mild faults."""

from random import Random
from typing import Any

from orchestrator.units import Ms
from tests.storm import homes
from tests.storm.evening import Deed, Evening
from tests.storm.radio import RadioFault

LAMPS = {
    "small": ("lamp",),
    "house": ("ceiling", "linear", "ikea", "strip", "bulb", "desk", "left", "right"),
    "flat": ("paper", "one", "two"),
}
PLAYERS = {"small": ("speaker",), "house": ("speaker", "radio"), "flat": ("player",)}
SWITCHES: dict[str, tuple[str, ...]] = {"small": (), "house": ("burner",), "flat": ("plug",)}
BUTTON = {"small": "remote", "house": "remote", "flat": "dial"}
ROOMS = {"small": ("den",), "house": ("den", "study"), "flat": ("flat",)}
COLOURED = {"strip"}
LASTS: Ms = 110_000
"""About so long there are people and accidents."""
RADIO = "http://example.invalid/radio"


def draw(seed: int, *, is_calm: bool = False) -> Evening:
    """`is_calm`: without what only belief from evidence can tell from a hand, or from how the room was before.

    That is loss, inexactness, reports that come after more than 300 ms, twice or only when polled, a busy machine
    behind a slow broker, and hands at what is as the scene wants it already.
    """
    chance = Random(f"evening {seed}")
    home = chance.choices(("small", "house", "flat"), (4, 3, 3))[0]
    return _Drawing(chance, home, is_calm=is_calm).evening(seed)


class _Drawing:
    def __init__(self, chance: Random, home: str, *, is_calm: bool) -> None:
        self.chance = chance
        self.home = home
        self.is_calm = is_calm
        self.lamps, self.players, self.switches = LAMPS[home], PLAYERS[home], SWITCHES[home]

    def evening(self, seed: int) -> Evening:
        chance = self.chance
        wrongs = chance.choices((0, 1, 2, 3, 5), (10, 40, 30, 15, 5))[0]
        radios: dict[str, RadioFault] = {}
        deeds = [self._first(), *self._people()]
        for _ in range(wrongs):
            if chance.random() < 0.4:
                device = chance.choice((*self.lamps, *self.players, *self.switches))
                radios[device] = self._radio(device)
            else:
                deeds.append(self._accident())
        hour = chance.choices(("13:00", "20:30", "22:13"), (70, 15, 15))[0]
        return Evening(
            seed,
            self.home,
            self._before(),
            radios,
            tuple(sorted(deeds, key=lambda deed: deed.at)),
            latency=chance.choices((0, 4, 30, 200, 1000), (30, 40, 20, 7, 0 if self.is_calm else 3))[0],
            wall=f"2026-06-14T{hour}:00+02:00",
            ends_with=chance.choices(("stop", ""), (60, 40))[0],
            is_calm=self.is_calm,
        )

    def _before(self) -> dict[str, dict[str, Any]]:
        chance = self.chance
        before: dict[str, dict[str, Any]] = {}
        for lamp in self.lamps:
            to: dict[str, Any] = {"level": 0 if chance.random() < 0.2 else chance.randrange(25, 96)}
            if lamp in COLOURED:
                to["rgb"] = [255, chance.randrange(120, 255), 60]
            else:
                to["mired"] = chance.randrange(200, 350)
            before[lamp] = to
        if "left" in before:
            before["right"] = dict(before["left"])
        for player in self.players:
            before[player] = {"volume": chance.randrange(15, 60)}
            if chance.random() < 0.3:
                before[player]["playing"] = RADIO
        for switch in self.switches:
            before[switch] = {"on": chance.random() < 0.3}
        return before

    # People

    def _moment(self) -> Ms:
        return self.chance.randrange(8_000, 8_000 + LASTS)

    def _first(self) -> Deed:
        return self._start(self.chance.randrange(4_000, 9_000))

    def _start(self, at: Ms) -> Deed:
        chance = self.chance
        scene = chance.choices((*homes.SHORT, *homes.SHIPPED), (25, 15, 15, 45, 1, 1, 1, 1, 1))[0]
        how: dict[str, Any] = {"room": chance.choice(ROOMS[self.home])}
        mode = chance.choices(("", "single", "queued", "restart"), (40, 10, 25, 25))[0]
        if mode:
            how["mode"] = mode
        if scene in homes.SHIPPED:
            how["rate"] = 8.0
        return Deed(at, "start", scene, how)

    def _people(self) -> list[Deed]:
        chance = self.chance
        count = chance.choices((0, 1, 2, 3, 5), (20, 30, 25, 15, 10))[0]
        return [self._person() for _ in range(count)]

    def _person(self) -> Deed:
        chance, at = self.chance, self._moment()
        match chance.choices(("hand", "command", "press", "bell", "start"), (35, 35, 10, 8, 12))[0]:
            case "hand":
                return self._hand(at)
            case "command":
                words = ("next", "pause", "resume", "back", "repeat", "skip", "stop", "abort", "extend")
                word = chance.choices(words, (20, 10, 10, 8, 4, 6, 20, 4, 5))[0]
                how: dict[str, Any] = {"room": chance.choice(ROOMS[self.home])}
                return Deed(at, "command", word, how | ({"by": "20s"} if word == "extend" else {}))
            case "press":
                return Deed(at, "press", BUTTON[self.home], {"action": chance.choice(("toggle", "on", "off"))})
            case "bell":
                if self.home == "flat":
                    return self._hand(at)
                if self.home == "house" and chance.random() < 0.5:
                    return Deed(at, "hear", "house/phone", {"payload": chance.choice(("ringing", "idle"))})
                return Deed(at, "hear", "house/bell", {"payload": "ring"})
        return self._start(at)

    def _hand(self, at: Ms) -> Deed:
        chance = self.chance
        devices = (*self.lamps, *self.lamps, *self.players, *(() if self.is_calm else self.switches))
        device = chance.choice(devices)
        if device in self.players:
            if chance.random() < 0.4:
                return Deed(at, "hand", device, {"playing": chance.choice(("", RADIO))})
            return Deed(at, "hand", device, {"volume": chance.randrange(5, 70)})
        if device in self.switches:
            return Deed(at, "hand", device, {"on": chance.random() < 0.5})
        level = chance.choices((0, 100, chance.randrange(5, 100)), (20, 20, 60))[0]
        return Deed(at, "hand", device, {"level": level})

    # Accidents

    def _radio(self, device: str) -> RadioFault:
        chance = self.chance
        kinds = ["late", "late", "on_the_way", "slow", "reports", "jumps", "flashes"]
        if not self.is_calm:
            kinds += ["late", "doubles", "reorders", "loses_commands", "loses_reports", "inexact", "inexact"]
        is_lamp = device in self.lamps
        if not is_lamp:
            kinds = [kind for kind in kinds if kind not in ("on_the_way", "jumps", "flashes", "inexact")]
        match chance.choice(kinds):
            case "late":
                return RadioFault(late=chance.randrange(50, 300 if self.is_calm else 5000))
            case "slow":
                return RadioFault(slow=chance.randrange(50, 400))
            case "on_the_way":
                return RadioFault(on_the_way=True, late=chance.choice((0, 0, 300)))
            case "doubles":
                return RadioFault(doubles=0.3)
            case "reorders":
                return RadioFault(reorders=0.1)
            case "reports":
                ways = ("at the end", "at the end", "mute") + (() if self.is_calm else ("polled",))
                return RadioFault(reports=chance.choice(ways))
            case "jumps":
                return RadioFault(jumps=True)
            case "flashes":
                return RadioFault(flashes=True)
            case "loses_commands":
                return RadioFault(loses_commands=chance.choice((0.03, 0.1, 0.3)))
            case "loses_reports":
                return RadioFault(loses_reports=chance.choice((0.05, 0.3)))
        return RadioFault(gain=chance.choice((0.9, 0.95, 1.05)), jitter=chance.choice((0.0, 1.5, 3.0)))

    def _accident(self) -> Deed:
        chance, at = self.chance, self._moment()
        kinds = {
            "kill": 30,
            "power failure": 6,
            "leave": 8,
            "outage": 15,
            "cut": 10,
            "unplug": 20,
            "power cut": 6,
            "stall": 6,
            "sleep": 5,
            "set": 5,
            "second": 5,
            "full": 3,
        }
        what = chance.choices(tuple(kinds), tuple(kinds.values()))[0]
        match what:
            case "kill" | "power failure":
                how: dict[str, Any] = {"back": chance.choice((0, 1500, 5000, 30_000, 150_000))}
                if chance.random() < 0.6:
                    how["point"] = chance.randrange(40)
                return Deed(at, what, "", how)
            case "leave":
                return Deed(
                    at, what, "", {"back": chance.choice((1000, 6000, 140_000)), "lands": chance.random() < 0.3}
                )
            case "outage":
                lasts = chance.choice((300, 2000, 15_000, 60_000))
                return Deed(at, what, "", {"lasts": lasts, "forgets": chance.random() < 0.4})
            case "cut" | "stall" | "sleep":
                lasts = chance.choice((500, 2500, 12_000) if what == "stall" else (500, 8000, 40_000, 200_000))
                return Deed(at, what, "", {"lasts": lasts})
            case "unplug":
                device = chance.choice((*self.lamps, *self.players, *self.switches))
                return Deed(at, what, device, {"lasts": chance.choice((1000, 10_000, 60_000, 200_000))})
            case "power cut":
                how = {"lasts": chance.choice((1000, 20_000)), "level": chance.choice((100, 100, 40)), "says": True}
                return Deed(at, what, chance.choice(self.lamps), how)
            case "set":
                return Deed(at, what, "", {"by": chance.choice((-3_600_000, -30_000, 45_000, 3_600_000))})
            case "second":
                return Deed(at, what, "", {"lasts": chance.choice((5000, 40_000))})
        return Deed(at, "full", "", {"lasts": chance.choice((3000, 40_000))})
