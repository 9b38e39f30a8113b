"""The simulated lamps of the real bridge: fourteen devices of eight makers and a group of three, with their traps."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

_DIMMER = [0, 3, 4, 5, 6, 8]
_LAMP = [*_DIMMER, 768]
_PLUG = [0, 3, 4, 5, 6]
_GRADIENT = [*_LAMP, 0xFC03]
WHITE, PLACE, HUE = 2, 1, 0
"""A lamp's colour mode: white, x and y, hue and saturation."""
GROUP = "bedroom/all"
_GROUP_NUMBER = 7

Attributes = dict[str, Any]


class Model(NamedTuple):
    """A device as its radio is. `can` are attributes that its bridge reads, `before` how it is when a test begins."""

    name: str
    model: str
    maker: str
    code: int
    endpoints: list[int]
    clusters: list[int]
    can: Attributes
    before: Attributes
    traps: tuple[str, ...] = ()
    version: str = "1"
    lights: Mapping[int, str] = MappingProxyType({})
    """By endpoint, where the device has several: what a person calls what shines there."""
    others: Mapping[str, Attributes] = MappingProxyType({})
    """How these are when a test begins."""


def _whites(coolest: int, warmest: int, capabilities: int = 16) -> Attributes:
    return {"colorCapabilities": capabilities, "colorTempPhysicalMin": coolest, "colorTempPhysicalMax": warmest}


def _lit(level: int, **more: int) -> Attributes:
    return {"onOff": 1, "currentLevel": level, **more}


def _out(level: int, **more: int) -> Attributes:
    return {"onOff": 0, "currentLevel": level, **more}


def _white(mired: int) -> Attributes:
    return {"colorMode": WHITE, "colorTemperature": mired}


def _place(x: float, y: float) -> Attributes:
    return {"colorMode": PLACE, "currentX": round(x * 65535), "currentY": round(y * 65535)}


_SIGNIFY, _IKEA, _OSRAM = ("Signify Netherlands B.V.", 0x100B), ("IKEA of Sweden", 0x117C), ("OSRAM", 0xBBAA)
_TRADFRI = "TRADFRI bulb E27"

MODELS = [
    Model("bedroom/bedside left", "LCA001", *_SIGNIFY, [11], _LAMP, _whites(153, 500, 31),
          _lit(200) | _place(0.6, 0.33), ("reports",), "1.145.2"),
    Model("bedroom/bedside right", "LTA001", *_SIGNIFY, [11], _LAMP, _whites(153, 454), _lit(120) | _white(300)),
    Model("hall", "LWA001", *_SIGNIFY, [11], _DIMMER, {}, _out(90)),
    Model("gradient strip", "LCX004", *_SIGNIFY, [11], _GRADIENT, _whites(153, 500, 31), _lit(160) | _place(0.2, 0.3)),
    Model("floor lamp", f"{_TRADFRI} WS opal 980lm", *_IKEA, [1], _LAMP, _whites(250, 454), _lit(254) | _white(400),
          ("deaf", "level or colour", "reports"), "2.3.093"),
    Model("shelf", f"{_TRADFRI} CWS 806lm", *_IKEA, [1], _LAMP, _whites(250, 454, 24), _lit(60) | _white(260),
          ("level or colour",), "1.0.38"),
    Model("desk", "CLA60 RGBW OSRAM", *_OSRAM, [3], _LAMP, _whites(153, 526, 31),
          _lit(150, colorMode=HUE, enhancedCurrentHue=40000, currentSaturation=200), ("reports",), "V1.05.10"),
    Model("ceiling", "RB 282 C", "innr", 0x1166, [1], _LAMP, _whites(153, 555, 31), _out(180) | _white(350)),
    Model("led strip", "GL-C-008", "GLEDOPTO", 0x1189, [11, 13], _LAMP, _whites(150, 500, 31), _lit(30) | _white(200),
          ("three times as fast",), "1.0"),
    Model("two dimmers", "TS110E", "_TZ3210_wdexaypg", 0x1141, [1, 2], _DIMMER, {}, {},
          lights={1: "two dimmers/l1", 2: "two dimmers/l2"},
          others={"two dimmers/l1": _lit(77), "two dimmers/l2": _out(220)}),
    Model("warm globe", f"{_TRADFRI} WW 806lm", *_IKEA, [1], _DIMMER, {}, _lit(180), (), "2.3.093"),
    Model("osram white", "CLA60 TW OSRAM", *_OSRAM, [3], _LAMP, _whites(153, 370), _out(222) | _white(250),
          ("stays lit",), "V1.05.10"),
    Model("rgb only", "C-ZB-LC20-RGB", "Candeo", 0x1235, [11], _LAMP, {"colorCapabilities": 15},
          _lit(140) | _place(0.3, 0.6)),
    Model("plug", "TRADFRI control outlet", *_IKEA, [1], _PLUG, {}, {"onOff": 1}, (), "2.3.089"),
]  # fmt: skip
IN_THE_GROUP = [model.name for model in MODELS[:3]]


