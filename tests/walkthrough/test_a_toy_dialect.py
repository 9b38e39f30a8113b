"""A dialect is what CONTRIBUTING.md lists, and no more: its own files, a line, its place in two documents."""

import json

import pytest

from tests.walkthrough.harness import Copy, Edit, after, both, fails, listed, new, passes, said

FILES = listed("dialect", name="toy", version="1")
MODULE, LINE, TWIN, PAYLOADS, GUIDE, TABLE = FILES

_MODULE = '''"""Toy lamps: a number from 0 to 100 is how bright."""

from typing import ClassVar, Literal

from orchestrator.devices.abilities import Abilities, ColourMode, FadeBy, Kind, LightAbilities
from orchestrator.devices.family import Family
from orchestrator.devices.messages import Change, LightReport, Message, Report, SetLight
from orchestrator.devices.settings import DeviceSettings, Topic
from orchestrator.devices.wire import number, share, units

FULL_LEVEL = 100


class ToySettings(DeviceSettings):
    """`topic`: what `/be` and `/is` are added to."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT})

    dialect: Literal["toy"]
    topic: Topic


class Toy:
    """One toy lamp."""

    def __init__(self, name: str, settings: ToySettings) -> None:
        self.name = name
        self._topic = settings.topic
        own = LightAbilities(fade=FadeBy.STEPPED, off_fade=False, colours=ColourMode.NONE, steps=FULL_LEVEL)
        self._abilities = Abilities(light=settings.tuned(own))

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"{self._topic}/is",)

    def encode(self, change: Change) -> tuple[Message, ...]:
        if not isinstance(change, SetLight) or change.level is None:
            return ()
        return (Message(f"{self._topic}/be", str(units(change.level, FULL_LEVEL))),)

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def decode(self, message: Message) -> tuple[Report, ...]:
        level = number(message.payload) if message.topic == f"{self._topic}/is" else None
        return () if level is None else (LightReport(share(level, FULL_LEVEL)),)

    def query(self) -> tuple[Message, ...]:
        return ()


FAMILY = Family("toy", ToySettings, Toy)
'''
_TWIN = '''"""A toy lamp as it really is: it jumps, and says where it is."""

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.dialects.toy import FULL_LEVEL, ToySettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import number, share
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import LightState
from orchestrator.simulator.twin import Twin


class ToyFirmware:
    """One toy lamp."""

    def __init__(self, settings: ToySettings, _light: LightAbilities) -> None:
        self._topic = settings.topic

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"{self._topic}/be",)

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        del online
        return ()

    def asks(self, _message: Message) -> bool:
        return False

    def order(self, message: Message) -> Order | None:
        level = number(message.payload)
        return None if level is None else Order(level > 0, share(level, FULL_LEVEL) if level > 0 else None)

    def state(self, state: LightState) -> tuple[Message, ...]:
        return (Message(f"{self._topic}/is", str(round(state.level)), retain=True),)


TWIN = Twin(light=ToyFirmware)
'''
_PAYLOADS = {
    "source": "made up",
    "device": {"vendor": "Toys", "model": "Lamp", "firmware": "1", "recorded": "by hand"},
    "devices": {"lamp": {"kind": "light", "dialect": "toy", "topic": "toys/lamp"}},
    "encode": [
        {"device": "lamp", "change": {"SetLight": {"level": 0.2}}, "cost": 1, "messages": [["toys/lamp/be", "1"]]},
        {"device": "lamp", "change": {"SetLight": {"level": 0}}, "messages": [["toys/lamp/be", "0"]]},
    ],
    "query": {"lamp": []},
    "decode": [
        {"device": "lamp", "topic": "toys/lamp/is", "payload": "40", "reports": [{"LightReport": {"level": 40}}]},
        {"device": "lamp", "topic": "toys/lamp/is", "payload": "bright", "reports": []},
    ],
}
_HOME = """
home: toys
format: 1
devices:
  lamp: {kind: light, dialect: toy, topic: toys/lamp}
rooms:
  den: {roles: {main: lamp}}
"""


def _line(text: str) -> str:
    return text.replace('    "template",\n', '    "template",\n    "toy",\n')


EDITS: dict[str, Edit] = {
    MODULE: new(_MODULE),
    LINE: _line,
    TWIN: new(_TWIN),
    PAYLOADS: new(json.dumps(_PAYLOADS, indent=2)),
    GUIDE: both(
        after("| `template` | light, switch, player, voice, button | everything else that speaks MQTT |\n",
              "| `toy` | light | toy lamps |\n"),
        after("A voice without `done` is given the time that the words should take.\n",
              "\n### toy\n\n`topic`: what `/be` and `/is` are added to.\n"),
    ),
    TABLE: both(
        after("| `template` | button | each press is a signal | our twin only |\n",
              "| `toy` | light | relax fades it in steps; white only; says how it is | our twin only |\n"),
        after("| by hand, from their documents |\n", "| `toy` | Toys | Lamp | 1 | light | by hand |\n"),
    ),
}  # fmt: skip
"""What a person writes; the last is what `make docs` writes."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("dialect"))


def test_the_list_is_the_one_that_is_tried() -> None:
    assert list(EDITS) == FILES


def test_it_speaks_and_is_simulated_with_these_files_alone(copy: Copy) -> None:
    copy.write(EDITS)
    passes(copy.tests("tests/contracts", "tests/devices/test_payloads.py", named="toy or every_dialect"))
    (copy.folder.parent / "home.yaml").write_text(_HOME)
    played = copy.relax("simulate", "box-breathing", "--home", "../home.yaml", "--json")
    assert (played.returncode, played.stderr) == (0, ""), said(played)
    assert '"topic": "toys/lamp/be"' in played.stdout
    assert copy.changed() == set(FILES)


def test_it_is_documented_and_looked_over_with_these_files_alone(copy: Copy) -> None:
    copy.write(EDITS)
    passes(copy.python("tests.generated_docs"))  # `make docs`: it writes what is written already
    passes(
        copy.tests("tests/test_docs.py", named="Toy or every_dialect or stale or recorded_of"),
        copy.tests("tests/simulator/test_without_a_twin.py", named="every_dialect"),
        *copy.checked(*FILES),
    )
    assert copy.changed() == set(FILES)


MISSED_BY = {
    MODULE: ("tests/devices/test_payloads.py", "every_dialect"),
    LINE: ("tests/devices/test_payloads.py", "every_dialect"),
    TWIN: ("tests/simulator/test_without_a_twin.py", "every_dialect"),
    PAYLOADS: ("tests/devices/test_payloads.py", "every_dialect"),
    GUIDE: ("tests/test_docs.py", "every_dialect"),
    TABLE: ("tests/test_docs.py", "stale"),
}


@pytest.mark.parametrize("file", FILES)
def test_without_any_one_of_them_a_check_fails(copy: Copy, file: str) -> None:
    copy.write(EDITS, without=file)
    assert file not in copy.changed()
    fails(copy.tests(MISSED_BY[file][0], named=MISSED_BY[file][1]), "toy")
