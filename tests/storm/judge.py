"""What is right: judged from the devices' true state, and from what was said in events, states and journal.

- the room is as it was, as the scene's way out leaves it, or as a person left it; or it is said that it is not;
- a hand that nothing of ours explains stays;
- `given` is said only of what shows it;
- what is not as it was, and was changed by us, is owed in the journal, at any moment at which we may be cut off.
"""

from typing import TYPE_CHECKING, NamedTuple

from orchestrator.journal.codec import value_of
from orchestrator.units import SECOND, Ms
from tests.storm.radio import FINE, Change, Place, RadioFault, Value, same

if TYPE_CHECKING:
    from tests.storm.watcher import Watcher

HONEST = frozenset({"owed", "unanswered", "unknown", "morning", "later", "fallback", "colour"})
"""Words that say that a device is perhaps not as it was."""
SETTLED: Ms = 10 * SECOND
"""What was told so long ago explains nothing any more."""
AFTER: Ms = 6 * SECOND
"""So long after a hand nothing else may have happened to the device, for the hand to be plain."""
CLEAR = 20.0
"""So far (percent) from anything of ours a hand has to put a device, for it to be plain."""
LATE = 2 * SECOND
FALSE_WITHIN: Ms = 300 * SECOND
RECENT: Ms = 15 * SECOND
SEGMENT: Ms = 10 * SECOND
"""One command of a fade takes so long at most."""
CROSSES: Ms = 100
"""What was sent as we heard of a hand is at the device so soon, besides the way to the broker."""
NEARLY: Ms = 1500
"""What rests so soon is as good as there."""


class Right(NamedTuple):
    """What a place may show: exact values, and levels in L*. `person`: the hand that has to stay, where it is plain."""

    values: list[Value]
    lights: list[Value]
    hands: list[Change]
    is_plain: bool


def right(watcher: "Watcher", place: Place) -> Right:
    """What is right for a place now, by all that has happened."""
    world, device = watcher.world, place[0]
    changes = world.radio.seen.history.get(place, [])
    # A lamp of which nobody knew how it was is left as it is, and that is said; who then starts another scene has it
    # so before that.
    values: list[Value] = [watcher.before[place], *watcher.unknown.get(place, [])]
    lights: list[Value] = []
    hands = [change for change in changes if change.who == "a person"]
    values += [change.to for change in changes if change.who == "the power" and change.to]
    for played in watcher.sessions.values():
        for way in played.ways.values() if device in played.devices else ():
            if place in way:
                lights += _lights(watcher, place, way[place], played.began)
            elif place[1] == "colour" and (device, "level") in way:
                values += [change.to for change in changes if change.who == "relax"]  # the look says nothing of it
    if place[1] == "volume" and any(c.who == "a person" for c in world.radio.seen.history.get((device, "playing"), [])):
        values += [change.to for change in changes]  # who puts on music of their own has it as loud as it was then
    touched = [change for change in changes if change.who in ("a person", "the power")]
    crossed = [each.to for each in changes if each.who == "relax" and _crosses(watcher, device, touched, each)]
    if not hands:
        return Right([*values, *crossed], lights, [], is_plain=False)
    if is_plain(watcher, place, changes, hands[-1]):
        return Right([hands[-1].to], _left_since(watcher, place, hands[-1]), hands, is_plain=True)
    return Right([*values, *(hand.to for hand in hands), *crossed], lights, hands, is_plain=False)


def _lights(watcher: "Watcher", place: Place, way: Value, began: Ms) -> list[Value]:
    """What a way out leaves. It may depend on how it was before: in the beginning, or as somebody left it since.

    Who makes a lamp bright and then starts a scene that ends dim finds it dim: as bright as they had made it it was
    before, and it is left no brighter than the scene says.
    """
    if not hasattr(way, "light"):
        return [way]
    changes = watcher.world.radio.seen.history.get(place, [])
    touched = [each.to for each in changes if each.who != "relax" and each.at <= began]
    return [
        min(way.light, watcher.world.radio.lightness(place[0], float(was)))
        for was in (watcher.before[place], *touched[-1:])
    ]


def _left_since(watcher: "Watcher", place: Place, hand: Change) -> list[Value]:
    """What sessions leave that began after a hand.

    A hand takes a lamp from the session that is on. Who starts a scene after that wants what it does, also where it
    ends in the dark: only what goes back to how it was before goes back to what the hand had left.
    """
    return [
        light
        for played in watcher.sessions.values()
        if place[0] in played.devices and played.began > hand.at
        for way in played.left
        if place in way
        for light in _lights(watcher, place, way[place], played.began)
    ]


