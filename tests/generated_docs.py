"""What of the documents is made from something else: `make docs` writes it, `test_docs.py` says where it is stale."""

import json
import re
from pathlib import Path

from orchestrator.commands import ButtonDoor, Toggle, VoiceDoor, through
from orchestrator.integrations.asyncapi import text as asyncapi

HERE = Path(__file__).parents[1]
PAYLOADS = HERE / "tests/devices/payloads"


def supported_devices() -> str:
    """The table of the devices that have a fixture, by dialect."""
    rows = ["| dialect | vendor | model | version | kinds | recorded |", "| --- | --- | --- | --- | --- | --- |"]
    for path in sorted(PAYLOADS.glob("*/*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        device = content.get("device", {})
        entries = content["devices"].values()
        kinds = dict.fromkeys(kind for entry in entries for kind in _listed(entry["kind"]))
        version = ", ".join(device[key] for key in ("firmware", "bridge") if device.get(key))
        told = (
            device.get("vendor", ""),
            device.get("model", ""),
            version,
            ", ".join(kinds),
            device.get("recorded", ""),
        )
        rows.append(f"| `{path.parent.name}` | {' | '.join(cell.replace('|', '/') for cell in told)} |")
    return "\n".join(rows)


def button_words() -> str:
    """The words that a button of the home file may have."""
    rows = ["| word | what it does |", "| --- | --- |"]
    for spec, door in through(ButtonDoor):
        once_more = " Once more: it goes on." if door.gives is Toggle else ""
        length = f" By {spec.argument.default}." if spec.argument is not None else ""
        rows.append(f"| `{spec.word}` | {spec.about}{length}{once_more} |")
    return "\n".join(rows)


def intents() -> str:
    """What people can say to a satellite in a session, with the first thing that the English sentences have for it."""
    sentences = (HERE / HERMES / "sentences.en.ini").read_text(encoding="utf-8")
    first = dict(re.findall(r"^\[(\w+)\]\n\(?([^|\[(\n)]+)", sentences, re.MULTILINE))
    rows = ["| intent | for example | does |", "| --- | --- | --- |"]
    for spec, door in through(VoiceDoor):
        length = f" By {spec.argument.default}." if spec.argument is not None else ""
        named = ", ".join(f"`{intent}`" for intent in door.intents)
        rows.append(f"| {named} | “{first[door.intents[0]].strip()}” | {spec.about}{length} |")
    return "\n".join(rows)


HERMES = "docs/integrations/hermes"
MADE = {
    "docs/devices.md": {"devices": supported_devices},
    "docs/home.md": {"button words": button_words},
    f"{HERMES}/README.md": {"intents": intents},
}
"""Document, name of a part, and what makes it."""


def made_anew(document: str) -> str:
    """A document with its made parts as they have to be now."""
    text = (HERE / document).read_text(encoding="utf-8")
    for name, make in MADE[document].items():
        begin, end = f"<!-- made by `make docs`: {name} -->", "<!-- end -->"
        part = f"{begin}\n\n{make()}\n\n{end}"
        text, count = re.subn(rf"{re.escape(begin)}.*?{end}", part.replace("\\", r"\\"), text, flags=re.DOTALL)
        assert count == 1, f"{document} has no place for {name}"
    return text


def _listed(kind: str | list[str]) -> list[str]:
    return [kind] if isinstance(kind, str) else kind


WHOLE = {"docs/asyncapi.json": asyncapi}
"""Documents that are made as a whole."""


if __name__ == "__main__":
    for document, make in WHOLE.items():
        (HERE / document).write_text(make(), encoding="utf-8")
    for document in MADE:
        (HERE / document).write_text(made_anew(document), encoding="utf-8")
