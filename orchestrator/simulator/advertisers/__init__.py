"""What is said of the devices of a dialect, as real ones say it: one module a dialect, named as there."""
