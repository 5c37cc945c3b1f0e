"""The engine: landmarks in, repetitions, holds and form errors out."""
