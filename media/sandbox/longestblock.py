"""The program in an answer as EvalPlus' `sanitize` finds it: the longest run of lines that parses, and of it the
imports and the definitions that the entry point can reach.
"""

import ast
import warnings


def extracted(text, entry_point):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _reachable(_longest(text.split("\n")), entry_point)


def _longest(lines):
    """Most lines that are not blank; of equals the first. What broke at a line also breaks with more lines after it."""
    filled = [0]
    for line in lines:
        filled.append(filled[-1] + bool(line.strip()))
    best = (0, 0, 0)
    for start, line in enumerate(lines):
        if not line.strip():
            continue
        end = len(lines)
        while filled[end] - filled[start] > best[0]:
            broken = _broken_line("\n".join(lines[start:end]))
            if broken is None:
                best = (filled[end] - filled[start], start, end)
                break
            end = min(end - 1, start + broken - 1)
            if end <= start:
                break
    return "\n".join(lines[best[1] : best[2]])


def _broken_line(source):
    """1-based line of the first syntax error, None where there is none."""
    try:
        ast.parse(source)
    except SyntaxError as error:
        return error.lineno or 1
    except (ValueError, MemoryError, RecursionError):
        return 1
    return None


def _reachable(source, entry_point):
    if not source:
        return source
    imports, parts, names = [], [], set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imports.append(node)
            continue
        name = _name(node)
        if name is None or name in names:
            continue
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not _returns(node):
            continue
        names.add(name)
        parts.append((name, node))
    uses = {name: set(_identifiers(node)) for name, node in parts}
    wanted, queue = {entry_point}, [entry_point]
    while queue:
        for name in uses.get(queue.pop(), ()):
            if name not in wanted:
                wanted.add(name)
                queue.append(name)
    kept = imports + [node for name, node in parts if name in wanted]
    return "\n".join(_source(source, node) for node in kept)


def _identifiers(node):
    """Every identifier, as of a syntax tree that does not know which of them is a variable."""
    for part in ast.walk(node):
        for field in ("id", "attr", "arg", "name"):
            word = getattr(part, field, None)
            if isinstance(word, str):
                yield word


def _name(node):
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return None


def _returns(node):
    return any(isinstance(part, ast.Return) for part in ast.walk(node))


def _source(source, node):
    lines = source.split("\n")
    first = min([node.lineno, *(mark.lineno for mark in getattr(node, "decorator_list", []))])
    return "\n".join(lines[first - 1 : node.end_lineno])
