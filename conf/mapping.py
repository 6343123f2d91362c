"""The form of a mapping file: how one deployment's files become contract columns.

Structure only. Whether kind, grain and columns exist in the contracts and whether the expressions are allowed is
checked by `jobs.mapping`, which knows the contracts.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from conf.times import Time, Zone


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _valid_encoding(value: str) -> str:
    try:
        "\n".encode(value)
    except LookupError as error:
        raise ValueError(f"{value!r} is no known encoding") from error
    return value


Encoding = Annotated[str, AfterValidator(_valid_encoding)]


class FileFormat(Strict):
    """How the bytes of a file are cut into records; compression follows from the file's name."""

    kind: Literal["csv", "json", "parquet"] = Field(description="json is one object per line")
    delimiter: str = Field(",", description="one character or several, or `blanks` for runs of blanks")
    quote: str = Field('"', max_length=1, description="one character, or empty for none")
    encoding: Encoding = Field("utf-8", description="of csv and json, by any name that Python knows")
    header: bool = Field(True, description="csv: the first record holds the column names")
    names: tuple[str, ...] = Field((), description="column names where the file has no header")
    widths: tuple[int, ...] = Field((), description="fixed widths in characters, instead of a delimiter")

    @model_validator(mode="after")
    def _names_fit_the_form(self) -> FileFormat:
        if self.kind == "csv" and not self.header and not self.names:
            raise ValueError("names: required where header is false")
        if self.names and (self.header or self.kind != "csv"):
            raise ValueError("names: only for csv with header: false, otherwise the file gives the names")
        if self.widths and self.names and len(self.widths) != len(self.names):
            raise ValueError(f"widths: {len(self.widths)} widths for {len(self.names)} names")
        unusable = {"\n", "\r", self.quote} - {""}
        if not self.delimiter or any(character in self.delimiter for character in unusable):
            raise ValueError("delimiter: characters without the quote and line ends, or the word blanks")
        return self


class Delivery(Strict):
    """How the days of an input arrive, which decides what counts as a gap."""

    calendar: Literal["daily", "as_delivered"] | None = Field(
        None, description="whether each day owes a file"
    )
    complete_through: date | None = Field(None, description="last day of a history that is delivered whole")

    @model_validator(mode="after")
    def _exactly_one(self) -> Delivery:
        if (self.calendar is None) == (self.complete_through is None):
            raise ValueError("give exactly one of calendar (daily, as_delivered) and complete_through: DATE")
        return self

    @property
    def is_whole(self) -> bool:
        """True for a history that was delivered whole."""
        return self.complete_through is not None


_DATE = re.compile(r"\{date(?::([^{}]*))?\}")
DATE_PARTS = {"%Y": 4, "%m": 2, "%d": 2}
"""Part of a day in a path → its digits."""


def split_dates(path: str) -> tuple[list[str], list[str]]:
    """The texts around the days of a path, and the form of each day: `{date}` is `%Y-%m-%d`."""
    parts = _DATE.split(path)
    return parts[::2], [form or "%Y-%m-%d" for form in parts[1::2]]


class Input(Strict):
    """A set of files of one form.

    In the path `{date}` is the arrival day as 2026-03-01, `{date:%Y%m%d}` or `{date:%Y/%m/%d}` in another form;
    `*` and `?` are wildcards.
    """

    path: str = Field(description="of the files, below `root`; `{date}` is the arrival day")
    format: FileFormat = Field(description="how a file is cut into records")
    delivery: Delivery = Field(description="how the days arrive")
    may_lack: tuple[str, ...] = Field((), description="columns that some files lack; there they are NULL")
    stable_seconds: int = Field(0, ge=0, description="files that changed less long ago land in a later run")
    manifest: str | None = Field(
        None,
        description="name of a file without which nothing in its folder has landed; one that ends in `.json` lists the files",
    )

    @model_validator(mode="after")
    def _days_are_named(self) -> Input:
        texts, forms = split_dates(self.path)
        if self.delivery.calendar and not forms:
            raise ValueError(f"path: needs {{date}}, since the calendar is {self.delivery.calendar}")
        if any(brace in text for text in texts for brace in "{}"):
            raise ValueError("path: of braces only {date} and {date:FORM} are known")
        for form in forms:
            if sorted(re.findall("%.?", form)) != sorted(DATE_PARTS):
                raise ValueError(f"path: {form!r} needs %Y, %m and %d once each and no other")
        if self.path.startswith("/") or ".." in self.path.split("/"):
            raise ValueError("path: must be below the root of the source")
        return self

    @model_validator(mode="after")
    def _manifest_is_of_a_folder(self) -> Input:
        if self.manifest is not None and (not self.manifest or set(self.manifest) & set("/*?{}")):
            raise ValueError("manifest: must be the name of a file, without folder, wildcards and {date}")
        folder = _DATE.sub(lambda match: match[1] or "%d", self.path).rpartition("/")[0]
        if self.manifest and self.delivery.calendar and "%d" not in folder:
            raise ValueError("manifest: the path needs a folder for each day, with {date} in its name")
        return self


