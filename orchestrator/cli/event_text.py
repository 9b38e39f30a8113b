"""What happens in a session, as a person would say it: plain and calm, one line each."""

from collections.abc import Mapping

from orchestrator.cli.arguments import clock_text
from orchestrator.conductor.request import Note
from orchestrator.home.library import Home
from orchestrator.session.state import Event

THINGS = {"level": "brightness", "colour": "colour", "playing": "music", "volume": "volume", "on": "switch"}
ENDINGS = {
    "finished": "It is finished.",
    "stopped": "It was stopped.",
    "aborted": "It was ended at once.",
    "failed": "It failed.",
    "lost": "It was lost.",
}
INTERRUPTED = {
    "pause": "it stands still, with light to walk by",
    "announce": "it is said, and goes on",
    "abort": "ended at once, in full light",
}
LANDINGS = {
    "finished": "The end: the room is given back.",
    "stopped": "Stopped: the room is given back.",
    "aborted": "Ended at once: the room is given back.",
    "failed": "Something failed: the room is given back.",
    "lost": "Too late to go on: the room is given back.",
}


def sentence(note: Note, home: Home | None) -> str:
    """What a note says. Empty where it says nothing to a person. Without a home devices go by their names."""
    details = dict(note.happened.details)
    about = str(details.get("about", details.get("device", "")))
    match note.happened.event:
        case Event.ANNOUNCED:
            return f"“{details['text']}”"
        case Event.WAITING:
            return f"waits for you, {clock_text(_ms(details, 'at_most'))} at most"
        case Event.PAUSED:
            return "paused"
        case Event.RESUMED:
            return "goes on"
        case Event.EXTENDED:
            return f"{clock_text(_ms(details, 'by'))} more for this step"
        case Event.VOLUME_SET:
            return f"music at {details['level']} %"
        case Event.SESSION_RESUMED:
            return "relax was away; it goes on with the step that was on"
        case Event.SESSION_QUEUED:
            return f"{details['scene']} waits until the room is free"
        case Event.QUEUE_DROPPED:
            return f"{details['scene']} does not begin: {details['reason']}"
        case Event.REPLACED:
            return "something else begins here"
        case Event.LANDING:
            return LANDINGS[str(details["ending"])]
        case Event.LANDED:
            return ENDINGS[str(details["ending"])]
        case Event.WORDS_DROPPED:
            return f"words left out: they would have come {clock_text(_ms(details, 'late'))} late"
        case Event.MUSIC_UNKNOWN:
            return f"the home has no music called {about}: what plays, plays on"
        case Event.SNAPSHOT_UNKNOWN:
            return f"nobody says how {about} was before; at the end it gets what the home file has as its fallback"
        case Event.DEVICE_MISSING:
            return f"{title_of(about, home)} is not there; it goes on without"
        case Event.DEVICE_SILENT:
            return f"{title_of(about, home)} does not answer; it goes on"
        case Event.DEVICE_RETURNED:
            return f"{title_of(about, home)} is back"
        case Event.INTERRUPTED:
            return f"{_spelt(details['name'])}: {INTERRUPTED.get(str(details['do']), details['do'])}"
        case Event.INTERRUPTION_OVER:
            return f"{_spelt(details['name'])}: over"
        case Event.OVERRIDDEN:
            thing = THINGS.get(str(details["attribute"]), str(details["attribute"]))
            return f"{title_of(about, home)}: somebody set its {thing} by hand, and it stays so"
        case _:
            return ""


def accounted(details: Mapping[str, object], home: Home | None) -> str:
    """What became of the devices after a landing: given back, left as a person had them, or owed."""
    words = {"given": "Given back", "left": "Left as you set it", "owed": "Not there to be given back"}
    named = {key: [device for device in str(details.get(key) or "").split(", ") if device] for key in words}
    return " ".join(f"{words[key]}: {listed(devices, home)}." for key, devices in named.items() if devices)


def title_of(device: str, home: Home | None) -> str:
    """What a person calls a device."""
    return home.devices[device].title if home is not None and device in home.devices else device


def listed(devices: list[str], home: Home | None) -> str:
    """Devices in a row."""
    return ", ".join(title_of(device, home) for device in devices)


def _spelt(name: object) -> str:
    """A name of the home file as a person says it."""
    return str(name).replace("_", " ")


def _ms(details: Mapping[str, object], name: str) -> int:
    value = details[name]
    assert isinstance(value, int)
    return value
