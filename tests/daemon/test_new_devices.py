"""A running service offers what it hears of: in the log once, retained at the broker, in `relax status`."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestrator.daemon import new_devices
from orchestrator.daemon.new_devices import MOST_TOLD, NewDeviceLook, told
from orchestrator.home.library import Home, read
from orchestrator.integrations.outgoing import NewDevices
from tests.cli.conftest import ROOT, relax  # noqa: F401 - a fixture
from tests.cli.far_devices import at_broker, listener, retained
from tests.conftest import LIMIT, Mosquitto, until
from tests.devices.discovery.homes import recorded
from tests.devices.discovery.test_kinds import surveyed

pytestmark = pytest.mark.broker

LAMPS = "zigbee2mqtt/real-2.14.1-simulated-lamps"
HOME = "home: ours\nformat: 1\nbroker: {{port: {port}}}\n{more}rooms: {{den: {{roles: {{}}}}}}\n"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_devices, "HEARS_FOR", 1.0)


def home(mosquitto: Mosquitto, more: str = "") -> Home:
    return read(HOME.format(port=mosquitto.port, more=more), "home.yaml")


class Looked:
    """A look at a broker, and what it told."""

    def __init__(self, place: Home, mosquitto: Mosquitto, is_busy: Callable[[], bool] = lambda: False) -> None:
        self.told: list[NewDevices] = []
        self.look = NewDeviceLook(place, mosquitto.address, is_busy, self.told.append)


async def test_what_is_new_is_told_once_and_said_once(mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    looked = Looked(home(mosquitto), mosquitto)
    with at_broker(mosquitto.port, recorded(LAMPS)) as asked, listener(mosquitto.port) as published:
        assert [await looked.look.look() for _ in range(2)] == [True, True]
        assert asked == []
    assert published == [], "it listens, and nothing else"
    (found,) = looked.told
    assert found.count > 5
    assert {each.dialect for each in found.devices} == {"zigbee2mqtt"}
    (said,) = [record.getMessage() for record in caplog.records if "New at the broker" in record.getMessage()]
    assert "`relax home add` puts them into the home file." in said
    assert f"and {found.count - 5} more" in said


async def test_what_is_in_the_home_or_ignored_there_is_not_told(mosquitto: Mosquitto) -> None:
    looked = Looked(home(mosquitto, "ignore: [zigbee2mqtt/#]\n"), mosquitto)
    with at_broker(mosquitto.port, recorded(LAMPS)):
        assert await looked.look.look()
    assert looked.told == [NewDevices()]


async def test_nobody_listens_while_something_is_on(mosquitto: Mosquitto) -> None:
    answers = iter([False, False, True])
    looked = Looked(home(mosquitto), mosquitto, lambda: next(answers, True))
    with at_broker(mosquitto.port, recorded(LAMPS)):
        assert not await looked.look.look(), "a session began meanwhile"
        assert not await looked.look.look()
    assert looked.told == []


async def test_a_broker_that_is_away_is_tried_again(mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_devices, "BROKER_PATIENCE", 0.2)
    mosquitto.kill()
    assert not await Looked(home(mosquitto), mosquitto).look.look()


async def test_what_half_of_a_broker_said_is_not_told(mosquitto: Mosquitto) -> None:
    """It goes away while it is listened to: what it had no time to say is not gone from it."""
    calls = 0

    def is_busy() -> bool:
        nonlocal calls
        calls += 1
        if calls == 3:  # the first is asked before anybody listens
            mosquitto.kill()
        return False

    looked = Looked(home(mosquitto), mosquitto, is_busy)
    with at_broker(mosquitto.port, recorded(LAMPS)):
        assert not await looked.look.look()
    assert looked.told == []


def test_of_many_the_first_are_told_one_by_one() -> None:
    said = [(f"wled/{number:06x}/status", "online") for number in range(1000)]
    found = told(surveyed(*said).found())
    assert (found.count, len(found.devices)) == (1000, MOST_TOLD)
    assert len(found.payload()) < 5000


async def test_what_comes_of_5000_other_topics_is_nothing(mosquitto: Mosquitto) -> None:
    def unrelated(number: int) -> tuple[str, str]:
        forms = ("plant/{}/state", "{}/online", "house/{}/online", "logs/{}/value", "homeassistant/sensor/s{}/config")
        return forms[number % len(forms)].format(number), json.dumps({"value": "x" * 200, "number": number})

    retained(mosquitto.port, 5000, unrelated)
    looked = Looked(home(mosquitto), mosquitto)
    assert await looked.look.look()
    assert looked.told == [NewDevices()]


@contextmanager
def service(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """The service as a process that looks at once."""
    code = (
        "from orchestrator.daemon import new_devices; new_devices.FIRST = 0.5; "
        "from orchestrator.cli.entry import main; main()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, "daemon", "--home", "home.yaml"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RELAX_STATE_DIR": str(folder / "state")},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=LIMIT)


async def test_relax_status_offers_what_the_service_heard_of(relax, tmp_path, mosquitto):  # noqa: F811
    (tmp_path / "home.yaml").write_text(HOME.format(port=mosquitto.port, more=""))
    with at_broker(mosquitto.port, recorded(LAMPS)), service(tmp_path):
        from tests.daemon.serving import client

        async with client(mosquitto) as somebody:
            await until(lambda: somebody.heard_of("relax/new_devices"))
            payload = somebody.heard_of("relax/new_devices")[-1].payload
        import asyncio

        text = await asyncio.to_thread(relax, "status")
        data = await asyncio.to_thread(relax, "status", "--json")
        one = await asyncio.to_thread(relax, "status", "--room", "den")
    told_ = NewDevices.model_validate_json(payload)
    assert told_.count > 5
    line = text.out.splitlines()[-1]
    assert line.startswith("New at the broker: ")
    assert line.endswith("Put into the home: relax home add; not wanted: `ignore:` there.")
    assert f" and {told_.count - 5} more." in line
    assert json.loads(data.out)["new_devices"] == told_.model_dump()
    assert "New at the broker" not in one.out


def test_nothing_new_is_nothing_said() -> None:
    from orchestrator.cli.client.status_text import new_devices_line

    assert new_devices_line(NewDevices()) == ""
