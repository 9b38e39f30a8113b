"""The way to Home Assistant's own devices: what a session needs, and what Home Assistant, networks and owners do."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from orchestrator.devices.dialects.hass import Hass, HassSettings
from orchestrator.devices.messages import (
    AvailabilityReport,
    ButtonReport,
    Change,
    LightReport,
    Message,
    RefusalReport,
    Report,
    SetLight,
    SetVolume,
    Speak,
    SpeechEvent,
    SpeechReport,
)
from orchestrator.hass import gateway as gateway_module
from orchestrator.hass import voice as voice_module
from orchestrator.hass.access import HassAccess
from orchestrator.hass.gateway import HassGateway
from orchestrator.hass.owed_volumes import OwedVolumes
from orchestrator.hass.states import EntityStates
from orchestrator.units import OFF, Percent, WordsPerMinute
from orchestrator.values import Temperature
from tests.conftest import until
from tests.hass.server import LIGHT, TOKEN, FakeHomeAssistant, listening

SOFA, KITCHEN = "light.hue_sofa", "media_player.kitchen"
PIPER = [
    {"engine_id": "google", "supported_languages": ["de"]},
    {"engine_id": "tts.piper", "supported_languages": ["de_AT", "de_DE"]},
]
ON = {**LIGHT, "color_mode": "color_temp", "brightness": 255, "color_temp_kelvin": 4000}


@dataclass
class House:
    """Devices of a home, told and heard as the stage does it."""

    gateway: HassGateway
    dialects: dict[str, Hass]
    heard: list[tuple[str, Report]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def hear(self, message: Message) -> None:
        assert self.gateway.carries(message.topic)
        self.messages.append(message)
        for entity, dialect in self.dialects.items():
            self.heard += [(entity, each) for each in dialect.decode(message)]

    def tell(self, entity: str, *changes: Change) -> None:
        for change in changes:
            self.gateway.publish(self.dialects[entity].encode(change))

    def of(self, entity: str, kind: type[Report]) -> list[Any]:
        return [each for name, each in self.heard if name == entity and isinstance(each, kind)]

    def is_there(self, entity: str) -> bool | None:
        said = self.of(entity, AvailabilityReport)
        return said[-1].online if said else None

    def why(self, entity: str) -> str:
        return " ".join(each.why for each in self.of(entity, RefusalReport))

    def spoken(self, id_: str) -> list[SpeechEvent]:
        return [each.event for _, each in self.heard if isinstance(each, SpeechReport) and each.id == id_]


@asynccontextmanager
async def house(
    server: FakeHomeAssistant,
    entities: Sequence[str] = (SOFA,),
    token: str = TOKEN,
    owed: OwedVolumes | None = None,
    **more: Any,
) -> AsyncIterator[House]:
    settings = [HassSettings.model_validate({"dialect": "hass", "entity": each, **more}) for each in entities]
    gateway = HassGateway(entities, lambda: HassAccess(server.url, token), owed)
    one = House(gateway, {each.entity: Hass(each.entity, each) for each in settings})
    async with gateway.serve(one.hear):
        yield one


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes minutes takes moments, so that a test need not."""
    for name in ("SOONEST", "LATEST", "STARTS_WITHIN"):
        monkeypatch.setattr(gateway_module, name, 0.02)
    monkeypatch.setattr(voice_module, "BEGINS_WITHIN", 0.02)
    monkeypatch.setattr(voice_module, "LEFT_AFTER", 0.02)


# States


async def test_a_state_comes_whole_whatever_of_it_has_changed() -> None:
    server = FakeHomeAssistant({SOFA: ("on", ON)})
    async with listening(server), house(server) as here:
        await until(lambda: here.is_there(SOFA))
        server.show(SOFA, "on", **{**ON, "brightness": 51})
        await until(lambda: here.of(SOFA, LightReport)[-1] == LightReport(Percent(20.0), Temperature.of_kelvin(4000)))
        server.show(SOFA, "off", **LIGHT, color_mode=None)
        await until(lambda: here.of(SOFA, LightReport)[-1] == LightReport(OFF))


async def test_one_that_is_unavailable_is_away_until_its_first_real_state() -> None:
    server = FakeHomeAssistant({SOFA: ("unavailable", {"restored": True, **LIGHT})})
    async with listening(server), house(server) as here:
        await until(lambda: here.is_there(SOFA) is False)
        server.show(SOFA, "unknown", **LIGHT)
        server.show(SOFA, "on", **ON)
        await until(lambda: here.is_there(SOFA))
        assert [each.online for each in here.of(SOFA, AvailabilityReport)] == [False, False, True]


