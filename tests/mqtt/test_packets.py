"""What we pack by hand is what paho itself would have sent, and what its own parser reads back."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt import _packet
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from orchestrator.devices.messages import Message
from orchestrator.mqtt.packets import expiry_seconds, publish_packet
from orchestrator.mqtt.translation import message_of, properties_of

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
topics = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="+#\0"), min_size=1, max_size=200)
messages = st.builds(
    Message,
    topics,
    texts,
    retain=st.booleans(),
    expiry=st.none() | st.integers(min_value=1, max_value=10**9),
    reply_to=st.none() | topics,
    correlation=st.none() | st.binary(max_size=300),
)


def by_paho(message, version):
    """The bytes that paho queues for a message."""
    client = Client(CallbackAPIVersion.VERSION2, protocol=version)
    client.on_socket_register_write = lambda *_: None
    properties = properties_of(message) if version == MQTTProtocolVersion.MQTTv5 else None
    with socket.socket() as nowhere:
        client._sock = nowhere
        client.publish(message.topic, message.payload.encode(), 0, message.retain, properties)
    client._sock = None
    return bytes(client._out_packet[0]["packet"])


@given(messages)
def test_a_packet_is_what_paho_would_have_sent_in_5(message):
    assert publish_packet(message, version_5=True) == by_paho(message, MQTTProtocolVersion.MQTTv5)


@given(messages)
def test_a_packet_is_what_paho_would_have_sent_in_3(message):
    assert publish_packet(message, version_5=False) == by_paho(message, MQTTProtocolVersion.MQTTv311)


@given(messages)
def test_what_is_packed_is_read_back(message):
    packet = publish_packet(message, version_5=True)
    assert message_of(read_by_paho(packet)) == message._replace(expiry=None, qos=0)


def read_by_paho(packet):
    """What paho's client would hand over for a packet of MQTT 5."""
    heard = []
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.on_message = lambda _client, _userdata, received: heard.append(received)
    skip = next(place for place in range(1, 5) if not packet[place] & 0x80) + 1
    client._in_packet.update(
        {"command": packet[0], "packet": bytearray(packet[skip:]), "remaining_length": len(packet) - skip}
    )
    client._handle_publish()
    return heard[0]


@pytest.mark.parametrize("length", [0, 1, 100, 127, 128, 16_383, 16_384, 70_000, 2_097_152])
def test_a_payload_of_any_length_is_read_back(length):
    packet = publish_packet(Message("a/b", "x" * length), version_5=True)
    skip = 1
    while packet[skip] & 0x80:
        skip += 1
    read = _packet.decode_publish(packet[0], packet[skip + 1 :], MQTTProtocolVersion.MQTTv5)
    assert (read.topic, len(read.payload), read.qos, read.retain) == (b"a/b", length, 0, False)


@pytest.mark.parametrize("topic", ["", "a/+/b", "a/#", "a\0b", "x" * 65_536, "half a \ud800 pair"])
def test_a_topic_that_no_broker_takes_is_refused(topic):
    with pytest.raises(ValueError, match=r"."):
        publish_packet(Message(topic, ""), version_5=True)


def test_a_correlation_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="65536 bytes"):
        publish_packet(Message("a", "", correlation=bytes(65_536)), version_5=True)


@pytest.mark.parametrize("topic", ["", "a/+", "a\0b"])
def test_a_reply_topic_that_is_no_topic_is_refused(topic):
    with pytest.raises(ValueError, match=r"."):
        publish_packet(Message("a", "", reply_to=topic), version_5=True)


def test_a_text_that_is_not_utf_8_is_refused():
    with pytest.raises(ValueError, match="surrogates"):
        publish_packet(Message("a", "\ud800"), version_5=True)


@pytest.mark.parametrize(("expiry", "seconds"), [(1, 1), (999, 1), (1000, 1), (1001, 2), (10_000, 10)])
def test_expiry_is_rounded_up_to_whole_seconds(expiry, seconds):
    assert expiry_seconds(expiry) == seconds
