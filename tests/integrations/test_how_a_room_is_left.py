"""Whoever looks at a room that lands is told what becomes of it: as before, in a look, or dark."""

from datetime import UTC, datetime

import pytest

from orchestrator.cli.client.status_text import status_line
from orchestrator.commands import Abort, RoomCommand, Stop
from orchestrator.devices.messages import Message
from orchestrator.integrations.outgoing import SessionState
from orchestrator.integrations.room_state import room_status, state
from orchestrator.scenes.planning.leaving import Leaving
from tests.conductor.wired import Wired

HOME = """
devices:
  one: {kind: light, dialect: zigbee2mqtt, topic: one, base: zigbee2mqtt}
  other: {kind: light, dialect: zigbee2mqtt, topic: other, base: zigbee2mqtt}
rooms: {bedroom: {roles: {main: one, glow: other}}}
"""
SCENE = """
scene: dim
format: 1
title: Dim
roles: {main: {kind: light}, glow: {kind: light}}
looks:
  low: {main: {brightness: 30%}, glow: {brightness: 10%}}
  half: {main: off}
  dark: {main: off, glow: off}
steps: [{step: a, look: low, fade: 2s, lasts: 10s}]
finish: {look: FINISH, fade: 20s}
stopped: {look: STOPPED, fade: 20s}
"""
WALL = datetime(2026, 11, 30, 22, tzinfo=UTC)
WORDS = {
    Leaving.AS_BEFORE: "bedroom: Dim, the room is being given back.",
    Leaving.LOOK: "bedroom: Dim, it ends in the light in which the scene leaves the room.",
    Leaving.DARK: "bedroom: Dim, it goes dark, and stays so.",
}


def landing(finish: str, stopped: str, command: RoomCommand | None) -> SessionState:
    wired = Wired(HOME)
    for name in ("one", "other"):
        wired.say(Message(name, '{"state": "ON", "brightness": 200}'))
    wired.start(SCENE.replace("FINISH", finish).replace("STOPPED", stopped))
    wired.until(5_000)
    before = published(wired)
    assert before.leaves is None
    if command is not None:
        wired.command(command)
    wired.until(10_100 if command is None else 5_100)
    return published(wired)


def published(wired: Wired) -> SessionState:
    return state(room_status(wired.conductor.runner("bedroom"), wired.now), wired.now, WALL)


@pytest.mark.parametrize(
    ("finish", "stopped", "command", "leaves"),
    [
        ("restore", "dark", None, Leaving.AS_BEFORE),
        ("dark", "restore", None, Leaving.DARK),
        ("low", "restore", None, Leaving.LOOK),
        ("half", "restore", None, Leaving.LOOK),
        ("dark", "restore", Stop(), Leaving.AS_BEFORE),
        ("restore", "dark", Stop(), Leaving.DARK),
    ],
)
def test_it_is_said_by_mqtt_and_on_the_command_line(
    finish: str, stopped: str, command: RoomCommand | None, leaves: Leaving
) -> None:
    shown = landing(finish, stopped, command)
    assert shown.leaves is leaves
    assert SessionState.model_validate_json(shown.payload()).leaves is leaves
    assert status_line("bedroom", shown, WALL) == WORDS[leaves]


def test_an_abort_goes_where_a_stop_would() -> None:
    wired = Wired(HOME)
    for name in ("one", "other"):
        wired.say(Message(name, '{"state": "ON", "brightness": 200}'))
    wired.start(SCENE.replace("FINISH", "restore").replace("STOPPED", "dark"))
    wired.until(5_000)
    wired.command(Abort())
    assert published(wired).leaves is Leaving.DARK
