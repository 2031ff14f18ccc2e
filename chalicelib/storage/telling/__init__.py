"""Events that wait in the table until they are sent."""
