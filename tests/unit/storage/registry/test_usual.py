"""`usual.csv`: what a person may write there, and what is said of what nobody can mean."""

from pathlib import Path

import pytest

from storage.registry.rows import Mistakes
from storage.registry.usual import read_usual

HEAD = "series,what,of,low,high,source\n"


def mistakes(folder: Path, rows: str) -> list[str]:
    (folder / "usual.csv").write_text(HEAD + rows)
    found = Mistakes()
    read_usual(folder, found)
    return [line.split(": ", 1)[1] for line in found.lines(folder)]


def test_the_rows_of_a_series_may_stand_apart(tmp_path: Path) -> None:
    (tmp_path / "usual.csv").write_text(f"{HEAD}a/do,move,900,1,2,why\nb/do,day,0,,9,\na/do,event,-1,,,\n")
    found = {one.value.series: one.value for one in read_usual(tmp_path, Mistakes())}
    assert [span.high for span in found["a/do"].moves] == [2]
    assert (found["a/do"].events, found["a/do"].source, found["b/do"].days[0].high) == (-1, "why", 9)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param("a/do,jump,1,1,1,\n", "what 'jump' is none of move, stray, month, day, saturation, event", id="what"),
        pytest.param("a/do,move,0,1,1,\n", "of is 0, not between 0.001 and 3.16224e+08", id="no time"),
        pytest.param("a/do,move,60,-1,1,\n", "low is -1, not between 0 and inf", id="a size below nothing"),
        pytest.param("a/do,month,13,1,1,\n", "of is 13, not between 0 and 12", id="a thirteenth month"),
        pytest.param("a/do,month,1,2,1,\n", "low 2 is above high 1", id="upside down"),
        pytest.param("a/do,day,1,1,1,\na/do,day,1,2,2,\n", "of 1 stands here a second time", id="twice"),
        pytest.param(
            "".join(f"a/do,move,{of},1,1,\n" for of in (1, 2, 3, 4)), "a series has at most 3 of these rows", id="too many"
        ),
        pytest.param("a/do,event,2,,,\n", "of is 2, not between -1 and 1", id="no such side"),
        pytest.param("a/do,saturation,,,much,\n", "high is 'much', not a number", id="no number"),
    ],
)
def test_a_mistake_is_said(tmp_path: Path, rows: str, said: str) -> None:
    assert mistakes(tmp_path, rows) == [said]
