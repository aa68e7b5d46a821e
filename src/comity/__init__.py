"""Comity: the conversation under every story, on the publisher's own machine."""

__version__ = "0.1.0"
