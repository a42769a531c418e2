"""The model is the profile: every property of the official tables is a field, and every field says which it is."""

import ast
import csv
from pathlib import Path

import pytest
from samples import shared

from dcat import model

CLASSES = {
    "Agent": model.Agent,
    "Catalogue": model.Catalog,
    "Catalogue Record": model.CatalogRecord,
    "Checksum": model.Checksum,
    "Concept": model.Concept,
    "Data Service": model.DataService,
    "Dataset": model.Dataset,
    "Dataset Series": model.DatasetSeries,
    "Distribution": model.Distribution,
    "Identifier": model.Identifier,
    "Kind": model.Contact,
    "Licence Document": model.LicenseDocument,
    "Location": model.Location,
    "Period of Time": model.Period,
    "Relationship": model.Relationship,
}
"""The struct of each class of the specification that has properties."""


@pytest.mark.parametrize("table", ["dcatap_3.0.1_properties.csv", "dcatap_hvd_3.0.0_properties.csv"])
def test_every_property_of_the_profile_is_a_field(table: str) -> None:
    with shared("dcat-ap", "vocab", table).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["class"] != "Concept Scheme"]
    assert len(rows) > 25
    for row in rows:
        curies = {field.property.curie for field in model.properties(CLASSES[row["class"]])}
        assert row["curie"] in curies, f"{row['class']} {row['curie']}"


@pytest.mark.parametrize("table", ["dcatap_3.0.1_properties.csv", "dcatap_hvd_3.0.0_properties.csv"])
def test_fields_hold_as_many_values_as_the_profile_allows(table: str) -> None:
    with shared("dcat-ap", "vocab", table).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["class"] != "Concept Scheme"]
    for row in rows:
        field = next(f for f in model.properties(CLASSES[row["class"]]) if f.property.curie == row["curie"])
        if row["cardinality"].endswith("*"):
            assert field.many, f"{row['class']} {row['curie']}"


def test_every_field_has_a_docstring_that_names_its_property() -> None:
    tree = ast.parse(Path(model.__file__).read_text("utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    checked = 0
    for struct in classes:
        for field, after in zip(struct.body, [*struct.body[1:], None], strict=True):
            if not (isinstance(field, ast.AnnAssign) and "Property(" in ast.unparse(field.annotation)):
                continue
            said = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            curie = ast.unparse(field.annotation).partition("Property('")[2].partition("'")[0]
            assert f"`{curie}`" in str(said), f"{struct.name}.{ast.unparse(field.target)}"
            checked += 1
    assert checked > 120


def test_every_struct_has_a_class_of_its_own() -> None:
    classes = [struct.CLASS for struct in model.structs()]
    assert len(classes) == len(set(classes))
    assert "rdfs:Resource" not in classes
