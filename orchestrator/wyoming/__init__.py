"""Wyoming satellites and text-to-speech servers, reached over TCP: what no broker carries."""
