"""The page docs/rules.md, made from the standard packs and the register of columns."""

import sys
from pathlib import Path

from linewise.core.files import write_text_whole
from linewise.decisioning.columns import RULE_COLUMNS, RuleColumn
from linewise.policy.rules import RuleEntry, RuleSource, read_rules
from linewise.policy.standard_folder import STANDARD

__all__ = ["rules_page"]

PACKS = {"cn": "CNY", "us": "USD", "eu": "EUR", "bank": "CNY"}
"""Each pack beside the currency in which its own amounts are told."""

NAMES = {"cn": "China", "us": "United States", "eu": "European Union", "bank": "The bank's own"}

HEAD = """# Rules

The standard packs, made from `linewise/policy/standard/rules/` by
`python -m linewise.policy.rules_page docs/rules.md`; a change by hand is lost. Not legal advice.

- **For** says what is judged: offers, the limit, plans; or a campaign, the promotion of a model, a screen, the bank.
- BLOCK, SUPPRESS, HUMAN_REVIEW and REQUIRE_CONSENT take the candidate away, HOLD only what the bank proposes; CAP
  lowers the highest limit and never the one in force. REQUIRE_DOC, DISCLOSE and NOTIFY leave it where it is and oblige
  somebody to something; LOG and REPORT are lines for whoever looks after it.
- **Known**: `v` read in a published copy of the text, `k` well known and still to be checked by the bank's own
  compliance people, `d` a default of ours.
- **Missing** says what a missing input does: `block` fails closed, `pass` lets the candidate go on.
- A rule over a column of a table that the bank declares absent is switched off, and is listed as such.
"""


def rules_page() -> str:
    """The page as Markdown: a table a pack, and the columns that rules may name."""
    parts = [HEAD]
    for pack, currency in PACKS.items():
        sources = read_rules(STANDARD, currency, [pack])
        parts.append(f"## {NAMES[pack]} (`{pack}`, {len(sources)} rules)\n")
        parts.append("| rule | for | effect | what is said | missing | from | known | source |")
        parts.append("|---|---|---|---|---|---|---|---|")
        parts.extend(_rule_row(source) for source in sources)
        parts.append("")
    parts.append("## Columns\n\nWhat a rule may name beside the features that are allowed for eligibility.\n")
    parts.append("| column | of | meaning | unit | needs |\n|---|---|---|---|---|")
    parts.extend(_column_row(column) for column in RULE_COLUMNS.values())
    return "\n".join(parts) + "\n"


def _rule_row(source: RuleSource) -> str:
    rule = source.rule
    cells = (
        f"`{rule.rule_id}`" + ("" if rule.is_on else " (off)"),
        ", ".join(rule.applies_to) or rule.scope,
        rule.effect,
        _said(rule),
        rule.on_missing,
        f"{rule.effective_from}",
        rule.verified,
        rule.source,
    )
    return f"| {' | '.join(cells)} |"


def _said(rule: RuleEntry) -> str:
    hidden = " *(never told)*" if rule.tell == "risk_only" else ""
    duty = rule.duty.what.en if rule.duty is not None and rule.duty.what is not None else ""
    return rule.because.en + hidden + (f" **Duty:** {duty}" if duty else "")


def _column_row(column: RuleColumn) -> str:
    needs = ", ".join(f"`{name}`" for name in sorted(column.needs))
    return f"| `{column.name}` | {column.of} | {column.meaning} | {column.unit or column.kind} | {needs} |"


if __name__ == "__main__":
    write_text_whole(Path(sys.argv[1]), rules_page())
