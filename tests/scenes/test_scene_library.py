"""Scenes are found, read, and refused with every fault in its place."""

# ruff: noqa: E501 - a table reads best with one case a line
from pathlib import Path

import pytest

from orchestrator.errors import SceneError, UnknownScene
from orchestrator.scenes import library

SOUND = """\
scene: little
format: 1
languages: [en, de]
title: {en: Little, de: Klein}
cautions:
  - {en: Stop when it hurts., de: "Hör auf, wenn es weh tut."}
parameters:
  feet: {choice: [both, left, right], default: both}
  soak: {duration: 10min, min: 2min, max: 20min}
  rounds: {whole: 5, min: 1, max: 9}
roles:
  main: {kind: light}
  glow: {kind: light, optional: true}
  music: {kind: player, optional: true}
  scent: {kind: switch, optional: true}
looks:
  welcome: {main: {brightness: 45%, temperature: 2700K}, glow: off}
phrases:
  side: {left: {en: left, de: linken}, right: {en: right, de: rechten}}
steps:
  - step: settle
    look: welcome
    fade: 40s
    say: {en: Sit down., de: Setz dich.}
    lasts: 1min
  - part: oily
    skip: true
    steps:
      - step: oil
        wait: {at_most: 4min, usually: 2min}
  - for: foot
    in: "['left', 'right'] if feet == 'both' else [feet]"
    steps:
      - step: strokes
        count:
          times: "{{ rounds }}"
          parts:
            - {lasts: 6s, swell: up, say: {en: Up, de: Hoch}}
            - {lasts: 6s, swell: down}
          swell: {main: 8%, music: 5%}
"""
"""A sound scene; the table below breaks it in one place at a time."""


def faults(text: str) -> list[str]:
    """Each fault as `line:column: message`."""
    with pytest.raises(SceneError) as refusal:
        library.read(text, "scene.yaml")
    return [str(fault).removeprefix("scene.yaml:") for fault in refusal.value.faults]


def broken(old: str, new: str) -> list[str]:
    assert SOUND.count(old) >= 1, old
    return faults(SOUND.replace(old, new, 1))


