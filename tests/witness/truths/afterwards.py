"""Afterwards each device is as its landing look says, else as it was before, or it is named with the reason."""

from collections.abc import Iterator
from typing import Any

from tests.witness.case import Case, Finding
from tests.witness.lamps import Lamp
from tests.witness.speakers import Player


def judge(case: Case) -> Iterator[Finding]:
    if case.landing is None:
        yield case.finding("afterwards: landing", case.seconds, "session", "a landing", "none")
        return
    for lamp in case.lamps:
        if lamp.told and not _is_excused(case, lamp.name):
            # What was cut off as it landed is as the one landing leaves it, or as the other.
            landings = [visit.chapter for visit in case.playhead.visits if visit.how == "landing"]
            is_cut_off = case.landing.command == "restart" and len(landings) > 1
            found = [list(_lamp(case, lamp, chapter)) for chapter in (landings[-2:] if is_cut_off else landings[-1:])]
            yield from found[-1] if all(found) else ()
    for player in case.players:
        if player.told and not _is_excused(case, player.name):
            yield from _player(case, player)
    for plug in case.plugs:
        before = case.untouched.plug(plug.name)
        looks = _landed_as(case, case.landing.chapter, plug.name, "on")
        wanted = before.on.final if before is not None and not isinstance(looks, bool) else looks
        if plug.told and plug.on.final != wanted and not _is_excused(case, plug.name):
            yield case.finding("afterwards: plug", case.seconds, plug.name, _on(wanted), _on(plug.on.final))
    yield from _named(case)
    for t, event in case.recording.events("overridden"):
        device, attribute = str(event["device"]), str(event["attribute"])
        if not case.is_by_hand(device, attribute, t):
            seen = f"{attribute} taken for somebody's"
            yield case.finding("afterwards: hand", t, device, "no hand, for nobody was there", seen)


def _is_excused(case: Case, device: str) -> bool:
    groups = [name for name in case.house.twins if device in case.house.members(name)]
    return any(case.named(name) for name in (device, *groups))


def _lamp(case: Case, lamp: Lamp, landing: dict[str, Any]) -> Iterator[Finding]:
    level, colour = (_landed_as(case, landing, lamp.name, attribute) for attribute in ("level", "colour"))
    untouched = case.untouched.lamps[lamp.name]
    if isinstance(level, int | float):
        is_set_since = case.disturbances.is_set_after(lamp.name, "level", case.landed - 0.5)
        units = untouched.level.final if is_set_since else lamp.wanted(case.wanted.room.level(float(level)))
        if abs(lamp.level.final - units) > 1.5:
            seen = f"{lamp.level.final:.0f} of {lamp.units}"
            yield case.finding("afterwards: lamp", case.seconds, lamp.name, f"{units:.0f}, as the landing says", seen)
        return
    for attribute, wanted, seen in lamp.is_as(untouched):
        if attribute == "remembered brightness" and case.disturbances.gone:
            continue  # no journal has what a lamp remembered that was off
        has_finished = case.ending == "finished" and landing["id"] != "lost"
        is_capped = attribute == "brightness" and has_finished and _is_capped(case, landing, lamp.name)
        if isinstance(colour, str) and ("white" in attribute or "colour" in attribute):
            continue
        if attribute == "remembered brightness" and not lamp.takes_while_off and _comes_on_dim(case, lamp.name):
            continue  # it takes none while it is off, and that is said
        if not is_capped:
            truth = "afterwards: memory" if attribute.startswith("remembered") else "afterwards: lamp"
            yield case.finding(truth, case.seconds, lamp.name, f"{attribute} {wanted}, as before", seen)


def _comes_on_dim(case: Case, device: str) -> bool:
    """Whether it is said of a lamp that it comes on otherwise the next time."""
    said = (str(event.get("brightness") or "") for _, event in case.recording.events("given_back"))
    return any(device in names.split(", ") for names in said)


def _player(case: Case, player: Player) -> Iterator[Finding]:
    before = case.untouched.player(player.name)
    assert before is not None
    if "says_volume" in player.before and not case.named(player.name):
        wanted = "to be said: what it says of its volume makes no sense"
        yield case.finding("afterwards: unknown", case.seconds, player.name, wanted, "nothing said")
    elif abs(player.volume.final - before.volume.final) > player.step * 1.01 and "says_volume" not in player.before:
        wanted, seen = (f"{100 * each.volume.final:.0f} %" for each in (before, player))
        yield case.finding("afterwards: volume", case.seconds, player.name, f"{wanted}, as before", seen)
    if (
        player.volume.final > case.wanted.room.loudest / 100.0 + 0.005
        and player.volume.final > before.volume.final + 0.01
    ):
        seen = f"{100 * player.volume.final:.0f} %"
        yield case.finding(
            "loudness: limit", case.seconds, player.name, f"at most {case.wanted.room.loudest:.0f} %", seen
        )
    if player.playing.final not in ("", before.playing.final):
        yield case.finding(
            "afterwards: music", case.seconds, player.name, "silence, or what played", player.playing.final
        )


def _named(case: Case) -> Iterator[Finding]:
    """What was not known or not done is said, and never counted among what was given back."""
    given = {
        name.strip()
        for _, event in case.recording.events("given_back")
        for name in str(event.get("given") or "").split(",")
        if name.strip()
    }
    for lamp in case.lamps:
        if not (case.is_unknown(lamp.name) and _touched(case, lamp.name)):
            continue
        if lamp.name in given:
            is_mute = lamp.before.get("mute")
            wanted = "“did not say that it is as it was”" if is_mute else "“left, for nothing was known of it”"
            yield case.finding("afterwards: given", case.seconds, lamp.name, wanted, "“given back”")
        if not _is_excused(case, lamp.name):
            yield case.finding(
                "afterwards: unknown", case.seconds, lamp.name, "to be said: nobody knows how it was", "nothing"
            )


def _touched(case: Case, device: str) -> bool:
    track = case.track(device, "level")
    return track is not None and bool(track.fades)


def _landed_as(case: Case, landing: dict[str, Any], device: str, attribute: str) -> object:
    """What the landing look says of a device: None where it says nothing, or `as before`."""
    role = next((role for role, devices in case.lights.items() if device in devices), None)
    last = None
    for cue in landing["cues"]:
        if cue.get("move") == f"{role}.{attribute}":
            last = cue["to"]
    return None if last == "as before" else last


def _is_capped(case: Case, landing: dict[str, Any], device: str) -> bool:
    role = next((role for role, devices in case.lights.items() if device in devices), None)
    return any(cue.get("move") == f"{role}.level" and "at_most" in cue for cue in landing["cues"])


def _on(value: object) -> str:
    return "on" if value else "off"
