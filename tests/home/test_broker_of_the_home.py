"""The broker of a home file: as a map, a host, a URL, or several ways to it; and its password in no text of ours."""

from pathlib import Path

import pytest

from orchestrator.daemon.broker import address_of
from orchestrator.errors import HomeError
from orchestrator.home.library import Home, read
from orchestrator.home.schema import schema
from orchestrator.mqtt.address import Address, Tls

HOME = """\
home: ours
format: 1
broker: {broker}
devices:
  lamp: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}}
rooms:
  bedroom: {{roles: {{main: lamp}}}}
"""
SECRET = "p@ss/w:rd#7%"


def home(broker: str, **environment: str) -> Home:
    return read(HOME.format(broker=broker), "/homes/home.yaml", environment)


def faults(broker: str, **environment: str) -> str:
    with pytest.raises(HomeError) as told:
        home(broker, **environment)
    return str(told.value)


@pytest.mark.parametrize(
    ("broker", "address"),
    [
        ('{host: "mqtt://core-mosquitto:1883"}', Address("core-mosquitto", 1883)),
        ("mqtt://core-mosquitto:1883", Address("core-mosquitto", 1883)),
        ("core-mosquitto", Address("core-mosquitto", 1883)),
        ('{host: "core-mosquitto:1884", username: me}', Address("core-mosquitto", 1884, "me")),
        ('"core-mosquitto:1884"', Address("core-mosquitto", 1884)),
        ("{}", Address("127.0.0.1", 1883)),
        ("mqtts://broker", Address("broker", 8883, tls=Tls())),
        ("{host: mqtts://broker, tls: {ca: ca.pem}}", Address("broker", 8883, tls=Tls(Path("/homes/ca.pem")))),
        ("{host: mqtts://broker, port: 8883}", Address("broker", 8883, tls=Tls())),
        ("ws://broker:9001/ws", Address("broker", 9001, websocket="/ws")),
        ("{host: broker, port: 9001, websocket: /mqtt}", Address("broker", 9001, websocket="/mqtt")),
        ("wss://broker", Address("broker", 443, tls=Tls(), websocket="/mqtt")),
        ("[mqtt://a, {host: b, port: 1884}]", Address("a", 1883, others=(Address("b", 1884),))),
    ],
)
def test_where_the_broker_is(broker, address):
    assert address_of(home(broker)) == address


@pytest.mark.parametrize(
    ("broker", "words"),
    [
        ('{host: "mqtt://broker:1883", port: 1884}', "say it once"),
        ("{host: mqtt://me@broker, username: you}", "say it once"),
        ("{host: mqtt://broker, tls: true}", "mqtts://"),
        ("http://broker:8123", "mqtts"),
        ("{host: mqtt://broker/topic}", "websocket"),
        ("7", "mqtt://broker.local:1883"),
        ("[]", "3:"),
        ("[mqtt://a, {hots: b}]", "did you mean `host`?"),
        ("{prot: 1883}", "`prot` is no key of a broker; did you mean `port`?"),
    ],
)
def test_what_is_wrong_with_it_is_told_at_its_place(broker, words):
    said = faults(broker)
    assert words in said
    assert "home.yaml:3:" in said


def test_a_password_in_a_url_comes_from_the_environment_whatever_signs_it_has():
    for broker in ('"mqtt://me:${PW}@broker"', '{host: "mqtt://me:${PW}@broker"}', '[a, "mqtt://me:${PW}@broker"]'):
        address = address_of(home(broker, PW=SECRET))
        assert (address.others or (address,))[-1].password == SECRET
    assert "no variable `PW`" in faults('"mqtt://me:${PW}@broker"')
    assert address_of(home('{username: me, password: "${PW}"}', PW=SECRET)).password == SECRET


@pytest.mark.parametrize(
    "broker",
    ["mqtt://me:hush-hush@broker:99999", "http://me:hush-hush@broker", "{host: 'mqtt://me:hush-hush@broker/x'}",
     "{host: 'mqtt://me:hush-hush@broker', prot: 3}", "{host: 'mqtt://me:hush-hush@broker', password: other}",
     "['mqtt://me:hush-hush@broker', 3]", "{host: [mqtt://me:hush-hush@broker]}", "{password: {hush-hush: 1}}"],
)  # fmt: skip
def test_no_fault_has_the_password_in_it(broker):
    assert "hush-hush" not in faults(broker).replace("`hush-hush`", "")


def test_no_text_of_ours_has_the_password_or_the_query_in_it():
    place = home("'wss://me:hush-hush@broker/ws?token=hush-hush'")
    address = address_of(place)
    assert address.password == "hush-hush"
    for text in (str(address), repr(address), repr(place), str(place.model), repr(place.model.brokers)):
        assert "hush-hush" not in text
    assert str(address) == "wss://broker:443/ws"


def test_the_schema_knows_each_form():
    forms = schema()["properties"]["broker"]
    assert "string" in str(forms)
    assert "array" in str(forms)
