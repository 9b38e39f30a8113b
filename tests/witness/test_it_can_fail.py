"""The witness can fail: a recording in which all is well, and the same one with one thing wrong, for each truth.

The good one is played by a little player of the witness's own, which does exactly what the plan says.
"""

import copy
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.witness.hearings import SCENES, named, parameters, values, whole
from tests.witness.homes import HOMES
from tests.witness.judge import judge
from tests.witness.mended import FAULTS, ROOT
from tests.witness.recording import Recording, of_lines, read
from tests.witness.relax import called

LAMP = {"kind": "light", "dialect": "zigbee2mqtt", "topic": "z/lamp"}
SPEAKER = {"kind": ["player", "voice"], "dialect": "relax_speaker", "topic": "speaker"}
HOME: dict[str, Any] = {
    "home": "small",
    "devices": {"lamp": LAMP, "speaker": SPEAKER},
    "rooms": {"den": {"roles": {"main": "lamp", "music": "speaker", "voice": "speaker"}}},
}
BEFORE: dict[str, dict[str, Any]] = {
    "lamp": {"on": True, "units": 127, "mired": 370},
    "speaker": {"volume": 0.3, "playing": ""},
}
EVENT = "relax/rooms/den/event"
Line = dict[str, Any]
Spoil = Callable[[list[Line]], None]


def move(at: float, track: str, to: Any, seconds: float, anchor: str = "start") -> dict[str, Any]:
    return {"at": at, "anchor": anchor, "move": track, "to": to, "seconds": seconds, "curve": "perceptual"}


def say(at: float, text: str, seconds: float, *, beat: bool = False) -> dict[str, Any]:
    anchor = "words" if beat else "start"
    return {"at": at, "anchor": anchor, "say": text, "seconds": seconds, "beat": beat}


def chapter(name: str, words: float, lasts: float, *cues: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "title": name, "part": None, "hands": "free", "counted": False,
            "words": words, "lasts": lasts, "wait": None, "cues": list(cues)}  # fmt: skip


PLAN: dict[str, Any] = {
    "scene": "small",
    "usual_seconds": 50.0,
    "chapters": [
        chapter(
            "settle", 4.0, 16.0,
            move(0.0, "main.level", 30.0, 10.0), move(0.0, "main.colour", "2500K", 10.0),
            move(0.0, "music.volume", 0.0, 0.0), move(0.0, "music.playing", ["calm"], 0.0),
            move(0.0, "music.volume", 50.0, 1.0),
            say(0.0, "Sit down. Let go.", 4.0),
        ),
        chapter(
            "count", 3.0, 17.0,
            say(0.0, "Breathe with me.", 3.0), say(3.0, "In", 1.0, beat=True), say(9.0, "Out", 1.0, beat=True),
        ),
    ],
    "finish": chapter(
        "finish", 0.0, 10.0,
        move(0.0, "main.level", "as before", 10.0, "words"), move(0.0, "main.colour", "as before", 10.0, "words"),
        move(0.0, "music.volume", 0.0, 2.0, "words"), move(2.0, "music.playing", [], 0.0, "words"),
        move(2.0, "music.volume", "as before", 0.0, "words"),
    ),
    "stopped": chapter("stopped", 0.0, 4.0),
    "lost": chapter("lost", 0.0, 4.0),
    "cast": {"room": "den", "roles": {"main": ["lamp"], "music": ["speaker"], "voice": ["speaker"]}, "uncast": []},
}  # fmt: skip


def speaker(t: float, **payload: Any) -> Line:
    return {"t": t, "topic": "speaker/set", "payload": payload}


def lamp(t: float, **payload: Any) -> Line:
    return {"t": t, "topic": "z/lamp/set", "payload": payload}


def event(t: float, name: str, **details: Any) -> Line:
    return {"t": t, "from": "relax", "topic": EVENT, "payload": {"event": name, "details": details}}


