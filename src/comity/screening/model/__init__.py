"""The trained model: one small reader of text, its weights and its calibration. Needs numpy only."""
