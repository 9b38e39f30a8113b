"""One relax drives a home at a time, whoever starts it: the next one says so and ends, and touches nothing."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.daemon.driver import refuse_second, run_claim
from orchestrator.devices.messages import Message
from orchestrator.home.library import load
from orchestrator.integrations.driver_claim import ClaimTopics, DriverClaim
from orchestrator.mqtt.address import Address
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import ENVIRONMENT, Process, client, devices, write_house

pytestmark = pytest.mark.broker

ROOT = Path(__file__).parents[2]
TAKEN = "Another relax drives the home house"


async def done(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Its exit code and what it said; the devices of this process play on meanwhile."""
    out, said = await asyncio.to_thread(process.communicate, timeout=LIMIT)
    return process.returncode, out, said


def relax(folder: Path, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "orchestrator", *arguments],
        env={**ENVIRONMENT, "RELAX_HOME": str(folder / "home.yaml"), "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("base", ["relax", "spa/relax"])
async def test_a_second_service_ends_with_a_sentence_and_the_first_plays_on(
    base: str, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    home = load(write_house(tmp_path, mosquitto.port), ENVIRONMENT)
    first = Process(tmp_path)
    async with devices(home, mosquitto) as simulator, client(mosquitto) as somebody:
        first.start()
        await until(somebody.state)
        await somebody.ask({"command": "start", "scene": "quiet", "parameters": {"rest": "1min"}})
        await until(lambda: somebody.state()["status"] == "running")
        wills = len(somebody.wills())
        sent = len(somebody.heard)
        second = relax(tmp_path, "daemon", "--base", base, "--state-dir", str(tmp_path / "other"))
        code, _, said = await done(second)
        assert code == 4, said
        assert TAKEN in said
        assert "a service" in said
        assert said.count("\n") == 1, said
        assert len(somebody.wills()) == wills
        assert not [message for message in somebody.heard[sent:] if message.topic.endswith("/status")]
        await somebody.ask("stop")
        await until(lambda: somebody.state()["status"] == "idle")
        assert simulator.simulated is not None
        assert first.end() == 0


async def test_a_standalone_run_beside_a_service_is_refused_and_touches_no_lamp(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    home = load(write_house(tmp_path, mosquitto.port), ENVIRONMENT)
    service = Process(tmp_path)
    async with devices(home, mosquitto), client(mosquitto) as somebody:
        service.start()
        await until(somebody.state)
        before = len([message for message in somebody.heard if message.topic.endswith("/set")])
        run = relax(tmp_path, "run", str(tmp_path / "scenes" / "brief.yaml"), "--standalone")
        code, out, said = await done(run)
        assert (code, out) == (4, "")
        assert TAKEN in said
        assert "`relax run` without --standalone" in said
        assert len([message for message in somebody.heard if message.topic.endswith("/set")]) == before
        assert service.end() == 0


async def test_a_second_standalone_run_is_refused_while_the_first_plays(mosquitto: Mosquitto, tmp_path: Path) -> None:
    home = load(write_house(tmp_path, mosquitto.port), ENVIRONMENT)
    async with devices(home, mosquitto):
        scene = str(tmp_path / "scenes" / "brief.yaml")
        first = relax(tmp_path, "run", scene, "--standalone", "--json", "--set", "rest=1min")
        assert first.stdout is not None
        while "session_started" not in (line := await asyncio.to_thread(first.stdout.readline)):
            assert line
        second = relax(tmp_path, "run", scene, "--standalone")
        code, _, said = await done(second)
        assert code == 4
        assert "`relax run --standalone`" in said
        first.terminate()
        await done(first)
        third = relax(tmp_path, "run", scene, "--standalone", "--speed", "20")
        code, _, said = await done(third)
        assert code == 0, said


async def test_two_runs_that_begin_in_the_same_moment_are_one(mosquitto: Mosquitto, tmp_path: Path) -> None:
    home = load(write_house(tmp_path, mosquitto.port), ENVIRONMENT)
    async with devices(home, mosquitto):
        scene = str(tmp_path / "scenes" / "brief.yaml")
        both = [relax(tmp_path, "run", scene, "--standalone", "--speed", "10") for _ in range(2)]
        ends = await asyncio.gather(*(done(one) for one in both))
        assert sorted(code for code, _, _ in ends) == [0, 4], ends


async def test_a_claim_whose_driver_is_gone_is_no_driver(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """A retained word outlives whoever said it."""
    own = run_claim("relax")
    gone = run_claim("relax")
    address = Address("127.0.0.1", mosquitto.port)
    async with client(mosquitto) as somebody:
        somebody.connection.subscribe(["relax-drivers/#"])
        somebody.connection.publish(ClaimTopics("house").claimed(gone))
        await until(lambda: somebody.heard_of("relax-drivers/house/claim"))
        await refuse_second(address, "house", own)


async def test_a_service_that_comes_back_after_a_kill_waits_for_nobody(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """Its own claim is still there, and it knows it."""
    home = load(write_house(tmp_path, mosquitto.port), ENVIRONMENT)
    service = Process(tmp_path)
    async with devices(home, mosquitto), client(mosquitto) as somebody:
        service.start()
        await until(somebody.state)
        service.kill()
        await until(lambda: len(somebody.wills()) >= 1)
        somebody.heard.clear()
        service.start()
        await until(lambda: somebody.heard_of("relax/status"))
        assert service.end() == 0
        assert not service.says(TAKEN)


async def test_nothing_of_the_claim_stays_at_the_broker(mosquitto: Mosquitto, tmp_path: Path) -> None:
    write_house(tmp_path, mosquitto.port)
    service = Process(tmp_path)
    async with client(mosquitto) as somebody:
        somebody.connection.subscribe(["relax-drivers/#"])
        service.start()
        await until(lambda: somebody.heard_of("relax-drivers/house/claim"))
        assert service.end() == 0
        await until(lambda: somebody.heard_of("relax-drivers/house/claim")[-1].payload == "")


async def test_of_two_services_the_one_that_connected_later_gives_way(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """Where the question went wrong: the broker was away as the second began."""
    write_house(tmp_path, mosquitto.port)
    service = Process(tmp_path)
    async with client(mosquitto) as somebody:
        somebody.connection.subscribe(["relax-drivers/#"])
        service.start()
        await until(lambda: somebody.heard_of("relax-drivers/house/claim"))
        claim = DriverClaim.model_validate_json(somebody.heard_of("relax-drivers/house/claim")[-1].payload)
        topics = ClaimTopics("house")
        earlier = claim.model_copy(update={"driver": "0" * 32, "since": claim.since.replace(year=2020)})
        later = claim.model_copy(update={"driver": "f" * 32, "since": claim.since.replace(year=2099)})
        somebody.connection.publish(topics.claimed(later))
        await until(
            lambda: (
                somebody.heard_of("relax-drivers/house/claim")[-1].payload
                == claim.model_dump_json(exclude_defaults=True)
            )
        )
        assert not service.has_ended
        somebody.connection.publish([Message("relax-drivers/house/answer", earlier.model_dump_json())])
        await until(lambda: service.has_ended)
        assert service.says(TAKEN)


def test_a_claim_that_nobody_can_read_says_nothing() -> None:
    topics, own = ClaimTopics("house"), run_claim("relax")
    for payload in ("", "{}", "[1]", '{"driver": 3}', json.dumps({"driver": "x"}), "x" * 100_000):
        for topic in topics.subscriptions():
            message = Message(topic, payload)
            assert topics.replies(message, own) == []
            assert topics.rival(message, own) is None
