"""The forms of hostile statements: which classes of words, in which order, with what between them."""
