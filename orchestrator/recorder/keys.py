"""Which keys and words tell something of a person, and which only of a device or a protocol."""

import re

_PROTOCOLS = """
    action announce api attributes audioserver avail availability available b binary_sensor bridge brightness bulb
    button c channel cmnd cmps col color color_temp colour command components config connected control current
    device devices dimmer dimming discovery done error esphome event events g get group groups health hermes
    homeassistant homie host hue info is json lamp lamps led level light lights linkquality logging lwt mac metrics
    mode mqtt music number off offline on online play player plug power pub query r ready relay remote result rpc
    satellite say sayfinished select sensor sensors set shellies sonos sonos2mqtt speaker speakers speech stat state
    status status11 status8 strip switch tasmota tele tts v voice volume w white wled z2m zigbee zigbee2mqtt ~
"""
WORDS = frozenset(_PROTOCOLS.split())
"""Words of protocols, and what any lamp may be called: they tell nobody anything, in topics or in texts."""

_IDENTITY = """
    app appversion datecode firmware fw fwid gen hw hwversion manufacturer manufacturername md mdl mf model modelid
    softwarebuildid stackversion sw swversion vendor ver version zigbeemodel
"""
IDENTITY = frozenset(_IDENTITY.split())
"""Keys of what a device is, which is not whose it is: figures there are type numbers and versions."""

_PERSONAL = """
    album ap area artist author cns comment cu description dn dns fn gateway group groupname gw hn home host ids ieee
    input ip ip4 ip6 ipv4 ipv6 key label lat lng lon mac media name names note person people pin playing rawinput room
    sa say sentence sessionid site siteid sn text title track tz uri url user uuid via viadevice
"""
_PERSONAL_KEYS = frozenset(_PERSONAL.split())
_PERSONAL_PARTS = re.compile(
    r"pass|pwd|psk|secret|token|apikey|credential|privatekey|networkkey|certificate|ssid|wifi|wlan|panid"
    r"|serial|imei|iccid|address|hostname|username|email|phone|owner"
    r"|latitude|longitude|location|timezone|suggestedarea"
    r"|friendlyname|uniqueid|uniqid|objectid|objid|entityid|identifiers|connections|configurationurl"
)
_TOPICAL = re.compile(r"(^|_)(topic|t)$|^~$|^base$|^prefix$")


def bare(key: str) -> str:
    """A key in small letters and digits alone: `unique_id`, `uniqueId` and `Unique ID` are the same."""
    return re.sub(r"[^a-z0-9]", "", key.casefold())


def is_personal(key: str) -> bool:
    """Whether what stands under a key is somebody's, whatever it looks like."""
    word = bare(key)
    return word not in IDENTITY and (word in _PERSONAL_KEYS or bool(_PERSONAL_PARTS.search(word)))


def is_identity(key: str) -> bool:
    """Whether a key says what a device is."""
    return bare(key) in IDENTITY


def is_topical(key: str) -> bool:
    """Whether topics stand under a key, of a home file or of Home Assistant's discovery."""
    return bool(_TOPICAL.search(key))
