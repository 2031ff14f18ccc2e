"""Work orders in the table."""
