from __future__ import annotations

from copy import deepcopy

import pytest
import yaml

from console.local.adapt import adapt

BUILT = {
    "Conditions": {
        "Emulated": {"Fn::Equals": [{"Ref": "AWS::AccountId"}, "000000000000"]},
        "Here": {"Fn::And": [{"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}, {"Condition": "Emulated"}]},
        "Receives": {"Fn::Equals": [{"Ref": "Receiving"}, "ses"]},
    },
    "Resources": {
        "Policy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "PolicyDocument": {
                    "Statement": [
                        {"Sid": "OnlyOverTls", "Effect": "Deny", "Action": "s3:*"},
                        {"Fn::If": ["Receives", {"Sid": "OurReceiptRule"}, {"Ref": "AWS::NoValue"}]},
                    ]
                }
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "Policies": [
                    {"Statement": [{"Resource": {"Fn::Sub": "arn:aws:scheduler:r:a:schedule/${ScheduleGroup}/*"}}]},
                    {"Statement": [{"Resource": {"Fn::Sub": "arn:aws:s3:::b/${ScheduleGroup}/*"}}]},
                ]
            },
        },
        "Other": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "AWS::AccountId"}}},
    },
}


@pytest.fixture
def adapted(tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(yaml.safe_dump(BUILT))
    adapt(path, "us-east-1")
    return yaml.safe_load(path.read_text())


def test_exactly_the_listed_places_change(adapted):
    expected = deepcopy(BUILT)
    expected["Conditions"]["Emulated"] = {"Fn::Equals": ["000000000000", "000000000000"]}
    expected["Conditions"]["Here"]["Fn::And"][0] = {"Fn::Equals": ["us-east-1", "us-east-1"]}
    del expected["Resources"]["Policy"]["Properties"]["PolicyDocument"]["Statement"][0]
    statement = expected["Resources"]["Role"]["Properties"]["Policies"][0]["Statement"][0]
    statement["Resource"] = {"Fn::Sub": "arn:aws:scheduler:r:a:schedule/default/*"}
    assert adapted == expected


def test_an_account_number_stays_text(adapted):
    assert adapted["Conditions"]["Emulated"]["Fn::Equals"][1] == "000000000000"
