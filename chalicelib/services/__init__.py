"""Steps, where there is more than asking the domain."""
