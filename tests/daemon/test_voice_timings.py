"""A home in service plans with what its voices say of themselves, and with what was learnt of them."""

from pathlib import Path

import pytest

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.journal_entries import SpeechMeasured
from orchestrator.conductor.rates import bridge_rates
from orchestrator.daemon.plan_cache import PlanCache
from orchestrator.daemon.voice_timings import VoiceTimings
from orchestrator.devices.messages import Message
from orchestrator.scenes import library
from orchestrator.scenes.planning.voice_timing import VoiceTiming
from tests.conductor.speaking import TOPIC, home
from tests.conftest import Mosquitto, until
from tests.daemon.serving import house
from tests.journal.lives import opened

SCENE = "hand-massage"
SAID = f"""
scene: said
format: 1
languages: [en]
title: Said
roles: {{main: {{kind: light, optional: true}}, voice: {{kind: voice}}}}
steps: [{{step: only, say: "{"Let your shoulders drop. " * 40}", lasts: 1s}}]
"""
MEASURED = [SpeechMeasured("voice", "en", True, True, words, words * 2) for words in range(1000, 11_000, 500)]


def test_a_plan_that_is_kept_is_made_anew_once_more_is_known_of_the_voice(tmp_path: Path) -> None:
    place, journal = home("relax_speaker"), opened(tmp_path / "journal.db")
    conductor = Conductor(place, bridge_rates(place))
    timings = VoiceTimings(conductor.stage, journal)
    plans, scene = PlanCache(place, timings.of), library.load(SCENE)
    before = plans.lasts(scene, "room", {})
    journal.write(MEASURED, 0)
    assert plans.lasts(scene, "room", {}) == before
    timings.entered(MEASURED)
    assert plans.lasts(scene, "room", {}) > before
    journal.close()


def test_what_was_learnt_in_a_former_life_counts_and_no_start_reads_the_journal_for_it(tmp_path: Path) -> None:
    place, journal = home("relax_speaker"), opened(tmp_path / "journal.db")
    journal.write(MEASURED, 0)
    journal.close()
    journal = opened(tmp_path / "journal.db")
    timings = VoiceTimings(Conductor(place, bridge_rates(place)).stage, journal)
    timings.open()
    journal.close()
    (tmp_path / "journal.db").unlink()
    assert timings.of(place.devices["voice"], "en").factor == pytest.approx(2.0)
    timings.entered([SpeechMeasured("other", "en", True, True, 1000, 5000)])
    assert timings.of(place.devices["voice"], "en").factor == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("told", "timing"),
    [
        ('["done"]', VoiceTiming(rate=False, gap=False)),
        ('["done", "rate"]', VoiceTiming(rate=True, gap=False)),
        ('["done", "rate", "gap"]', VoiceTiming(rate=True, gap=True)),
    ],
)
def test_what_a_speaker_says_of_itself_counts(told: str, timing: VoiceTiming, tmp_path: Path) -> None:
    place, journal = home("relax_speaker"), opened(tmp_path / "journal.db")
    conductor = Conductor(place, bridge_rates(place))
    timings = VoiceTimings(conductor.stage, journal)
    assert timings.of(place.devices["voice"], "en") == VoiceTiming()
    conductor.receive(Message(f"{TOPIC}/state", f'{{"abilities": {told}}}', retain=True), 0)
    assert timings.of(place.devices["voice"], "en") == timing
    journal.close()


@pytest.mark.parametrize("kind", ["hermes", "template"])
def test_a_voice_whose_dialect_has_no_rate_and_no_gap_is_planned_so(kind: str, tmp_path: Path) -> None:
    place, journal = home(kind), opened(tmp_path / "journal.db")
    timings = VoiceTimings(Conductor(place, bridge_rates(place)).stage, journal)
    assert timings.of(place.devices["voice"], "en") == VoiceTiming(rate=False, gap=False)
    assert timings.of(place.devices["lamp"], "en") == VoiceTiming()
    journal.close()


async def test_a_service_plans_with_what_was_learnt_in_its_lives_before(tmp_path: Path, mosquitto: Mosquitto) -> None:
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "said.yaml").write_text(SAID)
    remaining = []
    for factor in (1, 2):
        journal = opened(tmp_path / f"{factor}.db")
        journal.write(
            [SpeechMeasured("speaker", "en", True, True, ms, factor * ms) for ms in range(1000, 11_000, 500)], 0
        )
        journal.close()
        async with house(tmp_path, mosquitto, journal=tmp_path / f"{factor}.db") as place:
            await place.client.ask({"command": "start", "scene": "said"})
            await until(lambda: place.client.state().get("remaining") is not None)
            remaining.append(place.client.state()["remaining"])
            await place.client.ask("abort")
            await until(lambda: place.client.state()["status"] == "idle")
    assert remaining[1] > 1.5 * remaining[0]
