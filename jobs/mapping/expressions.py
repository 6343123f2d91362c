"""Expressions of mapping files: parsed, checked against an allow-list, and rendered from the checked tree.

What is executed is never the text of the file. Columns become lookups in the record's `fields`, casts become
try_cast and arithmetic its try_ form, so that one poison value gives NULL and not a failed job.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from conf.errors import ConfigError

ALLOWED: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.And, exp.Or, exp.Not, exp.EQ,
    exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Like, exp.RegexpLike, exp.Case,
    exp.If, exp.Coalesce, exp.Nullif, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam, exp.Concat, exp.DPipe,
    exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.Length, exp.StartsWith, exp.EndsWith, exp.Contains,
    exp.SplitPart, exp.RegexpExtract, exp.RegexpReplace, exp.Replace, exp.Left, exp.Right, exp.Neg, exp.Add, exp.Sub,
    exp.Mul, exp.Div, exp.Abs, exp.Round,
)  # fmt: skip
_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)
_ARITHMETIC = {exp.Add: "try_add", exp.Sub: "try_subtract", exp.Mul: "try_multiply", exp.Div: "try_divide"}
_NUMBER = "DECIMAL(18, 4)"


class _NotAllowed(ValueError):
    """An expression that is not executed; says why."""


def _parse(text: str) -> exp.Expr:
    try:
        statements = sqlglot.parse(text, dialect="spark")
    except sqlglot.errors.SqlglotError as error:
        raise _NotAllowed(f"cannot be parsed: {str(error).splitlines()[0]}") from error
    if len(statements) != 1 or statements[0] is None:
        raise _NotAllowed("must be one expression")
    return statements[0]


def literal(text: str) -> str:
    """A text as it is written in Spark SQL."""
    return exp.Literal.string(text).sql(dialect="spark")


def references(text: str) -> frozenset[str]:
    """Names of the source's columns that an allowed expression reads."""
    return frozenset(column.name for column in _checked(text).find_all(exp.Column))


def fault_of(text: str) -> str | None:
    """Why an expression may not be executed; None where it may."""
    try:
        _checked(text)
    except _NotAllowed as error:
        return str(error)
    return None


def compile_expression(text: str, where: str) -> str:
    """Spark SQL over `fields` for an expression of a mapping file.

    Raises:
        ConfigError: names `where` and the part that is not allowed.
    """
    try:
        return _safe(_checked(text)).sql(dialect="spark", comments=False)
    except _NotAllowed as error:
        raise ConfigError(f"{where}: {error}") from error


def _checked(text: str) -> exp.Expr:
    tree = _parse(text)
    for node in tree.walk():
        shown = node.sql(dialect="spark")[:80]
        if not isinstance(node, ALLOWED):
            raise _NotAllowed(f"{shown}: {type(node).__name__} is not allowed here")
        if isinstance(node, exp.Column) and (node.table or isinstance(node.this, exp.Star)):
            raise _NotAllowed(f"{shown}: only the source's own columns are allowed")
    return tree


def _safe(tree: exp.Expr) -> exp.Expr:
    """The tree with lookups, try_cast and try_ arithmetic; columns first, while their places are still known."""
    root = exp.Paren(this=tree.copy())
    for column in list(root.find_all(exp.Column)):
        column.replace(_as_number(column) if _stands_for_number(column) else _lookup(column.name))
    for cast in list(root.find_all(exp.Cast)):
        cast.replace(exp.TryCast(this=cast.this.copy(), to=cast.args["to"].copy(), safe=True))
    while (node := root.find(*_ARITHMETIC)) is not None:
        function = exp.Anonymous(
            this=_ARITHMETIC[type(node)], expressions=[node.this.copy(), node.expression.copy()]
        )
        node.replace(function)
    return root


def _lookup(name: str) -> exp.Expr:
    text = exp.Bracket(this=exp.column("fields"), expressions=[exp.Literal.string(name)])
    return exp.Anonymous(this="nullif", expressions=[text, exp.Literal.string("")])


def _as_number(node: exp.Column) -> exp.Expr:
    return exp.TryCast(this=_lookup(node.name), to=exp.DataType.build(_NUMBER, dialect="spark"), safe=True)


def _stands_for_number(node: exp.Column) -> bool:
    """Text beside a number is meant as a number; Spark would raise on text that is none."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    if isinstance(parent, (exp.Neg, exp.Abs, exp.Round)) or type(parent) in _ARITHMETIC:
        return True
    if isinstance(parent, _COMPARED):
        others = [child for child in parent.iter_expressions() if child is not node]
        return any(_is_number(child) for child in others)
    return False


def _is_number(node: exp.Expr) -> bool:
    if isinstance(node, exp.Neg):
        return _is_number(node.this)
    return isinstance(node, exp.Literal) and not node.is_string
