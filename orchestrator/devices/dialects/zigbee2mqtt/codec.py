"""One device or group behind a Zigbee2MQTT bridge, as messages."""

import json
import re
from dataclasses import replace
from typing import Any

from orchestrator.devices.abilities import Abilities, ColourMode, Kind, LightAbilities
from orchestrator.devices.dialects.zigbee2mqtt.inventory import Inventory, Mixing
from orchestrator.devices.dialects.zigbee2mqtt.settings import DEAF, FULL_LEVEL, LONGEST_FADE, Zigbee2MqttSettings
from orchestrator.devices.messages import (
    AvailabilityReport,
    ButtonReport,
    Change,
    KeepLevel,
    LightAbilitiesReport,
    LightReport,
    Message,
    PoweredReport,
    RefusalReport,
    Report,
    SetLight,
    SetSwitch,
    SwitchReport,
)
from orchestrator.devices.reading import Reading, meant
from orchestrator.devices.wire import compact, fields, seconds, units
from orchestrator.units import OFF, Ms, Percent
from orchestrator.values import Colour, HueSaturation, Temperature

_REFUSED = re.compile(
    r"Publish 'set' '\w+' to '(?P<set>.+?)' failed"
    r"|No converter available for '\w+' on '(?P<none>.+?)': \((?!\"\"\))"
    r"|Entity '(?P<unknown>.+?)' is unknown"
    r"|Cannot publish to unsupported device '(?P<unsupported>.+?)'"
)
"""What the bridge's log says of a command that did nothing. A question that a lamp cannot answer is no matter."""
_LONGEST = 160
_WRITTEN = {"temperature": "color_temp", "rgb": "color"}
"""What may be asked of a lamp whose colours stand in the home file."""


