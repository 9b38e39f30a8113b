"""What happens in a house: one small class a thing, in a file named by its domain, and the codec that writes them."""
