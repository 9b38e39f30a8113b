"""A voice that keeps no silences gets the words a sentence at a time; to the person it is one announcement."""

from itertools import pairwise

import pytest

from orchestrator.commands import Next, Pause, Repeat, Resume, RoomCommand, Stop
from orchestrator.conductor.journal_entries import RecoveryRecord
from orchestrator.conductor.rehearsal import Rehearsal
from orchestrator.devices.messages import Message
from orchestrator.events.event import EventRecord
from orchestrator.events.words import WordsDropped
from orchestrator.languages.library import own_words
from orchestrator.scenes import library
from orchestrator.scenes.planning.pacing import sentences
from orchestrator.units import SECOND, Ms
from tests.conductor.speaking import Played, RealVoice, a_tenth_of_a_second_a_letter, home, play, start

SCENE = library.read(
    """
scene: quiet
format: 1
title: Quiet
roles: {main: {kind: light}, voice: {kind: voice, optional: true}}
looks: {warm: {main: {brightness: 40%, temperature: 2500K}}}
voice: {rate: 100, gap: 2s}
steps:
  - {step: one, look: warm, say: "Let it go. Lean back, as far as you like. Rest.", lasts: 10s}
  - {step: two, say: Feel the warmth of the room., lasts: 5s}
finish: {look: restore, fade: 2s, say: "It is over. Stay as long as you like."}
stopped: {look: restore, fade: 2s}
""",
    "quiet.yaml",
)
WORDS = "Let it go. Lean back, as far as you like. Rest."
GAP: Ms = 2 * SECOND
WITHOUT_GAPS = ["relax_speaker", "hermes", "template", "template without done"]


def played(kind: str, *commands: tuple[Ms, RoomCommand], rate: int = 1000) -> tuple[Played, RealVoice]:
    place, voice = home(kind), RealVoice(kind, a_tenth_of_a_second_a_letter)
    return play(place, start(place, SCENE, rate=rate), voice, commands), voice


@pytest.mark.parametrize("kind", WITHOUT_GAPS)
def test_each_sentence_is_said_by_itself_in_order_and_once(kind: str) -> None:
    evening, voice = played(kind)
    assert [said.text for said in voice.said] == [
        *sentences(WORDS),
        "Feel the warmth of the room.",
        "It is over.",
        "Stay as long as you like.",
    ]
    assert evening.announced == [WORDS, "Feel the warmth of the room.", "It is over. Stay as long as you like."]
    assert len({said.id for said in voice.said}) == len(voice.said)
    assert not any(isinstance(record.event, WordsDropped) for record in evening.records)


@pytest.mark.parametrize("kind", ["relax_speaker", "hermes", "template"])
def test_the_silence_between_sentences_is_the_scenes(kind: str) -> None:
    _, voice = played(kind)
    silences = [later.began - earlier.over for earlier, later in pairwise(voice.said[:3])]
    assert silences == [GAP, GAP]


def test_a_voice_that_does_not_say_done_is_never_told_the_next_while_it_speaks() -> None:
    _, voice = played("template without done")
    assert all(later.began - earlier.over >= GAP for earlier, later in pairwise(voice.said[:3]))


@pytest.mark.parametrize("kind", ["relax_speaker", "hermes", "template"])
def test_the_doing_begins_once_the_last_sentence_is_over(kind: str) -> None:
    _, voice = played(kind)
    last, following = voice.said[2], voice.said[3]
    assert following.text == "Feel the warmth of the room."
    assert following.began - last.over >= 10 * SECOND


def test_a_voice_that_keeps_silences_gets_all_at_once() -> None:
    place = home("relax_speaker")
    voice = RealVoice("relax_speaker", a_tenth_of_a_second_a_letter, ("done", "hush", "rate", "gap"))
    play(place, start(place, SCENE), voice)
    assert voice.said[0].text == WORDS


@pytest.mark.parametrize("moment", [1500, 3000, 6000])
def test_a_pause_in_any_sentence_or_silence_says_all_of_it_again(moment: Ms) -> None:
    evening, voice = played("relax_speaker", (moment, Pause()), (moment + 20 * SECOND, Resume()))
    before = [said for said in voice.said if said.began < moment]
    again = [said.text for said in voice.said if said.began >= moment]
    assert len(before) < 3
    assert again[:3] == sentences(WORDS)
    assert all(said.began >= moment + 20 * SECOND for said in voice.said[len(before) :])
    assert evening.announced.count(WORDS) == 2


def test_a_pause_cuts_what_is_in_the_air_and_in_a_silence_there_is_nothing_to_cut() -> None:
    _, in_a_sentence = played("relax_speaker", (500, Pause()), (5000, Resume()))
    assert in_a_sentence.hushed == [in_a_sentence.said[0].id]
    over = in_a_sentence.said[0].over
    _, in_a_silence = played("relax_speaker", (over + SECOND, Pause()), (over + 5000, Resume()))
    assert in_a_silence.hushed == []


