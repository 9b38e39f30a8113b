"""What waits: people first, of states the newest, and never without end."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.messages import Message
from orchestrator.mqtt.inbox import A_BACKLOG, FULL, Inbox, Rank

RANKS = {"c": Rank.COMMAND, "e": Rank.EVENT, "s": Rank.STATE}


def rank(topic: str) -> Rank:
    return RANKS[topic[0]]


def taken(inbox: Inbox) -> list[tuple[str, str]]:
    found = []
    while (message := inbox.take()) is not None:
        found.append((message.topic, message.payload))
    return found


def filled(*messages: tuple[str, str]) -> Inbox:
    inbox = Inbox(rank)
    for topic, payload in messages:
        inbox.put(Message(topic, payload))
    return inbox


FEW = [("s1", "a"), ("e1", "b"), ("c1", "stop"), ("s2", "c"), ("c2", "next")]


def test_what_came_in_one_gulp_is_taken_in_its_order():
    assert taken(filled(*FEW)) == FEW


def test_in_a_backlog_commands_go_first_and_then_presses():
    lamps = [(f"s{number}", "on") for number in range(A_BACKLOG)]
    found = taken(filled(*lamps, *FEW))
    assert found[:3] == [("c1", "stop"), ("c2", "next"), ("e1", "b")]
    assert sorted(found) == sorted([*lamps, *FEW])


def test_of_a_state_that_is_told_without_end_only_the_newest_wait():
    inbox = filled(*(("s1", str(number)) for number in range(10_000)), ("s2", "x"))
    assert len(inbox) == Rank.STATE + 1
    assert taken(inbox) == [*(("s1", str(number)) for number in range(10_000 - Rank.STATE, 10_000)), ("s2", "x")]
    assert len(inbox) == 0


def test_no_command_is_lost_however_many_there_are():
    inbox = filled(*(("c1", str(number)) for number in range(2 * FULL)))
    assert inbox.is_full
    assert len(taken(inbox)) == 2 * FULL


@given(st.lists(st.tuples(st.sampled_from(["c1", "c2", "e1", "s1", "s2", "s3"]), st.booleans()), max_size=300))
def test_the_newest_of_each_topic_is_always_taken_and_each_topic_keeps_its_order(steps):
    inbox, put, got = Inbox(rank), list[tuple[str, str]](), list[tuple[str, str]]()
    for number, (topic, takes) in enumerate(steps):
        inbox.put(Message(topic, str(number)))
        put.append((topic, str(number)))
        if takes and (message := inbox.take()) is not None:
            got.append((message.topic, message.payload))
    got += taken(inbox)
    assert len(inbox) == 0
    for topic in RANKS:
        assert [each for each in got if each[0] == topic] == [each for each in got if each in put and each[0] == topic]
    for topic in {topic for topic, _ in put}:
        said, heard = ([payload for name, payload in found if name == topic] for found in (put, got))
        assert heard[-1] == said[-1]
        assert heard == sorted(heard, key=int)
        if rank(topic) is Rank.COMMAND:
            assert heard == said
