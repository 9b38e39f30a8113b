"""Somebody speaks to a satellite: it is done, and one voice answers. A real conductor and a simulated home."""

import json
import re

import pytest

from orchestrator.commands import PlannedWord
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.rehearsal import live
from orchestrator.devices.messages import Message
from orchestrator.errors import Refused, UnknownScene
from orchestrator.events.words import Announced
from orchestrator.home.library import read as home_of
from orchestrator.integrations.intent_handler import AboutPlanned, IntentHandler
from orchestrator.integrations.intents import Intents
from orchestrator.integrations.interface import Interface
from orchestrator.integrations.requests import StartScene
from orchestrator.scenes.library import read as scene_of
from orchestrator.session.state import Status
from orchestrator.simulator.faults import parse
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import MINUTE, SECOND

HOME = """
home: house
format: 1
language: {language}
devices:
  lamp: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp, colors: []}}
  shelf: {{kind: voice, dialect: relax_speaker, topic: speakers/den}}
  bedside: {{kind: voice, dialect: hermes, site: bedroom}}
rooms:
  den: {{roles: {{main: lamp{voice}}}, sites: bedroom}}
  other: {{roles: {{main: lamp}}}}
"""
SCENE = """
scene: quiet
format: 1
languages: [en, de]
title: {en: Quiet, de: Ruhe}
roles:
  main: {kind: light}
  voice: {kind: voice, optional: true}
looks: {low: {main: {brightness: 20%}}}
steps:
  - step: soak
    title: {en: Soak your feet, de: Bade die Füße}
    look: low
    fade: 1s
    say: {en: Let them grow heavy. There is nothing to do., de: Lass sie schwer werden. Nichts ist zu tun.}
    lasts: 5min
  - step: dry
    title: {en: Dry the feet, de: Trockne die Füße}
    say: {en: Dry them well., de: Trockne sie gut.}
    wait: true
  - step: rest
    title: {en: Rest, de: Ruh dich aus}
    say: {en: Lean back., de: Lehn dich zurück.}
    lasts: 5min
finish: {look: restore, fade: 1s}
stopped: {look: restore, fade: 10s}
"""


