"""What aioshelly, Home Assistant's library, makes of what our twins of Gen2 and later say. Prints the golden file.

    pip install aioshelly==13.35.0     (somewhere else: nothing of ours needs it)
    python tests/devices/verdicts/shelly2.py < tests/devices/verdicts/shelly2-questions.json > …/shelly2-13.35.0.json

It knows nothing of relax, so that it runs where relax is not installed.
"""

import asyncio
import json
import sys
from copy import deepcopy
from importlib.metadata import version

from aioshelly.common import ConnectionOptions
from aioshelly.exceptions import RpcCallError
from aioshelly.rpc_device.device import RpcDevice
from aioshelly.rpc_device.wsrpc import RPCCall, RPCSource, SessionData, WsRPC


class Wire:
    """Answers as the twin did, and keeps what was asked."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    async def connect(self):
        pass

    async def disconnect(self):
        pass

    async def call(self, method, params, _timeout):
        self.asked.append({"method": method, "params": params})
        return deepcopy(self.answers.get(method, {}))


async def device(component, status):
    info = {
        "id": "shelly",
        "mac": "AABBCCDDEEFF",
        "auth_en": False,
        "gen": 3,
        "fw_id": "20260423-102510/2.0.0-g8c7700a",
    }
    wire = Wire(
        {
            "Shelly.GetDeviceInfo": info,
            "Shelly.GetConfig": {component: {"id": 0}, "sys": {"device": {"name": None}}},
            "Shelly.GetStatus": {component: status},
            "Shelly.GetComponents": {"components": [], "total": 0},
        }
    )
    made = RpcDevice(None, None, ConnectionOptions("127.0.0.1"), wire)
    await made.initialize()
    made.subscribe_updates(lambda *_: None)
    return made, wire


async def heard(component, frames):
    """The component's status after each of the twin's frames, as aioshelly merges them; the first is an answer."""
    first, *others = frames
    made, _ = await device(component, first["result"])
    rpc = WsRPC("127.0.0.1", made._on_notification)
    states = [deepcopy(made.status[component])]
    for frame in others:
        rpc.handle_frame(RPCSource.CLIENT, deepcopy(frame))
        states.append(deepcopy(made.status[component]))
    return states


def answered(request, answer):
    """Whether it takes the twin's answer for one to our request, and what it says: a result, or an error."""
    rpc = WsRPC("127.0.0.1", lambda *_: None)
    session, done = SessionData(request["src"], None, None), asyncio.get_running_loop().create_future()
    call = RPCCall(request["id"], request["method"], request["params"], session, done)
    rpc._calls[request["id"]] = call
    frame = call.build_request_frame()
    rpc.handle_frame(RPCSource.CLIENT, answer)
    taken = call.resolve.result() if call.resolve.done() else None
    said = {"request": frame, "taken": taken is not None}
    if taken is not None and "error" in taken:
        _, code, text = WsRPC._parse_rpc_error(taken)
        return said | {"error": str(RpcCallError(code, text))}
    return said | {"result": None if taken is None else taken["result"]}


async def theirs():
    """How it would switch a plug."""
    made, wire = await device("switch:0", {"id": 0, "output": False})
    wire.asked.clear()
    await made.switch_set(0, True)
    await made.switch_set(0, False)
    return wire.asked


async def verdict(questions):
    return {
        "oracle": f"aioshelly {version('aioshelly')}",
        "heard": [await heard(each["component"], each["frames"]) for each in questions["heard"]],
        "answered": [answered(each["request"], each["answer"]) for each in questions["answered"]],
        "theirs": await theirs(),
    }


if __name__ == "__main__":
    json.dump(asyncio.run(verdict(json.load(sys.stdin))), sys.stdout, indent=1)
    sys.stdout.write("\n")
