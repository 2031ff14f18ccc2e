"""Steps about people."""
