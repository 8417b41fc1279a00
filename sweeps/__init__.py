"""Sweeps: a study at every point of a plan, simulated, chunk by chunk on many processes or a cluster."""
