"""Exports for tests, built from tasks: what a server would send, with answers put in by hand."""

from fazhi.annotation.export import Export
from fazhi.annotation.interface import interface_of


def item(control, *labels, **more):
    return {"from_name": control, "to_name": "text", "type": "choices", "value": {"choices": list(labels)}, **more}


def answer(number, user, *result, at="2026-03-01T08:00:00Z", **more):
    fields = {"id": number, "unique_id": f"u{number}", "completed_by": user, "result": list(result), "updated_at": at}
    return {**fields, "was_cancelled": False, "prediction": {}, **more}


def exported(task, number, *annotations, drafts=()):
    """Return a task as it comes back: its number, and predictions as numbers only."""
    body = {**task.body, "predictions": [number + 1000]}
    return {"id": number, **body, "annotations": list(annotations), "drafts": list(drafts)}


def export_of(scheme, *tasks):
    users = {"1": "zhang@example.org", "2": "li@example.org"}
    return Export("http://ls/projects/3", "试标", interface_of(scheme), users, "2026-03-02T00:00:00Z", list(tasks))
