"""What each command does, on a small scene with one of everything."""

import pytest

from orchestrator.commands import (
    Abort,
    Back,
    Extend,
    Goto,
    MusicVolume,
    Next,
    Pause,
    Proceed,
    Repeat,
    Resume,
    Skip,
    Stop,
    Toggle,
)
from orchestrator.errors import Reason, Refused
from orchestrator.events.session import Ending
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Say, Timeline, Wait
from orchestrator.session.outputs import Announce, HushWords, Output, Wish
from orchestrator.session.reports import Spoken, VoiceIs, VolumeByHand
from orchestrator.session.session import Session
from orchestrator.session.state import State, Status
from orchestrator.session.voice import Traits
from orchestrator.units import Percent
from orchestrator.values import Playing
from tests.session.timelines import BEFORE, GLOW, MAIN, MUSIC, VOLUME, landing

VOICE = Traits(cast=True, done=True, hush=True)


def chapter(name: str, *, words: int = 4000, lasts: int = 20_000, wait: Wait | None = None, **more: object) -> Chapter:
    level = {"settle": 45.0, "soak": 30.0, "dry": 30.0, "oil": 25.0, "rest": 20.0}[name.partition(":")[0]]
    cues = [Cue(0, Anchor.START, Move(MAIN, level, 10_000)), Cue(0, Anchor.START, Say(f"{name} words", words))]
    if name == "settle":
        cues.insert(0, Cue(0, Anchor.START, Move(MUSIC, Playing(("calm",)))))
        cues.insert(1, Cue(0, Anchor.START, Move(VOLUME, 80.0, 0)))
    if name == "rest":
        cues.append(Cue(words + lasts - 5000, Anchor.END, Move(MAIN, 40.0, 5000)))
    return Chapter(name, name.title(), words, lasts, wait, tuple(cues), **more)  # type: ignore[arg-type]


CHAPTERS = (
    chapter("settle"),
    chapter("soak", lasts=600_000, part="bath"),
    chapter("dry", lasts=0, wait=Wait(60_000, 30_000), part="bath"),
    chapter("oil:left"),
    chapter("oil:right"),
    chapter("rest"),
)
TIMELINE = Timeline(
    "small", "Small", "en", CHAPTERS, landing("finish", 6000, 2100), landing("stopped", 3000), landing("lost", 3000)
)


def session(**more: object) -> Session:
    return Session("s", TIMELINE, BEFORE, 0, traits=VOICE, **more)  # type: ignore[arg-type]


def words(outputs: list[Output]) -> list[str]:
    return [output.text for output in outputs if isinstance(output, Announce)]


def wished(outputs: list[Output], track: object) -> list[Wish]:
    return [output for output in outputs if isinstance(output, Wish) and output.track == track]


def speak(one: Session, now: int, announced: list[Output]) -> None:
    """Let the voice be done with all that was announced."""
    for output in announced:
        if isinstance(output, Announce):
            one.report(Spoken(output.id), now)


def test_a_voice_that_is_done_early_moves_the_playhead_to_the_end_of_the_words() -> None:
    one = session()
    [announce] = [output for output in one.advance(0) if isinstance(output, Announce)]
    one.report(Spoken(announce.id), 1000)
    assert one.offset(1000) == 4000


