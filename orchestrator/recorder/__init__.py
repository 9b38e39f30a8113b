"""What a real device says, written down as a test fixture without anything that is secret or personal."""
