// Interrupts: the host calls `bot_isr(pin)` while the sketch is inside a host function, never between instructions.
#include "Arduino.h"
#include "bot_host.h"

namespace {
struct Handler {
  void (*call)(void*);
  void* argument;
};
Handler handlers[NUM_DIGITAL_PINS];
uint64_t pendingPins = 0;
bool enabled = true;

void callWithoutArgument(void* function) {
  reinterpret_cast<void (*)()>(function)();
}

void run(int pin) {
  if (handlers[pin].call) handlers[pin].call(handlers[pin].argument);
}
}  // namespace

void attachInterruptArg(uint8_t pin, void (*handler)(void*), void* argument, int mode) {
  if (pin >= NUM_DIGITAL_PINS) return;
  handlers[pin] = {handler, argument};
  bot::host::bot_irq_mode(pin, mode);
}

void attachInterrupt(uint8_t pin, void (*handler)(), int mode) {
  attachInterruptArg(pin, callWithoutArgument, reinterpret_cast<void*>(handler), mode);
}

void detachInterrupt(uint8_t pin) {
  if (pin >= NUM_DIGITAL_PINS) return;
  bot::host::bot_irq_mode(pin, DISABLED);
  handlers[pin] = {};
}

void noInterrupts() {
  enabled = false;
}

void interrupts() {
  enabled = true;
  for (int pin = 0; pendingPins != 0 && pin < NUM_DIGITAL_PINS; pin++) {
    const uint64_t mask = uint64_t{1} << pin;
    if (!(pendingPins & mask)) continue;
    pendingPins &= ~mask;
    run(pin);
  }
}

extern "C" void bot_isr(int32_t pin) {
  if (pin < 0 || pin >= NUM_DIGITAL_PINS) return;
  if (enabled)
    run(pin);
  else
    pendingPins |= uint64_t{1} << pin;
}
