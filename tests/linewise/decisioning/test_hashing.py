"""Many names are hashed as the library hashes one."""

from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.hashing import words_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


def _by_library(prefix: str, name: str) -> int:
    return int.from_bytes(blake2b(f"{prefix}{name}".encode(), digest_size=8).digest(), "big")


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=5))
def test_every_name_is_hashed_as_the_library_hashes_it_whatever_it_is_written_in(prefix, names):
    assert words_of(prefix, np.array(names)).tolist() == [_by_library(prefix, one) for one in names]


@pytest.mark.parametrize("length", [0, 1, 63, 64, 126, 127, 128, 129, 255, 256, 257, 1_000])
def test_a_text_that_fills_its_last_block_or_begins_a_new_one_is_hashed_so_too(length):
    names = np.array(["y" * length, "客" * length])
    assert words_of("x|", names).tolist() == [_by_library("x|", one) for one in names.tolist()]


def test_of_nobody_there_is_no_hash_and_of_every_other_name_its_own():
    names = np.array(["A", "BB", "CCC", "DDDD"])
    assert words_of("x", names[:0]).tolist() == []
    assert words_of("x", names[::2]).tolist() == words_of("x", names).tolist()[::2]