class Zigbee2Mqtt:
    """One device or group behind a Zigbee2MQTT bridge, or one gang of a device.

    A gang is told and asked at its own topic; what it says stands in the state of the whole, under its own names.
    """

    def __init__(self, name: str, settings: Zigbee2MqttSettings) -> None:
        self.name = name
        self._settings = settings
        self._topic = settings.topic
        self._bridge = f"{settings.bridge}/bridge"
        self._whole: str | None = settings.gang[0] if settings.gang is not None else None
        self._endpoint = settings.gang[1] if settings.gang is not None else ""
        self._is_gang = settings.looks_like_a_gang
        self._kinds = frozenset(settings.kinds)
        self._inventory = Inventory()
        self._address: str | None = None
        self._is_gone = False
        self._mixing = Mixing.PLACE
        self._is_turned_on_first = False
        self._first: str | None = None
        """The endpoint that is meant where a home file has the whole of a device of several lamps."""
        self._abilities = settings.abilities()

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        whole = () if self._whole is None else (self._whole, f"{self._whole}/availability")
        buttons = (f"{self._topic}/action",) if Kind.BUTTON in self._kinds else ()
        own = (self._topic, f"{self._topic}/availability", f"{self._bridge}/state", *buttons, *whole)
        return (*own, *self._lists, f"{self._bridge}/logging", f"{self._bridge}/event") if self._is_told else own

    @property
    def _is_told(self) -> bool:
        return bool(self._kinds & {Kind.LIGHT, Kind.SWITCH})

    @property
    def _lists(self) -> tuple[str, str, str]:
        return f"{self._bridge}/devices", f"{self._bridge}/groups", f"{self._bridge}/info"

    def encode(self, change: Change) -> tuple[Message, ...]:
        payload, topic = self._payload(change), f"{self._told_at}/set"
        if payload is None:
            return ()
        first = self._spelt(change.colour) if isinstance(change, SetLight) and change.level == OFF else {}
        before = (Message(topic, compact(**first, transition=0)),) if first else ()
        return (*before, Message(topic, payload))

    def cost(self, change: Change) -> int:
        if isinstance(change, SetLight):
            is_turned_on = self._is_turned_on_first and change.level is not None and change.level > OFF
            is_both = change.level is not None and change.colour is not None
            in_one = is_both and change.level != OFF and self._inventory.is_one_command(self._settings.friendly_name)
            return (change.level is not None) + (change.colour is not None) + is_turned_on - in_one
        return 1 if isinstance(change, SetSwitch | KeepLevel) else 0

    def query(self) -> tuple[Message, ...]:
        asked = self._questions
        return (Message(f"{self._told_at}/get", compact(**dict.fromkeys(asked, ""))),) if asked else ()

    def query_in_parts(self) -> tuple[Message, ...]:
        return tuple(Message(f"{self._told_at}/get", compact(**{key: ""})) for key in self._questions)

    @property
    def _questions(self) -> list[str]:
        """Each is a command of the radio. What it does while it is off says most."""
        light = self._abilities.light
        if light is not None:
            return self._asked(light)
        return [] if self._abilities.switch is None else ["state"]

    @property
    def _told_at(self) -> str:
        """What is told the whole of a device of several lamps goes to the first of them, and is not answered there."""
        return self._topic if self._first is None else f"{self._topic}/{self._first}"

    def _asked(self, light: LightAbilities) -> list[str]:
        """What a lamp is known to say of itself: all else is an error in the bridge's log.

        Whatever is asked, the bridge answers with all that it knows, a colour as well.
        """
        exposed = self._inventory.lamp(self._settings.friendly_name)
        written = self._settings.colors or ()
        says = exposed.says if exposed is not None else {"state", "brightness", *(_WRITTEN[each] for each in written)}
        colour = ["color_temp"] if ColourMode.TEMPERATURE in light.colours else ["color"] if light.colours else []
        return [key for key in ("state", *(["brightness"] if light.dimmable else []), *colour) if key in says]

    def decode(self, message: Message) -> tuple[Report, ...]:
        topic = message.topic
        if topic.startswith(f"{self._bridge}/"):
            return self._of_the_bridge(message)
        if topic == f"{self._topic}/availability" or (self._is_gang and topic == f"{self._whole}/availability"):
            return _availability(message.payload)
        if topic == f"{self._topic}/action":
            return self._pressed(message.payload, message)
        if topic == self._topic:
            said = fields(message.payload)
            state, action = _of_endpoint(self._first, said), said.get("action")
        elif topic == self._whole and self._inventory.entry(self._settings.friendly_name) is None:
            state = _of_endpoint(self._endpoint, fields(message.payload))
            action = state.get("action")
        else:
            return ()
        return (*self._lit(state), *self._switched(state), *self._pressed(action, message))

    def _of_the_bridge(self, message: Message) -> tuple[Report, ...]:
        if message.topic == f"{self._bridge}/state":
            return _availability(message.payload)
        if message.topic == f"{self._bridge}/logging":
            return self._refused(message)
        if message.topic == f"{self._bridge}/event":
            return self._announced(message)
        takes = (self._inventory.devices, self._inventory.groups, self._inventory.info)
        for topic, take in zip(self._lists, takes, strict=True):
            if message.topic == topic:
                take(message.payload)
                return (*self._noticed(), *self._taken_from_lists())
        return ()

    def _taken_from_lists(self) -> tuple[Report, ...]:
        """What the lamp can, where the bridge has said it."""
        name = self._settings.friendly_name
        found = self._inventory.endpoint(name)
        is_whole = self._inventory.entry(name) is not None
        self._is_gang = not is_whole and (found is not None or self._settings.looks_like_a_gang)
        self._first = found[1] if found is not None and is_whole and Kind.LIGHT in self._kinds else None
        exposed = self._inventory.lamp(name)
        before = self._abilities.light
        if before is None or exposed is None:
            return ()
        self._mixing, self._is_turned_on_first = exposed.mixing, exposed.is_turned_on_first
        abilities = self._settings.abilities(exposed, is_group=self._inventory.is_group(name))
        members = tuple(f"{self._settings.bridge}/{each}" for each in self._inventory.members(name))
        abilities = replace(abilities if self._inventory.says_states else abilities.silent(), members=members)
        assert abilities.light is not None
        light = replace(
            abilities.light, colour_while_off=before.colour_while_off, level_while_off=before.level_while_off
        )
        before_all, self._abilities = self._abilities, replace(abilities, light=light)
        return (LightAbilitiesReport(light),) if self._abilities != before_all else ()

    def _noticed(self) -> tuple[Report, ...]:
        """That it is called otherwise now, or is gone, or is another one: of what the bridge had before."""
        name = self._settings.friendly_name
        found = self._inventory.endpoint(name)
        entry = found[0] if found is not None else self._inventory.entry(name)
        before = self._address
        if entry is not None:
            self._address, was_gone, self._is_gone = entry.address, self._is_gone, False
            if was_gone:
                return (AvailabilityReport(True),)
            return (PoweredReport(),) if before not in (None, entry.address) else ()
        if before is None:
            return ()
        was_gone, self._is_gone = self._is_gone, True
        now = self._inventory.name_of(before)
        why = f"the bridge calls it '{now}' now: write so in its `topic`" if now else "the bridge has it no more"
        return (*(() if was_gone else (RefusalReport(why),)), AvailabilityReport(False))

    def _announced(self, message: Message) -> tuple[Report, ...]:
        """A device that has come up joins anew (`device_announce`), also where nobody watches whether it is there."""
        if message.retain or '"device_announce"' not in message.payload:
            return ()
        said = fields(message.payload)
        about = said.get("data")
        name = about.get("friendly_name") if isinstance(about, dict) else None
        own = self._settings.friendly_name
        is_meant = name == own or (self._is_gang and name == own.rpartition("/")[0])
        return (PoweredReport(),) if said.get("type") == "device_announce" and is_meant else ()

    def _refused(self, message: Message) -> tuple[Report, ...]:
        """The bridge says it of the whole device where a gang was told."""
        if message.retain or '"error"' not in message.payload:
            return ()
        text = str(fields(message.payload).get("message"))
        found = _REFUSED.search(text)
        name = self._settings.friendly_name
        names = (name, name.rpartition("/")[0]) if self._is_gang else (name,)
        if found is None or not any(named in names for named in found.groups()):
            return ()
        why = text.removeprefix("z2m: ")
        return (RefusalReport(why if len(why) <= _LONGEST else f"{why[:_LONGEST]}…"),)

    def _payload(self, change: Change) -> str | None:
        light, switch = self._abilities.light, self._abilities.switch
        match change:
            case SetLight(level, colour, transition) if light is not None:
                is_deaf = light.may_be_deaf and transition >= 2 * DEAF
                length = min(transition - DEAF if is_deaf else transition, LONGEST_FADE)
                return _light(level, self._spelt(colour), length, dims=light.dimmable)
            case KeepLevel(level) if light is not None:
                return json.dumps({"state": None, "brightness": units(level, FULL_LEVEL)}, separators=(",", ":"))
            case SetSwitch(on) if switch is not None:
                return compact(state="ON" if on else "OFF")
            case _:
                return None

    def _spelt(self, colour: Colour | None) -> dict[str, Any]:
        """In the words in which the lamp said it; what a scene has as x, y, or as hue where it knows nothing else."""
        match colour:
            case None:
                return {}
            case Temperature(mired):
                return {"color_temp": round(mired)}
            case HueSaturation():
                turned = colour
            case _ if self._mixing is Mixing.HUE:
                turned = colour.rgb.hue
            case _:
                return {"color": {"x": round(colour.xy.x, 4), "y": round(colour.xy.y, 4)}}
        return {"color": {"hue": round(turned.hue, 2), "saturation": round(turned.saturation, 2)}}

    def _lit(self, state: dict[str, Any]) -> tuple[Report, ...]:
        light = self._abilities.light
        if light is None:
            return ()
        reading = Reading()
        level = _level(state, light.dimmable, reading)
        kept = reading.number("brightness", state.get("brightness"), 1.0, FULL_LEVEL) if level == OFF else None
        remembered = None if kept is None else Percent(kept * 100.0 / FULL_LEVEL)
        report = LightReport(level, _colour(state, reading), remembered)
        return (*self._taken_while_off(state, light), *(() if report == LightReport() else (report,)), *reading.refused)

    def _taken_while_off(self, state: dict[str, Any], light: LightAbilities) -> tuple[Report, ...]:
        """What it does while it is off a lamp says in options that a person has set; nobody else sets them."""
        taken = replace(
            light,
            colour_while_off=_executes_if_off(state.get("color_options"), light.colour_while_off),
            level_while_off=_executes_if_off(state.get("level_config"), light.level_while_off),
        )
        if taken == light:
            return ()
        self._abilities = replace(self._abilities, light=taken)
        return (LightAbilitiesReport(taken),)

    def _switched(self, state: dict[str, Any]) -> tuple[Report, ...]:
        on = _is_on(state.get("state"))
        return () if self._abilities.switch is None or on is None else (SwitchReport(on),)

    def _pressed(self, action: object, message: Message) -> tuple[Report, ...]:
        """A press that is retained was pressed long ago."""
        if Kind.BUTTON not in self._kinds or message.retain or not isinstance(action, str) or not action.strip():
            return ()
        return (ButtonReport(action.strip()),)


