"""LittleFS of the virtual bot: files that survive a restart, in bounds."""

import pytest

from tests.device_sketch.conftest import Compile
from tools.fleet.virtual_host import Bot, run

pytestmark = pytest.mark.system

BEFORE = """
#include <LittleFS.h>
void list(File folder) {
  for (File f = folder.openNextFile(); f; f = folder.openNextFile()) {
    Serial.printf("%s %s %d\\n", f.path(), f.name(), f.isDirectory() ? -1 : (int)f.size());
    if (f.isDirectory()) list(f);
  }
}
void put(const char *path, const char *text, const char *mode = "w") {
  File f = LittleFS.open(path, mode);
  f.print(text);
}
"""


def printed(compile_text: Compile, body: str, bot: Bot | None = None) -> list[str]:
    """The lines that a setup() with LittleFS begun and this body prints."""
    source = f"{BEFORE}\nvoid setup() {{ LittleFS.begin(true); {body} }}\nvoid loop() {{}}\n"
    compiled = compile_text(source)
    assert compiled.succeeded, compiled.answer["compiler_err"]
    assert compiled.diagnostics == []
    return run(compiled.file("bin"), bot or Bot(run_us=10_000)).console.splitlines()


def test_text_is_written_appended_and_read_back(compile_text: Compile) -> None:
    body = """
    put("/a", "one\\n"); put("/a", "two\\nthree", FILE_APPEND);
    File f = LittleFS.open("/a");
    while (f.available()) Serial.println(f.readStringUntil('\\n'));
    Serial.println(f.seek(1)); Serial.println((char)f.read()); Serial.println(f.position());
    Serial.println(f.size()); Serial.println(f.print("no")); Serial.println(f.seek(99));
    """
    assert printed(compile_text, body) == ["one", "two", "three", "1", "n", "2", "13", "0", "0"]


def test_part_of_a_file_can_be_changed(compile_text: Compile) -> None:
    body = """
    put("/a", "abcdef");
    File f = LittleFS.open("/a", "r+"); f.seek(2); f.print("XY"); f.seek(0); Serial.println(f.readString());
    f.close(); Serial.println((bool)f); Serial.println(LittleFS.open("/a").readString());
    put("/a", ""); Serial.println(LittleFS.open("/a").size());
    """
    assert printed(compile_text, body) == ["abXYef", "0", "abXYef", "0"]


def test_files_survive_a_restart(compile_text: Compile) -> None:
    bot = Bot(run_us=10_000)
    printed(compile_text, 'LittleFS.mkdir("/d"); put("/d/x", "kept"); put("/y", "12");', bot)
    again = Bot(run_us=10_000, nvs=bot.nvs)
    assert printed(compile_text, 'list(LittleFS.open("/"));', again) == ["/d d -1", "/d/x x 4", "/y y 2"]


def test_copies_of_a_file_are_the_same_open_file(compile_text: Compile) -> None:
    body = """
    { File f = LittleFS.open("/a", "w"), g = f; f.print("1"); g.print("2"); f = File(); g.print("3"); }
    Serial.println(LittleFS.open("/a").readString());
    """
    assert printed(compile_text, body) == ["123"]


def test_folders_behave_as_on_a_disk(compile_text: Compile) -> None:
    body = """
    Serial.println((bool)LittleFS.open("/d/x", "w")); Serial.println((bool)LittleFS.open("/none"));
    LittleFS.open("/d/e/x", "w", true).print("x"); Serial.println(LittleFS.rmdir("/d/e"));
    Serial.println(LittleFS.remove("/d/e/x")); Serial.println(LittleFS.rmdir("/d/e/"));
    Serial.println(LittleFS.exists("/d/e")); put("/a", "A"); Serial.println(LittleFS.rename("/a", "/d/b"));
    list(LittleFS.open("/d")); Serial.println(LittleFS.remove("/d")); Serial.println(LittleFS.mkdir("/d"));
    LittleFS.format(); list(LittleFS.open("/"));
    """
    assert printed(compile_text, body) == ["0", "0", "0", "1", "1", "0", "1", "/d/b b 1", "0", "1"]


def test_full_file_system_says_so_and_leaves_room_for_preferences(compile_text: Compile) -> None:
    body = """
    File f = LittleFS.open("/big", "w"); uint8_t some[100] = {}; size_t size = 0;
    while (size_t written = f.write(some, sizeof some)) size += written;
    Serial.println(size); Serial.println(f.getWriteError()); f.close();
    Serial.println(LittleFS.open("/big").size()); Serial.println(LittleFS.totalBytes());
    Serial.println(LittleFS.usedBytes() <= LittleFS.totalBytes());
    """
    bot = Bot(run_us=10_000)
    assert printed(compile_text, body, bot) == ["12200", "1", "12200", "12288", "1"]
    assert sum(len(value) for value in bot.nvs.values()) <= 12_288


def test_bad_paths_are_refused(compile_text: Compile) -> None:
    body = """
    for (const char *path : {"a", "", "/"}) Serial.print((bool)LittleFS.open(path, "w"));
    String longest = "/"; while (longest.length() < 63) longest += 'x';
    Serial.print((bool)LittleFS.open(longest, "w")); Serial.println((bool)LittleFS.open(longest + "x", "w"));
    """
    assert printed(compile_text, body) == ["00010"]


def test_nothing_opens_before_begin(compile_text: Compile) -> None:
    body = 'LittleFS.end(); Serial.print((bool)LittleFS.open("/a", "w")); Serial.print(LittleFS.mkdir("/b"));'
    assert printed(compile_text, body) == ["00"]
