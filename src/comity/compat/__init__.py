"""Other systems' wires. Their words are translated here and nowhere else."""
