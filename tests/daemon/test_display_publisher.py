"""What dashboards see of a home in service, what they choose, and that nothing is left of what is no more."""

import asyncio
import json
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from orchestrator.daemon.display_publisher import DisplayPublisher
from orchestrator.devices.messages import Message
from orchestrator.home.library import read
from orchestrator.integrations.home_assistant import ScheduleSummary
from orchestrator.integrations.interface import Interface
from orchestrator.mqtt.connection import Connection
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import HOME, House, client, house

CONFIG = "homeassistant/device/relax/den/config"
HUB = "homeassistant/device/relax/config"
ATTIC = "homeassistant/device/relax/attic/config"


class Broker:
    """What is stored at the broker, as somebody sees it who listens to everything from now on."""

    def __init__(self, mosquitto: Mosquitto) -> None:
        self.stored: dict[str, str] = {}
        self.said: list[Message] = []
        self.connection = Connection(mosquitto.address, client_id="looker", subscriptions=["#"], on_message=self._hear)

    def _hear(self, message: Message) -> None:
        self.said.append(message)
        if message.retain:
            self.stored[message.topic] = message.payload

    def published(self, topic: str) -> list[str]:
        return [message.payload for message in self.said if message.topic == topic]


async def stored(mosquitto: Mosquitto) -> dict[str, str]:
    """All that is stored now."""
    broker = Broker(mosquitto)
    async with broker.connection:
        await broker.connection.first(LIMIT)
        broker.connection.publish([Message("looker/done", "")])
        await until(lambda: broker.published("looker/done"))
    return broker.stored


def rooms_of(topics: dict[str, str]) -> set[str]:
    return {topic.split("/")[2] for topic in topics if topic.startswith("relax/rooms/")}


def announced(payload: str) -> set[str]:
    return set(json.loads(payload)["components"])


async def choose(place: House, choice: dict[str, object]) -> dict[str, Any]:
    place.client.asked += 1
    name = f"choice-{place.client.asked}"
    payload = json.dumps({"request_id": name, **choice})
    place.client.connection.publish([Message("relax/rooms/den/choose", payload)])
    await until(lambda: any(reply.get("request_id") == name for reply in place.client.replies()))
    return next(reply for reply in place.client.replies() if reply.get("request_id") == name)


def shown(place: House) -> dict[str, Any]:
    displays = [one.payload for one in place.client.heard if one.topic == "relax/rooms/den/display"]
    return json.loads(displays[-1]) if displays else {}