def stands(t: float, remaining: float) -> Line:
    payload = {"status": "running", "remaining": remaining, "hold": None, "missing": [], "owed": []}
    return {"t": t, "from": "relax", "topic": "relax/rooms/den/session", "payload": payload}


def spoken(t: float, name: str, text: str, seconds: float, volume: float = 0.4) -> list[Line]:
    done = {"t": t + seconds, "from": "home", "topic": "speaker/event", "payload": {"id": name, "event": "done"}}
    rate = 60.0 * len(text.split()) / seconds if "." not in text[:-1] else 60.0 * len(text.split()) / (seconds - 1.0)
    return [speaker(t, do="say", id=name, text=text, volume=volume, rate=rate, gap=1.0), done]


def good() -> list[Line]:
    """All as it should be: 50 s."""
    lines = [
        event(0.0, "step_started", chapter="settle"),
        stands(0.0, 50.0),
        *spoken(0.0, "1", "Sit down. Let go.", 4.0),
        lamp(0.0, state="ON", brightness=76, color_temp=400, transition=10),
        speaker(0.0, do="volume", level=0.0),
        speaker(0.0, do="play", uri="calm"),
        speaker(0.5, do="volume", level=0.02),
        speaker(1.0, do="volume", level=0.05),
        *_ramp(4.0, 1.5, 0.05, 0.2),
        event(20.0, "step_started", chapter="count"),
        *spoken(20.0, "2", "Breathe with me.", 3.0),
        *_ramp(20.0, 0.5, 0.2, 0.05),
        *spoken(23.0, "3", "In", 1.0),
        *_ramp(24.0, 1.5, 0.05, 0.2),
        *spoken(29.0, "4", "Out", 1.0),
        *_ramp(29.0, 0.5, 0.2, 0.05),
        *_ramp(30.0, 1.5, 0.05, 0.2),
        event(40.0, "landing", ending="finished"),
        lamp(40.0, state="ON", brightness=127, color_temp=370, transition=10),
        *_ramp(40.0, 2.0, 0.2, 0.0),
        speaker(42.0, do="stop"),
        speaker(42.0, do="volume", level=0.3),
        event(50.0, "given_back", given="lamp, speaker", left="", owed=""),
        event(50.0, "landed", ending="finished"),
    ]
    return sorted(lines, key=lambda line: line["t"])


def _ramp(t: float, seconds: float, start: float, end: float) -> Iterator[Line]:
    for step in range(1, 6):
        yield speaker(round(t + seconds * step / 5, 3), do="volume", level=round(start + (end - start) * step / 5, 2))


def recording(lines: list[Line], before: dict[str, dict[str, Any]] | None = None) -> Recording:
    return of_lines(lines, label={"scene": "small"}, plan=PLAN, home=HOME, before=before or BEFORE)


def find(lines: list[Line], **wanted: Any) -> Line:
    return next(line for line in lines if all(line["payload"].get(key) == value for key, value in wanted.items()))


def after(lines: list[Line], t: float) -> None:
    """All that comes after a moment, half a minute later."""
    for line in lines:
        if line["t"] > t:
            line["t"] += 30.0


# What may be wrong


def a_lamp_jumps(lines: list[Line]) -> None:
    find(lines, brightness=76)["payload"]["transition"] = 0


def a_lamp_stalls_and_jumps(lines: list[Line]) -> None:
    find(lines, brightness=76)["t"] = 9.9
    find(lines, brightness=76)["payload"]["transition"] = 0


def a_lamp_goes_elsewhere(lines: list[Line]) -> None:
    find(lines, brightness=76)["payload"]["brightness"] = 100


def a_lamp_is_too_warm(lines: list[Line]) -> None:
    find(lines, color_temp=400)["payload"]["color_temp"] = 440


def a_lamp_jumps_in_the_landing(lines: list[Line]) -> None:
    find(lines, brightness=127)["payload"]["transition"] = 0


def a_lamp_is_not_given_back(lines: list[Line]) -> None:
    find(lines, brightness=127)["payload"]["brightness"] = 110


