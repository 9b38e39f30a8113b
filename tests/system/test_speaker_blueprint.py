"""What is imported into Home Assistant, in a real one: the speaker, "start a scene when …", the card."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestrator.daemon.clock import local_time, now
from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.daemon.service import Service
from orchestrator.devices.messages import Message
from orchestrator.home.library import load
from orchestrator.integrations.interface import Interface
from orchestrator.journal.journal import Journal
from orchestrator.mqtt.connection import Connection
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import Client
from tests.daemon.serving import client as somebody_who_asks
from tests.system.home_assistant import Client as HomeClient
from tests.system.home_assistant import HomeAssistant, found
from tests.system.imported import IMPORTED, SPEAKERS, TEN_WORDS, Speaker, put_all, speaker

SCENES = Path(__file__).parents[2] / "scenes"
MUSIC = "http://127.0.0.1/calm.mp3"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.kill()


@pytest.fixture(scope="module")
def home(broker: Mosquitto) -> Iterator[HomeAssistant]:
    """One for all tests here: it takes ten seconds until it has said its birth message."""
    with found() as home:
        put_all(home)
        broker.start()
        home.start(broker.port)
        yield home


@pytest.fixture(params=["plain", "announcing", "satellite"])
async def any_speaker(
    request: pytest.FixtureRequest, home: HomeAssistant, broker: Mosquitto
) -> AsyncIterator[tuple[Speaker, str]]:
    async with speaker(request.param, home, broker) as here:
        yield here, SPEAKERS[request.param]["player"]


@pytest.fixture
async def plain(home: HomeAssistant, broker: Mosquitto) -> AsyncIterator[Speaker]:
    async with speaker("plain", home, broker) as here:
        yield here


# Another test run may have Home Assistant at the moment.
pytestmark = pytest.mark.timeout(1800)


# Music


async def test_music_plays_at_its_volume_pauses_goes_on_and_stops(any_speaker: tuple[Speaker, str]) -> None:
    here, player = any_speaker
    here.order("volume", level=0.1)
    here.order("play", uri=MUSIC, loop=True)
    await here.home.wait_for(player, "playing")
    assert here.home.attribute(player, "media_content_id") == MUSIC
    await until(lambda: (here.state()["playing"], here.state()["volume"]) == (MUSIC, 0.1))
    here.order("pause")
    await here.home.wait_for(player, "paused")
    await until(lambda: here.state()["paused"])
    here.order("resume")
    await here.home.wait_for(player, "playing")
    await until(lambda: not here.state()["paused"])
    here.order("stop")
    await here.home.wait_for(player, "idle")
    await until(lambda: here.state()["playing"] == "")
    assert ("music", 0.25) not in here.loudness(player)


async def test_what_it_can_is_what_its_player_can(home: HomeAssistant, broker: Mosquitto) -> None:
    async with speaker("plain", home, broker) as here:
        assert here.state()["abilities"] == ["say", "done", "ducks", "loop", "pause", "hush"]
    async with speaker("announcing", home, broker) as here:
        assert "hush" not in here.state()["abilities"]
    async with speaker("ducking", home, broker) as here:
        assert "rate" in here.state()["abilities"]
        assert "gap" not in here.state()["abilities"]


async def test_a_volume_turned_by_hand_is_told(plain: Speaker) -> None:
    await plain.home.call("media_player.volume_set", "media_player.plain", volume_level=0.33)
    await until(lambda: plain.state().get("volume") == 0.33)


async def test_music_that_somebody_stops_is_told_and_not_begun_again(plain: Speaker) -> None:
    plain.order("play", uri=MUSIC, loop=True)
    await plain.home.wait_for("media_player.plain", "playing")
    await until(lambda: plain.state().get("playing") == MUSIC)
    await plain.home.call("media_player.media_stop", "media_player.plain")
    await until(lambda: plain.state()["playing"] == "")
    assert plain.home.state("media_player.plain") == "idle"


async def test_music_that_has_ended_begins_again(plain: Speaker) -> None:
    plain.order("play", uri="http://127.0.0.1/short.mp3", loop=True)
    await until(lambda: plain.loudness("media_player.plain").count(("music", 0.25)) == 3)


# Words


async def test_words_have_their_volume_for_themselves_and_music_comes_back_at_its_own(
    any_speaker: tuple[Speaker, str],
) -> None:
    here, player = any_speaker
    here.order("volume", level=0.1)
    here.order("play", uri=MUSIC, loop=True)
    await here.home.wait_for(player, "playing")
    began = now()
    here.say("den-1-1")
    await until(lambda: ("den-1-1", "started") in here.events())
    here.order("volume", level=0.12)  # a fade of the music goes on under the words
    await here.ended("den-1-1")
    assert now() - began >= 1900, "ten words"
    await here.home.wait_for(player, "playing")
    assert here.home.attribute(player, "media_content_id") == MUSIC
    assert here.home.attribute(player, "volume_level") == 0.12
    story = here.loudness(player)
    assert not [moment for moment in story if moment[0] == "music" and moment[1] not in (0.1, 0.12)], "no shouting"
    assert not [moment for moment in story if moment[0] == "words" and moment[1] != 0.4]
    assert here.events() == [("den-1-1", "started"), ("den-1-1", "done")]
    assert (here.state()["playing"], here.state()["volume"], here.state()["paused"]) == (MUSIC, 0.12, False)


@pytest.mark.parametrize("name", ["plain", "announcing", "seeking"])
async def test_music_does_not_come_and_go_between_the_sentences_of_one_announcement(
    name: str, home: HomeAssistant, broker: Mosquitto
) -> None:
    async with speaker(name, home, broker) as here:
        player = SPEAKERS[name]["player"]
        here.order("volume", level=0.1)
        here.order("play", uri=MUSIC, loop=True)
        await here.home.wait_for(player, "playing")
        here.say("den-1-1.1", "Let it go.", more=True, gap=1.5)
        await until(lambda: ("den-1-1.1", "done") in here.events())
        await asyncio.sleep(1.5)
        here.say("den-1-1.2", "Lean back.")
        await here.ended("den-1-1.2")
        await here.home.wait_for(player, "playing")
        assert here.home.attribute(player, "volume_level") == 0.1
        doing = [moment[0] for moment in here.loudness(player)]
        first, last = doing.index("words"), len(doing) - 1 - doing[::-1].index("words")
        assert first < last
        assert "music" not in doing[first:last]
        assert doing[-1] == "music"


async def test_music_comes_back_where_no_sentence_follows_after_all(plain: Speaker) -> None:
    plain.order("volume", level=0.1)
    plain.order("play", uri=MUSIC, loop=True)
    await plain.home.wait_for("media_player.plain", "playing")
    plain.say("den-1-1.1", "Let it go.", more=True, gap=0)
    await plain.ended("den-1-1.1")
    await plain.home.wait_for("media_player.plain", "playing")
    assert plain.home.attribute("media_player.plain", "volume_level") == 0.1


async def test_music_that_words_took_out_of_a_player_goes_on_where_it_was(
    home: HomeAssistant, broker: Mosquitto
) -> None:
    async with speaker("seeking", home, broker) as here:
        here.order("play", uri=MUSIC, loop=True)
        await here.home.wait_for("media_player.seeking", "playing")
        await here.home.call("media_player.media_seek", "media_player.seeking", seek_position=100)
        await until(lambda: here.home.attribute("media_player.seeking", "media_position") == 100)
        here.home.events.clear()
        here.say("den-1-1")
        await here.ended("den-1-1")
        await until(lambda: here.home.calls("media_player.media_seek"))
        (sought,) = here.home.calls("media_player.media_seek")
        assert 100 <= sought["seek_position"] < 100 + LIMIT
        await here.home.wait_for("media_player.seeking", "playing")
        assert here.home.attribute("media_player.seeking", "media_content_id") == MUSIC


async def test_a_player_that_lowers_its_music_is_handed_the_volume_and_plays_on(
    home: HomeAssistant, broker: Mosquitto
) -> None:
    async with speaker("ducking", home, broker) as here:
        here.order("volume", level=0.1)
        here.order("play", uri=MUSIC, loop=True)
        await here.home.wait_for("media_player.ducking", "playing")
        await until(lambda: here.state()["volume"] == 0.1)
        here.home.events.clear()
        here.say("den-1-1", 'Let it go, & "lean" back.', rate=85)
        await here.ended("den-1-1")
        (called,) = here.home.calls("media_player.play_media")
        assert (called["announce"], called["extra"]) == (True, {"volume": 40, "announce_volume": 0.4})
        await here.home.wait_for("media_player.ducking", lambda so: so["attributes"].get("media_content_id") == MUSIC)
        assert here.loudness("media_player.ducking") == [("words", 0.1), ("music", 0.1)]
        assert not here.home.calls("media_player.media_pause")
        assert here.events() == [("den-1-1", "started"), ("den-1-1", "done")]


async def test_words_reach_the_engine_as_they_were_sent(plain: Speaker) -> None:
    plain.order("say", id="den-1-1", text="5, 4, 3, 2, 1", language="de", volume=0.4, rate=85, gap=1)
    await plain.ended("den-1-1")
    (called,) = plain.home.calls("tts.speak")
    assert (called["language"], called["options"]) == ("de-DE", {"speed": 0.5})
    (played,) = plain.home.calls("media_player.play_media")
    assert "message=5,+4,+3,+2,+1&" in played["media_content_id"]


async def test_a_second_text_replaces_the_first(plain: Speaker) -> None:
    plain.order("volume", level=0.1)
    plain.order("play", uri=MUSIC, loop=True)
    await plain.home.wait_for("media_player.plain", "playing")
    plain.say("den-1-1", TEN_WORDS * 3)
    await until(lambda: ("den-1-1", "started") in plain.events())
    plain.say("den-1-2")
    await plain.ended("den-1-2")
    assert [event for event in plain.events() if event[1] != "started"] == [("den-1-1", "failed"), ("den-1-2", "done")]
    await plain.home.wait_for("media_player.plain", "playing")
    assert plain.home.attribute("media_player.plain", "volume_level") == 0.1


async def test_words_can_be_cut_and_music_that_was_paused_meanwhile_stays_so(plain: Speaker) -> None:
    plain.order("play", uri=MUSIC, loop=True)
    await plain.home.wait_for("media_player.plain", "playing")
    plain.say("den-1-1", TEN_WORDS * 3)
    await plain.home.wait_for(
        "media_player.plain", lambda so: "tts" in (so["attributes"].get("media_content_id") or "")
    )
    plain.order("pause")
    plain.order("hush", id="den-1-1")
    await plain.ended("den-1-1", "failed")
    await plain.home.wait_for("media_player.plain", "idle")
    assert (plain.state()["playing"], plain.state()["paused"]) == (MUSIC, True)
    plain.order("resume")
    await plain.home.wait_for("media_player.plain", "playing")
    assert plain.home.attribute("media_player.plain", "media_content_id") == MUSIC


async def test_a_hand_on_the_knob_while_it_speaks_is_kept(plain: Speaker) -> None:
    plain.say("den-1-1")
    await until(lambda: ("den-1-1", "started") in plain.events())
    await plain.home.call("media_player.volume_set", "media_player.plain", volume_level=0.6)
    await plain.ended("den-1-1")
    await until(lambda: plain.state().get("volume") == 0.6)
    assert plain.home.attribute("media_player.plain", "volume_level") == 0.6


async def test_a_volume_that_was_turned_just_before_words_is_kept(plain: Speaker) -> None:
    def is_quiet() -> bool:
        """Nothing of relax's has gone out for a while."""
        updated = datetime.fromisoformat(plain.home.states["sensor.relax_speaker_speakers_plain"]["last_updated"])
        return (datetime.now(UTC) - updated).total_seconds() > 3.1

    await until(is_quiet)
    await plain.home.call("media_player.volume_set", "media_player.plain", volume_level=0.62)
    plain.say("den-1-1", "Let it go.")
    await plain.ended("den-1-1")
    await until(lambda: plain.state().get("volume") == 0.62)
    assert plain.home.attribute("media_player.plain", "volume_level") == 0.62