async def test_one_that_is_taken_out_of_home_assistant_is_away_and_that_is_said() -> None:
    server = FakeHomeAssistant({SOFA: ("on", ON)})
    async with listening(server), house(server) as here:
        await until(lambda: here.is_there(SOFA))
        server.remove(SOFA)
        await until(lambda: here.is_there(SOFA) is False)
        assert "Home Assistant has no light.hue_sofa" in here.why(SOFA)


async def test_what_a_starting_home_assistant_does_not_have_yet_is_not_said_to_be_missing() -> None:
    server = FakeHomeAssistant(is_running=False)
    async with listening(server), house(server) as here:
        await until(lambda: server.asked.count("get_config") >= 3)
        assert not here.heard
        server.show(SOFA, "on", **ON)
        await until(lambda: here.is_there(SOFA))
        server.is_running = True
        asked = server.asked.count("get_config")
        await until(lambda: server.asked.count("get_config") > asked)
        assert here.is_there(SOFA)


async def test_who_asks_is_told_what_is_known_and_nothing_where_nobody_knows() -> None:
    server = FakeHomeAssistant({SOFA: ("on", ON)})
    async with listening(server), house(server, [SOFA, "light.other"]) as here:
        await until(lambda: here.is_there(SOFA))
        before = len(here.of(SOFA, LightReport))
        for dialect in here.dialects.values():
            here.gateway.publish(dialect.query())
        assert len(here.of(SOFA, LightReport)) == before, "nobody is answered while they still ask"
        await until(lambda: len(here.of(SOFA, LightReport)) == before + 1)
        assert not here.of("light.other", LightReport)


async def test_a_press_of_long_ago_is_none() -> None:
    remote = "event.remote"
    server = FakeHomeAssistant({remote: ("2026-11-22T20:00:00+00:00", {"event_type": "single"})})
    async with listening(server), house(server, [remote]) as here:
        await until(lambda: here.is_there(remote))
        server.show(remote, "2026-11-22T20:00:01+00:00", event_type="double")
        await until(lambda: here.of(remote, ButtonReport) == [ButtonReport("double")])
        server.show(remote, "unavailable")
        server.show(remote, "2026-11-22T20:00:05+00:00", event_type="single")
        await until(lambda: here.is_there(remote))
        server.show(remote, "2026-11-22T20:00:05+00:00", event_type="single", friendly_name="Remote")
        server.show(remote, "2026-11-22T20:00:06+00:00", event_type="double")
        await until(lambda: len(here.of(remote, ButtonReport)) == 2)
        assert here.of(remote, ButtonReport)[1] == ButtonReport("double")


# Calls


async def test_calls_of_one_entity_wait_for_each_other_and_those_that_wait_become_one() -> None:
    server = FakeHomeAssistant({SOFA: ("on", ON), "light.other": ("on", ON)}, takes={SOFA: 0.05})
    async with listening(server), house(server, [SOFA, "light.other"]) as here:
        await until(lambda: here.is_there(SOFA) and here.is_there("light.other"))
        for level in range(10, 60):
            colour = Temperature.of_kelvin(2500) if level == 20 else None
            here.tell(SOFA, SetLight(Percent(float(level)), colour, 0))
        here.tell("light.other", SetLight(OFF, None, 0))
        await until(lambda: here.of(SOFA, LightReport)[-1].level == pytest.approx(58.8, abs=0.3))
        told = [each for each in server.calls if each["entity"] == SOFA]
        assert len(told) == 2
        assert (told[1]["brightness"], told[1]["color_temp_kelvin"]) == (150, 2500)
        assert server.most_at_once[SOFA] == 1
        assert server.calls[1]["entity"] == "light.other", "nobody waits for another's lamp"


async def test_what_home_assistant_refuses_is_said_with_its_reason() -> None:
    server = FakeHomeAssistant({SOFA: ("on", ON)}, refuses={"light.turn_on": "The bridge is not reachable"})
    async with listening(server), house(server) as here:
        await until(lambda: here.is_there(SOFA))
        here.tell(SOFA, SetLight(Percent(30.0), None, 0))
        await until(lambda: here.why(SOFA) == "light.turn_on: The bridge is not reachable")
        assert here.is_there(SOFA)


