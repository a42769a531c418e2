"""How lists are read, for people: the page in docs/reference/sources/ is made of it."""

from ..mapping import Mapped
from .headings import fields

READING = """\
- For whoever has no catalogue: one dataset in each row of a sheet, published at an address as CSV or as an Excel
  workbook (`.xlsx`). The portal offers a template in each language, at `/list-template/fr.xlsx`,
  `/list-template/nl.xlsx`, `/list-template/de.xlsx`, `/list-template/en.xlsx`, and the same with `.csv`.
- The address is that of the file itself. `datastore check datasets.csv` and the page "Check your catalogue" read
  the same file before anybody publishes it.
- CSV: cells divided by tabs, semicolons, commas or bars, whichever gives most headings that we know; the option
  `separator` says it. In UTF-8 with or without a mark, UTF-16 with a mark, or Windows-1252 (told as
  `encoding-invalid`).
- Excel: the first sheet with headings that we know, or the one that the option `sheet` names; results of formulas,
  not formulas; the address behind a cell that shows something else (a link, `HYPERLINK`), where a column is for
  addresses or contacts. At most 50 MB unpacked, 100,000 rows and 200 columns. Old workbooks (`.xls`) and OpenDocument
  are refused with a sentence: save them as `.xlsx` or CSV.
- The headings stand in one of the first 20 rows; a title or remarks may stand above them. Rows without a title are
  refused with the reason, empty rows are passed over.
- In headings case, accents, blanks, hyphens and underscores do not matter, nor does a prefix such as `dct:`. A
  field with languages may stand once for each of them: `title_fr`, `Titel NL`, `Titre (fr)`. `name` is the title,
  unless there is a title beside it: then it is the identifier (Opendatasoft). A column that is none of these is
  told in the report of the run.
- Several values of a cell: keywords, themes and languages are divided by semicolons, bars or lines, where there are
  none by commas; areas, standards and contacts by semicolons, bars or lines; addresses by blanks too.
- A `link` is a file when it ends as one does (`.csv`), or when the row has a format or a landing page beside it;
  else it is the page of the dataset.
- Each address under `download URL` and `access URL` is a file, all with the licence of the row. One format is that
  of all files; as many formats as files are theirs in order. An address without a host stands beside the list.
- A contact is a mailbox, a page with a form, a name, or a name with a mailbox: `Green spaces
  <trees@commune.example>`.
- Dates, frequencies, licences, formats, themes and places are read as people write them: see
  [normalisation](../normalisation.md).
- What a formula leaves behind (`#N/A`, `#REF!`) is left out and told (`cell-error`); cells beyond the last heading
  too (`row-too-long`).
- The identifier tells a dataset from the others for ever: number the rows once, and never use a number again.
  Without one, a row is known by its page, its file or its title, the first of them that no other row has; when that
  changes, it is another dataset (`identifier-weak`). Of two rows with one identifier the first counts, and both are
  named (`duplicate-identifier`).
- Every finding names the cells, as the spreadsheet does: `F17`, or `A17:R17` for the whole row. Rows that moved are
  not changed; their findings move along.
- What is not mapped: links behind words (only the words are seen), comments, colours; hidden sheets are read like
  others, and merged cells hold their value in the first of them.
"""

_CALLED = {"fr": "French", "nl": "Dutch", "de": "German", "en": "English and others"}

HEADINGS = tuple(
    Mapped(
        field.name,
        ", ".join(field.properties),
        "; ".join(
            (
                *(["in each language"] if field.has_languages else []),
                *(f"{name}: {', '.join(field.called[language])}" for language, name in _CALLED.items()),
            )
        ),
    )
    for field in fields().values()
)
"""Every heading with the words for it in each language."""
