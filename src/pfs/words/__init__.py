"""Papers on what words mean."""
