"""What a trained bundle says of itself, whatever its kind."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict

from fazhi.model.bundle import Manifest
from fazhi.model.labels import Scheme
from fazhi.training.inputs import TrainingData
from fazhi.training.left_out import Measured
from fazhi.training.settings import EncoderSettings, LinearSettings


def manifest_of(
    bundle: tuple[str, str, str],
    scheme: Scheme,
    settings: LinearSettings | EncoderSettings,
    data: TrainingData,
    measured: Sequence[Measured],
) -> Manifest:
    """Return the manifest of a bundle of this kind, name and version, made now."""
    kind, name, version = bundle
    return Manifest(
        kind=kind,
        name=name,
        version=version,
        scheme=scheme.fingerprint,
        training_data=data.identity,
        settings=asdict(settings),
        metrics={each.title: each.as_json() for each in measured},
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )
