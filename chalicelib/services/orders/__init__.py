"""Steps that read work orders."""
