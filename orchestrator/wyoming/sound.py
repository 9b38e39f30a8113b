"""Sound as numbers: how long it is, how loud, and silence. Pure."""

import sys
from array import array
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from orchestrator.errors import WyomingError
from orchestrator.units import SECOND, Ms

_CODES: Final = {2: "h", 4: "i"}
"""Bytes of a sample that we can make quieter: nearly all that there is has two."""


class SoundFormat(NamedTuple):
    """Samples a second, bytes a sample, channels."""

    rate: int
    width: int
    channels: int

    @property
    def frame(self) -> int:
        """Bytes of one moment."""
        return self.width * self.channels

    def lasts(self, sound: bytes) -> float:
        """Seconds."""
        return len(sound) / self.frame / self.rate

    def silence(self, length: Ms) -> bytes:
        return bytes(round(length * self.rate / SECOND) * self.frame)


class Clip(NamedTuple):
    """What one sentence sounds like."""

    format: SoundFormat
    sound: bytes


def sound_format(data: Mapping[str, Any]) -> SoundFormat:
    """What an event says of its sound. Raises WyomingError for what nobody can play."""
    said = tuple(data.get(key) for key in SoundFormat._fields)
    whole = [each for each in said if isinstance(each, int) and not isinstance(each, bool)]
    if len(whole) == len(said):
        form = SoundFormat(*whole)
        if form.width in _CODES and 4000 <= form.rate <= 192_000 and form.channels in (1, 2):
            return form
    rate, width, channels = said
    kind = f"{rate} Hz, {width} bytes, {channels} channels"
    raise WyomingError(f"The text-to-speech server makes sound of a kind that relax cannot play: {kind}.")


def made_quieter(sound: bytes, form: SoundFormat, share: float) -> bytes:
    """Each sample times `share`, 0 to 1: percent of volume as if it were amplitude (docs/decisions/0031)."""
    if share >= 1.0:
        return sound
    samples = array(_CODES[form.width], sound)
    if sys.byteorder == "big":
        samples.byteswap()
    quieter = array(samples.typecode, [int(sample * share) for sample in samples])
    if sys.byteorder == "big":
        quieter.byteswap()
    return quieter.tobytes()


def portions(sound: bytes, form: SoundFormat, length: Ms) -> Iterator[bytes]:
    """Parts of a sound, each so long but the last."""
    size = max(length * form.rate // SECOND, 1) * form.frame
    for start in range(0, len(sound), size):
        yield sound[start : start + size]
