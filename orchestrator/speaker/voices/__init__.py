"""What makes sound of words."""
