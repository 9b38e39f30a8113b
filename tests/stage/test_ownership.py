"""Which reports are echoes of ours, and which are a person's hand: by what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.stage.accuracy import Scale
from orchestrator.stage.lateness import AT_FIRST, Lateness
from orchestrator.stage.ownership import TRIES, Check, Meaning, Ownership
from orchestrator.units import SECOND

LEVEL = Scale(254.0, 6.0, has_off=True)
VOLUME = Scale(100.0, 1.0, share=0.0)
PROMPT = [100] * 5
"""Delays of a device that answers at once: its reports are on their way for 2.15 s at most."""


def ownership(scale: Scale = LEVEL, delays: list[int] | None = None) -> Ownership:
    return Ownership(scale, Lateness(delays=delays or []))


def commanded(delays: list[int] | None = None) -> Ownership:
    """At 100, sent to 200 in ten seconds."""
    one = ownership(delays=delays)
    one.report(0, (100.0,), retained=False)
    one.command(1000, (200.0,), 10_000)
    return one


def said(one: Ownership, now: int, value: float) -> Meaning:
    return one.report(now, (value,), retained=False)


def test_before_the_first_command_a_report_is_how_the_device_is() -> None:
    one = ownership()
    assert said(one, 0, 42.0) is Meaning.LEARNT
    assert one.at(0) == (42.0,)


@given(st.integers(1000, 60_000), st.integers(0, AT_FIRST))
def test_a_place_on_the_way_is_an_echo_however_late_it_comes(at: int, late: int) -> None:
    place = 100.0 + min(at - 1000, 10_000) / 100.0
    assert said(commanded(), at + late, place) is Meaning.OURS


def test_a_place_that_the_fade_cannot_have_reached_is_a_hand() -> None:
    assert said(commanded(), 1500, 150.0) is Meaning.HAND


@given(st.integers(1000, 60_000), st.one_of(st.just(0.0), st.floats(1, 76), st.floats(239, 254)))
def test_what_nothing_of_ours_explains_is_a_hand_at_once(now: int, value: float) -> None:
    one = commanded()
    assert said(one, now, value) is Meaning.HAND
    assert one.is_hand
    assert one.at(now) == (value,)


@given(st.floats(0.84, 1.16))
def test_a_device_that_is_inexact_is_no_person(gain: float) -> None:
    one = commanded()
    for moment in (4000, 8000, 12_000, 40_000):
        place = min(100.0 + max(moment - 1000, 0) / 100.0, 200.0)
        assert said(one, moment, place * gain) is Meaning.OURS


def test_off_is_on_the_way_of_no_fade() -> None:
    one = commanded()
    assert said(one, 3000, 0.0) is Meaning.HAND


@given(st.integers(0, 5000))
def test_reports_that_are_late_doubled_and_out_of_order_are_echoes(late: int) -> None:
    """A player's volume, a step a second; each report comes so late, twice, and the earlier of two last."""
    one = ownership(VOLUME)
    said(one, 0, 10.0)
    steps = [(second * SECOND, 10.0 + second) for second in range(1, 20)]
    heard = sorted([(at + late, volume) for at, volume in steps] + [(at + late + 1500, volume) for at, volume in steps])
    events = sorted([(at, 0, volume) for at, volume in steps] + [(at, 1, volume) for at, volume in heard])
    for at, is_report, volume in events:
        if is_report:
            assert said(one, at, volume) is Meaning.OURS
        else:
            one.command(at, (volume,), 0)


def test_a_command_may_be_lost_and_the_one_before_it_counts_until_a_newer_was_shown() -> None:
    one = ownership()
    said(one, 0, 30.0)
    one.command(0, (100.0,), 0)
    one.command(20_000, (200.0,), 10_000)
    assert said(one, 50_000, 100.0) is Meaning.OURS
    assert said(one, 60_000, 200.0) is Meaning.OURS
    assert said(one, 60_000 + AT_FIRST, 100.0) is Meaning.OURS
    assert said(one, 60_001 + AT_FIRST, 100.0) is Meaning.HAND


def test_where_a_fade_led_while_our_clock_stood_is_an_echo() -> None:
    for value, meaning in ((150.0, Meaning.OURS), (200.0, Meaning.OURS), (20.0, Meaning.HAND), (254.0, Meaning.HAND)):
        one = commanded(PROMPT)
        one.slept(1500, 60_000)
        assert said(one, 1600, value) is meaning


