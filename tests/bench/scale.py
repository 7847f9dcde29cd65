"""How much of everything a run does: the full benchmark, the quick one, the tests' tiny one."""

import msgspec


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of people and messages; `rounds` pairs of runs, whose median counts."""

    rounds: int
    pings: int
    pairs: int
    pair_messages: int
    """By each pair: with 100 pairs about ten seconds of them."""
    settled: int
    """Messages by each pair before those: a server that has just begun is faster."""
    half_load_seconds: float
    group: int
    group_messages: int
    """Per message in flight."""
    large_group: int
    large_group_messages: int
    idle: int
    arrivals: int
    late_arrivals: int
    """Those who missed `missed_each` messages in each of their ten conversations."""
    missed_each: int
    crowd: int
    reads: int
    writing_seconds: float
    """For how long nodes write into PostgreSQL."""
    histories: tuple[int, ...]
    """Messages stored; the first and the last are compared."""
    starts: int
    storm: int
    storm_contacts: int
    file_bytes: int
    files: int
    """Moved up, and down; the chat goes on beside uploads for `half_load_seconds`."""
    old_messages: int
    """Stored, each with its row of the log, when something is done to all of them."""
    multitude: int
    """Connected at once, and all come back at once."""
    visitors: int
    soak_seconds: float
    """Of steady load, in which memory is to stay where it was; SOAK_MINUTES says otherwise."""
    growing_members: tuple[int, ...]
    growing_sockets: tuple[int, ...]
    growing_windows: tuple[int, ...]


FULL = Scale(
    rounds=2,
    pings=20_000,
    pairs=100,
    pair_messages=600,
    settled=500,
    half_load_seconds=8,
    group=500,
    group_messages=400,
    large_group=5_000,
    large_group_messages=160,
    idle=10_000,
    arrivals=5_000,
    late_arrivals=2_000,
    missed_each=20,
    crowd=5_000,
    reads=2_000,
    writing_seconds=8,
    histories=(10_000, 1_000_000, 10_000_000),
    starts=3,
    storm=2_000,
    storm_contacts=200,
    file_bytes=100_000_000,
    files=16,
    old_messages=2_000_000,
    multitude=50_000,
    visitors=1_000,
    soak_seconds=180,
    growing_members=(10, 50, 200, 1_000, 5_000),
    growing_sockets=(100, 1_000, 10_000),
    growing_windows=(1, 2, 4, 8, 16, 32),
)
QUICK = Scale(
    rounds=1,
    pings=5_000,
    pairs=100,
    pair_messages=100,
    settled=100,
    half_load_seconds=2,
    group=500,
    group_messages=100,
    large_group=2_000,
    large_group_messages=40,
    idle=1_000,
    arrivals=1_000,
    late_arrivals=300,
    missed_each=20,
    crowd=1_000,
    reads=500,
    writing_seconds=2,
    histories=(10_000, 100_000),
    starts=1,
    storm=500,
    storm_contacts=100,
    file_bytes=50_000_000,
    files=6,
    old_messages=200_000,
    multitude=5_000,
    visitors=200,
    soak_seconds=30,
    growing_members=(10, 50, 200, 1_000),
    growing_sockets=(100, 1_000, 4_000),
    growing_windows=(1, 2, 4, 8, 16, 32),
)
TINY = Scale(
    rounds=1,
    pings=20,
    pairs=3,
    pair_messages=5,
    settled=5,
    half_load_seconds=0.2,
    group=8,
    group_messages=5,
    large_group=12,
    large_group_messages=4,
    idle=24,
    arrivals=24,
    late_arrivals=24,
    missed_each=2,
    crowd=24,
    reads=10,
    writing_seconds=0.1,
    histories=(600, 1_200),
    starts=1,
    storm=24,
    storm_contacts=6,
    file_bytes=300_000,
    files=2,
    old_messages=2_000,
    multitude=24,
    visitors=6,
    soak_seconds=1,
    growing_members=(3, 6),
    growing_sockets=(24, 30),
    growing_windows=(1, 2),
)
