"""Services of the floor: stages, sessions and issues."""
