"""How a room stands, in words: what is on, how far it is, what is missing, whose what is."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from orchestrator.cli.caution_door import CautionDoor
from orchestrator.cli.client.client import Client
from orchestrator.cli.event_text import THINGS, device_title, device_titles
from orchestrator.cli.landing_text import ENDING_NOW
from orchestrator.cli.value_text import clock_text
from orchestrator.conductor.outstanding import WhyOwed
from orchestrator.documents.faults import near
from orchestrator.errors import Reason, Refused, UnknownRoom, UsageError
from orchestrator.home.library import Home
from orchestrator.integrations.outgoing import Last, NewDevices, OutstandingModel, SessionState
from orchestrator.session.state import HoldFor, Status
from orchestrator.values import Attribute

_STILL = (Status.IDLE, Status.STARTING, Status.PAUSED)
_ENDED = {"lost": "was lost"}
_WHY = {
    WhyOwed.AWAY: "is away",
    WhyOwed.UNANSWERED: "does not answer",
    WhyOwed.MORNING: "waits for the morning",
}


_NAMED = 5
"""So many new devices are named."""


def new_devices_line(found: NewDevices) -> str:
    """What the broker has and the home has not, and what to do about it; empty where there is nothing."""
    names = [f"{device.title} ({' and '.join(device.kinds)}, {device.address})" for device in found.devices[:_NAMED]]
    if not names:
        return ""
    more = f" and {found.count - len(names)} more" if found.count > len(names) else ""
    return (
        f"New at the broker: {', '.join(names)}{more}. Put into the home: relax home add; not wanted: `ignore:` there."
    )


def the_active_room(client: Client, room: str | None) -> str:
    """The room that is meant: the one that is named, else the one where something is on.

    Raises UnknownRoom; UsageError where there are several, Refused where nothing is on anywhere.
    """
    if room is not None:
        return known_room(client, room)
    active = [name for name, state in client.states.items() if state.status is not Status.IDLE]
    if len(active) == 1:
        return active[0]
    if active:
        raise UsageError(f"Something is on in {' and '.join(sorted(active))}.", "Say which: --room ROOM")
    raise Refused(Reason.NOT_NOW, "Nothing is on in any room.", "To start something: relax run SCENE")


def the_room_to_start_in(client: Client, room: str | None) -> str:
    """The room that is named, else the only one. Raises UnknownRoom; UsageError where there are several."""
    if room is not None:
        return known_room(client, room)
    if len(client.states) == 1:
        return next(iter(client.states))
    raise UsageError("The home has several rooms.", f"Say which: --room {' or '.join(sorted(client.states))}")


def known_room(client: Client, room: str) -> str:
    """The room, if the daemon has it. Raises UnknownRoom."""
    if room not in client.states:
        sentence = f"The daemon has no room {room!r}{near(room, client.states)}"
        raise UnknownRoom(sentence if sentence.endswith("?") else f"{sentence}.")
    return room


def remaining(state: SessionState, wall: datetime) -> float | None:
    """Seconds until the end as the scene has it, counted on since the daemon said it; None where nothing is on."""
    if state.remaining is None:
        return None
    counts = state.status not in _STILL and state.hold is None and state.position_at is not None
    passed = (wall - state.position_at).total_seconds() if counts and state.position_at is not None else 0.0
    return max(state.remaining - max(passed, 0.0) * (state.rate or 1.0), 0.0)


def status_line(room: str, state: SessionState, wall: datetime) -> str:
    """`den: Foot massage, 3/16 Warm the feet, 12:34 to go, paused.`"""
    if state.status is Status.IDLE:
        return f"{room}: nothing is on."
    parts = [state.title or state.scene or "a session"]
    if state.step is not None and state.status is not Status.LANDING:
        parts.append(_step(state))
    seconds = remaining(state, wall)
    if seconds is not None and state.status is not Status.LANDING:
        parts.append(f"{clock_text(round(seconds * 1000))} to go")
    if words := _doing(state):
        parts.append(words)
    return f"{room}: {', '.join(parts)}."


def more_lines(state: SessionState, home: Home | None, wall: datetime) -> Iterator[str]:
    """What else there is to know of a room, a line each; none where all is as it should be."""
    if state.overridden:
        hands = (
            f"{device_title(device, home)} ({', '.join(THINGS.get(thing, thing) for thing in things)})"
            for device, things in state.overridden.items()
        )
        yield f"left to you: {', '.join(hands)}"
    if state.missing:
        yield f"not there: {device_titles(state.missing, home)}"
    if state.status is Status.IDLE:
        yield from _owed_lines(state, home, wall)
    if state.unanswered:
        yield f"did not say that it is as it was: {device_titles(state.unanswered, home)}"
    if state.status is Status.IDLE and state.last is not None:
        yield f"before: {last_words(state.last, wall)}"
    if state.problem is not None:
        yield f"mind: {state.problem}"


def owed_line(owed: OutstandingModel, home: Home | None, wall: datetime) -> str:
    """`Ceiling, 70 % and 2700K before, since 22:15: does not answer`"""
    values = [
        f"{THINGS.get(thing, thing)} unknown" if value is None else f"{value} %" if isinstance(value, int) else value
        for thing, value in owed.values.items()
        if value is not None or _has(owed.device, thing, home)
    ] or ["unknown"]
    since = owed.since.astimezone(wall.tzinfo)
    day = "" if since.date() == wall.date() else f"{since:%Y-%m-%d} "
    had = " and ".join((", ".join(values[:-1]), values[-1]) if len(values) > 1 else values)
    return f"{device_title(owed.device, home)}, {had} before, since {day}{since:%H:%M}: {_why(owed, wall)}"


def _has(device: str, thing: str, home: Home | None) -> bool:
    """Whether a device may have had it: no colour was ever known of a lamp that has none."""
    light = home.devices[device].abilities.light if home is not None and device in home.devices else None
    return thing != Attribute.COLOUR or light is None or bool(light.colours)


def _why(owed: OutstandingModel, wall: datetime) -> str:
    """What is so of it now: a client that was told once counts on by itself."""
    if owed.why is not WhyOwed.UNDER_WAY:
        return _WHY[owed.why]
    if owed.back_by is None:
        return "is on its way"
    back_by = _clock(owed.back_by, wall)
    if owed.low_until is not None and wall < owed.low_until:
        return f"is kept low for your eyes until {_clock(owed.low_until, wall)}, and as it was by {back_by}"
    if wall < owed.back_by:
        return f"comes back until {back_by}"
    if owed.answer_by is not None and wall < owed.answer_by:
        return f"was told, and has until {_clock(owed.answer_by, wall)} to say that it is as it was"
    return "was told, and has not said yet that it is as it was"


def _owed_lines(state: SessionState, home: Home | None, wall: datetime) -> Iterator[str]:
    """Who is still to be given back, and what is so of each; those that do not answer are said elsewhere."""
    whys = {each.device: _why(each, wall) for each in state.outstanding}
    by_why: dict[str, list[str]] = {}
    for device in state.owed:
        if device not in state.unanswered:
            by_why.setdefault(whys.get(device, ""), []).append(device)
    for why, devices in by_why.items():
        yield f"still to be given back: {device_titles(devices, home)}{f' ({why})' if why else ''}"


def _clock(moment: datetime, wall: datetime) -> str:
    return f"{moment.astimezone(wall.tzinfo):%H:%M:%S}"


def last_words(last: Last, wall: datetime) -> str:
    """`foot-massage, finished at 21:40`"""
    ended = last.ended_at.astimezone(wall.tzinfo)
    day = "" if ended.date() == wall.date() else f" on {ended:%Y-%m-%d}"
    return f"{last.scene}, {_ENDED.get(str(last.ending), str(last.ending))}{day} at {ended:%H:%M}"


def caution_door(client: Client, scene: str, given: Mapping[str, object], language: object) -> CautionDoor | None:
    """What to mind before a scene, in the language that it will be played in; None of one that is not known."""
    named = client.scenes.scenes if client.scenes is not None else []
    found = next((each for each in named if each.scene == scene), None)
    if found is None:
        return None
    home = client.where.home
    usual = home.model.language if home is not None else None
    spoken = next((each for each in (language, usual) if each in found.languages), None)
    name = home.model.home if home is not None else str(client.where.address)
    return CautionDoor.of(found, spoken, given, name)


def scene_title(client: Client, scene: str, language: str) -> str:
    """What a scene is called in a language, where the daemon says it."""
    named = client.scenes.scenes if client.scenes is not None else []
    return next((each.title.get(language, scene) for each in named if each.scene == scene), scene)


def state_as_json(state: SessionState) -> Mapping[str, Any]:
    """The state as it is published."""
    return state.model_dump(mode="json", by_alias=True)


def _step(state: SessionState) -> str:
    return f"{state.number}/{state.of} {state.step}" if state.number is not None else str(state.step)


def _doing(state: SessionState) -> str:
    """What it does, where that is not simply going on."""
    if state.status is Status.HOLDING:
        return "waits for you" if state.hold is not None and state.hold.reason is HoldFor.PERSON else ""
    return {
        Status.STARTING: "about to begin",
        Status.PAUSED: "paused",
        Status.LANDING: ENDING_NOW[state.leaves] if state.leaves is not None else "it ends",
    }.get(state.status, "")
