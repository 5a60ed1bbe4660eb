"""Mutation testing of degree/rules: every function changed in one place, and its tests run on it.

mutmut writes the mutants and chooses one of them at each call; here pytest collects the tests once,
and each mutant is a fork of that process. Its tests are those that reach its function, the quickest
first, until one fails; of many, as many as take BUDGET seconds. A test that no longer ends counts
as one that fails; a mutant without tests counts as one that survives.

Left out is what no rule hangs on: sentences for people (texts with a blank in them), docstrings and
type annotations. Constants of modules and classes are not functions, and stay as they are.
"""

import argparse
import contextlib
import functools
import gc
import io
import os
import random
import re
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import libcst as cst
import pytest
from hypothesis import Phase, settings
from mutmut.mutation import file_mutation, mutators
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.file_utils import (
    copy_also_copy_files,
    copy_src_dir,
    setup_source_paths,
    walk_mutatable_files,
)
from mutmut.utils.format_utils import mangled_name_from_mutant_name

_HERE: Final = Path(__file__).parents[2]
BUDGET: Final = 10.0  # seconds of processor time, as the tests took without a mutant
ALIVE: Final = ("survived", "no tests")
_SENTENCE: Final = re.compile(r"\s")
_CACHING: Final = frozenset({"property", "cached_property", "cache", "lru_cache"})

# Nobody reads why a mutant fails. What is passed over reaches no rule, or has processes of its own.
_QUIETLY: Final = ("-q", "--assert=plain", "--tb=native", "-p", "no:cacheprovider")
_ELSEWHERE: Final = (
    *("checker", "checker_hostile", "checker_proofs", "checker_rules", "cohort", "command"),
    *("evidence", "lint_command", "receiving", "supplement", "transcript"),
)
_TESTS: Final = (
    "tests/unit/degree",
    *(f"--ignore=tests/unit/degree/test_{name}.py" for name in _ELSEWHERE),
)


# What is mutated ----------------------------------------------------------------------------------


def _texts(node: cst.BaseString) -> Iterable[cst.BaseString]:
    """Keys and codes are changed; what people read is not."""
    if isinstance(node, cst.SimpleString) and _SENTENCE.search(node.value):
        return ()
    return mutators.operator_string(node)


def _name(decorator: cst.Decorator) -> str:
    node = decorator.decorator
    node = node.func if isinstance(node, cst.Call) else node
    return node.value if isinstance(node, cst.Name) else ""


class _Visitor(file_mutation.MutationVisitor):
    """Looks into properties and cached functions, too, which mutmut passes over."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef) and node.decorators:
            return not {_name(each) for each in node.decorators} <= _CACHING | {"classmethod"}
        return super()._skip_node_and_children(node)


_plain_arrangement = file_mutation.function_trampoline_arrangement


def _arrangement(function: cst.FunctionDef, mutants: Any, class_name: str | None) -> Any:
    """The decorators stay on the function that chooses, and its variants do without."""
    if not {_name(each) for each in function.decorators} & _CACHING:
        return _plain_arrangement(function, mutants, class_name)
    bare = function.with_changes(decorators=[])
    begun, (chooser, *variants), filled, names = _plain_arrangement(bare, mutants, class_name)
    chooser = chooser.with_changes(decorators=[*function.decorators, *chooser.decorators])
    return begun, [chooser, *variants], filled, names


def _made() -> list[str]:
    """The names of all mutants, after mutmut has written them into the folder mutants."""
    import mutmut.__main__ as mutmut_main  # it sets how processes start

    operators = [
        (kind, _texts if operator is mutators.operator_string else operator)
        for kind, operator in mutators.mutation_operators
    ]
    file_mutation.mutation_operators[:] = operators
    file_mutation.MutationVisitor = _Visitor
    file_mutation.function_trampoline_arrangement = _arrangement
    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    with contextlib.redirect_stdout(io.StringIO()):  # every file is told
        copy_src_dir()
        copy_also_copy_files()
        mutmut_main.create_mutants(1)
    return [name for path in walk_mutatable_files() for name in _data(path).exit_code_by_key]


def _data(path: Path) -> SourceFileMutationData:
    data = SourceFileMutationData(path=path)
    data.load()
    return data


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
        began = time.monotonic()
        for number, name in enumerate(self._names, start=1):
            self.outcomes[name] = self._try(name)
            if self.outcomes[name] in ALIVE:
                print(f"\n{self.outcomes[name]}: {name}", *_changed(name), sep="\n", flush=True)
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


# What is told -------------------------------------------------------------------------------------


def _module(name: str) -> str:
    return re.split(r"\.x[_ǁ]", name)[0].removeprefix("degree.rules.")


def _changed(name: str) -> list[str]:
    """The lines in which it differs."""
    with contextlib.chdir(_HERE):
        diff = get_diff_for_mutant(name).splitlines()
    return [line for line in diff[2:] if line[0] in "@+-"]


def _report(trial: Trial) -> None:
    killed, total = Counter[str](), Counter[str]()
    for name, outcome in trial.outcomes.items():
        total[_module(name)] += 1
        killed[_module(name)] += outcome not in ALIVE
    print()
    for module in sorted(total, key=lambda each: killed[each] / total[each]):
        print(f"{killed[module]:5} of {total[module]:5} killed  {module}")
    rate = 100 * killed.total() / total.total()
    print(f"{killed.total():5} of {total.total():5} killed  {rate:.1f} %")
    print(dict(Counter(trial.outcomes.values())), f"{trial.seconds / total.total():.2f} s a mutant")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mutants", type=int, default=0, help="a random sample of so many")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--module", default="", help="only those of degree.rules.MODULE")
    options.add_argument("--names", default="", help="a file with names of mutants")
    asked = options.parse_args()
    names = [name for name in _made() if _module(name).startswith(asked.module)]
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
