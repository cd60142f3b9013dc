"""Known mistakes, kept so that a test must catch each of them."""
