"""Values of fades, moves and rooms as levels: a value is more things than that, and a test knows what it looks at."""


def level(value: object) -> float:
    """The value as a level, in percent. Anything else fails the test."""
    assert isinstance(value, float), f"{value!r} is no level"
    return value