async def test_an_engine_that_reads_ssml_is_handed_rate_and_pauses(home: HomeAssistant, broker: Mosquitto) -> None:
    async with speaker("marked", home, broker) as here:
        assert {"rate", "gap"} <= set(here.state()["abilities"])
        here.say("den-1-1", "Let go & rest. Lean <back>.", rate=70, gap=1.5)
        await here.ended("den-1-1")
        (called,) = here.home.calls("tts.speak")
        said = 'Let go &amp; rest.<break time="1500ms"/> Lean &lt;back&gt;.'
        assert called["message"] == f'<speak><prosody rate="50%">{said}</prosody></speak>'


async def test_a_recording_is_announced_and_is_done_at_its_end(plain: Speaker) -> None:
    plain.order("announce", id="den-1-1", uri="http://127.0.0.1/short.mp3")
    await plain.ended("den-1-1")
    (called,) = plain.home.calls("media_player.play_media")
    assert called["announce"] is True


async def test_a_chime_is_heard_where_it_has_one_by_this_name(plain: Speaker) -> None:
    plain.order("chime", sound="unheard-of")
    plain.order("chime", sound="soft")
    await plain.home.wait_for("media_player.plain", "playing")
    (called,) = plain.home.calls("media_player.play_media")
    assert called["media_content_id"] == "http://127.0.0.1/short-bell.mp3"
    await plain.home.wait_for("media_player.plain", "idle")


