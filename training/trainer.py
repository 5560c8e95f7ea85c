"""The stock Hugging Face Trainer as every training here runs it: a bar, checkpoints that a killed run goes on from."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from transformers import Trainer, TrainingArguments
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_callback import PrinterCallback

from fazhi.model.reading import InputError
from fazhi.training.failures import named_failures
from fazhi.training.progress import Bar

PRECISIONS = ("auto", "fp32", "bf16")
_LOG_STEPS = 5


@dataclass(frozen=True, slots=True)
class Course:
    """What a run of the Trainer depends on beside its model and rows.

    Attributes:
        epochs: Passes over the rows.
        batch_size: Rows a step.
        warmup: Share of the steps in which rates rise; after them they fall linearly to 0.
        precision: One of `PRECISIONS`.
        seed: Of the order of rows and of dropout.
        save_steps: Steps between checkpoints; 0 saves after each epoch.
    """

    epochs: int
    batch_size: int
    warmup: float
    precision: str
    seed: int
    save_steps: int = 0


def run_trainer(
    learner: torch.nn.Module, rows: Any, collator: Any, optimizer: torch.optim.Optimizer, course: Course, work: Path
) -> list[dict[str, float]]:
    """Train a module in place; return the Trainer's log of losses.

    Args:
        learner: Returns `{"loss": …}` of what the collator makes.
        rows: A `Dataset` with a column `length`, by which batches are grouped.
        collator: Makes a batch of rows.
        optimizer: Over the parameters to train.
        course: How long and how.
        work: Folder for checkpoints; a run of the same arguments goes on from the last one in it.

    Raises:
        InputError: Too little memory, no room on the disk.
    """
    trainer = Trainer(
        model=learner,
        args=_arguments(course, work),
        train_dataset=rows,
        data_collator=collator,
        optimizers=(optimizer, None),
        callbacks=[Bar()],
    )
    trainer.remove_callback(PrinterCallback)  # it writes to standard output, where results go
    with named_failures():
        trainer.train(resume_from_checkpoint=_last_checkpoint(work))
    return [entry for entry in trainer.state.log_history if "loss" in entry]


def _last_checkpoint(work: Path) -> str | None:
    """Return the newest whole checkpoint; one whose writer was killed is removed.

    The Trainer writes a checkpoint in its place, this file last, and would go on from any folder of that name.
    """
    found = sorted(work.glob("checkpoint-*"), key=lambda folder: int(re.sub(r"\D", "", folder.name)))
    whole = [folder for folder in found if (folder / TRAINER_STATE_NAME).is_file()]
    if PartialState().is_main_process:
        for folder in found:
            if folder not in whole:
                shutil.rmtree(folder)
    PartialState().wait_for_everyone()
    return str(whole[-1]) if whole else None


def _arguments(course: Course, work: Path) -> TrainingArguments:
    arguments = TrainingArguments(
        output_dir=str(work),
        num_train_epochs=course.epochs,
        per_device_train_batch_size=course.batch_size,
        lr_scheduler_type="linear",
        warmup_steps=course.warmup,
        train_sampling_strategy="group_by_length",
        seed=course.seed,
        bf16=_uses_bf16(course.precision),
        use_cpu=not torch.cuda.is_available(),
        save_strategy="steps" if course.save_steps else "epoch",
        save_steps=course.save_steps or 1,
        save_total_limit=1,
        logging_first_step=True,
        logging_steps=_LOG_STEPS,
        remove_unused_columns=False,
        disable_tqdm=True,
        report_to="none",
    )
    # Several GPUs of one process would be given slices of a batch (DataParallel), but rows here point at each other:
    # a process takes one, and `torchrun` or `accelerate launch` starts as many processes as there are GPUs.
    arguments._n_gpu = min(1, arguments.n_gpu)  # noqa: SLF001
    return arguments


def _uses_bf16(precision: str) -> bool:
    """Tell whether to compute in bf16; emulated on a processor without it, a step would take ten times as long."""
    if precision not in PRECISIONS:
        raise InputError("precision", f"is {precision!r}", f"choose of {', '.join(PRECISIONS)}")
    if precision != "auto":
        return precision == "bf16"
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    found = torch.cpu.get_capabilities()
    return bool(found.get("amx_bf16") or found.get("avx512_bf16"))
