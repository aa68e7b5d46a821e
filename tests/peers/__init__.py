"""Tests against real third-party software."""
