"""All tests of Suara."""
