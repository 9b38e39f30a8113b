"""Which recordings are judged: every shipped scene and language, each setting, pairs, homes, and every way out."""

import itertools
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.witness.homes import HOMES, Home
from tests.witness.house import read_home
from tests.witness.recording import Recording
from tests.witness.relax import ROOT, can, simulate

SCENES = tuple(sorted(path.stem for path in (ROOT / "scenes").glob("*.yaml") if "." not in path.stem))
DEEDS = ("stop", "abort", "skip", "back", "next", "repeat", "pause+resume", "pause+stop", "extend", "pause+back")
OWN_PACE = ("home-assistant", "plain-bulbs", "many")
"""Homes whose voices take another time than they are asked to."""
HANDS = ("hand", "hand+give_back", "off", "blue", "volume")
ACCIDENTS = ("restart", "long restart", "paused restart", "offline+online", "offline+stop+online")
AT_NIGHT = ("long restart", "offline+stop+online")
"""What is tried at night as well: there nothing that is paid late makes it brighter."""
LONGEST = {
    "box-breathing": 280,
    "desk-break": 280,
    "evening-wind-down": 1450,
    "foot-massage": 1800,
    "hand-massage": 700,
    "rest-twenty": 1150,
}


class Hearing(NamedTuple):
    """One recording to be: made anew each time, always the same."""

    scene: str
    home: str
    language: str | None = None
    settings: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    is_simulated: bool = False
    """In the devices that relax itself simulates, which say done to the millisecond."""

    is_learnt: bool = False
    """With a voice that has said all of it once before."""

    @property
    def name(self) -> str:
        how = "simulated" * self.is_simulated + "learnt" * self.is_learnt
        parts = (self.scene, self.home, self.language, *self.settings, *self.do, how)
        return " ".join(part for part in parts if part)

    def recorded(self) -> Recording:
        home = HOMES[self.home]
        night = ("--night",) if home.night and can("simulate", "--night") else ()
        return simulate(
            self.scene,
            home.path,
            settings=self.settings,
            language=self.language,
            do=self.do,
            hold=home.hold,
            before=home.before,
            more=night,
            name=f"{home.name} (simulated)" if self.is_simulated else home.name,
            is_simulated=self.is_simulated,
            is_learnt=self.is_learnt,
        )


@cache
def parameters(scene: str) -> dict[str, Any]:
    """What can be chosen, as the scene file says it."""
    document = read_home(Path(ROOT / "scenes" / f"{scene}.yaml"))
    return dict(document.get("parameters") or {})


def values(parameter: dict[str, Any]) -> list[str]:
    """Every choice and flag; the bounds and the middle of every figure."""
    if "choice" in parameter:
        return [str(each) for each in parameter["choice"]]
    if "flag" in parameter:
        return ["true", "false"]
    unit = "s" if "duration" in parameter else ""
    low, high = (_figure(parameter[bound]) for bound in ("min", "max"))
    middle = (low + high) / 2
    figures = [low, round(middle) if "whole" in parameter or unit else round(middle, 2), high]
    return [f"{figure:g}{unit}" for figure in figures]


def singles(scene: str) -> Iterator[tuple[str, ...]]:
    """One setting changed at a time."""
    for name, parameter in parameters(scene).items():
        for value in values(parameter):
            yield (f"{name}={value}",)


def pairs(scene: str, seed: int, count: int) -> Iterator[tuple[str, ...]]:
    """Two settings at once."""
    chance = random.Random(f"{scene}{seed}")
    names = list(parameters(scene))
    for one, other in chance.choices(list(itertools.combinations(names, 2)), k=count) if len(names) > 1 else ():
        yield tuple(f"{name}={chance.choice(values(parameters(scene)[name]))}" for name in (one, other))


def ways_out(scene: str, seed: int, count: int) -> Iterator[tuple[str, ...]]:
    """What a person does, at a moment by chance."""
    chance = random.Random(f"{scene}{seed}out")
    for number in range(count):
        deed = DEEDS[(number + seed) % len(DEEDS)]
        at = chance.randrange(3, LONGEST.get(scene, 600))
        first, _, then = deed.partition("+")
        later = at + chance.choice((4, 20, 90))
        argument = " 2min" if first == "extend" else ""
        yield (f"{at}s={first}{argument}", *((f"{later}s={then}",) if then else ()))


def has_colours(place: Home, lamp: str) -> bool:
    """Whether somebody could set a colour there: one that has whites alone can be told none."""
    device = yaml.safe_load(place.text)["devices"][lamp]
    stated = device.get("colors", device.get("supported_color_modes"))
    return (stated is None or bool({"rgb", "xy", "hs"} & {*stated})) and place.name not in ("templates", "stepped")