WRONG = [
    # The top
    ("scene: little", "scene: Little One", "1:8: expected a name: small letters, digits and `-`"),
    ("scene: little\n", "", "1:1: `scene` is missing"),
    ("format: 1", "format: 2", "2:9: expected `1`"),
    ("title: {en", "tilte: {en", "4:1: `tilte` is no key of a scene; did you mean `title`?"),
    ("languages: [en, de]", "languages: []", "3:12: this is empty; expected at least one"),
    ("languages: [en, de]", "languages: [en, de, en]", "3:21: `en` stands here twice"),
    ("languages: [en, de]", "languages: [english, de]", "3:13: expected a language such as en or de"),
    ("title: {en: Little, de: Klein}", "title: 5", "4:8: expected a text; a number or true and false need quotes"),
    # Texts
    ("title: {en: Little, de: Klein}", "title: Little", "4:8: this text stands in one language; the scene speaks `en`"),
    ("{en: Little, de: Klein}", "{en: Little}", "4:8: `de` is missing here; the scene speaks `en` and `de`"),
    ("{en: Little, de: Klein}", "{en: L, de: K, fr: P}", "4:23: `fr` is not among the scene's `languages`"),
    ("{en: Sit down., de: Setz dich.}", "{en: Sit down, lean back, de: x}", "24:25: `lean back` has no value; if it belongs"),
    ("left: {en: left, de: linken}", "left: {en: left}", "19:16: `de` is missing here"),
    # Cautions
    ("- {en: Stop when it hurts., de:", "- {wen: feet, text: {en: a, de: b}}\n  - {en: Stop when it hurts., de:", "6:6: `wen` is no key of a caution; did you mean `when`?"),
    ('de: "Hör auf, wenn es weh tut."}', 'de: "Hör auf."}\n  - {text: {en: a, de: b}, when: soak > 3}', "7:34: a caution asks about choices and flags alone; `soak` is none; known are `feet`"),
    ('de: "Hör auf, wenn es weh tut."}', 'de: "Hör auf."}\n  - {text: {en: a, de: b}, without: {feat: both}}', "7:38: there is no parameter `feat`; did you mean `feet`?"),
    ('de: "Hör auf, wenn es weh tut."}', 'de: "Hör auf."}\n  - {text: {en: a, de: b}, without: {feet: bth}}', "7:44: feet cannot be 'bth'"),
    ('de: "Hör auf, wenn es weh tut."}', 'de: "Hör auf."}\n  - {text: {en: a, de: b}, without: {feet: [both, left, right]}}', "7:44: nothing of `feet` is left; `without: scene`"),
    ('de: "Hör auf, wenn es weh tut."}', 'de: "Hör auf."}\n  - {text: {en: a, de: b}, without: {soak: 10min}}', "7:38: a caution takes away choices and flags alone; `soak` is a figure"),
    ('de: "Hör auf, wenn es weh tut."}', 'de: "Hör auf."}\n  - {text: {en: a, de: b}, without: all}', "7:37: expected what cannot be chosen then, such as {feet: both}, or `scene`"),
    ('de: "Hör auf, wenn es weh tut."}', 'de: "Hör auf."}\n  - {text: {en: a}, without: scene}', "7:12: `de` is missing here"),
    # Parameters
    ("default: both}", "default: bth}", "8:48: `bth` is not among the choices; did you mean `both`?"),
    ("{choice: [both, left, right], default: both}", "{choise: [both], default: both}", "8:10: `choise` is no key of a choice parameter; did you mean `choice`?"),
    ("{duration: 10min, min: 2min, max: 20min}", "{duration: 30min, min: 2min, max: 20min}", "9:20: the default lies outside `min` and `max`"),
    ("min: 2min", "min: 2", "9:32: 2 of what? Write the unit: '2s' or '2min'"),
    ("whole: 5", "whole: 5.5", "10:19: expected a whole number"),
    ("whole: 5", "whole: 1e99", "10:19: this is no number that can be used here"),
    ("min: 1, max: 9", "min: 9, max: 1", "10:27: `min` is more than `max`"),
    ("rounds: {whole", "times: {whole", "10:3: `times` is taken in templates already"),
    ("rounds: {whole", "side: {whole", "19:3: `side` is the name of a parameter already"),
    ("rounds: {whole", "how-often: {whole", "10:3: expected a name: small letters, digits and `_`"),
    # Roles and looks
    ("main: {kind: light}", "main: {kind: lihgt}", "12:16: expected `light` or `player` or `voice` or `switch`; did you mean `light`?"),
    ("optional: true}", "optional: yes}", "13:33: expected `true` or `false`"),
    ("glow: off", "glwo: off", "17:58: there is no role `glwo`; did you mean `glow`?"),
    ("glow: off", "music: off", "17:58: `music` is a player; this needs a light"),
    ("glow: off", "glow: on", "17:64: expected `off`, or a map such as {brightness: 45%, temperature: 2700K}"),
    ("brightness: 45%", "brightness: 0%", "17:32: a brightness of 0% is off; write `off` for the lamp"),
    ("brightness: 45%", "brightness: 45", "17:32: expected a percentage; did you mean 45%?"),
    ("temperature: 2700K", "temperature: 2700", "17:50: expected a colour temperature; did you mean 2700K?"),
    ("temperature: 2700K", 'temperature: 2700K, color: "#ff9a3c"', "17:57: a lamp has either a `temperature` or a `color`"),
    # Steps
    ("look: welcome", "look: welcom", "22:11: there is no look `welcom`; did you mean `welcome`?"),
    ("look: welcome", "look: [welcome, rest]", "22:21: there is no look `rest`; known are `welcome`"),
    ("look: welcome", "look: restore", "22:11: `restore` belongs to `finish`, `stopped` and `lost`"),
    ("look: welcome", "lok: welcome", "22:5: `lok` is no key of a step; did you mean `look`?"),
    ("    look: welcome\n", "", "22:5: `fade` says how a look comes; there is no `look` here"),
    ("fade: 40s", "fade: -40s", "23:11: a fade cannot take less than no time: -40s"),
    ("fade: 40s", "curve: decibel", "23:12: expected `linear` or `perceptual` or `ease`"),
    ("lasts: 1min", "lasts: 1 minute", "25:12: '1 minute' is no length; did you mean 1min?"),
    ("lasts: 1min", "lasts: {share: 4}", "25:13: a share of what? The scene needs a `length`"),
    ("lasts: 1min", "lasts: {{ soak }}", "25:13: a key has to be a word; a template needs quotes around it"),
    ("lasts: 1min", "lasts:", "25:5: `lasts` has no value"),
    ("lasts: 1min", "skip: true", "25:5: `skip` is no key of a step; it takes `step`"),
    ("lasts: 1min", "hands: wet", "25:12: expected `free` or `busy` or `oily`"),
    ("lasts: 1min", "posture: leg-crosed", "25:14: expected `arms-raised` or `leg-crossed`"),
    ("lasts: 1min", "posture: {side: left}", "25:14: `hold` is missing"),
    ("lasts: 1min", "switch: {scent: of}", "25:21: expected `on` or `off`; did you mean `off`?"),
    ("lasts: 1min", "switch: {glow: off}", "25:14: `glow` is a light; this needs a switch"),
    ("lasts: 1min", "cues: [{at: 50%}]", "25:12: this cue does nothing; give it a `look`"),
    ("lasts: 1min", "cues: [{at: 150%, chime: soft}]", "25:17: 150% is more than all: 100% is the most"),
    ("lasts: 1min", "music: {stop: true, volume: 5%}", "25:13: music that stops cannot play or change its volume"),
    ("lasts: 1min", "music: {fade: 5s}", "25:12: say what becomes of the music: `play`, `volume` or `stop`"),
    ("step: oil", "step: settle", "29:15: there is a step `settle` already; each needs an id of its own"),
    ("step: oil", "step: finish", "29:15: `finish` is the name of a way out"),
    ("step: oil", "stp: oil", "29:9: `stp` is no key of a step; did you mean `step`?"),
    ("step: oil\n        wait", "wait", "29:9: expected a step: a map with `step`, `part` or `for`"),
    ("wait: {at_most: 4min, usually: 2min}", "wait: 4min", "30:15: expected `true`, or a map such as {at_most: 4min}"),
    ("usually: 2min", "usually: 5min", "30:40: `usually` is longer than `at_most`"),
    ("usually: 2min", "remind: {at: 5min, say: {en: a, de: b}}", "30:44: this moment lies outside the wait"),
    ("usually: 2min", "before_end: {at: 8s, say: {en: a, de: b}}", "30:48: `before_end` counts back from the limit"),
    ("for: foot", "for: feet", "31:10: `feet` is the name of a parameter already"),
    ("in: \"['left', 'right'] if feet == 'both' else [feet]\"", "in: [left, right]", "32:9: expected an expression in quotes"),
    # Counts
    ('times: "{{ rounds }}"', "times: 0", "36:18: expected a whole number from 1 to 1000"),
    ('times: "{{ rounds }}"', "times: 5\n          lasts: 8min", "36:11: a count has either `times` or `lasts`"),
    ("        count:\n", "        lasts: 1min\n        count:\n", "35:9: a count lasts as long as it counts"),
    ('times: "{{ rounds }}"', "times: 5\n          every: 6s", "36:11: a count has either `parts`, or `every` with `say`"),
    ("          swell: {main: 8%, music: 5%}\n", "", "38:27: which lights and sounds swell?"),
    ("swell: {main: 8%, music: 5%}", "swell: {scent: 8%}", "40:19: `scent` is a switch; this needs a light or a player"),
    # Ways out and examples
    ("steps:\n  - step: settle", "finish: {look: [welcome, restore]}\nsteps:\n  - step: settle", "20:26: `restore` stands alone"),
    ("steps:\n  - step: settle", "examples: [{set: {fet: left}}]\nsteps:\n  - step: settle", "20:19: there is no parameter `fet`; did you mean `feet`?"),
    ("steps:\n  - step: settle", "examples: [{set: {feet: up}}]\nsteps:\n  - step: settle", "20:25: feet cannot be 'up'."),
    ("steps:\n  - step: settle", "examples: [{without: [soak]}]\nsteps:\n  - step: settle", "20:23: there is no step `soak`"),
    ("say: {en: Sit down., de: Setz dich.}", "say: {en: Sit: down, de: x}", "24:18: a `{ … }` is not closed, or a text in it needs quotes"),
]  # fmt: skip


