"""Papers on images: networks that see."""
