"""Home Assistant's Assist as it recognises a sentence: its own recogniser, its own sentences, and ours beside them.

As `conversation/default_agent.py` of Home Assistant 2026.11 does it: automations that wait for a sentence are asked
first, with wildcards as their only lists and without words to be skipped; then all intents at once, where custom
sentences go before Home Assistant's own.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import home_assistant_intents
import yaml
from hassil import Intents, RecognizeResult, TextSlotList, WildcardSlotList, merge_dict, recognize_all, recognize_best

FOLDER = Path(__file__).parents[3] / "docs/integrations/home_assistant"
AREAS = {
    "en": ("bedroom", "living room", "bathroom", "kitchen"),
    "de": ("Schlafzimmer", "Wohnzimmer", "Bad", "Küche"),
}
NAMES = {
    "en": (("lamp", "light"), ("ceiling light", "light"), ("radio", "media_player"), ("blinds", "cover")),
    "de": (("Lampe", "light"), ("Deckenlicht", "light"), ("Radio", "media_player"), ("Rollo", "cover")),
}
CUSTOM = "hass_custom_sentence"
OURS = "Relax"


class Heard(NamedTuple):
    """What Assist takes a sentence for: `what` is our word for it, or the intent of somebody else."""

    what: str
    slots: Mapping[str, Any]
    template: str

    @property
    def is_ours(self) -> bool:
        return not self.what.startswith("Hass")


@cache
def sentences(language: str) -> dict[str, Any]:
    """Ours, in all of a language's files."""
    merged: dict[str, Any] = {}
    for path in sorted((FOLDER / "sentences" / language).glob("*.yaml")):
        merge_dict(merged, yaml.safe_load(path.read_text(encoding="utf-8")))
    return merged


@cache
def session_words(language: str) -> dict[str, list[str]]:
    """Templates by what they mean."""
    text = (FOLDER / "session_words" / f"{language}.yaml").read_text(encoding="utf-8")
    (automation,) = yaml.safe_load(text)["automation"]
    return {trigger["id"]: trigger["command"] for trigger in automation["triggers"]}


@cache
def _intents(language: str) -> Intents:
    folder = Path(home_assistant_intents.__file__).parent / "data"
    every: dict[str, Any] = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    ours = json.loads(json.dumps(sentences(language)))
    for intent in ours["intents"].values():
        for data in intent["data"]:
            data["metadata"] = {CUSTOM: True}
    merge_dict(every, ours)
    return Intents.from_dict(every)


@cache
def _waiting(language: str) -> Intents:
    words = session_words(language)
    given = {word: {"data": [{"sentences": templates}]} for word, templates in words.items()}
    waiting = Intents.from_dict({"language": language, "intents": given})
    for name in ("why", "done"):
        waiting.slot_lists[name] = WildcardSlotList(name)
    return waiting


def heard_in_session(text: str, language: str) -> list[str]:
    """The words of a session that a sentence is taken for: more than one is a fault of theirs."""
    return list(_short(text, language))


def _short(text: str, language: str) -> dict[str, tuple[dict[str, Any], str]]:
    """By what it means: what its wildcards took, and the template."""
    return {
        result.intent.name: (_slots(result), _template(result)) for result in recognize_all(text, _waiting(language))
    }


def _slots(result: RecognizeResult) -> dict[str, Any]:
    return {name: entity.value for name, entity in result.entities.items()}


def _template(result: RecognizeResult) -> str:
    sentence = result.intent_sentence
    return (sentence.text if sentence is not None else None) or ""


def heard(text: str, language: str, *, in_session: bool = False) -> Heard | None:
    """What Assist takes a sentence for that is said to a satellite in the first area."""
    if in_session and (words := _short(text, language)):
        return Heard("/".join(words), *next(iter(words.values())))
    here = AREAS[language][0]
    result = recognize_best(
        text,
        _intents(language),
        slot_lists={
            "area": TextSlotList.from_tuples([(name, name, {}) for name in AREAS[language]], name="area"),
            "name": TextSlotList.from_tuples(
                [(name, name, {"domain": of}) for name, of in NAMES[language]], name="name"
            ),
            "floor": TextSlotList.from_tuples([], name="floor"),
        },
        intent_context={"area": {"value": here, "text": here}},
        language=language,
        best_metadata_key=CUSTOM,
        best_slot_name="name",
    )
    if result is None:
        return None
    slots, name = _slots(result), result.intent.name
    return Heard(OUR_INTENTS[name](slots) if name in OUR_INTENTS else name, slots, _template(result))


OUR_INTENTS = {
    "RelaxStart": lambda _slots: "start",
    "RelaxDo": lambda slots: str(slots["command"]),
    "RelaxWhatNow": lambda _slots: "what_now",
    "RelaxHowLong": lambda _slots: "how_long",
}
