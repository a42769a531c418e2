"""What assistants ask of the catalogue, in the model context protocol: tools that search and read.

Nothing is ever changed here, and no answer leaves out where it comes from, under which licence and of which day."""

from .protocol import LARGEST, VERSIONS, answer

__all__ = ["LARGEST", "VERSIONS", "answer"]
