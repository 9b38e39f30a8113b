"""What a room is told aloud while nothing is on in it: quietly, by its voice, in a few words."""

from datetime import timedelta
from typing import NamedTuple

from orchestrator.conductor.announcement import GAP, plain_rate
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.devices.messages import Speak
from orchestrator.home.library import Home
from orchestrator.languages.library import own_words
from orchestrator.units import FULL, SECOND, Ms


class Notice(NamedTuple):
    """Words for a room, and the language that they are in."""

    text: str
    language: str


def begins(title: str, ahead: timedelta, language: str, *, has_choice: bool) -> Notice:
    """Something begins soon. With `has_choice` people there can say or press what is to become of it."""
    own = own_words(language)
    text = own.fill(own.model.notices.begins, title=title, length=_length(ahead))
    return Notice(f"{text} {own.model.notices.choice}" if has_choice else text, own.tag)


def skipped(language: str) -> Notice:
    """It was left out."""
    own = own_words(language)
    return Notice(own.model.notices.skipped, own.tag)


def put_off(ahead: timedelta, language: str) -> Notice:
    """It comes later."""
    own = own_words(language)
    return Notice(own.fill(own.model.notices.later, length=_length(ahead)), own.tag)


def voice_of(home: Home, room: str) -> str | None:
    """The device that speaks in a room; None where none does."""
    roles = home.model.rooms[room].roles
    cast = [name for names in roles.values() for name in ([names] if isinstance(names, str) else names)]
    return next((name for name in cast if home.devices[name].abilities.voice is not None), None)


def speak(notice: Notice, name: str, home: Home, room: str, *, at_night: bool) -> Speak:
    """The words for the room's voice: as loud as the first words of a session."""
    scale = RoomScale.of(home.model.rooms[room], at_night=at_night)
    volume = scale.greeting(FULL)
    return Speak(name, notice.text, notice.language, volume, plain_rate(notice.language), GAP)


def _length(ahead: timedelta) -> Ms:
    return max(round(ahead / timedelta(milliseconds=1)), SECOND)
