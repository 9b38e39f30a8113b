"""A device that stands otherwise than was thought is brought where it belongs, and shows nothing more on the way."""

import pytest

from orchestrator.devices.abilities import LightAbilities, PlayerAbilities
from orchestrator.devices.messages import LightReport, PauseMusic, Play, PlayerReport, SetVolume, StopMusic
from orchestrator.fade import Fade
from orchestrator.stage.lateness import AT_FIRST
from orchestrator.stage.ownership import Meaning
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.staged_player import StagedPlayer
from orchestrator.stage.want import Want
from orchestrator.units import Percent
from orchestrator.values import Attribute, Playing


def told(player: StagedPlayer, now: int) -> list[object]:
    """All that it is told now."""
    changes: list[object] = []
    while (change := player.peek(now)) is not None:
        player.sent(change, now)
        changes.append(change)
    return changes


def test_a_player_that_is_paused_with_other_music_plays_ours_once_it_goes_on() -> None:
    player = StagedPlayer(PlayerAbilities())
    player.report(PlayerReport("radio", Percent(20.0)), 0, retained=False)
    player.want(Attribute.PLAYING, Want(Fade.still(0, Playing(("calm",), paused=True))), 0)
    assert told(player, 0) == [PauseMusic()]
    assert player.value(Attribute.PLAYING, 0) == Playing(("radio",), paused=True)
    player.want(Attribute.PLAYING, Want(Fade.still(5000, Playing(("calm",)))), 5000)
    assert told(player, 5000) == [Play("calm")]


def test_a_lamp_that_is_out_and_is_to_go_out_does_not_shine_once_more() -> None:
    lamp = StagedLight(LightAbilities())
    lamp.report(LightReport(Percent(0.0), None), 0, retained=False)
    lamp.want(Attribute.LEVEL, Want(Fade(1000, 4000, 2.0, 0.0)), 1000)
    assert lamp.peek(1000) is None
    assert lamp.due_after(1000) is None


def test_our_music_stops_before_the_old_volume_and_the_old_programme_come_back() -> None:
    player = StagedPlayer(PlayerAbilities())
    player.report(PlayerReport("radio", Percent(60.0)), 0, retained=False)
    player.want(Attribute.VOLUME, Want(Fade.still(0, 10.0)), 0)
    player.want(Attribute.PLAYING, Want(Fade.still(0, Playing(("calm",)))), 0)
    assert told(player, 0) == [SetVolume(Percent(10.0)), Play("calm")]
    player.want(Attribute.PLAYING, Want(Fade.still(5000, Playing(("radio",))), landing=True), 5000)
    player.want(Attribute.VOLUME, Want(Fade.still(5000, 60.0), landing=True), 5000)
    assert told(player, 5000) == [StopMusic(), SetVolume(Percent(60.0)), Play("radio")]


@pytest.mark.parametrize("pause", [True, False])
def test_our_music_does_not_stay_where_something_else_was_paused(*, pause: bool) -> None:
    player = StagedPlayer(PlayerAbilities(pause=pause))
    player.report(PlayerReport("radio", Percent(60.0), paused=True), 0, retained=False)
    player.want(Attribute.PLAYING, Want(Fade.still(0, Playing(("calm",)))), 0)
    assert told(player, 0) == [Play("calm")]
    player.want(Attribute.PLAYING, Want(Fade.still(5000, Playing(("radio",), paused=True)), landing=True), 5000)
    player.want(Attribute.VOLUME, Want(Fade.still(5000, 60.0), landing=True), 5000)
    assert told(player, 5000)[0] == StopMusic()
    assert PauseMusic() not in told(player, 5000)


def test_a_player_of_which_nothing_is_known_is_no_hand_until_it_has_followed() -> None:
    """The broker was away: the player still answers the volume when the music is on its way, and says silence."""
    player = StagedPlayer(PlayerAbilities())
    player.report(PlayerReport("radio", Percent(30.0)), 0, retained=False)
    player.lost()
    player.want(Attribute.VOLUME, Want(Fade.still(0, 14.0)), 0)
    player.want(Attribute.PLAYING, Want(Fade.still(0, Playing(("calm",)))), 0)
    assert told(player, 0) == [SetVolume(Percent(14.0)), Play("calm")]
    assert _meaning(player, "", 300) is Meaning.OURS
    assert _meaning(player, "calm", 600) is Meaning.OURS
    assert not player.is_playing_by_hand
    assert _meaning(player, "news", 500 + AT_FIRST) is Meaning.OURS
    assert _meaning(player, "news", 2000 + AT_FIRST) is Meaning.HAND


def test_a_player_of_which_nothing_was_known_has_its_time_to_follow_and_no_more() -> None:
    player = StagedPlayer(PlayerAbilities())
    player.want(Attribute.PLAYING, Want(Fade.still(0, Playing(("calm",)))), 0)
    assert told(player, 0) == [Play("calm")]
    assert _meaning(player, "", AT_FIRST) is Meaning.OURS
    assert _meaning(player, "calm", 20_000) is Meaning.OURS
    assert _meaning(player, "news", 20_001 + AT_FIRST) is Meaning.HAND


def _meaning(player: StagedPlayer, playing: str, now: int) -> Meaning:
    """What it means that the player says that it plays this."""
    verdicts = player.report(PlayerReport(playing, Percent(14.0)), now, retained=False)
    return dict(verdicts)[Attribute.PLAYING]
