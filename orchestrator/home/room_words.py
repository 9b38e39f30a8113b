"""Rooms that names speak of: `bedroom_ceiling`, `Wohnzimmerlampe`, `Kitchen/strip`."""

import re
from typing import NamedTuple

_ROOMS = {
    "bedroom": "bedroom, master bedroom, schlafzimmer, chambre, slaapkamer, dormitorio, camera da letto, bed room",
    "living": "living room, livingroom, living, lounge, wohnzimmer, wohnen, salon, woonkamer, sala, soggiorno",
    "kitchen": "kitchen, küche, kueche, cuisine, keuken, cocina, cucina",
    "bathroom": "bathroom, bath, badezimmer, bad, salle de bain, badkamer, baño, bagno",
    "office": "office, study, arbeitszimmer, büro, buero, bureau, kantoor, oficina, ufficio",
    "den": "den, family room",
    "child": "nursery, kids room, kidsroom, kinderzimmer, children",
    "guest": "guest room, guestroom, gästezimmer, gaestezimmer",
    "dining": "dining room, diningroom, dining, esszimmer, eetkamer",
    "hall": "hall, hallway, corridor, flur, diele, gang, couloir",
    "attic": "attic, loft, dachboden, dachzimmer",
    "cellar": "basement, cellar, keller",
    "garden": "garden, garten, terrace, terrasse, patio, balcony, balkon",
    "garage": "garage",
}
_FURNITURE = {
    "bedside": "bedroom",
    "headboard": "bedroom",
    "bed": "bedroom",
    "bett": "schlafzimmer",
    "nachttisch": "schlafzimmer",
    "nachtkästchen": "schlafzimmer",
    "chevet": "chambre",
    "nachtkastje": "slaapkamer",
    "mesilla": "dormitorio",
    "comodino": "camera da letto",
}
"""What stands in one room alone, and what people call that; a word that names a room itself goes before."""
_WHICH = {phrase.strip(): room for room, listed in _ROOMS.items() for phrase in listed.split(",")}
_LONGEST_FIRST = sorted(_WHICH, key=len, reverse=True)
_PARTS = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])|[^A-Za-zÀ-ÿ]+")
_COMPOUND = 5
"""Letters from which on a word may also begin a longer one, as in Wohnzimmerlampe."""


class RoomName(NamedTuple):
    """`key` is the same for one room in all languages; `spelt` as people write it."""

    key: str
    spelt: str


def room_in(*names: str) -> RoomName | None:
    """The room that the first of these names that speaks of one speaks of."""
    for name in names:
        words = " ".join(part.lower() for part in _PARTS.split(name) if part)
        for phrase in _LONGEST_FIRST:
            if re.search(_beginning(phrase), words):
                return _room(phrase)
    for name in names:
        words = " ".join(part.lower() for part in _PARTS.split(name) if part)
        room = next((room for piece, room in _FURNITURE.items() if re.search(_beginning(piece), words)), None)
        if room is not None:
            return _room(room)
    return None


def _beginning(phrase: str) -> str:
    """As words of its own, or where it is long enough also as the beginning of one."""
    ends = "" if len(phrase) >= _COMPOUND and " " not in phrase else r"\b"
    return rf"\b{re.escape(phrase)}{ends}"


def _room(phrase: str) -> RoomName:
    return RoomName(_WHICH[phrase], _written(phrase))


def _written(name: str) -> str:
    return name[:1].upper() + name[1:]


def room_called(area: str) -> RoomName:
    """The room that an area is: its name, whatever that is."""
    known = room_in(area)
    return RoomName(known.key if known is not None else area.lower().strip(), _written(area.strip()))