async def test_one_that_never_answers_holds_up_what_follows_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_module, "TAKES_WITHIN", 0.05)
    server = FakeHomeAssistant({SOFA: ("on", ON)}, takes={SOFA: 3600.0})
    async with listening(server), house(server) as here:
        await until(lambda: here.is_there(SOFA))
        here.tell(SOFA, SetLight(Percent(30.0), None, 0), SetLight(Percent(40.0), None, 0))
        await until(lambda: len(server.calls) == 2)


async def test_what_was_told_last_is_still_carried_out_as_relax_ends() -> None:
    server = FakeHomeAssistant({SOFA: ("on", ON)}, takes={SOFA: 0.05})
    async with listening(server):
        async with house(server) as here:
            await until(lambda: here.is_there(SOFA))
            here.tell(SOFA, SetLight(Percent(30.0), None, 0), SetLight(Percent(70.0), None, 0))
        assert [each["brightness"] for each in server.calls] == [76, 178]


# Home Assistant away


async def test_home_assistant_away_and_back() -> None:
    server = FakeHomeAssistant({SOFA: ("on", ON)})
    async with listening(server), house(server) as here:
        await until(lambda: here.is_there(SOFA))
        await server.vanish()
        await until(lambda: here.is_there(SOFA) is False)
        here.tell(SOFA, SetLight(Percent(30.0), None, 0))
        server.states[SOFA] = "on", {**ON, "brightness": 128}
        await server.listen()
        await until(lambda: here.is_there(SOFA))
        assert here.of(SOFA, LightReport)[-1].level == pytest.approx(50.2, abs=0.1)
        assert not server.calls, "what it was told meanwhile is about a room that is no more"


async def trouble(server: FakeHomeAssistant, token: str) -> str:
    """Why the sofa is away."""
    async with house(server, token=token) as here:
        await until(lambda: here.is_there(SOFA) is False)
        return here.why(SOFA)


async def test_each_reason_has_its_own_sentence() -> None:
    said: dict[str, str] = {}
    wrong, old, other = FakeHomeAssistant(), FakeHomeAssistant(version="2022.4.1"), FakeHomeAssistant(greeting="hello")
    async with listening(wrong, old, other):
        for name, server, token in (("token", wrong, "wrong"), ("version", old, TOKEN), ("program", other, TOKEN)):
            said[name] = await trouble(server, token)
    said["nobody"] = await trouble(wrong, TOKEN)
    gateway = HassGateway([SOFA], lambda: HassAccess("ws://nowhere.invalid/api/websocket", TOKEN))
    nowhere = House(gateway, {SOFA: Hass("sofa", HassSettings.model_validate({"dialect": "hass", "entity": SOFA}))})
    async with gateway.serve(nowhere.hear):
        await until(lambda: nowhere.is_there(SOFA) is False)
        said["nowhere"] = nowhere.why(SOFA)
    assert "does not take the token. Make one in Home Assistant" in said["token"]
    assert "is version 2022.4.1; relax needs 2023.1 or newer" in said["version"]
    assert "is no Home Assistant" in said["program"]
    assert "Nobody listens at 127.0.0.1" in said["nobody"]
    assert "Nobody knows where nowhere.invalid is" in said["nowhere"]


async def test_what_says_no_is_not_asked_again_and_again() -> None:
    """Home Assistant tells its owner of each wrong login, and may ban who has tried too often."""
    server = FakeHomeAssistant()
    async with listening(server), house(server, token="wrong") as here:
        await until(lambda: here.is_there(SOFA) is False)
        await asyncio.sleep(0.2)
        assert server.logins == 1


@pytest.mark.parametrize("token", [TOKEN, "another-4712"])
async def test_the_token_is_in_nothing_that_is_said(token: str, caplog: pytest.LogCaptureFixture) -> None:
    """Also where somebody looks closely: the library would log each frame."""
    server = FakeHomeAssistant({SOFA: ("on", ON)})
    with caplog.at_level("DEBUG"):
        async with listening(server), house(server, token=token) as here:
            await until(lambda: here.is_there(SOFA) is not None)
            await server.vanish()
            await until(lambda: here.is_there(SOFA) is False)
    assert token not in repr(HassAccess(server.url, token))
    assert token not in "".join(each.payload for each in here.messages)
    said = [record.getMessage() for record in caplog.records]
    assert any("away" in each for each in said)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("websockets.server")]
    assert token not in "".join(ours)


# Words


