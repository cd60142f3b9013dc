"""Checks of the pages (placeholder until the real one lands)."""


def check(root):
    return []
