"""What is heard: the voice, voice notes, recordings, and when they are sent."""