class Place:
    """A room with a satellite and, by `voice`, nobody (""), a loudspeaker or the satellite itself that speaks."""

    def __init__(self, voice="shelf", language="en", about_planned=None, scene=SCENE):
        self.scene = scene
        cast = f", voice: {voice}" if voice else ""
        self.home = home_of(HOME.format(voice=cast, language=language), "home.yaml")
        self.conductor = Conductor(self.home, bridge_rates(self.home))
        self.simulated = SimulatedHome(self.home)
        self.interface = Interface(self.home.model.rooms)
        self.sent = []
        self.announced = {}
        self.now = 0
        more = {} if about_planned is None else {"about_planned": about_planned}
        self.intent_handler = IntentHandler(self.home, Intents(self.home), self.conductor, self.do, **more)
        self._take(self.simulated.connected(0))
        self.wait(SECOND)

    def do(self, asked, now):
        what = asked.understood().what
        try:
            if isinstance(what, StartScene):
                if what.scene != "quiet":
                    return self.interface.refused(asked, UnknownScene("There is no such scene."))
                start = prepare(scene_of(self.scene, "quiet.yaml"), self.home, asked.room, {}, name="s")
                self.conductor.start(start._replace(trigger=what.trigger), now)
            else:
                self.conductor.command(asked.room, what.command, now)
        except Refused as error:
            return self.interface.refused(asked, error)
        return self.interface.accepted(asked)

    def start(self, room="den"):
        self.conductor.start(prepare(scene_of(SCENE, "quiet.yaml"), self.home, room, {}, name="s"), self.now)
        self._exchange()
        self.wait(100)
        return self

    def say(self, word, *, dialogue="d1", lang=None, confidence=1.0, topic=None, retain=False, **more):
        """What is published about it, by topic."""
        payload = {"intent": {"confidenceScore": confidence}, "siteId": "bedroom", "sessionId": dialogue, "lang": lang}
        message = Message(topic or f"hermes/intent/Relax{word}", json.dumps(payload | more), retain=retain)
        messages = self.intent_handler.heard(message, self.now)
        self._exchange()
        return messages

    def answered(self, word, **more):
        """What the satellite says as the dialogue ends."""
        return self.ended(self.say(word, **more))

    @staticmethod
    def ended(messages):
        (end,) = (each for each in messages if each.topic == "hermes/dialogueManager/endSession")
        said = json.loads(end.payload)
        assert said["sessionId"] == "d1"
        return said["text"]

    def spoken(self):
        """What the room's own voice was told to say since last asked; a satellite hears it by the sentence."""
        sent, self.sent = self.sent, []
        payloads = [
            json.loads(message.payload) for message in sent if message.topic in ("speakers/den/set", "hermes/tts/say")
        ]
        said = [payload for payload in payloads if payload.get("do", "say") == "say"]
        whole = [payload for payload in said if payload["id"].partition(".")[2] in ("", "1")]
        return [self.announced.get(payload["id"].partition(".")[0], payload["text"]) for payload in whole]

    @property
    def runner(self):
        runner = self.conductor.runner("den")
        assert runner is not None
        return runner

    @property
    def status(self):
        return self.runner.status

    def status_after(self, word):
        self.say(word)
        return self.status

    @property
    def step(self):
        session = self.runner.session
        assert session is not None
        return session.chapter.id

    def wait(self, length):
        end = self.now + length
        while (due := self._next()) is not None and due <= end:
            self.now = max(due, self.now)
            self._take(live(self.simulated.advance(self.now)))
            self.conductor.advance(self.now)
            self._exchange()
        self.now = end
        return self

    def _next(self):
        moments = (self.conductor.next_deadline(), self.simulated.next_deadline())
        return min((moment for moment in moments if moment is not None), default=None)

    def _take(self, heard):
        for message in heard:
            self.conductor.receive(message, self.now)
        self._exchange()

    def _exchange(self):
        messages, records = self.conductor.take()
        events = [record.event for record in records]
        self.announced.update((event.id, event.text) for event in events if isinstance(event, Announced))
        for message in messages:
            self.sent.append(message)
            self._take(live(self.simulated.receive(message, self.now)))


voices = pytest.mark.parametrize("voice", ["shelf", "bedside"])
LONG = 20 * SECOND
"""After which the words of the first step are over."""
FIRST_WORDS = "Let them grow heavy. There is nothing to do."


# Who answers


@voices
def test_the_rooms_voice_answers_and_the_satellite_is_silent(voice):
    place = Place(voice).start().wait(LONG)
    place.spoken()
    assert place.answered("Extend") == ""
    place.wait(SECOND)
    assert place.spoken() == ["Two minutes more."]


@voices
def test_an_answer_is_never_spoken_over_the_steps_words(voice):
    place = Place(voice).start().wait(SECOND)
    assert place.spoken() == [FIRST_WORDS]
    assert place.answered("Extend") == ""
    place.wait(SECOND)
    assert place.spoken() == []
    place.wait(LONG)
    assert place.spoken() == ["Two minutes more."]


@voices
def test_the_steps_words_are_themselves_the_answer_to_what_now(voice):
    place = Place(voice).start().wait(SECOND)
    place.spoken()
    assert place.answered("WhatNow") == ""
    place.wait(LONG)
    assert place.spoken() == []


@voices
def test_how_long_it_takes_is_said_when_the_steps_words_are_over(voice):
    place = Place(voice).start().wait(SECOND)
    place.spoken()
    assert place.answered("HowLong") == ""
    place.wait(LONG)
    (answer,) = place.spoken()
    assert re.search(r": .+ to go", answer)


