"""Detectors: one file each. They find; they never decide, and never see the house rules."""
