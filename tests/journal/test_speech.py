"""What a journal learns of voices, and what sessions that are planned after it make of that."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from orchestrator.commands import Back, Next
from orchestrator.conductor.journal_entries import SpeechMeasured
from orchestrator.conductor.preparation import Timings
from orchestrator.devices.abilities import VoiceAbilities
from orchestrator.home.device import Device
from orchestrator.journal.journal import Journal
from orchestrator.journal.reader import Reader
from orchestrator.journal.speech import timing_of
from orchestrator.scenes import library
from orchestrator.scenes.planning.pacing import sentences, words_ms
from orchestrator.scenes.planning.timeline import Say
from orchestrator.scenes.planning.voice_timing import KEPT, VoiceTiming
from orchestrator.units import SECOND, Ms
from tests.conductor.speaking import Played, RealVoice, a_tenth_of_a_second_a_letter, home, play, start
from tests.journal.lives import opened

VOICE = VoiceAbilities()
ACCURACY: Ms = 10 * SECOND


def measured(count: int, lasted: float = 0.7, language: str = "en", *, gap: bool = True) -> list[SpeechMeasured]:
    return [
        SpeechMeasured("voice", language, True, gap, words, round(words * lasted))
        for words in (1000 * (1 + number % 9) for number in range(count))
    ]


def like_espeak(text: str, rate: float, gap: float) -> Ms:
    """It follows rate and gaps, and is done in seven tenths of what is planned."""
    silences = (len(sentences(text)) - 1) * round(gap * SECOND)
    return round(words_ms(text, "en", rate) * 0.78) + 120 + silences


def known_by(journal: Journal) -> Timings:
    def known(device: Device, language: str) -> VoiceTiming:
        voice = device.abilities.voice
        assert voice is not None
        return timing_of(journal, device.name, language, voice)

    return known


def test_what_was_measured_is_learnt_of_that_voice_in_that_language(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    journal.write(measured(20), 0)
    assert timing_of(journal, "voice", "en", VOICE).factor == pytest.approx(0.7)
    assert timing_of(journal, "voice", "de", VOICE) == VoiceTiming()
    assert timing_of(journal, "other", "en", VOICE) == VoiceTiming()
    journal.close()


def test_it_is_still_known_after_a_restart_and_to_who_only_reads(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    journal.write(measured(20), 0)
    journal.close()
    with Reader(tmp_path / "journal.db") as reader:
        assert timing_of(reader, "voice", "en", VOICE).factor == pytest.approx(0.7)


def test_the_oldest_are_let_go(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    journal.write([*measured(KEPT, 2.0), *measured(KEPT, 0.7), *measured(3, 1.0, "de")], 0)
    assert journal.read("SELECT language, count(*) FROM speech GROUP BY language") == [("de", 3), ("en", KEPT)]
    assert timing_of(journal, "voice", "en", VOICE).factor == pytest.approx(0.7)
    journal.close()


def test_a_voice_that_follows_something_else_now_is_a_new_one(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    journal.write(measured(20, gap=False), 0)
    assert timing_of(journal, "voice", "en", VoiceAbilities(gap=True)) == VoiceTiming()
    untold = timing_of(journal, "voice", "en", VoiceAbilities(gap=True, told=False))
    assert not untold.gap
    assert untold.factor == pytest.approx(0.7)
    journal.close()


@pytest.mark.parametrize("column", ["words", "lasted"])
@pytest.mark.parametrize("value", ["soon", b"x"])
def test_a_damaged_row_costs_only_itself(value: object, column: str, tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    journal = opened(file)
    journal.write(measured(20), 0)
    journal.close()
    with closing(sqlite3.connect(file)) as somebody, somebody:
        somebody.execute(f"UPDATE speech SET {column} = ? WHERE id = 3", (value,))
    journal = opened(file)
    assert timing_of(journal, "voice", "en", VOICE).factor == pytest.approx(0.7)
    journal.close()


KINDS = {
    "like espeak": ("relax_speaker", like_espeak, ("done", "hush", "rate", "gap")),
    "at its own rate": ("relax_speaker", a_tenth_of_a_second_a_letter, ("done",)),
    "a satellite": ("hermes", a_tenth_of_a_second_a_letter, ()),
    "a template": ("template", a_tenth_of_a_second_a_letter, ()),
}


def evening(kind: str, scene: str, journal: Journal) -> tuple[Played, Ms]:
    """A session with what the journal knows, which then knows more; and when its plan said that it ends."""
    dialect, takes, abilities = KINDS[kind]
    place = home(dialect)
    begin = start(place, library.load(scene), known_by(journal))
    played = play(place, begin, RealVoice(dialect, takes, abilities))
    journal.write([entry for entry in played.entries if isinstance(entry, SpeechMeasured)], 0)
    return played, begin.timeline.lasts


@pytest.mark.parametrize("scene", ["box-breathing", "evening-wind-down", "neck-and-shoulders"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_session_that_is_planned_after_the_learning_lasts_as_planned(kind: str, scene: str, tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    for taught in ("hand-massage", "neck-and-shoulders"):
        evening(kind, taught, journal)
    played, planned = evening(kind, scene, journal)
    assert abs(played.ended - planned) <= ACCURACY
    assert all(abs(at + remaining - played.ended) <= ACCURACY for at, remaining in played.remaining)
    journal.close()


@pytest.mark.parametrize("scene", ["box-breathing", "evening-wind-down", "neck-and-shoulders"])
@pytest.mark.parametrize("kind", KINDS)
def test_of_a_voice_that_was_never_heard_the_promise_is_off_by_a_third_of_its_words_at_most(
    kind: str, scene: str
) -> None:
    dialect, takes, abilities = KINDS[kind]
    begin = start(home(dialect), library.load(scene))
    played = play(home(dialect), begin, RealVoice(dialect, takes, abilities))
    chapters = (*begin.timeline.chapters, begin.timeline.finish)
    words = sum(cue.what.lasts for chapter in chapters for cue in chapter.cues if isinstance(cue.what, Say))
    assert abs(played.ended - begin.timeline.lasts) <= 0.3 * words + 5 * SECOND


def test_hushed_words_teach_nothing() -> None:
    place = home("relax_speaker")
    jumps = [(500 + 1500 * number, Next() if number % 4 else Back()) for number in range(40)]
    voice = RealVoice("relax_speaker", like_espeak, ("done", "hush", "rate", "gap"))
    played = play(place, start(place, library.load("foot-massage")), voice, jumps)
    entries = [entry for entry in played.entries if isinstance(entry, SpeechMeasured)]
    assert voice.hushed
    assert all(0.7 < (entry.lasted - 120) / entry.words < 0.85 for entry in entries)
    assert len(entries) < len(voice.said)
