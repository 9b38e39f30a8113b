"""The room is given back, also where radios lose, lag and lie: tried from outside, as a person has it.

A real broker, `relax daemon` as a process, and the witness's devices behind lines with faults. Nothing of relax is
imported. Each case is one home with several rooms, which play at once; RELAX_ROUNDS says how often each is tried.
"""
