"""Files `data.json` of Project Open Data (1.0, 1.1) and DCAT-US 3. Nothing is held whole."""

from .harvester import DataJson

__all__ = ["DataJson"]
