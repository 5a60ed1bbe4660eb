"""What deciding a degree costs: `make bench`.

Wallets as members of the Learnometer MSc would hold them, of 10 to 1,000 badges; 500 badges by 100
requirements; and cohorts. Prints figures and a chart, and writes the chart as SVG to
bench/degree.svg. Times are of one processor, after the solver has been imported.

Between figures of two machines stands more than their clock: a Python that was compiled without
profile-guided optimization takes 1.4 to 1.5 times as long (docs/operations.md). So the first line
says which Python it is, and how long it takes to count.
"""

import json
import math
import platform
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from degree_instances import planted, realistic
from degree_realistic import programme_as_json
from degree_sketch import TODAY
from rich.console import Console
from rich.progress import track

from degree.checker import objections
from degree.cohort.auditing import Task, audit_all
from degree.cohort.sources import Source
from degree.rules import highs
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record
from degree.rules.grammar import programme_from_json
from degree.rules.records_json import wallet_from_json

SIZES: Final = (10, 30, 60, 100, 300, 1000)
COHORTS: Final = (range(1, 61), *(range(size, size + 1) for size in (10, 20, 40, 60)))
CHART: Final = Path(__file__).with_name("degree.svg")


@dataclass(frozen=True, slots=True)
class Costs:
    """Milliseconds of single decisions over wallets of one size, in order."""

    badges: int
    times: tuple[float, ...]
    answers: Counter[str]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        """All but one in a hundred are below it."""
        return self.times[min(len(self.times) - 1, math.ceil(len(self.times) * 0.99) - 1)]


def costs(badges: int, wallets: int) -> Costs:
    """Each wallet is decided twice; the better time counts, the first may have met a cold cache."""
    programme, times, answers = programme_from_json(programme_as_json()), [], Counter[str]()
    for seed in range(wallets):
        wallet = wallet_from_json(realistic(badges, seed))
        best = math.inf
        for _ in range(2):
            # B023 does not matter: the lambda is called at once.
            spent, decision = _timed(lambda: decide([programme], wallet, today=TODAY))  # noqa: B023
            best = min(best, spent)
        times.append(best)
        earned = decision.outcome.earned
        answers[f"{decision.answer} {earned.award if earned else '-'}"] += 1
    return Costs(badges, tuple(sorted(times)), answers)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    result = work()
    return (time.process_time() - begun) * 1000, result


def main(console: Console) -> None:
    """All figures; fails when one of them is missed."""
    highs.load()
    counting, _ = _timed(_counted)
    console.print(f"Python {platform.python_version()} counts to ten million in {counting:.0f} ms")
    console.print("badges  wallets   median      p99    worst  (milliseconds)")
    found = []
    for badges in SIZES:
        cost = costs(badges, 1000 if badges == 60 else max(20, 3000 // badges))
        found.append(cost)
        console.print(
            f"{badges:6}  {len(cost.times):7}  {cost.median:7.2f}  {cost.p99:7.2f}  "
            f"{cost.times[-1]:7.2f}  {dict(cost.answers)}"
        )
    _chart(console, found)
    _large(console)
    _checker(console)
    for sizes in COHORTS:
        _cohort(console, sizes)


def _counted() -> int:
    number = 0
    while number < 10_000_000:
        number += 1
    return number


def _large(console: Console) -> None:
    case = planted(500, 100, 0.9, 1)
    programmes = [programme_from_json(each) for each in case.programmes]
    wallet = wallet_from_json(case.wallet)
    spent, decision = _timed(lambda: decide(programmes, wallet, today=case.today))
    console.print(f"500 badges by 100 requirements: {spent:.0f} ms, {decision.answer}")


def _checker(console: Console) -> None:
    programme, times = programme_from_json(programme_as_json()), []
    for seed in range(100):
        decision = decide([programme], wallet_from_json(realistic(60, seed)), today=TODAY)
        record = decision_record(decision, learnometer="bench")
        spent, against = _timed(lambda: objections(record))  # noqa: B023 - called at once
        assert not against
        times.append(spent)
    console.print(f"The checker over 60 badges: median {statistics.median(times):.2f} ms")


def _cohort(console: Console, sizes: range, *, wallets: int = 1000) -> None:
    """What `learnometer degree cohort` does with each wallet, in one process and without files."""
    task = Task(programmes=(programme_as_json(),), today=TODAY, version="bench")
    different = [
        json.dumps(realistic(sizes[seed % len(sizes)], seed)).encode() for seed in range(500)
    ]
    cohort = [
        Source(number=number, path=Path("cohort.jsonl"), line=number, content=content)
        for number, content in enumerate(islice(cycle(different), wallets), 1)
    ]
    begun = time.process_time()
    lines = track(audit_all(task, cohort, workers=1), "A cohort", total=wallets, console=console)
    assert all(line.standing for line in lines)
    spent = time.process_time() - begun
    badges = f"{sizes[0]} to {sizes[-1]}" if len(sizes) > 1 else f"{sizes[0]}"
    console.print(
        f"A cohort of wallets of {badges} badges, read from JSON and decided: "
        f"{wallets / spent:.0f} a second and core"
    )


def _chart(console: Console, found: Sequence[Costs]) -> None:
    """Bars in the terminal, on a logarithmic scale, and lines in a file."""
    for cost in found:
        bar = "█" * max(1, round(12 * math.log10(cost.median * 10)))
        console.print(f"{cost.badges:6} {bar} {cost.median:.1f} ms")
    CHART.write_text(_svg(found), encoding="utf-8")
    console.print(f"{CHART.name} holds the chart.")


def _svg(found: Sequence[Costs]) -> str:
    left, bottom, width, height = 60, 320, 520, 280
    most = math.log10(max(cost.p99 for cost in found) * 2)
    least = math.log10(min(cost.median for cost in found) / 2)

    def x(badges: int) -> float:
        span = math.log10(found[-1].badges / found[0].badges)
        return left + width * math.log10(badges / found[0].badges) / span

    def y(milliseconds: float) -> float:
        return bottom - height * (math.log10(milliseconds) - least) / (most - least)

    def line(values: Iterable[tuple[int, float]], colour: str) -> str:
        points = " ".join(f"{x(badges):.1f},{y(value):.1f}" for badges, value in values)
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'

    def label(at: int, height: float, said: object) -> str:
        return f'<text x="{x(at):.0f}" y="{height:.0f}" text-anchor="middle">{said}</text>'

    ticks = "".join(
        label(cost.badges, bottom + 18, cost.badges)
        + label(cost.badges, y(cost.median) - 8, f"{cost.median:.1f}")
        for cost in found
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" font-family="sans-serif" '
        'font-size="12"><title>Milliseconds of one decision by number of badges</title>'
        f"{line(((cost.badges, cost.median) for cost in found), '#1d5fa8')}"
        f"{line(((cost.badges, cost.p99) for cost in found), '#b3541e')}"
        f'{ticks}<text x="{left}" y="20">median (blue) and 99th percentile (brown), ms</text>'
        f'<text x="{left + width / 2}" y="{bottom + 36}" text-anchor="middle">badges</text></svg>\n'
    )


if __name__ == "__main__":
    main(Console(file=sys.stdout, width=110))
