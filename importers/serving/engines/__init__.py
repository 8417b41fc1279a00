"""Benchmarks that come with the engine that serves."""
