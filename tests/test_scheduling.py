"""The schedules of docs/scheduling.md: each file is what its system reads, and starts a command that exists."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from conftest import ROOT, SMALL_FRAMEWORK, WIDE_HEADER, write_rows

from auditanalytics import errors
from auditanalytics.cli import commands

FILES = ROOT / "docs" / "examples" / "scheduling"
GUIDE = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")
CRONTAB = FILES / "auditanalytics.crontab"
TASK = FILES / "auditanalytics-task.xml"
UNITS = sorted([*FILES.glob("*.service"), *FILES.glob("*.timer")])
PROGRAM = Path(sys.executable).with_name("auditanalytics")
MINUTES_TO_END = 10


def parsed(words: list[str]) -> click.Context:
    """The words after the program's name, read by the real command, which is not run."""
    command = commands.get_command(click.Context(commands), words[0])
    assert command, f"there is no command {words[0]}"
    return command.make_context(words[0], list(words[1:]))


def total_timeout(context: click.Context) -> int:
    return context.params["total_timeout"]


# The guide


def code_blocks() -> Iterator[str]:
    for block in re.findall(r"^```\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()


def test_every_command_of_the_guide_exists() -> None:
    words = [shlex.split(line) for line in code_blocks()]
    given = [each[1:] for each in words if each[0] == "auditanalytics"]
    assert {parsed(each).info_name for each in given} == {"check", "report", "verify"}


def test_every_option_that_the_guide_names_is_one() -> None:
    known = {option for command in commands.commands.values() for each in command.params for option in each.opts}
    named = set(re.findall(r"`(--[a-z-]+)", GUIDE))
    assert {"--quarter", "--total-timeout", "--memory", "--readable-by"} <= named <= known


def test_every_exit_code_is_in_the_table_of_the_guide() -> None:
    def codes(error: type[errors.AuditAnalyticsError]) -> set[int]:
        return {error.exit_code}.union(*map(codes, error.__subclasses__()))

    told = {int(code) for code in re.findall(r"^\| (\d+) \|", GUIDE, re.MULTILINE)}
    assert told == codes(errors.AuditAnalyticsError) | {0, 129, 130, 137, 143}


def test_the_files_of_the_guide_are_the_files_that_are_there() -> None:
    named = set(re.findall(r"\]\(examples/scheduling/([^)]+)\)", GUIDE))
    assert named == {path.name for path in FILES.iterdir()}
    for target in re.findall(r"\]\(([^)#]+)\)", GUIDE):
        assert (ROOT / "docs" / target).exists(), target


def test_the_places_of_the_guide_are_those_of_the_files() -> None:
    rows = re.findall(r"^\| the [a-z ]+(?:\([^)]*\) )?\| `(/[^`]+)` \| `([^`]+)` \|", GUIDE, re.MULTILINE)
    on_linux, on_windows = CRONTAB.read_text(), TASK.read_text()
    service = (FILES / "auditanalytics.service").read_text()
    assert len(rows) == 6
    for place, windows_place in rows:
        assert place in on_linux
        assert windows_place in on_windows
        assert place in service or place.endswith("log")


# cron


def crontab() -> tuple[dict[str, str], str, str]:
    """The settings of the crontab, the five fields of its one job, and the job's command."""
    settings, jobs = {}, []
    for line in CRONTAB.read_text(encoding="utf-8").splitlines():
        if setting := re.fullmatch(r"([A-Z_]+)=(.*)", line):
            settings[setting[1]] = setting[2]
        elif line and not line.startswith("#"):
            jobs.append(line)
    (job,) = jobs
    fields = re.match(r"(?:\S+\s+){5}", job)[0]
    return settings, fields.strip(), job.removeprefix(fields)


def as_cron(command: str, settings: dict[str, str], home: Path) -> subprocess.CompletedProcess[str]:
    """Run a job with what cron gives it and nothing else."""
    given = {"HOME": str(home), "LOGNAME": "auditanalytics", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"} | settings
    pairs = [f"{name}={value}" for name, value in given.items()]
    return subprocess.run(
        ["env", "-i", *pairs, given["SHELL"], "-c", command],
        capture_output=True,
        text=True,
        cwd=home,
        stdin=subprocess.DEVNULL,
        timeout=60 * MINUTES_TO_END,
        check=False,
    )


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """The settings of the crontab with every place moved into a folder of the test."""
    if os.name != "posix":
        pytest.skip("there is no cron on Windows")
    settings, _, _ = crontab()
    key = tmp_path / "pseudonym.key"
    key.touch(mode=0o600)
    key.write_text("0123456789abcdef" * 4 + "\n")
    (tmp_path / "my-council.toml").write_text(SMALL_FRAMEWORK, encoding="utf-8")
    (tmp_path / "returns").mkdir()
    audits = [[f"A{day}", f"2019-1{day % 3}-{day:02}", "North", "Good", "RI", "Good"] for day in range(1, 25)]
    write_rows(tmp_path / "returns" / "audits.csv", [WIDE_HEADER, *audits])
    moved = {"AUDITANALYTICS": PROGRAM, "AUDITANALYTICS_KEY_FILE": key, "FRAMEWORK": tmp_path / "my-council.toml"}
    moved |= {"RETURNS": tmp_path / "returns", "REPORTS": tmp_path / "reports", "LOG": tmp_path / "report.log"}
    assert set(moved) | {"SHELL", "PATH", "MAILTO"} == set(settings), "a setting of the crontab is not moved"
    return settings | {name: str(place) for name, place in moved.items()}


def test_the_job_runs_every_morning_and_holds_no_bare_percent_sign() -> None:
    settings, fields, command = crontab()
    assert fields == "30 6 * * *"
    assert not re.search(r"(?<!\\)%", command)
    # cron expands nothing in a setting
    assert not any(re.search(r"[$~\"']", value) for value in settings.values())


def test_the_jobs_command_is_read_by_the_real_command() -> None:
    settings, _, command = crontab()
    inside = re.search(r'"\$AUDITANALYTICS" (.*?); \}', command)[1]
    context = parsed([word.replace("$", "") for word in shlex.split(inside)])
    assert context.info_name == "report"
    assert context.params["quarter"] == "latest"
    assert {context.params[each].strip('"') for each in ("framework", "out")} == {"FRAMEWORK", "REPORTS"}
    assert set(re.findall(r"\$([A-Z_]+)", command)) <= set(settings)


@pytest.mark.thorough
@pytest.mark.slow
def test_a_morning_that_publishes_prints_nothing_and_the_next_one_changes_nothing(
    places: dict[str, str], tmp_path: Path
) -> None:
    _, _, command = crontab()
    first = as_cron(command, places, tmp_path)
    report, log = Path(places["REPORTS"]) / "2019-Q4", Path(places["LOG"])
    assert (first.returncode, first.stdout, first.stderr) == (0, "", ""), log.read_text()
    when, said = log.read_text().splitlines()[:2]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", when)
    assert said.startswith("Published ")
    assert report.stat().st_mode & 0o077 == log.stat().st_mode & 0o077 == 0
    made = (report / "run.json").read_bytes()
    second = as_cron(command, places, tmp_path)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert "Already published " in log.read_text()
    assert (report / "run.json").read_bytes() == made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "code", "said"),
    [("RETURNS", 2, "auditanalytics: "), ("AUDITANALYTICS_KEY_FILE", 2, "key"), ("AUDITANALYTICS", 127, "not found")],
)
def test_a_failure_is_posted_with_its_exit_code_and_the_end_of_the_log(
    places: dict[str, str], tmp_path: Path, broken: str, code: int, said: str
) -> None:
    _, _, command = crontab()
    places[broken] = str(tmp_path / "nowhere")
    done = as_cron(command, places, tmp_path)
    assert f"No report was published: exit code {code}." in done.stdout
    assert said in done.stdout
    assert said in Path(places["LOG"]).read_text()