def _crosses(watcher: "Watcher", device: str, touched: list[Change], ours: Change) -> bool:
    """Whether a command of ours was on its way before the hand could be heard of: what it left is the person's now.

    While our machine sleeps, or has too much else to do, nobody hears of anything: nor of a lamp that was without power
    meanwhile, and came back as nobody had sent it.
    """
    evening = watcher.world.evening
    stood = [(deed.at, deed.at + int(deed.how["lasts"])) for deed in evening.deeds if deed.what in ("sleep", "stall")]
    for hand in touched:
        awake = max([hand.at, *(end for begun, end in stood if begun <= hand.at < end)])
        if hand.who == "the power" and awake == hand.at:
            # It came back as a hand might have left it, and was taken for one while a command was on its way.
            heard = [at for at, name, _ in watcher.taken if name == device and at >= hand.at]
            if heard and hand.at <= ours.at <= heard[0] + 2 * evening.latency + CROSSES:
                return True
            continue
        if hand.at <= ours.at <= awake + _unheard(evening.radios.get(device, FINE)):
            return True
    return False


def _unheard(fault: RadioFault) -> Ms:
    """So long after a hand nobody can have heard of it."""
    silent = {"polled": 40_000, "at the end": SEGMENT}  # who speaks at the end of a fade says of a hand no sooner
    return 1500 + fault.late + fault.slow + silent.get(fault.reports, 0)


def is_plain(watcher: "Watcher", place: Place, changes: list[Change], hand: Change) -> bool:
    """Whether nobody could take a hand for anything of ours: a good device at rest, and a value that we never sent."""
    world, now = watcher.world, watcher.world.agenda.now
    fault = world.evening.radios.get(place[0], FINE)
    if place[1] not in ("level", "on") or not _is_good(fault):
        return False
    during = [each for each in watcher.sessions.values() if place[0] in each.devices and each.began + 3000 < hand.at]
    if not any(each.ended is None or each.ended > hand.at for each in during):
        return False
    if now - hand.at < AFTER:
        return False
    unheard = hand.at + _unheard(fault)
    near = [
        each
        for each in changes
        if each is not hand and hand.at - SETTLED < each.at < (unheard if each.who == "relax" else hand.at + AFTER)
    ]
    # A lamp that has lost its power since comes back as it likes to be then, and not as a person left it.
    if any(each.who == "the power" and each.at > hand.at for each in changes):
        return False
    if near or any(
        _disturbs(watcher, place[0], deed.at, deed.what, deed.about, hand.at) for deed in world.evening.deeds
    ):
        return False
    if not world.was_there(hand.at):
        return False
    if place[1] == "on":
        return not world.evening.is_calm
    ours = [float(each.to) for each in changes if each.who == "relax" and each.at < unheard]
    if world.evening.is_calm and not any(each.who == "relax" and each.at < hand.at for each in changes):
        return False
    if any(_is_on_its_way(each, hand) for each in changes):
        return False
    known = [*ours, float(watcher.before[place]), float(hand.was)]
    return all(abs(float(hand.to) - value) > CLEAR for value in known) and float(hand.to) > 0


def _is_on_its_way(ours: Change, hand: Change) -> bool:
    """Whether a hand has put it where a fade of ours has just led it, or would have.

    A device that is not known yet may tell of its way so late: what a person in the room sees nobody else can.
    """
    if ours.who != "relax" or not hand.at - SEGMENT - SETTLED - SECOND < ours.at < hand.at:
        return False
    low, high = sorted((float(ours.was), float(ours.to)))
    return low <= float(hand.to) <= high


def _disturbs(watcher: "Watcher", device: str, at: Ms, what: str, about: str, hand: Ms) -> bool:
    """Whether a hand may not have been seen: something else went wrong around it."""
    lasts = max(
        (int(d.how.get("lasts", d.how.get("back", 0))) for d in watcher.world.evening.deeds if d.at == at), default=0
    )
    if what in ("start", "command", "hear", "press", "set"):
        return False
    if what == "hand":
        return about == device and at != hand and abs(at - hand) < SETTLED
    if what in ("unplug", "power cut") and about != device:
        return False
    return at - SETTLED < hand < at + lasts + 2 * SETTLED or (
        what in ("kill", "power failure", "leave") and at < hand + 60_000
    )


