"""What somebody sets by hand stays so, relax knows of it, and nothing else is taken for theirs."""

from collections.abc import Iterator

from tests.witness.case import Case, Finding
from tests.witness.disturbances import Hand
from tests.witness.lamps import Lamp

KNOWS = 3.0
"""Seconds in which relax has to know a hand that none of its own values explains."""


COMES_UP = 11.0
"""Seconds in which a lamp that comes up from off may show any colour on its way (docs/trust.md)."""


def judge(case: Case) -> Iterator[Finding]:
    for hand in case.disturbances.hands:
        lamp, player = case.house.lamps.get(hand.device), case.house.player(hand.device)
        if hand.is_traceless:
            continue
        if lamp is not None and not _comes_up(lamp, hand):
            yield from _left_alone(case, lamp, hand)
            yield from _known(case, hand)
        elif player is not None and hand.attribute == "volume":
            loudest = hand.value / 100.0 + player.step
            for turned in player.turned:
                if hand.t < turned.t < case.landed and turned.volume > loudest + 0.0005:
                    seen = f"{100 * turned.volume:.0f} %"
                    yield case.finding("touched: volume", turned.t, hand.device, f"at most {hand.value:.0f} %", seen)


def _comes_up(lamp: Lamp, hand: Hand) -> bool:
    return hand.attribute == "colour" and any(
        0.0 <= hand.t - line.start <= COMES_UP and lamp.level.at(line.start - 0.001) == 0.0 for line in lamp.level.lines
    )


def _left_alone(case: Case, lamp: Lamp, hand: Hand) -> Iterator[Finding]:
    if hand.attribute == "colour":
        own = lamp.colour.at(hand.t)
        moves = [(line.start, own.distance(line.target) > 0.003) for line in lamp.colour.lines]
    else:
        units = lamp.level.at(hand.t)
        moves = [(line.start, abs(line.target - units) > 0.5) for line in lamp.level.lines]
    again = min(
        (each.t for each in case.disturbances.hands if each.device == hand.device and each.t > hand.t), default=1e9
    )
    for t, is_other in moves:
        if hand.t < t < min(hand.until, again) and is_other:
            wanted = f"{hand.attribute} left at {_text(hand)}"
            yield case.finding("touched: left alone", t, lamp.name, wanted, "told something else")
            return


def _known(case: Case, hand: Hand) -> Iterator[Finding]:
    """Where a session had it in hand, and could hear of it."""
    track, clock = case.track(hand.device, hand.attribute), case.playhead.clock
    is_played = track is not None and track.is_touched(clock.running(hand.t)) and hand.t < case.landed
    is_heard = not case.house.lamps[hand.device].before.get("mute") and case.house.lamps[hand.device].reports
    is_out = hand.attribute == "colour" and case.house.lamps[hand.device].level.at(hand.t) == 0.0  # nobody sees it
    if not is_played or not is_heard or is_out or case.disturbances.is_gone(hand.t, 1.0):
        return
    named = (
        str(event["device"])
        for t, event in case.recording.events("overridden")
        if hand.t - 0.01 <= t <= hand.t + KNOWS and event["attribute"] == hand.attribute
    )
    if not any(hand.device in case.house.members(name) for name in named):
        wanted = f"to be known: {hand.attribute} was set to {_text(hand)}"
        yield case.finding("touched: known", hand.t, hand.device, wanted, "nothing said")


def _text(hand: Hand) -> str:
    return f"{hand.value:.0f} %" if isinstance(hand.value, float) else str(hand.value)
