"""Steps that make and read numbers."""
