"""A computer as a room's loudspeaker: a process of its own, which knows the speaker contract and a broker."""
