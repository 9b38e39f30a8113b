"""What is at no broker: which gateway carries it, and where Home Assistant is and with which token."""

from pathlib import Path

import pytest

from orchestrator.daemon.gateways import AT_NO_BROKER, gateways_of, home_assistant_of
from orchestrator.errors import HomeAssistantRefused, HomeError
from orchestrator.home.library import Home, load, read

HOME = """
home: h
format: 1
{}
devices:
  lamp: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}}
  sofa: {{dialect: hass, entity: light.sofa}}
  satellite: {{kind: voice, dialect: wyoming, host: 192.168.1.20, tts: {{host: 192.168.1.5}}}}
rooms: {{den: {{roles: {{main: [lamp, sofa]}}}}}}
"""
SECRET = "open-sesame-4711"


def home(own: str = "", **environment: str) -> Home:
    return read(HOME.format(f"home_assistant: {own}" if own else ""), "home.yaml", environment)


async def test_each_device_has_one_way() -> None:
    place = home()
    for device in place.devices.values():
        ways = [way for way in gateways_of(place, {}) if all(way.carries(topic) for topic in device.dialect.topics)]
        assert len(ways) == (device.settings.dialect in AT_NO_BROKER)


@pytest.mark.parametrize(
    ("own", "url"),
    [
        (f"{{token: {SECRET}}}", "ws://homeassistant.local:8123/api/websocket"),
        (f"{{token: {SECRET}, address: 192.168.1.5}}", "ws://192.168.1.5:8123/api/websocket"),
        (f"{{token: {SECRET}, address: 'https://ha.example.org/'}}", "wss://ha.example.org/api/websocket"),
        (f"{{token: {SECRET}, address: 'http://[fe80::1]:8123'}}", "ws://[fe80::1]:8123/api/websocket"),
        (f"{{token: {SECRET}, address: 'ws://ha:81/api/websocket'}}", "ws://ha:81/api/websocket"),
        (f"{{token: {SECRET}, address: 'https://example.org/ha'}}", "wss://example.org/ha/api/websocket"),
    ],
)
def test_an_address_is_taken_as_people_write_it(own: str, url: str) -> None:
    found = home_assistant_of(home(own), {})
    assert (found.url, found.token) == (url, SECRET)


def test_a_token_comes_from_the_environment_or_a_file_and_is_read_anew(tmp_path: Path) -> None:
    assert home_assistant_of(home('{token: "${T}"}', T=SECRET), {}).token == SECRET
    (tmp_path / "home.yaml").write_text(HOME.format("home_assistant: {token_file: token}"))
    place = load(tmp_path / "home.yaml")
    with pytest.raises(HomeAssistantRefused, match=r"cannot be read from .*token: no such file"):
        home_assistant_of(place, {})
    for token in (SECRET, "another"):
        (tmp_path / "token").write_text(f"{token}\n")
        assert home_assistant_of(place, {}).token == token


def test_inside_an_add_on_supervisors_counts_unless_another_is_written() -> None:
    inside = {"SUPERVISOR_TOKEN": "of-supervisor"}
    found = home_assistant_of(home(), inside)
    assert (found.url, found.token) == ("ws://supervisor/core/websocket", "of-supervisor")
    assert home_assistant_of(home("off"), inside).token == "of-supervisor"
    assert home_assistant_of(home(f"{{token: {SECRET}}}"), inside).token == SECRET


def test_without_a_token_it_is_said_what_to_write() -> None:
    for own in ("", "off", "{address: 192.168.1.5}"):
        with pytest.raises(HomeAssistantRefused, match=r"Write `home_assistant: \{address: …, token_file: …\}`"):
            home_assistant_of(home(own), {})


@pytest.mark.parametrize(
    ("own", "why"),
    [
        (f"{{token: {SECRET}, token_file: t}}", "`token` says already what `token_file` is to be"),
        (f"{{token: {SECRET}, address: 'ftp://x'}}", "expected an address such as http://homeassistant.local:8123"),
        (f"{{address: 'http://me:{SECRET}@x'}}", "an address has no user and password"),
        ('{token: "${T}"}', "the environment has no variable `T`"),
        (f"{{token: [{SECRET}]}}", "expected a text"),
    ],
)
def test_what_makes_no_sense_is_a_fault_without_the_secret(own: str, why: str) -> None:
    with pytest.raises(HomeError) as caught:
        home(own)
    assert why in str(caught.value)
    assert SECRET not in str(caught.value)


def test_the_token_is_in_no_picture_of_the_home() -> None:
    place = home(f"{{token: {SECRET}}}")
    assert SECRET not in repr(place.model)
    assert SECRET not in repr(home_assistant_of(place, {}))
