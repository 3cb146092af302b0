# SPDX-License-Identifier: Apache-2.0
"""GeoJSON (RFC 7946): a feature for each chosen area that has a boundary, with what is stated about it.

Coordinates are longitude and latitude, outer rings run against the clock and holes with it. Members of ``properties``
are short names of properties: one value, or an array where there are several; ``areaOf`` lists the bodies whose area
it is.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from itertools import pairwise
from typing import IO, Any, Final

import pyoxigraph as ox

from icsgraph.exports.content import MERGED, Content, Node, plain, short
from icsgraph.exports.format import Format
from icsgraph.model.errors import ExportError
from icsgraph.model.namespaces import ICS, PREFIXES, RDF
from icsgraph.queries.values import Kind, column
from icsgraph.store.select import Term

_GEOMETRY, _WKT = (ox.NamedNode(PREFIXES["geo"] + name) for name in ("hasGeometry", "asWKT"))
_TYPE, _AREA = ox.NamedNode(RDF + "type"), ox.NamedNode(ICS + "hasArea")
_KINDS: Final = {
    "POINT": "Point", "LINESTRING": "LineString", "POLYGON": "Polygon", "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString", "MULTIPOLYGON": "MultiPolygon",
}  # fmt: skip
_TEXT: Final = re.compile(r"\s*(?:<([^<>]*)>)?\s*([A-Za-z]+)\s*(\(.*\))\s*", re.DOTALL)
_PLACE: Final = re.compile(r"\s*(-?[\d.]+(?:[eE][+-]?\d+)?)\s+(-?[\d.]+(?:[eE][+-]?\d+)?)\s*")
_LONGITUDE_FIRST: Final = ("", "http://www.opengis.net/def/crs/OGC/1.3/CRS84")
_LATITUDE_FIRST: Final = ("http://www.opengis.net/def/crs/EPSG/0/4326",)

Json = Any


def _write(content: Content, stream: IO[bytes]) -> str:
    stated: dict[Node, dict[ox.NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in sorted(set(content.triples()), key=str):
        stated[triple.subject][triple.predicate].append(triple.object)
    features = [made for area in sorted(stated, key=str) if (made := _feature(content, area, stated[area]))]
    if not features:
        what = "none of what was chosen is an area with a boundary"
        raise ExportError("E942", "--format geojson", what, "Choose areas, such as --class BoardArea.")
    named = f"areas of an icsgraph graph; {content.choice}" if content.choice else "areas of an icsgraph graph"
    document = {"type": "FeatureCollection", "name": named, "features": features}
    stream.write((json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n").encode())
    return f"{len(features):,} areas"


def _feature(content: Content, area: Node, stated: dict[ox.NamedNode, list[Term]]) -> Json:
    store = content.store
    shapes = [quad.object for quad in store.quads_for_pattern(area, _GEOMETRY, None, MERGED)]
    found = [wkt.object for shape in shapes if isinstance(shape, Node)
             for wkt in store.quads_for_pattern(shape, _WKT, None, MERGED)]  # fmt: skip
    if not found:
        return None
    bodies = [quad.subject for quad in store.quads_for_pattern(None, _AREA, area, MERGED)]
    things = [term for terms in stated.values() for term in terms]
    labels = content.labels([area, *bodies, *things])

    def named(term: Term) -> Json:
        label = labels.get(term) if isinstance(term, ox.NamedNode) else None
        return {"iri": plain(term), "label": label} if label else plain(term)

    properties: dict[str, Json] = {"label": labels.get(area, "") if isinstance(area, ox.NamedNode) else ""}
    properties["areaOf"] = [named(body) for body in sorted(bodies, key=str)]
    for prop in sorted(stated, key=lambda each: short(each.value)):
        if prop == _TYPE:
            properties["class"] = [short(plain(term)) for term in stated[prop]]
        elif prop != _GEOMETRY:
            values = [_value(term) if isinstance(term, ox.Literal) else named(term) for term in stated[prop]]
            properties[short(prop.value)] = values[0] if len(values) == 1 else values
    first = min(found, key=str)
    return {"type": "Feature", "id": plain(area), "properties": properties, "geometry": geometry(plain(first))}


def _value(term: ox.Literal) -> Json:
    kind, values = column([term])
    return values[0] if kind in (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN) else term.value


def geometry(wkt: str) -> dict[str, Json]:
    """Give the GeoJSON of a point, line or area in WKT.

    Raises:
        ExportError: E946, when it is of another kind, malformed, or not in longitude and latitude.
    """
    match = _TEXT.fullmatch(wkt)
    kind = match[2].upper() if match else ""
    if match is None or kind not in _KINDS:
        raise _unreadable(wkt, "it is no point, line or area in well-known text")
    system = match[1] or ""
    if system not in (*_LONGITUDE_FIRST, *_LATITUDE_FIRST):
        raise _unreadable(wkt, f"its coordinates are in {system}")
    try:
        nested = json.loads(_PLACE.sub(r"[\1,\2]", match[3]).replace("(", "[").replace(")", "]"))
    except ValueError as error:
        raise _unreadable(wkt, "its coordinates cannot be read") from error
    if system in _LATITUDE_FIRST:
        nested = _turned(nested)
    if kind == "POINT" or (kind == "MULTIPOINT" and isinstance(nested[0][0], list)):
        nested = nested[0] if kind == "POINT" else [place[0] for place in nested]
    if kind == "POLYGON":
        nested = _wound(nested)
    elif kind == "MULTIPOLYGON":
        nested = [_wound(rings) for rings in nested]
    return {"type": _KINDS[kind], "coordinates": nested}


def _unreadable(wkt: str, what: str) -> ExportError:
    mend = "Give boundaries as WKT in longitude and latitude (CRS84)."
    return ExportError("E946", wkt[:60], f"this boundary cannot be written as GeoJSON: {what}", mend)


def _turned(nested: Json) -> Json:
    if isinstance(nested[0], list):
        return [_turned(each) for each in nested]
    return nested[::-1]


def _wound(rings: list[list[list[float]]]) -> list[list[list[float]]]:
    """The outer ring comes first in WKT."""
    return [ring if (_area(ring) > 0) == (number == 0) else ring[::-1] for number, ring in enumerate(rings)]


def _area(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


FORMAT: Final = Format("GeoJSON: areas with boundaries and attributes", file=_write, needs=("boundaries",))
