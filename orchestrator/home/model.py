"""The home file, format 1, as models: broker, devices, rooms, and what is comfortable in them."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from orchestrator.scenes.notation import (
    ColourText,
    Duration,
    Identifier,
    KelvinText,
    Language,
    Name,
    PercentText,
    Text,
)
from orchestrator.values import HOUR, MINUTE, Percent

Clock: TypeAlias = Annotated[str, StringConstraints(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]
DeviceName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]


class Strict(BaseModel):
    """A model that takes no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class LocationModel(Strict):
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    timezone: str


class TlsModel(Strict):
    """`ca`: the file of the certificate authority, beside the home file; system's own where it is missing."""

    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    insecure: bool = False


class BrokerModel(Strict):
    """Where the broker is. `password` may name an environment variable: `${RELAX_BROKER_PASSWORD}`."""

    host: str = "127.0.0.1"
    port: int = Field(default=1883, ge=1, le=65535)
    username: str | None = None
    password: str | None = Field(default=None, repr=False)
    tls: TlsModel | Literal[True] | None = None


class BridgeModel(Strict):
    """How many commands a bridge takes: `4/s`, `8/9s`."""

    budget: str = "4/s"
    lamp: str = "1/s"
    groups: str = "8/9s"


class LevelsModel(Strict):
    """What is comfortable here: the device volume that a scene's 100 % means."""

    music: PercentText = Percent(40.0)
    voice: PercentText = Percent(40.0)


class LimitsModel(Strict):
    """Never more than this. `quiet`: the first sound of a session."""

    volume: PercentText = Percent(60.0)
    brightness: PercentText = Percent(100.0)
    quiet: PercentText = Percent(20.0)


class NightModel(Strict):
    """Between two times of day levels are multiplied by these."""

    from_: Annotated[Clock, Field(alias="from")]
    to: Clock
    music: PercentText = Percent(100.0)
    voice: PercentText = Percent(100.0)
    brightness: PercentText = Percent(100.0)


class FallbackModel(Strict):
    """What a role is given back where nobody knows how it was."""

    brightness: PercentText | None = None
    temperature: KelvinText | None = None
    color: ColourText | None = None
    volume: PercentText | None = None
    on: bool | None = None


class RoomModel(Strict):
    """A room: which devices play which roles, and what is comfortable in it."""

    title: Text | None = None
    roles: dict[Name, DeviceName | list[DeviceName]]
    levels: LevelsModel = LevelsModel()
    limits: LimitsModel = LimitsModel()
    night: NightModel | None = None
    fallback: dict[Name, FallbackModel | Literal["off"]] = {}
    ready: Text | None = None
    buttons: dict[DeviceName, dict[str, str]] = {}
    mode: Literal["single", "restart", "queued"] = "single"


class HomeModel(Strict):
    """A home. `devices` are read by their dialects: see `library`."""

    home: Identifier
    format: Literal[1]
    language: Language = "en"
    location: LocationModel | None = None
    broker: BrokerModel = BrokerModel()
    bridges: dict[str, BridgeModel] = {}
    devices: dict[DeviceName, dict[str, Any]] = {}
    rooms: dict[Identifier, RoomModel] = Field(min_length=1)
    music: dict[str, str | dict[str, str]] = {}
    paused_at_most: Duration = 30 * MINUTE
    resume_within: Duration = 2 * MINUTE
    schedules: dict[Identifier, dict[str, Any]] = {}
    debts_at_most: Duration = 12 * HOUR
