"""Topic filters: what a device listens to may have wildcards."""


def matches(pattern: str, topic: str) -> bool:
    """Whether a topic filter takes a topic (MQTT 5, 4.7)."""
    wanted, given = pattern.split("/"), topic.split("/")
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(given) or level not in ("+", given[index]):
            return False
    return len(wanted) == len(given)