@pytest.mark.parametrize(("spoiled", "code"), [(False, 0), (True, 1)])
def test_cron_itself_reads_the_crontab(tmp_path: Path, spoiled: bool, code: int) -> None:
    if not shutil.which("crontab"):
        pytest.skip("cron is not installed here")
    text = CRONTAB.read_text(encoding="utf-8")
    given = tmp_path / "some.crontab"
    given.write_text(text.replace("30 6 *", "30 26 *") if spoiled else text, encoding="utf-8")
    done = subprocess.run(["crontab", "-n", str(given)], capture_output=True, text=True, check=False)
    if "invalid option" in done.stderr or "unrecognized option" in done.stderr:
        pytest.skip("this cron has no dry run")
    assert done.returncode == code, done.stdout + done.stderr
    assert ("bad hour" in done.stderr) == spoiled


# systemd

KNOWN = {
    "Unit": {"Description", "Documentation", "OnFailure", "RequiresMountsFor"},
    "Timer": {"OnCalendar", "Persistent"},
    "Install": {"WantedBy"},
    "Service": {
        "Type", "User", "Group", "Environment", "ExecStart", "TimeoutStartSec", "UMask", "Nice",
        "ProtectSystem", "ProtectHome", "PrivateTmp", "ReadWritePaths", "PrivateNetwork", "RestrictAddressFamilies",
        "NoNewPrivileges", "CapabilityBoundingSet", "LockPersonality", "PrivateDevices", "ProtectClock",
        "ProtectControlGroups", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules",
        "ProtectKernelTunables", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID",
        "SystemCallArchitectures",
    },
}  # fmt: skip


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, comment_prefixes=("#",), delimiters=("=",))
    parser.optionxform = str
    parser.read(FILES / name, encoding="utf-8")
    return parser


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_every_key_of_a_unit_is_known(path: Path) -> None:
    for section in unit(path.name).sections():
        assert set(unit(path.name)[section]) <= KNOWN[section]


