"""Discovery payloads of every kind, with what their templates will see and what people will choose.

`python -m tests.integrations.home_assistant.cases` asks a Home Assistant that is installed (RELAX_HOME_ASSISTANT names
the folder that starts it) and writes its verdicts to `verdicts/<version>.json`.
"""

import json
import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestrator.commands import Pause
from orchestrator.conductor.outstanding import OVERDUE, Outstanding, WhyOwed, overdue_sentence
from orchestrator.errors import Reason
from orchestrator.events.event import EventRecord
from orchestrator.events.step import StepStarted
from orchestrator.events.words import Announced
from orchestrator.integrations.display import choice_of, display
from orchestrator.integrations.home_assistant import AnnouncedRoom, ScheduleSummary, Topics, discovery_payload
from orchestrator.integrations.home_assistant.hub import hub_payload
from orchestrator.integrations.interface import Interface
from orchestrator.integrations.outgoing import ChoiceModel, Display, Health, NewDevices, RefusalModel, SessionState
from orchestrator.integrations.room_state import Problem, RoomStatus, room_status, state
from orchestrator.scenes import library
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.format.parameters import resolve
from orchestrator.scenes.library import read
from orchestrator.session.state import HoldFor, Status
from orchestrator.values import Attribute
from tests.conductor.evening import Evening
from tests.conftest import LIMIT
from tests.integrations.test_room_state import TIMELINE

HERE = Path(__file__).parent
VERDICTS = HERE / "verdicts"
WALL = datetime(2026, 11, 23, 22, 15, tzinfo=UTC)
TOPICS = Topics("relax", "homeassistant")
VALUES = [0, 1, 1.25, 2.0, 7, 12, 30.0, 100]
EVERYTHING = read(
    """
scene: everything
format: 1
languages: [en, de]
title: {en: "Everything {{ at }} once, \\"quoted\\" & 'so'", de: "Alles {% auf %} einmal"}
parameters:
  bath: {flag: true, title: {en: Foot bath, de: Fußbad}}
  feet: {choice: [both, left, none], default: both, title: {en: "Which feet?", de: "Welche Füße?"}}
  words: {choice: ["none", "", "{{ 1 }}", "it's \\"so\\"", ü, "None"], default: ü}
  soak: {duration: 10min, min: 2min, max: 20min}
  rest: {duration: 90s, min: 1s, max: 10min}
  pace: {number: 1.0, min: 0.5, max: 2.0}
  share: {number: 0.5, min: 0.0, max: 1.0}
  wide: {number: 40, min: 0, max: 100}
  rounds: {whole: 12, min: 4, max: 40}
  items: {flag: false}
cautions:
  - {when: bath, text: {en: 'Not "hot", & it''s 38 °C at most.', de: "Höchstens <b>38</b> °C."}}
  - {when: not bath, text: {en: Wash your feet., de: Wasch die Füße.}}
  - {en: Stop when it hurts., de: "Hör auf, wenn es wehtut."}
roles: {main: {kind: light}}
steps: [{step: rest, lasts: 10s}]
""",
    "everything.yaml",
).model
PLAIN = read(
    "scene: plain\nformat: 1\ntitle: Plain\nroles: {main: {kind: light}}\nsteps: [{step: rest, lasts: 10s}]",
    "plain.yaml",
).model
TWIN = PLAIN.model_copy(update={"scene": "twin"})
REFUSED = RefusalModel(
    command="start",
    code=Reason.BAD_PARAMETER,
    message="The scene has no parameter 'rounds'.",
    what_to_do="It takes: feet.",
    at=WALL,
)
EVENING = ScheduleSummary("wind-down", "Wind down", "den")


def cases() -> dict[str, dict[str, Any]]:
    """What is recorded. The version of ours that stands in a payload does not matter to anybody there."""
    scenes = (PLAIN, EVERYTHING, TWIN)
    room = AnnouncedRoom("den", "Den", "en", scenes, EVERYTHING, [EVENING])
    plain = room._replace(chosen=PLAIN, schedules=())
    whole, rest = discovery_payload(room, TOPICS), discovery_payload(plain, TOPICS)
    farewell = rest.farewell(whole)
    assert farewell is not None
    elsewhere = Topics("home/größe", "ha/discovery")
    payloads = {
        "everything": whole.json(),
        "plain": rest.json(),
        "what goes": farewell,
        "in German": discovery_payload(room._replace(title="Wohnzimmer", language="de-AT"), TOPICS).json(),
        "without scenes": discovery_payload(AnnouncedRoom("guest-room", "Guest room", "pt"), TOPICS).json(),
        "relax itself": hub_payload(TOPICS, "en").json(),
        "with the ids of Home Assistant": discovery_payload(room, TOPICS, proposes_ids=False).json(),
        "below another base topic": discovery_payload(room, elsewhere).json(),
    }
    return {name: case(each, messages()) for name, each in payloads.items()}


