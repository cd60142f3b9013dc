"""Whole runs: data, model, training and result of a paper in one call."""
