"""Talks to a Label Studio server, and is the only file that does: an address and a token in, plain values out.

    with connect("http://127.0.0.1:8080", token) as studio:
        studio.inventory(studio.project("首次试标")).tasks  ->  {uid: 41, …}

Both kinds of token work: the library tells a personal access token (a JWT, which it exchanges) from a legacy one by its
form. Nothing is sent twice by itself: who sends looks first at what arrived. Whatever goes wrong is one `InputError`
without the token in it. What to send and what answers mean is for other files.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self, cast

import httpx
from label_studio_sdk.client import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from pydantic import ValidationError

from fazhi.annotation.address import address_of, check_is_label_studio, is_loopback
from fazhi.annotation.export import Export, checked, decoded
from fazhi.annotation.plan import Inventory, inventory_of
from fazhi.annotation.refusal import UnreachableError, refusal_of
from fazhi.model.reading import InputError

_CONNECT, _ANSWER = 5.0, 120.0  # seconds; an import of 500 tasks takes one
_PAGE = 1000  # tasks a page; the server's own 100 take seven times as long
_MOST = 1_000_000_000  # bytes of an export
_ORDERS = {"sequential": "Sequential sampling", "uncertain": "Uncertainty sampling"}
ORDERS = tuple(_ORDERS)


@dataclass(frozen=True, slots=True)
class Project:
    """A project on the server.

    Attributes:
        config: Its labelling interface.
        tasks: How many it says to have.
        model_version: Whose suggestions it shows.
        url: Where people see it.
    """

    id: int
    title: str
    config: str
    tasks: int
    model_version: str
    url: str


@dataclass(frozen=True, slots=True)
class Studio:
    """A server that was reached with a token that it takes.

    Attributes:
        url: Without a final slash.
        user: Mail address of whom the token belongs to.
    """

    url: str
    user: str
    sdk: LabelStudio
    http: httpx.Client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self.http.close()

    def project(self, wanted: str) -> Project:
        """Return a project by its number or its exact title.

        Raises:
            InputError: None, or several of that title.
        """
        with self._told(f"has no project {wanted}"):
            if wanted.isdecimal():
                return self._project(self.sdk.projects.get(int(wanted)))
            found = list(self.sdk.projects.list())
        named = [each for each in found if each.title == wanted]
        if len(named) == 1:
            return self.project(str(named[0].id))
        numbers = ", ".join(f"{each.id} {each.title}" for each in named or found)
        what = f"has {len(named) or 'no'} projects called {wanted!r}"
        raise InputError(self.url, what, f"give a number: {numbers}" if found else "make one: fazhi annotate create")

    def titles(self) -> list[str]:
        """Return what all projects are called."""
        with self._told():
            return [str(each.title) for each in self.sdk.projects.list()]

    def create(self, title: str, config: str, annotators: int, order: str) -> Project:
        """Make a project for a number of annotators a paragraph, its tasks in one of `ORDERS`."""
        with self._told():
            made = self.sdk.projects.create(
                title=title,
                label_config=config,
                maximum_annotations=annotators,
                sampling=cast("Any", _ORDERS[order]),
                show_skip_button=True,
                enable_empty_annotation=False,
            )
        return self.project(str(made.id))

    def update(self, project: Project, config: str) -> None:
        """Change the labelling interface, if the server thinks that it fits the answers.

        It would take any interface without being asked first.
        """
        with self._told(f"has no project {project.id} any more"):
            self.sdk.projects.validate_label_config(id=project.id, label_config=config)
            self.sdk.projects.update(id=project.id, label_config=config)

    def show_suggestions(self, project: Project, model: str) -> None:
        """Let the project show the suggestions of a model; at least one must be there."""
        with self._told(f"has no project {project.id} any more"):
            self.sdk.projects.update(id=project.id, model_version=model)

    def inventory(self, project: Project) -> Inventory:
        """Return which paragraphs and suggestions are there.

        Raises:
            InputError: The project changed while it was read.
        """
        with self._told(f"has no project {project.id} any more"):
            listed = self.sdk.tasks.list(
                project=project.id, page_size=_PAGE, fields="task_only", include="id,data,meta"
            )
            tasks = [(each.id, each.data, each.meta) for each in listed]
            said = self.sdk.predictions.list(project=project.id) if tasks else []
            expected = self._project(self.sdk.projects.get(project.id)).tasks
        if len(tasks) != expected:  # the library takes a page that fails for the last one
            what = f"project {project.id} has {expected} tasks and listed {len(tasks)}"
            raise InputError(self.url, what, "it changes at this moment; try again")
        return inventory_of(tasks, [(each.task, str(each.model_version), each.result) for each in said])

    def add_tasks(self, project: Project, bodies: Sequence[Mapping[str, Any]]) -> None:
        """Add tasks with their suggestions, all or none.

        Raises:
            InputError: The server took another number than was sent.
        """
        with self._told(f"has no project {project.id} any more"):
            done = self.sdk.projects.import_tasks(id=project.id, request=cast("Any", bodies)).model_dump()
        expected = (len(bodies), sum(len(body["predictions"]) for body in bodies))
        self._check_taken((done["task_count"], done.get("prediction_count")), expected)

    def add_suggestions(self, project: Project, predictions: Sequence[Mapping[str, Any]]) -> None:
        """Add suggestions to tasks that are there; the server drops in silence what it does not like.

        Raises:
            InputError: The server took another number than was sent.
        """
        with self._told(f"has no project {project.id} any more"):
            done = self.sdk.projects.import_predictions(id=project.id, request=cast("Any", predictions))
        self._check_taken((done.created,), (len(predictions),))

    def change_data(self, number: int, data: Mapping[str, Any]) -> None:
        """Show people something else in a task; answers that it has stay."""
        with self._told(f"has no task {number} any more"):
            self.sdk.tasks.update(id=str(number), data=dict(data))

    def export(self, project: Project) -> Export:
        """Return the project with all tasks, answers and drafts."""
        with self._told(f"has no project {project.id} any more"):
            users = {str(each.id): str(each.email) for each in self.sdk.users.list()}
            parts = self.sdk.projects.exports.download_sync(
                project.id, export_type="JSON", download_all_tasks=True, download_resources=False
            )
            data = b"".join(self._limited(parts))
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        export = Export(project.url, project.title, project.config, users, moment, decoded(data, project.url))
        return checked(export, project.url)

    def _project(self, found: Any) -> Project:
        if not isinstance(found.id, int):
            raise ValueError("a project without a number")
        number, version = int(found.task_number or 0), str(found.model_version or "")
        url = f"{self.url}/projects/{found.id}"
        return Project(found.id, str(found.title), str(found.label_config), number, version, url)

    def _limited(self, parts: Iterator[bytes]) -> Iterator[bytes]:
        left = _MOST
        for part in parts:
            left -= len(part)
            if left < 0:
                raise InputError(self.url, f"sends an export of more than {_MOST:,} bytes", "split the project")
            yield part

    def _check_taken(self, taken: tuple[int | None, ...], sent: tuple[int, ...]) -> None:
        if taken != sent:
            what = f"took {taken} of {sent} tasks and suggestions that were sent"
            raise InputError(self.url, what, "look at the project, then push again: what is there is not sent twice")

    @contextmanager
    def _told(self, missing: str = "does not know that address") -> Iterator[None]:
        """Turn what the library and the network raise into errors for the user.

        Args:
            missing: What an answer 404 means.
        """
        with _errors(self.url, missing):
            yield


def connect(url: str, token: str) -> Studio:
    """Reach a server and try the token.

    Raises:
        UnreachableError: Nothing answers there.
        InputError: No address, no Label Studio there, or a token that it refuses.
    """
    address = address_of(url)
    http = httpx.Client(timeout=httpx.Timeout(_ANSWER, connect=_CONNECT), trust_env=not is_loopback(address))
    with ExitStack() as leaving:
        leaving.callback(http.close)
        studio = _entered(address, token, http)
        leaving.pop_all()
    return studio


def _entered(address: str, token: str, http: httpx.Client) -> Studio:
    """Look who is there before showing the token, then try it."""
    with _errors(address):
        check_is_label_studio(http.get(f"{address}/api/version"), address)
        # The final slash keeps a sub-path where the library asks for access tokens.
        sdk = LabelStudio(base_url=f"{address}/", api_key=token, httpx_client=http, max_retries=0)
        user = sdk.users.whoami()
    if user.id is None:
        raise InputError(address, "does not say whose token this is", "check the address")
    return Studio(address, str(user.email), sdk, http)


@contextmanager
def _errors(address: str, missing: str = "does not know that address") -> Iterator[None]:
    try:
        yield
    except ApiError as error:
        raise refusal_of(address, error.status_code, error.body, missing) from None
    except httpx.HTTPError as error:  # only of this one is it known that its words hold nothing that was sent
        why = str(error) if isinstance(error, httpx.ConnectError) else type(error).__name__
        what = f"does not answer ({why})"
        raise UnreachableError(address, what, "check that it runs; `fazhi annotate studio` starts one here") from None
    except (ValidationError, ValueError) as error:
        what = f"answers as no Label Studio does ({type(error).__name__})"
        raise InputError(address, what, "check the address and the version; 1.23.2 is known to work") from None
