"""A lamp on the stage: what is wanted of it, what it is believed to show, and the next thing to tell it."""

from collections.abc import Mapping
from typing import NamedTuple

from orchestrator.devices.abilities import ColourMode, FadeBy, LightAbilities
from orchestrator.devices.messages import Change, KeepLevel, LightReport, Report, SetLight
from orchestrator.fade import Curve, Fade
from orchestrator.stage import segments
from orchestrator.stage.accuracy import Scale
from orchestrator.stage.deafness import Deafness
from orchestrator.stage.lamp_colour import among_colours, as_told, comparable
from orchestrator.stage.lamp_memory import LampMemory
from orchestrator.stage.lateness import Lateness
from orchestrator.stage.ownership import Meaning, Ownership
from orchestrator.stage.vector import Vector, near, vector
from orchestrator.stage.wall_switch import BACK, WallSwitch
from orchestrator.stage.want import Want
from orchestrator.stage.way_back import GLIDE, WayBack
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Attribute, Colour, Rgb, Temperature, Value, same_light

CATCH_UP: Ms = SECOND
"""A lamp that comes back, or is behind, is brought to where the room is in so short a time: not in the rest of a long
fade, and not at once."""
LET_KNOW: Ms = 3 * SECOND
"""So long a lamp takes to where it stands for all that we know, and may not, for it may have been deaf."""
GONE_TOO_FAR: Ms = 5 * SECOND
"""A lamp that heard late that it is to stand takes so long at most to go back."""
APART_COLOUR = 0.004
"""The same for colours, in u', v': what can be seen side by side."""
SAME_TIME: Ms = 300
_PLAIN_OFF = SetLight(OFF, None)


class LightStep(NamedTuple):
    """One command: units of level (None: leave), a colour (None: leave), and how long the lamp takes."""

    level: int | None
    colour: Colour | None
    transition: Ms


