"""Which reports are the device's own, and which are a person's hand."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.stage.ownership import Meaning, Ownership


def ownership() -> Ownership:
    return Ownership(settle=2000, tolerance=6.0, everything=(0.0, 254.0))


def commanded() -> Ownership:
    """At 100, sent to 200 in ten seconds."""
    one = ownership()
    one.report(0, (100.0,), retained=False)
    one.command(1000, (200.0,), 10_000)
    return one


def test_before_the_first_command_a_report_is_how_the_device_is() -> None:
    one = ownership()
    assert one.report(0, (42.0,), retained=False) is Meaning.LEARNT
    assert one.at(0) == (42.0,)


@given(st.integers(1000, 13_000), st.floats(94, 206))
def test_what_lies_on_the_way_is_the_devices_own_until_it_has_settled(now: int, value: float) -> None:
    assert commanded().report(now, (value,), retained=False) is Meaning.OURS


@given(st.integers(1000, 60_000), st.one_of(st.floats(0, 93), st.floats(207, 254)))
def test_what_lies_off_the_way_is_a_hand(now: int, value: float) -> None:
    one = commanded()
    assert one.report(now, (value,), retained=False) is Meaning.HAND
    assert one.is_hand


def test_after_settling_only_the_target_is_ours() -> None:
    assert commanded().report(20_000, (203.0,), retained=False) is Meaning.OURS
    assert commanded().report(20_000, (150.0,), retained=False) is Meaning.HAND


def test_a_report_that_repeats_itself_is_no_hand() -> None:
    one = commanded()
    one.report(12_000, (170.0,), retained=False)
    assert one.report(50_000, (171.0,), retained=False) is Meaning.OURS


def test_a_retained_report_is_never_a_hand() -> None:
    assert commanded().report(30_000, (3.0,), retained=True) is Meaning.OURS


def test_a_new_command_leaves_the_old_way_open_only_for_the_settling_time() -> None:
    one = commanded()
    one.report(5_000, (140.0,), retained=False)
    one.command(6000, (120.0,), 0)
    assert one.report(7_000, (190.0,), retained=False) is Meaning.OURS
    one.report(7_500, (120.0,), retained=False)
    assert one.report(9_600, (190.0,), retained=False) is Meaning.HAND


def test_a_device_that_was_away_may_say_anything_when_it_returns() -> None:
    one = commanded()
    one.forget()
    assert one.report(30_000, (254.0,), retained=False) is Meaning.LEARNT
    assert not one.is_hand


def test_a_lamp_that_is_turned_on_may_flash_without_being_a_hand() -> None:
    one = ownership()
    one.report(0, (0.0,), retained=False)
    one.command(0, (80.0,), 3000, anywhere=True)
    assert one.report(500, (254.0,), retained=False) is Meaning.OURS
    assert one.report(1000, (0.0,), retained=False) is Meaning.OURS


def test_the_believed_value_is_ours_and_not_the_reported_one() -> None:
    one = commanded()
    one.report(6000, (110.0,), retained=False)
    assert one.at(6000) == (150.0,)
    assert one.at(99_000) == (200.0,)


def test_a_lost_command_does_not_make_the_way_of_the_next_one_a_hand() -> None:
    one = ownership()
    one.report(0, (30.0,), retained=False)
    one.command(0, (100.0,), 0)
    one.command(20_000, (120.0,), 10_000)
    assert one.report(25_000, (60.0,), retained=False) is Meaning.OURS


def test_a_lamp_that_passes_the_newest_target_on_its_old_way_has_not_followed_yet() -> None:
    """From 40 to 103 in ten seconds; a second later it is told to stand at 43, and does not hear it."""
    one = ownership()
    one.report(0, (40.0,), retained=False)
    one.command(0, (103.0,), 10_000)
    one.command(1000, (43.0,), 0)
    assert one.report(1300, (47.0,), retained=False) is Meaning.OURS
    assert one.report(9300, (97.0,), retained=False) is Meaning.OURS
    assert one.report(10_300, (103.0,), retained=False) is Meaning.OURS


def test_a_lamp_that_stands_at_the_newest_target_once_its_old_way_is_past_it_has_followed() -> None:
    one = ownership()
    one.report(0, (40.0,), retained=False)
    one.command(0, (103.0,), 10_000)
    one.command(1000, (43.0,), 0)
    one.report(1300, (43.0,), retained=False)
    one.report(5000, (43.0,), retained=False)
    assert one.report(7100, (97.0,), retained=False) is Meaning.HAND


def test_a_new_way_begins_where_the_lamp_was_seen_though_its_bridge_has_said_the_target_since() -> None:
    """It was turned on, flashed, and came down from there; Zigbee2MQTT says the target at once."""
    one = ownership()
    one.report(0, (0.0,), retained=False)
    one.command(0, (5.0,), 10_000, anywhere=True)
    for moment, value in ((400, 5.0), (5500, 139.0), (6200, 5.0)):
        one.report(moment, (value,), retained=False)
    one.command(6700, (10.0,), 10_000)
    one.report(6800, (10.0,), retained=False)
    assert one.report(13_200, (44.0,), retained=False) is Meaning.OURS
    assert one.report(14_200, (200.0,), retained=False) is Meaning.HAND


def test_where_a_lamp_was_seen_on_a_way_that_is_over_is_not_where_the_next_one_begins() -> None:
    one = ownership()
    one.report(0, (254.0,), retained=False)
    one.command(0, (100.0,), 8_000)
    one.report(300, (254.0,), retained=False)
    one.report(8000, (100.0,), retained=False)
    one.command(20_000, (50.0,), 10_000)
    one.report(20_100, (50.0,), retained=False)
    assert one.report(24_000, (200.0,), retained=False) is Meaning.HAND
