"""Exercising live in front of the camera: the server's side of docs/live.md."""
