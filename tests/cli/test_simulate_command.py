"""`relax simulate`: the session on virtual time, as JSON lines and as a log."""

import json
from typing import Any

import pytest

from tests.cli.conftest import processor_seconds
from tests.scenes.shipped import SHIPPED


def records(text: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    *messages, last = (json.loads(line) for line in text.splitlines())
    return messages, last["summary"]


def test_the_same_words_give_the_same_bytes(relax):
    assert relax("simulate", "foot-massage", "--json").out == relax("simulate", "foot-massage", "--json").out


@pytest.mark.parametrize("scene", SHIPPED)
def test_each_scene_that_ships_finishes_in_the_demo_home(relax, scene):
    done = relax("simulate", scene, "--json")
    messages, summary = records(done.out)
    assert done.code == 0
    assert summary["status"] == "finished"
    assert summary["messages"] == len(messages) > 0
    assert summary["announcements"] > 0


def test_a_line_is_a_message_with_its_time(relax):
    messages, summary = records(relax("simulate", "box-breathing", "--json").out)
    times = [message["t"] for message in messages]
    assert all(set(message) == {"t", "topic", "payload", "qos", "retain"} for message in messages)
    assert times == sorted(times)
    assert all(round(moment, 3) == moment for moment in times)
    assert summary["seconds"] >= times[-1]
    assert not any(message["retain"] for message in messages)
    assert all(isinstance(message["payload"], dict) for message in messages)


def test_the_foot_massage_visits_every_step_of_both_feet(relax):
    _, summary = records(relax("simulate", "foot-massage", "--json").out)
    sides = [[step for step in summary["steps"] if step.endswith(f":{side}")] for side in ("left", "right")]
    assert [step.partition(":")[0] for step in sides[0]] == [step.partition(":")[0] for step in sides[1]]
    assert "strokes:left" in sides[0]
    assert summary["room"] == "den"


@pytest.mark.parametrize(
    ("scene", "does", "sentence"),
    [
        ("evening-wind-down", [], "The end: it stays dark."),
        ("evening-wind-down", ["--do", "3:20=stop"], "Stopped: it stays dark."),
        (
            "foot-massage",
            [],
            "The end: the light stays as the scene leaves it; every other lamp is given back, at 36 % at most.",
        ),
        ("foot-massage", ["--do", "3:20=stop"], "Stopped: the room is given back, for a minute at 40 % at most."),
        ("foot-massage", ["--do", "3:20=abort"], "Ended at once: the room is given back."),
        ("box-breathing", [], "The end: the room is given back."),
    ],
)
def test_how_it_ends_is_what_the_scene_does_with_the_room(relax, scene, does, sentence):
    said = relax("simulate", scene, *does).out
    assert sentence in said
    assert ("given back" in said) == ("given back" in sentence)


@pytest.mark.parametrize(
    ("scene", "words", "latest"), [("foot-massage", "Up, slow and firm", 4.5 * 60), ("foot-rescue", "both hands", 60)]
)
def test_hands_are_soon_at_work_for_somebody_who_answers_quickly(relax, scene, words, latest):
    messages, _ = records(relax("simulate", scene, "--hold", "5s", "--json").out)
    assert next(message["t"] for message in messages if words in message["payload"].get("text", "")) <= latest


def test_a_choice_changes_the_session(relax):
    _, summary = records(relax("simulate", "foot-massage", "--set", "feet=left", "--set", "bath=no", "--json").out)
    assert not [step for step in summary["steps"] if step.endswith(":right") or step == "soak"]


def test_speed_shortens_it(relax):
    _, once = records(relax("simulate", "box-breathing", "--json").out)
    _, tenfold = records(relax("simulate", "box-breathing", "--speed", "10", "--json").out)
    assert tenfold["steps"] == once["steps"]
    assert tenfold["seconds"] == pytest.approx(once["seconds"] / 10, abs=6)  # what lasts in real seconds stays


def test_nobody_who_says_next_takes_longer(relax):
    _, quick = records(relax("simulate", "foot-massage", "--hold", "1s", "--json").out)
    _, slow = records(relax("simulate", "foot-massage", "--hold", "never", "--json").out)
    assert slow["steps"] == quick["steps"]
    assert slow["seconds"] > quick["seconds"] + 600


def test_a_lamp_that_is_away_is_said_once_and_harms_nothing(relax):
    done = relax("simulate", "box-breathing", "--fault", "lamp=offline")
    assert done.code == 0
    assert done.out.count("Floor lamp is not there") == 1
    assert "It is finished." in done.out


def test_the_log_reads_as_it_happens(relax, snapshot):
    assert relax("simulate", "box-breathing").out == snapshot


def test_the_whole_process_is_quick():
    """With bytecode, as an installed program has it: no more than fifteen times `import typer`, in turns (11 to 13).

    It was 6 to 8 while the foot massage was half as many messages (395 lines, 736 now) and nobody was believed by
    evidence.
    """
    bare, ours = [], []
    for _ in range(7):  # the first one compiles
        bare.append(processor_seconds("-c", "import typer"))
        ours.append(processor_seconds("-m", "orchestrator", "simulate", "foot-massage", "--json"))
    assert min(ours) < 15 * min(bare)


def told(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_what_a_person_does_is_done_when_it_is_said(relax):
    _, summary = records(relax("simulate", "box-breathing", "--json", "--do", "1:00=stop").out)
    assert summary["status"] == "stopped"
    assert 60 < summary["seconds"] < 200


def test_several_things_are_done_in_the_order_of_their_times(relax):
    deeds = ("--do", "2:00=next", "--do", "1:00=pause", "--do", "1:30=resume", "--do", "1:40=extend 2min")
    lines = told(relax("simulate", "box-breathing", "--heard", *deeds).out)
    said = [(line["t"], line["payload"]) for line in lines if line.get("from") == "person"]
    assert said == [
        (60.0, {"command": "pause"}),
        (90.0, {"command": "resume"}),
        (100.0, {"command": "extend", "by": 120.0}),
        (120.0, {"command": "next"}),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("stop", "says no command"),
        ("soon=stop", "is no length"),
        ("1:00=stip", "did you mean `stop`"),
        ("1:00=extend soon", "is no length"),
        ("1:00=start", "start is nothing that is told a session"),
    ],
)
def test_what_nobody_can_do_is_refused_with_a_sentence(relax, text, why):
    done = relax("simulate", "box-breathing", "--do", text)
    assert done.code == 2
    assert why in done.err
    assert "--do 3:20=stop" in done.err


def test_what_the_session_refuses_is_said_and_it_goes_on(relax):
    done = relax("simulate", "box-breathing", "--heard", "--do", "1:00=skip")
    lines = told(done.out)
    assert next(line for line in lines if line.get("from") == "person")["refused"] in done.err
    assert lines[-1]["summary"]["status"] == "finished"


def test_a_recording_has_what_was_sent_and_all_that_was_heard(relax):
    plain = told(relax("simulate", "box-breathing", "--json").out)
    heard = told(relax("simulate", "box-breathing", "--json", "--heard").out)
    assert [line for line in heard if "from" not in line] == plain
    assert {line["from"] for line in heard if "from" in line} == {"home", "relax"}
    topics = {line["topic"] for line in heard if line.get("from") == "relax"}
    assert topics == {"relax/rooms/den/session", "relax/rooms/den/event"}


def test_another_program_plays_the_devices(relax, monkeypatch):
    """A voice that says it is done after two seconds each time, whatever it is told."""
    lines: list[str] = []

    class Program:
        """Reads what is printed, as it is printed, and answers when it is asked."""

        def __init__(self) -> None:
            self.words: list[tuple[float, str]] = []

        def readline(self) -> str:
            line = json.loads(lines[-1])
            say = []
            if line.get("payload", {}) and line["payload"].get("do") == "say":
                self.words = [(line["t"] + 2.0, line["payload"]["id"])]
            elif self.words and self.words[0][0] <= line["t"]:
                event = {"id": self.words.pop()[1], "event": "done"}
                say = [{"topic": "speakers/den/event", "payload": event}]
            return json.dumps({"say": say, "next": self.words[0][0] if self.words else None}) + "\n"

    def keep(line: str, **_: object) -> None:
        lines.append(line)

    monkeypatch.setattr("sys.stdin", Program())
    monkeypatch.setattr("builtins.print", keep)
    assert relax("simulate", "box-breathing", "--outside").code == 0
    played = [json.loads(line) for line in lines]
    says = [line["t"] for line in played if line.get("payload") and "say" in str(line["payload"].get("do"))]
    assert says[:2] == [says[0], says[0] + 2.0]
    assert played[-1]["summary"]["status"] == "finished"


def test_an_answer_that_is_none_is_told(relax, monkeypatch):
    class Silent:
        def readline(self) -> str:
            return ""

    monkeypatch.setattr("sys.stdin", Silent())
    done = relax("simulate", "box-breathing", "--outside")
    assert done.code == 2
    assert "the end of the input is no answer" in done.err


# What is done besides commands


def deeds(*texts: str) -> list[str]:
    return [part for text in texts for part in ("--do", text)]


def happened(lines: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    """The events of a recording, in short."""
    events = [line["payload"] for line in lines if line.get("topic", "").endswith("/event")]
    return [{"event": each["event"], **each["details"]} for each in events if each["event"] in kinds]


def test_a_hand_on_a_lamp_is_heard_as_its_lamp_says_it(relax):
    lines = told(relax("simulate", "box-breathing", "--heard", *deeds("1:00=hand lamp 95%")).out)
    assert {"t": 60.0, "from": "person", "does": "hand", "device": "lamp", "level": 95.0} in lines
    (taken,) = happened(lines, "overridden")
    assert (taken["device"], taken["attribute"]) == ("lamp", "level")


@pytest.mark.parametrize(
    ("value", "done"),
    [("off", {"level": 0.0}), ("2700K", {"colour": "2700K"}), ("#ff0000", {"colour": "#ff0000"})],
)
def test_a_hand_may_set_a_colour_or_turn_a_lamp_off(relax, value, done):
    lines = told(relax("simulate", "box-breathing", "--heard", *deeds(f"1:00=hand lamp {value}")).out)
    assert [line for line in lines if line.get("does") == "hand"] == [
        {"t": 60.0, "from": "person", "does": "hand", "device": "lamp", **done}
    ]


def test_a_session_that_was_cut_off_goes_on_at_its_chapter(relax):
    lines = told(relax("simulate", "box-breathing", "--heard", *deeds("1:00=restart 20s", "1:05=pause")).out)
    assert len(happened(lines, "session_resumed")) == 1
    assert min(line["t"] for line in lines if line.get("from") == "relax" and line["t"] > 60.0) == 80.0
    assert "relax is not there" in next(line for line in lines if "refused" in line)["refused"]
    assert lines[-1]["summary"]["status"] == "finished"
    assert not [line for line in lines if 60.0 < line.get("t", 0.0) < 80.0 and "from" not in line], "sent by nobody"


def test_one_that_was_cut_off_for_long_is_given_back(relax):
    done = relax("simulate", "box-breathing", "--heard", *deeds("1:00=restart 5min"))
    assert told(done.out)[-1]["summary"]["status"] == "lost"


def test_what_is_owed_is_paid_in_the_morning(relax, tmp_path):
    (tmp_path / "home.yaml").write_text(
        """
home: small
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
rooms:
  den: {roles: {main: lamp}, night: {from: "22:00", to: "07:00"}}
"""
    )
    done = deeds("1:00=offline lamp", "1:10=stop", "8:00=online lamp", "9:00:00=morning")
    given = ("box-breathing", "--home", str(tmp_path / "home.yaml"), "--night", "--heard")
    lines = told(relax("simulate", *given, *done).out)
    levels = [line["payload"].get("brightness") for line in lines if line.get("topic") == "zigbee2mqtt/lamp"]
    late = [line for line in lines if "from" not in line and line.get("t", 0) >= 480.0 and "topic" in line]
    before = [line["payload"]["brightness"] for line in late if line["t"] < 9 * 3600 and line["topic"].endswith("/set")]
    assert not before or max(before) <= min(level for level in levels if level), "brighter in the night"
    (told_at, last), *_ = reversed([(line["t"], line["payload"]) for line in late if line["topic"].endswith("/set")])
    assert told_at >= 9 * 3600
    assert last["brightness"] == levels[0], "not as it was"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1:00=hand lamb 40%", "there is no device lamb"),
        ("1:00=hand lamp", "hand is written otherwise"),
        ("1:00=hand lamp 40", "did you mean 40%"),
        ("1:00=restart soon", "is no length"),
        ("1:00=offline", "offline is written otherwise"),
    ],
)
def test_a_deed_that_cannot_be_is_refused_with_a_sentence(relax, text, why):
    done = relax("simulate", "box-breathing", "--do", text)
    assert done.code == 2
    assert why in done.err
    assert "hand lamp 40%" in done.err


def test_a_simulation_keeps_a_journal_of_its_own(relax, tmp_path):
    folder = tmp_path / "of-its-own"
    relax("simulate", "box-breathing", "--journal", str(folder))
    assert "box-breathing" in relax("history", "--state-dir", str(folder)).out
    again = relax("simulate", "box-breathing", "--journal", str(folder))
    assert again.code == 2
    assert "is a journal" in again.err
