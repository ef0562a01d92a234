"""Tests of everything around the core: settings, log, command line, demo, doctor, documents."""
