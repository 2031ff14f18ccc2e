"""Steps about machines and their readings."""
