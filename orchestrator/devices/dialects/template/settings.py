"""What a home file may say of a device that it describes by templates."""

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects.template import names
from orchestrator.devices.entry_remark import EntryRemark
from orchestrator.devices.messages import Change, Message, SetLight
from orchestrator.devices.settings import LampSettings, Topic
from orchestrator.devices.wire import fields, number
from orchestrator.values import Rgb

if TYPE_CHECKING:
    from orchestrator.devices.dialects.template.payload import PayloadTemplate


@lru_cache(maxsize=1024)
def template(source: str) -> "PayloadTemplate":
    from orchestrator.devices.dialects.template.payload import PayloadTemplate  # noqa: PLC0415 - Jinja only where a home needs it

    return PayloadTemplate(source)


def is_harmless(source: str) -> bool:
    """Whether a template of somebody unknown may be run; False for what is none."""
    try:
        return template(source).is_harmless
    except ValueError:
        return False


def _named(source: str, known: Iterable[str]) -> str:
    unknown = template(source).names - frozenset(known)
    if unknown:
        raise ValueError(f"no such name here: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    return source


class Outgoing(BaseModel):
    """A topic, and what is published there."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    topic: Topic
    payload: str = ""

    @field_validator("payload")
    @classmethod
    def _known(cls, payload: str) -> str:
        return _named(payload, names.OUTGOING)


class Incoming(BaseModel):
    """A topic, and what its payload means."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    topic: Topic
    payload: str = "{{ value }}"

    @field_validator("payload")
    @classmethod
    def _known(cls, payload: str) -> str:
        return _named(payload, names.INCOMING)


Out: TypeAlias = Outgoing | list[Outgoing]

_SWITCH = re.compile(r"power|state|status|switch|^is_?on|^on$|_on$", re.IGNORECASE)
_NO_OFF = (
    "reads a level and never whether the lamp is on: one that keeps its level while it is off is taken to be on, and"
    " turned on at the end; give both, such as `{{ {'state': value_json.POWER | default(none), 'brightness':"
    " value_json.Dimmer | default(none)} | tojson }}`"
)


class _Probe(dict[str, int]):
    """A message whose every field is a number; it remembers which were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __missing__(self, name: str) -> int:
        self.asked.append(name)
        return 50


class TemplateSettings(LampSettings):
    """`set` is for whatever has no key of its own; each may be a list where a command takes several messages.

    `keep` tells a light that is off at which brightness it is to come on the next time, and leaves it off.
    """

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH, Kind.PLAYER, Kind.VOICE, Kind.BUTTON})

    dialect: Literal["template"]
    set: Out | None = None
    keep: Out | None = None
    play: Out | None = None
    pause: Out | None = None
    resume: Out | None = None
    stop: Out | None = None
    volume: Out | None = None
    say: Out | None = None
    hush: Out | None = None
    chime: Out | None = None
    query: Out | None = None
    state: Incoming | None = None
    available: Incoming | None = None
    done: Incoming | None = None
    brightness_scale: int = Field(default=100, ge=1, le=65_535)
    volume_scale: int = Field(default=100, ge=1, le=65_535)

    def model_post_init(self, _context: object) -> None:
        """Refuse what lacks a topic that its kinds need. Raises ValueError."""
        needs = {Kind.LIGHT: ("set",), Kind.SWITCH: ("set",), Kind.PLAYER: ("play", "set"), Kind.VOICE: ("say", "set")}
        for kind in self.kinds:
            if kind in needs and not any(getattr(self, key) for key in needs[kind]):
                raise ValueError(f"{needs[kind][0]} is missing: which topic and payload reach the {kind}?")
        if Kind.BUTTON in self.kinds and self.state is None:
            raise ValueError("state is missing: which topic says that the button was pressed?")
        for do, kind in names.KINDS.items():
            if kind in self.kinds:
                self._try(do)

    def outgoing(self, do: str) -> tuple[Outgoing, ...]:
        """What is published for a command: its own key, else `set`."""
        named = None if do in ("light", "switch") else getattr(self, do, None)
        named = named or (self.set if do != "keep" else None)
        return () if named is None else (named,) if isinstance(named, Outgoing) else tuple(named)

    def written(self, change: Change) -> tuple[Message, ...]:
        """What is published for a change, empty payloads included; nothing for what this device does not do."""
        values = names.values(change, self.brightness_scale, self.volume_scale)
        if values is None or names.KINDS[values["do"]] not in self.kinds:
            return ()
        written = ((each.topic, template(each.payload).rendered(values)) for each in self.outgoing(values["do"]))
        return tuple(Message(topic, payload) for topic, payload in written if payload is not None)

    def _try(self, do: str) -> None:
        """Raises ValueError where a template fails with what it may be given: some names are none at times."""
        has_colours = bool(self.mentions(do) & names.MIXED)
        for change in names.TRIALS[do]:
            if isinstance(change, SetLight) and isinstance(change.colour, Rgb) and not has_colours:
                continue
            if len(self.written(change)) < len(self.outgoing(do)):
                given = names.values(change, self.brightness_scale, self.volume_scale) or {}
                shown = ", ".join(f"{name} {value}" for name, value in given.items() if value is not None)
                raise ValueError(
                    f"a template fails with {shown} (all else none); say what stands for none: {{{{ mired or 0 }}}}"
                )

    def remarks(self) -> list[EntryRemark]:
        return [EntryRemark("state", _NO_OFF)] if self.cannot_say_off else []

    @cached_property
    def cannot_say_off(self) -> bool:
        """Whether it reads the level of a dimmable light out of JSON and leaves there whether it is on.

        Most devices keep their level while they are off (Tasmota: `{"POWER": "OFF", "Dimmer": 50}`).
        """
        dims = Kind.LIGHT in self.kinds and bool(self.mentions("light") & {"brightness", "level"})
        if not dims or self.state is None or "value_json" not in template(self.state.payload).names:
            return False
        probe = _Probe()
        said = template(self.state.payload).rendered({"value": "50", "value_json": probe}) or ""
        if fields(said):
            return "state" not in fields(said)
        return number(said) is not None and not any(_SWITCH.search(name) for name in probe.asked)

    def mentions(self, do: str) -> frozenset[str]:
        """The names that the payloads of a command use: what the device can be told."""
        return frozenset().union(*(template(message.payload).names for message in self.outgoing(do)))
