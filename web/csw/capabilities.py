"""What the service is and can: its capabilities, the schemas of its records, the values of its properties."""

from collections.abc import Callable

from catalogue.search.base import Query

from ..current import absolute, catalogue, settings
from ..xml import tree
from ..xml.tree import Element, add
from .asking import OPERATIONS, VERSION, Asked
from .exceptions import invalid, missing
from .queries import NAMES
from .records import CSW, GMD, SCHEMAS, SETS

SECTIONS = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Filter_Capabilities")
_SCHEMAS = {
    "csw:Record": (CSW, "http://schemas.opengis.net/csw/2.0.2/record.xsd"),
    "gmd:MD_Metadata": (GMD, "http://schemas.opengis.net/iso/19139/20070417/gmd/gmd.xsd"),
}
"""Type of records → namespace and place of its schema; DCAT has none in XML."""
_XML_SCHEMA = "http://www.w3.org/XML/Schema"
PARAMETERS: dict[str, dict[str, tuple[str, ...]]] = {
    "GetCapabilities": {"sections": SECTIONS},
    "DescribeRecord": {"typeName": tuple(_SCHEMAS), "outputFormat": ("application/xml",)},
    "GetDomain": {},
    "GetRecords": {
        "outputSchema": tuple(SCHEMAS),
        "typeNames": tuple(schema.type_name for schema in SCHEMAS.values()),
        "ElementSetName": SETS,
        "resultType": ("hits", "results"),
        "outputFormat": ("application/xml",),
        "CONSTRAINTLANGUAGE": ("FILTER", "CQL_TEXT"),
    },
    "GetRecordById": {
        "outputSchema": tuple(SCHEMAS),
        "ElementSetName": SETS,
        "outputFormat": ("application/xml",),
    },
}
"""Operation → parameters with the values that they take."""
_COMPARISONS = (
    *("EqualTo", "NotEqualTo", "Like", "Between"),
    *("LessThan", "LessThanEqualTo", "GreaterThan", "GreaterThanEqualTo"),
)
_DOMAINS = ("type", "format", "language", "publisher", "subject")
"""Properties whose values are counted."""


def capabilities(asked: Asked) -> Element:
    """GetCapabilities."""
    wanted = asked.several("sections") or ["All"]
    top = tree.root("csw:Capabilities", "ows", "ogc", "xlink", "gml31")
    top.set("version", VERSION)
    parts: dict[str, Callable[[Element], None]] = {
        "ServiceIdentification": _add_identification,
        "ServiceProvider": _add_provider,
        "OperationsMetadata": _add_operations,
        "Filter_Capabilities": _add_filters,
    }
    for name in wanted:
        if name not in {"All", *parts}:
            raise invalid("sections", f"sections are {', '.join(parts)} and All, not {name[:40]!r}.")
    for name, add_part in parts.items():
        if name in wanted or "All" in wanted or name == "Filter_Capabilities":  # which the schema wants always
            add_part(top)
    return top


def described(asked: Asked) -> Element:
    """DescribeRecord: where the schemas of the records are."""
    top = tree.root("csw:DescribeRecordResponse", "xs")
    for name in asked.several("typeName") or list(_SCHEMAS):
        if name not in _SCHEMAS:
            raise invalid("typeName", f"Schemas are there for {', '.join(_SCHEMAS)}, not for {name[:60]!r}.")
        namespace, place = _SCHEMAS[name]
        made = add(top, "csw:SchemaComponent", targetNamespace=namespace, schemaLanguage=_XML_SCHEMA)
        schema = add(made, "xs:schema", targetNamespace=namespace, elementFormDefault="qualified")
        add(schema, "xs:include", schemaLocation=place)
    return top


def domain(asked: Asked) -> Element:
    """GetDomain: the values of parameters and properties; of one that is not counted, its name alone."""
    properties, parameters = asked.several("PropertyName"), asked.several("ParameterName")
    if not (properties or parameters):
        raise missing("PropertyName")
    top = tree.root("csw:GetDomainResponse")
    for name in parameters:
        operation, _, parameter = name.partition(".")
        known = {key.lower(): values for key, values in PARAMETERS.get(operation, {}).items()}
        _add_values(top, "csw:ParameterName", name, known.get(parameter.lower()))
    for name in properties:
        local = name.rpartition(":")[2].lower()
        _add_values(top, "csw:PropertyName", name, _counted(local) if local in _DOMAINS else None)
    return top


