"""Papers that turn one sequence into another."""
