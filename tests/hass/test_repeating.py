"""Music that has ended begins again; music that somebody has ended does not."""

from orchestrator.devices.dialects.hass.entity_state import EntityState
from orchestrator.hass.call_queue import Call
from orchestrator.hass.repeating import BEGINS_WITHIN, Repeating

CALM = Call("media_player", "play_media", {"media_content_id": "calm"}, {"entity_id": "media_player.den"})
STOP = Call("media_player", "media_stop", {}, {"entity_id": "media_player.den"})
SILENT = EntityState("idle", {})


class Player:
    def __init__(self, *told: Call) -> None:
        self.time = 0.0
        self.music = Repeating(lambda: self.time)
        for call in told:
            self.music.told(call)

    def plays(self, lasts: object = 60, position: object = 0, at: str = "20:00:00", **more: object) -> None:
        said = {"media_duration": lasts, "media_position": position, "media_position_updated_at": at, **more}
        assert self.music.hear(EntityState("playing", said)) is None

    def is_beginning(self) -> bool:
        return self.music.is_beginning

    def is_begun_again(self, state: EntityState = SILENT) -> bool:
        return self.music.hear(state) == CALM


def test_it_begins_again_where_its_length_is_over() -> None:
    player = Player(CALM)
    player.plays()
    player.time = 20.0
    player.plays(volume_level=0.4)
    player.time = 59.0
    assert player.is_begun_again()
    assert player.is_beginning()
    assert not player.is_begun_again(), "once"
    player.plays(at="20:01:00")
    assert not player.is_beginning()
    player.time = 118.0
    assert player.is_begun_again()


def test_it_is_silent_for_good_where_it_does_not_begin() -> None:
    player = Player(CALM)
    player.plays()
    player.time = 59.0
    assert player.is_begun_again()
    player.time += BEGINS_WITHIN
    assert not player.is_beginning()


def test_silence_before_its_end_is_somebodys() -> None:
    player = Player(CALM)
    player.plays()
    player.time = 30.0
    assert not player.is_begun_again()
    assert not player.is_beginning()


def test_what_was_sought_to_its_end_is_over_sooner() -> None:
    player = Player(CALM)
    player.plays()
    player.time = 10.0
    player.plays(position=55, at="20:00:10")
    player.time = 14.0
    assert player.is_begun_again()


def test_what_stood_still_has_not_gone_on_meanwhile() -> None:
    player = Player(CALM)
    player.plays()
    player.music.hear(EntityState("paused", {"media_position": 10}))
    player.time = 300.0
    assert not player.is_begun_again()


def test_what_we_have_ended_what_has_no_end_and_what_repeats_by_itself_is_not_begun_again() -> None:
    for player, lasts, state in (
        (Player(CALM, STOP), 60, SILENT),
        (Player(CALM), None, SILENT),
        (Player(CALM), "long", SILENT),
        (Player(CALM), 60, EntityState("idle", {"supported_features": 262_144})),
        (Player(), 60, SILENT),
    ):
        player.plays(lasts)
        player.time = 600.0
        assert not player.is_begun_again(state)
