"""The scene that `relax scenes new` writes: small, whole, and explained."""

SEED = """\
# A scene of relax. `relax scenes check NAME.yaml` looks it over, `relax demo NAME.yaml` plays it in a simulated room.
scene: NAME
format: 1
languages: [en]
title: A quiet quarter of an hour
summary: Warm light, a few breaths, and then nothing at all.

# What can be chosen at the start: relax demo NAME.yaml --set rest=5min
parameters:
  rest: {duration: 10min, min: 2min, max: 30min}

# The parts that a room casts with its own lamps and loudspeakers. Optional ones may be missing.
roles:
  main: {kind: light}
  music: {kind: player, optional: true}
  voice: {kind: voice, optional: true}

# States of the lights. Brightness is as the eye sees it.
looks:
  warm: {main: {brightness: 40%, temperature: 2500K}}
  low: {main: {brightness: 15%, temperature: 2200K}}

steps:
  # Each step begins with its words; `lasts` counts from their end.
  - step: arrive
    title: Arrive
    look: warm
    fade: 20s
    music: {play: [calm], volume: 60%, fade: 10s}
    say: Sit down, or lie down. Let the shoulders drop.
    lasts: 15s

  # A step can wait until the person says next.
  - step: settle
    title: Make yourself comfortable
    say: "Take a blanket if you like. When you lie well, {{ ready }}."
    wait: {at_most: 3min, usually: 30s}

  # A count speaks and lets the light swell with the breath.
  - step: breathe
    title: Breathe
    say: Breathe with the light.
    count:
      times: 6
      spoken: 2
      parts:
        - {lasts: 4s, swell: up, say: In}
        - {lasts: 6s, swell: down, say: And out}
      swell: {main: 6%}

  - step: rest
    title: Rest
    look: low
    fade: 60s
    say: Now there is nothing to do.
    lasts: "{{ rest }}"

# The room is given back as it was.
finish: {look: restore, fade: 40s, music: {stop: true, fade: 20s}, say: That is all. Take your time.}

# What `relax scenes check` makes sure of.
examples:
  - {set: {rest: 5min}, lasts: {min: 6min, max: 12min}, with: [breathe, rest], ends: restore}
"""