async def test_a_start_without_a_scene_starts_what_was_chosen(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        assert (await choose(place, {"scene": "quiet", "parameters": {"rest": "10min"}}))["ok"]
        await until(
            lambda: (
                shown(place)["choice"]
                == {"scene": "quiet", "title": "Quiet", "parameters": {"rest": 600.0}, "cautions": []}
            )
        )
        assert (await place.client.ask("start"))["ok"]
        await until(lambda: place.client.state()["status"] == "running")
        rows = place.journal.read("SELECT parameters FROM sessions")
        assert [json.loads(given) for (given,) in rows] == [{"rest": "10min"}]
        await place.client.ask("abort")
        await until(lambda: shown(place)["status"] == "idle")
        given = {"command": "start", "parameters": {"rest": "5min"}}
        assert (await place.client.ask(given))["ok"]
        await until(lambda: len(place.journal.read("SELECT id FROM sessions")) == 2)
        rows = place.journal.read("SELECT parameters FROM sessions ORDER BY started_at DESC")
        assert json.loads(rows[0][0]) == {"rest": "5min"}
        assert shown(place)["choice"]["parameters"] == {"rest": 600.0}
        await place.client.ask("abort")
        await until(lambda: place.client.state()["status"] == "idle")


async def test_a_choice_that_cannot_be_is_answered_and_changes_nothing(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        await choose(place, {"scene": "quiet"})
        await until(lambda: shown(place)["choice"] and shown(place)["choice"]["scene"] == "quiet")
        before = shown(place)
        wrong: list[tuple[dict[str, object], str]] = [
            ({"scene": "quite"}, "unknown_scene"),
            ({"parameters": {"rest": "1h"}}, "bad_parameter"),
            ({"parameters": {"soak": "1min"}}, "bad_parameter"),
            ({"scnee": "quiet"}, "malformed"),
        ]
        for choice, code in wrong:
            reply = await choose(place, choice)
            assert reply["error"]["code"] == code
        assert shown(place) == before
        start = {"command": "start", "parameters": {"rest": "1h"}}
        assert (await place.client.ask(start))["error"]["code"] == "bad_parameter"


async def test_a_choice_outlives_the_daemon(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        await choose(place, {"scene": "quiet", "parameters": {"rest": "3min"}})
    async with house(tmp_path, mosquitto) as place:
        quiet = {"scene": "quiet", "title": "Quiet", "parameters": {"rest": 180.0}, "cautions": []}
        await until(lambda: shown(place) and shown(place)["choice"] == quiet)


async def test_home_assistant_hears_of_another_scene_once_it_has_settled(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        broker = Broker(mosquitto)
        async with broker.connection:
            await until(lambda: broker.published(CONFIG))
            await choose(place, {"scene": "foot-massage"})
            await choose(place, {"scene": "quiet"})
            await until(lambda: "set_rest_number" in announced(broker.published(CONFIG)[-1]))
            parts = [announced(payload) for payload in broker.published(CONFIG)]
            assert not any("set_feet_select" in each for each in parts)
            await choose(place, {"scene": "foot-massage"})
            await until(lambda: "set_feet_select" in announced(broker.published(CONFIG)[-1]))
            farewell = json.loads(broker.published(CONFIG)[-2])["components"]
            assert farewell == {"set_rest_number": {"platform": "number"}}
        kept = await stored(mosquitto)
        assert "set_rest_number" not in announced(kept[CONFIG])


async def test_when_home_assistant_has_started_it_hears_everything_again(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto):
        broker = Broker(mosquitto)
        async with broker.connection:
            await until(lambda: broker.published(CONFIG))
            (before,) = broker.published(CONFIG)
            broker.connection.publish([Message("homeassistant/status", "online")])
            await until(lambda: len(broker.published(CONFIG)) == 2)
            assert broker.published(CONFIG)[1] == before


async def test_a_room_whose_devices_are_all_away_is_offline(tmp_path: Path, mosquitto: Mosquitto) -> None:
    lonely = (
        "home: house\nformat: 1\nbroker: {{port: {port}}}\ndevices:\n  strip: {{kind: light, dialect: home_assistant,"
    )
    lonely += " command_topic: strip/command, state_topic: strip/state, availability_topic: strip/status}}\n"
    lonely += "rooms: {{den: {{roles: {{main: strip}}}}}}\n"
    async with rehoused(tmp_path, mosquitto, lonely) as place:
        broker = Broker(mosquitto)
        async with broker.connection:
            await last(broker, "relax/rooms/den/status", "online")
            for payload in ("offline", "online"):
                broker.connection.publish([Message("strip/status", payload, retain=True)])
                await last(broker, "relax/rooms/den/status", payload)
        assert place.service.playing() == []


async def last(broker: Broker, topic: str, payload: str) -> None:
    """Until this is what was published last."""
    await until(lambda: broker.published(topic)[-1:] == [payload])


def rehoused(folder: Path, mosquitto: Mosquitto, text: str) -> AbstractAsyncContextManager[House]:
    """The house with another home file."""
    return house(folder, mosquitto, text=text)


TWO_ROOMS = HOME.replace("rooms:\n", "rooms:\n  attic: {{title: Attic, roles: {{main: ceiling}}}}\n")


@pytest.mark.parametrize("then", [HOME, HOME.replace("  den:", "  lounge:")], ids=["removed", "renamed"])
async def test_nothing_is_left_of_a_room_that_is_no_more(tmp_path: Path, mosquitto: Mosquitto, then: str) -> None:
    async with rehoused(tmp_path, mosquitto, TWO_ROOMS):
        assert rooms_of(await settled(mosquitto, {"den", "attic"})) == {"den", "attic"}
    now = "lounge" if "lounge" in then else "den"
    async with house(tmp_path, mosquitto, text=then, room=now):
        broker = Broker(mosquitto)
        async with broker.connection:
            await broker.connection.first(LIMIT)
        kept = await settled(mosquitto, {now})
        assert {topic for topic in kept if "/device/" in topic} == {HUB, f"homeassistant/device/relax/{now}/config"}


async def settled(mosquitto: Mosquitto, rooms: set[str]) -> dict[str, str]:
    """What is stored, once the rooms are these."""
    async with asyncio.timeout(LIMIT):
        while True:
            kept = {topic: payload for topic, payload in (await stored(mosquitto)).items() if payload}
            if rooms_of(kept) == rooms and sum("/device/" in topic for topic in kept) == len(rooms) + 1:
                return kept


async def test_a_title_changes_what_a_room_is_called_and_no_id(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with rehoused(tmp_path, mosquitto, TWO_ROOMS):
        before = json.loads((await settled(mosquitto, {"den", "attic"}))[ATTIC])
    async with rehoused(tmp_path, mosquitto, TWO_ROOMS.replace("title: Attic", "title: Loft")):
        broker = Broker(mosquitto)
        async with broker.connection:
            await until(lambda: any("Relax Loft" in one for one in broker.published(ATTIC)))
        after = json.loads(broker.published(ATTIC)[-1])
    assert (before["device"].pop("name"), after["device"].pop("name")) == ("Relax Attic", "Relax Loft")
    assert (before["device"].pop("suggested_area"), after["device"].pop("suggested_area")) == ("Attic", "Loft")
    assert before == after


async def test_where_home_assistant_is_off_nothing_of_ours_is_left_there(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto):
        assert CONFIG in await settled(mosquitto, {"den"})
    foreign = Message("homeassistant/device/relax/other/config", '{"origin": {"name": "other"}}', retain=True)
    async with client(mosquitto) as somebody:
        somebody.connection.publish([foreign])
    async with rehoused(tmp_path, mosquitto, HOME + "home_assistant: off\n") as place:
        broker = Broker(mosquitto)
        async with broker.connection:
            await broker.connection.first(LIMIT)
            await until(lambda: shown(place))
        kept = {topic for topic, payload in (await stored(mosquitto)).items() if "/device/" in topic and payload}
        assert kept == {foreign.topic}


async def test_another_prefix_leaves_nothing_below_the_old_one(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto):
        assert CONFIG in await settled(mosquitto, {"den"})
    async with rehoused(tmp_path, mosquitto, HOME + "home_assistant: {{prefix: ha}}\n"):
        kept = await settled(mosquitto, {"den"})
        assert {topic for topic in kept if "/device/" in topic} == {
            "ha/device/relax/config",
            "ha/device/relax/den/config",
        }


async def test_a_schedule_that_is_deleted_is_taken_away(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        broker = Broker(mosquitto)
        async with broker.connection:
            await until(lambda: broker.published(CONFIG))
            place.service._display_publisher.schedules_are([ScheduleSummary("wind-down", "Wind down", "den")])
            await until(lambda: "schedule_wind-down" in announced(broker.published(CONFIG)[-1]))
            place.service._display_publisher.schedules_are([])
            await until(lambda: "schedule_wind-down" not in announced(broker.published(CONFIG)[-1]))
            farewell = json.loads(broker.published(CONFIG)[-2])["components"]
            assert farewell["schedule_wind-down"] == {"platform": "switch"}


async def test_what_was_deleted_while_the_daemon_was_away_is_taken_away(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        broker = Broker(mosquitto)
        async with broker.connection:
            place.service._display_publisher.schedules_are([ScheduleSummary("wind-down", "Wind down", "den")])
            await until(lambda: broker.published(CONFIG) and "schedule_wind-down" in broker.published(CONFIG)[-1])
    broker = Broker(mosquitto)
    async with broker.connection:
        await broker.connection.first(LIMIT)
        async with house(tmp_path, mosquitto):
            await until(
                lambda: any('"schedule_wind-down": {"platform": "switch"}' in one for one in broker.published(CONFIG))
            )
    assert "schedule_wind-down" not in (await stored(mosquitto))[CONFIG]


def test_two_hundred_rooms_hear_of_it_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"room-{number}" for number in range(200)]
    rooms = "".join(f"  {name}: {{roles: {{}}}}\n" for name in names)
    home = read(f"home: h\nformat: 1\ndevices: {{}}\nrooms:\n{rooms}", "home.yaml")
    display_publisher = DisplayPublisher(
        home,
        None,  # type: ignore[arg-type]
        Interface(names),
        Nobody(),  # type: ignore[arg-type]
        [],
        publish=lambda _messages: None,
        wall=lambda _moment: None,  # type: ignore[arg-type,return-value]
        chance=lambda: 0.5,
    )
    display_publisher.hear(Message("homeassistant/status", "online"), 1000)
    moments = [at for at, again in display_publisher._to_announce.values() if again]
    assert moments == [1000, *range(1050, 11_050, 50)], "relax itself, and then the rooms"


class Nobody:
    """A journal in which nobody has chosen anything."""

    def chosen(self) -> list[object]:
        return []
