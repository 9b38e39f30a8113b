"""What is owed, and what becomes of it."""

import json

import pytest

from orchestrator.devices.messages import Message
from orchestrator.fade import Fade
from orchestrator.stage.debts import AT_MOST, DOUBTFUL, Debts
from orchestrator.stage.evidence import Evidence
from orchestrator.stage.heard import Debt, Paid
from orchestrator.stage.stage import Stage
from orchestrator.stage.want import Want
from orchestrator.values import Attribute, Temperature
from tests.conductor.evening import HOME

LEVEL, COLOUR = Attribute.LEVEL, Attribute.COLOUR


def owing() -> Debts:
    debts = Debts()
    debts.open("lamp", LEVEL, 70.0, 0)
    debts.open("lamp", COLOUR, Temperature(300.0), 0)
    return debts


def test_the_first_value_is_what_is_owed() -> None:
    debts = owing()
    debts.open("lamp", LEVEL, 20.0, 1000)
    debt = debts.get("lamp", LEVEL)
    assert debt is not None
    assert debt.value == 70.0


def test_a_payment_settles_all_of_a_device() -> None:
    debts = owing()
    assert [debt.attribute for debt in debts.pay("lamp", ({},), 5000)] == [LEVEL, COLOUR]
    assert debts.all() == []


def test_a_hand_cancels_only_what_it_took() -> None:
    debts = owing()
    debts.cancel("lamp", LEVEL)
    assert [debt.attribute for debt in debts.of("lamp")] == [COLOUR]


def test_a_device_that_goes_away_right_after_its_payment_is_owed_again() -> None:
    debts = owing()
    debts.pay("lamp", ({},), 5000)
    doubted = debts.doubt("lamp", 5000 + DOUBTFUL)
    assert doubted is not None
    assert doubted.wants == ({},)
    assert len(debts.of("lamp")) == 2
    assert list(doubted.debts) == debts.of("lamp")


def test_what_is_owed_anew_is_not_owed_again_as_it_was() -> None:
    debts = owing()
    debts.pay("lamp", ({},), 5000)
    anew = debts.open("lamp", Attribute.LEVEL, 20.0, 6000)
    doubted = debts.doubt("lamp", 7000)
    assert doubted is not None
    assert [debt.attribute for debt in doubted.debts] == [Attribute.COLOUR]
    assert debts.get("lamp", Attribute.LEVEL) == anew


def test_what_nobody_knew_is_not_owed_again() -> None:
    """There is nothing to pay with: it would be told the scene's light, long after the scene."""
    debts = Debts()
    debts.open("lamp", LEVEL, None, 0)
    debts.pay("lamp", ({},), 5000)
    doubted = debts.doubt("lamp", 6000)
    assert doubted is not None
    assert doubted.debts == ()
    assert debts.all() == []


def test_a_device_that_goes_away_later_had_its_payment() -> None:
    debts = owing()
    debts.pay("lamp", ({},), 5000)
    assert debts.doubt("lamp", 5001 + DOUBTFUL) is None
    assert debts.of("lamp") == []


def test_a_debt_is_too_old_after_half_a_day() -> None:
    assert not owing().has_expired("lamp", AT_MOST)
    assert owing().has_expired("lamp", AT_MOST + 1)
    assert not Debts().has_expired("lamp", AT_MOST + 1)


def test_a_debt_of_what_nobody_knows_is_settled_at_once_where_its_session_is_over() -> None:
    stage = Stage(HOME.devices.values(), {})
    stage.owe_alone(Debt("ceiling", COLOUR, None, 0), 0)
    assert stage.heard() == [Paid("ceiling", COLOUR, Evidence.UNKNOWN)]
    assert not stage.owes("ceiling")


def test_music_that_a_person_had_taken_stays_theirs() -> None:
    stage = Stage(HOME.devices.values(), {})
    stage.leave_to_person("speaker", Attribute.PLAYING)
    assert stage.overridden("speaker") == [Attribute.PLAYING]


@pytest.mark.parametrize("has_other", [False, True])
def test_what_a_person_has_is_not_told_to_a_lamp_that_goes_away_right_after_the_end(has_other: bool) -> None:
    stage = Stage(HOME.devices.values(), {})

    def say(**state: object) -> None:
        stage.receive(Message("zigbee2mqtt/ceiling", json.dumps({"state": "ON", **state})), now)

    def wish(level: float, colour: Temperature, *, landing: bool) -> list[str]:
        stage.wish("ceiling", LEVEL, Want(Fade.still(now, level), landing=landing), now)
        if has_other:
            stage.wish("ceiling", COLOUR, Want(Fade.still(now, colour), landing=landing), now)
        return [message.payload for message in stage.advance(now)]

    now = 0
    say(brightness=200, color_temp=250)
    assert wish(20.0, Temperature(370.0), landing=False)
    say(brightness=51, color_temp=370 if has_other else 250)
    now = 20_000
    say(brightness=120, color_temp=370 if has_other else 250)
    assert stage.overridden("ceiling") == [LEVEL]
    now = 30_000
    wish(80.0, Temperature(250.0), landing=True)
    say(brightness=120, color_temp=250)
    stage.settle(["ceiling"], now)
    now += 15_000
    stage.advance(now)
    say(brightness=120, color_temp=250)
    stage.advance(now)
    assert not stage.owes("ceiling")
    for state in ("offline", "online"):
        now += 1000
        stage.receive(Message("zigbee2mqtt/ceiling/availability", json.dumps({"state": state})), now)
    told = [json.loads(message.payload) for message in stage.advance(now) if message.topic.endswith("/set")]
    assert not any("brightness" in each for each in told)
    assert bool(told) == has_other
