"""Columns of words: what each row says, however the column is cut and whoever made its dictionary."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from linewise.bank.coded import coded

WORDS = st.none() | st.sampled_from(["red", "blue", "green"])


@given(pieces=st.lists(st.lists(WORDS, max_size=5), max_size=4), is_in_codes=st.booleans())
def test_a_column_says_the_same_as_its_rows(pieces: list[list[str | None]], is_in_codes: bool):
    arrays = [pa.array(one, pa.string()) for one in pieces]
    kind = pa.dictionary(pa.int32(), pa.string()) if is_in_codes else pa.string()
    told = coded(pa.chunked_array([one.dictionary_encode() if is_in_codes else one for one in arrays], kind))
    rows = [word for one in pieces for word in one]
    words = told.words.to_pylist()
    assert [None if place < 0 else words[place] for place in told.place.tolist()] == rows
    assert told.is_one_of(("red", "grey")).tolist() == [word == "red" for word in rows]
    assert not told.is_one_of(()).any()
    others = pa.array(["green", "grey", "red"])
    assert told.among(others).tolist() == [
        -1 if word in {None, "blue"} else others.index(word).as_py() for word in rows
    ]


@given(
    words=st.lists(st.sampled_from(["c1", "c2", "c3", "c4"]), unique=True), others=st.permutations(["c1", "c2", "c3"])
)
def test_a_word_is_found_where_it_stands_among_others_be_they_the_very_ones_or_not(words: list[str], others: list[str]):
    told = coded(pa.chunked_array([pa.array(words, pa.string())]))
    for among in (others, words):
        expected = [among.index(word) if word in among else -1 for word in words]
        assert told.among(pa.array(among, pa.string())).tolist() == expected
        assert told.places_among(pa.array(among, pa.string()))[-1] == -1
