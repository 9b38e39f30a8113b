"""Judges what relax makes of an evening that was cut off: by the devices, the broker and the journal alone."""

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.golden.product import Back, House, Life, State, moment

FOLDER = Path(__file__).parent
LONGEST = 4 * 3600_000
"""Nothing that is recorded lasts longer than this."""
RESTS = 100_000
"""After that nothing moves any more."""
ANSWERS_AFTER = 8000
TOLERANCE = {"looks": 1.5, "volume": 1.0, "mired": 8.0, "rgb": 12.0}
"""Of what a device shows: percent, mired, and parts of 255."""
GOING_ON = {"en": "I was away for a moment. We go on.", "de": "Ich war kurz weg. Es geht weiter."}
Evening = dict[str, Any]


class Recording(NamedTuple):
    """All evenings that one version of relax has recorded, and the text of the home they were played in."""

    name: str
    home: str
    evenings: list[Evening]

    def unpack(self, folder: Path) -> None:
        """Every journal, as `000.db` and so on."""
        with tarfile.open(FOLDER / f"{self.name}.tar.xz") as archive:
            archive.extractall(folder, filter="data")


def recordings() -> list[Recording]:
    found = []
    for file in sorted(FOLDER.glob("evenings-*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        found.append(Recording(told["format"], told["home"], told["evenings"]))
    return found


def faults(home: str, evening: Evening, journal: Path) -> list[str]:
    """Play an evening to its end from this journal, which is written to. What is wrong, in sentences."""
    house = House(home)
    house.put(evening["found"])
    for device in evening["away"]:
        house.unplug(device)
    house.sent.clear()
    back = evening["back"]
    life = Life(house, journal, Back(back["boot"], back["boot_ms"], moment(back["wall"])))
    try:
        brightest = _play(evening, house, life)
        return [
            *(fault for room in evening["expected"] for fault in _in_room(room, evening, house, life)),
            *_at_the_end(evening, house.state()),
            *_lit(evening, brightest),
            *_owed(evening, life),
            *_touched(evening, house),
            *(f"{name} is on, and was never to be heard of" for name in evening["never"] if _heard_of(name, life)),
        ]
    finally:
        life.end()


def _play(evening: Evening, house: House, life: Life) -> dict[str, float]:
    """What people do, then to the end, and until everything has come to rest with every device there.

    Gives how bright each lamp was at most.
    """
    rooms = list(evening["expected"])
    for room in rooms:
        life.answer_waits(room, ANSWERS_AFTER)
    began = house.now
    for after, act in evening["then"]:
        house.until(began + after)
        who, word = act.split()
        if who == "plug":
            house.plug(word)
        else:
            life.ask(who, word)
    brightest: dict[str, float] = {}
    _rest(house, life, rooms, brightest)
    for device in house.away():
        house.plug(device)
    _rest(house, life, rooms, brightest)
    return brightest


def _rest(house: House, life: Life, rooms: list[str], brightest: dict[str, float]) -> None:
    end = house.now + LONGEST
    rests: int | None = None
    while rests is None or house.now < rests:
        house.after(2000)
        if rests is None and (house.now > end or all(life.is_settled(room) for room in rooms)):
            rests = house.now + RESTS
        for device, shown in house.state().items():
            brightest[device] = max(brightest.get(device, 0.0), shown.get("looks", 0.0))


def _in_room(room: str, evening: Evening, house: House, life: Life) -> Iterator[str]:
    """Whether it went on or was landed as it has to be, and with the words that it has to say."""
    expected = evening["expected"][room]
    events = [event for event in life.events if event["room"] == room]
    names = [event["event"] for event in events]
    said = _said(room, house)
    if expected["does"] == "nothing":
        if set(names) & {"session_started", "session_resumed", "step_started", "landing", "landed"} or said:
            yield f"{room}: nothing was to happen, and there were {names} and {said}"
        return
    session = expected["session"]
    if expected["does"] == "resume":
        steps = [event["details"] for event in events if event["event"] == "step_started"]
        first = (steps[0]["chapter"], steps[0]["number"]) if steps else None
        if names.count("session_resumed") != 1:
            yield f"{room}: it was to go on once, and there were {names}"
        elif first != (expected["chapter"], expected["number"]):
            yield f"{room}: it was to go on in {expected['chapter']}, and went on in {first}"
        is_heard = not set(evening["away"]) & {"speaker", "radio"} and expected["scene"] != "plain"
        if is_heard and said[:1] != [GOING_ON[expected["language"]]]:
            yield f"{room}: it was to say that it goes on, and said {said[:1]}"
        if bool(expected["paused"]) != (
            names[: names.index("paused")].count("step_started") == 1 if "paused" in names else False
        ):
            yield f"{room}: it was {'' if expected['paused'] else 'not '}to stand, and there were {names[:6]}"
    elif "session_resumed" in names or "step_started" in names:
        yield f"{room}: it was to be landed, and there were {names}"
    elif said:
        yield f"{room}: it was to be landed without a word, and said {said}"
    endings = [
        (e["session"], e["event"], e["details"]["ending"]) for e in events if e["event"] in ("landing", "landed")
    ]
    if endings != [(session, word, expected["ending"]) for word in ("landing", "landed")]:
        yield f"{room}: it was to end {expected['ending']}, and there were {endings}"


def _said(room: str, house: House) -> list[str]:
    topic = {"den": "speakers/den/set", "study": "speakers/study/set"}[room]
    told = [json.loads(payload) for _, where, payload in house.sent if where == topic]
    return [each["text"] for each in told if each["do"] == "say"]


def _at_the_end(evening: Evening, shown: State) -> Iterator[str]:
    """Every device shows what it has to show."""
    for device, wanted in evening["end"].items():
        for name, value in wanted.items():
            here = shown[device].get(name)
            allowed = value if name == "looks" and isinstance(value, list) else [value]
            if not any(_same(name, here, each) for each in allowed):
                yield f"{device}: {name} is {here} at the end, and was to be {value}"


def _same(name: str, here: Any, wanted: Any) -> bool:
    if name == "colour":
        ((kind, parts),) = wanted.items()
        if kind not in here:
            return False
        pairs = zip(here["rgb"], parts, strict=True) if kind == "rgb" else [(here["mired"], parts)]
        return all(abs(one - other) <= TOLERANCE[kind] for one, other in pairs)
    return bool(abs(here - wanted) <= TOLERANCE[name] if name in TOLERANCE else here == wanted)


def _lit(evening: Evening, brightest: dict[str, float]) -> Iterator[str]:
    """A scene that ends in the dark never lights up a sleeper's room (rule 14)."""
    if evening["expected"]["den"]["does"] != "land":
        return
    for device, wanted in evening["end"].items():
        if wanted.get("looks") == 0.0 and brightest[device] > evening["found"][device]["looks"] + TOLERANCE["looks"]:
            yield f"{device} was to go out, and shone with {brightest[device]}"


def _owed(evening: Evening, life: Life) -> Iterator[str]:
    """Nothing is owed any more, and the journal knows it."""
    says = life.journal_says()
    if life.owed():
        yield f"{life.owed()} are still owed something"
    if says["owed"] or says["unfinished"] or says["trouble"]:
        yield f"the journal says {says}"
    for expected in evening["expected"].values():
        session = expected.get("session")
        if session is not None and says["endings"].get(session) != expected["ending"]:
            yield f"the journal says that {session} was {says['endings'].get(session)}, not {expected['ending']}"


def _touched(evening: Evening, house: House) -> Iterator[str]:
    """What a person had taken was told nothing, as far as it is theirs."""
    for device, attribute in evening["taken"]:
        settings = house.home.model.devices[device]
        topic = settings.get("command_topic") or f"{settings['topic']}/set"
        is_off = evening["found"][device].get("level") == 0.0
        for _, where, payload in house.sent:
            if where == topic and _takes(attribute, json.loads(payload), is_off=is_off):
                yield f"{device} was told {payload}, and its {attribute} was a person's"


def _takes(attribute: str, told: dict[str, Any], *, is_off: bool) -> bool:
    """Whether a command, as anybody can read it on the broker, changes an attribute."""
    match attribute:
        case "looks":
            return "brightness" in told or told.get("state") == "OFF" or (is_off and bool(told))
        case "colour":
            return bool({"color", "color_temp"} & set(told))
        case "on":
            return "state" in told
        case _:
            return told.get("do") in ("play", "stop", "pause", "resume")


def _heard_of(session: str, life: Life) -> bool:
    return any(event["session"] == session for event in life.events)
