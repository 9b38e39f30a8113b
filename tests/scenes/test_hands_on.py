"""How much of a massage is massage, and when it begins."""

from orchestrator.cli.scenes.timeline_text import timeline_as_json
from tests.scenes.sketches import planned

MASSAGE = """
parameters: {feet: {choice: [both, left], default: both}}
steps:
  - {step: settle, lasts: 60s, hands: busy}
  - for: foot
    in: "['left', 'right'] if feet == 'both' else [feet]"
    hands_on: true
    steps:
      - {step: oil, lasts: 20s, hands: oily, wait: {at_most: 5min, usually: 40s}}
      - {step: rub, lasts: 60s, hands: oily}
  - {step: wipe, lasts: 120s, hands: oily}
  - part: close
    hands_on: true
    steps: [{step: hold, lasts: 30s}]
  - {step: still, lasts: 30s, hands_on: true}
"""


def test_hands_are_on_in_a_step_a_part_or_a_loop_that_says_so_and_in_no_other() -> None:
    worked = [chapter.id for chapter in planned(MASSAGE).chapters if chapter.hands_on]
    assert worked == ["oil:left", "rub:left", "oil:right", "rub:right", "hold", "still"]


def test_a_plan_sums_them_waits_as_usual() -> None:
    timeline = planned(MASSAGE)
    assert timeline.hands_on == (60_000, 300_000, 480_000)
    assert timeline_as_json(timeline)["hands_on"] == {"seconds": 300.0, "from": 60.0, "share": 0.625}
    assert planned(MASSAGE, feet="left").hands_on == (60_000, 180_000, 360_000)


def test_a_scene_that_says_nothing_of_hands_has_none_on() -> None:
    assert planned("steps: [{step: rub, hands: oily, lasts: 60s}]").hands_on is None