def a_lamp_is_given_back_too_cold(lines: list[Line]) -> None:
    find(lines, color_temp=370)["payload"]["color_temp"] = 380


def a_lamp_is_sent_what_it_lacks(lines: list[Line]) -> None:
    find(lines, brightness=76)["payload"]["transition"] = 7000


def words_are_missing(lines: list[Line]) -> None:
    lines.remove(find(lines, id="2", do="say"))


def a_first_beat_is_missing(lines: list[Line]) -> None:
    lines.remove(find(lines, id="3", do="say"))


def words_are_said_twice(lines: list[Line]) -> None:
    lines.extend(spoken(33.0, "9", "Out", 1.0))


def words_are_cut(lines: list[Line]) -> None:
    lines.append(speaker(1.0, do="hush", id="1"))


def words_are_late(lines: list[Line]) -> None:
    find(lines, id="4", do="say")["t"] = 32.0


def a_step_is_too_short(lines: list[Line]) -> None:
    for line in lines:
        if line["t"] >= 20.0:
            line["t"] -= 5.0


def a_step_is_too_long(lines: list[Line]) -> None:
    after(lines, 19.0)


def a_voice_leaps(lines: list[Line]) -> None:
    find(lines, id="1", do="say")["payload"]["volume"] = 0.2


def words_are_above_the_limit(lines: list[Line]) -> None:
    for line in lines:
        if line["payload"].get("do") == "say":
            line["payload"]["volume"] = 0.7


def music_is_not_ducked(lines: list[Line]) -> None:
    lines[:] = [line for line in lines if not (line["payload"].get("do") == "volume" and 20.0 < line["t"] < 24.5)]


def music_stays_ducked(lines: list[Line]) -> None:
    lines[:] = [line for line in lines if not (line["payload"].get("do") == "volume" and 4.0 < line["t"] < 20.0)]


def music_is_above_the_limit(lines: list[Line]) -> None:
    lines.append(speaker(15.0, do="volume", level=0.65))


def music_begins_at_a_strange_volume(lines: list[Line]) -> None:
    lines.remove(find(lines, do="volume", level=0.0))


def the_volume_is_given_back_before_the_music_stops(lines: list[Line]) -> None:
    find(lines, do="stop")["t"] = 44.0


def a_volume_is_not_given_back(lines: list[Line]) -> None:
    find(lines, do="volume", level=0.3)["payload"]["level"] = 0.1


def our_music_goes_on(lines: list[Line]) -> None:
    lines.remove(find(lines, do="stop"))


def a_promise_is_not_kept(lines: list[Line]) -> None:
    find(lines, status="running")["payload"]["remaining"] = 90.0


def nobody_lands(lines: list[Line]) -> None:
    lines[:] = [line for line in lines if line["t"] < 40.0]


WRONG: list[tuple[Spoil, str]] = [
    (a_lamp_jumps, "light: level"),
    (a_lamp_jumps, "light: step"),
    (a_lamp_stalls_and_jumps, "light: level"),
    (a_lamp_stalls_and_jumps, "light: step"),
    (a_lamp_goes_elsewhere, "light: level"),
    (a_lamp_is_too_warm, "light: colour"),
    (a_lamp_jumps_in_the_landing, "light: step"),
    (a_lamp_is_not_given_back, "afterwards: lamp"),
    (a_lamp_is_given_back_too_cold, "afterwards: lamp"),
    (a_lamp_is_sent_what_it_lacks, "light: refused"),
    (words_are_missing, "words: missing"),
    (a_first_beat_is_missing, "words: beat missing"),
    (words_are_said_twice, "words: too many"),
    (words_are_cut, "words: cut"),
    (words_are_late, "words: moment"),
    (a_step_is_too_short, "hands: seconds"),
    (a_step_is_too_long, "hands: moment"),
    (a_voice_leaps, "loudness: voice"),
    (words_are_above_the_limit, "loudness: limit"),
    (music_is_not_ducked, "loudness: ducked"),
    (music_stays_ducked, "loudness: music"),
    (music_is_above_the_limit, "loudness: limit"),
    (music_begins_at_a_strange_volume, "loudness: whose"),
    (the_volume_is_given_back_before_the_music_stops, "loudness: whose"),
    (a_volume_is_not_given_back, "afterwards: volume"),
    (our_music_goes_on, "afterwards: music"),
    (a_promise_is_not_kept, "promises: remaining"),
    (a_step_is_too_long, "promises: plan"),
    (nobody_lands, "afterwards: landing"),
]


