"""Faults that only show when records are compared with one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain
from typing import Any

import shapely

from geo.atlas import Atlas, Telling
from geo.citations import Citation, Cited, keys
from geo.content import known_to_tours
from geo.dates import from_julian
from geo.errors import Problem
from geo.gazetteer import Toponym
from geo.holdings import Holding, faults
from geo.territory import DRAWN_TOLERANCE, area_at, is_polygonal, misfits
from geo.tour import misdirections
from geo.view import parse_view

Refused = Mapping[str, Set[str] | None]

_ANYTHING = ("place", "area", "act")
"""The kinds of record that words of a text may mean."""


def disagreements(atlas: Atlas, refused: Refused) -> Iterator[Problem]:
    """Yield every fault that only shows when records are compared with one another.

    Parameters
    ----------
    atlas : Atlas
        All records that could be read.
    refused : mapping of str to set of str or None
        By file, the ids of the records that could not; None where none of the file could. They count
        as being there, so that one fault is not reported again by each record that depends on it.
    """
    yield from _unknown_sources(atlas, refused)
    yield from _unknown_ids(atlas, refused)
    yield from _shared_ids(atlas)
    yield from _places_at_odds(atlas, refused)
    yield from _calendar_slips(atlas)
    yield from _holdings_at_odds(atlas, refused)
    yield from _readings_at_odds(atlas, refused)
    yield from _claims_adrift(atlas)
    yield from _names_at_odds(atlas, refused)
    yield from _tellings_adrift(atlas, refused)
    yield from _forms_twice(atlas)
    yield from _tour_adrift(atlas, refused)
    if "areas.geojson" not in refused:
        for name in misfits(atlas.areas):
            yield Problem("areas.geojson", name, "geometry", "it leaves a gap to a neighbour or overlaps it")


def _is_refused(refused: Refused, file: str, name: str) -> bool:
    names = refused.get(file, frozenset())
    return names is None or name in names


def _cited(atlas: Atlas) -> Iterator[tuple[str, str, Cited]]:
    base = atlas.basemap
    tables: tuple[tuple[str, Iterable[Any]], ...] = (
        ("places.csv", atlas.gazetteer.places),
        ("sites.csv", atlas.gazetteer.sites),
        ("acts.csv", atlas.acts),
        ("quoted_areas.csv", atlas.quoted_areas),
        ("areas.geojson", atlas.areas),
        ("lines.geojson", atlas.lines),
        ("readings.geojson", atlas.readings),
        ("polities.csv", atlas.holdings.polities.values()),
        ("account/claims.csv", atlas.claims),
        ("basemap/lakes.geojson", base.lakes),
        ("basemap/rivers.geojson", base.rivers),
        ("basemap/borders.geojson", base.borders),
        ("basemap/labels.geojson", base.labels),
    )
    for file, records in tables:
        for record in records:
            yield file, record.id, record
    for name in atlas.gazetteer.toponyms:
        yield "names.csv", _name_of(name), name
    for holding in atlas.holdings.records:
        yield "holdings.csv", _row_of(holding), holding


def _name_of(toponym: Toponym) -> str:
    return f"{toponym.place} {toponym.form}"


def _row_of(holding: Holding) -> str:
    return f"{holding.area} {holding.start}"


def _unknown_sources(atlas: Atlas, refused: Refused) -> Iterator[Problem]:
    cited: list[tuple[str, str, str, Iterable[Citation]]] = [
        (file, name, "citations", record.citations) for file, name, record in _cited(atlas)
    ]
    cited += [
        ("places.csv", place.id, "population_citations", place.population_citations)
        for place in atlas.gazetteer.places
    ]
    cited.append(("basemap/relief.json", "", "citations", atlas.basemap.relief.frame.citations))
    for file, name, field, citations in cited:
        for key in keys(citations):
            if key not in atlas.sources and not _is_refused(refused, "sources.json", key):
                yield Problem(file, name, field, f"{key!r} is not in sources.json; add it there")


def _unknown_ids(atlas: Atlas, refused: Refused) -> Iterator[Problem]:
    known = {
        "act": ("acts.csv", {act.id for act in atlas.acts}),
        "area": ("areas.geojson", {area.id for area in atlas.areas}),
        "ceded area": ("areas.geojson", {area.id for area in atlas.areas if area.role == "subject"}),
        "line": ("lines.geojson", {line.id for line in atlas.lines}),
        "place": ("places.csv", set(atlas.place_ids)),
        "island": ("sites.csv", {site.id for site in atlas.gazetteer.sites if site.kind == "island"}),
        "polity": ("polities.csv", set(atlas.holdings.polities)),
        "phrase": ("linking/phrases.csv", {phrase.id for phrase in atlas.phrases}),
    }
    for file, record, field, wanted, kinds in chain(
        _references(atlas), _references_of_texts(atlas), _references_of_time(atlas)
    ):
        homes = [known[kind] for kind in kinds]
        for found in dict.fromkeys(wanted):
            if not any(found in ids or _is_refused(refused, home, found) for home, ids in homes):
                yield Problem(file, record, field, f"no {' or '.join(kinds)} has the id {found!r}")


def _references(atlas: Atlas) -> Iterator[tuple[str, str, str, Iterable[str], tuple[str, ...]]]:
    """Yield file, record, field, the ids found there and the kinds of record they may name."""
    for place in atlas.gazetteer.places:
        yield "places.csv", place.id, "act", (place.act,), ("act",)
        yield "places.csv", place.id, "features", place.features, ("area", "line")
        yield "places.csv", place.id, "within", filter(None, (place.within,)), ("area",)
    for toponym in atlas.gazetteer.toponyms:
        yield "names.csv", _name_of(toponym), "place", (toponym.place,), ("place",)
    for quoted in atlas.quoted_areas:
        yield "quoted_areas.csv", quoted.id, "compare", quoted.compare, ("ceded area",)
    for area in atlas.areas:
        yield "areas.geojson", area.id, "act", filter(None, (area.act,)), ("act",)
    for line in atlas.lines:
        yield "lines.geojson", line.id, "act", filter(None, (line.act,)), ("act",)
    for phrase in atlas.phrases:
        yield "linking/phrases.csv", phrase.id, "targets", phrase.targets, _ANYTHING
    for cue in atlas.cues:
        yield "linking/cues.csv", cue.id, "of", cue.of, ("phrase", *_ANYTHING)
        yield "linking/cues.csv", cue.id, "targets", cue.targets, _ANYTHING


def _references_of_texts(atlas: Atlas) -> Iterator[tuple[str, str, str, Iterable[str], tuple[str, ...]]]:
    for claim in atlas.claims:
        yield "account/claims.csv", claim.id, "targets", claim.targets, _ANYTHING
    marked = {f"annotations.{tag}.json": telling.annotations for tag, telling in atlas.tellings.items()}
    for file, mentions in ({"annotations.json": atlas.annotations} | marked).items():
        for mention in mentions:
            where = f"{mention.passage} {mention.exact!r}"
            yield f"account/{file}", where, "source", mention.targets, _ANYTHING


def _references_of_time(atlas: Atlas) -> Iterator[tuple[str, str, str, Iterable[str], tuple[str, ...]]]:
    for site in atlas.gazetteer.sites:
        yield "sites.csv", site.id, "act", filter(None, (site.act,)), ("act",)
    for holding in atlas.holdings.records:
        row = _row_of(holding)
        yield "holdings.csv", row, "area", (holding.area,), ("area", "island")
        yield "holdings.csv", row, "act", filter(None, (holding.act,)), ("act",)
        yield "holdings.csv", row, "holders", holding.holders, ("polity",)
        yield "holdings.csv", row, "claimants", holding.claimants, ("polity",)


def _shared_ids(atlas: Atlas) -> Iterator[Problem]:
    """Yield ids that two kinds of record share: a view names places, areas, lines, acts and sites alike."""
    homes: dict[str, str] = {}
    tables: tuple[tuple[str, Iterable[Any]], ...] = (
        ("places.csv", atlas.gazetteer.places),
        ("areas.geojson", atlas.areas),
        ("lines.geojson", atlas.lines),
        ("acts.csv", atlas.acts),
        ("sites.csv", atlas.gazetteer.sites),
        ("readings.geojson", atlas.readings),
    )
    for file, records in tables:
        for record in records:
            if homes.setdefault(record.id, file) != file:
                yield Problem(file, record.id, "id", f"{homes[record.id]} has this id too; choose another")


def _places_at_odds(atlas: Atlas, refused: Refused) -> Iterator[Problem]:
    """Yield towns that do not lie in their area, on the full or on the drawn geometry."""
    numbers = [place.number for place in atlas.gazetteer.places]
    if "places.csv" not in refused and numbers != list(range(1, 9)):
        yield Problem("places.csv", "", "number", f"found {numbers}; the rule lists eight places, 1 to 8")
    outlines = shapely.coverage_simplify([area.geometry for area in atlas.areas], DRAWN_TOLERANCE)
    drawn = {area.id: outline for area, outline in zip(atlas.areas, outlines, strict=True)}
    for place in atlas.gazetteer.places:
        if (place.kind == "town") == bool(place.features):
            wanted = "none, it is a point" if place.features else "the areas or lines that it is"
            yield Problem("places.csv", place.id, "features", f"for a {place.kind}, name {wanted}")
        if place.kind != "town" or _is_refused(refused, "areas.geojson", place.within or ""):
            continue
        area = area_at(atlas.areas, place.lon, place.lat)
        if area is None or area.id != place.within:
            found = area.id if area else "no area"
            yield Problem(
                "places.csv", place.id, "within", f"{place.within!r}, but the point lies in {found}"
            )
        elif not drawn[area.id].covers(shapely.Point(place.lon, place.lat)):
            yield Problem(
                "places.csv", place.id, "within", f"the drawn outline of {area.id} leaves the town out"
            )
        elif area.act != place.act:
            yield Problem("places.csv", place.id, "act", f"{place.act!r}, but its area came by {area.act!r}")


def _calendar_slips(atlas: Atlas) -> Iterator[Problem]:
    for act in atlas.acts:
        if act.date is None:
            yield Problem("acts.csv", act.id, "date", "an act needs a date")
        elif act.julian:
            year, month, day = (int(part) for part in act.julian.split("-"))
            try:
                meant = from_julian(year, month, day)
            except ValueError as error:
                yield Problem("acts.csv", act.id, "julian", f"{act.julian!r} is no day: {error}")
                continue
            if meant != act.date.start:
                slip = f"{act.julian} in the Julian calendar is {meant}, not {act.date.edtf}"
                yield Problem("acts.csv", act.id, "julian", slip)


def _holdings_at_odds(atlas: Atlas, refused: Refused) -> Iterator[Problem]:
    """Yield gaps, overlaps and holders that did not exist, unless rows of the file are missing anyway."""
    if "holdings.csv" in refused:
        return
    islands = [site.id for site in atlas.gazetteer.sites if site.kind == "island"]
    for record, field, fault in faults(atlas.holdings, [*(area.id for area in atlas.areas), *islands]):
        yield Problem("holdings.csv", record, field, fault)


def _readings_at_odds(atlas: Atlas, refused: Refused) -> Iterator[Problem]:
    if "readings.geojson" in refused:
        return
    drawn: dict[str, list[str]] = {}
    for reading in atlas.readings:
        drawn.setdefault(reading.question, []).extend([reading.id] if reading.drawn else [])
        if reading.side != "none" and not is_polygonal(reading.geometry):
            fault = f"{reading.side!r} with a {reading.geometry.geom_type}; only a polygon changes side"
            yield Problem("readings.geojson", reading.id, "side", fault)
    for question, names in drawn.items():
        if len(names) != 1:
            fault = f"of the question {question!r}, {len(names)} readings are drawn; one would do"
            yield Problem("readings.geojson", ", ".join(names), "drawn", fault)


def _names_at_odds(atlas: Atlas, refused: Refused) -> Iterator[Problem]:
    """Yield pronunciations of no name, and origins that nothing tells."""
    if "names.csv" in refused:
        return
    forms: dict[str, set[str]] = {}
    for name in atlas.gazetteer.names:
        forms.setdefault(name.place, set()).add(name.form)
    for name in atlas.gazetteer.toponyms:
        if unknown := [form for form in name.reads if form not in forms.get(name.place, ())]:
            fault = f"{' '.join(unknown)!r} is no name of {name.place}; write its forms as they stand here"
            yield Problem("names.csv", _name_of(name), "reads", fault)
        if name.kind == "pronunciation" and not name.reads:
            yield Problem("names.csv", _name_of(name), "reads", "found none; write the forms that it says")
        if name.origin and not name.note:
            yield Problem("names.csv", _name_of(name), "note", "found none; tell the origin that is so sure")


def _claims_adrift(atlas: Atlas) -> Iterator[Problem]:
    """Yield claims whose words do not stand, once, in their passage."""
    texts = {passage.id: passage.text for passage in atlas.account.passages}
    for claim in atlas.claims if texts else ():  # an account that cannot be read is its own problem
        found = texts.get(claim.passage, "").count(claim.exact)
        if found != 1:
            fault = f"found {found} times in {claim.passage}; quote words that stand there once"
            yield Problem("account/claims.csv", claim.id, "exact", fault)


def _tellings_adrift(atlas: Atlas, refused: Refused) -> Iterator[Problem]:
    """Yield where our account in another language has other passages or claims than the English one."""
    english = [(passage.id, passage.kind) for passage in atlas.account.passages]
    for tag, telling in atlas.tellings.items():
        told = [(passage.id, passage.kind) for passage in telling.article.passages]
        if not english or not told:  # an account that cannot be read is its own problem
            continue
        if told != english:
            apart = next((name for name, _ in (one for one in told if one not in english)), f"p{len(told)}")
            fault = f"{len(told)} passages, and the English account has {len(english)}; they part at {apart}"
            yield Problem(f"account/account.{tag}.md", "", "", fault)
        yield from _words_adrift(atlas, telling, f"account/claims.{tag}.csv", refused)


def _words_adrift(atlas: Atlas, telling: Telling, file: str, refused: Refused) -> Iterator[Problem]:
    """Yield claims without words in a language, and words that do not stand once in their passage."""
    english = {passage.id: passage.text for passage in atlas.account.passages}
    texts = {passage.id: passage.text for passage in telling.article.passages}
    claims = {claim.id: claim for claim in atlas.claims}
    sound = "account/claims.csv" not in refused and len(claims) == len(atlas.claims)
    for name in sorted(claims.keys() - telling.words.keys()):
        if not _is_refused(refused, file, name):
            yield Problem(file, name, "", "this claim has no row; quote its words in this language")
    for name, exact in telling.words.items():
        claim = claims.get(name)
        if claim is None:
            if sound:
                yield Problem(file, name, "id", "no claim has this id; see account/claims.csv")
        elif claim.exact in english.get(claim.passage, ""):
            found = texts.get(claim.passage, "").count(exact)
            fault = f"found {found} times in {claim.passage}; quote words that stand there once"
            yield from [] if found == 1 else [Problem(file, name, "exact", fault)]


def _tour_adrift(atlas: Atlas, refused: Refused) -> Iterator[Problem]:
    """Yield what is wrong with our tour; of a reader's, less is asked."""
    if atlas.tour is None or refused:  # what is missing elsewhere would be missed in it again
        return
    file, passages = "tour.json", {passage.id for passage in atlas.account.passages}
    yield from misdirections(atlas.tour, known_to_tours(atlas), file)
    for notice in atlas.tour.notices:
        yield Problem(file, "", "steps", notice)
    for step in atlas.tour.steps:
        if step.certainty is None or not step.citations:
            yield Problem(file, step.id, "citations", "say how sure the step is, and by which sources")
        passage = parse_view(step.view, ()).view.passage
        if passage and passage not in passages:
            yield Problem(file, step.id, "view", f"the account has no passage {passage}")


def _forms_twice(atlas: Atlas) -> Iterator[Problem]:
    """Yield phrases with a form, and endings with an ending and a gender, that an earlier row has already."""
    homes: dict[str, str] = {}
    for phrase in atlas.phrases:
        for form, _ in phrase.forms():
            if homes.setdefault(form, phrase.id) != phrase.id:
                fault = f"{homes[form]!r} has the form {form!r} too; take it out of one"
                yield Problem("linking/phrases.csv", phrase.id, "form", fault)
    rows: set[tuple[str, str]] = set()
    for row in atlas.endings:
        for ending in row.ending.split("|"):
            if (ending, row.gender) in rows:
                fault = f"another row of this gender has the ending {ending!r}; take it out of one"
                yield Problem("linking/endings.csv", row.example, "ending", fault)
            rows.add((ending, row.gender))
