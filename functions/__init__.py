"""The doors through which the world comes in."""
