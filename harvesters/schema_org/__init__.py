"""Sites whose pages describe datasets with schema.org, found through their site maps."""

from .harvester import SchemaOrg

__all__ = ["SchemaOrg"]
