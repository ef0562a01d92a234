"""The optional machine drafts, on the real library: `make check-stt`, in an environment of its own.

Its module is not called test_*: plain runs have no faster-whisper and must neither fail nor skip for it.
"""
