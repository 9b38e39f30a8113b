"""What commands cost: whole processes, and planning."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import yaml
from turn import ENVIRONMENT, HERE

from orchestrator.scenes import library
from orchestrator.scenes.planning.planner import plan

_RELAX = "from orchestrator.cli.entry import main; main()"


def help_beside_typer(rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of `relax --help` and of importing typer, in turn."""
    relax("--help")  # compiles
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(relax("--help"))
        bare.append(_process("-c", "import typer"))
    return ours, bare


def simulate(rounds: int) -> list[float]:
    """Milliseconds of `relax simulate foot-massage --json`, the whole process."""
    relax("simulate", "foot-massage", "--json")
    return [relax("simulate", "foot-massage", "--json") for _ in range(rounds)]


def plan_beside_yaml(steps: int, rounds: int) -> tuple[float, float]:
    """Milliseconds to plan a scene of so many steps, and to read its text with PyYAML's C parser."""
    text = _long_scene(steps)
    scene = library.read(text, "scene.yaml")
    planning, reading = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        timeline = plan(scene.model)
        middle = time.perf_counter()
        yaml.load(text, yaml.CSafeLoader)
        planning.append((middle - began) * 1000)
        reading.append((time.perf_counter() - middle) * 1000)
        assert len(timeline.chapters) == steps
    return median(planning), median(reading)


def relax(*arguments: str, tree: Path = HERE) -> float:
    """Milliseconds of `relax` with these arguments, the whole process; `tree` is the checkout that it is of."""
    return _process("-c", _RELAX, *arguments, tree=tree)


def _process(*arguments: str, tree: Path = HERE) -> float:
    environment = ENVIRONMENT | {"PYTHONPATH": str(tree)}
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, cwd="/", stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - began) * 1000


def _long_scene(steps: int) -> str:
    """Each step has a look, words from a template, a cue and music: what a real one has."""
    head = (
        "scene: long\nformat: 1\nlanguages: [en]\ntitle: Long\n"
        "parameters: {pace: {number: 1.0, min: 0.5, max: 2.0}, warm: {flag: true}}\n"
        "roles: {main: {kind: light}, music: {kind: player, optional: true}, voice: {kind: voice, optional: true}}\n"
        "looks:\n  low: {main: {brightness: 20%, temperature: 2200K}}\n"
        "  high: {main: {brightness: 60%, temperature: 2700K}}\n"
        'pace: "{{ pace }}"\nsteps:\n'
    )
    step = (
        "  - step: step-{0}\n    title: Step {0}\n    look: {1}\n    fade: 5s\n"
        "    music: {{play: [calm], volume: 80%, fade: 5s}}\n"
        "    say:\n      - Let your shoulders drop.\n      - {{when: warm, say: 'Slowly, at {{{{ pace }}}} times.'}}\n"
        "    lasts: 30s\n    cues:\n      - {{at: 50%, say: Half way.}}\n      - {{at: -5s, look: low, fade: 5s}}\n"
    )
    body = "".join(step.format(number, "low" if number % 2 else "high") for number in range(steps))
    return f"{head}{body}finish: {{look: restore}}\n"
