"""A judged record says which records of telemetry its rows come from."""

from hypothesis import given
from hypothesis import strategies as st

from streams import sources


def test_a_single_record_is_named_by_its_offset_alone() -> None:
    assert sources.write([(7, 36)]) == b"7"
    assert sources.read(b"7") == [(7, slice(0, None))]


@given(st.lists(st.tuples(st.integers(0, 2**62), st.integers(0, 5)), min_size=1, max_size=8))
def test_every_row_comes_back_to_the_record_that_brought_it(records: list[tuple[int, int]]) -> None:
    brought = [offset for offset, rows in records for _ in range(rows)]

    said = [offset for offset, rows in sources.read(sources.write(records)) for _ in brought[rows]]

    assert said == brought
    assert [offset for offset, _ in sources.read(sources.write(records))] == [offset for offset, _ in records]