def test_a_sound_scene_is_read() -> None:
    scene = library.read(SOUND, "scene.yaml")
    assert scene.model.scene == "little"
    assert scene.place(("steps", 0, "say", "de")) == (24, 30)


@pytest.mark.parametrize(("old", "new", "expected"), WRONG, ids=[expected for *_, expected in WRONG])
def test_a_wrong_scene_gets_its_fault_at_its_place(old: str, new: str, expected: str) -> None:
    first, *others = broken(old, new)
    assert first.startswith(expected)
    assert others == []


def test_all_faults_come_at_once_in_the_order_of_their_places() -> None:
    text = (
        SOUND.replace("format: 1", "format: 3")
        .replace("look: welcome", "look: welcom")
        .replace("fade: 40s", "fade: long")
        .replace("step: oil", "step: settle")
        .replace("glow: off", "color: #ff0000")
    )
    assert [fault.partition(": ")[0] for fault in faults(text)] == sorted(
        (fault.partition(": ")[0] for fault in faults(text)), key=lambda place: [int(part) for part in place.split(":")]
    )


def test_a_fault_of_shape_does_not_hide_those_of_meaning() -> None:
    text = SOUND.replace("format: 1", "format: 3").replace("welcome\n", "welcom\n").replace("fade: 40s", "fade: long")
    assert [fault.split(": ")[0] for fault in faults(text)] == ["2:9", "22:11", "23:11"]


