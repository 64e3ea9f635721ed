from __future__ import annotations

from copy import deepcopy

import pytest
import yaml

from console.local.adapt import adapt

BUILT = {
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
                    {"PolicyDocument": {"Statement": [{"Action": ["ses:SendRawEmail"], "Resource": "identity"}]}},
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
    adapt(path)
    return yaml.safe_load(path.read_text())


def test_exactly_the_listed_places_change(adapted):
    expected = deepcopy(BUILT)
    del expected["Resources"]["Policy"]["Properties"]["PolicyDocument"]["Statement"][0]
    statement = expected["Resources"]["Role"]["Properties"]["Policies"][0]["Statement"][0]
    statement["Resource"] = {"Fn::Sub": "arn:aws:scheduler:r:a:schedule/default/*"}
    sending = expected["Resources"]["Role"]["Properties"]["Policies"][2]["PolicyDocument"]["Statement"][0]
    sending["Resource"] = "*"
    assert adapted == expected
