"""What is refused is seen by whoever looks at the room, and what is asked is answered by what became of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestrator.devices.messages import Message
from orchestrator.errors import UnknownScene
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.library import read
from orchestrator.scenes.titles import scene_called
from tests.conftest import Mosquitto, until
from tests.daemon.serving import House, house

WAITING = """
scene: feet-up
format: 1
languages: [en, de]
title: {en: Feet up, de: Füße hoch}
roles: {main: {kind: light}}
steps:
  - {step: lie, title: {en: Lie down, de: Leg dich hin}, wait: {at_most: 10min, usually: 5min}}
  - {step: rest, title: {en: Rest, de: Ruhe}, lasts: 5min}
stopped: {look: restore, fade: 500ms}
"""
WARNING = """
scene: warm-feet
format: 1
languages: [en, de]
title: {en: Warm feet, de: Warme Füße}
parameters: {bath: {flag: true}}
cautions:
  - {when: bath, text: {en: Warm water only., de: Nur warmes Wasser.}}
  - {en: Stop when it hurts., de: "Hör auf, wenn es wehtut."}
roles:
  main: {kind: light}
  VOICE: {kind: voice, optional: true}
steps: [{step: rest, lasts: 5min}]
stopped: {look: restore, fade: 100ms}
"""


def health(place: House) -> dict[str, Any]:
    told = place.client.heard_of("relax/health")
    return json.loads(told[-1].payload) if told else {}


async def test_what_is_refused_is_seen_until_something_begins(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        assert place.client.state()["refused"] is None
        reply = await place.client.ask({"command": "start", "scene": "quiet", "parameters": {"rounds": 3}})
        await until(lambda: place.client.state()["refused"])
        refused = place.client.state()["refused"]
        assert (refused["command"], refused["code"]) == ("start", "bad_parameter")
        assert "rounds" in refused["message"]
        assert refused["what_to_do"]
        (event,) = place.client.events("refused")
        said = {"command": "start", "code": "bad_parameter", "message": reply["error"]["message"]}
        assert event["details"] == said
        await until(lambda: "rounds" in (health(place)["problem"] or ""))
        await place.client.ask({"command": "start", "scene": "Quiet"})
        await until(lambda: place.client.state()["status"] == "running")
        assert place.client.state()["refused"] is None
        await until(lambda: health(place)["problem"] is None)


async def test_what_came_at_the_wrong_moment_is_told_and_nothing_is_wrong(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        await place.client.ask("next")
        await until(lambda: place.client.events("refused"))
        assert place.client.events("refused")[0]["details"]["code"] == "not_now"
        await place.client.ask({"command": "dance"})
        await until(lambda: place.client.state()["refused"])
        assert place.client.state()["refused"]["code"] == "malformed"
        assert place.client.events("refused")[1]["details"]["command"] == ""


async def test_a_room_that_is_none_has_no_events(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        assert (await place.client.ask("next", room="cellar"))["error"]["code"] == "unknown_room"
        await place.client.caught_up()
        assert not [one for one in place.client.heard if one.topic.startswith("relax/rooms/cellar/event")]


async def test_a_scene_is_started_by_its_title_and_the_answer_says_what_became_of_it(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "feet-up.yaml").write_text(WAITING)
    async with house(tmp_path, mosquitto, more="\nlanguage: de\n") as place:
        ask = place.client.ask
        assert "answer" not in await ask({"command": "next"})
        assert (await ask({"command": "next", "answer": "de"}))["answer"] == "Gerade läuft nichts."
        assert (await ask("what_now"))["answer"] == "Gerade läuft nichts.", "in the home's language"
        refused = await ask({"command": "start", "scene": "Fuß hoch", "answer": "de"})
        assert (refused["error"]["code"], refused["answer"]) == ("unknown_scene", "Die Szene kenne ich nicht.")
        begun = await ask({"command": "start", "scene": "füße HOCH", "language": "en", "answer": "en"})
        assert (begun["ok"], begun["answer"]) == (True, "Feet up begins.")
        await until(lambda: place.client.state()["status"] in ("running", "holding"))
        assert place.client.state()["scene"] == "feet-up"
        assert (await ask({"command": "how_long", "answer": "en"}))["answer"].startswith("Feet up: ")
        assert (await ask({"command": "what_now", "answer": "en"}))["answer"].startswith("Lie down.")
        busy = await ask({"command": "start", "scene": "Quiet", "answer": "en"})
        assert busy["error"]["code"] == "room_busy"
        assert busy["answer"] == busy["error"]["message"]
        assert (await ask({"command": "next", "answer": "de"}))["answer"] == "Rest."
        assert (await ask({"command": "extend", "by": "90s", "answer": "en"}))["answer"].endswith(" more.")
        assert (await ask({"command": "pause", "answer": "de"}))["answer"] == "Pause."
        assert (await ask({"command": "how_long", "answer": "de"}))["answer"].startswith("Pause: Feet up, noch ")
        assert (await ask({"command": "stop", "answer": "en"}))["answer"] == "We stop here."


@pytest.mark.parametrize("voice", ["voice", "whisper"])
async def test_a_start_is_answered_with_the_first_caution_that_applies(
    tmp_path: Path, mosquitto: Mosquitto, voice: str
) -> None:
    """In the answer in words only where nobody was shown it and no voice says it."""
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "warm-feet.yaml").write_text(WARNING.replace("VOICE", voice))
    is_silent = voice == "whisper"

    async def start(**more: Any) -> dict[str, Any]:
        return await place.client.ask({"command": "start", "scene": "warm-feet", "mode": "restart", **more})

    async with house(tmp_path, mosquitto, more="\nlanguage: de\n") as place:
        said = await start()
        assert (said["caution"], "answer" in said) == ("Nur warmes Wasser.", False)
        said = await start(answer="en")
        assert (said["caution"], said["answer"]) == ("Warm water only.", "Warm feet begins."), "it was shown"
        said = await start(answer="en", trigger="voice", parameters={"bath": False})
        assert said["caution"] == "Stop when it hurts."
        assert said["answer"] == ("Warm feet begins. Stop when it hurts." if is_silent else "Warm feet begins.")
        said = await start(scene="quiet", answer="en")
        assert "caution" not in said, "it has none"
        assert "caution" not in await place.client.ask({"command": "stop", "answer": "en"})


async def test_who_is_told_of_a_schedule_on_a_phone_may_put_it_off(tmp_path: Path, mosquitto: Mosquitto) -> None:
    more = 'schedules:\n  late: {scene: quiet, room: den, at: "04:05"}\n'

    async def tell(word: str) -> dict[str, Any]:
        before = len(place.client.heard_of("relax/schedules/late/reply"))
        place.client.connection.publish([Message("relax/schedules/late/command", word)])
        await until(lambda: len(place.client.heard_of("relax/schedules/late/reply")) > before)
        return dict(json.loads(place.client.heard_of("relax/schedules/late/reply")[-1].payload))

    async with house(tmp_path, mosquitto, more=more) as place:
        assert (await tell("later 20min"))["error"]["code"] == "not_now"
        assert (await tell("announce"))["ok"]
        assert (await tell("later 20min"))["ok"]
        await place.client.ask({"command": "start", "scene": "quiet", "parameters": {"rest": "10min"}})
        assert (await tell("run"))["error"]["code"] == "room_busy"
        await until(lambda: (place.client.state()["refused"] or {}).get("code") == "room_busy")
        assert place.client.state()["refused"]["message"].startswith("late: "), "the schedule is named in its room"
        assert [event["details"]["command"] for event in place.client.events("refused")] == ["later", "run"]
        await tell("disable")
        assert (await tell("announce"))["error"]["code"] == "not_now"


def scene(name: str, title: str) -> SceneModel:
    languages = "[en, de]" if "{" in title else "[en]"
    text = f"scene: {name}\nformat: 1\nlanguages: {languages}\ntitle: {title}\nroles: {{main: {{kind: light}}}}\n"
    return read(f"{text}steps: [{{step: rest, lasts: 10s}}]", f"{name}.yaml").model


def test_a_scene_is_found_by_its_title_in_any_language_as_a_list_shows_it() -> None:
    plain, twin = scene("plain", "Plain"), scene("twin", "Plain")
    wash = scene("wash", "{en: Foot-bath, de: Fußbad}")
    assert scene_called("foot bath", [plain, wash]) is wash
    assert scene_called("FUSSBAD", [plain, wash]) is wash
    assert scene_called("Plain (twin)", [plain, twin]) is twin
    assert scene_called("other", [plain, twin]) is None
    with pytest.raises(UnknownScene, match="plain, twin"):
        scene_called("plain", [plain, twin])
