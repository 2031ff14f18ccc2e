"""The shapes of JSON on the wire."""
