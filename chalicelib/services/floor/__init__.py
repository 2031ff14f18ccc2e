"""Steps on the floor: stages, sessions and issues."""
