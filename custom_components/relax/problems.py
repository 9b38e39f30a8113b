"""What lasts, and wants a person: as repairs of Home Assistant's."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_call_later

from .client import RelaxClient
from .const import DOMAIN
from .lending.lender import Lender

LASTS: Final = timedelta(minutes=10)
"""What is over before that needs nobody: a restart, a broker that was away, a lamp that was slow once."""


class Problems:
    """Of one entry. `missing` gives what was chosen by name and is gone."""

    def __init__(
        self, hass: HomeAssistant, client: RelaxClient, lender: Lender, missing: Callable[[], list[str]]
    ) -> None:
        self._hass = hass
        self._client = client
        self._lender = lender
        self._missing = missing
        self._since: dict[str, CALLBACK_TYPE] = {}
        """What may become a repair, by its id: what ends waiting for that."""
        self._said: dict[str, Mapping[str, str]] = {}

    @callback
    def look(self) -> None:
        """Compare what is wrong now with what was."""
        wrong = self._wrong()
        for id_ in [id_ for id_ in (*self._since, *self._said) if id_ not in wrong]:
            if (end := self._since.pop(id_, None)) is not None:
                end()
            if self._said.pop(id_, None) is not None:
                ir.async_delete_issue(self._hass, DOMAIN, id_)
        for id_, values in wrong.items():
            if id_ in self._said or id_.startswith("gone_"):
                self._say(id_, values)
            elif id_ not in self._since:
                self._since[id_] = async_call_later(self._hass, LASTS, self._lasts(id_))

    @callback
    def clear(self) -> None:
        """Nothing is watched any more."""
        for end in self._since.values():
            end()
        for id_ in self._said:
            ir.async_delete_issue(self._hass, DOMAIN, id_)
        self._since.clear()
        self._said.clear()

    def _lasts(self, id_: str) -> Callable[[datetime], None]:
        @callback
        def lasted(_now: datetime) -> None:
            self._since.pop(id_, None)
            if (values := self._wrong().get(id_)) is not None:
                self._say(id_, values)

        return lasted

    def _say(self, id_: str, values: Mapping[str, str]) -> None:
        if self._said.get(id_) == values:
            return
        self._said[id_] = values
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            id_,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=values["kind"],
            translation_placeholders={key: value for key, value in values.items() if key != "kind"},
        )

    def _wrong(self) -> dict[str, Mapping[str, str]]:
        found: dict[str, Mapping[str, str]] = {}
        if self._client.is_online is not True:
            found["service_away"] = {"kind": "service_away", "base": self._client.base}
        for room, said in self._client.sessions.items():
            if problem := said.get("problem"):
                found[f"room_{room}"] = {"kind": "room_problem", "room": room, "problem": str(problem)}
        for name, said in self._client.schedules.items():
            if problem := said.get("problem"):
                title = str(said.get("title") or name)
                found[f"schedule_{name}"] = {"kind": "schedule_problem", "schedule": title, "problem": str(problem)}
        for each in self._lender.lent.values():
            if each.refusal is not None:
                refused = {"kind": "lent_entity_refuses", "entity": each.lent.entity_id, "problem": each.refusal}
                found[f"refuses_{each.lent.id}"] = refused
        for name in self._missing():
            found[f"gone_{name}"] = {"kind": "lent_entity_gone", "entity": name}
        return found
