"""A device tried out: what it is told, what it said to that, what the home file should therefore say of it. Pure."""
