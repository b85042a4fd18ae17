"""The COPYDESK_ settings as one checked value, and the names they had before."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings, Settings

from crawler import settings as shipped
from crawler.config.old_names import CONSTANTS, OLD_CONSTANTS, OLD_NAMES, adopt_old_names, drop_constants
from crawler.config.settings_values import PREFIX, SettingsValues, add_contact


def project(**given: object) -> Settings:
    """The project's settings, with some given on the command line."""
    settings = Settings()
    settings.setmodule(shipped, priority="project")
    for name, value in given.items():
        settings.set(name, value, priority="cmdline")
    return settings


def test_every_setting_of_ours_has_a_value() -> None:
    names = {name for name in vars(shipped) if name.startswith(PREFIX)}
    assert names == set(SettingsValues.__struct_encode_fields__)
    values = SettingsValues.of(project())
    assert (values.focus, values.clean_deadline, values.allow_ports) == ("balanced", 10.0, [80, 443, 8080, 8443])


def test_another_projects_settings_have_the_same_defaults() -> None:
    assert SettingsValues.of(BaseSettings()) == SettingsValues.of(project())


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("COPYDESK_FOCUS", "recall", "recall"),
        ("COPYDESK_EVIDENCE", "1", True),
        ("COPYDESK_CLEAN_WORKERS", "4", 4),
        ("COPYDESK_CLEAN_DEADLINE", "2.5", 2.5),
        ("COPYDESK_ALLOW_PORTS", "80,9000", [80, 9000]),
        ("COPYDESK_ALLOW_HOSTS", "a.example:81,10.0.0.0/8", ["a.example:81", "10.0.0.0/8"]),
        ("COPYDESK_REPORT_PATH", None, ""),
    ],
)
def test_text_of_the_command_line_becomes_a_value(name: str, given: object, expected: object) -> None:
    values = SettingsValues.of(project(**{name: given}))
    assert getattr(values, name.removeprefix(PREFIX).lower()) == expected


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("COPYDESK_FOCUS", "high", "expected one of precision, balanced, recall"),
        ("COPYDESK_DUPLICATES", "marks", "expected one of mark, drop, off"),
        ("COPYDESK_RIGHTS", "", "expected one of record, obey, off"),
        ("COPYDESK_CLEAN_WORKERS", "many", "expected a whole number"),
        ("COPYDESK_CLEAN_WORKERS", "-1", "expected a whole number >= 0"),
        ("COPYDESK_OUTPUT_SYNC_SECONDS", "0", "expected a number > 0"),
        ("COPYDESK_EVIDENCE", "perhaps", "expected True or False"),
        ("COPYDESK_ALLOW_PORTS", "80,http", "expected a whole number"),
        ("COPYDESK_ALLOW_PORTS", "70000", "expected a whole number <= 65535"),
    ],
)
def test_a_value_that_is_not_valid_is_named_with_what_is_expected(name: str, given: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        SettingsValues.of(project(**{name: given}))
    assert str(caught.value).startswith(f"setting {name}=")
    assert said in str(caught.value)


def test_a_setting_by_its_old_name_works_and_names_the_new_one(caplog: pytest.LogCaptureFixture) -> None:
    settings = project(FOCUS="recall", LEDGER_PATH="here.sqlite", URL_MAX_LENGTH="99")
    with caplog.at_level(logging.WARNING):
        adopt_old_names(settings)
        adopt_old_names(settings)
    values = SettingsValues.of(settings)
    assert (values.focus, values.ledger, settings.getint("URLLENGTH_LIMIT")) == ("recall", "here.sqlite", 99)
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) == 3
    assert "the setting FOCUS is now called COPYDESK_FOCUS; the old name works until version 0.3" in warnings


def test_the_new_name_wins_where_both_are_given() -> None:
    settings = project(COPYDESK_FOCUS="precision")
    settings.set("FOCUS", "recall", priority="project")
    adopt_old_names(settings)
    assert SettingsValues.of(settings).focus == "precision"


def test_every_old_name_has_a_new_one_that_is_there() -> None:
    assert all(hasattr(shipped, new) for new in OLD_NAMES.values())
    assert not any(hasattr(shipped, old) for old in OLD_NAMES)


def test_the_contact_is_added_to_the_user_agent() -> None:
    settings = project(COPYDESK_CONTACT="desk@harbour-post.example")
    add_contact(settings)
    assert settings["USER_AGENT"].endswith("(news crawler; +desk@harbour-post.example)")


def test_a_path_object_is_a_path() -> None:
    values = SettingsValues.of(project(COPYDESK_LEDGER=Path("/srv/l.sqlite"), COPYDESK_REPORT_PATH=Path("run.json")))
    assert (values.ledger, values.report_path) == ("/srv/l.sqlite", "run.json")


def test_a_name_that_is_unknown_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="unknown setting COPYDESK_CONTCAT; did you mean COPYDESK_CONTACT\\?"):
        SettingsValues.of(project(COPYDESK_CONTCAT="me@example.org"))


@pytest.mark.parametrize("name", [*CONSTANTS, *OLD_CONSTANTS])
def test_a_setting_that_became_a_constant_is_named(name: str, caplog: pytest.LogCaptureFixture) -> None:
    settings = project(**{name: 3})
    adopt_old_names(settings)
    adopt_old_names(settings)
    SettingsValues.of(settings)  # is not refused as an unknown name
    assert [f"the setting {name} has no effect any more" in message for message in caplog.messages] == [True]
    adopt_old_names(Settings())
    assert len(caplog.messages) == 1
    assert not hasattr(shipped, name)


def test_a_setting_of_another_project_with_an_old_name_is_its_own(caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(dict.fromkeys((*OLD_CONSTANTS, *CONSTANTS), 3))
    drop_constants(settings)
    assert {settings.get(name) for name in OLD_CONSTANTS} == {3}
    assert {settings.get(name) for name in CONSTANTS} == {None}
    assert len(caplog.messages) == len(CONSTANTS)