def disturbed(scene: str, home: str, what: str, seed: int) -> tuple[str, ...]:
    """A hand, a device that vanishes, a restart, at moments and on devices by chance; nothing that cannot be there."""
    chance = random.Random(f"{scene}{home}{what}{seed}")
    at, lamps, place = chance.randrange(10, LONGEST.get(scene, 600)), HOMES[home].lamps, HOMES[home]
    speaker = "speaker" if "speaker" in place.before and "says_volume" not in place.before["speaker"] else None
    coloured = [lamp for lamp in lamps if has_colours(place, lamp)]
    soon, later = at + chance.choice((5, 30)), at + chance.choice((60, 200))
    lamp = chance.choice(lamps) if lamps else ""
    match what:
        case "hand" if lamp:
            return (f"{at}s=hand {lamp} 96%",)
        case "hand+give_back" if lamp:
            return (f"{at}s=hand {lamp} 96%", f"{soon}s=give_back {lamp}")
        case "off" if lamp:
            return (f"{at}s=hand {lamp} off",)
        case "blue" if coloured:
            return (f"{at}s=hand {chance.choice(coloured)} #2040ff",)
        case "volume" if speaker is not None:
            return (f"{at}s=hand {speaker} 45%",)
        case "restart":
            return (f"{at}s=restart {chance.choice(('2s', '20s', '90s'))}",)
        case "long restart":
            return (f"{at}s=restart 5min", *(("12:00:00=morning",) if place.night else ()))
        case "paused restart":
            return (f"{at}s=pause", f"{soon}s=restart 20s", f"{later}s=resume")
        case "offline+online" if lamp:
            return (f"{at}s=offline {lamp}", f"{later}s=online {lamp}")
        case "offline+stop+online" if lamp:
            morning = ("12:00:00=morning",) if place.night else ()
            return (f"{at}s=offline {lamp}", f"{soon}s=stop", f"{later + 300}s=online {lamp}", *morning)
    return ()


def whole(seed: int = 1) -> list[Hearing]:
    """Everything: some hundred recordings."""
    hearings: list[Hearing] = []
    homes = itertools.cycle(HOMES)
    for scene in SCENES:
        hearings += [Hearing(scene, "zigbee", language, is_simulated=True) for language in ("en", "de")]
        hearings += [Hearing(scene, home, language) for home in HOMES for language in ("en", "de")]
        for home in OWN_PACE:
            hearings += [Hearing(scene, home, language, is_learnt=True) for language in ("en", "de")]
        for language in ("en", "de"):
            hearings += [Hearing(scene, next(homes), language, settings) for settings in singles(scene)]
        hearings += [Hearing(scene, next(homes), None, settings) for settings in pairs(scene, seed, 10)]
        for do in ways_out(scene, seed, 3 * len(DEEDS)):
            hearings.append(Hearing(scene, next(homes), None, (), do))
        for what in (*HANDS, *ACCIDENTS):
            for home in dict.fromkeys((*(next(homes) for _ in range(3)), *(("night",) if what in AT_NIGHT else ()))):
                if do := disturbed(scene, home, what, seed):
                    hearings.append(Hearing(scene, home, None, (), do))
    return hearings


def first() -> list[Hearing]:
    """What is heard each time: every scene once, every home once, each in turn with the other language."""
    homes, languages = itertools.cycle(SCENES), itertools.cycle(("en", "de"))
    return [Hearing(next(homes), home, next(languages)) for home in HOMES]


def part(count: int, seed: int) -> list[Hearing]:
    """So many of the whole, others for another seed."""
    everything = whole(seed)
    random.Random(seed).shuffle(everything)
    return everything[:count]


def named(name: str) -> Hearing:
    """The recording of a name, as `name` has it. Raises ValueError."""
    scene, home, *rest = name.split(" ")
    is_simulated, is_learnt = (bool(rest) and rest[-1] == word for word in ("simulated", "learnt"))
    rest = rest[:-1] if is_simulated or is_learnt else rest
    language = rest.pop(0) if rest and "=" not in rest[0] else None
    deeds: list[str] = []
    settings: list[str] = []
    for word in rest:
        if "=" not in word and deeds:
            deeds[-1] += f" {word}"
        elif word.partition("=")[0] in parameters(scene):
            settings.append(word)
        else:
            deeds.append(word)
    return Hearing(scene, home, language, tuple(settings), tuple(deeds), is_simulated, is_learnt)


def _figure(text: object) -> float:
    """Seconds of a length, else a number."""
    word = str(text).strip()
    for ending, factor in (("min", 60.0), ("s", 1.0), ("h", 3600.0)):
        if word.endswith(ending):
            return float(word.removesuffix(ending)) * factor
    return float(word)