def service_words() -> list[str]:
    return shlex.split(unit("auditanalytics.service")["Service"]["ExecStart"])


def test_the_service_starts_a_command_that_exists_and_may_write_where_it_has_to() -> None:
    service = unit("auditanalytics.service")["Service"]
    context = parsed(service_words()[1:])
    assert context.info_name == "report"
    assert context.params["quarter"] == "latest"
    assert context.params["out"] == service["ReadWritePaths"]
    assert "%" not in service["ExecStart"]
    minutes = int(service["TimeoutStartSec"].removesuffix("min"))
    assert 60 * minutes >= total_timeout(context) + 60 * MINUTES_TO_END
    assert (service["UMask"], service["PrivateNetwork"], service["ProtectSystem"]) == ("0077", "yes", "strict")


def test_the_units_name_each_other() -> None:
    assert (FILES / unit("auditanalytics.service")["Unit"]["OnFailure"]).is_file()
    assert "--unit=auditanalytics.service" in unit("auditanalytics-failed.service")["Service"]["ExecStart"]
    assert (FILES / "auditanalytics.timer").with_suffix(".service").is_file(), "a timer starts the service of its name"


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed here")
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


def copied_units(folder: Path) -> list[str]:
    """The units with the program of this installation, as systemd looks whether it is there."""
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace(service_words()[0], "/bin/true")
        (folder / path.name).write_text(text, encoding="utf-8")
    return [str(folder / path.name) for path in UNITS]


