"""What a reader sees as HTML."""
