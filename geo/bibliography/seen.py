"""What a view shows, in words, and the sources that it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from geo.atlas import Atlas
from geo.citations import Cited, keys
from geo.dates import Span, in_words
from geo.gazetteer import Site
from geo.territory import Area, Line
from geo.view import View


def describe_view(atlas: Atlas, view: View) -> str:
    """Return a title for a view: its days, and what is selected.

    Examples
    --------
    A view of a day with a town selected is "who held what on 1 June 1859, with Khabarovsk".
    """
    if view.date and view.compare:
        told = f"who held what on {in_words(view.date)} and on {in_words(view.compare)}"
    elif view.date:
        told = f"who held what on {in_words(view.date)}"
    else:
        told = "the land that changed hands, by act"
    chosen = [name for record in view.place if (name := _name(atlas, record))]
    return f"{told}, with {' and '.join(chosen)}" if 0 < len(chosen) <= 2 else told


def seen_keys(atlas: Atlas, view: View) -> tuple[str, ...]:
    """Return the keys of the sources behind what a view shows, in alphabetical order.

    Where something is selected, that record, its act, its names and who held its ground count alone;
    otherwise every record of the layers shown, on the day of the view.
    """
    records = list(_selected(atlas, view)) if view.place else list(_shown(atlas, view))
    records += [reading for reading in atlas.readings if reading.id in view.readings]
    cited = keys(citation for record in records for citation in record.citations)
    return tuple(sorted(set(cited)))


def _name(atlas: Atlas, name: str) -> str:
    for place in atlas.gazetteer.places:
        if place.id == name:
            return atlas.gazetteer.name(name, "en")
    for act in atlas.acts:
        if act.id == name:
            return act.name_en
    for site in atlas.gazetteer.sites:
        if site.id == name:
            return site.name_en
    ground: tuple[Area | Line, ...] = (*atlas.areas, *atlas.lines)
    return next((each.names.en for each in ground if each.id == name), "")


def _selected(atlas: Atlas, view: View) -> Iterable[Cited]:
    chosen = set(view.place)
    acts = set(chosen)
    ground = set(chosen)
    for place in atlas.gazetteer.places:
        if place.id in chosen:
            yield place
            for name in atlas.gazetteer.names_of(place.id):
                yield name
                yield from atlas.gazetteer.readings_of(name)
            acts.add(place.act)
            ground |= {*place.features, place.within or ""}
    named: tuple[Area | Line | Site, ...] = (*atlas.areas, *atlas.lines, *atlas.gazetteer.sites)
    for record in named:
        if record.id in chosen:
            yield record
            acts.add(record.act or "")
    for holding in atlas.holdings.records:
        if holding.area in ground and (view.date is None or holding.covers(view.date)):
            yield holding
            acts.add(holding.act or "")
    yield from (act for act in atlas.acts if act.id in acts)


def _shown(atlas: Atlas, view: View) -> Iterable[Cited]:
    def in_force(span: Span | None) -> bool:
        day = view.date
        return day is None or span is None or ((span.start or day) <= day <= (span.end or day))

    layers = set(view.layers)
    if "areas" in layers:
        yield from atlas.areas
        yield from (h for h in atlas.holdings.records if view.date is not None and h.covers(view.date))
    if "lines" in layers:
        yield from (line for line in atlas.lines if in_force(line.dates))
    if "places" in layers:
        yield from atlas.gazetteer.places
    if "sites" in layers:
        yield from (site for site in atlas.gazetteer.sites if in_force(site.dates))
    if "rivers" in layers:
        yield from (*atlas.basemap.rivers, *atlas.basemap.lakes)
    if "borders" in layers:
        yield from atlas.basemap.borders
    if "towns" in layers:
        yield from (label for label in atlas.basemap.labels if label.layer == "towns")
