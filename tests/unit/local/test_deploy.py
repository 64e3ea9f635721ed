from __future__ import annotations

import pytest

from console.local.demo import webhook_from
from console.local.deploy import Project, build, fingerprint, local_runtime
from console.local.failures import DemoFailure
from console.local.state import ROOT

SHOP = ROOT / "undivided.yaml"


@pytest.fixture
def project(tmp_path) -> Project:
    (tmp_path / "template.yaml").write_text("Resources: {}\n")
    for folder in ("functions/intake", "layers/undivided/undivided"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "handler.py").write_text("x = 1\n")
    return Project(tmp_path, tmp_path / "build")


@pytest.mark.parametrize(
    "changed", ["template.yaml", "functions/intake/handler.py", "layers/undivided/undivided/handler.py"]
)
def test_a_changed_source_is_built_again(project, changed):
    before = fingerprint(project)
    (project.root / changed).write_text("y = 2\n")
    assert fingerprint(project) != before


def test_moving_a_line_from_one_file_to_the_next_is_a_change(project):
    one, two = (project.root / "functions/intake" / name for name in ("a.py", "b.py"))
    one.write_text("xy")
    two.write_text("z")
    before = fingerprint(project)
    one.write_text("x")
    two.write_text("yz")
    assert fingerprint(project) != before


@pytest.mark.parametrize(
    "other",
    [
        "functions/intake/__pycache__/handler.pyc", "README.md", "tests/test_x.py", "functions/x.pyc",
        "layers/undivided/undivided/shop.json",
    ],
)  # fmt: skip
def test_what_is_not_built_does_not_count(project, other):
    before = fingerprint(project)
    path = project.root / other
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("whatever")
    assert fingerprint(project) == before


def test_outside_a_clone_the_demo_says_so(tmp_path):
    with pytest.raises(DemoFailure, match="complete clone"):
        build(Project(tmp_path / "none", tmp_path / "build"), SHOP, tmp_path / "package", tmp_path / "log")


def test_a_shop_with_a_mistake_is_refused_before_anything_is_built(project, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(SHOP.read_text().replace("fallback:", "fallbak:"))
    with pytest.raises(DemoFailure, match="fallbak"):
        build(project, wrong, tmp_path / "package", tmp_path / "log")
    assert not (tmp_path / "package").exists()


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9000/events", "https://shop.example/hooks"])
def test_the_demo_may_be_told_where_events_go(url):
    assert webhook_from({"UNDIVIDED_WEBHOOK_URL": url}) == url
    assert webhook_from({}) == ""


@pytest.mark.parametrize("url", ["localhost:9000", "ftp://shop.example/", "http://shop.example/a b"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(DemoFailure, match=r"UNDIVIDED_WEBHOOK_URL=.*write one like http"):
        webhook_from({"UNDIVIDED_WEBHOOK_URL": url})


def test_the_build_fits_this_machine():
    assert local_runtime()["LambdaArchitecture"] in {"arm64", "x86_64"}
    assert local_runtime()["LambdaRuntime"].startswith("python3.")
