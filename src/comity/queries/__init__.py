"""Every read. Returns frozen shapes, never model instances."""
