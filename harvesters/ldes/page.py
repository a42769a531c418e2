"""How event streams are read, for people: the page in docs/reference/sources/ is made of it."""

READING = """\
- A stream of what was created, changed and deleted, in pages of a tree:
  [LDES](https://w3id.org/ldes/specification), [TREE](https://treecg.github.io/specification/). The address is that
  of the stream or of one of its views, in any serialisation of RDF (TriG, N-Quads, Turtle, JSON-LD).
- Activities (`as:Create`, `as:Add`, `as:Update`, `as:Delete`, `as:Remove`) name one or several objects
  (`as:object`) and a moment (`as:published`); what is said of them stands in the named graph that is called as the
  activity, else in the page.
- Versions name their object (`dct:isVersionOf`, or the stream's `ldes:versionOfPath`) and a moment (the stream's
  `ldes:timestampPath`, else `prov:generatedAtTime`). One of the stream's class of deletions
  (`ldes:versionDeleteObject`), `as:Delete` or `as:Tombstone` says that its object is no more. Any other member is
  itself the object; one that has no IRI and is a version of nothing is told, and the run is incomplete.
- The latest change of each object counts, in whichever order they come; of two at one moment the one that came
  last. Files, publishers and contacts that are objects of their own are put together with the datasets that name
  them. From there an entry is read as in [dcat](dcat.md); its identifier is the IRI of the object.
- The whole tree is asked for the first time, every page once; of several views the first. A page that cannot be had
  stops the run: without it nobody knows what holds now.
- After that, pages that relations (`tree:LessThanRelation`) put before the last known moment are left out; where
  the server calls pages immutable (`Cache-Control: immutable`), only those that are not are asked for. A stream
  without dates is read whole. The first page and those that are still open are sent again only if they changed, where
  the server says by what to ask (`ETag`, `Last-Modified`) of each of them and they are at most 50; elsewhere they come
  each time, and of a stream of less than two hundred pages are more than a hundredth.
- What the latest activity deletes is removed at once, unless too much goes at once.
- When what changed cannot be understood alone (a file that is an object of its own), the tree is read whole again.
  So it is in a full run and once a week.
- What an object was is kept in a database without a name beside memory, which is gone with the run. Memory hardly
  grows with the objects: with eight times as many (12,000, then 96,000) from 71 to 86 MB beyond idle
  (`python -m benchmarks.event_stream`).
- Left out: other activities (`as:Announce`, `as:Like`), retention policies, the shape of the stream, and members of
  `tree:member` whose description stands on another page.
"""
