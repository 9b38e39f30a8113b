"""What is in `kit` runs beside Home Assistant, in its Python: `test_kit.py` has it run there."""

collect_ignore = ["kit"]
