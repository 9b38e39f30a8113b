"""Music and words as one sound. Not safe for threads: whoever has several holds a lock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import pi, sin
from typing import NamedTuple

import numpy as np

from orchestrator.speaker.glide import Glide, line
from orchestrator.speaker.limiter import Limiter
from orchestrator.speaker.sound import BLOCK, Samples, SoundSource, factor, silence

DUCKED = -12.0
"""dB by which the music is lower under words."""

DUCK_SECONDS = 0.5
RETURN_SECONDS = 1.5
CROSS_SECONDS = 1.0
"""How long one piece of music goes over into the next."""

EDGE_SECONDS = 0.04
"""How long music takes to begin, to stop and to stand still: too short to be called a fade, too long to click."""

VOLUME_SECONDS = 0.3
"""In fades volumes come that often: so steps become a line."""

_CUT_SECONDS = 0.02

Heard = Callable[[], None]


class Mark(NamedTuple):
    """Something that is so once the sound up to this frame has been heard."""

    frame: int
    heard: Heard


class _Piece:
    """Music that plays, with the share that it has of the sound: 0 to 1, on a quarter of a circle."""

    def __init__(self, source: SoundSource, ended: Heard) -> None:
        self.source = source
        self.ended = ended
        self.share = Glide(0.0)

    def read(self) -> Samples | None:
        block = self.source.read()
        before, after = self.share.step()
        if block is None or before == after == 0.0:
            return None
        # Equal power: sine and cosine of the same angle, so that two pieces together are as loud as one.
        return block * line(sin(before * pi / 2), sin(after * pi / 2))


@dataclass
class _Words:
    """Mono sound that is said once, with what is told when it begins and when it is over."""

    samples: Samples
    volume: float
    begun: Heard
    over: Heard
    ducks: bool
    at: int = 0
    fade: Glide = field(default_factory=lambda: Glide(1.0))


class Mixer:
    """`mix` gives 20 ms after 20 ms. Everything else says what is to be heard from the next of them on."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        """What came with the blocks mixed so far and nobody has taken yet."""
        self.frames = 0
        """How many frames were mixed."""
        self._pieces: list[_Piece] = []
        self._leaving: list[_Piece] = []
        self._volume = Glide(0.0)
        self._stands = Glide(1.0)
        self._duck = Glide(0.0)
        self._words: list[_Words] = []
        self._kept_low = 0
        self._is_paused = False
        self._limiter = Limiter()

    def play(self, source: SoundSource, ended: Heard | None = None) -> None:
        """Play this instead of what plays. From silence it begins at once; else one goes over into the other.

        `ended` is told when it came to its end by itself.
        """
        seconds = CROSS_SECONDS if self._pieces and not self._is_paused else EDGE_SECONDS
        if self._is_paused and not self._stands.is_moving:
            self.close()
        self._leave(seconds)
        piece = _Piece(source, ended or _nothing)
        piece.share.to(1.0, seconds)
        self._pieces.append(piece)
        self._is_paused = False
        self._stands.to(1.0, EDGE_SECONDS)

    def stop(self) -> None:
        self._leave(EDGE_SECONDS)
        self._is_paused = False

    def pause(self) -> None:
        """The music stands still; words do not."""
        self._is_paused = True
        self._stands.to(0.0, EDGE_SECONDS)

    def resume(self) -> None:
        self._is_paused = False
        self._stands.to(1.0, EDGE_SECONDS)

    def volume(self, level: float) -> None:
        """The music's level, 0 to 1: the factor of its samples. What nobody hears need not glide."""
        if self._pieces or self._leaving:
            self._volume.to(level, VOLUME_SECONDS)
        else:
            self._volume.jump(level)

    def say(self, samples: Samples, volume: float, begun: Heard, over: Heard, keep_low: float = 0.0) -> None:
        """Say mono samples; the music ducks, and stays so for `keep_low` seconds after them."""
        self._words.append(_Words(samples, volume, begun, over, ducks=True))
        self._kept_low = round(keep_low * 50)
        self._duck.to(DUCKED, DUCK_SECONDS)

    def chime(self, samples: Samples, volume: float) -> None:
        """A short sound; nothing ducks under it."""
        self._words.append(_Words(samples, volume, _nothing, _nothing, ducks=False))

    def hush(self) -> None:
        """Cut the words. Of those nothing is told any more."""
        for words in self._words:
            if words.ducks:
                words.begun = words.over = _nothing
                words.fade.to(0.0, _CUT_SECONDS)
        self._kept_low = 0

    def close(self) -> None:
        for piece in self._pieces + self._leaving:
            piece.source.close()
        self._pieces, self._leaving = [], []

    def mix(self) -> Samples:
        """The next block, of shape (BLOCK, 2)."""
        music = self._music()
        spoken = self._spoken()
        before, after = self._duck.step()
        out = music * line(factor(before), factor(after)) + spoken
        self._return_when_quiet()
        self.frames += BLOCK
        return self._limiter.limit(out.astype(np.float32, copy=False))

    def _music(self) -> Samples:
        sound = silence()
        volume = line(*self._volume.step())
        stands = self._stands.step()
        if self._is_paused and stands == (0.0, 0.0):
            return sound
        for pieces in (self._pieces, self._leaving):
            for piece in list(pieces):
                block = piece.read()
                if block is None:
                    pieces.remove(piece)
                    piece.source.close()
                    if pieces is self._pieces:
                        self.marks.append(Mark(self.frames + BLOCK, piece.ended))
                else:
                    sound += block
        return sound * volume * line(*(sin(each * pi / 2) for each in stands))

    def _spoken(self) -> Samples:
        sound = silence()
        for words in list(self._words):
            if words.at == 0:
                self.marks.append(Mark(self.frames + BLOCK, words.begun))
            part = words.samples[words.at : words.at + BLOCK]
            words.at += BLOCK
            before, after = words.fade.step()
            cut = after == 0.0
            sound[: len(part)] += np.multiply(part[:, None], words.volume) * _head(line(before, after), len(part))
            if cut or words.at >= len(words.samples):
                self._words.remove(words)
                # The limiter is one block late.
                self.marks.append(Mark(self.frames + BLOCK + len(part), words.over))
        return sound

    def _return_when_quiet(self) -> None:
        if self._duck.target == 0.0 or any(words.ducks for words in self._words):
            return
        if self._kept_low:
            self._kept_low -= 1
        else:
            self._duck.to(0.0, RETURN_SECONDS)

    def _leave(self, seconds: float) -> None:
        for piece in self._pieces:
            piece.share.to(0.0, seconds)
        self._leaving += self._pieces
        self._pieces = []


def _head(gain: Samples | float, frames: int) -> Samples | float:
    return gain if isinstance(gain, float) else gain[:frames]


def _nothing() -> None:
    """Told to nobody."""
