"""formcheck: counts, times and checks back-care exercises from a webcam or a video."""

__version__ = "0.1.0"
