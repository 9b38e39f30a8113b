"""Values of tracks as people read them."""

from orchestrator.values import SILENCE, Attribute, Playing, Rgb, Temperature, Track, Value

ORDER = (Attribute.LEVEL, Attribute.COLOUR, Attribute.PLAYING, Attribute.VOLUME, Attribute.ON)
"""In which order a role's attributes are said."""


def value_text(track: Track, value: Value) -> str:
    """A value as people read it."""
    match value:
        case bool():
            return "on" if value else "off"
        case Temperature():
            return f"{round(value.kelvin, -1):.0f} K"
        case Rgb():
            return value.hex
        case Playing():
            return "silent" if value == SILENCE else f"{'pauses' if value.paused else 'plays'} {value.names[0]}"
        case _ if track.attribute is Attribute.VOLUME:
            return f"volume {value:.0f} %"
        case _:
            return f"{value:.0f} %" if value else "off"
