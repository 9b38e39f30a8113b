"""The home file, format 1, as models: broker, devices, rooms, and what is comfortable in them."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field, PlainValidator, StringConstraints, WithJsonSchema, model_validator

from orchestrator.commands import ButtonDoor, PlannedWord, through
from orchestrator.devices.dialects.hermes import Site
from orchestrator.documents.alternatives import MapOr, OneOrMore, only
from orchestrator.documents.broker_url import broker_url
from orchestrator.documents.home_assistant_url import websocket_url
from orchestrator.documents.notation import (
    BrightnessText,
    ColourText,
    DeviceName,
    Duration,
    Flag,
    Identifier,
    KelvinText,
    Language,
    Name,
    Number,
    PercentText,
    Text,
    TopicBase,
    Whole,
    duration,
)
from orchestrator.home.interruption import InterruptionModel
from orchestrator.home.recurring import CLOCK
from orchestrator.home.schedule import ScheduleModel
from orchestrator.home.signal import SignalModel
from orchestrator.home.strict import StrictModel
from orchestrator.units import HOUR, MINUTE, SECOND, Ms, Percent


@dataclass(frozen=True, slots=True)
class RateModel:
    """So many commands in so long."""

    count: int
    per: Ms


_RATE = re.compile(r"(\d{1,4})\s*/\s*(\d+(?:\.\d+)?)?\s*(ms|s|min)")


def rate(text: object) -> RateModel:
    """The rate that `4/s` or `8/9s` is. Raises ValueError."""
    match = _RATE.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError("expected a rate such as 4/s or 8/9s")
    count, number, unit = match.groups()
    found = RateModel(int(count), duration(f"{number or 1}{unit}"))
    if not 1 <= found.count <= 1000 or not 100 <= found.per <= 10 * MINUTE:
        raise ValueError(f"{text} is out of range: from 1/10min to 1000/100ms")
    return found


def clock(text: object) -> str:
    """A time of day such as `22:00`. Raises ValueError."""
    if isinstance(text, str) and re.fullmatch(CLOCK, text):
        return text
    raise ValueError('expected a time of day such as "22:00"')


Clock: TypeAlias = Annotated[str, PlainValidator(clock), WithJsonSchema({"type": "string", "pattern": CLOCK})]
RateText: TypeAlias = Annotated[
    RateModel,
    PlainValidator(rate),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d+\s*/\s*(\d+(\.\d+)?)?\s*(ms|s|min)$", "examples": ["4/s", "8/9s"]}
    ),
]
_BUTTON_WORDS = tuple(
    dict.fromkeys((*(spec.word for spec, _ in through(ButtonDoor)), *(word.value for word in PlannedWord)))
)
if TYPE_CHECKING:
    ButtonCommand: TypeAlias = str
else:
    ButtonCommand = Literal[_BUTTON_WORDS]
"""What a button can do: the commands that come through one, and what can be said to what is announced."""


class LocationModel(StrictModel):
    latitude: Number = Field(ge=-90, le=90)
    longitude: Number = Field(ge=-180, le=180)
    timezone: str


class TlsModel(StrictModel):
    """`ca`: the file of the certificate authority, beside the home file; system's own where it is missing."""

    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    insecure: Flag = False


Encrypted: TypeAlias = Annotated[
    Literal[True],
    only(True, "expected `true`, or a map such as {ca: ca.pem}"),
    WithJsonSchema({"const": True}),
]


class BrokerModel(StrictModel):
    """Where the broker is. `password` may name an environment variable: `${RELAX_BROKER_PASSWORD}`.

    `host` may be a URL, which is taken apart; `websocket` is the path of one.
    """

    host: str = Field(default="127.0.0.1", min_length=1)
    port: Whole = Field(default=1883, ge=1, le=65535)
    username: str | None = None
    password: str | None = Field(default=None, repr=False)
    tls: MapOr[TlsModel, Encrypted] | None = None
    websocket: Annotated[str, StringConstraints(pattern=r"^/\S*$")] | None = Field(default=None, repr=False)

    @model_validator(mode="before")
    @classmethod
    def _taken_apart(cls, entry: Any) -> Any:
        host = entry.get("host") if isinstance(entry, dict) else None
        if not isinstance(host, str) or not host:
            return entry
        rest = {key: value for key, value in entry.items() if key != "host"}
        for key, value in _keys_of(host).items():
            if key in rest and key != "host" and rest[key] != value and not (key == "tls" and rest[key]):
                raise ValueError(f"`host` says already what `{key}` is to be; say it once")
            rest.setdefault(key, value)
        if "://" in host and "tls" in rest and rest["tls"] and not broker_url(host).is_encrypted:
            raise ValueError("`host` begins with the word for no encryption: write mqtts:// or wss://")
        return rest


def _keys_of(text: str) -> dict[str, Any]:
    """The keys of a broker that are written as one text. Raises ValueError without the text: it may hold a password."""
    found = broker_url(text)
    keys = {
        "host": found.host,
        "port": found.port,
        "username": found.username,
        "password": found.password,
        "tls": found.is_encrypted or None,
        "websocket": found.websocket,
    }
    return {key: value for key, value in keys.items() if value is not None}