def test_a_voice_that_is_not_done_holds_the_playhead_at_the_end_of_the_words_until_the_limit() -> None:
    one = session()
    one.advance(4000 * 3 // 2 + 4999)
    assert one.view(4000 * 3 // 2 + 4999).status is Status.HOLDING
    one.advance(4000 * 3 // 2 + 5000)
    assert one.view(11_000).status is Status.RUNNING


def test_an_id_that_is_not_ours_is_ignored() -> None:
    one = session()
    one.advance(0)
    one.report(Spoken("somebody-else"), 1000)
    assert one.offset(1000) == 1000


def test_music_ducks_by_12_db_under_words_and_returns() -> None:
    one = session()
    one.advance(0)
    one.report(Spoken("s-1"), 3000)
    outputs = one.handle(Repeat(), 10_000)
    gain = wished(outputs, VOLUME)[-1].gain
    assert (gain.start, gain.end, gain.target) == (10_000, 10_500, -12.0)
    speak_outputs = one.report(Spoken("s-2"), 13_000)
    gain = wished(speak_outputs, VOLUME)[-1].gain
    assert (gain.start, gain.end, gain.target) == (13_000, 14_500, 0.0)


def test_music_that_begins_under_words_is_ducked_from_its_first_moment() -> None:
    gain = wished(session().advance(0), VOLUME)[-1].gain
    assert (gain.start, gain.end, gain.target) == (0, 0, -12.0)


def test_captions_do_not_duck_the_music() -> None:
    one = Session("s", TIMELINE, BEFORE, 0)
    assert all(wish.gain.target == 0.0 for wish in wished(one.advance(10_000), VOLUME))


def test_next_enters_the_next_step_and_hushes_the_words() -> None:
    one = session()
    one.advance(2000)
    outputs = one.handle(Next(), 2000)
    assert HushWords("s-1") in outputs
    assert words(outputs) == ["soak words"]
    assert one.chapter.id == "soak"


def test_next_right_after_a_step_changed_by_itself_does_nothing() -> None:
    one = session()
    speak(one, 1000, one.advance(0))
    one.advance(21_000)
    assert one.chapter.id == "soak"
    assert one.handle(Next(), 21_900) == []
    one.handle(Next(), 22_000)
    assert one.chapter.id == "dry"


def test_next_ends_a_wait() -> None:
    one = session()
    one.handle(Goto("dry"), 0)
    speak(one, 2000, [Announce(0, "s-2", "", 0, Percent(0), 0, 0, False)])  # type: ignore[arg-type]
    assert one.waits_since == 2000
    one.handle(Next(), 20_000)
    assert one.chapter.id == "oil:left"


def test_a_wait_ends_at_its_limit() -> None:
    one = session()
    one.handle(Goto("dry"), 0)
    one.report(Spoken("s-2"), 2000)
    one.advance(61_999)
    assert one.chapter.id == "dry"
    one.advance(62_000)
    assert one.chapter.id == "oil:left"


def test_back_goes_to_the_step_before_and_what_was_not_yet_touched_goes_back() -> None:
    one = session()
    one.handle(Next(), 1000)
    outputs = one.handle(Back(), 5000)
    assert one.chapter.id == "settle"
    [music] = wished(outputs, MUSIC)[:1]
    assert music.back is not None


def test_goto_takes_the_next_occurrence_else_the_last_before() -> None:
    one = session()
    one.handle(Goto("oil"), 1000)
    assert one.chapter.id == "oil:left"
    one.handle(Goto("oil"), 2000)
    assert one.chapter.id == "oil:right"
    one.handle(Goto("rest"), 3000)
    one.handle(Goto("oil"), 4000)
    assert one.chapter.id == "oil:right"


def test_goto_an_unknown_step_is_refused_and_names_those_there_are() -> None:
    one = session()
    with pytest.raises(Refused, match="oil:left") as refusal:
        one.handle(Goto("nowhere"), 1000)
    assert refusal.value.reason is Reason.UNKNOWN_STEP
    assert one.chapter.id == "settle"


def test_skip_leaves_the_whole_part() -> None:
    one = session()
    one.handle(Next(), 1000)
    one.handle(Skip(), 3000)
    assert one.chapter.id == "oil:left"


def test_skip_is_refused_outside_of_a_part() -> None:
    with pytest.raises(Refused, match="no part"):
        session().handle(Skip(), 1000)


def test_a_jump_glides_in_two_seconds_to_where_the_step_begins() -> None:
    one = session()
    one.advance(3000)
    outputs = one.handle(Goto("rest"), 3000)
    first = wished(outputs, MAIN)[0].fade
    assert (first.start, first.end, first.target) == (3000, 5000, 25.0)


def test_pause_freezes_fades_and_the_music_and_resume_goes_on() -> None:
    one = session()
    speak(one, 2000, one.advance(0))
    outputs = one.handle(Pause(), 6000)
    [main] = wished(outputs, MAIN)
    assert main.fade.at(6000) == main.fade.at(90_000) == pytest.approx(70 - 25 * 0.6)
    [music] = wished(outputs, MUSIC)
    assert music.fade.target == Playing(("calm",), paused=True)
    assert one.view(60_000).status is Status.PAUSED
    outputs = one.handle(Resume(), 106_000)
    [main] = wished(outputs, MAIN)
    assert main.fade.at(106_000) == pytest.approx(70 - 25 * 0.6)
    assert main.fade.end == 110_000
    assert wished(outputs, MUSIC)[0].fade.target == Playing(("calm",))


def test_one_button_pauses_and_goes_on() -> None:
    one = session()
    one.handle(Toggle(), 6000)
    assert one.status is Status.PAUSED
    one.handle(Toggle(), 106_000)
    assert one.state is State.PLAYING
    one.handle(Stop(), 110_000)
    with pytest.raises(Refused):
        one.handle(Toggle(), 110_100)


def test_who_proceeds_leaves_a_pause_first_and_then_the_step() -> None:
    one = session()
    one.handle(Pause(), 6000)
    one.handle(Proceed(), 106_000)
    assert (one.state, one.chapter.id) == (State.PLAYING, "settle")
    one.handle(Proceed(), 110_000)
    assert (one.status, one.chapter.id) == (Status.RUNNING, "soak")


def test_to_proceed_so_soon_after_a_step_that_changed_by_itself_does_nothing() -> None:
    one = session()
    speak(one, 2000, one.advance(0))
    one.advance(22_000)
    assert one.chapter.id == "soak"
    one.handle(Proceed(), 22_500)
    assert one.chapter.id == "soak"


def test_words_that_a_pause_cut_are_said_again_from_their_start() -> None:
    one = session()
    one.advance(2000)
    assert HushWords("s-1") in one.handle(Pause(), 2000)
    outputs = one.handle(Resume(), 50_000)
    assert words(outputs) == ["settle words"]
    assert wished(outputs, MAIN)[0].fade.end == 58_000


def test_limits_stand_still_while_paused() -> None:
    one = session()
    one.handle(Goto("dry"), 0)
    one.report(Spoken("s-2"), 2000)
    one.handle(Pause(), 30_000)
    one.handle(Resume(), 1_030_000)
    one.advance(1_061_999)
    assert one.chapter.id == "dry"
    one.advance(1_062_000)
    assert one.chapter.id == "oil:left"


def status_at(one: Session, moment: int) -> Status:
    one.advance(moment)
    return one.status


def test_a_pause_that_is_too_long_lands() -> None:
    one = session(paused_at_most=60_000)
    one.handle(Pause(), 10_000)
    assert status_at(one, 69_999) is Status.PAUSED
    assert status_at(one, 70_000) is Status.LANDING
    one.advance(100_000)
    assert one.ending is Ending.STOPPED


@pytest.mark.parametrize("command", [Next(), Back(), Repeat(), Goto("oil")])
def test_these_commands_also_resume(command: Next | Back | Repeat | Goto) -> None:
    one = session()
    one.handle(Pause(), 10_000)
    one.handle(command, 20_000)
    assert one.state is State.PLAYING


def test_back_goes_to_the_step_before_and_from_the_first_to_its_beginning() -> None:
    one = session()
    ids = [each.id for each in TIMELINE.chapters]
    one.handle(Goto(ids[3]), 0)
    went = []
    for moment in (1000, 2000, 3000, 4000):
        one.handle(Back(), moment)
        went.append(one.chapter.id)
    assert went == [ids[2], ids[1], ids[0], ids[0]]


def test_repeat_says_the_words_again_and_moves_nothing() -> None:
    one = session()
    speak(one, 2000, one.advance(0))
    outputs = one.handle(Repeat(), 9000)
    assert words(outputs) == ["settle words"]
    assert not wished(outputs, MAIN)
    assert one.offset(9000) == 4000 + 7000


def test_repeat_in_a_wait_says_the_words_and_the_wait_goes_on_after_them() -> None:
    one = session()
    one.handle(Goto("dry"), 0)
    one.report(Spoken("s-2"), 2000)
    outputs = one.handle(Repeat(), 61_000)
    assert words(outputs) == ["dry words"]
    one.advance(63_000)
    assert one.chapter.id == "dry"
    one.report(Spoken("s-3"), 64_000)
    assert one.chapter.id == "oil:left"


def test_extend_lengthens_the_step_and_what_hangs_from_its_end_moves_along() -> None:
    one = session()
    one.handle(Goto("rest"), 0)
    one.report(Spoken("s-2"), 3000)
    one.handle(Extend(120_000), 10_000)
    outputs = one.advance(137_999)
    assert not [wish for wish in wished(outputs, MAIN) if wish.fade.target == 40.0]
    assert wished(one.advance(138_000), MAIN)[0].fade.target == 40.0


def test_extend_in_a_wait_lengthens_the_wait() -> None:
    one = session()
    one.handle(Goto("dry"), 0)
    one.report(Spoken("s-2"), 2000)
    one.handle(Extend(60_000), 50_000)
    one.advance(121_999)
    assert one.chapter.id == "dry"
    one.advance(122_000)
    assert one.chapter.id == "oil:left"


def test_an_extension_of_nothing_or_of_half_a_day_is_refused() -> None:
    for by in (0, -5, 43_200_000):
        with pytest.raises(Refused):
            session().handle(Extend(by), 1000)


def test_a_persons_volume_replaces_the_scenes_and_a_hand_on_it_is_not_given_back() -> None:
    one = session()
    speak(one, 1000, one.advance(0))
    one.report(VolumeByHand(VOLUME, Percent(120.0)), 5000)
    one.handle(Next(), 8000)
    assert one.room(20_000)[VOLUME] == 120.0
    one.handle(Stop(), 20_000)
    one.advance(60_000)
    assert one.room(60_000)[VOLUME] == 120.0


def test_a_commanded_volume_is_given_back() -> None:
    one = session()
    speak(one, 1000, one.advance(0))
    one.handle(MusicVolume(Percent(30.0)), 5000)
    assert one.room(6000)[VOLUME] == 30.0
    one.handle(Stop(), 20_000)
    one.advance(60_000)
    assert one.room(60_000)[VOLUME] == BEFORE[VOLUME]


def test_stop_lands_and_gives_back_what_was_touched_and_nothing_else() -> None:
    one = session()
    one.advance(10_000)
    outputs = one.handle(Stop(), 10_000)
    assert one.view(10_000).status is Status.LANDING
    assert one.advance(20_000)
    room = one.room(20_000)
    assert {track: BEFORE[track] for track in room} == room
    assert not wished(outputs, GLOW)
    assert one.is_over
    assert one.ending is Ending.STOPPED
    assert one.next_deadline() is None


def test_abort_gives_back_at_once_and_without_words() -> None:
    one = session()
    one.advance(10_000)
    one.handle(Stop(), 10_000)
    outputs = one.handle(Abort(), 10_500)
    assert not words(outputs)
    one.advance(11_000)
    assert one.is_over
    assert one.ending is Ending.ABORTED


def test_a_landing_only_becomes_quicker() -> None:
    one = session()
    one.handle(Goto("rest"), 0)
    one.handle(Next(), 5000)
    assert one.view(5000).status is Status.LANDING
    one.handle(Stop(), 6000)
    before = one.next_deadline()
    one.handle(Stop(), 6500)
    assert one.next_deadline() == before
    for command in (Next(), Pause(), Back(), Extend(1000), MusicVolume(Percent(50))):
        with pytest.raises(Refused, match="landing"):
            one.handle(command, 6600)
    one.advance(10_000)
    assert one.ending is Ending.FINISHED


def test_an_abort_that_is_said_again_and_again_ends_no_later() -> None:
    one, other = session(), session()
    one.handle(Abort(), 1000)
    other.handle(Abort(), 1000)
    due = one.next_deadline()
    assert due is not None
    for moment in range(1000, due, 100):
        other.handle(Abort(), moment)
    assert one.advance(due) == other.advance(due)
    assert one.is_over
    assert other.is_over


def test_after_the_end_everything_is_refused() -> None:
    one = session()
    one.handle(Abort(), 0)
    one.advance(5000)
    with pytest.raises(Refused, match="over"):
        one.handle(Next(), 6000)


def test_a_voice_that_cannot_be_hushed_finishes_and_the_next_words_wait() -> None:
    one = Session("s", TIMELINE, BEFORE, 0, traits=Traits(cast=True, done=True, hush=False))
    one.advance(2000)
    outputs = one.handle(Next(), 2000)
    assert not words(outputs)
    assert wished(outputs, MAIN)[-1].fade.target == 30.0
    assert words(one.report(Spoken("s-1"), 4000)) == ["soak words"]


def test_music_that_ducked_under_a_voice_that_went_away_comes_back() -> None:
    one = session()
    one.advance(1000)
    one.report(VoiceIs(Traits()), 1000)
    outputs = one.advance(10_000)
    assert wished(outputs, VOLUME)[-1].gain.target == 0.0
