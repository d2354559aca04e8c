"""The first eight bytes of BLAKE2b for many names at once, compiled, so that a frame hashes on all threads.

Source: RFC 7693, sections 2.7 and 3; the parameters are no key and a digest of eight bytes.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.compiling import compiled, inlined

__all__ = ["mixed_words", "words_of"]

Words = NDArray[np.uint64]

BLOCK = 128
"""Bytes that are mixed in at once."""

ROUNDS = 12
BYTE, EIGHT = np.uint64(0xFF), np.uint64(8)

START = np.array(
    [
        0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
        0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
    ],
    dtype=np.uint64,
)  # fmt: skip
"""The fractional parts of the square roots of the first eight primes."""

SIGMA = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    ]
)
"""Which words of a block go into which mixing of each round; after ten rounds they begin anew."""

DIGEST_OF_EIGHT = np.uint64(0x01010008)


def words_of(prefix: str, names: NDArray[np.str_]) -> Words:
    """BLAKE2b of prefix + name in UTF-8, eight bytes long, as big-endian numbers, (n_names,)."""
    texts = np.ascontiguousarray(names, dtype=np.str_)
    letters = texts.view(np.uint32).reshape(len(texts), texts.itemsize // 4)
    words = np.empty(len(texts), dtype=np.uint64)
    _hash_all(np.frombuffer(prefix.encode(), dtype=np.uint8), letters, words)
    return words


@compiled
def mixed_words(ones: Any, others: Any) -> Any:
    """The words of every pair, (n_ones, n_others), as signed numbers, by the finaliser of SplitMix64."""
    words = np.empty((len(ones), len(others)), dtype=np.int64)
    for row in range(len(ones)):
        for place in range(len(others)):
            mixed = ones[row] ^ others[place]
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            words[row, place] = np.int64(mixed ^ (mixed >> np.uint64(31)))
    return words


@compiled
def _hash_all(prefix: Any, letters: Any, words: Any) -> None:
    """Of `letters` (n_names, n_letters), code points with zero behind the end of a name."""
    text = np.empty(len(prefix) + 4 * letters.shape[1], dtype=np.uint8)
    text[: len(prefix)] = prefix
    block, state = np.empty(BLOCK // 8, dtype=np.uint64), np.empty(8, dtype=np.uint64)
    for row in range(len(words)):
        end = letters.shape[1]
        while end > 0 and letters[row, end - 1] == 0:
            end -= 1
        length = len(prefix)
        for place in range(end):
            length = _written(np.int64(letters[row, place]), text, length)
        words[row] = _digest(text, length, block, state)


@compiled
def _written(letter: int, text: Any, at: int) -> int:
    """A code point in UTF-8 at that place; gives the place behind it."""
    if letter < 0x80:
        text[at] = letter
        return at + 1
    more = 1 if letter < 0x800 else 2 if letter < 0x10000 else 3
    text[at] = (0xFF00 >> more + 1) & 0xFF | letter >> 6 * more
    for step in range(1, more + 1):
        text[at + step] = 0x80 | (letter >> 6 * (more - step)) & 0x3F
    return at + more + 1


@compiled
def _digest(text: Any, length: int, block: Any, state: Any) -> Any:
    """The digest of the first `length` bytes, its bytes read from the most significant one down."""
    state[:] = START
    state[0] ^= DIGEST_OF_EIGHT
    for begin in range(0, max(length, 1), BLOCK):
        end = min(begin + BLOCK, length)
        block[:] = np.uint64(0)
        for at in range(begin, end):
            place = at - begin
            block[place // 8] |= np.uint64(text[at]) << np.uint64(8 * (place % 8))
        _compress(state, block, np.uint64(end), end == length)
    word, turned = state[0], np.uint64(0)
    for _ in range(8):
        turned = (turned << EIGHT) | (word & BYTE)
        word = word >> EIGHT
    return turned


@inlined
def _turned(word: Any, bits: int) -> Any:
    return (word >> np.uint64(bits)) | (word << np.uint64(64 - bits))


@inlined
def _mixed(a: Any, b: Any, c: Any, d: Any, one: Any, other: Any) -> Any:
    a = a + b + one
    d = _turned(d ^ a, 32)
    c = c + d
    b = _turned(b ^ c, 24)
    a = a + b + other
    d = _turned(d ^ a, 16)
    c = c + d
    b = _turned(b ^ c, 63)
    return a, b, c, d


@compiled
def _compress(state: Any, block: Any, counted: Any, is_last: bool) -> None:
    """One block into the state; counted: bytes so far."""
    a0, a1, a2, a3, b0, b1, b2, b3 = state
    c0, c1, c2, c3, d0, d1, d2, d3 = START
    d0 ^= counted
    if is_last:
        d2 = ~d2
    for number in range(ROUNDS):
        s = SIGMA[number % len(SIGMA)]
        a0, b0, c0, d0 = _mixed(a0, b0, c0, d0, block[s[0]], block[s[1]])
        a1, b1, c1, d1 = _mixed(a1, b1, c1, d1, block[s[2]], block[s[3]])
        a2, b2, c2, d2 = _mixed(a2, b2, c2, d2, block[s[4]], block[s[5]])
        a3, b3, c3, d3 = _mixed(a3, b3, c3, d3, block[s[6]], block[s[7]])
        a0, b1, c2, d3 = _mixed(a0, b1, c2, d3, block[s[8]], block[s[9]])
        a1, b2, c3, d0 = _mixed(a1, b2, c3, d0, block[s[10]], block[s[11]])
        a2, b3, c0, d1 = _mixed(a2, b3, c0, d1, block[s[12]], block[s[13]])
        a3, b0, c1, d2 = _mixed(a3, b0, c1, d2, block[s[14]], block[s[15]])
    mixed = (a0 ^ c0, a1 ^ c1, a2 ^ c2, a3 ^ c3, b0 ^ d0, b1 ^ d1, b2 ^ d2, b3 ^ d3)
    for place in range(8):
        state[place] ^= mixed[place]
