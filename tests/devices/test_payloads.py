"""Golden payloads: what each dialect writes and reads, by version of what it was seen with."""

import json

import pytest

from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.messages import Message
from orchestrator.recorder.notation import report, wire
from tests.devices import payload_notation as notation


def test_every_dialect_has_payloads():
    assert {dialect for dialect, _, _ in notation.files()} == {family.name for family in DIALECTS.values()}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_payloads_of_a_dialect_reach_every_kind_that_it_claims(dialect):
    kinds = set()
    for name, _, content in notation.files():
        if name == dialect:
            entries = content["devices"].values()
            kinds |= {kind for entry in entries for kind in DIALECTS[name].settings.model_validate(entry).kinds}
    assert {"sensor"} | kinds >= DIALECTS[dialect].kinds - {"button"}


@pytest.mark.parametrize(("entry", "case"), notation.cases("encode"))
def test_a_change_becomes_the_payload_that_the_device_understands(entry, case):
    codec = notation.codec(entry)
    change = notation.change(case["change"])
    sent = codec.encode(change)
    assert [wire(message) for message in sent] == case["messages"]
    assert not any(message.retain for message in sent)
    if "cost" in case:
        assert codec.cost(change) == case["cost"]


@pytest.mark.parametrize(("entry", "case"), notation.cases("decode"))
def test_a_payload_becomes_the_report_that_it_means(entry, case):
    payload = case["payload"] if isinstance(case["payload"], str) else json.dumps(case["payload"])
    heard = notation.codec(entry).decode(Message(case["topic"], payload, retain=case.get("retain", False)))
    assert [report(each) for each in heard] == [notation.expected(each) for each in case["reports"]]


@pytest.mark.parametrize(("dialect", "version", "content"), notation.files())
def test_a_device_is_asked_for_its_state_where_it_can_be_asked(dialect, version, content):
    asked = {name: notation.codec(content["devices"][name]).query() for name in content["query"]}
    written = {name: [wire(message) for message in messages] for name, messages in asked.items()}
    assert written == content["query"]