def _is_good(fault: RadioFault) -> bool:
    return (
        fault.late <= LATE
        and fault.slow <= LATE
        and fault.is_exact
        and fault.reports in ("at once", "at the end")
        and not (fault.loses_reports or fault.loses_commands or fault.reorders or fault.doubles or fault.flashes)
    )


def is_right(watcher: "Watcher", place: Place, value: Value, by: Right) -> bool:
    fault = watcher.world.evening.radios.get(place[0], FINE)
    tolerance = 1.6
    if place[1] == "level" and not fault.is_exact:
        tolerance = 2.5 + fault.jitter * 2 + abs(1 - fault.gain) * 100
    if any(same(place, value, one, tolerance) for one in by.values):
        return True
    if place[1] == "level":
        shown = watcher.world.radio.lightness(place[0], float(value))
        return any(abs(shown - float(each)) <= tolerance + 1.5 for each in by.lights)
    return any(same(place, value, one) for one in by.lights)


def wrong(watcher: "Watcher", *, soon: bool = False) -> dict[Place, tuple[Value, Right]]:
    """The places that are not as they have to be; the colour of a lamp that is or was out nobody sees.

    `soon`: as they will be, once what was told has been done.
    """
    state = watcher.world.radio.goals() if soon else watcher.world.radio.state()
    found = {}
    for place, value in state.items():
        if place[1] == "colour" and _is_unseen(watcher, place[0], state):
            continue
        by = right(watcher, place)
        if not is_right(watcher, place, value, by):
            found[place] = (value, by)
    return found


def _is_unseen(watcher: "Watcher", lamp: str, state: dict[Place, Value]) -> bool:
    """Whether nobody sees or saw what colour it is: it is out, or was."""
    return float(state[lamp, "level"]) == 0.0 or float(watcher.before[lamp, "level"]) == 0.0


def judge_end(watcher: "Watcher") -> None:
    """All is over, and everything has come to rest."""
    world = watcher.world
    debts = {(device, attribute) for device, attribute, _ in open_debts(watcher)}
    owed = set().union(*watcher.owed.values()) if watcher.owed else set()
    for place, (value, by) in wrong(watcher).items():
        device, what = place
        if by.is_plain:
            sentence = f"{device} shows {what} {_told(value)}, where a person had left it at {_told(by.hands[-1].to)}"
            watcher.find("person overridden", sentence, device)
            continue
        said = watcher.said.get(device)
        words = said.words if said is not None else frozenset()
        is_said = bool(words & HONEST) or device in owed or (device, what) in debts
        is_said = is_said or ("left" in words and _was_touched(watcher, device))
        mute = world.evening.radios.get(device, FINE).reports in ("mute", "polled")
        is_said = is_said or ("sent" in words and (mute or device in SAYS_NOTHING))
        if not is_said and not _is_known_to_nobody(watcher, device):
            wanted = " or ".join(_told(each) for each in (*by.values, *by.lights))
            told = f"said of it: {', '.join(sorted(words)) or 'nothing'}"
            watcher.find("room left wrong", f"{device} shows {what} {_told(value)}, not {wanted}; {told}", device)
    judge_journal(watcher)
    _judge_lives(watcher)


SAYS_NOTHING: frozenset[str] = frozenset()


def _judge_lives(watcher: "Watcher") -> None:
    """What the service and its journal think, once all is over."""
    life = watcher.world.life
    if life is None or life.service is None:
        return
    stage = life.service.daemon.conductor.stage
    believed = {(debt.device, str(debt.attribute)) for debt in stage.debts}
    written = {(device, attribute) for device, attribute, _ in open_debts(watcher)}
    if believed - written:
        watcher.find("debt lost", f"owed, and not in the journal: {sorted(believed - written)}")
    if written - believed:
        watcher.find("debt for ever", f"in the journal, and nobody knows of it: {sorted(written - believed)}")
    _judge_debts(watcher, written)
    unfinished = watcher.world.disk.connection.execute("SELECT id FROM sessions WHERE ending IS NULL").fetchall()
    if unfinished:
        watcher.find("never ends", f"the journal has sessions without an end: {sorted(each for (each,) in unfinished)}")