NOT_DONE = [
    ("unsure", "Next", {"confidence": 0.3}, "Sorry, once more?"),
    ("not now", "Skip", {}, "Not now."),
    ("too long", "Extend", {"slots": [{"slotName": "hours", "value": {"value": 5}}]}, "That does not work."),
    ("nothing planned", "Later", {}, "Nothing is planned."),
    ("no scene", "Start", {}, "Which scene?"),
]


@voices
@pytest.mark.parametrize(("word", "more", "text"), [pytest.param(*case, id=name) for name, *case in NOT_DONE])
def test_what_was_not_done_is_said_once_the_steps_words_are_over(voice, word, more, text):
    place = Place(voice).start().wait(SECOND)
    assert place.spoken() == [FIRST_WORDS]
    assert place.answered(word, **more) == ""
    place.wait(SECOND)
    assert place.spoken() == []
    place.wait(LONG)
    assert place.spoken() == [text]
    assert place.step == "soak"


def test_what_is_refused_before_the_first_words_is_said_after_them():
    place = Place()
    place.conductor = Conductor(place.home, bridge_rates(place.home))
    place.simulated = SimulatedHome(place.home, {"lamp": parse(["lamp=silent"])["lamp"]})
    place.intent_handler = IntentHandler(place.home, Intents(place.home), place.conductor, place.do)
    place._take(place.simulated.connected(place.now))
    assert place.answered("Start", **scene("quiet")) == ""
    assert place.status is Status.STARTING
    assert place.answered("Start", **scene("quiet")) == ""
    assert place.answered("WhatNow") == ""
    place.wait(LONG)
    assert place.spoken() == [FIRST_WORDS, "Something is on already."]


def test_the_words_of_the_next_step_wait_for_an_answer():
    place = Place().start().wait(LONG)
    place.say("Next")
    place.wait(LONG)
    place.spoken()
    place.say("WhatNow")
    place.say("Next")
    assert place.spoken()[-1] == "Lean back."
    place.wait(LONG)
    place.say("WhatNow")
    place.say("Extend", slots=[{"slotName": "minutes", "value": {"value": 3}}])
    assert place.spoken() == ["Rest. Lean back."]
    place.wait(LONG)
    assert place.spoken() == ["Three minutes more."]


def test_music_ducks_under_an_answer_as_under_any_words():
    place = Place().start().wait(LONG)
    session = place.conductor.runner("den").session
    place.say("WhatNow")
    assert session.gain.target < 0
    place.wait(LONG)
    assert session.gain.target == 0


def test_where_no_voice_is_cast_the_satellite_answers():
    place = Place("").start().wait(LONG)
    assert place.answered("Extend") == "Two minutes more."
    assert place.answered("Next") == "Dry the feet. Dry them well."
    assert place.answered("Repeat") == "Dry them well."
    assert place.answered("Pause") == "Paused."
    assert place.answered("Resume") == "We go on."
    assert place.answered("Stop") == "We stop here."
    assert place.status is Status.LANDING


def test_a_voice_that_is_away_leaves_the_answer_to_the_satellite():
    place = Place().start().wait(LONG)
    place._take(place.simulated.offline("shelf", place.now))
    assert place.answered("Pause") == "Paused."


# What is done


def test_the_session_hears_every_word():
    place = Place().start().wait(LONG)
    assert place.answered("Next") == ""
    assert place.step == "dry"
    place.say("Back")
    assert place.step == "soak"
    assert place.status_after("Pause") is Status.PAUSED
    assert place.status_after("GoOn") is Status.HOLDING, "until the answer is said"
    assert place.status_after("Stop") is Status.LANDING


def test_next_in_a_pause_goes_on_in_the_step():
    place = Place().start().wait(LONG)
    place.say("Pause")
    place.wait(LONG)
    place.spoken()
    assert place.answered("Next") == ""
    assert (place.status, place.step) == (Status.RUNNING, "soak")
    place.wait(SECOND)
    assert place.spoken() == ["We go on."]
    place.say("Next")
    assert place.step == "dry"