@pytest.mark.slow
def test_systemd_itself_reads_the_units(tmp_path: Path) -> None:
    done = analyze("verify", *copied_units(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "spoiled"), [("UMask=0077", "UMaks=0077"), ("PrivateTmp=yes", "PrivateTmp=perhaps"), ("Type=oneshot", "Type=once")]
)  # fmt: skip
def test_systemd_would_say_what_is_wrong_with_a_unit(tmp_path: Path, line: str, spoiled: str) -> None:
    copied_units(tmp_path)
    service = tmp_path / "auditanalytics.service"
    service.write_text(service.read_text().replace(line, spoiled))
    assert analyze("verify", str(service)).stderr


@pytest.mark.slow
def test_the_timer_means_every_morning() -> None:
    when = unit("auditanalytics.timer")["Timer"]["OnCalendar"]
    done = analyze("calendar", "--iterations=2", "--base-time=2020-01-06 00:00:00 UTC", when)
    assert done.returncode == 0
    assert re.findall(r"2020-01-0\d 06:30:00", done.stdout)[:2] == ["2020-01-06 06:30:00", "2020-01-07 06:30:00"]


@pytest.mark.slow
def test_systemd_finds_the_service_well_shut_in(tmp_path: Path) -> None:
    copied_units(tmp_path)
    done = analyze("security", "--offline=true", "--threshold=40", str(tmp_path / "auditanalytics.service"))
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze cannot look at a file")
    assert done.returncode == 0, done.stdout


