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
from orchestrator.stage.ownership import Meaning, Ownership
from orchestrator.stage.want import Want
from orchestrator.units import Ms, Percent
from orchestrator.values import SILENCE, Attribute, Playing, Value

PAUSED_SHARE = 0.1
"""A player that cannot pause plays on at -20 dB."""


class StagedPlayer:
    """What one player is to play. Starting: volume first, then music. Stopping: music first, then volume."""

    def __init__(self, abilities: PlayerAbilities) -> None:
        self.abilities = abilities
        self.wants: dict[Attribute, Want] = {}
        self.ownerships = {Attribute.VOLUME: Ownership(abilities.settle, 100.0 / abilities.steps * 1.01, (0.0, 100.0))}
        self.playing: Playing | None = None
        self.is_playing_by_hand = False
        self._answers_until: Ms = 0
        self._is_commanded = False
        self._is_confirmed = True
        self._is_told_of = False
        self._on_its_way: set[str] = set()
        """What it may say until it has followed: what it was asked for, and what it played before."""
        self._may_say_anything = False
        """Nobody knew what it played before, and it has not followed yet."""

    def want(self, attribute: Attribute, want: Want, now: Ms) -> None:
        del now
        self.wants[attribute] = want

    def value(self, attribute: Attribute, now: Ms) -> Value | None:
        if attribute is Attribute.PLAYING:
            return self.playing
        here = self.ownerships[Attribute.VOLUME].at(now)
        return here[0] if here is not None else None

    def is_confirmed(self, attribute: Attribute) -> bool:
        """False from a command on until the player says that it has done it."""
        return self._is_confirmed if attribute is Attribute.PLAYING else self.ownerships[attribute].is_confirmed

    def is_told_of(self, attribute: Attribute) -> bool:
        """True once the player has said it of itself."""
        return self._is_told_of if attribute is Attribute.PLAYING else self.ownerships[attribute].is_told_of

    def due_after(self, now: Ms) -> Ms | None:
        volume = self.wants.get(Attribute.VOLUME)
        if (
            volume is None
            or self.ownerships[Attribute.VOLUME].is_hand
            or self.is_playing_by_hand
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

    def sent(self, change: Change, now: Ms) -> None:
        """A command went out."""
        if isinstance(change, SetVolume):
            self.ownerships[Attribute.VOLUME].command(now, (float(change.level),), 0)
        else:
            self._is_commanded, self._is_confirmed = True, False
            self._answers_until = now + self.abilities.settle
            wanted = self.wants[Attribute.PLAYING].at(now)
            assert isinstance(wanted, Playing)
            if isinstance(change, StopMusic):
                wanted = SILENCE  # where other music is to come, it comes after the volume
            before = self.playing
            self._may_say_anything = self._may_say_anything or before is None
            for playing in (before, wanted):
                self._on_its_way.update(playing.names or ("",) if playing is not None else ())
            self.playing = wanted
            if isinstance(change, PauseMusic) and before is not None and before.names != wanted.names:
                self.playing = Playing(before.names, paused=True)  # the other music is to come, once it may play

    def _music(self, now: Ms) -> Change | None:
        want = self.wants.get(Attribute.PLAYING)
        if want is None or self.is_playing_by_hand:
            return None
        wanted = want.at(now)
        assert isinstance(wanted, Playing)
        here = self.playing
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
        if want is None or ownership.is_hand or self.is_playing_by_hand:
            return None
        here = ownership.at(now)
        value = self._under_words(want, now, here[0] if here is not None else None)
        if self._is_paused_without_pause(now):
            value *= PAUSED_SHARE
        if here is not None and self._rounded(here[0]) == self._rounded(value):
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
        self._is_told_of = True
        if not self._is_commanded:
            self.playing = said
            return Meaning.LEARNT
        if not retained:
            self._is_confirmed = said == self.playing
        is_expected = self._may_say_anything or (report.playing or "") in self._on_its_way
        is_ours = is_expected and now <= self._answers_until
        if not retained and (said == self.playing or now > self._answers_until):
            self._may_say_anything = False
        if retained or is_ours or said == self.playing or self.is_playing_by_hand:
            return Meaning.OURS
        if self.playing is None:
            self.playing = said
            return Meaning.LEARNT
        self.is_playing_by_hand = True
        self.playing = said
        return Meaning.HAND

    def lost(self) -> None:
        self.ownerships[Attribute.VOLUME].forget()
        if not self.is_playing_by_hand:
            self.playing = None

    def release(self) -> None:
        """No session wants anything of it any more."""
        self.is_playing_by_hand = self._is_commanded = False
        self._is_confirmed = True
        self._may_say_anything = False
        self._on_its_way.clear()

    def returned(self) -> None:
        """What it plays and how loud is unknown, so all is sent again."""
