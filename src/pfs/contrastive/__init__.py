"""Papers on contrastive learning: pictures that tell themselves apart."""
