"""A home in which nobody can say next: its waits are as long as usual, and what it is told of that is true."""

import re
from pathlib import Path

import pytest

from orchestrator.commands import Extend
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rehearsal import Rehearsal
from orchestrator.conductor.request import Start
from orchestrator.events.event import EventRecord
from orchestrator.events.session import Landing
from orchestrator.events.step import StepStarted, Waiting
from orchestrator.home.library import Home, read
from orchestrator.scenes import library
from orchestrator.scenes.planning.planner import plan
from orchestrator.scenes.planning.timeline import Say
from orchestrator.session.state import HoldFor, Status
from orchestrator.units import MINUTE, SECOND, Ms

DOCS = Path(__file__).parents[2] / "docs" / "home.md"
SMALLEST = DOCS.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
"""The first home of docs/home.md: a lamp and a speaker."""
WITH_A_REMOTE = SMALLEST.replace(
    "rooms:", "  remote: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}\nrooms:"
).replace("\nmusic:", "\n    buttons: {remote: {}}\nmusic:")
ACCURACY: Ms = 10 * SECOND


def start_of(home: Home, scene: str = "foot-massage", language: str = "en", **given: object) -> Start:
    return prepare(library.load(scene), home, "bedroom", given, name="one", language=language)


def the_home(text: str = SMALLEST) -> Home:
    return read(text, "home.yaml")


def words_of(start: Start) -> str:
    chapters = start.timeline.chapters
    waits = [cue for chapter in chapters if chapter.wait is not None for cue in chapter.wait.cues]
    cues = (*(cue for chapter in chapters for cue in chapter.cues), *waits)
    return " ".join(cue.what.text for cue in cues if isinstance(cue.what, Say))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("scene", ["foot-massage", "hand-massage", "evening-wind-down"])
def test_the_end_is_when_the_plan_and_the_room_have_said_all_along(scene: str, language: str) -> None:
    rehearsal = Rehearsal(the_home(), start_of(the_home(), scene, language), hold=5 * SECOND)
    promised: list[tuple[Ms, Ms]] = []
    for _ in rehearsal.play():
        runner = rehearsal.conductor.runner("bedroom")
        view = runner.view(rehearsal.now) if runner is not None else None
        if view is not None and view.ending is None:
            promised.append((rehearsal.now, rehearsal.now + view.remaining))
    assert abs(rehearsal.now - start_of(the_home(), scene, language).timeline.as_usual().lasts) <= ACCURACY
    assert len(promised) > 20
    assert all(abs(end - rehearsal.now) <= ACCURACY for _, end in promised)


@pytest.mark.parametrize(
    ("language", "words", "never"),
    [
        ("en", "it goes on by itself in two minutes", "wait a moment"),
        ("de", "noch zwei Minuten, dann geht es von allein weiter", "warte einfach einen Moment"),
    ],
)
def test_it_is_said_that_it_goes_on_by_itself_and_when(language: str, words: str, never: str) -> None:
    said = words_of(start_of(the_home(), language=language))
    assert words in said
    assert never not in said
    assert "press" not in said


@pytest.mark.parametrize("scene", ["foot-massage", "hand-massage"])
@pytest.mark.parametrize(
    ("language", "by_itself", "enough"),
    [
        ("en", r"by itself|I also go on by myself", "had enough"),
        ("de", r"von allein", "genug hast"),
    ],
)
def test_it_is_said_once_in_a_step_and_enough_only_to_who_can_say_so(
    scene: str, language: str, by_itself: str, enough: str
) -> None:
    given = {"bath": True} if scene == "foot-massage" else {}
    alone = start_of(the_home(), scene, language, **given).timeline.chapters
    for chapter in alone:
        said = " ".join(cue.what.text for cue in chapter.cues if isinstance(cue.what, Say))
        assert len(re.findall(by_itself, said)) <= 1, said
        assert enough not in said
    answered = plan(library.load(scene).model, given, language).chapters
    said = " ".join(cue.what.text for chapter in answered for cue in chapter.cues if isinstance(cue.what, Say))
    assert re.search(by_itself, said)
    assert (enough in said) == (scene == "foot-massage")