def _light(level: Percent | None, colour: dict[str, Any], transition: Ms, *, dims: bool) -> str | None:
    """Off without a time is a plain OFF: one frame, and safe for lamps that are off already. A bare ON has no time.

    OFF and a colour never go in one message: for Home Assistant's sake the bridge forgets the OFF (publish.ts, 2.14).
    """
    length = seconds(transition)
    if level is not None and level <= OFF:
        return compact(state="OFF", transition=length or None)
    if level is None and not colour:
        return None
    return compact(
        state=None if level is None else "ON",
        brightness=units(level, FULL_LEVEL) if level is not None and dims else None,
        **colour,
        transition=length if dims or colour else None,
    )


def _of_endpoint(endpoint: str | None, state: dict[str, Any]) -> dict[str, Any]:
    """What the state of a whole device says of one of its lamps, under that one's names."""
    if endpoint is None:
        return state
    ending = f"_{endpoint}"
    return {name.removesuffix(ending): value for name, value in state.items() if name.endswith(ending)}


def _executes_if_off(options: object, before: bool) -> bool:
    said = options.get("execute_if_off") if isinstance(options, dict) else None
    return said if isinstance(said, bool) else before


def _is_on(word: object) -> bool | None:
    known = {"ON": True, "OFF": False}
    return known.get(word.upper()) if isinstance(word, str) else None