def test_what_is_sent_after_a_sleep_has_slept_for_nothing() -> None:
    one = commanded(PROMPT)
    one.slept(20_000, 60_000)
    assert said(one, 20_100, 200.0) is Meaning.OURS
    one.command(30_000, (20.0,), 10_000)
    assert said(one, 30_500, 100.0) is Meaning.HAND


def test_a_prompt_device_is_read_more_strictly() -> None:
    one = commanded(PROMPT)
    assert said(one, 11_100, 200.0) is Meaning.OURS
    assert said(one, 20_000, 150.0) is Meaning.HAND


def test_how_late_a_device_is_is_learnt_from_commands_that_one_report_alone_can_answer() -> None:
    lateness = Lateness()
    one = Ownership(LEVEL, lateness)
    said(one, 0, 10.0)
    for number, target in enumerate((250.0, 40.0, 200.0, 80.0, 150.0)):
        now = number * 60 * SECOND
        one.command(now, (target,), 0)
        said(one, now + 1000, target)
    assert lateness.delays == (1000,) * 5
    assert lateness.longest == 3500


def test_a_retained_report_is_never_a_hand() -> None:
    assert commanded().report(30_000, (3.0,), retained=True) is Meaning.OURS


def test_a_device_that_was_away_may_say_anything_when_it_returns_and_for_a_while() -> None:
    one = commanded()
    one.forget()
    one.returned(30_000)
    assert said(one, 30_000, 254.0) is Meaning.LEARNT
    one.command(30_100, (200.0,), 1000)
    assert said(one, 31_000, 20.0) is Meaning.OURS
    assert not one.is_hand


def returned_and_sent_on() -> Ownership:
    """Back at 100, and sent to 200 in ten seconds."""
    one = ownership()
    one.returned(0)
    said(one, 0, 100.0)
    one.command(1000, (200.0,), 10_000)
    return one


def test_a_device_that_returned_and_is_seen_on_our_way_follows_us_and_may_not_say_anything_any_more() -> None:
    one = returned_and_sent_on()
    assert said(one, 3000, 120.0) is Meaning.OURS
    assert said(one, 3500, 30.0) is Meaning.OURS  # what it said before may come after that
    assert said(one, 5000, 30.0) is Meaning.HAND


def test_where_a_device_stood_as_it_returned_it_is_told_again_and_nobody_has_put_it_there() -> None:
    one = returned_and_sent_on()
    assert said(one, 1500, 30.0) is Meaning.OURS
    assert said(one, 60_000, 30.0) is Meaning.LOST
    assert said(one, 61_000, 250.0) is Meaning.HAND


def test_a_lamp_that_is_nearly_out_may_be_eight_steps_off() -> None:
    one = ownership()
    said(one, 0, 100.0)
    one.command(1000, (1.0,), 0)
    assert said(one, 5000, 9.0) is Meaning.OURS
    assert said(one, 6000, 12.0) is Meaning.HAND


def test_where_our_way_begins_and_ends_or_off_it_a_device_that_returned_is_not_seen_to_follow_us() -> None:
    for at, value in ((1100, 100.0), (1100, 200.0), (10_900, 200.0), (3000, 150.0)):
        one = returned_and_sent_on()
        said(one, at, value)
        assert said(one, AT_FIRST, 30.0) is Meaning.OURS


def test_where_it_said_that_it_is_our_next_fade_may_begin() -> None:
    """Also where nothing of ours explains it. What it says on its way from there is no hand, for it follows us."""
    one = ownership()
    said(one, 0, 30.0)
    one.command(1000, (30.0,), 0)
    one.returned(2000)
    assert said(one, 5000, 188.0) is Meaning.OURS
    one.command(40_000, (129.0,), 10_000)
    assert said(one, 41_000, 182.0) is Meaning.OURS
    assert said(one, 50_000, 129.0) is Meaning.OURS
    one.command(60_000, (20.0,), 1000)
    assert said(one, 75_000, 182.0) is Meaning.HAND


def test_a_lamp_that_is_turned_on_may_flash_without_being_a_hand() -> None:
    one = ownership()
    said(one, 0, 0.0)
    one.command(0, (80.0,), 3000, anywhere=True)
    assert said(one, 500, 254.0) is Meaning.OURS
    assert said(one, 1000, 0.0) is Meaning.OURS


def test_the_believed_value_is_ours_and_not_the_reported_one() -> None:
    one = commanded()
    said(one, 6000, 110.0)
    assert one.at(6000) == (150.0,)
    assert one.at(99_000) == (200.0,)


# At rest


def test_a_device_that_has_followed_is_left_alone() -> None:
    one = commanded()
    said(one, 12_000, 200.0)
    assert one.check_at is None


