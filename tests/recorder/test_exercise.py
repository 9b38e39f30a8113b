"""What a device is asked to do for a recording, and what not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.abilities import (
    Abilities,
    ColourMode,
    FadeBy,
    LightAbilities,
    PlayerAbilities,
    SwitchAbilities,
    VoiceAbilities,
)
from orchestrator.devices.messages import (
    LightReport,
    PauseMusic,
    PlayerReport,
    ResumeMusic,
    SetLight,
    SetSwitch,
    SetVolume,
    Speak,
    SwitchReport,
)
from orchestrator.recorder.exercise import AMBER, FAINT, Exercise
from orchestrator.units import Percent
from orchestrator.values import Temperature

NEUTRAL = Temperature.of_kelvin(4000)


def exercise(abilities, *reports, language="en"):
    made = Exercise(abilities, language)
    for report in reports:
        made.heard(report)
    return made


def test_a_lamp_that_is_on_gets_darker_takes_each_colour_and_is_given_back():
    lamp = exercise(Abilities(light=LightAbilities()), LightReport(Percent(50.0), NEUTRAL))
    levels = [(change.level, change.colour) for change in lamp.changes()]
    warm = Temperature(370.4)
    assert levels == [(35, None), (None, AMBER), (None, warm), (35, warm)]
    assert lamp.giving_back() == [SetLight(Percent(50.0), NEUTRAL, 2000)]


def test_a_lamp_that_is_off_comes_up_a_little_and_goes_off_again():
    lamp = exercise(Abilities(light=LightAbilities(colours=ColourMode.NONE)), LightReport(Percent(0.0)))
    assert lamp.changes() == [SetLight(FAINT, None, 2000)]
    assert lamp.giving_back() == [SetLight(Percent(0.0), None, 2000)]


@given(
    level=st.floats(0, 100),
    colours=st.sampled_from([ColourMode.NONE, ColourMode.RGB, ColourMode.RGB | ColourMode.TEMPERATURE]),
    fade=st.sampled_from(FadeBy),
    one=st.booleans(),
)
def test_no_lamp_is_ever_brighter_than_it_was_or_switched_off_or_left_changed(level, colours, fade, one):
    light = LightAbilities(colours=colours, fade=fade, one_attribute_per_fade=one)
    lamp = exercise(Abilities(light=light), LightReport(Percent(level), NEUTRAL if colours else None))
    told = [change.level for change in lamp.changes() if change.level is not None]
    assert all(0 < each <= max(min(level, 40.05), 10) for each in told) or level < 0.1
    back = [change.level for change in lamp.giving_back() if change.level is not None]
    assert back == [pytest.approx(level, abs=0.051)]
    assert all(change.transition == (2000 if fade is FadeBy.NATIVE else 0) for change in lamp.changes())


def test_what_is_plugged_in_is_not_switched():
    plug = exercise(Abilities(switch=SwitchAbilities()), SwitchReport(True))
    assert plug.changes() == [SetSwitch(True)]
    assert plug.giving_back() == []


def test_music_is_lowered_and_stands_still_for_a_moment_and_nothing_is_played():
    player = exercise(Abilities(player=PlayerAbilities()), PlayerReport("http://x/", Percent(60.0)))
    assert player.changes() == [SetVolume(Percent(30.0)), PauseMusic(), ResumeMusic()]
    assert player.giving_back() == [SetVolume(Percent(60.0))]
    silent = exercise(Abilities(player=PlayerAbilities()), PlayerReport("", Percent(20.0)))
    assert silent.changes() == [SetVolume(Percent(14.0))]


def test_a_voice_counts_to_two_quietly():
    (words,) = exercise(Abilities(voice=VoiceAbilities()), language="de").changes()
    assert isinstance(words, Speak)
    assert (words.text, words.language, words.volume) == ("1, 2.", "de", 20.0)


def test_what_does_not_say_how_it_is_is_left_alone():
    unknown = exercise(
        Abilities(light=LightAbilities(), switch=SwitchAbilities(), player=PlayerAbilities()),
    )
    assert (unknown.changes(), unknown.giving_back()) == ([], [])
    assert unknown.untried() == ["light", "colour", "switch", "volume"]
