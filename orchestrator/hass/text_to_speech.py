"""Who makes sound of words for the players of a Home Assistant, and what it calls a language. Asked once for each."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from orchestrator.hass.connection import HassConnection
from orchestrator.languages import library as languages


class HassTextToSpeech:
    """The server that is named, else the first that Home Assistant has."""

    def __init__(self, connection: Callable[[], HassConnection | None]) -> None:
        self._connection = connection
        self._first: str | None = None
        self._called: dict[tuple[str, str], str | None] = {}
        """Of a server and a language of ours: what it calls that."""

    def find(
        self,
        named: str | None,
        language: str,
        take: Callable[[str, str | None], None],
        fail: Callable[[str | None], None],
    ) -> None:
        """`take` is called with the server and its name of the language; `fail` with why there is none."""
        server = named or self._first
        if server is not None and (server, language) in self._called:
            take(server, self._called[server, language])
            return
        connection = self._connection()
        if connection is None:
            fail(None)
            return

        def listed(is_done: bool, result: Any) -> None:
            if not is_done:
                fail(result)
                return
            chosen = _chosen(result, named)
            if chosen is None:
                fail(f"Home Assistant has no {named or 'text-to-speech server (an entity tts.…)'}")
                return
            server, languages = chosen
            self._first = server if named is None else self._first
            self._called[server, language] = nearest(language, languages)
            take(server, self._called[server, language])

        connection.ask("tts/engine/list", listed)

    def forget(self) -> None:
        """Home Assistant is away: nobody knows what it has then."""
        self._first = None
        self._called.clear()


def _chosen(listed: Any, named: str | None) -> tuple[str, Sequence[object]] | None:
    providers = listed.get("providers") if isinstance(listed, dict) else None
    for each in providers if isinstance(providers, list) else ():
        name = each.get("engine_id") if isinstance(each, dict) else None
        if isinstance(name, str) and name.startswith("tts.") and named in (None, name):
            languages = each.get("supported_languages")
            return name, languages if isinstance(languages, list) else []
    return None


def nearest(language: str, known: Sequence[object]) -> str | None:
    """What a server calls a language: `de` may be `de-DE` or `de_DE` there. None where it is to take its own."""
    wanted = language.lower().replace("_", "-")
    own = languages.find(wanted)
    region = own.region.lower() if own is not None and own.region and own.language == wanted else wanted
    at_home = f"{wanted}-{region}"

    def rank(name: str) -> int:
        plain = name.lower().replace("_", "-")
        return 0 if plain == wanted else 1 if plain == at_home else 2

    family = wanted.partition("-")[0]
    names = [each for each in known if isinstance(each, str)]
    of_it = [each for each in names if re.split("[-_]", each.lower())[0] == family]
    return min(of_it, key=rank, default=None)
