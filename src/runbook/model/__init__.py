"""The words of the runbook as frozen values: one meaning each, nothing that acts."""

from runbook.model.action import ACTION_TYPE, Acted, Action, Effect, Outcome
from runbook.model.base import Frozen, Item, Slug
from runbook.model.channels import Channel, Channels, Vendor
from runbook.model.diagnosis import (
    DIAGNOSIS_TYPE,
    CauseState,
    Change,
    Diagnosis,
    JudgedCause,
    NextStep,
)
from runbook.model.evidence import Evidence, Finding, Judgement, Verdict
from runbook.model.monitoring import Alert, Bound, Condition, Monitoring, Threshold, Watched
from runbook.model.notice import Template, Templates, Variable
from runbook.model.page import Page, PagePath
from runbook.model.people import Contact, Question, Severity
from runbook.model.process import After, Appendix, Axis, Phase, PhaseStep, Remedy, Undo
from runbook.model.record import INCIDENT, IncidentId, Record, RunState
from runbook.model.review import Exercise, Kept, Kind, Periods, Review, Reviews
from runbook.model.roster import ROLES, Duty, Leave, Override, Overrides, Rotation, Rule, Swap
from runbook.model.scenario import (
    Cause,
    Check,
    Command,
    FirstNotice,
    Remedies,
    Scenario,
    SignalWords,
    Step,
)
from runbook.model.search import SearchWords
from runbook.model.target import Absent, Api, Database, Group, Resolver, Runtime, Target

__all__ = [
    "ACTION_TYPE",
    "DIAGNOSIS_TYPE",
    "INCIDENT",
    "ROLES",
    "Absent",
    "Acted",
    "Action",
    "After",
    "Alert",
    "Api",
    "Appendix",
    "Axis",
    "Bound",
    "Cause",
    "CauseState",
    "Change",
    "Channel",
    "Channels",
    "Check",
    "Command",
    "Condition",
    "Contact",
    "Database",
    "Diagnosis",
    "Duty",
    "Effect",
    "Evidence",
    "Exercise",
    "Finding",
    "FirstNotice",
    "Frozen",
    "Group",
    "IncidentId",
    "Item",
    "JudgedCause",
    "Judgement",
    "Kept",
    "Kind",
    "Leave",
    "Monitoring",
    "NextStep",
    "Outcome",
    "Override",
    "Overrides",
    "Page",
    "PagePath",
    "Periods",
    "Phase",
    "PhaseStep",
    "Question",
    "Record",
    "Remedies",
    "Remedy",
    "Resolver",
    "Review",
    "Reviews",
    "Rotation",
    "Rule",
    "RunState",
    "Runtime",
    "Scenario",
    "SearchWords",
    "Severity",
    "SignalWords",
    "Slug",
    "Step",
    "Swap",
    "Target",
    "Template",
    "Templates",
    "Threshold",
    "Undo",
    "Variable",
    "Vendor",
    "Verdict",
    "Watched",
]
