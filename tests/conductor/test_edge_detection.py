"""When a signal begins and is over."""

# ruff: noqa: E501 - a table reads best with one case a line

import pytest

from orchestrator.conductor.edge_detection import Edge, EdgeDetector, EdgeDetectors
from orchestrator.devices.messages import Message
from orchestrator.home.interruption import InterruptionModel
from orchestrator.home.signal import SignalModel

BEGAN, OVER = Edge.BEGAN, Edge.OVER


def detector(keys: dict[str, object], *, heeds_retained: bool = False) -> EdgeDetector:
    model = SignalModel.model_validate({"topic": "x", **keys})
    return EdgeDetector(model.signal(), is_momentary=model.is_momentary, heeds_retained=heeds_retained)


TABLE = [
    ("a word", {"equals": "on"}, [(0, "on", BEGAN), (900, "on", BEGAN), (1000, "off", OVER), (1100, "off", None)]),
    ("a word that bounces", {"equals": "on"}, [(0, "on", BEGAN), (299, "on", None), (598, "on", None), (900, "on", BEGAN)]),
    ("a figure", {"above": 5}, [(0, "6", BEGAN), (900, "7", None), (1000, "5", OVER), (1100, "6", BEGAN)]),
    ("a while", {"equals": "on", "for": "1s"}, [(0, "on", None), (999, "on", None), (1000, "on", BEGAN), (2000, "on", None)]),
    ("a while that was broken", {"equals": "on", "for": "1s"}, [(0, "on", None), (500, "off", None), (1200, "on", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "said"), [pytest.param(*case, id=name) for name, *case in TABLE])
def test_a_signal_begins_and_is_over(keys: dict[str, object], said: list[tuple[int, str, Edge | None]]) -> None:
    one = detector(keys)
    assert [one.take(Message("x", payload), at) for at, payload, _ in said] == [turn for *_, turn in said]


def test_what_has_to_last_begins_by_itself() -> None:
    several = EdgeDetectors([("a", detector({"equals": "on", "for": "10s"})), ("b", detector({"equals": "on"}))])
    assert several.topics == ("x",)
    assert several.receive(Message("x", "on"), 100) == [("b", BEGAN)]
    assert several.next_deadline() == 10_100
    assert several.advance(10_099) == []
    assert several.advance(10_100) == [("a", BEGAN)]
    assert several.next_deadline() is None
    assert several.receive(Message("y", "off"), 10_200) == []


@pytest.mark.parametrize("keys", [{"equals": "on"}, {"above": 5}, {"above": 5, "for": "1s"}])
def test_what_is_retained_begins_nothing_but_is_known(keys: dict[str, object]) -> None:
    one, payload = detector(keys), "on" if "equals" in keys else "6"
    assert one.take(Message("x", payload, retain=True), 0) is None
    assert one.is_on
    assert one.due is None
    assert one.take(Message("x", "0", retain=True), 500) is OVER


def test_what_is_retained_begins_an_alarm_that_was_not_known() -> None:
    one = detector({"equals": "on"}, heeds_retained=True)
    assert one.take(Message("x", "on", retain=True), 0) is BEGAN
    assert one.take(Message("x", "on", retain=True), 5000) is None
    assert one.take(Message("x", "on"), 9000) is BEGAN


def test_words_are_found_in_the_language_of_the_session() -> None:
    def words(say: object, language: str) -> tuple[str, str] | None:
        keys = {"topic": "x", "equals": "y", "do": "pause", "say": say}
        return InterruptionModel.model_validate(keys).words(language)

    assert words("Ding.", "de") == ("Ding.", "de")
    assert words({"en": "Bell.", "de": "Es läutet."}, "de-AT") == ("Es läutet.", "de-AT")
    assert words({"en": "Bell.", "de": "Es läutet."}, "fr") == ("Bell.", "en")
    assert words(None, "en") is None
