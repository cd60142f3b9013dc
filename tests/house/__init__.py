"""The rules of the house, as functions of source text: what is broken.

Each returns sentences; an empty list is a promise kept. `tests/test_map.py`
applies them to the project, the tests beside them prove that each can fail.
"""
