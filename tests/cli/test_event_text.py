"""What an event says to a person is so in every home."""

from collections.abc import Callable

import pytest

from orchestrator.cli.event_text import device_titles, event_sentence
from orchestrator.events.device import OutOfRange, Overridden, SnapshotUnknown
from orchestrator.home.library import read
from orchestrator.journal.sentences import why_not
from orchestrator.values import Attribute


def test_a_volume_that_means_nothing_sends_nobody_to_write_a_fallback_that_may_be_there() -> None:
    words = event_sentence(OutOfRange("sp", "volume", "35", "0 to 1"), None)
    assert "35, which should be 0 to 1" in words
    assert "fallback" not in words


@pytest.mark.parametrize("words", [lambda event: event_sentence(event, None), why_not])
def test_what_a_role_gets_that_has_something_to_get_is_so_with_a_fallback_and_without(
    words: Callable[[SnapshotUnknown], str],
) -> None:
    said = words(SnapshotUnknown("music", fallback=True))
    assert "its fallback, or without one" in said


def test_who_can_write_a_fallback_is_told_so_only_where_there_is_none() -> None:
    assert "give its role a fallback" in event_sentence(SnapshotUnknown("main", fallback=False), None)
    assert "give its role" not in event_sentence(SnapshotUnknown("main", fallback=True), None)


def test_of_which_nobody_knows_how_it_was_is_named() -> None:
    said = event_sentence(SnapshotUnknown("glow", fallback=False, devices=("strip",)), None)
    assert said.startswith("nobody says how strip was before; at the end it stays")
    more = event_sentence(SnapshotUnknown("glow", fallback=False, devices=("strip", "shelf")), None)
    assert more.startswith("nobody says how strip, shelf were before; at the end each stays")
    assert "Nobody said how strip, shelf was" in why_not(SnapshotUnknown("glow", devices=("strip", "shelf")))


@pytest.mark.parametrize(
    ("attribute", "value", "deed"),
    [
        (Attribute.LEVEL, 0, "turned it off"),
        (Attribute.LEVEL, 40, "set its brightness to 40 %"),
        (Attribute.LEVEL, None, "set its brightness"),
        (Attribute.COLOUR, "2700K", "set its colour to 2700K"),
        (Attribute.VOLUME, 30, "set its volume to 30 %"),
        (Attribute.PLAYING, "silent", "stopped its music"),
        (Attribute.PLAYING, "paused", "paused its music"),
        (Attribute.PLAYING, "http://example.invalid/radio", "chose its music"),
        (Attribute.ON, "on", "turned it on"),
        (Attribute.ON, "off", "turned it off"),
    ],
)
def test_what_a_hand_did_is_said_as_people_say_it(attribute: Attribute, value: int | str | None, deed: str) -> None:
    event = Overridden("lamp", attribute, value)
    assert event_sentence(event, None) == f"lamp: somebody {deed} by hand, and it stays so"
    assert why_not(event) == f"lamp: somebody {deed} by hand, and it was left so."


def test_two_devices_of_one_title_are_told_apart_by_their_names() -> None:
    entry = "{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/NAME, title: TITLE}"
    titles = {"one": "Bedroom", "two": "bedroom", "three": "Desk"}
    listed = "".join(
        f"  {name}: {entry.replace('NAME', name).replace('TITLE', title)}\n" for name, title in titles.items()
    )
    home = read(f"home: h\nformat: 1\ndevices:\n{listed}rooms: {{den: {{roles: {{}}}}}}\n", "home.yaml")
    assert device_titles(titles, home) == "Bedroom (one), bedroom (two), Desk"
