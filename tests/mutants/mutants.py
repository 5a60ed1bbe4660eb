"""Mutation testing of degree/rules: every function changed in one place, and its tests run on it.

mutmut writes the mutants and chooses one of them at each call; here pytest collects the tests once,
and each mutant is a fork of that process. Its tests are those that reach its function, the quickest
first, until one fails; of many, as many as take BUDGET seconds. A test that no longer ends counts
as one that fails; a mutant without tests counts as one that survives. What the tests let pass is
shown to mypy, as the gate would: it is told apart. making.py says what is left out.
"""

import argparse
import contextlib
import functools
import gc
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import Phase, settings
from making import made
from mutmut.mutation.data import MutantLineSpans
from mutmut.mutation.diff_apply import (
    find_mutant,
    generated_function_names,
    get_diff_for_mutant,
)
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.file_utils import setup_source_paths
from mutmut.utils.format_utils import mangled_name_from_mutant_name

BUDGET: Final = 10.0  # seconds of processor time, as the tests took without a mutant
ALIVE: Final = ("survived", "no tests")

# Nobody reads why a mutant fails. What is passed over reaches no rule, or has processes of its own.
_QUIETLY: Final = ("-q", "--assert=plain", "--tb=native", "-p", "no:cacheprovider")
_ELSEWHERE: Final = (
    *("checker", "checker_hostile", "checker_proofs", "checker_rules", "cohort", "command"),
    *("lint_command", "receiving", "supplement", "transcript"),
)
_TESTS: Final = (
    "tests/unit/degree",
    *(f"--ignore=tests/unit/degree/test_{name}.py" for name in _ELSEWHERE),
)


# What runs ----------------------------------------------------------------------------------------


