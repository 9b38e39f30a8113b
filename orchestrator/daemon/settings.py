"""How the service is set up: by flags, else the environment (`RELAX_…`), else a file of settings, else by default.

Homes and scenes have files of their own; here is only what belongs to this machine. No secret stands in a setting:
the broker's password is in the home file, best as `${RELAX_BROKER_PASSWORD}`.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from orchestrator.documents.faults import near, sentence
from orchestrator.documents.notation import TopicBase
from orchestrator.errors import UsageError

PREFIX = "RELAX_"
JOURNAL = "journal.db"


class Settings(BaseModel):
    """What `relax daemon` needs to know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(default=Path("home.yaml"), description="The home file.")
    state_dir: Path = Field(default_factory=lambda: usual_state_dir(os.environ), description="Where the journal is.")
    scenes: tuple[Path, ...] = Field(default=(), description="Folders with scenes of your own, before those that ship.")
    base: TopicBase = Field(default="relax", description="The topic that all of ours begin with.")
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("scenes", mode="before")
    @classmethod
    def _folders(cls, value: object) -> object:
        """One text names several folders as PATH does."""
        return tuple(Path(part) for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @field_validator("home", "state_dir", mode="after")
    @classmethod
    def _at_home(cls, value: Path) -> Path:
        return value.expanduser()

    @property
    def journal(self) -> Path:
        """The file of the journal."""
        return self.state_dir / JOURNAL

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where a person's own scenes are: the folders named, and `scenes` beside the home file."""
        return (self.home.parent / "scenes", *(folder.expanduser() for folder in self.scenes))


def read_settings(flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings; flags that are None were not given. Raises UsageError with the name of what is wrong.

    The file of settings is TOML with the same names; RELAX_CONFIG names it.
    """
    known = Settings.model_fields
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    named = {name: environment[PREFIX + name.upper()] for name in known if environment.get(PREFIX + name.upper())}
    config = environment.get(PREFIX + "CONFIG")
    written = _written(Path(config).expanduser()) if config else {}
    chosen = {"state_dir": usual_state_dir(environment), **written, **named, **given}
    try:
        return Settings.model_validate(chosen)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        name = str(detail["loc"][0]) if detail["loc"] else ""
        if detail["type"] == "extra_forbidden":
            raise UsageError(f"There is no setting `{name}`{near(name, known)}.", f"Look into {config}.") from None
        raise UsageError(f"The setting `{name}` cannot be {_shown(chosen.get(name))}: {sentence(detail)}.") from None


def usual_state_dir(environment: Mapping[str, str]) -> Path:
    """Where the state is: what systemd gives a service, else /var/lib for root, else the person's own folder."""
    if given := environment.get("RELAX_STATE_DIR"):
        return Path(given)
    if given := environment.get("STATE_DIRECTORY"):
        return Path(given.split(":")[0])
    if os.geteuid() == 0:
        return Path("/var/lib/relax")
    folder = environment.get("XDG_STATE_HOME")
    return (Path(folder) if folder else Path.home() / ".local" / "state") / "relax"


def _written(file: Path) -> dict[str, Any]:
    """What a file of settings says; paths in it are seen from where it lies. Raises UsageError."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise UsageError(f"The file of settings {file} cannot be read: {reason}.") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: {error}.") from None
    for name in ("home", "state_dir"):
        if isinstance(found.get(name), str):
            found[name] = file.parent / Path(found[name]).expanduser()
    if isinstance(found.get("scenes"), list):
        found["scenes"] = [file.parent / Path(str(folder)).expanduser() for folder in found["scenes"]]
    return found


def _shown(value: object) -> str:
    return repr(str(value))[:80]
