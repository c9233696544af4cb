"""The languages of the interface: catalogues of phrases in gettext's PO, and what is said by them.

English is the language of the code and of the records; a catalogue gives each English text in one other
language. Those of the interface are in ``geo/locale``, those of the records in the data.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from geo.errors import LanguageError
from geo.sentences import Sentence, filled

TRANSLATED = ("ru", "zh-Hans", "zh-Hant")
"""The languages beside English, by BCP 47 tag; a catalogue of the page gives them in this order."""

CLDR = {"en": "en_GB", "ru": "ru_RU", "zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_TW"}
"""By language, the locale whose formats of numbers and dates are used."""

LOCALE_DIR = Path(__file__).parents[1] / "locale"

_FORMS = ("zero", "one", "two", "few", "many", "other")
"""The order in which gettext counts the plural forms of a language."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What English texts are in one other language.

    Parameters
    ----------
    lang : str
        One of `TRANSLATED`, or ``en`` for a catalogue that leaves all as it is.
    forms : mapping of str to tuple of str
        By English text its translation; for one with a plural, by its singular, all plural forms.
    """

    lang: str
    forms: Mapping[str, tuple[str, ...]]

    def say(self, english: str, **values: object) -> str:
        """Return a phrase, with values in the place of its braces.

        An untranslated phrase is said in English.

        Examples
        --------
        >>> Catalogue("ru", {"since {day}": ("с {day}",)}).say("since {day}", day="1957")
        'с 1957'
        """
        return filled(self.forms.get(english, (english,))[0], values, str)

    def say_n(self, one: str, many: str, n: int, **values: object) -> str:
        """Return a phrase in the plural form that a number asks for; ``{n}`` in it gives way to the number.

        Examples
        --------
        >>> russian = Catalogue("ru", {"{n} place": ("{n} место", "{n} места", "{n} мест")})
        >>> [russian.say_n("{n} place", "{n} places", n) for n in (1, 2, 5, 21)]
        ['1 место', '2 места', '5 мест', '21 место']
        """
        from geo.language.formats import number

        return filled(self._plural(one, many, n), {"n": number(n, self.lang), **values}, str)

    def repeat(self, text: str | int) -> str:
        r"""Return what was said in English; a text that is no `geo.sentences.Sentence` stays as it is.

        Examples
        --------
        >>> from geo.sentences import sentence
        >>> russian = Catalogue("ru", {"at most {n} would do": ("подойдёт не больше {n}",)})
        >>> russian.repeat(sentence("at most {n} would do", n=20000))
        'подойдёт не больше 20\xa0000'
        """
        from geo.language.formats import number

        if isinstance(text, Sentence):
            if text.many:
                pattern = self._plural(text.pattern, text.many, int(text.values["n"]))
            else:
                pattern = self.forms.get(text.pattern, (text.pattern,))[0]
            return filled(pattern, text.values, self.repeat)
        return text if isinstance(text, str) else number(text, self.lang)

    def _plural(self, one: str, many: str, n: int) -> str:
        forms = self.forms.get(one)
        if forms is None:
            return one if n == 1 else many
        return forms[min(_form(self.lang, n), len(forms) - 1)]


def best_language(wanted: Iterable[str]) -> str:
    """Return the first of some languages that the atlas speaks, Chinese by its script; else English.

    Parameters
    ----------
    wanted : iterable of str
        BCP 47 tags as browsers have them; what is none is passed over.

    Examples
    --------
    >>> [best_language([tag]) for tag in ("ru-RU", "zh-HK", "zh", "zh-Hant-CN", "de", "x!")]
    ['ru', 'zh-Hant', 'zh-Hans', 'zh-Hant', 'en', 'en']
    """
    for tag in wanted:
        language, *parts = tag.split("-")
        if language == "zh":
            return "zh-Hant" if {"Hant", "TW", "HK", "MO"} & set(parts[:1]) else "zh-Hans"
        if language in CLDR:
            return language
    return "en"


ENGLISH = Catalogue("en", {})


def phrase(english: str) -> str:
    """Return a phrase as it is: marks one that is said elsewhere, in the language of the page."""
    return english


def plural_forms(lang: str) -> int:
    """Return how many plural forms a language has for whole numbers.

    Examples
    --------
    >>> [plural_forms(lang) for lang in ("ru", "zh-Hans")]
    [3, 1]
    """
    return Catalog(locale=Locale.parse(CLDR[lang]).language).num_plurals


def _form(lang: str, n: int) -> int:
    rule = Locale.parse(CLDR[lang]).plural_form
    known = [form for form in _FORMS if form in {*rule.tags, "other"}]
    return known.index(rule(n))


def parse_catalogue(content: bytes, lang: str, name: str) -> Catalogue:
    """Read a catalogue from a PO file.

    Parameters
    ----------
    content : bytes
        The file.
    lang : str
        The language that it should be in.
    name : str
        What the file is called where it is at fault.

    Raises
    ------
    LanguageError
        If it is no PO file, or one of another language.
    """
    try:
        found = read_po(io.BytesIO(content), abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise LanguageError(f"{name} is no PO file in UTF-8 ({error})") from error
    if str(found.locale or "").replace("_", "-") != lang:
        raise LanguageError(f"{name} says it is in {found.locale or 'no language'}; {lang} would do")
    forms: dict[str, tuple[str, ...]] = {}
    for message in found:
        said = message.string if isinstance(message.string, list | tuple) else (message.string,)
        key = message.id[0] if isinstance(message.id, list | tuple) else message.id
        if key and all(said) and not message.fuzzy:
            forms[key] = tuple(map(str, said))
    return Catalogue(lang, forms)


@lru_cache
def interface(lang: str) -> Catalogue:
    """Return the phrases of the interface in a language.

    Raises
    ------
    LanguageError
        If its catalogue cannot be read.
    """
    if lang not in TRANSLATED:
        return ENGLISH
    name = f"{lang}.po"
    try:
        content = (LOCALE_DIR / name).read_bytes()
    except OSError as error:
        raise LanguageError(f"{name} cannot be read ({error.strerror})") from error
    return parse_catalogue(content, lang, name)


def texts_of(
    wanted: Iterable[str], catalogues: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> dict[str, list[str | list[str]]]:
    """Return English texts with their translations, as the page has them.

    Parameters
    ----------
    wanted : iterable of str
        English texts; what no catalogue has is left out.
    catalogues : mapping of str to mapping
        By language, the forms as in `Catalogue.forms`.

    Returns
    -------
    dict of str to list
        In the order of `TRANSLATED`; of a plural a list of its forms, and nothing for what is missing.
    """
    texts: dict[str, list[str | list[str]]] = {}
    for english in wanted:
        found = [catalogues.get(lang, {}).get(english, ("",)) for lang in TRANSLATED]
        if any(map(any, found)):
            texts[english] = [forms[0] if len(forms) == 1 else list(forms) for forms in found]
    return texts
