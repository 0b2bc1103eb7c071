"""From a framework's name or file to a checked `Framework`: one that ships with the library, or the user's own file."""

from functools import cache
from importlib import resources
from pathlib import Path

from auditanalytics.errors import ArgumentError, ChoiceError, FrameworkError
from auditanalytics.frameworks.framework import Framework
from auditanalytics.settings_file import read_settings


@cache
def shipped_frameworks() -> tuple[str, ...]:
    """List the names of the frameworks that come with the library.

    Returns
    -------
    tuple of str
        Names that `load_framework` accepts.

    Examples
    --------
    >>> shipped_frameworks()
    ('hull', 'south-gloucestershire', 'telford-and-wrekin')
    """
    files = resources.files("auditanalytics.frameworks").iterdir()
    return tuple(sorted(Path(file.name).stem for file in files if file.name.endswith(".toml")))


def _framework_file(framework: str | Path) -> Path:
    """The file of a shipped framework, or the user's own."""
    if str(framework) in shipped_frameworks():
        return Path(str(resources.files("auditanalytics.frameworks") / f"{framework}.toml"))
    path = Path(framework)
    if not path.is_file() and path.suffix == ".toml":
        shipped = ", ".join(shipped_frameworks())
        raise ArgumentError(
            f"there is no framework file '{framework}'; give the path of one, or a shipped framework: {shipped}"
        )
    if not path.is_file():
        raise ChoiceError("framework", framework, [*shipped_frameworks(), "the path of a TOML file"])
    return path.resolve()


def load_framework(framework: str | Path) -> Framework:
    """Load a framework and check it.

    Parameters
    ----------
    framework
        The name of a shipped framework, or the path of a TOML file.

    Returns
    -------
    Framework
        The framework.

    Raises
    ------
    ArgumentError
        If there is no such file; a `ChoiceError` if there is no such framework.
    FrameworkError
        If the file cannot be used; the sentence names the file, the key and the remedy.

    Examples
    --------
    >>> [domain.id for domain in load_framework("south-gloucestershire").domains]
    ['risk', 'assessments', 'plans', 'reviews', 'collaboration']
    """
    path = _framework_file(framework)
    framework = read_settings(path, Framework, what="framework", error=FrameworkError)
    if not framework.codebook:
        return framework
    return framework.model_copy(update={"codebook": str(path.parent / framework.codebook)})
