"""Music that was paused before a scene, on a speaker that is silent after it: nothing can pause what is not there."""

from orchestrator.devices.messages import Message
from orchestrator.fade import Fade
from orchestrator.home.library import read
from orchestrator.stage.evidence import Evidence
from orchestrator.stage.heard import Paid
from orchestrator.stage.stage import Stage
from orchestrator.stage.want import Want
from orchestrator.units import MINUTE, SECOND
from orchestrator.values import Attribute, Playing

HOME = """
home: house
format: 1
devices:
  speaker: {kind: player, dialect: relax_speaker, topic: s}
rooms: {room: {roles: {music: speaker}}}
"""
PAUSED = Playing(("http://radio",), paused=True)


def landed() -> Stage:
    """A scene has played, the speaker is silent since, and its session is over."""
    stage = Stage(read(HOME, "house.yaml").devices.values(), {})
    stage.receive(Message("s/state", '{"playing": "http://radio", "paused": true}'), 0)
    ours = Want(Fade.still(0, Playing(("http://ours",))))
    stage.wish("speaker", Attribute.PLAYING, ours, 0)
    stage.advance(0)
    stage.receive(Message("s/state", '{"playing": "http://ours"}'), SECOND)
    now = MINUTE
    stage.wish("speaker", Attribute.PLAYING, Want(Fade.still(now, PAUSED), landing=True), now)
    stage.advance(now)
    stage.settle(["speaker"], now)
    return stage


def test_a_speaker_that_is_silent_where_it_was_paused_is_given_back() -> None:
    stage = landed()
    stage.receive(Message("s/state", '{"playing": null}'), MINUTE + SECOND)
    while (due := stage.next_deadline()) is not None and due <= 5 * MINUTE:
        stage.advance(due)
    paid = [heard.evidence for heard in stage.heard() if isinstance(heard, Paid)]
    assert paid == [Evidence.SHOWN]


def test_what_cannot_be_told_again_is_not_tried_without_end() -> None:
    stage = landed()
    turns = 0
    for now in (MINUTE + SECOND, 3 * MINUTE, 5 * MINUTE):
        stage.receive(Message("s/state", '{"playing": null}'), now)
        while (due := stage.next_deadline()) is not None and due <= now + MINUTE:
            stage.advance(due)
            turns += 1
            assert turns < 100
