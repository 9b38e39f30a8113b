"""Where a broker is, as people write it; and a password that no message repeats."""

from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.documents.broker_url import BrokerUrl, broker_url


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("core-mosquitto", BrokerUrl("core-mosquitto")),
        ("core-mosquitto:1884", BrokerUrl("core-mosquitto", 1884)),
        ("10.0.0.2", BrokerUrl("10.0.0.2")),
        ("::1", BrokerUrl("::1")),
        ("[::1]:1884", BrokerUrl("::1", 1884)),
        ("me@broker:1884", BrokerUrl("broker", 1884, "me")),
        ("mqtt://core-mosquitto:1883", BrokerUrl("core-mosquitto", 1883)),
        ("MQTT://Broker/", BrokerUrl("Broker", 1883)),
        ("tcp://broker", BrokerUrl("broker", 1883)),
        ("mqtts://broker", BrokerUrl("broker", 8883, is_encrypted=True)),
        ("ssl://[fe80::1]:8884", BrokerUrl("fe80::1", 8884, is_encrypted=True)),
        ("ws://broker:9001", BrokerUrl("broker", 9001, websocket="/mqtt")),
        ("ws://broker/", BrokerUrl("broker", 80, websocket="/")),
        ("wss://me:a%2Fb%40c@broker/ws?key=1", BrokerUrl("broker", 443, "me", "a/b@c", True, "/ws?key=1")),
    ],
)
def test_a_broker_is_read(text, found):
    assert broker_url(text) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected a host"),
        ("two words", "expected a host"),
        ("http://hush@broker:8123", "mqtts"),
        ("mqtt://me:hush@broker/home", "only a websocket"),
        ("broker/home", "expected a host"),
        ("mqtt://me:hush@broker:99999", "65535"),
        ("mqtt://me:hush@broker:0", "65535"),
        ("mqtt://me:hu/sh@broker", "%2F"),
        ("mqtt://me:hush@", "expected a host"),
        ("mqtt://me:hush@broker#hush", "expected a host"),
    ],
)
def test_what_is_no_broker_is_explained_without_its_secret(text, words):
    with pytest.raises(ValueError, match=words) as told:
        broker_url(text)
    assert "hush" not in str(told.value)


@given(st.text(), st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_password_comes_back_and_any_text_is_read_or_refused(text, password):
    assert broker_url(f"mqtt://me:{quote(password, safe='')}@broker").password == password
    with suppress(ValueError):
        assert broker_url(text).host