def broker_of(text: object) -> BrokerModel:
    """The broker that a text is: a host, `host:port` or a URL. Raises ValueError."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError(
            "expected a map such as {host: broker.local}, a host, or a URL such as mqtt://broker.local:1883"
        )
    return BrokerModel.model_validate(_keys_of(text))


BrokerText: TypeAlias = Annotated[
    BrokerModel,
    PlainValidator(broker_of),
    WithJsonSchema({"type": "string", "examples": ["broker.local", "mqtts://broker.local:8883"]}),
]


class BridgeModel(StrictModel):
    """How many commands a bridge takes: `4/s`, `8/9s`."""

    budget: RateText = RateModel(4, SECOND)
    lamp: RateText = RateModel(1, SECOND)
    groups: RateText = RateModel(8, 9 * SECOND)


class LevelsModel(StrictModel):
    """What is comfortable here: the device volume that a scene's 100 % means."""

    music: PercentText = Percent(40.0)
    voice: PercentText = Percent(40.0)


class LimitsModel(StrictModel):
    """Never more than this. `quiet`: the first sound of music in a session."""

    volume: PercentText = Percent(60.0)
    brightness: PercentText = Percent(100.0)
    quiet: PercentText = Percent(20.0)


class NightModel(StrictModel):
    """Between two times of day levels are multiplied by these."""

    from_: Annotated[Clock, Field(alias="from")]
    to: Clock
    music: PercentText = Percent(100.0)
    voice: PercentText = Percent(100.0)
    brightness: PercentText = Percent(100.0)


class FallbackModel(StrictModel):
    """What a role is given back where nobody knows how it was."""

    brightness: BrightnessText | None = None
    temperature: KelvinText | None = None
    color: ColourText | None = None
    volume: PercentText | None = None
    on: Flag | None = None


Off: TypeAlias = Annotated[
    Literal["off"],
    only("off", "expected `off`, or a map such as {brightness: 50%, temperature: 2700K}"),
    WithJsonSchema({"const": "off"}),
]


class EventModel(SignalModel):
    """Something that acts like a button. Without `do` it counts only while the hands are oily, as `next`."""

    do: ButtonCommand | None = None


class RoomModel(StrictModel):
    """A room: which devices play which roles, and what is comfortable in it."""

    title: Text | None = None
    roles: dict[Name, OneOrMore[DeviceName]]
    levels: LevelsModel = LevelsModel()
    limits: LimitsModel = LimitsModel()
    night: NightModel | None = None
    fallback: dict[Name, MapOr[FallbackModel, Off]] = {}
    ready: Text | None = None
    decline: Text | None = None
    buttons: dict[DeviceName, dict[str, ButtonCommand]] = {}
    events: list[EventModel] = []
    sites: OneOrMore[Site] | None = None
    mode: Literal["single", "restart", "queued"] = "single"


def home_assistant_address(text: object) -> str:
    """Where a browser opens Home Assistant. Raises ValueError without the text: there may be a password in it."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("expected an address such as http://homeassistant.local:8123")
    websocket_url(text)
    return text.strip()


HomeAssistantAddress: TypeAlias = Annotated[
    str,
    PlainValidator(home_assistant_address),
    WithJsonSchema({"type": "string", "examples": ["http://homeassistant.local:8123"]}),
]


class HomeAssistantModel(StrictModel):
    """Home Assistant, both ways: rooms that appear in it by themselves, and devices that only it knows (`hass`).

    `prefix`: where it listens for what there is; `rooms` false: none appear. `entity_ids`: who makes the ids of its
    entities, relax (`button.relax_den_next`, whatever the language) or Home Assistant, in the format that is set there.
    `address`, and a `token` or the file that holds one, are for the devices. `token` may name an environment variable:
    `${RELAX_HOME_ASSISTANT_TOKEN}`.
    """

    prefix: TopicBase = "homeassistant"
    rooms: Flag = True
    entity_ids: Literal["relax", "home_assistant"] = "relax"
    address: HomeAssistantAddress | None = None
    token: str | None = Field(default=None, min_length=1, repr=False)
    token_file: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _one_token(self) -> "HomeAssistantModel":
        if self.token is not None and self.token_file is not None:
            raise ValueError("`token` says already what `token_file` is to be; say it once")
        return self


NoHomeAssistant: TypeAlias = Annotated[
    Literal["off"],
    only("off", "expected `off`, or a map such as {prefix: homeassistant}"),
    WithJsonSchema({"const": "off"}),
]


ReplyFilter: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[^/+#$\s][^/+#]*(/([^/+#]*|\+))*(/#)?$", max_length=100)
]
"""A topic filter whose first level is a name: `node-red/answers/#`. `#` would let a reply go to any lamp."""


IgnoredDevice: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=512)]
"""The topic, site or name of a device that is not to be offered, or a filter for several: `zigbee2mqtt/attic/#`."""


class HomeModel(StrictModel):
    """A home. `devices` are read by their dialects: see `library`."""

    home: Identifier
    format: Literal[1]
    language: Language = "en"
    location: LocationModel | None = None
    broker: OneOrMore[MapOr[BrokerModel, BrokerText]] = BrokerModel()
    bridges: dict[str, BridgeModel] = {}
    devices: dict[DeviceName, dict[str, Any]] = {}
    rooms: dict[Identifier, RoomModel] = Field(min_length=1)
    music: dict[str, OneOrMore[MapOr[dict[str, str], str]]] = {}
    interruptions: dict[Name, InterruptionModel] = {}
    paused_at_most: Duration = 30 * MINUTE
    resume_within: Duration = 2 * MINUTE
    schedules: dict[Identifier, ScheduleModel] = {}
    debts_at_most: Duration = 12 * HOUR
    home_assistant: MapOr[HomeAssistantModel, NoHomeAssistant] = HomeAssistantModel()
    ignore: list[IgnoredDevice] = Field(default=[], max_length=500)
    reply_topics: list[ReplyFilter] = Field(default=[], max_length=16)

    @property
    def brokers(self) -> list[BrokerModel]:
        """Ways to the broker, the one to be tried first first."""
        return self.broker if isinstance(self.broker, list) else [self.broker]
