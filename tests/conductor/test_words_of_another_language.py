"""What is said in a session in another language than its own goes to the voice under its own name."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from orchestrator.conductor.journal_entries import RecoveryRecord
from orchestrator.conductor.notice import begins
from orchestrator.conductor.recovery import recovery
from orchestrator.conductor.request import Start
from tests.conductor.evening import Evening, Hear
from tests.conductor.test_interruptions import timeline


def spoken(one: Evening) -> list[tuple[str, str]]:
    payloads = [json.loads(message.payload) for _, message in one.sent if message.topic == "speakers/room/set"]
    return [(each["text"], each["language"]) for each in payloads if each["do"] == "say"]


@pytest.mark.parametrize(("language", "heard"), [
    ("de-AT", ("Es läutet.", "de-AT")), ("pt", ("The doorbell.", "en")), ("en", ("The doorbell.", "en")),
])  # fmt: skip
def test_an_interruption_is_said_in_the_language_of_its_words(language: str, heard: tuple[str, str]) -> None:
    one = Evening(replace(timeline(), language=language))
    one.play([(30_000, Hear("house/bell", "ring"))])
    one.until(40_000)
    assert spoken(one) == [heard]


@pytest.mark.parametrize(("language", "said"), [("de", "de"), ("pt", "en")])
def test_an_answer_is_said_in_the_language_that_it_is_in(language: str, said: str) -> None:
    one = Evening(replace(timeline(), language=language))
    one.until(30_000)
    one.conductor.answer("room", "Paused.", one.now, language=said)
    one.until(40_000)
    assert spoken(one) == [("Paused.", said)]


@pytest.mark.parametrize(("language", "said"), [("de-AT", "de-AT"), ("pt", "en")])
def test_what_is_said_after_a_restart_is_in_the_language_that_it_is_said_to_be(language: str, said: str) -> None:
    start = Start("s", "room", replace(timeline(), language=language), {}, None)
    words = recovery(RecoveryRecord(0, (), (), (), ()), start).words
    assert words is not None
    assert (words.language, "away" in words.text) == (said, said == "en")


def test_a_notice_is_in_the_language_of_its_words() -> None:
    soon = begins("Foot bath", timedelta(minutes=2), "pt", has_choice=False)
    assert soon == ("Foot bath begins in two minutes.", "en")
