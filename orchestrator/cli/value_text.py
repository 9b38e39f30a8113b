"""Values of tracks, lengths and moments as text."""

from orchestrator.units import MINUTE, Ms
from orchestrator.values import SILENCE, Attribute, Channels, HueSaturation, Playing, Rgb, Temperature, Track, Value, Xy

ORDER = (Attribute.LEVEL, Attribute.COLOUR, Attribute.PLAYING, Attribute.VOLUME, Attribute.ON)
"""In which order a role's attributes are said."""


def value_text(track: Track, value: Value) -> str:
    """A value as people read it."""
    match value:
        case bool():
            return "on" if value else "off"
        case Temperature():
            return f"{round(value.kelvin, -1):.0f} K"
        case Rgb() | Xy() | HueSaturation() | Channels():
            return value.hex
        case Playing():
            return "silent" if value == SILENCE else f"{'pauses' if value.paused else 'plays'} {value.names[0]}"
        case _ if track.attribute is Attribute.VOLUME:
            return f"volume {value:.0f} %"
        case _:
            return f"{value:.0f} %" if value else "off"


def clock_text(ms: Ms) -> str:
    """A length as clocks show it: `3:20`, `1:02:03`; rounded to seconds."""
    minutes, seconds = divmod(round(ms / 1000), 60)
    hours, minutes = divmod(minutes, MINUTE // 1000)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
