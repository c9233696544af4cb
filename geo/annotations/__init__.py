"""Mentions as W3C Web Annotations: marked by people, written for other programs, anchored in a changed text.

`read_annotations` reads the marks of our account, to the letter. `AnnotatedText` writes the mentions of
any article; `geo.annotations.incoming` reads such pages back, those of other tools too, and
`geo.annotations.anchoring` finds their spots in the text as it is now.
"""

from geo.annotations.account import CURATED, read_annotations
from geo.annotations.overriding import apply_curated
from geo.annotations.writing import AnnotatedText, Identities, identify, identities_of

__all__ = [
    "CURATED",
    "AnnotatedText",
    "Identities",
    "apply_curated",
    "identify",
    "identities_of",
    "read_annotations",
]