def test_nothing_is_found_where_all_is_well() -> None:
    assert [str(each) for each in judge(recording(good()))] == []


@pytest.mark.parametrize(("spoil", "truth"), WRONG, ids=lambda value: getattr(value, "__name__", value))
def test_what_is_wrong_is_named(spoil: Spoil, truth: str) -> None:
    lines = good()
    spoil(lines)
    found = judge(recording(sorted(lines, key=lambda line: line["t"])))
    assert truth in {each.truth for each in found}, "\n".join(str(each) for each in found)


def test_a_lamp_that_was_off_keeps_its_memory() -> None:
    before = {**BEFORE, "lamp": {"on": False, "units": 254, "mired": 370, "takes_while_off": True}}
    lines = good()
    find(lines, brightness=127)["payload"] = {"state": "OFF", "transition": 10}
    found = [each for each in judge(recording(lines, before)) if each.truth == "afterwards: memory"]
    assert [each.wanted for each in found] == [
        "remembered brightness 254, as before",
        "remembered white 370 mired, as before",
    ]


def test_what_is_not_known_has_to_be_said() -> None:
    before = {**BEFORE, "lamp": {"on": True, "units": 127, "mute": True}}
    lines = [line for line in good() if line["topic"] != "z/lamp/set"]
    assert {each.truth for each in judge(recording(lines, before))} == {"afterwards: given", "afterwards: unknown"}
    said = event(50.0, "device_silent", about="lamp")
    find(lines, event="given_back")["payload"]["details"] = {"given": "speaker", "left": "", "owed": "lamp"}
    assert judge(recording([*lines, said], before)) == []


def paused(*of_lamp: Line) -> list[str]:
    """What is found of the light where a person says pause at 5 s, and the lamp is told this and that of it."""
    pause = {"t": 5.0, "from": "person", "topic": "relax/rooms/den/command", "payload": {"command": "pause"}}
    begun = [line for line in good() if line["t"] == 0.0]
    lines = sorted([*begun, pause, *of_lamp, stands(25.0, 50.0)], key=lambda line: line["t"])
    return [each.truth for each in judge(recording(lines)) if each.truth.startswith("light")]


def test_a_lamp_that_does_not_stand_in_a_pause_is_named() -> None:
    assert "light: level" in paused()


def test_a_lamp_stands_a_little_late_where_its_bridge_was_busy() -> None:
    assert not paused(lamp(6.0, brightness=102, transition=1))
    assert "light: step" in paused(lamp(9.9, brightness=127, transition=0))


JSON = {"kind": "light", "dialect": "home_assistant", "command_topic": "z/lamp/set", "state_topic": "z/lamp"}


def by_hand(entry: dict[str, Any], **hand: Any) -> set[str]:
    """What is found where somebody turns the lamp on its first way, at 5 s, and it is told on as if nobody had."""
    deed = {"t": 5.0, "from": "person", "does": "hand", "device": "lamp", **hand}
    told_on = lamp(10.0, state="ON", brightness=76, color_temp=400, transition=5)
    home = {**HOME, "devices": {**HOME["devices"], "lamp": entry}}
    heard = sorted([*good(), deed, told_on], key=lambda line: line["t"])
    found = judge(of_lines(heard, label={"scene": "small"}, plan=PLAN, home=home, before=BEFORE))
    return {each.truth for each in found}


