// The reader's state and its written form. The same rules as geo/view: a test compares the two.
const State = (() => {
  const short = (number, digits) => String(Number((Math.floor(number * 10 ** digits + 0.5) / 10 ** digits).toFixed(digits)) + 0);
  const encode = (value) => encodeURIComponent(value).replace(/%2C/g, ",").replace(/%2F/g, "/").replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
  const same = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);
  const FIRST_DAY = "1689-09-06";
  const number = /^-?\d{1,3}(\.\d{1,6})?$/;

  const iso = (day) => [String(day.getFullYear()).padStart(4, "0"), String(day.getMonth() + 1).padStart(2, "0"), String(day.getDate()).padStart(2, "0")].join("-");
  const today = () => iso(new Date());
  // ISO days compare as texts do.
  const isKnownDay = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && text >= FIRST_DAY && text <= today() && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

  // `known`: {langs, names, layers, selectable, readings, opening: {layers, opacity, scanOpacity}}
  function opening(known) {
    return { date: "", compare: "", lang: "", names: "", layers: [...known.opening.layers], opacity: known.opening.opacity, scanOpacity: known.opening.scanOpacity, place: [], point: null, passage: "", readings: [], position: null, basemap: "" };
  }

  function format(view, known) {
    const pairs = [
      ["date", view.date],
      ["compare", view.compare],
      ["lang", view.lang],
      ["names", view.names],
      ["layers", same(view.layers, known.opening.layers) ? "" : view.layers.join(",") || "none"],
      ["opacity", view.opacity === known.opening.opacity ? "" : short(view.opacity, 2)],
      ["scan-opacity", view.scanOpacity === known.opening.scanOpacity ? "" : short(view.scanOpacity, 2)],
      ["place", view.place.join(",")],
      ["point", view.point ? [short(view.point.lat, 4), short(view.point.lon, 4)].join("/") : ""],
      ["passage", view.passage],
      ["readings", view.readings.join(",")],
      ["map", view.position ? [short(view.position.zoom, 2), short(view.position.lat, 4), short(view.position.lon, 4)].join("/") : ""],
      ["basemap", view.basemap],
    ];
    return pairs.filter(([, value]) => value !== "").map(([name, value]) => `${name}=${encode(value)}`).join("&");
  }

  // Returns {view, notices}; what cannot be understood is left out and named.
  function parse(query, known) {
    const view = opening(known), notices = [];
    const ignore = (name, found, wanted) => notices.push(T("Ignored {name}={found}: {wanted}.", { name, found: [...found].length > 40 ? [...found].slice(0, 39).join("") + "…" : found, wanted }));
    const pairs = [...new URLSearchParams(query.replace(/^[?#]+/, ""))].filter(([, found]) => found !== "");
    const length = pairs.flat().reduce((sum, part) => sum + [...part].length, 0);
    if (length > 2000) return { view, notices: [T("Ignored an address of {length} characters: at most {most}.", { length: String(length), most: "2000" })] };
    const day = (name) => (found) => {
      if (isKnownDay(found)) view[name] = found;
      else ignore(name, found, T("a day from 1689-09-06 to today would do, as in 1859-06-01"));
    };
    const opacity = (name, into) => (found) => {
      if (number.test(found) && Number(found) >= 0 && Number(found) <= 1) view[into] = Number(short(Number(found), 2));
      else ignore(name, found, T("a number from 0 to 1 would do"));
    };
    const readers = {
      date: day("date"),
      compare: day("compare"),
      lang(found) {
        if (known.langs.includes(found)) view.lang = found;
        else ignore("lang", found, T("the languages are {known}", { known: known.langs.join(", ") }));
      },
      names(found) {
        if (known.names.includes(found)) view.names = found;
        else ignore("names", found, T("the choices are {known}", { known: known.names.join(", ") }));
      },
      layers(found) {
        const asked = found === "none" ? [] : found.split(",");
        const chosen = known.layers.filter((layer) => asked.includes(layer));
        if (chosen.length || !asked.length) view.layers = chosen;
        for (const layer of asked) if (!known.layers.includes(layer)) ignore("layers", layer, T("the layers are {known}", { known: known.layers.join(", ") }));
      },
      opacity: opacity("opacity", "opacity"),
      "scan-opacity": opacity("scan-opacity", "scanOpacity"),
      place(found) {
        const asked = [...new Set(found.split(","))];
        view.place = asked.filter((id) => known.selectable.has(id));
        for (const id of asked) if (!known.selectable.has(id)) ignore("place", id, T("no place, area, line, act or site has this id"));
      },
      point(found) {
        const parts = found.split("/");
        if (parts.length === 2 && parts.every((part) => number.test(part))) {
          const [lat, lon] = parts.map((part) => Number(short(Number(part), 4)));
          if (Math.abs(lat) <= 85 && Math.abs(lon) <= 180) {
            view.point = { lat, lon };
            return;
          }
        }
        ignore("point", found, T("latitude/longitude would do, as in 48/131"));
      },
      readings(found) {
        const asked = [...new Set(found.split(","))];
        view.readings = asked.filter((id) => known.readings.has(id));
        for (const id of asked) if (!known.readings.has(id)) ignore("readings", id, T("no rival reading has this id"));
      },
      passage(found) {
        if (/^p[1-9]\d{0,4}$/.test(found)) view.passage = found;
        else ignore("passage", found, T("passages are named p1, p2 and so on"));
      },
      map(found) {
        const parts = found.split("/");
        if (parts.length === 3 && parts.every((part) => number.test(part))) {
          const [zoom, lat, lon] = parts.map(Number);
          if (zoom >= 0 && zoom <= 20 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180) {
            view.position = { zoom: Number(short(zoom, 2)), lat: Number(short(lat, 4)), lon: Number(short(lon, 4)) };
            return;
          }
        }
        ignore("map", found, T("zoom/latitude/longitude would do, as in 5/48/131"));
      },
      basemap(found) {
        if (known.basemaps.includes(found)) view.basemap = found;
        else ignore("basemap", found, T("the online basemaps are {known}", { known: known.basemaps.join(", ") }));
      },
    };
    for (const [name, found] of pairs) {
      if (Object.hasOwn(readers, name)) readers[name](found);
      else ignore(name, found, T("the view has no such part"));
    }
    if (view.compare && !view.date) {
      ignore("compare", view.compare, T("name the other day by date="));
      view.compare = "";
    }
    return { view, notices };
  }

  // A file name that says what the view shows; suggest_name in geo/view gives the same.
  function fileName(view, ending) {
    const days = [view.date, view.compare].filter(Boolean);
    return ["far-east-atlas", ...(days.length ? days : ["all-dates"]), ...view.place.slice(0, 3), view.lang || Language.tag()].join("_") + ending;
  }

  return { FIRST_DAY, today, iso, isKnownDay, opening, format, parse, fileName };
})();
