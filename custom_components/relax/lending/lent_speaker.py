"""A media player as player and voice, by the speaker contract of relax (docs/speaker.md).

A player that can announce lowers its own music and goes on with it. In all others words take the music's place: it is
stopped, the words are played at their own volume, and it goes on where it was, as far as the player can go there.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .branch import Branch
from .lent_entity import LentAs, LentEntity
from .lent_satellite import as_order
from .spoken_words import SpokenWords, async_spoken

_HEARD = ("playing", "buffering")
_BEGINS_WITHIN: Final = 5.0
"""Seconds in which a player that was told to play may still say that it does not."""
_ENDS_WITHIN: Final = 0.3
"""Seconds after the sound in which a player is taken to be done."""
_WAITS_FOR_MORE: Final = 8.0


class LentSpeaker(LentEntity):
    """`voice`: the text-to-speech engine that speaks through it; None for a player that only plays."""

    platform: ClassVar[str] = "speaker"

    def __init__(
        self,
        hass: HomeAssistant,
        lent: LentAs,
        branch: Branch,
        presence: tuple[Mapping[str, str], ...],
        voice: str | None = None,
    ) -> None:
        super().__init__(hass, lent, branch, presence)
        self._voice = voice
        self._uri = ""
        """What relax had it play, "" for nothing."""
        self._content: str | None = None
        """What the player itself calls that, once it has said so."""
        self._begins_until = 0.0
        self._beginning: asyncio.TimerHandle | None = None
        self._volume: float | None = None
        """Of the music, while words have another one."""
        self._saying: str | None = None
        self._is_said = False
        """The words are over, and the next sentence is waited for."""
        self._is_in_place = False
        """What plays are words in the place of the music, also such as were cut by others."""
        self._is_held = False
        """The music was stopped for words, and goes on after them."""
        self._position = 0.0
        self._words: asyncio.Task[None] | None = None
        self._orders: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None

    async def async_leave(self, *, forget: bool) -> None:
        """Words that are under way are cut."""
        if self._beginning is not None:
            self._beginning.cancel()
        self._hush()
        await super().async_leave(forget=forget)

    # What it is, and how

    def announcement(self) -> dict[str, Any] | None:
        kinds = ["player", "voice"] if self._voice is not None else ["player"]
        return {"topic": self.branch.speaker, "kind": kinds}

    def _where(self) -> dict[str, Any]:
        return self._carrier()

    def report(self, state: State) -> str | None:
        if self._is_beginning(state):
            return None
        said: dict[str, Any] = {
            "playing": self._plays(state),
            "paused": state.state == "paused" and not self._is_held,
            "volume": self._volume if self._volume is not None else state.attributes.get("volume_level"),
            "abilities": self._abilities(state),
        }
        return json.dumps({key: value for key, value in said.items() if value is not None})

    @callback
    def changed(self, before: State | None, now: State) -> None:
        content = now.attributes.get("media_content_id")
        if now.state in _HEARD and self._uri and self._content is None and self._saying is None:
            self._content = content if isinstance(content, str) else ""
            self._begins_until = 0.0
            self.publish(now)
        elif before is not None and self._is_over(before, now):
            self._put({"do": "play", "uri": self._uri, "loop": True})

    def _is_beginning(self, state: State) -> bool:
        return state.state not in _HEARD and self.hass.loop.time() < self._begins_until

    def _plays(self, state: State) -> str | bool:
        if self._is_held:
            return self._uri or True
        if state.state not in (*_HEARD, "paused") or (
            self._saying is not None and not self._can(state, Feature.MEDIA_ANNOUNCE)
        ):
            return ""
        content = state.attributes.get("media_content_id")
        if self._uri and (self._content is None or content in (self._content, self._uri) or self._saying is not None):
            return self._uri
        is_address = isinstance(content, str) and content.startswith(("http://", "https://"))
        return str(content) if is_address and "/api/tts_proxy/" not in str(content) else True

    def _abilities(self, state: State) -> list[str]:
        announces = self._can(state, Feature.MEDIA_ANNOUNCE)
        known = ["loop"]
        if self._can(state, Feature.PAUSE):
            known.append("pause")
        if self._voice is not None:
            known += ["say", "done", "ducks"]
            if not announces and self._can(state, Feature.STOP):
                known.append("hush")
        return known

    def _is_over(self, before: State, now: State) -> bool:
        """The music came to its end; what somebody stops before that stays stopped."""
        if before.state != "playing" or now.state != "idle" or not self._uri or self._saying is not None:
            return False
        said = before.attributes
        length, position, since = (
            said.get(key) for key in ("media_duration", "media_position", "media_position_updated_at")
        )
        if not isinstance(length, int | float) or not isinstance(position, int | float) or since is None:
            return False
        return bool(position + (now.last_changed - since).total_seconds() > length - 3)

    @staticmethod
    def _can(state: State | None, feature: Feature) -> bool:
        features = state.attributes.get("supported_features", 0) if state is not None else 0
        return isinstance(features, int) and bool(features & feature)

    # What it is told

    @callback
    def told(self, payload: str) -> None:
        order = as_order(payload)
        match order:
            case {"do": "say" | "announce", "id": str()}:
                self._hush()
                self._saying = order["id"]
                self._words = self.hass.async_create_task(self._async_say_words(order), eager_start=True)
            case {"do": "hush", "id": str(id_)} if id_ == self._saying:
                if not self._can(self.state, Feature.MEDIA_ANNOUNCE):
                    self._hush()
                    self._put({"do": "hushed"})
            case (
                {"do": "play", "uri": str()}
                | {"do": "pause" | "resume" | "stop"}
                | {"do": "volume", "level": int() | float()}
            ):
                self._put(order)

    def _hush(self) -> None:
        """Words that are under way are cut; whoever waits for them hears that they failed."""
        if self._words is None or self._words.done():
            return
        self._words.cancel()
        if not self._is_said and self._saying is not None:
            self.say(self.branch.event, {"id": self._saying, "event": "failed"})
        self._saying = None

    def _put(self, order: Mapping[str, Any]) -> None:
        """One after the other; of volumes that wait only the last."""
        self._orders.put_nowait(order)
        if self._worker is None or self._worker.done():
            self._worker = self.hass.async_create_task(self._async_work(), eager_start=True)

    async def _async_work(self) -> None:
        while not self._orders.empty():
            order = self._orders.get_nowait()
            if order["do"] == "volume" and any(each["do"] == "volume" for each in self._waiting()):
                continue
            await self._async_obey(order)
            self.publish()

    def _waiting(self) -> list[Mapping[str, Any]]:
        listed = []
        while not self._orders.empty():
            listed.append(self._orders.get_nowait())
        for each in listed:
            self._orders.put_nowait(each)
        return listed

    async def _async_obey(self, order: Mapping[str, Any]) -> None:
        state = self.state
        if state is None:
            return
        words_play = self._saying is not None and not self._can(state, Feature.MEDIA_ANNOUNCE)
        match order["do"]:
            case "play":
                self._uri, self._content, self._position = order["uri"], None, 0.0
                if words_play:
                    self._is_held = True
                else:
                    await self._async_play(order["uri"], loop=order.get("loop") is True)
            case "volume" if words_play or self._volume is not None:
                self._volume = round(float(order["level"]), 2)
            case "volume":
                if self._can(state, Feature.VOLUME_SET):
                    await self.async_do("media_player.volume_set", {"volume_level": round(float(order["level"]), 2)})
            case "stop":
                self._uri, self._content, self._begins_until, self._is_held = "", None, 0.0, False
                if not words_play:
                    await self._async_silence(state)
            case "pause" if self._can(state, Feature.PAUSE):
                if words_play:
                    self._is_held = False
                else:
                    await self.async_do("media_player.media_pause", {})
            case "resume" if self._can(state, Feature.PAUSE):
                if words_play:
                    self._is_held = True
                else:
                    await self.async_do("media_player.media_play", {})
            case "hushed":
                await self.async_do("media_player.media_stop", {})
                await self._async_give_back()

    async def _async_play(self, uri: str, *, loop: bool) -> None:
        if self.state is not None and self.state.state in ("off", "standby") and self._can(self.state, Feature.TURN_ON):
            await self.async_do("media_player.turn_on", {})
        self._begins_until = self.hass.loop.time() + _BEGINS_WITHIN
        if self._beginning is not None:
            self._beginning.cancel()
        self._beginning = self.hass.loop.call_later(_BEGINS_WITHIN + 0.1, self._begun)
        data = {"media_content_id": uri, "media_content_type": "music"}
        if not await self.async_do("media_player.play_media", data):
            self._uri, self._begins_until = "", 0.0
        elif loop and self._can(self.state, Feature.REPEAT_SET):
            await self.async_do("media_player.repeat_set", {"repeat": "one"})

    @callback
    def _begun(self) -> None:
        if self.branch.state in self._said and self.state is not None:
            self.publish()

    async def _async_silence(self, state: State) -> None:
        if self._can(state, Feature.STOP):
            await self.async_do("media_player.media_stop", {})
        elif self._can(state, Feature.PAUSE):
            await self.async_do("media_player.media_pause", {})
        if self._can(state, Feature.REPEAT_SET) and state.attributes.get("repeat") == "one":
            await self.async_do("media_player.repeat_set", {"repeat": "off"})

    # Words

    async def _async_say_words(self, order: Mapping[str, Any]) -> None:
        id_ = order["id"]
        self._is_said = False
        is_done = await self._async_speak(order)
        self._is_said = True
        self.say(self.branch.event, {"id": id_, "event": "done" if is_done else "failed"})
        if order.get("more") is True and is_done and self._is_held:
            gap = order.get("gap")
            await asyncio.sleep((gap if isinstance(gap, int | float) else 2) + _WAITS_FOR_MORE)
        if self._saying == id_:
            self._saying = None
            await self._async_give_back()
            self.publish()

    async def _async_speak(self, order: Mapping[str, Any]) -> bool:
        state = self.state
        if state is None:
            return False
        try:
            words = await self._async_sound(order)
        except HomeAssistantError as error:
            self.refusal = str(error)
            return False
        announces = self._can(state, Feature.MEDIA_ANNOUNCE)
        if not announces:
            await self._async_make_way(state, order.get("volume"))
        data: dict[str, Any] = {"media_content_id": words.media, "media_content_type": "music", "announce": True}
        if announces and isinstance(volume := order.get("volume"), int | float):
            data["extra"] = {"volume": round(volume * 100)}
        if not await self.async_do("media_player.play_media", data):
            return False
        self.say(self.branch.event, {"id": order["id"], "event": "started"})
        await asyncio.sleep(words.seconds + _ENDS_WITHIN)
        return self.state is not None

    async def _async_sound(self, order: Mapping[str, Any]) -> SpokenWords:
        if order["do"] == "announce":
            return SpokenWords(str(order.get("uri")), 5.0)
        if self._voice is None:
            raise HomeAssistantError("no voice")
        language = order.get("language")
        return await async_spoken(
            self.hass, self._voice, str(order.get("text")), language if isinstance(language, str) else None
        )

    async def _async_make_way(self, state: State, volume: object) -> None:
        """The music is silent before the volume changes: it would jump with it."""
        if self._volume is None:
            known = state.attributes.get("volume_level")
            self._volume = round(known, 2) if isinstance(known, int | float) else None
        if state.state in _HEARD and not self._is_held and not self._is_in_place:
            self._is_held, self._position = True, _position(state)
            if self._can(state, Feature.PAUSE):
                await self.async_do("media_player.media_pause", {})
        self._is_in_place = True
        if isinstance(volume, int | float) and self._can(state, Feature.VOLUME_SET):
            await self.async_do("media_player.volume_set", {"volume_level": round(float(volume), 2)})

    async def _async_give_back(self) -> None:
        """Volume first, then the music that was held."""
        volume, self._volume = self._volume, None
        is_held, self._is_held, self._is_in_place = self._is_held, False, False
        state = self.state
        if state is None:
            return
        if volume is not None and self._can(state, Feature.VOLUME_SET):
            await self.async_do("media_player.volume_set", {"volume_level": volume})
        if not is_held:
            return
        if not self._uri:
            await self.async_do("media_player.media_play", {})
            return
        position = self._position
        await self._async_play(self._uri, loop=True)
        if position > 0 and self._can(state, Feature.SEEK):
            await self.async_do("media_player.media_seek", {"seek_position": position})


def _position(state: State) -> float:
    """Where the music is, in seconds; 0 where the player does not say."""
    position, since = state.attributes.get("media_position"), state.attributes.get("media_position_updated_at")
    if not isinstance(position, int | float) or since is None:
        return 0.0
    return float(round(position + (dt_util.utcnow() - since).total_seconds(), 1))
