"""A lamp on the stage: what is wanted of it, what it is believed to show, and the next thing to tell it."""

from typing import NamedTuple

from orchestrator.devices.abilities import ColourMode, FadeBy, LightAbilities
from orchestrator.devices.messages import Change, LightReport, Report, SetLight
from orchestrator.fade import Fade
from orchestrator.stage import segments
from orchestrator.stage.ownership import Meaning, Ownership, Vector, colour, vector
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms, Percent
from orchestrator.values import Attribute, Colour, Rgb, Temperature, Value

CATCH_UP: Ms = SECOND
"""A lamp that comes back, or is behind, is brought to where the room is in so short a time: not in the rest of a long
fade, and not at once."""
APART = 3.0
"""L*. A lamp that is further than this from where a fade thinks it is begins from where it really is."""
SAME_TIME: Ms = 300
COLOURLESS: Vector = (0.0,)
"""A white that no lamp has: what a clear colour is to a lamp that we gave a white."""


class LightStep(NamedTuple):
    """One command: units of level (None: leave), a colour (None: leave), and how long the lamp takes."""

    level: int | None
    colour: Colour | None
    transition: Ms


class StagedLight:
    """Level and colour of one light, in its own units. Says what to send; keeps no budget and no connection."""

    def __init__(self, abilities: LightAbilities) -> None:
        self.abilities = abilities
        everything = (0.0, float(abilities.steps))
        self.ownerships = {
            Attribute.LEVEL: Ownership(abilities.settle, abilities.steps * 0.02 + 1.0, everything),
            Attribute.COLOUR: Ownership(
                abilities.settle, 25.0 if abilities.colours is ColourMode.RGB else 8.0, (0.0, 1000.0)
            ),
        }
        self.wants: dict[Attribute, Want] = {}
        self.must_not_rise = False
        """What is paid late makes no room brighter at night."""
        self._must_catch_up = False

    # What is wanted

    def want(self, attribute: Attribute, want: Want, now: Ms) -> None:
        """Take a wish, from where the lamp really is."""
        self.wants[attribute] = self._from_here(attribute, want, now)

    def _from_here(self, attribute: Attribute, want: Want, now: Ms) -> Want:
        here = self.value(attribute, now)
        if attribute is Attribute.LEVEL and here == want.fade.target == 0.0:
            return want._replace(fade=Fade.still(now, 0.0))  # what is out and is to go out does not shine once more
        if here is None or not want.is_moving(now) or not self._is_apart(want.at(now), here):
            return want
        fade = Fade(now, max(want.fade.end, now), here, want.fade.target, want.fade.curve)
        return want._replace(fade=fade)

    def _is_apart(self, planned: Value, here: Value) -> bool:
        if isinstance(planned, float) and isinstance(here, float):
            # As near as the lamp can be is there; what goes by steps would make up for more of it at once.
            is_stepped = self.abilities.fade is FadeBy.STEPPED
            return self._units_apart(planned, here) > 1.0 and (is_stepped or abs(planned - here) > APART)
        if isinstance(planned, Temperature) and isinstance(here, Temperature):
            return abs(planned.mired - here.mired) > 10.0
        return planned != here

    def _units_apart(self, one: float, other: float) -> float:
        return abs(segments.units(one, self.abilities) - segments.units(other, self.abilities))

    def value(self, attribute: Attribute, now: Ms) -> Value | None:
        """What the lamp is believed to show: a lightness, a colour, or None."""
        here = self.ownerships[attribute].at(now)
        if here is None:
            return None
        return segments.level(here[0], self.abilities) if attribute is Attribute.LEVEL else colour(here)

    def is_withheld(self, now: Ms) -> bool:
        """True where what is wanted would make it brighter than it is, or than anybody knows, and must not."""
        want = self.wants.get(Attribute.LEVEL)
        if not self.must_not_rise or want is None or not self._is_ours(Attribute.LEVEL):
            return False
        goal, here = _number(want.at(want.ends)), self.value(Attribute.LEVEL, now)
        if goal == 0.0:
            return False
        return here is None or (goal > _number(here) and self._units_apart(goal, _number(here)) > 1.0)

    def dawn(self, now: Ms, lasts: Ms) -> None:
        """It may be bright again: what was withheld comes up in so long a time."""
        self.must_not_rise = False
        for attribute, want in self.wants.items():
            goal, here = want.at(want.ends), self.value(attribute, now)
            self.wants[attribute] = Want(Fade(now, now + lasts, goal if here is None else here, goal), landing=True)

    def is_confirmed(self, attribute: Attribute) -> bool:
        """False from a command on until the lamp says that it has done it. One that is out tells no colour."""
        level = self.ownerships[Attribute.LEVEL]
        is_out = level.is_confirmed and level.motion is not None and level.motion.target == (0.0,)
        return self.ownerships[attribute].is_confirmed or (attribute is Attribute.COLOUR and is_out)

    def is_told_of(self, attribute: Attribute) -> bool:
        """True once the lamp has said it of itself."""
        return self.ownerships[attribute].is_told_of

    # What to send

    def due_after(self, now: Ms) -> Ms | None:
        """When there is something to tell again, after what was due up to now was told."""
        if self.is_withheld(now):
            return None
        moving = [want for attribute, want in self.wants.items() if self._is_ours(attribute) and want.is_moving(now)]
        if self.abilities.fade is FadeBy.NONE:
            return min(
                (want.rest.start for want in moving if want.rest is not None and now < want.rest.start), default=None
            )
        if not moving:
            return None
        ends = min(want.turns(now) for want in moving)
        if self.abilities.fade is FadeBy.STEPPED:
            return min(self._next_step(max(want.fade_at(now).start for want in moving), now), ends)
        believed = [
            ownership.motion.end
            for ownership in self.ownerships.values()
            if ownership.motion is not None and ownership.motion.end > now
        ]
        # A segment too slow for a whole unit says nothing, so nothing is on its way: the next one may have a unit.
        return min([ends, *believed, self._end_of_segment(now)])

    def _next_step(self, start: Ms, now: Ms) -> Ms:
        """Steps are counted from where a fade starts: one that was late does not delay those after it."""
        return start + ((now - start) // self.abilities.segment + 1) * self.abilities.segment

    def peek(self, now: Ms) -> Change | None:
        """The next command, computed afresh; None where it would change nothing. It counts once it is `sent`."""
        step = self._step(now)
        return self._as_change(step) if step is not None else None

    def sent(self, change: Change, now: Ms) -> None:
        """A command went out."""
        assert isinstance(change, SetLight)
        level = round(change.level / 100.0 * self.abilities.steps) if change.level is not None else None
        self._command(LightStep(level, change.colour, change.transition), now)

    def _as_change(self, step: LightStep) -> SetLight:
        percent = Percent(step.level / self.abilities.steps * 100.0) if step.level is not None else None
        return SetLight(percent, step.colour, step.transition)

    def _step(self, now: Ms) -> LightStep | None:
        if self.is_withheld(now):
            return None
        end = self._end_of_segment(now)
        level = self._level_at(end)
        white = self._colour_at(end if self._fades_together() else max(end, self._colour_ends()))
        is_on = self._shows_light(now)
        if level == 0 or (level is None and not is_on):
            white = None
        if level is not None and not self._changes_level(level, now, end):
            level = None
        if white is not None and is_on and not self._changes_colour(white, now, end):
            white = None
        if level is None and (white is None or not is_on):
            return None
        return self._together_or_apart(level, white, end - now, is_on=is_on)

    def _together_or_apart(self, level: int | None, white: Colour | None, transition: Ms, *, is_on: bool) -> LightStep:
        """Level and colour in one message where the lamp can; else the colour jumps first."""
        if level is None or white is None or self._fades_together() or transition == 0:
            lasts = 0 if white is not None and level is None and not self._fades_together() else transition
            return LightStep(level, white, lasts)
        return LightStep(None, white, 0) if is_on else LightStep(1, white, 0)

    def _fades_together(self) -> bool:
        return not self.abilities.one_attribute_per_fade

    def _end_of_segment(self, now: Ms) -> Ms:
        if not segments.fades_by_itself(self.abilities):
            return now
        if self._must_catch_up:
            return now + CATCH_UP
        moving = [
            (attribute, want)
            for attribute, want in self.wants.items()
            if self._is_ours(attribute) and want.is_moving(now)
        ]
        ends = [min(want.turns(now), now + self.abilities.segment) for _, want in moving]
        for attribute, want in moving:
            if attribute is Attribute.LEVEL:
                here = self.ownerships[Attribute.LEVEL].at(now)
                start = here[0] if here is not None else segments.units(_number(want.at(now)), self.abilities)
                ends.append(now + segments.segment(want, now, start, self.abilities))
        end = min(ends, default=now)
        return max(end, self._caught_up(now)) if self._is_behind(now) else end

    def _caught_up(self, now: Ms) -> Ms:
        """When a lamp that is behind is where it belongs: as it was told already, if it was."""
        motion = self.ownerships[Attribute.LEVEL].motion
        return motion.end if motion is not None and now < motion.end <= now + CATCH_UP else now + CATCH_UP

    def _is_behind(self, now: Ms) -> bool:
        """True where its bridge was busy so long that a lamp on a fade would have to leap."""
        want, here = self.wants.get(Attribute.LEVEL), self.value(Attribute.LEVEL, now)
        if want is None or here is None or not self._is_ours(Attribute.LEVEL):
            return False
        fade = want.fade_at(now)
        is_gradual = fade.end - fade.start >= CATCH_UP
        return is_gradual and self._units_apart(_number(want.at(now)), _number(here)) > 1.0

    def _level_at(self, moment: Ms) -> int | None:
        want = self.wants.get(Attribute.LEVEL)
        if want is None or not self._is_ours(Attribute.LEVEL):
            return None
        wanted = _number(want.fade_at(moment).target if self.abilities.fade is FadeBy.NONE else want.at(moment))
        units = segments.units(wanted, self.abilities)
        if not self.abilities.dimmable:
            return self.abilities.steps if units > 0 else 0
        if units == 0.0 and not self.abilities.off_fade and moment > want.fade.start and want.is_moving(moment - 1):
            return 1 if self._shows_light(moment) and want.ends >= moment and self._must_step_down(moment) else 0
        return max(round(units), 1) if units > 0.0 else 0

    def _must_step_down(self, moment: Ms) -> bool:
        """A lamp that cannot fade to off fades to its least first."""
        here = self.ownerships[Attribute.LEVEL].at(moment)
        return here is None or here[0] > 1.5

    def _colour_ends(self) -> Ms:
        want = self.wants.get(Attribute.COLOUR)
        return want.fade.end if want is not None else 0

    def _colour_at(self, moment: Ms) -> Colour | None:
        want = self.wants.get(Attribute.COLOUR)
        if want is None or not self._is_ours(Attribute.COLOUR):
            return None
        value = want.fade_at(moment).target if self.abilities.fade is FadeBy.NONE else want.at(moment)
        assert isinstance(value, Temperature | Rgb)
        return self.abilities.nearest(value)

    def _changes_level(self, level: int, now: Ms, end: Ms) -> bool:
        ownership = self.ownerships[Attribute.LEVEL]
        if ownership.motion is None or self._must_catch_up:
            return True
        if round(ownership.motion.target[0]) != level:
            return True
        rests_at = max(ownership.motion.end, now)
        here = ownership.motion.at(now)[0]
        return abs(rests_at - end) > SAME_TIME and abs(here - level) >= 1.0

    def _changes_colour(self, white: Colour, now: Ms, end: Ms) -> bool:
        ownership = self.ownerships[Attribute.COLOUR]
        wanted = tuple(float(round(part)) for part in vector(white))
        if ownership.motion is None or self._must_catch_up or len(ownership.motion.target) != len(wanted):
            return True
        if tuple(float(round(part)) for part in ownership.motion.target) != wanted:
            return True
        here = ownership.motion.at(now)
        is_there = all(abs(a - b) < 1.0 for a, b in zip(here, wanted, strict=True))
        return abs(max(ownership.motion.end, now) - end) > SAME_TIME and not is_there

    def _command(self, step: LightStep, now: Ms) -> None:
        level, white = self.ownerships[Attribute.LEVEL], self.ownerships[Attribute.COLOUR]
        # One that is on its way out may be out already: some lamps ignore the time that they are given.
        goes_out = level.motion is not None and level.motion.target == (0.0,)
        was_off = goes_out or not self._shows_light(now) or level.reported == (0.0,)
        self._must_catch_up = False
        if step.level is not None:
            level.command(now, (float(step.level),), step.transition, anywhere=was_off)
        if step.colour is not None:
            white.command(now, vector(step.colour), step.transition, anywhere=was_off)

    # What it says

    def report(self, report: Report, now: Ms, *, retained: bool) -> list[tuple[Attribute, Meaning]]:
        """Take in what the lamp says of itself."""
        if not isinstance(report, LightReport):
            return []
        verdicts = []
        if self.must_not_rise:
            for ownership in self.ownerships.values():
                ownership.watch()
        if report.level is not None:
            units = report.level / 100.0 * self.abilities.steps
            verdicts.append(
                (Attribute.LEVEL, self.ownerships[Attribute.LEVEL].report(now, (units,), retained=retained))
            )
        if report.colour is not None and (report.level is None or report.level > 0):
            value = self._comparable(report.colour)
            verdicts.append((Attribute.COLOUR, self.ownerships[Attribute.COLOUR].report(now, value, retained=retained)))
        return verdicts

    def _comparable(self, said: Colour) -> Vector:
        """What the lamp says of its colour, in the kind in which we gave it."""
        motion = self.ownerships[Attribute.COLOUR].motion
        if motion is None or len(motion.target) == len(vector(said)):
            return vector(said)
        if isinstance(said, Temperature):
            return vector(said.rgb)
        white = said.nearest_temperature
        apart = max(abs(a - b) for a, b in zip(vector(white.rgb), vector(said), strict=True))
        return vector(white) if apart < 60.0 else COLOURLESS

    def lost(self) -> None:
        """It is away: nothing is known of it any more."""
        for ownership in self.ownerships.values():
            ownership.forget()

    def returned(self) -> None:
        """It is back, and is brought to where the room is."""
        self._must_catch_up = bool(self.wants)

    # Ownership

    def _is_ours(self, attribute: Attribute) -> bool:
        if self.ownerships[attribute].is_hand:
            return False
        level = self.ownerships[Attribute.LEVEL]
        return not (level.is_hand and level.motion is not None and level.motion.target[0] == 0.0)

    def _shows_light(self, now: Ms) -> bool:
        """False where it is believed to be off. Unknown counts as on."""
        motion = self.ownerships[Attribute.LEVEL].motion
        return motion is None or motion.target[0] > 0.0 or motion.at(now)[0] > 0.0


def _number(value: Value) -> float:
    assert isinstance(value, float | int)
    return float(value)
