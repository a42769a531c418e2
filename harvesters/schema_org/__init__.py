"""Sites whose pages describe datasets with schema.org, found through their site maps. No script is run."""

from .harvester import SchemaOrg

__all__ = ["SchemaOrg"]