class StagedLight:
    """Level and colour of one light, in its own units. Says what to send; keeps no budget and no connection."""

    def __init__(self, abilities: LightAbilities, lateness: Lateness | None = None) -> None:
        self.abilities = abilities
        lateness = lateness if lateness is not None else Lateness(abilities.settle)
        steps, is_screen = float(abilities.steps), abilities.colours is ColourMode.RGB
        self.ownerships = {
            Attribute.LEVEL: Ownership(Scale(steps, steps * 0.02 + 1.0, has_off=True), lateness),
            Attribute.COLOUR: Ownership(Scale(1000.0, 25.0 if is_screen else 8.0, share=0.0), lateness),
        }
        self.wants: dict[Attribute, Want] = {}
        self.before: Colour | None = None
        """The colour that it is owed, in the lamp's own words: it is sent as it is, whatever we think the lamp can."""
        self._shown: Fade | None = None
        """Its colour as it said or we told it; what is compared of it is in the ownership."""
        self.memory = LampMemory()
        self.must_not_rise = False
        """What is paid late makes no room brighter at night."""
        self._wall_switch = WallSwitch()
        self.way_back = WayBack()
        self._never_out_until: Ms = -1
        self._again: dict[Attribute, Ms] = {}
        """What is to be told whatever is believed, and how long the lamp takes for it."""
        self._deafness = Deafness()
        self._faded_out_at: Ms | None = None
        """When it has faded to off, and is to be switched off as well."""
        self._anywhere_until: Ms = 0
        """So long it is on its way from where nobody knows: it is behind nobody, and a segment has no start."""

    # What is wanted

    def want(self, attribute: Attribute, want: Want, now: Ms) -> None:
        """Take a wish, from where the lamp really is."""
        want = self.wants[attribute] = self._from_here(attribute, want, now)
        self.ownerships[attribute].land(self._in_its_words(want.at(want.ends)) if want.landing else None)
        if attribute is Attribute.LEVEL:
            self._anywhere_until = now
            if want.is_moving(now):
                self.way_back.leave()

    def _in_its_words(self, value: Value) -> Vector:
        """What it says of itself when it shows a value."""
        if isinstance(value, Colour):
            return vector(self._as_told(value) or value)
        return (float(round(segments.units(_number(value), self.abilities))),)

    def _from_here(self, attribute: Attribute, want: Want, now: Ms) -> Want:
        goes_out, is_moving = attribute is Attribute.LEVEL and want.fade.target == 0.0, want.is_moving(now)
        if not goes_out and not is_moving:
            return want
        here = self.own_way(attribute, now)
        if goes_out and here == 0.0:
            return want._replace(fade=Fade.still(now, 0.0))  # what is out and is to go out does not shine once more
        if here is None or not is_moving or not self._is_apart(want.at(now), here):
            return want
        fade = Fade(now, max(want.fade.end, now), here, want.fade.target, want.fade.curve)
        return want._replace(fade=fade)

    def own_way(self, attribute: Attribute, now: Ms) -> Value | None:
        """Where its own way goes on from: where it is; where it was to be, while it is away or somebody's."""
        here, earlier = self.value(attribute, now), self.wants.get(attribute)
        if earlier is not None and (here is None or not self._is_ours(attribute)):
            return earlier.at(now)
        return here

    def _is_apart(self, planned: Value, here: Value) -> bool:
        if isinstance(planned, float) and isinstance(here, float):
            return self._units_apart(planned, here) > 1.0  # as near as the lamp can be is there
        if isinstance(planned, Temperature) and isinstance(here, Temperature):
            return abs(planned.mired - here.mired) > 10.0
        if isinstance(planned, Colour) and isinstance(here, Colour):
            return not same_light(planned, here, APART_COLOUR)
        return planned != here

    def _units_apart(self, one: float, other: float) -> float:
        return abs(segments.units(one, self.abilities) - segments.units(other, self.abilities))

    def value(self, attribute: Attribute, now: Ms) -> Value | None:
        """What the lamp is believed to show: a lightness, a colour, or None."""
        if attribute is Attribute.COLOUR:
            return self._colour(now)
        here = self.ownerships[attribute].at(now)
        return segments.level(here[0], self.abilities) if here is not None else None

    def _colour(self, now: Ms) -> Colour | None:
        if self._shown is None or self.ownerships[Attribute.COLOUR].motion is None:
            return None
        value = self._shown.at(now)
        assert isinstance(value, Colour)
        return value

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

    def is_shown(self, attribute: Attribute, *, can_ask: bool) -> bool:
        """In a landing: whether it has said that it is as it was. One that is out tells no colour."""
        level = self.ownerships[Attribute.LEVEL]
        is_out = level.motion is not None and level.motion.target == (0.0,) and level.is_shown(can_ask=can_ask)
        return self.ownerships[attribute].is_shown(can_ask=can_ask) or (attribute is Attribute.COLOUR and is_out)

    def is_told_of(self, attribute: Attribute) -> bool:
        """True once the lamp has said it of itself."""
        return self.ownerships[attribute].is_told_of

    # What to send

    def due_after(self, now: Ms) -> Ms | None:
        """When there is something to tell again, after what was due up to now was told."""
        if self.is_withheld(now):
            return None
        hears_at = self._deafness.ends(self._fades_until)
        due = self._due_for_its_wants(now)
        return due if hears_at is None or hears_at <= now else min(hears_at, due or hears_at)

    def _due_for_its_wants(self, now: Ms) -> Ms | None:
        for out_at in (self._switched_off_at(), self._level_kept_at()):
            if out_at is not None and out_at > now:
                return out_at
        if self._stays_out(now):
            return None
        moving = [want for attribute, want in self.wants.items() if self._is_ours(attribute) and want.is_moving(now)]
        if self.way_back.is_on(now) and self._is_ours(Attribute.LEVEL):
            return self._next_step(self.way_back.since, now)
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
        is_too_short = self._end_of_segment(now) == now < self._end_of_fade(now)
        return min([ends, *believed, now + segments.STEP if is_too_short else self._end_of_segment(now)])

    def _stays_out(self, now: Ms) -> bool:
        """True where it is out and is to be: whatever fade of its colour goes on, there is nothing to tell it."""
        want, motion = self.wants.get(Attribute.LEVEL), self.ownerships[Attribute.LEVEL].motion
        if want is None or motion is None or not self._is_ours(Attribute.LEVEL):
            return False
        return motion.target == (0.0,) and motion.end <= now and not want.is_moving(now) and want.at(now) == 0.0

    def _next_step(self, start: Ms, now: Ms) -> Ms:
        """Steps are counted from where a fade starts: one that was late does not delay those after it."""
        return start + ((now - start) // self.abilities.segment + 1) * self.abilities.segment

    def peek(self, now: Ms) -> Change | None:
        """The next command, computed afresh; None where it would change nothing. It counts once it is `sent`."""
        step = self._step(now)
        if step is not None:
            return self._as_change(step)
        if (out_at := self._switched_off_at()) is not None and out_at <= now:
            return _PLAIN_OFF
        rests_at = self._level_kept_at()
        return KeepLevel(self.memory.kept) if self.memory.kept is not None and rests_at and rests_at <= now else None

    @property
    def _fades_until(self) -> Ms:
        motion = self.ownerships[Attribute.LEVEL].motion
        return motion.end if motion is not None else 0

    def _to_tell_again(self, now: Ms) -> Mapping[Attribute, Ms]:
        """What is to be told whatever is believed, and how long the lamp takes for it."""
        missed = self._deafness.missed(now, self._fades_until)
        if not missed:
            return self._again
        level = self.wants.get(Attribute.LEVEL)
        if level is not None and level.is_moving(now):
            missed -= {Attribute.LEVEL}  # its fade goes on from wherever it is
        return {**dict.fromkeys(missed, LET_KNOW), **self._again}

    def _switched_off_at(self) -> Ms | None:
        """When a lamp that fades to off is to be switched off as well."""
        motion = self.ownerships[Attribute.LEVEL].motion
        is_out = motion is not None and motion.target == (0.0,) and self._is_ours(Attribute.LEVEL)
        return self._faded_out_at if is_out else None

    def _level_kept_at(self) -> Ms | None:
        """When a lamp that goes out in a landing is out, and can be told the level that it remembered."""
        if self.memory.kept is None or not self.abilities.level_while_off:
            return None
        want, motion = self.wants.get(Attribute.LEVEL), self.ownerships[Attribute.LEVEL].motion
        if want is None or motion is None:
            return None
        is_out = want.landing and want.fade.target == 0.0 and motion.target == (0.0,)
        return motion.end if is_out and self._is_ours(Attribute.LEVEL) else None

    def sent(self, change: Change, now: Ms) -> bool:
        """A command went out. True where there is nothing else to tell it now."""
        if isinstance(change, KeepLevel):
            self.memory.given_back()
            return False
        assert isinstance(change, SetLight)
        out_at = self._switched_off_at()
        if change == _PLAIN_OFF and out_at is not None and out_at <= now:
            self._faded_out_at = None  # nothing is believed otherwise than before
            return self.memory.kept is None
        level = round(change.level / 100.0 * self.abilities.steps) if change.level is not None else None
        step = LightStep(level, change.colour, change.transition)
        is_all = self._is_all(step, now)
        self._command(step, now)
        return is_all

    def _is_all(self, step: LightStep, now: Ms) -> bool:
        """True where a step leaves nothing for another one: it is not the first of two, and nothing follows it."""
        if step.level is None or self._to_tell_again(now) or self.memory.kept is not None:
            return False
        if self.abilities.starts_bright and step.level == 1:
            return False
        want = self.wants.get(Attribute.LEVEL)
        is_to_be_out = want is not None and want.at(now) == 0.0
        steps_down = step.level > 0 and (is_to_be_out or (step.level == self._lowest() and self._goes_by_its_least()))
        return not steps_down and (step.colour is None or self._fades_together())

    def _as_change(self, step: LightStep) -> SetLight:
        percent = Percent(step.level / self.abilities.steps * 100.0) if step.level is not None else None
        return SetLight(percent, step.colour, step.transition)

    def _step(self, now: Ms) -> LightStep | None:
        if self.is_withheld(now):
            return None
        end = self._end_of_segment(now)
        level = self._level_at(end, now)
        white = self._colour_at(end if self._fades_together() else max(end, self._colour_ends()))
        is_on = self._shows_light(now)
        if level == 0 or (level is None and not is_on):
            white = self._colour_to_keep()
        elif self._goes_out():
            white = None
        if level is not None and not self._changes_level(level, now, end):
            level = None
        if white is not None and (is_on or not level) and not self._changes_colour(white, now, end):
            white = None
        if level is None and (white is None or not (is_on or self.abilities.colour_while_off)):
            return None
        return self._together_or_apart(level, white, end - now, is_on=is_on)

    def _together_or_apart(self, level: int | None, white: Colour | None, transition: Ms, *, is_on: bool) -> LightStep:
        """Level and colour in one message where the lamp can; else the colour jumps first."""
        if self.abilities.starts_bright and not is_on and transition > 0 and level:
            return LightStep(1, None, 0)
        if level == 0 and white is not None and not (self.abilities.colour_with_off and self._fades_together()):
            # A bridge may take a second for the OFF after it: so long it is at its least.
            is_slow = self.abilities.one_attribute_per_fade and self.abilities.dimmable
            return LightStep(1 if is_slow else None, white, 0)
        if level is None or white is None or self._fades_together() or transition == 0:
            lasts = 0 if white is not None and level is None and not self._fades_together() else transition
            return LightStep(level, white, lasts)
        return LightStep(None, white, 0) if is_on else LightStep(1, white, 0)

    def _goes_out(self) -> bool:
        """True where a landing puts it out and gives it a colour: nobody is to see that on the way."""
        level, colour = self.wants.get(Attribute.LEVEL), self.wants.get(Attribute.COLOUR)
        if level is None or colour is None or not (level.landing and colour.landing):
            return False
        return level.at(level.ends) == 0.0 and self._is_ours(Attribute.LEVEL)

    def _goes_by_its_least(self) -> bool:
        """True where it is told something just before it goes out, and so does not fade to off by itself."""
        keep, shown = self._colour_to_keep(), self._shown.target if self._shown is not None else None
        is_to_be_told = keep is not None and not (isinstance(shown, Colour) and as_told(shown) == as_told(keep))
        return is_to_be_told or not self.abilities.off_fade or self._lowest() > 1

    def _colour_to_keep(self) -> Colour | None:
        """What a lamp that goes out in a landing, or is out, is to have when somebody turns it on the next time.

        One that is out takes no colour, or lights up, unless it is known better: it is told as the last thing before it
        goes out, at its least.
        """
        want, level = self.wants.get(Attribute.COLOUR), self.ownerships[Attribute.LEVEL]
        is_lit = level.motion is not None and level.motion.target[0] > 0.0 and level.reported != (0.0,)
        may_be_told = is_lit or self.abilities.colour_while_off
        return self._colour_at(want.fade.end) if want is not None and want.landing and may_be_told else None

    def _fades_together(self) -> bool:
        return not self.abilities.one_attribute_per_fade

    def _end_of_segment(self, now: Ms) -> Ms:
        """Until when it fades by what it is told now; now itself for what it does at once."""
        end = self._end_of_fade(now)
        is_long = end - now >= self.abilities.shortest_fade
        return end if is_long or now < self._anywhere_until or self._is_on_its_way(end, now) else now

    def _is_on_its_way(self, end: Ms, now: Ms) -> bool:
        """Whether it was told before to be somewhere by then."""
        ends = [ownership.motion.end for ownership in self.ownerships.values() if ownership.motion is not None]
        return any(now < each and abs(each - end) <= SAME_TIME for each in ends)

    def _end_of_fade(self, now: Ms) -> Ms:
        if not segments.fades_by_itself(self.abilities):
            return now
        if again := [lasts for attribute, lasts in self._to_tell_again(now).items() if self._is_ours(attribute)]:
            return now + max(again)
        if now < self._anywhere_until:
            return self._anywhere_until
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
        return max(end, self._caught_up(now)) if self._is_behind(now) else max(end, self._back_at(now))

    def _back_at(self, now: Ms) -> Ms:
        """When a lamp is where it is to stand that heard so late of it: it goes back in as long as it went too far.

        Its bridge was busy, and meanwhile it went on as it had been told; back at once would be a flash.
        """
        want, here = self.wants.get(Attribute.LEVEL), self.value(Attribute.LEVEL, now)
        motion = self.ownerships[Attribute.LEVEL].motion
        if want is None or here is None or motion is None or not self._is_ours(Attribute.LEVEL):
            return now
        goal, begun = _number(want.at(now)), want.fade.start
        if want.landing or begun < want.fade.end or self._units_apart(goal, _number(here)) <= 1.0:
            return now
        if now < motion.end and round(motion.target[0]) == self._level_at(now, now):
            return motion.end
        return now + min(max(now - begun, 0), GONE_TOO_FAR)

    def _caught_up(self, now: Ms) -> Ms:
        """When a lamp that is behind is where it belongs: as it was told already, if it was."""
        motion = self.ownerships[Attribute.LEVEL].motion
        return motion.end if motion is not None and now < motion.end <= now + CATCH_UP else now + CATCH_UP

    def _is_behind(self, now: Ms) -> bool:
        """True where its bridge was busy so long that a lamp on a fade would have to leap."""
        want = self.wants.get(Attribute.LEVEL)
        if want is None or not self._is_ours(Attribute.LEVEL):
            return False
        fade = want.fade_at(now)
        is_gradual = fade.end - fade.start >= CATCH_UP
        here = self.value(Attribute.LEVEL, now) if is_gradual else None
        return here is not None and self._units_apart(_number(want.at(now)), _number(here)) > 1.0

    def _level_at(self, moment: Ms, now: Ms) -> int | None:
        want = self.wants.get(Attribute.LEVEL)
        if want is None or not self._is_ours(Attribute.LEVEL):
            return None
        wanted = _number(want.fade_at(moment).target if self.abilities.fade is FadeBy.NONE else want.at(moment))
        wanted = self.way_back.at(moment, wanted)
        units = segments.units(wanted, self.abilities)
        if want.landing and moment >= want.ends:
            units = min(units * self.ownerships[Attribute.LEVEL].aim, float(self.abilities.steps))
        if not self.abilities.dimmable:
            return self.abilities.steps if units > 0 else 0
        if units == 0.0 and moment > want.fade.start and want.is_moving(moment - 1) and self._goes_by_its_least():
            must_step_down = self._shows_light(moment) and want.ends >= moment and self._must_step_down(now)
            return self._lowest() if must_step_down else 0
        return max(round(units), 1) if units > 0.0 else 0

    def _must_step_down(self, now: Ms) -> bool:
        """A lamp that cannot fade to off fades to its least first."""
        here = self.ownerships[Attribute.LEVEL].at(now)
        return here is None or here[0] > self._lowest() + 0.5

    def _lowest(self) -> int:
        """From where it goes out: what it went back to from off where that is as good as dark, else its least."""
        kept = self.memory.kept if not self.abilities.level_while_off else None
        units = round(kept * self.abilities.steps / 100.0) if kept is not None else 0
        return max(units, 1) if segments.level(units, self.abilities) <= segments.TOLERANCE else 1

    def _colour_ends(self) -> Ms:
        want = self.wants.get(Attribute.COLOUR)
        return want.fade.end if want is not None else 0

    def _colour_at(self, moment: Ms) -> Colour | None:
        want = self.wants.get(Attribute.COLOUR)
        if want is None or not self._is_ours(Attribute.COLOUR):
            return None
        value = want.fade_at(moment).target if self.abilities.fade is FadeBy.NONE else want.at(moment)
        assert isinstance(value, Colour)
        return self._as_told(value)

    def _as_told(self, colour: Colour) -> Colour | None:
        """Its own colour in its own words, any other as near as it can come."""
        is_its_own = colour == self.before and (
            ColourMode.TEMPERATURE in self.abilities.colours
            if isinstance(colour, Temperature)
            else not isinstance(colour, Rgb)
        )
        return colour if is_its_own else self.abilities.nearest(colour)

    def _changes_level(self, level: int, now: Ms, end: Ms) -> bool:
        ownership = self.ownerships[Attribute.LEVEL]
        if ownership.motion is None or Attribute.LEVEL in self._to_tell_again(now):
            return True
        if round(ownership.motion.target[0]) != level:
            return True
        rests_at = max(ownership.motion.end, now)
        here = ownership.motion.at(now)[0]
        return abs(rests_at - end) > SAME_TIME and abs(here - level) >= 1.0

    def _changes_colour(self, white: Colour, now: Ms, end: Ms) -> bool:
        ownership, here = self.ownerships[Attribute.COLOUR], self._colour(now)
        if ownership.motion is None or self._shown is None or here is None:
            return True
        if Attribute.COLOUR in self._to_tell_again(now):
            return True
        target = self._shown.target
        assert isinstance(target, Colour)
        if as_told(target) != as_told(white):
            return True
        if here == white or abs(max(ownership.motion.end, now) - end) <= SAME_TIME:
            return False
        return type(here) is not type(white) or not near(vector(here), vector(white), 1.0)

    def _command(self, step: LightStep, now: Ms) -> None:
        level, white = self.ownerships[Attribute.LEVEL], self.ownerships[Attribute.COLOUR]
        # One that is on its way out may be out already: some lamps ignore the time that they are given.
        goes_out = level.motion is not None and level.motion.target == (0.0,)
        if self.abilities.may_be_deaf:
            is_told = {Attribute.LEVEL: step.level, Attribute.COLOUR: step.colour}
            self._deafness.told([each for each, value in is_told.items() if value], now, self._fades_until)
            if step.level == 0:
                self._deafness.forget(Attribute.LEVEL)  # an OFF is told twice as it is
        was_off = goes_out or not self._shows_light(now) or level.reported == (0.0,)
        if step.level is not None:
            self._again.clear()
            is_fade = self.abilities.off_after_fade and step.level == 0 and step.transition > 0
            self._faded_out_at = now + step.transition if is_fade else None
            steps, may_be_told = self.abilities.steps, self.abilities.level_while_off
            percent = Percent(step.level * 100.0 / steps)
            self.memory.told(percent, may_be_told_while_off=may_be_told, step=100.0 / steps)
            if self.way_back.awaits_word:
                self.way_back.leave()
            if level.motion is None:
                self._anywhere_until = now + step.transition
            level.command(now, (float(step.level),), step.transition, anywhere=was_off)
        if step.colour is not None:
            self._again.pop(Attribute.COLOUR, None)
            here = self._colour(now)
            self._shown = Fade(
                now, now + step.transition, here if here is not None else step.colour, step.colour, Curve.LINEAR
            )
            target = vector(step.colour)
            white.command(now, target, step.transition, anywhere=was_off, vaguely=among_colours)

    # What it says

    def report(self, report: Report, now: Ms, *, retained: bool) -> list[tuple[Attribute, Meaning]]:
        """Take in what the lamp says of itself."""
        if not isinstance(report, LightReport):
            return []
        verdicts = []
        if not self.ownerships[Attribute.LEVEL].is_commanded and report.level is not None:
            self.memory.said(report.level, report.remembered)
        if self.must_not_rise:
            for ownership in self.ownerships.values():
                ownership.watch()
        if report.level is not None:
            units = report.level / 100.0 * self.abilities.steps
            if not retained and units == 0.0 and now <= self._never_out_until:
                self._never_out_until = -1
                return [(Attribute.LEVEL, self.ownerships[Attribute.LEVEL].take(now, (0.0,)))]
            if not retained and self._asks_for_light((units,), now):
                return [(attribute, self._leave(attribute, report, now)) for attribute in self.ownerships]
            if not retained:
                self.way_back.start(now, segments.level(units, self.abilities))
            verdicts.append(
                (Attribute.LEVEL, self.ownerships[Attribute.LEVEL].report(now, (units,), retained=retained))
            )
        is_out = report.level is not None and report.level <= 0
        if report.colour is not None and not (is_out and self.ownerships[Attribute.COLOUR].is_commanded):
            verdicts.append((Attribute.COLOUR, self._said(report.colour, now, retained=retained)))
        return verdicts

    def was_never_out(self, now: Ms) -> None:
        """We were away, and never put it out: where it says in the next moments that it is, somebody has."""
        self._never_out_until = now + BACK

    def has_to_say_how_it_is(self, now: Ms) -> bool:
        """Whether that counts before it is told anything: what it wants, or from where it is to go in steps."""
        return self._wall_switch.was_used(now) or self.way_back.awaits_word

    def _asks_for_light(self, units: Vector, now: Ms) -> bool:
        """Off and on at the wall, twice: it came back otherwise than it was sent."""
        if not self._wall_switch.has_just_returned(now) or units == (0.0,):
            return False
        level = self.ownerships[Attribute.LEVEL]
        if level.is_hand or not level.is_commanded or level.is_where_it_was_sent(units):
            return False
        return self._wall_switch.use(now)

    def _leave(self, attribute: Attribute, report: LightReport, now: Ms) -> Meaning:
        """It is a person's, as it says that it is."""
        if attribute is Attribute.LEVEL:
            assert report.level is not None
            return self.ownerships[attribute].take(now, (report.level / 100.0 * self.abilities.steps,))
        if report.colour is not None:
            self._shown = Fade.still(now, report.colour)
            return self.ownerships[attribute].take(now, vector(report.colour))
        self.ownerships[attribute].is_hand = True
        return Meaning.HAND

    def _said(self, said: Colour, now: Ms, *, retained: bool) -> Meaning:
        """Take in a colour: what was learnt, or left by a hand, is kept in the words in which the lamp said it."""
        ownership = self.ownerships[Attribute.COLOUR]
        before = ownership.motion
        told = before.target if before is not None and ownership.is_commanded and not ownership.is_hand else None
        verdict = ownership.report(now, comparable(said, told), retained=retained)
        if ownership.motion is not before:
            self._shown = Fade.still(now, said)
        return verdict

    def lost(self) -> None:
        """It is away: nothing is known of it any more."""
        self._again.clear()
        self._faded_out_at = None
        self._deafness.forget()
        self.way_back.leave()
        for ownership in self.ownerships.values():
            ownership.forget()

    def returned(self, now: Ms, *, had_no_power: bool) -> None:
        """It is back, and is brought to where the room is: from its power-on level it glides there."""
        self._again = dict.fromkeys(self.wants, GLIDE if had_no_power else CATCH_UP)
        self._wall_switch.returned(now, had_no_power=had_no_power)
        if had_no_power and self.abilities.fade is FadeBy.STEPPED:
            self.way_back.begin()
        for ownership in self.ownerships.values():
            ownership.returned(now)

    def again(self, attribute: Attribute, now: Ms) -> None:
        """What it was told last is to be told once more: it may not have heard. One that is out hears of no colour."""
        if attribute not in self.wants or not (attribute is Attribute.LEVEL or self._shows_light(now)):
            return
        self._again[attribute] = CATCH_UP
        if attribute is Attribute.LEVEL:
            self._again[attribute] = max(self._again_in(now), CATCH_UP)

    def _again_in(self, now: Ms) -> Ms:
        """How long it takes from where it says it is to where it is to be: whoever sits there is to see no flash.

        One that goes in steps sets out from there. One that says nothing may be anywhere.
        """
        want, said = self.wants[Attribute.LEVEL], self.ownerships[Attribute.LEVEL].reported
        if said is None:
            return GLIDE
        here = segments.level(said[0], self.abilities)
        apart = abs(here - _number(want.at(now)))
        if self.abilities.fade is FadeBy.STEPPED and apart > segments.TOLERANCE:
            self.way_back.begin()
            self.way_back.start(now, here)
        return round(GLIDE * apart / 100.0)

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