def test_one_that_has_not_is_asked_and_told_again_three_times_at_most() -> None:
    one = commanded()
    assert said(one, 2000, 100.0) is Meaning.OURS
    done = []
    while (moment := one.check_at) is not None:
        if (check := one.check(moment, can_ask=True)) is Check.SEND:
            one.command(moment, (200.0,), 1000)
        done.append(check)
    assert done.count(Check.ASK) == done.count(Check.SEND) == TRIES


def test_one_that_cannot_be_asked_is_told_again() -> None:
    one = commanded()
    said(one, 2000, 100.0)
    moment = one.check_at
    assert moment == 11_000 + AT_FIRST
    assert one.check(moment, can_ask=False) is Check.SEND


def told_again(one: Ownership, answer: float) -> list[Meaning]:
    """What it means that a device says the same each time that it is told again."""
    meanings = []
    while (moment := one.check_at) is not None and Meaning.HAND not in meanings:
        if one.check(moment, can_ask=False) is Check.SEND:
            one.command(moment, (200.0,), 1000)
            meanings.append(said(one, moment + 2000, answer))
    return meanings


def test_what_says_otherwise_anew_each_time_is_a_hand() -> None:
    one = commanded()
    said(one, 6000, 150.0)
    assert told_again(one, 100.0) == [Meaning.OURS] * (TRIES - 1) + [Meaning.HAND]


def test_what_has_never_moved_may_have_heard_nothing_of_all_that_it_was_told() -> None:
    """Of a radio that loses three messages in ten one command in a hundred is lost four times."""
    one = commanded()
    said(one, 2000, 100.0)
    assert told_again(one, 100.0) == [Meaning.OURS] * TRIES


# What was before


def test_what_the_scene_had_put_is_never_how_the_room_was() -> None:
    """The session is over, and its last reports are still on their way."""
    one = commanded()
    one.land((100.0,))
    one.command(20_000, (100.0,), 1000)
    one.release()
    for late in (200.0, 180.0, 200.0):
        assert said(one, 22_000, late) is Meaning.LEARNT
    assert one.at(23_000) == (100.0,)


def test_what_a_person_did_afterwards_is() -> None:
    one = commanded()
    one.land((100.0,))
    one.command(20_000, (100.0,), 1000)
    said(one, 21_000, 100.0)
    one.release()
    said(one, 25_000, 20.0)
    assert one.at(26_000) == (20.0,)


def test_a_late_echo_does_not_take_a_hands_value_away() -> None:
    one = commanded()
    assert said(one, 5000, 20.0) is Meaning.HAND
    said(one, 6000, 150.0)
    assert one.at(7000) == (20.0,)
    one.release()
    said(one, 8000, 150.0)
    assert one.at(9000) == (20.0,)


def test_where_a_command_took_it_that_was_on_its_way_to_a_hand_is_no_second_hand_in_the_next_session() -> None:
    one = commanded()
    assert said(one, 3000, 20.0) is Meaning.HAND, "and then it has gone on to 200, which nobody has heard"
    one.release()
    one.watch()
    one.command(300_000, (150.0,), 10_000)
    assert said(one, 302_000, 194.0) is Meaning.OURS


@pytest.mark.parametrize(("can_ask", "meaning"), [(True, Meaning.LEARNT), (False, Meaning.HAND)])
def test_what_a_broker_kept_is_how_a_device_is_that_cannot_be_asked(can_ask: bool, meaning: Meaning) -> None:
    one = ownership()
    one.report(0, (100.0,), retained=True)
    one.watch(can_ask=can_ask)
    assert said(one, 30_000, 0.0) is meaning


def test_a_volume_that_a_person_set_is_where_we_go_on_from() -> None:
    one = ownership(VOLUME)
    said(one, 0, 30.0)
    one.command(0, (10.0,), 0)
    assert said(one, 5000, 50.0) is Meaning.HAND
    one.give_back(5000)
    assert said(one, 6000, 10.0) is Meaning.OURS, "an echo of ours that was late"
    assert said(one, 7000, 50.0) is Meaning.OURS, "what they set, said once more"


# In doubt


def exact_and_doubted() -> Ownership:
    """Exact, at rest at 100; it says where a fade of ours was ten seconds ago, and was asked."""
    one = ownership()
    said(one, 0, 100.0)
    for moment, target in ((0, 160.0), (40_000, 200.0), (80_000, 100.0)):
        one.command(moment, (target,), 10_000)
        said(one, moment + 10_500, target)
    assert said(one, 95_000, 150.0) is Meaning.OURS
    assert one.doubts_until is not None
    one.asked(95_000)
    return one


