"""The screening engine: what a text says, in a millisecond, with reasons. Importable without Django."""
