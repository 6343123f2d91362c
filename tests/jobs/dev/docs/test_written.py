"""What the pages say can be done, can be done: links lead somewhere, commands and examples are what they claim to be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from conf.mapping import Mapping
from conf.members import Members
from conf.reading import parse, read_yaml
from conf.settings import Settings, load
from jobs.cli.reference import Command, commands
from jobs.dev.checkout import ROOT
from jobs.dev.docs.keys import block_values, examples_of, key_lines, model_paths, written_keys
from jobs.dev.docs.markdown import blocks
from jobs.mapping.check import faults_of
from tests.jobs.dev.docs.written import PAGES, anchors, command_lines, links, name_of

COMMANDS = {command.name: command for command in commands()}
TEXTS = {name_of(path): path.read_text(encoding="utf-8") for path in PAGES}
CONF = TEXTS["conf/README.md"]
LONGEST_README = 150


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_link_leads_to_a_file_and_to_a_heading(path: Path) -> None:
    broken = []
    for target in links(TEXTS[name_of(path)]):
        if re.match("https?://", target):
            continue
        file, _, fragment = target.partition("#")
        other = (path.parent / file).resolve() if file else path
        is_reached = other.exists() and (
            not fragment or fragment in anchors(other.read_text(encoding="utf-8"))
        )
        broken += [] if is_reached else [target]
    assert broken == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--lake", "x", "show", "activity_daily", "--limit", "5"], ""),
        (["config", "check"], ""),
        (["backfill", "--force"], "backfill has no --force"),
        (["vanish", "now"], "no command vanish"),
        (["--loud", "run"], "no command --loud"),
    ],
)
def test_a_command_line_that_does_not_exist_is_seen(words: list[str], fault: str) -> None:
    assert _fault(words) == fault


@pytest.mark.parametrize("name", TEXTS)
def test_a_command_line_exists_with_its_options(name: str) -> None:
    faults = [(words, _fault(words)) for words in command_lines(TEXTS[name])]
    assert [(words, fault) for words, fault in faults if fault] == []


def test_the_pages_show_command_lines() -> None:
    shown = {name: len(list(command_lines(text))) for name, text in TEXTS.items()}
    assert shown["README.md"] >= 8 and shown["jobs/README.md"] >= 10


def test_a_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for name, text in TEXTS.items():
        named = re.findall(r"`make ([a-z-]+)", text)
        named += [
            target for block in blocks(text, "") for target in re.findall(r"^make ([a-z-]+)", block, re.M)
        ]
        assert set(named) <= targets, name


def test_readme_is_read_to_its_end() -> None:
    assert len(TEXTS["README.md"].splitlines()) <= LONGEST_README


def test_every_key_of_the_models_stands_in_the_reference_with_an_example_that_parses() -> None:
    examples = examples_of(CONF)
    for root in (Mapping, Members, Settings):
        lines = key_lines(root, CONF)
        for model in model_paths(root):
            for key in written_keys(model):
                assert (model, key) in examples
                rows = [line for line in lines if line.startswith(f"| `{key}` | ")]
                assert rows and all(line in CONF for line in rows)
        for line in lines:
            cell = re.fullmatch(r"\| `(.+?)` \| .* \| `(.+)` \|", line)
            if cell is not None:
                assert list(yaml.safe_load("{" + cell[2].replace("\\|", "|") + "}")) == [cell[1]]


def test_a_mapping_that_is_shown_can_be_executed() -> None:
    mappings = [value for value in block_values(CONF) if isinstance(value, Mapping)]
    assert len(mappings) >= 4
    assert [fault for mapping in mappings for fault in faults_of(mapping)] == []


def test_the_settings_and_members_that_are_shown_are_loaded_as_files(tmp_path: Path) -> None:
    for name in ("conf/README.md", "jobs/README.md"):
        for number, block in enumerate(blocks(TEXTS[name], "yaml")):
            file = tmp_path / f"{number}.yml"
            file.write_text(block, encoding="utf-8")
            keys = read_yaml(file)
            if "members" in keys:
                assert parse(Members, file).members
            elif "feeds" not in keys:
                folder = tmp_path / name.replace("/", "_") / str(number)
                folder.mkdir(parents=True)
                file.rename(folder / "settings.yml")
                loaded = load(folder)
                assert set(keys) <= loaded.model_fields_set


def _fault(words: list[str]) -> str:
    """What of a command line does not exist; nothing where all of it does."""
    options = _options(COMMANDS[""])
    while words and words[0] in options:
        words = words[1 + options[words[0]] :]
    name = next((name for name in (" ".join(words[:2]), *words[:1]) if name in COMMANDS), None)
    if name is None:
        is_group = any(command.startswith(f"{words[0]} ") for command in COMMANDS) and len(words) == 1
        return "" if is_group else f"no command {words[0]}"
    allowed = options | _options(COMMANDS[name])
    wrong = [word for word in words if word.startswith("--") and word not in (*allowed, "--help")]
    return f"{name} has no {', '.join(wrong)}" if wrong else ""


def _options(command: Command) -> dict[str, int]:
    """Options of a command → how many words follow each."""
    spelled = (parameter.spelling.split() for parameter in command.parameters)
    return {
        word: int(parts[-1] != word and not parts[-1].startswith("--"))
        for parts in spelled
        for word in parts
        if word.startswith("--")
    }
