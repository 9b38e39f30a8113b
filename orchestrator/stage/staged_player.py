"""A player on the stage: what plays and how loud. Volumes go in whole units of the player, a few a second at most."""

from orchestrator.devices.abilities import PlayerAbilities
from orchestrator.devices.messages import (
    Change,
    PauseMusic,
    Play,
    PlayerReport,
    Report,
    ResumeMusic,
    SetVolume,
    StopMusic,
)
from orchestrator.fade import amplitude
from orchestrator.stage.accuracy import Scale
from orchestrator.stage.lateness import Lateness
from orchestrator.stage.ownership import Meaning, Motion, Ownership
from orchestrator.stage.vector import Vector
from orchestrator.stage.want import Want
from orchestrator.units import Ms, Percent
from orchestrator.values import SILENCE, Attribute, Playing, Value

PAUSED_SHARE = 0.1
"""A player that cannot pause plays on at -20 dB."""


class StagedPlayer:
    """What one player is to play. Starting: volume first, then music. Stopping: music first, then volume."""

    def __init__(self, abilities: PlayerAbilities, lateness: Lateness | None = None) -> None:
        self.abilities = abilities
        self.wants: dict[Attribute, Want] = {}
        lateness = lateness if lateness is not None else Lateness(abilities.settle)
        self.ownerships = {
            Attribute.VOLUME: Ownership(Scale(100.0, 100.0 / abilities.steps * 1.01, share=0.0), lateness),
            Attribute.PLAYING: Ownership(Scale(1000.0, 0.4, share=0.0), lateness),
        }
        self._known: list[Playing] = [SILENCE]
        """What it was told to play, or has said that it plays; its place here is its number. Paused makes no other."""
        self._ours: set[str] = set()
        """The addresses of our music in this session: none of them is left playing."""
        self._to_be_told_again: set[Attribute] = set()

    @property
    def playing(self) -> Playing | None:
        """What it is believed to play; None where nobody knows."""
        motion = self.ownerships[Attribute.PLAYING].motion
        return self._playing(motion.target) if motion is not None else None

    @property
    def is_playing_by_hand(self) -> bool:
        """True while a person has its music."""
        return self.ownerships[Attribute.PLAYING].is_hand

    @property
    def is_heard_by_hand(self) -> bool:
        """True while a person has music of their own on: it is as loud as it is. What they silenced gets its volume."""
        playing = self.playing
        return self.is_playing_by_hand and (playing is None or bool(playing.names))

    def _playing(self, value: Vector) -> Playing:
        number, paused = value
        return self._known[int(number)] if not paused else Playing(self._known[int(number)].names, paused=True)

    def _in_numbers(self, playing: Playing) -> Vector:
        heard = Playing(playing.names)
        if heard not in self._known:
            self._known.append(heard)
        return float(self._known.index(heard)), float(playing.paused)

    def want(self, attribute: Attribute, want: Want, now: Ms) -> None:
        del now
        self.wants[attribute] = want
        target = want.at(want.ends)
        if not want.landing:
            self.ownerships[attribute].land(None)
        elif isinstance(target, Playing):
            self.ownerships[attribute].land(self._in_numbers(target))
        else:
            assert isinstance(target, float)
            self.ownerships[attribute].land((self._rounded(target),))

    def value(self, attribute: Attribute, now: Ms) -> Value | None:
        if attribute is Attribute.PLAYING:
            return self.playing
        here = self.ownerships[Attribute.VOLUME].at(now)
        return here[0] if here is not None else None

    def is_shown(self, attribute: Attribute, *, can_ask: bool) -> bool:
        """In a landing: whether it has said that it is as it was. A programme may have another name, but not ours."""
        ownership = self.ownerships[attribute]
        if ownership.is_shown(can_ask=can_ask) or attribute is Attribute.VOLUME:
            return ownership.is_shown(can_ask=can_ask)
        want, said = self.wants.get(attribute), ownership.said
        if want is None or said is None:
            return False
        wanted, shows = want.at(want.ends), self._playing(said.value)
        assert isinstance(wanted, Playing)
        if wanted.paused and not shows.names and self._is_silent_since(said.at, can_ask=can_ask):
            return True  # nothing can pause what is not there
        if said.at < ownership.quiet_at:
            return False
        is_on = bool(wanted.names and shows.names) and wanted.paused == shows.paused
        return is_on and self._ours.isdisjoint(shows.names)

    def _is_silent_since(self, moment: Ms, *, can_ask: bool) -> bool:
        """Whether it was told to be silent before that: later than any echo, where it could be asked."""
        ownership = self.ownerships[Attribute.PLAYING]
        motion = ownership.motion
        if motion is None or self._playing(motion.target) != SILENCE:
            return False
        return moment >= (ownership.quiet_at if can_ask else motion.end)

    def is_told_of(self, attribute: Attribute) -> bool:
        """True once the player has said it of itself."""
        return self.ownerships[attribute].is_told_of

    def due_after(self, now: Ms) -> Ms | None:
        volume = self.wants.get(Attribute.VOLUME)
        if (
            volume is None
            or self.ownerships[Attribute.VOLUME].is_hand
            or self.is_heard_by_hand
            or not volume.is_moving(now)
        ):
            return None
        return min(now + self.abilities.step_every, volume.turns(now))

    def peek(self, now: Ms) -> Change | None:
        """The next command; there may be another right after it. It counts once it is `sent`."""
        music, volume = self._music(now), self._volume(now)
        if isinstance(music, StopMusic | PauseMusic):
            return music
        return volume or music

    def sent(self, change: Change, now: Ms) -> bool:
        """A command went out. True where there is nothing else to tell it now."""
        if isinstance(change, SetVolume):
            self._to_be_told_again.discard(Attribute.VOLUME)
            self.ownerships[Attribute.VOLUME].command(now, (float(change.level),), 0)
            return False
        self._to_be_told_again.discard(Attribute.PLAYING)
        wanted = self.wants[Attribute.PLAYING].at(now)
        assert isinstance(wanted, Playing)
        before = self.playing
        if isinstance(change, StopMusic):
            wanted = SILENCE  # where other music is to come, it comes after the volume
        elif isinstance(change, PauseMusic) and before is not None and before.names != wanted.names:
            wanted = Playing(before.names, paused=True)  # the other music is to come, once it may play
        elif isinstance(change, Play) and not self.wants[Attribute.PLAYING].landing:
            self._ours.update(wanted.names)
        self.ownerships[Attribute.PLAYING].command(now, self._in_numbers(wanted), 0)
        return False

    def _music(self, now: Ms) -> Change | None:
        want = self.wants.get(Attribute.PLAYING)
        if want is None or self.is_playing_by_hand:
            return None
        wanted = want.at(now)
        assert isinstance(wanted, Playing)
        here = self.playing
        if Attribute.PLAYING in self._to_be_told_again:
            said = self.ownerships[Attribute.PLAYING].reported
            here = self._playing(said) if said is not None else None
        if here == wanted:
            return None
        if want.landing and here != SILENCE and (here is None or here.names != wanted.names):
            return StopMusic()  # ours is never heard at the volume that was before
        if wanted.paused and not self.abilities.pause:
            return None
        if not wanted.names:
            return StopMusic()
        if here is not None and here.names == wanted.names:
            return PauseMusic() if wanted.paused else ResumeMusic()
        if wanted.paused:
            return PauseMusic() if here is None or (here.names and not here.paused) else None
        return Play(wanted.names[0])

    def _volume(self, now: Ms) -> Change | None:
        ownership = self.ownerships[Attribute.VOLUME]
        want = self.wants.get(Attribute.VOLUME)
        if want is None or ownership.is_hand or self.is_heard_by_hand:
            return None
        here = ownership.at(now)
        value = self._under_words(want, now, here[0] if here is not None else None)
        if self._is_paused_without_pause(now):
            value *= PAUSED_SHARE
        is_there = here is not None and self._rounded(here[0]) == self._rounded(value)
        if is_there and Attribute.VOLUME not in self._to_be_told_again:
            return None
        return SetVolume(Percent(self._rounded(value)))

    def _under_words(self, want: Want, now: Ms, here: float | None) -> float:
        """How loud it is to be, ducking in it: words never silence it, and make no music stutter that comes in.

        What comes in is not lowered by them, as long as it is no louder than it will be under words.
        """
        value, whole, target = want.at(now), want.fade_at(now).at(now), want.fade.target
        assert isinstance(value, float)
        assert isinstance(whole, float)
        assert isinstance(target, float)
        gain = want.gain.target
        assert isinstance(gain, float)
        step = 100.0 / self.abilities.steps
        if self._rounded(whole) > 0.0:
            value = max(value, step)
        is_coming_in = want.fade.origin == 0.0 and now < want.fade.end
        if is_coming_in and here is not None:
            value = max(value, min(here, whole, target * amplitude(gain) / 100.0))
        return value

    def _rounded(self, volume: float) -> float:
        """A volume as the player can have it."""
        return round(volume / 100.0 * self.abilities.steps) * 100.0 / self.abilities.steps

    def _is_paused_without_pause(self, now: Ms) -> bool:
        want = self.wants.get(Attribute.PLAYING)
        wanted = want.at(now) if want is not None else None
        is_held = isinstance(wanted, Playing) and wanted.paused and not self.abilities.pause
        return is_held and want is not None and not want.landing

    def report(self, report: Report, now: Ms, *, retained: bool) -> list[tuple[Attribute, Meaning]]:
        if not isinstance(report, PlayerReport):
            return []
        verdicts = []
        if report.volume is not None:
            value = (float(report.volume),)
            verdicts.append((Attribute.VOLUME, self.ownerships[Attribute.VOLUME].report(now, value, retained=retained)))
        if report.playing is not None:
            verdicts.append((Attribute.PLAYING, self._reported(report, now, retained=retained)))
        return verdicts

    def _reported(self, report: PlayerReport, now: Ms, *, retained: bool) -> Meaning:
        """Music that stops or pauses, or is another than what we asked for, is a person's doing."""
        said = Playing((report.playing,), paused=report.paused) if report.playing else SILENCE
        ownership = self.ownerships[Attribute.PLAYING]
        meaning = ownership.report(now, self._in_numbers(said), retained=retained)
        if ownership.motion is None and ownership.is_commanded and not retained:
            ownership.motion = Motion.still(now, self._in_numbers(said))
        return meaning

    def lost(self) -> None:
        for ownership in self.ownerships.values():
            ownership.forget()

    def release(self) -> None:
        """No session wants anything of it any more."""
        self._ours.clear()
        self._to_be_told_again.clear()

    def returned(self, now: Ms, *, had_no_power: bool) -> None:
        """What it plays and how loud is unknown, so all is sent again."""
        del had_no_power
        for ownership in self.ownerships.values():
            ownership.returned(now)

    def again(self, attribute: Attribute, now: Ms) -> None:
        """What it was told last is to be told once more: it may not have heard."""
        del now
        if attribute in self.wants:
            self._to_be_told_again.add(attribute)
