"""Write what the seeds' texts teach, so that a first start has it: `python -m seeds.fit_vectors`.

`retrieval/data/vectors.npz` holds the vectors of all texts, `lessons.npz` the weights of the lessons. They
are a convenience: a text that is not among them is embedded when it is first needed, lessons of other texts
are learnt anew. To be run when phrasings were added or the embedder changed; minutes.
"""

import tempfile
from pathlib import Path

from retrieval import remembered, taught
from retrieval.embed import open_embedder
from retrieval.passages import gap_passage
from seeds.asking import snapshot_of
from seeds.schema import all_companies
from seeds.trades import trades


def main() -> None:
    """Embed everything anew and ship it; then the lessons of what is shipped."""
    remembered.SHIPPED.unlink(missing_ok=True)
    taught.SHIPPED.unlink(missing_ok=True)
    seeded = {seed.company.slug for seed in all_companies()}
    known = [[*trade.passages, gap_passage(trade.unanswerable)] for trade in trades() if trade.name in seeded]
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(Path(folder))
        for passages in known:
            snapshot_of(passages, embedder)
        (file,) = Path(folder).glob("vectors*.db")
        count = remembered.ship(embedder.name, file)
    with tempfile.TemporaryDirectory() as folder:
        taught.ship(known, open_embedder(Path(folder)))
    for shipped in (remembered.SHIPPED, taught.SHIPPED):
        print(f"{shipped.name}: {shipped.stat().st_size / 1e6:.1f} MB")
    print(f"{count} texts")


if __name__ == "__main__":
    main()
