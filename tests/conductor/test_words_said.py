"""Words planned are words said: each shipped scene as `relax simulate` plays it, in each language, with each choice."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rehearsal import Rehearsal, Sent
from orchestrator.events.event import EventRecord
from orchestrator.events.step import StepStarted
from orchestrator.home.library import read
from orchestrator.scenes.planning.timeline import Say, Timeline
from orchestrator.units import Ms
from tests.scenes.shipped import EVERYWHERE, scene, settings

DONE = "kind: [player, voice], dialect: relax_speaker, topic: speaker"
SAY = "{{ {'do': 'say', 'text': text, 'gap': gap} | tojson }}"
NOT_DONE = f'kind: voice, dialect: template, say: {{topic: speaker/set, payload: "{SAY}"}}'
ROUNDED: Ms = 50
"""Rate and gap go over the wire with two places, so words take a little more or less than planned."""
HOME = """
home: small
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
  speaker: {%s}
rooms:
  den: {roles: {main: lamp, voice: speaker}}
"""


def rehearsed(name: str, language: str, chosen: dict[str, object], speaker: str) -> tuple[Timeline, list[Sent | Any]]:
    home = read(HOME % speaker, "small.yaml")
    start = prepare(scene(name), home, "den", chosen, name="den-1", language=language)
    return start.timeline, list(Rehearsal(home, start).play())


def said(played: list[Sent | Any]) -> Iterator[tuple[Ms, str]]:
    for one in played:
        if isinstance(one, Sent) and one.message.topic == "speaker/set":
            told = json.loads(one.message.payload)
            assert told["do"] != "hush", "nothing is cut"
            if told["do"] == "say":
                yield one.at, told["text"]


@pytest.mark.parametrize("speaker", [DONE, NOT_DONE], ids=["says done", "never says done"])
@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_words_planned_are_words_said_and_the_hands_have_their_seconds_after(
    name: str, language: str, speaker: str
) -> None:
    for chosen in settings(name):
        timeline, played = rehearsed(name, language, chosen, speaker)
        heard, steps = iter(said(played)), [(one.at, one.event) for one in played if isinstance(one, EventRecord)]
        begun = [at for at, event in steps if isinstance(event, StepStarted)]
        for number, chapter in enumerate((*timeline.chapters, timeline.finish)):
            words = (*chapter.cues, *(chapter.wait.cues if chapter.wait else ()))
            over: Ms = 0
            for say in (cue.what for cue in words if isinstance(cue.what, Say)):
                at, text = next(heard)
                assert text == say.text, (chosen, chapter.id)
                assert at >= over, "two at once"
                over = at + say.lasts - ROUNDED
                if number + 1 < len(begun):
                    assert begun[number] <= at
                    assert over <= begun[number + 1]
            if number + 1 < len(begun):
                assert begun[number + 1] - begun[number] >= chapter.longest - ROUNDED, (chosen, chapter.id)
        assert next(heard, None) is None
