"""What the witness finds in the relax of today and others are mending: take a line out when its fault is mended.

The one table. A finding whose truth stands here makes a test an expected failure, with the reason; any other is red.
"""

KNOWN = {
    "relax failed": "1 a white lamp that is made red before the session: a division by zero",
    "light: level": "2 a fade of less than a unit in a segment stalls; a pause sets all lamps of a role alike",
    "light: step": "2 and then it jumps",
    "light: colour": "1, 2 colours stall with the level",
    "light: refused": "13 a lamp is sent what it does not have",
    "words: beat missing": "3 first words of counts are lost",
    "words: moment": "3 words that overrun the plan do not hold the count",
    "words: beat dropped": "3 a beat that is dropped is not reported",
    "hands: seconds": "3 words that overrun the plan eat the doing",
    "promises: remaining": "4 a home without a button; 9 the rate of a voice",
    "promises: plan": "4 a home without a button; 9 the rate of a voice",
    "loudness: voice": "5 the voice doubles after the first announcement",
    "loudness: music": "5 music is ducked through silent rounds",
    "loudness: ducked": "5 ducked levels",
    "loudness: limit": "6 a volume of 35 is taken for 100 %",
    "loudness: whose": "7 the old volume comes back before our music has stopped",
    "afterwards: hand": "1, 7 what a lamp says of itself is misread and taken for a hand",
    "afterwards: lamp": "1 colours are squeezed through a screen's",
    "afterwards: memory": "7 a lamp that was off loses its memory",
    "afterwards: unknown": "6, 7 what is not known is not said",
    "afterwards: given": "7 given back, where nothing answered",
}


def reasons(truths: list[str]) -> list[str] | None:
    """Why these findings are expected today; None where one of them is not."""
    if not all(truth in KNOWN for truth in truths):
        return None
    return list(dict.fromkeys(KNOWN[truth] for truth in truths))
