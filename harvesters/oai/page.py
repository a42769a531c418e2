"""How repositories are read, for people: the page in docs/reference/sources/ is made of it."""

READING = """\
- OAI-PMH 2.0 (DSpace, Dataverse, Zenodo, GeoNetwork). The address is the base of the repository; `?verb=…` after it
  is cut.
- Of the formats that it lists the one that says most is asked for: DCAT before ISO 19115 before DataCite before
  Dublin Core. ISO is read as [csw](csw.md) reads it, DCAT as [dcat](dcat.md).
- A record is known by the identifier of its header.
- A list goes on by its tokens. One that expired is begun anew, up to where it brings what is new; one that leads
  back is the end, and the run then removes nothing. `completeListSize` may be an estimate and is not believed.
- A part of a list that cannot be read is asked for record by record, so that the one at fault costs itself.
- `noRecordsMatch` is an empty list and no failure; any other `error` is one, in the words of the repository.
- What changed is asked for by `from`, in the repository's own granularity, since the newest datestamp that is held.
  The day or second of that datestamp is asked for again for three days: more may have come under it.
  A record that is marked deleted is removed at once; of several sets, once the record itself says so
  (`GetRecord`) or is in none of them any more: it may only have left one. One that went without a mark
  (`deletedRecord` is `no` or `transient`) goes in the first run of the next week, when everything is listed again, as
  with `--full` (of a repository that sends no date, only then).
- Texts (articles, reports, theses) are publications; what is neither data nor text (software, persons) is left aside,
  with the reason.
- Neither Dublin Core nor DataCite says where the files are: the landing page leads to them.
"""
