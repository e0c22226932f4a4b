"""Makes once what every test worker needs: the model file, the vectors of the seeds, what phrasings teach.

    python -m tests.warm

They are kept in the model folder of the data directory; without this the first tests make them, and may
take longer than a test may.
"""

import asyncio

from api.recordings import record_tickets
from api.wiring import open_private_desk


async def warm() -> None:
    """Seed a desk that is thrown away, and talk to it."""
    async with open_private_desk() as desk:
        await record_tickets(desk)


if __name__ == "__main__":
    asyncio.run(warm())
