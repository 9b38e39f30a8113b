"""The contract of a dialect: a pure codec between what we want of one device and the messages it understands.

A dialect module under `dialects/` has two things:

- a settings class: a pydantic model derived from `DeviceSettings` with the keys that a home file may give, and
- a codec class that satisfies `Dialect`, made from a device's name and its settings.

and is listed in `dialects/__init__.py`. It knows no clock, no connection and no other device. All that it remembers of
what it has decoded is what its device can, and what of a state a later message leaves out (decision 49).
"""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from orchestrator.devices.abilities import Abilities
from orchestrator.devices.messages import Change, Message, Report


class SharedTopics(NamedTuple):
    """Topic filters on which many devices announce themselves. `names` says of a payload whom it is about.

    A device hears what is about its own `name` there, and from then on whatever comes on that topic.
    """

    topics: Sequence[str]
    names: Callable[[str], Collection[str]]
    name: str


@runtime_checkable
class HearsOfItself(Protocol):
    """A codec some of whose topics are those of many: it need not be given what is about others."""

    @property
    def shared(self) -> SharedTopics | None: ...


@runtime_checkable
class AsksInParts(Protocol):
    """A codec whose question is several commands of its bridge's medium."""

    def query_in_parts(self) -> Sequence[Message]:
        """The same as `query`, one command a message. What tells most comes first: it may be enough."""
        ...


class Dialect(Protocol):
    """One device's codec."""

    @property
    def abilities(self) -> Abilities:
        """What the device can, as far as its dialect, its entry in the home file and what was heard of it tell."""
        ...

    @property
    def topics(self) -> Sequence[str]:
        """Topic filters to subscribe to. Any message on them may be given to `decode`."""
        ...

    def encode(self, change: Change) -> Sequence[Message]:
        """The messages that bring a change about, in order; none where the device cannot do it."""
        ...

    def cost(self, change: Change) -> int:
        """How many commands of the bridge's medium the change takes: what its budget counts."""
        ...

    def decode(self, message: Message) -> Sequence[Report]:
        """What a message says. None for what is not understood, of other devices, or malformed: never raises."""
        ...

    def query(self) -> Sequence[Message]:
        """The messages that ask for the device's state; none where it cannot be asked, or retains it anyway."""
        ...


def in_parts(dialect: Dialect) -> Sequence[Message]:
    """What asks a device how it is, each a command of its bridge's medium: what its budget counts."""
    return dialect.query_in_parts() if isinstance(dialect, AsksInParts) else dialect.query()
