"""The voice of a session: how loud, how fast and with what silences it speaks, and how that changes on the way."""

from typing import NamedTuple

from orchestrator.scenes.format.model import GapRange, PercentRange, RateRange, VoiceModel
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.scenes.planning.timeline import Say
from orchestrator.scenes.planning.voice_timing import AS_PLANNED, VoiceTiming
from orchestrator.units import Ms, Percent, WordsPerMinute


class Range(NamedTuple):
    """Where a figure begins and where it ends; between, it runs evenly."""

    start: float
    end: float

    def at(self, share: float) -> float:
        return self.start + (self.end - self.start) * min(max(share, 0.0), 1.0)


class SpeakingStyle(NamedTuple):
    """A voice that says things. `share` is how much of the session's planned time is behind it, 0 to 1.

    `timing` is what is known of the one that will speak.
    """

    volume: Range
    rate: Range
    gap: Range
    language: str
    timing: VoiceTiming = AS_PLANNED

    @classmethod
    def of(cls, voice: VoiceModel, language: str, timing: VoiceTiming = AS_PLANNED) -> "SpeakingStyle":
        volume, rate, gap = voice.volume, voice.rate, voice.gap
        return cls(
            Range(volume.from_, volume.to) if isinstance(volume, PercentRange) else Range(volume, volume),
            Range(rate.from_, rate.to) if isinstance(rate, RateRange) else Range(rate, rate),
            Range(gap.from_, gap.to) if isinstance(gap, GapRange) else Range(gap, gap),
            language,
            timing,
        )

    @property
    def is_steady(self) -> bool:
        """True where it speaks all the way as it begins."""
        return all(span.start == span.end for span in (self.volume, self.rate, self.gap))

    def say(self, text: str, share: float, *, beat: bool = False) -> Say:
        """The announcement of a text at this point of the session."""
        rate = round(self.rate.at(share), 1)
        gap = round(self.gap.at(share))
        return Say(
            text,
            spoken_ms(text, self.language, rate, gap, self.timing),
            Percent(round(self.volume.at(share), 1)),
            WordsPerMinute(rate),
            gap,
            beat,
        )


class StyleAt(NamedTuple):
    """Where a chapter lies in its session, as far as is known: its start and the whole, waits as usual.

    A whole of 0 is not known yet: then everything lies half way.
    """

    start: Ms = 0
    whole: Ms = 0

    def share(self, at: Ms) -> float:
        return (self.start + at) / self.whole if self.whole else 0.5
