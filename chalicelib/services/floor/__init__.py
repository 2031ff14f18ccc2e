"""Services of the floor: stages and sessions."""
