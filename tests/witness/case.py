"""A recording, seen and heard: the twins after all that they were told, the playhead, and what was wanted of each."""

import re
from functools import cached_property
from typing import Any, NamedTuple

from tests.witness.disturbances import Disturbances, Hand
from tests.witness.house import House
from tests.witness.lamps import Lamp, LampGroup, xy_of
from tests.witness.playhead import Playhead, Visit, said_done
from tests.witness.recording import Recording
from tests.witness.speakers import Player, Plug, Spoken, Voice
from tests.witness.wanted import Colour, Track, Wanted, colour_of

LATE = 1.5
"""Seconds that a lamp may lag behind the plan, besides what its bridge's budget proves."""
OFF = 2.0
"""L* that a lamp may be off."""
OFF_OF_OLD = 21.0
"""Seconds in which the word that a lamp is off may be of how it was before it came on, of one that is not known yet."""
ECHO = 11.0
"""Seconds in which a lamp that nobody knows yet may still say what it was told (0045: 10 s, and a little)."""
JUST_THERE = 0.03
"""Of its scale: so near to its fade a hand is none that anybody could tell."""
INEXACT = 0.1
"""Lamps may say a tenth more or less than they were told."""
OWN_WAY = 0.01
"""In x and y: how far a lamp's colour may be from those between which it is on its way."""
SWELL = 4.0
"""Seconds of the shortest swell that there is."""


class Finding(NamedTuple):
    """What a person would have seen or heard, and should not have."""

    truth: str
    label: dict[str, str]
    t: float
    device: str
    wanted: str
    seen: str

    def __str__(self) -> str:
        where = ", ".join(f"{value}" for key, value in self.label.items() if value)
        t = max(round(self.t, 1), 0.0)
        moment = f"{int(t // 60)}:{t % 60:04.1f}"
        return f"{self.truth}: {where}, at {moment}, {self.device}: wanted {self.wanted}, seen {self.seen}"


