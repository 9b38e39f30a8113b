"""How a session goes on that was cut off: with the room as it was before it, from its chapter, and with a word."""

from orchestrator.conductor.announcement import announcement
from orchestrator.conductor.journal_entries import RecoveryRecord
from orchestrator.conductor.request import Start
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.conductor.snapshot import Snapshot
from orchestrator.languages.library import own_words
from orchestrator.session.recovery import Recovery
from orchestrator.values import Track


def snapshot_of(taken: Snapshot, recovered: RecoveryRecord, start: Start, scale: RoomScale) -> Snapshot:
    """The room as it was before the session that was cut off, not as that session left it."""
    devices = {(device, attribute): value for device, attribute, value in recovered.snapshot}
    before = dict(taken.before)
    for role, cast in start.roles.items():
        for (device, attribute), value in devices.items():
            if device == cast[0]:
                before[Track(role, attribute)] = scale.scene_value(attribute, value)
    return taken._replace(before=before, devices={**taken.devices, **devices}, unsaid=frozenset())


def recovery(recovered: RecoveryRecord, start: Start) -> Recovery:
    """Where it goes on, and what it says first; one that lands says nothing."""
    words = None
    if recovered.ending is None:
        own, chapters = own_words(start.timeline.language), start.timeline.chapters
        chapter = chapters[min(recovered.number, len(chapters) - 1)] if chapters else None
        words = announcement(own.model.restarted, own.tag, chapter, timing=start.timing)
    return Recovery(recovered.number, recovered.touched, words, recovered.ending)
