"""What a room is told aloud while nothing is on in it: quietly, by its voice, in a few words."""

from datetime import timedelta
from typing import NamedTuple

from orchestrator.conductor.announcement import GAP, RATE
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.devices.messages import Speak
from orchestrator.home.library import Home
from orchestrator.scenes.format.duration import spoken
from orchestrator.units import FULL, SECOND

_WORDS = {
    "en": {
        "begins": "{title} begins in {length}.",
        "choice": "Say or press: skip, later, or now.",
        "skipped": "Not this time, then.",
        "later": "In {length}, then.",
    },
    "de": {
        "begins": "{title} beginnt in {length}.",
        "choice": "Sag oder drück: auslassen, später oder jetzt.",
        "skipped": "Dann diesmal nicht.",
        "later": "Dann in {length}.",
    },
}
"""Other languages hear it in English."""


class Notice(NamedTuple):
    """Words for a room, in a language."""

    text: str
    language: str


def begins(title: str, ahead: timedelta, language: str, *, has_choice: bool) -> Notice:
    """Something begins soon. With `has_choice` people there can say or press what is to become of it."""
    words = _words(language)
    text = words["begins"].format(title=title, length=_length(ahead, language))
    return Notice(f"{text} {words['choice']}" if has_choice else text, language)


def skipped(language: str) -> Notice:
    """It was left out."""
    return Notice(_words(language)["skipped"], language)


def put_off(ahead: timedelta, language: str) -> Notice:
    """It comes later."""
    return Notice(_words(language)["later"].format(length=_length(ahead, language)), language)


def voice_of(home: Home, room: str) -> str | None:
    """The device that speaks in a room; None where none does."""
    roles = home.model.rooms[room].roles
    cast = [name for names in roles.values() for name in ([names] if isinstance(names, str) else names)]
    return next((name for name in cast if home.devices[name].abilities.voice is not None), None)


def speak(notice: Notice, name: str, home: Home, room: str, *, at_night: bool) -> Speak:
    """The words for the room's voice: as loud as the first words of a session."""
    scale = RoomScale.of(home.model.rooms[room], at_night=at_night)
    volume = scale.greeting(FULL)
    return Speak(name, notice.text, notice.language, volume, RATE, GAP)


def _words(language: str) -> dict[str, str]:
    return _WORDS.get(language.partition("-")[0], _WORDS["en"])


def _length(ahead: timedelta, language: str) -> str:
    return spoken(max(round(ahead / timedelta(milliseconds=1)), SECOND), language)