def test_what_makes_the_session_speak_is_answer_enough():
    place = Place().start().wait(LONG)
    place.spoken()
    for word in ("Next", "Back", "Repeat"):
        assert place.answered(word) == ""
    place.wait(SECOND)
    assert place.spoken() == ["Dry them well.", *["Let them grow heavy. There is nothing to do."] * 2]


def test_pause_is_confirmed_in_the_silence_that_it_makes():
    place = Place().start().wait(LONG)
    place.spoken()
    assert place.answered("Pause") == ""
    assert place.spoken() == ["Paused."]
    assert place.answered("WhatNow") == ""
    place.wait(5 * SECOND)
    assert place.spoken() == ["Paused: Soak your feet."]


def test_a_voice_that_cannot_be_hushed_is_left_to_finish_when_paused():
    place = Place("bedside").start().wait(SECOND)
    place.spoken()
    assert place.answered("Pause") == ""
    assert place.spoken() == []
    assert place.status is Status.PAUSED


def test_words_that_were_cut_are_said_again_and_nothing_else():
    place = Place().start().wait(SECOND)
    place.say("Pause")
    place.spoken()
    place.wait(LONG)
    place.say("Resume")
    place.wait(SECOND)
    assert place.spoken() == ["Let them grow heavy. There is nothing to do."]


def test_a_step_that_waits_says_how_to_go_on():
    place = Place().start().wait(LONG)
    place.say("Next")
    place.wait(LONG)
    place.spoken()
    place.say("WhatNow")
    assert place.spoken() == ["Dry the feet. When you are ready, say: next."]


def scene(name):
    return {"slots": [{"slotName": "scene", "value": {"value": name}}]}


def test_a_scene_is_begun_and_speaks_for_itself():
    place = Place()
    assert place.answered("Start", **scene("quiet")) == ""
    place.wait(SECOND)
    assert place.runner.start.trigger == "voice"
    assert place.spoken() == ["Let them grow heavy. There is nothing to do."]
    place.wait(LONG)
    assert place.answered("Start", **scene("quiet")) == ""
    place.wait(SECOND)
    assert place.spoken() == ["Something is on already."]


def test_where_a_scene_has_no_voice_the_satellite_says_what_to_do_first():
    assert Place("").answered("Start", **scene("quiet")) == "Soak your feet. Let them grow heavy."


def test_where_a_scene_has_no_voice_the_satellite_says_the_first_caution_too():
    cautions = "cautions: [{en: Stop when it hurts., de: Bei Schmerz Schluss.}, {en: No more., de: Mehr nicht.}]"
    place = Place("", scene=SCENE.replace("roles:", f"{cautions}\nroles:", 1))
    assert place.answered("Start", **scene("quiet")) == "Stop when it hurts. Soak your feet. Let them grow heavy."
    assert "hurts" not in place.answered("WhatNow"), "once"


def test_while_the_room_is_still_looked_at_it_is_about_to_begin():
    place = Place("")
    place.conductor = Conductor(place.home, bridge_rates(place.home))
    place.simulated = SimulatedHome(place.home, {"lamp": parse(["lamp=silent"])["lamp"]})
    place.intent_handler = IntentHandler(place.home, Intents(place.home), place.conductor, place.do)
    assert place.answered("Start", **scene("quiet")) == "It is about to begin."
    assert place.status is Status.STARTING


def test_a_scene_that_is_not_there_is_not_begun():
    assert Place().answered("Start", **scene("loud")) == "I do not know that scene."
    assert Place().answered("Start") == "Which scene?"
    assert Place().answered("Start", confidence=0.2, **scene("quiet")) == "Sorry, once more?"


