"""How long a sentence's end is waited for before the next is said."""

from orchestrator.conductor.utterances import Utterances
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.scenes.planning.voice_timing import VoiceTiming
from orchestrator.session.outputs import Announce
from orchestrator.session.voice import LIMIT_SLACK
from orchestrator.units import Percent, WordsPerMinute

ONE_BY_ONE = VoiceTiming(gap=False)
GAP = 1500
WORDS = Announce(
    0, "w", "Lie down. Close your eyes. Let go.", 9000, Percent(50.0), WordsPerMinute(120), GAP, beat=False
)


def three(*, says_done: bool = True) -> Utterances:
    return Utterances(WORDS, "en", ONE_BY_ONE, says_done=says_done, rate=1000)


def planned(text: str) -> int:
    return spoken_ms(text, "en", WORDS.rate, GAP, ONE_BY_ONE)


def test_the_first_sentence_whose_end_is_not_heard_has_all_the_patience_that_there_is() -> None:
    one = three()
    assert one.next(0).text == "Lie down."
    assert one.due == planned("Lie down.") * 3 // 2 + LIMIT_SLACK
    assert one.next(one.due).text == "Close your eyes."
    assert one.due == planned("Lie down.") * 3 // 2 + LIMIT_SLACK + planned("Close your eyes.") * 3 // 2 + GAP


def test_a_sentence_whose_end_was_heard_leaves_the_patience_to_the_next() -> None:
    one = three()
    assert not one.ended(one.next(0).id, 2000)
    assert one.due == 2000 + GAP
    one.next(one.due)
    assert one.due == 2000 + GAP + planned("Close your eyes.") * 3 // 2 + LIMIT_SLACK


def test_a_voice_that_never_says_done_has_the_time_that_it_should_take() -> None:
    one = three(says_done=False)
    name = one.next(0).id
    assert one.due == planned("Lie down.") + GAP
    assert not one.ended(name, 100), "what it says of itself is not heeded"
    assert one.current == name
