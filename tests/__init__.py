"""The tests; `tests/` mirrors `src/posthouse/`."""
