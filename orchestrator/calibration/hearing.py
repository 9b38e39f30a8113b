"""What a device said to one thing that it was told."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from orchestrator.calibration.device_state import DeviceState, colour_text
from orchestrator.calibration.trial import WORDS_ID, Trial, Tried
from orchestrator.devices.messages import (
    LightReport,
    PlayerReport,
    Report,
    SetLight,
    SetSwitch,
    SetVolume,
    Speak,
    SpeechEvent,
    SpeechReport,
    SwitchReport,
)
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Colour, same_light

QUIET: Ms = SECOND
"""So long after its last word a device that answers at once has said all."""
_WIDTH = 0.16
_LEAST_WIDTH = 2.0
"""A level is the one that was told within 2 % and 16 % of it: lamps of which nothing is known yet are inexact."""
_COLOUR_WIDTH = 0.03
"""u', v'."""
_AT_AN_END = 0.15
"""Of the way: nearer to one of its ends nobody can tell that it is on it."""


class TrialAnswer(StrEnum):
    """What became of a change, by what was said."""

    CONFIRMED = "confirmed"
    OTHER = "other"
    """It says something else."""
    SILENT = "silent"
    """It said nothing of it."""


class Moved(StrEnum):
    """How it got there."""

    GRADUALLY = "gradually"
    AT_ONCE = "at_once"
    UNKNOWN = "unknown"


class Hearing(NamedTuple):
    """What was said after a trial began, with its milliseconds since.

    `asked` is how often the device itself was asked on the way: who answers for it says where it goes.
    """

    trial: Trial
    said: tuple[tuple[Ms, Report], ...] = ()
    asked: int = 0

    @property
    def answer(self) -> TrialAnswer:
        told = list(self._told())
        if not told:
            return TrialAnswer.SILENT
        return TrialAnswer.CONFIRMED if self._fits(told[-1][1]) else TrialAnswer.OTHER

    @property
    def seconds(self) -> float | None:
        """From being told to the first word that it is so."""
        return next((at / SECOND for at, report in self._told() if self._fits(report)), None)

    @property
    def moved(self) -> Moved:
        """Words of the way prove a fade. That it was there at once takes its answers to questions on the way."""
        told = [report for _, report in self._told()]
        levels = [each.level for each in told if isinstance(each, LightReport) and each.level is not None]
        if any(self._is_on_the_way(level) for level in levels):
            return Moved.GRADUALLY
        are_there = sum(self._fits(report) for report in told)
        return Moved.AT_ONCE if self.asked and are_there > self.asked else Moved.UNKNOWN

    @property
    def late(self) -> Ms:
        """How late its words were: those after a fade that still spoke of the way, the first one after a jump."""
        told = list(self._told())
        if self.answer is not TrialAnswer.CONFIRMED or isinstance(self.trial.change, Speak):
            return 0
        if self.trial.length == 0:
            return told[0][0]
        return max((at - self.trial.length for at, report in told if not self._fits(report)), default=0)

    def is_over(self, now: Ms, answer_after: Ms) -> bool:
        """Whether there is nothing more to wait for: it is confirmed, every question answered, and it is quiet."""
        told = list(self._told())
        if not told or now < self.trial.length:
            return False
        if isinstance(self.trial.change, Speak):
            return any(isinstance(each, SpeechReport) and each.event is not SpeechEvent.STARTED for _, each in told)
        quiet = QUIET if len(told) > self.asked else max(QUIET, answer_after)
        return self._fits(told[-1][1]) and now - told[-1][0] >= quiet

    def shown(self) -> str:
        """What it said last, in a few words."""
        last = DeviceState()
        for _, report in self._told():
            last.hear(report)
        if self.trial.tried is Tried.WORDS:
            is_failed = any(
                isinstance(each, SpeechReport) and each.event is SpeechEvent.FAILED for _, each in self._told()
            )
            return "that it failed" if is_failed else "that it began, and not when it is over"
        if self.trial.tried in (Tried.COLOUR, Tried.WHITE):
            return colour_text(last.colour) if last.colour is not None else ""
        return DeviceState(level=last.level, on=last.on, volume=last.volume).text().removeprefix("at ")

    def _told(self) -> Iterator[tuple[Ms, Report]]:
        """Of all that was said what is about this change."""
        for at, report in self.said:
            if self._is_about(report):
                yield at, report

    def _is_about(self, report: Report) -> bool:
        match self.trial.change, report:
            case SetLight(level, _), LightReport(said, colour):
                return said is not None if level is not None else colour is not None
            case SetSwitch(), SwitchReport():
                return True
            case SetVolume(), PlayerReport(_, volume):
                return volume is not None
            case Speak(), SpeechReport(about):
                return about == WORDS_ID
            case _, PlayerReport(playing):
                return self.trial.tried in (Tried.PAUSE, Tried.RESUME) and (playing is not None or report.paused)
        return False

    def _fits(self, report: Report) -> bool:
        match self.trial.change, report:
            case SetLight(level, colour), LightReport(said, shown):
                return _is_level(level, said) and _is_colour(colour, shown)
            case SetSwitch(on), SwitchReport(is_on):
                return on is is_on
            case SetVolume(level), PlayerReport(_, volume):
                return _is_level(level, volume)
            case Speak(), SpeechReport(_, event):
                return event is SpeechEvent.DONE
            case _, PlayerReport(playing, _, paused):
                return paused if self.trial.tried is Tried.PAUSE else bool(playing) and not paused
        return False

    def _is_on_the_way(self, level: Percent) -> bool:
        change, start = self.trial.change, self.trial.from_level
        if not isinstance(change, SetLight) or change.level is None or start is None:
            return False
        gone = (level - start) / (change.level - start) if change.level != start else 0.0
        return _AT_AN_END < gone < 1.0 - _AT_AN_END


def _is_level(wanted: Percent | None, said: Percent | None) -> bool:
    if wanted is None:
        return True
    is_alike = said is not None and (said > OFF) == (wanted > OFF)
    return is_alike and said is not None and abs(said - wanted) <= _LEAST_WIDTH + _WIDTH * wanted


def _is_colour(wanted: Colour | None, said: Colour | None) -> bool:
    return wanted is None or (said is not None and same_light(said, wanted, _COLOUR_WIDTH))
