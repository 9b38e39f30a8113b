"""A simulated home that speaks the dialects of real devices and misbehaves on request."""
