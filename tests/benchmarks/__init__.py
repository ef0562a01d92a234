"""Speed and size, reported and never judged: `python -m tests.benchmarks` (`make bench`)."""
