"""What python-wled, Home Assistant's library, asks a strip for, and how it reads its state. Prints the golden file.

    pip install wled==1.1.1     (somewhere else: nothing of ours needs it)
    python tests/devices/verdicts/python_wled.py < tests/devices/verdicts/wled-questions.json > …/python-wled-1.1.1.json

It knows nothing of relax, so that it runs where relax is not installed.
"""

import asyncio
import json
import sys
from importlib.metadata import version

from wled import WLED, Device


def device(state):
    return Device.from_dict({**state, "effects": ["Solid"], "palettes": ["Default"], "presets": {}})


async def asked(wishes, state):
    """What would go to `/json/state`, wish by wish."""
    sent = []

    async def keep(_uri="", method="GET", data=None):
        sent.append(data)

    for method, options in wishes:
        strip = WLED("192.0.2.1")
        strip._device, strip.request = device(state), keep
        segment = [options.pop("segment")] if "segment" in options else []
        colour = {key: tuple(value) for key, value in options.items() if isinstance(value, list)}
        await getattr(strip, method)(*segment, **{**options, **colour})
    return sent


def read(state):
    """With the colour of the first segment that is selected, which is the one that WLED publishes."""
    seen = device(state).state
    first = next(segment for segment in seen.segments.values() if segment.selected)
    return {"on": seen.on, "brightness": seen.brightness, "colour": list(first.color.primary)}


if __name__ == "__main__":
    questions = json.load(sys.stdin)
    verdict = {
        "oracle": f"wled {version('wled')}",
        "asked": asyncio.run(asked(questions["wishes"], questions["states"]["rgbw"])),
        "read": {name: read(state) for name, state in questions["states"].items()},
    }
    json.dump(verdict, sys.stdout, indent=1)
    sys.stdout.write("\n")
