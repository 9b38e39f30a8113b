"""A device that stands otherwise than was thought is brought where it belongs, and shows nothing more on the way."""

from orchestrator.devices.abilities import LightAbilities, PlayerAbilities
from orchestrator.devices.messages import LightReport, PauseMusic, Play, PlayerReport
from orchestrator.fade import Fade
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