def test_a_faulty_role_is_not_called_missing() -> None:
    assert broken("glow: {kind: light, optional: true}", "glow: {kind: lamp}") == [
        "13:16: expected `light` or `player` or `voice` or `switch`"
    ]


def test_places_after_a_faulty_list_item_stay_right() -> None:
    text = SOUND.replace("  - step: settle\n", "  - step: Wrong Name\n").replace("step: strokes", "step: oil")
    assert [fault.split(": ")[0] for fault in faults(text)] == ["21:11", "34:15"]


def test_cautions_can_only_be_said_where_there_are_some() -> None:
    text = SOUND.replace("say: {en: Sit down., de: Setz dich.}", "say: cautions")
    assert library.read(text, "scene.yaml").model.steps
    without = text.replace('cautions:\n  - {en: Stop when it hurts., de: "Hör auf, wenn es weh tut."}\n', "")
    assert faults(without) == ["22:10: the scene has no `cautions` to say"]


def test_a_text_without_words_needs_no_languages() -> None:
    text = SOUND.replace("say: {en: Sit down., de: Setz dich.}", 'say: "{{ rounds }} …"')
    assert library.read(text, "scene.yaml").model.steps


@pytest.mark.parametrize("text", ["", "# nothing", "a text", "[1, 2]", "42"])
def test_what_is_no_scene_at_all_is_refused(text: str) -> None:
    assert len(faults(text)) == 1


@pytest.mark.parametrize("name", sorted(library.catalogue()))
def test_shipped_scenes_are_sound(name: str) -> None:
    scene = library.load(name)
    assert scene.model.scene == name
    assert scene.source.endswith(f"{name}.yaml")


def test_the_foot_massage_ships() -> None:
    assert "foot-massage" in library.catalogue()


def test_an_unknown_scene_is_guessed() -> None:
    with pytest.raises(UnknownScene, match="Did you mean foot-massage"):
        library.load("foot-masage")


def test_a_path_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SOUND, encoding="utf-8")
    assert library.load(str(tmp_path / "mine.yaml")).model.scene == "little"
    with pytest.raises(UnknownScene, match=r"other\.yaml"):
        library.load(tmp_path / "other.yaml")


def test_a_persons_own_scene_stands_before_ours(tmp_path: Path) -> None:
    (tmp_path / "foot-massage.yaml").write_text(SOUND, encoding="utf-8")
    assert library.load("foot-massage", [tmp_path]).model.scene == "little"
    assert library.load("foot-massage").model.scene == "foot-massage"


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(b"scene: x\ntitle: \xff\xfe\n")
    with pytest.raises(SceneError, match=r"bad\.yaml:2:1: this is no text in UTF-8"):
        library.load(tmp_path / "bad.yaml")


def test_a_folder_instead_of_a_file_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(UnknownScene):
        library.load(tmp_path)
