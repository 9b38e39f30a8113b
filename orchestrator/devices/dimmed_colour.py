"""The colour of a lamp whose brightness stands in its channels: what it was told, or has said, at full light.

As long as it says that colour, dimmed and rounded, it is that colour; anything else is somebody's (decision 51).
"""

from orchestrator.units import FULL, Percent
from orchestrator.values import Channels, Colour, Rgb, Temperature

_FULL = 255.0


class DimmedColour:
    """Of one lamp; white until something is known."""

    def __init__(self) -> None:
        self.level: Percent | None = None
        """How bright it was told or said to be last."""
        self._full: tuple[float, ...] = (_FULL, _FULL, _FULL)
        self._colour: Colour | None = None

    def tell(self, level: Percent | None, colour: Colour | None) -> tuple[int, ...]:
        """Its channels at a level; None leaves as it was. What shines at all shines in one channel at least."""
        if colour is not None:
            self._take(colour.parts if isinstance(colour, Channels) else colour.rgb.parts, colour)
        if level is not None:
            self.level = level
        return self._scaled((self.level if self.level is not None else FULL) / FULL)

    def hear(self, parts: tuple[float, ...]) -> tuple[Percent, Colour | None]:
        """Level and colour of what it says; dark tells no colour."""
        share = max(parts) / _FULL
        self.level = Percent(share * FULL)
        if share == 0.0:
            return self.level, None
        scaled = (*self._scaled(share), 0, 0)[: max(len(parts), len(self._full))]  # white that is not told of is dark
        is_told = len(scaled) == len(parts) and all(abs(a - b) <= 1 for a, b in zip(scaled, parts, strict=True))
        if not is_told or self._colour is None:
            self._take(parts, None)
        return self.level, self._colour

    def _take(self, parts: tuple[float, ...], colour: Colour | None) -> None:
        brightest = max(parts)
        self._full = tuple(part * _FULL / brightest for part in parts) if brightest > 0 else (_FULL,) * len(parts)
        own = Rgb(*self._full) if len(self._full) == 3 else Channels(self._full)
        self._colour = colour if isinstance(colour, Temperature) else own

    def _scaled(self, share: float) -> tuple[int, ...]:
        scaled = tuple(round(part * share) for part in self._full)
        if share <= 0.0 or any(scaled):
            return scaled
        brightest = self._full.index(max(self._full))
        return tuple(int(index == brightest) for index in range(len(scaled)))
