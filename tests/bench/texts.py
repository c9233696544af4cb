"""Names and texts to measure with: invented, the same on every run, in three languages.

``python -m tests.bench.texts FOLDER BYTES BYTES`` writes what `tests.bench.commands` needs of them.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from geo.reading import load_atlas
from tests.gold.marks import GoldText, gold_texts

SEED = 1858

_SYLLABLES = {
    "en": "tar vin kol mor dra sel bu ner pav gri zhu lan ost fer kam yul chi rod esk var",
    "ru": "тар вин кол мор дра сел бу нер пав гри жу лан ост фер кам юл чи род эск вар",
    "zh": "东 西 南 北 上 下 大 小 新 旧 长 白 青 红 金 银 石 木 水 火 山 林 田 河 江 海 湖 泉 安 平 永 宁",
}
_ENDINGS = {"en": "sk ovo ino ka grad", "ru": "ск ово ино ка град", "zh": "镇 村 屯 城 岭"}
_IDLE = {
    "en": "the of and to in a was that for with as they on at by from we had it this were her one all "
    "river winter letter boat market road night bread horse bridge water station house summer field "
    "morning captain ice garden snow number people street stone early quiet long old under towards "
    "because without nobody carried waited crossed answered",
    "ru": "и в не на я он с как это по но они мы она так его все же из был к у о бы от меня было еще до "
    "река зима письмо лодка рынок дорога ночь хлеб лошадь мост вода станция дом лето поле утро капитан "
    "лёд сад снег число люди улица камень рано тихо долго старый под потому без никто нёс ждал ответил",
    "zh": "的 了 在 是 我 他 有 这 不 人 们 来 到 时 说 也 就 地 得 着 下 出 天 年 里 后 冬天 书信 小船 "
    "集市 道路 夜里 面包 马匹 桥梁 清水 车站 房屋 夏天 田野 早晨 船长 花园 大雪 街道 石头 安静 很久 "
    "因为 没有 等待 回答 走过",
}
_STOPS = {"en": ". ", "ru": ". ", "zh": "。"}


class Name(NamedTuple):
    """A name to be sought: its form, its language and what it points at."""

    form: str
    lang: str
    target: str


def invented_names(count: int) -> list[Name]:
    """Return so many different names, two in five Latin, the rest Cyrillic and Han alike."""
    random = Random(SEED)
    langs = ("en", "ru", "zh", "en", "ru", "zh", "en", "ru", "zh", "en")
    names: dict[str, Name] = {}
    while len(names) < count:
        lang = langs[len(names) % len(langs)]
        syllables, endings = _SYLLABLES[lang].split(), _ENDINGS[lang].split()
        size = random.randint(2, 3)
        form = "".join(random.choices(syllables, k=size)) + random.choice(endings)
        if len(names) % 20 == 7 and lang != "zh":
            form += f"-{random.choice(syllables)}{random.choice(endings)}"
        form = form if lang == "zh" else form.capitalize()
        names.setdefault(form, Name(form, lang, f"invented-{len(names)}"))
    return list(names.values())


def paragraphs(size: int, gold: Sequence[GoldText], names: Sequence[Name]) -> Iterator[tuple[str, str]]:
    """Yield paragraphs with their languages until they come to so many bytes of UTF-8.

    One in ten is of a marked text, so that it has some ten mentions; the others are idle words, with
    one of the names in about every four hundred letters.
    """
    random = Random(SEED)
    marked = [(text.lang, passage.text) for text in gold for passage in text.article.own]
    by_lang = {lang: [name.form for name in names if name.lang == lang] for lang in _IDLE}
    total = 0
    while total < size:
        if random.random() < 0.1:
            lang, text = random.choice(marked)
        else:
            lang = random.choice(list(_IDLE))
            text = "".join(_sentence(lang, by_lang[lang], random) for _ in range(8)).strip()
        total += len(text.encode()) + 1
        yield lang, text


def write_texts(file: Path, size: int, gold: Sequence[GoldText], names: Sequence[Name]) -> None:
    """Write so many bytes of paragraphs to a file, a line each with the language before a tab.

    From 10 MB on they are repeated; a finder does not know them again.
    """
    block = [f"{lang}\t{text}\n" for lang, text in paragraphs(min(size, 10_000_000), gold, names)]
    with file.open("w", encoding="utf-8") as lines:
        for _ in range(max(1, round(size / 10_000_000))):
            lines.writelines(block)


def _sentence(lang: str, names: Sequence[str], random: Random) -> str:
    words = random.choices(_IDLE[lang].split(), k=random.randint(6, 18))
    if names and random.random() < 0.25:
        words[random.randrange(len(words))] = random.choice(names)
    words[0] = words[0][:1].upper() + words[0][1:]
    return ("" if lang == "zh" else " ").join(words) + _STOPS[lang]


def main() -> None:
    """Write into a folder a text for a command, a longer one for a finder, and the names of our places."""
    folder, size, long = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    gold, invented = gold_texts(), invented_names(10_000)
    write_texts(folder / "texts.tsv", long, gold, invented)
    with (folder / "text.txt").open("w", encoding="utf-8") as text:
        text.writelines(f"{each}\n\n" for _, each in paragraphs(size * 99 // 100, gold, invented))
    with (folder / "names.csv").open("w", encoding="utf-8", newline="") as table:
        csv.writer(table).writerows(
            [("name", "place"), *((one.form, one.place) for one in load_atlas().gazetteer.toponyms)]
        )


if __name__ == "__main__":
    main()
