"""A thousand sessions in rooms where lamps misbehave and nobody touches one: nobody is said to have."""

import os
import random

import pytest

from orchestrator.commands import Back, Extend, Next, Pause, Repeat, Resume, Stop
from orchestrator.events.codec import to_wire
from orchestrator.fade import Curve
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Say, Timeline
from orchestrator.simulator.faults import Faults
from orchestrator.values import Temperature
from tests.conductor.evening import LAMPS, Act, Evening
from tests.session.timelines import GLOW, MAIN, WHITE, landing

SESSIONS = int(os.environ.get("RELAX_SESSIONS", "100"))
"""CI plays all thousand."""
COMMANDS: tuple[Act, ...] = (Next(), Back(), Pause(), Resume(), Repeat(), Extend(20_000), Stop())


def chapter(name: str, dice: random.Random) -> Chapter:
    moves = (
        Move(
            MAIN,
            float(dice.choice([0, 5, 20, 45, 80, 100])),
            dice.randrange(0, 40_000, 500),
            dice.choice(list(Curve)[:3]),
        ),
        Move(WHITE, Temperature(float(dice.randrange(200, 450))), dice.randrange(0, 30_000, 500)),
        Move(GLOW, float(dice.choice([0, 3, 30, 60])), dice.randrange(0, 20_000, 500)),
    )
    words = dice.randrange(1000, 8000, 100)
    chosen = dice.sample(moves, dice.randint(1, 3))
    cues = (*(Cue(0, Anchor.START, move) for move in chosen), Cue(0, Anchor.START, Say(name, words)))
    return Chapter(name, name, words, dice.randrange(0, 30_000, 500), None, cues)


def timeline(dice: random.Random) -> Timeline:
    chapters = tuple(chapter(f"step{number}", dice) for number in range(dice.randint(1, 4)))
    return Timeline(
        "random", "Random", "en", chapters, landing("finish", 6000), landing("stopped", 3000), landing("lost", 3000)
    )


def faults(dice: random.Random) -> Faults:
    return Faults(
        late_echo=dice.choice([0, 0, 300, 1500, 5000]),
        ignores_transitions=dice.random() < 0.3,
        full_when_turned_on=dice.random() < 0.3,
        drops_every=dice.choice([0, 0, 0, 3, 5]),
        silent=dice.random() < 0.1,
        intermediate=dice.random() < 0.5,
    )


@pytest.mark.timeout(600 + 3 * SESSIONS)
def test_in_a_thousand_sessions_without_a_hand_there_is_no_false_override() -> None:
    accused: list[tuple[int, object]] = []
    for number in range(SESSIONS):
        dice = random.Random(number)
        acts = [(dice.randrange(0, 25_000), dice.choice(COMMANDS)) for _ in range(dice.randint(0, 6))]
        wrong = {lamp: faults(dice) for lamp in LAMPS if dice.random() < 0.6}
        evening = Evening(timeline(dice), wrong, latency=dice.choice([0, 3, 40, 250])).play(acts)
        accused.extend((number, to_wire(note.event)) for note in evening.events("overridden"))
    assert accused == []
