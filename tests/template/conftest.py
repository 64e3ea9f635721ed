"""The template as it is written, and as CloudFormation gets it after the Serverless transform."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from samtranslator.public.translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse
from template.shapes import of_type

ROOT = Path(__file__).resolve().parents[2]


class NoManagedPolicies(ManagedPolicyLoader):
    """The transform asks AWS for the list of managed policies; the template uses none by name."""

    def __init__(self) -> None:
        self._policy_map: dict[str, str] = {}

    def load(self) -> dict[str, str]:
        return self._policy_map


@pytest.fixture(scope="session")
def written() -> dict[str, Any]:
    return yaml_parse((ROOT / "template.yaml").read_text())


@pytest.fixture(scope="session")
def resources(written: dict[str, Any]) -> dict[str, Any]:
    return written["Resources"]


@pytest.fixture(scope="session")
def functions(resources: dict[str, Any]) -> dict[str, Any]:
    """Return the functions' own properties, without what `Globals` adds, by logical id."""
    return of_type(resources, "AWS::Serverless::Function")


@pytest.fixture(scope="session")
def expanded(written: dict[str, Any]) -> dict[str, Any]:
    """Return the resources that CloudFormation makes of it."""
    source = copy.deepcopy(written)
    for resource in source["Resources"].values():
        for place in ("CodeUri", "ContentUri"):
            if place in resource.get("Properties", {}):
                resource["Properties"][place] = "s3://bucket/key"  # what `sam package` leaves there
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        made = transform(source, {"LambdaRuntime": "python3.13", "LambdaArchitecture": "arm64"}, NoManagedPolicies())
    return json.loads(json.dumps(made))["Resources"]
