"""The two READMEs say the same: the same commands, figures and links, in either language."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _told(name: str) -> dict[str, list[str]]:
    text = (ROOT / name).read_text(encoding="utf-8")
    commands = re.findall(r"^(?:linewise|make) [^#\n]+?(?=\s*(?:#|$))", text, re.MULTILINE)
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("README")]
    figures = re.findall(r"-?\d[\d,.]*\d", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return {"commands": commands, "links": links, "figures": [one.replace(",", "") for one in figures]}


def test_the_chinese_readme_has_the_commands_links_and_figures_of_the_english_one():
    english, chinese = _told("README.md"), _told("README.zh-CN.md")
    assert english["commands"]
    assert chinese["commands"] == english["commands"]
    assert chinese["links"] == english["links"]
    assert sorted(chinese["figures"]) == sorted(english["figures"])


def test_every_link_of_a_readme_leads_somewhere():
    for name in ("README.md", "README.zh-CN.md"):
        assert [link for link in _told(name)["links"] if not (ROOT / link).exists()] == []