def test_a_hand_that_nothing_of_ours_explains_is_known_and_left_alone() -> None:
    assert by_hand(JSON, level=80.0) >= {"touched: known", "touched: left alone"}
    assert by_hand(JSON, colour="#2040ff") >= {"touched: known", "touched: left alone"}


def test_a_hand_on_the_way_of_a_fade_leaves_no_trace_where_the_lamp_cannot_be_asked() -> None:
    assert by_hand(JSON, level=45.0) == set()
    assert by_hand(JSON, colour="2600K") == set()
    assert by_hand(LAMP, level=45.0) >= {"touched: known", "touched: left alone"}


def said_again(look: float) -> list[str]:
    """What is found of the light where words are cut by a pause, from 22.5 s to 26.5 s, and a look begins then or then.

    It is to begin 2 s after the words.
    """
    plan = copy.deepcopy(PLAN)
    brighter = move(5.0, "main.level", 60.0, 4.0, "words")
    plan["chapters"][1] = chapter("count", 5.0, 15.0, say(0.0, "Breathe with me.", 3.0), brighter)
    lines = [
        *(line for line in good() if line["t"] < 20.5),
        {"t": 22.5, "from": "person", "topic": "relax/rooms/den/command", "payload": {"command": "pause"}},
        speaker(22.5, do="hush", id="2"),
        {"t": 26.5, "from": "person", "topic": "relax/rooms/den/command", "payload": {"command": "resume"}},
        *spoken(26.5, "3", "Breathe with me.", 3.0),
        lamp(look, state="ON", brightness=152, transition=4),
        stands(40.0, 20.0),
    ]
    heard = sorted((line for line in lines if line["t"] != 23.0), key=lambda line: line["t"])
    found = judge(of_lines(heard, label={"scene": "small"}, plan=plan, home=HOME, before=BEFORE))
    return [each.truth for each in found if each.truth.startswith("light")]


def test_what_comes_after_words_that_were_said_again_waits_as_long_for_them() -> None:
    assert said_again(31.5) == []
    assert "light: level" in said_again(29.5)


def returned(transition: float) -> list[str]:
    """What is found of the light of a lamp that was away as the first look began, and is back at 12 s."""
    deeds = ((0.0, "offline"), (12.0, "online"))
    away = [{"t": t, "from": "person", "does": does, "device": "lamp"} for t, does in deeds]
    told = lamp(12.0, state="ON", brightness=76, color_temp=400, transition=transition)
    lines = [away[0], *(line for line in good() if line["payload"].get("brightness") != 76), away[1], told]
    found = judge(recording(sorted(lines, key=lambda line: line["t"])))
    return [each.truth for each in found if each.truth.startswith("light")]


def test_a_lamp_that_is_back_glides_to_where_the_room_is() -> None:
    assert returned(10.0) == []
    assert returned(0.0) == ["light: step"]
    assert "light: level" in returned(20.0)


def left_out(silence: float) -> set[str]:
    """What is found where a beat is left out in a silence between two sentences that a person wanted again."""
    words, plan = "Breathe with me. Slowly.", copy.deepcopy(PLAN)
    plan["chapters"][1]["cues"][0] |= {"say": words, "gap": 2.0}
    lines = good()
    find(lines, id="2", do="say")["payload"] |= {"text": words, "rate": 120.0}
    lines.remove(find(lines, id="4", do="say"))
    again = [
        {"t": 26.0, "from": "person", "topic": "relax/rooms/den/command", "payload": {"command": "repeat"}},
        *spoken(26.0, "5", "Breathe with me.", 2.0),
        *spoken(28.0 + silence, "6", "Slowly.", 1.0),
        event(28.0 + silence, "words_dropped", id="4", late=2.0),
    ]
    heard = sorted([*lines, *again], key=lambda line: line["t"])
    found = judge(of_lines(heard, label={"scene": "small"}, plan=plan, home=HOME, before=BEFORE))
    return {each.truth for each in found if each.truth.startswith("words")}


