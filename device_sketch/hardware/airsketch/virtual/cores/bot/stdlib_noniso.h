// Numbers as text in buffers of the sketch, in bases 2 to 36. The caller provides enough room.
#pragma once

char* itoa(int value, char* out, int base);
char* ltoa(long value, char* out, int base);
char* utoa(unsigned value, char* out, int base);
char* ultoa(unsigned long value, char* out, int base);
// At least `width` characters wide, filled with blanks: on the left, or with a negative width on the right.
char* dtostrf(double value, int width, unsigned decimals, char* out);
