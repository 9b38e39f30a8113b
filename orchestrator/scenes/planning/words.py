"""Words on a chapter's axis: announcements one after the other, never two at once."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.format.languages import CAUTIONS
from orchestrator.scenes.format.model import PausePart, SayPart, SceneModel
from orchestrator.scenes.planning.cautions import spoken_cautions
from orchestrator.scenes.planning.scope import Scope, TextMap
from orchestrator.scenes.planning.timeline import Say
from orchestrator.units import SECOND, Ms

Item: TypeAlias = str | Ms
"""A text to say, or a silence."""


AFTER_A_CAUTION: Ms = 2 * SECOND


class Placed(NamedTuple):
    """An announcement where it is said."""

    at: Ms
    say: Say

    @property
    def end(self) -> Ms:
        return self.at + self.say.lasts


def items(say: Any, scope: Scope, scene: SceneModel, path: KeyPath) -> list[Item]:
    """What a `say` comes to here: texts and silences; none that do not hold or are empty. Raises Unplannable."""
    if say is None:
        return []
    if not isinstance(say, list):
        return [text for text in _texts(say, scope, scene, path) if text]
    found: list[Item] = []
    for index, part in enumerate(say):
        here = (*path, index)
        if isinstance(part, PausePart):
            found.append(part.pause)
        elif isinstance(part, SayPart):
            if scope.holds(part.when, (*here, "when")):
                found += _texts(part.say, scope, scene, (*here, "say"))
        else:
            found += _texts(part, scope, scene, here)
    return [item for item in found if item != ""]


def _texts(text: TextMap, scope: Scope, scene: SceneModel, path: KeyPath) -> list[Item]:
    """What a text comes to: itself, or the cautions that apply, with time after each to think of oneself."""
    if text != CAUTIONS:
        return [scope.text(text, path)]
    cautions = spoken_cautions(scene, scope)
    return [item for caution in cautions for item in (caution, AFTER_A_CAUTION)][:-1]


class BeatWords(NamedTuple):
    """What a count says at a beat; `path` is where the scene says so."""

    at: Ms
    say: Say
    path: KeyPath


class LostBeat(NamedTuple):
    """A beat that nobody hears: the voice is still about other words, for so long."""

    words: BeatWords
    busy: Ms


class PlannedVoice:
    """The voice along a chapter's axis, as a session uses it: free from a moment on, and no later to be set back.

    Beats never wait: those that come while it speaks are `lost`. Ask for moments in their order.
    """

    def __init__(self, beats: Iterable[BeatWords] = (), free: Ms = 0) -> None:
        self.free = free
        self.lost: list[LostBeat] = []
        self._beats = deque(beats)
        self._is_in_beat = True

    def free_from(self, at: Ms) -> Ms:
        """The first moment from `at` on at which words can begin that wait for the voice."""
        self._pass(at)
        begin = max(at, self.free)
        self._pass(begin)
        return begin

    def speaks_until(self, end: Ms) -> None:
        """It says words that waited for it."""
        self.free, self._is_in_beat = end, False

    def ends(self) -> Ms:
        """When it is free for good."""
        while self._beats:
            self._pass(self._beats[-1].at + 1)
        return self.free

    def _pass(self, until: Ms) -> None:
        while self._beats and self._beats[0].at < until:
            beat = self._beats.popleft()
            if beat.at >= self.free:
                self.free, self._is_in_beat = beat.at + beat.say.lasts, True
            elif not self._is_in_beat:
                self.lost.append(LostBeat(beat, self.free - beat.at))


def placed(
    said: list[Item], at: Ms, speak: Callable[[str, Ms], Say], voice: PlannedVoice | None = None
) -> tuple[list[Placed], Ms]:
    """Announcements one after the other from a moment on, and when the last, with the silence after it, is over.

    Each waits for a `voice` that says beats as well.
    """
    found = []
    for item in said:
        if isinstance(item, str):
            begin = at if voice is None else voice.free_from(at)
            found.append(Placed(begin, speak(item, begin)))
            at = found[-1].end
            if voice is not None:
                voice.speaks_until(at)
        else:
            at += item
    return found, at
