"""What the same datasets of the benchmarks say, whatever the kind of source that gives them."""

KEYWORDS = ["air", "water", "noise"]
ABOUT = "What is measured every day at all stations of the region, and how it was measured."
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
DAY = "2026-01-02T00:00:00Z"
ENDINGS = ("csv", "json")
PUBLISHER = "Agency of Air"
RING = [[4.2, 50.7], [4.5, 50.7], [4.5, 50.9], [4.2, 50.9], [4.2, 50.7]]


def address(number: int, ending: str) -> str:
    """Of a file."""
    return f"https://files.example.org/{number}.{ending}"