async def test_what_it_does_not_know_it_ignores(plain: Speaker) -> None:
    for payload in (
        "no JSON",
        "[]",
        '{"do": "dance"}',
        '{"do": "volume", "level": "loud"}',
        '{"do": "play"}',
        "{}",
        "7",
    ):
        plain.connection.publish([Message(f"{plain.topic}/set", payload)])
    plain.say("den-1-1", "Still here.")
    await plain.ended("den-1-1")
    assert plain.home.attribute("media_player.plain", "volume_level") == 0.25


async def test_the_demo_player_of_home_assistant_is_a_speaker(home: HomeAssistant, broker: Mosquitto) -> None:
    """It shows nothing of what it plays: words get the time that they should take."""
    async with speaker("demo", home, broker) as here:
        here.order("play", uri=MUSIC, loop=True)
        await here.home.wait_for("media_player.bedroom", lambda so: so["attributes"].get("media_content_id") == MUSIC)
        began = now()
        here.say("den-1-1", "Let it go.", volume=0.35)
        await here.home.wait_for("media_player.bedroom", lambda so: so["attributes"].get("volume_level") == 0.35)
        await here.ended("den-1-1")
        assert now() - began >= 1800
        assert here.home.calls("tts.speak")[0]["message"] == "Let it go."
        await here.home.wait_for("media_player.bedroom", lambda so: so["attributes"].get("volume_level") == 0.25)


