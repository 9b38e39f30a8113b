"""Scenes that hurt, keep awake or leave in the dark: each is refused or warned of, and those that ship are not.

What has to be said of a scene stands in the comments at its top: `# check: CODE, line N: part of the sentence`.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from orchestrator.cli.scenes.scene_check import check_scene
from orchestrator.scenes import library
from tests.scenes.shipped import KNOWN_FINDINGS

BAD = sorted(Path(__file__).with_name("bad").glob("*.yaml"))
WANTED = re.compile(r"^# check: ([\w-]+), line (\d+): (.+)$", re.MULTILINE)


OF_NO_FIGURE = ("fault", "stumbling", "unsaid", "no-side", "pair-of-one")
"""Findings about words that have no measure."""


class Wanted(NamedTuple):
    code: str
    line: int
    part: str


def wanted(path: Path) -> list[Wanted]:
    return [Wanted(code, int(line), part) for code, line, part in WANTED.findall(path.read_text(encoding="utf-8"))]


def said(path: Path) -> list[Wanted]:
    """What `relax scenes check` says of it: warnings with their code, faults as `fault`."""
    verdict = check_scene(path)
    faults = [Wanted("fault", fault.line, fault.message) for fault in verdict.faults]
    return faults + [Wanted(warning.code, warning.line, warning.message) for warning in verdict.warnings]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_scene_is_told_where_and_how_bad_and_of_nothing_else(path: Path) -> None:
    found, expected = said(path), wanted(path)
    assert expected
    assert [(one.code, one.line) for one in found] == [(one.code, one.line) for one in expected], found
    for one, other in zip(found, expected, strict=True):
        assert other.part in one.part


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_warning_says_the_figure_and_the_limit(path: Path) -> None:
    for one in said(path):
        if one.code not in OF_NO_FIGURE:
            assert re.search(r"at \d+:\d\d|when the scene is", one.part), one
            assert re.search(r"is the (most|least|fastest)|are the most|bear|may be|is how", one.part), one


def test_the_scenes_that_people_go_to_bed_after_say_so_and_breathing_is_for_any_time() -> None:
    evening = {name for name, path in library.catalogue().items() if library.load(path).model.time == "evening"}
    assert evening == {
        "back-and-shoulders",
        "calves-and-legs-up",
        "evening-wind-down",
        "face-and-scalp",
        "foot-massage",
        "foot-rescue",
        "hand-massage",
        "muscle-relaxation",
        "neck-and-shoulders",
        "night-waking",
    }


@pytest.mark.parametrize("name", sorted(library.catalogue()))
def test_a_scene_that_ships_is_told_of_nothing_that_is_not_known(name: str) -> None:
    told = {one.code for one in said(library.catalogue()[name])}
    assert told - KNOWN_FINDINGS.get(name, set()) == set()
