"""Settings read a mapping, hide secrets, and say every mistake."""

import pytest

from detectors.domain.errors import Misconfigured
from streams.settings import Settings


def test_without_a_word_everything_lies_under_the_data_folder(tmp_path) -> None:
    settings = Settings.of({"RIVERWATCH_DATA": str(tmp_path)})

    assert settings.store == f"sqlite:///{tmp_path}/series.db"
    assert settings.evidence == tmp_path / "evidence"
    assert settings.desk_url == "http://127.0.0.1:8080"


def test_every_mistake_is_said_with_its_name_and_value() -> None:
    wrong = {
        "RIVERWATCH_MQTT": "localhost",
        "RIVERWATCH_DESK_PORT": "80800",
        "RIVERWATCH_READER": "slow",
        "RIVERWATCH_EYES": "-1",
    }

    with pytest.raises(Misconfigured) as said:
        Settings.of(wrong)

    assert [line.split(":")[0] for line in said.value.mistakes] == [
        "RIVERWATCH_DESK_PORT",
        "RIVERWATCH_MQTT",
        "RIVERWATCH_READER",
        "RIVERWATCH_EYES",
    ]
    assert "'localhost' is not a URL such as mqtt://127.0.0.1:1883" in str(said.value)


def test_secrets_stay_out_of_what_is_printed() -> None:
    secret = {"RIVERWATCH_MQTT": "mqtt://bridge:hunter2@broker", "RIVERWATCH_STORE_TOKEN": "hunter3"}

    assert "hunter" not in repr(Settings.of(secret))


def test_a_wrong_url_does_not_give_its_password_away() -> None:
    with pytest.raises(Misconfigured) as said:
        Settings.of({"RIVERWATCH_MQTT": "http://bridge:hunter2@broker"})

    assert "hunter" not in str(said.value)


@pytest.mark.parametrize(
    ("said", "address"),
    [
        pytest.param("", "/d/evidence/.events", id="among the frames where nobody says"),
        pytest.param("/kept", "/kept", id="another folder"),
        pytest.param("s3://kept/qinghe?endpoint=https://s3.lan", "s3://kept/qinghe?endpoint=https://s3.lan", id="a bucket"),
    ],
)
def test_exhibits_are_kept(said: str, address: str) -> None:
    environ = {"RIVERWATCH_DATA": "/d", "RIVERWATCH_EXHIBITS": said, "RIVERWATCH_EXHIBITS_SECRET": "hunter2"}
    settings = Settings.of(environ)

    assert settings.exhibits.address == address
    assert settings.exhibits.secret == "hunter2"
    assert "hunter2" not in repr(settings)


def test_the_login_of_cameras_is_two_words_and_stays_out_of_what_is_printed() -> None:
    settings = Settings.of({"RIVERWATCH_CAMERA_USER": "li", "RIVERWATCH_CAMERA_PASSWORD": "hunter2"})

    assert settings.camera_login == ("li", "hunter2")
    assert "hunter2" not in repr(settings)
    with pytest.raises(Misconfigured, match="one without the other") as said:
        Settings.of({"RIVERWATCH_CAMERA_PASSWORD": "hunter2"})
    assert "hunter2" not in str(said.value)


def test_a_key_to_faces_is_long_and_stays_out_of_what_is_printed() -> None:
    assert "hunter2" not in repr(Settings.of({"RIVERWATCH_FACES_KEY": "hunter2hunter2"}))
    with pytest.raises(Misconfigured, match="shorter than 12 letters") as said:
        Settings.of({"RIVERWATCH_FACES_KEY": "hunter2"})
    assert "hunter2" not in str(said.value)
