"""Papers on language models that write."""
