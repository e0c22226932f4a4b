"""Write the vectors of all texts of the seeds to `retrieval/data/vectors.npz`: `python -m seeds.fit_vectors`.

They are a convenience: a text that is not among them is embedded when it is first needed. To be run when
phrasings were added or the embedder changed; minutes.
"""

import tempfile
from pathlib import Path

from retrieval import remembered
from retrieval.embed import open_embedder
from retrieval.passages import gap_passage
from seeds.fit_answerability import snapshot_of
from seeds.schema import all_companies
from seeds.trades import trades


def main() -> None:
    """Embed everything anew and ship it."""
    remembered.SHIPPED.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(Path(folder))
        seeded = {seed.company.slug for seed in all_companies()}
        for trade in trades():
            if trade.name not in seeded:
                continue
            snapshot_of([*trade.passages, gap_passage(trade.unanswerable)], embedder)
        (file,) = Path(folder).glob("vectors*.db")
        count = remembered.ship(embedder.name, file)
    print(f"{remembered.SHIPPED.name}: {count} texts, {remembered.SHIPPED.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
