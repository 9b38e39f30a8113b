"""The protocol of debts, hands, restarts and a second driver, in one room with one lamp and as small as it can be.

Pure: `steps` gives all that can happen next. What cannot be told by any protocol is left out: a hand at the lamp while
a command is on its way to it, and a person of whom nobody has heard.
"""

from collections.abc import Iterator
from enum import StrEnum, auto
from typing import NamedTuple, TypeAlias


class Light(StrEnum):
    """What the lamp shows: as it was before, as the scene has it, or as a person put it by hand."""

    OWN = auto()
    SCENE = auto()
    HAND = auto()


class Session(StrEnum):
    NONE = auto()
    ON = auto()
    OVER = auto()


class Place(StrEnum):
    """How far somebody has come who would like to drive."""

    AWAY = auto()
    ASKED = auto()
    CLAIMED = auto()
    DRIVES = auto()


class Rules(NamedTuple):
    """What the protocol does. Each that is False is a mistake that has been made, or could be."""

    writes_before_it_sends: bool = True
    closes_on_evidence: bool = True
    """A debt is closed by a word of the lamp's, not by the sending."""
    asks_after_the_end: bool = True
    """Only an answer to a question that was asked once nothing was on its way any more is evidence."""
    tries_again: bool = True
    takes_up_debts: bool = True
    """After a restart what is owed of a session that had ended is paid."""
    keeps_hands: bool = True
    """The journal knows what a person has taken."""
    knows_its_own_values: bool = True
    """A value that was sent is never taken for how the room was before."""
    claims: bool = True


class Journal(NamedTuple):
    session: Session = Session.NONE
    owes: Light | None = None
    theirs: bool = False


class Turn(NamedTuple):
    """What one turn of the driver does: how the journal reads after its commit, and what is sent. Both are one step."""

    journal: Journal
    sends: tuple[Light, ...] = ()
    is_written: bool = False
    is_sent: bool = False


class Life(NamedTuple):
    """The driver's memory, which dies with it. `known` is how the lamp is while nothing is on."""

    session: Session = Session.NONE
    owes: Light | None = None
    theirs: bool = False
    known: Light = Light.OWN
    asked: bool = False
    turn: Turn | None = None


class State(NamedTuple):
    """`is_taken`: a person took the lamp and was heard. The last four are how often something may still happen."""

    lamp: Light = Light.OWN
    commands: tuple[Light, ...] = ()
    words: tuple[Light, ...] = ()
    journal: Journal = Journal()
    life: Life | None = Life()
    places: tuple[Place, Place] = (Place.DRIVES, Place.AWAY)
    """Of the driver, and of another one that would like to be."""
    claims: tuple[int, ...] = (0,)
    is_taken: bool = False
    is_mute: bool = False
    """The lamp says nothing of itself."""
    starts: int = 2
    hands: int = 1
    losses: int = 1
    crashes: int = 2


Step: TypeAlias = tuple[str, State]
AT_MOST = 2
"""So many commands, and so many words, are on their way at once."""


def steps(state: State, rules: Rules) -> Iterator[Step]:
    """All that can happen next, with its name."""
    yield from _on_the_wire(state)
    yield from _of_drivers(state, rules)
    life = state.life
    if life is None:
        return
    if state.crashes:
        yield "crash", _gone(state._replace(life=None, crashes=state.crashes - 1), 0)
    if life.turn is not None:
        yield from _of_turn(state, life, life.turn, rules)
        return
    if state.hands and not state.commands:
        yield from _of_person(state, life)
    yield from _of_session(state, life, rules)
    if state.words:
        yield "hear", _heard(state._replace(words=state.words[1:]), life, state.words[0], rules)


def _on_the_wire(state: State) -> Iterator[Step]:
    if state.commands:
        first, *rest = state.commands
        yield "deliver", _says(state._replace(lamp=first, commands=tuple(rest)))
        if state.losses:
            yield "lose command", state._replace(commands=tuple(rest), losses=state.losses - 1)
    if state.words and state.life is None:
        yield "unheard", state._replace(words=state.words[1:])
    elif state.words and state.losses:
        yield "lose word", state._replace(words=state.words[1:], losses=state.losses - 1)


def _of_drivers(state: State, rules: Rules) -> Iterator[Step]:
    """Whoever would like to drive asks, claims, and hears whose claim came first."""
    for who, (place, other) in enumerate((state.places, state.places[::-1])):
        name = ("we", "another")[who]
        match place:
            case Place.AWAY if not rules.claims or other not in (Place.CLAIMED, Place.DRIVES):
                yield f"{name} ask", _at(state, who, Place.ASKED)
            case Place.ASKED if not rules.claims:
                yield f"{name} drive", _driving(state, who, rules)
            case Place.ASKED:
                yield f"{name} claim", _at(state._replace(claims=(*state.claims, who)), who, Place.CLAIMED)
            case Place.CLAIMED if state.claims[0] == who:
                yield f"{name} drive", _driving(state, who, rules)
            case Place.CLAIMED:
                yield f"{name} give way", _gone(state, who)
            case Place.DRIVES if who == 1:
                yield f"{name} leave", _gone(state, who)
            case _:
                pass


