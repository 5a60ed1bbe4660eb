"""Writes the mutants of degree/rules into the folder mutants, by mutmut.

Left out is what no rule hangs on: sentences for people (texts with a blank in them), docstrings,
type annotations, and the `strict` of zip, which no input reaches. Constants of modules and classes
are not in functions, and stay as they are.
"""

import contextlib
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import libcst as cst
from mutmut.mutation import file_mutation, mutators
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, walk_mutatable_files

_SENTENCE: Final = re.compile(r"\s")
_CACHING: Final = frozenset({"property", "cached_property", "cache", "lru_cache"})


def _texts(node: cst.BaseString) -> Iterable[cst.BaseString]:
    """Keys and codes are changed; what people read is not."""
    if isinstance(node, cst.SimpleString) and _SENTENCE.search(node.value):
        return ()
    return mutators.operator_string(node)


def _arguments(node: cst.Call) -> Iterator[cst.Call]:
    """Each argument but the last of `zip(a, b, strict=True)`."""
    strict = [each for each in node.args if each.keyword and each.keyword.value == "strict"]
    for mutated in mutators.operator_arg_removal(node):
        if all(each in mutated.args for each in strict):
            yield mutated


def _name(decorator: cst.Decorator) -> str:
    node = decorator.decorator
    node = node.func if isinstance(node, cst.Call) else node
    return node.value if isinstance(node, cst.Name) else ""


class _Visitor(file_mutation.MutationVisitor):
    """Looks into properties and cached functions, too, which mutmut passes over."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef) and node.decorators:
            return not {_name(each) for each in node.decorators} <= _CACHING | {"classmethod"}
        if isinstance(node, cst.Arg) and node.keyword and node.keyword.value == "strict":
            return True
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


def made() -> list[str]:
    """The names of all mutants, after mutmut has written them into the folder mutants."""
    import mutmut.__main__ as mutmut_main  # it sets how processes start

    own = {mutators.operator_string: _texts, mutators.operator_arg_removal: _arguments}
    file_mutation.mutation_operators[:] = [
        (kind, own.get(operator, operator)) for kind, operator in mutators.mutation_operators
    ]
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
