"""A bar for a Trainer's steps, on standard error: results go to standard output."""

from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from transformers import TrainerCallback


class Bar(TrainerCallback):
    """Shows steps done and left, and the loss of the last few."""

    def __init__(self) -> None:
        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("loss {task.fields[loss]}"))
        self._bar = Progress(TextColumn("训练 · tuning"), *columns, console=Console(stderr=True))
        self._task = self._bar.add_task("", loss="…")

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        """Start where a resumed run goes on; of several processes, one shows a bar."""
        if state.is_world_process_zero:
            self._bar.start()
        self._bar.update(self._task, total=state.max_steps, completed=state.global_step)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        """Count a step."""
        self._bar.update(self._task, completed=state.global_step)

    def on_log(self, args: Any, state: Any, control: Any, **given: Any) -> None:  # noqa: ARG002
        """Show the loss."""
        if "loss" in given["logs"]:
            self._bar.update(self._task, loss=f"{float(given['logs']['loss']):.3f}")

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        """Leave the full bar behind."""
        self._bar.stop()
