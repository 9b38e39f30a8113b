"""The files of docs/integrations/openhab: every topic, payload and JSONPath in them is one of ours.

openHAB itself cannot be had here, so this reads the files as its documents describe them: `Type KIND : ID "…" [ … ]`.
Formats are Java's; those that stand here mean the same in Python.
"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from orchestrator.commands import Extend, MusicVolume
from orchestrator.devices.messages import Message
from orchestrator.events.session import Landed
from orchestrator.integrations.interface import Interface
from orchestrator.integrations.outgoing import EventMessage
from orchestrator.integrations.requests import Do, Request, StartScene
from orchestrator.integrations.room_state import RoomStatus, state
from orchestrator.scenes import library
from orchestrator.scenes.planning.timeline import Hands
from orchestrator.session.state import Status
from orchestrator.session.view import View
from orchestrator.units import MINUTE, Percent

FOLDER = Path(__file__).parents[2] / "docs" / "integrations" / "openhab"
ROOM = "bedroom"
MOMENT = datetime(2026, 11, 23, 22, 15, tzinfo=UTC)
_CHANNEL = re.compile(r"^\s*Type (\w+)\s+: (\w+)\s+\"[^\"]+\"\s+\[ (.*) \]$", re.MULTILINE)
_SETTING = re.compile(r'(\w+)=("([^"]*)"|[\w.]+)')
_ITEM = re.compile(r'^([\w:]+)\s+(\w+)\s+"[^"]*"\s+(?:\(\w+\)\s+)?\{ channel="([\w:]+)"', re.MULTILINE)
_MAPPED = re.compile(r"(?:Switch|Slider)\s+item=(\w+).*?(?:mappings=\[(.*?)\]|minValue=(\d+) maxValue=(\d+))")


class Channel(NamedTuple):
    kind: str
    settings: dict[str, str]


def text(name):
    return (FOLDER / name).read_text(encoding="utf-8")


def settings(written):
    return {key: quoted or plain for key, plain, quoted in _SETTING.findall(written)}


CHANNELS = {name: Channel(kind, settings(rest)) for kind, name, rest in _CHANNEL.findall(text("relax.things"))}
ITEMS = {name: (kind, channel) for kind, name, channel in _ITEM.findall(text("relax.items"))}


def pressed():
    """Each item with a value that the sitemap lets a person choose."""
    for item, mappings, least, most in _MAPPED.findall(text("relax.sitemap")):
        for value in re.findall(r'"?([\w-]+)"?="', mappings) or (least, most):
            yield pytest.param(item, value, id=f"{item}-{value}")


def session():
    """How a room stands in the middle of a session, as it is published."""
    view = View(Status.RUNNING, "foot-massage", "soak", "Soak", 3, 12, 90_000, 600_000, None, Hands.OILY, 1.0, None)
    standing = RoomStatus(Status.RUNNING, "bedroom-1", "foot-massage", "Foot massage", "en", "mqtt", view)
    return json.loads(state(standing, 0, MOMENT).payload())


def test_the_files_are_read():
    assert len(CHANNELS) == text("relax.things").count("Type ") == 13
    assert len(ITEMS) == text("relax.items").count("channel=") == 12
    assert len(list(pressed())) == 12


@pytest.mark.parametrize(("item", "value"), list(pressed()))
def test_every_button_of_the_sitemap_is_a_command_that_relax_takes(item, value):
    channel = CHANNELS[ITEMS[item][1].rpartition(":")[2]]
    number = channel.kind == "number"
    payload = channel.settings.get("formatBeforePublish", "%s") % (float(value) if number else value)
    asked = Interface([ROOM]).asked(Message(channel.settings["commandTopic"], payload))
    assert asked is not None
    assert asked.room == ROOM
    assert isinstance(asked.request, Request), asked.request
    assert asked.request.word == payload.split(maxsplit=1)[0]


def test_formats_carry_their_values():
    def what(channel, value):
        payload = CHANNELS[channel].settings["formatBeforePublish"] % value
        asked = Interface([ROOM]).asked(Message(f"relax/rooms/{ROOM}/command", payload))
        assert asked is not None
        return asked.understood().what

    assert what("extend", 2.0) == Do(Extend(2 * MINUTE))
    assert what("volume", 35.0) == Do(MusicVolume(Percent(35.0)))
    assert what("start", "box-breathing") == StartScene("box-breathing", {})


def test_every_scene_of_the_sitemap_ships():
    scenes = [param.values[1] for param in pressed() if param.values[0].endswith("_Start")]
    assert len(scenes) == 3
    for scene in scenes:
        assert library.load(scene).model.scene == scene


@pytest.mark.parametrize("name", [name for name, channel in CHANNELS.items() if "stateTopic" in channel.settings])
def test_every_json_path_finds_what_its_channel_shows(name):
    kind, told = CHANNELS[name]
    event = EventMessage(event=Landed.kind, at=MOMENT)
    payloads = {
        f"relax/rooms/{ROOM}/session": session(),
        f"relax/rooms/{ROOM}/event": json.loads(event.payload()),
    }
    path = re.fullmatch(r"JSONPATH:\$\.(\w+)", told["transformationPattern"])
    assert path is not None
    value = payloads[told["stateTopic"]][path[1]]
    assert isinstance(value, int | float if kind == "number" else str)


def test_nothing_is_sent_retained_and_the_thing_is_there_while_relax_is():
    assert [name for name, channel in CHANNELS.items() if "retained" in channel.settings] == []
    things = settings(text("relax.things"))
    status = Interface([ROOM])
    assert things["availabilityTopic"] == status.status(online=True).topic
    assert things["payloadAvailable"] == status.status(online=True).payload
    assert things["payloadNotAvailable"] == status.will().payload


def test_items_are_linked_to_channels_of_their_kind_and_sitemaps_to_items():
    kinds = {"string": {"String"}, "number": {"Number", "Number:Time"}}
    for kind, channel in ITEMS.values():
        thing, _, name = channel.rpartition(":")
        assert thing == "mqtt:topic:home:relax_bedroom"
        assert kind in kinds[CHANNELS[name].kind]
    assert {name for _, channel in ITEMS.values() for name in [channel.rpartition(":")[2]]} == {*CHANNELS} - {"event"}
    used = set(re.findall(r"item=(\w+)|visibility=\[(\w+)", text("relax.sitemap")))
    assert {name for pair in used for name in pair if name} <= set(ITEMS)
