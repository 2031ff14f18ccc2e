"""Work orders: their records, their state machines, and the commands that change them."""