def _column_rule(value: Any) -> Any:
    """A bare name is a rename."""
    return {"column": value} if isinstance(value, str) else value


class Rule(Strict):
    """Where one contract column comes from: a column, a constant, or an expression."""

    column: str | None = Field(None, description="name of the file's column; a bare name says the same")
    constant: str | int | bool | None = Field(None, description="the same value for every record")
    expression: str | None = Field(None, description="SQL over the file's columns")
    time: Time | None = Field(None, description="iso, epoch_s, epoch_ms, epoch_us or a date-time pattern")
    zone: Zone | None = Field(None, description="zone of naive times, where it differs from the mapping's")
    codes: dict[str, str] | None = Field(None, description="value → code; a value not listed has no code")

    @model_validator(mode="after")
    def _one_origin(self) -> Rule:
        origins = [name for name in ("column", "constant", "expression") if getattr(self, name) is not None]
        if len(origins) != 1:
            raise ValueError("give exactly one of column, constant, expression")
        if self.codes is not None and self.column is None:
            raise ValueError("codes: needs column")
        return self


ColumnRule = Annotated[Rule, BeforeValidator(_column_rule)]


class Key(Strict):
    """What makes a record the same record when it comes again."""

    column: str | None = Field(None, description="the file's column that identifies a record")
    expression: str | None = Field(None, description="SQL over the file's columns that identifies a record")
    content: bool = Field(False, description="records that are equal in every column are one")
    position: bool = Field(False, description="every record counts, also one that repeats another")

    @model_validator(mode="after")
    def _exactly_one(self) -> Key:
        if sum((self.column is not None, self.expression is not None, self.content, self.position)) != 1:
            raise ValueError("key: give {column: NAME}, {expression: SQL}, content or position")
        return self


def _key(value: Any) -> Any:
    return {value: True} if value in ("content", "position") else value


class Lines(Strict):
    """The lines nested in a record: an array column and its elements' fields."""

    column: str = Field(description="the file's column that holds an array of objects, a line each")
    columns: dict[str, ColumnRule] = Field(description="contract column → where it comes from in a line")


class Feed(Strict):
    """One input read as records of one kind."""

    kind: str = Field(description="one of the kinds in schemas/kinds")
    input: str = Field(description="name of the input; several feeds may read one")
    key: Annotated[Key, BeforeValidator(_key)] = Field(description="what makes two records the same")
    columns: dict[str, ColumnRule] = Field(description="contract column → where it comes from")
    filters: dict[str, str] = Field(default_factory=dict, description="name → expression; true = left out")
    exposure: str | None = Field(
        None, description="expression that marks an exposure, where the kind has them"
    )
    void: str | None = Field(
        None, description="expression; true in a state that takes its record back, such as a cancelled order"
    )
    grain: str | None = Field(None, description="what one record is, where the kind has several grains")
    lines: Lines | None = Field(None, description="the lines nested in each record, where the kind has them")


class Mapping(Strict):
    """One file of conf/sources: the inputs of one source system and the feeds made from them."""

    title: str = Field(description="name of the source system, for people")
    root: str = Field(description="folder of the files; ${VARIABLE} is taken from the environment")
    zone: Zone = Field(description="IANA zone of times without an offset")
    inputs: dict[str, Input] = Field(description="name → a set of files of one form")
    feeds: dict[str, Feed] = Field(description="name → an input read as records of one kind")

    @model_validator(mode="after")
    def _inputs_exist(self) -> Mapping:
        for name, feed in self.feeds.items():
            if feed.input not in self.inputs:
                raise ValueError(f"feeds.{name}.input: no input named {feed.input!r}")
        return self
