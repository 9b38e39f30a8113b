"""What is paid late, or after a session was lost, makes no room brighter at night: it waits for the morning."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from orchestrator.cli.event_text import accounted
from orchestrator.commands import Stop
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.journal_entries import Owed
from orchestrator.conductor.nights import dark_rooms
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.request import Start
from orchestrator.events.device import GivenBack
from orchestrator.events.session import Ending
from orchestrator.home.library import read as home_of
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.stage.heard import Debt
from orchestrator.units import HOUR, MINUTE, SECOND
from orchestrator.values import Attribute
from tests.conductor.evening import HOME, START, Evening, Find, Hear, Lose, Plug, Turn, Unplug
from tests.scenes.sketches import planned

NIGHT, DAY = frozenset({"room"}), frozenset[str]()
LEVEL = Attribute.LEVEL


def dimmed() -> Timeline:
    """A minute at 20 %; the ceiling was at 70 %, and the strip was off."""
    return planned("steps: [{step: a, look: dim, lasts: 1min}]\nfinish: {fade: 4s}")


def at_night(timeline: Timeline | None = None) -> Evening:
    evening = Evening(timeline or dimmed())
    evening.conductor.night(NIGHT, evening.now)
    evening.until(START + 20 * SECOND)
    return evening


def lost(timeline: Timeline | None = None) -> Evening:
    evening = at_night(timeline)
    evening.conductor.end("room", Ending.LOST, evening.now)
    evening.until(evening.now + MINUTE)
    return evening


def ceiling(evening: Evening) -> float:
    level = evening.state()["ceiling"]
    assert isinstance(level, float)
    return level


def test_a_session_that_is_lost_at_night_leaves_the_light_low_and_says_so() -> None:
    evening = lost()
    assert ceiling(evening) == pytest.approx(20, abs=0.5)
    assert evening.conductor.is_settled("room")
    told = evening.told(GivenBack)[-1]
    assert "ceiling" in told.morning
    assert "ceiling" not in told.given
    assert "No brighter before the morning, so that nobody is woken: ceiling" in accounted(told, None)
    runner = evening.conductor.runner("room")
    assert runner is not None
    assert "ceiling" in runner.owed()


def test_in_the_morning_it_comes_up_slowly_to_what_it_was() -> None:
    evening = lost()
    evening.until(evening.now + 6 * HOUR)
    assert ceiling(evening) == pytest.approx(20, abs=0.5)
    evening.conductor.night(DAY, evening.now)
    evening._exchange()
    evening.until(evening.now + 15 * SECOND)
    assert ceiling(evening) == pytest.approx(45, abs=3)
    evening.until(evening.now + 30 * SECOND)
    assert ceiling(evening) == pytest.approx(70, abs=0.5)
    assert "ceiling" in evening.told(GivenBack)[-1].given
    assert evening.conductor.stage.debts == []


def test_who_touches_the_lamp_in_the_night_has_it_so_in_the_morning() -> None:
    evening = lost()
    evening.act(Turn("ceiling", 40.0))
    evening.conductor.night(DAY, evening.now)
    evening._exchange()
    evening.until(evening.now + 5 * MINUTE)
    assert ceiling(evening) == pytest.approx(40, abs=0.5)


def test_what_becomes_darker_need_not_wait() -> None:
    bright = planned("steps: [{step: a, look: full, lasts: 1min}]")
    evening = lost(bright)
    assert ceiling(evening) == pytest.approx(70, abs=0.5)
    assert evening.told(GivenBack)[-1].morning == ()


def test_a_session_that_a_person_stops_at_night_gives_the_room_back() -> None:
    evening = at_night()
    evening.act(Stop())
    evening.until(evening.now + MINUTE)
    assert ceiling(evening) == pytest.approx(70, abs=0.5)


def test_a_lamp_that_returns_in_the_night_is_not_lit_up() -> None:
    evening = at_night()
    evening.act(Unplug("ceiling"))
    evening.act(Stop())
    evening.until(evening.now + HOUR)
    evening.act(Plug("ceiling"))
    before = ceiling(evening)
    evening.until(evening.now + HOUR)
    assert ceiling(evening) <= before
    assert "ceiling" in evening.told(GivenBack)[-1].morning
    evening.conductor.night(DAY, evening.now)
    evening._exchange()
    evening.until(evening.now + MINUTE)
    assert ceiling(evening) == pytest.approx(70, abs=0.5)


def restarted(evening: Evening) -> Evening:
    """Another life, which knows what is owed from the journal, and has heard nothing of the lamps yet."""
    evening.conductor = Conductor(HOME, bridge_rates(HOME))
    evening.conductor.night(NIGHT, evening.now)
    evening.conductor.owe([Debt("ceiling", LEVEL, 70.0, evening.now)], evening.now)
    evening.act(Find())
    return evening


def test_a_debt_of_a_former_life_waits_as_well_whatever_the_lamp_shows() -> None:
    evening = restarted(at_night())
    evening.until(evening.now + MINUTE)
    assert ceiling(evening) == pytest.approx(20, abs=0.5)
    evening.act(Turn("ceiling", 21.0))
    evening.until(evening.now + MINUTE)
    assert ceiling(evening) == pytest.approx(21, abs=0.5)


def test_a_lamp_that_is_as_it_was_is_asked_in_the_night_and_owed_nothing_any_more() -> None:
    """A former life has given it back, and was cut off before it had asked."""
    evening = at_night()
    evening.act(Turn("ceiling", 70.0))
    evening = restarted(evening)
    evening.until(evening.now + MINUTE)
    assert evening.conductor.stage.debts == []
    assert ceiling(evening) == pytest.approx(70, abs=0.5)


def test_a_lamp_that_does_not_answer_is_asked_once_in_the_night() -> None:
    evening = at_night()
    evening.conductor = Conductor(HOME, bridge_rates(HOME))
    evening.conductor.night(NIGHT, evening.now)
    evening.conductor.connected(evening.now)
    evening.conductor.owe([Debt("ceiling", LEVEL, 70.0, evening.now)], evening.now)
    asked = [message.topic for message in evening.conductor.take()[0]]
    while (due := evening.conductor.next_deadline()) is not None and due < evening.now + HOUR:
        evening.conductor.advance(due)
        asked += [message.topic for message in evening.conductor.take()[0]]
    assert asked == ["zigbee2mqtt/ceiling/get"]


def test_a_hand_is_noticed_in_a_former_lifes_debt_once_the_lamp_has_said_how_it_is() -> None:
    evening = restarted(at_night())
    evening.act(Turn("ceiling", 20.0))
    evening.until(evening.now + MINUTE)
    evening.act(Turn("ceiling", 50.0))
    evening.conductor.night(DAY, evening.now)
    evening._exchange()
    evening.until(evening.now + 5 * MINUTE)
    assert ceiling(evening) == pytest.approx(50, abs=0.5)
    assert evening.conductor.stage.debts == []


def test_a_new_session_has_the_lamp_and_gives_back_what_was_before_the_first() -> None:
    evening = lost()
    roles: dict[str, tuple[str, ...]] = {"main": ("ceiling", "linear", "ikea")}
    evening.conductor.start(Start("next", "room", dimmed(), roles), evening.now)
    evening.until(evening.now + 90 * SECOND)
    assert ceiling(evening) == pytest.approx(70, abs=0.5)


def test_an_alarm_lights_the_room_at_night() -> None:
    evening = lost()
    evening.act(Hear("house/gas", "alarm"))
    evening.until(evening.now + 5 * SECOND)
    assert ceiling(evening) > 90


def test_an_outage_of_the_broker_lights_up_nothing() -> None:
    evening = lost()
    evening.act(Lose())
    evening.until(evening.now + MINUTE)
    evening.act(Find())
    evening.until(evening.now + 10 * MINUTE)
    assert ceiling(evening) == pytest.approx(20, abs=0.5)


def test_a_lamp_that_was_away_when_a_scene_ended_in_the_dark_is_dark_in_every_later_life() -> None:
    """By day as well: what is owed is how the scene ends, and no more how it was before (rule 14)."""
    evening = Evening(planned("steps: [{step: a, look: dim, lasts: 1min}]\nfinish: {look: dark, fade: 4s}"))
    evening.until(START + 20 * SECOND)
    evening.act(Unplug("ceiling"))
    evening.until(START + 5 * MINUTE)
    debts = evening.conductor.stage.debts
    assert [debt.value for debt in debts if (debt.device, debt.attribute) == ("ceiling", LEVEL)] == [0.0]
    owed = [entry.debt for entry in evening.conductor.entries() if isinstance(entry, Owed)]
    assert [debt.value for debt in owed if (debt.device, debt.attribute) == ("ceiling", LEVEL)][-1] == 0.0
    evening.conductor = Conductor(HOME, bridge_rates(HOME))
    evening.conductor.owe(debts, evening.now)
    evening.act(Plug("ceiling"))
    evening.until(evening.now + MINUTE)
    assert ceiling(evening) == 0.0


PLACE = "location: {latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}\n"
BERLIN = ZoneInfo("Europe/Berlin")


def dark_at(clock: str, *, place: str = "", night: str = "") -> bool:
    home = home_of(
        f"home: h\nformat: 1\n{place}devices: {{lamp: {{kind: light, dialect: zigbee2mqtt, topic: x/lamp}}}}\n"
        f"rooms: {{bedroom: {{roles: {{main: lamp}}{night}}}}}\n",
        "home.yaml",
    )
    wall = datetime.fromisoformat(f"2026-11-30T{clock}").replace(tzinfo=BERLIN).astimezone(UTC)
    return dark_rooms(home, wall, BERLIN) == {"bedroom"}


@pytest.mark.parametrize(("clock", "is_dark"), [("21:59", False), ("22:00", True), ("03:00", True), ("07:00", False)])
def test_it_is_night_when_the_room_says_so(clock: str, is_dark: bool) -> None:
    night = ', night: {from: "22:00", to: "07:00"}'
    assert dark_at(clock, night=night, place=PLACE) is is_dark


@pytest.mark.parametrize(("clock", "is_dark"), [("12:00", False), ("15:30", False), ("16:30", True), ("07:00", True)])
def test_without_a_night_of_its_own_it_is_night_while_the_sun_is_down(clock: str, is_dark: bool) -> None:
    assert dark_at(clock, place=PLACE) is is_dark


def test_without_night_and_place_no_night_is_known() -> None:
    assert not dark_at("03:00")
