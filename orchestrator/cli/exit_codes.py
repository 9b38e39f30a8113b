"""The exit codes that are no error's own; those of errors stand in the tree of `orchestrator.errors`."""

FAILED = 1
"""It was done, and did not go well."""
FAULTY = 2
"""A file that was looked over has faults."""
INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C ended, where there was no room to give back."""
