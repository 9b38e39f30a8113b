"""What people say to a Hermes satellite, as its intents tell it, and how a dialogue is ended.

Topics `<base>/intent/<name>` and `<base>/dialogueManager/…`, as Rhasspy 2.5.11 has them. An intent that nobody ends
keeps its satellite listening until a time-out. Reading never raises: what is no intent of ours is None.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from orchestrator.commands import PlannedWord, VoiceDoor, through
from orchestrator.devices.dialects.hermes import NOWHERE
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields, number
from orchestrator.documents.notation import duration
from orchestrator.home.library import Home
from orchestrator.home.satellites import Satellite, rooms_of
from orchestrator.units import HOUR, MINUTE, SECOND, Ms

START = "start"
WHAT_NOW = "what_now"
HOW_LONG = "how_long"
NAMES = {
    "RelaxStart": START,
    **{intent: spec.word for spec, door in through(VoiceDoor) for intent in door.intents},
    "RelaxWhatNow": WHAT_NOW,
    "RelaxHowLong": HOW_LONG,
    "RelaxLater": PlannedWord.LATER.value,
    "RelaxNow": PlannedWord.NOW.value,
}
"""The intents that are ours, in large or small letters, and the word that each of them says."""

_WORDS = {name.casefold(): word for name, word in NAMES.items()}
_UNITS = {"hours": HOUR, "minutes": MINUTE, "seconds": SECOND}


class Said(NamedTuple):
    """Somebody said something at a site: `by` is a length in it, `scene` the id of one; `confidence` is 0 to 1."""

    word: str
    base: str
    site: str
    dialogue: str | None = None
    language: str | None = None
    by: Ms | None = None
    confidence: float = 1.0
    scene: str | None = None


class IntentNotRecognized(NamedTuple):
    """Somebody said something that no intent fits, and the dialogue waits for whoever knows better."""

    base: str
    site: str
    dialogue: str | None


class EndDialogue(NamedTuple):
    """Ends a dialogue. Its satellite says the text first; an empty one is not said."""

    base: str
    dialogue: str
    text: str = ""

    def message(self) -> Message:
        payload = compact(sessionId=self.dialogue, text=self.text)
        return Message(f"{self.base}/dialogueManager/endSession", payload)


HermesMessage: TypeAlias = Said | IntentNotRecognized


class Intents:
    """The intents of one home: nothing is subscribed to where no room has a satellite."""

    def __init__(self, home: Home) -> None:
        self._rooms = rooms_of(home)
        self._all = tuple(home.model.rooms)
        self._bases = tuple(dict.fromkeys(satellite.base for satellite in self._rooms))

    def subscriptions(self) -> list[str]:
        """Every intent, since their names may be written in any letters."""
        return [topic for base in self._bases for topic in (f"{base}/intent/+", _not_recognized(base))]

    def heard(self, message: Message) -> HermesMessage | None:
        """What was said; None for what is none of our business."""
        for base in self._bases:
            if message.topic.startswith(f"{base}/") and (speech := read(base, message)) is not None:
                return speech
        return None

    def rooms(self, speech: HermesMessage) -> tuple[str, ...]:
        """Where it was said: several rooms where a satellite hears them all, none where nobody knows.

        In a home of one room that is the room, whatever the site is called.
        """
        known = self._rooms.get(Satellite(speech.base, speech.site), ())
        return known if known or len(self._all) != 1 else self._all


def read(base: str, message: Message) -> HermesMessage | None:
    """What a message below a base topic says."""
    if message.topic == _not_recognized(base):
        said = fields(message.payload)
        return IntentNotRecognized(base, _site(said), _dialogue(said))
    name = message.topic.removeprefix(f"{base}/intent/")
    # Snips has the name of its author before the intent: `somebody:RelaxNext`.
    word = _WORDS.get(name.rpartition(":")[2].casefold()) if name != message.topic else None
    if word is None:
        return None
    said = fields(message.payload)
    return Said(
        word, base, _site(said), _dialogue(said), _language(said), _length(said), _confidence(said), _scene(said)
    )


def _not_recognized(base: str) -> str:
    return f"{base}/dialogueManager/intentNotRecognized"


def _site(said: dict[str, Any]) -> str:
    site = said.get("siteId")
    return site if isinstance(site, str) and site else NOWHERE


def _dialogue(said: dict[str, Any]) -> str | None:
    name = said.get("sessionId")
    return name if isinstance(name, str) and name else None


def _language(said: dict[str, Any]) -> str | None:
    """`de` of `de`, `de-DE` and `de_DE`."""
    language = said.get("lang")
    return language.replace("_", "-").partition("-")[0].lower() or None if isinstance(language, str) else None


def _confidence(said: dict[str, Any]) -> float:
    intent = said.get("intent")
    score = number(intent.get("confidenceScore")) if isinstance(intent, dict) else None
    return 1.0 if score is None else score


def _length(said: dict[str, Any]) -> Ms | None:
    """The length in the slots: `minutes` (or seconds, hours) as a number, or a `duration`."""
    for name, value in _slots(said):
        if name in _UNITS:
            length = _counted({name: value.get("value")})
        elif name == "duration":
            length = _counted(value) or _written(value.get("value"))
        else:
            continue
        if length is not None:
            return length
    return None


def _scene(said: dict[str, Any]) -> str | None:
    """The scene in the slots; `Foot massage` stands for `foot-massage`."""
    for name, value in _slots(said):
        scene = value.get("value")
        if name == "scene" and isinstance(scene, str) and scene.strip():
            return "-".join(scene.casefold().split())
    return None


def _slots(said: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Names, in small letters, and values."""
    slots = said.get("slots")
    for slot in slots if isinstance(slots, list) else ():
        name, value = (slot.get("slotName"), slot.get("value")) if isinstance(slot, dict) else (None, None)
        if isinstance(name, str) and isinstance(value, dict):
            yield name.casefold(), value


def _counted(value: dict[str, Any]) -> Ms | None:
    """So many hours, minutes and seconds, as Snips has a duration."""
    counts = [(number(value.get(unit)), size) for unit, size in _UNITS.items()]
    total = sum(count * size for count, size in counts if count is not None)
    return round(total) if 0 < total <= 24 * HOUR else None


def _written(text: object) -> Ms | None:
    """`5min`, or a bare number of minutes."""
    minutes = number(text)
    if minutes is not None:
        return _counted({"minutes": minutes})
    try:
        return duration(text)
    except ValueError:
        return None