# A session


WHISPERS = """
scene: whispers
format: 1
languages: [en]
title: Whispers
roles: {main: {kind: light}, music: {kind: player}, voice: {kind: voice}}
parameters: {rest: {duration: 1s, min: 1s, max: 10min}}
looks: {warm: {main: {brightness: 40%}}}
steps:
  - step: arrive
    look: warm
    music: {play: [calm], volume: 60%, fade: 1s}
    say: "Sit down, lean back."
    lasts: 1s
  - {step: sink, say: "Now let your shoulders drop, and breathe out slowly.", lasts: "{{ rest }}"}
finish: {look: restore, fade: 1s, music: {stop: true, fade: 500ms}}
stopped: {look: restore, fade: 500ms}
"""
HOUSE = """
home: house
format: 1
broker: {{host: 127.0.0.1, port: {port}}}
devices:
  lamp: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}}
  speaker: {{kind: [player, voice], dialect: relax_speaker, topic: speakers/announcing}}
rooms:
  den: {{roles: {{main: lamp, music: speaker, voice: speaker}}}}
music: {{calm: "{music}"}}
"""


@asynccontextmanager
async def service(folder: Path, broker: Mosquitto) -> AsyncIterator[None]:
    """relax itself, with a scene that speaks and the speaker that Home Assistant is."""
    (folder / "home.yaml").write_text(HOUSE.format(port=broker.port, music=MUSIC))
    (folder / "scenes").mkdir()
    (folder / "scenes" / "whispers.yaml").write_text(WHISPERS)
    house = load(folder / "home.yaml", {})
    repository, errors = read_scenes([folder / "scenes"])
    assert not errors
    journal = Journal(folder / "state" / "journal.db")
    journal.open(local_time(), now())
    try:
        async with Service(house, repository, journal, Interface(house.model.rooms)):
            yield
    finally:
        journal.close()


UNTOLD = 5.0
"""Seconds, and more, for which a session waits for the end of words of which it is not told."""


def moment(event: dict[str, Any]) -> float:
    return datetime.fromisoformat(event["at"]).timestamp()


