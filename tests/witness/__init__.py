"""The witness: an independent judge. It knows the plan and what came over the broker, and nothing of our code."""
