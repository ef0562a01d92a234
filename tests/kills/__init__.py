"""The running program, killed without a word."""
