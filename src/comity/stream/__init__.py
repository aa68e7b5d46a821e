"""Finished bytes to readers. Never writes."""
