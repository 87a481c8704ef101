/* bot-image: packs a linked WebAssembly module into an image of the virtual bot, and measures images.
 *
 *   bot-image pack LINKED IMAGE BOARD PROJECT [VERSION]   appends the custom section `bot.app`
 *   bot-image size IMAGE MAP                              prints `.flash N` and `.ram N` in bytes
 *
 * The section is described in hardware/airsketch/virtual/HOST_INTERFACE.md. Neither time nor path of a build goes into
 * an image: the same sources always give the same bytes.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char SECTION_NAME[] = "bot.app";
static const unsigned char WASM_HEADER[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
enum { ABI_NUMBER = 1, MAX_TEXT_BYTES = 96, MAX_BODY_BYTES = 512, CUSTOM_SECTION_ID = 0 };

static int fail(const char* what, const char* detail) {
  fprintf(stderr, "bot-image: error: %s: %s\n", what, detail);
  return 1;
}

/* Only characters that need no escaping in JSON and in file names. */
static int is_plain_text(const char* text) {
  const size_t length = strlen(text);
  if (length == 0 || length > MAX_TEXT_BYTES) return 0;
  for (const char* at = text; *at; at++)
    if (!isalnum((unsigned char)*at) && !strchr("._-+:=, ", *at)) return 0;
  return 1;
}

static size_t put_leb128(unsigned char* out, size_t value) {
  size_t used = 0;
  do {
    unsigned char byte = value & 0x7f;
    value >>= 7;
    out[used++] = value ? byte | 0x80 : byte;
  } while (value);
  return used;
}

static unsigned char* read_whole(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  if (!file) return NULL;
  fseek(file, 0, SEEK_END);
  const long length = ftell(file);
  rewind(file);
  unsigned char* bytes = length > 0 ? malloc((size_t)length) : NULL;
  if (bytes && fread(bytes, 1, (size_t)length, file) != (size_t)length) {
    free(bytes);
    bytes = NULL;
  }
  fclose(file);
  *size = bytes ? (size_t)length : 0;
  return bytes;
}

/* arduino-cli names the project after its main file, `Blink.ino`; the sketch is called `Blink`. */
static void cut_sketch_suffix(char* project) {
  char* suffix = strrchr(project, '.');
  if (suffix && suffix != project && !strcmp(suffix, ".ino")) *suffix = '\0';
}

/* The whole custom section: id, size, name, JSON text. Returns its length. */
static size_t make_section(unsigned char* out, const char* board, const char* project, const char* version) {
  char body[MAX_BODY_BYTES];
  const int body_size =
      snprintf(body, sizeof body, "{\"abi\":%d,\"board\":\"%s\",\"project\":\"%s\",\"version\":\"%s\"}", ABI_NUMBER,
               board, project, version);
  const size_t name_size = sizeof SECTION_NAME - 1;
  size_t used = 0;
  out[used++] = CUSTOM_SECTION_ID;
  used += put_leb128(out + used, 1 + name_size + (size_t)body_size);
  out[used++] = (unsigned char)name_size;
  memcpy(out + used, SECTION_NAME, name_size);
  memcpy(out + used + name_size, body, (size_t)body_size);
  return used + name_size + (size_t)body_size;
}

static int write_image(const char* path, const unsigned char* module, size_t module_size, const unsigned char* section,
                       size_t section_size) {
  FILE* file = fopen(path, "wb");
  if (!file) return fail("cannot write", path);
  const int written =
      fwrite(module, 1, module_size, file) == module_size && fwrite(section, 1, section_size, file) == section_size;
  return fclose(file) == 0 && written ? 0 : fail("cannot write", path);
}

static int pack(const char* linked, const char* image, const char* board, const char* project, const char* version) {
  if (!is_plain_text(board)) return fail("board name has characters that are not allowed", board);
  if (!is_plain_text(project)) return fail("project name has characters that are not allowed", project);
  if (*version && !is_plain_text(version)) return fail("version has characters that are not allowed", version);
  size_t size = 0;
  unsigned char* module = read_whole(linked, &size);
  if (!module) return fail("cannot read", linked);
  if (size < sizeof WASM_HEADER || memcmp(module, WASM_HEADER, sizeof WASM_HEADER) != 0) {
    free(module);
    return fail("not a WebAssembly module", linked);
  }
  unsigned char section[MAX_BODY_BYTES + 64];
  const size_t section_size = make_section(section, board, project, version);
  const int result = write_image(image, module, size, section, section_size);
  free(module);
  return result;
}

/* Adds up the output sections of the linker's map that live in RAM: their lines read `addr off size NAME`. */
static int ram_bytes_of_map(const char* path, size_t* total) {
  FILE* file = fopen(path, "r");
  if (!file) return 0;
  char line[1024], name[64], end;
  size_t address, size;
  char offset[32];
  *total = 0;
  while (fgets(line, sizeof line, file))
    if (sscanf(line, " %zx %31s %zx %63s %c", &address, offset, &size, name, &end) == 4 &&
        (!strcmp(name, ".data") || !strcmp(name, ".rodata") || !strcmp(name, ".bss") || !strcmp(name, ".tdata")))
      *total += size;
  fclose(file);
  return 1;
}

static int print_sizes(const char* image, const char* map) {
  size_t flash = 0, ram = 0;
  unsigned char* bytes = read_whole(image, &flash);
  if (!bytes) return fail("cannot read", image);
  free(bytes);
  if (!ram_bytes_of_map(map, &ram)) return fail("cannot read", map);
  printf(".flash %zu\n.ram %zu\n", flash, ram);
  return 0;
}

int main(int count, char** words) {
  if ((count == 6 || count == 7) && !strcmp(words[1], "pack")) {
    cut_sketch_suffix(words[5]);
    return pack(words[2], words[3], words[4], words[5], count == 7 ? words[6] : "");
  }
  if (count == 4 && !strcmp(words[1], "size")) return print_sizes(words[2], words[3]);
  return fail("usage", "pack LINKED IMAGE BOARD PROJECT [VERSION] | size IMAGE MAP");
}
