"""Papers on the basics: perceptrons, convolutions, sequences."""
