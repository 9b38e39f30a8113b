"""The truths that the witness holds, each in a file: what it is about, and its figures."""
