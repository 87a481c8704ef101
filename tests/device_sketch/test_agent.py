"""The agent in real images of the virtual bot, against the real device API."""

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.devices.rules import WifiSettings
from app.devices.tables import Device
from app.http.device.progress import progress_of
from app.kernel.actor import Actor
from app.runtime import Runtime
from app.updates.rules import UpdateState
from app.updates.tables import Update
from tests.device_sketch.agent_bot import AgentBot, Board
from tests.device_sketch.conftest import PROJECT, Compile
from tests.factories import DEVICE_KEY, actor_of, make_account, make_board, make_device, reread
from tests.fakes import FixedClock, RecordingEvents
from tests.firmware import built

pytestmark = pytest.mark.system

LIBRARY = PROJECT / "device_sketch" / "libraries" / "AirsketchBot"
AGENT = "#include <AirsketchBot.h>\n"
SAYS = AGENT + 'void setup() {{ Serial.println("{0}"); }}\nvoid loop() {{ delay(20); }}\n'
ASKS = (
    AGENT
    + """
using namespace AirsketchBot;
void setup() {{ onOffer([](const Offer&) {{ return Reply::{0}; }}); }}
"""
)
LOOP = "void loop() { delay(20); }\n"


class World:
    """A server with one owner and one bot, and a compiler for the bot's sketches."""

    def __init__(
        self,
        *,
        app: APIFlask,
        client: FlaskClient,
        session: Session,
        services: Runtime,
        artifacts: DiskArtifactStore,
        clock: FixedClock,
        compile_text: Compile,
    ) -> None:
        make_board(session)
        self.app = app
        self.client = client
        self.session = session
        self.artifacts = artifacts
        self._services = services
        self.clock = clock
        self.account: Account = make_account(session)
        self.device: Device = make_device(session, secrets=services.secrets, account=self.account)
        self._compile = compile_text

    def image(self, source: str) -> bytes:
        """The image of a sketch."""
        compiled = self._compile(source)
        assert compiled.succeeded, compiled.answer["compiler_err"]
        return compiled.file("bin")

    def bot(self, source: str, **settings: str) -> AgentBot:
        """A bot that runs a sketch, set up for this server."""
        bot = AgentBot(image=self.image(source), client=self.client, product_id=self.device.id)
        return bot.set_up(**settings)

    def send(self, image: bytes) -> Update:
        """Send an image to the bot, as its owner does on the page."""
        self.session.rollback()
        self.clock.tick()
        build = built(self.session, self.artifacts, self.account, image)
        sent = self._services.updates.send(self._owner, self.device.id, build_id=build.id)
        return sent.update

    def state(self, update: Update) -> UpdateState:
        """How an update stands, all progress written."""
        progress_of(self.app).drain()
        return reread(self.session, update).state

    def set_network(self, ssid: str, password: str) -> None:
        """Fill in the Wi-Fi form of the bot's page."""
        wifi = WifiSettings(ssid=ssid, password=password)
        self._services.devices.set_network(self._owner, self.device.id, wifi)

    def renew_key(self) -> None:
        """Press “New key” on the bot's page."""
        self._services.device_keys.renew(self._owner, self.device.id)

    def want_log(self, wants_log: bool) -> None:
        """Switch the wireless log on the bot's page."""
        self._services.devices.set_wants_log(self._owner, self.device.id, wants_log=wants_log)

    @property
    def _owner(self) -> Actor:
        return actor_of(self.account)


@pytest.fixture
def world(
    app: APIFlask,
    client: FlaskClient,
    session: Session,
    services: Runtime,
    artifacts: DiskArtifactStore,
    events: RecordingEvents,
    clock: FixedClock,
    compile_text: Compile,
) -> World:
    return World(
        services=services,
        app=app,
        client=client,
        session=session,
        artifacts=artifacts,
        clock=clock,
        compile_text=compile_text,
    )


def test_a_bot_checks_in_updates_restarts_and_is_confirmed(world: World) -> None:
    bot = world.bot(SAYS.format("old"))
    update = world.send(world.image(SAYS.format("new")))
    assert bot.boot().end == "restart 3"
    assert world.state(update) is UpdateState.RESTARTING
    second = bot.boot()
    assert "new" in second.console
    assert second.confirmed
    assert world.state(update) is UpdateState.CONFIRMED
    assert bot.stored("trial") is None


