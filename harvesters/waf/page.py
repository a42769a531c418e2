"""How folders are read, for people: the page in docs/reference/sources/ is made of it."""

READING = """\
- A folder on a web server as Apache, nginx and IIS list it. The address is that of the folder; `index.html` and the
  order of the list (`?C=M;O=D`) are cut.
- Files that end in `.xml`, `.rdf`, `.ttl`, `.nt` and `.jsonld` are read: ISO 19139 and 19115-3 as [csw](csw.md)
  reads them, FGDC, DCAT as [dcat](dcat.md), DataCite and Dublin Core as [oai-pmh](oai-pmh.md). All others are left.
- A record is known by the path of its file; several in one file by that and their own identifiers.
- Only what lies in the folder is followed: not its parent, not other sites, no address with a query.
- A file whose date and size in the list are as before is not fetched. Without dates every file is.
  The list itself comes each time: servers date files, seldom their lists.
- A file that cannot be read is refused by name, with the reason. One that does not answer, or answers with a page
  for people, costs itself, and the run then removes nothing; so does a folder.
- Texts of FGDC are taken to be English.
"""
