"""`fazhi bundle show`: one bundle that was read and checked, as tables or as JSON."""

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from fazhi.model.bundle import Bundle
from fazhi.serving.bundles.fields import leaves, record
from fazhi.serving.bundles.printing import console, plain, print_json, table
from fazhi.serving.summary_table import signature

_LABELS = {"themes", "sections"}  # metrics of single labels, which are for `--json`
_VALUE = ("名称 name", "值 value")


def run_show(bundle: Bundle, as_json: bool) -> None:
    """Print a bundle."""
    if as_json:
        print_json(record(bundle))
        return
    shown = console()
    for each in _tables(bundle):
        shown.print(each)
    shown.print(signature(bundle))


def _tables(bundle: Bundle) -> Iterator[Table]:
    found, scheme = record(bundle), bundle.scheme
    yield table("模型 bundle", _VALUE, _origin(bundle).items())
    thresholds = zip(scheme.themes, bundle.decisions.theme_thresholds, strict=True)
    themes = [(theme.zh, theme.id, threshold) for theme, threshold in thresholds]
    yield table("阈值 thresholds", ("主题 theme", "id", "阈值 threshold"), themes, numbers=(2,))
    yield table("判定 decisions", _VALUE, _decisions(bundle).items())
    settings = ((" / ".join(path), value) for path, value in leaves(found["settings"]).items())
    yield table("训练设置 settings", _VALUE, settings)
    yield table("指标 metrics", ("对象 measured on", "值 figures"), _headlines(found["metrics"]).items())
    sizes = {name: each["bytes"] for name, each in found["files"].items()}
    files = [(name, f"{size:,}") for name, size in {**sizes, "合计 total": sum(sizes.values())}.items()]
    yield table("文件 files", ("文件 file", "字节 bytes"), files, numbers=(1,))


def _origin(bundle: Bundle) -> dict[str, Any]:
    manifest, scheme = bundle.manifest, bundle.scheme
    return {
        "名称 name": manifest.name,
        "版本 version": manifest.version,
        "类型 kind": manifest.kind,
        "创建 created": manifest.created,
        "基础编码器 base": manifest.base,
        "许可 licence": manifest.licence,
        "标签体系 scheme": f"{scheme.name} {scheme.version} ({manifest.scheme})",
        "输入 model_text": manifest.model_text,
        "清洗 cleaning": manifest.cleaning,
        "切分 segmenter": manifest.segmenter,
        "编码器输入 encoder": manifest.encoder or None,
        "线性份额 linear share": manifest.linear_share,
        "训练数据 training data": manifest.training_data,
        "文件夹 folder": str(bundle.folder),
    }


def _decisions(bundle: Bundle) -> dict[str, float]:
    """Return what is one number for all themes or sections."""
    decisions = bundle.decisions
    return {
        "主题温度 theme temperature": decisions.theme_temperature,
        "部分温度 section temperature": decisions.section_temperature,
        "待核:离阈值 check: log-odds around a threshold": decisions.theme_margin,
        "待核:部分低于 check: section under": decisions.section_minimum,
    }


def _headlines(metrics: dict[str, Any]) -> dict[str, str]:
    """Return the figures of all labels together, those of one measurement on one line."""
    lines: dict[str, list[str]] = {}
    for path, value in leaves(metrics).items():
        if not _LABELS & set(path):
            lines.setdefault(" / ".join(path[:-1]), []).append(f"{path[-1]} {plain(value)}")
    return {where: " · ".join(figures) for where, figures in lines.items()}