def test_a_sketch_that_never_returns_from_loop_stays_updatable(world: World) -> None:
    bot = world.bot(AGENT + "void setup() {}\nvoid loop() { while (true) millis(); }\n")
    world.send(world.image(SAYS.format("new")))
    assert bot.boot().end == "restart 3"
    assert "new" in bot.boot().console


def test_an_image_that_crashes_at_once_is_rolled_back_and_not_fetched_again(world: World) -> None:
    bot = world.bot(SAYS.format("old"))
    crasher = world.image(AGENT + "#include <stdlib.h>\nvoid setup() { abort(); }\n" + LOOP)
    update = world.send(crasher)
    bot.boot()
    assert bot.boot().end.startswith("crash")
    third = bot.boot()
    assert "old" in third.console
    assert world.state(update) is UpdateState.ROLLED_BACK
    again = world.send(crasher)
    bot.boot()
    assert world.state(again) is UpdateState.FAILED
    assert "rolled back before" in reread(world.session, again).error_detail


def press(board: Board) -> None:
    """Put a finger on the trigger button."""
    board.levels[0] = 0


def release(board: Board) -> None:
    """Take it away."""
    board.levels[0] = 1


def test_the_button_fetches_a_rolled_back_image_once_more(world: World) -> None:
    bot = world.bot(SAYS.format("old"))
    crasher = world.image(AGENT + "#include <stdlib.h>\nvoid setup() { abort(); }\n" + LOOP)
    world.send(crasher)
    bot.boot()
    bot.boot()
    moments = {3e6: lambda _: world.send(crasher), 4e6: press, 4.2e6: release}
    assert bot.boot(moments=moments).end == "restart 3"
    assert bot.image == crasher


def test_a_short_press_asks_at_once(world: World) -> None:
    bot = world.bot(SAYS.format("old"))
    board = bot.boot(run_s=10, moments={4e6: press, 4.2e6: release})
    assert len(board.calls) == 2
    moments = {4e6: press, 4.02e6: release}
    assert len(bot.boot(run_s=10, moments=moments).calls) == 1, "a contact that bounces is no press"


def test_two_presses_bring_the_last_good_image_back_that_the_server_keeps(world: World) -> None:
    bot = world.bot(SAYS.format("wired"))
    for name in ("first", "second"):
        world.send(world.image(SAYS.format(name)))
        bot.boot()
        assert name in bot.boot().console
    twice = {4e6: press, 4.1e6: release, 4.25e6: press, 4.35e6: release}
    assert bot.boot(moments=twice).end == "restart 3"
    board = bot.boot()
    assert "first" in board.console
    assert board.confirmed


def test_a_long_press_starts_the_agent_alone(world: World) -> None:
    bot = world.bot(SAYS.format("sketch"))
    assert bot.boot(moments={4e6: press}).end == "restart 3"
    assert "sketch" not in bot.boot(run_s=5).console
    assert reread(world.session, world.device).boot == "rescue"


def test_the_button_held_at_the_start_keeps_the_sketch_out(world: World) -> None:
    bot = world.bot(SAYS.format("sketch"))
    board = bot.boot(run_s=5, levels={0: 0})
    assert "sketch" not in board.console
    assert reread(world.session, world.device).boot == "rescue"


def test_three_crashes_in_a_row_lead_to_rescue(world: World) -> None:
    crasher = world.image(AGENT + "#include <stdlib.h>\nvoid setup() { delay(200); abort(); }\n" + LOOP)
    bot = AgentBot(image=crasher, client=world.client, product_id=world.device.id).set_up()
    for _ in range(3):
        assert bot.boot().end.startswith("crash")
    assert bot.boot().end == "time is over"
    assert reread(world.session, world.device).boot == "rescue"
    update = world.send(world.image(SAYS.format("new")))
    bot.reason = 3
    assert bot.boot(run_s=200).end == "restart 3"
    assert "new" in bot.boot().console
    assert world.state(update) is UpdateState.CONFIRMED


def test_a_cut_connection_resumes_where_it_broke(world: World) -> None:
    bot = world.bot(SAYS.format("old"))
    update = world.send(world.image(SAYS.format("new")))
    first = bot.boot(cut_after_bytes=10_000)
    assert first.end == "restart 3"
    parts = [status for _, path, status in first.calls if path.startswith("/device/v1/firmware/")]
    assert parts[0] == 200
    assert set(parts[1:]) == {206}
    bot.boot()
    assert world.state(update) is UpdateState.CONFIRMED