def test_a_beat_may_be_left_out_between_two_sentences_but_not_in_a_silence_that_nobody_planned() -> None:
    assert left_out(silence=2.0) == set()
    assert left_out(silence=7.0) == {"words: beat missing"}


def test_a_beat_that_repeated_words_leave_out_is_not_the_same_word_of_a_later_round() -> None:
    plan = copy.deepcopy(PLAN)
    opening, first, out = plan["chapters"][1]["cues"]
    later = say(8.0, "Softly.", 1.0) | {"anchor": "words"}
    plan["chapters"][1]["cues"] = [opening, first, out | {"at": 6.0}, later, out | {"at": 12.0}]
    lines = good()
    lines.remove(find(lines, id="4", do="say"))
    heard = [
        *lines,
        {"t": 23.5, "from": "person", "topic": "relax/rooms/den/command", "payload": {"command": "repeat"}},
        *spoken(23.5, "5", "Breathe with me.", 3.0),
        event(26.5, "words_dropped", id="4", late=0.5),
        *spoken(28.0, "6", "Softly.", 1.0),
        *spoken(32.0, "7", "Out", 1.0),
    ]
    ordered = sorted(heard, key=lambda line: line["t"])
    found = judge(of_lines(ordered, label={"scene": "small"}, plan=plan, home=HOME, before=BEFORE))
    assert [str(each) for each in found if each.truth.startswith("words")] == []


def test_a_finding_is_a_line_for_a_person() -> None:
    lines = good()
    a_voice_leaps(lines)
    assert [str(each) for each in judge(recording(lines))] == [
        "loudness: voice: small, at 0:20.0, speaker: wanted at most 1 dB more than 20 %, seen 40 %, 6.0 dB more"
    ]


def test_a_recording_is_judged_the_same_from_its_file(tmp_path: Path) -> None:
    lines = good()
    a_lamp_jumps(lines)
    made = recording(lines)
    (tmp_path / "kept.jsonl").write_text(made.text())
    assert judge(read(tmp_path / "kept.jsonl")) == judge(made)


def test_what_simulate_printed_is_judged(tmp_path: Path) -> None:
    """In the built-in home, whose devices relax itself plays: their first words say how they were."""
    printed = io.StringIO()
    called(["simulate", "box-breathing", "--set", "rounds=4", "--heard", "--do", "40s=stop"], printed)
    (tmp_path / "mine.jsonl").write_text(printed.getvalue())
    made = read(tmp_path / "mine.jsonl", settings=("rounds=4",))
    assert made.before["ceiling"]["on"]
    assert not judge(made)


def test_everything_is_heard_that_can_be_chosen() -> None:
    heard = whole()
    for scene in SCENES:
        assert {each.language for each in heard if each.scene == scene} >= {"en", "de"}
        assert {each.home for each in heard if each.scene == scene} == set(HOMES)
        chosen = {setting for each in heard if each.scene == scene for setting in each.settings}
        wanted = {f"{name}={value}" for name, each in parameters(scene).items() for value in values(each)}
        assert chosen >= wanted
        assert any(each.is_learnt for each in heard if each.scene == scene)
        done = {deed.partition("=")[2].partition(" ")[0] for each in heard if each.scene == scene for deed in each.do}
        assert done >= {
            "stop",
            "abort",
            "skip",
            "back",
            "next",
            "repeat",
            "pause",
            "resume",
            "extend",
            "hand",
            "give_back",
            "offline",
            "online",
            "restart",
        }


def test_a_recording_is_known_by_its_name() -> None:
    assert [named(each.name) for each in whole()] == whole()


def test_a_fault_that_is_put_back_changes_one_text() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert not [fault for fault in FAULTS if fault.old == fault.new]
    texts = {file: (ROOT / file).read_text(encoding="utf-8") for file in {fault.file for fault in FAULTS}}
    assert [fault.name for fault in FAULTS if texts[fault.file].count(fault.old) != 1] == []
