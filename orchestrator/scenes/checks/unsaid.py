"""Words of a scene that no choice ever has said."""

from collections.abc import Collection, Iterator

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.checks.remarks import Remark, quoted
from orchestrator.scenes.format.languages import CAUTIONS, texts
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.format.templates import BadTemplate, mentioned_in
from orchestrator.scenes.format.tree import nodes

_SPOKEN = frozenset({"say", "first", "last", "text"})
_OF_THE_ROOM = frozenset({"ready", "decline", "again"})
"""What the plans of a check have once: a room may have it otherwise."""


def unsaid_remarks(scene: SceneModel, told: Collection[KeyPath]) -> Iterator[Remark]:
    """`told`: the places of all texts that were said with some choice, in some language."""
    by_room = [path for path, node in nodes(scene) if _asks_the_room(getattr(node, "when", None))]
    for path, text in texts(scene):
        place = path[-2] if isinstance(path[-1], int) else path[-1]
        if place not in _SPOKEN or text == CAUTIONS or path in told:
            continue
        if path[0] == "lost" or any(path[: len(asking)] == asking for asking in by_room):
            continue
        words = text if isinstance(text, str) else next(iter(text.values()))
        message = f"{quoted(words)} is never said, whatever is chosen: mend its `when`, or leave it out"
        yield Remark(path, "unsaid", 1.0, message)


def _asks_the_room(when: object) -> bool:
    try:
        return isinstance(when, str) and not _OF_THE_ROOM.isdisjoint(mentioned_in(when))
    except BadTemplate:
        return False