@pytest.mark.parametrize("received", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "call", range(5), ids=["check-in", "downloading", "firmware", "installing", "restarting"]
)
def test_power_cut_at_each_call_ends_with_the_new_image(world: World, call: int, received: bool) -> None:
    bot = world.bot(SAYS.format("old"))
    update = world.send(world.image(SAYS.format("new")))
    assert bot.boot(dies_at_call=call, dies_after=received).end == "power cut"
    for _ in range(3):
        if world.state(update) is not UpdateState.CONFIRMED:
            bot.boot()
    assert world.state(update) is UpdateState.CONFIRMED
    assert "new" in bot.boot(run_s=2).console


@pytest.mark.parametrize("received", [False, True], ids=["before", "after"])
def test_power_cut_at_the_first_call_of_the_new_image_returns_to_the_old(
    world: World, received: bool
) -> None:
    bot = world.bot(SAYS.format("old"))
    update = world.send(world.image(SAYS.format("new")))
    bot.boot()
    assert bot.boot(dies_at_call=0, dies_after=received).end == "power cut"
    assert world.state(update) is UpdateState.RESTARTING
    board = bot.boot(run_s=5)
    assert "old" in board.console
    assert reread(world.session, world.device).boot == "rolled_back"
    assert world.state(update) is UpdateState.ROLLED_BACK


@pytest.mark.parametrize("received", [False, True], ids=["before", "after"])
def test_power_cut_at_the_confirming_check_in_keeps_the_new_image(world: World, received: bool) -> None:
    bot = world.bot(SAYS.format("old"))
    update = world.send(world.image(SAYS.format("new")))
    bot.boot()
    assert bot.boot(dies_at_call=1, dies_after=received).end == "power cut"
    assert (world.state(update) is UpdateState.CONFIRMED) is received
    assert "new" in bot.boot(run_s=5).console
    assert world.state(update) is UpdateState.CONFIRMED


def test_power_cut_during_the_download_starts_over(world: World) -> None:
    bot = world.bot(SAYS.format("old"))
    update = world.send(world.image(SAYS.format("new")))
    assert bot.boot(run_s=0.02, cut_after_bytes=4096).end == "time is over"
    assert bot.boot().end == "restart 3"
    bot.boot()
    assert world.state(update) is UpdateState.CONFIRMED


def test_a_bot_that_was_not_set_up_leaves_everything_alone(world: World) -> None:
    bot = AgentBot(image=world.image(SAYS.format("alone")), client=world.client, product_id="bot_x")
    board = bot.boot(run_s=1)
    assert "alone" in board.console
    assert (board.calls, board.confirmed, board.asked) == ([], True, [])


def test_an_answer_without_the_servers_signature_is_ignored(world: World) -> None:
    bot = world.bot(SAYS.format("old"), device_key="ff" * 32)
    world.send(world.image(SAYS.format("new")))
    board = bot.boot()
    assert board.end == "time is over"
    assert not board.confirmed


def test_a_new_network_is_kept_when_the_server_answers_through_it(world: World) -> None:
    bot = world.bot(SAYS.format("old"), ssid="home", **{"pass": "old word"})
    bot.joined = {"home": "old word", "office": "new secret"}
    world.set_network("office", "new secret")
    board = bot.boot(run_s=200)
    assert board.asked == ["home", "office"]
    assert bot.stored("wifi") == "1\nnew secret\noffice"
    assert reread(world.session, world.device).network_revision_used == 1
    assert bot.boot().asked == ["office"]


def test_a_new_network_that_does_not_work_is_given_up(world: World) -> None:
    bot = world.bot(SAYS.format("old"), ssid="home", **{"pass": "old word"})
    bot.joined = {"home": "old word", "office": "another"}
    world.set_network("office", "new secret")
    board = bot.boot(run_s=200)
    assert board.asked[:3] == ["home", "office", "home"]
    assert board.asked.count("office") == 1
    assert bot.stored("wifi") is None
    assert board.calls[-1][2] == 200
    device = reread(world.session, world.device)
    assert (device.network_failed_revision, device.network_error) == (1, "wrong_password")


def test_a_new_key_reaches_the_bot_over_the_air(world: World) -> None:
    bot = world.bot(SAYS.format("old"))
    bot.boot(run_s=5)
    world.renew_key()
    board = bot.boot(run_s=5)
    assert [status for _, _, status in board.calls] == [200, 200]
    assert bot.stored("device_key") not in {None, DEVICE_KEY.hex()}
    assert bot.stored("old_key") is None
    assert reread(world.session, world.device).next_key_sealed is None
    assert [status for _, _, status in bot.boot(run_s=5).calls] == [200]


