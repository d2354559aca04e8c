"""The check of a policy folder: every mistake at once, each with its file, its line and what to do."""

from linewise.policy.checking.checks import check_folder
from linewise.policy.checking.draft import Bank
from linewise.policy.checking.finding import Finding
from linewise.policy.checking.firing import Firing, firing_findings

__all__ = ["Bank", "Finding", "Firing", "check_folder", "firing_findings"]
