from __future__ import annotations

import sys
from types import ModuleType

import pytest

from console import main as command
from console.main import SUBCOMMANDS, Subcommand, exists, main
from console.stack import NoStack


@pytest.fixture
def listed(monkeypatch):
    """Make the command know only what the test names."""

    def only(*subcommands: Subcommand) -> None:
        monkeypatch.setattr(command, "SUBCOMMANDS", subcommands)

    return only


@pytest.mark.parametrize("one", SUBCOMMANDS, ids=lambda one: one.words)
def test_a_subcommand_is_listed_only_if_its_module_is_there(one, capsys):
    group = one.words.split()[0]
    others = [other for other in SUBCOMMANDS if other.words.split()[0] == group and other is not one]
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = any(line.split()[:1] == [group] for line in capsys.readouterr().out.splitlines())
    assert shown == (exists(one.module) or any(exists(other.module) for other in others))


def test_a_module_that_does_not_exist_yet_is_not_offered(listed, capsys):
    listed(Subcommand("dance", "", "console.no_such_module", lambda m, a: 0))
    with pytest.raises(SystemExit):
        main(["dance"])
    assert "invalid choice: 'dance'" in capsys.readouterr().err


def test_the_rest_of_the_line_belongs_to_a_subcommand_that_parses_itself(listed, monkeypatch):
    got = []
    module = ModuleType("console.probe")
    module.main = got.append
    module.__spec__ = sys.__spec__
    monkeypatch.setitem(sys.modules, "console.probe", module)
    listed(Subcommand("probe it", "", "console.probe", lambda m, a: m.main(a.rest)))
    assert main(["probe", "it", "--depth", "3", "--help"]) == 0
    assert got == [["--depth", "3", "--help"]]


def test_unknown_arguments_are_refused(capsys):
    with pytest.raises(SystemExit):
        main(["demo-down", "--hard"])
    assert "unknown arguments: --hard" in capsys.readouterr().err


def test_an_expected_failure_is_one_line_without_a_traceback(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("UNDIVIDED_LOCAL", str(tmp_path))
    monkeypatch.delenv("UNDIVIDED_STACK", raising=False)
    assert main(["replay", "events/router/one.json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("undivided: no demo is running here")
    assert err.count("\n") == 1


def test_what_is_not_expected_keeps_its_traceback(listed, monkeypatch):
    def fail(*_):
        raise KeyError("a bug")

    listed(Subcommand("probe", "", "console.stack", fail, lambda _: None))
    with pytest.raises(KeyError):
        main(["probe"])


def test_importing_the_command_imports_nothing_heavy():
    code = "import sys, console.main; sys.exit(any(name in sys.modules for name in ('boto3', 'jinja2', 'yaml', 'aiosmtpd')))"
    import subprocess

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_stack_says_what_to_do(tmp_path):
    from console.stack import local_stack

    with pytest.raises(NoStack, match="make demo"):
        local_stack(tmp_path)