def shipped() -> dict[str, dict[str, Any]]:
    """Every scene that ships, as the one that is chosen."""
    scenes = [library.load(name).model for name in library.catalogue()]
    rooms = {
        f"{scene.scene} in {language}": AnnouncedRoom("den", "Den", language, scenes, scene)
        for scene in scenes
        for language in scene.languages
    }
    return {name: case(discovery_payload(room, TOPICS).json(), messages()) for name, room in rooms.items()}


def case(made: dict[str, Any], seen: dict[str, list[str]]) -> dict[str, Any]:
    return {"payload": without_versions(made), "messages": seen, "values": VALUES}


def without_versions(made: dict[str, Any]) -> dict[str, Any]:
    parts = {part: {**made[part], "sw_version": "0"} for part in ("device", "origin")}
    return {**made, **parts}


def messages() -> dict[str, list[str]]:
    """What stands on our topics in the life of a room, cleared topics among it."""
    happened = (StepStarted("soak", "Soak", 3, 9), Announced("den-1-4", "soak", "Lean back."))
    events = [Interface(["den"]).event(EventRecord(0, "den", "den-1", each), WALL).payload for each in happened]
    schedule = {"schedule": "wind-down", "enabled": True, "next": WALL.isoformat(), "skipped": None, "last": None}
    return {
        "relax/rooms/den/display": [*(each.payload() for each in displays()), ""],
        "relax/rooms/den/session": [*(each.payload() for each in states()), ""],
        "relax/rooms/den/event": [*events, ""],
        "relax/status": ["online", "offline"],
        "relax/health": [
            *(
                Health(version="0", since=WALL, problem=each, problem_since=WALL).payload()
                for each in (None, "The journal cannot be written.", "x" * 300)
            ),
            "",
        ],
        "relax/new_devices": [NewDevices().payload(), NewDevices(count=2).payload(), ""],
        "relax/schedules/wind-down/state": [
            json.dumps(schedule),
            json.dumps(schedule | {"enabled": False, "next": None}),
            "",
        ],
    }


def states() -> list[SessionState]:
    """All well; something owed for long, which is said in a sentence; a sentence that no state can hold."""
    owed = Outstanding("lamp", ((Attribute.LEVEL, 70.0), (Attribute.COLOUR, None)), 0, WhyOwed.UNANSWERED)
    problem = overdue_sentence([owed], OVERDUE)
    assert problem is not None
    found = [room_status(None, OVERDUE), room_status(None, OVERDUE, problem=Problem(problem, WALL), outstanding=[owed])]
    return [
        state(each, OVERDUE, WALL)
        for each in (*found, RoomStatus(problem=Problem("x" * 300, WALL)), RoomStatus(refused=REFUSED))
    ]


def displays() -> list[Display]:
    """Idle, playing, waiting, paused, speaking, with a title that no state can hold, without scenes."""
    evening, chosen = Evening(TIMELINE), choice(EVERYTHING)
    found = [display(None, chosen, 0, WALL)]
    for moment, act in ((10_100, None), (40_000, None), (75_000, None), (80_000, Pause())):
        evening.until(moment)
        if act is not None:
            evening.act(act)
        wall = WALL + timedelta(milliseconds=moment)
        found.append(display(evening.conductor.runner("room"), chosen, moment, wall))
    speaking = found[2].model_copy(update={"status": Status.HOLDING, "hold": HoldFor.SPEECH})
    return [*found, speaking, found[2].model_copy(update={"step": "x" * 300}), display(None, ChoiceModel(), 0, WALL)]


def choice(scene: SceneModel) -> ChoiceModel:
    return choice_of(scene, resolve(scene, {"soak": "150s"}), "en")


def python() -> list[str] | None:
    """How Home Assistant's Python is called here; None where it is not installed."""
    run = Path(os.environ.get("RELAX_HOME_ASSISTANT", "")) / "run.sh"
    if not run.is_file():
        return None
    root = Path(os.environ.get("HA_ROOT") or re.findall(r"HA_ROOT:-([^}]+)\}", run.read_text())[0])
    if not (root / "opt/ha/bin/python").exists():
        return None
    return ["chroot", str(root), "/opt/ha/bin/python", "-c", (HERE / "schemas.py").read_text()]


def asked(of: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The version, and the verdicts by name."""
    program = python()
    assert program is not None
    done = subprocess.run(program, input=json.dumps(of), capture_output=True, text=True, check=False, timeout=LIMIT)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def write() -> Path:
    """Ask, and record what was said."""
    questions = cases()
    answer = asked(questions)
    file = VERDICTS / f"{answer['version']}.json"
    recorded = {
        name: {"payload": questions[name]["payload"], "verdict": said} for name, said in answer["verdicts"].items()
    }
    file.write_text(json.dumps(recorded, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    return file


if __name__ == "__main__":
    print(write())
