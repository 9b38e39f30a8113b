"""Whose an attribute is, ours or a person's, from what we told the device and what it says: never by a stopwatch alone.

What our commands explain is an echo (`CommandLog`); what nothing explains is a hand, at once. At rest, what the device
has not confirmed it is asked for, or is told again; what it says otherwise each time is a hand as well. The believed
value is always ours, never the reported one. Decision 0045.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Final, NamedTuple

from orchestrator.stage.accuracy import Accuracy, Scale
from orchestrator.stage.command_log import CommandLog, SentCommand, ValueRange
from orchestrator.stage.doubt import PROMPT, Doubt
from orchestrator.stage.lateness import AT_FIRST, Lateness
from orchestrator.stage.vector import Vector, distance, near
from orchestrator.units import MINUTE, SECOND, Ms

TRIES: Final = 3
"""So often it is asked, and so often it is told again."""
GIVEN_SHARE: Final = 0.28
"""Of the share that is tolerated: so near has to be what is called given back (4.5 % of a level)."""
GIVEN: Final[Ms] = 10 * MINUTE
"""So long what was given back is how the room is, and not what a device says of it."""
AIM: Final = (0.84, 1.19)
"""Beyond this no inexactness is made good."""
ANSWER: Final[Ms] = 3 * SECOND
"""A device that is there has answered a question by then."""


class Meaning(Enum):
    """What a report means."""

    LEARNT = auto()
    """Nothing was known: this is how the device is."""
    OURS = auto()
    """The device on its way, or where we put it."""
    LOST = auto()
    """Where an older command of ours put it: the newest was lost, and is to be sent again."""
    HAND = auto()
    """A person."""


class Check(Enum):
    """What to do about a device that has not shown where we put it."""

    ASK = auto()
    SEND = auto()


class Motion(NamedTuple):
    """What a device is believed to do: straight from one place to another, in its own unit."""

    start: Ms
    end: Ms
    origin: Vector
    target: Vector

    @classmethod
    def still(cls, now: Ms, value: Vector) -> "Motion":
        return cls(now, now, value, value)

    def at(self, moment: Ms) -> Vector:
        if moment >= self.end or len(self.origin) != len(self.target):
            return self.target
        if moment <= self.start:
            return self.origin
        share = (moment - self.start) / (self.end - self.start)
        return tuple(a + (b - a) * share for a, b in zip(self.origin, self.target, strict=True))


class LastReport(NamedTuple):
    """What the device said, and when we heard it."""

    value: Vector
    at: Ms


class Ownership:
    """One attribute of one device: what we believe of it, which reports are echoes, and whether a person has it."""

    def __init__(self, scale: Scale, lateness: Lateness) -> None:
        self.accuracy = Accuracy(scale)
        self.is_hand = False
        self.motion: Motion | None = None
        self.said: LastReport | None = None
        """Its last word since it was last away, whatever we believe: a command may have been lost."""
        self.is_commanded = False
        """A session has told it something, and has not let go of it yet."""
        self.is_told_of = False
        """True once the device has said it, ever: what it never says cannot be waited for."""
        self.is_sure = True
        """Whether, with no session on, it says what is believed of it; else it is to be asked before the next one."""
        self.aim = 1.0
        """In a landing: what it is told, by what it is to say."""
        self._scale = scale
        self._lateness = lateness
        self._log = CommandLog(scale, self.accuracy)
        self._has_spoken = False
        """What we know of it is no old word that a broker kept."""
        self._free_until: Ms = -1
        self._follows = False
        """It has been seen on our way since."""
        self._said_freely: Vector | None = None
        """What it said in that time, of the newest command: it may have missed it, or have been stopped on its way."""
        self._hand_at: Ms = 0
        self._landing_to: Vector | None = None
        self._sent_at: Ms = 0
        self._over_at: Ms = 0
        self._told_at: Ms = 0
        self._is_repeated = False
        self._asked_at: Ms | None = None
        self._asked_about: SentCommand | None = None
        self._check_at: Ms | None = None
        self._asks = self._sends = self._repeats = 0
        self._denied: set[int] = set()
        self._stood_at: Vector | None = None
        """What it said before it was told the newest."""
        self._has_moved = False
        """It has said something else since."""
        self._answer: float | None = None
        self._doubt = Doubt(scale)
        self._motion_before: Motion | None = None
        self._was_exact = False
        """It has said, since the newest command, just what it was told."""
        self._is_sampled = False
        self._is_weighed = False
        """A word about the command before the newest has been taken in."""

    # What is known

    def at(self, moment: Ms) -> Vector | None:
        """What the device is believed to show; None where nobody knows."""
        return self.motion.at(moment) if self.motion is not None else None

    @property
    def reported(self) -> Vector | None:
        """What it said last."""
        return self.said.value if self.said is not None else None

    @property
    def _answer_time(self) -> Ms:
        return min(self._lateness.longest, ANSWER) + SECOND // 2

    @property
    def quiet_at(self) -> Ms:
        """When no echo of ours can be on its way any more."""
        end = self.motion.end if self.motion is not None else 0
        return max(end, self._sent_at + self._lateness.usual)

    # What we do

    def land(self, target: Vector | None) -> None:
        """It is to be given back, and to *say* this; None: it is in a scene."""
        if target is not None and self._landing_to != target:
            self.aim = 1.0 / self.accuracy.gain
        self._landing_to = target

    def command(
        self,
        now: Ms,
        target: Vector,
        transition: Ms,
        *,
        anywhere: bool = False,
        vaguely: Callable[[Vector], ValueRange | None] | None = None,
    ) -> None:
        """We have sent it to a target. `anywhere`: on the way it may show all its range (a lamp that is turned on).

        `vaguely`: where a value of another kind lies among those of the target's.
        """
        newest = self._log.newest
        self._is_repeated = newest is not None and newest.target == target and self.is_commanded
        if self._is_repeated:
            self._repeats += 1
        else:
            self._told_at = now
            self._said_freely = None
            self._stood_at, self._has_moved = self.reported, False
            self._asks = self._sends = self._repeats = 0
            self._denied.clear()
        self._log.command(now, target, transition, self.reported or (), anywhere=anywhere, vaguely=vaguely)
        self._doubt.drop()
        self._was_exact = self._is_weighed = False
        self._is_sampled = self._is_sampled and self._is_repeated
        self._motion_before = None if anywhere else self.motion
        self.motion = Motion(now, now + transition, self.at(now) or target, target)
        self.is_commanded = True
        self._sent_at, self._over_at = now, now + transition
        self._check_at = now + transition + self._lateness.longest

    def asked(self, now: Ms) -> None:
        """The device was asked how it is: whatever is in doubt waits for the answer."""
        self._asked_at, self._asked_about = now, self._log.newest
        self._doubt.asked(now)
        if self._check_at is not None:
            self._check_at = max(self._check_at, now + self._answer_time)

    # What it says

    def report(self, now: Ms, value: Vector, *, retained: bool) -> Meaning:
        """What the device says it shows."""
        was_silent = self.said is not None and self.said.at < self._told_at
        self.said = LastReport(value, now)
        self.is_told_of = True
        self._has_spoken = self._has_spoken or not retained
        if not self.is_commanded:
            return self._learn_how_it_is(now, value)
        if self.motion is None:
            return Meaning.LEARNT
        is_explained = retained or self.explains(value, now)
        self._note_moving(value)
        if now <= self._free_until:
            if self._is_on_our_way(now, value):
                self._free_until = min(self._free_until, now + PROMPT)
                self._follows, self._said_freely = True, None
            elif not self._follows:
                self._said_freely = value
        if self.is_hand:
            newest = self._log.newest
            if not is_explained or now > max(self._hand_at, newest.sent if newest else 0) + self._lateness.longest:
                self.motion = Motion.still(now, value)
            return Meaning.OURS
        if is_explained:
            if retained:
                return Meaning.OURS
            meaning = self._confirm(now, value)
            if was_silent and self._sends >= TRIES and not self._log.is_shown:
                # It was given up, for it said nothing while it was told: it has been away, and comes back.
                self._asks = self._sends = 0
                return Meaning.LOST
            return self._weigh(now, value) if meaning is Meaning.OURS else meaning
        if (self._may_be_lost(now) and self._log.was_target(value)) or self._is_as_it_was_said_freely(value):
            if self._doubt.doubted is not None:
                return self._weigh(now, value)
            self._denied.add(self._repeats)
            if len(self._denied) <= TRIES:
                is_new = self._asked_at is None or self._asked_at >= self._sent_at
                return Meaning.LOST if is_new else Meaning.OURS
        return self.take(now, value)

    def explains(self, value: Vector, now: Ms) -> bool:
        """True where something that we did may have made the device say this now."""
        return now <= self._free_until or self._log.explains(value, now, self._lateness.longest)

    def _is_as_it_was_said_freely(self, value: Vector) -> bool:
        """Nobody has moved it since it was back, or we were."""
        said = self._said_freely
        return said is not None and len(value) == len(said) and near(value, said, self._scale.least)

    def _is_on_our_way(self, now: Ms, value: Vector) -> bool:
        """Whether it follows us, whatever it was told before: where our fade is, and not where that begins or ends."""
        motion, least = self.motion, self._scale.least
        if motion is None or not motion.start < now < motion.end or len(value) != len(motion.origin):
            return False
        if near(value, motion.origin, least) or near(value, motion.target, least):
            return False
        return any(near(value, motion.at(moment), least) for moment in (now, now - PROMPT // 2, now - PROMPT))

    def _learn_how_it_is(self, now: Ms, value: Vector) -> Meaning:
        """No session wants anything of it. What we gave back holds while the device may speak of what we did."""
        motion, lateness = self.motion, self._lateness.longest
        is_given = motion is not None and self._log.newest is not None and now - motion.end < GIVEN
        may_be_echo = now <= self._over_at + 2 * lateness and self._log.explains(value, now, lateness)
        is_like_it = motion is not None and len(value) == len(motion.target) and self._log.is_near(value, motion.target)
        self.is_sure = is_like_it or not (is_given and may_be_echo)
        if motion is None or not (is_given and (may_be_echo or is_like_it)):
            self.motion = Motion.still(now, value)
            if self._log.newest is not None:
                self._log.adopt(now, value, lateness)
        return Meaning.LEARNT

    def _confirm(self, now: Ms, value: Vector) -> Meaning:
        newest = self._log.newest
        assert newest is not None, "it was commanded"
        was_shown = self._log.is_shown
        if (
            self._asked_about is not None
            and self._is_answer(now)
            and self._log.is_near(value, self._asked_about.target)
        ):
            self._log.hear(self._asked_about)
        if self._scale.share == 0.0:
            self._learn_lateness_of_steps(now, value)
        if self._log.show(value, now, self._lateness.longest):
            self._learn_lateness(now, is_first=not was_shown)
        elif not self._log.is_near(value, newest.target):
            # At rest, anew after each time that it was sent again, that is somebody's will; but not of what has never
            # moved: all that it was sent may have been lost.
            if self._repeats and now > newest.end and self._landing_to is None and self._has_moved:
                self._denied.add(self._repeats)
            if len(self._denied) >= TRIES and self._landing_to is None:
                return self.take(now, value)
        return Meaning.OURS

    def _note_moving(self, value: Vector) -> None:
        """Whether it has heard anything of what it was told."""
        if self._stood_at is None:
            self._stood_at = value
        self._has_moved = self._has_moved or not self._log.is_near(value, self._stood_at)

    def _weigh(self, now: Ms, value: Vector) -> Meaning:
        """An echo that would have to be late, or inexact, is doubted: the device is asked whether it stands there."""
        if self._doubt.doubted is not None:
            if self._doubt.is_confirmed(now, value):
                return Meaning.LOST if self._stands_where_it_was_sent(value) else self.take(now, value)
            self._check_at = now + SECOND if self._doubt.doubted is not None else self._check_at
        elif self._is_odd(now, value) and self._doubt.raise_(now, value):
            self._check_at = now
        else:
            self._learn_accuracy(now, value)
        return Meaning.OURS

    def _stands_where_it_was_sent(self, value: Vector) -> bool:
        """At an older target: what came after it was lost."""
        self._doubt.drop()
        return any(self._doubt.is_at(value, target) for target in self._log.older_targets())

    def _is_odd(self, now: Ms, value: Vector) -> bool:
        motion, before = self.motion, self._motion_before
        if motion is None or self._landing_to is not None or self._scale.share == 0.0 or now <= self._free_until:
            return False
        if before is None and now < motion.end:
            return False  # it comes from off, and may show anything on its way
        places = self._places(now, motion, before)
        self._doubt.weigh_on_the_way(value, places, motion.target)
        is_on_accepting = now - motion.start <= PROMPT < motion.end - motion.start and near(value, motion.target, 1.0)
        if (now >= motion.end or is_on_accepting) and not self._was_exact:
            self._doubt.weigh_at_rest(value, motion.target)
        elif before is not None and 0 <= now - before.end <= PROMPT and not self._is_weighed:
            self._is_weighed = True
            self._doubt.weigh_in_passing(value, before.target)
        if self._doubt.is_shown(value, motion.target):
            self._was_exact = self._was_exact or now >= motion.end or is_on_accepting
            return False
        if now > motion.end + PROMPT:
            return self._was_exact
        if before is None:
            return False
        tolerance = self._scale.least / 2.0
        low, high = min(places)[0] * 0.97 - tolerance, max(places)[0] * 1.03 + tolerance
        return not low <= value[0] <= high

    def _places(self, now: Ms, motion: Motion, before: Motion | None) -> list[Vector]:
        """Where it may just have been, if it is quick."""
        moments = (now - PROMPT, now - PROMPT // 2, now)
        before = before or motion
        places = [motion.at(moment) if moment >= motion.start else before.at(moment) for moment in moments]
        return places if now - motion.start > PROMPT else [*places, before.target, before.origin]

    @property
    def doubts_until(self) -> Ms | None:
        """While it is in doubt whether a person has it, nothing more is sent; None where it is not."""
        return self._doubt.until

    def is_heard_at(self, value: Vector) -> bool:
        """Whether it has said this, and not only a broker that kept it."""
        return self._has_spoken and self.reported == value

    def is_where_it_was_sent(self, value: Vector) -> bool:
        """Whether a device that has followed the newest command may say this; True where nothing was sent."""
        newest = self._log.newest
        return newest is None or self._log.is_near(value, newest.target)

    def take(self, now: Ms, value: Vector) -> Meaning:
        """A person has it, and has put it there."""
        self._doubt.drop()
        self.is_hand = True
        self._hand_at = now
        self.motion = Motion.still(now, value)
        return Meaning.HAND

    def _may_be_lost(self, now: Ms) -> bool:
        """An optimistic bridge says yes for a lamp that has not heard: that comes out in a landing, or when we ask."""
        is_asked = self._asked_at is not None and now <= self._asked_at + self._lateness.longest
        return self._landing_to is not None or is_asked

    def _is_answer(self, now: Ms) -> bool:
        """Whether what it says now may be what it was asked."""
        return self._asked_at is not None and now <= self._asked_at + self._answer_time

    def _learn_lateness(self, now: Ms, *, is_first: bool) -> None:
        """From a command that only one report can answer."""
        newest = self._log.newest
        assert newest is not None, "it was commanded"
        if is_first:
            self._lateness.hear_echo(now - (newest.sent if now < newest.end else newest.end))
        if is_first and newest.end - newest.sent <= 2 * SECOND and self._log.is_alone(now):
            self._lateness.learn(now - newest.sent)

    def _learn_lateness_of_steps(self, now: Ms, value: Vector) -> None:
        """Of a device that is exact any step's word tells; what is said again may have been asked for."""
        newest, delay = self._log.newest, self._log.delay(value, now)
        if newest is not None and delay is not None and now - delay != newest.sent:
            self._lateness.learn(delay)

    def _learn_accuracy(self, now: Ms, value: Vector) -> None:
        """From a word at rest of which there is no doubt: one of each command."""
        newest = self._log.newest
        if newest is None or self._is_sampled or len(value) != 1 or not self._log.is_shown:
            return
        if now >= newest.end + self._lateness.longest and self._log.is_alone(now):
            self._is_sampled = True
            self.accuracy.learn(newest.target[0], value[0])

    # At rest

    @property
    def check_at(self) -> Ms | None:
        """When to look whether it has followed; None while there is nothing to doubt, or nobody who would say.

        What is given back is looked at by whoever closes the account with the device, not here.
        """
        if self._check_at is None or self.is_hand or self.said is None or not self.is_commanded:
            return None
        if self._landing_to is not None or self.motion is None:
            return None
        return self._check_at if self._doubt.doubted is not None or not self._log.is_shown else None

    def check(self, now: Ms, *, can_ask: bool) -> Check | None:
        """What to do now; None where it has followed, or enough was done. Call it at `check_at`."""
        newest, said = self._log.newest, self.said
        self._check_at = None
        if (until := self._doubt.until) is not None:
            if can_ask and now < until:
                self._check_at = now + self._answer_time
                return Check.ASK
            self._doubt.drop()
            self._check_at = max(now, self.motion.end if self.motion is not None else now) + self._lateness.longest
            return None
        if newest is None or said is None:
            return None
        if (
            said.at >= newest.sent
            and self._log.is_near(said.value, newest.target)
            and (self._sends or self._log.is_nearest(said.value))
        ):
            return None
        if can_ask and self._asks <= self._sends and self._asks < TRIES:
            self._asks += 1
            self._check_at = now + self._answer_time
            return Check.ASK
        if self._sends < TRIES:
            self._sends += 1
            self._check_at = now + self._answer_time
            return Check.SEND
        return None

    def believe_what_it_said(self) -> None:
        """It has not followed, whatever it was told."""
        if self.said is not None and not self.is_hand:
            self.motion = Motion.still(self.said.at, self.said.value)

    # In a landing

    def is_shown(self, *, can_ask: bool) -> bool:
        """In a landing: its last word came after all was over, and is what it said before.

        Most bridges say the target on accepting it, which is no evidence: where the device can be asked, only what
        comes later than any echo is. One that cannot, and has not contradicted when it was told again, is believed.
        """
        if self.is_hand or not self.is_commanded or self._landing_to is None:
            return True
        if self.said is None or self.motion is None:
            return False
        since = self.quiet_at if can_ask else self._told_at if self._is_repeated else self.motion.end
        return self.said.at >= since and self._is_like(self.said.value, self._landing_to)

    def aim_again(self) -> None:
        """It is to be told once more: the same, for it may be lost; at the same wrong word twice, otherwise."""
        said, wanted, newest = self.reported, self._landing_to, self._log.newest
        if said is None or wanted is None or newest is None or self._scale.share == 0.0 or said[0] <= 0.0:
            return
        if not self._log.is_near(said, newest.target):
            self._answer = None
        elif self._answer is not None and abs(self._answer - said[0]) <= self._scale.least / 2.0:
            self.aim = min(max(self.aim * wanted[0] / said[0], AIM[0]), AIM[1])
            self._answer = None
        else:
            self._answer = said[0]

    def _is_like(self, value: Vector, wanted: Vector) -> bool:
        if len(value) != len(wanted):
            return False
        if self._scale.has_off and (value == (0.0,)) != (wanted == (0.0,)):
            return False
        allowed = max(1.25 * self._scale.least, GIVEN_SHARE * self._scale.share * max(wanted, default=0.0))
        return distance(value, wanted) <= allowed

    # Away, over

    def forget(self) -> None:
        """The device was away: nobody knows what it shows."""
        if not self.is_hand:
            self.motion = None
        self.said = None

    def returned(self, now: Ms) -> None:
        """It is back, or we are: whatever it says in the next moments is no hand."""
        self._free_until, self._follows = now + self._lateness.longest, False

    def resumed(self, now: Ms) -> None:
        """We are another life: however prompt it is, a fade that the one before had told it may still go on."""
        self._free_until, self._follows = now + max(self._lateness.longest, AT_FIRST), False

    def slept(self, now: Ms, length: Ms) -> None:
        """Our clock stood for so long, and the device went on."""
        self._log.slept(now, length)

    def give_back(self, now: Ms) -> None:
        """The person hands it to the session again, as they have left it."""
        self.is_hand = False
        if self.motion is not None:
            self._log.adopt(now, self.motion.target, self._lateness.longest)

    def release(self) -> None:
        """No session wants anything of it any more: what it shows from now on is how the room is."""
        motion = self.motion
        if motion is not None and self.is_hand:
            self._leave(motion)
        elif motion is not None and self._landing_to is not None:
            self.motion = Motion.still(motion.end, self._landing_to)
        self.is_sure = self.said is not None  # else nobody knows whether it has heard of any of it
        self._doubt.drop()
        self.is_hand = self.is_commanded = False
        self._landing_to = self._check_at = self._answer = None

    def _leave(self, motion: Motion) -> None:
        """It is where the hand put it; or where a command took it that was on its way as we heard of the hand."""
        newest, lateness = self._log.newest, self._lateness.longest
        self._log.adopt(motion.end, motion.target, lateness)
        if newest is not None and newest.end + lateness >= self._hand_at:
            self._log.suspect(motion.end, newest.target)
            if self.said is not None:
                self._log.suspect(motion.end, self.said.value)

    def watch(self, *, can_ask: bool = True) -> None:
        """From now on a change is a hand's, though we have sent nothing: once we have heard how it is.

        Of one that cannot be asked, what the broker kept is all that it will say until somebody touches it.
        """
        if self.is_commanded or self.motion is None or (can_ask and not self._has_spoken):
            return
        self.is_commanded = True
        if self._log.is_shown:
            self._log.adopt(self.motion.end, self.motion.target, self._lateness.longest)
        else:
            self._log.suspect(self.motion.end, self.motion.target)
