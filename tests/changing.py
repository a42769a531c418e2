"""What happens to a catalogue whose entries speak of each other: some come, go, return, change, or say something else
of what they share."""

from random import Random

from factory import record, texts

from catalogue.service import Catalogue
from dcat import vocab
from dcat.model import Agent, DataService, Dataset, DatasetSeries, Distribution, Entry, Iri

BASE = "https://agency.example/id/"
ENTRIES = 95


def entry(number: int, title: str = "Comptages", publisher: int = 0, kind: str = "") -> Entry:
    """An entry that shares its publisher, its themes and more with others."""
    iri = Iri(f"{BASE}{number}")
    said = {
        "iri": iri,
        "title": texts(fr=f"{title} {number}", nl=f"Tellingen {number}"),
        "publisher": Agent(iri=Iri(f"{BASE}publisher/{number % 3}"), name=texts(fr=f"Ville {number % 3} {publisher}")),
    }
    if (kind or ("service" if number % 10 == 0 else "series" if number % 10 == 1 else "")) == "service":
        served = tuple(Iri(f"{BASE}{number + step}") for step in (2, 3, 12))
        return DataService(**said, endpoint_url=(Iri(f"{iri}/wfs"),), serves_dataset=served)
    if (kind or ("series" if number % 10 == 1 else "")) == "series":
        return DatasetSeries(**said)
    return Dataset(
        **said,
        description=texts(fr="Une description. " * (number % 7)),
        theme=(vocab.THEMES.concept(vocab.THEMES.terms[number % 13]),),
        in_series=(Iri(f"{BASE}{number // 10 * 10 + 1}"),),
        distribution=(Distribution(iri=Iri(f"{iri}/file"), access_url=(Iri(f"https://files.example/{number}"),)),),
    )


def push(catalogue: Catalogue, number: int, said: Entry, source: str = "agency") -> None:
    """Publishes it, for the first time or again."""
    catalogue.records.push(source, str(number), record(str(number), said).body, "application/json")


class Changes:
    """What happens to a catalogue, one thing after another."""

    def __init__(self, catalogue: Catalogue, random: Random) -> None:
        self.catalogue, self.random = catalogue, random
        self.live, self.gone, self.next = list(range(ENTRIES)), list[int](), ENTRIES

    def insert(self) -> None:
        """An entry comes."""
        push(self.catalogue, self.next, entry(self.next))
        self.live.append(self.next)
        self.next += 1

    def change(self) -> None:
        """An entry says something else."""
        number = self.random.choice(self.live)
        push(self.catalogue, number, entry(number, self.random.choice(("Feux", "Arbres", "Bancs" * 500))))

    def change_shared(self) -> None:
        """An entry says something else of its publisher, whom others name too."""
        number = self.random.choice(self.live)
        push(self.catalogue, number, entry(number, publisher=self.random.randrange(5)))

    def change_kind(self) -> None:
        """What was one kind of entry stands elsewhere in the feed."""
        number = self.random.choice(self.live)
        self.catalogue.records.withdraw("agency", str(number))
        push(self.catalogue, number, entry(number, kind=self.random.choice(("service", "series", "dataset"))))

    def remove(self) -> None:
        """An entry goes."""
        number = self.live.pop(self.random.randrange(len(self.live)))
        self.catalogue.records.withdraw("agency", str(number))
        self.gone.append(number)

    def restore(self) -> None:
        """One that went comes back."""
        if self.gone:
            number = self.gone.pop(self.random.randrange(len(self.gone)))
            push(self.catalogue, number, entry(number))
            self.live.append(number)

    def list_elsewhere(self) -> None:
        """Another source has the same dataset: it is related to the one that counts."""
        number = self.random.choice(self.live)
        push(self.catalogue, number, entry(number, title="Copie"), "other")
