"""What `relax home init` asks: which room it is about, and what is in it. What is proposed is one Enter away."""

import re

from orchestrator.cli.home.broker_search import answers
from orchestrator.devices.abilities import Kind
from orchestrator.home.proposal import HomeProposal, ProposedDevice, with_room

_WORDS = {Kind.LIGHT: "lamp", Kind.PLAYER: "music", Kind.VOICE: "voice", Kind.BUTTON: "button"}


def questioned(proposal: HomeProposal) -> HomeProposal:
    """The home with the room that the person means. Raises UsageError where nobody answers."""
    playing = [device for device in proposal.devices if device.plays]
    if not playing:
        return proposal
    best = max(proposal.rooms, key=lambda room: (len(room.roles), len(str(room.roles))))
    title = next(answers("In which room do you relax?", best.title))
    inside = _cast(proposal, title)
    usual = [place for place, device in enumerate(playing, start=1) if not inside or device.name in inside]
    for place, device in enumerate(playing, start=1):
        print(f"  {place:2}. {_described(device)}")
    for said in answers("Which of these are in it? (such as 1,3-5; or all, or none)", _numbers(usual)):
        chosen = _chosen(said, len(playing))
        if chosen is not None:
            return with_room(proposal, title, [playing[place - 1].name for place in chosen])
        print(f"Write numbers from 1 to {len(playing)}, such as 1,3-5.")
    return proposal


def _cast(proposal: HomeProposal, title: str) -> set[str]:
    """Who is in the room of that name by what is known."""
    room = next((room for room in proposal.rooms if room.title.lower() == title.strip().lower()), None)
    if room is None:
        return set()
    listed = [names if isinstance(names, list) else [names] for names in room.roles.values()]
    return {name for names in listed for name in names} | set(room.buttons)


def _described(device: ProposedDevice) -> str:
    kinds = " and ".join(_WORDS[kind] for kind in device.plays)
    model = f", {device.found.model}" if device.found.model else ""
    return f"{device.title} ({kinds}{model})"


def _numbers(places: list[int]) -> str:
    """1,2,3,7 is 1-3,7."""
    parts: list[list[int]] = []
    for place in places:
        if parts and parts[-1][-1] == place - 1:
            parts[-1].append(place)
        else:
            parts.append([place])
    return ",".join(str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts) or "none"


def _chosen(said: str, most: int) -> list[int] | None:
    """The numbers that were said; None where that makes no sense."""
    if said.lower() in ("all", "none"):
        return list(range(1, most + 1)) if said.lower() == "all" else []
    chosen: list[int] = []
    for part in filter(None, re.split(r"[,\s]+", said)):
        match = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", part)
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= most:
            return None
        chosen += range(first, last + 1)
    return list(dict.fromkeys(chosen))
