"""Records of ISO 19139 and 19115-3 → DCAT, one file a topic.

Nothing is known here of where records come from: CSW, OAI-PMH and folders of files all bring them.
"""

from .mapping import LEFT_OUT, MAPPING
from .record import changed_of, identifier_of, is_record, leads_elsewhere, normalised, records_in

__all__ = [
    "LEFT_OUT",
    "MAPPING",
    "changed_of",
    "identifier_of",
    "is_record",
    "leads_elsewhere",
    "normalised",
    "records_in",
]
