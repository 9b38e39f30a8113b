"""What relax promises, asked of each state of the model and of each step; and every state searched, breadth first."""

from collections import deque
from typing import NamedTuple

from tests.model.protocol import Light, Place, Rules, Session, State, steps

ENDS = "every run can still end with the room given back"


class Search(NamedTuple):
    """Every state that can be reached, with the step that led there first; and the promises that were broken."""

    came_from: dict[State, tuple[str, State] | None]
    broken: dict[str, list[str]]
    """By its name the shortest way to where a promise does not hold."""


def search(first: State, rules: Rules, until: str = "") -> Search:
    """Everything that can happen, but for what comes after a promise was broken. Ends early where `until` is broken."""
    came_from: dict[State, tuple[str, State] | None] = {first: None}
    back: dict[State, list[State]] = {first: []}
    broken: dict[str, list[str]] = {}
    waiting = deque([first])
    while waiting and until not in broken:
        state = waiting.popleft()
        for name, then in steps(state, rules):
            is_new = then not in came_from
            if is_new:
                came_from[then] = name, state
            back.setdefault(then, []).append(state)
            faults = faults_of(name, state, then)
            for fault in faults:
                broken.setdefault(fault, [*way(came_from, state), name])
            if is_new and not faults:
                waiting.append(then)
    if not broken:
        ending = _can_end(back)
        stuck = next((each for each in came_from if each not in ending), None)
        if stuck is not None:
            broken[ENDS] = way(came_from, stuck)
    return Search(came_from, broken)


def faults_of(name: str, before: State, then: State) -> list[str]:
    """The promises that a step breaks."""
    return [promise for promise, holds in PROMISES.items() if not holds(name, before, then)]


def way(came_from: dict[State, tuple[str, State] | None], state: State) -> list[str]:
    """The steps from the first state to one."""
    names: list[str] = []
    while (step := came_from[state]) is not None:
        names.append(step[0])
        state = step[1]
    return names[::-1]


def is_at_rest(state: State) -> bool:
    """Whether nothing is on, under way or about to be done."""
    life = state.life
    is_idle = life is not None and life.session is not Session.ON and life.turn is None
    return is_idle and not state.commands and not state.words


def is_given_back(state: State) -> bool:
    """Whether the lamp is as a person has it, and nothing is owed."""
    wanted = (Light.HAND,) if state.is_taken else (Light.OWN, Light.HAND)
    return is_at_rest(state) and state.journal.owes is None and state.lamp in wanted


def _is_in_the_scenes_light(state: State) -> bool:
    return state.lamp is Light.SCENE or Light.SCENE in state.commands


def _no_debt_is_lost(_name: str, _before: State, then: State) -> bool:
    return not _is_in_the_scenes_light(then) or then.journal.owes is not None


def _closed_as_it_may_be(_name: str, before: State, then: State) -> bool:
    owed = before.journal.owes
    if owed is None or then.journal.owes is not None:
        return True
    is_shown = then.lamp in (owed, Light.HAND) and not then.commands  # a hand may come after it was shown
    return is_shown or then.journal.theirs or then.is_mute


def _restarts_knowing(name: str, _before: State, then: State) -> bool:
    if name != "we drive" or then.life is None:
        return True
    return not _is_in_the_scenes_light(then) or then.life.owes is not None


def _one_drives(_name: str, _before: State, then: State) -> bool:
    return then.places != (Place.DRIVES, Place.DRIVES)


def _hands_are_left(name: str, before: State, _then: State) -> bool:
    is_told = name == "send" and before.life is not None and before.life.turn is not None and before.life.turn.sends
    return not (is_told and before.is_taken)


def _said_to_be_owed(_name: str, _before: State, then: State) -> bool:
    owes = then.life.owes if then.life is not None else None
    return not is_at_rest(then) or then.lamp is not Light.SCENE or owes not in (None, Light.SCENE)


PROMISES = {
    "a debt is never lost": _no_debt_is_lost,
    "a debt is closed by what is shown, or cannot be, or by a hand": _closed_as_it_may_be,
    "a restart knows every debt of which something was sent": _restarts_knowing,
    "two drivers never send": _one_drives,
    "a hand is never overridden": _hands_are_left,
    "a room that is not given back is said to be owed": _said_to_be_owed,
}


def _can_end(back: dict[State, list[State]]) -> set[State]:
    """The states from which the room can be given back."""
    found = {state for state in back if is_given_back(state)}
    waiting = deque(found)
    while waiting:
        for before in back[waiting.popleft()]:
            if before not in found:
                found.add(before)
                waiting.append(before)
    return found