def test_repeat_says_the_whole_words_once_more() -> None:
    _, voice = played("relax_speaker", (17 * SECOND, Repeat()))
    assert [said.text for said in voice.said[:6]] == [*sentences(WORDS), *sentences(WORDS)]


@pytest.mark.parametrize("kind", WITHOUT_GAPS)
def test_who_stops_hears_no_sentence_more_once_it_is_over(kind: str) -> None:
    evening, voice = played(kind, (500, Stop()))
    assert all(said.began <= evening.ended for said in voice.said)
    if kind == "relax_speaker":
        assert [said.text for said in voice.said] == ["Let it go."]


def test_a_sentence_whose_end_is_never_heard_does_not_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    place, voice = home("relax_speaker"), RealVoice("relax_speaker", a_tenth_of_a_second_a_letter)
    lost: list[bool] = []
    advance = voice.advance

    def losing(now: Ms) -> list[Message]:
        over = advance(now)
        if over and not lost:
            lost.append(True)
            return []
        return over

    monkeypatch.setattr(voice, "advance", losing)
    play(place, start(place, SCENE), voice)
    assert [said.text for said in voice.said[:3]] == sentences(WORDS)


@pytest.mark.parametrize("kind", ["relax_speaker", "hermes", "template"])
def test_a_voice_that_falls_silent_is_still_told_every_sentence(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, voice = home(kind), RealVoice(kind, a_tenth_of_a_second_a_letter)
    monkeypatch.setattr(voice, "advance", lambda now: RealVoice.advance(voice, now)[:0])
    evening = play(place, start(place, SCENE), voice)
    assert [said.text for said in voice.said] == [
        *sentences(WORDS),
        "Feel the warmth of the room.",
        "It is over.",
        "Stay as long as you like.",
    ]
    assert not any(isinstance(record.event, WordsDropped) for record in evening.records)


@pytest.mark.parametrize("kind", WITHOUT_GAPS)
def test_what_is_said_after_a_restart_is_said_whole_before_the_step(kind: str) -> None:
    place, voice = home(kind), RealVoice(kind, a_tenth_of_a_second_a_letter)
    play(place, start(place, SCENE), voice, recovered=RecoveryRecord(1, (), (), (), ()))
    assert [said.text for said in voice.said[:3]] == [
        *sentences(own_words("en").model.restarted),
        "Feel the warmth of the room.",
    ]


UNHUSHED = ["hermes", "template"]


@pytest.mark.parametrize("moment", [1500, 2700, 6000])
@pytest.mark.parametrize("kind", UNHUSHED)
def test_a_voice_that_cannot_be_hushed_stands_after_its_sentence_and_goes_on_with_the_next(
    kind: str, moment: Ms
) -> None:
    _, voice = played(kind, (moment, Pause()), (moment + 20 * SECOND, Resume()))
    assert [said.text for said in voice.said[:3]] == sentences(WORDS)
    assert not [said for said in voice.said if moment < said.began < moment + 20 * SECOND]


@pytest.mark.parametrize("moment", [1500, 2700, 6000])
@pytest.mark.parametrize("kind", UNHUSHED)
def test_who_says_next_or_stop_hears_the_sentence_to_its_end_and_no_more_of_that(kind: str, moment: Ms) -> None:
    _, voice = played(kind, (moment, Next()))
    begun = len([said for said in voice.said if said.began < moment])
    assert voice.said[begun].text == "Feel the warmth of the room."
    assert voice.said[begun].began - max(voice.said[begun - 1].over, moment) < SECOND
    _, stopped = played(kind, (moment, Stop()))
    assert len(stopped.said) == begun, "`stopped` has no words here"


@pytest.mark.parametrize("kind", UNHUSHED)
def test_who_says_repeat_in_the_words_hears_them_from_their_beginning(kind: str) -> None:
    _, voice = played(kind, (1500, Repeat()))
    assert [said.text for said in voice.said[:4]] == ["Let it go.", *sentences(WORDS)]


def test_at_another_speed_sentences_come_as_planned_only_faster() -> None:
    evening, voice = played("relax_speaker", rate=4000)
    assert [said.text for said in voice.said[:3]] == sentences(WORDS)
    planned = start(home("relax_speaker"), SCENE).timeline.lasts
    assert abs(evening.ended - planned // 4) < 2 * SECOND


@pytest.mark.parametrize("scene", ["evening-wind-down", "foot-massage"])
@pytest.mark.parametrize("kind", WITHOUT_GAPS)
def test_a_rehearsal_takes_what_the_plan_says_whatever_speaks(kind: str, scene: str) -> None:
    """Voices behind templates cannot be simulated: their words take what is planned."""
    begin = start(home(kind), library.load(scene))
    rehearsal = Rehearsal(home(kind), begin)
    records = [what.event for what in rehearsal.play() if isinstance(what, EventRecord)]
    assert abs(rehearsal.now - begin.timeline.lasts) <= 3 * SECOND
    assert not any(isinstance(event, WordsDropped) for event in records)
