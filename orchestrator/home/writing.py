"""The text of a home file that nobody has written yet: with comments for whoever reads on.

What was not known stands beside the device that it is about; what relax cannot use yet is there as a comment.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orchestrator.home.editing import entry_text, yaml_text
from orchestrator.home.proposal import HomeProposal, ProposedDevice, ProposedRoom

SCHEMA_FILE = "home.schema.json"
_HEAD = f"""\
# yaml-language-server: $schema={SCHEMA_FILE}
# Your home, found by `relax home init`. Change what you like: every key is in docs/home.md, and
# `relax home check` says what is wrong. New devices: `relax home add`.
# The first line is for editors that complete; `relax home schema > {SCHEMA_FILE}` writes that file anew.
"""
_NIGHT = '# night: {from: "22:00", to: "07:00", music: 60%, voice: 70%, brightness: 50%}'
_MUSIC = """\

# What a scene's music means here: an address that your player takes.
# music:
#   calm: http://nas.local/calm.mp3
#   rain: http://nas.local/rain.mp3
"""


def home_text(
    name: str,
    language: str,
    broker: Mapping[str, object],
    proposal: HomeProposal,
    keys: Mapping[str, Any] | None = None,
) -> str:
    """The whole file; `keys` are those beside its devices that were found as well."""
    sound = [device for device in proposal.devices if not device.refused]
    parts = [_HEAD, f"home: {yaml_text(name)}\nformat: 1\nlanguage: {yaml_text(language)}\n"]
    parts.append(f"broker: {yaml_text(dict(broker))}\n")
    parts += (f"{key}: {yaml_text(value)}\n" for key, value in (keys or {}).items())
    parts.append(f"\ndevices:{'' if sound else ' {}'}\n")
    parts += (device_text(device) for device in sound)
    parts += (_as_comment(device) for device in proposal.devices if device.refused)
    parts.append("\nrooms:\n")
    known = {device.name: device for device in sound}
    parts += (_room_text(room, known) for room in proposal.rooms)
    if proposal.nowhere:
        parts.append(f"# In no room yet, so that they play nowhere: {', '.join(proposal.nowhere)}.\n")
    parts.append(_MUSIC)
    return "".join(parts)


def device_text(device: ProposedDevice, indent: str = "  ", end: str = "\n") -> str:
    """A device's entry with what was said of it, and what not."""
    comments = "".join(f"{indent}# {line}{end}" for line in device_comments(device))
    return comments + entry_text(device.name, device.entry, indent, end)


def device_comments(device: ProposedDevice) -> Iterator[str]:
    """What stands above its entry, a line each."""
    found = device.found
    room = f", {found.area}" if found.area else ""
    yield f"{found.model or found.title}{room}: said on {_shown(found.announced_by[0])}"
    for key, why in found.unknown.items():
        yield f"NOT KNOWN {key}: {why}"
    yield from found.remarks
    if found.signals:
        yield f"it says: {', '.join(found.signals[:12])}{' …' if len(found.signals) > 12 else ''}"


def _as_comment(device: ProposedDevice) -> str:
    """Not used, and there to be seen: a `#` taken away makes an entry of it."""
    lines = [*device_comments(device), f"left as a comment: {device.refused}"]
    entry = entry_text(device.name, device.entry, "", "\n").splitlines()
    return "".join(f"  # {line}\n" for line in [*lines, *entry])


def _room_text(room: ProposedRoom, devices: Mapping[str, ProposedDevice]) -> str:
    lines = [f"  {room.name}:", f"    title: {yaml_text(room.title)}"]
    lines.append(f"    roles: {yaml_text(dict(room.roles))}" + ("" if room.roles else "   # nothing found yet"))
    lines += _alternatives(room, devices)
    if room.buttons:
        lines.append("    # While the hands are oily, any press means: next. A map such as {toggle: next} says more.")
        lines.append(f"    buttons: {yaml_text({name: {} for name in room.buttons})}")
    lines.append(f"    {_NIGHT}")
    return "\n".join(lines) + "\n"


def _alternatives(room: ProposedRoom, devices: Mapping[str, ProposedDevice]) -> Iterable[str]:
    main = room.roles.get("main")
    if isinstance(main, str) and main in devices:
        yield f"    # main is the light to see by; it is {devices[main].title}. glow is all around it."


def _shown(topic: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in topic)
