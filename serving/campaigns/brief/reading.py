"""The file of a campaign: one YAML, read strictly, each mistake told with its line."""

from pathlib import Path

from linewise.core.errors import BriefInvalid
from linewise.core.yaml_lines import read_yaml_as
from serving.campaigns.brief.campaign import Brief

__all__ = ["read_brief"]


def read_brief(path: Path) -> Brief:
    """The campaign in a YAML file.

    Raises BriefInvalid naming file and line for whatever is unknown, missing, impossible or not UTF-8.
    """
    _enforce_readable(path)
    return read_yaml_as(path, Brief, BriefInvalid)


def _enforce_readable(path: Path) -> None:
    try:
        raw = path.read_bytes()
    except OSError as err:
        raise BriefInvalid(
            f"The campaign file {path} cannot be read: {err.strerror or err}.",
            "A YAML file with one campaign was expected.",
        ) from None
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as err:
        line = raw.count(b"\n", 0, err.start) + 1
        raise BriefInvalid(
            f"{path} line {line}: the byte {raw[err.start]:#04x} is no UTF-8.",
            "A file in UTF-8 was expected, not in GBK, Latin-1 or UTF-16.",
            f"Save it as UTF-8, for example: iconv -f GBK -t UTF-8 {path.name} > new.yaml",
            line=line,
        ) from None