def test_what_is_said_of_the_wait_is_what_happens() -> None:
    start = start_of(the_home(), bath=True)
    rehearsal = Rehearsal(the_home(), start, hold=5 * SECOND)
    numbers = {
        "one minute": MINUTE,
        "one minute and 30 seconds": 90 * SECOND,
        "two minutes": 2 * MINUTE,
        "four minutes": 4 * MINUTE,
        "15 seconds": 15 * SECOND,
        "35 seconds": 35 * SECOND,
        "45 seconds": 45 * SECOND,
    }
    chapters = {chapter.id: chapter for chapter in start.timeline.chapters}
    waited: dict[str, Ms] = {}
    over: dict[str, Ms] = {}
    for what in rehearsal.play():
        runner = rehearsal.conductor.runner("bedroom")
        session = runner.session if runner is not None else None
        if session is not None and session.waits_since is not None:
            waited.setdefault(session.chapter.id, session.waits_since)
        if isinstance(what, EventRecord) and isinstance(what.event, StepStarted | Landing):
            over.update((name, what.at) for name in waited if name not in over)
        assert not (isinstance(what, EventRecord) and isinstance(what.event, Waiting)), "nobody is waited for"
    assert len(over) >= 5
    for name, began in waited.items():
        said = " ".join(cue.what.text for cue in chapters[name].cues if isinstance(cue.what, Say))
        length = re.search(r"by itself in (.*?)\.", said)
        assert length is not None
        assert abs(over[name] - began - numbers[length[1]]) <= ACCURACY


def test_what_a_client_counts_on_by_itself_is_true_through_a_wait() -> None:
    """There is no hold for a person who is not there, so the published `remaining` goes down with the clock."""
    rehearsal = Rehearsal(the_home(), start_of(the_home()), hold=None)
    told: list[tuple[Ms, Ms]] = []
    standing = 0
    for _ in rehearsal.play():
        runner = rehearsal.conductor.runner("bedroom")
        view = runner.view(rehearsal.now) if runner is not None else None
        if view is None or view.ending is not None:
            continue
        assert view.hold is None or view.hold.reason is HoldFor.SPEECH
        if runner is not None and runner.session is not None and runner.session.waits_since is not None:
            assert view.status is Status.RUNNING
            told.append((rehearsal.now, view.remaining))
            standing += 1
    assert standing > 5
    assert all(abs(at + remaining - rehearsal.now) <= ACCURACY for at, remaining in told)


def test_a_reminder_after_the_wait_is_over_is_not_said() -> None:
    assert "Once everything's there" in words_of(
        start_of(the_home(SMALLEST.replace("\nmusic:", "\n    ready: tap it\nmusic:")))
    )
    assert "Once everything's there" not in words_of(start_of(the_home()))


def test_a_remote_that_counts_only_for_oily_hands_says_next_for_those_alone() -> None:
    chapters = {chapter.id: chapter for chapter in start_of(the_home(WITH_A_REMOTE)).timeline.chapters}
    waits = {name: chapter.wait.is_answered for name, chapter in chapters.items() if chapter.wait is not None}
    assert waits["clean"] is False
    assert waits["oil:left"] is True
    assert "press the big button" in words_of(start_of(the_home(WITH_A_REMOTE)))


def test_a_home_that_says_how_people_say_next_waits_for_them() -> None:
    timeline = start_of(the_home(SMALLEST.replace("\nmusic:", "\n    ready: tap the phone\nmusic:"))).timeline
    waits = [chapter.wait for chapter in timeline.chapters if chapter.wait is not None]
    assert all(wait.is_answered for wait in waits)
    assert max(wait.at_most for wait in waits) == 8 * MINUTE


def test_more_time_for_a_wait_moves_the_end_that_is_promised() -> None:
    rehearsal = Rehearsal(the_home(), start_of(the_home()), hold=None)
    ends: list[Ms] = []
    for _ in rehearsal.play():
        runner = rehearsal.conductor.runner("bedroom")
        if not ends and runner is not None and runner.session is not None and runner.session.waits_since is not None:
            rehearsal.conductor.command("bedroom", Extend(2 * MINUTE), rehearsal.now)
            view = runner.view(rehearsal.now)
            assert view is not None
            ends.append(rehearsal.now + view.remaining)
    assert abs(ends[0] - rehearsal.now) <= ACCURACY
