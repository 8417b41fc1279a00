"""From result files of benchmarks to inputs of a study: files given, sweeps, speeds, power, and what they change."""
