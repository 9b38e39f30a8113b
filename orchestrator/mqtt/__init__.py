"""The way to the broker: a connection that is kept, and a broker for whoever has none."""