def _judge_debts(watcher: "Watcher", written: set[tuple[str, str]]) -> None:
    """What is as it was, and says so, is owed nothing."""
    world = watcher.world
    bad = {device for device, _ in wrong(watcher)}
    for device in sorted({device for device, _ in written} - bad):
        said = watcher.said.get(device)
        is_dark = said is not None and "morning" in said.words
        if _is_good(world.evening.radios.get(device, FINE)) and not is_dark and not _was_touched(watcher, device):
            watcher.find("debt for ever", f"{device} is as it was, says so, and is owed something all the same", device)


def judge_journal(watcher: "Watcher") -> None:
    """What we changed, and is not as it was, is owed in the journal: now it may be all that is left of us."""
    world = watcher.world
    if (
        world.disk.takes_nothing
        or world.cuts_power
        or any(deed.what in ("full", "power failure", "second") for deed in world.evening.deeds)
    ):
        return
    debts = {(device, attribute) for device, attribute, _ in open_debts(watcher)}
    for place, (value, _) in wrong(watcher, soon=True).items():
        device, what = place
        change = world.radio.seen.changes.get(place)
        if change is None or change.who != "relax" or place in debts:
            continue
        said = watcher.said.get(device)
        if said is not None and said.at >= change.at and said.words & (HONEST | {"sent"}):
            continue
        if _is_known_to_nobody(watcher, device):
            continue
        if what == "colour" and ((device, "level") in debts or _was_touched(watcher, device)):
            continue
        watcher.find("debt lost", f"{device} shows {what} {_told(value)}, and the journal owes it nothing", device)


def _is_known_to_nobody(watcher: "Watcher", device: str) -> bool:
    """Whether it never says how it is, and that was said as the scene began: there is nothing to give back to it."""
    is_mute = watcher.world.evening.radios.get(device, FINE).reports in ("mute", "polled")
    return is_mute and device in watcher.admitted


def judge_promise(watcher: "Watcher", device: str) -> None:
    """`given`: it shows it now, or somebody has just touched it.

    In a calm evening it may still be on its way: what a bridge says at once is believed.
    """
    world, radio = watcher.world, watcher.world.radio
    now, shown, goals = world.agenda.now, radio.state(), radio.goals()
    is_near = world.evening.is_calm or radio.rests_within(device, NEARLY)
    for place in goals:
        if place[0] != device or (place[1] == "colour" and _is_unseen(watcher, device, shown)):
            continue
        changes = radio.seen.history.get(place, [])
        if not changes or (changes[-1].who != "relax" and now - changes[-1].at < RECENT):
            continue
        value = goals[place] if is_near else shown[place]
        at_once = [change for change in changes if change.at == now and change.who == "relax"]
        by = right(watcher, place)
        # A session that begins in this moment, or goes on to its rest, has told it something else already.
        if not by.is_plain and not any(
            is_right(watcher, place, each, by) for each in (value, *(c.was for c in at_once))
        ):
            wanted = " or ".join(_told(each) for each in (*by.values, *by.lights))
            watcher.find(
                "promise broken", f"{device} is called given, and shows {place[1]} {_told(value)}, not {wanted}", device
            )


def judge_hand(watcher: "Watcher", device: str, attribute: str) -> None:
    """A person is said to have touched it: somebody has, or what somebody did while it was away still stands."""
    now, radio = watcher.world.agenda.now, watcher.world.radio
    shown = radio.state()
    for place, changes in radio.seen.history.items():
        theirs = [each for each in changes if each.who != "relax"]
        if place[0] == device and theirs and (now - theirs[-1].at < FALSE_WITHIN or theirs[-1].to == shown[place]):
            return
    watcher.find("false hand", f"somebody is said to have taken {attribute} of {device}, and nobody was there", device)


def _was_touched(watcher: "Watcher", device: str) -> bool:
    """Whether somebody, or the power, has changed anything of it."""
    history = watcher.world.radio.seen.history
    return any(each.who != "relax" for place, changes in history.items() if place[0] == device for each in changes)


def open_debts(watcher: "Watcher") -> list[tuple[str, str, Value]]:
    """What the journal of the service owes."""
    rows = watcher.world.disk.connection.execute("SELECT device, attribute, value FROM debts").fetchall()
    return [(device, attribute, value_of(value)) for device, attribute, value in rows]


def _told(value: Value) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{float(value):.1f}"
    return str(value) if value != "" else "silence"
