"""Judges a report of pip-audit: `python -m tests.audit REPORT`, the second half of `make audit`.

pip-audit calls a run clean in which it could look nothing up: an index without advisories says "not found",
which it skips. So the audited packages are counted, and none, or any that was skipped, is a failure.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def problems(report: Mapping[str, Any]) -> list[str]:
    """What is wrong with the report (`pip-audit --format json`), one line each; empty when all is well."""
    rows: Sequence[Mapping[str, Any]] = report.get("dependencies", ())
    audited = [row for row in rows if "skip_reason" not in row]
    if not audited:
        return [f"0 of {len(rows)} packages were audited: no advisories can be reached from here"]
    found = [f"{row['name']}: not audited, {row['skip_reason']}" for row in rows if row not in audited]
    found += [
        f"{row['name']} {row['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'none'}"
        for row in audited
        for flaw in row.get("vulns", ())
    ]
    return found


def main(path: Path) -> int:
    """Print what is wrong, or how many packages were audited; 1 on any problem, an absent report included."""
    if not path.exists():
        print("pip-audit wrote no report", file=sys.stderr)
        return 1
    report = json.loads(path.read_text("utf-8"))
    wrong = problems(report)
    print("\n".join(wrong) or f"{len(report['dependencies'])} packages audited, no advisory applies")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
