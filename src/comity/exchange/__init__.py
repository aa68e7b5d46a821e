"""Importers and exporters, one file per system."""
