"""What happens in a session, as a person would say it: plain and calm, one line each."""

from collections.abc import Iterable

from orchestrator.cli.landing_text import landing_sentence
from orchestrator.cli.value_text import clock_text
from orchestrator.events.device import (
    DeviceMissing,
    DeviceRefused,
    DeviceReturned,
    DeviceSilent,
    GivenBack,
    OutOfRange,
    Overridden,
    SnapshotUnknown,
)
from orchestrator.events.event import RoomEvent
from orchestrator.events.interruption import Interrupted, InterruptionOver
from orchestrator.events.music import MusicUnknown, VolumeSet
from orchestrator.events.refusal import CommandRefused
from orchestrator.events.session import Ending, Landed, Landing, QueueDropped, Replaced, SessionQueued, SessionResumed
from orchestrator.events.step import Extended, Paused, Resumed, Waiting
from orchestrator.events.words import Announced, WordsDropped
from orchestrator.home.library import Home
from orchestrator.scenes.planning.timeline import Timeline

THINGS = {"level": "brightness", "colour": "colour", "playing": "music", "volume": "volume", "on": "switch"}
ENDINGS = {
    Ending.FINISHED: "It is finished.",
    Ending.STOPPED: "It was stopped.",
    Ending.ABORTED: "It was ended at once.",
    Ending.FAILED: "It failed.",
    Ending.LOST: "It was lost.",
}
_INTERRUPTED = {
    "pause": "it stands still, with light to walk by",
    "announce": "it is said, and goes on",
    "abort": "ended at once, in full light",
}
_IN_THE_END = {
    True: "at the end {it} gets its fallback, or without one a player falls silent and a switch goes off",
    False: "at the end {it} stays as the scene leaves it: give its role a fallback in the home file to change that",
}


def event_sentence(event: RoomEvent, home: Home | None, timeline: Timeline | None = None) -> str:
    """What an event says. Empty where it says nothing to a person. Without a home devices go by their names.

    Without the timeline that plays nothing is said of how it leaves the room.
    """
    match event:
        case Announced(text=text):
            return f"“{text}”"
        case Waiting(at_most=at_most):
            return f"waits for you, {clock_text(at_most)} at most"
        case Paused():
            return "paused"
        case Resumed():
            return "goes on"
        case Extended(by=by):
            return f"{clock_text(by)} more for this step"
        case VolumeSet(level):
            return f"music at {level} %"
        case SessionResumed():
            return "relax was away; it goes on with the step that was on"
        case SessionQueued(scene):
            return f"{scene} waits until the room is free"
        case QueueDropped(scene, reason):
            return f"{scene} does not begin: {reason}"
        case Replaced():
            return "something else begins here"
        case Landing(ending):
            return landing_sentence(ending, timeline)
        case Landed(ending=ending):
            return ENDINGS[ending]
        case WordsDropped(late=late):
            return f"words left out: they would have come {clock_text(late)} late"
        case MusicUnknown(names):
            return (
                f"the home has no music called {names}: what plays, plays on as it is"
                " (to hear it, write its address under `music:` in the home file)"
            )
        case SnapshotUnknown(role, fallback, devices):
            then = _IN_THE_END[fallback].format(it="each" if len(devices) > 1 else "it")
            were = "were" if len(devices) > 1 else "was"
            return f"nobody says how {device_titles(devices, home) or role} {were} before; {then}"
        case DeviceMissing(device):
            return f"{device_title(device, home)} is not there; it goes on without"
        case DeviceSilent(device):
            return f"{device_title(device, home)} does not answer; it goes on"
        case DeviceRefused(device, why):
            return (
                f"{device_title(device, home)} cannot be told: {why.rstrip('.')}."
                " Its entry in the home file says how it is reached, and what it can"
            )
        case OutOfRange(device, what, value, expected):
            return (
                f"{device_title(device, home)} says {what} {value}, which should be {expected}, so nobody knows how it"
                " was: look at what it sends, and at its entry in the home file"
            )
        case DeviceReturned(device):
            return f"{device_title(device, home)} is back"
        case CommandRefused(command, _, message):
            return f"{command or 'a command'} was refused: {message}"
        case Interrupted(name, do):
            return f"{_spelt(name)}: {_INTERRUPTED.get(do, do)}"
        case InterruptionOver(name):
            return f"{_spelt(name)}: over"
        case Overridden(device):
            return f"{device_title(device, home)}: somebody {event.deed} by hand, and it stays so"
        case _:
            return ""


def accounted(event: GivenBack, home: Home | None) -> str:
    """What became of the devices after a landing, by what they showed: a sentence for each thing that there is."""
    words = (
        ("Given back", event.given),
        ("Told how to be, and never says how it is", event.sent),
        ("At its fallback, or without one silent or off, for nothing was known of it", event.fallback),
        ("In the scene's colour, for its own was not known", event.colour),
        (
            "Off again, and at its dim last light when it is turned on next, for it takes none while off",
            event.brightness,
        ),
        ("Left as you set it", event.left),
        ("Low for a minute, then as it was", event.later),
        ("No brighter before the morning, so that nobody is woken", event.morning),
        ("Did not say that it is as it was (is it plugged in, and is its topic right?)", event.unanswered),
        ("Not there to be given back", event.owed),
    )
    said = [f"{word}: {device_titles(devices, home)}." for word, devices in words if devices]
    return " ".join((*said, *(_unknown(device, level, home) for device, level in event.unknown)))


def _unknown(device: str, level: int | None, home: Home | None) -> str:
    where = "as it is" if level is None else "off" if level == 0 else f"at {level} %"
    return f"{device_title(device, home)}: left {where}, for nothing was known of it."


def device_title(device: str, home: Home | None) -> str:
    """What a person calls a device; with its name in the file where another is called so as well."""
    if home is None or device not in home.devices:
        return device
    title = home.devices[device].title
    others = (other.title.casefold() for name, other in home.devices.items() if name != device)
    return f"{title} ({device})" if title.casefold() in others else title


def device_titles(devices: Iterable[str], home: Home | None) -> str:
    """Devices in a row."""
    return ", ".join(device_title(device, home) for device in devices)


def _spelt(name: str) -> str:
    """A name of the home file as a person says it."""
    return name.replace("_", " ")
