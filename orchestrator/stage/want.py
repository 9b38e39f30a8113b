"""What a room wants of one attribute of one device."""

from typing import NamedTuple

from orchestrator.fade import Fade, amplitude
from orchestrator.units import Ms
from orchestrator.values import Value

NO_GAIN = Fade.still(0, 0.0)


class Want(NamedTuple):
    """A fade in real time, limits already in it. Levels are lightness L*, volumes of the device, `gain` in dB."""

    fade: Fade
    gain: Fade = NO_GAIN
    landing: bool = False

    def at(self, moment: Ms) -> Value:
        value = self.fade.at(moment)
        if isinstance(value, float):
            gain = self.gain.at(moment)
            assert isinstance(gain, float)
            return value * amplitude(gain) / 100.0 if gain else value
        return value

    def is_moving(self, moment: Ms) -> bool:
        """True while the value still changes after this moment."""
        return moment < self.fade.end or moment < self.gain.end

    @property
    def ends(self) -> Ms:
        return max(self.fade.end, self.gain.end)
