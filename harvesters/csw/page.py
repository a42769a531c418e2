"""How catalogue services are read, for people: the page in docs/reference/sources/ is made of it."""

READING = """\
- CSW 2.0.2 (GeoNetwork, pycsw, deegree). The address is that of the service; that of a GeoNetwork's page is cut to
  it.
- A record is known by its `fileIdentifier`, or by the identifier of its catalogue record in DCAT, so that another
  schema makes no other record of it.
- Pages are sorted by identifier and go on by what came; `nextRecord` is not believed. A page that fails is halved
  until the record at fault is alone: it costs itself, and the run then removes nothing.
- An `ExceptionReport` is a failure, whatever its status.
- When the number of records and the last change (`dct:modified`) are as before, nothing else is asked. When
  something changed, only that is asked for, if it and what is held is all that the service says it has. Else, and
  in the first run of each week, and with `--full`, everything is read.
- Services come last, so that the datasets that they operate on are known.
- Profiles that rename classes (CHE, MCP, INSPIRE) are read as what they profile. DCAT is read as [dcat](dcat.md)
  is, Dublin Core as [oai-pmh](oai-pmh.md) reads it.
- Where it differs from the reference implementation of GeoDCAT-AP stands in [ISO 19115](../iso.md).
"""
