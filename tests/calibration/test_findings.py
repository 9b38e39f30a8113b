"""What a device said when it was tried out, and what the home file should therefore say of it."""

import pytest

from orchestrator.calibration.device_state import DeviceState
from orchestrator.calibration.findings import SeenByEye, findings, halves
from orchestrator.calibration.hearing import Hearing, Moved, TrialAnswer
from orchestrator.calibration.trial import FADE, RoomLimits, Trial, Tried, comes_on_dim, giving_back, trials, untried
from orchestrator.devices.abilities import (
    Abilities,
    ColourMode,
    DeviceCurve,
    FadeBy,
    LightAbilities,
    PlayerAbilities,
    SwitchAbilities,
    VoiceAbilities,
)
from orchestrator.devices.dialects.zigbee2mqtt import Zigbee2MqttSettings
from orchestrator.devices.messages import (
    KeepLevel,
    LightReport,
    PlayerReport,
    ResumeMusic,
    SetLight,
    SetSwitch,
    SetVolume,
    Speak,
    SpeechEvent,
    SpeechReport,
    SwitchReport,
)
from orchestrator.units import OFF, SECOND, Percent, WordsPerMinute
from orchestrator.values import Rgb, Temperature

LAMP = Abilities(light=LightAbilities())
LIT = DeviceState(level=Percent(70.0), colour=Temperature.of_kelvin(4000))
LIMITS = RoomLimits()


def settings(**keys):
    return Zigbee2MqttSettings.model_validate({"kind": "light", "dialect": "zigbee2mqtt", "topic": "z/lamp"} | keys)


def levels(tried):
    changes = [each.change for each in tried]
    return [change.level for change in changes if isinstance(change, SetLight) and change.level is not None]


def light(level):
    return LightReport(Percent(level))


STEP = Trial(Tried.STEP, SetLight(Percent(49.0), None), "a step", 0, Percent(70.0))
FADED = Trial(Tried.FADE, SetLight(Percent(24.5), None, FADE), "a fade", FADE, Percent(49.0))


def found(*heard, seen=None, answer_after=None, **keys):
    return {each.key: each.value for each in findings(settings(**keys), heard, seen or SeenByEye(), answer_after)}


# What is tried


def test_a_lamp_gets_darker_and_never_brighter_than_it_was():
    assert levels(trials(LAMP, LIT, LIMITS, "en")) == [49.0, 24.5]
    assert [each.tried for each in trials(LAMP, LIT, LIMITS, "en")] == ["step", "fade", "colour", "white"]


def test_a_lamp_that_is_off_comes_up_a_little_and_not_above_its_rooms_limit():
    off = DeviceState(level=OFF)
    assert levels(trials(LAMP, off, LIMITS, "en")) == [10.0, 25.0]
    dark = RoomLimits(brightness=Percent(12.0))
    assert levels(trials(LAMP, off, dark, "en")) == [10.0, 12.0]


def test_a_colour_that_nobody_knows_is_left_alone():
    unknown = DeviceState(level=Percent(70.0))
    assert [each.tried for each in trials(LAMP, unknown, LIMITS, "en")] == ["step", "fade"]
    assert untried(LAMP, unknown) == ["colour"]


def test_a_lamp_that_is_faded_in_steps_is_not_asked_to_fade():
    stepped = Abilities(light=LightAbilities(fade=FadeBy.STEPPED))
    tried = trials(stepped, LIT, LIMITS, "en")
    assert [(each.tried, each.length) for each in tried] == [("step", 0), ("colour", 0), ("white", 0)]


def test_a_switch_is_told_what_it_is_and_nothing_else():
    switch = Abilities(switch=SwitchAbilities())
    assert [each.change for each in trials(switch, DeviceState(on=True), LIMITS, "en")] == [SetSwitch(True)]
    assert trials(switch, DeviceState(), LIMITS, "en") == []
    assert giving_back(switch, DeviceState(on=True), [Tried.SWITCH]) == []


def test_nothing_is_louder_than_its_room_allows():
    both = Abilities(player=PlayerAbilities(), voice=VoiceAbilities())
    loud = DeviceState(volume=Percent(90.0))
    quiet = RoomLimits(volume=Percent(20.0), voice=Percent(40.0))
    volume, words = (each.change for each in trials(both, loud, quiet, "de"))
    assert volume == SetVolume(Percent(20.0))
    assert isinstance(words, Speak)
    assert (words.volume, words.language) == (20.0, "de")


