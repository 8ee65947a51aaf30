"""Words of other languages round a formula, said in English: a table that a reader can extend.

A row is a phrase and what it is in English; the longest phrase counts.  A text is translated only
where one language has all of it: what is left over may change what is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

# language -> English: phrases, between bars.  An empty English phrase is passed over.
_TABLE: dict[str, dict[str, str]] = {
    "German": {
        "for all": "für alle|für jedes|für jeden|für jede|für sämtliche|fuer alle|fuer jedes|"
        "fuer jeden|für ein beliebiges|bei jedem|bei allen",
        "for some": "für ein|für einen|für eine|für einige|für mindestens ein|für manche",
        "for all other": "für alle anderen|für alle übrigen|für jedes andere",
        "for": "für|fuer|bei", "with": "mit", "where": "wobei|wo|hierbei|dabei",
        "such that": "so dass|sodass|derart dass", "when": "wenn", "if": "falls|sofern",
        "and": "und|sowie", "so": "also|daher|deshalb|somit|folglich|damit|dann", "let": "sei|seien",
        "because": "weil|da|denn|wegen", "take": "wähle|wir wählen|nimm|wir nehmen|man wählt|setze",
        "large": "groß|große|großes|großen|großer|großem|gross|grosse|grosses|grossen|grossem",
        "small": "klein|kleine|kleines|kleinen|kleinem|kleiner",
        "sufficiently": "hinreichend|genügend|ausreichend",
        "very": "sehr", "enough": "genug", "positive": "positiv|positive|positives|positiven",
        "arbitrary": "beliebig|beliebige|beliebiges", "constant": "konstante|konstanten|konstant",
        "number": "zahl", "scale": "skala", "is": "ist|sind|wird", "a": "ein|eine|einen|einer",
        "the": "die|der|das|den|dem|des", "other": "andere|anderen|übrigen",
        "distinct": "verschieden|verschiedene", "i.e.": "d.h|d. h|das heißt|das heisst",
        "tends to": "geht gegen|strebt gegen|konvergiert gegen", "limit": "grenzwert|limes",
        "tends to infinity": "geht gegen unendlich|strebt gegen unendlich",
        "tends to zero": "geht gegen null|strebt gegen null", "in": "im", "we get": "wir erhalten",
        "approximately": "ungefähr|etwa|näherungsweise", "not": "nicht", "no": "kein|keine|keinen",
        "never": "niemals|nie", "only": "nur", "without": "ohne", "samples": "stichproben",
        "half": "hälfte|halb", "wrong": "falsch", "otherwise": "sonst|andernfalls",
        "sometimes": "manchmal", "with probability": "mit wahrscheinlichkeit|mit der wahrscheinlichkeit",
        "half of the time": "in der hälfte der fälle|in der hälfte der stichproben|in der hälfte aller fälle|"
        "in 50 % der fälle",
        "in a third of the cases": "in einem drittel der fälle",
        "in the other half": "in der anderen hälfte|in den übrigen fällen|"
        "in den anderen fällen|in der anderen hälfte der fälle", "or": "oder", "either": "entweder",
        "in some samples": "in einigen fällen|in manchen fällen|in manchen stichproben",
        "each": "jeweils", "always": "immer|stets|in jedem fall|in allen fällen",
    },
    "French": {
        "for all": "pour tout|pour toute|pour tous|pour toutes|pour chaque|quel que soit",
        "for some": "pour un certain|pour un|pour certains|pour quelque|pour au moins un",
        "for all other": "pour tous les autres|pour tout autre|pour les autres",
        "for": "pour", "with": "avec", "where": "où|dont", "such that": "tel que|telle que|tels que",
        "when": "quand|lorsque|lorsqu", "if": "si", "and": "et|ainsi que",
        "so": "donc|alors|ainsi|d'où", "let": "soit|soient", "because": "car|puisque",
        "take": "prenons|on prend|choisissons|on choisit|posons",
        "large": "grand|grande|grands", "small": "petit|petite|petits",
        "sufficiently": "suffisamment|assez", "very": "très", "positive": "positif|positive",
        "arbitrary": "arbitraire|quelconque", "constant": "constante|constant", "number": "nombre",
        "is": "est|sont", "a": "un|une", "the": "le|la|les|l", "other": "autre|autres",
        "distinct": "distincts|différents", "i.e.": "c'est-à-dire", "limit": "limite",
        "in": "dans", "tends to": "tend vers|converge vers",
        "tends to infinity": "tend vers l'infini|tend vers + l'infini",
        "tends to zero": "tend vers zéro|tend vers 0", "we get": "on obtient|on a",
        "approximately": "environ|approximativement", "not": "pas|ne|n'est pas|non",
        "no": "aucun|aucune", "never": "jamais", "only": "seulement", "without": "sans",
        "half": "moitié", "wrong": "faux|fausse", "otherwise": "sinon", "sometimes": "parfois",
        "with probability": "avec probabilité|avec une probabilité de|avec la probabilité",
        "half of the time": "la moitié du temps|dans la moitié des cas|une fois sur deux|"
        "dans la moitié des tirages",
        "in a third of the cases": "dans un tiers des cas|un tiers du temps",
        "in the other half": "dans l'autre moitié|dans les autres cas|"
        "dans l'autre moitié des cas|l'autre moitié du temps|le reste du temps", "or": "ou|ou bien",
        "each": "chacun|chacune", "always": "toujours|dans tous les cas",
        "in some samples": "dans certains cas|dans certains tirages",
    },
    "Spanish": {
        "for all": "para todo|para toda|para todos|para todas|para cada|para cualquier",
        "for some": "para algún|para alguna|para un|para algunos|para al menos un",
        "for all other": "para todos los demás|para los demás|para todo otro",
        "for": "para", "with": "con", "where": "donde", "such that": "tal que|tales que",
        "when": "cuando", "if": "si", "and": "y|e", "so": "entonces|luego|así|por tanto|por lo tanto",
        "let": "sea|sean", "because": "porque|pues|ya que", "take": "tomamos|tomemos|elegimos",
        "large": "grande|grandes", "small": "pequeño|pequeña|pequeños",
        "sufficiently": "suficientemente", "very": "muy", "positive": "positivo|positiva",
        "arbitrary": "arbitrario|arbitraria|cualquiera", "constant": "constante",
        "number": "número", "is": "es|son", "a": "un|una", "the": "el|la|los|las",
        "other": "otro|otros|demás", "distinct": "distintos|diferentes", "i.e.": "es decir",
        "in": "en", "limit": "límite", "tends to": "tiende a|converge a",
        "tends to infinity": "tiende a infinito|tiende al infinito",
        "tends to zero": "tiende a cero|tiende a 0", "we get": "obtenemos",
        "approximately": "aproximadamente", "not": "no", "no": "ningún|ninguno", "never": "nunca",
        "only": "sólo|solamente", "without": "sin", "half": "mitad", "wrong": "falso",
        "otherwise": "en otro caso", "sometimes": "a veces",
        "with probability": "con probabilidad|con una probabilidad de",
        "in a third of the cases": "en un tercio de los casos|un tercio de las veces",
        "half of the time": "la mitad de las veces|en la mitad de los casos|en la mitad de las muestras",
        "in the other half": "en la otra mitad|en los demás casos|en los otros casos|en el resto|"
        "en el resto de los casos|la otra mitad de las veces", "or": "o|o bien", "each": "cada uno|cada una",
        "always": "siempre|en todos los casos",
        "in some samples": "en algunas muestras|en algunos casos",
    },
    "Polish": {
        "for all": "dla każdego|dla wszystkich|dla każdej|dla dowolnego|dla wszelkich|dla dowolnych",
        "for some": "dla pewnego|dla jakiegoś|dla niektórych|dla co najmniej jednego",
        "for all other": "dla wszystkich innych|dla wszystkich pozostałych|dla pozostałych|dla innych|"
        "dla każdego innego",
        "for": "dla", "with": "z|ze|przy", "where": "gdzie", "such that": "takie że|taki że|takich że",
        "when": "gdy|kiedy", "if": "jeśli|jeżeli|o ile", "and": "i|oraz|a także",
        "so": "więc|zatem|stąd|wtedy|wówczas|to", "let": "niech", "because": "bo|ponieważ|gdyż",
        "take": "weźmy|bierzemy|wybieramy|wybierzmy|przyjmijmy",
        "large": "duże|duży|duża|dużego|dużej|dużych|dużym|wielkie|wielkiego",
        "small": "małe|mały|mała|małego|małej|małych", "enough": "dość",
        "sufficiently": "dostatecznie|wystarczająco|odpowiednio", "very": "bardzo",
        "positive": "dodatnie|dodatni|dodatnia|dodatniego", "arbitrary": "dowolne|dowolny|dowolna",
        "constant": "stała|stałej|stałą|stałe", "number": "liczba|liczbą", "is": "jest|są",
        "other": "inne|innych|pozostałych|pozostałe", "distinct": "różne|różnych",
        "i.e.": "czyli|tzn|to znaczy", "in": "w", "limit": "granicy",
        "tends to": "dąży do|zbiega do", "tends to zero": "dąży do zera|dąży do 0",
        "tends to infinity": "dąży do nieskończoności|rośnie do nieskończoności",
        "we get": "otrzymujemy|mamy", "approximately": "około|w przybliżeniu", "not": "nie",
        "no": "żaden|żadnego", "never": "nigdy", "only": "tylko", "without": "bez",
        "half": "połowa|połowie", "samples": "próbek|próbkach", "wrong": "błędne|źle",
        "otherwise": "inaczej|w przeciwnym razie", "sometimes": "czasami",
        "with probability": "z prawdopodobieństwem",
        "in a third of the cases": "w jednej trzeciej przypadków",
        "half of the time": "w połowie przypadków|w połowie próbek|przez połowę czasu|"
        "w połowie losowań", "in the other half": "w pozostałych|w pozostałych przypadkach|"
        "w drugiej połowie|w drugiej połowie przypadków|a w pozostałych|a w drugiej połowie|"
        "a w pozostałych przypadkach", "or": "lub|albo", "each": "każde|każda|każdy",
        "always": "zawsze|w każdym przypadku|we wszystkich przypadkach",
        "half of the time and": "w połowie przypadków, a|w połowie próbek, a|w połowie przypadków a",
        "in some samples": "w niektórych próbkach|w niektórych przypadkach|czasem",
    },
    "Chinese": {
        "for all": "对于所有|对于任意|对于每个|对于每一个|对所有|对任意|对每个|对一切|对于一切",
        "for some": "对于某个|对某个|对某些|对于某些",
        "for all other": "对于所有其他|对于其他|对所有其他|对其他|对于其余|对其余",
        "for": "对于|对", "where": "其中|这里", "such that": "使得|满足", "when": "当", "if": "如果|若|假设",
        "and": "且|并且|和|以及|与", "so": "所以|因此|故|从而|于是|则|那么", "let": "令|设",
        "because": "因为|由于", "take": "取|选取|我们取", "large": "很大|大|较大", "small": "很小|小",
        "sufficiently large": "足够大|充分大", "sufficiently small": "足够小|充分小",
        "positive": "正", "arbitrary": "任意", "constant": "常数", "number": "数", "is": "是|为",
        "other": "其他|其余", "distinct": "不同", "i.e.": "即|也就是", "tends to": "趋于|趋向于|趋近于",
        "tends to infinity": "趋于无穷|趋于无穷大|趋向无穷|趋向于无穷|趋向于无穷大|趋于正无穷",
        "tends to zero": "趋于零|趋于0|趋向于零", "we get": "得到|可得", "approximately": "约|大约|近似",
        "": "时|的|都|之|有", "not": "不|不是|并非|没有", "only": "只|仅", "half": "一半",
        "samples": "样本", "wrong": "错误", "otherwise": "否则", "with probability": "以概率|的概率为|概率为",
        "in a third of the cases": "三分之一的情况下|在三分之一的情况下",
        "half of the time": "一半情况下|在一半的情况下|在一半样本中|一半的情况下|一半的样本中|有一半的概率",
        "in the other half": "另一半情况下|在另一半情况下|其余情况下|另一半的情况下|另一半样本中",
        "or": "或|或者", "each": "各", "always": "总是|始终",
        "in some samples": "在某些样本中|有些样本中|有时",
    },
}  # fmt: skip
_MARKS = str.maketrans("，。；：（）！？、", ",.;:()!?,")
_WORD = re.compile(r"[^\W\d_]+(?:['.’-][^\W\d_]+)*|\S", re.UNICODE)
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
"""The range of characters that are words by themselves, for a regular expression."""


@lru_cache(maxsize=1)
def _phrases() -> dict[str, dict[tuple[str, ...], str]]:
    return {
        language: {
            tuple(_pieces(said)): english
            for english, row in rows.items()
            for said in row.split("|")
        }
        for language, rows in _TABLE.items()
    }


def _pieces(text: str) -> list[str]:
    """Words, marks, and Chinese characters, in order."""
    spread = re.sub(rf"([{HAN}])", r" \1 ", text.lower().translate(_MARKS))
    return [word.replace("’", "'") for word in _WORD.findall(spread)]


def _said(words: Sequence[str], table: dict[tuple[str, ...], str]) -> tuple[list[str], int]:
    """Put in the longest phrases of one language; also return how many words they are."""
    longest = max(map(len, table))
    found: list[str] = []
    at = known = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            english = table.get(tuple(words[at : at + size]))
            if english is not None:
                found += english.split()
                known += sum(word[0].isalpha() for word in words[at : at + size])
                at += size
                break
        else:
            found.append(words[at])
            at += 1
    return found, known


def in_english(text: str) -> str:
    """Return a text in English where one language of the table has all its words, else as it is.

    >>> in_english("für alle"), in_english("gdzie"), in_english("其中")
    ('for all', 'where', 'where')
    >>> in_english("for all"), in_english("außer für")
    ('for all', 'außer für')
    """
    words = _pieces(text)
    plain = sum(word[0].isalpha() for word in words)
    for table in _phrases().values():
        said, known = _said(words, table)
        if plain and known == plain:
            return " ".join(said).replace(" ,", ",")
    return text.translate(_MARKS)


def source_in_english(latex: str) -> str:
    r"""Return a formula with its words in English.

    >>> source_in_english(r"a > 0 \text{ für alle } i")
    'a > 0 \\text{for all} i'
    """
    return re.sub(rf"(\\(?:text|mbox|textrm|textit)\s*\{{)([^{{}}]*)|[{HAN}]+", _spoken, latex)


def _spoken(match: re.Match[str]) -> str:
    return match[1] + in_english(match[2]) if match[1] else f" {in_english(match[0])} "


def english_words(text: str) -> list[str]:
    """Return the words of a sentence, those of another language in English as far as they are known.

    >>> english_words("Das ist nicht richtig")
    ['the', 'is', 'not', 'richtig']
    """
    words = [word for word in _pieces(text) if word[0].isalpha()]
    common = sum(word in _COMMON for word in words)
    best = max((_said(words, table) for table in _phrases().values()), key=lambda found: found[1])
    return best[0] if best[1] > common else words


_COMMON = frozenset(
    "the a an of is are be to in on for all with where when if and so then we that this it as not no "
    "from which has have by at only take let any every each some".split()
)
"""Words by which an English sentence is known."""
