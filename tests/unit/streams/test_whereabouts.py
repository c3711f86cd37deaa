"""What a stack writes down of itself, every command finds."""

import json
from pathlib import Path

import pytest

from detectors.domain.errors import Misconfigured
from streams.settings import Settings
from streams.whereabouts import FILE, keep, known

SAID = {
    "RIVERWATCH_SITE": "/sites/mine",
    "RIVERWATCH_DATA": "/elsewhere",
    "RIVERWATCH_MQTT": "mqtt://127.0.0.1:4711",
    "RIVERWATCH_KAFKA": "127.0.0.1:4712",
    "RIVERWATCH_STORE": "http://127.0.0.1:4713?org=o&bucket=b",
    "RIVERWATCH_STORE_TOKEN": "hunter2",
    "RIVERWATCH_SCENARIOS": "python -m simulators.cli",
}


def test_a_command_finds_the_parts_of_the_stack_by_its_data_folder(tmp_path: Path) -> None:
    keep(tmp_path, SAID)

    settings = Settings.of(known({"RIVERWATCH_DATA": str(tmp_path)}))

    assert (settings.site, settings.data) == (Path("/sites/mine"), tmp_path)
    assert (settings.mqtt, settings.kafka) == ("mqtt://127.0.0.1:4711", "127.0.0.1:4712")
    assert (settings.store, settings.store_token) == ("http://127.0.0.1:4713?org=o&bucket=b", "hunter2")
    assert settings.scenarios == ()


def test_the_environment_has_the_last_word(tmp_path: Path) -> None:
    keep(tmp_path, SAID)

    found = known({"RIVERWATCH_DATA": str(tmp_path), "RIVERWATCH_KAFKA": "kafka:9092", "RIVERWATCH_MQTT": ""})

    assert (found["RIVERWATCH_KAFKA"], found["RIVERWATCH_MQTT"]) == ("kafka:9092", "mqtt://127.0.0.1:4711")


@pytest.mark.parametrize(
    ("made", "site"),
    [
        pytest.param("sites/qinghe", "{here}/sites/qinghe", id="the site at hand, for it may be another than the one that ran"),
        pytest.param("", "/sites/mine", id="the one that ran, where none is at hand"),
    ],
)
def test_in_the_users_state_folder_the_site_is(made: str, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, state = tmp_path / "here", tmp_path / "state" / "riverwatch" / "qinghe"
    (here / made).mkdir(parents=True)
    state.mkdir(parents=True)
    keep(state, SAID)
    monkeypatch.chdir(here)

    settings = Settings.of(known({"XDG_STATE_HOME": str(tmp_path / "state")}))

    assert (settings.site, settings.data) == (Path(site.format(here=here)), state)
    assert settings.kafka == "127.0.0.1:4712"


def test_only_the_owner_reads_it_and_a_new_stack_writes_it_anew(tmp_path: Path) -> None:
    keep(tmp_path, SAID)
    keep(tmp_path, {"RIVERWATCH_KAFKA": "127.0.0.1:1"})

    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert json.loads((tmp_path / FILE).read_text(encoding="utf-8")) == {"RIVERWATCH_KAFKA": "127.0.0.1:1"}


@pytest.mark.parametrize("text", ["", "[]", '{"RIVERWATCH_KAFKA": 1}', "\udcff"], ids=["empty", "a list", "a number", "no text"])
def test_what_cannot_be_read_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8", errors="surrogateescape")

    with pytest.raises(Misconfigured, match=FILE):
        known({"RIVERWATCH_DATA": str(tmp_path)})