async def test_a_scene_is_started_by_home_assistant_and_its_words_wait_until_the_player_is_done(
    home: HomeAssistant, broker: Mosquitto, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(speaker("announcing", home, broker))
        asking = await stack.enter_async_context(somebody_who_asks(broker))
        await stack.enter_async_context(service(tmp_path, broker))
        await until(asking.state)
        await here.home.call("input_boolean.turn_on", "input_boolean.lies_down")
        await until(lambda: asking.events("session_started"))
        assert asking.state()["trigger"] == "automation"
        await until(lambda: asking.state()["status"] == "idle" and asking.events("landed"))
        spoken = [event["data"] for event in here.home.events if event.get("event_type") == "call_service"]
        assert [one["service_data"]["message"] for one in spoken if one["service"] == "speak"] == [
            "Sit down, lean back.",
            "Now let your shoulders drop, and breathe out slowly.",
        ]
        assert [event for _, event in here.events()] == ["started", "done", "started", "done"]
        words = [
            datetime.fromisoformat(event["time_fired"]).timestamp()
            for event in here.home.events
            if event.get("event_type") == "state_changed"
            and event["data"]["entity_id"] == "media_player.announcing"
            and "tts" in (event["data"]["old_state"]["attributes"].get("media_content_id") or "")
            and "tts" not in (event["data"]["new_state"]["attributes"].get("media_content_id") or "")
        ]
        assert len(words) == 2, "the moments when the player has finished its words"
        announced = [moment(event) for event in asking.events("announced")]
        steps = [moment(event) for event in asking.events("step_started")]
        landing = moment(asking.events("landing")[0])
        assert words[0] - announced[0] >= 0.8, "four words of the rehearsed voice"
        assert 0.9 <= steps[1] - words[0] < UNTOLD, "`lasts: 1s` counts from the end of the words, of which it was told"
        assert words[1] - announced[1] >= 1.8, "nine words"
        assert 0.9 <= landing - words[1] < UNTOLD
        assert here.home.state("media_player.announcing") != "playing"
        assert here.home.attribute("media_player.announcing", "volume_level") == 0.25


async def test_nothing_is_started_where_a_condition_does_not_hold(home: HomeAssistant, broker: Mosquitto) -> None:
    async with somebody_who_asks(broker) as asking, home.client() as here:
        await here.call("input_boolean.turn_off", "input_boolean.lies_down")
        await here.call("input_boolean.turn_off", "input_boolean.wants_it")
        await here.call("input_boolean.turn_on", "input_boolean.lies_down")
        await here.call("input_boolean.turn_off", "input_boolean.lies_down")
        await here.call("input_boolean.turn_on", "input_boolean.wants_it")
        await here.call("input_boolean.turn_on", "input_boolean.lies_down")
        await until(lambda: told(asking))
        command = told(asking)[0]
        assert command.pop("request_id")
        assert command == {
            "command": "start",
            "scene": "whispers",
            "trigger": "automation",
            "parameters": {"rest": "1s"},
        }
        await until(lambda: notified(here, "relax does not answer"))
        assert len({each["request_id"] for each in told(asking)}) == 1, "sent again, and the same"


def told(asking: Client) -> list[dict[str, Any]]:
    return [json.loads(one.payload) for one in asking.heard_of("relax/rooms/den/command")]


def notified(here: HomeClient, words: str) -> bool:
    """Whether a person is told this at the bell."""
    return any(words in call["message"] for call in here.calls("persistent_notification.create"))


async def test_whoever_wrote_a_start_that_is_refused_is_told_why(
    home: HomeAssistant, broker: Mosquitto, tmp_path: Path
) -> None:
    async with somebody_who_asks(broker) as asking, service(tmp_path, broker), home.client() as here:
        await until(asking.state)
        await here.call("input_boolean.turn_off", "input_boolean.is_wrong")
        await here.call("input_boolean.turn_on", "input_boolean.is_wrong")
        await until(lambda: notified(here, "rounds"))
        assert not asking.events("session_started")


@pytest.mark.parametrize(
    ("answer", "command", "caution"),
    [("later", "later 20min", None), ("skip", "skip", 'Not "hot": 38 °C.'), ("now", "now", "Warm water only.")],
)
async def test_a_phone_is_asked_ten_minutes_before_and_its_answer_is_told(
    home: HomeAssistant, broker: Mosquitto, answer: str, command: str, caution: str | None
) -> None:
    async with somebody_who_asks(broker) as asking, home.client() as here:
        publish = asking.connection.publish
        sensor = {"default_entity_id": "sensor.soon", "unique_id": "soon", "state_topic": "soon", "name": "soon"}
        config = json.dumps({**sensor, "device_class": "timestamp", "json_attributes_topic": "soon/more"})
        publish([Message("homeassistant/sensor/soon/config", config, retain=True)])
        await until(lambda: here.state("sensor.soon"))
        publish([Message("soon/more", json.dumps({"caution": caution}), retain=True)])
        await until(lambda: here.attribute("sensor.soon", "caution") == caution)
        due = local_time() + timedelta(seconds=601.5)
        publish([Message("soon", due.isoformat(), retain=True)])
        await until(lambda: here.calls("script.phone"))
        (asked,) = here.calls("script.phone")
        begins = f"Your wind-down begins at {due.astimezone(UTC):%H:%M}."
        assert asked["message"].splitlines() == [begins, *([caution] if caution else [])], (
            "as the clock there shows it, and whom it is not for"
        )
        await until(lambda: asking.heard_of("relax/schedules/wind-down/command"))
        (chosen,) = [one["action"] for one in asked["data"]["actions"] if f"_{answer}_" in one["action"]]
        await here.ask("fire_event", event_type="mobile_app_notification_action", event_data={"action": chosen})
        await until(lambda: len(asking.heard_of("relax/schedules/wind-down/command")) == 2)
        assert [one.payload for one in asking.heard_of("relax/schedules/wind-down/command")] == ["announce", command]


# The card


async def test_the_card_is_loaded_and_is_made_of_stock_cards(home: HomeAssistant) -> None:
    async with home.client() as here:
        shown = await here.ask("lovelace/config", url_path="relax-den")
    text = json.dumps(shown)
    assert "custom:" not in text
    for key in ("start", "pause", "next", "back", "repeat", "extend", "stop"):
        assert f"button.relax_den_{key}" in text
    for entity in ("select.relax_den_scene", "sensor.relax_den_step", "sensor.relax_den_progress"):
        assert entity in text


@pytest.mark.parametrize("blueprint", ["relax_speaker", "start_a_scene", "ask_before"])
def test_every_input_of_a_blueprint_is_in_the_guide(blueprint: str) -> None:
    guide = (IMPORTED / "README.md").read_text(encoding="utf-8")
    written = (IMPORTED / f"{blueprint}.yaml").read_text(encoding="utf-8").replace("!input", "")
    inputs = yaml.safe_load(written)["blueprint"]["input"]
    names = [name for name in inputs if name != "fine"] + list(inputs["fine"]["input"])
    assert [name for name in names if f"`{name}`" not in guide] == []


async def test_a_speaker_that_has_just_been_made_says_at_once_that_it_is_there(plain: Speaker) -> None:
    plain.heard.clear()
    await plain.home.call("automation.reload")
    await until(lambda: plain.status() == "online" and plain.state())
    plain.say("den-1-1", "Here.")
    await plain.ended("den-1-1")


# The ends of it. These come last: they are rough.


async def test_a_player_that_is_gone_is_offline_and_words_for_it_fail(plain: Speaker) -> None:
    await plain.home.call("rehearsed.plug", there=False)
    await until(lambda: plain.status() == "offline")
    plain.say("den-1-1")
    await until(lambda: ("den-1-1", "failed") in plain.events())
    await plain.home.call("rehearsed.plug", there=True)
    await until(lambda: plain.status() == "online")


async def test_home_assistant_has_nothing_to_complain_about(home: HomeAssistant) -> None:
    """Of the tests above; what comes below is its own fault. Its demo player says that it can seek, and cannot."""
    known = (
        "custom integration rehearsed",
        "relax does not answer",
        "rounds",
        "automation.speaker_demo] speaker demo: Choose at step 1: choice 15: If",
    )
    assert [line for line in home.complaints() if not any(fault in line for fault in known)] == []


async def test_after_a_broker_that_forgot_everything_it_is_there_again(home: HomeAssistant, broker: Mosquitto) -> None:
    broker.restart()
    async with speaker("plain", home, broker) as here:  # waits for its retained state
        here.say("den-1-1", "Here again.")
        await here.ended("den-1-1")


async def test_words_that_cannot_be_spoken_have_failed(plain: Speaker) -> None:
    plain.say("den-1-1", "unspeakable")
    await plain.ended("den-1-1", "failed")
    assert plain.home.attribute("media_player.plain", "volume_level") == 0.25


async def test_home_assistant_that_ends_says_that_the_speaker_is_offline(
    home: HomeAssistant, broker: Mosquitto
) -> None:
    async with speaker("plain", home, broker):
        pass
    heard: list[Message] = []
    connection = Connection(
        broker.address, client_id="listener", subscriptions=["speakers/plain/status"], on_message=heard.append
    )
    async with connection:
        await connection.first(LIMIT)
        home.stop()
        await until(lambda: heard and heard[-1].payload == "offline")
