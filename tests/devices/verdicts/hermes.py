"""What Rhasspy's own message classes say to our Hermes messages, and how they write theirs. Prints the golden file.

    pip install rhasspy-hermes==0.6.2     (somewhere else: nothing of ours needs it)
    python tests/devices/verdicts/hermes.py < tests/devices/verdicts/hermes-questions.json > …/hermes-0.6.2.json

It knows nothing of relax, so that it runs where relax is not installed.
"""

import json
import sys
from importlib.metadata import version

from rhasspyhermes.dialogue import DialogueContinueSession, DialogueEndSession, DialogueIntentNotRecognized
from rhasspyhermes.intent import Intent, Slot, SlotRange
from rhasspyhermes.nlu import NluIntent
from rhasspyhermes.tts import TtsError, TtsSay, TtsSayFinished

OURS = {each.topic(): each for each in (TtsSay, DialogueEndSession, DialogueContinueSession)}


def understood(topic, payload):
    """A message of ours as the class of its topic reads it: unknown keys are lost, missing ones are as by default."""
    kind = OURS[topic]
    return {"topic": topic, "payload": payload, "class": kind.__name__, "fields": vars(kind.from_dict(dict(payload)))}


def spoken(kind, message, **topic):
    return {"is": kind, "topic": message.topic(**topic), "payload": json.loads(message.payload())}


def theirs():
    yield spoken("finished", TtsSayFinished(site_id="bedroom", id="ann-1"))
    yield spoken("failed", TtsError(error="No WAV data received", site_id="bedroom", context="ann-1"))
    minutes = Slot("rhasspy/number", {"kind": "Unknown", "value": 5}, "minutes", "five", 1.0, SlotRange(0, 1, 0, 4))
    for name, slots, lang in (("RelaxNext", None, None), ("RelaxExtend", [minutes], "de")):
        intent = NluIntent(
            input="…",
            intent=Intent(intent_name=name, confidence_score=0.98),
            site_id="bedroom",
            slots=slots,
            session_id="bedroom-1",
            lang=lang,
        )
        yield spoken("intent", intent, intent_name=name)
    yield spoken("not_recognized", DialogueIntentNotRecognized(session_id="bedroom-1", site_id="bedroom", input="…"))


if __name__ == "__main__":
    questions = json.load(sys.stdin)
    verdict = {
        "oracle": f"rhasspy-hermes {version('rhasspy-hermes')}",
        "ours": [understood(topic, payload) for topic, payload in questions],
        "theirs": list(theirs()),
    }
    json.dump(verdict, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