def words(id_: str, language: str = "de") -> Speak:
    return Speak(id_, "Füße hoch.", language, Percent(40.0), WordsPerMinute(110.0), 0)


async def test_a_player_that_plays_and_then_does_not_has_spoken() -> None:
    server = FakeHomeAssistant({KITCHEN: ("idle", {"volume_level": 0.25})}, PIPER)
    async with listening(server), house(server, [KITCHEN], kind="voice", voice={"de": "thorsten"}) as here:
        await until(lambda: here.is_there(KITCHEN))
        here.tell(KITCHEN, words("a"))
        await until(lambda: len(server.calls) == 2)
        assert server.calls == [
            {"service": "media_player.volume_set", "entity": KITCHEN, "volume_level": 0.4},
            {"service": "tts.speak", "entity": "tts.piper", "media_player_entity_id": KITCHEN, "message": "Füße hoch.",
             "cache": True, "options": {"voice": "thorsten"}, "language": "de_DE"},
        ]  # fmt: skip
        server.show(KITCHEN, "playing", volume_level=0.4)
        await until(lambda: here.spoken("a") == [SpeechEvent.STARTED])
        server.show(KITCHEN, "idle", volume_level=0.4)
        await until(lambda: here.spoken("a") == [SpeechEvent.STARTED, SpeechEvent.DONE])
        await until(lambda: server.calls[-1].get("volume_level") == 0.25)


async def test_words_of_a_player_that_does_not_say_that_it_plays_take_their_time() -> None:
    server = FakeHomeAssistant({KITCHEN: ("playing", {"volume_level": 0.25})}, PIPER)
    async with listening(server), house(server, [KITCHEN], kind="voice") as here:
        await until(lambda: here.is_there(KITCHEN))
        here.tell(KITCHEN, words("a"))
        await until(lambda: here.spoken("a") == [SpeechEvent.STARTED, SpeechEvent.DONE])


async def test_a_satellite_has_spoken_once_its_call_is_answered() -> None:
    satellite = "assist_satellite.den"
    server = FakeHomeAssistant({satellite: ("idle", {})}, takes={satellite: 0.05})
    async with listening(server), house(server, [satellite]) as here:
        await until(lambda: here.is_there(satellite))
        here.tell(satellite, words("a"))
        await until(lambda: here.spoken("a") == [SpeechEvent.STARTED, SpeechEvent.DONE])
        assert server.calls[0]["message"] == "Füße hoch."
        assert server.calls[0]["preannounce"] is False


@pytest.mark.parametrize("engines", [[], [{"engine_id": "google", "supported_languages": ["de"]}]])
async def test_without_a_server_that_makes_sound_of_words_that_is_said(engines: list[dict[str, Any]]) -> None:
    server = FakeHomeAssistant({KITCHEN: ("idle", {})}, engines)
    async with listening(server), house(server, [KITCHEN], kind="voice") as here:
        await until(lambda: here.is_there(KITCHEN))
        here.tell(KITCHEN, words("a"))
        await until(lambda: here.spoken("a") == [SpeechEvent.FAILED])
        assert "Home Assistant has no text-to-speech server" in here.why(KITCHEN)


async def test_words_fail_where_home_assistant_vanishes_under_them() -> None:
    server = FakeHomeAssistant({KITCHEN: ("idle", {})}, PIPER)
    async with listening(server), house(server, [KITCHEN], kind="voice") as here:
        await until(lambda: here.is_there(KITCHEN))
        here.tell(KITCHEN, words("a"))
        await until(lambda: server.calls)
        await server.vanish()
        await until(lambda: here.spoken("a") == [SpeechEvent.FAILED])
        await server.listen()


async def test_the_volume_of_music_goes_the_same_way_as_all_else() -> None:
    can = {"volume_level": 0.25, "supported_features": 4}
    server = FakeHomeAssistant({KITCHEN: ("idle", can)})
    async with listening(server), house(server, [KITCHEN]) as here:
        await until(lambda: here.is_there(KITCHEN))
        here.tell(KITCHEN, *(SetVolume(Percent(float(level))) for level in range(10, 40)))
        await until(lambda: server.states[KITCHEN][1]["volume_level"] == 0.39)
        assert len(server.calls) == 2


