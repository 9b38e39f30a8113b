"""A home in service knows in its next life how late and how exactly its devices report."""

from datetime import timedelta
from pathlib import Path

import pytest

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.journal_entries import ProfileLearnt
from orchestrator.conductor.rates import bridge_rates
from orchestrator.daemon.recovery import recover
from orchestrator.devices.messages import Message
from orchestrator.stage.heard import Debt
from orchestrator.stage.lateness import AT_FIRST
from orchestrator.stage.report_profile import ReportProfile
from tests.conftest import Mosquitto, until
from tests.daemon.serving import HOME, House, house
from tests.journal.lives import EVENING, LEVEL, beat, opened
from tests.journal.test_learnt_of_devices import LAMP, PROFILE, home


def profile_of(place: House, device: str) -> ReportProfile | None:
    return place.service.daemon.conductor.stage.staged(device).profile_told


async def play(place: House) -> None:
    """A session from its beginning until all is given back."""
    await place.client.ask({"command": "start", "scene": "brief"})
    await until(lambda: place.client.state()["status"] == "idle" and place.client.events("given_back"))


async def test_the_second_life_of_a_service_knows_what_the_first_has_learnt(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async with house(tmp_path, mosquitto) as place:
        await play(place)
        learnt = profile_of(place, "ceiling")
        assert learnt is not None
        assert learnt.delays
    async with house(tmp_path, mosquitto) as place:
        assert profile_of(place, "ceiling") == learnt
    elsewhere = HOME.replace("zigbee2mqtt/ceiling", "zigbee2mqtt/ceiling_2")
    async with house(tmp_path, mosquitto, text=elsewhere) as place:
        assert profile_of(place, "ceiling") == ReportProfile((), {})


def test_a_life_that_begins_with_a_session_that_was_cut_off_knows_it_before_it_says_a_word(tmp_path: Path) -> None:
    place, journal = home(LAMP), opened(tmp_path / "journal.db")
    journal.write([ProfileLearnt("ceiling", place.fingerprint("ceiling"), PROFILE)], 0)
    journal.close()
    journal = opened(tmp_path / "journal.db")
    conductor = Conductor(place, bridge_rates(place))
    recover(journal, place, conductor, beat(0), 0)
    assert conductor.stage.staged("ceiling").lateness.delays == PROFILE.delays
    assert conductor.stage.staged("ceiling").lateness.longest < AT_FIRST
    journal.close()


@pytest.mark.parametrize("is_known", [False, True])
def test_the_last_fade_of_a_session_that_was_over_is_no_hand_in_the_next_life(*, is_known: bool) -> None:
    """What pays the debt again was lost, and the lamp says where the fade of the life before has ended."""
    place = home(LAMP)
    conductor = Conductor(place, bridge_rates(place))
    conductor.stage.acquaint({"ceiling": PROFILE} if is_known else {})
    conductor.receive(Message("zigbee2mqtt/ceiling", '{"state": "ON", "brightness": 60}'), 0)
    conductor.owe([Debt("ceiling", LEVEL, 62.5, 0)], 0)
    conductor.advance(100)
    conductor.receive(Message("zigbee2mqtt/ceiling", '{"state": "ON", "brightness": 5}'), 8000)
    assert not conductor.stage.is_overridden("ceiling", LEVEL)
    assert conductor.stage.owes("ceiling")


@pytest.mark.parametrize(("days", "kept"), [(300, 1), (400, 0)])
async def test_what_nobody_has_played_with_for_a_year_is_let_go(
    days: int, kept: int, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    file = tmp_path / "state" / "journal.db"
    journal = opened(file)
    journal.write([ProfileLearnt("ceiling", "as it was", PROFILE)], 0)
    journal.close()
    async with house(tmp_path, mosquitto, wall=lambda: EVENING + timedelta(days=days)) as place:
        place.service.look()
        assert place.journal.read("SELECT count(*) FROM report_profiles") == [(kept,)]
