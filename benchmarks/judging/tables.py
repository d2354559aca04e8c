"""What the judge found, as tables in Markdown; amounts in major units of a customer of the base and a horizon."""

from collections.abc import Sequence

from benchmarks.judging.hardship import AgreementEffect
from benchmarks.judging.judging import Judged, Losses
from benchmarks.judging.worth import Worth

__all__ = [
    "agreements_table", "binding_table", "changes_table", "losses_table", "shares_table", "worth_table",
]  # fmt: skip

MAJOR = 100.0


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def shares_table(judged: Judged) -> str:
    """To whom raises go."""
    base, raised = int(judged.base.sum()), int((judged.base & judged.proposals.is_raised).sum())
    rows = [
        [
            one.group, f"{one.members:,}", f"{one.base_ratio:.2%}", f"{one.raised:,}", f"{one.raised_ratio:.2%}",
            f"{one.amount_ratio:.2%}", f"{one.lift_ratio:.2f}",
        ]
        for one in judged.shares
    ]  # fmt: skip
    heads = ["group", "active", "of the base", "raised", "of the raised", "of what is added", "raised ÷ base"]
    return f"{base:,} active customers with a line, {raised:,} proposed a raise ({raised / base:.2%}).\n\n" + _table(
        heads, rows
    )


def binding_table(judged: Judged) -> str:
    """What bound the limits of the active."""
    base = int(judged.base.sum())
    rows = [[name, f"{count:,}", f"{count / base:.1%}"] for name, count in judged.binding.items()]
    return _table(["bound by", "active customers", "of the base"], rows)


def changes_table(judged: Judged) -> str:
    """What changes although nothing changed."""
    rows = [
        [
            name, f"{one.limits} of {one.limits_of}", f"{one.limits_by_rule}", f"{one.limit_ratio:.2%}",
            f"{one.primaries} of {one.primaries_of}", f"{one.primaries_by_rule}", f"{one.primary_ratio:.2%}",
            f"{one.plans} of {one.plans_of}", f"{one.changed_ratio:.2%}",
        ]
        for name, one in judged.changes.items()
    ]  # fmt: skip
    heads = [
        "decided again", "raises that differ", "by a rule", "without one", "primary offers that differ", "by a rule",
        "without one", "plans that differ", "of all suggestions",
    ]  # fmt: skip
    return _table(heads, rows)


def worth_table(worth: Sequence[Worth]) -> str:
    """What each policy comes to beside no change."""
    rows = [
        [
            one.policy, f"{one.raised_ratio:.1%}", f"{one.raise_ratio:.0%}",
            f"{one.profit_amt / MAJOR:+.2f} ± {one.profit_error_amt / MAJOR:.2f}",
            f"{one.loss_amt / MAJOR:+.2f} ± {one.loss_error_amt / MAJOR:.2f}", f"{one.default_ratio * 1e4:+.1f}",
        ]
        for one in worth
    ]  # fmt: skip
    heads = ["policy", "raised", "mean raise", "profit gained", "loss added", "defaults added in 10,000"]
    return _table(heads, rows)


def losses_table(losses: Losses) -> str:
    """The loss that the release expects of its raises beside the one that comes."""
    ratio = losses.true_amt / losses.expected_amt if losses.expected_amt else 0.0
    error = losses.true_error_amt / losses.expected_amt if losses.expected_amt else 0.0
    return _table(
        ["loss expected of all raises", "true", "true ÷ expected"],
        [
            [
                f"{losses.expected_amt / MAJOR:,.0f}",
                f"{losses.true_amt / MAJOR:,.0f} ± {losses.true_error_amt / MAJOR:,.0f}",
                f"{ratio:.2f} ± {error:.2f}",
            ]
        ],
    )


def agreements_table(effects: Sequence[AgreementEffect]) -> str:
    """What other terms do to who agreed on a plan in hardship."""
    rows = [
        [
            one.terms, f"{one.customers:,}", f"{one.default_ratio:.1%}",
            f"{one.change_ratio * 100:+.1f} ± {one.error_ratio * 100:.1f}", f"{one.paid_amt / MAJOR:,.0f}",
        ]
        for one in effects
    ]  # fmt: skip
    heads = ["terms", "customers", "in default again", "points beside the first", "paid in 62 months"]
    return _table(heads, rows)