class Trial:
    """A plug-in of pytest: instead of running the tests once, it tries every mutant on them."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self.outcomes: dict[str, str] = {}
        self.seconds = 0.0
        self._cost: dict[pytest.Item, float] = {}
        self._reaching: dict[str, list[pytest.Item]] = defaultdict(list)
        self._failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._watch(session.items)
        self._expect_nothing_without_mutants()
        began = time.monotonic()
        for number, name in enumerate(self._names, start=1):
            self.outcomes[name] = self._try(name)
            if number % 20 == 0:
                alive = sum(each in ALIVE for each in self.outcomes.values())
                print(f"{number} of {len(self._names)}, {alive} survived", file=sys.stderr)
        self.seconds = time.monotonic() - began
        return True

    def _watch(self, items: list[pytest.Item]) -> None:
        """Which functions each test reaches, and what it costs; none may fail."""
        set_mutant_under_test("stats")
        for item, following in zip(items, [*items[1:], None], strict=True):
            state()._stats.clear()
            began = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self._cost[item] = time.process_time() - began
            for function in state()._stats:
                self._reaching[function].append(item)
            if self._failed:
                pytest.exit(f"{item.nodeid} fails without a mutant", returncode=1)
        set_mutant_under_test("")
        gc.freeze()  # so that forks share what is there

    def _expect_nothing_without_mutants(self) -> None:
        """Tests that fail in a fork anyway would seem to notice every mutant."""
        for name in self._names[:5]:
            none = f"{name.rpartition('_')[0]}_0"
            if self._try(none) not in ALIVE:
                pytest.exit(f"the tests of {name} fail without it", returncode=1)

    def _try(self, name: str) -> str:
        reaching = self._reaching.get(mangled_name_from_mutant_name(name), [])
        items = list(self._within_budget(reaching))
        if not items:
            return "no tests"
        child = os.fork()
        if not child:
            os._exit(self._survives(name, items))
        _, status = os.waitpid(child, 0)
        ended = os.waitstatus_to_exitcode(status)
        return {0: "survived", 1: "killed", -signal.SIGVTALRM: "timeout"}.get(ended, "crash")

    def _within_budget(self, items: list[pytest.Item]) -> Iterator[pytest.Item]:
        """All of them, or the quickest for half of the budget and any others for the rest."""
        spent, rest = 0.0, sorted(items, key=self._cost.__getitem__)
        while rest and spent < BUDGET:
            chosen = rest.pop(0 if spent < BUDGET / 2 else random.Random(1).randrange(len(rest)))
            spent += self._cost[chosen]
            yield chosen

    def _survives(self, name: str, items: list[pytest.Item]) -> int:
        """In the child: 0 if every test passes, 1 if one fails."""
        items[0].config.pluginmanager.unregister(name="terminalreporter")
        _forget()
        set_mutant_under_test(name)
        for item, following in zip(items, [*items[1:], None], strict=True):
            signal.setitimer(signal.ITIMER_VIRTUAL, 2 + 10 * self._cost[item])
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                return 1
        return 0


def _forget() -> None:
    """What functions remember from before the mutant."""
    for name, module in list(sys.modules.items()):
        if name.startswith("degree."):
            for value in vars(module).values():
                if isinstance(value, functools._lru_cache_wrapper):
                    value.cache_clear()


# What the tests let pass --------------------------------------------------------------------------


def _mistyped(names: list[str]) -> frozenset[str]:
    """Those that mypy refuses for something that it does not say of the function as it was."""
    command = [sys.executable, "-m", "mypy", "--cache-dir", os.devnull, "--output", "json"]
    with contextlib.chdir("mutants"):
        said = subprocess.run(
            [*command, "degree/rules"], capture_output=True, text=True, check=False
        )
    errors: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line in filter(None, said.stdout.splitlines()):
        error = json.loads(line)
        if error["severity"] == "error":
            errors[error["file"]].append((error["line"], error["message"]))
    found = set()
    for name in names:
        path = find_mutant(name).path
        spans = MutantLineSpans.load(path)
        assert spans is not None  # they are written with the mutants
        of_variant, of_original = (
            {
                message
                for line, message in errors[str(path)]
                if spans.span_by_function_name[each].start
                <= line
                <= spans.span_by_function_name[each].end
            }
            for each in reversed(generated_function_names(name))
        )
        if of_variant - of_original:
            found.add(name)
    return frozenset(found)


# What is told -------------------------------------------------------------------------------------


def _module(name: str) -> str:
    return re.split(r"\.x[_ǁ]", name)[0].removeprefix("degree.rules.")


def _changed(name: str) -> list[str]:
    """The lines in which it differs."""
    diff = get_diff_for_mutant(name).splitlines()
    return [line for line in diff[2:] if line[0] in "@+-"]


def _report(trial: Trial) -> None:
    alive = [name for name, outcome in trial.outcomes.items() if outcome in ALIVE]
    for name in _mistyped(alive):
        trial.outcomes[name] = "mistyped"
    total, survived = Counter[str](), Counter[str]()
    for name, outcome in trial.outcomes.items():
        total[_module(name)] += 1
        survived[_module(name)] += outcome in ALIVE
    for name in alive:
        if trial.outcomes[name] in ALIVE:
            print(f"\n{trial.outcomes[name]}: {name}", *_changed(name), sep="\n")
    print()
    for module in sorted(total, key=lambda each: -survived[each] / total[each]):
        print(f"{survived[module]:5} of {total[module]:5} survived  {module}")
    number, outcomes = total.total(), Counter(trial.outcomes.values())
    print(f"{survived.total():5} of {number:5} survived  {dict(outcomes)}")
    by_tests = number - survived.total() - outcomes["mistyped"]
    print(f"Killed by tests: {100 * by_tests / number:.1f} %", end=", ")
    print(f"by tests or types: {100 * (number - survived.total()) / number:.1f} %", end="; ")
    print(f"{trial.seconds / number:.2f} s a mutant")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mutants", type=int, default=0, help="a random sample of so many")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--module", default="", help="only those of degree.rules.MODULE")
    options.add_argument("--names", default="", help="a file with names of mutants")
    asked = options.parse_args()
    names = [name for name in made() if _module(name).startswith(asked.module)]
    print(f"{len(names)} mutants", file=sys.stderr)
    if asked.names:
        listed = set(Path(asked.names).read_text().split())
        names = [name for name in names if name in listed]
    if 0 < asked.mutants < len(names):
        names = random.Random(asked.seed).sample(names, asked.mutants)
    setup_source_paths()
    # The same examples each time, and no search for the smallest that fails.
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("mutants", phases=phases, derandomize=True, database=None)
    settings.load_profile("mutants")
    trial = Trial(names)
    with contextlib.chdir("mutants"):
        code = pytest.main([*_QUIETLY, *_TESTS], plugins=[trial])
    if code not in (0, 5):
        sys.exit(int(code))
    _report(trial)


if __name__ == "__main__":
    main()
