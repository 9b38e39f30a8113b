"""What `play` means in a home."""

from orchestrator.conductor.music_lookup import look_up
from orchestrator.home.model import HomeModel
from orchestrator.values import SILENCE, Playing

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
