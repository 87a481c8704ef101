#include "Stream.h"

#include "Arduino.h"

int Stream::timedRead() {
  return timedPeek() < 0 ? -1 : read();
}

int Stream::timedPeek() {
  const unsigned long start_ms = millis();
  do {
    const int byte = peek();
    if (byte >= 0) return byte;
    yield();
  } while (millis() - start_ms < timeout_ms_);
  return -1;
}

bool Stream::find(char target) {
  const char text[] = {target, '\0'};
  return find(text);
}

bool Stream::findUntil(const char* target, const char* terminator) {
  if (!*target) return true;
  String seen;
  for (int byte = timedRead(); byte >= 0; byte = timedRead()) {
    seen += static_cast<char>(byte);
    if (seen.endsWith(target)) return true;
    if (terminator && *terminator && seen.endsWith(terminator)) return false;
  }
  return false;
}

// Skips to a number. Returns its first character without reading it, or -1 if there is none.
int Stream::peekNumberStart(LookaheadMode mode, bool allowPoint) {
  for (int byte = timedPeek(); byte >= 0; byte = timedPeek()) {
    if (isdigit(byte) || byte == '-' || (allowPoint && byte == '.')) return byte;
    if (mode == SKIP_NONE || (mode == SKIP_WHITESPACE && !isspace(byte))) return -1;
    read();
  }
  return -1;
}

long Stream::parseInt(LookaheadMode mode, char ignore) {
  if (peekNumberStart(mode, false) < 0) return 0;
  String digits;
  for (int byte = timedPeek(); byte >= 0; byte = timedPeek()) {
    const bool isSign = byte == '-' && digits.isEmpty();
    if (isdigit(byte) || isSign)
      digits += static_cast<char>(byte);
    else if (byte != ignore)
      break;
    read();
  }
  return digits.toInt();
}

float Stream::parseFloat(LookaheadMode mode, char ignore) {
  if (peekNumberStart(mode, true) < 0) return 0;
  String digits;
  for (int byte = timedPeek(); byte >= 0; byte = timedPeek()) {
    const bool isSign = byte == '-' && digits.isEmpty();
    const bool isPoint = byte == '.' && digits.indexOf('.') < 0;
    if (isdigit(byte) || isSign || isPoint)
      digits += static_cast<char>(byte);
    else if (byte != ignore)
      break;
    read();
  }
  return digits.toFloat();
}

size_t Stream::readBytes(char* out, size_t size) {
  size_t count = 0;
  for (int byte; count < size && (byte = timedRead()) >= 0;) out[count++] = static_cast<char>(byte);
  return count;
}

size_t Stream::readBytesUntil(char terminator, char* out, size_t size) {
  size_t count = 0;
  for (int byte; count < size && (byte = timedRead()) >= 0 && byte != terminator;)
    out[count++] = static_cast<char>(byte);
  return count;
}

String Stream::readString() {
  String text;
  for (int byte = timedRead(); byte >= 0; byte = timedRead()) text += static_cast<char>(byte);
  return text;
}

String Stream::readStringUntil(char terminator) {
  String text;
  for (int byte = timedRead(); byte >= 0 && byte != terminator; byte = timedRead()) text += static_cast<char>(byte);
  return text;
}
