"""What `top` shows: a screen in a terminal, or a line for each look elsewhere."""

import math
import time

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from backend.commands.output import printable, size
from backend.commands.top.rates import Between

MOST_TYPES = 8


def line(between: Between) -> str:
    """All in a line, for a file or a pipe."""
    new = between.new
    return (
        f"{time.strftime('%H:%M:%S')} users {new.value('parley_users_online'):.0f}"
        f" sockets {new.value('parley_sockets'):.0f}"
        f" requests {between.rate('parley_requests_total'):.1f}/s"
        f" p99 {delay(between.quantile(0.99, 'parley_request_seconds'))}"
        f" commits {between.rate('parley_commit_seconds_count'):.1f}/s"
        f" log {between.rate('parley_log_position'):.1f}/s"
        f" waiting {size(new.value('parley_outbox_bytes'))}"
        f" refused {between.rate('parley_refused_total'):.1f}/s"
        f" cpu {between.rate('process_cpu_seconds_total'):.0%}"
        f" memory {size(new.value('process_resident_memory_bytes'))}"
    )


def screen(between: Between, height: int) -> Group:
    """The whole screen, that high."""
    types = _types(between)
    room = max(3, height - types.row_count - 18)
    return Group(_head(between), _rates(between), types, _people(between, room))


def delay(seconds: float) -> str:
    """A time as people say it; a dash for none."""
    if math.isnan(seconds):
        return "–"
    if seconds < 1:
        return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s"


def _head(between: Between) -> Text:
    new = between.new
    version = next(iter(new.by("parley_info", "version")), "")
    up = max(0.0, time.time() - new.value("process_start_time_seconds"))
    text = Text.assemble(
        ("Parley", "bold"),
        f" {version}   up {_duration(up)}",
        f"   cpu {between.rate('process_cpu_seconds_total'):.0%}",
        f"   memory {size(new.value('process_resident_memory_bytes'))}",
        f"   files {new.value('process_open_fds'):.0f} of {new.value('process_max_fds'):.0f}",
        f"   database {size(new.total('parley_database_bytes'))}",
    )
    text.append(f"   {time.strftime('%H:%M:%S')}", "dim")
    return text


def _duration(seconds: float) -> str:
    minutes = int(seconds) // 60
    days, hours = divmod(minutes // 60, 24)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min"


def _rates(between: Between) -> Table:
    new = between.new
    table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False)
    for justify in ("left", "right") * 3:
        table.add_column(justify="right" if justify == "right" else "left")
    waits = (
        ("users online", f"{new.value('parley_users_online'):,.0f}"),
        ("sockets", f"{new.value('parley_sockets'):,.0f}"),
        ("waiting for them", size(new.value("parley_outbox_bytes"))),
        ("passwords waiting", f"{new.value('parley_password_queue'):,.0f}"),
        ("writes waiting", f"{new.value('parley_writes_waiting'):,.0f}"),
    )
    rates = (
        ("requests/s", _number(between.rate("parley_requests_total"))),
        ("over HTTP/s", _number(between.rate("parley_http_requests_total"))),
        ("log rows/s", _number(between.rate("parley_log_position"))),
        ("replayed/s", _number(between.rate("parley_replayed_events_total"))),
        ("refused/s", _number(between.rate("parley_refused_total"))),
    )
    commits = (
        ("commits/s", _number(between.rate("parley_commit_seconds_count"))),
        ("writes in one", _number(between.mean("parley_commit_writes"))),
        ("commit p99", delay(between.quantile(0.99, "parley_commit_seconds"))),
        ("failed/s", _number(between.rate("parley_commits_failed_total"))),
        ("search behind", f"{new.value('parley_search_behind'):,.0f}"),
    )
    for row in zip(waits, rates, commits, strict=True):
        table.add_row(*(Text(cell) for pair in row for cell in pair))
    return table


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:,.1f}"


def _types(between: Between) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("request", min_width=24)
    for title in ("/s", "failed/s", "p50", "p99"):
        table.add_column(title, justify="right", min_width=8)
    for each in between.requests()[:MOST_TYPES]:
        failed = Text(_number(each.failed), "red" if each.failed >= 0.05 else "")
        table.add_row(each.type, _number(each.rate), failed, delay(each.p50), delay(each.p99))
    if not table.row_count:
        table.add_row(Text("nothing is asked", "dim"), "", "", "", "")
    return table


def _people(between: Between, most: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("connected", min_width=24)
    for title in ("sockets", "frames/s", "waiting"):
        table.add_column(title, justify="right", min_width=8)
    people = between.people()
    for each in people[:most]:
        name, waiting = Text(printable(each.username)), size(each.waiting)
        table.add_row(name, f"{each.sockets}", _number(each.rate), waiting)
    more = between.new.connected.count - min(most, len(people))
    if more > 0:
        table.add_row(Text(f"and {more:,} more", "dim"), "", "", "")
    if not people:
        table.add_row(Text("nobody", "dim"), "", "", "")
    return table
