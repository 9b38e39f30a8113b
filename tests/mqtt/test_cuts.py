"""When a lost connection is an accident, and when it is no accident any more."""

import pytest

from orchestrator.mqtt.address import Address
from orchestrator.mqtt.cuts import OFTEN, SURELY_FITS, Cuts
from orchestrator.mqtt.loss import TAKEN_OVER, TOO_LARGE, Loss, SentPacket
from orchestrator.mqtt.terms import Terms

AT = Address()
LARGE = Loss("hung up", None, SentPacket(30_000, "relax/scenes"))


def after(cuts: Cuts, terms: Terms, loss: Loss, *held: float) -> list[str]:
    return [str(cuts.note(AT, terms, loss, each)) for each in held]


@pytest.mark.parametrize("held", [[11.0] * 9, [1.0, 1.0, 11.0, 1.0, 1.0], [3600.0, 1.0, 1.0]])
def test_losses_that_are_not_at_once_or_not_often_are_accidents(held):
    cuts = Cuts()
    assert all("is lost" in said for said in after(cuts, Terms("id"), LARGE, *held))
    assert cuts.wait(0.0) is None


def test_from_the_third_on_waits_double_up_to_half_a_minute():
    cuts, waits = Cuts(), list[float | None]()
    for _ in range(OFTEN + 7):
        cuts.note(AT, Terms("id"), Loss("hung up"), 0.5)
        waits.append(cuts.wait(0.0))
    assert waits == [None, None, 1, 2, 4, 8, 16, 30, 30, 30]


def test_who_is_thrown_out_every_half_minute_stays_slow_and_an_hour_heals():
    cuts, terms = Cuts(), Terms("id")
    assert "3 times" in after(cuts, terms, Loss("hung up"), 1, 1, 1)[2]
    assert "5 times" in after(cuts, terms, Loss("hung up"), 25, 30)[1]
    assert "is lost" in after(cuts, terms, Loss("hung up"), 3600)[0]
    assert cuts.wait(0.0) is None


def test_that_somebody_took_our_place_is_said_the_third_time():
    said = after(Cuts(), Terms("relax-home"), Loss("taken over", TAKEN_OVER), 30, 30, 30)
    assert "'relax-home'" in said[2]
    assert "second relax" in said[2]


def test_length_is_tried_once_and_given_up_where_it_was_not_the_reason():
    cuts, terms, tried = Cuts(), Terms("id"), list[int | None]()
    for _ in range(7):
        after(cuts, terms, LARGE, 1)
        tried.append(terms.largest_packet)
    assert tried == [None, None, SURELY_FITS, None, None, None, None]


def test_length_that_was_the_reason_stays_one():
    cuts, terms = Cuts(), Terms("id")
    after(cuts, terms, LARGE, 1, 1, 1)
    after(cuts, terms, Loss("hung up", None, SentPacket(900, "relax/status")), 3600, 3600, 1, 1, 1, 1)
    assert terms.largest_packet == SURELY_FITS


def test_what_the_broker_calls_too_large_is_halved_at_once():
    cuts, terms = Cuts(), Terms("id")
    after(cuts, terms, LARGE._replace(code=TOO_LARGE), 1)
    assert terms.largest_packet == 15_000