def test_music_is_only_paused_where_it_plays_and_goes_on_then():
    player = Abilities(player=PlayerAbilities())
    playing = DeviceState(volume=Percent(30.0), plays=True)
    assert [each.tried for each in trials(player, playing, LIMITS, "en")] == ["volume", "pause", "resume"]
    assert giving_back(player, playing, [Tried.VOLUME, Tried.PAUSE]) == [SetVolume(Percent(30.0)), ResumeMusic()]


# Given back


def test_what_was_not_touched_is_not_given_back():
    assert giving_back(LAMP, LIT, []) == []


def test_level_and_colour_come_back_together_where_the_lamp_can():
    assert giving_back(LAMP, LIT, [Tried.STEP]) == [SetLight(LIT.level, LIT.colour, 2 * SECOND)]
    apart = Abilities(light=LightAbilities(one_attribute_per_fade=True))
    first, second = giving_back(apart, LIT, [Tried.STEP])
    assert (first, second) == (SetLight(None, LIT.colour, 0), SetLight(LIT.level, None, 2 * SECOND))


def test_a_lamp_that_was_off_goes_off_with_the_level_that_it_remembered():
    off = DeviceState(level=OFF, colour=Rgb(255.0, 0.0, 0.0), remembered=Percent(80.0))
    keeps = Abilities(light=LightAbilities(level_while_off=True))
    changes = giving_back(keeps, off, [Tried.STEP])
    assert changes == [SetLight(None, off.colour, 0), SetLight(OFF, None, 0), KeepLevel(Percent(80.0))]
    assert not comes_on_dim(keeps, off, [Tried.STEP])


def test_a_lamp_that_takes_no_level_while_it_is_off_is_told_none_and_comes_on_dim():
    """Many a lamp comes on when it is told one: it says that it is off all the same."""
    off = DeviceState(level=OFF, remembered=Percent(80.0))
    assert giving_back(LAMP, off, [Tried.STEP]) == [SetLight(OFF, None, 0)]
    assert comes_on_dim(LAMP, off, [Tried.STEP])
    assert not comes_on_dim(LAMP, off, [])
    assert not comes_on_dim(LAMP, LIT, [Tried.STEP])


@pytest.mark.parametrize(
    ("now", "is_like"),
    [
        (DeviceState(Percent(70.4), Temperature(250.0)), True),
        (DeviceState(Percent(66.0), Temperature(250.0)), False),
        (DeviceState(Percent(70.0), Temperature(400.0)), False),
        (DeviceState(Percent(70.0)), False),
        (DeviceState(), False),
    ],
)
def test_given_back_is_what_it_says_again(now, is_like):
    assert now.is_like(LIT) is is_like


# What it said


def test_a_value_that_comes_back_is_confirmed_and_another_is_not():
    assert Hearing(STEP, ((300, light(50.0)),)).answer is TrialAnswer.CONFIRMED
    assert Hearing(STEP, ((300, light(70.0)),)).answer is TrialAnswer.OTHER
    assert Hearing(STEP).answer is TrialAnswer.SILENT
    assert Hearing(STEP, ((300, light(50.0)),)).seconds == 0.3


def test_a_word_of_the_way_is_a_fade_and_silence_is_none():
    echo, halfway, there = light(24.5), light(37.0), light(24.5)
    assert Hearing(FADED, ((20, echo), (1400, halfway), (4000, there)), 2).moved is Moved.GRADUALLY
    assert Hearing(FADED, ((20, echo), (1400, there), (2700, there)), 2).moved is Moved.AT_ONCE
    assert Hearing(FADED, ((20, echo), (4000, there)), 2).moved is Moved.UNKNOWN, "an answer was lost"
    assert Hearing(FADED, ((20, echo), (1400, there), (2700, there))).moved is Moved.UNKNOWN, "it was not asked itself"


