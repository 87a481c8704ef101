// Formats numbers into buffers of the sketch, in base 2 to 36. The buffer must be large enough.
#pragma once

char* itoa(int value, char* out, int base);
char* ltoa(long value, char* out, int base);
char* utoa(unsigned value, char* out, int base);
char* ultoa(unsigned long value, char* out, int base);
// At least `width` characters wide, padded with spaces on the left, or with a negative width on the right.
char* dtostrf(double value, int width, unsigned decimals, char* out);
