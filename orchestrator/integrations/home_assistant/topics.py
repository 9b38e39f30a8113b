"""Where Home Assistant looks for what there is, and where it says that it is there."""

import re
from typing import NamedTuple

_NOT_IN_AN_ID = re.compile(r"[^a-zA-Z0-9_-]+")
"""Home Assistant takes no other characters in a discovery topic."""

USUAL_BIRTH = "homeassistant/status"
"""The birth topic that Home Assistant has by default, whatever its discovery prefix is."""


class Topics(NamedTuple):
    """Of the daemon with a base topic, for a Home Assistant that listens below `prefix`."""

    base: str
    prefix: str

    @property
    def slug(self) -> str:
        """The base topic as an id: the base topics of one broker should not differ in punctuation only."""
        return _NOT_IN_AN_ID.sub("-", self.base)

    @property
    def births(self) -> tuple[str, ...]:
        """Where Home Assistant may say that it has started: people who move it put it below their own prefix."""
        return tuple(dict.fromkeys((USUAL_BIRTH, f"{self.prefix}/status")))

    @property
    def every_config(self) -> str:
        """A filter for all that we ever announced, below any prefix of one level."""
        return f"+/device/{self.slug}/+/config"

    @property
    def hub_config(self) -> str:
        """Where relax itself is announced."""
        return f"{self.prefix}/device/{self.slug}/config"

    @property
    def every_hub(self) -> str:
        """A filter for where relax itself ever was, below any prefix of one level."""
        return f"+/device/{self.slug}/config"

    def is_hub(self, topic: str) -> bool:
        """Whether relax itself is announced there, or was."""
        return topic.split("/")[-3:] == ["device", self.slug, "config"]

    def config(self, room: str) -> str:
        """Where a room is announced."""
        return f"{self.prefix}/device/{self.slug}/{room}/config"

    def is_config(self, topic: str) -> bool:
        """Whether rooms of ours, or relax itself, are announced there, or were."""
        levels = topic.split("/")
        if self.is_hub(topic):
            return True
        return levels[-4:-2] == ["device", self.slug] and levels[-1] == "config" and len(levels) > 4

    def room(self, room: str, leaf: str) -> str:
        """One of our own topics."""
        return f"{self.base}/rooms/{room}/{leaf}"

    def schedule(self, schedule: str, leaf: str) -> str:
        return f"{self.base}/schedules/{schedule}/{leaf}"

    def unique(self, room: str, component: str) -> str:
        """An id that no other entity has, and that stays when the room is called otherwise."""
        return f"{self.slug}_{room}_{component}"
