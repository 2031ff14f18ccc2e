"""Rules that would be true in a factory with paper cards."""