def test_a_wish_that_is_too_long_is_refused_in_a_few_words():
    place = Place("").start().wait(LONG)
    assert place.answered("Extend", slots=[{"slotName": "minutes", "value": {"value": 500}}]) == "That does not work."


def test_what_is_refused_changes_nothing_and_is_answered():
    place = Place("").start().wait(LONG)
    assert place.answered("Skip") == "Not now."
    place.say("Stop")
    assert place.answered("Next") == "It is ending already."


# In which language


def test_a_session_answers_in_its_own_language():
    place = Place(language="de").start().wait(LONG)
    place.spoken()
    place.say("WhatNow", lang="en")
    assert place.spoken() == ["Bade die Füße. Lass sie schwer werden."]
    place.wait(LONG)
    place.say("Extend", slots=[{"slotName": "minutes", "value": {"value": 1}}])
    assert place.spoken() == ["Eine Minute mehr."]


@pytest.mark.parametrize(
    ("home", "lang", "text"),
    [
        ("en", None, "Nothing is on."),
        ("de", None, "Gerade läuft nichts."),
        ("en", "de_DE", "Gerade läuft nichts."),
        ("de", "en", "Nothing is on."),
        ("pt", None, "Nothing is on."),
        ("fr", None, "Rien n'est en cours."),
    ],
)
def test_a_satellite_answers_in_the_language_that_it_was_spoken_to_in(home, lang, text):
    assert Place(language=home).answered("Next", lang=lang) == text


# With manners


def test_nothing_is_on():
    place = Place()
    assert place.answered("WhatNow") == "Nothing is on."
    assert place.answered("Stop") == "Nothing is on."


def test_what_the_broker_had_stored_is_passed_over():
    place = Place().start().wait(LONG)
    assert place.say("Stop", retain=True) == []
    assert place.status is Status.RUNNING


def test_who_is_unsure_asks_again_and_does_nothing():
    place = Place("").start().wait(LONG)
    assert place.answered("Stop", confidence=0.3) == "Sorry, once more?"
    assert place.status is Status.RUNNING
    assert Place("").answered("Stop", confidence=0.3) == ""


def test_an_intent_of_somebody_else_is_left_alone():
    assert Place().start().say("", topic="hermes/intent/GetTime") is None


NOT_UNDERSTOOD = "hermes/dialogueManager/intentNotRecognized"


def test_what_nobody_understood_ends_silently_while_a_session_is_on():
    place = Place()
    assert place.say("", topic=NOT_UNDERSTOOD) is None
    assert place.start().answered("", topic=NOT_UNDERSTOOD) == ""


def test_a_site_that_no_room_has_is_told_so():
    assert Place().answered("Next", siteId="cellar") == "I do not know which room this is."


def test_without_a_dialogue_there_is_none_to_end():
    place = Place()
    (said,) = place.say("Next", dialogue=None)
    assert (said.topic, json.loads(said.payload)) == (
        "hermes/tts/say",
        {"text": "Nothing is on.", "siteId": "bedroom", "lang": "en"},
    )
    place.start()
    assert [message.topic for message in place.say("Next", dialogue=None)] == ["relax/rooms/den/reply"]


# What is planned


def test_what_has_been_announced_is_asked_first():
    heard = []

    def about_planned(about, now):
        heard.append(about)
        return True

    place = Place(about_planned=about_planned)
    assert place.answered("Skip") == "Not today, then."
    assert place.answered("Later", slots=[{"slotName": "minutes", "value": {"value": 15}}]) == "Later, then."
    assert place.answered("Now") == ""
    assert heard == [
        AboutPlanned(PlannedWord.SKIP, "den"),
        AboutPlanned(PlannedWord.LATER, "den", 15 * MINUTE),
        AboutPlanned(PlannedWord.NOW, "den"),
    ]


def test_where_nothing_is_planned_that_is_the_answer():
    assert [Place().answered(word) for word in ("Skip", "Later", "Now")] == ["Nothing is planned."] * 3
