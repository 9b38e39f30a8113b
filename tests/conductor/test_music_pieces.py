"""Several pieces under one name take turns, at the beginnings of steps."""

from orchestrator.conductor.music_lookup import look_up, playable
from orchestrator.conductor.music_pieces import CHANGE, PIECE
from orchestrator.home.model import HomeModel
from orchestrator.scenes import library
from orchestrator.scenes.planning.planner import plan
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.units import MINUTE
from orchestrator.values import SILENCE, Attribute, Playing, Track

HOME = HomeModel.model_validate(
    {
        "home": "h",
        "format": 1,
        "rooms": {"den": {"roles": {}}},
        "devices": {"speaker": {"dialect": "relax_speaker"}},
        "music": {"calm": ["http://a/one", {"default": "http://a/two"}, "http://a/three"], "rain": "http://a/rain"},
    }
)
PLAYING, VOLUME = Track("music", Attribute.PLAYING), Track("music", Attribute.VOLUME)


def line(*minutes: int, play: str = "calm", more: str = "") -> Timeline:
    steps = "".join(f"  - {{step: s{n}, lasts: {each}min{more}}}\n" for n, each in enumerate(minutes))
    text = f"""
scene: s
format: 1
title: S
roles: {{music: {{kind: player}}}}
steps:
  - {{step: first, music: {{play: {play}, volume: 70%}}, lasts: 1min}}
{steps}finish: {{music: {{stop: true}}}}
"""
    return playable(plan(library.read(text, "s.yaml").model), {"music": ("speaker",)}, HOME).timeline


def heard(timeline: Timeline) -> list[tuple[int, str]]:
    """Minute by minute, when another piece is on: by its address."""
    found: list[tuple[int, str]] = []
    for minute in range(timeline.starts[-1] // MINUTE):
        playing = timeline.state_at(minute * MINUTE + CHANGE, {}).get(PLAYING, SILENCE)
        assert isinstance(playing, Playing)
        known = look_up(playing, "speaker", HOME)
        assert known is not None
        if not found or found[-1][1] != known.names[0]:
            found.append((minute, known.names[0]))
    return found


def test_the_next_piece_comes_with_the_first_step_after_twelve_minutes() -> None:
    assert heard(line(5, 5, 5, 5, 5, 5, 5, 5)) == [(0, "http://a/one"), (16, "http://a/two"), (31, "http://a/three")]


def test_after_the_last_comes_the_first() -> None:
    numbers = [address.rpartition("/")[2] for _, address in heard(line(*[12] * 4))]
    assert numbers == ["one", "two", "three", "one"]


def test_it_comes_in_as_loud_as_the_one_before_once_that_has_faded_out() -> None:
    timeline = line(12, 12)
    start = timeline.starts[2]
    volume = [timeline.state_at(start + at, {})[VOLUME] for at in (0, CHANGE // 2, CHANGE)]
    assert volume == [70.0, 0.0, 70.0]
    assert start >= PIECE


def test_a_step_with_music_of_its_own_changes_no_piece() -> None:
    assert heard(line(12, 12, more=", music: {volume: 60%}")) == [(0, "http://a/one")]


def test_a_name_with_one_piece_plays_on() -> None:
    assert heard(line(12, 12, play="rain")) == [(0, "http://a/rain")]
