"""Questions asked of the model by running it: differences, break-evens, bridges, ranges."""