def lights_of(model: Model) -> Mapping[int, str]:
    """By endpoint, what a person calls what shines there."""
    return model.lights or {model.endpoints[0]: model.name}


def whites(name: str) -> tuple[int, int] | None:
    """The coolest and the warmest white of a lamp, in mired; None where it has none."""
    can = next(model.can for model in MODELS if name in lights_of(model).values())
    return (can["colorTempPhysicalMin"], can["colorTempPhysicalMax"]) if "colorTempPhysicalMax" in can else None


NAMES = [name for model in MODELS for name in lights_of(model).values()]


def write(folder: Path, port: int) -> None:
    """The bridge's data in a folder: `database.db`, `configuration.yaml`, and `lamps.json` for its radio."""
    rows, lamps, devices = [_coordinator()], [], {}
    for number, model in enumerate(MODELS):
        address, network = f"0x00fa4e00000000{number + 16:02x}", 0x1000 + number
        rows.append(_row(model, number, address, network))
        lamps.append(
            {
                "name": model.name,
                "nwk": network,
                "endpoints": model.endpoints,
                "lights": dict(lights_of(model)),
                "attributes": model.can,
                "before": dict(model.others) or {model.name: model.before},
                "traps": model.traps,
                "groups": [_GROUP_NUMBER] if model.name in IN_THE_GROUP else [],
            }
        )
        devices[address] = {"friendly_name": model.name}
    members = [{"deviceIeeeAddr": f"0x00fa4e00000000{number + 16:02x}", "endpointID": 11} for number in range(3)]
    rows.append({"id": 90, "type": "Group", "groupID": _GROUP_NUMBER, "members": members, "meta": {}})
    (folder / "database.db").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    (folder / "lamps.json").write_text(json.dumps(lamps))
    (folder / "configuration.yaml").write_text(json.dumps(_configuration(port, devices)))


def _coordinator() -> dict[str, Any]:
    endpoint = {"profId": 260, "epId": 1, "devId": 5, "inClusterList": [], "outClusterList": [], "clusters": {}}
    return {
        "id": 1,
        "type": "Coordinator",
        "ieeeAddr": "0x00124b00fa4e0001",
        "nwkAddr": 0,
        "manufId": 0,
        "epList": [1],
        "endpoints": {"1": {**endpoint, "binds": [], "configuredReportings": [], "meta": {}}},
        "interviewCompleted": True,
        "interviewState": "SUCCESSFUL",
        "meta": {},
    }


def _row(model: Model, number: int, address: str, network: int) -> dict[str, Any]:
    colour = {"attributes": model.can}
    endpoint = {"profId": 260, "devId": 258, "inClusterList": model.clusters, "outClusterList": []}
    rest = {"clusters": {"lightingColorCtrl": colour}, "binds": [], "configuredReportings": [], "meta": {}}
    return {
        "id": number + 2,
        "type": "Router",
        "ieeeAddr": address,
        "nwkAddr": network,
        "manufId": model.code,
        "manufName": model.maker,
        "powerSource": "Mains (single phase)",
        "modelId": model.model,
        "epList": model.endpoints,
        "swBuildId": model.version,
        "interviewCompleted": True,
        "interviewState": "SUCCESSFUL",
        "meta": {"configured": 0},
        "lastSeen": round(time.time() * 1000),
        "endpoints": {str(each): {"epId": each, **endpoint, **rest} for each in model.endpoints},
    }


def _configuration(port: int, devices: dict[str, Any]) -> dict[str, Any]:
    """JSON is YAML."""
    return {
        "version": 5,
        "mqtt": {"base_topic": "zigbee2mqtt", "server": f"mqtt://127.0.0.1:{port}"},
        "serial": {"port": "/dev/null", "adapter": "zstack"},
        "frontend": {"enabled": False},
        "homeassistant": {"enabled": True},
        "availability": {"enabled": True},
        "advanced": {
            "log_output": ["console"],
            "log_level": "info",
            "network_key": [1] * 16,
            "pan_id": 6754,
            "ext_pan_id": [221] * 8,
            "channel": 15,
        },
        "devices": devices,
        "groups": {str(_GROUP_NUMBER): {"friendly_name": GROUP}},
    }
