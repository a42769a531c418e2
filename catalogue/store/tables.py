"""The tables: what the catalogue remembers.

`entries` is narrow, so that listing, counting and the outbox read little; what is long stands beside it in `contents`.
An outcome stands until the next one for the same record, so an unchanged record writes nothing and the report of a
later run still shows what became of it.

Tables that have many rows of little more than their keys are kept in the order of these (`sqlite_with_rowid`), which
else stand twice in the embedded database.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from .types import Moment, Packed, PackedSaid, SafeText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""One row, `revision`: the number that grows with every change of the store."""

moments = Table(
    "moments",
    metadata,
    Column("last", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
)
"""When numbers were given: up to which one, and when."""

redirects = Table(
    "redirects",
    metadata,
    Column("old", SafeText, primary_key=True),
    Column("new", SafeText, nullable=False),
)
"""Old addresses, and where they lead."""

sources = Table(
    "sources",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", SafeText, nullable=False, unique=True),
    Column("title", SafeText, nullable=False),
    Column("url", SafeText, nullable=False),
    Column("url_key", SafeText, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("publisher", SafeText, nullable=False),
    Column("schedule", SafeText, nullable=False),
    Column("config", LargeBinary, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
    Column("removed", Moment),
    Column("confirmed", Moment),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("retry_at", Moment),
    Column("validators", LargeBinary),
    Column("changes", BigInteger, nullable=False, server_default="0"),
    Column("moved_to", SafeText, nullable=False, server_default=""),
    Column("approved", Boolean, nullable=False, server_default=text("true")),
    Column("declined", SafeText, nullable=False, server_default=""),
    Column("untold", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("url_key", "kind"),
)
"""`confirmed`: start of the last complete run. `failures`: failed runs in a row, for the back-off. `retry_at`: before
then the source asked not to be bothered. `validators`: how to ask it whether anything changed. `changes`: how often
somebody else than a run changed its records. `moved_to`: the address to which the source itself sends us for good.
`approved`: false while a source that a producer registered waits for the operator, or was `declined`, which says why.
`untold`: true from when it waits or that is decided until people are told. A removed source keeps its row: its
tombstones need it, and when it is registered again its entries come back under their addresses."""

credentials = Table(
    "credentials",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("shown", SafeText, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""What lets us in at a source: `sealed` with the installation's key, `shown` is what may be told of it."""

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("full", Boolean, nullable=False),
    Column("queued", Moment, nullable=False),
    Column("started", Moment),
    Column("ended", Moment),
    Column("worker", SafeText, nullable=False, server_default=""),
    Column("lease", Moment),
    Column("complete", Boolean, nullable=False, server_default=text("false")),
    *(
        Column(name, Integer, nullable=False, server_default="0")
        for name in (
            "seen",
            "new",
            "changed",
            "same",
            "skipped",
            "refused",
            "failed",
            "removed",
            "held",
            "restored",
            "writes",
        )
    ),
    Column("error_code", SafeText, nullable=False, server_default=""),
    Column("error", SafeText, nullable=False, server_default=""),
    Column("error_where", SafeText, nullable=False, server_default=""),
    Column("incomplete", LargeBinary, nullable=False),
    Column("unread", LargeBinary, nullable=False),
    Column("findings", LargeBinary, nullable=False),
    Column("last_outcome", BigInteger),
    Index("ix_runs_source_id", "source_id", "id"),
    Index(
        "uq_runs_running",
        "source_id",
        unique=True,
        sqlite_where=text("state = 'running'"),
        postgresql_where=text("state = 'running'"),
    ),
    Index(
        "uq_runs_queued",
        "source_id",
        unique=True,
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
)
"""The two unique indexes keep the queue bounded by the number of sources and two runs of one source apart. A run's id
is its fencing number: each commit checks that the row still says `running`. `last_outcome`: the highest outcome when
it ended, so that its report can be read later as it was."""

sites = Table(
    "sites",
    metadata,
    Column("url", SafeText, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
)
"""Public addresses under which something was minted; of the one in force `until` is empty."""

uses = Table(
    "uses",
    metadata,
    Column("what", String(16), primary_key=True),
    Column("who", LargeBinary(16), primary_key=True),
    Column("minute", Integer, primary_key=True),
    Column("times", Integer, nullable=False),
)
"""How often somebody did something within a minute (since 1970), so that all processes of the web know together when it
is too often. `who`: a keyed hash; nothing personal is kept."""

decisions = Table(
    "decisions",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("identifier", SafeText, primary_key=True),
    Column("field", SafeText, primary_key=True),
    Column("value", SafeText, nullable=False),
    Column("at", Moment, nullable=False),
)
"""What people decided on single records, whatever their source says: `field` is empty for a record that is kept
away."""

leases = Table(
    "leases",
    metadata,
    Column("chore", String(32), primary_key=True),
    Column("piece", String(128), primary_key=True),
    Column("fence", BigInteger, nullable=False),
    Column("worker", SafeText, nullable=False),
    Column("until", Moment),
    Column("again", Moment),
)
"""Who does which piece of work that is no run (runs have their own), and until when it is his. `fence` grows each time
somebody takes it: whoever holds an older number commits nothing any more. `again`: before then nobody wants it."""

records = Table(
    "records",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("identifier", SafeText, primary_key=True),
    Column("media_type", SafeText, nullable=False),
    Column("address", SafeText, nullable=False),
    Column("body", Packed, nullable=False),
    Column("body_hash", LargeBinary(16), nullable=False),
    Column("mapping", LargeBinary(16), nullable=False),
    Column("unread", LargeBinary, nullable=False),
    Column("received", Moment, nullable=False),
    Column("part_of", SafeText, nullable=False, server_default=""),
    Index(
        "ix_records_part_of",
        "source_id",
        "part_of",
        sqlite_where=text("part_of <> ''"),
        postgresql_where=text("part_of <> ''"),
    ),
)
"""The raw record as it came. `mapping` fingerprints the software and settings that read it; `unread`: what of
it nobody used. `part_of`: the record that holds the body, where several entries are read from one."""

versions = Table(
    "versions",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("identifier", SafeText, primary_key=True),
    Column("version", SafeText, nullable=False),
    sqlite_with_rowid=False,
)
"""By what a source tells that a record changed, as it was when the record was last taken in; only of sources that tell
it. It stands apart from `records`, so that all of a source are read without their bodies."""

entries = Table(
    "entries",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("identifier", SafeText, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("name", String(128), nullable=False, unique=True),
    Column("iri", SafeText, nullable=False, unique=True),
    Column("title", LargeBinary, nullable=False),
    Column("publisher", SafeText, nullable=False),
    Column("publisher_title", LargeBinary, nullable=False),
    Column("hash", LargeBinary(16), nullable=False),
    Column("revision", BigInteger, nullable=False, unique=True),
    Column("indexed_revision", BigInteger, nullable=False),
    Column("offered", BigInteger, nullable=False, server_default="0"),
    Column("refusal", SafeText, nullable=False, server_default=""),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("checked", Moment, nullable=False),
    Column("pushed", Boolean, nullable=False),
    Column("missing_runs", Integer, nullable=False, server_default="0"),
    Column("missing_since", Moment),
    Column("removed", Moment),
    Column("reason", SafeText, nullable=False, server_default=""),
    Column("moved_to", String(32)),
    UniqueConstraint("source_id", "identifier"),
    Index("ix_entries_publisher", "publisher", "kind"),
    Index("ix_entries_updated_id", "updated", "id"),
    Index(
        "ix_entries_outbox",
        "revision",
        sqlite_where=text("revision <> indexed_revision"),
        postgresql_where=text("revision <> indexed_revision"),
    ),
    Index(
        "ix_entries_refusal",
        "id",
        sqlite_where=text("refusal <> ''"),
        postgresql_where=text("refusal <> ''"),
    ),
    CheckConstraint("kind IN ('dataset', 'series', 'service', 'publication')", name="kind"),
)
"""Live entries and tombstones (`removed` is set). `indexed_revision`: the one last offered to the index; `offered`: the
number of the store when that was done or undone; `refusal`: why the index did not take it. `missing_runs`: complete
runs in a row that did not see it. `moved_to`: the entry that took the place of a removed one; its addresses lead
there."""

contents = Table(
    "contents",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("pending", SafeText, nullable=False),
    Column("said", PackedSaid, nullable=False),
    Column("shared", LargeBinary, nullable=False),
    Index(
        "ix_contents_pending",
        "entry_id",
        sqlite_where=text("pending <> ''"),
        postgresql_where=text("pending <> ''"),
    ),
)
"""The typed entry as JSON and its RDF in N-Triples, for pages and feeds (`types.Said`). `shared`: the keys of its
`nodes`."""

nodes = Table(
    "nodes",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("lines", SafeText, nullable=False),
)
"""What entries say of nodes that others use too, each once: half of all triples are about a few hundred of them."""

links = Table(
    "links",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("subject", SafeText, nullable=False),
    Column("property", String(16), nullable=False),
    Column("target", SafeText, nullable=False),
    Index("ix_links_target", "target", "property"),
)
"""What entries say about each other (`dcat.model.references`). `subject`: the entry, or a service within it."""

keys = Table(
    "keys",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("key", SafeText, primary_key=True),
    Index("ix_keys_key", "key", "entry_id"),
    sqlite_with_rowid=False,
)
"""By what an entry is known elsewhere: IRIs that identify it, and codes of what it looks like (`store/keys.py`)."""

assessments = Table(
    "assessments",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("hash", LargeBinary(16), nullable=False),
    Column("points", Integer),
    Column("measures", Packed),
    Column("late_from", Date),
)
"""What was found in the description of an entry: the quality score of a dataset, and the first day on which the next
update is overdue. `hash` differs whenever the catalogue record would say something else."""

publishers = Table(
    "publishers",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("title", LargeBinary, nullable=False),
    Column("created", Moment, nullable=False),
)
"""Slugs of publishers, given for life. `title` is the name they were registered by."""

agents = Table(
    "agents",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("iri", SafeText, primary_key=True),
    Column("publisher", ForeignKey("publishers.name"), nullable=False),
    Column("agent", LargeBinary, nullable=False),
    Index("ix_agents_iri", "iri"),
    Index("ix_agents_publisher", "publisher"),
)
"""What each source says about a publisher. Each source keeps its own words, so two that differ do not overwrite each
other for ever; which is shown follows a rule (`store/publishers.py`)."""

outcomes = Table(
    "outcomes",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("identifier", SafeText, nullable=False),
    Column("run_id", Integer),
    Column("outcome", String(16), nullable=False),
    Column("code", String(32), nullable=False, server_default=""),
    Column("reason", SafeText, nullable=False),
    Column("superseded", BigInteger),
    Index("ix_outcomes_run_id", "run_id", "id"),
    Index(
        "uq_outcomes_standing",
        "source_id",
        "identifier",
        unique=True,
        sqlite_where=text("superseded IS NULL"),
        postgresql_where=text("superseded IS NULL"),
    ),
)
"""What became of a record. `run_id` is empty for a push, and no foreign key, because a standing outcome outlives the
row of its run. `code` and `reason`: why it was not taken, or is to go. `superseded`: the outcome that took its
place."""

findings = Table(
    "findings",
    metadata,
    Column("outcome_id", ForeignKey("outcomes.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("rule", SafeText, nullable=False),
    Column("subject", SafeText),
    Column("field", SafeText, nullable=False),
    Column("value", SafeText, nullable=False),
    sqlite_with_rowid=False,
)
"""The remarks about the record, in the order they were made. Most are about what is known by the identifier of the
record, which stands with its outcome: `subject` is not said again there."""

differences = Table(
    "differences",
    metadata,
    Column("outcome_id", ForeignKey("outcomes.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("field", SafeText, nullable=False),
    Column("before", SafeText, nullable=False),
    Column("after", SafeText, nullable=False),
)
"""What a run changed in a record: the beginning of what was said, and of what is said instead."""

rehearsals = Table(
    "rehearsals",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("asked", Moment, nullable=False),
    Column("change", LargeBinary, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("started", Moment),
    Column("ended", Moment),
    Column("told", LargeBinary),
)
"""The last dry run of a whole source that somebody asked for. `change`: what it is tried with in place of what is so.
`tries`: how often somebody began. `told`: what it came to."""

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("prefix", String(16), nullable=False),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("publisher", SafeText, nullable=False),
    Column("scopes", SafeText, nullable=False),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("last_used", Moment),
    Column("revoked", Moment),
    Column("publishers", SafeText, nullable=False, server_default=""),
)
"""Producers' keys: only a keyed hash of each. `publishers`: slugs and IRIs, one a line."""

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("publisher", SafeText, nullable=False),
    Column("address", SafeText, nullable=False),
    Column("wanted", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("nonce", LargeBinary(16), nullable=False),
    Column("created", Moment, nullable=False),
    UniqueConstraint("publisher", "address"),
)
"""Who is told what happens to the sources of a publisher, or to all of them when it is empty. `nonce`: from it and the
installation's key comes the secret that messages are signed with, so that no secret is kept here."""

watched = Table(
    "watched",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("run_id", Integer, nullable=False),
)
"""Up to which run a source was looked at for what is worth telling."""

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id")),
    Column("event", String(16), nullable=False),
    Column("key", SafeText, nullable=False),
    Column("run_id", Integer),
    Column("at", Moment, nullable=False),
    Column("facts", LargeBinary, nullable=False),
    UniqueConstraint("source_id", "event", "key"),
    Index("ix_notices_at", "at"),
)
"""What happened that somebody wants to hear. `key`: it is told once, however often it is seen. A trial has no
source."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE"), nullable=False),
    Column("subscription_id", ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Moment),
    Column("tried", Moment),
    Column("answer", SafeText, nullable=False),
    UniqueConstraint("notice_id", "subscription_id"),
    Index(
        "ix_deliveries_due",
        "due",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_deliveries_subscription_id", "subscription_id", "id"),
)
"""A notice on its way to one who wants it: `waiting`, `sent` or `given-up`. `answer`: what the other side said last."""

sessions = Table(
    "sessions",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("token_id", ForeignKey("tokens.id", ondelete="CASCADE"), nullable=False),
    Column("expires", Moment, nullable=False),
    Index("ix_sessions_expires", "expires"),
)
"""Who is signed in with which key: only a keyed hash of what their browser holds."""

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", SafeText, nullable=False),
    Column("what", String(32), nullable=False),
    Column("subject", SafeText, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("after", LargeBinary, nullable=False),
    Column("chain", LargeBinary(32), nullable=False),
    Index("ix_audit_at", "at"),
)
"""Who changed what. `before`, `after`: what was so and what is so, as JSON. `chain`: a hash of the row and of the chain
of the row before it, so that a row that was changed or taken away is missed."""

unanswered = Table(
    "unanswered",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("words", SafeText, nullable=False),
    Column("times", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("first", String(10), nullable=False),
    Column("last", String(10), nullable=False),
    Index("ix_unanswered_last", "last"),
)
"""Searches that found nothing. `words` are written down only when they were asked for on several different `days`;
until then `key`, a keyed hash of them, is all there is. `first`, `last`: days, ISO 8601."""

addresses = Table(
    "addresses",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("url", SafeText, nullable=False),
    Column("host", SafeText, nullable=False),
    Column("due", Moment, nullable=False),
    Column("state", String(16), nullable=False, server_default=""),
    Column("told", String(16), nullable=False, server_default=""),
    Column("code", String(32), nullable=False, server_default=""),
    Column("status", Integer, nullable=False, server_default="0"),
    Column("since", Moment),
    Column("asked", Moment),
    Column("worked", Moment),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failed", Moment),
    Column("size", BigInteger),
    Column("media_type", SafeText, nullable=False, server_default=""),
    Column("format", String(32), nullable=False, server_default=""),
    Column("modified", Moment),
    Column("etag", SafeText, nullable=False, server_default=""),
    Column("checksum", String(64), nullable=False, server_default=""),
    Column("changes", LargeBinary, nullable=False),
    Index("ix_addresses_due", "due"),
    Index("ix_addresses_host", "host", "due"),
    Index(
        "ix_addresses_untold",
        "host",
        sqlite_where=text("state <> told"),
        postgresql_where=text("state <> told"),
    ),
    Index(
        "ix_addresses_broken",
        "key",
        "state",
        sqlite_where=text("state = 'broken'"),
        postgresql_where=text("state = 'broken'"),
    ),
)
"""What was found at the addresses that entries lead to. `key`: a hash of the address, which may be too long for an
index. `due`: when it is to be asked again. `state`: empty while nobody knows; `told`: the state that the quality of its
entries was last computed with. `since`: when it came into that state; `worked`: when it last did. `failures`: in a row,
the first of them at `failed`; one that may pass counts when it is seen again. `changes`: when the file was seen to
change, as JSON."""

address_uses = Table(
    "address_uses",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("key", ForeignKey("addresses.key", ondelete="CASCADE"), primary_key=True),
    Column("use", String(8), nullable=False),
    Index("ix_address_uses_key", "key"),
    sqlite_with_rowid=False,
)
"""Which entry leads to which address, and whether to a file, a page or a service."""

history = Table(
    "history",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("run_id", Integer),
    Column("what", String(16), nullable=False),
    Column("field", SafeText, nullable=False),
    Column("before", SafeText, nullable=False),
    Column("after", SafeText, nullable=False),
    Index("ix_history_entry_id", "entry_id", "id"),
)
"""What changed of entries, for everybody. `run_id` is no foreign key: it outlives the run. Of each entry the newest few
hundred are kept."""

looked = Table(
    "looked",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("due", Moment, nullable=False),
    Index("ix_looked_due", "due"),
)
"""The datasets whose files were looked into or are to be: as they are in which revision, and when they are to be looked
into (again)."""

previews = Table(
    "previews",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("file", String(16), primary_key=True),
    Column("address", SafeText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("code", String(32), nullable=False),
    Column("found", LargeBinary),
    Column("rows", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("tag", SafeText, nullable=False),
    Column("modified", SafeText, nullable=False),
)
"""What was seen of the files of datasets (`catalogue/previews/`). `code`: why nothing was. `rows`: the file in the data
folder that holds the rows of its table."""

follows = Table(
    "follows",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE")),
    Column("address", SafeText, nullable=False),
    Column("language", String(8), nullable=False),
    Column("nonce", LargeBinary(16), nullable=False),
    Column("created", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("late_told", Date),
    Column("query", SafeText, nullable=False, server_default=""),
    Column("known", LargeBinary),
    UniqueConstraint("address", "entry_id"),
    Index("ix_follows_due", "due"),
    Index("ix_follows_entry_id", "entry_id"),
    Index(
        "uq_follows_query",
        "address",
        "query",
        unique=True,
        sqlite_where=text("query <> ''"),
        postgresql_where=text("query <> ''"),
    ),
)
"""Who follows an entry or a search by mail (`store/follows.py`): the only thing that is kept of readers, until they end
it, do not confirm it, or the entry goes. `query`: the parameters of the search, where no entry is followed; `known`:
what it found when they were last told (`followers/lists.py`)."""

erasures = Table(
    "erasures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("words", Integer, nullable=False),
    Column("hash", LargeBinary(16), nullable=False, unique=True),
    Column("at", Moment, nullable=False),
)
"""Persons whose data were erased: only a keyed hash of each name (of so many `words`) and mailbox."""

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), nullable=False),
    Column("form", LargeBinary(16), nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", SafeText, nullable=False),
    Column("address", SafeText, nullable=False),
    Column("confirmed", Moment),
    Column("nonce", LargeBinary(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("wording", SafeText, nullable=False),
    Column("answer", SafeText, nullable=False),
    Column("answer_language", String(8), nullable=False),
    Column("answered", Moment),
    Index("ix_questions_entry_id", "entry_id", "id"),
    Index("ix_questions_at", "at"),
)
"""What readers asked about entries (`store/questions.py`). `form`: the form that it came with, which counts once.
`address`: where they want the answer, until they have it; `confirmed`: when its owner said so. `shown`: whether
everybody may see `wording`, the question as it was let through, and the answer."""

question_letters = Table(
    "question_letters",
    metadata,
    Column("question_id", ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True),
    Column("what", String(16), primary_key=True),
    Column("due", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("ix_question_letters_due", "due"),
)
"""Letters about questions that are still to be sent."""

downloads = Table(
    "downloads",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("file", String(16), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("times", Integer, nullable=False),
    Index("ix_downloads_month", "month"),
)
"""How often a file was downloaded through our link in a month (`2026-11`). Nothing is known of who did."""

reuses = Table(
    "reuses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", SafeText, nullable=False),
    Column("language", String(8), nullable=False),
    Column("url", SafeText, nullable=False),
    Column("state", String(16), nullable=False),
    Column("publisher", SafeText, nullable=False),
    Index("ix_reuses_entry_id", "entry_id"),
)
"""Articles and apps that were made with a dataset (`store/reuses.py`), and who named them."""
