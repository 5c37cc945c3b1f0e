"""Measurements behind the figures that formcheck publishes."""