@pytest.mark.thorough
@pytest.mark.slow
def test_the_services_command_needs_no_network(places: dict[str, str], tmp_path: Path) -> None:
    alone = ("unshare", "--map-root-user", "--net")
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a network namespace of its own is not permitted here")
    if not (ip := shutil.which("ip", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")):
        pytest.skip("ip is not here to start the loopback, which systemd starts in a private network")
    service = unit("auditanalytics.service")["Service"]
    moved = service["ExecStart"].replace(service_words()[0], str(PROGRAM))
    for name, setting in {"returns": "RETURNS", "my-council.toml": "FRAMEWORK", "reports": "REPORTS"}.items():
        moved = moved.replace(f"/srv/audits/{name}", places[setting])
    assert "/srv" not in moved
    start = shlex.join([*alone, "sh", "-c", f"{ip} link set lo up && umask {service['UMask']} && exec {moved}"])
    only = {name: places[name] for name in ("SHELL", "PATH", "AUDITANALYTICS_KEY_FILE")}
    done = as_cron(start, only, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((Path(places["REPORTS"]) / "2019-Q4" / "run.json").read_text())


# Windows Task Scheduler

NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"

# The elements of the documented schema, in its order, of each element that the task may hold.
CHILDREN = {
    "Task": ["RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"],
    "RegistrationInfo": [
        "URI", "SecurityDescriptor", "Source", "Date", "Author", "Version", "Description", "Documentation",
    ],
    "Triggers": ["CalendarTrigger"],
    "CalendarTrigger": [
        "Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit", "RandomDelay", "ScheduleByDay",
    ],
    "ScheduleByDay": ["DaysInterval"],
    "Settings": [
        "AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "DisallowStartIfOnBatteries",
        "StopIfGoingOnBatteries", "AllowHardTerminate", "StartWhenAvailable", "NetworkProfileName",
        "RunOnlyIfNetworkAvailable", "WakeToRun", "Enabled", "Hidden", "DeleteExpiredTaskAfter", "IdleSettings",
        "NetworkSettings", "ExecutionTimeLimit", "Priority", "RunOnlyIfIdle", "UseUnifiedSchedulingEngine",
        "DisallowStartOnRemoteAppSession",
    ],
    "Principals": ["Principal"],
    "Principal": [
        "UserId", "LogonType", "GroupId", "DisplayName", "RunLevel", "ProcessTokenSidType", "RequiredPrivileges",
    ],
    "Actions": ["Exec"],
    "Exec": ["Command", "Arguments", "WorkingDirectory"],
}  # fmt: skip
CHOICES = {
    "MultipleInstancesPolicy": {"Parallel", "Queue", "IgnoreNew", "StopExisting"},
    "LogonType": {"S4U", "Password", "InteractiveToken", "InteractiveTokenOrPassword"},
    "RunLevel": {"LeastPrivilege", "HighestAvailable"},
}
TRUTHS = {each for each in CHILDREN["Settings"] if re.match("Allow|Disallow|Stop|Start|RunOnly|Wake|Hidden", each)}
DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?")


@pytest.fixture(scope="module")
def task() -> Any:
    return ElementTree.parse(TASK).getroot()


def text_in(task: Any, name: str) -> str:
    return task.find(f".//{NAMESPACE}{name}").text


def faults_of(task: Any) -> list[str]:
    """The elements of a task that the schema does not know, or not there."""
    faults = []
    for element in task.iter():
        known = CHILDREN.get(name := element.tag.removeprefix(NAMESPACE), [])
        held = [each.tag.removeprefix(NAMESPACE) for each in element]
        if held != [each for each in known if each in held] or bool(known) != bool(held) or name == element.tag:
            faults.append(name)
    return faults


def test_the_task_holds_the_elements_of_the_schema_in_its_order(task: Any) -> None:
    assert TASK.read_bytes().startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert (task.tag, task.get("version")) == (f"{NAMESPACE}Task", "1.3")
    assert faults_of(task) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("<Enabled>true</Enabled>", "", None),
        ("</ScheduleByDay>", "</ScheduleByDay><EndBoundary>2030-01-01T00:00:00</EndBoundary>", "CalendarTrigger"),
        ("<LogonType>", "<Unknown>x</Unknown><LogonType>", "Principal"),
        ("<DaysInterval>1</DaysInterval>", "", "ScheduleByDay"),
        ("/mit/task", "/mit/other", "{http://schemas.microsoft.com/windows/2004/02/mit/other}Task"),
    ],
)
def test_a_task_against_the_schema_would_be_seen(right: str, wrong: str, fault: str | None) -> None:
    faults = faults_of(ElementTree.fromstring(TASK.read_text(encoding="utf-8").replace(right, wrong).encode()))
    assert fault in faults if fault else faults == []


def test_the_values_of_the_task_are_those_of_the_schema(task: Any) -> None:
    for element in task.iter():
        name = element.tag.removeprefix(NAMESPACE)
        if name in TRUTHS or name == "Enabled":
            assert element.text in ("true", "false"), name
        if name in CHOICES:
            assert element.text in CHOICES[name]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT06:30:00", text_in(task, "StartBoundary"))
    assert len(text_in(task, "Command")) <= 260
    assert task.find(f"{NAMESPACE}Actions").get("Context") == task.find(f".//{NAMESPACE}Principal").get("id")


def test_the_tasks_command_is_read_by_the_real_command(task: Any) -> None:
    arguments = text_in(task, "Arguments")
    # cmd takes the first and the last quotation mark away and runs what is between
    inside = re.fullmatch(r'/d /s /c "(.*)"', arguments)[1]
    key, when, report = (each.strip() for each in re.split(r"&(?!1)", inside))
    assert re.fullmatch(r'set "AUDITANALYTICS_KEY_FILE=[A-Z]:\\[^"]+"', key)
    log = re.fullmatch(r'echo %DATE% %TIME%>>("[^"]+")', when)[1]
    assert report.endswith(f" >>{log} 2>&1")
    words = [one or other for one, other in re.findall(r'"([^"]*)"|(\S+)', report.removesuffix(f" >>{log} 2>&1"))]
    assert words[0].endswith(r"\.venv\Scripts\auditanalytics.exe")
    context = parsed(words[1:])
    assert (context.info_name, context.params["quarter"]) == ("report", "latest")
    hours, minutes = DURATION.fullmatch(text_in(task, "ExecutionTimeLimit")).groups(default="0")
    assert 3600 * int(hours) + 60 * int(minutes) >= total_timeout(context) + 60 * MINUTES_TO_END
