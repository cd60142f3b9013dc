"""Text: reading it, cleaning it, and numbering its symbols."""

from pfs.text.byte_pair import BytePairEncoding
from pfs.text.cleaning import letters_and_spaces
from pfs.text.files import decode_text, read_text
from pfs.text.pieces import Pieces
from pfs.text.vocabulary import Vocabulary, normalize
from pfs.text.wordpiece import WordPiece

__all__ = [
    "BytePairEncoding",
    "Pieces",
    "Vocabulary",
    "WordPiece",
    "decode_text",
    "letters_and_spaces",
    "normalize",
    "read_text",
]
