"""All that the live view shows at one moment, as values: two equal frames look the same, so the second is not drawn."""

from typing import NamedTuple

from orchestrator.session.state import Status
from orchestrator.values import Rgb


class FrameLamp(NamedTuple):
    """`level` is lightness in whole percent as it is written; `light` the colour it shines in, black when off."""

    title: str
    level: int
    light: Rgb
    colour: str
    remark: str = ""


class FramePlayer(NamedTuple):
    """`plays` is the music's name, empty for silence; `volume` in whole percent."""

    title: str
    plays: str
    volume: int
    remark: str = ""


class Frame(NamedTuple):
    """Times are texts, rounded to seconds. `share` of the session that is done goes from 0 to 1."""

    scene: str
    room: str
    lamps: tuple[FrameLamp, ...] = ()
    players: tuple[FramePlayer, ...] = ()
    switches: tuple[tuple[str, bool], ...] = ()
    status: Status = Status.STARTING
    step: str = ""
    place: str = ""
    caption: str = ""
    is_speaking: bool = False
    hint: str = ""
    elapsed: str = ""
    remains: str = ""
    share: float = 0.0
    note: str = ""
    cautions: tuple[str, ...] = ()
    keys: str = ""
