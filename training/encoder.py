"""`fazhi train encoder`: examples and a base encoder in, a `torch` bundle out, with the figures it earned left out.

Tunings are `tuning`'s; a run that was killed goes on where it was.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from accelerate import PartialState

from fazhi.model.bundle import Manifest, check_place, write_bundle
from fazhi.model.encoder import write_network
from fazhi.model.labels import Scheme, load_scheme, scheme_source, write_left_out
from fazhi.model.scorers.linear import write_weights
from fazhi.training.card import encoder_card, encoder_notice
from fazhi.training.curves import loss_picture
from fazhi.training.failures import named_failures
from fazhi.training.fit_linear import fit_linear
from fazhi.training.inputs import TrainingData, read_training_data
from fazhi.training.left_out import Measured, conclude, protocols
from fazhi.training.manifest import manifest_of
from fazhi.training.settings import EncoderSettings, load_encoder_settings
from fazhi.training.supplement import SupplementFiles
from fazhi.training.tables import metrics_tables
from fazhi.training.tuning import Tuning

NAME = "fazhi-encoder"


@dataclass(frozen=True, slots=True)
class EncoderRequest:
    """The options of `fazhi train encoder`.

    Attributes:
        examples: Files of examples.
        files: What is learnt from beside the examples.
        base: Folder or hub name of the base encoder.
        base_licence: What the base may be used for, for the model card.
        out: Folder of the bundle; an older one survives any failure.
        settings: TOML; the shipped settings without it.
        version: Of the bundle.
        work: Where checkpoints and left-out logits are kept.
        oof: Where left-out scores go, or nowhere.
        leave_real_out: Also tune once for every real report, without it.
    """

    examples: tuple[Path, ...]
    files: SupplementFiles
    base: str
    base_licence: str
    out: Path
    settings: Path | None
    version: str
    work: Path
    oof: Path | None
    leave_real_out: bool


def train_encoder(request: EncoderRequest) -> str:
    """Tune, evaluate and write a bundle; return the tables of its figures.

    Of several processes that tune together, the main one evaluates and writes; the others return nothing.

    Raises:
        InputError: Bad examples, settings or base; memory or disk that is full.
    """
    check_place(request.out)
    scheme, settings = load_scheme(), load_encoder_settings(request.settings)
    data = read_training_data(request.examples, scheme, request.files)
    tuning = Tuning(data, scheme, settings, request.base, request.work)
    ways = protocols(data.reports, settings.folds, settings.seed)
    ways = ways if request.leave_real_out else ways[:1]
    tuned = [tuning.left_out(protocol) for protocol in ways]
    fitted = tuning.final()
    if not PartialState().is_main_process:
        return ""
    found = [tuning.with_linear(protocol, logits) for protocol, logits in zip(ways, tuned, strict=True)]
    result = conclude(ways, found, data.reports, scheme, settings.decisions, f"{NAME}@{request.version}")
    manifest = _manifest(request, scheme, settings, data, result.measured)

    def write_files(folder: Path) -> None:
        write_network(folder, fitted.model.network, fitted.tokenizer)
        if settings.linear_share.count:
            write_weights(folder, fit_linear(data.reports, scheme, tuning.beside, data.supplement).weights)
        (folder / "loss.svg").write_text(loss_picture(fitted.log), encoding="utf-8")
        (folder / "README.md").write_text(encoder_card(manifest), encoding="utf-8")
        (folder / "NOTICE").write_text(encoder_notice(manifest), encoding="utf-8")

    with named_failures():
        if request.oof is not None:
            write_left_out(request.oof, result.rows, scheme)
        write_bundle(request.out, manifest, scheme_source(), result.decisions, write_files)
    return metrics_tables(manifest.metrics)


def _manifest(
    request: EncoderRequest,
    scheme: Scheme,
    settings: EncoderSettings,
    data: TrainingData,
    measured: Sequence[Measured],
) -> Manifest:
    return replace(
        manifest_of(("torch", NAME, request.version), scheme, settings, data, measured),
        base=Path(request.base).name if Path(request.base).is_dir() else request.base,
        base_licence=request.base_licence,
        encoder={"prefix": settings.prefix, "max_length": settings.max_length},
        linear_share=asdict(settings.linear_share) if settings.linear_share.count else {},
    )
