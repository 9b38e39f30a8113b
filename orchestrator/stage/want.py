"""What a room wants of one attribute of one device."""

from typing import NamedTuple

from orchestrator.fade import Fade, amplitude
from orchestrator.units import Ms
from orchestrator.values import Value

NO_GAIN = Fade.still(0, 0.0)


class Want(NamedTuple):
    """A fade in real time, limits already in it. Levels are lightness L*, volumes of the device, `gain` in dB.

    `rest` is a second fade, later than the first: what is to come yet, though the session is over.
    """

    fade: Fade
    gain: Fade = NO_GAIN
    landing: bool = False
    rest: Fade | None = None

    def fade_at(self, moment: Ms) -> Fade:
        """The fade that holds at a moment."""
        return self.rest if self.rest is not None and moment >= self.rest.start else self.fade

    def at(self, moment: Ms) -> Value:
        value = self.fade_at(moment).at(moment)
        if isinstance(value, float):
            gain = self.gain.at(moment)
            assert isinstance(gain, float)
            return value * amplitude(gain) / 100.0 if gain else value
        return value

    def is_moving(self, moment: Ms) -> bool:
        """True while the value still changes after this moment."""
        return moment < self.ends

    @property
    def ends(self) -> Ms:
        return max(self.fade.end, self.gain.end, self.rest.end if self.rest is not None else 0)

    def turns(self, moment: Ms) -> Ms:
        """When it next begins or ends to change; the moment itself where it never does again."""
        rest = (self.rest.start, self.rest.end) if self.rest is not None else ()
        return min((end for end in (self.fade.end, self.gain.end, *rest) if end > moment), default=moment)
