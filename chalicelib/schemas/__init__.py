"""The shapes of JSON in requests and answers."""
