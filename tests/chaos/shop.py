"""The shop that every world is: three specialists who are always on duty, and what the stack tells its functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chaos import stack as moto

MONDAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
MAIL_DOMAIN = "ask.shop.example"
MINUTE = timedelta(minutes=1)
MOST_DELIVERIES = 400
MOST_RECOVERIES = 8
"""Rounds of six minutes: a message comes again after one, a claim is taken over after three."""
LATER = (MOST_RECOVERIES + 1) * 6 * MINUTE
ALWAYS = {"zone": "UTC", "windows": [[day, 0, 1440] for day in range(7)]}
PEOPLE = (("anna", "saws"), ("kevin", "drills"), ("omar", "everything"))
SHOP = {
    "name": "Shop",
    "url": "https://shop.example",
    "owner": "owner@people.example",
    "mail_domain": MAIL_DOMAIN,
    "ask_address": f"ask@{MAIL_DOMAIN}",
    "zone": "UTC",
    "languages": ["en"],
    "currency": "EUR",
    "specialists": [
        {"id": who, "name": who.title(), "email": f"{who}@people.example", "hours": ALWAYS, "languages": ["en"],
         "about": about, "categories": [about]}
        for who, about in PEOPLE
    ],
    "fallback": "omar",
    "pace": {"head_start_half_life": 480},
    "products": [{"sku": "S-1", "title": "Saw", "category": "saws"}],
    "version": "1",
}  # fmt: skip
PASS = {f"{name}Verdict": {"status": "PASS"} for name in ("spf", "dkim", "dmarc", "spam", "virus")}
ENVIRONMENT = {
    "TABLE": moto.TABLE,
    "MAIL_BUCKET": moto.BUCKET,
    "QUESTIONS_QUEUE": f"https://sqs.{moto.REGION}.amazonaws.com/{moto.ACCOUNT}/questions",
    "RECEIVED_QUEUE": f"https://sqs.{moto.REGION}.amazonaws.com/{moto.ACCOUNT}/received",
    "TIMERS_QUEUE": f"https://sqs.{moto.REGION}.amazonaws.com/{moto.ACCOUNT}/timers",
    "ORDERS_PARAMETER": "/undivided/orders",
    "WEBHOOK_PARAMETER": "/undivided/webhook",
    "WEBHOOK_QUEUE": f"https://sqs.{moto.REGION}.amazonaws.com/{moto.ACCOUNT}/webhook",
    "LESSONS_QUEUE": f"https://sqs.{moto.REGION}.amazonaws.com/{moto.ACCOUNT}/{moto.LESSONS}",
    "TIMERS_QUEUE_ARN": f"arn:aws:sqs:{moto.REGION}:{moto.ACCOUNT}:timers",
    "SCHEDULE_GROUP": moto.GROUP,
    "SCHEDULE_ROLE_ARN": moto.ROLE,
    "SCHEDULE_DLQ_ARN": f"arn:aws:sqs:{moto.REGION}:{moto.ACCOUNT}:timers-dead",
    "KEYS_PARAMETER": moto.KEYS,
    "CONFIGURATION_SET": "undivided",
    "EVENT_BUS": moto.BUS,
    "PUBLIC_URL": "https://ask.shop.example",
    "MAIL_DOMAIN": MAIL_DOMAIN,
    "AWS_REGION": moto.REGION,
    "AWS_DEFAULT_REGION": moto.REGION,
    "POWERTOOLS_SERVICE_NAME": "undivided",
    "POWERTOOLS_METRICS_NAMESPACE": "Undivided",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}
