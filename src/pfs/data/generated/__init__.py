"""Data sets with exact truth, made when they are asked for."""