def test_who_speaks_has_spoken_when_it_says_so():
    words = Trial(Tried.WORDS, Speak("relax-test", "1, 2.", "en", Percent(20.0), WordsPerMinute(110.0), 500), "words")
    begun = Hearing(words, ((20, SpeechReport("relax-test", SpeechEvent.STARTED)),))
    done = Hearing(words, (*begun.said, (900, SpeechReport("relax-test", SpeechEvent.DONE))))
    failed = Hearing(words, ((20, SpeechReport("relax-test", SpeechEvent.FAILED)),))
    assert (begun.is_over(60_000, 0), done.is_over(1000, 0)) == (False, True)
    assert (done.answer, failed.answer) == (TrialAnswer.CONFIRMED, TrialAnswer.OTHER)
    assert Hearing(words, ((20, SpeechReport("another", SpeechEvent.DONE)),)).answer is TrialAnswer.SILENT
    assert (begun.shown(), failed.shown()) == ("that it began, and not when it is over", "that it failed")


def test_a_player_and_a_switch_are_heard_as_well():
    volume = Trial(Tried.VOLUME, SetVolume(Percent(20.0)), "volume")
    assert Hearing(volume, ((20, PlayerReport(volume=Percent(20.0))),)).answer is TrialAnswer.CONFIRMED
    assert Hearing(volume, ((20, PlayerReport(playing="x")),)).answer is TrialAnswer.SILENT
    switch = Trial(Tried.SWITCH, SetSwitch(True), "on")
    assert Hearing(switch, ((20, SwitchReport(False)),)).answer is TrialAnswer.OTHER


# What follows


def test_nothing_follows_of_a_lamp_that_is_as_it_should_be():
    faded = Hearing(FADED, ((20, light(24.5)), (1400, light(37.0)), (4020, light(24.5))), 2)
    assert found(Hearing(STEP, ((20, light(49.0)),)), faded, answer_after=30) == {}


def test_a_late_lamp_gets_time_to_settle():
    assert found(Hearing(STEP, ((7000, light(49.0)),))) == {"settle": "13s"}
    assert found(Hearing(STEP, ((300, light(49.0)),)), answer_after=7000) == {"settle": "13s"}
    assert found(Hearing(STEP, ((5000, light(49.0)),))) == {}, "relax is patient enough by itself"
    assert found(Hearing(STEP, ((7000, light(49.0)),)), settle="20s") == {}
    way = Hearing(FADED, ((20, light(24.5)), (4000 + 8000, light(37.0)), (4000 + 9000, light(24.5))))
    assert found(way) == {"settle": "14s"}


def test_a_lamp_that_jumps_is_faded_in_steps():
    jumped = Hearing(FADED, ((20, light(24.5)), (1400, light(24.5)), (2700, light(24.5))), 2)
    assert found(jumped) == {"fade": "stepped"}
    assert found(jumped, fade="stepped") == {}
    assert found(jumped, seen=SeenByEye(Moved.GRADUALLY)) == {}, "who saw it knows it better"
    unsaid = Hearing(FADED, ((20, light(24.5)),))
    assert found(unsaid) == {}
    assert found(unsaid, seen=SeenByEye(Moved.AT_ONCE)) == {"fade": "stepped"}


def test_one_that_never_says_anything_is_not_waited_for():
    assert found(Hearing(STEP), Hearing(FADED)) == {"reports": False}
    assert found(Hearing(STEP), reports=False) == {}
    assert found(Hearing(STEP, ((20, light(49.0)),)), reports=False) == {"reports": True}


def test_a_curve_is_what_a_person_saw():
    assert found(seen=SeenByEye(curve=DeviceCurve.LINEAR)) == {"curve": "linear"}
    assert found(seen=SeenByEye(curve=DeviceCurve.LINEAR), curve="linear") == {}
    assert found(seen=SeenByEye(curve=DeviceCurve.PERCEPTUAL)) == {}


def test_half_as_bright_is_half_the_lightness_or_a_fifth_of_the_light():
    half, fifth = halves(Percent(100.0))
    assert half == 50.0
    assert fifth == pytest.approx(18.4, abs=0.1)
    first, second = halves(Percent(40.0))
    assert first == 20.0
    assert second < 10.0


def test_a_lamp_without_colours_has_nothing_to_show_of_them():
    plain = Abilities(light=LightAbilities(colours=ColourMode.NONE))
    assert [each.tried for each in trials(plain, LIT, LIMITS, "en")] == ["step", "fade"]
    assert untried(plain, DeviceState(level=Percent(70.0))) == []
