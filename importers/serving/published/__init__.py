"""Results that others publish, measured or predicted."""
