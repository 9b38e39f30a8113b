"""How a session goes on that was cut off: with the room as it was before it, from its chapter, and with a word."""

from orchestrator.conductor.aside import aside
from orchestrator.conductor.ledger import Remembered
from orchestrator.conductor.measures import Measures
from orchestrator.conductor.request import Start
from orchestrator.conductor.snapshot import Snapshot
from orchestrator.session.state import Recollection
from orchestrator.values import Track

GOING_ON = {"en": "I was away for a moment. We go on.", "de": "Ich war kurz weg. Es geht weiter."}
"""What is said after a restart. Other languages hear it in English until a scene brings words of its own."""


def as_remembered(taken: Snapshot, remembered: Remembered, start: Start, measures: Measures) -> Snapshot:
    """The room as it was before the session that was cut off, not as that session left it."""
    devices = {(device, attribute): value for device, attribute, value in remembered.snapshot}
    before = dict(taken.before)
    for role, cast in start.roles.items():
        for (device, attribute), value in devices.items():
            if device == cast[0]:
                before[Track(role, attribute)] = measures.scene_value(attribute, value)
    return Snapshot(before, {**taken.devices, **devices}, taken.unknown)


def recollection(remembered: Remembered, start: Start) -> Recollection:
    """Where it goes on, and what it says first; one that lands says nothing."""
    words = None
    if remembered.ending is None:
        language = start.timeline.language
        words = aside(GOING_ON.get(language.partition("-")[0], GOING_ON["en"]), language)
    return Recollection(remembered.number, remembered.touched, words, remembered.ending)
