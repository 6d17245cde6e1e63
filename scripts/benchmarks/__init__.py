"""The benchmarks: each compares our work with a baseline in one run, in interleaved rounds."""
