"""A real Zigbee2MQTT as a process, with the simulated radio: what it logs, and what its lamps were told and show."""

import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from tests.far_end.real_zigbee import lamps

STARTS = 90.0
"""Seconds that it may take to be there; five are usual."""
_HERE = Path(__file__).parent
_COMPLAINT = re.compile(r"^\[[^]]*\] (error|warning):\s*(.*)$", re.MULTILINE)


class Bridge:
    """Use it in `with`. `installed` is the folder of `.ci/run`: `bridge/node_modules`, and a Node.js in `node`."""

    def __init__(self, folder: Path, installed: Path, port: int) -> None:
        self._folder = folder / "bridge"
        self._installed = installed
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir()
        lamps.write(self._folder, self._port)
        self._frames.touch()
        bridge = self._installed / "bridge"
        program = bridge / "node_modules/zigbee2mqtt/index.js"
        environment = {
            **os.environ,
            "Z2M": str(bridge),
            "LAMPS": str(self._folder / "lamps.json"),
            "FRAMES": str(self._frames),
            "ZIGBEE2MQTT_DATA": str(self._folder),
        }
        node = self._installed / "node/node_modules/.bin/node"
        with self._log.open("wb") as log:
            command = [str(node), "--require", str(_HERE / "radio.cjs"), str(program)]
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=self._folder)
        end = time.monotonic() + STARTS
        while "Zigbee2MQTT started" not in self.log:
            if self._process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise AssertionError(f"the bridge did not start:\n{self.log[-2000:]}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    @property
    def _log(self) -> Path:
        return self._folder / "bridge.log"

    @property
    def _frames(self) -> Path:
        return self._folder / "frames.jsonl"

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def complaints(self) -> list[str]:
        """What it calls an error or a warning."""
        return [f"{level}: {text}" for level, text in _COMPLAINT.findall(self.log)]

    def entries(self) -> list[dict[str, Any]]:
        """Every frame of its radio, and how its lamps are, in order; a line that is being written is none yet."""
        lines = self._frames.read_text().split("\n")[:-1]
        return [json.loads(line) for line in lines]
