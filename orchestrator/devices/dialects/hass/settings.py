"""What a home file says of a device of Home Assistant's: its entity; what it can, the entity says itself."""

import re
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from orchestrator.devices.abilities import Kind
from orchestrator.devices.settings import KINDS, DeviceSettings

PREFIX: Final = "hass"
"""What its topics begin with; the name of the bridge as well, whose budget holds for all of them."""
_ENTITY: Final = re.compile(r"[a-z][a-z0-9_]{0,60}\.[a-z0-9_]{1,190}")
_DOMAINS: Final = {
    Kind.LIGHT: ("light",),
    Kind.SWITCH: ("switch", "input_boolean", "fan", "humidifier", "light"),
    Kind.PLAYER: ("media_player",),
    Kind.VOICE: ("assist_satellite", "media_player"),
    Kind.BUTTON: ("event", "button", "input_button", "binary_sensor", "sensor"),
}
"""Of what domain an entity of each kind may be. What one is where nobody says it is the first that fits."""


def entity_id(text: object) -> str:
    """An entity as Home Assistant calls it: `light.hue_sofa`. Raises ValueError."""
    if not isinstance(text, str) or not _ENTITY.fullmatch(text):
        raise ValueError("expected an entity id such as light.hue_sofa, as Home Assistant's list of entities has it")
    return text


def kind_of(entity: str) -> Kind | None:
    """What an entity is where nobody says it; None where it is of no use here."""
    domain = entity.partition(".")[0]
    return next((kind for kind, domains in _DOMAINS.items() if domain in domains), None)


EntityId: TypeAlias = Annotated[
    str,
    PlainValidator(entity_id),
    WithJsonSchema({"type": "string", "pattern": f"^{_ENTITY.pattern}$", "examples": ["light.hue_sofa"]}),
]
VoiceName: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]


class HassSettings(DeviceSettings):
    """`entity`; without a `kind` that is as its domain says.

    Of a voice: `tts` is the entity that makes sound of words, `voice` one of its voices, or one for each language.
    """

    speaks: ClassVar[frozenset[Kind]] = frozenset(_DOMAINS)

    kind: Kind | KINDS = Kind.LIGHT
    dialect: Literal["hass"]
    entity: EntityId
    tts: EntityId | None = None
    voice: VoiceName | dict[str, VoiceName] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _kind_of_its_domain(cls, entry: Any) -> Any:
        if not isinstance(entry, dict) or "kind" in entry or not isinstance(entry.get("entity"), str):
            return entry
        kind = kind_of(entry["entity"])
        return entry if kind is None else {**entry, "kind": kind}

    @model_validator(mode="after")
    def _of_its_kind(self) -> "HassSettings":
        for kind in self.kinds:
            if self.domain not in _DOMAINS[kind]:
                raise ValueError(f"`{self.entity}` can be no {kind}: that takes one of {', '.join(_DOMAINS[kind])}")
        if self.tts is not None and not self.tts.startswith("tts."):
            raise ValueError(f"`tts: {self.tts}`: expected an entity such as tts.piper")
        if self.domain == "assist_satellite" and (self.tts is not None or self.voice):
            raise ValueError("a satellite speaks as its own assistant does: leave `tts` and `voice` away")
        return self

    @property
    def domain(self) -> str:
        return self.entity.partition(".")[0]

    @property
    def topic(self) -> str:
        """What its topics begin with; a group of Home Assistant's names its members so."""
        return f"{PREFIX}/{self.entity}"

    def voice_for(self, language: str) -> str | None:
        """None where the server is to choose."""
        return self.voice if isinstance(self.voice, str) else self.voice.get(language)
