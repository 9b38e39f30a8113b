"""Devices that people describe by templates, as they are: written from their documents, and nothing of ours in them."""

import json

from orchestrator.devices.messages import Message

Said = list[Message]


class TasmotaDimmer:
    """A dimmer with Tasmota (devices sheet, 2.3): a level above 0 turns it on, and off it keeps its level.

    With `SetOption20 1` a level turns nothing on.
    """

    def __init__(self, topic: str, *, on: bool, dimmer: int) -> None:
        self.on = on
        self.dimmer = dimmer
        self._topic = topic
        self._is_prepared_only = False

    def __call__(self, message: Message) -> Said:
        command = message.topic.removeprefix(f"{self._topic}/cmnd/")
        if command == "Backlog":
            each = (one.strip().partition(" ") for one in message.payload.split(";"))
            return [said for name, _, value in each for said in self._do(name, value)]
        return self._do(command, message.payload) if command != message.topic else []

    def _do(self, command: str, payload: str) -> Said:
        match command:
            case "Dimmer" if payload.isdigit():
                level = int(payload)
                self.on, self.dimmer = level > 0 and (self.on or not self._is_prepared_only), level or self.dimmer
                return [self._result(POWER=self._power, Dimmer=self.dimmer)]
            case "SetOption20" if payload in ("0", "1"):
                self._is_prepared_only = payload == "1"
                return [self._result(SetOption20="ON" if self._is_prepared_only else "OFF")]
            case "Power" if payload in ("ON", "OFF"):
                return self.switched(on=payload == "ON")
            case "State":
                return [self._result(POWER=self._power, Dimmer=self.dimmer, Fade="OFF")]
            case _:
                return [self._result(Command="Unknown")]

    def switched(self, *, on: bool) -> Said:
        """By command, or by hand."""
        self.on = on
        return [self._result(POWER=self._power), Message(f"{self._topic}/stat/POWER", self._power)]

    def dimmed(self, level: int) -> Said:
        """By hand."""
        return self(Message(f"{self._topic}/cmnd/Dimmer", str(level)))

    @property
    def level(self) -> int:
        return self.dimmer if self.on else 0

    @property
    def _power(self) -> str:
        return "ON" if self.on else "OFF"

    def _result(self, **said: object) -> Message:
        return Message(f"{self._topic}/stat/RESULT", json.dumps(said))


class HallLamp:
    """A lamp that takes and says one JSON object: `on`, `dim` of a thousand, which it keeps while it is off."""

    def __init__(self, *, on: bool, dim: int) -> None:
        self.on = on
        self.dim = dim

    def __call__(self, message: Message) -> Said:
        if message.topic == "hall/set":
            wish = json.loads(message.payload)
            self.on = wish["on"]
            if wish["dim"]:
                self.dim = wish["dim"]
        elif message.topic != "hall/get":
            return []
        return [Message("hall/state", json.dumps({"on": self.on, "dim": self.dim}))]

    @property
    def level(self) -> float:
        return self.dim / 10 if self.on else 0


class WordPlug:
    """A plug that takes ON and OFF on one topic and says them, retained, on another."""

    def __init__(self, takes: str, says: str, *, on: bool) -> None:
        self.on = on
        self._takes = takes
        self._says = says

    def __call__(self, message: Message) -> Said:
        if message.topic == self._takes:
            self.on = message.payload == "ON"
        return [self.said] if message.topic == self._takes else []

    @property
    def said(self) -> Message:
        return Message(self._says, "ON" if self.on else "OFF", retain=True)
