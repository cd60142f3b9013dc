"""Our speed as a ratio to torch, measured in one process."""