def _level(state: dict[str, Any], dimmable: bool, reading: Reading) -> Percent | None:
    """255 is what some lamps say of full light."""
    on = _is_on(state.get("state"))
    if on is False:
        return OFF
    if on is None and "state" in state:
        return None
    brightness = reading.number("brightness", state.get("brightness"), 0.0, FULL_LEVEL + 1.0)
    if brightness is not None and brightness > 0:
        return Percent(min(brightness * 100.0 / FULL_LEVEL, 100.0))
    return Percent(100.0) if on and not dimmable else None


def _colour(state: dict[str, Any], reading: Reading) -> Colour | None:
    """`color_mode` says which of the two is meant: the bridge keeps them in step, as far as it can."""
    mode = state.get("color_mode")
    if mode == "color_temp":
        return reading.white("color_temp", state.get("color_temp"))
    if state.get("gradient"):
        return None  # it has several colours: one of them, given back, would be all that is left
    colour = state.get("color")
    mixed = reading.colour(colour, mode)
    return mixed if mode in ("xy", "hs") else meant(reading.white("color_temp", state.get("color_temp"), colour), mixed)


def _availability(payload: str) -> tuple[Report, ...]:
    """`{"state":"online"}`, or the bare word of older versions."""
    word = fields(payload).get("state") or payload.strip()
    return (AvailabilityReport(word == "online"),) if word in ("online", "offline") else ()
