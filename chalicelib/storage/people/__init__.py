"""People in the table."""
