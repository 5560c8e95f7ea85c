"""How far the tags of a CPU bundle depend on the processor: the same reports under other vector instructions.

    python tests/benchmarks/processors.py [FAST_BUNDLE]

Every row is a process of its own that may use no more than the instructions it is named after, in the runtime's own
kernels and in the matrix library below them; all are compared with what this processor does by itself. Documents: the
five real reports and the written ones. An int8 activation that lies between two steps may be rounded either way.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPORTS = sorted(
    [*(ROOT / "seeds" / "reports").glob("*.txt"), *(ROOT / "seeds" / "written" / "documents").glob("*.txt")]
)
ISA, LIBRARY = "CT2_FORCE_CPU_ISA", "ONEDNN_MAX_CPU_ISA"
PROCESSORS = {
    "AVX-512, no VNNI": {ISA: "AVX512", LIBRARY: "AVX512_CORE"},
    "AVX2": {ISA: "AVX2", LIBRARY: "AVX2"},
    "AVX": {ISA: "AVX", LIBRARY: "AVX"},
    "SSE4.1": {ISA: "GENERIC", LIBRARY: "SSE41"},
}


def tagged(bundle):
    """Print scores and tags of every paragraph."""
    from fazhi.model.tagger import load_tagger

    tagger = load_tagger(bundle)
    paragraphs = [each for path in REPORTS for each in tagger.tag(path).paragraphs]
    print(json.dumps([[each.theme_scores, each.section, each.themes, each.band] for each in paragraphs]))


def under(bundle, more):
    """Return what a process with these variables found; nothing where the processor lacks the instructions."""
    plain = {name: value for name, value in os.environ.items() if name not in {ISA, LIBRARY}}
    line = [sys.executable, __file__, "--part", bundle]
    done = subprocess.run(line, capture_output=True, text=True, check=False, env={**plain, **more})
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None


def main(bundle):
    here = under(bundle, {})
    print(f"{len(REPORTS)} reports, {len(here):,} paragraphs\n")
    print("| instructions | largest change of a probability | sections | themes | moved between sure and check |")
    print("| --- | --- | --- | --- | --- |")
    for name, more in PROCESSORS.items():
        there = under(bundle, more)
        if there is None:
            print(f"| {name} | not on this processor | | | |")
            continue
        pairs = list(zip(here, there, strict=True))
        furthest = max(abs(a - b) for one, other in pairs for a, b in zip(one[0], other[0], strict=True))
        counts = [sum(one[place] != other[place] for one, other in pairs) for place in (1, 2, 3)]
        print(f"| {name} | {furthest:.3f} | {' | '.join(map(str, counts))} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        tagged(sys.argv[2])
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else "fazhi-small")
