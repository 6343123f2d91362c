"""The last part of dags/README.md, made from the DAGs themselves: `python -m dags.factory.page` writes it, a test compares it."""

from __future__ import annotations

from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG, Param
from jsonschema import Draft202012Validator

from dags.factory.command import ROOT

PAGE = ROOT / "dags" / "README.md"
_MARK = "<!-- dags: made by `make docs` -->"


def dags() -> dict[str, DAG]:
    """The DAGs of the folder by name.

    Raises:
        ImportError: a file cannot be imported; says which and why.
    """
    bag = DagBag(ROOT / "dags")
    if bag.import_errors:
        raise ImportError("\n".join(f"{path}: {error}" for path, error in bag.import_errors.items()))
    return dict(sorted(bag.dags.items()))


def page() -> str:
    """The page as text: what people wrote, and after the mark a section per DAG."""
    written = PAGE.read_text(encoding="utf-8").split(_MARK)[0]
    lines = (line for dag in dags().values() for line in _dag(dag))
    return written + "\n".join([_MARK, "", *lines]).rstrip() + "\n"


def _dag(dag: DAG) -> list[str]:
    cron = getattr(dag.timetable, "expression", None)
    schedule = f"`{cron}` in {dag.timezone.name}" if cron else "by hand"
    lines = [f"### {dag.dag_id}", "", (dag.doc_md or "").strip(), "", f"Schedule: {schedule}.", ""]
    if dag.params:
        lines += ["| param | default | meaning |", "| --- | --- | --- |"]
        for name in dag.params:
            param = dag.params.get_param(name)
            meaning = ". ".join(filter(None, (param.schema.get("title"), param.description)))
            lines.append(f"| `{name}` | {_default(param)} | {meaning} |")
        lines.append("")
    lines += ["| task | after | does |", "| --- | --- | --- |"]
    for task in dag.topological_sort():
        after = ", ".join(f"`{name}`" for name in sorted(task.upstream_task_ids))
        lines.append(f"| `{task.task_id}` | {after} | {task.doc_md} |")
    return [*lines, ""]


def _default(param: Param) -> str:
    if param.has_value:
        return f"`{param.value}`"
    return "optional" if Draft202012Validator(param.schema).is_valid(None) else "required"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
