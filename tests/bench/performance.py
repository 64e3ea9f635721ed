"""`make bench`: measure, and write the tables of docs/performance.md. Ratios, because machines differ and are noisy."""

from __future__ import annotations

import sys
from collections import Counter

from bench.counting import Counted, way_through
from bench.imports import ROOT, budget, ratios

PAGE = ROOT / "docs" / "performance.md"
MARK = "<!-- measured: everything below is written by `make bench` -->"
LAYER = ROOT / ".aws-sam" / "build" / "UndividedLayer"
MOST_MEGABYTES = 20


def main() -> int:
    kept = PAGE.read_text("utf-8").partition(MARK)[0] if PAGE.exists() else "# Performance\n\n"
    tables = [_imports(ratios()), _requests(way_through()), _layer()]
    page = kept.rstrip() + "\n\n" + MARK + "\n\n" + "\n\n".join(tables) + "\n"
    PAGE.write_text(page, "utf-8")
    print(page)
    return 0


def _imports(measured: dict[str, float]) -> str:
    rows = "\n".join(f"| `{one}` | {ratio:.2f} | {budget(one)} |" for one, ratio in measured.items())
    return (
        "## Cold import\n\nProcessor time of a fresh process that imports the handler and makes one client, over one that "
        f"imports boto3 and makes the same client (medians, measured in turn, Python {sys.version_info.major}."
        f"{sys.version_info.minor}).\n\n| handler | ratio | budget |\n|---|---|---|\n{rows}"
    )


def _requests(counted: Counted) -> str:
    rows = [
        f"| {step} | {sum(requests.values())} | {_by_service(requests)} | {sum(units.values()):.0f} |"
        for step, (requests, units) in counted.items()
    ]
    return (
        "## Requests on one question's way\n\nAll functions together, polls of queues and streams left out; capacity units "
        "are DynamoDB's, reads and writes, as the table reports them.\n\n| step | requests | of which | units |\n"
        "|---|---|---|---|\n" + "\n".join(rows)
    )


def _by_service(requests: Counter[str]) -> str:
    services: Counter[str] = Counter()
    for name, count in requests.items():
        services[name.partition(".")[0]] += count
    return ", ".join(f"{service} {count}" for service, count in sorted(services.items()))


def _layer() -> str:
    if not LAYER.exists():
        return "## Layer\n\nNot built here: `make build` first."
    megabytes = sum(one.stat().st_size for one in LAYER.rglob("*") if one.is_file()) / 1e6
    return f"## Layer\n\n{megabytes:.1f} MB unzipped for arm64 (at most {MOST_MEGABYTES})."


if __name__ == "__main__":
    sys.exit(main())