class Case:
    """Everything that a truth is judged by. Moments of twins are of the wall, those of visits of the running clock."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.plan, self.roles = recording.plan, recording.cast["roles"]
        self.house = House(recording.home, recording.before)
        self.untouched = House(recording.home, recording.before)
        self.disturbances = Disturbances(recording)
        self._replay()
        self.disturbances.overlook(self._is_traceless)
        name = next(iter(self.roles.get("voice", ())), None)
        self.voice_name = name
        self.voice: Voice | None = self.house.voice(name) if name is not None else None
        self.playhead = Playhead(
            recording,
            self.voice.spoken if self.voice is not None else [],
            has_voice=self.voice is not None,
            says_done=self.voice is not None and self.voice.says_done,
        )
        self.lights = {
            role: [lamp for device in devices for lamp in self.house.members(device)]
            for role, devices in self.roles.items()
        }
        self.wanted = Wanted(recording, self.playhead, self.lights, self._before(), self._shown, self._hands())
        traceless = {(each.t, each.device) for each in self.disturbances.hands if each.is_traceless}
        for t, deed in recording.deeds("hand"):
            if (t, deed["device"]) not in traceless:
                self.untouched.do(t, deed)  # what somebody set is given back as it was left, or stays

    def finding(self, truth: str, t: float, device: str, wanted: str, seen: str) -> Finding:
        return Finding(truth, self.recording.label, t, device, wanted, seen)

    # Devices

    @property
    def lamps(self) -> list[Lamp]:
        """The lamps that are cast."""
        names = dict.fromkeys(lamp for lamps in self.lights.values() for lamp in lamps)
        return [self.house.lamps[name] for name in names if name in self.house.lamps]

    @property
    def players(self) -> list[Player]:
        names = (name for role, devices in self.roles.items() for name in devices if self._plays(role))
        return [player for name in dict.fromkeys(names) if (player := self.house.player(name)) is not None]

    def ducks_by_itself(self, player: Player) -> bool:
        """Whether its music goes down of itself under words: where it is the one that says them."""
        return player.ducks and player.name == self.voice_name

    @property
    def plugs(self) -> list[Plug]:
        names = dict.fromkeys(name for devices in self.roles.values() for name in devices)
        return [plug for name in names if (plug := self.house.plug(name)) is not None]

    def track(self, device: str, attribute: str) -> Track | None:
        return self.wanted.tracks.get((device, attribute))

    def late(self, lamp: Lamp) -> float:
        """Seconds behind the plan that are excused: a bridge takes four commands a second, of groups eight in nine."""
        late = LATE + 2.0 * self.recording.slack
        if lamp.entry["dialect"] != "zigbee2mqtt":
            return late + (1.0 if lamp.one_attribute else 0.0)
        bridge = _bridge(lamp.entry)
        beside = [other for other in self.lamps if _bridge(other.entry) == bridge]
        per_second = self._budget(bridge)
        late += 2.0 * (len(beside) - 1) / per_second + (1.0 if lamp.one_attribute else 0.0)
        return late + (2.25 if self.is_grouped(lamp) else 0.0)

    def is_restless(self, lamp: Lamp, attribute: str, t: float) -> bool:
        """Whether it need not be where the room is. One that does not say that it is back shows it after any echo."""
        noticed = 0.0 if lamp.says_it_is_back else ECHO
        return self.disturbances.is_restless(lamp.name, attribute, t, self.late(lamp), noticed)

    def hurry(self, lamp: Lamp) -> float:
        """How much faster than the plan a lamp may go that has waited for its bridge: a swell takes four seconds."""
        if lamp.entry["dialect"] != "zigbee2mqtt":
            return 1.0
        bridge = _bridge(lamp.entry)
        beside = sum(_bridge(other.entry) == bridge for other in self.lamps) - 1
        wait = 2.0 * beside / self._budget(bridge)  # as in `late`: what was sent a moment before counts as well
        return 1.0 / (1.0 - min(wait / SWELL, 0.5))

    # Moments

    @cached_property
    def seconds(self) -> float:
        """When the last thing was heard."""
        return max((line.t for line in self.recording.lines), default=0.0)

    @cached_property
    def landed(self) -> float:
        return next((t for t, _ in self.recording.events("landed")), self.seconds)

    @cached_property
    def landing(self) -> Visit | None:
        last = self.playhead.visits[-1] if self.playhead.visits else None
        return last if last is not None and last.how == "landing" else None

    @cached_property
    def ending(self) -> str | None:
        return next((event["ending"] for _, event in self.recording.events("landing")), None)

    def is_by_hand(self, device: str, attribute: str, t: float) -> bool:
        """Whether somebody touched it: what relax takes for a hand is one. A group is touched with its members."""
        return any(self.disturbances.is_by_hand(name, attribute, t) for name in self.house.members(device))

    @property
    def has_hands(self) -> bool:
        """Whether anybody touched a device."""
        return bool(self.disturbances.hands)

    @property
    def is_learnt(self) -> bool:
        """Whether relax had heard this voice before."""
        return bool(self.recording.label.get("voice"))

    @cached_property
    def aborted(self) -> float:
        """When a person wanted it to be over at once: nothing is soft from then on."""
        return next((each.t for each in self.playhead.clock.commands if each.word == "abort"), float("inf"))

    def is_near_command(self, t: float, before: float = 1.0) -> bool:
        """Whether a person said something just then (wall)."""
        return any(each.t - 0.1 <= t <= each.t + before for each in self.playhead.clock.commands)

    def is_unknown(self, device: str) -> bool:
        """Whether nobody could know how it was: it does not say, or not while relax listened, which relax said."""
        lamp = self.house.lamps.get(device)
        if lamp is not None and (lamp.before.get("mute") or not lamp.reports):
            return True
        roles = [role for role, devices in self.lights.items() if device in devices]
        return any(event.get("about") in (device, *roles) for _, event in self.recording.events("snapshot_unknown"))

    def named(self, device: str) -> bool:
        """Whether relax itself said that something is the matter with a device, or with its role."""
        names = {device, *(role for role, devices in self.lights.items() if device in devices)}
        is_left = self.disturbances.is_left(device)
        kinds = ("device_missing", "device_silent", "snapshot_unknown", *(("overridden",) if is_left else ()))
        if self.disturbances.morning < self.seconds and not self.is_unknown(device):
            return is_left  # nothing is owed to anybody any more
        for _, event in self.recording.events(*kinds):
            if names & {event.get("device"), *_listed(event.get("about"))}:
                return True
        for _, event in self.recording.events("given_back"):
            told = {key for key in event if key not in ("event", "given") and (key != "left" or is_left)}
            if any(device in _listed(event[key]) for key in told):
                return True
        return any(device in (*state["missing"], *state["owed"]) for _, state in self._last_state())

    # Inside

    def _last_state(self) -> list[tuple[float, dict[str, Any]]]:
        return list(self.recording.own("session"))[-1:]

    def _replay(self) -> None:
        house = self.house
        for line in self.recording.lines:
            while (due := house.due()) is not None and due <= line.t:
                house.advance(due)
            if line.origin == "deed":
                if line.topic:
                    house.do(line.t, line.payload)
            elif line.origin == "relax":
                house.receive(line.t, line.topic, line.payload)
        while (due := house.due()) is not None:
            house.advance(due)
        ends = said_done(self.recording)
        for voice in house.voices:
            voice.spoken = [_as_it_said(each, ends.get(each.id)) for each in voice.spoken]

    def _before(self) -> dict[tuple[str, str], Any]:
        before: dict[tuple[str, str], Any] = {}
        for name, lamp in self.untouched.lamps.items():
            if self.is_unknown(name):
                continue
            before[name, "level"] = lamp.level_of(lamp.level.final)
            colour = lamp.colour.final
            before[name, "colour"] = Colour(colour.mired) if colour.mired is not None else Colour(said=colour)
        for name in self.untouched.twins:
            if (player := self.untouched.player(name)) is not None:
                before[name, "volume"] = 100.0 * player.volume.final
                before[name, "playing"] = player.playing.final
            if (plug := self.untouched.plug(name)) is not None:
                before[name, "on"] = plug.on.final
        return before

    def _hands(self) -> list[Hand]:
        """What somebody set, as the plan would say it. A hand below is not of use there."""
        hands = []
        for hand in self.disturbances.hands:
            if hand.is_traceless:
                continue
            value, lamp = hand.value, self.house.lamps.get(hand.device)
            if lamp is not None and hand.attribute == "level":
                value = lamp.level_of(round(value / 100.0 * lamp.units))
            elif hand.attribute == "colour":
                value = colour_of(value)
            hands.append(hand._replace(value=value))
        return hands

    def _is_traceless(self, hand: Hand) -> bool:
        """Whether what the lamp was told may make it say the same, so that nobody can tell, and nobody did.

        A level of one that answers can be asked for. Between two colours lamps go their own ways.
        """
        lamp = self.house.lamps.get(hand.device)
        if lamp is None or hand.attribute not in ("level", "colour"):
            return False
        if any(
            hand.device in self.house.members(str(event["device"])) and event["attribute"] == hand.attribute
            for t, event in self.recording.events("overridden")
            if t >= hand.t - 0.01
        ):
            return False
        moments = [max(hand.t - ECHO * n / 44, 0.0) for n in range(1, 45)]
        if (
            hand.attribute == "level"
            and float(hand.value) == 0.0
            and lamp.level.at(max(hand.t - OFF_OF_OLD, 0.0)) == 0.0
        ):
            return True  # a known limit, docs/trust.md
        if hand.attribute == "level":
            set_to = float(hand.value) / 100.0 * lamp.units
            if lamp.answers:  # but for where its fade just is, which is what it answers
                return abs(set_to - lamp.level.at(hand.t - 0.01)) <= JUST_THERE * lamp.units
            told = [lamp.level.at(t) for t in moments]
            told += [line.target for line in lamp.level.lines if hand.t - ECHO <= line.start < hand.t]
            return min(told) * (1.0 - INEXACT) <= set_to <= max(told) * (1.0 + INEXACT)
        here = xy_of(lamp.colour.at(hand.t))
        ways = zip(here, *(xy_of(lamp.colour.at(t)) for t in moments), strict=True)
        return all(min(way) - OWN_WAY <= part <= max(way) + OWN_WAY for part, *way in ways)

    def _shown(self, device: str, visit: Visit, track: Track) -> float | None:
        """Its level, or volume, where it need not yet be where the plan is: what comes next begins where it is.

        Its bridge may be that late, and what a person said before as well.
        """
        lamp, player, t = self.house.lamps.get(device), self.house.player(device), visit.wall
        if player is not None:
            is_low = self.playhead.clock.is_paused(t)  # one that cannot pause is low meanwhile
            if is_low:
                return None
            # Whoever was away says so at once: the music is under these words.
            ducked = 10.0 ** (12.0 / 20.0) if visit.command == "restart" and not self.ducks_by_itself(player) else 1.0
            return 100.0 * player.volume.at(t) * ducked
        if lamp is None or visit.command is None:
            return None
        if visit.command == "restart":
            return lamp.level_of(lamp.level.at(t)) if lamp.can_be_asked else None
        late = 2.0 * self.late(lamp)
        is_near = any(t - late < each.t < t - 0.1 for each in self.playhead.clock.commands)
        here = lamp.level_of(lamp.level.at(t))
        window = [track.at(self.playhead.clock.running(t - 0.25 * back)) for back in range(1, int(2.0 * late) + 1)]
        known = [each for each in window if each is not None]
        is_late = bool(known) and visit.how == "jump" and min(known) - OFF <= here <= max(known) + OFF
        return here if is_near or is_late else None

    def _plays(self, role: str) -> bool:
        """Whether a role plays music: some cue of the plan says what."""
        return any(cue.get("move") == f"{role}.playing" for chapter in self.plan["chapters"] for cue in chapter["cues"])

    def is_grouped(self, lamp: Lamp) -> bool:
        """Whether it is told as a member of its group."""
        groups = (twin for twin in self.house.twins.values() if isinstance(twin, LampGroup))
        cast = {device for devices in self.roles.values() for device in devices}
        return any(group.name in cast and lamp.name in self.house.members(group.name) for group in groups)

    def _budget(self, bridge: str) -> float:
        text = str((self.recording.home.get("bridges") or {}).get(bridge, {}).get("budget", "4/s"))
        count, _, per = text.partition("/")
        seconds = per.strip().rstrip("s") or "1"
        return float(count) / float(seconds)


def _as_it_said(spoken: Spoken, done: float | None) -> Spoken:
    """Words of a voice that is not ours end when it says so; not where they were cut before."""
    if done is None or (spoken.cut and done > spoken.ended + 0.01):
        return spoken
    return spoken._replace(ended=done, cut=False)


def _bridge(entry: dict[str, Any]) -> str:
    return str(entry.get("base", str(entry.get("topic", "")).partition("/")[0]))


def _listed(value: object) -> list[str]:
    """The words of a list of devices, with what is said of each."""
    return re.findall(r"[\w-]+", str(value)) if value else []
