"""Each fault does what its name says, and nothing else."""

import pytest

from orchestrator.devices.messages import SetLight, SetSwitch
from orchestrator.errors import UsageError
from orchestrator.simulator.bulb import FLASH
from orchestrator.simulator.faults import Faults, parse
from orchestrator.units import Percent
from tests.simulator.simulated import Talk, states

STATE = "zigbee2mqtt/lamp"


def to(level, over=0):
    return SetLight(Percent(level), None, over)


def test_faults_are_read_from_text():
    assert parse(["lamp=late_echo:800,drops_every:3", "strip=offline", "lamp=silent"]) == {
        "lamp": Faults(late_echo=800, drops_every=3, silent=True),
        "strip": Faults(offline=True),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lamp", "Write the device first: lamp=offline"),
        ("=offline", "Write the device first"),
        ("lamp=", "There is no fault ''. There are: offline, late_echo"),
        ("lamp=drunk", "There is no fault 'drunk'. There are: offline, late_echo"),
        ("lamp=late_echo", "'late_echo' needs a whole number. Write late_echo:800, in milliseconds."),
        ("lamp=drops_every:0", "needs a whole number"),
        ("lamp=offline:3", "offline takes no number"),
    ],
)
def test_what_is_no_fault_is_refused_with_what_is(text, words):
    with pytest.raises(UsageError) as caught:
        parse([text])
    assert words in str(caught.value)


def test_a_fault_of_a_device_that_is_not_there_is_refused():
    with pytest.raises(UsageError, match=r"There is no simulated device 'sofa'. There are: lamp, other, both"):
        Talk("sofa=offline")


def test_an_offline_device_hears_nothing_and_says_so_in_the_broker():
    talk = Talk("lamp=offline")
    hello = {message.topic: message.payload for message in talk.simulated.connected(0)}
    assert hello["zigbee2mqtt/lamp/availability"] == '{"state":"offline"}'
    assert STATE not in hello
    assert talk.tell("lamp", to(10)) == []
    assert talk.level("lamp") == 178


def test_a_device_that_comes_back_says_how_it_is():
    talk = Talk()
    talk.tell("lamp", to(10, 10_000))
    (gone,) = talk.simulated.offline("lamp", talk.now)
    assert gone.payload == '{"state":"offline"}'
    talk.wait(20_000)
    back = talk.simulated.online("lamp", talk.now)
    assert [message.topic for message in back] == ["zigbee2mqtt/lamp/availability", STATE]
    assert states(back, STATE)[0]["brightness"] == 25
    assert talk.simulated.online("lamp", talk.now) == []


def test_a_late_echo_comes_late_with_what_was_true_then():
    talk = Talk("lamp=late_echo:800")
    assert states(talk.tell("lamp", to(10)), STATE) == []
    talk.wait(500)
    talk.tell("lamp", to(50))
    assert [state["brightness"] for state in states(talk.wait(299), STATE)] == []
    assert [state["brightness"] for state in states(talk.wait(1), STATE)] == [25]
    assert [state["brightness"] for state in states(talk.wait(500), STATE)] == [127]


def test_transitions_are_ignored():
    talk = Talk("lamp=ignores_transitions")
    talk.tell("lamp", to(10, 30_000))
    assert talk.level("lamp") == 25


def test_a_lamp_shines_at_full_for_a_moment_when_turned_on_and_reports_it():
    talk = Talk("lamp=full_when_turned_on")
    talk.tell("lamp", to(0))
    assert [state["brightness"] for state in states(talk.tell("lamp", to(10, 10_000)), STATE)] == [254]
    assert talk.level("lamp") == 254
    assert [state["brightness"] for state in states(talk.wait(FLASH), STATE)] == [25]
    talk.wait(10_000)
    assert talk.level("lamp") == 25
    assert [state["brightness"] for state in states(talk.tell("lamp", to(20)), STATE)] == [51]


def test_every_nth_message_is_lost():
    talk = Talk("plug=drops_every:3")
    heard = [bool(talk.tell("plug", SetSwitch(number % 2 == 0))) for number in range(7)]
    assert heard == [True, True, False, True, True, False, True]


def test_a_silent_lamp_obeys_without_a_word():
    talk = Talk("lamp=silent")
    assert states(talk.tell("lamp", to(10, 1000)) + talk.wait(10_000), STATE) == []
    talk.send("zigbee2mqtt/lamp/get", {"state": ""})
    assert talk.wait(1000) == []
    assert talk.level("lamp") == 25


def test_reports_come_all_the_way_each_second_until_the_end():
    talk = Talk("lamp=intermediate")
    talk.tell("lamp", to(0))
    talk.tell("lamp", to(100, 4500))
    seen = [state["brightness"] for state in states(talk.wait(60_000), STATE)]
    assert seen == [56, 113, 169, 226, 254]


def test_a_new_command_ends_the_reports_of_the_old_one():
    talk = Talk("lamp=intermediate")
    talk.tell("lamp", to(100, 10_000))
    talk.wait(2500)
    talk.tell("lamp", to(0))
    assert talk.wait(60_000) == []


def test_a_member_that_is_offline_does_not_follow_its_group():
    talk = Talk("lamp=offline")
    heard = talk.tell("both", to(10))
    assert [message.topic for message in heard] == ["zigbee2mqtt/both", "zigbee2mqtt/other"]
    assert (talk.level("lamp"), talk.level("other")) == (178, 25)


def test_a_member_reports_its_own_way_when_the_group_is_told():
    talk = Talk("lamp=intermediate")
    talk.tell("both", to(10, 2000))
    assert [message.topic for message in talk.wait(5000)] == [STATE, STATE]


def test_a_deaf_lamp_hears_nothing_while_it_fades_though_its_bridge_says_so():
    talk = Talk("lamp=deaf")
    talk.tell("lamp", to(10, 10_000))
    talk.wait(2_000)
    (said, *_) = states(talk.tell("lamp", to(50, 1_000)), STATE)
    assert said["brightness"] == 127
    talk.wait(8_000)
    assert talk.level("lamp") == 25
    talk.tell("lamp", to(50, 1_000))
    talk.wait(1_000)
    assert talk.level("lamp") == 127


def test_a_deaf_lamp_hears_a_plain_off():
    talk = Talk("lamp=deaf")
    talk.tell("lamp", to(10, 10_000))
    talk.wait(2_000)
    talk.tell("lamp", to(0))
    assert talk.level("lamp") == 0