@pytest.mark.parametrize("received", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(2), ids=["hand-over", "first use"])
def test_power_cut_in_a_change_of_keys_leaves_a_bot_that_gets_in(
    world: World, call: int, received: bool
) -> None:
    bot = world.bot(SAYS.format("old"))
    bot.boot(run_s=5)
    world.renew_key()
    assert bot.boot(dies_at_call=call, dies_after=received).end == "power cut"
    assert {status for _, _, status in bot.boot(run_s=5).calls} == {200}
    assert bot.stored("device_key") not in {None, DEVICE_KEY.hex()}
    assert bot.stored("old_key") is None


def test_a_lost_boot_count_finds_its_way_back(world: World) -> None:
    bot = world.bot(SAYS.format("old"), boots="1000")
    bot.boot(run_s=5)
    del bot.nvs["airsketch", "boots"]
    board = bot.boot(run_s=30)
    statuses = [status for _, _, status in board.calls]
    assert statuses[0] == 409
    assert statuses[-1] == 200
    assert len(statuses) < 14


def test_what_the_sketch_prints_reaches_the_page_when_allowed(world: World) -> None:
    source = (
        AGENT + 'void setup() { for (int i = 0; i < 3; i++) Serial.printf("line \\"%d\\"\\n", i); }\n' + LOOP
    )
    bot = world.bot(source, log="1")
    assert ("POST", "/device/v1/log", 204) in bot.boot(run_s=10).calls
    world.want_log(False)
    bot.boot(run_s=10)
    assert all("/log" not in path for _, path, _ in bot.boot(run_s=10).calls)
    world.want_log(True)
    bot.boot(run_s=10)
    assert ("POST", "/device/v1/log", 204) in bot.boot(run_s=10).calls


def test_the_sketch_may_postpone_and_refuse(world: World) -> None:
    update = world.send(world.image(SAYS.format("new")))
    world.bot(ASKS.format("kLater") + LOOP).boot(run_s=10)
    assert world.state(update) is UpdateState.OFFERED
    world.bot(ASKS.format("kRefuse") + LOOP, boots="10").boot(run_s=10)
    assert world.state(update) is UpdateState.FAILED


@pytest.mark.parametrize("name", ["Basic", "Progress", "ManualApproval", "MyOwnWiFi"])
@pytest.mark.parametrize("fqbn", ["airsketch:virtual:bot", "esp32:esp32:esp32", "esp32:esp32:esp32c6"])
def test_each_example_of_the_library_compiles_without_a_warning(
    compile_sketch: Compile, name: str, fqbn: str
) -> None:
    compiled = compile_sketch(LIBRARY / "examples" / name, fqbn)
    assert compiled.succeeded, compiled.answer["compiler_err"]
    assert compiled.diagnostics == []


def test_an_offer_waits_for_a_persons_yes(world: World) -> None:
    example = LIBRARY / "examples" / "ManualApproval" / "ManualApproval.ino"
    bot = world.bot(example.read_text(encoding="utf-8"))
    update = world.send(world.image(SAYS.format("new")))
    board = bot.boot(run_s=10)
    assert "Type y to install it" in board.console
    assert world.state(update) is UpdateState.OFFERED
    assert bot.boot(moments={5e6: lambda board: board.serial_in.extend(b"y")}).end == "restart 3"


def test_the_wired_sketch_takes_what_is_sent_when_the_button_is_pressed(world: World) -> None:
    wired = PROJECT / "device_sketch" / "bot_wired" / "bot_wired.ino"
    bot = world.bot(wired.read_text(encoding="utf-8"))
    new = world.image(SAYS.format("new"))
    board = bot.boot(moments={3e6: lambda _: world.send(new), 4e6: press, 4.2e6: release})
    assert board.end == "restart 3"
    assert "downloading" in board.console
    assert "new" in bot.boot().console


def test_the_wired_sketch_says_when_the_bot_was_not_set_up(world: World) -> None:
    wired = PROJECT / "device_sketch" / "bot_wired" / "bot_wired.ino"
    image = world.image(wired.read_text(encoding="utf-8"))
    board = AgentBot(image=image, client=world.client, product_id="bot_x").boot(run_s=2)
    assert "not set up yet" in board.console