def _driving(state: State, who: int, rules: Rules) -> State:
    """Ours begins with what the journal says: a session goes on, and what is owed of one that is over is paid."""
    state, journal = _at(state, who, Place.DRIVES), state.journal
    if who == 1:
        return state
    theirs = journal.theirs and journal.session is Session.ON and rules.keeps_hands
    life = Life(journal.session, journal.owes, theirs, journal.owes or state.lamp)
    if life.session is Session.ON:
        return _with(state, life._replace(turn=Turn(journal, () if theirs else (Light.SCENE,))))
    if life.owes is None or not rules.takes_up_debts:
        return _with(state, life._replace(owes=None))
    return _paying(state, life, journal, rules)


def _of_person(state: State, life: Life) -> Iterator[Step]:
    """Somebody puts the lamp as they like it: that is heard at once, or never."""
    there = state._replace(lamp=Light.HAND, hands=state.hands - 1)
    if state.losses:
        yield "hand unheard", there._replace(losses=state.losses - 1)
    if life.session is Session.NONE or life.theirs or state.is_mute:
        return
    taken = Turn(Journal(life.session, None, theirs=True))
    yield "hand", _with(there, life._replace(owes=None, theirs=True, known=Light.HAND, turn=taken))


def _of_session(state: State, life: Life, rules: Rules) -> Iterator[Step]:
    """What the driver does by itself, or is asked to."""
    if len(state.commands) == AT_MOST:
        return
    is_quiet = not state.commands and not state.words
    if life.session is Session.ON:
        if not life.theirs:
            yield "cue", _with(state, life._replace(turn=Turn(state.journal, (Light.SCENE,))))
        over = state.journal._replace(session=Session.OVER)
        yield "stop", _paying(state, life._replace(session=Session.OVER), over, rules)
    elif state.starts:
        before = life.owes or life.known
        turn = Turn(Journal(Session.ON, before), (Light.SCENE,))
        state = state._replace(starts=state.starts - 1, is_taken=False)
        yield "start", _with(state, Life(Session.ON, before, known=before, turn=turn))
    if life.session is not Session.ON and life.owes is not None and is_quiet:
        if state.is_mute:
            yield "sent", _closing(state, life)
            return
        yield "ask", _says(_with(state, life._replace(asked=True)))
        if rules.tries_again:
            yield "try again", _paying(state, life, state.journal, rules)


def _of_turn(state: State, life: Life, turn: Turn, rules: Rules) -> Iterator[Step]:
    """First the journal, then the messages."""
    may_write = not turn.is_written and (rules.writes_before_it_sends or turn.is_sent)
    may_send = not turn.is_sent and (turn.is_written or not rules.writes_before_it_sends)
    if may_write:
        turn, name = turn._replace(is_written=True), "commit"
        state = state._replace(journal=turn.journal, is_taken=state.is_taken or turn.journal.theirs)
    elif may_send:
        turn, name = turn._replace(is_sent=True), "send"
        state = state._replace(commands=(*state.commands, *turn.sends)[:AT_MOST])
    yield name, _with(state, life._replace(turn=None if turn.is_written and turn.is_sent else turn))


def _heard(state: State, life: Life, word: Light, rules: Rules) -> State:
    """A word closes what is owed, tells how the lamp is while nothing is on, or is an echo."""
    if life.session is Session.ON or life.theirs:
        return state
    if life.owes is not None:
        is_evidence = life.asked or not rules.asks_after_the_end
        return _closing(state, life) if word is life.owes and is_evidence else state
    is_ours = word is Light.SCENE and rules.knows_its_own_values
    return state if is_ours else _with(state, life._replace(known=word))


def _paying(state: State, life: Life, journal: Journal, rules: Rules) -> State:
    """The lamp is told what is owed to it, if anything is."""
    told = () if life.owes is None else (life.owes,)
    if not rules.closes_on_evidence:
        life, journal = life._replace(owes=None), journal._replace(owes=None)
    return _with(state, life._replace(asked=False, turn=Turn(journal, told)))


def _closing(state: State, life: Life) -> State:
    closed = Turn(state.journal._replace(owes=None))
    return _with(state, life._replace(owes=None, known=life.owes or life.known, turn=closed))


def _says(state: State) -> State:
    """The lamp tells how it is."""
    return state if state.is_mute else state._replace(words=(*state.words, state.lamp)[:AT_MOST])


def _with(state: State, life: Life) -> State:
    return state._replace(life=life)


def _at(state: State, who: int, place: Place) -> State:
    ours, theirs = state.places
    return state._replace(places=(place, theirs) if who == 0 else (ours, place))


def _gone(state: State, who: int) -> State:
    return _at(state._replace(claims=tuple(one for one in state.claims if one != who)), who, Place.AWAY)
