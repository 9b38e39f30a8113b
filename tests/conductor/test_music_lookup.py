"""What `play` means in a home."""

from orchestrator.conductor.music_lookup import look_up, playable
from orchestrator.home.model import HomeModel
from orchestrator.scenes import library
from orchestrator.scenes.planning.planner import plan
from orchestrator.scenes.planning.timeline import Move, Timeline
from orchestrator.values import SILENCE, Attribute, Playing

HOME = HomeModel.model_validate(
    {
        "home": "h",
        "format": 1,
        "rooms": {"den": {"roles": {}}},
        "devices": {"sonos": {"dialect": "sonos2mqtt"}, "speaker": {"dialect": "relax_speaker"}},
        "music": {
            "calm": "http://a/calm",
            "rain": {"sonos2mqtt": "x-rain", "default": "http://a/rain"},
            "wind": {"mopidy": "m"},
        },
    }
)


def test_the_first_name_that_the_home_has_is_played() -> None:
    assert look_up(Playing(("sea", "calm")), "speaker", HOME) == Playing(("http://a/calm",))


def test_a_dialect_may_have_an_address_of_its_own() -> None:
    assert look_up(Playing(("rain",)), "sonos", HOME) == Playing(("x-rain",))
    assert look_up(Playing(("rain",)), "speaker", HOME) == Playing(("http://a/rain",))


def test_an_address_is_its_own_name_and_a_pause_stays_one() -> None:
    assert look_up(Playing(("http://b/c",), paused=True), "speaker", HOME) == Playing(("http://b/c",), paused=True)


def test_what_no_name_stands_for_is_not_found_and_silence_is_silence() -> None:
    assert look_up(Playing(("sea", "wind")), "speaker", HOME) is None
    assert look_up(SILENCE, "speaker", HOME) == SILENCE


SCENE = """
scene: s
format: 1
languages: [en]
title: S
roles: {music: {kind: player}}
steps:
  - {step: a, music: FIRST, lasts: 10s}
  - {step: b, music: {volume: 60%}, lasts: 10s}
  - {step: c, music: SECOND, lasts: 10s}
  - {step: d, music: {volume: 50%}, lasts: 10s}
finish: {music: {stop: true}}
"""


def planned(first: str, second: str) -> Timeline:
    return plan(library.read(SCENE.replace("FIRST", first).replace("SECOND", second), "s.yaml").model)


def moves(line: Timeline) -> dict[str, list[tuple[Attribute, object]]]:
    return {
        chapter.id: [(cue.what.track.attribute, cue.what.target) for cue in chapter.cues if isinstance(cue.what, Move)]
        for chapter in (*line.chapters, line.finish)
    }


def test_where_the_home_has_all_of_its_music_a_scene_is_as_it_was() -> None:
    line = planned("{play: calm}", "{play: rain}")
    assert playable(line, {"music": ("speaker",)}, HOME) == (line, {"music": ("speaker",)}, ())


def test_a_player_for_which_there_is_no_music_at_all_is_not_the_scenes() -> None:
    line, roles, unknown = playable(planned("{play: [sea, hum]}", "{stop: true}"), {"music": ("speaker",)}, HOME)
    assert (roles, unknown) == ({}, ("sea, hum",))
    assert set(map(tuple, moves(line).values())) == {()}


def test_music_that_is_not_there_moves_no_volume_until_some_is() -> None:
    line, roles, unknown = playable(planned("{play: sea, volume: 70%}", "{play: calm}"), {"music": ("speaker",)}, HOME)
    assert (roles, unknown) == ({"music": ("speaker",)}, ("sea",))
    found = moves(line)
    assert (found["a"], found["b"]) == ([], [])
    assert (Attribute.PLAYING, Playing(("calm",))) in found["c"]
    assert found["c"][0] == (Attribute.VOLUME, 0.0), "it comes in from silence"
    assert found["d"] == [(Attribute.VOLUME, 50.0)]
    assert (Attribute.PLAYING, SILENCE) in found["finish"]


def test_what_is_said_to_play_is_what_plays() -> None:
    line, _, unknown = playable(planned("{play: [sea, calm]}", "{volume: 40%}"), {"music": ("speaker",)}, HOME)
    assert line.music == {"music": (Playing(("calm",)),)}
    assert unknown == ()


def test_of_two_players_only_the_one_that_has_the_music_is_the_scenes() -> None:
    home = HOME.model_copy(update={"music": {"rain": {"sonos2mqtt": "x-rain"}}})
    _, roles, unknown = playable(planned("{play: rain}", "{stop: true}"), {"music": ("speaker", "sonos")}, home)
    assert (roles, unknown) == ({"music": ("sonos",)}, ("rain",))