async def spoken_once(server: FakeHomeAssistant, here: House, id_: str) -> None:
    """It is told words, plays them and is silent again."""
    here.tell(KITCHEN, words(id_))
    await until(lambda: server.calls and server.calls[-1]["service"] == "tts.speak")
    said = server.states[KITCHEN][1]
    server.show(KITCHEN, "playing", **said)
    server.show(KITCHEN, "idle", **said)
    await until(lambda: here.spoken(id_) == [SpeechEvent.STARTED, SpeechEvent.DONE])


async def test_a_volume_that_somebody_turns_is_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_module, "LEFT_AFTER", 3600.0)
    server = FakeHomeAssistant({KITCHEN: ("idle", {"volume_level": 0.25})}, PIPER)
    async with listening(server):
        async with house(server, [KITCHEN], kind="voice") as here:
            await until(lambda: here.is_there(KITCHEN))
            await spoken_once(server, here, "a")
            assert server.states[KITCHEN][1]["volume_level"] == 0.4
            heard = len(here.messages)
            server.show(KITCHEN, "idle", volume_level=0.1)
            await until(lambda: len(here.messages) > heard)
            await spoken_once(server, here, "b")
        assert server.states[KITCHEN][1]["volume_level"] == 0.1
        assert [each["service"] for each in server.calls].count("media_player.volume_set") == 1


async def test_it_is_as_loud_as_before_also_where_home_assistant_was_away_meanwhile() -> None:
    server = FakeHomeAssistant({KITCHEN: ("idle", {"volume_level": 0.25})}, PIPER)
    async with listening(server), house(server, [KITCHEN], kind="voice") as here:
        await until(lambda: here.is_there(KITCHEN))
        here.tell(KITCHEN, words("a"))
        await until(lambda: server.states[KITCHEN][1]["volume_level"] == 0.4)
        await server.vanish()
        await until(lambda: here.is_there(KITCHEN) is False)
        await asyncio.sleep(0.05)
        await server.listen()
        await until(lambda: server.states[KITCHEN][1]["volume_level"] == 0.25)


@asynccontextmanager
async def killed_while_it_was_loud(
    server: FakeHomeAssistant, file: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    """relax has spoken, and is gone before it has turned the player back."""
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(voice_module, "LEFT_AFTER", 3600.0)
        meanwhile.setattr(voice_module.HassVoice, "give_back", voice_module.HassVoice._cancel)
        async with house(server, [KITCHEN], kind="voice", owed=OwedVolumes(file)) as here:
            await until(lambda: here.is_there(KITCHEN))
            await spoken_once(server, here, "a")
    assert server.states[KITCHEN][1]["volume_level"] == 0.4
    yield


async def test_a_kill_under_its_words_leaves_no_player_as_loud_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, file = FakeHomeAssistant({KITCHEN: ("idle", {"volume_level": 0.25})}, PIPER), tmp_path / "voices.json"
    async with listening(server), killed_while_it_was_loud(server, file, monkeypatch):
        again = house(server, [KITCHEN], kind="voice", owed=OwedVolumes(file))
        async with again:
            await until(lambda: server.states[KITCHEN][1]["volume_level"] == 0.25)
            await until(lambda: not file.exists())


async def test_who_turned_it_while_relax_was_dead_has_it_as_they_like(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, file = FakeHomeAssistant({KITCHEN: ("idle", {"volume_level": 0.25})}, PIPER), tmp_path / "voices.json"
    async with listening(server), killed_while_it_was_loud(server, file, monkeypatch):
        server.show(KITCHEN, "idle", volume_level=0.1)
        async with house(server, [KITCHEN], kind="voice", owed=OwedVolumes(file)):
            await until(lambda: not file.exists())
        assert server.states[KITCHEN][1]["volume_level"] == 0.1


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"media_player.kitchen": [0.25]}', '{"media_player.kitchen": "x"}'])
def test_a_file_of_owed_volumes_that_is_none_owes_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "voices.json").write_text(text)
    assert OwedVolumes(tmp_path / "voices.json").entities == ()


async def test_a_mistake_of_ours_ends_no_way(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    server = FakeHomeAssistant({SOFA: ("on", ON)})
    take, mistakes = EntityStates.take, ["oh"]

    def mistaken(states: EntityStates, event: object) -> Any:
        if mistakes:
            raise ValueError(mistakes.pop())
        return take(states, event)

    monkeypatch.setattr(EntityStates, "take", mistaken)
    async with listening(server), house(server) as here:
        await until(lambda: here.is_there(SOFA))
        assert "relax made a mistake" in here.why(SOFA)
    assert "Something went wrong on the way to Home Assistant" in caplog.text
