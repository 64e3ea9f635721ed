"""The contract of `ShopStore`, against moto's S3."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws
from undivided.aws.shopstore import FRESH_FOR, KEY, NotConfigured, ShopStore
from undivided.errors import Retryable, Unavailable

BUCKET = "shop-mail"
SHOP = {
    "name": "Kessel & Crema",
    "url": "https://shop.example",
    "owner": "owner@shop.example",
    "mail_domain": "ask.shop.example",
    "zone": "Europe/Berlin",
    "languages": ["en"],
    "currency": "EUR",
    "fallback": "petra",
    "specialists": [
        {
            "id": "petra",
            "name": "Petra Lindner",
            "email": "petra@shop.example",
            "languages": ["en"],
            "hours": {"zone": "Europe/Berlin", "windows": [[0, 540, 1020]]},
        }
    ],
}


class Clock:
    def __init__(self):
        self.now = datetime(2026, 5, 4, 9, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_a_minute(self):
        self.now += FRESH_FOR


class Watched:
    """A client that counts and can be told to fail."""

    def __init__(self, client):
        self.client = client
        self.answers = []
        self.failure = None

    def get_object(self, **asked):
        try:
            if self.failure:
                raise self.failure
            found = self.client.get_object(**asked)
        except ClientError as error:
            self.answers.append(error.response["Error"]["Code"])
            raise
        except EndpointConnectionError:
            self.answers.append("no answer")
            raise
        self.answers.append("200")
        return found


@pytest.fixture
def s3():
    with mock_aws():
        client = boto3.client(
            "s3", region_name="eu-central-1", aws_access_key_id="testing", aws_secret_access_key="testing"
        )
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield Watched(client)


def put(s3, shop):
    s3.client.put_object(Bucket=BUCKET, Key=KEY, Body=shop if isinstance(shop, bytes) else json.dumps(shop).encode())


def store(s3):
    clock = Clock()
    return ShopStore(s3, BUCKET, clock), clock


def failing(code):
    return ClientError({"Error": {"Code": code, "Message": code}}, "GetObject")


def test_reads_the_shop_once_a_minute(s3):
    put(s3, SHOP)
    shops, clock = store(s3)
    first = shops.shop()
    clock.now += FRESH_FOR - timedelta(seconds=1)
    assert shops.shop() is first
    assert first.name == "Kessel & Crema"
    assert s3.answers == ["200"]


def test_an_unchanged_object_is_not_read_again(s3):
    put(s3, SHOP)
    shops, clock = store(s3)
    first = shops.shop()
    clock.pass_a_minute()
    assert shops.shop() is first
    assert shops.shop() is first
    assert s3.answers == ["200", "304"]


def test_a_change_counts_after_a_minute(s3):
    put(s3, SHOP)
    shops, clock = store(s3)
    shops.shop()
    put(s3, SHOP | {"paused": True})
    assert not shops.shop().paused
    clock.pass_a_minute()
    assert shops.shop().paused
    clock.pass_a_minute()
    shops.shop()
    assert s3.answers == ["200", "200", "304"]


@pytest.mark.parametrize(
    "failure",
    [
        failing("SlowDown"),
        failing("InternalError"),
        failing("AccessDenied"),
        EndpointConnectionError(endpoint_url="s3"),
    ],
    ids=["throttled", "their fault", "forbidden", "no answer"],
)
def test_the_last_good_shop_outlives_a_failure_of_s3(s3, failure):
    put(s3, SHOP)
    shops, clock = store(s3)
    first = shops.shop()
    s3.failure = failure
    clock.pass_a_minute()
    assert shops.shop() is first
    assert shops.shop() is first
    assert len(s3.answers) == 2, "a failing S3 is asked once a minute too"
    s3.failure = None
    put(s3, SHOP | {"paused": True})
    clock.pass_a_minute()
    assert shops.shop().paused


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b"{}", b'{"name": 1}', b"\xff", b'"text"'])
def test_the_last_good_shop_outlives_rubbish(s3, rubbish):
    put(s3, SHOP)
    shops, clock = store(s3)
    first = shops.shop()
    put(s3, rubbish)
    clock.pass_a_minute()
    assert shops.shop() is first
    with pytest.raises(NotConfigured, match="roster apply"):
        store(s3)[0].shop()


def test_a_removed_object_does_not_close_a_running_shop(s3):
    put(s3, SHOP)
    shops, clock = store(s3)
    first = shops.shop()
    s3.client.delete_object(Bucket=BUCKET, Key=KEY)
    clock.pass_a_minute()
    assert shops.shop() is first


@pytest.mark.parametrize("failure", [None, failing("AccessDenied")], ids=["missing", "missing, and no right to list"])
def test_without_a_shop_it_says_what_to_do_and_asks_again_at_once(s3, failure):
    shops, _ = store(s3)
    s3.failure = failure
    with pytest.raises(NotConfigured, match="undivided roster apply") as told:
        shops.shop()
    assert isinstance(told.value, Retryable), "a question that meets it must come again"
    s3.failure = None
    put(s3, SHOP)
    assert shops.shop().name == "Kessel & Crema"


def test_a_failure_before_the_first_shop_may_be_tried_again(s3):
    shops, _ = store(s3)
    for failure in (failing("InternalError"), EndpointConnectionError(endpoint_url="s3")):
        s3.failure = failure
        with pytest.raises(Unavailable):
            shops.shop()