def test_what_an_exact_device_says_again_when_it_is_asked_is_a_hand() -> None:
    one = exact_and_doubted()
    assert said(one, 95_300, 150.0) is Meaning.OURS
    one.asked(96_000)
    assert said(one, 96_300, 150.0) is Meaning.HAND


def test_near_a_target_of_old_is_where_an_exact_device_was_not_sent() -> None:
    """By the second answer no echo explains it any more: that 160 is but a little away tells nothing of such a lamp."""
    one = exact_and_doubted()
    assert said(one, 95_300, 150.0) is Meaning.OURS
    one.asked(103_000)
    assert said(one, 103_300, 150.0) is Meaning.HAND


def test_a_lamp_that_says_a_twentieth_more_on_a_slow_fade_is_not_exact_by_chance() -> None:
    """Seconds late, it says now and then just what it was told: at rest it is no person all the same."""
    one = ownership()
    said(one, 0, 126.0)
    for moment, target in ((0, 133.0), (10_000, 140.0), (20_000, 148.0), (30_000, 155.0)):
        one.command(moment, (target,), 10_000)
        said(one, moment + 800, target)
        said(one, moment + 8000, target + 3.0)
    for moment in (40_600, 41_000, 42_000, 43_000, 44_000):
        assert said(one, moment, 163.0) is Meaning.OURS
        one.asked(moment)
    assert not one.is_hand


def test_what_was_given_up_and_then_says_where_it_was_once_is_told_again() -> None:
    """It cannot be asked, and nobody says that it is away."""
    one = commanded()
    said(one, 1200, 200.0)
    one.command(20_000, (120.0,), 1000)
    while (moment := one.check_at) is not None:
        if one.check(moment, can_ask=False) is Check.SEND:
            one.command(moment, (120.0,), 1000)
    assert said(one, 200_000, 200.0) is Meaning.LOST
    one.command(200_000, (120.0,), 1000)
    assert said(one, 201_500, 120.0) is Meaning.OURS
    assert one.check_at is None


def was_off_and_turned_on() -> Ownership:
    """Its bridge has said yes to each of two commands, and it was asked; by now no word of before is on its way."""
    one = ownership()
    said(one, 0, 0.0)
    one.command(1000, (100.0,), 1000, anywhere=True)
    said(one, 1100, 100.0)
    one.command(20_000, (150.0,), 1000)
    said(one, 20_100, 150.0)
    one.asked(32_000)
    return one


def test_what_was_off_may_still_be_where_only_its_bridge_has_said_that_it_is_on() -> None:
    assert said(was_off_and_turned_on(), 32_300, 0.0) is Meaning.LOST


def test_what_has_answered_that_it_is_on_was_turned_off_by_a_hand() -> None:
    one = was_off_and_turned_on()
    assert said(one, 32_300, 150.0) is Meaning.OURS
    assert said(one, 34_000, 0.0) is Meaning.HAND


# In a landing


def test_given_back_is_what_it_says_later_than_any_echo() -> None:
    one = commanded()
    said(one, 11_500, 200.0)
    one.land((100.0,))
    one.command(30_000, (100.0,), 3000)
    said(one, 30_100, 100.0)
    assert not one.is_shown(can_ask=True), "so does a bridge that has only taken it"
    said(one, 30_000 + AT_FIRST, 100.0)
    assert one.is_shown(can_ask=True)


def test_one_that_cannot_be_asked_is_believed_once_it_was_told_again() -> None:
    one = commanded()
    one.land((100.0,))
    one.command(30_000, (100.0,), 3000)
    said(one, 30_100, 100.0)
    assert not one.is_shown(can_ask=False)
    one.command(35_000, (100.0,), 1000)
    assert one.is_shown(can_ask=False)


def test_one_that_still_shows_the_scene_has_lost_what_gave_it_back() -> None:
    one = commanded()
    said(one, 11_500, 200.0)
    one.land((100.0,))
    one.command(30_000, (100.0,), 0)
    said(one, 30_100, 100.0)
    assert said(one, 45_000, 200.0) is Meaning.LOST


def test_one_that_says_the_same_wrong_word_twice_is_told_what_makes_it_say_the_right_one() -> None:
    one = commanded()
    one.land((100.0,))
    one.command(30_000, (100.0,), 0)
    for moment in (45_000, 60_000):
        assert said(one, moment, 90.0) is Meaning.OURS
        assert not one.is_shown(can_ask=True)
        one.aim_again()
    assert round(one.aim, 3) == 1.111