def _counted(name: str) -> tuple[str, ...]:
    facet = NAMES.equal[name][0]
    query = Query(facets=(facet,), all_values=True, language=settings().languages[0])
    return tuple(one.value for one in catalogue().index.search(query).facets[facet] if one.count)


def _add_values(top: Element, kind: str, name: str, values: tuple[str, ...] | None) -> None:
    made = add(top, "csw:DomainValues", type="csw:Record")
    add(made, kind, name)
    if values is not None:
        listed = add(made, "csw:ListOfValues")
        for value in values:
            add(listed, "csw:Value", value)


def _add_identification(top: Element) -> None:
    made = add(top, "ows:ServiceIdentification")
    add(made, "ows:Title", settings().title)
    add(made, "ows:Abstract", f"Datasets, series of datasets and services of {settings().title}.")
    words = add(made, "ows:Keywords")
    for word in ("catalogue", "discovery", "metadata", "open data"):
        add(words, "ows:Keyword", word)
    add(made, "ows:ServiceType", "CSW")
    add(made, "ows:ServiceTypeVersion", VERSION)
    add(made, "ows:Fees", "none")
    add(made, "ows:AccessConstraints", "none")


def _add_provider(top: Element) -> None:
    made = add(top, "ows:ServiceProvider")
    add(made, "ows:ProviderName", settings().title)
    site = add(made, "ows:ProviderSite")
    site.set(tree.tag("xlink:href"), absolute("/"))
    contact = add(made, "ows:ServiceContact")
    mailbox = settings().contact.removeprefix("mailto:")
    if "@" in mailbox:
        address = add(add(contact, "ows:ContactInfo"), "ows:Address")
        add(address, "ows:ElectronicMailAddress", mailbox)


def _add_operations(top: Element) -> None:
    made = add(top, "ows:OperationsMetadata")
    for name in OPERATIONS:
        operation = add(made, "ows:Operation", name=name)
        http = add(add(operation, "ows:DCP"), "ows:HTTP")
        for method in ("Get", "Post"):
            add(http, f"ows:{method}").set(tree.tag("xlink:href"), absolute("/csw"))
        for parameter, values in PARAMETERS[name].items():
            _add_listed(operation, "ows:Parameter", parameter, values)
        if name == "GetRecords":
            _add_listed(operation, "ows:Constraint", "SupportedDublinCoreQueryables", tuple(_queryables()))
    _add_listed(made, "ows:Parameter", "service", ("CSW",))
    _add_listed(made, "ows:Parameter", "version", (VERSION,))
    _add_listed(made, "ows:Constraint", "PostEncoding", ("XML",))


def _queryables() -> list[str]:
    return [*(f"dc:{name}" for name in (*NAMES.equal, *NAMES.alone)), "dct:modified", "csw:AnyText", "ows:BoundingBox"]


def _add_listed(parent: Element, kind: str, name: str, values: tuple[str, ...]) -> None:
    made = add(parent, kind, name=name)
    for value in values:
        add(made, "ows:Value", value)


def _add_filters(top: Element) -> None:
    made = add(top, "ogc:Filter_Capabilities")
    spatial = add(made, "ogc:Spatial_Capabilities")
    add(add(spatial, "ogc:GeometryOperands"), "ogc:GeometryOperand", "gml31:Envelope")
    add(add(spatial, "ogc:SpatialOperators"), "ogc:SpatialOperator", name="BBOX")
    scalar = add(made, "ogc:Scalar_Capabilities")
    add(scalar, "ogc:LogicalOperators")
    compared = add(scalar, "ogc:ComparisonOperators")
    for name in _COMPARISONS:
        add(compared, "ogc:ComparisonOperator", name)
    add(add(made, "ogc:Id_Capabilities"), "ogc:EID")
